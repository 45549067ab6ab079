"""The fit against problems whose answer is known in closed form, and against a simulated truth."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from simulation.calibration.ensemble import draw, profiles
from simulation.calibration.fit import fit, jacobian
from simulation.calibration.ledger import Ledger
from simulation.calibration.problem import Moment, Problem, Unknown
from simulation.calibration.search import Search, searched
from simulation.errors import RunError
from simulation.evidence.read import Row
from simulation.evidence.targets import Target

SLOPES = np.array([[2.0, 0.5, 0.0], [0.0, 1.0, 0.0], [1.0, -1.0, 0.0], [0.5, 0.25, 0.0]])
GOALS = np.array([1.5, 0.4, 0.2, 0.6])
SPREADS = np.array([0.2, 0.4, 0.3, 0.1])


def unknown(name: str, value: float = 0.0, low: float = -4.0, high: float = 4.0) -> Unknown:
    """A parameter whose prior is Normal(0, 2) unless the arguments say otherwise."""
    return Unknown(Row("toy", name, value, "ratio", low, high, "assumed"))


def linear(weights: tuple[float, ...] = (1.0, 1.0, 1.0, 1.0)) -> Problem:
    """Moments that are straight lines of three parameters, the third of which moves none."""
    unknowns = tuple(unknown(name) for name in "abc")
    moments = tuple(
        Moment(f"m{k}", float(g), float(s), float(s), w) for k, (g, s, w) in enumerate(zip(GOALS, SPREADS, weights, strict=True))
    )

    def evaluate(sets):
        z = np.array([[values["toy", name] for name in "abc"] for values in sets])
        return z @ SLOPES.T, np.zeros((len(sets), len(GOALS), 2))

    return Problem(unknowns, moments, evaluate)


def closed_form(weights) -> tuple[np.ndarray, np.ndarray]:
    """Posterior mean and covariance of a linear model with a normal prior: ridge regression."""
    precision = np.diag(np.array(weights) / SPREADS**2)
    covariance = np.linalg.inv(SLOPES.T @ precision @ SLOPES + np.eye(3) / 4.0)
    return covariance @ SLOPES.T @ precision @ GOALS, covariance


@pytest.mark.parametrize("weights", [(1.0, 1.0, 1.0, 1.0), (1.0, 0.25, 0.5, 1.0)])
def test_a_linear_problem_has_the_ridge_solution(weights):
    """Values and covariance are those of ridge regression with the prior as the ridge."""
    found = fit(linear(weights))
    mean, covariance = closed_form(weights)

    np.testing.assert_allclose(found.z, mean, atol=2e-3)
    np.testing.assert_allclose(found.covariance, covariance, rtol=1e-6)


def test_a_parameter_that_no_moment_sees_is_named_and_kept():
    """The third parameter keeps its declared value and its whole prior variance."""
    found = fit(linear())

    assert found.informed.tolist() == [True, True, False]
    assert found.z[2] == 0.0
    assert found.shrinkage[2] == pytest.approx(1.0)
    assert found.freedom == 4 - 2


def test_what_noise_alone_could_show_says_nothing():
    """A moment that moves by less than two standard errors of its own change informs nobody; one that is seen clearly does."""
    luck = np.random.default_rng(4)

    def evaluate(sets):
        z = np.array([values["toy", "a"] for values in sets])
        clear, blurred = z, 0.1 * z + luck.normal(0.0, 0.5, len(z))
        seeds = luck.normal(0.0, 0.5, (len(z), 2, 4)) * np.array([0.0, 1.0])[None, :, None]
        return np.stack([clear, blurred], axis=-1), seeds

    problem = Problem((unknown("a"),), (Moment("m0", 0.0, 0.2, 0.2), Moment("m1", 0.0, 0.2, 0.2)), evaluate)
    slopes = jacobian(problem, np.zeros(1))

    assert slopes[0, 0] == pytest.approx(1.0 / 0.2)
    assert slopes[1, 0] == 0.0


def test_contributions_share_out_what_is_known():
    """Of each parameter that is seen, the moments' shares sum to one."""
    shares = fit(linear()).contributions()

    np.testing.assert_allclose(shares.sum(axis=0)[:2], 1.0)
    assert shares[1, 0] == 0.0


def test_positive_parameters_are_fitted_in_logs():
    """A range above zero is four prior standard deviations of the log wide, and intervals stay inside it."""
    one = unknown("p", value=2.0, low=1.0, high=4.0)

    assert one.prior == (pytest.approx(np.log(2.0)), pytest.approx(np.log(4.0) / 4.0))
    assert one.value(one.scaled(3.0)) == pytest.approx(3.0)
    assert not unknown("q").positive


def test_a_band_is_two_standard_deviations_each_way():
    """The band [0, 0.3] around 0.1 stands for 0.05 below and 0.1 above; a missing figure counts as far off."""
    target = Target("t.T1", "T.", "t", "S.", "B", "calibrate", (), target=0.1, low=0.0, high=0.3)
    moment = Moment.of(target)

    assert (moment.below, moment.above, moment.weight) == (pytest.approx(0.05), pytest.approx(0.1), 0.5)
    assert moment.residual(0.3, 0.0) == pytest.approx(np.sqrt(0.5) * 2.0)
    assert moment.residual(0.0, 0.0) == pytest.approx(-np.sqrt(0.5) * 2.0)
    assert moment.residual(float("nan"), 0.0) > 100.0


def test_draws_have_the_fit_as_mean_and_its_covariance():
    """Of a linear problem draws are normal; those kept lose little of it."""
    found = fit(linear())
    drawn = draw(found, 512, seed=3)

    assert len(drawn.kept) > 0.9 * drawn.tried
    np.testing.assert_allclose(drawn.kept.mean(axis=0), found.z, atol=0.1)
    np.testing.assert_allclose(np.cov(drawn.kept.T)[:2, :2], found.covariance[:2, :2], atol=0.02)


def test_profiles_of_a_linear_problem_are_parabolas():
    """At k standard deviations the objective is k^2 worse when the others follow."""
    found = fit(linear())
    excess = np.array([one.excess for one in profiles(found)])

    np.testing.assert_allclose(excess[:2], [[4.0, 1.0, 1.0, 4.0]] * 2, atol=0.05)


def test_the_global_search_leaves_a_wrong_valley():
    """Of two valleys the deeper one is found, though the start lies in the other."""
    moments = (Moment("m", 0.0, 0.05, 0.05),)

    def evaluate(sets):
        z = np.array([values["toy", "a"] for values in sets])
        return (np.minimum((z + 2.0) ** 2 + 1.0, 3.0 * (z - 2.0) ** 2))[:, None], np.zeros((len(sets), 1, 2))

    problem = Problem((unknown("a", value=-2.0),), moments, evaluate)
    found = searched(problem, Search((("toy", "a"),), ("m",), 12, 8, 1))

    assert found[0] == pytest.approx(2.0, abs=0.2)


def test_the_ledger_remembers_and_mends_itself(tmp_path: Path):
    """What was kept is found again; a line cut short is dropped and the rest stays."""
    file = tmp_path / "evaluations.jsonl"
    Ledger(file).keep({"a": ([1.0, float("nan")], [[0.1, -0.1], [0.2, 0.0]]), "b": ([2.0], [[0.3, 1 / 3]])})
    with file.open("a", encoding="utf-8") as stream:
        stream.write('{"key": "c", "figures": [3.0], "noi')
    again = Ledger(file)

    assert again.found == 2
    assert again["b"] == ([2.0], [[0.3, 0.333333]])
    assert np.isnan(again["a"][0][1])
    assert "c" not in again
    assert [json.loads(line)["key"] for line in file.read_text().splitlines()] == ["a", "b"]


def test_a_ledger_that_cannot_be_written_is_refused(tmp_path: Path):
    """A file where a folder must be is one sentence with the next step."""
    ledger = Ledger(tmp_path / "taken" / "evaluations.jsonl")
    (tmp_path / "taken").write_text("")

    with pytest.raises(RunError, match="choose another folder with --out"):
        ledger.keep({"a": ([1.0], [[0.1]])})
    with pytest.raises(RunError, match="remove it to calibrate from the start"):
        Ledger(tmp_path / "taken" / "evaluations.jsonl")

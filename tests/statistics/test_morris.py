"""Morris screening: against SALib, against effects that are known, and with choices, whole numbers and noise."""

from __future__ import annotations

import numpy as np
import pytest
from SALib.analyze import morris as salib

from simulation.experiment.design.factors import Factor
from simulation.experiment.design.slots import Slot
from simulation.statistics.sensitivity.morris import screen, trajectories
from simulation.statistics.sensitivity.steps import steps_of


def factor(name, kind="number", *values, low=0.0, high=1.0):
    """A factor that belongs to no scenario: listed values, or a range."""
    slot = Slot(f"parameters.made.{name}", kind, "", None, "")
    return Factor(slot, values) if values else Factor(slot, (), low, high)


NUMBERS = [factor(name) for name in "abcd"]


def values_at(factors, places):
    """The value of each factor by its short name, a mapping a row of places."""
    return [{f.path[-1]: f.at(float(u)) for f, u in zip(factors, row, strict=True)} for row in places]


def ran(factors, function, count=10, source=1, seeds=1):
    """A screening of a function of a point."""
    design = trajectories(factors, count, np.random.default_rng(source))
    flat = values_at(factors, design.places.reshape(-1, len(factors)))
    figures = np.array([function(point) for point in flat]).reshape(*design.places.shape[:2], 1)
    return screen(factors, design, np.repeat(figures, seeds, axis=-1))


def curved(point):
    """A straight part, a curve and a product."""
    return 3.0 * point["a"] - point["b"] + 4.0 * point["c"] * point["d"] + point["d"] ** 2


def test_salib_finds_the_same():
    """mu, mu* and sigma are SALib's on the same trajectories, to ten digits."""
    design = trajectories(NUMBERS, 12, np.random.default_rng(2))
    x = design.places.reshape(-1, 4)
    y = np.array([curved(point) for point in values_at(NUMBERS, x)])
    ours = screen(NUMBERS, design, y.reshape(12, 5, 1))
    problem = {"num_vars": 4, "names": list("abcd"), "bounds": [[0, 1]] * 4}
    theirs = salib.analyze(problem, x, y, num_levels=4, seed=1)

    for mine, name in ((ours.mu, "mu"), (ours.mu_star, "mu_star"), (ours.sigma, "sigma")):
        assert mine == pytest.approx(np.asarray(theirs[name], dtype=float), abs=1e-10)
    half = np.asarray(theirs["mu_star_conf"], dtype=float)
    assert (ours.high - ours.low) / 2.0 == pytest.approx(half, rel=0.3, abs=1e-9)


def test_a_straight_line_is_its_slope():
    """Of a straight line mu is the slope over the range, mu* its size, and sigma nothing; a parameter left alone has none."""
    found = ran(NUMBERS, lambda point: 3.0 * point["a"] - 2.0 * point["b"])

    assert found.mu == pytest.approx([3.0, -2.0, 0.0, 0.0])
    assert found.mu_star == pytest.approx([3.0, 2.0, 0.0, 0.0])
    assert found.sigma == pytest.approx(0.0, abs=1e-12)


def test_mu_star_sees_what_cancels():
    """An effect that rises and falls has mu about zero; mu* and sigma show it."""
    found = ran(NUMBERS, lambda point: (point["a"] - 0.5) * (1.0 if point["b"] > 0.5 else -1.0), count=80)

    assert abs(found.mu[0]) < 0.35
    assert found.mu_star[0] == pytest.approx(1.0)
    assert found.sigma[0] > 0.9


def test_a_choice_has_a_size_and_no_sign():
    """Levels of a choice have no order: each step is a change of level, its size is mu*, and there is no mu."""
    amount = {"red": 0.0, "green": 1.0, "blue": 5.0}
    factors = [
        factor("c", "word", *amount), factor("a"), factor("n", "yes/no", False, True),
    ]  # fmt: skip
    found = ran(factors, lambda point: amount[point["c"]] + point["a"] - 2.0 * point["n"], count=12)

    assert np.isnan(found.mu[0])
    assert np.isnan(found.sigma[0])
    assert found.mu_star[0] == pytest.approx((1.0 + 4.0 + 5.0) / 3.0)
    assert found.mu[1:] == pytest.approx([1.0, -2.0])
    assert found.mu_star[1:] == pytest.approx([1.0, 2.0])


@pytest.mark.parametrize("high", [1, 2, 3, 5, 30])
def test_whole_numbers_count_per_range(high):
    """Of a whole number the effect counts per range actually moved, so rounding does not bend a straight line."""
    factors = [factor("n", "whole number", low=0, high=high), factor("a")]
    found = ran(factors, lambda point: 6.0 * point["n"] / high)

    assert found.mu == pytest.approx([6.0, 0.0])


def test_steps_are_balanced():
    """Each factor takes each of its steps equally often over the trajectories, and each trajectory moves each factor once."""
    factors = [*NUMBERS, factor("w", "word", "x", "y", "z")]
    design = trajectories(factors, 12, np.random.default_rng(5))
    moved = np.diff(design.places, axis=1) != 0.0

    assert (moved.sum(axis=1) == 1).all()
    assert (np.sort(design.order, axis=1) == np.arange(5)).all()
    for j, one in enumerate(factors):
        taken = list(zip(design.places[:, 0, j], design.places[:, -1, j], strict=True))
        assert {taken.count(step) for step in steps_of(one)} == {12 // len(steps_of(one))}


def test_luck_is_what_noise_leaves_in_mu_star():
    """A factor without effect shows, in mu*, the luck that is told beside it."""
    rng = np.random.default_rng(7)
    design = trajectories(NUMBERS, 200, rng)
    figures = 5.0 * design.places[..., :1] + rng.normal(0.0, 0.3, (*design.places.shape[:2], 6))
    found = screen(NUMBERS, design, figures)

    assert found.mu_star[1:] == pytest.approx(found.luck[1:], rel=0.15)
    assert found.mu_star[0] > 10 * found.luck[0]


def test_a_refused_point_costs_the_steps_that_touch_it():
    """A point without a figure costs its two steps; the other effects stand."""
    design = trajectories(NUMBERS, 6, np.random.default_rng(3))
    figures = 2.0 * design.places[..., :1]
    figures[0, 2] = np.nan
    found = screen(NUMBERS, design, figures)

    assert found.effects.sum() == 22
    assert found.mu_star == pytest.approx([2.0, 0.0, 0.0, 0.0])


def test_listed_numbers_count_per_range():
    """Listed numbers keep their order: a straight line has its slope over the range, whatever the gaps between them."""
    factors = [factor("n", "number", 1.0, 2.0, 5.0), factor("a")]
    found = ran(factors, lambda point: 2.0 * point["n"], count=12)

    assert found.mu == pytest.approx([8.0, 0.0])
    assert found.sigma[0] == pytest.approx(0.0, abs=1e-12)

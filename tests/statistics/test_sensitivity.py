"""A sensitivity analysis from paths to shares: what varies, what is asked of the model, what is told and what is not."""

from __future__ import annotations

import numpy as np
import pytest
from analyses import AUTONOMY, PERIOD, RATE, RATES, SLOPE, STUDY, VARIED, analysed, study

from simulation.errors import ScenarioError
from simulation.statistics.sensitivity.analyse import NOISE, Request
from simulation.statistics.sensitivity.converged import NOT_CONVERGED, told_of
from simulation.statistics.sensitivity.run import prepare, run_analysis, run_sensitivity
from simulation.statistics.sensitivity.sobol import Estimate, Indices, sobol_indices
from simulation.statistics.sensitivity.space import factors_asked, policy_asked
from simulation.statistics.sensitivity.steps import shown


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    """A small study."""
    return study(tmp_path_factory.mktemp("study"))


def ranges(factors):
    """What varies, as text."""
    return {factor.path: shown(factor) for factor in factors}


# ---------------------------------------------------------------- what varies
def test_settings_vary_from_the_baseline_through_the_policy(scenario):
    """A number goes from the baseline's value to twice the change, within its bounds; words, yes or no, and tables take both."""
    factors, _ = factors_asked(scenario, scenario.policy("mix"))
    own = {path: text for path, text in ranges(factors).items() if path.startswith("policies.")}

    assert own == {
        "policies.mix.autonomy.discount_authority": "0 to 0.3 share of list price",
        "policies.mix.commission.cap": "1.5 to 2.5 attainment",
        "policies.mix.commission.period": "quarter, month",
        "policies.mix.commission.ramp_quota": "true, false",
        "policies.mix.commission.rate": "0.06 to 0.1 share",
        "policies.mix.commission.tiers": "((1.0, 1.5),), ((1.0, 2.0),)",
        "policies.mix.failure_tolerance.cost_cover": "0 to 1 share",
    }


def test_a_number_left_out_varies_between_both(tmp_path):
    """A number that the policy leaves out and the baseline has takes both; so the step is from the one to the other."""
    lifted = study(tmp_path, STUDY.replace(", cap = 2.5 }", " }"))
    factors, _ = factors_asked(lifted, lifted.policy("mix"))

    assert ranges(factors)["policies.mix.commission.cap"] == "none, 2.0"


def test_parameters_vary_as_in_assumption_ranges(scenario):
    """Assumed parameters go to their ends, fitted ones over their intervals, and those of levers that nobody sets do not vary."""
    pair = scenario.with_policies([scenario.policy(key) for key in ("today", "mix")])
    found = {factor.path: factor for factor in factors_asked(pair, pair.policy("mix"))[0]}
    rows = {row.path: row for row in pair.parameters.rows.values()}
    fitted = found["parameters.people.learning_sigma"]
    assumed = found["parameters.people.frailty_sigma"]

    assert (fitted.low, fitted.high) == rows[fitted.path].interval
    assert (assumed.low, assumed.high) == (rows[assumed.path].low, rows[assumed.path].high)
    assert not any(path.startswith("parameters.equity.") for path in found)
    assert not any(rows[path].status == "calibrated" and rows[path].interval is None for path in found if path in rows)


def test_the_setting_that_holds_cost_equal_stays(scenario):
    """What a promise of equal cost moves does not vary; it is named among what is held."""
    factors, held = factors_asked(scenario, scenario.policy("other"))

    assert "policies.other.commission.rate" not in ranges(factors)
    assert "policies.other.equity.grant" in ranges(factors)
    assert held == tuple(path for path in held if path not in ranges(factors))


def test_vary_overrides_and_adds(scenario):
    """A range for what varies anyway replaces it; another path joins; alone, nothing else varies."""
    policy = scenario.policy("mix")
    usual, _ = factors_asked(scenario, policy)
    more, _ = factors_asked(scenario, policy, [f"{RATE}=0.01:0.02", "policies.mix.commission.base_share=0.3:0.6"])
    alone, held = factors_asked(scenario, policy, [f"{RATE}=0.01:0.02"], alone=True)

    assert ranges(more)[RATE] == "0.01 to 0.02 share"
    assert len(more) == len(usual) + 1
    assert (ranges(alone), held) == ({RATE: "0.01 to 0.02 share"}, ())


@pytest.mark.parametrize(
    ("vary", "said"),
    [
        (["policies.today.commission.rate=0.1:0.2"], "settings that vary are those of mix"),
        ([f"{RATE}=0.1"], "one value varies nothing"),
        ([f"{RATE}=0.2:0.1"], "its first number must be below its second"),
        ([], "nothing varies"),
    ],
)
def test_ranges_that_make_no_sense_are_refused(scenario, vary, said):
    """Settings of another policy, single values and turned ranges are refused in words that say what next."""
    with pytest.raises(ScenarioError, match=said):
        factors_asked(scenario, scenario.policy("mix"), vary, alone=True)


def test_the_policy_is_the_first_beside_the_baseline(scenario):
    """Without a name it is the first other policy; the baseline can be asked for as a level alone."""
    assert policy_asked(scenario, None).key == "mix"
    assert policy_asked(scenario, "other").key == "other"
    assert policy_asked(scenario, "today", level=True).key == "today"
    with pytest.raises(ScenarioError, match="is the baseline, from which it does not differ"):
        policy_asked(scenario, "today")
    with pytest.raises(ScenarioError, match=r"^--policy: .mixx. is no policy of .*; the nearest is mix"):
        policy_asked(scenario, "mixx")


# ---------------------------------------------------------------- what is found
def test_settings_words_and_levers_are_ranked_together(scenario):
    """Effects of a number, a word and a lever switched on and off are those of the formula, and so are their shares."""
    found, _ = analysed(scenario, *VARIED)
    effect = dict(zip(ranges(found.factors), zip(found.screening["contribution"].mu, found.screening["contribution"].mu_star,
                                                 strict=True), strict=True))  # fmt: skip
    variance = np.array([100.0**2 / 12.0, (9.0 + 36.0 + 81.0) / 9.0 + 0.0, 25.0 / 4.0])
    variance[1] = np.var([0.0, 3.0, 9.0])
    total = found.indices["contribution"].total.value

    assert effect[RATE] == pytest.approx((100.0, 100.0))
    assert effect[AUTONOMY] == pytest.approx((5.0, 5.0))
    assert np.isnan(effect[PERIOD][0])
    assert effect[PERIOD][1] == pytest.approx((3.0 + 6.0 + 9.0) / 3.0)
    assert found.kept == (0, 1, 2)
    assert total == pytest.approx(variance / variance.sum(), abs=0.004)


def test_what_moves_both_policies_alike_does_not_matter(scenario):
    """A parameter that lifts the policy and the baseline alike moves no difference; it moves the level."""
    difference, _ = analysed(scenario, RATES, f"{SLOPE}=3.0:4.0")
    level, _ = analysed(scenario, RATES, f"{SLOPE}=3.0:4.0", level=True)

    assert difference.screening["contribution"].mu == pytest.approx([100.0, 0.0])
    assert difference.kept == (0,)
    assert level.screening["contribution"].mu == pytest.approx([100.0, 50.0])
    assert level.kept == (0, 1)


def test_points_share_their_baselines(scenario):
    """The baseline is run once for each set of moved parameters, and no variant twice."""
    _, run = analysed(scenario, RATES, f"{SLOPE}=3.0:4.0")
    _, level = analysed(scenario, RATES, f"{SLOPE}=3.0:4.0", level=True)
    for _what, variants in run.asked:
        baselines = [variant.moved for variant in variants if variant.policy.key == "today"]
        own = [(variant.policy.levers["commission"].rate, variant.moved) for variant in variants if variant.policy.key == "mix"]

        assert sorted(set(baselines)) == sorted(baselines)
        assert {moved for _, moved in own} == set(baselines)
        assert len(set(own)) == len(own)
    assert all(variant.policy.key == "mix" for _, variants in level.asked for variant in variants)


def test_noise_is_told_apart_from_factors(scenario):
    """With luck of a known size its share of the variance of points is found, and the rate keeps its share without it."""
    noise = 20.0
    found, _ = analysed(scenario, *VARIED, noise=noise)
    of_means = noise**2 / scenario.seed_count  # all points have one baseline, whose luck they share
    whole = 100.0**2 / 12.0 + np.var([0.0, 3.0, 9.0]) + 25.0 / 4.0
    luck = found.indices_table().set_index("path").loc[NOISE]

    assert luck["total"] == pytest.approx(of_means / (of_means + whole), rel=0.1)
    assert found.indices["contribution"].total.value[0] == pytest.approx(100.0**2 / 12.0 / whole, abs=0.1)


def test_only_the_strongest_go_on(scenario):
    """At most so many factors survive as asked for, the strongest; what the others had in the screening is told."""
    found, _ = analysed(scenario, *VARIED, kept=1)

    assert [factor.path for factor in found.survivors] == [RATE]
    assert found.left["contribution"] == pytest.approx((36.0 + 25.0) / (1e4 + 36.0 + 25.0), rel=1e-6)


def test_where_luck_is_all_nothing_survives(scenario):
    """A measure that nothing moves has no survivor, no index and no number."""
    found, run = analysed(scenario, *VARIED, measures=("turnover",))

    assert found.kept == ()
    assert found.indices_table().empty
    assert found.interactions_table().empty
    assert [what for what, _ in run.asked] == ["screening"]


def test_a_measure_that_is_luck_says_not_converged(scenario):
    """Beside a measure that factors move, one that is luck has survivors too, and no number among its shares."""
    found, _ = analysed(scenario, *VARIED, measures=("contribution", "turnover"))
    frame = found.indices_table()
    rows = frame[(frame["measure"] == "turnover") & (frame["path"] != NOISE)]

    assert set(rows["first_state"]) == set(rows["total_state"]) == {NOT_CONVERGED}
    assert rows[["first", "total"]].isna().all(axis=None)
    assert "cannot be told from luck" in found.told["turnover"].reasons[0]
    assert set(frame[frame["measure"] == "contribution"]["total_state"]) == {"converged"}


def test_refused_points_are_counted_and_told(scenario):
    """Points that a world refuses leave the rest to be told from, with their number and the reason."""
    found, _ = analysed(scenario, RATES, f"{SLOPE}=3.0:4.0", level=True, refuse=3.9)

    assert found.refused > 0
    assert found.reasons == ("the world has no steady start",)
    assert found.indices["contribution"].rows < found.indices["contribution"].asked
    assert found.screening["contribution"].mu == pytest.approx([100.0, 50.0])


def test_too_many_refused_points_tell_nothing(scenario):
    """Where most samples have a refused point, shares are not converged: they would be those of a corner."""
    found, _ = analysed(scenario, RATES, f"{SLOPE}=3.0:4.0", level=True, refuse=3.7)

    assert not found.told["contribution"].total.any()
    assert "samples have points without a figure" in found.told["contribution"].reasons[0]


# ---------------------------------------------------------------- what may be told
def made_indices(first, total, *, half=0.05, variance=1.0, rows=64):
    """Indices with intervals of one width."""
    first, total = np.array(first), np.array(total)

    def around(value):
        return Estimate(value, value - half, value + half)

    second = np.full((len(first), len(first)), np.nan)
    one = np.array(1.0)
    return Indices(around(variance * one), around(0.1 * one), around(first), around(total), around(second), around(first.sum()),
                   around(total - first), rows, 64)  # fmt: skip


@pytest.mark.parametrize(
    ("indices", "first", "total", "said"),
    [
        (made_indices([0.5, 0.3], [0.6, 0.4]), [True, True], [True, True], None),
        (made_indices([0.5, 0.3], [0.6, 0.4], half=0.2), [False, False], [False, False], "wider than 0.3"),
        (made_indices([0.9, 0.7], [0.9, 0.7]), [False, False], [True, True], "more than the whole"),
        (made_indices([0.5, 0.3], [0.4, 0.4]), [False, True], [False, True], "above their totals"),
        (made_indices([-0.1, 0.3], [0.1, 0.4]), [False, True], [True, True], None),
        (made_indices([0.5, 0.3], [0.6, 0.4], variance=0.04), [False, False], [False, False], "told from luck"),
        (made_indices([0.5, 0.3], [0.6, 0.4], rows=40), [False, False], [False, False], "without a figure"),
    ],
)
def test_what_cannot_be_is_not_told(indices, first, total, said):
    """Wide intervals, impossible sums and orders, and variance that luck explains are not converged, and each says why."""
    told = told_of(indices)

    assert told.first.tolist() == first
    assert told.total.tolist() == total
    assert said is None or any(said in reason for reason in told.reasons)


def test_few_samples_of_a_bent_function_are_not_converged():
    """With few samples the shares of a product of many factors are too uncertain to be told."""
    from simulation.statistics.sensitivity.sobol import sobol_design

    y = np.prod(2.0 * sobol_design(8, 4, 1), axis=-1)
    told = told_of(sobol_indices(y[..., None]))

    assert not told.total.all()


# ---------------------------------------------------------------- on the engine
def test_an_analysis_of_the_engine(scenario):
    """On the engine the same request gives the same numbers, pay rises with its rate, and progress reaches its end."""
    request = Request(("contribution", "pay_cost"), trajectories=2, samples=8, resamples=50)
    vary = [f"{RATE}=0.04:0.16", f"{AUTONOMY}=off,on"]
    work = prepare(scenario, policy="mix", vary=vary, alone=True, request=request, months=3, seeds=3)
    told = []
    one, two = run_analysis(work, lambda *done: told.append(done), processes=1), run_analysis(work, processes=1)
    k = len(one.kept)

    assert one.screening["pay_cost"].mu[0] > 0.0
    assert one.kept[0] == 0
    assert one.indices["pay_cost"].total.value.tolist() == two.indices["pay_cost"].total.value.tolist()
    assert one.points == 2 * 3 + 8 * (2 * k + 2)
    assert {what: done == total for done, total, what in told} == {"screening": True, "sharing out variance": True}


def test_a_request_is_refused_before_anything_runs(scenario):
    """Every fault of a request is told at once."""
    request = Request(("profits",), trajectories=1, samples=100, kept=0)
    with pytest.raises(ScenarioError) as refusal:
        run_sensitivity(scenario, policy="mix", request=request)

    assert [word in str(refusal.value) for word in ("profits", "trajectories = 1", "power of two", "keep = 0")] == [True] * 4


def test_two_seeds_are_refused(tmp_path):
    """With two seeds there is one pair, and no telling how far luck may have moved it, so it is refused."""
    lonely = study(tmp_path, STUDY.replace("count = 4", "count = 2"))
    with pytest.raises(ScenarioError, match="give at least 3"):
        prepare(lonely, policy="mix")


def test_the_organisation_is_small_unless_asked(scenario):
    """Sizes are the small ones, or what the scenario has where that is less, or what is asked for; the id follows them."""
    usual, asked = prepare(scenario, policy="mix"), prepare(scenario, policy="mix", seats=30, months=12, seeds=3)

    assert (usual.scenario.seats, usual.scenario.months, usual.scenario.seed_count) == (20, 24, 4)
    assert (asked.scenario.seats, asked.scenario.months, asked.scenario.seed_count) == (30, 12, 3)
    assert usual.run == prepare(scenario, policy="mix").run != asked.run

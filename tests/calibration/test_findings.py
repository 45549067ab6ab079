"""Findings under sets of parameters: sets do not know each other, worlds keep their own rows, levels follow parameters."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import organisation
import pytest

from simulation.calibration.figures import jackknife
from simulation.calibration.findings import Finding, find, measure_finding, moved
from simulation.calibration.ledger import Ledger
from simulation.calibration.levels import Levels, ask_of, with_responses
from simulation.calibration.problem import Unknown
from simulation.calibration.published import Published
from simulation.calibration.solve import scaled_numbers
from simulation.calibration.validate import Verdict, counts, validate
from simulation.calibration.watches import watch_for
from simulation.errors import ScenarioError
from simulation.evidence.read import Parameters, shipped_parameters
from simulation.evidence.targets import Target, targets
from simulation.experiment.execute import run
from simulation.experiment.work.workers import Workers
from simulation.scenario import pack_scenario

SLOPE, FLOOR = ("leaving", "pay_slope"), ("leaving", "floor")
SETS = [{}, {SLOPE: 2.5}, {SLOPE: 4.2, FLOOR: 0.002}, {("badges", "strength"): 0.2}]


def small(name: str = "comp.T04", **sizes: int) -> Finding:
    """The finding of a target at a size for quick tests."""
    finding = find((targets()[name],))[0]
    return replace(finding, scenario=replace(finding.scenario, **{"seats": 35, "seed_count": 3, "months": 24, **sizes}))


def test_sets_side_by_side_do_not_know_each_other():
    """A set of values gives the same figures alone as beside others, for what incumbents are drawn with too."""
    finding = small()
    together = measure_finding(finding, SETS)
    alone = np.concatenate([measure_finding(finding, [one]) for one in SETS])

    np.testing.assert_allclose(together, alone, rtol=1e-9)


def test_a_world_keeps_the_rows_that_it_sets():
    """A set moves a parameter only where the finding's world does not say otherwise."""
    productivity = ("learning", "start_productivity")
    shop, _ = pack_scenario("retail_store")
    here = moved(shop.parameters, {productivity: 0.4, SLOPE: 2.5})

    assert here.rows[productivity].value == shop.parameters.rows[productivity].value
    assert here.rows[SLOPE].value == 2.5


def test_only_values_that_can_touch_a_finding_are_simulated(tmp_path):
    """A lever's own parameter leaves a finding alone in which no policy sets that lever; what is known is not run again."""
    published = Published((small(),), {}, Workers(1), Ledger(tmp_path / "evaluations.jsonl"))
    sets = [{SLOPE: 3.0, ("badges", "strength"): strength} for strength in (0.1, 0.2)]
    figures, _ = published(sets)
    again = Published((small(),), {}, Workers(1), Ledger(tmp_path / "evaluations.jsonl"))

    assert figures[0].tolist() == figures[1].tolist()
    assert len((tmp_path / "evaluations.jsonl").read_text().splitlines()) == 1
    assert again.ledger.found == 1
    assert again(sets[:1])[0].tolist() == figures[:1].tolist()


def test_frozen_people_stay():
    """Where separations are 0 from month 0 on, nobody leaves in the run, and many did in the warm-up."""
    scenario = organisation.study({}, months=6, seats=35, seeds=2)
    frozen = replace(scenario, parameters=Parameters(scenario.parameters.rows, {"separations": ((0.0, 0.0),)}))
    records = run(frozen)

    assert records.sums["quits"].sum() + records.sums["dismissals"].sum() == 0.0
    assert run(scenario).sums["quits"].sum() > 0.0


def test_a_pilot_ends():
    """A policy that ends in month 4 sells like one that does not until then, and its programme costs nothing afterwards."""
    training = {"scenario_training.sandbox": 10.0}
    records = run(organisation.study({"on": training, "pilot": {**training, "ends": 4}}, months=8, seats=35, seeds=2))
    cost = records.sums["programme_cost"]

    np.testing.assert_array_equal(cost[1, :, :4], cost[2, :, :4])
    assert (cost[1, :, 4:] > cost[2, :, 4:]).all()
    np.testing.assert_allclose(cost[2, :, 4:], cost[0, :, 4:], rtol=0.3)


def test_thirds_share_out_the_ramped_reps():
    """The three thirds by sales are disjoint, about equal, and all of the ramped reps with three months of sales."""
    groups = ("top_third", "middle_third", "bottom_third", "rest")
    finding = small("turn.T16")
    target = replace(finding.targets[0], of="sales_per_rep", change="level", group="top_third")
    watched = replace(finding, targets=tuple(replace(target, id=f"t.{name}", group=name) for name in groups))
    sales = dict(zip(groups, measure_finding(watched, [{}])[0][:, 0], strict=True))

    assert sales["top_third"] > sales["middle_third"] > sales["bottom_third"]
    assert sales["rest"] == pytest.approx((sales["middle_third"] + sales["bottom_third"]) / 2.0, rel=0.05)
    assert watch_for(groups) is not None


def test_a_verdict_is_that_of_its_own_figure():
    """A figure outside the band misses even if its interval touches it; what cannot be asked is not counted."""
    target = targets()["comp.T04"]
    unasked = targets()["comp.T07"]
    verdicts = [Verdict(target, 0.05, 0.03, 0.07, 8), Verdict(target, 0.101, 0.09, 0.11, 8), Verdict(unasked)]

    assert [one.passes for one in verdicts] == [True, False, None]
    assert counts(verdicts) == {"calibrate": (1, 2), "validate": (0, 0)}


def test_an_unknown_target_is_refused():
    """A wrong id names the nearest."""
    with pytest.raises(ScenarioError, match=r"comp\.T0 .*|is no target's id"):
        validate(["comp.T0"])


def test_a_finding_stands_for_all_its_parts():
    """`comp.T23` is both its figures."""
    found = validate(["comp.T23"], processes=1)

    assert [one.target.id for one in found] == ["comp.T23", "comp.T23.lift"]
    assert all(one.low <= one.value <= one.high for one in found)


@pytest.mark.slow
def test_levels_that_follow_keep_a_pack_at_its_numbers():
    """With pay slope moved by a fifth, quits stray by more than 5%; with levels that follow, headline numbers by less than 2%."""
    unknown = Unknown(shipped_parameters().rows[SLOPE])
    ask = ask_of("saas_mid_market", {}, 126)
    solved = {headline.owner: float(ask.start.rows[headline.owner].value) for headline in ask.unknowns}
    levels = with_responses(Levels("saas_mid_market", {SLOPE: unknown.row.value}, solved), ask, [unknown])
    values = {SLOPE: 1.2 * unknown.row.value}
    strayed = ask.start.with_values(values)
    numbers = scaled_numbers(ask, [ask.start, strayed, levels.laid_over(strayed, values)])
    quits = [headline.key for headline in ask.unknowns].index("quits_rate")

    assert abs(numbers[1] - numbers[0])[quits] > 0.05
    assert np.abs(numbers[2] - numbers[0]).max() < 0.02


@pytest.mark.slow
def test_the_error_of_a_figure_is_that_of_other_seeds():
    """Over twelve sets of other seeds the spread of a figure is within half to double its mean jackknife error."""
    finding = small(seats=70, seed_count=6)
    found = []
    for k in range(12):
        other = replace(finding, scenario=replace(finding.scenario, first_seed=3000 + 10 * k))
        found.append(measure_finding(other, [{}])[0, 0])
    values = np.array([one[0] for one in found])
    error = np.mean([float(jackknife(one)) for one in found])

    assert 0.5 < values.std(ddof=1) / error < 2.0


def test_a_target_without_a_middle_aims_at_its_band():
    """A closed band without a published figure is aimed at in the middle."""
    band = Target("t.T1", "T.", "t", "S.", "A", "calibrate", (), low=4.0, high=26.0)

    assert band.centre == 15.0
    assert band.spread(30.0) == 5.5

"""Runs whose policies have different numbers of seeds: the cells of a whole run, and every statistic on the seeds there are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from ensembles import made_ensemble

from simulation.experiment.batch.ragged import part_of, put_together
from simulation.experiment.cells.cells import Cells
from simulation.experiment.execute import run
from simulation.experiment.store import run_id, write_run
from simulation.experiment.work.workers import Workers
from simulation.scenario import Material, read_scenario
from simulation.scenario.until import Until
from simulation.statistics.compare import compare
from simulation.statistics.measures import measure
from simulation.statistics.sampling import run_until

ALL, SOME = ("status_quo", "steeper", "growth_mix"), ("status_quo", "growth_mix")


@pytest.fixture(scope="module")
def scenario():
    """Three policies in a small organisation for a year, by luck alone."""
    whole = read_scenario(seats=10, months=12, seeds=20).luck_only()
    return replace(whole, policies=tuple(replace(whole.policy(key), equal_cost=None) for key in ALL), stress=())


@pytest.fixture(scope="module")
def whole(scenario):
    """All at all seeds."""
    return run(scenario)


@pytest.fixture(scope="module")
def ragged(scenario):
    """The second policy at the first 16 seeds alone."""
    parts = [run(part_of(scenario, policies, seeds)) for policies, seeds in ((ALL, range(16)), (SOME, range(16, 20)))]
    return put_together(scenario, parts)


def test_cells_are_those_of_a_whole_run(whole, ragged):
    """Bit for bit; NaN and no stays where a policy was not run."""
    for kind in ("sums", "groups"):
        for key, values in getattr(whole, kind).items():
            own = getattr(ragged, kind)[key]
            np.testing.assert_array_equal(own[[0, 2]], values[[0, 2]])
            np.testing.assert_array_equal(own[1, :16], values[1, :16])
            assert np.isnan(own[1, 16:]).all()
    there = whole.spells[(whole.spells["policy"] != 1) | (whole.spells["seed"] < whole.scenario.first_seed + 16)]
    pd.testing.assert_frame_equal(ragged.spells, there.reset_index(drop=True))


def test_a_run_says_how_many_seeds_each_policy_has(scenario, ragged):
    """In its scenario, in its id, and in the months that are kept."""
    assert ragged.scenario.own_seeds == {"steeper": 16}
    assert len(ragged.scenario.seeds_of("steeper")) == 16
    assert len(ragged.scenario.seeds_of("growth_mix")) == 20
    assert run_id(ragged.scenario) != run_id(scenario)


def test_its_scenario_can_be_run_whole(ragged, whole):
    """Run again it is a whole run, of all policies at all seeds, and says so."""
    again = run(ragged.scenario)

    assert run_id(again.scenario) == run_id(whole.scenario)
    np.testing.assert_array_equal(again.sums["revenue"], whole.sums["revenue"])


def test_a_folder_holds_what_was_run_and_nothing_else(ragged, tmp_path):
    """Months of sixteen seeds of one policy and of twenty of the others, none of them empty."""
    months = pd.read_parquet(write_run(ragged, compare(ragged), tmp_path) / "months.parquet")
    rows = months.groupby("policy").size()

    assert rows.to_dict() == {"status_quo": 240, "steeper": 192, "growth_mix": 240}
    assert months["revenue"].notna().all()


def test_a_comparison_takes_every_policy_on_its_own_seeds(scenario, whole, ragged):
    """Differences of the short policy are those of a run with its seeds, the rows of the others those of the whole run."""
    short, found = compare(run(replace(scenario, seed_count=16))).table, compare(ragged).table
    full = compare(whole).table

    pd.testing.assert_frame_equal(found.loc[[*SOME]], full.loc[[*SOME]])
    own = [name for name in found.columns if name.endswith(("_diff", "_diff_low", "_diff_high", "_p_better", "_effective_seeds"))]
    pd.testing.assert_frame_equal(found.loc[["steeper"], own], short.loc[["steeper"], own])
    gap = found.loc["steeper", "revenue_mean"] - found.loc["status_quo", "revenue_mean"]
    assert gap == pytest.approx(found.loc["steeper", "revenue_diff"])


def test_curves_of_stays_take_the_seeds_that_all_have(scenario, ragged):
    """Survival curves are not cut short by seeds that a policy never had; the log-rank test pairs what both have."""
    shared = compare(run(replace(scenario, seed_count=16))).series
    found = compare(ragged).series

    pd.testing.assert_frame_equal(found["survival"], shared["survival"])
    stays = found["stays"].set_index("policy")
    assert stays.loc["steeper", "paired_p"] == shared["stays"].set_index("policy").loc["steeper", "paired_p"]


def test_seeds_are_added_with_the_engine(scenario, whole):
    """Until a width that takes more than sixteen seeds: cells are those of a whole run, and the stop is reached."""
    gap = measure(whole, "turnover")
    wanted = 1.5 * (gap[1:] - gap[0])[:, :16].std(axis=1).max() / 4.0
    asked = Until({"turnover": Material(float(wanted), relative=False)}, most=120)
    records, stopping = run_until(scenario, asked)
    most = records.scenario.seed_count
    again = run(replace(scenario, seed_count=most))

    assert stopping.reached
    assert stopping.looks[-1] == most > 16
    here = np.isfinite(measure(records, "revenue"))
    np.testing.assert_array_equal(measure(records, "revenue")[here], measure(again, "revenue")[here])


def test_with_cells_only_what_is_contested_is_simulated_and_only_once(scenario, tmp_path):
    """As many cells are made as runs were given; asked again, and asked for more seeds, none of them is made again."""
    few, more = Until(most=24), Until(most=36)
    with Cells(tmp_path) as cells:
        crew = Workers(1, cells=cells)
        records, stopping = run_until(scenario, few, processes=crew)
        assert cells.made == stopping.runs
        again, _ = run_until(scenario, few, processes=crew)
        assert cells.made == cells.found == stopping.runs
        _, longer = run_until(scenario, more, processes=crew)
        assert cells.made == longer.runs >= stopping.runs

    np.testing.assert_array_equal(again.sums["revenue"], records.sums["revenue"])


def test_drawn_parameters_come_with_the_seeds():
    """With draws both runs are put together, drawn and at point values, and costs are made equal once."""
    drawn = replace(read_scenario(seats=10, months=12), draws=made_ensemble())
    kept = replace(drawn, policies=tuple(drawn.policy(key) for key in SOME), stress=())
    records, stopping = run_until(kept, Until(most=24))

    assert stopping.looks in ((16,), (16, 24))
    assert set(records.moved) == {policy.key for policy in kept.policies if policy.equal_cost}
    assert records.point.sums["revenue"].shape == records.sums["revenue"].shape
    assert np.array_equal(np.isnan(records.point.sums["revenue"]), np.isnan(records.sums["revenue"]))

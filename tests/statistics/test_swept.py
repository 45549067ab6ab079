"""A sweep's table says what comparing each row by itself says, and its views hold what the rows hold."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sweeps import BASE, EQUITY, GRANT, PERIOD, RATE, SLOPE, STUDY, TIERS, made_sweep, study

from simulation.errors import ScenarioError
from simulation.evidence.measures import MEASURES
from simulation.experiment.design.design import make_design, read_factors
from simulation.scenario import Scenario
from simulation.statistics.compare import COLUMNS, compare_measure
from simulation.statistics.swept import sweep_table
from simulation.statistics.swept_views import heat_cells, response_lines, undominated


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    """Three policies, eight seeds, turnover required to be at most 40%."""
    return study(tmp_path_factory.mktemp("sweep"))


def test_each_row_is_compared_as_by_itself(scenario):
    """Every column of every measure equals that of a comparison of the baseline and the row alone."""
    design = make_design("grid", read_factors([f"{RATE}=0.05,0.1,0.15"], scenario), scenario, policies=["other"])
    luck = np.random.default_rng(3)
    values = {key: 1.0 + luck.normal(size=(6, 8)) for key in MEASURES}
    values["revenue"][2, 3] = np.nan
    base = {key: 1.0 + luck.normal(size=(1, 8)) for key in MEASURES}
    swept = sweep_table(scenario, design, values, base)
    names = [name for name in COLUMNS if "chance" not in name]
    for key, measure in MEASURES.items():
        for row in range(6):
            pair = np.concatenate([base[key], values[key][row : row + 1]])
            alone = compare_measure(pair, 0, measure.better, scenario.material.get(key))
            mine = swept.table.loc[row, [f"{key}_{name}" for name in names]].tolist()

            assert mine == pytest.approx([alone[name][1] for name in names], nan_ok=True)
    assert swept.table["policy"].tolist() == ["mix", "other"] * 3
    assert swept.table["point"].tolist() == [1, 1, 2, 2, 3, 3]
    assert swept.table[RATE].tolist() == [0.05, 0.05, 0.1, 0.1, 0.15, 0.15]


def test_drawn_parameters_widen_the_intervals(scenario):
    """With figures at point values beside those with draws, the part of chance is told and intervals are those of both."""
    design = make_design("grid", read_factors([f"{RATE}=0.05,0.1"], scenario), scenario)
    luck = np.random.default_rng(3)
    point, base = luck.normal(size=(2, 8)), luck.normal(size=(1, 8))
    drawn = point + 3.0 * luck.normal(size=(2, 8))
    figures = {"revenue": drawn}, {"revenue": base}
    one = sweep_table(scenario, design, *figures, {"revenue": point}, {"revenue": base})
    other = sweep_table(scenario, design, *figures)

    assert (one.table["revenue_diff_low"] < other.table["revenue_diff_low"]).all()
    assert one.table["revenue_diff_chance"].between(0.0, 1.0).all()
    assert "revenue_diff_chance" not in other.table


def test_refused_points_stand_at_the_end_without_figures(scenario):
    """A point that was refused, and a row that the model could not run, are told and are not among those that were run."""
    design = make_design("grid", read_factors(["policies.mix.starts=0,12", "policies.mix.ends=none,6"], scenario), scenario)
    values = {"contribution": np.ones((3, 8)), "turnover": np.ones((3, 8))}
    swept = sweep_table(scenario, design, values, {key: x[:1] for key, x in values.items()}, refused={1: "no steady start"})

    assert swept.table["refused"].tolist()[:3] == ["", "no steady start", ""]
    assert swept.table["refused"][3].startswith("--vary: policies.mix.ends = 6 months")
    assert swept.run["point"].tolist() == [1, 3]
    assert np.isnan(swept.table["contribution_diff"][3])


def test_the_best_meets_what_is_required(scenario):
    """Ranked are the rows whose turnover is at most 40%, the largest gain first; the best of all may be none of them."""
    swept = made_sweep(scenario, [f"{RATE}=0.02:0.2:10"])
    ranked = swept.ranked()

    assert (ranked["turnover_mean"] <= 0.40).all()
    assert len(ranked) == (swept.run["turnover_mean"] <= 0.40).sum() < len(swept.run)
    assert ranked["contribution_diff"].is_monotonic_decreasing
    assert len(swept.ranked(allowed=False)) == len(swept.run)
    assert swept.ranked(policy="other").empty


# ------------------------------------------------------------------ views
@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=12))
def test_a_point_is_on_the_front_if_none_beats_it(points):
    """Against every pair by hand; of points that are alike one stands for all."""
    x, y = np.array(points, dtype=float).T
    found = undominated(x, y)
    beaten = [any((a <= p and b > q) or (a < p and b >= q) for a, b in points) for p, q in points]

    assert {points[k] for k in np.flatnonzero(found)} == {point for point, lost in zip(points, beaten, strict=True) if not lost}
    assert found.sum() == len({points[k] for k in np.flatnonzero(found)})


def test_a_cell_is_the_mean_of_its_points(scenario):
    """Two factors on the axes, the third averaged over: each cell the mean of two rows, and allowed if one of them is."""
    swept = made_sweep(scenario, [f"{RATE}=0.05,0.1,0.2", f"{PERIOD}=month,year", f"{EQUITY}=off,typical"])
    heat = heat_cells(swept, "contribution")
    rows = swept.run
    for row, period in enumerate(heat.up.levels):
        for column, rate in enumerate(heat.across.levels):
            own = rows[(rows[RATE] == rate) & (rows[PERIOD] == period)]

            assert heat.points[row, column] == len(own) == 2
            assert heat.mean[row, column] == pytest.approx(own["contribution_diff"].mean())
            assert heat.allowed[row, column] == (own["turnover_mean"] <= 0.40).any()
    best = swept.ranked().iloc[0]

    assert (heat.up.levels[heat.best[0]], heat.across.levels[heat.best[1]]) == (best[PERIOD], best[RATE])


def test_cells_that_no_point_reaches_are_empty(scenario):
    """The grant of equity that is off does not apply: it has a level of its own, and no point at any grant."""
    swept = made_sweep(scenario, [f"{EQUITY}=off,typical", f"{GRANT}=0.1,0.2"])
    heat = heat_cells(swept, "contribution")

    assert heat.up.levels == (None, 0.1, 0.2)
    assert heat.points.tolist() == [[1, 0], [0, 1], [0, 1]]
    assert np.isnan(heat.mean[heat.points == 0]).all()


def test_another_factor_goes_before_a_setting_of_the_same_lever(scenario):
    """Beside equity, off or on, a heatmap shows tiers rather than the grant, which applies to one half alone."""
    swept = made_sweep(scenario, [f"{EQUITY}=off,typical", f"{GRANT}=0.1,0.2", f"{TIERS}=[[1,1.5]];[[1,2]]"])

    assert heat_cells(swept, "contribution").up.factor.path == TIERS


@pytest.mark.parametrize("text", [f"{BASE}=0.2:0.8", f"{BASE}=log:0.2:0.8"])
def test_samples_are_cut_into_parts_that_hold_them_all(scenario, text):
    """Every sample stands in one part, within its edges; ends are those of the range."""
    swept = made_sweep(scenario, [f"{RATE}=0.02:0.2", text], kind="lhs", samples=200)
    heat = heat_cells(swept, "contribution")

    assert heat.points.sum() == 200
    for steps in (heat.across, heat.up):
        values = swept.run[steps.factor.path].to_numpy(dtype=float)

        assert ((steps.edges[steps.place] <= values) & (values <= steps.edges[steps.place + 1])).all()
        assert (steps.edges[0], steps.edges[-1]) == pytest.approx((steps.factor.low, steps.factor.high))


def test_a_line_is_the_mean_with_the_interval_of_its_difference(scenario):
    """With one point a place the line is the table: the mean, and around it the interval of the paired difference."""
    swept = made_sweep(scenario, [f"{RATE}=0.05,0.1,0.2", f"{PERIOD}=month,year"])
    found = response_lines(swept, "contribution")
    lines, rows = found.lines, swept.run.sort_values([PERIOD, RATE])

    assert found.by.factor.path == PERIOD
    assert lines["mean"].tolist() == pytest.approx(rows["contribution_mean"].tolist())
    for side in ("low", "high"):
        width = rows[f"contribution_diff_{side}"] - rows["contribution_diff"]

        assert (lines[side] - lines["mean"]).tolist() == pytest.approx(width.tolist())
    assert lines["baseline"].tolist() == pytest.approx([swept.baseline["contribution"]["mean"]] * 6)


def test_parameters_alone_make_a_line_a_policy(scenario):
    """Where no policy's settings are varied, every policy but the baseline, which would be compared with itself, has a line."""
    found = response_lines(made_sweep(scenario, [f"{SLOPE}=2.5,3,4"]), "contribution")

    assert found.policies == ("mix", "other")
    assert found.lines.groupby("line")["x"].agg(list).tolist() == [[2.5, 3.0, 4.0]] * 2


def test_one_at_a_time_a_line_has_the_points_that_move_its_factor(scenario):
    """The scenario's own point and the two that move the period, whatever the rate did at the others."""
    swept = made_sweep(scenario, [f"{RATE}=0.05,0.2", f"{PERIOD}=month,year"], kind="one-at-a-time")
    found = response_lines(swept, "contribution", along=swept.factors[1])
    rows = swept.run[swept.run[RATE] == 0.1].set_index(PERIOD)

    assert found.lines["x"].tolist() == ["month", "quarter", "year"]
    assert found.lines["mean"].tolist() == pytest.approx(rows.loc[found.lines["x"], "contribution_mean"].tolist())
    assert found.by is None


def test_one_at_a_time_a_setting_leaves_out_its_typical_lever(scenario):
    """The grant's line has equity as it is and the grant alone; typical equity, whose other settings differ too, is not on it."""
    swept = made_sweep(scenario, [f"{EQUITY}=off,typical", f"{GRANT}=0.2,0.3"], kind="one-at-a-time")

    assert len(swept.run) == 4
    assert [len(response_lines(swept, "contribution", along=factor).lines) for factor in swept.factors] == [2, 3]


def test_views_without_factors_are_refused(scenario):
    """One factor makes no heatmap, one point no curve."""
    with pytest.raises(ScenarioError, match="two factors"):
        heat_cells(made_sweep(scenario, [f"{RATE}=0.05,0.1"]), "contribution")
    with pytest.raises(ScenarioError, match="more than one value"):
        response_lines(made_sweep(scenario, [f"{RATE}=0.05"]), "contribution")


def test_the_study_of_these_tests_is_a_study(tmp_path: Path):
    """The synthetic figures belong to a scenario that can be read."""
    assert [policy.key for policy in study(tmp_path, STUDY).policies] == ["today", "mix", "other"]

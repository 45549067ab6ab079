"""Comparison of policies: pairing, columns, series, and the facts a reader needs."""

from __future__ import annotations

import numpy as np
import pytest
from synthetic import LABELS, made_records

from simulation.evidence.measures import MEASURES
from simulation.scenario.policy import Material
from simulation.statistics.compare import COLUMNS, compare, compare_measure
from simulation.statistics.measures import measure


@pytest.fixture(scope="module")
def summary():
    """Five policies, the second equal to the baseline."""
    return compare(made_records(seeds=12, months=36, twin=True))


def test_one_row_a_policy_and_eight_columns_a_measure(summary):
    """The table is as promised: a label, and for each measure the eight columns, the baseline first."""
    expected = ["label", *(f"{key}_{column}" for key in MEASURES for column in COLUMNS)]

    assert list(summary.table.columns) == expected
    assert summary.table.index[0] == summary.baseline
    assert list(summary.table["label"]) == list(LABELS[:5])


def test_an_equal_policy_differs_by_exactly_nothing(summary):
    """A policy with the baseline's records has differences of exactly 0, better in half the seeds, the same."""
    row = summary.table.iloc[1]
    observed = [key for key in MEASURES if np.isfinite(row[f"{key}_mean"])]

    assert {float(row[f"{key}_{side}"]) for key in observed for side in ("diff", "diff_low", "diff_high")} == {0.0}
    assert {row[f"{key}_decided"] for key in observed} == {"same"}
    assert {row[f"{key}_p_better"] for key in observed if MEASURES[key].better != "none"} == {0.5}


def test_differences_are_paired_by_seed():
    """What luck does to both policies alike drops out: with a constant gap the interval of the difference has no width."""
    luck = np.array([1.0, 5.0, 9.0, 2.0])
    found = compare_measure(np.array([luck, luck + 2.0]), 0, "higher", Material(0.1, relative=True))

    assert found["high"][1] - found["low"][1] > 10.0
    assert [found[side][1] for side in ("diff", "diff_low", "diff_high")] == [2.0, 2.0, 2.0]
    assert (found["p_better"][1], found["decided"][1]) == (1.0, "better")


def test_relative_material_is_of_the_baseline():
    """A tenth of the baseline's mean of 20 is 2: a sure difference of 1 is the same, one of 3 is decided."""
    values = np.array([[19.0, 21.0], [20.0, 22.0], [22.0, 24.0]])
    found = compare_measure(values, 0, "higher", Material(0.1, relative=True))

    assert found["decided"] == ["same", "same", "better"]


def test_no_better_side_has_no_share_of_better_seeds(summary):
    """Pay cost is neither good nor bad: no share, and the words are higher and lower."""
    assert summary.table["pay_cost_p_better"].isna().all()
    assert set(summary.table["pay_cost_decided"]) <= {"higher", "lower", "same", "open"}


def test_the_bridge_adds_up(summary):
    """The lines between revenue and contribution add up to the paired difference in contribution."""
    lines = summary.series["bridge"].pivot_table(index="policy", columns="line", values="mean", sort=False)
    total = lines.pop("contribution")

    np.testing.assert_allclose(lines.sum(axis=1), total, rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(total, summary.table["contribution_diff"], rtol=1e-9, atol=1e-6)


def test_years_average_to_the_run(summary):
    """Three years of revenue average to the run's."""
    years = summary.series["years"]
    found = years[years["measure"] == "revenue"].groupby("policy", sort=False)["mean"].mean()

    np.testing.assert_allclose(found, summary.table["revenue_mean"])


def test_the_timeline_ends_with_the_last_year():
    """The last point of the timeline is the measure over the last twelve months."""
    records = made_records(seeds=4, months=36)
    timeline = compare(records).series["timeline"]
    ends = timeline[(timeline["measure"] == "turnover") & (timeline["month"] == 36)]

    np.testing.assert_allclose(ends["mean"], measure(records, "turnover", slice(24, 36)).mean(axis=1))
    assert timeline["month"].min() == 12


def test_survival_series_agrees_with_the_measure(summary):
    """The curve at 12 and 24 months is the table's chance of staying so long."""
    curve = summary.series["survival"].set_index(["policy", "tenure"])["mean"]
    for tenure in (12, 24):
        found = [curve[policy, tenure] for policy in summary.policies]

        np.testing.assert_allclose(found, summary.table[f"survival_{tenure}_mean"])


def test_intervals_say_what_they_leave_out(summary):
    """The line under every result counts seeds and assumed parameters."""
    assert summary.intervals == "intervals: luck of 12 seeds; not included: 2 assumed parameters"


def test_a_notebook_shows_user_text_escaped():
    """A label that is markup is shown, not run."""
    shown = compare(made_records(("<script>alert(1)</script>", "B & B"), seeds=2, months=6))._repr_html_()

    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
    assert "B &amp; B" in shown


def test_one_seed_gives_means_without_intervals():
    """With one seed there are figures, no intervals, and nothing is decided."""
    table = compare(made_records(seeds=1, months=12)).table

    assert np.isfinite(table["revenue_mean"]).all()
    assert table["revenue_low"].isna().all()
    assert set(table["revenue_decided"]) == {"open"}

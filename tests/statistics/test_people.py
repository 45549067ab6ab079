"""Frames about people: parts add up to the table, curves are those of a textbook estimator, and intervals are paired."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import organisation
import pandas as pd
import pytest
from synthetic import LABELS, made_records

from simulation.statistics.compare import compare
from simulation.statistics.intervals import t_interval
from simulation.statistics.people import GROUPS, attainment, leavers, leavers_total, survival_segments
from simulation.vocabulary import ATTAINMENT_EDGES, MOTIVES_IN_ORDER, STANDINGS

SIDES = ["mean", "low", "high", "diff", "diff_low", "diff_high"]


@pytest.fixture(scope="module")
def records():
    """Eighteen months of two policies at one seed: with one seed means of ratios are ratios, so that parts must add up."""
    return organisation.simulated({"less": {"commission.base_share": 0.8}}, months=18, seats=60, seeds=1)


@pytest.fixture(scope="module")
def summary(records):
    """Their comparison."""
    return compare(records)


@pytest.mark.parametrize("by", GROUPS)
def test_groups_weighted_by_their_reps_make_the_table(summary, by):
    """Turnover of the groups, weighted by their share of reps, is the table's turnover; so is each kind its rate."""
    parts, total = summary.series["leavers"], summary.series["leavers_total"]
    for policy in summary.policies:
        here = total[(total["policy"] == policy) & (total["by"] == by)].set_index("group")
        weight = here["share"].fillna(0.0)
        rate = {
            kind: (rows.set_index("group")["mean"] * weight).sum()
            for kind, rows in parts[(parts["policy"] == policy) & (parts["by"] == by)].groupby("kind")
        }

        assert weight.sum() == pytest.approx(1.0, rel=1e-12)
        assert (here["mean"] * weight).sum() == pytest.approx(summary.value(policy, "turnover"), rel=1e-12)
        assert rate["regretted"] == pytest.approx(summary.value(policy, "regretted_quits_rate"), rel=1e-12)
        assert rate["dismissals"] == pytest.approx(summary.value(policy, "dismissals_rate"), rel=1e-12)
        assert rate["quits"] + rate["regretted"] == pytest.approx(summary.value(policy, "quits_rate"), rel=1e-12)


def test_kinds_add_up_to_the_turnover_of_their_group(summary):
    """Quits that are not regretted, regretted quits and dismissals make a group's turnover."""
    keys = ["policy", "by", "group", "label"]
    summed = summary.series["leavers"].groupby(keys, sort=False)["mean"].sum()
    total = summary.series["leavers_total"].set_index(keys)["mean"]

    np.testing.assert_allclose(summed[total.notna()], total[total.notna()], rtol=1e-12)
    assert (total > 0.0).sum() > 10


def test_only_the_top_quarter_is_regretted(summary):
    """All quits of the top quarter are regretted, and none of any other standing."""
    rows = summary.series["leavers"].query("by == 'performance'").set_index(["kind", "group"])["mean"]

    assert (rows["regretted"].drop("top") == 0.0).all()
    assert (rows["quits"]["top"] == 0.0).all()
    assert rows["regretted"]["top"].sum() > 0.0


def test_the_distribution_of_attainment_is_one_and_knows_who_reached_quota(summary):
    """The bins of a policy add up to one, and those from 1 on to the table's share of periods at quota."""
    frame = summary.series["attainment"]
    for policy in summary.policies:
        rows = frame[frame["policy"] == policy]

        assert rows["mean"].sum() == pytest.approx(1.0, rel=1e-12)
        assert rows.loc[rows["start"] >= 1.0, "mean"].sum() == pytest.approx(summary.value(policy, "at_quota"), rel=1e-12)


def test_bins_follow_each_other():
    """Each bin starts where the one before stops; the first is open below and the last above."""
    rows = attainment(made_records(LABELS[:1], seeds=2, months=6))

    assert tuple(rows["stop"][:-1]) == tuple(rows["start"][1:]) == ATTAINMENT_EDGES
    assert np.isnan([rows["start"].iloc[0], rows["stop"].iloc[-1]]).all()


def test_intervals_are_those_of_the_seeds_in_pairs():
    """Means and limits of a group are a t interval over seeds of its own rates, differences one of rates in pairs."""
    records = made_records(LABELS[:2], seeds=6, months=24)
    sums = records.sums
    rate = 12 * sums["quits_bottom"].sum(axis=2) / sums["reps_bottom"].sum(axis=2)
    row = leavers(records).query("group == 'bottom' and kind == 'quits'").iloc[1]

    np.testing.assert_allclose(row[SIDES[:3]].astype(float), [float(x) for x in t_interval(rate[1])], rtol=1e-12)
    np.testing.assert_allclose(row[SIDES[3:]].astype(float), [float(x) for x in t_interval(rate[1] - rate[0])], rtol=1e-12)


def made_spells(stays):
    """Spells of one policy from (seed, segment, entered, left, reason)."""
    rows = pd.DataFrame(stays, columns=["seed", "segment", "entered", "left", "reason"])
    return rows.assign(policy=0, seat=range(len(rows)), started=0, ability=1.0)


def with_spells(stays, seeds=1):
    """Records of one policy with these stays."""
    return replace(made_records(LABELS[:1], seeds=seeds, months=12), spells=made_spells(stays))


def test_a_segment_has_the_curve_of_its_own_stays():
    """A worked example: of four in a segment one leaves in month 1 and one, of the two left then, in month 3."""
    stays = [(100, 2, 0, 1, "quit"), (100, 2, 0, 3, "quit"), (100, 2, 0, 4, "stayed"), (100, 2, 0, 2, "stayed")]
    stays += [(100, 0, 0, 1, "quit"), (100, 0, 0, 6, "stayed")]
    frame = survival_segments(with_spells(stays)).set_index("segment")

    assert frame.loc["mastery", "mean"].tolist() == pytest.approx([1.0, 0.75, 0.75, 0.375, 0.375])
    assert frame.loc["money", "mean"].tolist() == pytest.approx([1.0, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5])
    assert set(frame.index) == {"money", "mastery"}


def test_a_segment_is_watched_alone(records, summary):
    """A segment's curve is that of records which hold no one else."""
    spells = records.spells
    for place, motive in enumerate(MOTIVES_IN_ORDER):
        own = replace(records, spells=spells[spells["segment"] == place].assign(segment=0))
        alone = survival_segments(own).query("segment == 'money'")
        frame = summary.series["survival_segments"]
        rows = frame[frame["segment"] == motive]

        np.testing.assert_allclose(rows["mean"], alone["mean"], rtol=1e-12)


def test_a_curve_ends_where_too_few_seeds_watch_somebody():
    """Of ten seeds one may have nobody left; where two have nobody the segment's curve ends, and no other's."""
    stays = [(100 + seed, 1, 0, 5 if seed < 8 else 3 if seed < 9 else 2, "stayed") for seed in range(10)]
    stays += [(100 + seed, 4, 0, 7, "stayed") for seed in range(10)]
    frame = survival_segments(with_spells(stays, seeds=10))

    assert frame.groupby("segment")["tenure"].max().to_dict() == {"security": 3, "recognition": 7}


def test_draws_of_parameters_widen_every_frame():
    """Where the same luck at point values varies less, all frames carry the wider interval of the draws."""
    records = made_records(LABELS[:2], seeds=8, months=24)
    calm = {key: values.mean(axis=1, keepdims=True) + 0.0 * values for key, values in records.sums.items()}
    calm_groups = {key: values.mean(axis=1, keepdims=True) + 0.0 * values for key, values in records.groups.items()}
    drawn = replace(records, point=replace(records, sums=calm, groups=calm_groups))
    for make in (leavers, leavers_total, attainment):
        plain, wide = make(records), make(drawn)
        width, wider = (frame["high"] - frame["low"] for frame in (plain, wide))

        np.testing.assert_array_equal(plain["mean"], wide["mean"])
        assert (wider >= width - 1e-15).all()
        assert (wider > width).any()


def test_nobody_there_is_no_rate():
    """A standing without reps has no rate, and one without leavers a rate of zero."""
    records = made_records(LABELS[:2], seeds=3, months=12)
    none = {f"{kind}_third": 0.0 * records.sums["filled"] for kind in ("reps", "quits", "dismissals")}
    still = {f"{kind}_second": 0.0 * records.sums["filled"] for kind in ("quits", "dismissals")}
    total = leavers_total(replace(records, sums=records.sums | none | still)).query("by == 'performance'").set_index("group")

    assert total.loc["third", SIDES].isna().all(axis=None)
    assert (total.loc["second", SIDES] == 0.0).all(axis=None)
    assert (total.loc["third", "share"] == 0.0).all()


def test_a_policy_equal_to_the_baseline_differs_by_nothing():
    """All differences of a twin of the baseline are exactly zero, interval and all."""
    records = made_records(LABELS[:2], seeds=4, months=24, twin=True)
    for make in (leavers, leavers_total, attainment, survival_segments):
        frame = make(records)

        assert (frame[["diff", "diff_low", "diff_high"]].dropna() == 0.0).all(axis=None)
        assert frame["diff"].notna().all()


def test_every_group_has_its_label():
    """Segments are named by their motives and standings by their quarters, all of them, in order."""
    assert tuple(GROUPS["segment"]) == MOTIVES_IN_ORDER
    assert tuple(GROUPS["performance"]) == STANDINGS

"""How reps stand: quarters are those of a plain ranking, the top one is who is regretted, and nobody is counted twice."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import organisation
import pytest

from simulation.standing import LEAVERS, PERIODS, Ranking, leavers, periods
from simulation.vocabulary import ATTAINMENT_EDGES, STANDINGS


@pytest.fixture(scope="module")
def records():
    """A year and a half of two policies at two seeds, 40 seats."""
    return organisation.simulated({"less": {"commission.base_share": 0.8}}, months=18, seats=40, seeds=2)


def total(records, kind: str):
    """Sum over the standings, (policy, seed, month)."""
    return sum(records.sums[f"{kind}_{place}"] for place in STANDINGS)


def test_every_rep_and_every_leaver_stands_once(records):
    """Over the standings, reps are those there, quits are all quits and dismissals all dismissals, month by month."""
    np.testing.assert_array_equal(total(records, "reps"), records.sums["filled"])
    np.testing.assert_array_equal(total(records, "quits"), records.sums["quits"])
    np.testing.assert_array_equal(total(records, "dismissals"), records.sums["dismissals"])
    assert records.sums["quits"].sum() > 20


def test_the_top_quarter_is_who_is_regretted(records):
    """Quits of the top quarter are the regretted quits, month by month."""
    np.testing.assert_array_equal(records.sums["quits_top"], records.sums["regretted_quits"])


def test_every_completed_period_stands_in_one_bin(records):
    """Bins add up to the completed periods, and those from 1 on to the periods that reached quota."""
    reached = sum(records.sums[name] for name in PERIODS[1 + ATTAINMENT_EDGES.index(1.0) :])

    np.testing.assert_array_equal(sum(records.sums[name] for name in PERIODS), records.sums["period_reps"])
    np.testing.assert_array_equal(reached, records.sums["period_at_quota"])
    assert records.sums["period_at_quota"].sum() > 0


def made(sales, tenure, ramped, quits):
    """A month of one policy and seed, as far as the ranking looks at it."""
    row = lambda values: np.array([[values]], dtype=float)  # noqa: E731
    now = SimpleNamespace(tenure_now=row(tenure), was_ramped=row(ramped), sales_of_year=row(sales), filled=row([1] * len(sales)))
    s = SimpleNamespace(territory=row([1.0] * len(sales)), quits=row(quits), dismissals=row([0] * len(sales)))
    return s, now


def standings(sales, **changes):
    """The standing of each rep, found by letting them quit one by one."""
    count = len(sales)
    found = []
    for k in range(count):
        facts = {"tenure": [24] * count, "ramped": [1] * count} | changes
        s, now = made(sales, quits=[float(seat == k) for seat in range(count)], **facts)
        kept = leavers(s, now, Ranking.of(s, now))
        found.append(next(place for place in STANDINGS if kept[f"quits_{place}"] == 1.0))
    return found


def test_quarters_of_eight_hold_two_each():
    """Eight reps with unlike sales stand two by two."""
    assert standings([8, 1, 7, 2, 6, 3, 5, 4]) == ["top", "bottom", "top", "bottom", "second", "third", "second", "third"]


def test_quarters_of_five_round_up_from_the_top():
    """Places count up from the top: two of five are in the top quarter, one in each other."""
    assert standings([5, 4, 3, 2, 1]) == ["top", "top", "second", "third", "bottom"]


def test_equals_stand_with_the_better_of_them():
    """Reps who sold the same are never told apart: four equals are all in the top quarter."""
    assert standings([3, 3, 3, 3]) == ["top"] * 4
    assert standings([9, 3, 3, 3]) == ["top", "second", "second", "second"]


def test_newcomers_and_the_unramped_are_not_ranked():
    """Less than three months there, or not ramped at the month's start: no standing, and no place taken from others."""
    found = standings([9, 9, 20, 1], tenure=[1, 24, 24, 2], ramped=[1, 0, 1, 1])

    assert found == ["unranked", "unranked", "top", "third"]


def test_nobody_ranked_is_nobody_regretted():
    """Where all are new, all are unranked, and nobody is in the top quarter."""
    s, now = made([5, 6], tenure=[0, 1], ramped=[0, 0], quits=[1, 0])
    ranking = Ranking.of(s, now)
    kept = leavers(s, now, ranking)

    assert not ranking.top().any()
    assert (kept["reps_unranked"], kept["quits_unranked"]) == (2.0, 1.0)
    assert sum(kept[name] for name in LEAVERS) == 3.0


def test_quota_just_reached_is_reached():
    """A bin holds its lower edge: attainment of exactly 1 counts from 1 on, and the least and the most have bins of their own."""
    attainment = np.array([[[0.0, 0.2, np.nextafter(1.0, 0.0), 1.0, 2.0, 99.0]]])
    kept = periods(np.ones(attainment.shape), attainment)

    assert {name: int(value[0, 0]) for name, value in kept.items() if value[0, 0]} == {
        "periods_0": 1, "periods_1": 1, "periods_4": 1, "periods_5": 1, "periods_10": 2,
    }  # fmt: skip


def test_sweeps_do_without(records):
    """Where no group figures are kept, sums of standing are not either, and all others are the same."""
    from simulation.engine import Course, levers_used, run_block, warm_up

    scenario = records.scenario
    quo, p = scenario.policy("status_quo").levers, scenario.parameters
    used = levers_used([policy.levers for policy in scenario.policies])
    start = warm_up(quo, used, p, scenario.seeds, 40)
    courses = [Course.of(policy) for policy in scenario.policies]
    block = run_block(start.for_policies(2), courses, quo, used, p, seeds=scenario.seeds, months=18, by_group=False)

    assert set(records.sums) - set(block.sums) == {*PERIODS, *LEAVERS}
    for name, values in block.sums.items():
        np.testing.assert_array_equal(values, records.sums[name])

"""Nothing appears and nothing is lost: money, customers, leads, opportunities and people."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from simulation.draws import Draws
from simulation.engine import board, levers_used, warm_up
from simulation.levers import catalogue
from simulation.month import Now, advance_month
from simulation.records import tally
from simulation.scenario import read_scenario

SEEDS, SEATS, MONTHS = (11, 12, 13), 60, 30


@pytest.fixture(scope="module")
def walk():
    """Thirty months of three organisations with every lever at typical, each month with what was before and after it."""
    scenario = read_scenario(None)
    quo, p = scenario.policy("status_quo").levers, scenario.parameters
    clawback = {"clawback": 12, "draw": 0.5, "draw_months": 6, "recoverable": True, "renewal_rate": 0.02}
    plan = type(quo["commission"])(**{**dict(quo["commission"]), **clawback})
    typical = {key: lever.typical() for key, lever in catalogue().items()} | {"commission": plan}
    used = levers_used([quo, typical])
    s = warm_up(quo, used, p, SEEDS, SEATS).for_policies(2)
    levers = board([quo, typical], used, p)
    s.memory = levers.start_memory(s.memory, s.filled.shape)
    draws = Draws(SEEDS, SEATS, s.demand.shape[-1], "run")
    months = []
    for month in range(MONTHS):
        before = {name: getattr(s, name).copy() for name in KEPT}
        now = Now(month, month, levers, levers, p, draws)
        advance_month(s, now)
        months.append(SimpleNamespace(before=before, after={name: getattr(s, name).copy() for name in KEPT}, now=now))
        sums, _ = tally(s, now)
        months[-1].sums = sums
        months[-1].quits, months[-1].dismissals, months[-1].newcomer = s.quits, s.dismissals, s.newcomer
        months[-1].leads, months[-1].bookings, months[-1].credited = s.leads, s.bookings, s.credited
        months[-1].period_quota = s.period_quota
        months[-1].cohorts = ((s.cohort_value * s.book_scale).sum(axis=0), (s.cohort_customers * s.book_scale).sum(axis=0))
    return SimpleNamespace(months=months, p=p)


KEPT = (
    "filled", "tenure", "pipeline", "key_pipeline", "book_customers", "house_customers", "book_value", "house_value",
)  # fmt: skip


def test_headcount_is_conserved(walk):
    """Reps at a month's end are those at its start, less leavers, plus newcomers, seat by seat."""
    for m in walk.months:
        expected = m.before["filled"] - m.quits - m.dismissals + m.newcomer

        np.testing.assert_array_equal(m.after["filled"], expected)
        assert set(np.unique(m.after["filled"])) <= {0.0, 1.0}


def test_nobody_leaves_twice_and_nobody_leaves_a_vacant_seat(walk):
    """A quit and a dismissal exclude each other, and both need a rep in the seat."""
    for m in walk.months:
        assert np.all(m.quits + m.dismissals <= m.before["filled"])


def test_leads_are_conserved(walk):
    """Leads worked and the part of vacant seats' leads that nobody picks up make all leads that arose."""
    for m in walk.months:
        vacant = 1.0 - m.before["filled"]
        unworked = (m.now.arising * vacant).sum(axis=-1) * (1.0 - walk.p.market.vacancy_cover)

        np.testing.assert_allclose(m.leads.sum(axis=-1) + unworked, m.now.arising.sum(axis=-1), rtol=1e-12)


def test_opportunities_are_conserved(walk):
    """What was open plus what was opened is what is open, decided or gone quiet."""
    for m in walk.months:
        opened = m.now.arrivals.sum(axis=-1)
        left = (m.now.closings + m.now.stale).sum(axis=-1)
        change = sum((m.after[name] - m.before[name]).sum(axis=-1) for name in ("pipeline", "key_pipeline"))

        np.testing.assert_allclose(change, opened - left, rtol=1e-10, atol=1e-9)


def test_customers_are_conserved(walk):
    """Customers change by deals won, contracts lapsed, accounts lost with leavers and house accounts lost."""
    p = walk.p
    for m in walk.months:
        change = sum((m.after[name] - m.before[name]).sum(axis=-1) for name in ("book_customers", "house_customers"))
        lapsed = (m.now.customers_due - m.now.renewed_customers).sum(axis=-1)
        lost_with_leavers = (m.before["book_customers"] * m.now.young_loss).sum(axis=-1)
        house_lost = m.before["house_customers"].sum(axis=-1) * (1.0 - p.contract.house_renewal ** (1.0 / 12.0))

        np.testing.assert_allclose(change, m.sums["deals"] - lapsed - lost_with_leavers - house_lost, rtol=1e-9, atol=1e-9)


def test_cohorts_add_up_to_the_book(walk):
    """The twelve cohorts, with the share of the book still in the rep's care, are the rep's book in value and customers."""
    for m in walk.months:
        value, customers = m.cohorts

        np.testing.assert_allclose(value, m.after["book_value"], rtol=1e-9)
        np.testing.assert_allclose(customers, m.after["book_customers"], rtol=1e-9)


def test_revenue_is_the_one_off_part_and_a_twelfth_of_the_installed_base(walk):
    """Recognised revenue follows from bookings and the base at the month's start, to the cent."""
    for m in walk.months:
        base = (m.before["book_value"] + m.before["house_value"]).sum(axis=-1)
        expected = walk.p.contract.one_off_share * m.bookings.sum(axis=-1) + base / 12.0

        np.testing.assert_allclose(m.sums["revenue"], expected, rtol=0, atol=0.005)


def test_a_vacant_seat_is_paid_nothing(walk):
    """Pay, commission, draws and clawbacks are of people: an empty seat has none."""
    for m in walk.months:
        assert np.all(m.now.cash_pay[m.before["filled"] == 0.0] == 0.0)


def test_a_quarter_pays_what_the_plan_says(walk):
    """Under the status quo a rep who sits through a quarter is paid, to the cent, three salaries and 10% of what it sold, half as
    much again beyond quota and nothing beyond two and a half times quota; and the firm's pay is the sum over reps.
    """
    checked = 0
    for start in range(0, MONTHS, 3):
        quarter = walk.months[start : start + 3]
        there = np.prod([m.before["filled"][0] * (m.before["tenure"][0] >= k) for k, m in enumerate(quarter)], axis=0) > 0.0
        sold = sum(m.credited[0] for m in quarter)
        paid = sum(m.now.cash_pay[0] for m in quarter)
        quota = quarter[-1].period_quota[0]
        commission = 0.10 * (np.minimum(sold, quota) + 1.5 * np.maximum(np.minimum(sold, 2.5 * quota) - quota, 0.0))
        same_rep = there & (quarter[-1].before["tenure"][0] == quarter[0].before["tenure"][0] + 2.0)
        checked += int(same_rep.sum())

        np.testing.assert_allclose(paid[same_rep], (3 * 0.5 * 180_000 / 12 + commission)[same_rep], rtol=0, atol=0.005)
        for m in quarter:
            np.testing.assert_allclose(m.sums["cash_pay"], m.now.cash_pay.sum(axis=-1), rtol=0, atol=0.005)

    assert checked > 1000

"""Dividend on customer value: every dollar earned is paid, owed or forfeited, and whom it keeps at what."""

from __future__ import annotations

import copy
from types import SimpleNamespace
from typing import Any

import numpy as np
import organisation
import pytest

from simulation.evidence.read import Parameters
from simulation.levers.clv_dividend import ClvDividend
from simulation.rules import effort
from simulation.vocabulary import Outlook

SEAT = np.ones((1, 1, 1))


def rep(lever: ClvDividend, parameters: Parameters, **fields: float) -> Any:
    """One rep with accounts worth 1.2 million a year, who knows of them, and no balance yet."""
    known = {"filled": 1.0, "quits": 0.0, "dismissals": 0.0, "book_value": 1_200_000.0, "present_bias": 0.9,
             "standard_quota": 72_000.0, **fields}  # fmt: skip
    s = SimpleNamespace(**{name: value * SEAT for name, value in known.items()})
    s.memory = {"clv_dividend": lever.start_memory(SEAT.shape, parameters.clv_dividend) | {"book": s.book_value}}
    return s


def value(push: Any) -> float:
    """A push on the only seat."""
    return float(np.broadcast_to(push, SEAT.shape)[0, 0, 0])


def test_a_month_in_dollars(parameters: Parameters):
    """1% of 1.2 million is 1,000 a month; a twentieth is paid, 950 stay, and next month a twentieth of 1,950."""
    lever = ClvDividend.stack([ClvDividend(pool=0.01, vesting=20.0)])
    s, p = rep(lever, parameters), parameters.clv_dividend
    first = value(lever.cash_pay(s, p)), value(lever.deferred_cost(s, p))
    s.memory = {"clv_dividend": lever.remember(s, p)}
    second = value(lever.cash_pay(s, p)), value(lever.deferred_cost(s, p))

    assert first == pytest.approx((50.0, 950.0))
    assert second == pytest.approx((97.5, 902.5))
    assert value(lever.deferred_pay(s, p)) == pytest.approx(0.8 * 950.0)
    assert value(lever.programme_cost(s, p)) == 15.0
    assert value(lever.attention(s, p)) == 0.5


def test_what_keeping_a_customer_is_worth(parameters: Parameters):
    """A dollar of annual value kept is worth 1% x 1.5 years x 0.9 to the rep, half as much in a deal not yet won, but for the
    1% by which accounts of 1.4 years' quota fall short of a large book.
    """
    lever = ClvDividend.stack([ClvDividend(pool=0.01)])
    s, p = rep(lever, parameters), parameters.clv_dividend
    slope = lever.cash_slope(s, p)
    view = Outlook(1.0, 0.4, 72_000.0, 15_000.0, s.book_value)

    assert value(slope.farm) == pytest.approx(0.0135 * (1.0 - np.exp(-1_200_000.0 / (0.3 * 864_000.0))))
    assert value(slope.hunt) == pytest.approx(0.5 * value(slope.farm))
    assert value(lever.expected_pay(s, p, view)) == pytest.approx(800.0)


@pytest.mark.parametrize("forfeit", [0.0, 0.4, 1.0])
def test_every_dollar_is_booked_once(parameters: Parameters, forfeit: float):
    """Over a stay that ends in the thirtieth month, cash and deferred cost together are what was earned, less forfeits."""
    lever = ClvDividend.stack([ClvDividend(pool=0.02, vesting=24.0, forfeit=forfeit)])
    s, p = rep(lever, parameters), parameters.clv_dividend
    booked, left = 0.0, 0.0
    for age in range(30):
        s.book_value = (1_000_000.0 + 10_000.0 * age) * SEAT
        s.quits = (age == 29) * SEAT
        left = value(lever._balance(s) + lever._earned(s) - lever._paid(s))
        booked += value(lever.cash_pay(s, p)) + value(lever.deferred_cost(s, p))
        s.memory = {"clv_dividend": lever.remember(s, p)}
    earned = sum(0.02 / 12.0 * (1_000_000.0 + 10_000.0 * age) for age in range(30))

    assert booked == pytest.approx(earned - forfeit * left)
    assert value(s.memory["clv_dividend"]["balance"]) == 0.0


def test_a_pool_that_ends_still_pays_what_it_owes(parameters: Parameters):
    """Under the neutral lever an old balance is paid out, 1/24 of it a month, at no further cost."""
    lever = ClvDividend.stack([ClvDividend()])
    s, p = rep(lever, parameters), parameters.clv_dividend
    s.memory["clv_dividend"]["balance"] = 2_400.0 * SEAT

    assert value(lever.cash_pay(s, p)) == pytest.approx(100.0)
    assert value(lever.cash_pay(s, p)) + value(lever.deferred_cost(s, p)) == pytest.approx(0.0)
    assert value(lever.programme_cost(s, p)) == 0.0


def test_reps_live_off_their_accounts(parameters: Parameters):
    """Where it goes wrong: with a pool of a tenth and accounts of 1.8 million, a rep on 15,000 a month expects 27,000, needs the
    next dollar less, and moves effort from hunting to farming although new deals would bring dividends too.
    """
    lever = ClvDividend.stack([ClvDividend(pool=0.1)])
    s, p = rep(lever, parameters, book_value=1_800_000.0, present_bias=1.0), parameters
    pay = 15_000.0 + value(lever.expected_pay(s, p.clv_dividend, Outlook(1.0, 0.4, 72_000.0, 15_000.0, s.book_value)))
    slope = lever.cash_slope(s, p.clv_dividend)
    worth = effort.marginal_utility(SEAT, np.log(pay / 15_000.0) * SEAT, 0.0 * SEAT, SEAT, p)
    before = effort.benefit_of_reference(1.0, p)
    serve = effort.benefit(effort.cash(slope.farm, worth, p), p.effort.pull_farm, 0.0, p)
    hunt = effort.cash(p.contract.reference_slope + slope.hunt, worth, p) + p.effort.pull_hunt
    usual, now = effort.choose(before, p), effort.choose(before._replace(hunt=hunt, farm=serve), p)

    assert pay == pytest.approx(27_000.0)
    assert value(now.hunt) < 0.9 * float(usual.hunt)
    assert value(now.farm) > 1.1 * float(usual.farm)


def test_the_balance_holds_people():
    """A pool of a tenth keeps people in their seats and costs the firm more pay."""
    records = organisation.simulated({"pool": {"clv_dividend.pool": 0.1}}, months=18, seats=70, seeds=4)
    quits, pay = records.sums["quits"].sum(axis=(1, 2)), records.sums["cash_pay"].sum(axis=(1, 2))

    assert quits[1] < 0.7 * quits[0]
    assert pay[1] > 1.1 * pay[0]


def test_no_accounts_no_dividend(parameters: Parameters):
    """Where customers buy once nothing is earned, nobody serves or asks for referrals on its account, and its cost remains."""
    lever = ClvDividend.stack([ClvDividend.typical()])
    s, p = rep(lever, parameters, book_value=0.0), parameters.clv_dividend
    after = copy.copy(s)
    after.memory = {"clv_dividend": lever.remember(s, p)}

    assert value(lever.cash_pay(after, p)) == value(lever.cash_slope(after, p).farm) == value(lever.referral(after, p)) == 0.0
    assert value(lever.programme_cost(after, p)) == 15.0

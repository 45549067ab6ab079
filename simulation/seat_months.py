"""One seat, month by month: what its rep did, earned, felt and risked, taken down while the engine walks.

    keeper = SeatMonths(state, seat=17)
    block = run_block(state, ..., watch=keeper.watch)
    block.sums["seat.fit"]          # (policy, seed, month)

Every figure is the one that decided the month. Those of a person are NaN in months in which the seat was vacant; those of
the market and of the post are always there. Names are in `PERSON` and `POST`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.levers.base import Lever
from simulation.rules import effort, leaving
from simulation.vocabulary import MOTIVES_IN_ORDER, Array, Tasks

if TYPE_CHECKING:
    from simulation.state import State

PREFIX = "seat."
MET = MOTIVES_IN_ORDER[1:]
"""Motives that fit is made of: all but money, which acts through pay."""
PERSON = (
    "tenure", "talent", "segment", *(f"weight_{motive}" for motive in MOTIVES_IN_ORDER), "ramp", "skill",
    "effort", *(f"effort_{task}" for task in Tasks._fields), "proposals", "failures",
    "salary", "variable", "cash_pay", "equity", "stake", "expected_pay", "outside_pay",
    "quota", "credited", "attainment", "record", *(f"met_{motive}" for motive in MET), "fit", "offer",
    "released", "quit_chance", "short_of_bar", "held_setbacks", "dismissal_chance", "leave_chance",
    *(f"term_{term}" for term in leaving.QuitTerms._fields), "quits", "dismissals",
)  # fmt: skip
POST = (
    "filled", "hired", "market_pay", "demand", "competitor", "deals", "key_deals", "customers", "lost_customers", "manager",
    "team_leavers", "period_ended",
)  # fmt: skip


class SeatMonths:
    """Takes down one seat of every policy and seed of a block.

    Parameters
    ----------
    s : State
        Before month 0.
    seat : int
        Counted from 0.
    """

    def __init__(self, s: State, seat: int) -> None:
        self.seat = seat
        self._wish, self._customers = s.wish.copy(), s.book_customers.copy()

    def watch(self, s: State, now: Any) -> dict[str, Array]:
        """A month that has just ended: every name of `PERSON` and `POST`, (policy, seed) each."""
        person = {
            **_who(s, now), **_work(s, now), **_pay(s, now), **_standing(s, now), **_chances(s, now, self._wish),
            "quits": s.quits, "dismissals": s.dismissals,
        }  # fmt: skip
        post = _post(s, now, self._customers)
        self._wish, self._customers = s.wish.copy(), s.book_customers.copy()
        there = self._own(now.filled, s) > 0.0
        found = {name: np.where(there, self._own(person[name], s), np.nan) for name in PERSON}
        found |= {name: self._own(post[name], s) for name in POST}
        return {f"{PREFIX}{name}": values for name, values in found.items()}

    def _own(self, value: Any, s: State) -> Array:
        return np.ascontiguousarray(np.broadcast_to(value, s.filled.shape)[..., self.seat], dtype=float)


def _who(s: State, now: Any) -> dict[str, Any]:
    """The person, as when the month began: a newcomer sits down only after a month of vacancy."""
    weights = {f"weight_{motive}": getattr(s.profile, motive) for motive in MOTIVES_IN_ORDER}
    return {"tenure": now.tenure_now, "talent": now.talent_now, "segment": now.segment_now, **weights}


def _work(s: State, now: Any) -> dict[str, Any]:
    """Whole effort against an ordinary rep's, the share of each task in it, and what exploring came to."""
    each = Tasks(*(np.exp(log) for log in now.log_effort))
    whole, usual = sum(each[1:], each.hunt), effort.reference_effort(now.p)
    shares = {f"effort_{task}": spent / whole for task, spent in each._asdict().items()}
    return {
        "effort": whole / sum(usual[1:], usual.hunt), **shares, "ramp": now.ramp_before, "skill": s.skill,
        "proposals": s.proposals, "failures": s.failures,
    }  # fmt: skip


def _pay(s: State, now: Any) -> dict[str, Any]:
    """Pay of the month, what leaving would forfeit, and what is expected here and elsewhere [usd a month; the stake in usd]."""
    plan = next((lever for lever in now.plan.levers if lever.key == "commission"), None)
    salary = s.market_pay if plan is None else s.market_pay * plan.pay_level * plan.base_share
    return {
        "salary": salary, "variable": now.cash_pay - salary, "cash_pay": now.cash_pay, "equity": now.equity_cost,
        "stake": 12.0 * s.expected_pay * np.expm1(-now.terms.lock_in / now.p.leaving.pay_slope),
        "expected_pay": s.expected_pay, "outside_pay": s.expected_pay / np.exp(now.gap),
    }  # fmt: skip


def _standing(s: State, now: Any) -> dict[str, Any]:
    """Quota and sales of the period, and how far the job meets each motive."""
    met = {f"met_{motive}": getattr(s.met, motive) for motive in MET}
    return {
        "quota": s.period_quota, "credited": s.credited, "attainment": now.attainment, "record": s.record, **met,
        "fit": s.fit, "offer": s.offer_months > 0.0,
    }  # fmt: skip


def _chances(s: State, now: Any, wish: Array) -> dict[str, Any]:
    """The terms of the quitting rule, and the chances on which the month's luck fell; `wish` is that of the month's begin."""
    p, push = now.p, now.push
    locked = -now.terms.lock_in
    quits = leaving.quit_chance(leaving.quit_log_odds(now.terms, p), locked, p)
    released = -np.expm1(-1.0 / p.leaving.release_months) * p.condition.separations
    quits = 1.0 - (1.0 - np.minimum(quits, 1.0)) * (1.0 - np.minimum(released, 1.0) * (wish > locked))
    months = leaving.months_in_profile(now.tenure_now)
    short = leaving.short_of_bar(s.record, push(Lever.bar_relief, s), p)
    held = s.setbacks * (1.0 - push(Lever.trial_career_cover, s))
    profile = leaving.tenure_profile(p.leaving.dismissal_profile)[months]
    hazard = leaving.dismissal_chance(profile, short, held, push(Lever.dismissal, s), p)
    reviewed = leaving.reviewed(now.tenure_now, push(Lever.review_grace, s), p)
    dismissed = np.minimum(leaving.at_review(hazard, reviewed, s.months_left, s.since_review, p), 1.0)
    terms = {f"term_{term}": value for term, value in now.terms._asdict().items()}
    return {
        "released": wish > locked, "quit_chance": quits, "short_of_bar": short, "held_setbacks": held,
        "dismissal_chance": dismissed, "leave_chance": 1.0 - (1.0 - quits) * (1.0 - dismissed), **terms,
    }  # fmt: skip


def _post(s: State, now: Any, customers: Array) -> dict[str, Any]:
    """The post and its surroundings, whoever sits there; `customers` are those in its care when the month began.

    Demand [log] and competition [log-odds] are the region's shock and the market's condition together.
    """
    gone, condition = s.quits + s.dismissals, now.p.condition
    return {
        "filled": now.filled, "hired": s.newcomer, "market_pay": s.market_pay * condition.outside_pay,
        "demand": s.region.to_seats(s.demand) + np.log(condition.demand),
        "competitor": s.region.to_seats(s.competitor) + np.log(condition.competition),
        "deals": s.deals, "key_deals": s.key_deals, "customers": s.book_customers,
        "lost_customers": s.lapse_share * now.customers_due + customers * s.young_loss,
        "manager": now.manager, "team_leavers": s.team.to_seats(s.team.sum(gone)) - gone, "period_ended": now.ended,
    }  # fmt: skip

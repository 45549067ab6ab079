"""Who leaves, and why.

    h = (h0 + expit(x)) x separations,  h0 = .003 a month that nothing prevents
    x = intercept + tenure + frailty - b_pay (.6 + .4 money weight) G + b_envy envy + curvature
        - b_mgr manager - b_fit fit + contagion + outside offer - lock-in + pushes
    G = g + 1.5 max(0, z) min(0, g - usual g),  g = log(expected total pay / outside offer)

Expected pay follows the plan in force, so an announced cut is felt at once; the realised month never enters.
The star term acts on a fall of g, not on its level: a cut loses the able first (sandvik2021).
Envy compares plans, not results: pay at the same attainment, one-sided (dube2019).
Equity delays: one uniform decides; a rep who would have left but for the stake is marked, and leaves when it has vested.

    dismissal log-odds a month = intercept + tenure + slope x max(0, threshold - record) + setbacks x (1 - career cover) + pushes
    at the end of a quota period, L months after the last review: 1 - (1 - h)^L, for reps with three months of tenure or more
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from simulation.curves import expit, logit
from simulation.evidence.read import Parameters
from simulation.state import Grouping
from simulation.vocabulary import Array, PerPolicy, PerSeat, PerTeam, Push

LONGEST = 360
"""Tenure profiles are tabulated up to so many months."""


class QuitTerms(NamedTuple):
    """The terms of the quitting rule by name, in log-odds, each with the sign in which it is added; the lock-in comes last."""

    tenure: PerSeat
    frailty: PerSeat
    pay_gap: PerSeat
    envy: PerSeat
    curvature: PerSeat
    manager: PerSeat
    fit: PerSeat
    contagion: PerSeat
    offers: PerSeat
    levers: Push
    lock_in: Push


def tenure_profile(knots: list[list[float]]) -> Array:
    """Log multiplier of the hazard by month of tenure, from knots [month, multiplier] joined in logs."""
    months, multipliers = np.array(knots, dtype=float).T
    return np.interp(np.arange(LONGEST + 1), months, np.log(multipliers))


def months_in_profile(tenure: PerSeat) -> Any:
    """Where a rep's tenure stands in the profiles, counted from 1 in the month of hire."""
    return np.minimum(tenure + 1.0, LONGEST).astype(np.intp)


def pay_gap(log_income: PerSeat, talent: PerSeat, p: Parameters) -> PerSeat:
    """g: log of expected total pay over the outside offer, which rises with ability as ability^slope.

    `log_income` is the log of expected pay over market pay.
    """
    return log_income - p.labour.offer_ability_slope * p.people.ability_sigma * talent - np.log(p.condition.outside_pay)


def pay_term(gap: PerSeat, usual_gap: PerSeat, talent: PerSeat, money: PerSeat, p: Parameters) -> PerSeat:
    """-b_pay (.6 + .4 money weight) G; in G a fall of the gap below the usual is felt more by the able."""
    felt = gap + p.leaving.star_slope * np.maximum(talent, 0.0) * np.minimum(gap - usual_gap, 0.0)
    weight = -p.leaving.pay_slope * p.leaving.money_base - p.leaving.pay_slope * p.leaving.money_weight * money
    return weight * felt


def usual_gap(before: PerSeat, gap: PerSeat, p: Parameters) -> PerSeat:
    """What a rep is used to: an average of the own pay gap over about 18 months."""
    return before + (gap - before) / p.leaving.usual_months


def envy(same_attainment_pay: PerSeat, filled: PerSeat, expected_pay: PerSeat, team: Grouping, p: Parameters) -> PerSeat:
    """One-sided log distance to teammates: pay at the same attainment, and a little of what they earn by selling more."""
    reps = np.maximum(team.sum(filled), 1.0)
    mean = lambda pay: np.log(np.maximum(team.sum(pay * filled) / reps, 1.0))  # noqa: E731  1 usd where a team is empty
    on_earned = p.leaving.envy_on_earned
    usual = team.to_seats((1.0 - on_earned) * mean(same_attainment_pay) + on_earned * mean(expected_pay))
    own = (1.0 - on_earned) * np.log(same_attainment_pay) + on_earned * np.log(expected_pay)
    return filled * np.maximum(usual - own, 0.0)


def curvature(talent: PerSeat, variable_share: PerSeat, p: Parameters) -> PerSeat:
    """Quits over performance: U-shaped on fixed pay, an inverted U where pay follows sales (sunder2017)."""
    steep = np.minimum(variable_share * 2.0, 1.0)
    return (p.leaving.curvature_fixed - 2.0 * p.leaving.curvature_fixed * steep) * (talent * talent - 1.0)


def offer_months(before: PerSeat, u: Array, filled: PerSeat, p: Parameters) -> PerSeat:
    """Months for which an outside approach still tempts: it arrives by chance and lasts two months."""
    arrives = u < p.labour.offer_rate * p.condition.outside_offers
    return filled * np.where(arrives, p.leaving.offer_lasts, np.maximum(before - 1.0, 0.0))


def felt_leavers(recent: PerTeam, felt: PerTeam, p: Parameters) -> PerTeam:
    """Second stage of contagion: what teammates feel peaks two to three months after a leaver is gone."""
    return felt + p.leaving.contagion_speed * (recent - felt)


def recent_leavers(recent: PerTeam, quits: PerTeam, dismissals: PerTeam, team: Grouping, p: Parameters) -> PerTeam:
    """First stage of contagion: leavers, diluted in teams larger than eight; a dismissal counts a little less."""
    diluted = np.minimum(1.0, p.leaving.contagion_team / team.sizes)
    return recent * (1.0 - p.leaving.contagion_speed) + (quits + p.leaving.contagion_dismissal * dismissals) * diluted


def quit_log_odds(terms: QuitTerms, p: Parameters) -> PerSeat:
    """The log-odds x of quitting without the lock-in, the last term: what a rep wishes, whatever holds it back."""
    total = p.labour.quit_intercept + terms.tenure
    for term in terms[1:-1]:
        total = total + term
    return total


def quit_chance(log_odds: PerSeat, locked: Push, p: Parameters) -> PerSeat:
    """h, with the stake that would be forfeited taken off the log-odds."""
    return (p.leaving.floor + expit(log_odds - locked)) * p.condition.separations


def lock_in(deferred_pay: Push, expected_pay: PerSeat, p: Parameters) -> Push:
    """b_pay log(1 + F), F the forfeitable stake over a year's expected pay; 0 where no lever defers any."""
    if isinstance(deferred_pay, float):
        return 0.0
    return p.leaving.pay_slope * np.log1p(deferred_pay / (12.0 * expected_pay))


def leaves(u: Array, release: Array, wish: PerSeat, chance: PerSeat, locked: Push, p: Parameters) -> PerSeat:
    """1.0 where a rep quits: by this month's luck, or by an older wish that the stake no longer holds back."""
    let_go = (wish > locked) & (release < -np.expm1(-1.0 / p.leaving.release_months) * p.condition.separations)
    return 1.0 * ((u < chance) | let_go)


def wish(before: PerSeat, u: Array, chance: PerSeat, log_odds: PerSeat, locked: Push, p: Parameters) -> PerSeat:
    """The lock-in, in log-odds, that it takes to hold a rep who would have left: logit(h - h0) - logit(u - h0); 0 for none.

    A wish does not fade: when the stake falls below it, the rep goes. So equity delays and does not prevent.
    Where no lever defers pay nobody is held.
    """
    if isinstance(locked, float):
        return before
    free = (p.leaving.floor + expit(log_odds)) * p.condition.separations
    holding = (u < free) & (u >= chance)
    scaled = u / np.maximum(p.condition.separations, 1e-9)
    needed = log_odds - logit(np.where(holding, np.maximum(scaled - p.leaving.floor, 1e-9), 0.5))
    return np.where(holding, np.maximum(before, needed), before)


def dismissal_chance(tenure_term: PerSeat, short: PerSeat, setbacks: PerSeat, push: Push, p: Parameters) -> PerSeat:
    """Monthly hazard of dismissal; `short` of the bar by so much, `setbacks` those the firm still holds against the rep."""
    level = p.labour.dismissal_intercept + push
    return expit(tenure_term + p.leaving.record_slope * short + p.leaving.setback_slope * setbacks + level)


def short_of_bar(record: PerSeat, relief: Push, p: Parameters) -> PerSeat:
    """Attainment by which a record falls short of the bar, which a policy may lower."""
    return np.maximum((p.leaving.record_threshold - relief) - record, 0.0)


def reviewed(tenure: PerSeat, grace: Push, p: Parameters) -> PerSeat:
    """Whether a rep is past its grace months."""
    return tenure >= p.leaving.grace_months + grace


def at_review(chance: PerSeat, reviewed: PerSeat, left: PerPolicy, months: PerPolicy, p: Parameters) -> PerSeat:
    """Chance of dismissal this month: reviews are at the end of a quota period and cover the months since the last one."""
    if not np.any(left <= 1.0):
        return 0.0 * reviewed
    covered = -np.expm1(months * np.log1p(-chance))
    return covered * (left <= 1.0) * reviewed * p.condition.separations


def threat(chance: PerSeat, reviewed: PerSeat, p: Parameters) -> PerSeat:
    """Log of the dismissal hazard against an ordinary one, within bounds: what a rep fears."""
    ratio = np.log(np.maximum(chance, 1e-6)) - np.log(p.leaving.ordinary_dismissal)
    return np.minimum(np.maximum(ratio, -p.leaving.threat_bound), p.leaving.threat_bound) * reviewed


def record(before: PerSeat, credited: PerSeat, quota: PerSeat, p: Parameters) -> PerSeat:
    """Attainment over about the last year as a manager sees it: a fading average of monthly attainment."""
    return before + (credited / quota - before) / p.leaving.record_months

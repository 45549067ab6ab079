"""Customers stay, grow, send others, or go.

    service       = base + .20 (farm output - 1) + pushes - over-selling x log(hunting benefit / reference)
    satisfaction' = satisfaction + .12 (service - satisfaction)
    renewal log-odds = intercept + 5 (satisfaction - base) + pushes - log(churn multiple)
    referrals     = rate x customers x exp(2.5 (satisfaction - base)) x farm output^.5 x exp(pushes)
    a leaver's accounts carry an extra hazard, .014 a month or so, for 12 months (shi2017):
    less under a similar rep, more under a new hire
    accounts pass to the house book at 1/24 a month: without it a rep's book never reaches a steady state

Customers are a flow in twelve cohorts by calendar month of renewal: a month touches only the cohort due.
What strikes all cohorts alike (leavers, the house book) moves one number, the share of the book still in the rep's care.
"""

from __future__ import annotations

import numpy as np

from simulation.curves import expit
from simulation.evidence.read import Parameters
from simulation.vocabulary import PerSeat, Push

GAUSS_NODES = (-1.7320508075688772, 0.0, 1.7320508075688772)
GAUSS_WEIGHTS = (1.0 / 6.0, 2.0 / 3.0, 1.0 / 6.0)


def service(farming: PerSeat, filled: PerSeat, hunting_benefit: PerSeat, push: Push, p: Parameters) -> PerSeat:
    """Quality of service this month, 0 to 1; a vacant seat's customers get what colleagues can spare."""
    usual = p.customers.over_selling * np.log(1.0 + p.effort.pull_hunt) - p.customers.service_slope
    held = p.customers.service_slope * farming - p.customers.over_selling * np.log(hunting_benefit) + (usual + push)
    vacant = p.customers.service_slope * (p.market.vacancy_cover - 1.0)
    quality = (p.customers.base_service + vacant) + filled * (held - vacant)
    return np.minimum(np.maximum(quality, 0.0), 1.0)


def satisfaction(before: PerSeat, service: PerSeat, p: Parameters) -> PerSeat:
    """Mean satisfaction of a seat's customers, following service."""
    return before + p.customers.satisfaction_speed * (service - before)


def orphan_months(before: PerSeat, left: PerSeat, p: Parameters) -> PerSeat:
    """Months for which a leaver's accounts still suffer: set when a rep leaves, counting down otherwise."""
    return np.where(left > 0.0, p.customers.orphan_months, np.maximum(before - 1.0, 0.0))


def leaver_hazard(orphan_months: PerSeat, filled: PerSeat, handover: Push, p: Parameters) -> PerSeat:
    """Extra monthly hazard of losing a leaver's customer: a colleague's care while the seat is vacant, a new hire's after."""
    care = p.customers.colleague_care + filled * (p.customers.new_hire_care - p.customers.colleague_care)
    return p.customers.orphan_hazard * (1.0 - handover) * care * (orphan_months > 0.0)


def lost_with_leaver(hazard: PerSeat) -> PerSeat:
    """Share of a book that a leaver costs the firm this month."""
    return -np.expm1(-hazard)


def book_kept(lost: PerSeat, p: Parameters) -> PerSeat:
    """Share of a book still in the rep's care a month later: neither lost with a leaver nor passed to the house book."""
    return (1.0 - lost) * np.exp(-p.contract.house_rate)


def passed_to_house(lost: PerSeat, p: Parameters) -> PerSeat:
    """Share of a book that passes to the house book this month."""
    return (1.0 - lost) * -np.expm1(-p.contract.house_rate)


def renewal_chance(satisfaction: PerSeat, push: Push, p: Parameters) -> PerSeat:
    """Chance that a contract due renews."""
    level = p.contract.renewal_intercept - np.log(p.condition.churn) - p.customers.renewal_slope * p.customers.base_service
    return expit(p.customers.renewal_slope * satisfaction + (level + push))


def care(farming: PerSeat) -> PerSeat:
    """What farming does for growth and referrals: returns fall as its square root."""
    return np.sqrt(farming)


def expansion(care: PerSeat, p: Parameters) -> PerSeat:
    """Share by which a renewed contract grows."""
    return p.contract.expansion_rate * care


def referrals(customers: PerSeat, satisfaction: PerSeat, care: PerSeat, push: Push, p: Parameters) -> PerSeat:
    """Leads that customers send next month."""
    level = push - p.customers.referral_slope * p.customers.base_service
    return p.customers.referral_rate * customers * np.exp(p.customers.referral_slope * satisfaction + level) * care


def rescue_chance(choice: Push, p: Parameters) -> Push:
    """Mean change of a warned customer's renewal chance when treated.

    The lift is Normal on the log-odds and its distribution straddles zero (ascarza2016): on average an
    intervention may push customers out; `choice` moves its mean by whom the firm treats.
    Three-point Gauss-Hermite mean over the lift.
    """
    before = p.customers.at_risk_log_odds
    after = sum(
        w * expit(before + p.customers.lift_mean + choice + p.customers.lift_sd * x)
        for x, w in zip(GAUSS_NODES, GAUSS_WEIGHTS, strict=True)
    )
    return after - expit(before)


def treated(at_risk: PerSeat, warning: Push, intervention: Push) -> tuple[Push, Push]:
    """Customers warned of and treated: no more than are at risk, than are warned of, than can be treated."""
    if isinstance(warning, float):  # no lever warns of anybody
        return 0.0, 0.0
    warned = np.minimum(at_risk, warning)
    return warned, np.minimum(warned, intervention)


def rescued(saved: Push, due: PerSeat) -> Push:
    """Share of the customers due that stay because they were treated."""
    return 0.0 if isinstance(saved, float) else saved / np.maximum(due, 1e-9)


def house_kept(p: Parameters) -> float:
    """Share of the house book that is there a month later."""
    kept: float = p.contract.house_renewal ** (p.condition.churn / 12.0)
    return kept

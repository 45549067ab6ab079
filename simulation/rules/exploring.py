"""Trying new plays.

    B_explore = (pull from mastery and autonomy x exp(gain x latitude) + .3 x cash of hunting + pushes) x fear
    fear      = exp(-sqrt(risk aversion) [(1 - cost cover) .30 cash + (1 - career cover) .30 exp(threat)])
    proposals ~ Poisson(rate x effort / reference),  successes ~ Binomial(proposals, chance)
    playbook' = playbook x (1 - decay) + gain x (successes x sharing^.5) a seat x (1 - playbook / most)

Fear multiplies: subtracting it is a knife edge. Cost cover and career cover are two things: with one,
full cover would make a dismissal threat harmless, against the evidence (ederer2013).
Tolerance raises flops as well as hits.
"""

from __future__ import annotations

import numpy as np

from simulation.evidence.read import Parameters
from simulation.state import Grouping
from simulation.vocabulary import PerRegion, PerSeat, Push


def fear(risk_aversion: PerSeat, cash: PerSeat, threat: PerSeat, cost_cover: Push, career_cover: Push, p: Parameters) -> PerSeat:
    """What is left of the wish to explore when failing costs cash and may cost the job."""
    at_stake = p.exploring.fear_cash * (1.0 - cost_cover) * cash
    job = p.exploring.fear_career * (1.0 - career_cover) * np.exp(threat)
    return np.exp(-np.sqrt(risk_aversion) * (at_stake + job))


def benefit(pull: PerSeat, latitude: PerSeat, cash: PerSeat, fear: PerSeat, push: Push, p: Parameters) -> PerSeat:
    """Benefit of exploring, in units of the baseline commission pull."""
    free = pull * np.exp(p.exploring.latitude_gain * latitude) + p.exploring.cash_share * cash + push
    return np.maximum(p.effort.least_benefit, free * fear)


def proposal_rate(effort: PerSeat, reference: float, filled: PerSeat, p: Parameters) -> PerSeat:
    """Expected proposals a month, linear in effort."""
    return p.exploring.proposal_rate / reference * filled * effort


def hours_lost(failures: PerSeat, p: Parameters) -> PerSeat:
    """Selling hours that failed trials cost."""
    return p.exploring.failure_hours * failures


def playbook(before: PerRegion, successes: PerSeat, sharing: PerSeat, region: Grouping, p: Parameters) -> PerRegion:
    """Working plays of a region, in log-odds of winning: successes enter with how much is shared, old plays wear out."""
    found = region.sum(successes * np.sqrt(sharing)) / region.sizes
    room = np.maximum(1.0 - before / p.exploring.playbook_most, 0.0)
    return before * (1.0 - p.exploring.playbook_decay) + p.exploring.playbook_gain * found * room


def setbacks(before: PerSeat, failures: PerSeat, p: Parameters) -> PerSeat:
    """Failed trials that are still held against the rep."""
    return before * (1.0 - p.exploring.setback_fading) + failures

"""Filling a vacancy.

    time to fill ~ lognormal (mean days, sigma)
    five candidates; the firm sees ability with noise and offers in the order of what it sees
    acceptance = expit(.4 + 5 log(expected pay at own ability / outside offer) - risk term + pushes)

Steep plans draw able and less risk-averse people: sorting is part of what pay for performance does (lazear2000).
If all five decline, the seat stays vacant for a month and a new round begins.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import ndtri

from simulation.curves import expit
from simulation.evidence.read import Parameters
from simulation.vocabulary import Array, Flags, PerSeat

DAYS = 30.4
ABILITY_GRID = np.linspace(-4.0, 4.0, 17)
"""Talents, in standard deviations, at which an offer's worth is tabulated."""


def fill_months(u: Array, p: Parameters) -> Array:
    """Time this vacancy takes to fill, in months."""
    sigma = p.labour.fill_sigma
    mean = p.labour.fill_days * p.condition.time_to_fill / DAYS
    return mean * np.exp(sigma * ndtri(u + 2.0**-54) - 0.5 * sigma * sigma)


def due(vacant_months: PerSeat, fill_months: PerSeat, filled: PerSeat) -> Flags:
    """Seats whose recruiting round falls in this month: time to fill rounded to whole months, one at least."""
    return (filled < 0.5) & (vacant_months >= 1.0) & (vacant_months + 0.5 >= fill_months)


def acceptance(log_pay: Array, talent: Array, risk: Array, risk_aversion: Array, appeal: Array, p: Parameters) -> Array:
    """Chance that a candidate accepts.

    `log_pay` is the log of expected pay at the candidate's own ability over market pay, `risk` pay risk over expected pay.
    """
    outside = p.labour.offer_ability_slope * p.people.ability_sigma * talent + np.log(p.condition.outside_pay)
    x = (
        p.hiring.acceptance_base
        + p.hiring.acceptance_slope * (log_pay - outside)
        - p.hiring.acceptance_risk * risk * risk_aversion
        + appeal
    )
    return expit(x)


def signal(talent: Array, noise: Array, p: Parameters) -> Array:
    """What the firm sees of a candidate: log ability with noise."""
    return p.people.ability_sigma * talent + p.hiring.signal_noise * noise


def chosen(signal: Array, accepts: Flags) -> tuple[Any, Flags]:
    """(event,) index of the best-looking candidate who accepts, and whether there is one."""
    seen = np.where(accepts, signal, -np.inf)
    return np.argmax(seen, axis=-1), np.logical_or.reduce(accepts, axis=-1)

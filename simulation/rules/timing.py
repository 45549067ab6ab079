"""Moving deals over the end of a quota period.

    shift   = movable x nearness x tanh(1.5 log(r / (.9 r_next)))
    forward = open opportunities x max(shift, 0)       decided this month instead of later
    back    = closings x .4 x max(-shift, 0)           pushed into the next period

Volume is conserved: what closes now has left the pipeline, what is pushed out stays in it.
Push-outs are weaker than pull-forwards, or the two would cancel.
"""

from __future__ import annotations

import numpy as np

from simulation.evidence.read import Parameters
from simulation.rules.selling import Flow
from simulation.vocabulary import PerPolicy, PerSeat, Push


def shift(rate_now: Push, rate_next: Push, left: PerPolicy, p: Parameters) -> Push:
    """Share of movable deals moved: positive towards this period, negative out of it; nothing without commission."""
    floor = p.selling.least_rate
    now, later = np.maximum(rate_now, floor), np.maximum(rate_next, floor)
    worth = np.log(now / later) - np.log(p.selling.next_period_weight) * (np.maximum(now, later) > floor)
    return p.timing.movable * np.exp(-(left - 1.0) / p.timing.reach_months) * np.tanh(p.timing.steepness * worth)


def shares_moved(shift: Push, p: Parameters) -> tuple[Push, Push]:
    """Share of the open opportunities that is pulled into this period, and of the closings that is pushed out of it."""
    return np.maximum(shift, 0.0), p.timing.push_out * np.maximum(-shift, 0.0)


def moved(forward: Push, back: Push, flow: Flow) -> PerSeat:
    """Opportunities decided this month instead of later (positive) or later instead of now (negative)."""
    return forward * flow.stock - back * flow.closings

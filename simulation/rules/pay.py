"""What is credited, and what is paid.

    credited = list value x (1 - discount)                     when pay is on revenue
             = list value x (1 - discount / gross margin)      when pay is on margin: a discount at its cost to profit
    pooled   = (1 - pool) own + pool x mean of the team's reps
    cash pay = market pay + pushes for a filled seat; nothing for a vacant one

The plan itself is the commission lever; without one a rep gets all of market pay as salary.
"""

from __future__ import annotations

import numpy as np

from simulation.state import Grouping
from simulation.vocabulary import Array, PerSeat, Push


def credited(list_value: Array, discount: Push, margin_basis: Push, gross_margin: Push) -> Array:
    """Value that commission is counted on, in usd."""
    cost = 1.0 + margin_basis * (1.0 / gross_margin - 1.0)
    return list_value * (1.0 - discount * cost)


def at_least(pay: PerSeat, market_pay: PerSeat) -> PerSeat:
    """Expected pay, never below a twentieth of market pay: logs of it are taken."""
    return np.maximum(pay, 0.05 * market_pay)


def pooled(own: PerSeat, pool: Push, filled: PerSeat, team: Grouping) -> PerSeat:
    """Credit after the team's share: totals of a team are conserved."""
    if isinstance(pool, float):
        return own
    reps = team.sum(filled)
    mean = team.sum(own) / np.where(reps > 0.0, reps, 1.0)
    return filled * ((1.0 - pool) * own + pool * team.to_seats(mean))


def foreseen(own: PerSeat, pool: Push, filled: PerSeat, team: Grouping) -> PerSeat:
    """Credit that reps foresee from sales of their own, given what the team shares; a vacant seat's stays as it stands."""
    return own if isinstance(pool, float) else np.where(filled > 0.0, pooled(filled * own, pool, filled, team), own)


def cash(market_pay: PerSeat, filled: PerSeat, push: Push) -> PerSeat:
    """Cash paid to each rep this month, in usd; levers already count vacant seats as zero."""
    return filled * market_pay + push

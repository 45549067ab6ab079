"""Quotas, and what a rep expects to reach.

    quota        = standard quota x exp(lever pushes + log ratchet)
    log ratchet' = keep x log ratchet + speed x rho x log(clip(attainment, lo, hi))        at a period's end
    period quota = quota x (months left) x (mean of the ramp curve over them)              for a newcomer too
    attainment at the period's end ~ Normal(mean, spread),
    mean   = (sold + pace x mean ramp over the months left x months left) / period quota
    spread = max(floor, cv x pace x mean ramp x sqrt(months left) / period quota)

The ratchet is two-sided and mean-reverting: a one-sided one never settles.
A quota follows the ramp when the plan says so; otherwise a newcomer carries a whole period's quota at once.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from simulation.evidence.read import Parameters
from simulation.vocabulary import Array, PerPolicy, PerSeat, Push


def months_left(month: int, period_months: PerPolicy) -> PerPolicy:
    """Months of the quota period that remain, this month included; periods follow the calendar."""
    return period_months - np.mod(float(month), period_months)


def ratcheted(log_ratchet: PerSeat, attainment: PerSeat, ended: PerPolicy, rho: Push, p: Parameters) -> PerSeat:
    """Log multiple that past attainment leaves on the quota, moved where a period `ended` (1 or 0)."""
    if not np.any(ended):
        return log_ratchet
    clipped = np.minimum(np.maximum(attainment, p.goals.ratchet_low), p.goals.ratchet_high)
    moved = p.goals.ratchet_keep * log_ratchet + p.goals.ratchet_speed * rho * np.log(clipped)
    return np.where(ended > 0.0, moved, log_ratchet)


def monthly_quota(standard_quota: PerSeat, log_ratchet: Push, push: Push) -> PerSeat:
    """Quota a month at full ramp, in usd."""
    return standard_quota * np.exp(log_ratchet + push)


def ramp_share(tenure: Array, months: Array | float, p: Parameters) -> Array:
    """Mean of the ordinary ramp curve 1 - (1 - p0) exp(-t / tau) over `months` months from `tenure` on."""
    step = np.exp(-1.0 / p.contract.ramp_tau)
    gap = (1.0 - p.learning.start_productivity) * np.exp(tenure * (-1.0 / p.contract.ramp_tau))
    return 1.0 - gap * ((1.0 - step**months) / ((1.0 - step) * months))


def period_quota(
    quota: PerSeat, tenure: PerSeat, left: PerPolicy, period_months: PerPolicy, follow: Push, p: Parameters
) -> PerSeat:
    """Quota of a rep, in usd, for the rest of the period that starts now.

    `follow` is the change in the share of the ramp that the quota follows: 0 all of it, -1 none.
    """
    eased = left * ramp_share(tenure, left, p)
    whole = np.where(tenure > 0.0, left, period_months)
    return quota * ((1.0 + follow) * eased - follow * whole)


def mean_ramp(ramp: PerSeat, left: PerPolicy, p: Parameters) -> PerSeat:
    """A rep's own mean productivity over the months left, if the gap closes at the ordinary speed."""
    tau = p.contract.ramp_tau
    return 1.0 + (1.0 - ramp) * (np.expm1(-left / tau) * tau / left)


def outlook(sold: PerSeat, pace: PerSeat, left: PerPolicy, quota: PerSeat, p: Parameters) -> tuple[PerSeat, PerSeat]:
    """Mean and spread of final attainment of the period under way; `pace` in usd a month as ramped over it."""
    mean = (sold + pace * left) / quota
    spread = np.maximum(p.goals.spread_floor, p.goals.sales_cv * np.sqrt(left) * pace / quota)
    return mean, spread


def fresh_outlook(pace: PerSeat | float, quota: PerSeat | float, period_months: PerPolicy, p: Parameters) -> tuple[Any, PerSeat]:
    """Mean and spread of attainment of a whole period at full ramp."""
    mean = pace / quota
    return mean, np.maximum(p.goals.spread_floor, p.goals.sales_cv / np.sqrt(period_months) * mean)


def pace(pace: PerSeat, own: PerSeat, structural: PerSeat, p: Parameters) -> PerSeat:
    """Sales a rep expects of itself: slowly towards its own sales, faster towards what its situation implies.

    With an ordinary moving average of own sales, reps quit on luck.
    """
    return pace + p.goals.pace_to_own * (own - pace) + p.goals.pace_to_structural * (structural - pace)

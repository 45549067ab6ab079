"""Figures of sales: profit of deals, selling time, what training leaves, effects in standard deviations, newcomers."""

from __future__ import annotations

import numpy as np

from simulation.calibration.figures.pool import Pool, figure_of
from simulation.evidence.targets import Target
from simulation.vocabulary import Array

MONTH_WEEKS = 4.35
HOURS_LEFT = 0.9
"""Selling time left in the scenario that takes a tenth of it."""
LEAST_GAIN = 1e-4
"""Below it a gain in sales, or its fading, counts as this."""
RAMP_SHARES = (0.27, 0.38, 0.28, 0.07)
"""Account executives who are fully productive within 3, 6, 12 months, and later (bridge2024)."""


def deal_profit(pool: Pool, target: Target) -> Array:
    """Gross profit of the deals won, first year, cost of goods following list value: relative to the other policy."""
    mine, theirs = (_deal_profit(pool, policy, target.months) for policy in (target.with_policy, target.without_policy))
    return mine / theirs - 1.0


def _deal_profit(pool: Pool, policy: str, months: tuple[int, int]) -> Array:
    cost = 1.0 - float(pool.scenario.parameters.contract.gross_margin)
    return pool.total("bookings", policy, months) - cost * pool.total("bookings_list", policy, months)


def margin_shift(pool: Pool, target: Target) -> Array:
    """How much better full authority compares with moderate when pay is on margin: difference of log ratios of deal profit."""
    names = (target.with_policy, target.without_policy)
    on_revenue, on_margin = (
        np.log(_deal_profit(pool, full, target.months) / _deal_profit(pool, moderate, target.months))
        for full, moderate in (names, tuple(f"{name}_margin" for name in names))
    )
    return on_margin - on_revenue


def time_elasticity(pool: Pool, target: Target) -> Array:
    """Log of sales a rep over log of selling time, between two policies of which the first takes a tenth of the hours."""
    fewer, all_hours = (
        figure_of(pool, "sales_per_rep", policy, target.months, "") for policy in (target.with_policy, target.without_policy)
    )
    return np.log(fewer / all_hours) / np.log(HOURS_LEFT)


def half_life(pool: Pool, target: Target) -> Array:
    """Weeks in which half of a gain in sales is gone: from its mean over the first and the last third of `months`."""
    first, last = target.months
    third = (last - first) // 3
    sales = lambda policy, span: figure_of(pool, "sales_per_rep", policy, span, "")  # noqa: E731
    gains = [
        sales(target.with_policy, span) / sales(target.without_policy, span) - 1.0
        for span in ((first, first + third), (last - third, last))
    ]
    faded = np.log(np.maximum(gains[0], LEAST_GAIN) / np.maximum(gains[1], LEAST_GAIN))
    return MONTH_WEEKS * (last - third - first) * np.log(2.0) / np.maximum(faded, LEAST_GAIN)


def effect_size(pool: Pool, target: Target) -> Array:
    """Difference in sales a rep and year, in standard deviations of a year's sales across reps under the policy without."""
    policies = (target.with_policy, target.without_policy)
    mine, theirs = (figure_of(pool, "sales_per_rep", policy, target.months, "") for policy in policies)
    count, total, squares = (pool.total(f"year_{k}", target.without_policy, target.months) for k in range(3))
    return (mine - theirs) / np.sqrt(squares / count - (total / count) ** 2)


def effect_correlation(pool: Pool, target: Target) -> Array:
    """The same as a correlation, for two arms of equal size: d / sqrt(d^2 + 4)."""
    d = effect_size(pool, target)
    return d / np.sqrt(d * d + 4.0)


def by_tenure(pool: Pool, target: Target) -> Array:
    """Sales of a rep in month 8 of the stay over those in month 0."""
    late, early = (figure_of(pool, "output_per_rep", target.with_policy, target.months, f"tenure_{month}") for month in (8, 0))
    return late / early


def ramp_shares(pool: Pool, target: Target) -> Array:
    """Largest distance of the shares fully productive within 3, 6, 12 months and later from the published ones."""
    counts = np.stack([pool.total(f"ramps_{k}", target.with_policy, target.months) for k in range(len(RAMP_SHARES))])
    return np.asarray(np.max(np.abs(counts / counts.sum(axis=0) - np.array(RAMP_SHARES)[:, None]), axis=0))

"""Quotas: how far they are met, by whom, and what is bent to meet them."""

from __future__ import annotations

from simulation.statistics.measures.span import Span, ratio
from simulation.vocabulary import Array


def attainment(span: Span) -> Array:
    """Mean attainment over completed quota periods of ramped reps."""
    return ratio(span.total("period_attainment"), span.total("period_reps"))


def at_quota(span: Span) -> Array:
    """Share of completed quota periods of ramped reps that reach quota."""
    return ratio(span.total("period_at_quota"), span.total("period_reps"))


def top_fifth_share(span: Span) -> Array:
    """Share of sales by the best fifth of reps, averaged over the yearly counts."""
    return span.observed_mean("top_fifth_share")


def last_month_share(span: Span) -> Array:
    """Share of bookings made in the last month of quota periods."""
    return ratio(span.total("last_month_bookings"), span.total("bookings"))


def value_moved(span: Span) -> Array:
    """Value pulled forward or pushed out, over bookings."""
    return ratio(span.total("moved_value"), span.total("bookings"))

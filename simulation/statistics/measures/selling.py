"""Selling: how often, how fast, at what price, and to how much of the market."""

from __future__ import annotations

from simulation.statistics.measures.span import Span, ratio
from simulation.vocabulary import Array

DAYS_A_MONTH = 30.4


def win_rate(span: Span) -> Array:
    """Deals won over opportunities closed."""
    return ratio(span.total("deals"), span.total("closings"))


def cycle_days(span: Span) -> Array:
    """Mean days in the pipeline: its stock over the flow out of it, closed or gone stale."""
    return DAYS_A_MONTH * ratio(span.total("pipeline"), span.total("closings") + span.total("stale"))


def key_wins(span: Span) -> Array:
    """Key accounts won in a year."""
    return span.yearly("key_deals")


def extra_discount(span: Span) -> Array:
    """List value given away over list value of deals won."""
    return ratio(span.total("discount_value"), span.total("bookings_list"))


def penetration(span: Span) -> Array:
    """Customers, in reps' care or the house's, over addressable customers at the end."""
    return ratio(span.end("customers") + span.end("house_customers"), span.end("addressable"))


def marketing_roi(span: Span) -> Array:
    """Gross profit from marketing's leads over its cost."""
    return ratio(span.total("marketing_gain"), span.total("marketing_cost"))


def handover(span: Span) -> Array:
    """Hand-over effort per deal won."""
    return ratio(span.total("handover_effort"), span.total("deals"))

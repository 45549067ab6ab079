"""What reps earn, and how many earn little."""

from __future__ import annotations

from simulation.statistics.measures.span import MONTHS_A_YEAR, Span, ratio
from simulation.vocabulary import Array


def pay_mean(span: Span) -> Array:
    """Cash a filled seat is paid in a year."""
    return MONTHS_A_YEAR * ratio(span.total("cash_pay"), span.total("filled"))


def pay_p10(span: Span) -> Array:
    """A year's pay that a tenth of reps stay under, averaged over the yearly counts."""
    return span.observed_mean("pay_p10")


def pay_p90(span: Span) -> Array:
    """A year's pay that a tenth of reps exceed, averaged over the yearly counts."""
    return span.observed_mean("pay_p90")


def pay_spread(span: Span) -> Array:
    """The pay that a tenth exceed over the pay that a tenth stay under."""
    return ratio(span.observed_mean("pay_p90"), span.observed_mean("pay_p10"))


def income_risk_low(span: Span) -> Array:
    """Share of reps with a low income, averaged over the yearly counts."""
    return span.observed_mean("low_income_share")

"""Who leaves, who stays, and how many seats are filled."""

from __future__ import annotations

from simulation.statistics.measures.span import MONTHS_A_YEAR, Span, ratio
from simulation.statistics.survival import survival_by_cell
from simulation.vocabulary import Array


def turnover(span: Span) -> Array:
    """Separations a year over mean filled seats."""
    return MONTHS_A_YEAR * ratio(span.total("quits") + span.total("dismissals"), span.total("filled"))


def quits_rate(span: Span) -> Array:
    """Quits a year over mean filled seats."""
    return MONTHS_A_YEAR * ratio(span.total("quits"), span.total("filled"))


def dismissals_rate(span: Span) -> Array:
    """Dismissals a year over mean filled seats."""
    return MONTHS_A_YEAR * ratio(span.total("dismissals"), span.total("filled"))


def regretted_quits_rate(span: Span) -> Array:
    """Quits of visibly strong reps a year over mean filled seats."""
    return MONTHS_A_YEAR * ratio(span.total("regretted_quits"), span.total("filled"))


def headcount(span: Span) -> Array:
    """Mean filled seats."""
    return span.mean("filled")


def vacancy_share(span: Span) -> Array:
    """Share of seats without a rep."""
    return ratio(span.total("seats") - span.total("filled"), span.total("seats"))


def tenure_median(span: Span) -> Array:
    """Median months since hire, averaged over the yearly counts."""
    return span.observed_mean("tenure_median")


def survival_12(span: Span) -> Array:
    """Chance of staying twelve months."""
    return _survival_at(span, 12)


def survival_24(span: Span) -> Array:
    """Chance of staying twenty-four months."""
    return _survival_at(span, 24)


def _survival_at(span: Span, tenure: int) -> Array:
    window = (span.first, span.first + span.length)
    return survival_by_cell(span.records, longest=tenure, window=window)[..., tenure]

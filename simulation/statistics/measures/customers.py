"""Customers: whether they renew, grow, are content and bring others."""

from __future__ import annotations

from simulation.statistics.measures.span import MONTHS_A_YEAR, Span, ratio
from simulation.vocabulary import Array


def renewal_rate(span: Span) -> Array:
    """Customers that renew over customers due."""
    return ratio(span.total("renewed_customers"), span.total("due_customers"))


def grr(span: Span) -> Array:
    """One less the annual value lost in a year, at renewal or between, over the mean book in reps' care."""
    lost = span.total("due_value") - span.total("renewed_value") + span.total("book_lost")
    return 1.0 - MONTHS_A_YEAR * ratio(lost, span.total("book_value"))


def nrr(span: Span) -> Array:
    """Gross retention, and the annual value added to customers in a year over the same book."""
    return grr(span) + MONTHS_A_YEAR * ratio(span.total("expanded_value"), span.total("book_value"))


def satisfaction(span: Span) -> Array:
    """Satisfaction averaged over customers and months."""
    return ratio(span.total("satisfaction_customers"), span.total("customers"))


def referrals(span: Span) -> Array:
    """Leads from customers in a year."""
    return span.yearly("referrals")


def referral_rate(span: Span) -> Array:
    """Leads that a customer in reps' care brings in a year."""
    return MONTHS_A_YEAR * ratio(span.total("referrals"), span.total("customers"))


def saved_share(span: Span) -> Array:
    """Customers saved over customers warned of."""
    return ratio(span.total("saved"), span.total("warned"))

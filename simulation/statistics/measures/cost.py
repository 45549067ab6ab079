"""Money out: pay, the firm's other costs, and what turnover costs."""

from __future__ import annotations

from collections.abc import Mapping

from simulation.statistics.measures.span import Span, ratio
from simulation.vocabulary import Array

COST_LINES: Mapping[str, tuple[str, ...]] = {
    "cogs": ("cogs",),
    "pay": ("cash_pay", "equity_cost"),
    "programme": ("programme_cost",),
    "hiring_training": ("hiring_cost", "training_cost"),
    "marketing": ("marketing_cost",),
    "service": ("service_cost",),
}
"""Lines between revenue and contribution, each with the sums it is made of."""


def cost_line(span: Span, line: str) -> Array:
    """One line of cost in an average year."""
    first, *others = (span.yearly(key) for key in COST_LINES[line])
    return sum(others, start=first)


def pay_cost(span: Span) -> Array:
    """Cash paid to reps, and equity at its cost."""
    return cost_line(span, "pay")


def total_cost(span: Span) -> Array:
    """Every line of cost but the cost of goods."""
    pay, *others = (cost_line(span, line) for line in COST_LINES if line != "cogs")
    return sum(others, start=pay)


def pay_cost_ratio(span: Span) -> Array:
    """Pay cost over revenue."""
    return ratio(pay_cost(span), span.yearly("revenue"))


def cost_of_turnover(span: Span) -> Array:
    """Hiring, training, and gross profit lost against seats that stay filled."""
    spent = span.yearly("hiring_cost") + span.yearly("training_cost")
    return spent + span.yearly("lost_vacancy") + span.yearly("lost_ramp") + span.yearly("lost_accounts")

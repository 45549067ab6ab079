"""Money in: bookings, revenue, profit, and what the firm is worth at the end."""

from __future__ import annotations

import numpy as np

from simulation.statistics.measures.cost import total_cost
from simulation.statistics.measures.span import Span, ratio
from simulation.vocabulary import Array


def bookings(span: Span) -> Array:
    """First-year value of deals won, net of discount."""
    return span.yearly("bookings")


def revenue(span: Span) -> Array:
    """Recognised revenue, net of discount."""
    return span.yearly("revenue")


def gross_profit(span: Span) -> Array:
    """Revenue less cost of goods."""
    return span.yearly("revenue") - span.yearly("cogs")


def contribution(span: Span) -> Array:
    """Gross profit less total cost."""
    return gross_profit(span) - total_cost(span)


def enterprise_value(span: Span) -> Array:
    """Multiple times the recurring annual value at the end, and a year of one-off gross profit.

    The cost of goods of one-off sales is their share of list revenue;
    deals carry one discount on both parts, so list over net bookings brings one-off revenue to list.
    A year in which no deal was won has no one-off sales.
    """
    year = span.last_year()
    one_off = year.yearly("oneoff_revenue")
    list_over_net = ratio(year.total("bookings_list"), year.total("bookings"))
    cost_share = ratio(year.total("cogs"), year.total("list_revenue"))
    profit = one_off - one_off * list_over_net * cost_share
    profit[one_off == 0] = 0.0
    multiple = span.records.ran_with.contract.value_multiple
    return (multiple if np.ndim(multiple) == 0 else multiple[..., 0]) * span.end("recurring_value") + profit

"""What the firm earns and spends in a month.

    revenue          = one-off part of deals won + installed base at the month's start x annual value / 12, net of discount
    cost of goods    = (1 - gross margin) x the same at list price: a discount falls wholly on profit
    enterprise value = multiple x recurring annual value + one year of one-off gross profit
"""

from __future__ import annotations

import numpy as np

from simulation.evidence.read import Parameters
from simulation.vocabulary import Array, PerSeat


def revenue(bookings: PerSeat, installed: PerSeat, p: Parameters) -> PerSeat:
    """Recognised revenue this month; works for net and for list values alike."""
    return p.contract.one_off_share * bookings + installed / 12.0


def cost_of_goods(list_revenue: PerSeat, p: Parameters) -> PerSeat:
    """Cost of what was delivered this month."""
    return (1.0 - p.contract.gross_margin) * list_revenue


def service_cost(installed: PerSeat, p: Parameters) -> PerSeat:
    """Cost of looking after the installed base this month."""
    return p.contract.service_cost_share * installed / 12.0


def enterprise_value(recurring: Array, one_off_profit: Array, p: Parameters) -> Array:
    """Value of the firm, in usd: `recurring` annual value, `one_off_profit` gross profit of a year."""
    return p.contract.value_multiple * recurring + one_off_profit


def share_price(value: Array, first_value: Array) -> Array:
    """Price of a share against month 0, never below a hundredth; 1 before there is a first value."""
    known = first_value > 0.0
    return np.where(known, np.maximum(value / np.where(known, first_value, 1.0), 0.01), 1.0)

"""Demand, and who works the leads.

    leads of a territory = rate x territory x season x exp(demand shock) x multiple
                           x (1 - m + m x exp(need) x (spend / mean spend)^elasticity) x exp(pushes) + referrals
    shock'               = rho x shock + sigma sqrt(1 - rho^2) x z

Part of a vacant seat's leads is shared out over the region's reps by territory; the rest is lost, and counted.
"""

from __future__ import annotations

import numpy as np

from simulation.evidence.read import Parameters
from simulation.state import Grouping
from simulation.vocabulary import Array, PerRegion, PerSeat, Push


def season(month: int, p: Parameters) -> Push:
    """Seasonal multiple of demand: mean 1 over a year."""
    return 1.0 + p.market.season_amplitude * np.sin(2.0 * np.pi * (month + 0.5) / 12.0)


def shock(before: PerRegion, z: Array, sd: float, p: Parameters) -> PerRegion:
    """A regional AR(1) shock with stationary standard deviation `sd`."""
    rho = p.market.shock_persistence
    return rho * before + sd * np.sqrt(1.0 - rho * rho) * z


def marketing_response(need: PerRegion, lead_weight: Push, p: Parameters) -> PerRegion:
    """Multiple of the leads that marketing brings to each region; spend is split in proportion to exp(lead_weight)."""
    weight = np.exp(lead_weight + np.zeros_like(need))
    share = weight / weight.mean(axis=-1, keepdims=True)
    return np.exp(need) * share**p.market.marketing_elasticity


def heat(demand: PerRegion, response: PerRegion, season: Push, p: Parameters) -> PerRegion:
    """Leads a month of an ordinary territory in each region."""
    marketed = 1.0 - p.market.marketing_share + p.market.marketing_share * response
    return p.market.lead_rate * marketed * np.exp(demand) * (season * p.condition.demand)


def arising(territory: PerSeat, heat: PerSeat, push: Push) -> PerSeat:
    """Leads that arise in each territory this month, whoever sits there; referrals come on top."""
    return territory * heat * np.exp(push)


def marketed_share(response: PerRegion, p: Parameters) -> PerRegion:
    """Share of a territory's own leads that marketing brought."""
    brought = p.market.marketing_share * response
    return brought / (1.0 - p.market.marketing_share + brought)


def share_out(arising: PerSeat, filled: PerSeat, territory: PerSeat, region: Grouping, p: Parameters) -> PerSeat:
    """Leads worked by each rep: its own, and its share of those that vacant seats of the region leave behind."""
    orphaned = region.sum(arising * (1.0 - filled)) * p.market.vacancy_cover
    working = region.sum(territory * filled)
    extra = orphaned / np.where(working > 0.0, working, 1.0)
    return filled * (arising + territory * region.to_seats(extra))


def saturation(customers: PerRegion, addressable: PerRegion, p: Parameters) -> PerRegion:
    """Log-odds lost because much of a region has been won already; zero at the reference penetration."""
    return p.market.saturation_slope * (customers / addressable - p.market.reference_penetration)

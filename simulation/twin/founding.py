"""The organisation before its first month: territories, teams, regions, and what incumbents hold (MODEL.md, section 5)."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp
from types import SimpleNamespace
from typing import Any

from simulation.errors import ScenarioError
from simulation.evidence.read import Parameters
from simulation.twin.accounts import Book
from simulation.twin.curves import expit
from simulation.twin.luck import lasting, normal
from simulation.twin.people import Person, newly_come
from simulation.twin.posts import Pipeline, Region, Seat, Team


def groups_of(parameters: Parameters) -> SimpleNamespace:
    """The parameters by group, as `p.selling.price_slope`; `condition` is this month's market."""
    names = {group for group, _ in parameters.rows}
    return SimpleNamespace(condition=parameters.condition, **{name: getattr(parameters, name) for name in names})


def lay_out(seed: int, count: int, p: Any) -> tuple[list[Team], list[Region], list[int]]:
    """Teams, regions, and the region of each team."""
    teams = -(-count // int(p.market.span))
    regions = min(int(p.market.regions), teams)
    managers, needs = lasting(seed, "manager", teams), lasting(seed, "need", regions)
    return (
        [Team(k, manager=p.labour.manager_mean + float(normal(u))) for k, u in enumerate(managers)],
        [Region(k, need=p.market.need_sd * float(normal(u))) for k, u in enumerate(needs)],
        [k * regions // teams for k in range(teams)],
    )


def ramp_at(tenure: float, p: Any) -> float:
    """Productivity of an ordinary rep of that tenure."""
    return float(1.0 - (1.0 - p.learning.start_productivity) * exp(-tenure / p.contract.ramp_tau))


def found(seed: int, people: Sequence[tuple[Person, float]], p: Any) -> tuple[list[Seat], list[Team], list[Region]]:
    """Seats with the pipelines and accounts of people of those tenures; nobody sits in them yet."""
    teams, regions, region_of_team = lay_out(seed, len(people), p)
    spread = p.market.territory_sigma
    territories = [exp(spread * float(normal(u)) - spread**2 / 2.0) for u in lasting(seed, "territory", len(people))]
    quotas = [p.contract.quota / 12.0 * (1.0 + p.market.quota_follows_territory * (t - 1.0)) for t in territories]
    typical, orphaned = sum(quotas) / len(quotas), newly_come(p)
    seats = []
    for number, (person, tenure) in enumerate(people):
        team = teams[number // int(p.market.span)]
        region = regions[region_of_team[team.number]]
        able = exp(p.people.ability_sigma * person.talent)
        arrivals = p.market.lead_rate * territories[number] * able * ramp_at(tenure, p)
        seat = Seat(
            number, team, region,
            territory=territories[number],
            market_pay=p.contract.ote / 12.0,
            standard_quota=quotas[number],
            pipeline=_steady(arrivals * (1.0 - p.market.key_share), p.market.close_rate, p),
            key_pipeline=_steady(arrivals * p.market.key_share, p.market.close_rate / p.market.key_cycle, p),
            book=steady_book(territories[number] * typical, orphaned, p),
        )  # fmt: skip
        team.seats.append(seat)
        region.seats.append(seat)
        seats.append(seat)
    return seats, teams, regions


def _steady(arrivals: float, closing: float, p: Any) -> Pipeline:
    return Pipeline(stock=arrivals / (closing + p.selling.stale_rate))


def steady_book(share: float, orphaned: float, p: Any) -> Book:
    """Accounts that neither grow nor shrink at the sales of a territory.

    `share` is its part of quota, usd a month; `orphaned` the share of seats whose accounts suffer from a leaver.
    """
    c = p.contract
    sales, renewal = c.first_sales * share, expit(c.renewal_intercept)
    out = 12.0 * (c.house_rate + orphaned * p.customers.orphan_hazard)
    shrinks = out + 1.0 - renewal * (1.0 + c.expansion_rate)
    if shrinks < 0.1:
        raise ScenarioError(
            f"world.contract.expansion_rate = {c.expansion_rate:g}: accounts would grow for ever in a rep's care, so no steady "
            "start exists; lower it, or contract.renewal_intercept"
        )
    value = 12.0 * sales * (1.0 - c.one_off_share) / shrinks
    customers = 12.0 * sales / p.market.deal_value / (out + 1.0 - renewal)
    house = (1.0 - exp(-c.house_rate)) / (1.0 - c.house_renewal ** (1.0 / 12.0))
    return Book(
        book_value=value,
        book_list=value,
        book_customers=customers,
        house_value=value * house,
        house_list=value * house,
        house_customers=customers * house,
        satisfaction=p.customers.base_service,
        referrals=p.customers.referral_rate * customers,
        cohort_value=[value / 12.0] * 12,
        cohort_customers=[customers / 12.0] * 12,
    )

"""How an organisation starts: people, deals and accounts near their steady state, then a warm-up.

Incumbents are drawn as survivors: a grid over talent and frailty carries, for each cell, the chance of being hired and
the survival curve that quits and dismissals leave; tenure is drawn from the stationary distribution that follows.
(Drawing incumbents like newcomers made revenue per rep rise for a decade with no policy at all.)
Pipelines and account books start at the closed-form steady state of their rules. What the closed forms leave out
settles in the warm-up, which runs under the baseline and is not reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, NamedTuple

import numpy as np
from scipy.special import expit, ndtri

from simulation.draws import Draws, generator
from simulation.errors import ScenarioError
from simulation.evidence.read import Parameters
from simulation.newcomers import HALF_STEP, Where, largest, profile, reference_tasks, risk_aversion_of, traits
from simulation.rules.leaving import LONGEST, tenure_profile
from simulation.state import COHORTS, Grouping, Layout, State
from simulation.vocabulary import ORDINARY_PERIOD, SEAT_BLOCK, Array, Motives

WARM_UP = 48
"""Months before month 0, a whole number of years; lengthened until a steady world shows no trend afterwards."""
GRID = np.linspace(-2.4, 2.4, 9)
STARTS_AT_ONE = (
    "filled", "record", "capacity", "rounds", "outlook_mean", "outlook_spread", "fresh_mean", "fresh_spread", "closes_in_period",
)  # fmt: skip
DRAWN_WITH = (
    ("people", "frailty_sigma"), ("leaving", "floor"), ("leaving", "grace_months"),
    ("labour", "quit_intercept"), ("labour", "dismissal_intercept"), ("labour", "offer_ability_slope"),
    ("leaving", "pay_slope"), ("leaving", "money_base"), ("leaving", "money_weight"), ("people", "ability_sigma"),
    ("contract", "reference_slope"), ("contract", "quota"), ("contract", "ote"), ("customers", "orphan_months"),
)  # fmt: skip
"""Parameters that incumbents are drawn with; where they differ between rows or seeds, so do the chances to draw from."""
LEAST_SHRINKING = 0.1
"""Share of a book, a year, that must leave a rep's care on balance for the book to have a steady state."""
FIRST_PLAYBOOK = 0.2
HIRED_SHIFT, HIRED_SPREAD = 0.62, 0.95
"""Talent of the hired in population standard deviations: best signal of five candidates, most of whom accept."""
QUIT_LEVEL = 0.7
"""Log-odds of quitting beyond the intercept that pay, envy, contagion and offers add on average, for drawing incumbents only."""
DISMISSAL_LEVEL, DISMISSAL_BY_TALENT = 0.65, 0.33
"""Log-odds of dismissal beyond the intercept at mean talent, and what a standard deviation of talent takes off;
for drawing incumbents only, the warm-up corrects it."""


def seat_normal(seeds: Sequence[int], stream: str, places: int) -> Array:
    """Standard normals (1, seed, place) that are fixed for a run: territories, managers, regional need."""
    return ndtri(seat_uniform(seeds, stream, places) + HALF_STEP)


def seat_uniform(seeds: Sequence[int], stream: str, places: int) -> Array:
    """Uniforms (1, seed, place) that are fixed for a run, in blocks of seats like all others."""
    blocks = range(-(-places // SEAT_BLOCK))
    rows = [np.concatenate([generator(seed, stream, b).random(SEAT_BLOCK) for b in blocks])[:places] for seed in seeds]
    return np.stack(rows)[None]


class Survivors(NamedTuple):
    """Stationary incumbents of one row and seed.

    cells : (cell,) cumulative chance; talent varies slowest over GRID x GRID
    tenure : (cell, month) cumulative chance of having at most that tenure
    orphaned : share of seats whose accounts still suffer from a leaver: those of reps newer than that lasts
    """

    cells: Array
    tenure: Array
    orphaned: float


def survivors(p: Parameters, row: int = 0, place: int = 0) -> Survivors:
    """Stationary incumbents of a row and seed of the block, by their places: survivors of years of hiring and leaving."""
    of = lambda value: _at(value, row, place)  # noqa: E731
    talent, frailty = (g.ravel() for g in np.meshgrid(GRID, GRID, indexing="ij"))
    hired = np.exp(-0.5 * ((talent - HIRED_SHIFT) / HIRED_SPREAD) ** 2 - 0.5 * frailty**2)
    tempted = -of(p.leaving.pay_slope * (p.leaving.money_base + p.leaving.money_weight) * gap_by_talent(p))
    level = of(p.labour.quit_intercept) + QUIT_LEVEL + of(p.people.frailty_sigma) * frailty
    level = level + tempted * (talent - HIRED_SHIFT)
    quit_chance = expit(level[:, None] + tenure_profile(p.leaving.quit_profile)) + of(p.leaving.floor)
    level = of(p.labour.dismissal_intercept) + DISMISSAL_LEVEL - DISMISSAL_BY_TALENT * talent
    reviewed = np.arange(LONGEST + 1) >= of(p.leaving.grace_months)
    hazard = quit_chance + reviewed * expit(level[:, None] + tenure_profile(p.leaving.dismissal_profile))
    alive = np.cumprod(np.concatenate([np.ones((talent.size, 1)), 1.0 - hazard[:, 1:]], axis=1), axis=1)
    weight = hired[:, None] * alive
    orphaned = weight[:, np.arange(LONGEST + 1) < of(p.customers.orphan_months)].sum() / weight.sum()
    cells = np.cumsum(weight.sum(axis=1)) / weight.sum()
    return Survivors(cells, np.cumsum(weight, axis=1) / weight.sum(axis=1, keepdims=True), float(orphaned))


def gap_by_talent(p: Parameters) -> Any:
    """Pay gap that a standard deviation of talent adds: pay follows sales as far as the ordinary plan lets it.

    `contract.reference_slope` is what a dollar of sales adds to pay, so times quota over target pay it is the part that follows.
    """
    follows = p.contract.reference_slope * p.contract.quota / p.contract.ote
    return p.people.ability_sigma * (follows - p.labour.offer_ability_slope)


def _at(value: Any, row: int, place: int) -> float:
    """A parameter at a row and seed of the block."""
    if np.ndim(value) == 0:
        return float(value)
    rows, seeds, _ = np.shape(value)
    return float(value[row if rows > 1 else 0, place if seeds > 1 else 0, 0])


def _chances(p: Parameters, rows: int, seeds: int) -> list[list[Survivors]]:
    """Chances to draw incumbents from, by row and seed; along an axis on which no parameter differs there is one."""
    shapes = [np.shape(getattr(p.__dict__[group], name)) for group, name in DRAWN_WITH]
    differ = [any(shape and shape[axis] > 1 for shape in shapes) for axis in (0, 1)]
    return [
        [survivors(p, row, place) for place in range(seeds if differ[1] else 1)] for row in range(rows if differ[0] else 1)
    ]


def start_state(p: Parameters, seeds: Sequence[int], seats: int, policies: int, people: Draws) -> State:
    """The organisation before its warm-up, with `policies` equal rows (parameters may differ between rows)."""
    layout = Layout(seats, int(p.market.span), int(p.market.regions))
    shape = (policies, len(seeds), seats)
    sigma = p.market.territory_sigma
    territory = _filled(np.exp(sigma * seat_normal(seeds, "territory", seats) - 0.5 * sigma * sigma), shape)
    quota = _filled(p.contract.quota / 12.0 * (1.0 + p.market.quota_follows_territory * (territory - 1.0)), shape)
    chances = _chances(p, policies, len(seeds))
    orphaned = np.array([[one.orphaned for one in own] for own in chances])[..., None]
    person = _incumbents(p, seeds, shape, people, chances)
    ramp = 1.0 - (1.0 - p.learning.start_productivity) * np.exp(-person["tenure"] / p.contract.ramp_tau)
    ability = np.exp(p.people.ability_sigma * person["talent"])
    pace = quota.mean(axis=-1, keepdims=True) * territory * ability / ability.mean(axis=-1, keepdims=True)
    given: dict[str, Any] = {
        "team": Grouping.of(layout.team_of_seat), "region": Grouping.of(layout.region_of_seat), "memory": {},
        "territory": territory, "market_pay": _filled(p.contract.ote / 12.0, shape), "standard_quota": quota,
        "monthly_quota": quota.copy(), "next_quota": quota.copy(),
        "period_quota": quota.copy(), "pace": pace, "expected_sales": pace.copy(),
        "ramp": _filled(ramp, shape), "ramped": 1.0 * (person["tenure"] >= p.contract.ramp_months),
        "year_sales": np.repeat((pace * ramp)[None], COHORTS, axis=0), "expected_pay": _filled(p.contract.ote / 12.0, shape),
        "period_months": np.full((policies, 1, 1), float(ORDINARY_PERIOD)), "months_left": np.ones((policies, 1, 1)),
        "since_review": np.ones((policies, 1, 1)), "usual_gap": gap_by_talent(p) * person["talent"],
    }  # fmt: skip
    given |= (
        person
        | _pipelines(p, territory * ability * ramp)
        | _books(p, p.contract.first_sales * territory * quota.mean(axis=-1, keepdims=True), orphaned)
    )
    given |= _groups(p, seeds, shape, layout)
    given |= {name: np.ones(shape) for name in STARTS_AT_ONE}
    given["met"] = Motives(*(np.zeros(shape) for _ in range(6)))
    given |= {name: reference_tasks(shape) for name in ("benefit", "output")}
    every: dict[str, Any] = {f.name: given[f.name] if f.name in given else np.zeros(shape) for f in fields(State)}
    return State(**every)


def _filled(value: Any, shape: tuple[int, ...]) -> Array:
    """A value of its own for every place."""
    return np.array(np.broadcast_to(value, shape), dtype=float, order="C")


def _pipelines(p: Parameters, arrivals_per_lead: Array) -> dict[str, Array]:
    """Open opportunities at their steady state, ordinary and of key accounts."""
    arrivals = p.market.lead_rate * arrivals_per_lead
    rate, key_rate = p.market.close_rate, p.market.close_rate / p.market.key_cycle
    return {
        "pipeline": arrivals * (1.0 - p.market.key_share) / (rate + p.selling.stale_rate),
        "key_pipeline": arrivals * p.market.key_share / (key_rate + p.selling.stale_rate),
    }


def _groups(p: Parameters, seeds: Sequence[int], shape: tuple[int, int, int], layout: Layout) -> dict[str, Array]:
    """What belongs to teams, regions and the firm."""
    regions, teams, firm = ((*shape[:2], k) for k in (layout.regions, layout.teams, 1))
    manager = p.labour.manager_mean + seat_normal(seeds, "manager", layout.teams)
    return {
        "need": _filled(p.market.need_sd * seat_normal(seeds, "need", layout.regions), regions),
        "demand": np.zeros(regions), "competitor": np.zeros(regions), "knowledge": np.ones(regions),
        "playbook": np.full(regions, FIRST_PLAYBOOK), "manager": manager,
        "leavers_recent": np.zeros(teams), "leavers_felt": np.zeros(teams),
        "equity_price": np.ones(firm), "enterprise_value": np.ones(firm), "first_value": np.zeros(firm),
    }  # fmt: skip


def _incumbents(
    p: Parameters, seeds: Sequence[int], shape: tuple[int, int, int], draws: Draws, chances: Sequence[Sequence[Survivors]]
) -> dict[str, Any]:
    """Traits and tenure of the reps in place, one a seat; `chances` by row and seed, one where they do not differ."""
    seats = shape[2]
    place, u = (seat_uniform(seeds, stream, seats)[0] for stream in ("incumbent cell", "incumbent tenure"))
    each = [[own[k if len(own) > 1 else 0] for k in range(len(seeds))] for own in chances]
    cell = np.array([[np.searchsorted(one.cells, x) for one, x in zip(own, place, strict=True)] for own in each])
    cell = np.minimum(cell, GRID.size**2 - 1)
    tenure = np.array([
        [(one.tenure[who] < x[:, None]).sum(axis=-1) for one, who, x in zip(own, cells, u, strict=True)]
        for own, cells in zip(each, cell, strict=True)
    ], dtype=float)  # fmt: skip
    width = GRID[1] - GRID[0]
    streams = ("incumbent talent", "incumbent frailty")
    off_talent, off_frailty = (width * (seat_uniform(seeds, stream, seats)[0] - 0.5) for stream in streams)
    draws.people.grow(1)
    policy, seed, seat = (k.ravel() for k in np.indices(shape))
    where = Where(policy, seed, seat, np.arange(seat.size))
    first = np.zeros_like(seed), seed, seat
    drawn = {name: value.reshape(shape) for name, value in traits(draws.people.normals(*first), where, p).items()}
    weights = profile(lambda motive: draws.people.person(motive, *first), where, p)
    risk = risk_aversion_of(seat_normal(seeds, "incumbent risk", seats)[0][seed, seat], where, p).reshape(shape)
    return drawn | {
        "talent": _filled(GRID[cell // GRID.size] + off_talent, shape),
        "frailty": _filled(GRID[cell % GRID.size] + off_frailty, shape),
        "tenure": _filled(tenure, shape),
        "risk_aversion": risk,
        "segment": largest(weights).reshape(shape),
        "profile": Motives(*(w.reshape(shape) for w in weights)),
    }


def _books(p: Parameters, monthly_sales: Array, orphaned: Array) -> dict[str, Array]:
    """Accounts in reps' care and in the house book at the steady state that sales a month imply.

    `orphaned` is the share of seats whose accounts suffer from a leaver.
    """
    renewal = expit(p.contract.renewal_intercept)
    out = 12.0 * (p.contract.house_rate + orphaned * p.customers.orphan_hazard)
    recurring = 12.0 * monthly_sales * (1.0 - p.contract.one_off_share)
    shrinks = out + 1.0 - renewal * (1.0 + p.contract.expansion_rate)
    if np.min(shrinks) < LEAST_SHRINKING:
        raise ScenarioError(
            f"world.contract.expansion_rate = {np.max(p.contract.expansion_rate):g} and world.contract.house_rate = "
            f"{np.min(p.contract.house_rate):g} 1/month let accounts grow for ever in a rep's care, so no steady start exists; "
            "lower the first or raise the second"
        )
    value = recurring / shrinks
    customers = 12.0 * monthly_sales / p.market.deal_value / (out + 1.0 - renewal)
    house = -np.expm1(-p.contract.house_rate) / (1.0 - p.contract.house_renewal ** (1.0 / 12.0))
    return {
        "book_value": value, "book_list": value.copy(), "book_customers": customers, "book_scale": np.ones_like(value),
        "cohort_value": np.repeat(value[None] / COHORTS, COHORTS, axis=0),
        "cohort_customers": np.repeat(customers[None] / COHORTS, COHORTS, axis=0),
        "house_value": value * house, "house_list": value * house, "house_customers": customers * house,
        "satisfaction": _filled(p.customers.base_service, value.shape), "referrals": p.customers.referral_rate * customers,
    }  # fmt: skip

"""How an organisation starts: people, deals and accounts near their steady state, then a warm-up.

Incumbents are drawn as survivors: a grid over talent and frailty carries, for each cell, the chance of being hired and
the survival curve that quits and dismissals leave; tenure is drawn from the stationary distribution that follows.
(Drawing incumbents like newcomers made revenue per rep rise for a decade with no policy at all.)
Pipelines and account books start at the closed-form steady state of their rules. What the closed forms leave out
settles in the warm-up, which runs under the baseline and is not reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.special import expit, ndtri

from simulation.draws import Draws, generator
from simulation.evidence.read import Parameters
from simulation.newcomers import HALF_STEP, Where, largest, profile, reference_tasks, risk_aversion_of, traits
from simulation.rules.leaving import LONGEST, NO_WISH, tenure_profile
from simulation.state import COHORTS, Grouping, Layout, State
from simulation.vocabulary import SEAT_BLOCK, Array, Motives

WARM_UP = 48
"""Months before month 0, a whole number of years; lengthened until a steady world shows no trend afterwards."""
GRID = np.linspace(-2.4, 2.4, 9)


def seat_normal(seeds: Sequence[int], stream: str, places: int) -> Array:
    """Standard normals (1, seed, place) that are fixed for a run: territories, managers, regional need."""
    return ndtri(seat_uniform(seeds, stream, places) + HALF_STEP)


def seat_uniform(seeds: Sequence[int], stream: str, places: int) -> Array:
    """Uniforms (1, seed, place) that are fixed for a run, in blocks of seats like all others."""
    blocks = range(-(-places // SEAT_BLOCK))
    rows = [np.concatenate([generator(seed, stream, b).random(SEAT_BLOCK) for b in blocks])[:places] for seed in seeds]
    return np.stack(rows)[None]


def survivors(p: Parameters) -> tuple[Array, Array]:
    """Stationary incumbents: chance of each (talent, frailty) cell, and of each month of tenure in it.

    Returns
    -------
    cells : (cell,) cumulative chance; talent varies slowest over GRID x GRID
    tenure : (cell, month) cumulative chance of having at most that tenure
    """
    talent, frailty = (g.ravel() for g in np.meshgrid(GRID, GRID, indexing="ij"))
    hired = np.exp(-0.5 * ((talent - HIRED_SHIFT) / HIRED_SPREAD) ** 2 - 0.5 * frailty**2)
    quit_x = _mean(p.labour.quit_intercept) + tenure_profile(p.leaving.quit_profile) + _mean(p.people.frailty_sigma) * frailty[:, None]
    fired_x = _mean(p.labour.dismissal_intercept) + tenure_profile(p.leaving.dismissal_profile) + DISMISSAL_BY_TALENT(talent)[:, None]
    hazard = expit(quit_x) + expit(fired_x) * (np.arange(LONGEST + 1) >= _mean(p.leaving.grace_months)) + _mean(p.leaving.floor)
    alive = np.cumprod(np.concatenate([np.ones((talent.size, 1)), 1.0 - hazard[:, 1:]], axis=1), axis=1)
    weight = hired[:, None] * alive
    cells = np.cumsum(weight.sum(axis=1)) / weight.sum()
    return cells, np.cumsum(weight, axis=1) / weight.sum(axis=1, keepdims=True)


HIRED_SHIFT, HIRED_SPREAD = 0.7, 0.85
"""Talent of the hired in population standard deviations: best signal of five candidates, most of whom accept."""


def DISMISSAL_BY_TALENT(talent: Array) -> Array:  # noqa: N802
    """Log-odds that talent takes off dismissal, for drawing incumbents only; the warm-up corrects it."""
    return 1.0 - 0.8 * talent


def _mean(value: Any) -> float:
    """A parameter that may be stacked over policies, as the one number that incumbents are drawn with."""
    return float(np.mean(value))


def start_state(p: Parameters, seeds: Sequence[int], seats: int, policies: int, people: Draws) -> State:
    """The organisation before its warm-up, with `policies` equal rows (parameters may differ between rows)."""
    layout = Layout(seats, int(p.market.span), int(p.market.regions))
    team, region = Grouping.of(layout.team_of_seat), Grouping.of(layout.region_of_seat)
    shape = (policies, len(seeds), seats)
    zero, one = (lambda: np.zeros(shape)), (lambda: np.ones(shape))
    full = lambda x: np.array(np.broadcast_to(x, shape))  # noqa: E731
    by_region = lambda x: np.array(np.broadcast_to(x, (*shape[:2], layout.regions)))  # noqa: E731
    z = seat_normal(seeds, "territory", seats)
    sigma = p.market.territory_sigma
    territory = full(np.exp(sigma * z - 0.5 * sigma * sigma))
    quota = full(p.contract.quota / 12.0 * (1.0 + p.market.quota_follows_territory * (territory - 1.0)))
    person = _incumbents(p, seeds, shape, people)
    ability = np.exp(p.people.ability_sigma * person["talent"])
    ramp = 1.0 - (1.0 - p.learning.start_productivity) * np.exp(-person["tenure"] / p.contract.ramp_tau)
    arrivals = p.market.lead_rate * territory * ability * ramp
    leaving_rate = p.market.close_rate + p.selling.stale_rate
    ability_mean = ability.mean(axis=-1, keepdims=True)
    pace = quota * territory / (quota / quota.mean(axis=-1, keepdims=True)) * ability / ability_mean
    book, customers, house, house_customers = _books(pace * ramp, p)
    return State(
        team=team, region=region, territory=territory, market_pay=full(p.contract.ote / 12.0), standard_quota=quota,
        filled=one(), newcomer=zero(), ramped=1.0 * (person["tenure"] >= p.contract.ramp_months), ramp=full(ramp), pace=full(pace),
        skill=zero(), record=one(), usual_gap=zero(), setbacks=zero(), sold=zero(), period_quota=quota.copy(),
        year_sales=np.repeat((pace * ramp)[None], COHORTS, axis=0), year_pay=zero(), wish=np.full(shape, NO_WISH), offer_months=zero(),
        met=Motives(*(zero() for _ in range(6))), fit=zero(), benefit=reference_tasks(shape), output=reference_tasks(shape), capacity=one(),
        log_ratchet=zero(), monthly_quota=quota.copy(), period_months=np.full((policies, 1, 1), 3.0), months_left=np.ones((policies, 1, 1)),
        expected_pay=full(p.contract.ote / 12.0), outlook_mean=one(), outlook_spread=one(), fresh_mean=one(), fresh_spread=one(),
        closes_in_period=one(), demand=by_region(0.0), competitor=by_region(0.0),
        need=by_region(p.market.need_sd * seat_normal(seeds, "need", layout.regions)),
        leads=zero(), referrals=full(p.customers.referral_rate * customers),
        pipeline=full(arrivals * (1.0 - p.market.key_share) / leaving_rate),
        key_pipeline=full(arrivals * p.market.key_share / (p.market.close_rate / p.market.key_cycle + p.selling.stale_rate)),
        discount=zero(), deals=zero(), bookings=zero(), credited=zero(), expected_sales=full(pace),
        cohort_value=np.repeat(book[None] / COHORTS, COHORTS, axis=0), cohort_customers=np.repeat(customers[None] / COHORTS, COHORTS, axis=0),
        book_scale=one(), book_value=full(book), book_list=full(book), book_customers=full(customers),
        house_value=full(house), house_list=full(house), house_customers=full(house_customers),
        satisfaction=full(p.customers.base_service), orphan_months=zero(), young_loss=zero(), lapse_share=zero(),
        renewed_value=zero(), expanded_value=zero(), failures=zero(), trial_costs=zero(), playbook=by_region(0.2), knowledge=by_region(1.0),
        manager=seat_normal(seeds, "manager", layout.teams), leavers_recent=np.zeros((*shape[:2], layout.teams)),
        leavers_felt=np.zeros((*shape[:2], layout.teams)), threat=zero(), quits=zero(), dismissals=zero(),
        vacant_months=zero(), fill_months=zero(), rounds=one(),
        equity_price=np.ones((*shape[:2], 1)), enterprise_value=np.ones((*shape[:2], 1)), first_value=np.zeros((*shape[:2], 1)), memory={},
        **person,
    )  # fmt: skip


def _incumbents(p: Parameters, seeds: Sequence[int], shape: tuple[int, int, int], draws: Draws) -> dict[str, Any]:
    """Traits and tenure of the reps in place, one a seat, the same in every policy."""
    cells, tenures = survivors(p)
    seats = shape[2]
    place = seat_uniform(seeds, "incumbent cell", seats)[0]
    cell = np.minimum(np.searchsorted(cells, place), cells.size - 1)
    jitter = (GRID[1] - GRID[0]) * (seat_uniform(seeds, "incumbent jitter", 2 * seats)[0] - 0.5)
    u = seat_uniform(seeds, "incumbent tenure", seats)[0]
    tenure = (tenures[cell] < u[..., None]).sum(axis=-1).astype(float)
    draws.people.grow(1)
    policy, seed, seat = (k.ravel() for k in np.indices(shape))
    where = Where(policy, seed, seat)
    draw = lambda trait: draws.people.person(trait, np.zeros_like(seed), seed, seat)  # noqa: E731
    drawn = {name: value.reshape(shape) for name, value in traits(draw, where, p).items()}
    weights = profile(draw, where, p)
    risk = risk_aversion_of(seat_uniform(seeds, "incumbent risk", seats)[0][seed, seat], where, p).reshape(shape)
    across = lambda x: np.array(np.broadcast_to(x, shape))  # noqa: E731
    return drawn | {
        "talent": across(GRID[cell // GRID.size] + jitter[:, :seats]),
        "frailty": across(GRID[cell % GRID.size] + jitter[:, seats:]),
        "tenure": across(tenure),
        "risk_aversion": risk,
        "segment": largest(weights).reshape(shape),
        "profile": Motives(*(w.reshape(shape) for w in weights)),
    }


def _books(monthly_sales: Array, p: Parameters) -> tuple[Array, Array, Array, Array]:
    """Steady-state annual value and customers in reps' care and in the house book, from sales a month."""
    renewal = expit(p.contract.renewal_intercept)
    leavers = 0.25 * p.customers.orphan_hazard
    out = 12.0 * (p.contract.house_rate + leavers)
    value = 12.0 * monthly_sales * (1.0 - p.contract.one_off_share) / (out + 1.0 - renewal * (1.0 + p.contract.expansion_rate))
    customers = 12.0 * monthly_sales / p.market.deal_value / (out + 1.0 - renewal)
    house = 12.0 * p.contract.house_rate / (1.0 - p.contract.house_renewal)
    return value, customers, value * house, customers * house


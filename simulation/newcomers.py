"""Who is hired, and everything that is new about the person in the seat.

The one place that writes a rep's fields all at once; every other field is written by one rule on one line of `month.py`.
Recruiting rounds are rare (a few seats in a hundred each month), so they are worked out on flat index arrays.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from scipy.special import gammaincinv

from simulation.draws import People
from simulation.evidence.read import Parameters
from simulation.levers.base import Lever, LeverBoard
from simulation.rules import hiring
from simulation.state import State
from simulation.vocabulary import MOTIVES_IN_ORDER, Array, Motives, Outlook, Tasks

HALF_STEP = 2.0**-54


class Where(NamedTuple):
    """Places (event,): of policy, seed and seat, and of all three in a flattened (policy, seed, seat)."""

    policy: Any
    seed: Any
    seat: Any
    flat: Any

    @classmethod
    def of(cls, flags: Any) -> Where:
        """The places that are marked."""
        flat = np.flatnonzero(flags)
        policy, seed, seat = np.unravel_index(flat, flags.shape)
        return cls(policy, seed, seat, flat)

    def pick(self, value: Any) -> Any:
        """A parameter or push at these places: a number, or an array that broadcasts to (policy, seed, seat)."""
        if np.ndim(value) == 0:
            return value
        shape = np.shape(value)
        return np.asarray(value)[tuple(k if size > 1 else 0 for k, size in zip(self, shape, strict=False))]

    def subset(self, which: Any) -> Where:
        """Some of these places."""
        return Where(*(k[which] for k in self))


def write(array: Array, where: Where, value: Any) -> None:
    """Write values at places of a (policy, seed, seat); flattened where that is possible in place, which is quicker."""
    if array.flags.c_contiguous:
        array.reshape(-1)[where.flat] = value
    else:
        array[where.policy, where.seed, where.seat] = value


class Offer(NamedTuple):
    """What the firm's offer is worth at each talent of `hiring.ABILITY_GRID`, (talent, policy, seed, 1)."""

    log_pay: Array  # log of expected pay over market pay
    risk: Array  # standard deviation of pay over expected pay
    attainment: Array  # expected attainment at full ramp


def offer(s: State, levers: LeverBoard, p: Parameters) -> Offer:
    """Tabulate the offer: a candidate reckons with the attainment that the organisation's reps show, at its own ability."""
    ability = np.exp(p.people.ability_sigma * s.talent) * s.filled
    reps = np.maximum(s.filled.sum(axis=-1, keepdims=True), 1.0)
    usual = (s.fresh_mean * s.filled).sum(axis=-1, keepdims=True) / np.maximum(ability.sum(axis=-1, keepdims=True), 1e-9)
    talents = hiring.ABILITY_GRID.reshape(-1, 1, 1, 1)
    attainment = usual * np.exp(p.people.ability_sigma * talents)
    spread = np.maximum(p.goals.spread_floor, p.goals.sales_cv * attainment / np.sqrt(s.period_months))
    quota = (s.next_quota * s.filled).sum(axis=-1, keepdims=True) / reps
    market_pay = s.market_pay.mean(axis=-1, keepdims=True)
    book = s.book_value.mean(axis=-1, keepdims=True)
    view = Outlook(attainment, spread, np.maximum(quota, 1.0), market_pay, book, in_place=False)
    pay = np.maximum(market_pay + levers.push(Lever.expected_pay, s, view), 0.05 * market_pay) + 0.0 * attainment
    risk = levers.push(Lever.pay_risk, s, view) / pay
    return Offer(np.log(pay / market_pay), risk + 0.0 * attainment, attainment)


class Spot(NamedTuple):
    """Where candidates' talents lie in an offer's table, (event, candidate)."""

    below: Any  # flat place of the talent of the grid below
    above: Any  # and above
    part: Array  # of the way from one to the other


def spot(talent: Array, where: Where, seeds: int, pairs: int) -> Spot:
    """Where talents lie in a table of (talent, policy, seed, 1), which has so many seeds, and `pairs` of policy and seed."""
    step = hiring.ABILITY_GRID[1] - hiring.ABILITY_GRID[0]
    position = np.minimum(np.maximum((talent - hiring.ABILITY_GRID[0]) / step, 0.0), len(hiring.ABILITY_GRID) - 1.000001)
    low = position.astype(np.intp)
    below = low * pairs + (where.policy * seeds + where.seed)[:, None]
    return Spot(below, below + pairs, position - low)


def at_talent(table: Array, place: Spot) -> Array:
    """Linear interpolation of an offer's table at candidates' talents, (event, candidate)."""
    return table.take(place.below) * (1.0 - place.part) + table.take(place.above) * place.part


def recruit(s: State, levers: LeverBoard, people: People, p: Parameters) -> tuple[Array, Array]:
    """Hold this month's recruiting rounds and seat whoever accepts.

    Returns the seats whose round fell due and those where a newcomer now sits, as 1.0 or 0.0, (policy, seed, seat).
    """
    due = hiring.due(s.vacant_months, s.fill_months, s.filled)
    hired = np.zeros_like(s.filled)
    where = Where.of(due)
    if where.seat.size:
        rounds = s.rounds.take(where.flat).astype(np.intp)
        people.grow(int(rounds.max()) + 1)
        normal = people.normals(rounds, where.seed, where.seat)
        talent, view = normal["ability"], _view(p, where)
        risk_aversion = risk_aversion_of(normal["risk_aversion"], where, p, across=True)
        table = offer(s, levers, p)
        place = spot(talent, where, due.shape[1], due.shape[0] * due.shape[1])
        appeal = _column(where.pick(levers.push(Lever.appeal, s)))
        log_pay = at_talent(table.log_pay, place)
        chance = hiring.acceptance(log_pay, talent, at_talent(table.risk, place), risk_aversion, appeal, view)
        accepts = people.candidate("acceptance", rounds, where.seed, where.seat) < chance
        best, found = hiring.chosen(hiring.signal(talent, normal["signal"], view), accepts)
        who = np.flatnonzero(found)
        take = lambda x: x[who, best[who]]  # noqa: E731
        here = where.subset(who)
        write(hired, here, 1.0)
        outside = here.pick(p.labour.offer_ability_slope) * here.pick(p.people.ability_sigma) * take(talent)
        gap = take(log_pay) - outside - np.log(p.condition.outside_pay)
        _sit_down(s, here, levers, take(talent), take(risk_aversion), p)
        _expect(s, here, at_talent(table.attainment, Spot(*map(take, place))), gap)
        _draw_person(s, here, people, rounds[who], {trait: x[who] for trait, x in normal.items()}, p)
    return due.astype(float), hired


def risk_aversion_of(z: Array, where: Where, p: Parameters, *, across: bool = False) -> Array:
    """Relative risk aversion from a standard normal: lognormal."""
    shape = _column if across else (lambda x: x)
    median, sigma = shape(where.pick(p.people.risk_aversion_median)), shape(where.pick(p.people.risk_aversion_sigma))
    return median * np.exp(sigma * z)


def _sit_down(s: State, here: Where, levers: LeverBoard, talent: Array, risk_aversion: Array, p: Parameters) -> None:
    """Write what every newcomer starts with."""
    write(s.talent, here, talent)
    write(s.risk_aversion, here, risk_aversion)
    write(s.ramp, here, here.pick(p.learning.start_productivity))
    for name, value in NEWCOMER.items():
        write(getattr(s, name), here, value)
    for sales in s.year_sales:
        write(sales, here, 0.0)
    for task in s.output:
        write(task, here, 1.0)
    for held in levers.personal(s.memory):
        held[..., here.policy, here.seed, here.seat] = 0.0


def _expect(s: State, here: Where, attainment: Array, gap: Array) -> None:
    """Write what the newcomer expects: the pace and the pay on which it accepted."""
    write(s.pace, here, attainment * s.monthly_quota.take(here.flat))
    write(s.usual_gap, here, gap)


NEWCOMER = {
    "filled": 1.0, "tenure": 0.0, "skill": 0.0, "record": 1.0, "setbacks": 0.0, "sold": 0.0, "year_pay": 0.0, "wish": 0.0,
    "offer_months": 0.0, "threat": 0.0, "ramped": 0.0,
}  # fmt: skip


def _draw_person(s: State, here: Where, people: People, rounds: Array, normal: Mapping[str, Array], p: Parameters) -> None:
    """Write the traits that no firm sees when it hires."""
    for trait, value in traits(normal, here, p).items():
        write(getattr(s, trait), here, value)
    weights = _profile_once(people, rounds, here, p)
    write(s.segment, here, largest(weights))
    for target, weight in zip(s.profile, weights, strict=True):
        write(target, here, weight)


def _profile_once(people: People, rounds: Array, here: Where, p: Parameters) -> Motives:
    """The newcomers' motivation profiles: dear to work out, so a person who joins under many policies is worked out once.

    Not where the parameters of profiles differ between policies, for then the person does too; between seeds they may.
    """

    def work_out(which: Any) -> Array:
        some = here.subset(which)
        return np.stack(profile(lambda motive: people.person(motive, rounds[which], some.seed, some.seat), some, p), axis=-1)

    own = (p.people.profile_concentration, *(getattr(p.people, f"mean_{m}") for m in MOTIVES_IN_ORDER))
    if any(np.ndim(value) and np.shape(value)[0] > 1 for value in own):
        return Motives(*work_out(np.arange(rounds.size)).T)
    return Motives(*people.profiles(work_out, rounds, here.seed, here.seat).T)


def traits(normal: Mapping[str, Array], where: Where, p: Parameters) -> dict[str, Array]:
    """Frailty, learning speed, present bias and loss aversion from standard normals by trait."""
    bias = where.pick(p.people.present_bias_mean) + where.pick(p.people.present_bias_sd) * normal["present_bias"]
    aversion = where.pick(p.people.loss_aversion_mean) + where.pick(p.people.loss_aversion_sd) * normal["loss_aversion"]
    return {
        "frailty": normal["frailty"],
        "learning_speed": normal["learning_speed"],
        "present_bias": np.minimum(np.maximum(bias, 0.5), 1.0),
        "loss_aversion": np.maximum(aversion, 1.0),
    }


def profile(draw: Any, where: Where, p: Parameters) -> Motives:
    """Motivation profile: Dirichlet weights from one uniform a motive, by inverting the gamma distribution."""
    total = where.pick(p.people.profile_concentration)
    shares = [gammaincinv(total * where.pick(getattr(p.people, f"mean_{m}")), draw(m) + HALF_STEP) for m in MOTIVES_IN_ORDER]
    whole = sum(shares[1:], start=shares[0])
    return Motives(*(share / whole for share in shares))


def largest(weights: Motives) -> Array:
    """Index of the largest motive weight: a rep's segment."""
    return np.argmax(np.stack(weights), axis=0).astype(float)


def _column(x: Any) -> Any:
    """(event,) to (event, 1), so that it meets (event, candidate)."""
    return x[:, None] if np.ndim(x) == 1 else x


class _ViewGroup:
    """A group of parameters at flat places, one column an event."""

    def __init__(self, group: Any, where: Where) -> None:
        self._group, self._where = group, where

    def __getattr__(self, name: str) -> Any:
        return _column(self._where.pick(getattr(self._group, name)))


class _View:
    """Parameters as seen from flat places: rules are elementwise, so they take these as they take the whole."""

    def __init__(self, p: Parameters, where: Where) -> None:
        self.people, self.labour, self.hiring = (_ViewGroup(g, where) for g in (p.people, p.labour, p.hiring))
        self.condition = p.condition


def _view(p: Parameters, where: Where) -> Any:
    return _View(p, where)


def reference_tasks(shape: tuple[int, ...]) -> Tasks:
    """Outputs of the reference rep, for seats nobody has written yet."""
    return Tasks(*(np.ones(shape) for _ in range(4)))

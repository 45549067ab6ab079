"""Policies x seeds x months, in blocks that fit the cache.

All months of a block are walked in one go. The warm-up runs once a seed under the baseline and is copied to every policy,
so a policy equal to the baseline differs from it by exactly nothing. Results are the same bit for bit whatever the block
size: nothing is summed over policies or seeds in here, and no draw depends on a policy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from simulation.draws import Draws
from simulation.evidence.read import Parameters
from simulation.levers import catalogue
from simulation.levers.base import Lever, LeverBoard
from simulation.month import Now, advance_month
from simulation.records import ended_spells, open_spells, spells_table, tally
from simulation.scenario import Policy
from simulation.start import WARM_UP, start_state
from simulation.state import Layout, State
from simulation.vocabulary import Array

BLOCK_ELEMENTS = 80_000
"""Policies x seeds x seats worked on at once: where the cost of a rep-month is flat."""

Watch = Callable[[State, Now], dict[str, Array]]
Settings = Mapping[str, Lever]
"""A lever by key, neutral where a policy does not use it."""


@dataclass(frozen=True, eq=False)
class Block:
    """What one block yields: sums (policy, seed, month), groups (policy, seed, month, group), and spells."""

    sums: dict[str, Array]
    groups: dict[str, Array]
    spells: pd.DataFrame


def board(
    policies: Sequence[Settings], used: Sequence[str], p: Parameters, memory: Mapping[str, Any] | None = None
) -> LeverBoard:
    """The levers of some policies, stacked; `used` names those that any policy of the experiment ever sets.

    Of these, a lever that all these policies leave neutral adds exact zeros: it is left out unless it remembers something.
    """
    held = memory or {}
    here = [key for key in used if held.get(key) or not all(policy[key].is_neutral() for policy in policies)]
    return LeverBoard([catalogue()[key].stack([policy[key] for policy in policies]) for key in here], p)


def levers_used(policies: Sequence[Settings]) -> list[str]:
    """Keys of the levers that at least one policy sets, in the order of the catalogue."""
    return [key for key in catalogue() if any(not policy[key].is_neutral() for policy in policies)]


@dataclass(frozen=True)
class Stage:
    """Where a policy stands in a month: whether it is in force, and which of the baseline's levers it still waits for."""

    runs: bool
    waiting: tuple[str, ...] = ()

    def levers(self, own: Settings, before: Settings) -> tuple[Settings, Settings]:
        """The levers in force, and the same with the pay plan of the quota period under way."""
        return (own, {**own, **{key: before[key] for key in self.waiting}}) if self.runs else (before, before)


def stage(before: Settings, month: int, starts: int, ends: int | None = None) -> Stage:
    """Where a policy that begins in month `starts`, and perhaps ends, stands in a month.

    Before `starts`, and from `ends` on if the policy ends, the baseline holds; a period that began under the baseline's plan
    ends under it. (A policy that ends has the baseline's pay plan, so nothing waits then.)
    """
    if month < starts or (ends is not None and month >= ends):
        return Stage(False)
    return Stage(True, tuple(key for key, lever in before.items() if lever.waits_for_period(month, starts)))


def warm_up(baseline: Settings, used: Sequence[str], p: Parameters, seeds: Sequence[int], seats: int, rows: int = 1) -> State:
    """The organisation at month 0 after `WARM_UP` months under the baseline, with `rows` rows on the policy axis.

    One row is enough unless parameters are stacked over policies.
    """
    draws = Draws(seeds, seats, Layout(seats, int(p.market.span), int(p.market.regions)).regions, "warm up")
    levers = board([baseline] * rows, used, p)
    s = start_state(p, seeds, seats, rows, draws)
    s.memory = levers.start_memory(s.memory, s.filled.shape)
    for step in range(WARM_UP):
        advance_month(s, Now(step - WARM_UP, step, levers, levers, p.at(step - WARM_UP), draws))
    s.first_value = s.enterprise_value.copy()
    s.equity_price = np.ones_like(s.equity_price)
    s.rounds = np.zeros_like(s.rounds)
    return s


@dataclass(frozen=True)
class Course:
    """One policy on its way: its levers, the month from which they hold, and that from which they hold no more."""

    levers: Settings
    starts: int = 0
    ends: int | None = None

    @classmethod
    def of(cls, policy: Policy) -> Course:
        """The course of a scenario's policy."""
        return cls(policy.levers, policy.starts, policy.ends)


def run_block(
    s: State, courses: Sequence[Course], baseline: Settings, used: Sequence[str], p: Parameters, *,
    seeds: Sequence[int], months: int, advance: Callable[[int], None] | None = None, watch: Watch | None = None,
    by_group: bool = True, draws: Draws | None = None,
) -> Block:  # fmt: skip
    """Walk one block through all months from the state after the warm-up, one row a policy.

    `watch` looks at the state after each month and adds figures (policy, seed) of its own to the sums.
    `draws` is what `run_luck` has kept for blocks of the same seeds and parameters.
    Without `by_group` the block has no figures by segment, tenure and standing, which cost a twentieth of a month.
    """
    draws = draws or run_luck(s, seeds)
    sums: dict[str, Array] = {}
    groups: dict[str, Array] = {}
    spells = []
    levers = plan = LeverBoard((), p)
    spans = {(course.starts, course.ends) for course in courses}
    shown: Any = None
    now: Now | None = None
    for month in range(months):
        stages = {span: stage(baseline, month, *span) for span in spans}
        if stages != shown:
            shown = stages
            pairs = [stages[course.starts, course.ends].levers(course.levers, baseline) for course in courses]
            levers = board([own for own, _ in pairs], used, p, s.memory)
            same = all(own is paying or own == paying for own, paying in pairs)
            plan = levers if same else board([paying for _, paying in pairs], used, p, s.memory)
            s.memory = levers.start_memory(s.memory, s.filled.shape)
        now = Now(month, month, levers, plan, p.at(month), draws)
        advance_month(s, now)
        figures, grouped = tally(s, now, by_group=by_group)
        _keep(sums, figures | (watch(s, now) if watch else {}), month, months)
        _keep(groups, grouped, month, months)
        spells.append(ended_spells(s, now, seeds))
        if advance:
            advance(s.filled.size)
    if now is not None:
        spells.append(open_spells(s, now, seeds))
    return Block(sums, groups, spells_table(spells))


def run_luck(s: State, seeds: Sequence[int], *, kept: bool = False) -> Draws:
    """The luck of a run from the state after the warm-up; `kept` for several blocks, one after the other.

    They must have the same seeds and the same parameters, for the people who may come are worked out with these.
    """
    return Draws(seeds, s.filled.shape[-1], s.demand.shape[-1], "run", kept=kept)


def _keep(store: dict[str, Array], figures: Mapping[str, Array], month: int, months: int) -> None:
    for key, value in figures.items():
        if key not in store:
            store[key] = np.empty((*value.shape[:2], months, *value.shape[2:]))
        store[key][:, :, month] = value

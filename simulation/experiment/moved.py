"""One assumed parameter moved at a time, all policies with it: what an assumption is worth.

Parameters stack like settings, so many moves are one block on the policy axis; each has a warm-up of its own,
because a world with another parameter has another history. Luck is that of the study: common random numbers make the
difference that a move makes far smaller than the noise of either run. Where seeds carry draws of parameters, all but the one
moved vary as in the study, and levels stay where the study's draws put them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from simulation.engine import BLOCK_ELEMENTS, Block, Course, levers_used, run_block, warm_up
from simulation.evidence.ensemble import LAYOUT, Key
from simulation.evidence.read import WORLD_GROUPS, Row, stack_parameters
from simulation.experiment.workers import Advance
from simulation.scenario import Scenario


@dataclass(frozen=True)
class Move:
    """One parameter at one end of its range."""

    key: Key
    value: float


Set = tuple[Move, ...]
"""Moves made together; the empty set moves nothing."""


@dataclass(frozen=True)
class Moves:
    """What can be moved: each parameter with its ends, and those that have none with the reason."""

    ends: tuple[tuple[Row, tuple[float, ...]], ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class Task:
    """A block of work that knows all it needs: a study, sets of moves, and seeds."""

    scenario: Scenario
    sets: tuple[Set, ...]
    seeds: tuple[int, ...]


def ends_of(row: Row) -> tuple[float, ...]:
    """The ends to which an assumed parameter is moved; none for a table, the layout, or a range of one point.

    A world's declared range spans every industry, so there the ends are also within half and double of the value,
    or of its odds when it is a share.
    """
    if not isinstance(row.value, int | float) or (row.group, row.name) in LAYOUT:
        return ()
    low, high = row.low, row.high
    if row.group in WORLD_GROUPS and row.value != 0.0:
        near, far = _half_and_double(row)
        low, high = max(low, near), min(high, far)
    return tuple(end for end in (low, high) if end != row.value)


def _half_and_double(row: Row) -> tuple[float, float]:
    """Half and double of a parameter; of its odds when it is a share."""
    if row.unit.startswith("share") and 0.0 < row.value < 1.0:
        odds = row.value / (1.0 - row.value)
        return odds / (2.0 + odds), 2.0 * odds / (1.0 + 2.0 * odds)
    near, far = sorted((0.5 * row.value, 2.0 * row.value))
    return near, far


def movable(scenario: Scenario) -> Moves:
    """Every assumed parameter that the study uses, in the order of the evidence; a lever's own if a policy sets the lever."""
    found = [(row, ends_of(row)) for row in scenario.assumed()]
    return Moves(tuple(pair for pair in found if pair[1]), tuple(row.path for row, ends in found if not ends))


def tasks_of(scenario: Scenario, sets: Sequence[Set], *, elements: int = BLOCK_ELEMENTS) -> list[Task]:
    """The work cut into even blocks that fit the cache."""
    if not sets:
        return []
    room = max(1, elements // (len(scenario.policies) * scenario.seats))
    size = ceil(len(sets) / ceil(len(sets) / room))
    seeds = tuple(scenario.seeds)
    return [Task(scenario, some, part) for some in _pieces(sets, size) for part in _pieces(seeds, max(1, room // size))]


def run_moved(task: Task, advance: Advance | None = None) -> Block:
    """All policies under every set of moves, a row a set and policy: policies of the first set, then those of the next.

    Raises ScenarioError when one of the sets leaves the world without a steady start.
    """
    scenario, policies = task.scenario, task.scenario.policies
    drawn = scenario.parameters_at(task.seeds)
    own = [drawn.with_values({move.key: move.value for move in some}) for some in task.sets]
    baseline = scenario.policy(scenario.baseline).levers
    used = levers_used([policy.levers for policy in policies])
    s = warm_up(baseline, used, stack_parameters(own), task.seeds, scenario.seats, rows=len(own))
    courses = [Course.of(policy) for _ in own for policy in policies]
    p = stack_parameters([parameters for parameters in own for _ in policies])
    return run_block(
        s.for_policies(len(courses)), courses, baseline, used, p, seeds=task.seeds, months=scenario.months, advance=advance
    )


def _pieces(items: Sequence[Any], size: int) -> Iterator[tuple[Any, ...]]:
    return (tuple(items[k : k + size]) for k in range(0, len(items), size))


def rep_months(task: Task) -> int:
    """How much work a task is, its warm-ups apart: every policy under every move."""
    scenario = task.scenario
    return len(task.sets) * len(task.seeds) * scenario.seats * len(scenario.policies) * scenario.months

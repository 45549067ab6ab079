"""Variants: policies, each with parameters of its own if need be, walked as rows of one batch.

Variants of one batch meet the same people and the same luck. Those whose parameters differ have a history each, from a warm-up
of their own; those that share them start from one, which is kept for the next block of the same seeds.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from simulation.draws import Draws
from simulation.engine import Block, Course, levers_used, run_block, run_luck, warm_up
from simulation.evidence.ensemble import Key
from simulation.evidence.read import Parameters
from simulation.experiment.work.workers import Advance
from simulation.records import Records
from simulation.rep_months import Ledger, RepMonths
from simulation.scenario import Policy, Scenario
from simulation.state import State
from simulation.vocabulary import Array

Overrides = tuple[tuple[Key, float], ...]
"""Parameters, by group and name, with other values than the scenario's."""

MOST_STARTS = 4
"""Organisations after their warm-up that a process keeps at hand, however large."""
MOST_LUCK = 400_000
"""Seats times seeds times months of the luck that it keeps: at most 0.2 kB each, so some 80 MB."""
MOST_STARTED = 100_000
"""Seats times seeds of all that it keeps beyond these: a kilobyte each, so some 100 MB, and 15 organisations of 200 seats at
32 seeds."""


@dataclass(frozen=True)
class Variant:
    """A policy, and parameters that have other values than the scenario's."""

    policy: Policy
    moved: Overrides = ()


@dataclass(frozen=True, eq=False)
class Ground:
    """What all variants of a batch share: a scenario with the baseline alone among its policies."""

    scenario: Scenario
    digest: str

    def parameters(self, seeds: Sequence[int], moved: Sequence[Overrides]) -> Parameters:
        """The parameters of some rows; those that differ between rows are (row, 1, 1), or (row, seed, 1) where they are drawn."""
        drawn = self.scenario.parameters_at(seeds)
        if len(set(moved)) == 1:
            return drawn.with_values(dict(moved[0])) if moved[0] else drawn
        rows = [dict(own) for own in moved]
        values = {}
        for key in dict.fromkeys(key for own in rows for key in own):
            usual = drawn.rows[key].value
            seed_axis = np.shape(usual)[1] if np.ndim(usual) else 1
            values[key] = np.concatenate([np.broadcast_to(np.float64(own.get(key, usual)), (1, seed_axis, 1)) for own in rows])
        return drawn.with_values(values)


@dataclass(frozen=True)
class Reduction:
    """Figures kept of a variant and seed instead of its months.

    columns : names of the figures
    work : a function of Records, at the top of a module: (figure, policy, seed)
    digest : of the code behind it
    """

    columns: tuple[str, ...]
    work: Callable[[Records], Array]
    digest: str


Part = tuple[tuple[Variant, ...], tuple[int, ...]]
"""Variants and seeds of a block."""


def walk(
    ground: Ground, part: Part, advance: Advance | None = None, *, by_group: bool = True
) -> tuple[Block, Parameters]:
    """Some variants at some seeds, from the warm-up on, and the parameters they ran with.

    Raises ScenarioError when moved parameters leave a world without a steady start.
    """
    variants, seeds = part
    scenario = ground.scenario
    baseline = scenario.policy(scenario.baseline).levers
    used = levers_used([baseline, *(variant.policy.levers for variant in variants)])
    moved = [variant.moved for variant in variants]
    sets = list(dict.fromkeys(moved))
    start = _start(ground, sets, seeds).rows([sets.index(own) for own in moved])
    p = ground.parameters(seeds, moved)
    courses = [Course.of(variant.policy) for variant in variants]
    with _luck(ground, sets, seeds, start) as draws:
        block = run_block(
            start, courses, baseline, used, p, seeds=seeds, months=scenario.months, advance=advance, by_group=by_group,
            draws=draws,
        )  # fmt: skip
    return block, p


_starts: OrderedDict[Any, State] = OrderedDict()


def _start(ground: Ground, sets: list[Overrides], seeds: tuple[int, ...]) -> State:
    """The organisation at month 0, a row for each set of moved parameters; of a single one it is kept for the next block."""
    key = (ground.digest, tuple(sets), seeds)
    if key in _starts:
        _starts.move_to_end(key)
        return _starts[key]
    scenario = ground.scenario
    baseline = scenario.policy(scenario.baseline).levers
    p = ground.parameters(seeds, sets)
    state = warm_up(baseline, levers_used([baseline]), p, seeds, scenario.seats, rows=len(sets))
    if len(sets) == 1:
        _starts[key] = state
        while len(_starts) > MOST_STARTS and sum(own.filled.size for own in _starts.values()) > MOST_STARTED:
            _starts.popitem(last=False)
    return state


_lucks: OrderedDict[Any, tuple[int, Draws]] = OrderedDict()


@contextmanager
def _luck(ground: Ground, sets: list[Overrides], seeds: tuple[int, ...], start: State) -> Iterator[Draws | None]:
    """The luck of a block, as the last block of the same seeds and parameters left it; None where it is not kept.

    Whoever has it has it alone, and gives it back only whole: a block that was stopped may have left it half drawn.
    """
    size = len(seeds) * ground.scenario.seats * ground.scenario.months
    if len(sets) > 1 or size > MOST_LUCK:
        yield None
        return
    key = (ground.digest, tuple(sets), seeds)
    _, draws = _lucks.pop(key, (size, None))
    yield (draws := draws or run_luck(start, seeds, kept=True))
    _lucks[key] = (size, draws)
    while sum(own for own, _ in list(_lucks.values())) > MOST_LUCK:
        _lucks.popitem(last=False)


def rep_months_of(ground: Ground, seeds: tuple[int, ...], _: Advance | None = None) -> Ledger:
    """A task: the baseline's rep-months at some seeds."""
    scenario = ground.scenario
    policy = scenario.policy(scenario.baseline)
    s = _start(ground, [()], seeds).rows([0])
    keeper = RepMonths(s, 0, len(seeds), scenario.months)
    p, used = ground.parameters(seeds, [()]), levers_used([policy.levers])
    run_block(s, [Course.of(policy)], policy.levers, used, p, seeds=seeds, months=scenario.months, watch=keeper.watch)
    return keeper.ledger

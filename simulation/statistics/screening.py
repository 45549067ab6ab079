"""Which assumed parameters matter most to a study: a screening on a small organisation.

Each parameter moves to each end of its range, alone, with the luck of all others and a warm-up of its own; what counts is
the largest change of a policy's difference from the baseline, in material differences.
How well it finds what a large run finds stands in DECISIONS.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from simulation.evidence.read import Row
from simulation.experiment.batch.moved import Move, Moves, Set
from simulation.experiment.execute import Progress, counter
from simulation.experiment.work.workers import Workers
from simulation.records import Records
from simulation.scenario import Scenario
from simulation.statistics.intervals import material_amount
from simulation.statistics.moved import OF, moving_work, simulated
from simulation.vocabulary import Array

SEATS, MONTHS, SEEDS = 70, 24, 1
"""The small organisation; the numbers of its seeds do not depend on the study's."""


@dataclass(frozen=True)
class Ranked:
    """A parameter and the largest change it makes to a difference, in material differences: to which policy and measure."""

    name: str
    change: float
    policy: str
    measure: str


def rank(
    records: Records, moves: Moves, progress: Progress | None, crew: Workers
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Paths of all parameters that can be moved, those that matter most first, and what to say of it."""
    ranking, refused = screen(small_study(records), moves, progress, crew)
    return tuple(ranked.name for ranked in ranking), refused


def small_study(records: Records) -> Scenario:
    """The study on the small organisation; settings that were moved for equal cost stand where the file has them.

    So the same study with other seeds, whose settings are solved to other digits, has the same ranking.
    Parameters are not drawn: one draw for all moves would be one guess too many.
    """
    scenario = records.scenario
    policies = [
        policy.with_setting(records.moved[policy.key].setting, records.moved[policy.key].before)
        if policy.key in records.moved else policy
        for policy in scenario.policies
    ]  # fmt: skip
    latest = max(policy.starts for policy in policies)
    return replace(
        scenario.with_policies(policies).luck_only(), seats=min(SEATS, scenario.seats),
        months=min(scenario.months, latest + MONTHS), first_seed=1, seed_count=SEEDS,
    )  # fmt: skip


def screen(
    small: Scenario, moves: Moves, progress: Progress | None, crew: Workers
) -> tuple[tuple[Ranked, ...], tuple[str, ...]]:
    """Every parameter with the largest change of a policy's difference that moving it to an end makes; and ends refused."""
    unmoved: Set = ()
    sets: list[list[Set]] = [[(Move((row.group, row.name), end),) for end in ends] for row, ends in moves.ends]
    every = [unmoved, *(some for own in sets for some in own)]
    found, refused = simulated(small, every, crew, counter(progress, moving_work(small, every), "screening assumptions"))
    level = found[unmoved].mean(axis=1)  # (policy, measure)
    least = [material_amount(small.material.get(key), float(mean)) for key, mean in zip(OF, level[0], strict=True)]
    scale = np.array([amount or 0.01 * abs(mean) or 1.0 for amount, mean in zip(least, level[0], strict=True)])
    changes = [np.stack([_change(found[some].mean(axis=1), level) / scale for some in own]) for own in sets]
    rows = [row for row, _ in moves.ends]
    ranking = tuple(sorted(_ranked(rows, changes, small), key=lambda ranked: (-ranked.change, ranked.name)))
    names = {some: f"{row.path}={some[0].value:g}" for row, own in zip(rows, sets, strict=True) for some in own}
    return ranking, tuple(f"{names[some]} was not screened: {reason}" for some, reason in refused.items() if some)


def _change(moved: Array, level: Array) -> Array:
    """Absolute change (other policy, measure) of the differences from the baseline; 0 where the move was refused."""
    return np.nan_to_num(np.abs((moved[1:] - moved[:1]) - (level[1:] - level[:1])))


def _ranked(rows: Sequence[Row], changes: Sequence[Array], small: Scenario) -> list[Ranked]:
    found = []
    for row, own in zip(rows, changes, strict=True):
        largest = own.max(axis=0)
        policy, key = np.unravel_index(np.argmax(largest), largest.shape)
        found.append(Ranked(row.path, float(largest[policy, key]), small.policies[int(policy) + 1].key, OF[int(key)]))
    return found

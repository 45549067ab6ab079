"""Which assumed parameters matter most to a study: a screening on a small organisation.

All parameters move at once, each halfway to one end or the other, by a two-level design in which every parameter is on
either side equally often whatever another does (Paley's Hadamard matrix), and once more with all sides swapped, so that
no pair of parameters passes for a single one. Each effect is then a difference of two halves of all runs.
How well it finds what a large run finds stands in DECISIONS.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import ceil, isqrt
from pathlib import Path

import numpy as np

from simulation.evidence.read import Row
from simulation.experiment.moved import Move, Moves, Set, tasks_of
from simulation.experiment.screens import Ranked, Screen, read_screen, screen_digest, write_screen
from simulation.records import Records
from simulation.scenario import Scenario
from simulation.statistics.intervals import material_amount
from simulation.statistics.moved import OF, Mapper, Progress, simulated
from simulation.vocabulary import Array

SEATS, MONTHS, RUNS = 35, 60, 320
"""The small organisation, and how many of it are simulated at least; the numbers of its seeds do not depend on the study's."""
HALFWAY = 0.5
"""How far a parameter moves to its end: at the ends, all moving at once would make worlds unlike the study's."""
AFTER_START = 24
"""Months that are simulated after the latest start of a policy."""


def rank(
    records: Records, moves: Moves, progress: Progress | None, folder: Path | None, mapper: Mapper
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Paths of all parameters that can be moved, those that matter most first, and what to say of it; kept in `folder`."""
    small = small_study(records)
    digest = screen_digest(small, moves, OF)
    kept, told = read_screen(folder, digest) if folder else (None, ())
    if kept is None or {ranked.name for ranked in kept.ranking} != {row.path for row, _ in moves.ends}:
        kept = screen(small, moves, progress, mapper)
        if folder:
            told += write_screen(folder, digest, records.scenario.name, kept)
    return tuple(ranked.name for ranked in kept.ranking), told


def small_study(records: Records) -> Scenario:
    """The study on the small organisation; settings that were moved for equal cost stand where the file has them.

    So the same study with other seeds, whose settings are solved to other digits, has the same ranking.
    """
    scenario = records.scenario
    policies = [
        policy.with_setting(records.moved[policy.key].setting, records.moved[policy.key].before)
        if policy.key in records.moved else policy
        for policy in scenario.policies
    ]  # fmt: skip
    latest = max(policy.starts for policy in policies)
    return replace(
        scenario.with_policies(policies), seats=min(SEATS, scenario.seats),
        months=min(scenario.months, max(MONTHS, latest + AFTER_START)), first_seed=1, seed_count=1,
    )  # fmt: skip


def screen(small: Scenario, moves: Moves, progress: Progress | None, mapper: Mapper) -> Screen:
    """Every parameter with the largest change of a policy's difference that moving it to an end makes."""
    rows = [row for row, _ in moves.ends]
    sides = two_sided(len(rows))
    sets: list[Set] = [
        tuple(_halfway(row, ends, side) for (row, ends), side in zip(moves.ends, own, strict=True)) for own in sides
    ]
    small = replace(small, seed_count=ceil(RUNS / len(sets)))
    found, _ = simulated(tasks_of(small, sets, apart=frozenset()), progress, "screening assumptions", mapper)
    values = np.stack([found[some].mean(axis=1) for some in sets])  # (set, policy, measure)
    usable = np.isfinite(values).all(axis=(1, 2))
    effects = _effects(sides[usable], values[usable])
    level = values[usable, 0].mean(axis=0)
    least = [material_amount(small.material.get(key), float(mean)) for key, mean in zip(OF, level, strict=True)]
    change = effects / [amount or 0.01 * abs(mean) or 1.0 for amount, mean in zip(least, level, strict=True)]
    return Screen(tuple(sorted(_ranked(rows, change, small), key=lambda ranked: (-ranked.change, ranked.name))))


def two_sided(parameters: int) -> Array:
    """Sides (run, parameter), +1 or -1: columns of a Hadamard matrix after Paley, then the same with all sides swapped."""
    prime = next(q for q in range(max(parameters, 3), 4 * parameters + 8) if q % 4 == 3 and _is_prime(q))
    squares = {x * x % prime for x in range(1, prime)}
    character = np.array([0] + [1 if x in squares else -1 for x in range(1, prime)])
    place = np.arange(prime)
    core = character[(place - place[:, None]) % prime] - np.eye(prime)
    half = np.vstack([np.ones(prime), core])[:, :parameters]
    return np.vstack([half, -half])


def _is_prime(number: int) -> bool:
    return number > 1 and all(number % divisor for divisor in range(2, isqrt(number) + 1))


def _halfway(row: Row, ends: Sequence[float], side: float) -> Move:
    """A parameter halfway to its end on one side; where it is, when its range ends there."""
    beyond = [end for end in ends if side * (end - row.value) > 0.0]
    target = beyond[0] if beyond else row.value
    return Move((row.group, row.name), row.value + HALFWAY * (target - row.value))


def _effects(sides: Array, values: Array) -> Array:
    """Change (parameter, other policy, measure) of the difference from the baseline when a parameter moves to an end."""
    difference = values[:, 1:] - values[:, :1]
    design = np.column_stack([np.ones(len(sides)), sides])
    slopes = np.linalg.lstsq(design, difference.reshape(len(sides), -1), rcond=None)[0][1:]
    return np.asarray(slopes / HALFWAY).reshape(-1, *difference.shape[1:])


def _ranked(rows: Sequence[Row], change: Array, small: Scenario) -> list[Ranked]:
    found = []
    for row, own in zip(rows, change, strict=True):
        policy, key = np.unravel_index(np.argmax(np.abs(own)), own.shape)
        found.append(Ranked(row.path, float(abs(own[policy, key])), small.policies[int(policy) + 1].key, OF[int(key)]))
    return found

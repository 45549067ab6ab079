"""Figures of all policies under moved parameters, with refusals found and set apart.

A task knows all it needs, so any `map` will do: the builtin one, or that of a pool of processes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from simulation.errors import ScenarioError
from simulation.experiment.moved import Set, Task, rep_months, run_moved
from simulation.records import Records
from simulation.statistics.measures import measure
from simulation.vocabulary import Array

Progress = Callable[[int, int, str], None]

OF = ("turnover", "revenue", "contribution")
"""The measures whose differences are asked for."""


class Figures(NamedTuple):
    """What a task yields: figures (set, policy, seed, measure), NaN where a set was refused, and the refusals."""

    values: Array
    refused: Mapping[Set, str]


Mapper = Callable[[Callable[[Task], Figures], Sequence[Task]], Iterable[Figures]]
"""Like the builtin `map`, results in the order of the tasks."""


def figures(task: Task) -> Figures:
    """Run a task; when a set is refused, what runs with it is tried in halves until the refused ones stand alone."""
    try:
        block = run_moved(task)
    except ScenarioError as problem:
        if len(task.sets) == 1:
            nothing = np.full((1, len(task.scenario.policies), len(task.seeds), len(OF)), np.nan)
            return Figures(nothing, {task.sets[0]: str(problem)})
        half = len(task.sets) // 2
        first, second = (figures(replace(task, sets=some)) for some in (task.sets[:half], task.sets[half:]))
        return Figures(np.concatenate([first.values, second.values]), {**first.refused, **second.refused})
    shown = Records(task.scenario, block.sums, block.groups, block.spells)
    values = np.stack([measure(shown, key) for key in OF], axis=-1)
    return Figures(values.reshape(len(task.sets), -1, *values.shape[1:]), {})


def simulated(
    tasks: Sequence[Task], progress: Progress | None, what: str, mapper: Mapper
) -> tuple[dict[Set, Array], dict[Set, str]]:
    """Figures (policy, seed, measure) of every set of moves, seeds in the order of the tasks; and the sets refused, with why."""
    total, done = sum(rep_months(task) for task in tasks), 0
    parts: dict[Set, list[Array]] = {}
    refused: dict[Set, str] = {}
    for task, got in zip(tasks, mapper(figures, tasks), strict=True):
        for some, values in zip(task.sets, got.values, strict=True):
            parts.setdefault(some, []).append(values)
        refused.update(got.refused)
        done += rep_months(task)
        if progress:
            progress(done, total, what)
    return {some: np.concatenate(own, axis=1) for some, own in parts.items()}, refused

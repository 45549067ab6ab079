"""Figures of all policies under moved parameters, with refusals found and set apart.

A task knows all it needs, so any worker can do it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from simulation.errors import ScenarioError
from simulation.experiment.execute import Progress, counter
from simulation.experiment.moved import Set, Task, rep_months, run_moved
from simulation.experiment.workers import Advance, Workers
from simulation.records import Records
from simulation.statistics.measures import measure
from simulation.vocabulary import Array

OF = ("turnover", "revenue", "contribution")
"""The measures whose differences are asked for, unless others are named."""


class Figures(NamedTuple):
    """What a task yields: figures (set, policy, seed, measure), NaN where a set was refused, and the refusals."""

    values: Array
    refused: Mapping[Set, str]


def figures(task: Task, of: Sequence[str] = OF, advance: Advance | None = None) -> Figures:
    """The measures `of` under each set; when one is refused, what runs with it is tried in halves until it stands alone."""
    try:
        block = run_moved(task, advance)
    except ScenarioError as problem:
        if len(task.sets) == 1:
            nothing = np.full((1, len(task.scenario.policies), len(task.seeds), len(of)), np.nan)
            return Figures(nothing, {task.sets[0]: str(problem)})
        half = len(task.sets) // 2
        first, second = (figures(replace(task, sets=some), of, advance) for some in (task.sets[:half], task.sets[half:]))
        return Figures(np.concatenate([first.values, second.values]), {**first.refused, **second.refused})
    scenario = replace(task.scenario, first_seed=task.seeds[0], seed_count=len(task.seeds))
    shown = Records(scenario, block.sums, block.groups, block.spells)
    values = np.stack([measure(shown, key) for key in of], axis=-1)
    return Figures(values.reshape(len(task.sets), -1, *values.shape[1:]), {})


def simulated(
    tasks: Sequence[Task], progress: Progress | None, what: str, crew: Workers, *, of: Sequence[str] = OF
) -> tuple[dict[Set, Array], dict[Set, str]]:
    """Figures (policy, seed, measure) of every set of moves, seeds in the order of the tasks; and the sets refused, with why."""
    parts: dict[Set, list[Array]] = {}
    refused: dict[Set, str] = {}
    done = crew.each(figures, [(task, of) for task in tasks], counter(progress, sum(rep_months(task) for task in tasks), what))
    for task, got in zip(tasks, done, strict=True):
        for some, values in zip(task.sets, got.values, strict=True):
            parts.setdefault(some, []).append(values)
        refused.update(got.refused)
    return {some: np.concatenate(own, axis=1) for some, own in parts.items()}, refused

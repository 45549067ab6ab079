"""Measures of all policies under moved parameters, with refusals set apart."""

from __future__ import annotations

from collections.abc import Sequence

from simulation.evidence.measures import MEASURES
from simulation.experiment.batch.batch import Batch, figures
from simulation.experiment.batch.moved import Set, variants_of
from simulation.experiment.work.workers import Advance, Workers
from simulation.scenario import Scenario
from simulation.statistics.measures import every_measure
from simulation.vocabulary import Array

OF = ("turnover", "revenue", "contribution")
"""The measures whose differences are asked for, unless others are named."""


def simulated(
    scenario: Scenario, sets: Sequence[Set], crew: Workers, advance: Advance | None = None, *, of: Sequence[str] = OF
) -> tuple[dict[Set, Array], dict[Set, str]]:
    """Figures (policy, seed, measure) of every set of moves at all seeds, NaN where it was refused; and why it was."""
    found = figures(Batch.of(scenario, variants_of(scenario, sets), every_measure()), crew, advance)
    asked = found.values[[list(MEASURES).index(key) for key in of]]
    policies = len(scenario.policies)
    values = {some: asked[:, k * policies : (k + 1) * policies].transpose(1, 2, 0) for k, some in enumerate(sets)}
    moved = {some: tuple((move.key, move.value) for move in some) for some in sets}
    return values, {some: found.refused[own] for some, own in moved.items() if own in found.refused}


def moving_work(scenario: Scenario, sets: Sequence[Set]) -> int:
    """Work of that [rep-months], warm-ups apart."""
    return len(sets) * len(scenario.policies) * scenario.seed_count * scenario.seats * scenario.months

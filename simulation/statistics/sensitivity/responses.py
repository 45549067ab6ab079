"""What is asked of the model: points in the unit cube to figures by measure and seed.

The figure is a policy's difference from the baseline under the same parameters and the same luck, or its level. Baselines that
points share are run once; so are points that come to the same policy and parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from simulation.experiment.batch.variants import Overrides, Variant
from simulation.experiment.design.factors import Factor
from simulation.experiment.design.points import Placer, Refused
from simulation.scenario import Policy, Scenario
from simulation.vocabulary import Array

RunVariants = Callable[[Sequence[Variant], str], tuple[Mapping[str, Array], Mapping[Overrides, str]]]
"""Variants, and what progress calls the work, to figures (variant, seed) by measure, NaN where moved parameters were refused;
and why those were."""


class Responses:
    """The figures of points, as an analysis asks for them."""

    def __init__(
        self, scenario: Scenario, policy: Policy, factors: Sequence[Factor], run: RunVariants, *,
        measures: Sequence[str], level: bool,
    ) -> None:  # fmt: skip
        self.baseline, self.factors, self.run = scenario.policy(scenario.baseline), tuple(factors), run
        self.measures, self.level, self.seeds = tuple(measures), level, scenario.seed_count
        self.placer = Placer(scenario, [factor.slot for factor in factors], [policy.key])
        self.points = self.refused = 0
        self.reasons: dict[str, None] = {}

    def at(self, factors: Sequence[Factor], places: Array, what: str) -> dict[str, Array]:
        """Figures (..., seed) by measure at places (..., factor) in [0, 1]; the other factors stay as the scenario has them."""
        rows = places.reshape(-1, len(factors))
        variants: dict[Any, Variant] = {}
        wanted: list[tuple[Any, Any] | None] = []
        for row in rows:
            placed = self.placer.place({f.path: f.at(float(u)) for f, u in zip(factors, row, strict=True)}, "--vary")
            if isinstance(placed, Refused):
                self.reasons[placed.sentence] = None
                wanted.append(None)
                continue
            point, own = placed
            alone = ("baseline", point.moved)
            variants.setdefault(own, Variant(point.policies[0], point.moved))
            if not self.level:
                variants.setdefault(alone, Variant(self.baseline, point.moved))
            wanted.append((own, alone))
        by_moved: dict[Overrides, list[Any]] = {}
        for key, variant in variants.items():
            by_moved.setdefault(variant.moved, []).append(key)  # those of the same parameters share a warm-up
        ordered = [key for keys in by_moved.values() for key in keys]
        found, refused = self.run([variants[key] for key in ordered], what)
        self.reasons |= dict.fromkeys(refused.values())
        where = {key: place for place, key in enumerate(ordered)}
        shape = (*places.shape[:-1], self.seeds)
        figures = {key: self._figures(found[key], wanted, where).reshape(shape) for key in self.measures}
        self._count(figures)
        return figures

    def _figures(self, values: Array, wanted: Sequence[tuple[Any, Any] | None], where: Mapping[Any, int]) -> Array:
        found = np.full((len(wanted), self.seeds), np.nan)
        for row, keys in enumerate(wanted):
            if keys is not None:
                own, alone = keys
                found[row] = values[where[own]] - (0.0 if self.level else values[where[alone]])
        return found

    def _count(self, figures: Mapping[str, Array]) -> None:
        """How many points were asked for, and how many have no figure of some measure."""
        missing = [~np.isfinite(values).all(axis=-1) for values in figures.values()]
        self.points += missing[0].size
        self.refused += int(np.any(missing, axis=0).sum())

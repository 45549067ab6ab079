"""Records of a finding pooled over seeds, and the figures that any target may ask of them.

Every figure is worked out once from all seeds together and once without each seed, so that a jackknife gives its standard
error however crooked the figure is (a ratio of ratios, a half-life, the month of a peak):

    error^2 = (n - 1) / n x sum over seeds of (figure without the seed - their mean)^2
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

from simulation.evidence.targets import Target
from simulation.scenario import Scenario
from simulation.statistics.measures import FUNCTIONS
from simulation.statistics.measures.span import Span
from simulation.vocabulary import Array

YEAR = 12
GROUPED: Mapping[str, tuple[tuple[str, ...], float]] = {
    "sales_per_rep": (("bookings",), YEAR),
    "quits_rate": (("quits",), YEAR),
    "turnover": (("quits", "dismissals"), YEAR),
    "output_per_rep": (("bookings",), 1.0),
}
"""Figures that can be asked of a group: what is summed, over filled seats, and how many of them make a year."""




@dataclass(frozen=True, eq=False)
class Pool:
    """Records of one finding under one set of parameters, as means over seeds.

    Entry 0 of the axis of entries is over all seeds, entry i over all but seed i.

    scenario : Scenario that was run
    sums : figures (policy, entry, month)
    at_risk, exits : reps by month of tenure (policy, entry, month of tenure)
    asked : headline numbers that a pack is asked to show; empty for any other scenario
    other : the same in the scenario's own world, where a target lays another over it
    """

    scenario: Scenario
    sums: Mapping[str, Array]
    at_risk: Array
    exits: Array
    asked: Mapping[str, float]
    other: Pool | None = None

    def place(self, policy: str) -> int:
        """Row of a policy."""
        return [one.key for one in self.scenario.policies].index(policy)

    def total(self, key: str, policy: str, months: tuple[int, int]) -> Array:
        """Sum of a figure over months, by entry."""
        return np.asarray(self.sums[key][self.place(policy), :, slice(*months)].sum(axis=-1))



Figure = Callable[[Pool, Target], Array]


def influence(values: Array) -> Array:
    """What each seed adds to the error of figures: (..., entry) to (..., seed), 0 where a figure has no value without it.

    The length of the vector is the jackknife's standard error; that of the difference of two such vectors, from the same
    seeds, is the standard error of the difference of the figures.
    """
    without = values[..., 1:]
    n = without.shape[-1]
    return np.nan_to_num(np.sqrt((n - 1) / n) * (without - without.mean(axis=-1, keepdims=True)), posinf=0.0, neginf=0.0)


def jackknife(values: Array) -> Array:
    """Standard error (...) of figures (..., entry)."""
    return length(influence(values))


def length(vectors: Array) -> Array:
    """Length (...) of vectors (..., seed)."""
    return np.asarray(np.sqrt((vectors * vectors).sum(axis=-1)))


def figure_of(pool: Pool, of: str, policy: str, months: tuple[int, int], group: str) -> Array:
    """A measure, or a figure a rep, of a group or of all."""
    if of in GROUPED:
        keys, year = GROUPED[of]
        at = f"@{group}" if group else ""
        parts = [pool.total(f"{key}{at}", policy, months) for key in keys]
        return year * sum(parts[1:], start=parts[0]) / pool.total(f"filled{at}", policy, months)
    records: Any = SimpleNamespace(scenario=pool.scenario)
    return np.asarray(FUNCTIONS[of](Span(records, slice(*months), pool.sums))[pool.place(policy)])

"""Factors: what is varied, between which values, and where a place in the unit interval puts it.

A number is spread evenly over its range, or evenly in its logarithm; a whole number takes each of its values equally often;
a choice (a word, or yes and no) takes each of its levels equally often, in no order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from simulation.errors import ScenarioError
from simulation.vocabulary import Array

Kind = Literal["number", "whole number", "choice"]
LEVELS = 4
"""Places on the grid of a screening for numbers: 0, 1/3, 2/3 and 1."""
STEP = LEVELS / (2 * (LEVELS - 1))
"""What a number moves by in a screening [share of its range]; then every place on the grid is met equally often."""


@dataclass(frozen=True)
class Factor:
    """One thing that is varied.

    path : as a user writes it
    kind : number, whole number or choice
    low, high : of numbers
    log : whether a number is spread evenly in its logarithm
    levels : of a choice
    unit : of numbers, for reports
    """

    path: str
    kind: Kind
    low: float = 0.0
    high: float = 1.0
    log: bool = False
    levels: tuple[Any, ...] = ()
    unit: str = ""

    def __post_init__(self) -> None:
        if self.kind == "choice":
            if len(set(self.levels)) < 2:
                raise ScenarioError(f"{self.path} has {len(set(self.levels))} level to vary between; name two or more")
        elif not (np.isfinite([self.low, self.high]).all() and self.low < self.high):
            raise ScenarioError(f"{self.path} varies from {self.low:g} to {self.high:g}; the first end must be the smaller one")
        if self.log and self.low <= 0.0:
            raise ScenarioError(f"{self.path} varies from {self.low:g} on a log scale; begin above 0 or leave the log out")

    @property
    def count(self) -> int:
        """How many values a whole number or a choice has; 0 for a number."""
        if self.kind == "choice":
            return len(self.levels)
        return round(self.high - self.low) + 1 if self.kind == "whole number" else 0

    @property
    def signed(self) -> bool:
        """Whether more and less mean something: for numbers, and for a choice of two, where the second counts as more."""
        return self.kind != "choice" or len(self.levels) == 2

    def at(self, place: float) -> Any:
        """The value at a place in [0, 1]."""
        if self.count:
            k = min(int(place * self.count), self.count - 1)
            return self.levels[k] if self.kind == "choice" else round(self.low) + k
        if self.log:
            return float(np.clip(self.low * (self.high / self.low) ** place, self.low, self.high))
        return float(self.low + place * (self.high - self.low))

    def share(self, places: Array) -> Array:
        """How far along its range a factor stands at places in [0, 1]: 0 to 1; for a choice the number of its level.

        A whole number jumps from value to value.
        """
        if not self.count:
            return places
        k = np.minimum(np.floor(places * self.count), self.count - 1)
        return k if self.kind == "choice" else k / (self.count - 1)

    def steps(self) -> list[tuple[float, float]]:
        """The steps of a screening, from place to place: each as often forth as back."""
        if self.kind == "choice":
            middle = [(k + 0.5) / self.count for k in range(self.count)]
            return [(a, b) for a in middle for b in middle if a != b]
        grid = [k / (LEVELS - 1) for k in range(LEVELS // 2)]
        forth = [(a, a + STEP) for a in grid]
        return forth + [(b, a) for a, b in forth]

    @property
    def shown(self) -> str:
        """The range in words."""
        if self.kind == "choice":
            return ", ".join(str(level).lower() if isinstance(level, bool) else str(level) for level in self.levels)
        return f"{self.low:.4g} to {self.high:.4g}{' (log)' if self.log else ''}"


def values_at(factors: Sequence[Factor], places: Array) -> list[dict[str, Any]]:
    """The points of a design: for each row of places (point, factor) in [0, 1], values by path."""
    return [{factor.path: factor.at(float(u)) for factor, u in zip(factors, row, strict=True)} for row in places]

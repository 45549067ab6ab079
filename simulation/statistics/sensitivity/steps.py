"""What a screening needs of a factor: its steps, how far each goes, and whether up and down mean anything.

A range of numbers has places 0, 1/3, 2/3 and 1 and steps of two thirds; a list steps from any of its values to any other.
"""

from __future__ import annotations

import numpy as np

from simulation.experiment.design.factors import Factor
from simulation.vocabulary import Array

LEVELS = 4
STEP = LEVELS / (2 * (LEVELS - 1))
"""What a number moves by [share of its range]: with half the levels every place is met equally often, and noise stays small."""

PURE = ("", "1", "0-1", "ratio")
"""Units of numbers that need no word behind them."""


def steps_of(factor: Factor) -> list[tuple[float, float]]:
    """All steps, from place to place in [0, 1], each with its reverse."""
    if factor.listed:
        count = len(factor.values)
        middle = [(k + 0.5) / count for k in range(count)]
        return [(a, b) for a in middle for b in middle if a != b]
    forth = [(k / (LEVELS - 1), k / (LEVELS - 1) + STEP) for k in range(LEVELS // 2)]
    return forth + [(b, a) for a, b in forth]


def ordered(factor: Factor) -> bool:
    """Whether its values are numbers, of which some are more than others."""
    return factor.slot.numeric and all(isinstance(value, int | float) for value in factor.values)


def signed(factor: Factor) -> bool:
    """Whether an effect has a sign: of numbers, and of two values, where from the first to the second counts as up."""
    return ordered(factor) or len(factor.values) == 2


def along(factor: Factor, places: Array) -> Array:
    """How far along its range a factor stands at some places: 0 to 1, or for values without order the number of the value.

    Whole numbers and listed numbers stand where their value stands between the least and the largest.
    """
    if not factor.listed and factor.slot.kind != "whole number":
        return places
    if factor.listed and not ordered(factor):
        return np.minimum(np.floor(places * len(factor.values)), len(factor.values) - 1.0)
    where, back = np.unique(places, return_inverse=True)
    values = np.array([factor.at(float(u)) for u in where], dtype=float)
    ends = factor.values if factor.listed else (factor.at(0.0), factor.at(1.0))
    low, high = min(ends), max(ends)
    return ((values - low) / (high - low))[back].reshape(places.shape)


def shown(factor: Factor) -> str:
    """Between which values it varies, as text, numbers with their unit: "0.06 to 0.1 share of sales"."""
    if factor.low is None or factor.high is None:
        values = ", ".join(str(value).lower() if isinstance(value, bool) else str(value) for value in factor.values)
    else:
        values = f"{factor.low:.6g} to {factor.high:.6g}"
    return f"{values} {unit_of(factor)}".rstrip()


def unit_of(factor: Factor) -> str:
    """The unit of its numbers; empty where they are pure, or it takes words or tables."""
    return factor.slot.unit if ordered(factor) and factor.slot.unit not in PURE else ""

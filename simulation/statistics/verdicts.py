"""What may be said of a claim or a statement, from its effect and from what moved parameters make of it.

A claim that names a figure:
    reached with defaults    the effect goes at least as far as the figure
    reachable                it does not, but the plausible range does
    not reachable            neither does
A claim that names a direction alone, against the least difference that counts (0 unless the file says more):
    direction only: as claimed    the whole interval lies beyond it, on the side named
    direction only: opposite      the whole interval lies beyond it on the other side
    direction only: undecided     anything else
A general statement:
    holds              the whole interval lies beyond the least difference, on the side named
    does not hold      it does not
    depends on ROW     it holds, and with one row moved the effect is no longer beyond the least difference;
                       or it does not hold, and with one row moved the whole interval lies beyond it
Any of them:
    no figure          the metric has no value under some policy of the contrast, such as customers saved without warnings
Where the range was left out, nothing is said of what could be reached, nor of what it hangs on:
    reached with defaults, not reached with defaults, holds with defaults, does not hold with defaults
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from simulation.scenario import Expectation

REACHED, REACHABLE, NOT_REACHABLE = "reached with defaults", "reachable", "not reachable"
AS_CLAIMED, OPPOSITE, UNDECIDED = (f"direction only: {word}" for word in ("as claimed", "opposite", "undecided"))
HOLDS, DOES_NOT_HOLD, DEPENDS = "holds", "does not hold", "depends on"
NO_FIGURE = "no figure"
NOT_REACHED, HOLDS_HERE, FAILS_HERE = "not reached with defaults", "holds with defaults", "does not hold with defaults"
PASSES = (REACHED, AS_CLAIMED, HOLDS, HOLDS_HERE)
"""Verdicts that count as the claim or statement met."""


@dataclass(frozen=True)
class Estimate:
    """A mean over seeds with its 95% interval; NaN where there is none."""

    mean: float
    low: float
    high: float

    def ahead(self, sense: float) -> tuple[float, float, float]:
        """Mean, near and far end of the interval, counted along `sense`: 1.0 upwards, -1.0 downwards."""
        ends = sorted((sense * self.low, sense * self.high))
        return sense * self.mean, ends[0], ends[1]


@dataclass(frozen=True)
class Moved:
    """The effect with one row at one end of its range: the effect with defaults plus the paired change."""

    row: str
    value: float
    effect: Estimate


@dataclass(frozen=True)
class Plausible:
    """The least and the largest effect of all that was tried, and what leads there; empty for the defaults."""

    low: float
    high: float
    low_by: str = ""
    high_by: str = ""


def verdict(one: Expectation, effect: Estimate, plausible: Plausible | None, moved: Sequence[Moved]) -> str:
    """The verdict on an expectation, in the words above; `plausible` is None where nothing was moved."""
    if not math.isfinite(effect.mean):
        return NO_FIGURE
    if one.is_statement:
        return _on_statement(one, effect, moved) if plausible else _with_defaults(one, effect)
    if one.claimed is None:
        return _on_direction(one, effect)
    goal = one.sense * one.goal
    if one.sense * effect.mean >= goal:
        return REACHED
    if plausible is None:
        return NOT_REACHED
    farthest = max(one.sense * plausible.low, one.sense * plausible.high)
    return REACHABLE if farthest >= goal else NOT_REACHABLE


def _with_defaults(one: Expectation, effect: Estimate) -> str:
    """A general statement where nothing was moved."""
    _, near, _ = effect.ahead(one.sense)
    return HOLDS_HERE if near > one.least else FAILS_HERE


def _on_direction(one: Expectation, effect: Estimate) -> str:
    _, near, far = effect.ahead(one.sense)
    if near > one.least:
        return AS_CLAIMED
    return OPPOSITE if far < -one.least else UNDECIDED


def _on_statement(one: Expectation, effect: Estimate, moved: Sequence[Moved]) -> str:
    _, near, _ = effect.ahead(one.sense)
    holds = near > one.least
    rows = []
    for move in moved:
        mean, near, _ = move.effect.ahead(one.sense)
        if (mean <= one.least) if holds else (near > one.least):
            rows.append(move.row)
    if rows:
        return f"{DEPENDS} {', '.join(dict.fromkeys(rows))}"
    return HOLDS if holds else DOES_NOT_HOLD

"""Figures of findings as people read them: percent for shares, a word for what has a unit, nothing for a pure number."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from simulation.report.style import MISSING, Scale

PURE = ("ratio", "ratio of ratios", "odds ratio", "log ratio", "elasticity", "correlation")
"""Units that say how a pure number came about; its target's words say that too."""


@dataclass(frozen=True)
class Unit:
    """How figures in a unit are written: the scale, the sign that clings to a figure, and the word behind a band."""

    scale: Scale
    sign: str = ""
    word: str = ""


def _unit(factor: float, digits: int, sign: str = "", word: str = "") -> Unit:
    return Unit(Scale(factor, digits, sign, sign), sign, word)


UNITS: Mapping[str, Unit] = {
    "share": _unit(100.0, 1, "%"),
    "share of list value": _unit(100.0, 1, "%"),
    "1/year": _unit(100.0, 1, "%", " a year"),
    "sd": _unit(1.0, 2, "", " sd"),
    "days": _unit(1.0, 0, "", " days"),
    "weeks": _unit(1.0, 1, "", " weeks"),
    "months": _unit(1.0, 1, "", " months"),
    **{name: _unit(1.0, 2) for name in PURE},
    "correlation": _unit(1.0, 3),
}


def unit_of(name: str) -> Unit:
    """How figures in a unit are written; one that is not in the table stands behind its figures as it is."""
    return UNITS.get(name) or _unit(1.0, 2, "", f" {name}")


def figure(value: float, unit: str) -> str:
    """A figure: "20.2%", "1.75", "97"; a dash where there is none."""
    known = unit_of(unit)
    return f"{known.scale.show(value)}{known.sign}" if math.isfinite(value) else MISSING


def interval(low: float, high: float, unit: str) -> str:
    """The two ends of an interval, without the unit: "18.8 to 21.5"; a dash where there is none."""
    scale = unit_of(unit).scale
    return f"{scale.show(low)} to {scale.show(high)}" if math.isfinite(low) and math.isfinite(high) else MISSING


def band(low: float, high: float, unit: str) -> str:
    """A band with its unit: "12 to 30%", "≤ 0%", "45 to 100 days"; its ends with as many digits as they were given."""
    known = unit_of(unit)
    ends = [_plain(end * known.scale.factor) for end in (low, high) if math.isfinite(end)]
    if not ends:
        return MISSING
    text = " to ".join(ends) if len(ends) == 2 else f"≥ {ends[0]}" if math.isfinite(low) else f"≤ {ends[0]}"
    return f"{text}{known.sign}{known.word}"


def plain(value: float) -> str:
    """A number of any size in four significant digits, with a true minus; a dash where there is none."""
    return f"{value:.4g}".replace("-", "−") if math.isfinite(value) else MISSING


def _plain(value: float) -> str:
    return f"{round(value, 6) + 0.0:g}".replace("-", "−")

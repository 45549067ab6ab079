"""What the model shows of its targets: figures with intervals, and how many of them lie in their bands.

A target passes when the simulated figure itself lies in its band; its interval is the luck of the seeds.
A finding is met, among the targets of one role, when all its figures of that role pass. What cannot be asked is counted nowhere.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulation.evidence.targets import Target

if TYPE_CHECKING:
    from pandas import DataFrame

COUNTED = ("calibrate", "validate")
"""Roles whose targets are counted; the others are shown."""
PACK = "pack."
"""Start of the ids of targets that are an industry pack's headline numbers."""


@dataclass(frozen=True)
class Verdict:
    """A target and what the model shows: a figure with its 95% interval [the target's unit], NaN where it cannot be asked."""

    target: Target
    value: float = math.nan
    low: float = math.nan
    high: float = math.nan
    seeds: int = 0

    @property
    def passes(self) -> bool | None:
        """Whether the figure lies in the band; None where the model cannot be asked."""
        return self.target.holds(self.value) if self.target.expressed else None


@dataclass(frozen=True)
class Tally:
    """Targets of one role, each pair (passed, asked): figures, whole findings, and industry packs, which are in both."""

    figures: tuple[int, int]
    findings: tuple[int, int]
    packs: tuple[int, int]


def tally(verdicts: Sequence[Verdict], role: str) -> Tally:
    """How many targets of a role pass."""
    asked = [one for one in verdicts if one.passes is not None and one.target.role == role]
    whole: dict[str, bool] = {}
    for one in asked:
        whole[one.target.finding] = whole.get(one.target.finding, True) and bool(one.passes)
    packs = [bool(one.passes) for one in asked if one.target.id.startswith(PACK)]
    return Tally(
        (sum(bool(one.passes) for one in asked), len(asked)), (sum(whole.values()), len(whole)), (sum(packs), len(packs))
    )


def counts(verdicts: Sequence[Verdict]) -> Mapping[str, tuple[int, int]]:
    """Figures passed and asked, by role, of the roles that are counted."""
    return {role: tally(verdicts, role).figures for role in COUNTED}


def verdict_table(verdicts: Sequence[Verdict]) -> DataFrame:
    """One row a target: what is asked, and what is shown; an open side of a band is infinite."""
    import pandas as pd

    return pd.DataFrame(
        {
            "id": one.target.id, "label": one.target.label, "role": one.target.role, "grade": one.target.grade,
            "unit": one.target.unit, "published": math.nan if one.target.target is None else one.target.target,
            "band_low": one.target.low, "band_high": one.target.high,
            "value": one.value, "low": one.low, "high": one.high, "seeds": one.seeds,
            "passes": "" if one.passes is None else "pass" if one.passes else "miss",
            "not_expressible": one.target.not_expressible,
        }
        for one in verdicts
    )  # fmt: skip

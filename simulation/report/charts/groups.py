"""Groups of reps in words: in which of them a policy changes something, by how much, and for which that is not decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simulation.errors import ScenarioError
from simulation.report.lettering import shorten
from simulation.report.style import Scale
from simulation.report.words.phrases import focus
from simulation.report.words.quotes import quote

if TYPE_CHECKING:
    from simulation.statistics.summary import Summary

PERCENT = Scale(100.0, 1, "%", "points")
NAMED = 2
"""Groups that a sentence names at most on either side; the others it counts."""
COUNTS = ("no", "one", "two", "three", "four", "five", "six")
"""How many groups there are or are left, in words: no figure of the table."""


@dataclass(frozen=True)
class Shift:
    """What a policy changes in one group: its name, the paired difference, its interval, and the difference in words."""

    name: str
    size: float
    low: float
    high: float
    said: str

    @property
    def decided(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.low > 0.0 or self.high < 0.0


def shift(summary: Summary, measure: str, policy: str, address: str, name: str, row: Mapping[Any, float]) -> Shift:
    """The shift of a group whose numbers stand at `address`, see `quotes`, and in `row`."""
    said = quote(summary, measure, policy, f"{address}.diff", form="signed", scale=PERCENT)
    return Shift(name, row["diff"], row["diff_low"], row["diff_high"], f"{said} points")


def shifts_said(shifts: Sequence[Shift], does: str, of: str) -> str:
    """Where a policy makes more or fewer reps do something: `does` says what, `of` stands before the names of groups.

    "more stay of those moved most by money (+4.1 points) and mastery (+2.0 points); not decided for the other four groups".
    Nothing is claimed of a group whose interval holds zero or which has no interval.
    """
    if shifts and all(one.low == one.high == 0.0 for one in shifts):
        return "no difference in any group"
    decided = [one for one in shifts if one.decided]
    sides = [(word, [one for one in decided if sign * one.size > 0.0]) for word, sign in (("more", 1.0), ("fewer", -1.0))]
    rest = len(shifts) - len(decided)
    if not decided:
        return "in no group is the difference decided"
    parts = [_side(f"{word} {does}", of, side, len(shifts)) for word, side in sides if side]
    return "; ".join([*parts, *([f"not decided for the other {_groups(rest)}"] if rest else [])])


def _side(does: str, of: str, side: Sequence[Shift], all_groups: int) -> str:
    """The groups on one side of zero, the largest named with their differences."""
    ordered = sorted(side, key=lambda one: -abs(one.size))
    if len(side) == all_groups > NAMED:
        return f"{does} in all {_groups(all_groups)} (largest difference: {ordered[0].name}, {ordered[0].said})"
    names = [f"{one.name} ({one.said})" for one in ordered[:NAMED]]
    more = len(side) - len(names)
    if more:
        return f"{does} {of} {', '.join(names)} and {_groups(more, 'more group')}"
    return f"{does} {of} {' and '.join(names)}"


def _groups(many: int, noun: str = "group") -> str:
    return f"{COUNTS[many]} {noun}{'' if many == 1 else 's'}"


def pair_of(summary: Summary, policy: str | None) -> tuple[str, ...]:
    """The baseline, and beside it the policy, or else that of the titles; the baseline alone where there is no other.

    Raises ScenarioError when the summary has no such policy.
    """
    if policy is not None and policy not in summary.labels:
        raise ScenarioError(f"policy = {policy!r} is not among those compared; use one of {', '.join(summary.policies)}")
    return tuple(dict.fromkeys((summary.baseline, policy or focus(summary) or summary.baseline)))


def pair_named(summary: Summary, policy: str) -> str:
    """Whom a title compares: "Growth mix against Status quo"."""
    return f"{shorten(summary.labels[policy])} against {shorten(summary.labels[summary.baseline])}"


def span_said(summary: Summary, measure: str, policy: str, address: str = "") -> str:
    """The interval of a difference in points, quoted: "+1.2 to +3.4"."""
    ends = (f"{address}{side}" for side in ("diff_low", "diff_high"))
    return " to ".join(quote(summary, measure, policy, end, form="signed", scale=PERCENT) for end in ends)

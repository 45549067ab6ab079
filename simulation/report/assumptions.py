"""How far the differences hang on assumed parameters: the second line of a comparison, in words and as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from simulation.report.style import summary_scale
from simulation.statistics.summary import counted

if TYPE_CHECKING:
    from simulation.statistics.assumptions import AssumptionRange, Reach
    from simulation.statistics.summary import Summary

NAMED = 3
"""Moves named in a line; the others are counted and stand in the JSON document and the run folder."""
MEANING = (
    "flips = at an end the verdict is the opposite one; shrinks = at an end the difference is no longer beyond the material one; "
    "holds = neither; no word where the difference is not beyond the material one to begin with. "
    "Moves are written as --set takes them; orgsim explain says what a parameter is. "
    "Levels are not anchored anew, and settings moved for equal cost not solved anew, when a parameter moves."
)


def reach_of(summary: Summary, policy: str, key: str) -> Reach | None:
    """What is known of a difference under other assumptions, if anything."""
    found = summary.assumptions.policies.get(policy, {}) if summary.assumptions else {}
    return found.get(key)


def reach_words(summary: Summary, policy: str, key: str) -> tuple[str, str] | None:
    """The range of a difference and what it means for its sign, for the second line of a policy; None without one."""
    reach = reach_of(summary, policy, key)
    if reach is None:
        return None
    scale = summary_scale(summary, key)
    span = f"{scale.show(reach.low, sign=True)} to {scale.show(reach.high, sign=True)}"
    standing = "flips" if reach.flips else "shrinks" if reach.shrinks else "holds"
    return span, standing if reach.decided else ""


def named_moves(summary: Summary, key: str) -> list[str]:
    """For each policy whose difference in a measure could flip or shrink, the moves that do it."""
    said = []
    for policy in summary.others:
        reach = reach_of(summary, policy, key)
        if reach is None:
            continue
        does = [f"{word} with {_some(moves)}" for word, moves in (("flips", reach.flips), ("shrinks", reach.shrinks)) if moves]
        if does:
            said.append(f"{summary.labels[policy]}: {'; '.join(does)}")
    return said


def assumption_sentences(summary: Summary) -> list[str]:
    """What was moved, what the words mean, whether any sign hangs on it, and what was left out."""
    found = summary.assumptions
    if found is None or not summary.others:
        return []
    left_out = [f"{text}." for text in found.left_out]
    if not found.moved:
        return ["No assumed parameter of this study can be moved.", *left_out]
    flips = any(reach.flips for own in found.policies.values() for reach in own.values())
    ends = "one at a time to the ends of their ranges" if len(found.moved) > 1 else "to the ends of its range"
    ends += ", a number of the world to half and double of itself"
    names = ", ".join(moved.name for moved in found.moved)
    return [
        f"assumptions: range of the difference when {_which(found)} {ends} ({counted(found.seeds, 'seed')}): {names}. {MEANING}",
        *([] if flips else ["None of these moves turns a verdict into its opposite."]),
        *left_out,
    ]


def assumptions_json(summary: Summary) -> dict[str, Any] | None:
    """The ranges as a document; null where they were not asked for."""
    found = summary.assumptions
    if found is None:
        return None
    policies = {policy: {key: _plain(reach) for key, reach in own.items()} for policy, own in found.policies.items()}
    return {
        "seeds": found.seeds, "screened": found.screened, "moved": [asdict(moved) for moved in found.moved],
        "policies": policies, "left_out": list(found.left_out),
    }  # fmt: skip


def _plain(reach: Reach) -> dict[str, Any]:
    return {**asdict(reach), "flips": list(reach.flips), "shrinks": list(reach.shrinks)}


def _which(found: AssumptionRange) -> str:
    if len(found.moved) == found.screened:
        return f"{counted(len(found.moved), 'assumed parameter')} move{'s' if len(found.moved) == 1 else ''}"
    return f"the {len(found.moved)} of {found.screened} assumed parameters that matter most here move"


def _some(moves: tuple[str, ...]) -> str:
    more = len(moves) - NAMED
    return ", ".join(moves[:NAMED]) + (f" and {more} more" if more > 0 else "")

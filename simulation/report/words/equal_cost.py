"""What equal cost moved, in sentences, and whether that was much."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.report.words.phrases import direction
from simulation.report.words.quotes import PERCENT, SHORT, TENTHS, quote

if TYPE_CHECKING:
    from simulation.statistics.summary import Summary

LARGE_MOVE = 0.25
"""A setting moved by more than this share of what it was is no longer nearly the policy that was asked for."""


def moved_sentences(summary: Summary) -> list[str]:
    """What was moved so that policies cost the same, and whether that was much."""
    return [moved_sentence(summary, policy) for policy in summary.moved]


def moved_sentence(summary: Summary, policy: str) -> str:
    """The same of one policy."""
    label, moved = summary.labels[policy], summary.moved[policy]
    before, after = (quote(summary, "", policy, f"moved.{when}", form="short", scale=SHORT) for when in ("before", "after"))
    if before == after:
        within = quote(summary, "", "", "limit.equal_cost", scale=TENTHS)
        return f"{label}: no move needed for equal cost; total cost is within {within}% of what it must equal."
    text = f"{label}: {moved.setting} moved from {before} to {after} for equal cost"
    if not is_large_move(summary, policy):
        return f"{text}."
    if moved.setting != "commission.pay_level" or not moved.before:
        return f"{text}; a large move."
    share = quote(summary, "", policy, "moved.share", form="size", scale=PERCENT)
    return f"{text}; target pay is {share}% {direction(moved.after - moved.before)} than the scenario file has it."


def is_large_move(summary: Summary, policy: str) -> bool:
    """Whether equal cost moved a policy's setting so far that it is hardly the policy that was asked for."""
    moved = summary.moved[policy]
    return abs(moved.after - moved.before) > LARGE_MOVE * abs(moved.before)

"""Findings as sentences, made from the numbers and from what may be called decided, and from nothing else."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from simulation.experiment.equal_cost import WITHIN
from simulation.report.lettering import shorten
from simulation.report.style import summary_scale
from simulation.statistics.caveats import FEW_SEEDS
from simulation.statistics.recommend import recommend
from simulation.statistics.summary import counted

if TYPE_CHECKING:
    from simulation.records import Moved
    from simulation.report.style import Scale
    from simulation.statistics.recommend import Recommendation
    from simulation.statistics.summary import Summary

LARGE_MOVE = 0.25
"""A setting moved by more than this share of what it was is no longer nearly the policy that was asked for."""


def with_unit(text: str, unit: str) -> str:
    """A figure and its unit: no space before a percent sign."""
    return f"{text}{unit}" if unit.startswith("%") else f"{text} {unit}".rstrip()


def level(summary: Summary, policy: str, key: str) -> str:
    """A policy's figure: "32.1% a year"."""
    scale = summary_scale(summary, key)
    return with_unit(scale.show(summary.value(policy, key)), scale.unit)


def change(summary: Summary, policy: str, key: str, scale: Scale | None = None) -> str:
    """What a policy does to a measure, as far as it is decided against the smallest difference that counts.

    "turnover 3.1 points lower", "no material difference in revenue", "revenue open (−0.4 to +1.2 ...)", and where the
    interval leaves zero out but not what is too small to count, "revenue higher by an open amount (+0.4 to +1.2 ...)".
    """
    scale = scale or summary_scale(summary, key)
    name = summary.measures[key].label.lower()
    difference, decided = summary.value(policy, key, "diff"), summary.value(policy, key, "decided")
    if decided == "same":
        return f"no material difference in {name}"
    if not math.isfinite(summary.value(policy, key, "diff_low")):
        return f"{name} {with_unit(scale.show(difference, sign=True), scale.difference_unit)} with no interval"
    way = "higher" if difference > 0 else "lower"
    if decided == "open":
        ends = [summary.value(policy, key, side) for side in ("diff_low", "diff_high")]
        span = with_unit(" to ".join(scale.show(end, sign=True) for end in ends), scale.difference_unit)
        return f"{name} {f'{way} by an open amount' if ends[0] * ends[1] > 0 else 'open'} ({span})"
    return f"{name} {with_unit(scale.show(abs(difference)), scale.difference_unit)} {way}"


def focus(summary: Summary) -> str | None:
    """The policy a title speaks of: the leader, or the best of the others when the baseline leads; None without others."""
    if not summary.others:
        return None
    leader = recommend(summary).leader
    if leader is not None and leader != summary.baseline:
        return leader
    objective = summary.facts.objective
    sign = -1.0 if summary.measures[objective].better == "lower" else 1.0
    return max(summary.others, key=lambda policy: sign * float(summary.value(policy, objective)))


def recommendation_sentence(summary: Summary, found: Recommendation | None = None) -> str:
    """The recommendation, and how far it can be trusted."""
    if not summary.others:
        return "Only one policy: nothing to compare with."
    found = found or recommend(summary)
    objective = summary.measures[summary.facts.objective].label.lower()
    baseline = summary.labels[summary.baseline]
    if found.leader is None:
        return "Recommended: nothing; no policy meets every requirement."
    leader = summary.labels[found.leader]
    says = change(summary, found.leader, summary.facts.objective)
    if found.standing == "baseline":
        text = f"Recommended: stay with {baseline}; no policy that meets the requirements has a better {objective}."
    elif found.policy is None:
        text = f"Recommended: no change; the best other policy, {leader}, against {baseline}: {says}."
    elif found.standing == "better":
        text = f"Recommended: {leader}; {says} than {baseline}."
    else:
        text = f"Recommended: {leader}, because {baseline} breaks a requirement; {says}."
    if found.rivals and found.standing != "same":
        near = ", ".join(summary.labels[policy] for policy in found.rivals)
        text += f" Not shown to be worse in {objective}: {near}."
    return text


def moved_sentences(summary: Summary) -> list[str]:
    """What was moved so that policies cost the same, and whether that was much."""
    return [_moved(summary.labels[policy], moved) for policy, moved in summary.moved.items()]


def _moved(label: str, moved: Moved) -> str:
    before, after = f"{moved.before:.4g}", f"{moved.after:.4g}"
    if before == after:
        return f"{label}: no move needed for equal cost; total cost is within {100 * WITHIN:g}% of what it must equal."
    text = f"{label}: {moved.setting} moved from {before} to {after} for equal cost"
    if abs(moved.after - moved.before) <= LARGE_MOVE * abs(moved.before):
        return f"{text}."
    if moved.setting != "commission.pay_level" or not moved.before:
        return f"{text}; a large move."
    share = moved.after / moved.before - 1.0
    return f"{text}; target pay is {100 * abs(share):.0f}% {'higher' if share > 0 else 'lower'} than the scenario file has it."


def stress_sentence(summary: Summary, stress: Mapping[str, Summary]) -> str:
    """In how many of the other worlds the best policy stays best by the objective, which is best elsewhere, and how sure that is.

    A policy that is not shown to be better to begin with cannot stay best: of it the best mean is counted.
    """
    found = recommend(summary)
    best, shown = found.leader, found.policy or summary.baseline
    places: dict[str | None, list[str]] = {}
    for world, result in stress.items():
        places.setdefault(recommend(result).leader, []).append(Path(world).stem)
    said = []
    if best is not None:
        stays = places.pop(best, [])
        where = f" ({', '.join(stays)})" if stays else ""
        does = "stays best" if best == shown else "has the best mean"
        said.append(f"{summary.labels[best]} {does} in {len(stays)} of {counted(len(stress), 'world')}{where}")
    for policy, worlds in places.items():
        where = " and ".join(f"in {world}" for world in worlds)
        said.append(f"best is {summary.labels[policy]} {where}" if policy else f"no policy meets every requirement {where}")
    return f"Stress ({_stress_size(summary, stress)}): {'; '.join(said)}."


def _stress_size(summary: Summary, stress: Mapping[str, Summary]) -> str:
    fewest = min(result.facts.seeds for result in stress.values())
    notes = [f"{counted(fewest, 'seed')} a world{', rough' if fewest < FEW_SEEDS else ''}"]
    if summary.moved:
        notes.append("costs not made equal again")
    return ", ".join(notes)


def difference_note(low: float, high: float, scale: Scale) -> str:
    """What a title says of a difference after the two figures: its interval, or that it is not decided; empty without one."""
    if not math.isfinite(low):
        return ""
    if low <= 0 <= high:
        return " (difference not decided)" if low < high else " (no difference)"
    span = " to ".join(scale.show(limit, sign=True) for limit in (low, high))
    return f" (difference {with_unit(span, scale.difference_unit)})"


def tradeoff_title(summary: Summary) -> str:
    """What the leading policy does to turnover and revenue."""
    policy = focus(summary)
    baseline = summary.labels[summary.baseline]
    if policy is None:
        levels = (f"{key} {level(summary, summary.baseline, key)}" for key in ("turnover", "revenue"))
        return f"{shorten(baseline)}: {', '.join(levels)}"
    keys = ("turnover", "revenue")
    changes = "; ".join(change(summary, policy, key) for key in keys)
    if all(summary.value(policy, key, "decided") == "same" for key in keys):
        changes = "no material difference in turnover or revenue"
    return f"{shorten(summary.labels[policy])} against {shorten(baseline)}: {changes}"

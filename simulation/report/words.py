"""Findings as sentences, made from the numbers and from what may be called decided, and from nothing else."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from simulation.report.style import shorten, summary_scale
from simulation.statistics.recommend import recommend

if TYPE_CHECKING:
    from simulation.report.style import Scale
    from simulation.statistics.recommend import Recommendation
    from simulation.statistics.summary import Summary


def with_unit(text: str, unit: str) -> str:
    """A figure and its unit: no space before a percent sign."""
    return f"{text}{unit}" if unit.startswith("%") else f"{text} {unit}".rstrip()


def level(summary: Summary, policy: str, key: str) -> str:
    """A policy's figure: "32.1% a year"."""
    scale = summary_scale(summary, key)
    return with_unit(scale.show(summary.value(policy, key)), scale.unit)


def change(summary: Summary, policy: str, key: str, scale: Scale | None = None) -> str:
    """What a policy does to a measure: "turnover 3.1 points lower", "revenue the same", "revenue open (−0.4 to +1.2 ...)"."""
    scale = scale or summary_scale(summary, key)
    name = summary.measures[key].label.lower()
    difference, decided = summary.value(policy, key, "diff"), summary.value(policy, key, "decided")
    if decided == "same":
        return f"no material difference in {name}"
    if not math.isfinite(summary.value(policy, key, "diff_low")):
        return f"{name} {with_unit(scale.show(difference, sign=True), scale.difference_unit)} with no interval"
    if decided == "open":
        span = " to ".join(scale.show(summary.value(policy, key, side), sign=True) for side in ("diff_low", "diff_high"))
        return f"{name} open ({with_unit(span, scale.difference_unit)})"
    size = with_unit(scale.show(abs(difference)), scale.difference_unit)
    return f"{name} {size} {'higher' if difference > 0 else 'lower'}"


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
    """What was moved so that policies cost the same."""
    return [
        f"{summary.labels[policy]}: {moved.setting} moved from {moved.before:.4g} to {moved.after:.4g} for equal cost."
        for policy, moved in summary.moved.items()
    ]


def stress_sentence(summary: Summary, stress: Mapping[str, Summary]) -> str:
    """In how many other worlds the best policy stays best."""
    leader = recommend(summary).leader
    if leader is None:
        return "Stress: no policy meets every requirement, so there is no best policy to follow into other worlds."
    failed = [world for world, result in stress.items() if recommend(result).leader != leader]
    text = f"Stress: {summary.labels[leader]} stays best in {len(stress) - len(failed)} of {len(stress)} worlds"
    return f"{text} (not in {', '.join(failed)})." if failed else f"{text}."


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

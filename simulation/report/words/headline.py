"""What to do, and what it brings, in one sentence that can be read aloud.

Made from the objective, what is required, what is material and the recommendation, and from nothing else.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from simulation.report.style import summary_scale
from simulation.report.words.addresses import cell
from simulation.report.words.phrases import called, does, effect, focus, level, limit, listed, name_of, span, together, with_unit
from simulation.report.words.quotes import finer, quote
from simulation.statistics.recommend import between, recommend

if TYPE_CHECKING:
    from simulation.statistics.recommend import Recommendation
    from simulation.statistics.summary import Summary

LONGEST = 160
"""Characters of a headline, about what is read aloud in a breath; what must be said is said even if it is longer."""
BESIDE = ("turnover", "revenue")
"""Measures that a headline names beside the objective: a loss in them always, a gain where there is room."""


def headline(summary: Summary) -> str:
    """What to do, and what it brings."""
    found, baseline = recommend(summary), called(summary, summary.baseline)
    if not summary.others:
        return f"There is nothing to choose: {baseline} is the only policy."
    if found.leader is None:
        return f"Choose none of these: {_unmet(summary, found)}."
    if found.policy is not None:
        return _sided(summary, _choose(summary, found, found.policy))
    allowed = [policy for policy in summary.others if policy not in found.excluded]
    return _sided(summary, f"Keep {baseline}{_kept(summary, found, allowed)}.")


def _sided(summary: Summary, text: str) -> str:
    """The same, on condition that the highest is wanted, where the objective has no better side."""
    objective = summary.facts.objective
    if summary.measures[objective].better != "none":
        return text
    return f"If the highest {name_of(summary, objective)} is wanted, {text[:1].lower()}{text[1:]}"


def recommendation_sentence(summary: Summary) -> str:
    """The same, and which policies are not shown to be worse."""
    found = recommend(summary)
    if not found.rivals or found.standing == "same":
        return headline(summary)
    near = ", ".join(summary.labels[policy] for policy in found.rivals)
    return f"{headline(summary)} Not shown to be worse in {name_of(summary, summary.facts.objective)}: {near}."


def _unmet(summary: Summary, found: Recommendation) -> str:
    """Why no policy can be recommended."""
    require = summary.facts.require
    if len(found.excluded) < len(summary.policies):
        return f"no policy that may be chosen has a figure for {name_of(summary, summary.facts.objective)}"
    if len(require) > 1:
        return "no policy meets every requirement"
    (key,) = require
    sign = 1.0 if require[key][0] == "<=" else -1.0
    means = {policy: sign * float(summary.value(policy, key)) for policy in summary.policies}
    text = f"no policy meets what is required of {name_of(summary, key)}, {limit(summary, key)}"
    if not all(map(math.isfinite, means.values())):
        return text
    nearest = min(means, key=lambda policy: means[policy])
    return f"{text}; nearest is {called(summary, nearest)} with {level(summary, nearest, key)}"


def _kept(summary: Summary, found: Recommendation, allowed: Sequence[str]) -> str:
    """Why the baseline is kept: what the best of the others that may be chosen does to the objective."""
    policy, key = focus(summary), summary.facts.objective
    if policy is None or not allowed:
        return ": it alone meets every requirement"
    others = "no other policy that meets the requirements" if len(allowed) < len(summary.others) else "no other policy"
    own, label = str(summary.value(policy, key, "decided")), called(summary, policy)
    best = f"{label}, the best of the others," if len(allowed) > 1 else label
    if not math.isfinite(float(summary.value(policy, key, "diff"))):
        return f": {others} has a figure for {name_of(summary, key)}"
    if own == "same":
        alike = len(allowed) > 1 and {summary.value(one, key, "decided") for one in allowed} == {"same"}
        return f": {others} makes a material difference to {name_of(summary, key)}" if alike else f": {_same(summary, policy)}"
    if own == "open":
        return _open(summary, found, policy, best)
    sure = len(allowed) > 1 and all(summary.value(one, key, "decided") == own for one in allowed)
    return f": {_least(summary, policy, others)}" if sure else f": {best} {effect(summary, policy, key, ends=False)}"


def _same(summary: Summary, policy: str) -> str:
    """The best of the others changes nothing in the objective, and perhaps something beside it."""
    beside = [key for key in BESIDE if key != summary.facts.objective]
    gains = [effect(summary, policy, key, ends=False) for key in beside if _is(summary, policy, key, "better")]
    losses = [effect(summary, policy, key, ends=False) for key in beside if _is(summary, policy, key, "worse")]
    though = f", though it {together([*gains, *losses])}" if gains else ""
    return f"{called(summary, policy)} {effect(summary, policy, summary.facts.objective, ends=False)}{though}"


def _open(summary: Summary, found: Recommendation, policy: str, best: str) -> str:
    """Whether, or how far, the best of the others is better is not decided."""
    key, label = summary.facts.objective, called(summary, policy)
    low, high = (float(summary.value(policy, key, column)) for column in ("diff_low", "diff_high"))
    if not math.isfinite(low):
        return f" for now: {label} {effect(summary, policy, key, ends=False)}"
    scale = summary_scale(summary, key)
    ends = span(summary, policy, key, finer(scale, low, high))
    if low * high > 0.0:
        material = quote(summary, key, policy, "material", scale=finer(scale, float(cell(summary, key, policy, "material"))))
        return f" for now: {label} {does(summary, policy, key)} by an open amount ({ends}; material is {material})"
    if found.standing == "baseline":
        return f": it is best in {name_of(summary, key)}, though whether {label} differs is open ({ends})"
    return f" for now: whether {best} {does(summary, policy, key)} is open ({ends})"


def _least(summary: Summary, policy: str, others: str) -> str:
    """Every other policy is worse, this one least."""
    every, key = others.replace("no other", "every other"), summary.facts.objective
    scale = finer(summary_scale(summary, key), float(summary.value(policy, key, "diff")))
    size = with_unit(quote(summary, key, policy, "diff", form="size", scale=scale), scale.difference_unit)
    return f"{every} {does(summary, policy, key)}, {called(summary, policy)} least, by {size}"


def _choose(summary: Summary, found: Recommendation, policy: str) -> str:
    """A policy is better than the baseline, or the baseline breaks a requirement."""
    key, label, name = summary.facts.objective, called(summary, policy), name_of(summary, summary.facts.objective)
    beside = [other for other in BESIDE if other != key]
    losses = [effect(summary, policy, other, ends=False) for other in beside if _is(summary, policy, other, "worse")]
    gains = [effect(summary, policy, other, ends=False) for other in beside if _is(summary, policy, other, "better")]
    does_it, end = effect(summary, policy, key, ends=False), f", but {together(losses)}" if losses else ""
    ties, open_ = _rivals(summary, found, policy)
    who = listed([label, *ties], last="or") + (f", tied in {name}" if ties else "")
    subject = label if ties else "it"
    if summary.baseline in found.excluded:
        who, subject = f"{who}: {_failing(summary)}; {label}", ""
    if ties:
        does_it = does_it.replace(name, "it", 1)
    elif open_:
        end += f"; whether {listed(open_, last='or')} is better still is open"
    start = f"Choose {who}: {subject}" if subject else f"Choose {who}"
    full = f"{start} {together([does_it, *gains])}{end}."
    return full if len(full) <= LONGEST else f"{start} {does_it}{end}."


def _failing(summary: Summary) -> str:
    """Why the baseline may not be kept."""
    figures = [float(summary.value(summary.baseline, key)) for key in summary.facts.require]
    label = called(summary, summary.baseline)
    return f"{label} breaks a requirement" if all(map(math.isfinite, figures)) else f"{label} is not shown to meet a requirement"


def _rivals(summary: Summary, found: Recommendation, policy: str) -> tuple[list[str], list[str]]:
    """Labels of rivals that do as well as the one chosen, and of those of whom that is open.

    One that does not beat a baseline that may be kept does not do as well, whatever is open between the two.
    """
    key = summary.facts.objective
    kept = summary.baseline not in found.excluded
    near = [p for p in found.rivals if not kept or _is(summary, p, key, "better") or _is(summary, p, key, "higher")]
    ties = [p for p in near if between(summary, p, policy) == "same"]
    return [called(summary, p) for p in ties], [called(summary, p) for p in near if p not in ties]


def _is(summary: Summary, policy: str, key: str, word: str) -> bool:
    return bool(summary.value(policy, key, "decided") == word) and math.isfinite(float(summary.value(policy, key, "diff")))

"""The message of every slide and panel as one sentence, with the numbers that it was made from.

    title_of(findings, "tradeoff").text      ->  "Growth mix against Status quo: turnover 3.1 points lower; no material ..."
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from simulation.levers import catalogue
from simulation.report.charts.bridge import bridge_title
from simulation.report.charts.losers import losers_title
from simulation.report.charts.static_price import priced_rows, static_title
from simulation.report.charts.survival import survival_title
from simulation.report.charts.survival_segments import survival_segments_title
from simulation.report.charts.timeline import timeline_title
from simulation.report.style import summary_scale
from simulation.report.uncertainty import rank_words
from simulation.report.words.headline import headline
from simulation.report.words.phrases import (
    called,
    change,
    effect,
    focus,
    listed,
    name_of,
    short_label,
    together,
    tradeoff_title,
    upper,
    with_unit,
)
from simulation.report.words.quotes import COUNT, Sentence, count, finer, quote, told
from simulation.report.words.stress import best_in
from simulation.statistics.reasons import MEASURES_SPLIT
from simulation.statistics.recommend import recommend

if TYPE_CHECKING:
    from simulation.statistics.findings import Findings
    from simulation.statistics.reasons import Split
    from simulation.statistics.summary import Summary

Kind = Literal[
    "decision", "tradeoff", "bridge", "survival", "survival_segments", "leavers", "timeline", "drivers", "risks", "true",
    "static", "losers", "evidence",
]  # fmt: skip
BEST = "A"
"""The highest grade of evidence."""
LONGEST = 140
"""Characters of a title, about; what does not fit is left to the slide."""
LEAVING = ("quits_rate", "regretted_quits_rate", "dismissals_rate")
LABEL = 24
"""Characters of a label in a title that would be too long."""
WATCHED = (
    "regretted_quits_rate", "satisfaction", "income_risk_low", "value_moved", "extra_discount", "last_month_share", "pay_spread",
)  # fmt: skip
"""What a plan may spoil while its objective improves: gaming, discounts, fairness, the best people, customers."""
WORSE = ("worse", "higher")
"""Verdicts that count as a risk; of what has no better side, here the spread of pay, more is the risk."""


def title_of(findings: Findings, kind: Kind, policy: str | None = None) -> Sentence:
    """The message of a slide.

    Parameters
    ----------
    findings : Findings
    kind : which slide
    policy : str, optional
        Key of the policy that it speaks of; without it that of `phrases.focus`, as where a chart compares all policies.

    Raises
    ------
    KeyError
        When there is no such kind.
    """
    say, summary = KINDS[kind], findings.summary
    said = told(lambda: say(findings, policy or focus(summary) or summary.baseline))
    return said if len(said.text) <= LONGEST else replace(said, text=_shorter(summary, said.text))


def _shorter(summary: Summary, text: str) -> str:
    """The same with long labels cut once more."""
    for policy in summary.labels:
        text = text.replace(short_label(summary, policy), short_label(summary, policy, LABEL))
    return text


def _only(summary: Summary) -> str:
    return f"{called(summary, summary.baseline)} is the only policy: there is nothing to compare it with"


def _bridge(findings: Findings, policy: str) -> str:
    summary = findings.summary
    return _only(summary) if policy == summary.baseline else bridge_title(summary, policy)


def _leavers(findings: Findings, policy: str) -> str:
    """Quits, regretted quits and dismissals, as many as fit: what is decided first."""
    summary = findings.summary
    if policy == summary.baseline:
        return _only(summary)
    keys = [key for key in LEAVING if summary.value(policy, key, "decided") != "same"]
    keys.sort(key=lambda key: summary.value(policy, key, "decided") == "open")
    start = f"{called(summary, policy)} against {called(summary, summary.baseline)}: "
    if not keys:
        return f"{start}no material difference in quits or dismissals"
    return _fitting(start, [change(summary, policy, key) for key in keys])


def _segments(findings: Findings, policy: str) -> str:
    kept = "survival_segments" in findings.summary.series
    return survival_segments_title(findings.summary, policy) if kept else "How long groups of reps stay was not kept"


def _fitting(start: str, parts: list[str]) -> str:
    """As many parts as a title holds, the first in any case."""
    text = f"{start}{parts[0]}"
    for part in parts[1:]:
        if len(text) + len(part) + 2 <= LONGEST:
            text = f"{text}; {part}"
    return text


def _drivers(findings: Findings, policy: str) -> str:
    """Which lever does most of what a policy does to the objective."""
    summary = findings.summary
    if policy == summary.baseline:
        return _only(summary)
    if summary.reasons is None:
        return "Why policies differ was not looked into"
    key = summary.facts.objective if summary.facts.objective in MEASURES_SPLIT else "contribution"
    found, name = summary.reasons.by_lever.get(policy, {}).get(key), name_of(summary, key)
    label = called(summary, policy)
    if found is None or not found.levers:
        return f"{label} differs from {called(summary, summary.baseline)} in no lever"
    if len(found.levers) == 1:
        (lever,) = found.levers
        return f"{label}: all that it does to {name} is the doing of one lever, {_lever(lever)}"
    return _shares(summary, policy, key, found)


def _shares(summary: Summary, policy: str, key: str, found: Split) -> str:
    """The levers with the largest shares either way, as far as their intervals leave zero out."""
    label, name = called(summary, policy), name_of(summary, key)
    shown = {lever: one.share.mean for lever, one in found.levers.items() if one.share.low * one.share.high > 0.0}
    if not shown:
        return f"{label}: no lever's share in its effect on {name} is shown; every interval includes zero"
    order = sorted(shown, key=lambda lever: -abs(shown[lever]))
    against = [lever for lever in order if shown[lever] * shown[order[0]] < 0.0]
    scale = summary_scale(summary, key)
    said = []
    for lever in [order[0], *against[:1]]:
        fine = finer(scale, shown[lever])
        size = quote(summary, key, policy, f"lever.{lever}.share.mean", form="size", scale=fine)
        said.append((_lever(lever), "raises" if shown[lever] > 0.0 else "lowers", size))
    (first, verb, size), *rest = said
    text = f"{label}: {first} does most and {verb} {name} by {with_unit(size, scale.difference_unit)}"
    return text + "".join(f"; {other} {way} it by {much}" for other, way, much in rest)


def _lever(key: str) -> str:
    known = catalogue().get(key)
    return known.title if known else key


def _risks(findings: Findings, policy: str) -> str:
    """What is decided to get worse, and whether the answer holds in the stress worlds."""
    summary = findings.summary
    if policy == summary.baseline:
        return _only(summary)
    keys = [key for key in WATCHED if key in summary.measures and _worse(summary, policy, key)]
    worlds = _worlds(findings, policy)
    if not keys:
        text = f"{called(summary, policy)} is not shown to worsen gaming, fairness or customers"
        return f"{text}; {worlds}" if worlds else text
    label, effects = called(summary, policy), [effect(summary, policy, key) for key in keys]
    most = max((n for n in range(1, len(effects) + 1) if len(f"{label} {together(effects[:n])}") <= LONGEST), default=1)
    text = f"{label} {together(effects[:most])}"
    return f"{text}; {worlds}" if worlds and len(text) + len(worlds) + 2 <= LONGEST else text


def _worse(summary: Summary, policy: str, key: str) -> bool:
    decided, difference = summary.value(policy, key, "decided"), float(summary.value(policy, key, "diff"))
    if not finer(summary_scale(summary, key), difference).show(difference).strip("−0.,"):
        return False
    return decided == "worse" or (decided in WORSE and summary.measures[key].better == "none")


def _worlds(findings: Findings, policy: str) -> str:
    """In how many stress worlds the best policy has the best mean; `policy` is the one spoken of."""
    leader = recommend(findings.summary).leader
    if not findings.stress or leader is None:
        return ""
    return best_in(findings, leader, "it" if leader == policy else called(findings.summary, leader))


def _true(findings: Findings, policy: str) -> str:
    """What the answer hangs on: assumptions that turn or shrink it, and how sure the rank is."""
    summary = findings.summary
    if policy == summary.baseline:
        return _only(summary)
    label, name = called(summary, policy), name_of(summary, summary.facts.objective)
    parts = [part for part in (_hangs_on(summary, policy), rank_words(summary, policy, mates=False)) if part]
    if not parts and rank_words(summary, policy):
        return upper(rank_words(summary, policy))
    if not parts:
        return f"What {label} does to {name} was found at the assumed values of parameters alone"
    return f"{label}: {'; '.join(parts)}"


def _hangs_on(summary: Summary, policy: str) -> str:
    """The assumptions that turn or shrink a difference, the objective's first; else how far one of them moves the objective's."""
    found = summary.assumptions
    if found is None or not found.moved:
        return ""
    reaches = found.policies.get(policy, {})
    for kind, verb in (("flips", "turn"), ("shrinks", "shrink")):
        for key in dict.fromkeys((summary.facts.objective, *MEASURES_SPLIT)):
            if key in reaches and getattr(reaches[key], kind):
                return f"{_assumptions(summary, key, policy, kind)} could {verb} its effect on {name_of(summary, key)}"
    key = summary.facts.objective if summary.facts.objective in reaches else MEASURES_SPLIT[-1]
    if key not in reaches:
        return ""
    if reaches[key].decided:
        moved = quote(summary, "", "", "facts.moved")
        which = "the one assumption moved does not undo" if moved == "1" else f"none of {moved} assumptions, moved alone, undoes"
        return f"{which} its effect on {name_of(summary, key)}"
    scale = finer(summary_scale(summary, key), reaches[key].low, reaches[key].high)
    low, high = (quote(summary, key, policy, f"reach.{side}", form="signed", scale=scale) for side in ("low", "high"))
    ends = with_unit(f"{low} to {high}", scale.difference_unit)
    return f"{name_of(summary, key)} {ends} as one assumption moves"


def _assumptions(summary: Summary, key: str, policy: str, kind: str) -> str:
    """"one assumption" is counted like "3 assumptions": its number is a cell too."""
    many = quote(summary, key, policy, f"reach.{kind}", scale=COUNT)
    return f"{many} assumption{'' if many == '1' else 's'}"


def _static(findings: Findings, _: str) -> str:
    summary = findings.summary
    if not summary.others:
        return _only(summary)
    return static_title(summary, priced_rows(summary)) if summary.static else "No plan was priced at the baseline's sales"


def _losers(findings: Findings, _: str) -> str:
    summary = findings.summary
    if not summary.others:
        return _only(summary)
    found = summary.static
    return losers_title(summary, priced_rows(summary)) if found else "Who would lose at the baseline's sales was not looked into"


def _evidence(findings: Findings, _: str) -> str:
    """How many parameters nobody has measured, and what the others are."""
    frame = findings.assumptions
    if not len(frame):
        return "Where the parameters come from was not kept"
    statuses = frame["status"].value_counts()
    others = [f"{quote(findings, '', '', f'evidence.{status}')} {status}" for status in statuses.index if status != "assumed"]
    assumed = f"{quote(findings, '', '', 'evidence.assumed')} of {count(findings, 'evidence.all', 'parameter')} are assumed"
    best = quote(findings, "", "", f"evidence.any.{BEST}")
    text = f"{assumed}; {listed(others, most=len(others))}" if others else assumed
    return f"{text}; {best} rest on sources of grade {BEST}"


KINDS: Mapping[str, Callable[[Findings, str], str]] = {
    "decision": lambda findings, _: headline(findings.summary),
    "tradeoff": lambda findings, _: tradeoff_title(findings.summary),
    "bridge": _bridge,
    "survival": lambda findings, _: survival_title(findings.summary),
    "survival_segments": _segments,
    "leavers": _leavers,
    "timeline": lambda findings, _: timeline_title(findings.summary),
    "drivers": _drivers,
    "risks": _risks,
    "true": _true,
    "static": _static,
    "losers": _losers,
    "evidence": _evidence,
}
"""What each kind of slide says of findings and a policy."""

"""The decision in words: what to do, what it brings, and what to keep in mind.

Made from the objective, what is required, what is material, the recommendation and what a study found besides, and from nothing
else. What is open is said as open, a tie as a tie, and a policy that breaks a requirement is named as such and never recommended.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from simulation.report.cautions import cautions
from simulation.report.charts.bridge import NAMES, bridge_lines, largest_line
from simulation.report.headline import BESIDE, headline
from simulation.report.quotes import PERCENT, SHORT, Sentence, count, finer, quote, told
from simulation.report.static_price import extremes_parts, share_of
from simulation.report.style import shorten, summary_scale
from simulation.report.uncertainty import rank_words
from simulation.report.words import course, direction, focus, is_large_move, level, listed, name_of, span
from simulation.statistics.recommend import recommend

if TYPE_CHECKING:
    from simulation.statistics.findings import Findings
    from simulation.statistics.summary import Summary

COSTS = ("total_cost", "pay_cost")


@dataclass(frozen=True)
class Decision:
    """What a board reads first.

    headline : what to do, and what it brings
    answers : turnover and revenue, the objective, what it costs, who leaves and who loses, how sure it is
    cautions : what to keep in mind, the most important first
    """

    headline: Sentence
    answers: tuple[Sentence, ...]
    cautions: tuple[Sentence, ...]


def decision(findings: Findings) -> Decision:
    """The decision that a study's findings lead to."""
    summary = findings.summary
    policy = focus(summary)
    parts = (_alone,) if policy is None else (_people_and_money, _objective, _costs, _leaving, _sure)
    said = (told(partial(part, findings, policy or summary.baseline)) for part in parts)
    return Decision(told(lambda: headline(summary)), tuple(one for one in said if one.text), cautions(findings))


def _alone(findings: Findings, policy: str) -> str:
    summary = findings.summary
    keys = dict.fromkeys((*BESIDE, summary.facts.objective))
    levels = [f"{name_of(summary, key)} {level(summary, policy, key)}" for key in keys]
    return f"{_label(summary, policy)}: {listed(levels)}."


def _label(summary: Summary, policy: str) -> str:
    return shorten(summary.labels[policy])


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _people_and_money(findings: Findings, policy: str) -> str:
    summary = findings.summary
    keys = [key for key in BESIDE if key != summary.facts.objective]
    where = f"Under {_label(summary, policy)}"
    if all(summary.value(policy, key, "decided") == "same" for key in keys):
        return f"{where} {' and '.join(name_of(summary, key) for key in keys)} do not differ materially."
    return f"{where} {' and '.join(course(summary, policy, key) for key in keys)}."


def _objective(findings: Findings, policy: str) -> str:
    """Levels, and the interval or the material difference where the headline has neither; and where the difference comes from."""
    summary = findings.summary
    key = summary.facts.objective
    decided = summary.value(policy, key, "decided")
    text = (
        f"{_upper(name_of(summary, key))}, the objective, is {level(summary, policy, key)} under {_label(summary, policy)} "
        f"and {quote(summary, key, summary.baseline)} under {_label(summary, summary.baseline)}"
    )
    difference, low, high = (float(summary.value(policy, key, column)) for column in ("diff", "diff_low", "diff_high"))
    scale = finer(summary_scale(summary, key), difference, low, high)
    if decided not in ("open", "same") and math.isfinite(low):
        text += f" (difference {span(summary, policy, key, scale)})"
    if decided == "same" and summary.facts.material.get(key):
        text += f"; a difference counts from {quote(summary, key, policy, 'material', scale=scale)}"
    if key == "contribution" and decided not in ("open", "same"):
        lines = bridge_lines(summary, policy)
        line = largest_line(lines)
        part = quote(summary, key, policy, f"bridge.{line}.mean", form="signed")
        text += f"; the largest part is {NAMES[line].lower()}, {part}"
    return f"{text}."


def _costs(findings: Findings, policy: str) -> str:
    summary = findings.summary
    keys = [key for key in COSTS if key != summary.facts.objective]
    text = f"{_upper(' and '.join(course(summary, policy, key) for key in keys))}"
    moved = summary.moved.get(policy)
    if moved is None or moved.before == moved.after or is_large_move(summary, policy):
        return f"{text}."
    if moved.setting == "commission.pay_level" and moved.before:
        share = quote(summary, "", policy, "moved.share", form="size", scale=PERCENT)
        return f"{text}; to make costs equal target pay is {share}% {direction(moved.after - moved.before)} than asked."
    before, after = (quote(summary, "", policy, f"moved.{when}", form="short", scale=SHORT) for when in ("before", "after"))
    return f"{text}; to make costs equal {moved.setting} went from {before} to {after}."


def _leaving(findings: Findings, policy: str) -> str:
    """Who leaves, and who would lose if sales stayed as they were."""
    summary = findings.summary
    text = _upper(course(summary, policy, "regretted_quits_rate"))
    if summary.static is None:
        return f"{text}."
    lose = f"{quote(summary, '', '', 'limit.lose', scale=PERCENT)}%"
    losing, gaining = (share_of(summary, policy, f"{side}5") for side in ("losing", "gaining"))
    if losing == "0%" and gaining == "0%":
        return f"{text}; at today's sales nobody would earn {lose} less or more."
    hit = extremes_parts(summary, policy)[0]
    text += f". At unchanged sales {losing} of reps would earn at least {lose} less and {gaining} at least {lose} more"
    return f"{text}; {hit}." if hit else f"{text}."


def _sure(findings: Findings, policy: str) -> str:
    """How sure it is: the rank, the share of seeds, the other worlds, and who is not shown to be worse."""
    summary = findings.summary
    found, name = recommend(summary), name_of(summary, summary.facts.objective)
    parts = []
    rank = rank_words(summary, policy)
    if rank:
        parts.append(f"{_label(summary, policy)} in {name}: {rank}")
    elif math.isfinite(summary.value(policy, summary.facts.objective, "p_better")) and summary.facts.seeds > 1:
        share = quote(summary, summary.facts.objective, policy, "p_better", scale=PERCENT)
        seeds = count(summary, "facts.seeds", "seed")
        parts.append(f"{_label(summary, policy)} is better in {name} in {share}% of {seeds}")
    if findings.stress and found.leader is not None:
        of = f"{quote(findings, '', found.leader, 'worlds.best')} of {count(findings, 'worlds.all', 'stress world')}"
        parts.append(f"{_label(summary, found.leader)} has the best mean in {of}")
    if found.rivals:
        near = listed([_label(summary, p) for p in found.rivals])
        parts.append(f"not shown to be worse: {near}")
    return f"{_upper('; '.join(parts))}." if parts else ""

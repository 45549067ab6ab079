"""The decision in words: what to do, what it brings, and what to keep in mind.

Made from the objective, what is required, what is material, the recommendation and what a study found besides, and from nothing
else. What is open is said as open, a tie as a tie, and a policy that breaks a requirement is named as such and never recommended.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from simulation.report.charts.bridge import NAMES, bridge_lines, largest_line
from simulation.report.static_price import extremes_parts, share_of
from simulation.report.style import summary_scale
from simulation.report.uncertainty import rank_mates, rank_words
from simulation.report.words.addresses import cell
from simulation.report.words.cautions import cautions
from simulation.report.words.courses import courses
from simulation.report.words.equal_cost import is_large_move
from simulation.report.words.headline import BESIDE, headline
from simulation.report.words.phrases import called, direction, focus, level, listed, name_of, span, upper, with_unit
from simulation.report.words.quotes import PERCENT, SHORT, Sentence, count, finer, quote, told
from simulation.report.words.stress import best_in
from simulation.statistics.recommend import recommend

if TYPE_CHECKING:
    from simulation.statistics.findings import Findings

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
    first = told(lambda: headline(summary))
    return Decision(first, tuple(one for one in said if one.text), cautions(findings, first))


def _alone(findings: Findings, policy: str) -> str:
    summary = findings.summary
    keys = dict.fromkeys((*BESIDE, summary.facts.objective))
    levels = [f"{name_of(summary, key)} {level(summary, policy, key)}" for key in keys]
    return f"{called(summary, policy)}: {listed(levels)}."


def _people_and_money(findings: Findings, policy: str) -> str:
    summary = findings.summary
    keys = [key for key in BESIDE if key != summary.facts.objective]
    return f"Under {called(summary, policy)} {courses(summary, policy, keys)}."


def _objective(findings: Findings, policy: str) -> str:
    """Levels, and the interval or the material difference where the headline has neither; and where the difference comes from."""
    summary = findings.summary
    key = summary.facts.objective
    decided = summary.value(policy, key, "decided")
    if not math.isfinite(summary.value(policy, key, "diff")):
        return f"{upper(name_of(summary, key))}, the objective, has no figure to compare."
    percent = "%" if summary_scale(summary, key).unit.startswith("%") else ""
    text = (
        f"{upper(name_of(summary, key))}, the objective, is {level(summary, policy, key)} under {called(summary, policy)} "
        f"and {with_unit(quote(summary, key, summary.baseline), percent)} under {called(summary, summary.baseline)}"
    )
    low, high = (float(summary.value(policy, key, side)) for side in ("diff_low", "diff_high"))
    scale = summary_scale(summary, key)
    if decided not in ("open", "same") and math.isfinite(low):
        text += f" (difference {span(summary, policy, key, finer(scale, low, high))})"
    if decided == "same" and summary.facts.material.get(key):
        least = quote(summary, key, policy, "material", scale=finer(scale, float(cell(summary, key, policy, "material"))))
        text += f"; a difference counts from {least}"
    if key == "contribution" and decided not in ("open", "same"):
        lines = bridge_lines(summary, policy)
        line = largest_line(lines)
        part = quote(summary, key, policy, f"bridge.{line}.mean", form="signed")
        text += f"; the largest part is {NAMES[line].lower()}, {part}"
    return f"{text}."


def _costs(findings: Findings, policy: str) -> str:
    summary = findings.summary
    keys = [key for key in COSTS if key != summary.facts.objective]
    text = upper(courses(summary, policy, keys))
    moved = summary.moved.get(policy)
    if moved is None or moved.before == moved.after or is_large_move(summary, policy):
        return f"{text}."
    if moved.setting == "commission.pay_level" and moved.before:
        share = quote(summary, "", policy, "moved.share", form="size", scale=PERCENT)
        return f"{text}; target pay was set {share}% {direction(moved.after - moved.before)} to make costs equal."
    before, after = (quote(summary, "", policy, f"moved.{when}", form="short", scale=SHORT) for when in ("before", "after"))
    return f"{text}; {moved.setting} was moved from {before} to {after} to make costs equal."


def _leaving(findings: Findings, policy: str) -> str:
    """Who leaves, and who would lose if sales stayed as they were."""
    summary = findings.summary
    text = upper(courses(summary, policy, ["regretted_quits_rate"]))
    if summary.static is None:
        return f"{text}."
    lose = f"{quote(summary, '', '', 'limit.lose', scale=PERCENT)}%"
    losing, gaining = (share_of(summary, policy, f"{side}5") for side in ("losing", "gaining"))
    if losing == gaining == "0%":
        return f"{text}. If sales stayed as they are, no rep would earn {lose} less or more."
    some, more = (("no rep" if share == "0%" else f"{share} of reps") for share in (losing, gaining))
    hit = extremes_parts(summary, policy)[0]
    text += f". If sales stayed as they are, {some} would earn at least {lose} less and {more} at least {lose} more"
    return f"{text}; {hit}." if hit else f"{text}."


def _sure(findings: Findings, policy: str) -> str:
    """How sure it is: the rank, or the share of seeds; the other worlds; and who is not shown to be worse."""
    summary = findings.summary
    found, objective = recommend(summary), summary.facts.objective
    rank, mates = rank_words(summary, policy), rank_mates(summary, policy)
    parts = [rank] if rank else []
    same = summary.value(policy, objective, "decided") == "same"
    known = all(math.isfinite(summary.value(policy, objective, name)) for name in ("diff", "p_better"))
    if not rank and not same and known and summary.facts.seeds > 1:
        share = quote(summary, objective, policy, "p_better", scale=PERCENT)
        against = called(summary, summary.baseline)
        seeds = count(summary, "facts.own", "seed", policy)
        parts.append(f"{called(summary, policy)} is better than {against} in {share}% of {seeds}")
    if findings.stress and found.leader == policy:
        parts.append(best_in(findings, policy, "it" if parts and not mates else called(summary, policy)))
    near = [called(summary, one) for one in found.rivals if one not in (*mates, policy)] if not same else []
    if near:
        parts.append(f"{listed(near)} {'are' if len(near) > 1 else 'is'} not shown to be worse")
    return f"In {name_of(summary, objective)} {'; '.join(parts)}." if parts else ""

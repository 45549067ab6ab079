"""Results as a notebook shows them: a table in the house's scales, the sentences that belong to it, the chart that says most.

    as_html(summary)

A result asks for this by the package's public name, see `showing`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import singledispatch
from html import escape

from simulation.evidence.measures import MEASURES
from simulation.report.assumptions import named_moves
from simulation.report.html.designs import sensitivity_html, sweep_html
from simulation.report.html.life import life_html
from simulation.report.html.markup import heading, lines, notes, pale, picture, strong, table, verdict
from simulation.report.language import language_of
from simulation.report.stopping import stopping_sentences
from simulation.report.style import drawing, missing_glyphs
from simulation.report.table import block_heading, shown_measures
from simulation.report.uncertainty import rank_sentences
from simulation.report.words.cautions import warnings_of
from simulation.report.words.equal_cost import moved_sentences
from simulation.report.words.headline import recommendation_sentence
from simulation.report.words.quotes import quote
from simulation.report.words.stress import stress_sentence
from simulation.statistics.findings import Findings
from simulation.statistics.lived import Lived
from simulation.statistics.sensitivity.analyse import Sensitivity
from simulation.statistics.stopping import Stopping
from simulation.statistics.summary import Summary, counted
from simulation.statistics.swept import Swept

CHANCE = "chance: its share in the variance behind an interval, which falls with more seeds; the rest is parameters"


@singledispatch
def as_html(result: object) -> str:
    """A result as a notebook shows it: a comparison, a study's findings, a sweep, a sensitivity analysis, a life, or added seeds.

    Raises
    ------
    TypeError
        When it is none of them.
    """
    kinds = "a Summary, Findings, Swept, Sensitivity, Life or Stopping"
    raise TypeError(f"as_html: {type(result).__name__} is no result; give {kinds}")


@as_html.register
def summary_html(summary: Summary) -> str:
    """A row a policy and a column a measure: the figure, its difference from the baseline with interval, and the verdict."""
    facts, keys = summary.facts, shown_measures(summary)
    size = f"{counted(facts.seats, 'seat')}, {counted(facts.months, 'month')}, {summary.seeds}; figures are an average year"
    head = ["", *(_head(summary, key) for key in keys)]
    rows = [[lines(label), *(_figure(summary, policy, key) for key in keys)] for policy, label in summary.labels.items()]
    glyphs = missing_glyphs(summary.labels.values())
    warnings = [*warnings_of(summary), *([f"{glyphs}."] if glyphs else [])]
    said = [*stopping_sentences(summary), *moved_sentences(summary), *(f"Warning: {text}" for text in warnings)]
    flips = [f"{summary.measures[key].label}, {text}" for key in keys for text in named_moves(summary, key)]
    chance = CHANCE if facts.draws is not None and summary.others else ""
    ends = (summary.intervals, chance)
    return heading(facts.title, facts.question, size) + table(head, rows) + notes([*said, *flips, *ends])


def study_html(summary: Summary, stress: Mapping[str, Summary]) -> str:
    """The comparison, what is recommended, in how many other worlds it holds, and the trade-off of turnover and revenue."""
    from simulation.report.figures import framed, pictures

    said = [stress_sentence(summary, stress)] if stress else []
    with drawing(language_of(summary.texts)):
        chart = picture(framed(summary, next(pictures(summary))))
    best = strong(recommendation_sentence(summary)) + notes([*said, *rank_sentences(summary)])
    return summary_html(summary) + best + chart


@as_html.register
def _(found: Findings) -> str:
    return study_html(found.summary, found.stress)


@as_html.register
def stopping_html(found: Stopping) -> str:
    """How many seeds each policy was given and what is settled, by their keys: labels are the summary's."""
    out = found.selection.out if found.selection else {}
    why = {key: f"{one.reason} than {one.by}" if one.reason == "worse" else f"{one.reason}: {one.by}" for key, one in out.items()}
    rows = [[lines(key), lines(f"{seeds:,}"), lines(why.get(key, "no"))] for key, seeds in found.seeds.items()]
    said = [f"{counted(len(found.looks), 'look')}, {found.most:,} seeds at most; {found.runs:,} runs of a policy and seed"]
    if found.selection:
        leader = f", {found.selection.leader} leads" if found.selection.leader else ""
        said.append(f"Verdict: {found.selection.verdict}{leader}; error rate {100 * found.error:g}%")
    said += [
        f"Half-width of {width.measure}: asked {width.asked:.3g}, widest {width.widest:.3g}, in {MEASURES[width.measure].unit}"
        for width in found.widths
    ]
    return table(["policy", "seeds", "settled out"], rows) + notes(said)


as_html.register(Lived, life_html)
as_html.register(Swept, sweep_html)
as_html.register(Sensitivity, sensitivity_html)


def _head(summary: Summary, key: str) -> str:
    """The measure, and paler its unit and what the scenario asks of it."""
    name, _, rest = block_heading(summary, key).partition(" (")
    return lines(name, *rest.removesuffix(")").replace("<=", "≤").replace(">=", "≥").split(", "))


def _figure(summary: Summary, policy: str, key: str) -> str:
    """A figure; below it the difference and the verdict, its interval, and what the interval is made of."""
    mean = quote(summary, key, policy)
    if policy == summary.baseline:
        return lines(mean, "baseline")
    if not math.isfinite(summary.value(policy, key, "diff")):
        return lines(mean)
    difference = quote(summary, key, policy, "diff", form="signed")
    low, high = (quote(summary, key, policy, side, form="signed") for side in ("diff_low", "diff_high"))
    span = f"{low} to {high}" if math.isfinite(summary.value(policy, key, "diff_low")) else "no interval"
    chance = summary.value(policy, key, "diff_chance")
    drawn = summary.facts.draws is not None and not math.isnan(chance)
    share = f"{100 * chance:.0f}% chance" if drawn else ""
    decided = verdict(str(summary.value(policy, key, "decided")))
    below = [pale(text) for text in (span, share) if text]
    return "<br>".join([escape(mean), f"{escape(difference)} {decided}", *below])

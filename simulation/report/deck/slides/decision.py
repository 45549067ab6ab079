"""The decision: the answer as the title, what was asked, the figures it rests on, and what to be careful with."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from simulation.report.deck.book import Book
from simulation.report.deck.notes import defined, from_files
from simulation.report.deck.tables import LABELS, Cell, Sheet, first_that_fits, number_cell, words_cell
from simulation.report.deck.verdicts import NOT_MATERIAL, verdict_cell
from simulation.report.style import summary_scale
from simulation.report.words.decision import decision
from simulation.report.words.phrases import focus, short_label, with_unit
from simulation.report.words.quotes import quote

if TYPE_CHECKING:
    from simulation.statistics.summary import Summary

BOUNDS = {"<=": "at most", ">=": "at least"}
KEYS = ("turnover", "revenue", "contribution", "total_cost")


def add(book: Book) -> None:
    """Put the slide into the book."""
    summary, found = book.summary, decision(book.findings)
    slide = book.slide("Decision", "The decision", found.headline)
    slide.say(18, found.answers)
    policy = focus(summary)
    box = slide.holders[16].box
    sheet = levels(summary) if policy is None else first_that_fits((differences(summary, policy, most) for most in LABELS), box)
    names = " and ".join(summary.labels[key] for key in (summary.baseline, policy) if key)
    slide.table(16, sheet, f"Table of yearly turnover, revenue, contribution and cost under {names}.")
    slide.say_below(19, 16, found.cautions)
    slide.notes([
        f"The question: {summary.facts.question}",
        "The title is made from the objective, the requirements and the smallest differences that count, and from nothing else.",
        "The table has each measure under both policies, the difference with its 95% interval paired by seed, and a verdict.",
        NOT_MATERIAL,
        *(one.text for one in found.answers), *filter(None, [required(summary, policy or summary.baseline)]),
        *(f"Caution: {one.text}" for one in found.cautions),
        *defined(summary, keys(summary)),
        from_files("summary.csv"),
    ])  # fmt: skip


def keys(summary: Summary) -> tuple[str, ...]:
    """The measures of the table: four of every study, the objective, and what is required."""
    return tuple(dict.fromkeys((*KEYS, summary.facts.objective, *summary.facts.require)))[:6]


def named(summary: Summary, key: str, *, difference: bool = False) -> str:
    """A measure with its unit, of an average year."""
    scale = summary_scale(summary, key)
    unit = (scale.difference_unit if difference else scale.unit).removesuffix(" a year")
    return f"{summary.measures[key].label} ({unit})" if unit else summary.measures[key].label


def differences(summary: Summary, policy: str, longest: int) -> Sheet:
    """Both policies side by side, and what may be said of the difference."""
    names = (short_label(summary, key, longest) for key in (summary.baseline, policy))
    rows = []
    for key in keys(summary):
        of = partial(quote, summary, key)
        rows.append([
            words_cell(named(summary, key)),
            number_cell(partial(of, summary.baseline)),
            number_cell(partial(of, policy)),
            number_cell(_spanned(summary, key, policy)),
            verdict_cell(summary, policy, key),
        ])  # fmt: skip
    return Sheet(("An average year", *names, "Difference", "Verdict"), rows, text=(0, 1, 2, 4))


def _spanned(summary: Summary, key: str, policy: str) -> Callable[[], str]:
    of = partial(quote, summary, key, policy, form="signed")
    if not math.isfinite(summary.value(policy, key, "diff_low")):
        return partial(of, "diff")
    return lambda: f"{of('diff')} ({of('diff_low')} to {of('diff_high')})"


def required(summary: Summary, policy: str) -> str:
    """What is required, and whether the policy of the title meets it."""
    said = []
    for key, (sign, _) in summary.facts.require.items():
        limit = with_unit(quote(summary, key, policy, "require"), summary_scale(summary, key).unit)
        said.append(f"{summary.measures[key].label} {BOUNDS[sign]} {limit} (here {quote(summary, key, policy)})")
    return f"Required: {', '.join(said)}." if said else ""


def levels(summary: Summary) -> Sheet:
    """One policy's figures and their intervals."""
    policy = summary.baseline
    rows: list[list[Cell]] = []
    for key in keys(summary):
        of = partial(quote, summary, key, policy)
        rows.append([
            words_cell(named(summary, key)), number_cell(of),
            number_cell(partial(_ends, summary, key)),
        ])  # fmt: skip
    return Sheet(("An average year", short_label(summary, policy, 30), "95% interval"), rows)


def _ends(summary: Summary, key: str) -> str:
    """The interval of the baseline's own figure."""
    return " to ".join(quote(summary, key, summary.baseline, side) for side in ("low", "high"))

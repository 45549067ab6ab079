"""Turnover against revenue: the one chart a board asks for."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from simulation.report.deck.book import Book
from simulation.report.deck.notes import defined, from_files
from simulation.report.deck.scatter import X, Y, cuts_baseline, insert_tradeoff
from simulation.report.words.phrases import change, focus, short_label
from simulation.report.words.quotes import Sentence, told
from simulation.report.words.titles import title_of

if TYPE_CHECKING:
    from simulation.statistics.summary import Summary

HOW = (
    "Bars are 95% intervals of the difference from the baseline, which meets the same luck; "
    "the baseline's own, in grey, are of its figure"
)
CUT = " and are cut where they leave the chart."


def add(book: Book) -> None:
    """Put the slide into the book."""
    summary = book.summary
    slide = book.slide("Chart and message", "Turnover against revenue", title_of(book.findings, "tradeoff"))
    chart = insert_tradeoff(slide.place(14), slide.holders[14].box, summary, book.language)
    names = ", ".join(summary.labels.values())
    slide.charted(14, chart, f"Scatter of yearly revenue against yearly turnover with 95% intervals, a mark a policy: {names}.")
    others = [policy for policy in summary.others if policy != focus(summary)]
    said = [told(partial(_said, summary, policy)) for policy in others]
    how = (HOW + (CUT if cuts_baseline(summary) else ".")) if summary.others else "Bars are 95% intervals."
    slide.say(18, [Sentence(how), *said])
    slide.notes([
        "Each mark is a policy in an average year of the run: further left is less turnover, further up more revenue.",
        *(one.text for one in said), how,
        *defined(summary, (X, Y)),
        from_files("summary.csv", "figures/tradeoff.csv"),
    ])  # fmt: skip


def _said(summary: Summary, policy: str) -> str:
    """What a policy does to both measures."""
    return f"{short_label(summary, policy)}: {change(summary, policy, X)}; {change(summary, policy, Y)}."

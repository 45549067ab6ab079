"""Who stays: the share of reps still there by months since hire, a line a policy."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from simulation.report.deck.book import Book
from simulation.report.deck.lines import Axes, insert_lines
from simulation.report.deck.notes import defined, from_files
from simulation.report.lettering import shorten
from simulation.report.quotes import Sentence, told
from simulation.report.style import Scale
from simulation.report.titles import title_of
from simulation.report.words import change, focus

if TYPE_CHECKING:
    from simulation.statistics.summary import Summary

KEYS = ("survival_12", "survival_24", "regretted_quits_rate")
PERCENT = Scale(100.0, 1, "%", "points")


def add(book: Book) -> None:
    """Put the slide into the book."""
    summary = book.summary
    frame = summary.series["survival"]
    slide = book.slide("Chart and message", "Who stays", title_of(book.findings, "survival"))
    axes = Axes("tenure", "Months since hire", "Reps still there (%)", PERCENT, limits=(0.0, 100.0), floor=0.0)
    chart = insert_lines(slide.place(14), slide.holders[14].box, book, frame, axes)
    names = ", ".join(summary.labels.values())
    slide.charted(14, chart, f"Line chart of the share of reps still there by months since hire, a line a policy: {names}.")
    how = (
        "Kaplan-Meier: incumbents count from their tenure at the start. Dashed lines are the ends of the 95% interval"
        f"{' of the difference from the baseline' if summary.others else ''}."
    )
    policy = focus(summary)
    said = [] if policy is None else [
        told(partial(_said, summary, policy, key)) for key in KEYS
    ]  # fmt: skip
    slide.say(18, [*said, Sentence(how)])
    slide.notes([
        "Each line is the share of reps who are still there so many months after they were hired; higher is better.", how,
        *defined(summary, KEYS), from_files("spells.parquet", "figures/survival.csv"),
    ])  # fmt: skip


def _said(summary: Summary, policy: str, key: str) -> str:
    """What a policy does to a measure."""
    return f"{shorten(summary.labels[policy])}: {change(summary, policy, key)}."

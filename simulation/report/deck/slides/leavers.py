"""Who leaves: by what moves reps most and by how they sell, under the baseline and under the policy of the title."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulation.report.deck.bars import Bars, Part, insert_bars
from simulation.report.deck.book import Book
from simulation.report.deck.notes import defined, from_files
from simulation.report.style import COLOURS, INK, LOSS, Scale
from simulation.report.words.phrases import focus, short_label
from simulation.report.words.quotes import Sentence
from simulation.report.words.titles import title_of

if TYPE_CHECKING:
    from pandas import DataFrame

YEARLY = Scale(100.0, 1, "% a year", "points")
PLACES = ((22, 14, "segment", "By what moves reps most"), (23, 15, "performance", "By sales over territory"))
KINDS = (
    ("regretted", "Regretted quits", LOSS, None), ("quits", "Other quits", COLOURS[5], "WIDE_UPWARD_DIAGONAL"),
    ("dismissals", "Dismissals", INK, None),
)  # fmt: skip
LONGEST = 16
"""[characters] Of a policy's label beside its bars."""
HOW = (
    "Leavers of a group a year over its mean reps: of two bars the upper is the baseline's, and the parts add up to turnover. "
    "Regretted are quits of ramped reps in the top quarter by sales over territory."
)


def add(book: Book) -> None:
    """Put the slide into the book, where leavers were counted by group."""
    summary = book.summary
    frame, policy = summary.series.get("leavers"), focus(summary)
    if frame is None or policy is None:
        return
    slide = book.slide("Two charts", "Who leaves", title_of(book.findings, "leavers"))
    shown = [summary.baseline, policy]
    for heading, number, by, name in PLACES:
        bars = _bars(book, frame[frame["by"] == by], shown)
        slide.say(heading, [Sentence(name)])
        chart = insert_bars(slide.place(number), slide.holders[number].box, bars, book.language)
        who = " and ".join(summary.labels[key] for key in shown)
        slide.charted(number, chart, f"Stacked bars of regretted quits, other quits and dismissals, {name.lower()}, under {who}.")
    slide.say(18, [Sentence(HOW)])
    slide.notes([
        HOW, "Each bar is a group; a longer bar is more leavers. Groups differ in size.",
        *defined(summary, ("quits_rate", "regretted_quits_rate", "dismissals_rate")),
        from_files("figures/leavers_segment.csv", "figures/leavers_performance.csv"),
    ])  # fmt: skip


def _bars(book: Book, frame: DataFrame, shown: list[str]) -> Bars:
    """A row a group and policy, the baseline's first; names of groups stand at the first."""
    rates: dict[Any, float] = frame.set_index(["policy", "group", "kind"])["mean"].to_dict()
    labels = dict(zip(frame["group"], frame["label"], strict=True))
    cells = [(policy, group) for group in labels for policy in shown]
    beside = f"with {short_label(book.summary, shown[-1], LONGEST)}"
    names = [labels[group] if policy == shown[0] else beside for policy, group in cells]
    parts = [
        Part(name, [float(YEARLY.of(rates[policy, group, kind])) for policy, group in cells], colour, pattern)
        for kind, name, colour, pattern in KINDS
    ]
    return Bars(names, parts, "Leavers (% of reps a year)", stacked=True, key=True)

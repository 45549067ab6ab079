"""Who stays: the share of reps still there by months since hire, a line a policy, and by what moves them most."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from simulation.report.deck.bars import Bars, Part, insert_bars
from simulation.report.deck.book import Book, Slide
from simulation.report.deck.lines import Axes, insert_lines
from simulation.report.deck.notes import defined, from_files
from simulation.report.deck.text import joined
from simulation.report.style import Scale, look_of
from simulation.report.words.addresses import stay_months
from simulation.report.words.courses import courses
from simulation.report.words.phrases import called, focus, short_label
from simulation.report.words.quotes import Sentence, quote
from simulation.report.words.titles import title_of
from simulation.vocabulary import MOTIVES_IN_ORDER

if TYPE_CHECKING:
    from simulation.statistics.summary import Summary

KEYS = ("survival_12", "survival_24")
HOW = "Kaplan-Meier: incumbents count from their tenure at the start. Dotted: ends of the 95% interval of "
DIFFERENCE, OWN = ", for its difference from the baseline.", "."
BY_MOTIVE = "Thin bars at the right are the same of each group."
MOTIVES = (
    "The chart at the right shows reps by the motive that moves them most; a group with too few reps who are followed so long is "
    "left out. The upper of two bars is the baseline's."
)
YEAR = 12
STAYS = {12: "a year", 24: "two years"}
ROOM = 30
"""[columns] Of a label in the key."""
Segments = Mapping[str, Mapping[str, Mapping[Any, Any]]]
PERCENT = Scale(100.0, 1, "%", "points")


def add(book: Book) -> None:
    """Put the slide into the book; the chart by motive is left out where no group is followed so long."""
    summary, policy = book.summary, focus(book.summary)
    month, rows = _segments(summary)
    slide = book.slide("Two charts" if rows else "Chart and message", "Who stays", title_of(book.findings, "survival"))
    axes = Axes("tenure", "Months since hire", "Reps still there (%)", PERCENT, limits=(0.0, 100.0), floor=0.0)
    chart = insert_lines(slide.place(14), slide.holders[14].box, book, summary.series["survival"], axes)
    names = ", ".join(summary.labels.values())
    slide.charted(14, chart, f"Line chart of the share of reps still there by months since hire, a line a policy: {names}.")
    said = [] if policy is None else [joined(title_of(book.findings, "survival_segments"), ".")]
    whose = called(summary, policy or summary.baseline)
    how = [HOW + whose + (DIFFERENCE if summary.others else OWN)]
    if rows:
        slide.say(22, [Sentence("All reps")])
        slide.say(23, [Sentence(f"By what moves reps most: after {STAYS.get(month, 'the stay of the title')}")])
        _insert_segments(book, slide, month, rows)
        how += [BY_MOTIVE] if summary.others else []
    slide.say(18, [Sentence(" ".join(how)), *said])
    slide.notes([
        "Each line is the share of reps who are still there so many months after they were hired; higher is better.", *how,
        *([MOTIVES] if rows else []), *(one.text for one in said), *_courses(summary), *defined(summary, KEYS),
        from_files("spells.parquet", "figures/survival.csv", *(["figures/survival_segments.csv"] if rows else [])),
    ])  # fmt: skip


def _courses(summary: Summary) -> list[str]:
    """What the policy of the title does to the shares who stay one year and two."""
    policy = focus(summary)
    return [] if policy is None else [f"Under {called(summary, policy)} {courses(summary, policy, KEYS)}."]


def _segments(summary: Summary) -> tuple[int, Segments]:
    """A month, and by motive and policy its row, of the groups that all policies drawn are followed in so long.

    It is the month that titles speak of, or a year where more groups are followed for a year than for so long.
    """
    frame, shown = summary.series["survival_segments"], _shown(summary)
    best: tuple[int, Segments] = 0, {}
    for month in dict.fromkeys((stay_months(summary), min(YEAR, stay_months(summary)))):
        rows: dict[str, dict[str, dict[Any, Any]]] = {}
        for row in frame[(frame["tenure"] == month) & frame["policy"].isin(shown)].to_dict("records"):
            rows.setdefault(row["segment"], {})[row["policy"]] = row
        found = {motive: rows[motive] for motive in MOTIVES_IN_ORDER if len(rows.get(motive, ())) == len(shown)}
        best = (month, found) if len(found) > len(best[1]) else best
    return best


def _shown(summary: Summary) -> list[str]:
    """The baseline and the policy of the title."""
    policy = focus(summary)
    return [summary.baseline, *([policy] if policy else [])]


def _insert_segments(book: Book, slide: Slide, month: int, rows: Segments) -> None:
    """A bar a motive for the baseline, and one for the policy of the title with the interval of the difference."""
    summary = book.summary
    parts: list[Part] = []
    for policy in _shown(summary):
        here = [row[policy] for row in rows.values()]
        values = [float(PERCENT.of(row["mean"])) for row in here]
        ends = [[float(PERCENT.of(abs(row["diff"] - row[f"diff_{side}"]))) for row in here] for side in ("low", "high")]
        labels = [
            quote(summary, "survival_24", policy, f"survival_segments.{motive}.{month}.mean", scale=PERCENT) for motive in rows
        ]
        minus, plus = ends if policy != summary.baseline else ((), ())
        part = Part(short_label(summary, policy, ROOM), values, look_of(summary, policy).colour, None, minus, plus, labels)
        parts.insert(0, part)  # the first part of a native chart is its lowest bar
    bars = Bars([motive.capitalize() for motive in rows], parts, "Reps still there (%)", key=len(parts) > 1)
    chart = insert_bars(slide.place(15), slide.holders[15].box, bars, book.language)
    who = " and ".join(summary.labels[policy] for policy in _shown(summary))
    slide.charted(15, chart, f"Bars of the share of reps still there after {month} months by what moves them most, under {who}.")

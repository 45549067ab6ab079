"""How turnover and revenue go over the months of the run."""

from __future__ import annotations

from simulation.report.deck.book import Book
from simulation.report.deck.lines import Axes, insert_lines
from simulation.report.deck.notes import defined, from_files
from simulation.report.style import summary_scale
from simulation.report.words.phrases import called, focus
from simulation.report.words.quotes import COUNT, Sentence, quote, told
from simulation.report.words.titles import title_of
from simulation.statistics.series import smoothing_months

PLACES = ((22, 14, "turnover"), (23, 15, "revenue"))


def add(book: Book) -> None:
    """Put the slide into the book."""
    summary = book.summary
    slide = book.slide("Two charts", "How it goes over time", title_of(book.findings, "timeline"))
    frame = summary.series["timeline"]
    for heading, number, key in PLACES:
        scale = summary_scale(summary, key)
        name = f"{summary.measures[key].label} ({scale.unit})"
        slide.say(heading, [Sentence(name)])
        floor = 0.0 if summary.measures[key].unit in ("1", "1/year") else None
        axes = Axes("month", "Month of the run", "", scale, floor=floor)
        rows = frame[frame["measure"] == key]
        chart = insert_lines(slide.place(number), slide.holders[number].box, book, rows, axes)
        lines = ", ".join(summary.labels.values())
        slide.charted(number, chart, f"Line chart of {name} over the months of the run, a line a policy: {lines}.")
    slide.say(18, [told(lambda: _how(book))])
    slide.notes([
        _how(book), "The axis of turnover begins at zero, that of revenue where the lines are, so that what differs can be seen.",
        *defined(summary, (key for _, _, key in PLACES)), from_files(*(f"figures/timeline_{key}.csv" for _, _, key in PLACES)),
    ])  # fmt: skip


def _how(book: Book) -> str:
    """How both charts are read."""
    summary = book.summary
    back = quote(summary, "turnover", "", "timeline.months", scale=COUNT)
    looks = f"Each point is the mean of the {back} months up to it. " if smoothing_months(summary.facts.months) > 1 else ""
    whose = called(summary, focus(summary) or summary.baseline)
    around = ", for its difference from the baseline, drawn around its line" if summary.others else ""
    return f"{looks}Dotted: ends of the 95% interval of {whose}{around}."

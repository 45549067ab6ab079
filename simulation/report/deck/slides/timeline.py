"""How turnover and revenue go over the months of the run."""

from __future__ import annotations

from simulation.report.deck.book import Book
from simulation.report.deck.lines import Axes, insert_lines
from simulation.report.deck.notes import defined, from_files
from simulation.report.quotes import Sentence
from simulation.report.style import summary_scale
from simulation.report.titles import title_of
from simulation.statistics.series import smoothing_months

PLACES = ((22, 14, "turnover"), (23, 15, "revenue"))


def add(book: Book) -> None:
    """Put the slide into the book."""
    summary = book.summary
    slide = book.slide("Two charts", "How it goes over time", title_of(book.findings, "timeline"))
    frame = summary.series["timeline"]
    back = smoothing_months(summary.facts.months)
    for heading, number, key in PLACES:
        scale = summary_scale(summary, key)
        name = f"{summary.measures[key].label} ({scale.unit})"
        slide.say(heading, [Sentence(name)])
        floor = 0.0 if summary.measures[key].unit in ("1", "1/year") else None
        axes = Axes("Month of the run", "", scale, floor=floor)
        rows = frame[frame["measure"] == key]
        chart = insert_lines(slide.place(number), slide.holders[number].box, summary, rows, "month", axes, book.language)
        slide.charted(number, chart, f"Line chart of {name} over the months of the run, a line a policy: {', '.join(summary.labels.values())}.")
    looks = f"Each point is the mean of the {back} months up to it. " if back > 1 else ""
    slide.say(18, [Sentence(f"{looks}Dashed lines are the ends of 95% intervals: of the difference from the baseline, and for the baseline of its own figure.")])
    slide.notes([*defined(summary, (key for _, _, key in PLACES)), from_files("figures/timeline_turnover.csv", "figures/timeline_revenue.csv")])

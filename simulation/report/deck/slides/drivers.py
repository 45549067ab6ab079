"""What drives it: what each lever contributes to the difference, and what those present feel."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from simulation.evidence.reasons import TERMS
from simulation.levers import catalogue
from simulation.report.deck.bars import Bars, Part, insert_bars
from simulation.report.deck.book import Book, Slide
from simulation.report.deck.notes import from_files
from simulation.report.reasons import LOG_ODDS, NEGLIGIBLE
from simulation.report.style import GAIN, LOSS, Scale, scale_of
from simulation.report.words.phrases import focus, short_label
from simulation.report.words.quotes import Sentence, quote
from simulation.report.words.titles import title_of
from simulation.statistics.reasons import MEASURES_SPLIT

if TYPE_CHECKING:
    from simulation.statistics.reasons import Estimate, Reasons

MOST_TERMS = 7
"""Reasons that are drawn, the largest of them."""
HOW = (
    "A lever's share is the mean of what it does alone on the baseline and of what the policy loses without it. "
    "Reasons are means over the reps present, and who is present is an outcome of the policy: they do not divide the difference."
)


HEADING = 18
"""[columns] Of a label over the chart of levers."""
SEEDS = ("levers on the first", "facts.levers_seeds")


def add(book: Book) -> None:
    """Put the slide into the book, where it has been asked why."""
    summary, policy = book.summary, focus(book.summary)
    if summary.reasons is None or policy is None:
        return
    slide = book.slide("Two charts", "What drives it", title_of(book.findings, "drivers", policy), SEEDS)
    measure = summary.facts.objective if summary.facts.objective in MEASURES_SPLIT else "contribution"
    _levers(book, slide, summary.reasons, policy, measure)
    _reasons(book, slide, summary.reasons, policy)
    slide.say(18, [Sentence(HOW)])
    slide.notes([
        HOW,
        f"Shares stand on the first {summary.reasons.seeds} seeds of the study; thin bars are 95% intervals, paired by seed.",
        "Together: what three or more levers do only jointly; with two there is no such rest.",
        *(f"{TERMS[term].label}: {TERMS[term].definition}" for term in _largest(summary.reasons, policy)),
        "The terms are those of the quitting rule: log-odds of quitting a month (`orgsim explain leaving`).",
        from_files("reasons.csv"),
    ])  # fmt: skip


def _levers(book: Book, slide: Slide, reasons: Reasons, policy: str, measure: str) -> None:
    summary = book.summary
    found = reasons.by_lever[policy][measure]
    scale = scale_of(summary.measures[measure], [found.whole.mean, *(one.share.mean for one in found.levers.values())])
    keys = sorted(found.levers, key=lambda key: -abs(found.levers[key].share.mean))
    estimates = [found.levers[key].share for key in keys]
    names = [catalogue()[key].title for key in keys]
    paths = [f"lever.{key}.share.mean" for key in keys]
    if len(keys) > 2:
        estimates, names, paths = [*estimates, found.together], [*names, "Together"], [*paths, "lever.together.mean"]
    label = partial(quote, summary, measure, policy, form="signed", scale=scale)
    parts = signed_parts(estimates, scale, [label(path) for path in paths])
    axis = f"{summary.measures[measure].label} ({scale.difference_unit})"
    slide.say(22, [Sentence(f"What each lever of {short_label(summary, policy, HEADING)} contributes")])
    chart = insert_bars(slide.place(14), slide.holders[14].box, Bars(names, parts, axis), book.language)
    slide.charted(14, chart, f"Bars of each lever's share in the difference in {axis}, with 95% intervals: {', '.join(names)}.")


def _reasons(book: Book, slide: Slide, reasons: Reasons, policy: str) -> None:
    terms = _largest(reasons, policy)
    shifts = (reasons.by_reason[policy][term].difference for term in terms)
    estimates = [one for one in shifts if one is not None]
    labels = [LOG_ODDS.show(one.mean, sign=True) for one in estimates]
    parts = signed_parts(estimates, LOG_ODDS, labels, better="lower")
    names = [TERMS[term].label for term in terms]
    slide.say(23, [Sentence("Why reps quit less (left) or more (right)")])
    bars = Bars(names, parts, "Log-odds of quitting a month")
    chart = insert_bars(slide.place(15), slide.holders[15].box, bars, book.language)
    slide.charted(15, chart, f"Bars of differences in the terms of the quitting rule, with 95% intervals: {', '.join(names)}.")


def signed_parts(found: Sequence[Estimate], scale: Scale, labels: Sequence[str], *, better: str = "higher") -> list[Part]:
    """One series of bars with intervals and figures; what is worse is hatched."""
    values = [float(scale.of(one.mean)) for one in found]
    minus = [float(scale.of(one.mean - one.low)) for one in found]
    plus = [float(scale.of(one.high - one.mean)) for one in found]
    good = [(value >= 0.0) == (better == "higher") for value in values]
    fills = [(GAIN, None) if one else (LOSS, "WIDE_UPWARD_DIAGONAL") for one in good]
    return [Part("Difference", values, GAIN, None, minus, plus, labels, fills=fills)]


def _largest(reasons: Reasons, policy: str) -> list[str]:
    size = {term: abs(shift.difference.mean) for term, shift in reasons.by_reason[policy].items() if shift.difference is not None}
    return [term for term in sorted(size, key=lambda term: -size[term]) if size[term] >= NEGLIGIBLE][:MOST_TERMS]

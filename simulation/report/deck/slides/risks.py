"""What could go wrong: gaming, fairness, and whether the answer holds in other worlds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from simulation.experiment.listing import FINDINGS
from simulation.report.deck.book import Book
from simulation.report.deck.notes import defined, from_files
from simulation.report.deck.page import BOTTOM, Box
from simulation.report.deck.slides.decision import named
from simulation.report.deck.tables import LABELS, Cell, Sheet, first_that_fits, number_cell, words_cell
from simulation.report.deck.verdicts import COLOUR, NOT_MATERIAL, verdict_cell
from simulation.report.style import SOFT, summary_scale
from simulation.report.words.phrases import focus, short_label
from simulation.report.words.quotes import Sentence, finer, quote
from simulation.report.words.titles import title_of
from simulation.statistics.recommend import recommend

GAMING = ("last_month_share", "value_moved", "extra_discount", "satisfaction", "regretted_quits_rate")
FAIRNESS = ("pay_p10", "pay_p90", "top_fifth_share", "income_risk_low")
HOW = (
    "▲ decided for the better, ▼ for the worse, ● decided, without a better side; the others are open or too small to count."
)
ELSEWHERE = (
    "In other worlds every policy is run again, with fewer seeds where the footer says so; verdicts there are rougher. "
    "`orgsim compare --json` prints their figures as well."
)
HEADING = 22
"""[columns] Of a label over the table of worlds."""
UNTIL = BOTTOM - 0.45
"""[inches] To here the table may reach, so that the line under it has room."""
READABLE = tuple(most for most in LABELS if most >= 12)
"""[characters] Rather than shorter labels there are fewer policies."""
MOST = 4
"""Policies beside the baseline that the table has room for."""
SIGN = {"better": "▲", "worse": "▼", "higher": "●", "lower": "●"}
"""Set before a decided change, so that it is seen in grey: for the better, for the worse, and without a better side."""


SEEDS = ("other worlds on", "worlds.seeds")


def add(book: Book) -> None:
    """Put the slide into the book, where there is a policy that could go wrong."""
    summary, policy = book.summary, focus(book.summary)
    if policy is None:
        return
    rest = SEEDS if book.findings.stress else None
    layout = "Two tables" if book.findings.stress else "Table"
    slide = book.slide(layout, "What could go wrong", title_of(book.findings, "risks", policy), rest)
    box = slide.holders[16].box
    sheet = _measures(book, replace(box, h=UNTIL - box.y))
    if book.findings.stress:
        slide.say(22, [Sentence("Gaming and fairness: the baseline, and differences from it")])
        slide.say(23, [Sentence(f"{short_label(summary, policy, HEADING)} in other worlds")])
        worlds = first_that_fits((_worlds(book, policy, longest) for longest in LABELS), slide.holders[17].box)
        slide.table(17, worlds, "Table of the stress worlds: which policy leads in each, and what differs there.")
    slide.table(16, sheet, "Table of measures of gaming and fairness under the baseline, and differences of the other policies.")
    slide.say_below(18, 16, [Sentence(HOW)])
    slide.notes([
        HOW,
        "Gaming: sales that move in time or are bought with discount, and what customers make of it.",
        "Fairness: pay at both ends, how much the best sell, and who earns little.",
        *([ELSEWHERE] if book.findings.stress else []),
        NOT_MATERIAL, *defined(summary, (*GAMING, *FAIRNESS)),
        from_files("summary.csv", *([FINDINGS] if book.findings.stress else [])),
    ])  # fmt: skip


def _measures(book: Book, box: Box) -> Sheet:
    """Measures under the baseline, and differences of as many policies as there is room for, that of the title first."""
    summary, policy = book.summary, focus(book.summary)
    order = [policy, *(other for other in summary.others if other != policy)][:MOST]
    tried = (
        _of(book, [other for other in summary.others if other in order[:count]], longest)
        for count in range(len(order), 0, -1) for longest in (LABELS if count == 1 else READABLE)
    )  # fmt: skip
    return first_that_fits(tried, box)


def _of(book: Book, shown: Sequence[str], longest: int) -> Sheet:
    summary = book.summary
    head = ("An average year", *(short_label(summary, key, longest) for key in (summary.baseline, *shown)))
    rows = [
        [
            words_cell(named(summary, key)), number_cell(partial(quote, summary, key, summary.baseline)),
            *(_changed(book, policy, key) for policy in shown),
        ]
        for key in (*GAMING, *FAIRNESS)
    ]  # fmt: skip
    return Sheet(head, rows)


def _changed(book: Book, policy: str, key: str) -> Cell:
    """A difference, with a sign where it is decided, unless it is so small that nothing of it is written."""
    summary = book.summary
    difference, decided = float(summary.value(policy, key, "diff")), str(summary.value(policy, key, "decided"))
    scale = finer(summary_scale(summary, key), difference) if decided in SIGN else summary_scale(summary, key)
    sign = SIGN.get(decided, "") if scale.show(difference).strip("−0.,") else ""

    def say() -> str:
        return f"{sign} {quote(summary, key, policy, 'diff', form='signed', scale=scale)}".strip()

    return number_cell(say, bold=bool(sign), colour=COLOUR[decided] if sign else SOFT)


def _worlds(book: Book, policy: str, longest: int) -> Sheet:
    findings = book.findings
    key = findings.summary.facts.objective
    rows = []
    for world, result in findings.stress.items():
        leader = recommend(result).leader
        rows.append([
            words_cell(Path(world).stem.replace("_", " ")),
            words_cell(short_label(result, leader, longest) if leader else "none meets every requirement"),
            number_cell(partial(quote, findings, key, policy, "diff", form="signed", world=world)),
            verdict_cell(result, policy, key),
        ])  # fmt: skip
    return Sheet(("World", "Best there", named(findings.summary, key, difference=True), "Verdict"), rows, text=(0, 1, 3))


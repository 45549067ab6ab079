"""What would have to be true: on which assumptions the result hangs, and how sure the order of the policies is."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from simulation.experiment.listing import FINDINGS
from simulation.report.assumptions import assumption_sentences, reach_words
from simulation.report.deck.book import Book
from simulation.report.deck.notes import defined, from_files
from simulation.report.deck.page import TOP
from simulation.report.deck.slides.decision import named, required
from simulation.report.deck.tables import LABELS, Cell, Sheet, first_that_fits, number_cell, words_cell
from simulation.report.deck.text import joined
from simulation.report.style import INK, LOSS, SOFT
from simulation.report.uncertainty import rank_sentences
from simulation.report.words.cautions import bare, breaches, described
from simulation.report.words.phrases import focus, short_label, upper
from simulation.report.words.quotes import Sentence, quote, told
from simulation.report.words.titles import title_of
from simulation.statistics.caveats import NEVER

if TYPE_CHECKING:
    from simulation.statistics.summary import Summary

READING = (
    "Under other assumptions: the least and the largest that a difference becomes when one assumed parameter moves. Flips: at an "
    "end the verdict is the opposite one. Shrinks: there it is no longer beyond what counts. No word: it is not beyond it now."
)
KEYS = ("turnover", "revenue", "contribution")
REST = "More rows stand in assumptions.csv."
WORD = 4
"""The column of what differences do; left out where no difference has a word."""
ORDER = ("flips", "shrinks", "holds", "")
"""What differences do under other assumptions, the weightiest first; nothing of one that has no sign to lose."""


SEEDS = ("ranges on the first", "facts.ranges_seeds")


def add(book: Book) -> None:
    """Put the slide into the book, where assumptions were moved or parameters drawn."""
    summary, policy = book.summary, focus(book.summary)
    if policy is None:
        return
    said = _said(book, policy)
    moved = summary.assumptions is not None and bool(summary.assumptions.policies)
    if not (rank_sentences(summary) or moved):
        return
    slide = book.slide("Table", "What would have to be true", title_of(book.findings, "true", policy), SEEDS if moved else None)
    if moved:
        sheet = first_that_fits(_tables(book, policy), slide.holders[16].box)
        if len(sheet.rows) < len(asked(summary, policy)):
            said.insert(1, Sentence(REST))
        slide.table(16, sheet, "Table of differences and how far they go when assumed parameters move one at a time.")
        slide.say_below(18, 16, said)
    else:
        slide.without(16)
        slide.say_from(18, TOP, said)
    slide.notes([
        *(one.text for one in said), *map(upper, assumption_sentences(summary)),
        *defined(summary, KEYS),
        from_files("summary.csv", *(["assumptions.csv"] if moved else []), *([FINDINGS] if summary.ranks else [])),
    ])  # fmt: skip


def _said(book: Book, policy: str) -> list[Sentence]:
    """How sure ranks are, what is required, and what the summary warns of, as far as there is any of it."""
    summary = book.summary
    ranks = told(lambda: " ".join(rank_sentences(summary)))
    other = [n for n, text in enumerate(summary.warnings) if not text.endswith(NEVER)]
    warned = [*breaches(summary), *(joined(told(partial(quote, summary, "", "", f"warning.{n}")), ".") for n in other)]
    reading = Sentence(READING if summary.assumptions and summary.assumptions.policies else "")
    return [one for one in (reading, ranks, told(lambda: required(summary, policy)), *warned) if one.text]


def _tables(book: Book, policy: str) -> Iterator[Sheet]:
    """The table with ever fewer words."""
    for words in (True, False):
        for longest in LABELS:
            yield _table(book, policy, longest, words=words)


def _table(book: Book, policy: str, longest: int, *, words: bool) -> Sheet:
    summary = book.summary
    head = ["Policy", "Measure", "Difference", "Under other assumptions", "Does it hold?", "Moved most by"]
    rows = [_row(book, *one, longest, words=words) for one in asked(summary, policy)]
    if not any(row[WORD].said.text for row in rows):
        return Sheet(head[:WORD] + head[WORD + 1 :], [row[:WORD] + row[WORD + 1 :] for row in rows], text=(0, 1, 4))
    return Sheet(head, rows, text=(0, 1, 4, 5))


def asked(summary: Summary, policy: str) -> list[tuple[str, str]]:
    """Policies and measures: of all what flips, then what shrinks, then the title's policy, and the others' contribution."""
    usual = [(policy, key) for key in KEYS] + [(other, "contribution") for other in summary.others if other != policy]
    every = [*usual, *((other, key) for other in summary.others for key in KEYS)]
    standing = {one: (reach_words(summary, *one) or ("", ""))[1] for one in every}
    kept = [one for one in standing if one in usual or standing[one] in ORDER[:2]]
    return sorted(kept, key=lambda one: min(ORDER.index(standing[one]), ORDER.index("holds")))


def _row(book: Book, policy: str, key: str, longest: int, *, words: bool) -> list[Cell]:
    summary = book.summary
    reach = summary.assumptions.policies[policy][key] if summary.assumptions else None
    if reach is None:
        raise KeyError(key)
    of = partial(quote, summary, key, policy, form="signed")
    _, standing = reach_words(summary, policy, key) or ("", "")
    moves = reach.flips or reach.shrinks or tuple(x for x in (reach.low_by, reach.high_by) if x)
    colour = LOSS if standing == "flips" else INK if standing else SOFT
    return [
        words_cell(short_label(summary, policy, longest)), words_cell(named(summary, key, difference=True)),
        number_cell(partial(of, "diff")), number_cell(lambda: f"{of('reach.low')} to {of('reach.high')}"),
        words_cell(standing, bold=standing == "flips", colour=colour),
        number_cell(partial(_mover, book, moves[0].partition("=")[0], words=words), right=False) if moves else words_cell(""),
    ]  # fmt: skip


def _mover(book: Book, path: str, *, words: bool) -> str:
    """The parameter that moves a difference most: what it is, and its name."""
    said, name = described(book.findings, path), bare(path)
    return f"{said} ({name})" if words and said != name else name

"""What it rests on: how many parameters are measured and how many assumed, and the assumptions that matter most here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from simulation.report.deck.bars import Bars, Part, insert_bars
from simulation.report.deck.book import Book
from simulation.report.deck.notes import from_files
from simulation.report.deck.tables import Sheet, first_that_fits, number_cell, words_cell
from simulation.report.style import COLOURS, INK
from simulation.report.words.cautions import bare, described
from simulation.report.words.quotes import SHORT, Sentence, quote
from simulation.report.words.titles import title_of

if TYPE_CHECKING:
    from simulation.statistics.assumptions import Moved
    from simulation.statistics.findings import Findings

PALE = "#b0b0b0"
MOST_LEFT_OUT = 3
"""Parameters that may be left out so that the others can be named in words."""
CHOSEN = (
    "Those that matter most here are the assumed parameters whose moves change the differences between these policies most, of "
    "all that could be screened; each was moved alone between the two ends."
)
STATUSES = ("measured", "estimated", "calibrated", "assumed")
GRADES = (
    ("A", INK, None), ("B", COLOURS[0], None), ("C", COLOURS[5], "WIDE_UPWARD_DIAGONAL"),
    ("D", COLOURS[1], "WIDE_DOWNWARD_DIAGONAL"), ("", PALE, None),
)  # fmt: skip
HOW = (
    "Grades of the best source: from A, a field experiment or a large panel, to D, an opinion. "
    "Calibrated: moved until the model shows published figures. Assumed: nobody has measured it; its range is a judgement."
)


SEEDS = ("what matters on the first", "facts.ranges_seeds")


def add(book: Book) -> None:
    """Put the slide into the book, where parameters are known."""
    findings, summary = book.findings, book.summary
    rows = findings.assumptions
    if not len(rows):
        return
    moved = summary.assumptions.moved if summary.assumptions else ()
    layout, rest = ("Evidence", SEEDS) if moved else ("Chart and message", None)
    slide = book.slide(layout, "What it rests on", title_of(findings, "evidence"), rest)
    grade = rows["grade"].fillna("")
    counts = {name: [float(((rows["status"] == status) & (grade == name)).sum()) for status in STATUSES] for name, *_ in GRADES}
    parts = [
        Part(f"Grade {name}" if name else "No source", counts[name], colour, pattern)
        for name, colour, pattern in GRADES if any(counts[name])
    ]  # fmt: skip
    names = [f"{status.capitalize()} ({quote(findings, '', '', f'evidence.{status}')})" for status in STATUSES]
    bars = Bars(names, parts, "Parameters", stacked=True, key=True)
    chart = insert_bars(slide.place(14), slide.holders[14].box, bars, book.language)
    slide.charted(14, chart, "Stacked bars of the numbers of parameters by status and by grade of their best source.")
    if moved:
        slide.say(22, [Sentence("By status and grade of source")])
        slide.say(23, [Sentence("The assumed parameters that matter most here")])
        sheet = first_that_fits(_tables(book, moved), slide.holders[16].box)
        slide.table(16, sheet, "Table of the assumed parameters that move the differences most.")
    slide.say(18, [Sentence(HOW)])
    slide.notes([
        HOW, CHOSEN,
        "The slide has the values of this study. `orgsim explain NAME` prints a parameter as shipped, with its note and sources.",
        *(f"{row.parameter}: {row.note}" for row in rows[rows["parameter"].isin([one.name for one in moved])].itertuples()),
        from_files("summary.xlsx", "assumptions.csv"),
    ])  # fmt: skip


def _tables(book: Book, moved: Sequence[Moved]) -> Iterator[Sheet]:
    """All parameters in words, else all but a few, which stand in the notes; else all by their names."""
    for left_out in range(min(MOST_LEFT_OUT, len(moved) - 1) + 1):
        yield _table(book, moved[: len(moved) - left_out], words=True)
    yield _table(book, moved, words=False)


def _table(book: Book, moved: Sequence[Moved], *, words: bool) -> Sheet:
    """The parameters by what they are, or by their names."""
    findings = book.findings
    known = findings.assumptions.set_index("parameter")
    rows = []
    for one in moved:
        of = partial(_figure, findings, one.name)
        grade = known["grade"].get(one.name)
        rows.append([
            number_cell(partial(described, findings, one.name), right=False) if words else words_cell(bare(one.name)),
            number_cell(partial(of, "value")), number_cell(partial(_ends, findings, one.name)),
            words_cell(one.unit), words_cell(str(grade or "none")),
        ])  # fmt: skip
    return Sheet(("Parameter", "Value", "Moved between", "Unit", "Grade"), rows, text=(0, 3))


def _figure(findings: Findings, path: str, name: str) -> str:
    """A figure of a parameter in four significant digits."""
    return quote(findings, "", "", f"assumption.{path}.{name}", form="short", scale=SHORT)


def _ends(findings: Findings, path: str) -> str:
    """Between what a parameter was moved."""
    return " to ".join(_figure(findings, path, f"moved_{side}") for side in ("low", "high"))

"""What it rests on: how many parameters are measured and how many assumed, and the assumptions that matter most here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from simulation.report.deck.bars import Bars, Part, insert_bars
from simulation.report.deck.book import Book
from simulation.report.deck.notes import from_files
from simulation.report.deck.tables import Sheet, words_cell
from simulation.report.quotes import SHORT, Sentence, quote, written
from simulation.report.style import COLOURS, INK
from simulation.report.titles import title_of

if TYPE_CHECKING:
    from simulation.statistics.assumptions import Moved

PALE = "#b0b0b0"
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


def add(book: Book) -> None:
    """Put the slide into the book, where parameters are known."""
    findings, summary = book.findings, book.summary
    rows = findings.assumptions
    if not len(rows):
        return
    moved = summary.assumptions.moved if summary.assumptions else ()
    slide = book.slide("Evidence" if moved else "Chart and message", "What it rests on", title_of(findings, "evidence"))
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
        slide.table(16, _table(book, moved), "Table of the assumed parameters that move the differences most.")
    slide.say(18, [Sentence(HOW)])
    slide.notes([
        HOW, CHOSEN,
        "`orgsim explain NAME` prints a parameter with its note and its sources; the sheet of assumptions has all of them.",
        *(f"{row.parameter}: {row.note}" for row in rows[rows["parameter"].isin([one.name for one in moved])].itertuples()),
        from_files("summary.xlsx", "assumptions.csv"),
    ])  # fmt: skip


def shown(value: float) -> str:
    """A parameter's value in four significant digits."""
    return written(value, "short", SHORT)


def _table(book: Book, moved: Sequence[Moved]) -> Sheet:
    known = book.findings.assumptions.set_index("parameter").to_dict("index")
    rows = []
    for one in moved:
        row = known.get(one.name, {})
        value = row.get("value")
        rows.append([
            words_cell(one.name.replace("parameters.", "")),
            words_cell(shown(float(value)) if isinstance(value, int | float) else str(value or ""), right=True),
            words_cell(f"{shown(one.low)} to {shown(one.high)}", right=True),
            words_cell(one.unit), words_cell(str(row.get("grade") or "none")),
        ])  # fmt: skip
    return Sheet(("Parameter", "Value", "Moved between", "Unit", "Grade"), rows, text=(0, 3))

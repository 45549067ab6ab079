"""Native tables: cells of one number each, columns as wide as what they hold, thin rules instead of boxes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from simulation.report.deck.fit import pieces, width_of, wrapped
from simulation.report.deck.page import EMU, LINE, POINTS, SMALL_TYPE, Box
from simulation.report.deck.text import Words, clean, write
from simulation.report.style import FAINT, INK, SOFT
from simulation.report.words.quotes import Quote, Sentence, told

NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
"""The table style without fills and rules that every program knows."""
SIDE, ABOVE = 0.06, 0.04
"""[inches] Room beside and above what stands in a cell."""
HEAD = 0.9
"""[inches] Up to this a column is as wide as its head."""


LABELS = (40, 30, 24, 20, 18, 16, 14, 12, 10, 8)
"""[characters] Lengths of labels that are tried until a table fits."""


@dataclass(frozen=True)
class Cell:
    """What stands in a cell: a sentence, set left or right, strong or soft."""

    said: Sentence
    right: bool = False
    bold: bool = False
    colour: str = INK


def words_cell(text: str, **look: Any) -> Cell:
    """A cell of words."""
    return Cell(Sentence(text), **look)


def number_cell(say: Callable[[], str], **look: Any) -> Cell:
    """A cell of one number, or of numbers that belong together, as `say` writes them with `quote`."""
    return Cell(told(say), **{"right": True, **look})


@dataclass(frozen=True)
class Sheet:
    """A table: a head and rows of cells; `text` are the columns of words, which give way when there is little room."""

    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    text: Sequence[int] = field(default=(0,))

    def quotes(self) -> list[Quote]:
        """The numbers of the table in reading order."""
        return [number for row in self.rows for cell in row for number in cell.said.quotes]


def widths(sheet: Sheet, room: float) -> list[float]:
    """Widths of the columns [inches] that add up to the room: figures take what they need, words at least their longest.

    What is left is given to columns that would else be broken: in the way that makes the table lowest.
    """
    least = _least(sheet)
    wants = [max(_width(text, bold) for text, bold in _column(sheet, k)) - width for k, width in enumerate(least)]
    order = sorted(range(len(least)), key=wants.__getitem__)
    more = max(room - sum(least), 0.0)
    part = min(more / (sum(wants) or 1.0), 1.0)
    given = [_given(wants, order, more), _given(wants, sorted(order, key=lambda k: k not in sheet.text), more)]
    given.append([part * want for want in wants])
    tried = [[width + own for width, own in zip(least, one, strict=True)] for one in given]
    spread = [[width * room / sum(one) for width in one] for one in tried]
    return min(spread, key=lambda one: sum(heights(sheet, one)))


def _given(wants: Sequence[float], order: Sequence[int], more: float) -> list[float]:
    """What is left, given to columns in some order until nothing is."""
    given = [0.0] * len(wants)
    for place in order:
        given[place] = min(wants[place], more)
        more -= given[place]
    return given


def _least(sheet: Sheet) -> list[float]:
    """Least widths of the columns: no word is broken, and figures stand on one line."""
    found = []
    for place in range(len(sheet.head)):
        of = _longest_word if place in sheet.text else _width
        figures = [of(text, bold) for text, bold in _column(sheet, place)[1:]]
        head = _longest_word(sheet.head[place], bold=True)
        found.append(max(head, min(_width(sheet.head[place], bold=True), HEAD), *figures))
    return found


def fits(sheet: Sheet, box: Box) -> bool:
    """Whether a table fits its place without a broken word."""
    return sum(_least(sheet)) <= box.w and sum(heights(sheet, widths(sheet, box.w))) <= box.h


def _column(sheet: Sheet, place: int) -> list[tuple[str, bool]]:
    return [(sheet.head[place], True), *((clean(row[place].said.text), row[place].bold) for row in sheet.rows)]


def _width(text: str, bold: bool) -> float:
    return width_of(text, SMALL_TYPE, bold=bold) + 2 * SIDE + 0.02


def _longest_word(text: str, bold: bool) -> float:
    return max((_width(piece.rstrip(), bold) for piece in pieces(text)), default=0.0)


def first_that_fits(sheets: Iterable[Sheet], box: Box) -> Sheet:
    """The first of some tables that fits its place.

    Of none the first that keeps most rows without a broken word, else the last; rows that have no room are left out.
    """
    tried = []
    for sheet in sheets:
        if fits(sheet, box):
            return sheet
        tried.append(sheet)
    whole = [one for one in tried if sum(_least(one)) <= box.w] or tried[-1:]
    kept = max(whole, key=lambda one: rows_that_fit(one, box))
    return replace(kept, rows=kept.rows[: rows_that_fit(kept, box)])


def heights(sheet: Sheet, wide: Sequence[float]) -> list[float]:
    """Heights of the head and the rows [inches]."""
    rows = [[(text, True) for text in sheet.head], *([(clean(c.said.text), c.bold) for c in row] for row in sheet.rows)]
    return [
        max(len(wrapped(text, width - 2 * SIDE, SMALL_TYPE, bold=bold)) for (text, bold), width in zip(row, wide, strict=True))
        * SMALL_TYPE * LINE / POINTS + 2 * ABOVE
        for row in rows
    ]  # fmt: skip


def rows_that_fit(sheet: Sheet, box: Box) -> int:
    """How many rows of a table fit its place."""
    tall = heights(sheet, widths(sheet, box.w))
    count, taken = 0, tall[0]
    for height in tall[1:]:
        taken += height
        if taken > box.h:
            break
        count += 1
    return count


def insert_table(placeholder: Any, sheet: Sheet, box: Box, language: str) -> Any:
    """Put a table into a placeholder for one; returns its frame."""
    frame = placeholder.insert_table(len(sheet.rows) + 1, len(sheet.head))
    table = frame.table
    properties = table._tbl.tblPr  # noqa: SLF001 - the library has no styles of tables
    properties.find("{http://schemas.openxmlformats.org/drawingml/2006/main}tableStyleId").text = NO_STYLE
    table.horz_banding = False
    wide = widths(sheet, box.w)
    tall = heights(sheet, wide)
    for column, width in zip(table.columns, wide, strict=True):
        column.width = round(width * EMU)
    for row, height in zip(table.rows, tall, strict=True):
        row.height = round(height * EMU)
    right = [any(row[place].right for row in sheet.rows) for place in range(len(sheet.head))]
    for place, text in enumerate(sheet.head):
        _fill(table.cell(0, place), Cell(Sentence(text), right[place], bold=True, colour=SOFT), language, rule=INK)
    for at, row in enumerate(sheet.rows, 1):
        for place, cell in enumerate(row):
            _fill(table.cell(at, place), cell, language, rule=FAINT)
    x, y, w, _ = box.emu()
    frame.left, frame.top, frame.width, frame.height = x, y, w, round(sum(tall) * EMU)
    return frame


def _fill(place: Any, cell: Cell, language: str, *, rule: str) -> None:
    from pptx.enum.text import MSO_ANCHOR

    place.margin_left = place.margin_right = round(SIDE * EMU)
    place.margin_top = place.margin_bottom = round(ABOVE * EMU)
    place.vertical_anchor = MSO_ANCHOR.BOTTOM if rule == INK else MSO_ANCHOR.TOP
    words = Words(language, SMALL_TYPE, bold=cell.bold, colour=cell.colour)
    write(place.text_frame, [cell.said], words, align="RIGHT" if cell.right else "LEFT")
    _underline(place, rule)


def _underline(place: Any, colour: str) -> None:
    """A thin rule under a cell."""
    from pptx.oxml import parse_xml

    line = (
        '<a:lnB xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" w="9525"><a:solidFill>'
        f'<a:srgbClr val="{colour.lstrip("#").upper()}"/></a:solidFill></a:lnB>'
    )
    place._tc.get_or_add_tcPr().insert(0, parse_xml(line))  # noqa: SLF001 - the library has no rules of cells

"""A frame of many columns as a workbook's sheet: written as text at once, where a cell at a time would take longer than the runs.

The sheet is laid out with its head alone; its rows are put into the saved workbook, each cell in the style of its column.
Text is inline text, which no spreadsheet runs, in a style that keeps it text when it is edited.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from simulation.experiment.sheets import FORBIDDEN, LEAST_WIDE, MOST_WIDE

if TYPE_CHECKING:
    from pandas import DataFrame

END = b"</sheetData>"
DIMENSION = re.compile(rb'(<dimension ref="A1:[A-Z]+)1')


def lay_out_head(sheet: Any, frame: DataFrame, formats: Sequence[str]) -> tuple[list[int], int]:
    """The head of an empty sheet and its columns' widths; returns the style of numbers by column, and that of text."""
    from openpyxl.utils import get_column_letter

    sheet.append(list(frame.columns))
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(frame.columns))}{len(frame) + 1}"
    for place, name in enumerate(frame.columns, 1):
        sheet.column_dimensions[get_column_letter(place)].width = min(max(len(name) + 2, LEAST_WIDE), MOST_WIDE)
    styles = {shown: _style(sheet, shown, quoted=False) for shown in dict.fromkeys(formats)}
    return [styles[shown] for shown in formats], _style(sheet, "General", quoted=True)


def _style(sheet: Any, shown: str, *, quoted: bool) -> int:
    """The number that the workbook gives a style; a cell of its own, or a later style would change this one."""
    from openpyxl.cell import Cell

    cell = Cell(sheet, row=1, column=1)
    cell.number_format, cell.quotePrefix = shown, quoted
    number: int = cell.style_id
    return number


def rows_put_in(frame: DataFrame, styles: Sequence[int], text: int) -> Callable[[bytes], bytes]:
    """What puts a frame's rows into the saved sheet that has its head."""

    def put(sheet: bytes) -> bytes:
        head, end, tail = DIMENSION.sub(rb"\g<1>%d" % (len(frame) + 1), sheet, count=1).partition(END)
        return b"".join([head, *_rows(frame, styles, text), end, tail])

    return put


def _rows(frame: DataFrame, styles: Sequence[int], text: int) -> Iterator[bytes]:
    for number, row in enumerate(frame.itertuples(index=False, name=None), 2):
        cells = "".join(_cell(value, style, text) for value, style in zip(row, styles, strict=True))
        yield f'<row r="{number}">{cells}</row>'.encode()


def _cell(value: Any, style: int, text: int) -> str:
    if isinstance(value, float):
        return f'<c s="{style}"><v>{value!r}</v></c>' if math.isfinite(value) else "<c/>"
    if value is None:
        return "<c/>"
    if isinstance(value, bool):
        return f'<c t="b"><v>{value:d}</v></c>'
    if isinstance(value, int):
        return f'<c s="{style}"><v>{value}</v></c>'
    shown = escape(FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", str(value)), quote=False)
    return f'<c t="inlineStr" s="{text}"><is><t xml:space="preserve">{shown}</t></is></c>'

"""The comparison as CSV and as an Excel workbook, safe to open.

A spreadsheet runs a text cell that begins with = + - @ as a formula, and a label is a user's text;
in CSV such cells get an apostrophe in front, which spreadsheets take as "this is text"; in a workbook they are marked as text.
Numbers stay numbers.
Workbooks carry no time of writing, so that the same run gives the same bytes.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from io import BytesIO, StringIO
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from simulation.evidence.measures import MEASURES
from simulation.evidence.read import grade_of
from simulation.levers.base import extra_of

if TYPE_CHECKING:
    from pandas import DataFrame

    from simulation.scenario import Scenario

Cell = str | float | int | bool | None
RESULT_COLUMNS = (
    "policy", "label", "measure", "name", "unit", "better", "mean", "low", "high",
    "difference", "difference_low", "difference_high", "p_better", "decided", "chance", "difference_chance", "effective_seeds",
)  # fmt: skip
TABLE_COLUMNS = (
    "mean", "low", "high", "diff", "diff_low", "diff_high", "p_better", "decided", "chance", "diff_chance", "effective_seeds",
)  # fmt: skip
SHARE_COLUMNS = ("p_better", "chance", "difference_chance")
FORMULA = re.compile(r"[=+\-@\x00-\x1f\x7f]")
FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
WRITTEN = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")
FIGURE_COLUMNS = ("mean", "low", "high", "difference", "difference_low", "difference_high", "alone", "without")
FORMATS = {"1": "0.0%", "usd": "#,##0"}
"""How a workbook shows figures, by what their unit counts."""
OTHER_FORMAT = "#,##0.00"
LEAST_WIDE, MOST_WIDE = 12, 60
"""[characters] Limits of a workbook's columns."""
QUICK = 3
"""How hard a workbook is compressed: as hard as usual it is 7% smaller and takes a fifth longer."""
LONG_AGO = (1980, 1, 1, 0, 0, 0)


def safe_cell(value: Any) -> Cell:
    """A cell that no spreadsheet will run: text is quoted where it must be, a number that is none is left empty."""
    if isinstance(value, str):
        text = FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", value)
        return f"'{text}" if FORMULA.match(value) else text
    if value is None or isinstance(value, bool | int):
        return value
    if hasattr(value, "item"):
        return safe_cell(value.item())
    number = float(value)
    return number if math.isfinite(number) else None


def as_csv(table: DataFrame) -> bytes:
    """One row a policy and measure."""
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows(_safe(_results(table)))
    return text.getvalue().encode()


def frame_as_csv(frame: DataFrame) -> bytes:
    """A frame, column names first, with the same care for text."""
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows(_safe([list(frame.columns), *frame.itertuples(index=False, name=None)]))
    return text.getvalue().encode()


def as_workbook(table: DataFrame, scenario: Scenario, reasons: DataFrame | None = None) -> bytes:
    """An Excel workbook: the results, their reasons, the settings of every policy, and the parameters with what is known."""
    book = new_book()
    sheets = {"results": _results(table), "settings": settings_rows(scenario), "assumptions": assumption_rows(scenario)}
    if reasons is not None:
        sheets["reasons"] = iter([list(reasons.columns), *reasons.itertuples(index=False, name=None)])
    for title, rows in sheets.items():
        add_sheet(book, title, rows)
    for title in ("results", "reasons"):
        if title in sheets:
            _format_figures(book[title])
    return book_bytes(book)


def new_book() -> Any:
    """A workbook without sheets."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    return book


def add_sheet(book: Any, title: str, rows: Iterable[Sequence[Any]]) -> None:
    """A further sheet, its head in the first row."""
    sheet = book.create_sheet(title)
    for place, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            _fill(sheet.cell(place, column), value)
    _lay_out(sheet)


def add_scenario(book: Any, scenario: Scenario) -> None:
    """The settings of every policy, and the parameters with what is known of them."""
    add_sheet(book, "settings", settings_rows(scenario))
    add_sheet(book, "assumptions", assumption_rows(scenario))


def book_bytes(book: Any, put: Mapping[str, Callable[[bytes], bytes]] = MappingProxyType({})) -> bytes:
    """A workbook as bytes without a time of writing; `put` changes sheets by their title."""
    target = BytesIO()
    book.save(target)
    parts = {f"xl/worksheets/sheet{book.sheetnames.index(title) + 1}.xml": change for title, change in put.items()}
    return _without_times(target.getvalue(), parts)


def _fill(cell: Any, value: Any) -> None:
    """Set a workbook's cell; text is stored as text whatever it begins with, and stays so when the cell is edited."""
    if not isinstance(value, str):
        cell.value = safe_cell(value)
        return
    cell.value = FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", value)
    cell.data_type = "s"
    cell.quotePrefix = bool(FORMULA.match(value))


def _lay_out(sheet: Any) -> None:
    """Columns as wide as what they hold, the header always in sight, and a filter on it."""
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    for column in sheet.iter_cols():
        longest = max((len(str(cell.value)) for cell in column if isinstance(cell.value, str)), default=0)
        sheet.column_dimensions[column[0].column_letter].width = min(max(longest + 2, LEAST_WIDE), MOST_WIDE)


def _format_figures(sheet: Any) -> None:
    """Shares in percent, money in whole dollars; the figures themselves are not rounded."""
    places = {cell.value: place for place, cell in enumerate(sheet[1])}
    for row in sheet.iter_rows(min_row=2):
        unit = str(row[places["unit"]].value).split("/")[0]
        for name in FIGURE_COLUMNS:
            if name in places:
                row[places[name]].number_format = FORMATS.get(unit, OTHER_FORMAT)
        for name in SHARE_COLUMNS:
            if name in places:
                row[places[name]].number_format = "0%"


def _results(table: DataFrame) -> Iterator[Sequence[Any]]:
    yield RESULT_COLUMNS
    for policy, row in table.iterrows():
        for key, measure in MEASURES.items():
            figures = [row[f"{key}_{column}"] for column in TABLE_COLUMNS]
            yield [policy, row["label"], key, measure.label, measure.unit, measure.better, *figures]


def settings_rows(scenario: Scenario) -> Iterator[Sequence[Any]]:
    """Every setting of every policy, names of columns first."""
    yield ("policy", "label", "lever", "setting", "value", "neutral", "unit", "starts", "ends")
    for policy in scenario.policies:
        for lever_key, lever in policy.levers.items():
            for name, field in type(lever).model_fields.items():
                value, neutral = (_shown(v) for v in (getattr(lever, name), field.default))
                unit = extra_of(field)["unit"]
                yield [policy.key, policy.label, lever_key, name, value, neutral, unit, policy.starts, policy.ends]


def assumption_rows(scenario: Scenario) -> Iterator[Sequence[Any]]:
    """Every parameter, those that nobody has measured first; names of columns before them."""
    yield ("parameter", "value", "unit", "low", "high", "status", "grade", "source", "note")
    for row in sorted(scenario.parameters.rows.values(), key=lambda r: (r.status != "assumed", r.path)):
        known = row.status, grade_of(row), ", ".join(row.source), row.note
        yield [row.path, _shown(row.value), row.unit, row.low, row.high, *known]


def _shown(value: Any) -> Any:
    """A table setting as text; other values as they are."""
    return value if value is None or isinstance(value, str | bool | int | float) else str(value)


def _safe(rows: Iterable[Sequence[Any]]) -> Iterator[list[Cell]]:
    for row in rows:
        yield [safe_cell(value) for value in row]


def _without_times(workbook: bytes, parts: Mapping[str, Callable[[bytes], bytes]]) -> bytes:
    """The same workbook with one fixed time in it, and some of its parts changed."""
    target = BytesIO()
    with ZipFile(BytesIO(workbook)) as old, ZipFile(target, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = WRITTEN.sub(rb"\g<1>1980-01-01T00:00:00Z", content)
            if name in parts:
                content = parts[name](content)
            new.writestr(ZipInfo(name, LONG_AGO), content, ZIP_DEFLATED, QUICK)
    return target.getvalue()

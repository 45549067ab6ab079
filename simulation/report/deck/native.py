"""Native charts: what a presentation program draws itself from a small workbook, so that everybody can edit it.

The workbook is written by us and not by the library, which would take a label that begins with = for a formula.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulation.experiment.sheets import FORBIDDEN, add_sheet, book_bytes, new_book
from simulation.report.deck.page import SMALL_TYPE
from simulation.report.deck.text import clean, mark_language
from simulation.report.style import FAINT, INK, SOFT, Scale

SHEET = "Sheet1"
SPACES = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
MARKS: Mapping[str, str] = {
    "o": "circle", "s": "square", "^": "triangle", "D": "diamond", "v": "dash", "P": "plus", "X": "x", "h": "star",
}  # fmt: skip
"""The marks of pictures, by what comes nearest to them in a native chart."""
STROKES = ("plus", "x", "star", "dash")
"""Marks that are lines, and show nothing without a line of their own."""
End = tuple[str, int, int, Sequence[float]]
"""An end of error bars: "minus" or "plus", the column and first row of its cells, and its lengths."""
DASHES = ("SOLID", "DASH", "DASH_DOT_DOT", "DASH_DOT", "LONG_DASH")
"""Names of native dashes, as unlike each other as those of pictures, in the same order."""


@dataclass(frozen=True)
class Row:
    """A series of a chart: its name, its values in shown units, and lengths of its error bars below and above."""

    name: str
    values: Sequence[float]
    minus: Sequence[float] = ()
    plus: Sequence[float] = ()


@dataclass(frozen=True)
class Points:
    """A series of a chart over numbers: its name and the cell of it, and for x and y a column, its first row, and the values."""

    name: str
    named: str
    x: tuple[int, int, Sequence[float]]
    y: tuple[int, int, Sequence[float]]


@dataclass(frozen=True)
class Frame:
    """Where the axes stand in a chart: left, top, width and height as shares of it."""

    x: float
    y: float
    w: float
    h: float


def number_format(scale: Scale, *, sign: bool = False) -> str:
    """How figures on a scale are written, as programs ask for it, with a true minus."""
    plain = f"#,##0{'.' + '0' * scale.digits if scale.digits else ''}"
    return f'{"+" if sign else ""}{plain};"−"{plain};{plain[3:]}'


def finite(value: Any) -> float | None:
    """A number, or None where there is none."""
    return float(value) + 0.0 if math.isfinite(value) else None


def insert_categories(placeholder: Any, kind: str, names: Sequence[Any], rows: Sequence[Row]) -> Any:
    """Put a chart over categories into a placeholder; `kind` is a name of `XL_CHART_TYPE`. Returns its frame."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE

    data = CategoryChartData()
    data.categories = [clean(name) if isinstance(name, str) else name for name in names]
    for row in rows:
        data.add_series(_named(row.name), [finite(value) for value in row.values])
    frame = placeholder.insert_chart(getattr(XL_CHART_TYPE, kind), data)
    spread = [row for row in rows if row.minus]
    head = ["", *(row.name for row in rows), *(f"{row.name}: {side}" for row in spread for side in ("below", "above"))]
    columns = [row.values for row in rows] + [side for row in spread for side in (row.minus, row.plus)]
    body = [[name, *(finite(column[place]) for column in columns)] for place, name in enumerate(names)]
    write_workbook(frame.chart, [head, *body])
    elements = frame.chart._chartSpace.findall(f".//{C}ser")  # noqa: SLF001 - the library has no error bars
    for place, row in enumerate(spread):
        first = 2 + len(rows) + 2 * place
        ends = [("minus", first, 2, row.minus), ("plus", first + 1, 2, row.plus)]
        add_error_bars(elements[rows.index(row)], None, ends)
    return frame


def insert_scatter(placeholder: Any, kind: str, rows: Sequence[Sequence[Any]], series: Sequence[Points]) -> Any:
    """Put a chart over numbers into a placeholder, its series tied to cells of the workbook `rows`. Returns its frame."""
    from pptx.chart.data import XyChartData
    from pptx.enum.chart import XL_CHART_TYPE

    data = XyChartData()
    for one in series:
        data.add_series(_named(one.name)).add_data_point(0.0, 0.0)
    frame = placeholder.insert_chart(getattr(XL_CHART_TYPE, kind), data)
    write_workbook(frame.chart, rows)
    for element, one in zip(frame.chart._chartSpace.findall(f".//{C}ser"), series, strict=True):  # noqa: SLF001
        element.find(f"{C}tx/{C}strRef/{C}f").text = one.named
        for name, at in (("xVal", one.x), ("yVal", one.y)):
            old = element.find(f"{C}{name}")
            element.replace(old, _parsed(_reference(name, *at)))
    return frame


def _parsed(text: str) -> Any:
    from pptx.oxml import parse_xml

    return parse_xml(text.replace(">", f" {SPACES}>", 1))


def _named(name: str) -> str:
    return FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", name)


def write_workbook(chart: Any, rows: Sequence[Sequence[Any]]) -> None:
    """The workbook behind a chart: text stays text, whatever it begins with, and no time of writing stands in it."""
    book = new_book()
    add_sheet(book, SHEET, rows)
    chart.part.chart_workbook.update_from_xlsx_blob(book_bytes(book))


def column_name(place: int) -> str:
    """The letters of a column of a sheet, from 1."""
    letters = ""
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def add_error_bars(series: Any, direction: str | None, ends: Sequence[End], *, colour: str = INK) -> None:
    """Give a series error bars, each end tied to cells.

    Those along x have one length, that of the first end: LibreOffice draws no lengths of cells there, and both halves of an
    interval are as long.
    """
    sides = {side: _reference(side, column, row, values) for side, column, row, values in ends}
    kind, lengths = "cust", f"{sides['plus']}{sides['minus']}"
    if direction == "x":
        kind, lengths = "fixedVal", f'<c:val val="{float(ends[0][3][0])!r}"/>'
    way = f'<c:errDir val="{direction}"/>' if direction else ""
    look = f'<a:ln w="19050"><a:solidFill><a:srgbClr val="{colour.lstrip("#").upper()}"/></a:solidFill></a:ln>'
    bars = _parsed(
        f'<c:errBars>{way}<c:errBarType val="both"/><c:errValType val="{kind}"/><c:noEndCap val="1"/>{lengths}'
        f"<c:spPr>{look}</c:spPr></c:errBars>"
    )
    place = next(place for place, child in enumerate(series) if child.tag in (f"{C}xVal", f"{C}cat"))  # the schema has one order
    series.insert(place, bars)


def _reference(side: str, column: int, row: int, values: Sequence[float]) -> str:
    name = column_name(column)
    last = row + len(values) - 1
    cells = f"{SHEET}!${name}${row}" + (f":${name}${last}" if last > row else "")
    seen = [(place, float(value) + 0.0) for place, value in enumerate(values) if math.isfinite(value)]
    points = "".join(f'<c:pt idx="{place}"><c:v>{value!r}</c:v></c:pt>' for place, value in seen)
    cache = f'<c:numCache><c:formatCode>General</c:formatCode><c:ptCount val="{len(values)}"/>{points}</c:numCache>'
    return f"<c:{side}><c:numRef><c:f>{cells}</c:f>{cache}</c:numRef></c:{side}>"


def without_leaders(series: Any) -> None:
    """No lines from labels to where they would stand by themselves: their colours say what they belong to."""
    from pptx.oxml import parse_xml

    labels = series._element.find(f"{C}dLbls")  # noqa: SLF001
    labels.append(parse_xml(
        f'<c:extLst {SPACES}><c:ext uri="{{CE6537A1-D6FC-4f65-9D91-7224C49458BB}}" '
        'xmlns:c15="http://schemas.microsoft.com/office/drawing/2012/chart"><c15:showLeaderLines val="0"/></c:ext></c:extLst>'
    ))  # fmt: skip


def dress(chart: Any, frame: Frame | None, language: str) -> None:
    """The house look: no title, no legend, the type of the deck, and axes where we put them."""
    chart.has_title = False
    chart.has_legend = False
    chart.font.size = _points(SMALL_TYPE)
    chart.font.color.rgb = rgb(INK)
    properties = chart.font._rPr  # noqa: SLF001 - the library has no language of charts
    mark_language(properties, language)
    if frame is not None:
        _place(chart, frame)


def rgb(colour: str) -> Any:
    """A colour as the library has it."""
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(colour.lstrip("#").upper())


def _points(size: float) -> Any:
    from pptx.util import Pt

    return Pt(size)


def _place(chart: Any, frame: Frame) -> None:
    """Set the inner area of the axes by hand."""
    from pptx.oxml import parse_xml

    area = chart._chartSpace.find(f".//{C}plotArea")  # noqa: SLF001
    old = area.find(f"{C}layout")
    if old is not None:
        area.remove(old)
    area.insert(0, parse_xml(
        f'<c:layout {SPACES}><c:manualLayout><c:layoutTarget val="inner"/><c:xMode val="edge"/><c:yMode val="edge"/>'
        f'<c:x val="{frame.x:.4f}"/><c:y val="{frame.y:.4f}"/><c:w val="{frame.w:.4f}"/><c:h val="{frame.h:.4f}"/>'
        "</c:manualLayout></c:layout>"
    ))  # fmt: skip


def axis_look(
    axis: Any, *, title: str = "", form: str | None = None, limits: tuple[float, float] | None = None, step: float | None = None,
    grid: bool = False,
) -> None:
    """An axis in the house look: soft line, faint grid, a title in the size of its figures."""
    from pptx.enum.chart import XL_TICK_LABEL_POSITION, XL_TICK_MARK

    axis.has_major_gridlines = grid
    if grid:
        axis.major_gridlines.format.line.color.rgb = rgb(FAINT)
        axis.major_gridlines.format.line.width = _points(0.75)
    axis.major_tick_mark = axis.minor_tick_mark = XL_TICK_MARK.NONE
    axis.format.line.color.rgb = rgb(SOFT)
    axis.format.line.width = _points(0.75)
    axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    axis.tick_labels.font.size = _points(SMALL_TYPE)
    axis.tick_labels.font.color.rgb = rgb(SOFT)
    if form:
        axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = form, False
    if limits:
        axis.minimum_scale, axis.maximum_scale = limits
    if step:
        axis.major_unit = step
    axis.has_title = bool(title)
    if title:
        paragraph = axis.axis_title.text_frame.paragraphs[0]
        run = paragraph.add_run()
        run.text = clean(title)
        run.font.size, run.font.bold = _points(SMALL_TYPE), False
        run.font.color.rgb = rgb(INK)


def nice_limits(
    values: Sequence[float], *, margin: float = 0.05, zero: bool = False, steps: int = 5
) -> tuple[float, float, float]:
    """Lower and upper limit of an axis and its step, round numbers that leave a margin around what is drawn."""
    seen = [value for value in values if math.isfinite(value)] or [0.0, 1.0]
    low, high = min(seen), max(seen)
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    width = (high - low) or max(abs(high), 1.0)
    low_wanted = low - margin * width if not (zero and low >= 0.0) else 0.0
    high_wanted = high + margin * width if not (zero and high <= 0.0) else 0.0
    rough = (high_wanted - low_wanted) / steps
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * part for part in (1.0, 2.0, 2.5, 5.0, 10.0) if power * part >= rough * 0.999)
    return math.floor(low_wanted / step + 1e-9) * step, math.ceil(high_wanted / step - 1e-9) * step, step


def step_format(step: float) -> str:
    """How figures beside the ticks of an axis are written: with as many digits as its step has."""
    return number_format(as_fine_as(step))


def without_sign(step: float) -> str:
    """The same for an axis on which both sides of zero are shares."""
    plain = number_format(as_fine_as(step)).partition(";")[0]
    return f"{plain};{plain};{plain}"


def as_fine_as(step: float) -> Scale:
    """A scale with as many digits as the step of an axis has."""
    return Scale(1.0, len(f"{step:.6f}".rstrip("0").partition(".")[2]), "", "")


def label_point(
    series: Any, place: int, text: str, *, position: str | None, colour: str = INK, bold: bool = False,
    offset: tuple[float, float] | None = None, language: str = "en-GB",
) -> None:
    """Write a label at a point; `offset` moves it from there, in shares of the chart."""
    from pptx.enum.chart import XL_LABEL_POSITION
    from pptx.oxml import parse_xml

    label = series.points[place].data_label
    frame = label.text_frame
    for number, line in enumerate(text.split("\n")):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text = clean(line)
        run.font.size, run.font.bold = _points(SMALL_TYPE), bold
        run.font.color.rgb = rgb(colour)
        mark_language(run._r.get_or_add_rPr(), language)  # noqa: SLF001
    frame.word_wrap = False
    if position:
        label.position = getattr(XL_LABEL_POSITION, position)
    if offset:
        element = label._dLbl  # noqa: SLF001 - the library has no offsets of labels
        element.insert(1, parse_xml(
            f'<c:layout {SPACES}><c:manualLayout><c:x val="{offset[0]:.4f}"/><c:y val="{offset[1]:.4f}"/></c:manualLayout>'
            "</c:layout>"
        ))  # fmt: skip


def fill_series(series: Any, colour: str, *, pattern: str | None = None) -> None:
    """Fill the bars of a series; a pattern keeps it apart in grey."""
    fill = series.format.fill
    if pattern:
        from pptx.enum.dml import MSO_PATTERN

        fill.patterned()
        fill.pattern = getattr(MSO_PATTERN, pattern)
        fill.fore_color.rgb, fill.back_color.rgb = rgb(colour), rgb("#ffffff")
    else:
        fill.solid()
        fill.fore_color.rgb = rgb(colour)
    line = series.format.line
    line.color.rgb = rgb(colour)
    line.width = _points(0.75)
    if hasattr(series, "invert_if_negative"):
        series.invert_if_negative = False


def hide_series(series: Any) -> None:
    """A series that holds others in place and is not seen."""
    series.format.fill.background()
    series.format.line.fill.background()

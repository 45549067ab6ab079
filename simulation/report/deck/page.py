"""The page that every slide is laid out on: its size, its grid of twelve columns, its sizes of type, and what stands where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

EMU = 914_400
"""English metric units an inch: what a presentation counts lengths in."""
POINTS = 72.0
"""Points an inch."""
WIDTH, HEIGHT = 13.333, 7.5
MARGIN, GUTTER, COLUMNS = 0.6, 0.25, 12
TOP, BOTTOM = 1.85, 6.8
"""Between these the body of a slide stands [inches]."""
TITLE_TYPE, LEAST_TITLE = 24.0, 20.0
BODY_TYPE, SMALL_TYPE = 14.0, 12.0
"""[points] Of text and of figures in tables and charts; nothing on a slide is smaller than the second."""
LINE = 1.2
"""Distance of lines over the size of type; set in points, so that it does not hang on the font."""
FONT, EASTERN_FONT = "Arial", "Microsoft YaHei"
"""What PowerPoint, Keynote and LibreOffice have or have a twin of; the second for Chinese, Japanese and Korean text."""


@dataclass(frozen=True)
class Box:
    """A place on a slide: left, top, width and height [inches]."""

    x: float
    y: float
    w: float
    h: float

    def emu(self) -> tuple[int, int, int, int]:
        """The same in English metric units."""
        x, y, w, h = (round(part * EMU) for part in (self.x, self.y, self.w, self.h))
        return x, y, w, h


def columns(first: int, count: int, top: float, bottom: float) -> Box:
    """A box over some columns of the grid, from one height to another."""
    one = (WIDTH - 2 * MARGIN - (COLUMNS - 1) * GUTTER) / COLUMNS
    return Box(MARGIN + first * (one + GUTTER), top, count * one + (count - 1) * GUTTER, bottom - top)


@dataclass(frozen=True)
class Holder:
    """A placeholder: what it holds (a type of the format), its number on the layout, its name, place and size of type."""

    kind: str
    number: int
    name: str
    box: Box
    size: float = BODY_TYPE
    prompt: str = "Text"


HEAD = 0.3
KICKER = Holder("body", 13, "Kicker", columns(0, 12, 0.4, 0.7), SMALL_TYPE, "What the slide is about")
TITLE = Holder("title", 0, "Title", columns(0, 12, 0.7, 1.72), TITLE_TYPE, "The message as a sentence")
FOOTER = Holder("ftr", 11, "Footer", columns(0, 11, 6.98, 7.28), SMALL_TYPE, "Seeds, intervals, run")
NUMBER = Holder("sldNum", 12, "Slide number", columns(11, 1, 6.98, 7.28), SMALL_TYPE)
ALWAYS = (KICKER, TITLE, FOOTER, NUMBER)
"""On every layout."""


def _text(name: str, number: int, box: Box, prompt: str = "Text", size: float = BODY_TYPE) -> Holder:
    return Holder("body", number, name, box, size, prompt)


LAYOUTS: Mapping[str, tuple[Holder, ...]] = {
    "Decision": (
        _text("Answers", 18, columns(0, 5, TOP, BOTTOM), "What was asked, and the answer"),
        Holder("tbl", 16, "Table", columns(5, 7, TOP, 4.5)),
        _text("Cautions", 19, columns(5, 7, 4.65, BOTTOM), "What to be careful with", SMALL_TYPE),
    ),
    "Chart and message": (
        Holder("chart", 14, "Chart", columns(0, 9, TOP, BOTTOM)),
        _text("Message", 18, columns(9, 3, TOP, BOTTOM), "What the chart says"),
    ),
    "Chart and table": (
        Holder("chart", 14, "Chart", columns(0, 6, TOP, 6.0)),
        Holder("tbl", 16, "Table", columns(6, 6, TOP, 6.0)),
        _text("Message", 18, columns(0, 12, 6.05, BOTTOM), "How both are read", SMALL_TYPE),
    ),
    "Two charts": (
        _text("Left heading", 22, columns(0, 6, TOP, TOP + HEAD), "What the left chart shows", SMALL_TYPE),
        Holder("chart", 14, "Left chart", columns(0, 6, TOP + HEAD, 6.0)),
        _text("Right heading", 23, columns(6, 6, TOP, TOP + HEAD), "What the right chart shows", SMALL_TYPE),
        Holder("chart", 15, "Right chart", columns(6, 6, TOP + HEAD, 6.0)),
        _text("Message", 18, columns(0, 12, 6.05, BOTTOM), "How both are read", SMALL_TYPE),
    ),
    "Table": (
        Holder("tbl", 16, "Table", columns(0, 12, TOP, 5.6)),
        _text("Message", 18, columns(0, 12, 5.7, BOTTOM), "How the table is read", SMALL_TYPE),
    ),
    "Two tables": (
        _text("Left heading", 22, columns(0, 7, TOP, TOP + HEAD), "What the left table shows", SMALL_TYPE),
        Holder("tbl", 16, "Left table", columns(0, 7, TOP + HEAD, 6.0)),
        _text("Right heading", 23, columns(7, 5, TOP, TOP + HEAD), "What the right table shows", SMALL_TYPE),
        Holder("tbl", 17, "Right table", columns(7, 5, TOP + HEAD, 6.0)),
        _text("Message", 18, columns(0, 12, 6.05, BOTTOM), "How both are read", SMALL_TYPE),
    ),
    "Evidence": (
        _text("Left heading", 22, columns(0, 4, TOP, TOP + HEAD), "What is counted", SMALL_TYPE),
        Holder("chart", 14, "Chart", columns(0, 4, TOP + HEAD, 6.0)),
        _text("Right heading", 23, columns(4, 8, TOP, TOP + HEAD), "What is listed", SMALL_TYPE),
        Holder("tbl", 16, "Table", columns(4, 8, TOP + HEAD, 6.0)),
        _text("Message", 18, columns(0, 12, 6.05, BOTTOM), "How it was calibrated", SMALL_TYPE),
    ),
    "Picture and message": (
        Holder("pic", 21, "Picture", columns(0, 9, TOP, BOTTOM)),
        _text("Message", 18, columns(9, 3, TOP, BOTTOM), "What the picture says"),
    ),
}  # fmt: skip
"""Layouts by what they hold; every one has those of `ALWAYS` as well."""

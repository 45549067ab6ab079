"""How much room text takes, so that it fits whatever program shows it: measured, not left to a program's autofit.

Measured in DejaVu Sans, which comes with matplotlib and is wider than the deck's own font: what fits in it fits everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

from simulation.report.deck.page import LINE, POINTS
from simulation.report.lettering import CLOSING, OPENING

SLACK = 1.03
"""By how much a line is taken to be longer than it is measured."""
TRIAL = 100
"""[pixels] Size at which letters are measured."""
STEP = 0.5
SET_OFF = 0.25
"""Room that is put between a wide letter and another, over the size of type."""


@cache
def _face(*, bold: bool) -> Any:
    from matplotlib import get_data_path
    from PIL import ImageFont

    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return ImageFont.truetype(str(Path(get_data_path()) / "fonts" / "ttf" / name), TRIAL)


@cache
def _letter(sign: str, *, bold: bool) -> float:
    """Width of one letter over its size; Chinese, Japanese and Korean ones are square."""
    if _is_wide(sign):
        return 1.0
    return float(_face(bold=bold).getlength(sign)) / TRIAL


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """Width of one line [inches] in a size of type [points]; some programs set wide letters off from others."""
    letters = sum(_letter(sign, bold=bold) for sign in text)
    meetings = sum(_is_wide(one) != _is_wide(other) and " " not in one + other for one, other in pairwise(text))
    return SLACK * size / POINTS * (letters + SET_OFF * meetings)


def _is_wide(sign: str) -> bool:
    return east_asian_width(sign) in ("W", "F")


def wrapped(text: str, room: float, size: float, *, bold: bool = False) -> list[str]:
    """A text in lines no wider than `room` [inches], broken between words and between Chinese, Japanese and Korean letters."""
    lines = []
    for part in text.split("\n"):
        line = ""
        for piece in pieces(part):
            if line and width_of((line + piece).rstrip(), size, bold=bold) > room:
                lines.append(line.rstrip())
                line = ""
            line += piece
            while width_of(line.rstrip(), size, bold=bold) > room and len(line) > 1:
                most = _fitting(line, room, size, bold=bold)
                lines.append(line[:most])
                line = line[most:]
        lines.append(line.rstrip())
    return lines


def pieces(text: str) -> list[str]:
    """What may not be broken: words with the space behind them, and single wide letters with their signs."""
    found = [""]
    for sign in text:
        wide = _is_wide(sign)
        if sign in CLOSING and not found[-1] and len(found) > 1:
            found[-2] += sign
            continue
        if wide and found[-1] and found[-1][-1] not in OPENING:
            found.append("")
        found[-1] += sign
        if sign == " " or (wide and sign not in OPENING):
            found.append("")
    return [piece for piece in found if piece]


def _fitting(line: str, room: float, size: float, *, bold: bool) -> int:
    """How many letters of a word that is wider than the room fit into it."""
    most = 1
    while most < len(line) and width_of(line[: most + 1], size, bold=bold) <= room:
        most += 1
    return most


def height_of(texts: Sequence[str], room: float, size: float, *, bold: bool = False, gap: float = 0.0) -> float:
    """Height [inches] of paragraphs in a size of type, with a gap [points] before each but the first."""
    count = sum(len(wrapped(text, room, size, bold=bold)) for text in texts)
    return (count * size * LINE + gap * (len(texts) - 1)) / POINTS


def largest(
    texts: Sequence[str], room: tuple[float, float], sizes: tuple[float, float], *, bold: bool = False, gap: float = 0.0
) -> float | None:
    """The largest size of type between the two in which paragraphs fit the room (width, height) [inches]; None in none."""
    size, least = sizes
    while size >= least:
        if height_of(texts, room[0], size, bold=bold, gap=gap) <= room[1]:
            return size
        size -= STEP
    return None


def cut(text: str, room: tuple[float, float], size: float, *, bold: bool = False) -> str:
    """A text shortened until it fits: by whole clauses where one is left, else by words with a sign that something is missing.

    A first word that is too long by itself keeps as many letters as there is room for.
    """
    most = max(int(room[1] * POINTS / (size * LINE) + 1e-6), 1)
    clauses = text.split("; ")
    for count in range(len(clauses) - 1, 0, -1):
        shown = "; ".join(clauses[:count])
        if len(wrapped(shown, room[0], size, bold=bold)) <= most:
            return shown
    parts = pieces(text)
    while parts and len(wrapped(shown := f"{''.join(parts).rstrip(' ,;:….')}…", room[0], size, bold=bold)) > most:
        parts.pop()
    if parts:
        return shown
    first, kept = pieces(text)[0].rstrip(), 0
    while kept < len(first) and width_of(f"{first[: kept + 1]}…", size, bold=bold) <= room[0]:
        kept += 1
    return f"{first[:kept]}…"

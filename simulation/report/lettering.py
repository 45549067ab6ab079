"""Letters of every script: which fonts have them, how wide they are, and where lines of them may end.

Labels are the user's: they may be Chinese, accented, or run from right to left. Every text that may hold one is written with
`lettering`, so that it looks the same inside `style.drawing` and in a notebook, and nothing is set for matplotlib as a whole.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from functools import cache
from textwrap import wrap
from typing import Any
from unicodedata import bidirectional, category, east_asian_width

FONTS: tuple[tuple[str, ...], ...] = (
    ("DejaVu Sans",),
    (
        "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans CJK KR", "Noto Sans CJK TC", "Noto Sans CJK HK", "Noto Sans SC",
        "Noto Serif CJK SC", "Noto Serif CJK JP", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Source Han Sans SC",
        "Source Han Sans", "Microsoft YaHei", "PingFang SC", "Hiragino Sans GB", "Arial Unicode MS",
    ),
    ("Noto Sans Devanagari",), ("Noto Sans Thai",), ("Noto Emoji", "Symbola"),
)  # fmt: skip
"""Fonts that glyphs are looked for in: of each kind the first that is installed; the very first comes with matplotlib."""
BOX = "□"
"""Stands for a character that no font has; the first of `FONTS` has it."""
BOXES = "pictures show boxes "
"""How the sentence about such characters begins."""
INSTALL = "no font has its characters; install one, on Debian fonts-noto-cjk for Chinese, Japanese and Korean"
DOTS, LOOSE = "…", " ,;:，；：、–-"
"""Where a label was cut, and what does not stand before it."""
ALONE, END, RIGHTWARD = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}", "\N{LEFT-TO-RIGHT MARK}"
"""Around words that have a direction of their own, and before a line that runs from left to right whatever it begins with."""
WIDE = (
    r"\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6"
    r"\U00020000-\U0003fffd"
)
"""Characters that are as wide as high, and between which a line may end."""
CLOSING, OPENING = "，。、：；！？）】》」』％", "（【《「『"
"""Wide signs that no line begins with, and that none ends with."""
PIECES = re.compile(rf"[ \t\n]*[{OPENING}]*(?:[{WIDE}]|[^ \t\n{WIDE}]+)[{CLOSING}]*")
"""What a line is filled with where there are wide characters: one of them, or a word, with its signs."""


def fonts(forms: str = "") -> list[str]:
    """Those of `FONTS` that matplotlib finds, the first of each kind; a font whose name ends with `forms`, such as JP, first."""
    from matplotlib.font_manager import fontManager

    installed = set(fontManager.get_font_names())
    wanted = (sorted(kind, key=lambda name: not name.endswith(f" {forms}")) for kind in FONTS)
    found = (next((name for name in kind if name in installed), "") for kind in wanted)
    return [name for name in found if name]


def lettering() -> dict[str, Any]:
    """How a text is written that may hold a user's words: never as mathematics, in the reader's own font and then in `fonts`."""
    return {"parse_math": False, "fontfamily": families()}


def families() -> list[str]:
    """The fonts that are set for matplotlib, and then `fonts`."""
    import matplotlib as mpl

    return list(dict.fromkeys([*mpl.rcParams["font.family"], *fonts()]))


def shown(text: str) -> str:
    """A text as pictures can show it: a box for each character that no font has, with a warning that comes once."""
    if text.isascii():
        return text
    signs = unknown(text)
    if not signs:
        return text
    warnings.warn(f"{BOXES}in place of some letters: {INSTALL}", UserWarning, stacklevel=1)  # one text, so that it comes once
    return "".join(sign if sign not in signs else "" if category(sign) in ("Mn", "Me") else BOX for sign in text)


def unknown(text: str) -> str:
    """The characters of a text that no font has, each once."""
    names = tuple(families())
    return "".join(dict.fromkeys(sign for sign in text if not _has(sign, names)))


@cache
def _has(sign: str, names: tuple[str, ...]) -> bool:
    """Whether a character can be shown in one of these fonts; spaces and marks of direction, which show nothing, can."""
    plain = sign.isascii() or sign.isspace() or category(sign) == "Cf"
    return plain or any(face.get_char_index(ord(sign)) for face in _faces(names))


@cache
def _faces(names: tuple[str, ...]) -> list[Any]:
    from matplotlib.font_manager import FontProperties, findfont, get_font

    return [get_font(findfont(FontProperties(family=[name]))) for name in names]


def columns(text: str) -> int:
    """How many letters wide a text is; Chinese characters count twice, and accents that stand over a letter not at all."""
    if text.isascii():
        return len(text)
    return sum(0 if category(sign) in ("Mn", "Me", "Cf") else 2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def shorten(label: str, most: int = 36) -> str:
    """A label cut to so many columns, so that it fits a sentence; one that runs from right to left does so by itself."""
    end = len(label)
    while columns(label[:end]) > most - (end < len(label)):
        end -= 1
    short = label if end == len(label) else f"{label[:end].rstrip(LOOSE)}{DOTS}"
    return f"{ALONE}{short}{END}" if leftward(short) and not short.startswith(ALONE) else short


def leftward(text: str) -> bool:
    """Whether a text holds letters that run from right to left."""
    return not text.isascii() and any(bidirectional(sign) in ("R", "AL") for sign in text)


def in_order(lines: Sequence[str]) -> list[str]:
    """Lines of an English sentence that may hold such labels: each runs from left to right, a label that goes on by itself."""
    told, inside = [], False
    for line in lines:
        start = ALONE if inside else ""
        inside = (start + line).count(ALONE) > line.count(END)
        told.append(f"{RIGHTWARD}{start}{line}{END if inside else ''}" if leftward(line) else line)
    return told


def shorten_apart(labels: Sequence[str], most: int) -> list[str]:
    """Labels cut to so many columns each, and still different: of those that begin alike, what comes later is kept."""
    short = [shorten(label, most) for label in labels]
    heads = [shorten(label, most // 3) for label in labels]
    for head in {heads[k] for k, text in enumerate(short) if short.count(text) > 1}:
        places = [k for k, one in enumerate(heads) if one == head]
        rows = zip(*(labels[k] for k in places), strict=False)
        alike = next((n for n, signs in enumerate(rows) if len(set(signs)) > 1), 0)
        words = labels[places[0]][:alike].rsplit(" ", 2)  # a number with the word before it
        last = words[-2:] if labels[places[0]][alike : alike + 1].isdigit() else words[-1:]
        start = alike - min(len(" ".join(last)), most // 3)
        for k in places:
            short[k] = shorten(f"{head}{'' if head.endswith(DOTS) else DOTS}{labels[k][start:]}", most)
    return short


def fold(text: str, most: int) -> list[str]:
    """A text in lines of at most so many columns; lines end at spaces, and between Chinese characters."""
    if columns(text) == len(text):
        return wrap(text, most)
    lines: list[str] = []
    for piece in PIECES.findall(text):
        if lines and columns(lines[-1]) + columns(piece) <= most:
            lines[-1] += piece
        else:
            lines += _broken(piece.strip(), most)
    return lines


def _broken(piece: str, most: int) -> list[str]:
    """A piece in parts of at most so many columns: one, unless it is a word longer than a line."""
    parts = [""]
    for sign in piece:
        if columns(parts[-1] + sign) > most and parts[-1]:
            parts.append("")
        parts[-1] += sign
    return parts

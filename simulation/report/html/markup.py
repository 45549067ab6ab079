"""Pieces of a page: tables, notes and pictures as HTML that needs nothing else.

A notebook may be light or dark, so text has no colour of its own: what is said softly is paler, what is decided is bold.
Pictures are drawn on white paper. Every text is escaped here, once.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

from simulation.report.figures import as_bytes

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DOTS = 110
"""An inch of a picture."""
WIDEST = 860
"""[pixels] Of a picture, on a screen that is wide enough."""
DECIDED = ("better", "worse", "higher", "lower")
PALE = "opacity:.7;font-weight:normal"
LEFT, RIGHT = "text-align:left", "text-align:right;white-space:nowrap"
TOP = "vertical-align:top;padding:.35em .8em .35em 0"


def lines(*texts: str) -> str:
    """The lines of a cell: the first as it is, the others paler, empty ones left out."""
    first, *others = texts
    return "<br>".join([escape(first), *(pale(text) for text in others if text)])


def pale(text: str) -> str:
    """Words said softly."""
    return f'<span style="{PALE};font-size:.9em">{escape(text)}</span>'


def verdict(word: str) -> str:
    """A verdict: bold where something is decided, paler where not."""
    return f"<b>{escape(word)}</b>" if word in DECIDED else f'<span style="{PALE}">{escape(word)}</span>'


def heading(title: str, *under: str) -> str:
    """A title, and paler lines under it."""
    said = "".join(f'<div style="{PALE};text-align:left">{escape(text)}</div>' for text in under if text)
    return f'<div style="font-weight:bold;text-align:left;font-size:1.1em">{escape(title)}</div>{said}'


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are HTML already; the first column holds words, the others figures."""
    sides = [LEFT, *[RIGHT] * (len(head) - 1)]
    top = "".join(f'<th style="{TOP};{side}">{cell}</th>' for side, cell in zip(sides, head, strict=True))
    body = "".join(
        "<tr>" + "".join(f'<td style="{TOP};{side}">{cell}</td>' for side, cell in zip(sides, row, strict=True)) + "</tr>"
        for row in rows
    )
    return f'<div style="overflow-x:auto"><table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'


def notes(texts: Iterable[str]) -> str:
    """Sentences under a table; nothing where there are none."""
    said = "".join(f"<li>{escape(_sentence(text))}</li>" for text in texts if text)
    return f'<ul style="{PALE};max-width:{WIDEST}px">{said}</ul>' if said else ""


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}{'' if text.endswith('.') else '.'}"


def paragraph(text: str) -> str:
    """A sentence or several by themselves."""
    return f'<p style="max-width:{WIDEST}px">{escape(text)}</p>'


def strong(text: str) -> str:
    """The sentence that counts."""
    return f'<p style="max-width:{WIDEST}px"><b>{escape(text)}</b></p>'


def picture(figure: Figure) -> str:
    """A figure on its white paper; what it shows is its first title, for those who cannot see it."""
    content = as_bytes(figure, "png", dpi=DOTS)
    title = next((text for ax in figure.axes if (text := ax.get_title(loc="left"))), "chart")
    coded = b64encode(content).decode("ascii")
    return (
        f'<img alt="{escape(" ".join(title.split()))}" src="data:image/png;base64,{coded}" '
        f'style="width:100%;max-width:{WIDEST}px;background:white">'
    )

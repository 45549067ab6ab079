"""Decks made once for all their tests, and what is asked of their shapes."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from boards import CHINESE, made_board
from pptx import Presentation
from synthetic import LABELS, LONG_LABELS

from simulation.report.deck.deck import write_deck

CASES = {
    "five": lambda: made_board(LABELS[:5], require={"turnover": ("<=", 0.4)}),
    "one": lambda: made_board(LABELS[:1]),
    "twelve": lambda: made_board(LONG_LABELS),
    "chinese": lambda: made_board(CHINESE),
    "negative": lambda: made_board(LABELS[:3], worth=5e7),
    "bare": lambda: made_board(LABELS[:2], whole=False),
}
QUICK = ("one", "five")
CASES_BY_COST = [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in CASES]
HEAVY = [CASES_BY_COST[1], *(pytest.param(name, marks=pytest.mark.slow) for name in CASES if name != "one")]
"""Every case; those that are not quick are run with the slow tests."""


@cache
def findings(name):
    """The findings of a case."""
    return CASES[name]()


@cache
def written(name):
    """A case's deck as bytes."""
    with TemporaryDirectory() as folder:
        return write_deck(findings(name), Path(folder) / "deck.pptx").read_bytes()


def opened(name):
    """A case's deck as a presentation."""
    return Presentation(BytesIO(written(name)))


def alt_of(shape):
    """The alt text of a shape."""
    return shape._element._nvXxPr.cNvPr.get("descr", "")


def charts(deck):
    """Every chart of a deck, with the title of its slide."""
    return [(slide.shapes.title.text, shape) for slide in deck.slides for shape in slide.shapes if shape.has_chart]


def chart_named(name, kicker, place="Chart"):
    """A chart of a case, by what its slide is about and its own name."""
    for slide in opened(name).slides:
        shapes = {shape.name: shape for shape in slide.shapes}
        if shapes["Kicker"].text_frame.text == kicker:
            return shapes[place].chart
    raise KeyError(kicker)

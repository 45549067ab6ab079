"""Letters of every script: how wide they are, where lines end, which direction they run, and which font shows them."""

from __future__ import annotations

import warnings

import matplotlib as mpl
import pytest
from hard_cases import CHINESE, RIGHT_TO_LEFT, notebook_axes, summary_of
from matplotlib.text import Text

from simulation.report.charts.tradeoff import draw_tradeoff
from simulation.report.lettering import BOX, columns, fold, fonts, in_order, shorten, shorten_apart, shown, unknown

HEBREW = RIGHT_TO_LEFT[0]
needs_chinese = pytest.mark.skipif(not any("CJK" in name for name in fonts()), reason="no Chinese font: fonts-noto-cjk")


def test_chinese_counts_twice():
    """Chinese characters are as wide as two letters, accents over a letter and marks of direction have no width."""
    assert columns("abc") == 3
    assert columns("现状a") == 5
    assert columns("e\N{COMBINING ACUTE ACCENT}\N{LEFT-TO-RIGHT MARK}") == 1


def test_lines_are_no_wider_than_asked():
    """Lines of Chinese and of mixed text keep to their columns, lose nothing, and begin with no comma."""
    for text in (*CHINESE, "Growth 增长组合 with 20% more, 佣金的百分之十 and an-extraordinarily-long-word"):
        lines = fold(text, 20)

        assert max(map(columns, lines)) <= 22  # a closing sign may hang over
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
        assert not any(line[0] in "，。、：）" for line in lines)


def test_cut_labels_stay_different():
    """Labels that begin alike are cut where they differ, and others at their end."""
    labels = [f"Ten per cent of commission moved into grants, quota {n} per cent higher" for n in (5, 10)]
    short = shorten_apart([*labels, "Status quo"], 30)

    assert len(set(short)) == 3
    assert all(columns(text) <= 30 for text in short)
    assert "5" in short[0]
    assert "10" in short[1]
    settings = [f"rate {rate}, period {period}" for rate in (0.08, 0.1) for period in ("month", "year")]
    points = [f"Growth mix with yearly grants: {text}" for text in settings]
    assert shorten_apart(points, 36) == [f"Growth mix…{text}" for text in settings]
    assert shorten("Steeper: ten per cent", 10) == "Steeper…"


def test_a_label_of_another_direction_keeps_it():
    """A Hebrew label in a sentence is set apart, the sentence runs from left to right, and a label cut by a line goes on."""
    label = shorten(HEBREW)
    first, second = in_order([f"{label[:6]}", f"{label[6:]}: turnover 5% lower"])

    assert (label[0], label[-1]) == ("\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}")
    assert shorten("Status quo") == "Status quo"
    assert first.startswith("\N{LEFT-TO-RIGHT MARK}\N{FIRST STRONG ISOLATE}")
    assert second.startswith("\N{LEFT-TO-RIGHT MARK}\N{FIRST STRONG ISOLATE}")
    assert all(line.count("\N{FIRST STRONG ISOLATE}") == line.count("\N{POP DIRECTIONAL ISOLATE}") for line in (first, second))
    assert in_order(["Status quo"]) == ["Status quo"]


def test_what_no_font_has_is_a_box_and_one_warning(monkeypatch):
    """Characters that cannot be shown are boxes, and matplotlib has nothing left to warn of."""
    monkeypatch.setattr("simulation.report.lettering.FONTS", (("DejaVu Sans",),))
    ax = notebook_axes()
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("default")
        draw_tradeoff(ax, summary_of("chinese few"))
        ax.figure.draw_without_rendering()
    texts = " ".join(text.get_text() for text in ax.findobj(Text))

    assert unknown("Größe 现状") == "现状"
    assert BOX in texts
    assert not set(texts) & set("现状佣金")
    assert ["fonts-noto-cjk" in str(one.message) for one in told] == [True]


@needs_chinese
def test_a_notebook_shows_chinese():
    """Outside of `drawing` Chinese labels find their font, matplotlib warns of nothing, and its settings stay as they are."""
    before = dict(mpl.rcParams)
    ax = notebook_axes()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        draw_tradeoff(ax, summary_of("chinese few"))
        ax.figure.draw_without_rendering()

    assert dict(mpl.rcParams) == before
    assert shown("现状：佣金") == "现状：佣金"

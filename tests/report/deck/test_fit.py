"""Text is measured: what is said to fit does fit, and what does not is shortened by clauses and words."""

from __future__ import annotations

import pytest
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath

from simulation.report.deck.fit import cut, height_of, largest, width_of, wrapped

SENTENCE = "Growth mix against Status quo: turnover 3.1 points lower; no material difference in revenue"


@pytest.mark.parametrize("bold", [False, True])
def test_widths_are_those_of_the_letters(bold):
    """A width is at least that of matplotlib's outlines of the same text, and at most a tenth more."""
    outline = TextPath((0, 0), SENTENCE, size=100, prop=FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal"))
    ours, theirs = width_of(SENTENCE, 100, bold=bold) * 72, outline.get_extents().width

    assert theirs <= ours <= 1.1 * theirs


def test_lines_hold_all_words_and_fit():
    """Lines put together are the text, and none is wider than the room."""
    lines = wrapped(SENTENCE, 3.0, 14)

    assert " ".join(lines) == SENTENCE
    assert all(width_of(line, 14) <= 3.0 for line in lines)


def test_chinese_breaks_between_letters_and_a_long_word_within():
    """Chinese text fills its lines; a word that is wider than the room is broken and nothing of it is lost."""
    for text in ("降低五分之一佣金并增加长期股权激励" * 3, "Donaudampfschifffahrtsgesellschaft" * 3):
        lines = wrapped(text, 2.0, 14)

        assert "".join(lines) == text
        assert all(width_of(line, 14) <= 2.0 for line in lines)


def test_signs_stay_with_the_letters_they_belong_to():
    """No line begins with a closing sign or ends with an opening one, as programs set Chinese text."""
    lines = [line for room in (0.5, 0.7, 0.9, 1.1, 1.3) for line in wrapped("成长组合：学习、自主（与容错）并举", room, 14)]

    assert not any(line[0] in "：、）" or line[-1] == "（" for line in lines)


def test_the_largest_size_fits_and_the_next_does_not():
    """The size found is the largest, in half points, in which the text fits."""
    room = (6.0, 0.62)
    size = largest([SENTENCE], room, (24.0, 12.0))

    assert height_of([SENTENCE], room[0], size) <= room[1] < height_of([SENTENCE], room[0], size + 0.5)


def test_cutting_takes_whole_clauses_first():
    """A text that is too long loses its last clause, and its sense is kept; a single clause loses words and says so."""
    assert cut(SENTENCE, (9.0, 0.4), 20) == "Growth mix against Status quo: turnover 3.1 points lower"
    assert cut("Growth mix against Status quo", (2.0, 0.35), 20) == "Growth mix…"

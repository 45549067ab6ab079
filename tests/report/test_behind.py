"""The numbers behind a picture as a table for people: every kind has one, and its cells are the picture's figures."""

from __future__ import annotations

import pytest
from hard_cases import summary_of
from lives import made_life

from simulation.report.behind import SHAPES, numbers_behind
from simulation.report.figures import NOTES, pictures
from simulation.report.life_months import months_table
from simulation.report.style import summary_scale


def behind(case, name):
    """The table behind one picture of a hard case."""
    summary = summary_of(case)
    (picture,) = [one for one in pictures(summary) if one.name == name]
    return numbers_behind(summary, picture), picture, summary


def test_every_kind_of_picture_has_a_table():
    """No kind that a note is written for lacks a shape."""
    assert set(SHAPES) == set(NOTES)


@pytest.mark.parametrize("case", ["five", "one", "right to left", "one month", "no revenue", "nothing sold"])
def test_tables_are_whole(case):
    """Under every picture each row has a cell a head, and none is empty of a word that says what it is of."""
    summary = summary_of(case)
    for picture in pictures(summary):
        table = numbers_behind(summary, picture)
        assert all(len(row) == len(table.heads) for row in table.rows)
        assert all(row[0] for row in table.rows)


def test_no_row_of_a_picture_is_left_out():
    """Rows of the timeline stand one to one; of the trade-off each policy stands with each of its two measures."""
    timeline, picture, _ = behind("five", "timeline_turnover")
    tradeoff, other, _ = behind("five", "tradeoff")

    assert len(timeline.rows) == len(picture.data)
    assert len(tradeoff.rows) == 2 * len(other.data)


def test_figures_are_on_the_houses_scale():
    """A cell is the picture's figure as the terminal writes it, and its head names the unit."""
    table, picture, summary = behind("five", "timeline_revenue")
    scale = summary_scale(summary, "revenue")

    assert table.heads[2] == f"figure ({scale.unit})"
    assert table.rows[0][2] == scale.show(picture.data["mean"].iloc[0])
    assert table.rows[-1][4] == scale.show(picture.data["diff"].iloc[-1], sign=True)


def test_the_baseline_has_no_difference():
    """The baseline's rows leave the differences empty; those of other policies have a sign."""
    table, _, summary = behind("five", "tradeoff")
    base = [row for row in table.rows if row[1] == summary.labels[summary.baseline]]
    others = [row for row in table.rows if row not in base]

    assert {row[-2:] for row in base} == {("", "")}
    assert all(row[-2][0] in "+−0" for row in others)


def test_measures_of_several_units_name_them_by_row():
    """Where rows differ in unit each names its own, and no head claims one for all."""
    table, _, _ = behind("five", "tradeoff")

    assert table.heads[2] == "unit"
    assert {row[2] for row in table.rows} == {"% a year", "million usd a year"}


def test_months_of_both_lives_follow_each_other():
    """The table of a life has a row a month and life, vacancies named."""
    other = made_life([(0, 23, "")], label="Plan B")
    table = months_table(made_life([(0, 5, "quit"), (9, 23, "")], against=other))

    assert len(table.rows) == 2 * 24
    assert table.rows[7][:3] == ("Plan A", "7", "vacant")
    assert table.rows[-1][0] == "Plan B"
    assert table.rows[5][-1] == "quit"

"""Every number on a slide is one of the summary's cells, written by one formatter, and its alt text says which."""

from __future__ import annotations

import re

import pytest
from decks import CASES_BY_COST, QUICK, alt_of, findings, opened

from simulation.report.style import shorten
from simulation.report.words.quotes import parse_line, requoted

every_deck = pytest.mark.parametrize("name", CASES_BY_COST)
NOT_QUOTED = ("How it was made",)
"""Slides whose text is the manifest's and not the summary's."""
OWN = ("95%",)
"""Digits that words have of their own: what intervals are."""
NUMBER = re.compile(r"[+−]?\d")


def kicker_of(slide):
    """What a slide is about."""
    return next(shape.text_frame.text for shape in slide.shapes if shape.name == "Kicker")


def spoken(deck):
    """Every shape with text or cells, with its texts in reading order."""
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape.has_table:
                yield kicker_of(slide), shape, [cell.text_frame.text for row in shape.table.rows for cell in row.cells]
            elif shape.has_text_frame and shape.name not in ("Kicker", "Slide number"):
                yield kicker_of(slide), shape, [paragraph.text for paragraph in shape.text_frame.paragraphs]


def lines_of(shape):
    """The machine-readable lines of an alt text."""
    return [line for line in alt_of(shape).split("\n") if line.startswith("[")]


@every_deck
def test_numbers_written_anew_are_those_on_the_slide(name):
    """What each line of an alt text names, formatted again from the findings, is the text that stands on the slide."""
    board, seen = findings(name), 0
    for _, shape, texts in spoken(opened(name)):
        whole = " ".join(texts)
        for line in lines_of(shape):
            noted = parse_line(line)
            seen += 1
            assert requoted(board, noted) == noted.text
            assert noted.text in whole

    assert seen > 10


@every_deck
def test_cells_of_tables_stand_in_reading_order(name):
    """The numbers of a table's alt text follow each other as they do in its cells."""
    for _, shape, texts in spoken(opened(name)):
        if shape.has_table:
            whole, place = "\n".join(texts), 0
            for line in lines_of(shape):
                place = whole.index(parse_line(line).text, place)


@every_deck
def test_no_number_stands_on_a_slide_without_its_cell(name):
    """Once quoted numbers, labels, the run's id and the words' own are taken out, no digit is left on any slide."""
    board = findings(name)
    labels = [label for label in board.summary.labels.values() if any(sign.isdigit() for sign in label)]
    known = [shorten(label, most) for label in labels for most in range(len(label), 6, -1)]
    known += [board.summary.facts.run, *OWN]
    left = []
    for kicker, shape, texts in spoken(opened(name)):
        if kicker in NOT_QUOTED:
            continue
        text = " ".join(texts)
        for part in sorted(known, key=len, reverse=True):
            text = text.replace(part, "")
        for part in sorted((parse_line(line).text for line in lines_of(shape)), key=len, reverse=True):
            text = re.sub(rf"(?<![\d.,]){re.escape(part)}(?!\d)", "", text)
        for part in board.assumptions["parameter"]:
            text = text.replace(part, "")
        left += [(kicker, shape.name, text)] if NUMBER.search(text) else []

    assert left == []


def test_parameters_that_matter_are_those_of_the_table():
    """Values and ends of the evidence table are the parameters' own and those between which they were moved."""
    board = findings("five")
    table = next(shape.table for kicker, shape, _ in spoken(opened("five")) if kicker == "What it rests on" and shape.has_table)
    rows = [[cell.text_frame.text for cell in row.cells] for row in table.rows][1:]
    known = board.assumptions.set_index("parameter")["value"]
    moved = board.summary.assumptions.moved

    assert [float(row[1].replace(",", "")) for row in rows] == [known[one.name] for one in moved]
    assert [row[2] for row in rows] == ["1 to 200,000"] * len(moved)


def test_negative_zero_is_never_written():
    """No cell or sentence has a minus before nothing but zeros."""
    for name in QUICK:
        for _, _, texts in spoken(opened(name)):
            assert not re.search(r"[−+-]0(\.0+)?(?![\d.])", " ".join(texts))

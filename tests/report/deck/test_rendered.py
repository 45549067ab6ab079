"""Slides as they are seen: rendered by LibreOffice, nothing clipped, overlapped or too small to read."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import cache
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from decks import CASES, opened, written

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        shutil.which("soffice") is None, reason="slides are rendered by LibreOffice; install it, on Debian libreoffice-impress"
    ),
]
every_case = pytest.mark.parametrize("name", CASES)
LEAST = 12.0
ROUNDED = 0.1
"""[points] By which sizes and edges may be off: they are rounded on their way."""
RULE = 6.95
"""[inches] Below it only the footer stands."""
TOUCHING = 1.0
"""[points] By which boxes of lines may touch: they hold room above and below the letters."""


@cache
def pages(name):
    """Every page of a case's deck: its size, its characters, and its lines of text with their boxes."""
    pdfplumber = pytest.importorskip("pdfplumber", reason="pdfplumber reads the pages; it comes with the extra named test")
    with TemporaryDirectory() as folder:
        source = Path(folder) / "deck.pptx"
        source.write_bytes(written(name))
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder, str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        with pdfplumber.open(source.with_suffix(".pdf")) as pdf:
            return [(page.width, page.height, page.chars, lines_of(page)) for page in pdf.pages]


def lines_of(page):
    """Lines of text: characters that follow each other at one height and angle."""
    lines = []
    for char in page.chars:
        last = lines[-1][-1] if lines else None
        near = last and last["upright"] == char["upright"] and follows(last, char)
        if near:
            lines[-1].append(char)
        else:
            lines.append([char])
    boxed = [("".join(c["text"] for c in line).strip(), *box_of(line)) for line in lines]
    return [line for line in boxed if line[0]]


def follows(last, char):
    """Whether a character stands where the text of the last one goes on."""
    reach, kerned = 1.5 * size_of(char), -0.4 * size_of(char)
    if char["upright"]:
        return abs(char["top"] - last["top"]) < 1.0 and kerned < char["x0"] - last["x1"] < reach
    return abs(char["x0"] - last["x0"]) < 1.0 and kerned < last["top"] - char["bottom"] < reach


def size_of(char):
    """The size of type of a character, upright or not."""
    return char["size"] if char["upright"] else char["x1"] - char["x0"]


def box_of(line):
    """The box of the letters of a line, without the room that a font keeps above and below them."""
    x0, x1 = min(c["x0"] for c in line), max(c["x1"] for c in line)
    top, bottom = min(c["top"] for c in line), max(c["bottom"] for c in line)
    slack = 0.15 * size_of(line[0])
    upright = line[0]["upright"]
    return (x0, top + slack, x1, bottom - slack) if upright else (x0 + slack, top, x1 - slack, bottom)


def overlap(one, other):
    """Whether two boxes lie on each other by more than they may touch."""
    across = min(one[3], other[3]) - max(one[1], other[1])
    down = min(one[4], other[4]) - max(one[2], other[2])
    return min(across, down) > TOUCHING


@every_case
def test_every_slide_is_a_page_of_its_size(name):
    """There are as many pages as slides, each 13.333 by 7.5 inches."""
    found = pages(name)

    assert len(found) == len(opened(name).slides)
    assert {(round(width), round(height)) for width, height, *_ in found} == {(960, 540)}


@every_case
def test_every_character_is_on_its_page(name):
    """Nothing is clipped by the edge of a slide."""
    outside = [
        (number, char["text"]) for number, (width, height, chars, _) in enumerate(pages(name), 1) for char in chars
        if char["text"].strip() and not is_within(char, width, height)
    ]  # fmt: skip

    assert outside == []


def is_within(char, width, height):
    """Whether a character lies on a page."""
    return min(char["x0"], char["top"]) >= 0 and char["x1"] <= width and char["bottom"] <= height


@every_case
def test_every_character_is_large_enough(name):
    """No character is smaller than twelve points, in charts too."""
    small = {
        (number, char["text"], round(size_of(char), 1)) for number, (*_, chars, _) in enumerate(pages(name), 1) for char in chars
        if char["text"].strip() and size_of(char) < LEAST - ROUNDED
    }  # fmt: skip

    assert small == set()


@every_case
def test_no_lines_lie_on_each_other(name):
    """No line of text is written over another."""
    over = [
        (number, one[0], other[0])
        for number, (*_, lines) in enumerate(pages(name), 1) for one, other in combinations(lines, 2) if overlap(one, other)
    ]  # fmt: skip

    assert over == []


@every_case
def test_titles_and_texts_are_seen_whole(name):
    """All letters of every title, text, footer and cell of a slide are on its page."""
    for slide, (*_, chars, _) in zip(opened(name).slides, pages(name), strict=True):
        seen = bare("".join(char["text"] for char in chars))
        for shape in slide.shapes:
            texts = [shape.text_frame.text] if shape.has_text_frame and shape.name != "Slide number" else []
            texts += [cell.text_frame.text for row in shape.table.rows for cell in row.cells] if shape.has_table else []
            for text in texts:
                assert bare(text) in seen


def bare(text):
    """Letters alone: programs set spaces and ligatures as they like."""
    return re.sub(r"\s", "", text.replace("\N{LATIN SMALL LIGATURE FI}", "fi").replace("\N{LATIN SMALL LIGATURE FL}", "fl"))


@every_case
def test_tables_end_where_they_were_said_to(name):
    """Nothing of a table runs below the body of its slide: rows are as high as they were measured to be."""
    for number, (slide, (_, height, _, lines)) in enumerate(zip(opened(name).slides, pages(name), strict=True), 1):
        footer = next(shape for shape in slide.shapes if shape.name == "Footer")
        known = bare(f"{footer.text_frame.text} {number}")
        below = [line[0] for line in lines if line[4] > height * RULE / 7.5 and bare(line[0]) not in known]

        assert below == []

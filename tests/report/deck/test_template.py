"""The template: what the package carries is what its module makes, and it is a house style of our own."""

from __future__ import annotations

from io import BytesIO
from itertools import combinations
from zipfile import ZipFile

import pytest
from pptx import Presentation

from simulation.report.deck.book import TEMPLATE
from simulation.report.deck.page import LAYOUTS, SMALL_TYPE
from simulation.report.deck.template import write_template
from simulation.report.style import COLOURS, FAINT, INK, SOFT


@pytest.fixture(scope="module")
def committed():
    """The template of the package."""
    return TEMPLATE.read_bytes()


def parts_of(content):
    """Every part of a package by its name."""
    with ZipFile(BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_making_it_again_gives_the_committed_parts(committed, tmp_path):
    """The committed file has the parts that `python -m simulation.report.deck.template` writes, byte by byte."""
    made = write_template(tmp_path / "template.pptx").read_bytes()

    assert parts_of(made) == parts_of(committed)


def test_layouts_are_ours_and_no_others(committed):
    """The layouts are those of `page.LAYOUTS`, in that order, and no slide is left in the template."""
    deck = Presentation(BytesIO(committed))

    assert [layout.name for layout in deck.slide_layouts] == list(LAYOUTS)
    assert len(deck.slides) == 0


def test_the_page_is_wide(committed):
    """Slides are 13.333 by 7.5 inches, and nothing stands outside them."""
    deck = Presentation(BytesIO(committed))
    shapes = [shape for layout in (deck.slide_master, *deck.slide_layouts) for shape in layout.shapes]

    assert (round(deck.slide_width / 914_400, 3), deck.slide_height / 914_400) == (13.333, 7.5)
    assert all(s.left >= 0 and s.left + s.width <= deck.slide_width and s.top + s.height <= deck.slide_height for s in shapes)


def test_placeholders_are_real(committed):
    """Charts, tables, pictures and text have placeholders of their kind, and every layout has title, footer and number."""
    deck = Presentation(BytesIO(committed))
    for layout in deck.slide_layouts:
        kinds = [shape._element.ph.get("type") for shape in layout.placeholders]

        assert kinds[:4] == ["body", "title", "ftr", "sldNum"]
        assert kinds[4:] == [one.kind for one in LAYOUTS[layout.name]]


def test_placeholders_of_a_layout_do_not_overlap(committed):
    """No two placeholders of a layout share any of their place."""
    for layout in Presentation(BytesIO(committed)).slide_layouts:
        boxes = [(s.left, s.top, s.left + s.width, s.top + s.height) for s in layout.placeholders]

        assert not any(share_room(one, other) for one, other in combinations(boxes, 2))


def share_room(one, other):
    """Whether two boxes (left, top, right, bottom) overlap."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def test_theme_has_the_colours_of_charts_in_their_order(committed):
    """Ink and soft are the texts of the theme, and its accents are the colours of policies in the order of charts."""
    theme = parts_of(committed)["ppt/theme/theme1.xml"].decode()
    wanted = [INK, SOFT, FAINT, *COLOURS[:6]]
    places = [theme.index(colour.lstrip("#").upper()) for colour in (INK, *COLOURS[:6])]

    assert all(colour.lstrip("#").upper() in theme for colour in wanted)
    assert places == sorted(places)


def test_no_type_is_smaller_than_twelve_points(committed):
    """Every size of type in master and layouts is at least 12 points."""
    deck = Presentation(BytesIO(committed))
    sizes = [
        int(size) for layout in (deck.slide_master, *deck.slide_layouts) for size in layout._element.xpath("//a:defRPr/@sz")
    ]  # fmt: skip

    assert min(sizes) >= 100 * SMALL_TYPE


def test_nothing_of_the_default_is_left(committed):
    """No layout name, printer, thumbnail, statistics or 4:3 page of the library's default remains."""
    parts = parts_of(committed)
    text = b"".join(content for name, content in parts.items() if name.endswith((".xml", ".rels")))

    assert [name for name in parts if name.endswith((".jpeg", ".bin"))] == []
    for word in (b"Macintosh", b"Office Theme", b"Title and Content", b"screen4x3", b"Calibri"):
        assert word not in text

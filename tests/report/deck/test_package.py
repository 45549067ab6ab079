"""The file: what other programs and people with a screen reader need of it."""

from __future__ import annotations

from collections import Counter
from io import BytesIO
from zipfile import ZipFile

import pytest
from boards import made_board
from decks import CASES_BY_COST, HEAVY, alt_of, findings, opened, written
from pptx import Presentation
from synthetic import LABELS

import simulation
from simulation.report.deck.deck import write_deck
from simulation.report.deck.page import LEAST_TITLE, SMALL_TYPE
from simulation.report.deck.slides.made import _as_many, _value

every_deck = pytest.mark.parametrize("name", CASES_BY_COST)
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
ODD = ("=SUM(A1:A9)", "+1 \x07bell", "-2", "@cmd")


@pytest.mark.parametrize("name", HEAVY)
def test_the_same_findings_give_the_same_bytes(name, tmp_path):
    """A deck written twice is the same to the last byte, workbooks included."""
    assert write_deck(findings(name), tmp_path / "again.pptx").read_bytes() == written(name)


@every_deck
def test_ids_and_names_are_unique(name):
    """No two shapes of a slide have one id or one name."""
    for slide in opened(name).slides:
        ids = Counter(shape.shape_id for shape in slide.shapes)
        names = Counter(shape.name for shape in slide.shapes)

        assert max(ids.values()) == max(names.values()) == 1


@every_deck
def test_no_placeholder_is_left_empty(name):
    """Every placeholder holds something: a prompt of the layout is never seen."""
    for slide in opened(name).slides:
        empty = [shape.name for shape in slide.placeholders if shape.has_text_frame and not shape.text_frame.text.strip()]
        framed = [shape for shape in slide.placeholders if shape.placeholder_format.idx in (14, 15, 16, 17)]
        kinds = {shape._element.tag.rpartition("}")[2] for shape in framed}

        assert empty == []
        assert kinds <= {"graphicFrame"}


@every_deck
def test_charts_and_tables_have_alt_texts(name):
    """What a chart or a table shows is said in its alt text, in a sentence."""
    for slide in opened(name).slides:
        for shape in slide.shapes:
            if shape.has_chart or shape.has_table:
                assert len(alt_of(shape).partition("\n")[0].split()) > 6
                assert alt_of(shape).partition("\n")[0].endswith(".")


@every_deck
def test_slides_have_titles_numbers_footers_and_notes(name):
    """At most twelve slides, each with a title, a number, a footer that names run and seeds, and notes that name a file."""
    deck, facts = opened(name), findings(name).summary.facts

    assert 0 < len(deck.slides) <= 12
    for slide in deck.slides:
        named = {shape.name: shape for shape in slide.shapes}
        assert slide.shapes.title.text.strip()
        assert named["Slide number"]._element.xpath(".//a:fld[@type='slidenum']")
        assert facts.run in named["Footer"].text_frame.text
        assert f"{facts.seeds} seeds" in named["Footer"].text_frame.text
        assert "run folder" in slide.notes_slide.notes_text_frame.text


@every_deck
def test_type_is_large_enough(name):
    """Every run of text, in shapes, tables and charts, says its size and is at least 12 points; titles at least 20."""
    for slide in opened(name).slides:
        roots = [slide._element, *(shape.chart._chartSpace for shape in slide.shapes if shape.has_chart)]
        sizes = [int(size) for root in roots for size in root.xpath(".//a:rPr/@sz | .//a:defRPr/@sz")]
        titles = [int(size) for size in slide.shapes.title._element.xpath(".//a:rPr/@sz")]

        assert min(sizes) >= 100 * SMALL_TYPE
        assert min(titles) >= 100 * LEAST_TITLE
        assert slide._element.xpath(".//a:r[not(a:rPr/@sz)]") == []


def test_language_and_eastern_font_follow_the_labels():
    """Text is marked as English with the language of its labels beside it, and Japanese labels get a font with their forms."""
    japanese = written_from(made_board(("現状維持のプラン", "成長ミックス"), seeds=3, months=12, whole=False))
    runs = [run for slide in Presentation(BytesIO(japanese)).slides for run in slide._element.xpath(".//a:rPr")]

    assert {(run.get("lang"), run.get("altLang")) for run in runs} == {("en-GB", "ja")}
    assert b'"Yu Gothic"' in theme_of(japanese)
    assert b'"Microsoft YaHei"' in theme_of(written("one"))


def written_from(board, language=None):
    """A deck of findings as bytes."""
    from pathlib import Path
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        return write_deck(board, Path(folder) / "deck.pptx", language=language).read_bytes()


def theme_of(content):
    """The theme of slides."""
    with ZipFile(BytesIO(content)) as package:
        return package.read("ppt/theme/theme1.xml")


def test_a_language_can_be_asked_for():
    """A language that is given is taken before what the labels seem to be in."""
    content = written_from(made_board(LABELS[:1], seeds=3, months=12, whole=False), language="zh-TW")

    assert b'"Microsoft JhengHei"' in theme_of(content)


def test_odd_labels_stay_text():
    """Labels that begin like a formula stand in workbooks as text, and control characters do not break a slide."""
    import openpyxl

    content = written_from(made_board(ODD, seeds=3, months=12, whole=False))
    deck = Presentation(BytesIO(content))
    cells = []
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape.has_chart:
                book = openpyxl.load_workbook(BytesIO(shape.chart.part.chart_workbook.xlsx_part.blob))
                cells += [cell for row in book.active.iter_rows() for cell in row if isinstance(cell.value, str)]

    assert {"=SUM(A1:A9)", "@cmd", "-2"} <= {cell.value for cell in cells}
    assert {cell.data_type for cell in cells} == {"s"}


def test_core_properties_say_what_it_is():
    """Title and subject are the study's, and no time of writing stands in the file."""
    about, facts = opened("five").core_properties, findings("five").summary.facts

    assert (about.title, about.subject) == (facts.title, facts.question)
    assert about.created.year == about.modified.year == 1980


def test_slides_without_data_are_left_out():
    """With one policy nothing is compared, and without reasons, prices or moves the slides about them are not there."""
    kickers = {name: [kicker_of(slide) for slide in opened(name).slides] for name in ("five", "one", "bare")}

    assert len(kickers["five"]) == 12
    assert "What would have to be true" not in kickers["bare"]
    assert kickers["one"] == [
        "The decision", "Turnover against revenue", "Who stays", "How it goes over time", "What it rests on", "How it was made",
    ]  # fmt: skip


def kicker_of(slide):
    """What a slide is about."""
    return next(shape.text_frame.text for shape in slide.shapes if shape.name == "Kicker")


def test_what_has_no_room_on_the_last_slide_is_counted():
    """Settings that do not fit are counted; lists stand as scenario files have them."""
    kept = _as_many(["lever.one 1", "lever.two 2", "lever.three 3"], 38)

    assert kept == "lever.one 1 and 2 more, see summary.xlsx"
    assert _as_many(["lever.one 1", "lever.two 2"], 48) == "lever.one 1, lever.two 2"
    assert [_value(value) for value in ("((1.0, 1.5), (1.2, 2.0))", True, 0.125, None)] == [
        "[[1, 1.5], [1.2, 2]]", "true", "0.125", "none",
    ]  # fmt: skip


def test_it_is_a_public_name():
    """`simulation.write_deck` is the function that the command line calls."""
    assert simulation.write_deck is write_deck


def test_a_folder_that_is_missing_is_made_and_the_path_may_be_a_text(tmp_path):
    """As the page's writer does, and nothing is left beside the file."""
    target = write_deck(findings("one"), str(tmp_path / "missing" / "deck.pptx"))

    assert target.read_bytes() == written("one")
    assert [path.name for path in target.parent.iterdir()] == ["deck.pptx"]


def test_a_place_that_cannot_be_written_is_refused(tmp_path):
    """A path below a file is one sentence that says what to do."""
    (tmp_path / "file").write_text("")

    with pytest.raises(simulation.errors.RunError, match=r"cannot write .*name another file with --deck"):
        write_deck(findings("one"), tmp_path / "file" / "deck.pptx")


def test_the_master_of_notes_is_named():
    """The presentation lists the master that its notes have, as the format asks for."""
    part = opened("one").part
    [listed] = part._element.xpath("p:notesMasterIdLst/p:notesMasterId")

    assert part.rels[listed.get(RELATION)].reltype.endswith("/notesMaster")

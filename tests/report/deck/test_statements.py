"""What slides and their notes say of themselves: the command, seeds, files, whose intervals, and what assumptions do."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from io import BytesIO

import pytest
from boards import made_board
from decks import findings, opened, written
from findings import made_findings
from pptx import Presentation
from synthetic import LABELS, made_records

from simulation.errors import ScenarioError
from simulation.experiment.store import write_run
from simulation.report.assumptions import reach_words
from simulation.report.deck.bars import short_names
from simulation.report.deck.deck import write_deck
from simulation.report.deck.fit import cut
from simulation.report.deck.page import Box
from simulation.report.deck.slides.conditions import asked
from simulation.report.deck.tables import fits
from simulation.report.figures import pictures
from simulation.report.words.phrases import focus
from simulation.statistics.findings_file import findings_bytes

COMMAND = "orgsim compare scenarios/growth_mix.toml --set world.market.lead_rate=2 --luck-only"
FILE = re.compile(r"[\w/]+\.(?:csv|json\.gz|json|parquet|xlsx)\b")


@cache
def small(**about):
    """A small study's findings, the whole of it but for figures of stays; `about` is added to what the manifest says."""
    board = made_board(LABELS[:3], seeds=6, months=24)
    return replace(board, about={**board.about, **about})


def deck_of(board, folder):
    """The deck of findings as a presentation, by what its slides are about."""
    deck = Presentation(BytesIO(write_deck(board, folder / "deck.pptx").read_bytes()))
    return slides_of(deck)


def slides_of(deck):
    """Slides by what they are about."""
    return {next(s.text_frame.text for s in slide.shapes if s.name == "Kicker"): slide for slide in deck.slides}


def text_of(slide, name):
    """The text of a shape of a slide."""
    return next(shape.text_frame.text for shape in slide.shapes if shape.name == name)


def rows_of(slide):
    """The cells of a slide's table, row by row."""
    table = next(shape.table for shape in slide.shapes if shape.has_table)
    return [[cell.text_frame.text for cell in row.cells] for row in table.rows]


def test_the_command_is_the_one_that_was_given(tmp_path):
    """The last slide quotes the command that findings keep, whole, and claims that it gives the same numbers."""
    slide = deck_of(small(command=COMMAND), tmp_path)["How it was made"]

    assert ["Command", COMMAND] in rows_of(slide)
    assert slide.shapes.title.text == "The same command gives the same numbers"
    assert COMMAND in slide.notes_slide.notes_text_frame.text


def test_a_study_made_without_a_command_shows_none(tmp_path):
    """Nothing is made up in its place, in the table, the title or the notes."""
    slide = deck_of(small(), tmp_path)["How it was made"]
    words = [slide.shapes.title.text, slide.notes_slide.notes_text_frame.text, *(name for name, _ in rows_of(slide))]

    assert "command" not in " ".join(words).lower()


@pytest.mark.slow
def test_the_baseline_has_a_row_of_its_settings(tmp_path):
    """Of the baseline what is not neutral is listed, of others what differs from it; a setting without a value is called so."""
    board = small()
    frame = board.settings.copy()
    base, other = board.summary.policies[:2]
    commission = frame["lever"] == "commission"
    frame.loc[(frame["policy"] == base) & commission & (frame["setting"] == "cap"), ["value", "neutral"]] = [2.5, None]
    frame.loc[(frame["policy"] == other) & commission & (frame["setting"] == "cap"), ["value", "neutral"]] = [None, None]
    rows = dict(rows_of(deck_of(replace(board, settings=frame), tmp_path)["How it was made"]))

    assert rows[board.summary.labels[base]] == "commission.cap 2.5"
    assert rows[board.summary.labels[other]] == "no commission.cap"


def test_footers_say_what_stands_on_fewer_seeds(tmp_path):
    """Levers, prices, stress worlds and assumption ranges each name their own number where it is not the study's."""
    board = small()
    summary = board.summary
    fewer = {
        "reasons": replace(summary.reasons, seeds=5), "static": replace(summary.static, seeds=3),
        "assumptions": replace(summary.assumptions, seeds=2),
    }  # fmt: skip
    slides = deck_of(replace(board, summary=replace(summary, **fewer)), tmp_path)
    said = {kicker: text_of(slide, "Footer").partition(";")[0] for kicker, slide in slides.items()}

    assert said["What drives it"] == "6 seeds, levers on the first 5"
    assert said["Price and lived price"] == "6 seeds, prices on the first 3"
    assert said["What could go wrong"] == "6 seeds, other worlds on 4"
    assert said["What would have to be true"] == "6 seeds, ranges on the first 2"
    assert said["What it rests on"] == "6 seeds, what matters on the first 2"
    assert said["The decision"] == "6 seeds"


@pytest.mark.slow
def test_notes_name_files_that_a_run_has(tmp_path):
    """Every file that a note mentions is written with the run, or is one of its pictures' tables."""
    board = made_findings()
    board = replace(board, summary=replace(board.summary, assumptions=small().summary.assumptions))
    records = made_records(LABELS[:3], seeds=6, months=12)
    folder = write_run(records, board.summary, tmp_path, findings=lambda: findings_bytes(board))
    known = {path.name for path in folder.iterdir()} | {f"figures/{one.name}.csv" for one in pictures(board.summary)}
    slides = deck_of(board, tmp_path)
    notes = [slide.notes_slide.notes_text_frame.text for slide in slides.values()]
    named = {name for text in notes for name in FILE.findall(text)}

    assert len(slides) == 12
    assert "figures/leavers_segment.csv" in named
    assert named <= known
    assert not any("document" in text for text in notes)


def test_ends_of_intervals_are_dotted_and_named():
    """No policy's line is dotted, the ends are, and it is said whose they are."""
    slides = slides_of(opened("five"))
    summary = findings("five").summary
    for kicker in ("Who stays", "How it goes over time"):
        assert f"Dotted: ends of the 95% interval of {summary.labels[focus(summary)]}" in text_of(slides[kicker], "Message")
        for chart in (shape.chart for shape in slides[kicker].shapes if shape.has_chart):
            for series in chart.plots[0].series:
                dash = series._element.xpath("./c:spPr/a:ln/a:prstDash/@val")
                if dash:
                    assert (dash == ["sysDot"]) == series.name.endswith("end of interval")


@pytest.mark.slow
def test_a_cut_interval_of_the_baseline_is_said(tmp_path):
    """The text beside the chart says that the grey bars are cut, where they are, and only there."""
    board = small()
    table, base = board.summary.table.copy(), board.summary.baseline
    table.loc[base, "revenue_high"] = 3.0 * table.loc[base, "revenue_mean"]
    wide = deck_of(replace(board, summary=replace(board.summary, table=table)), tmp_path)
    table.loc[base, ["revenue_low", "revenue_high"]] = table.loc[base, "revenue_mean"]
    table.loc[base, ["turnover_low", "turnover_high"]] = table.loc[base, "turnover_mean"]
    narrow = deck_of(replace(board, summary=replace(board.summary, table=table)), tmp_path)

    assert "cut where they leave the chart" in text_of(wide["Turnover against revenue"], "Message")
    assert "cut" not in text_of(narrow["Turnover against revenue"], "Message")


def test_what_could_turn_comes_first(tmp_path):
    """Rows that flip, then that shrink, of all policies and measures; no word where there is no sign to lose."""
    board = small()
    summary = board.summary
    named, last = focus(summary), summary.others[-1 if summary.others[-1] != focus(summary) else 0]
    calm = {
        policy: {key: replace(one, flips=(), shrinks=(), decided=key == "revenue") for key, one in own.items()}
        for policy, own in summary.assumptions.policies.items()
    }
    calm[last]["turnover"] = replace(calm[last]["turnover"], decided=True, flips=("parameters.selling.price_slope=3",))
    calm[named]["contribution"] = replace(calm[named]["contribution"], decided=True, shrinks=("world.a=1",))
    summary = replace(summary, assumptions=replace(summary.assumptions, policies=calm))
    order = asked(summary, named)
    head, *rows = rows_of(deck_of(replace(board, summary=summary), tmp_path)["What would have to be true"])
    words = [row[head.index("Does it hold?")] for row in rows]

    assert order[:2] == [(last, "turnover"), (named, "contribution")]
    assert words == [reach_words(summary, *one)[1] for one in order]
    assert words[:2] == ["flips", "shrinks"]
    assert set(words[2:]) == {"holds", ""}


def test_words_without_a_break_keep_their_letters():
    """A label of one long word is shortened within it, never to the sign that something is missing alone."""
    (name,) = short_names(["g" * 60], Box(0.0, 0.0, 5.0, 3.0))

    assert re.fullmatch(r"g{5,}…", name)
    assert re.fullmatch(r"W+…", cut("W" * 60, (1.0, 0.25), 12))


@pytest.mark.slow
def test_no_table_breaks_a_word(monkeypatch, tmp_path):
    """With twelve labels of sixty letters without a space every table still fits its place unbroken."""
    from simulation.report.deck import book

    seen, insert = [], book.insert_table

    def noting(placeholder, sheet, box, language):
        seen.append(fits(sheet, box))
        return insert(placeholder, sheet, box, language)

    monkeypatch.setattr(book, "insert_table", noting)
    write_deck(made_board(tuple(letter * 60 for letter in "abcdefghijkm"), seeds=4, months=24), tmp_path / "deck.pptx")

    assert len(seen) > 6
    assert all(seen)


def test_a_language_that_is_none_is_refused(tmp_path):
    """A tag in another case is put right; what is no tag is refused in one sentence."""
    board = findings("one")

    with pytest.raises(ScenarioError, match="no tag of a language"):
        write_deck(board, tmp_path / "deck.pptx", language="klingon?")
    same = write_deck(board, tmp_path / "deck.pptx", language="EN").read_bytes()
    assert same == write_deck(board, tmp_path / "deck.pptx", language="en").read_bytes() == written("one")


@pytest.mark.slow
def test_rows_without_room_are_said_to_be_elsewhere():
    """A table that cannot show all that could flip says where the others stand; one that shows all does not."""
    said = {}
    for name in ("negative", "twelve"):
        slide, summary = slides_of(opened(name))["What would have to be true"], findings(name).summary
        whole = len(asked(summary, focus(summary)))
        said[len(rows_of(slide)) - 1 < whole] = "More rows stand in assumptions.csv." in text_of(slide, "Message")

    assert said == {True: True, False: False}

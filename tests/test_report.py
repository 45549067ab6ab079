"""`orgsim report`: charts drawn again from what a run's folder keeps, without simulating, and what has no report."""

from __future__ import annotations

import json
import os
import shutil
from itertools import islice
from pathlib import Path

import pytest
from pptx import Presentation
from typer.testing import CliRunner, Result

from simulation import cli
from simulation.commands import reporting
from simulation.experiment.cells.cells import FILE
from simulation.experiment.listing import FINDINGS
from simulation.report import figures
from simulation.statistics.findings_file import read_findings

SMALL = ("--seats", "20", "--months", "6", "--seeds", "2", "--luck-only", "--processes", "1", "--no-deck")


def orgsim(*words: object) -> Result:
    """The result of one command line."""
    return CliRunner(env={"COLUMNS": "160"}).invoke(cli.app, [str(word) for word in words])


@pytest.fixture(scope="module", autouse=True)
def _one_picture():
    """One picture of a run stands for all."""
    every = figures.pictures
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(figures, "pictures", lambda summary: islice(every(summary), 1, 2))
        yield


@pytest.fixture(autouse=True)
def _quick_decks(monkeypatch) -> None:
    """Decks, their PDFs and pages are files that say what they were made of; their own tests are elsewhere."""

    def written(path: Path, *words: str) -> Path:
        path.write_text(" ".join(words), encoding="utf-8")
        return path

    monkeypatch.setattr(reporting, "_write_deck", lambda found, path, tag: written(path, "deck", found.summary.facts.run, tag))
    monkeypatch.setattr(reporting, "_write_page", lambda found, path, tag: written(path, "page", found.summary.facts.run, tag))
    monkeypatch.setattr("simulation.report.pdf.as_pdf", lambda path, _: written(path.with_suffix(".pdf"), "pdf"))


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """The folder of a small comparison, as `orgsim compare` leaves it."""
    out = tmp_path_factory.mktemp("results")
    assert orgsim("compare", *SMALL, "--out", out).exit_code == 0
    (manifest,) = out.glob("*/*/manifest.json")
    return manifest.parent


@pytest.fixture
def moved(made, tmp_path) -> Path:
    """The same folder where nothing else of the run is, as it is found years later."""
    return Path(shutil.copytree(made, tmp_path / made.name))


@pytest.fixture
def nothing_runs(monkeypatch) -> None:
    """No month can be simulated."""
    monkeypatch.setattr("simulation.engine.advance_month", lambda *_, **__: pytest.fail("a month was simulated"))


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.mark.usefixtures("nothing_runs")
def test_figures_are_drawn_again_to_the_last_byte(made):
    """By the first letters of the run's name; the store of cells and the run's other files stay as they are."""
    out = made.parent.parent
    drawn, files, cells = contents(made / "figures"), contents(made), (made.parent / FILE).read_bytes()
    shutil.rmtree(made / "figures")
    result = orgsim("report", made.name[:6], "--out", out)
    for deck in made.glob("deck.*"):
        deck.unlink()

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[0] == f"{2 * len(drawn) // 3} pictures and the numbers they show in {made / 'figures'}."
    assert contents(made / "figures") == drawn
    assert contents(made) == files
    assert (made.parent / FILE).read_bytes() == cells


@pytest.mark.usefixtures("nothing_runs")
def test_a_folder_is_enough_wherever_it_stands(moved):
    """Its path will do, without cells beside it; formats are as asked."""
    shutil.rmtree(moved / "figures")
    result = orgsim("report", moved, "--pictures", "PDF, svg", "--language", "zh-tw")

    assert result.exit_code == 0, result.stderr
    assert {path.suffix for path in (moved / "figures").iterdir()} == {".pdf", ".svg", ".csv"}


def test_a_report_is_the_same_file_each_time(moved):
    """No picture holds a time, a PDF neither."""
    first, second = ((orgsim("report", moved, "--pictures", "pdf"), contents(moved / "figures"))[1] for _ in range(2))

    assert first == second


def test_the_deck_of_the_folder_is_renewed(moved):
    """And its PDF; each file is named."""
    result = orgsim("report", moved)

    assert (moved / "deck.pptx").read_text() == f"deck {moved.name} en"
    assert (moved / "deck.pdf").is_file()
    assert result.stdout.splitlines()[1:] == [f"Deck in {moved / 'deck.pptx'}.", f"Deck in {moved / 'deck.pdf'}."]


def test_deck_and_page_go_where_they_are_asked_for(moved, tmp_path):
    """The folder's own deck is left alone, and there is no PDF beside a file of the user's."""
    deck, page = tmp_path / "board ü.PPTX", tmp_path / "board.html"
    result = orgsim("report", moved, "--deck", deck, "--html", page, "--language", "ZH-tw")

    assert result.stdout.splitlines()[1:] == [f"Deck in {deck}.", f"Page in {page}."]
    assert deck.read_text() == f"deck {moved.name} zh-TW"
    assert page.read_text() == f"page {moved.name} zh-TW"
    assert list(moved.glob("deck.*")) == []
    assert list(tmp_path.glob("*.pdf")) == []


def test_compare_writes_the_deck_before_the_folder_is_complete(tmp_path, monkeypatch):
    """Its run is not told to be complete without it; without a wish for it there is none."""
    seen = []
    monkeypatch.setattr("simulation.report.figures.draw_all", lambda *_, **__: [])
    monkeypatch.setattr("simulation.report.pdf.as_pdf", lambda path, _: seen.append({one.name for one in path.parent.iterdir()}))
    result = orgsim("compare", *SMALL[:-1], "--out", tmp_path)

    assert result.exit_code == 0, result.stderr
    assert len(seen) == 1
    assert {"deck.pptx", FINDINGS} < seen[0]
    assert "manifest.json" not in seen[0]


@pytest.mark.slow
def test_a_deck_and_a_page_are_made_of_a_real_run(moved, tmp_path, monkeypatch):
    """By those who make them, from what was read."""
    monkeypatch.undo()
    deck, page = tmp_path / "board.pptx", tmp_path / "board.html"
    result = orgsim("report", moved, "--deck", deck, "--html", page)

    assert result.exit_code == 0, result.stderr
    assert len(Presentation(str(deck)).slides) >= 5
    assert "</html>" in page.read_text(encoding="utf-8")


def refused(result: Result) -> str:
    """The one sentence of a request that is refused."""
    assert (result.exit_code, result.stdout) == (2, "")
    (sentence,) = result.stderr.splitlines()
    return sentence


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--pictures", "gif"), '--pictures: "gif" is no format of pictures; it takes some of png, svg, pdf'),
        (("--pictures", ""), '--pictures: "" is no format'),
        (("--language", "english"), '--language: "english" is no tag of a language'),
        (("--out", " "), "--out: the folder's name is empty"),
        (("--deck", "board.ppt"), "--deck: board.ppt does not end in .pptx; name a file that does"),
        (("--deck", "no/board.pptx"), "--deck: no/board.pptx cannot be written, since no is no folder; make it first"),
        (("--html", "page.pdf"), "--html: page.pdf does not end in .html"),
        (("--deck", "a.pptx"), "--deck: a.pptx is a folder; name a file in it"),
    ],
)
def test_wrong_options_are_refused(made, words, said, tmp_path, monkeypatch):
    """Before anything is drawn."""
    (tmp_path / "a.pptx").mkdir()
    monkeypatch.chdir(tmp_path)
    assert said in refused(orgsim("report", made, *words))


def test_what_is_no_run_is_refused(made):
    """A name that is not there, an empty one, a folder of something else."""
    out = made.parent.parent
    (out / "validation").mkdir(exist_ok=True)

    assert 'RUN: "abcdefgh" is no run in' in refused(orgsim("report", "abcdefgh", "--out", out))
    assert "is no run in" in refused(orgsim("report", "", "--out", out))
    assert "is no run in" in refused(orgsim("report", out / "validation", "--out", out))


def test_the_beginning_of_two_runs_is_refused(made, tmp_path):
    """More of the name is asked for."""
    for ending in "ab":
        shutil.copytree(made, tmp_path / "study" / f"beef{ending}")

    assert '"beef" is the beginning of 2 runs in' in refused(orgsim("report", "beef", "--out", tmp_path))


@pytest.mark.parametrize(
    ("content", "kind"), [({"what": "sweep"}, "sweep"), ({"what": "sensitivity"}, "sensitivity"), ({"design": "pairs"}, "pairs")]
)
def test_other_kinds_of_runs_have_no_report(moved, content, kind):
    """The sentence says whose charts they are."""
    manifest = json.loads((moved / "manifest.json").read_text())
    (moved / "manifest.json").write_text(json.dumps({**manifest, **content}))

    assert f"is a run of {kind}, and reports are made of a comparison; the command" in refused(orgsim("report", moved))


def test_a_run_without_findings_says_how_to_get_them(moved):
    """Runs of before have none."""
    (moved / FINDINGS).unlink()

    assert f"has no {FINDINGS}, as it was made before runs kept one; the command that made it" in refused(orgsim("report", moved))


def test_a_stopped_run_has_no_report_yet(made):
    """It goes on with the same command."""
    manifest = made / "manifest.json"
    content = manifest.read_bytes()
    manifest.unlink()
    try:
        named = refused(orgsim("report", made.name, "--out", made.parent.parent))
        assert f"RUN: {made.name} was stopped before its end" in named
        assert f"RUN: {made.name} was stopped before its end" in refused(orgsim("report", made))
    finally:
        manifest.write_bytes(content)


def test_a_damaged_file_is_no_wrong_request(moved):
    """Exit code 3: the command that made the run makes a whole one."""
    (moved / FINDINGS).write_bytes(b"PK")
    result = orgsim("report", moved)

    assert (result.exit_code, result.stdout) == (3, "")
    assert f"{FINDINGS}: is no compressed file, or is damaged; give the command that made the run again" in result.stderr


def test_what_cannot_be_written_is_refused(moved, tmp_path, monkeypatch):
    """Before anything is drawn, with what to do."""
    monkeypatch.setattr(os, "access", lambda *_: False)
    deck = tmp_path / "board.pptx"

    said = refused(orgsim("report", moved, "--deck", deck))
    assert f"--deck: {deck} cannot be written to; name a file in a folder of yours" in said
    assert "cannot be written to; copy it to a folder of yours and name that" in refused(orgsim("report", moved))


def test_nothing_is_written_through_a_link(moved, tmp_path):
    """A folder that came by mail may hold one in place of its figures; what it leads to stays as it is."""
    (tmp_path / "elsewhere").mkdir()
    shutil.rmtree(moved / "figures")
    (moved / "figures").symlink_to(tmp_path / "elsewhere")

    assert "figures leads to another folder; take the link away" in refused(orgsim("report", moved))
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_manifest_of_brackets_is_no_run(moved):
    """One that is nested too deeply to be read, as one that is no JSON, is of no kind that has no report."""
    (moved / "manifest.json").write_text("[" * 100_000)

    assert orgsim("report", moved).exit_code == 0


def test_runs_say_which_have_a_report(made):
    """In JSON, and in a line under the table."""
    out = made.parent.parent
    (run,) = json.loads(orgsim("runs", "--json", "--out", out).stdout)["runs"]

    assert run["report"] is True
    assert "`orgsim report RUN` draws the charts of a comparison again" in " ".join(orgsim("runs", "--out", out).stdout.split())


def test_findings_keep_the_command_that_asked_for_them(made):
    """In words that give the same numbers again, without options that say where and how work is done."""
    assert read_findings(made).about["command"] == "orgsim compare --months 6 --seats 20 --seeds 2 --luck-only"

"""A deck as PDF: made by LibreOffice if it is there, and otherwise one sentence and no half file."""

from __future__ import annotations

import os
import shutil
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pptx import Presentation

from simulation.report import pdf
from simulation.report.pdf import as_pdf

MADE = b"%PDF-1.7 made"
needs_office = pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed (libreoffice-impress)")


@pytest.fixture
def deck(tmp_path) -> Path:
    """A deck of one slide, in a file whose name has all that names may have."""
    book = Presentation()
    book.slides.add_slide(book.slide_layouts[0]).shapes.title.text = "Größe, 维持现状"
    path = tmp_path / "-a deck's ü 维持.pptx"
    book.save(str(path))
    return path


def office(monkeypatch, folder: Path, does: str) -> None:
    """A program in place of LibreOffice; `out` in what it does is the folder it is told to write to."""
    program = folder / "soffice"
    program.write_text(f'#!/bin/sh\nwhile [ "$1" != --outdir ]; do shift; done; out="$2"\n{does}\n', encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(pdf, "PROGRAMS", (str(program),))


def left(deck: Path) -> set[str]:
    """Files beside the deck, but the program."""
    return {path.name for path in deck.parent.iterdir()} - {"soffice", "pid"}


def test_the_pdf_stands_beside_the_deck(deck, tmp_path, monkeypatch):
    """Under the same name, with nothing said and nothing left behind."""
    office(monkeypatch, tmp_path, f"""printf %s '{MADE.decode()}' > "$out/deck.pdf" """)
    said: list[str] = []
    made = as_pdf(deck, said.append)

    assert made == deck.with_suffix(".pdf")
    assert (made.read_bytes(), said) == (MADE, [])
    assert left(deck) == {deck.name, made.name}


@pytest.mark.parametrize(
    ("does", "said"),
    [
        ("exit 3", "LibreOffice stopped with exit code 3."),
        ("exit 0", "LibreOffice made nothing of the deck."),
        ('printf half > "$out/deck.pdf"; kill -9 $$', "LibreOffice stopped with exit code -9."),
    ],
)
def test_a_failure_is_one_sentence(deck, tmp_path, monkeypatch, does, said):
    """No error, no half file, and no PDF of an older deck that looks like this one's."""
    office(monkeypatch, tmp_path, does)
    deck.with_suffix(".pdf").write_bytes(b"%PDF of before")
    heard: list[str] = []

    assert as_pdf(deck, heard.append) is None
    assert heard == [f"{deck.with_suffix('.pdf')} is not written: {said}"]
    assert left(deck) == {deck.name}


def test_without_libreoffice_the_sentence_names_what_to_install(deck, monkeypatch):
    """A missing program is no silence."""
    monkeypatch.setattr(pdf, "PROGRAMS", ("no-such-office",))
    said: list[str] = []

    assert as_pdf(deck, said.append) is None
    assert said == [f"{deck.with_suffix('.pdf')} is not written: {pdf.MISSING}."]


def test_a_deck_that_is_not_there_is_one_sentence(tmp_path, monkeypatch):
    """As any trouble with files."""
    office(monkeypatch, tmp_path, "exit 0")
    said: list[str] = []

    assert as_pdf(tmp_path / "none.pptx", said.append) is None
    assert said == [f"{tmp_path / 'none.pdf'} is not written: No such file or directory."]


def gone(pid: int) -> bool:
    """Whether a process has ended."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_what_hangs_is_ended(deck, tmp_path, monkeypatch):
    """After the time limit, with what it started."""
    office(monkeypatch, tmp_path, f"sleep 60 & echo $! > '{tmp_path}/pid'; wait")
    monkeypatch.setattr(pdf, "LONGEST", 0.5)
    said: list[str] = []

    assert as_pdf(deck, said.append) is None
    assert "LibreOffice took more than 0 seconds" in said[0]
    assert ends(int((tmp_path / "pid").read_text()))


def ends(pid: int) -> bool:
    """Whether a process that was killed is gone soon."""
    for _ in range(100):
        if gone(pid) or Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(") ")[2].startswith("Z"):
            return True
        time.sleep(0.02)
    return False


def test_an_interrupt_ends_it_too(deck, tmp_path, monkeypatch):
    """Ctrl-C while LibreOffice works leaves neither a process nor a file."""
    office(monkeypatch, tmp_path, f"echo $$ > '{tmp_path}/pid'; sleep 0.3; kill -INT {os.getpid()}; exec sleep 60")
    with pytest.raises(KeyboardInterrupt):
        as_pdf(deck, print)

    assert ends(int((tmp_path / "pid").read_text()))
    assert left(deck) == {deck.name}


@needs_office
@pytest.mark.slow
def test_libreoffice_converts_two_at_once(deck):
    """Each with its own profile; both are whole PDFs of one page with the words of the slide."""
    other = Path(shutil.copy(deck, deck.with_name("other.pptx")))
    with ThreadPoolExecutor() as pool:
        made = list(pool.map(lambda path: as_pdf(path, print), (deck, other)))

    assert made == [deck.with_suffix(".pdf"), other.with_suffix(".pdf")]
    for path in made:
        content = path.read_bytes()
        assert content.startswith(b"%PDF-")
        assert content.rstrip().endswith(b"%%EOF")

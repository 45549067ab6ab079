"""Copies, files and decks that a page hands out, and files that it takes in."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

pytest.importorskip("nicegui", reason="needs the extra app: pip install -e '.[app]'")

from boards import made_board
from nicegui import ui
from sides import left_side

from simulation.app.answers.lanes import SupersededError
from simulation.app.drafts.draft import Draft
from simulation.app.drafts.sharing import as_command, as_python, as_toml, draft_of
from simulation.app.making import Making
from simulation.errors import RunError
from simulation.scenario.starter import starter_text

DRAFT = Draft.of_study("growth_mix")
SEEDS = 64


class Table:
    """A desk that works until it is told to stop, or gives findings, or fails."""

    def __init__(self):
        self.findings_of, self.seen = None, []
        self.threads = ThreadPoolExecutor(2, thread_name_prefix="table")

    def findings(self, draft, seeds, progress, stop):
        """The study's findings, as far as they go."""
        self.seen.append((draft, seeds))
        progress(1, 4, "simulating")
        if self.findings_of is not None:
            return self.findings_of()
        for _ in range(2_000):
            if stop():
                raise SupersededError
            time.sleep(0.005)
        raise RunError("nobody has stopped it")


@pytest.fixture(scope="module")
def desk():
    """The desk of all tests here."""
    return Table()


@pytest.fixture(scope="module")
def on_side(desk):
    """Builds the buttons for the study of a growth mix and does something with them."""
    with left_side(DRAFT, "share", desk=desk) as act:
        yield act


async def until(true):
    """Wait for what background work brings about."""
    for _ in range(2_000):
        if true():
            return
        await asyncio.sleep(0.01)
    pytest.fail("it never came")


@pytest.mark.parametrize(
    ("name", "text"),
    [("Copy as scenario TOML", as_toml), ("Copy as command", as_command), ("Copy as Python", as_python)],
)
def test_a_copy_is_shown_as_well(on_side, name, text):
    """A window shows what was copied, for browsers that keep the clipboard to themselves."""

    def does(side):
        side.press(name)
        return next(made for made in side.elements if made.tag == "textarea").props["value"]

    assert on_side(does) == text(DRAFT, SEEDS)


def test_the_link_leads_to_the_same_draft(on_side):
    """What follows `s=` in the address is the draft."""

    def does(side):
        side.press("Copy link")
        return next(made for made in side.elements if made.tag == "textarea").props["value"]

    address = on_side(does)
    assert address.startswith("http")
    assert draft_of(address.partition("?s=")[2]) == DRAFT


def test_a_saved_scenario_is_the_copied_one(on_side):
    """The file holds what the window shows."""

    async def does(side):
        told = side.user.download
        side.press("Save scenario")
        return (await told.next(timeout=10)).content

    assert on_side(does) == as_toml(DRAFT, SEEDS).encode()


async def uploaded(side, name, content):
    """Hand a file over as a browser does, and wait until it has been looked at."""
    (upload,) = [made for made in side.elements if isinstance(made, ui.upload)]
    before = side.page.draft
    with side.user.client:
        await upload.handle_uploads([ui.upload.SmallFileUpload(name, "application/toml", content)])
    await until(lambda: side.page.said or side.page.draft is not before)
    return side.page.draft, side.page.said


def test_an_opened_file_is_what_the_page_is_set_to(on_side):
    """A good scenario becomes the draft."""
    text = starter_text()
    draft, said = on_side(lambda side: uploaded(side, "mine.toml", text.encode()))

    assert said == ()
    assert draft.name == "mine"
    assert draft == Draft.opened(text, "mine.toml")


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("big.toml", b"#" * 1_000_001, "larger than 1 MB"),
        ("mine.txt", b"", "does not end in .toml"),
        ("bytes.toml", b"title = \xff", "line 1 is not UTF-8 text"),
        ("world.toml", b'world = ["/etc/passwd"]\nbaseline = "a"\n[policies.a]\n', "leaves the scenario's folder"),
        ("broken.toml", b"[[[", "is not TOML"),
    ],
    ids=["large", "ending", "bytes", "world", "broken"],
)
def test_a_bad_file_is_refused_in_a_sentence_and_changes_nothing(on_side, name, content, sentence):
    """The page says what is wrong with the file and stays as it is."""
    draft, said = on_side(lambda side: uploaded(side, name, content))

    assert draft == DRAFT
    assert any(sentence in one for one in said)


def test_of_many_faults_the_first_are_told_and_the_rest_counted(on_side):
    """A file with a hundred faults does not fill the page."""
    wrong = "\n".join(f"wrong_{number} = 1" for number in range(100)).encode()
    _, said = on_side(lambda side: uploaded(side, "wrong.toml", wrong))

    assert len(said) == 13
    assert said[-1].endswith("faults more; mend these first.")


def test_a_deck_in_the_making_shows_how_far_it_is_and_can_be_stopped(on_side, desk):
    """While it is made the page says so, offers no second one, and a press ends it without a file."""
    desk.findings_of = None

    async def does(side):
        side.press("Make deck")
        await until(lambda: "simulating, 25%" in side.words())
        busy = side.button("Make deck").props.get("disabled")
        side.press("Cancel the deck")
        await until(lambda: "Making the deck" not in side.words())
        return busy, side.button("Make deck").props.get("disabled"), side.page.said

    assert on_side(does) == (True, None, ())
    assert desk.seen[-1] == (DRAFT, SEEDS)


def test_why_no_deck_can_be_made_is_told(on_side, desk):
    """What stands in the way is a sentence on the page."""

    def fails():
        raise RunError("the memory is full; ask for fewer seats")

    desk.findings_of = fails

    async def does(side):
        side.press("Make deck")
        await until(lambda: side.page.said)
        return side.page.said

    assert on_side(does) == ("the memory is full; ask for fewer seats",)


def test_a_deck_says_the_command_that_makes_its_numbers_again(desk, monkeypatch, tmp_path):
    """Its last slide names what the command line takes, as the copied command does."""
    desk.findings_of, written = made_board, []
    monkeypatch.setattr(Making, "_write", staticmethod(lambda findings, path: written.append(findings) or path))
    asyncio.run(Making(desk, DRAFT).deck(tmp_path))

    assert written[0].about["command"] == as_command(DRAFT, SEEDS)


@pytest.mark.slow
def test_a_deck_is_handed_over(on_side, desk, monkeypatch):
    """What the browser is given is a presentation."""
    desk.findings_of = made_board
    given = []

    async def does(side):
        monkeypatch.setattr(type(side.user.download), "file", lambda _, path, *__: given.append(path.read_bytes()))
        side.press("Make deck")
        await until(lambda: given)

    on_side(does)
    assert given[0][:4] == b"PK\x03\x04"

"""What a page is worth to others: its scenario as a file, a command, Python or a link, and the board deck."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any
from weakref import WeakMethod, finalize

from nicegui import ui

from simulation.app.drafts.draft import Draft
from simulation.app.drafts.sharing import as_command, as_python, as_toml, file_name, link_of
from simulation.app.making import DECK, MEDIA, Making
from simulation.app.native import button, put, say, tag
from simulation.errors import ScenarioError, SimulationError
from simulation.scenario.faults import shown
from simulation.scenario.files import LARGEST_FILE, decoded

if TYPE_CHECKING:
    from nicegui.events import UploadEventArguments

    from simulation.app.page import Page

LINK = "s"
"""What the address calls the state of the page."""
ENDING = ".toml"
REJECTED = "The file is larger than 1 MB, or its name does not end in .toml; choose one scenario file."
COPIED = "Copied, where the browser allows it; if not, select the text and copy it."
MOST_TOLD = 12
"""Faults of a file that are told; the others are counted."""
LOOK = 0.25
"""[s] Between two looks at how far a deck is."""
CLOSE = "(e) => e.target.closest('dialog').close()"
SELECT = "(e) => e.target.select()"


class Share:
    """Buttons in the page's head, and a window for texts."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._making: Making | None = None
        self._folder: Callable[[], Any] | None = None
        ui.context.client.on_delete(self._leave)
        with tag("div", classes="share", role="group", aria_label="Share"):
            tag("span", "Copy as", "share-word")
            self._copier("scenario TOML", "Copy as scenario TOML", lambda: as_toml(page.draft, self._seeds()))
            self._copier("command", "Copy as command", lambda: as_command(page.draft, self._seeds()))
            self._copier("Python", "Copy as Python", lambda: as_python(page.draft, self._seeds()))
            self._copier("link", "Copy link", self._address)
            button("Save scenario", self._save)
            self._open()
            self._make = button("Make deck", self._make_deck)
        with tag("div", classes="making", hidden=True) as self._progress:
            self._told = tag("label", "Making the deck", "making-word")
            self._bar = tag("progress", max=1, value=0)
            put(self._told, for_=self._bar.html_id)
            button("Cancel", self._cancel, "small", aria_label="Cancel the deck")
        with tag("dialog", classes="window") as self._window:
            self._title = tag("h2", "")
            tag("p", COPIED, "setting-doc")
            self._text = tag("textarea", "", "shown-text", readonly=True, rows=14, spellcheck="false")
            self._text.on("focus", js_handler=SELECT)
            tag("button", "Close", "button", type="button").on("click", js_handler=CLOSE)
        put(self._window, aria_labelledby=self._title.html_id)
        put(self._text, aria_labelledby=self._title.html_id)

    def refresh(self) -> None:
        """Nothing here shows the draft before it is asked for."""

    def _seeds(self) -> int:
        """As many seeds as the page shows, or the study's number while it shows none."""
        answer = self._page.talk.answer
        return answer.seeds if answer is not None else self._page.draft.scenario().seed_count

    def _copier(self, words: str, name: str, text: Callable[[], str]) -> None:
        button(words, lambda: self._copy(name, text), aria_label=name)

    def _copy(self, name: str, text: Callable[[], str]) -> None:
        """Into the clipboard, and into a window, since a browser may refuse the first."""
        try:
            told = text()
        except ScenarioError as refusal:
            self._page.say(*refusal.faults)
            return
        self._page.say()
        self._title.set_text(name)
        put(self._text, always=True, value=told)
        ui.clipboard.write(told)
        ui.run_javascript(f"getHtmlElement({self._window.id}).showModal()")

    def _address(self) -> str:
        request = ui.context.client.request
        return f"{request.base_url if request else '/'}?{LINK}={link_of(self._page.draft)}"

    def _save(self) -> None:
        try:
            text, name = as_toml(self._page.draft, self._seeds()), file_name(self._page.draft)
        except ScenarioError as refusal:
            self._page.say(*refusal.faults)
            return
        ui.download.content(text.encode(), name, "application/toml")

    def _open(self) -> None:
        """A button that has the browser ask for one file; the library's own list of files stays out of sight."""
        self._upload = ui.upload(
            auto_upload=True, max_file_size=LARGEST_FILE, on_upload=_loosely(self._opened), on_rejected=_loosely(self._rejected),
        ).props(f"accept={ENDING}").classes("unseen")  # fmt: skip
        pick = f"() => getElement({self._upload.id}).$refs.qRef.pickFiles()"
        tag("button", "Open scenario", "button", type="button").on("click", js_handler=pick)

    def _rejected(self, _: object) -> None:
        self._page.say(REJECTED)

    async def _opened(self, event: UploadEventArguments) -> None:
        """Take over a file that somebody has chosen, or say what is wrong with it."""
        name = event.file.name
        self._upload.reset()
        if event.file.size() > LARGEST_FILE or not name.lower().endswith(ENDING):
            self._page.say(f"{shown(name)}: {REJECTED}")
            return
        content = await event.file.read()
        try:
            draft = await asyncio.get_running_loop().run_in_executor(
                self._page.desk.threads, lambda: Draft.opened(decoded(content, name), name)
            )
        except ScenarioError as refusal:
            self._say(refusal.faults)
            return
        self._say(self._page.change(draft))

    def _say(self, faults: tuple[str, ...]) -> None:
        more = len(faults) - MOST_TOLD
        self._page.say(*faults[:MOST_TOLD], *([f"{more} faults more; mend these first."] if more > 0 else []))

    async def _make_deck(self) -> None:
        """Work out the whole study, draw the deck and hand it over; the page can be used meanwhile."""
        if self._making is not None:
            return
        making = self._making = Making(self._page.desk, self._page.draft)
        self._tidy()
        folder = mkdtemp(prefix="orgsim")
        self._folder = finalize(self, rmtree, folder, ignore_errors=True)  # also where the page is closed and forgotten
        self._show(making)
        work = asyncio.create_task(making.deck(Path(folder)))
        try:
            while not work.done():
                await asyncio.wait({work}, timeout=LOOK)
                self._show(making)
            deck = work.result()
        except SimulationError as refusal:
            deck = None
            self._say(refusal.faults)
        finally:
            making.stop()
            self._making = None
            self._show(None)
        if deck is not None:
            ui.download.file(deck, DECK, MEDIA)

    def _show(self, making: Making | None) -> None:
        put(self._progress, hidden=None if making else True)
        put(self._make, disabled=True if making else None)
        if making:
            put(self._bar, value=round(making.share, 3))
            say(self._told, f"Making the deck: {making.what}, {making.share:.0%}")

    def _cancel(self) -> None:
        if self._making is not None:
            self._making.stop()

    def _tidy(self) -> None:
        """Take away the deck from before, which the browser has fetched."""
        if self._folder is not None:
            self._folder()
            self._folder = None

    def _leave(self) -> None:
        self._cancel()
        self._tidy()


def _loosely(method: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A method for as long as what it belongs to lives: the web server never forgets an upload, nor what that leads to."""
    held = WeakMethod(method)

    def call(event: Any) -> Any:
        found = held()
        return found(event) if found else None

    return call

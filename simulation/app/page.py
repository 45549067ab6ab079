"""The page as one browser sees it: settings at the left, what becomes of turnover and revenue at the right.

    draft  --change-->  conversation  --answers-->  board
    ^ picker, panel, share                          numbers, tabs

All that a page knows is held by its own `Page`; nothing of it is shared with another browser.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from nicegui import ui

from simulation.app.answers.conversation import Conversation
from simulation.app.drafts.sharing import draft_of, link_of
from simulation.app.results.board import Board
from simulation.app.results.refusals import told
from simulation.app.settings.panel import Panel
from simulation.app.settings.picker import Picker
from simulation.app.share import LINK, Share
from simulation.errors import ScenarioError

if TYPE_CHECKING:
    from simulation.app.answers.desk import Desk
    from simulation.app.drafts.draft import Draft

STYLE = Path(__file__).with_name("style.css")


def show_page(desk: Desk, start: Draft) -> None:
    """Build the page for the browser that asks: as its address says, or as it starts."""
    request = ui.context.client.request
    link = request.query_params.get(LINK, "") if request else ""
    faults: tuple[str, ...] = ()
    draft = start
    if link:
        try:
            draft = draft_of(link)
        except ScenarioError as refusal:
            faults = refusal.faults
    ui.add_css(STYLE)
    page = Page(desk, draft)
    page.say(*faults)
    ui.context.client.on_delete(page.talk.close)


class Page:
    """One browser's page: what is set, what is known of it, and the parts that show both."""

    def __init__(self, desk: Desk, draft: Draft) -> None:
        self.desk = desk
        self.draft = draft
        self.talk = Conversation(desk, self._answered)
        with ui.element("div").classes("page"):
            _skip("results", "Skip to the results")
            with ui.element("header").classes("head"):
                with ui.element("h1"):
                    ui.label("orgsim").classes("brand")
                    self._title = ui.label(draft.scenario().title).classes("study")
                self.share = Share(self)
            self._faults = ui.element("div").classes("faults").props("role=alert")
            with ui.element("main").classes("body"):
                with ui.element("section").classes("right").props('id=results aria-label="Results" tabindex=-1'):
                    self.board = Board(self)
                with ui.element("section").classes("left").props('aria-label="Settings"'):
                    self.picker = Picker(self)
                    self.panel = Panel(self)
        self.talk.ask(draft)

    def change(self, draft: Draft) -> tuple[str, ...]:
        """Take a draft over and ask what becomes of it; or change nothing, and return the sentences that say why not."""
        if draft == self.draft:
            return ()
        try:
            self._title.set_text(draft.scenario().title)
        except ScenarioError as refusal:
            return told(refusal.faults)
        self.draft = draft
        self.say()
        self.talk.ask(draft)
        for part in (self.picker, self.panel, self.share, self.board):
            part.refresh()
        self._put_into_address()
        return ()

    def say(self, *sentences: str) -> None:
        """Show sentences above everything, or take the last ones away."""
        self._faults.clear()
        with self._faults:
            for sentence in told(sentences):
                ui.label(sentence).classes("fault")

    def _answered(self) -> None:
        self.board.refresh()
        self.share.refresh()

    def _put_into_address(self) -> None:
        """The address holds the state, as far as it fits; a page that is loaded again shows the same."""
        try:
            address = f"/?{LINK}={link_of(self.draft)}"
        except ScenarioError:
            address = "/"
        ui.run_javascript(f"history.replaceState(null, '', {json.dumps(address)})")


def _skip(target: str, words: str) -> None:
    """A link that only the keyboard meets."""
    ui.element("a").classes("skip").props(f'href="#{target}"').add_slot("default", words)

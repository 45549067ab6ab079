"""The left side of the page without a browser, a desk or an answer: what is set, and what is told to the page."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from types import SimpleNamespace

from nicegui import events, ui
from nicegui.testing import user_simulation

from simulation.app.settings.panel import Panel
from simulation.app.settings.picker import Picker
from simulation.app.share import Share
from simulation.errors import ScenarioError

PARTS = {"share": Share, "picker": Picker, "panel": Panel}


class Scratch:
    """A page that takes drafts over and answers nothing."""

    def __init__(self, draft, desk=None):
        self.draft, self.desk = draft, desk
        self.talk = SimpleNamespace(answer=None)
        self.said = ()
        self.parts = []

    def change(self, draft):
        """Take a draft over, or say why not."""
        try:
            draft.scenario()
        except ScenarioError as refusal:
            return refusal.faults
        self.draft = draft
        self.said = ()
        for part in self.parts:
            part.refresh()
        return ()

    def say(self, *sentences):
        """Keep what would stand above everything."""
        self.said = sentences


class Side:
    """One person in front of the left side: finds what is there by its words, and does what a browser would tell."""

    def __init__(self, user, page):
        self.user, self.page = user, page

    @property
    def elements(self):
        """All that is there."""
        return list(self.user.client.elements.values())

    def named(self, label):
        """What bears this label, or this name for screen readers."""
        ids = [made.props["for"] for made in self.elements if made.tag == "label" and getattr(made, "text", "") == label]
        found = [made for made in self.elements if made.html_id in ids or made.props.get("aria-label") == label]
        assert len(found) == 1, f"{len(found)} elements are called {label!r}"
        return found[0]

    def button(self, words):
        """The button with these words, or this name for screen readers."""
        words_of = ({made.props.get("aria-label"), getattr(made, "text", "")} for made in self.elements if made.tag == "button")
        buttons = [made for made in self.elements if made.tag == "button"]
        found = [made for made, said in zip(buttons, words_of, strict=True) if words in said]
        assert len(found) == 1, f"{len(found)} buttons are called {words!r}"
        return found[0]

    def fire(self, made, event, args=None):
        """What the browser tells of an element."""
        with self.user.client, made:
            for listener in [one for one in made._event_listeners.values() if one.type == event and one.handler]:
                told = events.GenericEventArguments(sender=made, client=self.user.client, args=args)
                events.handle_event(listener.handler, told)

    def enter(self, label, text):
        """Write something into a field and leave it; choose from a list; tick a box."""
        self.fire(self.named(label), "change", text)

    def press(self, words):
        """Press a button."""
        self.fire(self.button(words), "click")

    def unfold(self, title):
        """Open a lever."""
        self.fire(self.lever(title), "toggle", args=True)

    def lever(self, title):
        """A lever by its title."""
        (found,) = [
            made for made in self.elements
            if made.tag == "details" and any(getattr(one, "text", "") == title for one in made.descendants())
        ]  # fmt: skip
        return found

    def words(self, within=None):
        """What can be read, apart from what is hidden."""
        return " ".join(filter(None, _read(within or self.user.client.layout)))

    def faults(self):
        """The sentences of refusals."""
        alerts = [made for made in self.elements if made.props.get("role") == "alert" and not made.props.get("hidden")]
        return [self.words(made) for made in alerts]


def _read(made):
    if made.props.get("hidden"):
        return
    yield getattr(made, "text", "")
    for child in made.default_slot.children:
        yield from _read(child)


@contextmanager
def left_side(draft, *names, desk=None):
    """Yields a function that builds these parts afresh for the draft, does something with the `Side`, and returns what that does.

    One server serves them all, as starting one takes longer than a test.
    """
    page = Scratch(draft, desk)
    loop = asyncio.new_event_loop()
    ready, over = loop.create_future(), asyncio.Event()

    async def serve():
        async with user_simulation(lambda: rooms.append(ui.element("section"))) as user:
            await user.open("/")
            ready.set_result(user)
            await over.wait()

    async def act(does):
        room = rooms[-1]
        room.clear()
        page.draft, page.said, page.parts = draft, (), []
        with room:
            page.parts = [PARTS[name](page) for name in names]
        done = does(Side(user, page))
        return await done if asyncio.iscoroutine(done) else done

    rooms = []
    serving = loop.create_task(serve())
    try:
        user = loop.run_until_complete(ready)
        yield lambda does: loop.run_until_complete(act(does))
    finally:
        over.set()
        loop.run_until_complete(serving)
        loop.close()

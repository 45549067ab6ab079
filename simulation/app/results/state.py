"""Above the numbers: whether they are of what is set now, of how many seeds they are, and what is being worked out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nicegui import ui

from simulation.app.native import button, put, tag
from simulation.app.results.numbers import announcement, verdicts_of
from simulation.app.results.refusals import Refusals
from simulation.errors import ScenarioError
from simulation.statistics.summary import counted

if TYPE_CHECKING:
    from simulation.app.answers.desk import Answer
    from simulation.app.page import Page

STALE, OLD = "stale", "These numbers are of the settings before."
FIRST = "The first numbers are being worked out."


class State:
    """A line on the numbers' standing, a thin bar of progress, a button for more seeds, and what is read aloud."""

    def __init__(self, page: Page) -> None:
        self.talk = talk = page.talk
        self._announced: tuple[object, ...] | None = None
        with ui.element("div").classes("state"):
            with tag("p", "", "standing", tabindex=-1) as standing:
                self._size = tag("span")
                self._stale = tag("strong", "", "stale-word")
            self._working = tag("p", "", "working-words")
            self._more = button("More seeds", talk.more_seeds)
        with ui.element("div").classes("working"):
            self._bar = tag("progress", "", "", max=1, aria_label="What is being worked out")
        self._share: float | None = None
        self._refusals = Refusals(page, standing)
        self._heard = tag("p", "", "heard", role="status", aria_live="polite")

    def refresh(self) -> None:
        """Show what is known now."""
        talk, answer = self.talk, self.talk.answer
        self._stale.set_text(STALE if answer is not None and talk.stale else "")
        self._size.set_text(FIRST if answer is None else size_text(answer, talk.most))
        idle = answer is not None and not talk.stale and answer.seeds < talk.most
        put(self._more, disabled=None if idle else True)
        self._show_work()
        self._refusals.refresh()
        if answer is not None and not talk.stale:
            self._announce(answer)

    def _show_work(self) -> None:
        """The bar keeps its place while nothing is worked out."""
        talk = self.talk
        said = [OLD if talk.stale and talk.answer else "", f"Working out: {talk.working}." if talk.working else ""]
        self._working.set_text(" ".join(filter(None, said)))
        self._bar.classes(add="" if talk.working else "idle", remove="idle" if talk.working else "")
        put(self._bar, aria_hidden=None if talk.working else "true")
        self._move_bar(None if talk.progress is None else round(talk.progress, 3))

    def _move_bar(self, share: float | None) -> None:
        """Told to the bar alone: what is put into an element's properties makes the browser look at the whole page."""
        if share != self._share:
            self._share = share
            if share is None:
                self._bar.run_method("removeAttribute", "value")
            else:
                self._bar.run_method("setAttribute", "value", str(share))

    def _announce(self, answer: Answer) -> None:
        """Say what has come of a change once; again only where more seeds have turned a verdict."""
        key = (answer.draft, verdicts_of(answer.summary))
        if key != self._announced:
            self._announced = key
            self._heard.set_text(f"{announcement(answer.summary)} {counted(answer.seeds, 'seed')}.")


def size_text(answer: Answer, most: int) -> str:
    """How much stands behind the numbers: "200 seats, 36 months; 32 seeds so far, 64 wanted"; `most`: seeds of the page."""
    facts, asked = answer.summary.facts, seeds_asked(answer)
    size = f"{counted(facts.seats, 'seat')}, {counted(facts.months, 'month')}; {counted(answer.seeds, 'seed')}"
    wanted = min(asked, most) if most else asked
    if answer.seeds < wanted:
        return f"{size} so far, {wanted:,} wanted"
    return f"{size}, as many as the page works out of {asked:,}" if answer.seeds < asked else size


def seeds_asked(answer: Answer) -> int:
    """The number of seeds that the study asks for."""
    try:
        return answer.draft.scenario().seed_count
    except ScenarioError:
        return answer.seeds

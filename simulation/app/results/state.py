"""Above the numbers: whether they are of what is set now, of how many seeds they are, and what is being worked out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nicegui import ui

from simulation.app.answers.conversation import MOST_SEEDS
from simulation.app.native import button, lines, put, tag
from simulation.app.results.numbers import announcement, verdicts_of
from simulation.errors import ScenarioError
from simulation.statistics.summary import counted

if TYPE_CHECKING:
    from simulation.app.answers.conversation import Conversation
    from simulation.app.answers.desk import Answer

STALE, OLD = "stale", "These numbers are of the settings before."
FIRST = "The first numbers are being worked out."


class State:
    """A line on the numbers' standing, a thin bar of progress, a button for more seeds, and what is read aloud."""

    def __init__(self, talk: Conversation) -> None:
        self.talk = talk
        self._announced: tuple[object, ...] | None = None
        with ui.element("div").classes("state"):
            with ui.element("p").classes("standing"):
                self._size = tag("span")
                self._stale = tag("strong", "", "stale-word")
            self._more = button("More seeds", self._ask_more)
        with ui.element("div").classes("working"):
            self._bar = tag("progress", "", "", max=1, aria_label="What is being worked out")
            self._working = tag("p")
        self._faults = tag("div", "", "board-faults", role="alert")
        self._heard = tag("p", "", "heard", role="status", aria_live="polite")
        self._said: tuple[str, ...] = ()

    def refresh(self) -> None:
        """Show what is known now."""
        talk, answer = self.talk, self.talk.answer
        self._stale.set_text(STALE if answer is not None and talk.stale else "")
        self._size.set_text(FIRST if answer is None else size_text(answer))
        idle = answer is not None and not talk.stale and answer.seeds < MOST_SEEDS
        put(self._more, disabled=None if idle else True)
        self._show_work()
        self._show_faults()
        if answer is not None and not talk.stale:
            self._announce(answer)

    def _show_work(self) -> None:
        """The bar keeps its place while nothing is worked out."""
        talk = self.talk
        said = [OLD if talk.stale and talk.answer else "", f"Working out: {talk.working}." if talk.working else ""]
        self._working.set_text(" ".join(filter(None, said)))
        self._bar.classes(add="" if talk.working else "idle", remove="idle" if talk.working else "")
        put(self._bar, aria_hidden=None if talk.working else "true")
        put(self._bar, value=None if talk.progress is None else round(talk.progress, 3))

    def _show_faults(self) -> None:
        if self.talk.faults != self._said:
            self._said = self.talk.faults
            lines(self._faults, self._said)

    def _announce(self, answer: Answer) -> None:
        """Say what has come of a change once; again only where more seeds have turned a verdict."""
        key = (answer.draft, verdicts_of(answer.summary))
        if key != self._announced:
            self._announced = key
            self._heard.set_text(f"{announcement(answer.summary)} {counted(answer.seeds, 'seed')}.")

    def _ask_more(self) -> None:
        self.talk.more_seeds()


def size_text(answer: Answer) -> str:
    """How much stands behind the numbers: "200 seats, 36 months; 32 seeds so far, 64 wanted"."""
    facts, wanted = answer.summary.facts, seeds_wanted(answer)
    size = f"{counted(facts.seats, 'seat')}, {counted(facts.months, 'month')}; "
    if wanted <= answer.seeds:
        return f"{size}{counted(answer.seeds, 'seed')}"
    return f"{size}{counted(answer.seeds, 'seed')} so far, {wanted:,} wanted"


def seeds_wanted(answer: Answer) -> int:
    """The number of seeds that the study asks for."""
    try:
        return answer.draft.scenario().seed_count
    except ScenarioError:
        return answer.seeds

"""The tab on one rep's life: a seat under a policy with one seed's luck, told, drawn and month by month."""

from __future__ import annotations

import asyncio
from functools import partial
from collections.abc import Mapping
from typing import TYPE_CHECKING

from nicegui import background_tasks, ui

from simulation.app.drawing import drawn
from simulation.app.results.elements import details
from simulation.app.results.markup import fill, markup
from simulation.app.native import button, choice, field, hold, labelled, lines, put, say, tag
from simulation.app.native import fill as fill_options
from simulation.errors import SimulationError
from simulation.experiment.sheets import frame_as_csv
from simulation.report.html.life import image_of
from simulation.report.life_files import shown_months
from simulation.report.life_months import months_table
from simulation.report.words.life import THEIRS, tell

if TYPE_CHECKING:
    from simulation.app.answers.desk import Answer
    from simulation.app.page import Page
    from simulation.living import Life

NOBODY = "no other policy"
LIVING = "The seat's life is being worked out."
STALE = "Stale: of the settings before; follow the seat again for the new ones."
ASK = "Pick a policy, a seat and a seed, then follow the seat."


class LifeOfASeat:
    """A form that asks for a seat, and what became of it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._asked: Answer | None = None
        self._offered: Mapping[str, str] = {}
        self._life: Life | None = None
        self._turn = 0
        self._policy = self._against = self._seat = ""
        self._seed = ""
        with tag("div", "", "life-form", role="group", aria_label="Which seat to follow"):
            self._policies = self._chooser("Policy", "_policy")
            self._others = self._chooser("Beside it", "_against")
            self._seats = self._number("Seat", "_seat")
            self._seeds = self._number("Seed", "_seed")
            button("Follow this seat", self._follow, "strong")
            button("Another seat", self._next)
        self._faults = tag("div", "", "board-faults", role="alert")
        self._hint = tag("p", ASK, "soft")
        self._mark = tag("p", "", "mark", role="status")
        with tag("div", "", "life"):
            self._body = markup()
            with details("The months") as self._months:
                self._table = markup()
                button("Download as CSV", self._download)
        put(self._months, hidden=True)

    def _chooser(self, label: str, name: str) -> ui.element:
        with tag("div", "", "field"):
            made = choice({}, "", lambda value: setattr(self, name, value))
            labelled(label, made)
        return made

    def _number(self, label: str, name: str) -> ui.element:
        with tag("div", "", "field"):
            made = field("number", lambda value: setattr(self, name, value), min=0, step=1)
            labelled(label, made)
        return made

    def refresh(self) -> None:
        """Offer the policies of the newest answer; a life that was told before is called stale once it is of other settings."""
        answer = self.page.talk.answer
        if answer is None:
            return
        labels = answer.summary.labels
        if dict(labels) != self._offered:
            self._offered = dict(labels)
            self._offer(answer)
        if not self._seed:
            self._seat, self._seed = "0", str(answer.scenario.first_seed)
            hold(self._seats, value=self._seat)
            hold(self._seeds, value=self._seed)
            self._seats.update()
            self._seeds.update()
        put(self._seats, max=answer.scenario.seats - 1)
        if self._asked is not None and self._life is not None:
            self._mark.set_text(STALE if self.page.talk.stale or self._asked.draft != answer.draft else "")

    def _offer(self, answer: Answer) -> None:
        summary = answer.summary
        if self._policy not in summary.labels:
            self._policy = summary.others[0] if summary.others else summary.baseline
        if self._against not in ("", *summary.labels):
            self._against = ""
        fill_options(self._policies, summary.labels)
        fill_options(self._others, {"": NOBODY, **summary.labels})
        put(self._policies, always=True, value=self._policy)
        put(self._others, always=True, value=self._against)

    def _next(self) -> None:
        """The next seat, the first one after the last."""
        answer = self.page.talk.answer
        if answer is not None:
            seat = int(self._seat) + 1 if self._seat.isdigit() else 0
            self._seat = str(seat if seat < answer.scenario.seats else 0)
            put(self._seats, always=True, value=self._seat)
            self._follow()

    def _follow(self) -> None:
        answer = self.page.talk.answer
        if answer is None:
            return
        wrong = [
            f'{name} = "{text}" is no whole number; write one such as {such}'
            for name, text, such in (("Seat", self._seat, 0), ("Seed", self._seed, answer.scenario.first_seed))
            if not text.isdigit()
        ]
        lines(self._faults, wrong)
        if not wrong:
            self._turn += 1
            self._mark.set_text(LIVING)
            background_tasks.create(self._live(answer, self._turn), name="a life")

    async def _live(self, answer: Answer, turn: int) -> None:
        """Work out, tell and draw; dropped when another seat has been asked for meanwhile."""
        policy, against, seat, seed = self._policy, self._against or None, int(self._seat), int(self._seed)
        try:
            work = partial(self.page.desk.life, answer.draft, answer.seeds, policy, seat, seed, against=against)
            life = await asyncio.get_running_loop().run_in_executor(self.page.desk.threads, work)
        except SimulationError as refusal:
            if turn == self._turn and not self._body.is_deleted:
                lines(self._faults, refusal.faults)
                self._mark.set_text("")
            return
        image = await drawn(lambda: image_of(life), lambda: turn == self._turn)
        if image is None or turn != self._turn or self._body.is_deleted:
            return
        self._life, self._asked = life, answer
        say(self._hint, "")
        self._body.set_content(fill("life", sentences=tell(life), theirs=THEIRS, image=image))
        self._table.set_content(fill("behind", name="The seat month by month", table=months_table(life)))
        put(self._months, hidden=None)
        self._mark.set_text("")
        self.refresh()

    def _download(self) -> None:
        if self._life is not None:
            whose = self._life.whose
            name = f"{whose.policy}_seat{whose.seat}_seed{whose.seed}.csv"
            ui.download.content(frame_as_csv(shown_months(self._life)), name, "text/csv")

"""The tab on claims and evidence: what the levers that policies set are claimed to do, and what is known of them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from nicegui import background_tasks

from simulation.app.results.markup import fill, markup
from simulation.app.native import tag
from simulation.app.results.resting import GRADES, resting_of
from simulation.report.claims import GRADE_NOTE

if TYPE_CHECKING:
    from simulation.app.answers.conversation import Conversation
    from simulation.app.answers.desk import Answer

READING = "The evidence is being looked up."
STALE = "Stale: of the settings before."


class Evidence:
    """What the numbers rest on."""

    def __init__(self, talk: Conversation) -> None:
        self.talk = talk
        self._wanted: tuple[object, int] | None = None
        self._mark = tag("p", READING, "mark")
        self._body = markup()

    def refresh(self) -> None:
        """Look up what a new answer rests on."""
        answer = self.talk.answer
        if answer is not None:
            wanted = (answer.draft, answer.seeds)
            same = self._wanted is not None and self._wanted[0] == answer.draft
            if wanted != self._wanted and not (same and self.talk.working):
                self._wanted = wanted
                background_tasks.create(self._look_up(answer, wanted), name="evidence")
        if self._body.content:
            self._mark.set_text(STALE if self.talk.stale else "")

    async def _look_up(self, answer: Answer, wanted: tuple[object, int]) -> None:
        found = await asyncio.to_thread(resting_of, answer)
        if wanted == self._wanted and not self._body.is_deleted:
            self._body.set_content(fill("evidence", found=found, grades=GRADES, note=GRADE_NOTE))
            self.refresh()

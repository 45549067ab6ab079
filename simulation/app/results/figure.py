"""One picture of the board: its title as text, the image, its note, and the numbers behind it as a table and as CSV.

It is the report's own picture, drawn by the report's own path. While a newer answer is being drawn the old picture stays, greyed
and called stale; a drawing that has been overtaken is dropped. Where seeds are added step by step it is drawn from the first of
them, and again when the last are there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nicegui import background_tasks, ui

from simulation.app.drawing import drawn
from simulation.app.results.elements import details
from simulation.app.results.markup import fill, markup
from simulation.app.native import button, put, tag
from simulation.experiment.sheets import frame_as_csv
from simulation.report.behind import numbers_behind
from simulation.report.figures import pictures
from simulation.report.html.charts import chart_of
from simulation.report.language import language_of
from simulation.statistics.summary import counted

if TYPE_CHECKING:
    from simulation.app.answers.conversation import Conversation
    from simulation.app.answers.desk import Answer
    from simulation.report.figures import Picture

DEEP = ("reasons_", "levers_", "static_price", "losers")
"""How the names of pictures begin that need an answer worked out in depth."""
OF = " of "
"""Between a picture's name and the policy it is of, where the report has it of one policy only."""
BEHIND = "The numbers behind it"
STALE, FIRST, NEW = (
    "Stale: of the settings before.", "The picture is being drawn.", "Stale: being drawn from the new numbers."
)  # fmt: skip
FEWER = "Drawn from {}; drawn anew when the other seeds are there."


@dataclass(frozen=True)
class Wanted:
    """A picture of an answer: two are the same where they would be drawn the same."""

    draft: object
    seeds: int
    deep: bool
    name: str


@dataclass(frozen=True)
class Drawn:
    """A picture, and what stands of it on the page: title, image and note, and the numbers behind it."""

    picture: Picture
    body: str
    table: str


class Figure:
    """A place for one picture at a time.

    Parameters
    ----------
    talk : what is known, and whether it is stale
    name : the picture that is wanted of an answer; empty for none
    missing : a sentence to show in place of a picture that an answer does not have
    """

    def __init__(self, talk: Conversation, name: Callable[[Answer], str], missing: Callable[[Answer], str]) -> None:
        self.talk, self._name, self._missing = talk, name, missing
        self._wanted: Wanted | None = None
        self._shown: Wanted | None = None
        self._picture: Picture | None = None
        with ui.element("div").classes("figure") as self._root:
            self._mark = tag("p", "", "mark")
            self._body = markup()
            with details(BEHIND) as self._behind:
                self._table = markup()
                button("Download as CSV", self._download)
        put(self._behind, hidden=True)

    def refresh(self) -> None:
        """After the answer, its staleness or the picture's name changed."""
        answer = self.talk.answer
        if answer is not None:
            name = self._name(answer)
            wanted = Wanted(answer.draft, answer.seeds, answer.deep and name.startswith(DEEP), name)
            if wanted != self._wanted and not self._waits(wanted):
                self._wanted = wanted
                background_tasks.create(self._draw(answer, wanted), name=f"drawing {name}")
        self._say()

    def _waits(self, wanted: Wanted) -> bool:
        """Whether there are but more seeds than before, and still more on their way."""
        before = self._wanted
        return before is not None and bool(self.talk.working) and replace(wanted, seeds=before.seeds) == before

    def _say(self) -> None:
        """Whether what is shown is what is wanted, in words and in grey."""
        drawing = self._wanted is not None and self._shown != self._wanted
        stale = self.talk.stale or drawing
        text = "" if not stale else STALE if self.talk.stale else NEW if self._shown else FIRST
        self._mark.set_text(text if stale else self._fewer())
        self._root.classes(add="stale" if stale else "", remove="" if stale else "stale")

    def _fewer(self) -> str:
        """From how many seeds the picture is, where the numbers are of more."""
        shown, answer = self._shown, self.talk.answer
        if shown is None or answer is None or self._picture is None or shown.seeds == answer.seeds:
            return ""
        return FEWER.format(counted(shown.seeds, "seed"))

    async def _draw(self, answer: Answer, wanted: Wanted) -> None:
        found = await drawn(lambda: _drawn(answer, wanted.name), lambda: wanted == self._wanted)
        if wanted != self._wanted or self._root.is_deleted:
            return
        self._shown = wanted
        self._picture = found.picture if found else None
        self._body.set_content(found.body if found else fill("sentence", text=self._missing(answer)))
        self._table.set_content(found.table if found else "")
        put(self._behind, hidden=None if found else True)
        self._say()

    def _download(self) -> None:
        if self._picture is not None:
            ui.download.content(frame_as_csv(self._picture.data), f"{self._picture.name}.csv", "text/csv")


def _drawn(answer: Answer, name: str) -> Drawn | None:
    """The picture of that name as it stands on the page, "NAME of KEY" that of one policy; None where the answer has none."""
    summary = answer.summary
    name, _, policy = name.partition(OF)
    picture = next((one for one in pictures(summary, policy or None) if one.name == name), None)
    if picture is None:
        return None
    chart = chart_of(summary, picture, language_of(summary.texts))
    table = fill("behind", name=f"{BEHIND}: {chart.title.text}", table=numbers_behind(summary, picture))
    return Drawn(picture, fill("figure", chart=chart), table)

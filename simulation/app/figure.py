"""One picture of the board: its title as text, the image, its note, and the numbers behind it as a table and as CSV.

It is the report's own picture, drawn by the report's own path. While a newer answer is being drawn the old picture stays, greyed
and called stale; a drawing that has been overtaken is dropped.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nicegui import background_tasks, ui

from simulation.app.drawing import drawn
from simulation.app.elements import details
from simulation.app.markup import fill, markup
from simulation.app.native import button, put, tag
from simulation.experiment.sheets import frame_as_csv
from simulation.report.behind import numbers_behind
from simulation.report.figures import pictures
from simulation.report.html.charts import Chart, chart_of
from simulation.report.language import language_of

if TYPE_CHECKING:
    from simulation.app.conversation import Conversation
    from simulation.app.desk import Answer
    from simulation.report.figures import Picture

DEEP = ("reasons_", "levers_", "static_price", "losers")
"""How the names of pictures begin that need an answer worked out in depth."""
BEHIND = "The numbers behind it"
STALE, FIRST, NEW = (
    "Stale: of the settings before.", "The picture is being drawn.", "Stale: being drawn from the new numbers."
)  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """A picture of an answer: two are the same where they would be drawn the same."""

    draft: object
    seeds: int
    deep: bool
    name: str


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
        self._picture: tuple[Answer, Picture] | None = None
        with ui.element("div").classes("figure") as self._root:
            self._mark = tag("p", "", "mark")
            self._body = markup()
            with details(BEHIND) as self._behind:
                self._table = markup()
                button("Download as CSV", self._download, "plain")
        self._behind.on("toggle", self._opened, js_handler="(event) => emit(event.target.open)")
        self._open = False
        put(self._behind, hidden=True)

    def refresh(self) -> None:
        """After the answer, its staleness or the picture's name changed."""
        answer = self.talk.answer
        if answer is not None:
            name = self._name(answer)
            wanted = Wanted(answer.draft, answer.seeds, answer.deep and name.startswith(DEEP), name)
            if wanted != self._wanted:
                self._wanted = wanted
                background_tasks.create(self._draw(answer, wanted), name=f"drawing {name}")
        self._say()

    def _say(self) -> None:
        """Whether what is shown is what is wanted, in words and in grey."""
        drawing = self._wanted is not None and self._shown != self._wanted
        stale = self.talk.stale or drawing
        text = "" if not stale else STALE if self.talk.stale else NEW if self._shown else FIRST
        self._mark.set_text(text if self._shown or drawing else "")
        self._root.classes(add="stale" if stale else "", remove="" if stale else "stale")

    async def _draw(self, answer: Answer, wanted: Wanted) -> None:
        found = await drawn(lambda: _drawn(answer, wanted.name), lambda: wanted == self._wanted)
        if wanted != self._wanted or self._root.is_deleted:
            return
        self._shown = wanted
        if found is None:
            self._picture = None
            self._body.set_content(fill("sentence", text=self._missing(answer)))
        else:
            chart, picture = found
            self._picture = answer, picture
            self._body.set_content(fill("figure", chart=chart))
        put(self._behind, hidden=None if found else True)
        self._fill_table()
        self._say()

    def _opened(self, event: object) -> None:
        self._open = bool(getattr(event, "args", True))
        self._fill_table()

    def _fill_table(self) -> None:
        """The table is made when somebody opens it: some have hundreds of rows."""
        if not self._open or self._picture is None:
            self._table.set_content("")
            return
        answer, picture = self._picture
        table = numbers_behind(answer.summary, picture)
        self._table.set_content(fill("behind", name=f"{BEHIND}: {picture.name.replace('_', ' ')}", table=table))

    def _download(self) -> None:
        if self._picture is not None:
            picture = self._picture[1]
            ui.download.content(frame_as_csv(picture.data), f"{picture.name}.csv", "text/csv")


def _drawn(answer: Answer, name: str) -> tuple[Chart, Picture] | None:
    """The picture of that name and how it looks; None where the answer has none."""
    summary = answer.summary
    picture = next((one for one in pictures(summary) if one.name == name), None)
    return None if picture is None else (chart_of(summary, picture, language_of(summary.texts)), picture)

"""A line to write in, with its label, its meaning and the sentence of a refusal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulation.app.native import field, hold, labelled, lines, put, tag


class Line:
    """A labelled line for a name or a number; what is refused stays in it to be mended.

    Parameters
    ----------
    label : its name, in sight
    kind : of the HTML field: text or number
    take : given the text, makes it the one in force, or returns the sentences that say why not
    doc : what it means, in sight as well
    """

    def __init__(self, label: str, kind: str, take: Callable[[str], tuple[str, ...]], doc: str = "", **props: Any) -> None:
        self._take = take
        self._text = ""
        with tag("div", classes="line"):
            head = tag("div", classes="line-label")
            self.entry = field(kind, self._typed, kind, **props)
            about = tag("p", doc, "setting-doc", hidden=None if doc else True)
            self._faults = tag("div", "", "fault", role="alert", hidden=True)
        with head:
            labelled(label, self.entry)
        hold(self.entry, aria_describedby=f"{about.html_id} {self._faults.html_id}")

    def show(self, text: str, *, afresh: bool = False) -> None:
        """Show the text in force; what was refused stays until the text changes, or `afresh`."""
        if afresh or text != self._text:
            self._text = text
            self._accept()

    def _typed(self, text: str) -> None:
        hold(self.entry, value=text)
        faults = self._take(text)
        if faults:
            lines(self._faults, faults)
            put(self.entry, aria_invalid="true")
        else:
            self._accept()

    def _accept(self) -> None:
        if self.entry.props.get("aria-invalid"):
            lines(self._faults, ())
        put(self.entry, value=self._text, aria_invalid=None)

"""Pieces of the board made of native elements: a disclosure, and one choice among a few."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count

from nicegui import ui

from simulation.app.native import put, tag

_numbers = count(1)


@contextmanager
def details(summary: str) -> Iterator[ui.element]:
    """A native disclosure: a summary, and what is built within."""
    with ui.element("details") as element:
        tag("summary", summary)
        yield element


class Choice:
    """One of a few, as native radio buttons with a legend; arrow keys move between them as in any form.

    Parameters
    ----------
    legend : what is chosen
    picked : called with nothing after the user has picked another
    """

    def __init__(self, legend: str, picked: Callable[[], object]) -> None:
        self.value = ""
        self._picked = picked
        self._name = f"choice-{next(_numbers)}"
        self._inputs: dict[str, ui.element] = {}
        self._options: dict[str, str] = {}
        with ui.element("fieldset").classes("choice") as self._root:
            tag("legend", legend)
            self._box = ui.element("div").classes("options")
        put(self._root, hidden=True)

    def offer(self, options: Mapping[str, str], first: str = "") -> None:
        """Offer these, by key; what was picked stays picked while it is offered, else `first` is, or the first."""
        if self.value not in options:
            self.value = first if first in options else next(iter(options), "")
        if dict(options) != self._options:
            self._build(options)
        self._check()

    def _build(self, options: Mapping[str, str]) -> None:
        self._options = dict(options)
        self._box.clear()
        self._inputs = {}
        with self._box:
            for key, label in options.items():
                with ui.element("label"):
                    self._inputs[key] = tag("input", type="radio", value=key, name_=self._name)
                    self._inputs[key].on("change", lambda key=key: self._pick(key), args=[])
                    tag("span", label, dir="auto")
        put(self._root, hidden=None if options else True)

    def _pick(self, key: str) -> None:
        self.value = key
        self._check()
        self._picked()

    def _check(self) -> None:
        for key, element in self._inputs.items():
            put(element, checked=True if key == self.value else None)

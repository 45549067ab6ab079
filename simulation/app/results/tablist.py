"""Tabs as the web's authoring practices have them: one stop of the tab key, arrows to the next tab, Enter or Space to open it.

Only the open tab is built and kept up to date.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from nicegui import ui

from simulation.app.native import put, tag

KEYS: Mapping[str, int] = {"left": -1, "right": 1}
"""Arrow keys and the steps they take; Home and End lead to the first and the last."""


class View(Protocol):
    """What stands in a tab."""

    def refresh(self) -> None:
        """Show what is known now."""


class Tabs:
    """A list of tabs above the panel of the one that is open.

    Parameters
    ----------
    label : what the tabs are of
    views : by the words on a tab, what builds its content within the slot that is open
    """

    def __init__(self, label: str, views: Mapping[str, Callable[[], View]]) -> None:
        self._makers = dict(views)
        self._made: dict[str, View] = {}
        self.open = next(iter(views))
        self._names = list(views)
        with tag("div", "", "tablist", role="tablist", aria_label=label):
            self._buttons = {name: self._button(name) for name in views}
        self._panels = {name: tag("div", "", "panel", role="tabpanel", tabindex=0) for name in views}
        for name, panel in self._panels.items():
            put(self._buttons[name], aria_controls=panel.html_id)
            put(panel, aria_labelledby=self._buttons[name].html_id)
        self._show()

    def _button(self, name: str) -> ui.element:
        button = tag("button", name, "tab", type="button", role="tab")
        button.on("click", lambda: self.pick(name), args=[])
        for key, step in KEYS.items():
            button.on(f"keydown.{key}.prevent", lambda step=step: self._reach(name, step), args=[])
        button.on("keydown.home.prevent", lambda: self._focus(self._names[0]), args=[])
        button.on("keydown.end.prevent", lambda: self._focus(self._names[-1]), args=[])
        return button

    def pick(self, name: str) -> None:
        """Open a tab."""
        self.open = name
        self._show()

    def refresh(self) -> None:
        """Bring the open tab up to date; it is built when it is first open."""
        if self.open not in self._made:
            with self._panels[self.open]:
                self._made[self.open] = self._makers[self.open]()
        self._made[self.open].refresh()

    def _show(self) -> None:
        for name, button in self._buttons.items():
            opened = name == self.open
            put(button, aria_selected="true" if opened else "false", tabindex=0 if opened else -1)
            put(self._panels[name], hidden=None if name == self.open else True)
        self.refresh()

    def _reach(self, name: str, step: int) -> None:
        """The tab so many places on, around the ends."""
        self._focus(self._names[(self._names.index(name) + step) % len(self._names)])

    def _focus(self, name: str) -> None:
        for other, button in self._buttons.items():
            put(button, tabindex=0 if other == name else -1)
        self._buttons[name].run_method("focus")

"""Tabs as the web's authoring practices have them: one stop of the tab key, arrows to the next tab, Enter or Space to open it.

Only the open tab is built and kept up to date.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from nicegui import ui

from simulation.app.native import put, tag

KEYS = """(e) => {
    const tabs = [...e.currentTarget.children], last = tabs.length - 1, here = tabs.indexOf(e.target.closest("[role=tab]"));
    const to = {ArrowLeft: here > 0 ? here - 1 : last, ArrowRight: here < last ? here + 1 : 0, Home: 0, End: last}[e.key];
    if (here < 0 || to === undefined || e.ctrlKey || e.altKey || e.metaKey) return;
    e.preventDefault();
    tabs[to].focus();
}"""
"""Arrows lead to the tab beside, around the ends; Home and End to the first and the last: in the browser, without the server."""


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
        with tag("div", "", "tablist", role="tablist", aria_label=label).on("keydown", js_handler=KEYS):
            self._buttons = {name: self._button(name) for name in views}
        self._panels = {name: tag("div", "", "panel", role="tabpanel", tabindex=0) for name in views}
        for name, panel in self._panels.items():
            put(self._buttons[name], aria_controls=panel.html_id)
            put(panel, aria_labelledby=self._buttons[name].html_id)
        self._show()

    def _button(self, name: str) -> ui.element:
        button = tag("button", name, "tab", type="button", role="tab")
        button.on("click", lambda: self.pick(name), args=[])
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

"""One lever of the panel: a head that tells what it is and how far it is set, and under it a control for each setting.

The controls are made when the lever is first opened: a page of a hundred controls is a slow page.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Protocol

from simulation.app.native import button, focus, hold, put, say, tag
from simulation.app.settings.badges import lever_badge
from simulation.app.settings.controls import KINDS, Control
from simulation.app.settings.looks import Look
from simulation.levers.base import Lever
from simulation.scenario.settings import Setting, settings_of
from simulation.statistics.summary import counted

OPENED = "(e) => { element.props.open = e.target.open; emit(e.target.open); }"
"""Tells the server, and writes into the page's own record, which a redraw goes by."""


class Setter(Protocol):
    """Who makes a change the one in force, or says why not."""

    look: Look

    def take(self, path: str, written: str) -> tuple[str, ...]:
        """Change one value at a path."""

    def reset(self, path: str) -> None:
        """Give back what the study says at and below a path."""


class LeverCard:
    """A lever, folded until it is in use or asked for."""

    def __init__(self, lever: type[Lever], setter: Setter) -> None:
        self.lever = lever
        self.settings = settings_of(lever)
        self.about = inspect.cleandoc(lever.__doc__ or lever.title).splitlines()[0]
        self._setter = setter
        self._controls: dict[str, Control] = {}
        self._found: frozenset[str] | None = None  # settings that a search has found; None: nothing is sought
        with tag("details", classes="lever") as self.frame:
            self.frame.on("toggle", lambda event: self._toggled(bool(event.args)), js_handler=OPENED)
            with tag("summary") as self._head:
                tag("span", lever.title, "lever-title")
                self._use = tag("span", "", "lever-use", hidden=True)
                self._count = tag("span", "", "lever-count", hidden=True)
                self._badge = tag("span", "", "badge", hidden=True)
                tag("span", self.about, "lever-about")
            self._body = tag("div", classes="lever-body")

    @property
    def look(self) -> Look:
        """What the panel looks at."""
        return self._setter.look

    def refresh(self, *, afresh: bool) -> None:
        """Show the lever as the policy sets it; `afresh`, when another policy is looked at, opens it if it is in use."""
        set_here = not self.look.lever(self.lever.key).is_neutral()
        changed = sum(self.look.changed(self.lever.key, name) for name in self.settings)
        say(self._use, "in use" if set_here else "")
        say(self._count, f"{changed} of {len(self.settings)} changed" if changed else "")
        rows = self.look.draft.scenario().parameters.rows.values()
        badge = lever_badge(row for row in rows if row.group == self.lever.key)
        say(self._badge, badge.word if badge else "")
        if badge:
            put(self._badge, title=badge.sentence, aria_label=badge.sentence, role="img")
            self._badge.classes(add="weak" if badge.weak else "", remove="" if badge.weak else "weak")
        if afresh and self._found is None:
            self._open(set_here)
        for name, control in self._controls.items():
            control.show(self.look.standing(self.lever.key, name), afresh=afresh)
        if self._controls:
            self._show_buttons()

    def filter(self, words: str) -> int | None:
        """Show what the words are found in, and return the number of settings; None where they are nowhere in the lever.

        Words that are found in the lever's own name or description show all of its settings.
        """
        if not words.strip():
            self._found = None
            put(self.frame, hidden=None)
            self._open(not self.look.lever(self.lever.key).is_neutral())
        else:
            whole = found_in(words, self.lever.key, self.lever.title, self.about, self.lever.family)
            self._found = frozenset(name for name, setting in self.settings.items() if whole or self._is_found(words, setting))
            put(self.frame, hidden=None if self._found else True)
            self._open(bool(self._found))
        for name, control in self._controls.items():
            control.filter(hidden=self._found is not None and name not in self._found)
        return len(self._found) if self._found else None

    def _is_found(self, words: str, setting: Setting) -> bool:
        return found_in(words, self.lever.title, setting.name, setting.doc)

    def _open(self, is_open: bool) -> None:
        if is_open:
            self._build()
        put(self.frame, open=is_open)

    def _toggled(self, is_open: bool) -> None:
        hold(self.frame, open=is_open)
        if is_open:
            self._build()

    def _build(self) -> None:
        if self._controls:
            return
        key = self.lever.key
        with self._body:
            with tag("div", classes="lever-buttons"):
                self._off = button("Switch off", lambda: self._word("off"), "small", title="Every setting at its default.")
                self._typical = button("Set as a firm that uses it", lambda: self._word("typical"), "small")
                self._reset = button("Reset lever", self._give_back, "small", aria_label=f"Reset {self.lever.title}")
            self._fault = tag("p", "", "fault", role="alert", hidden=True)
            for name, setting in self.settings.items():
                control = KINDS[setting.kind](
                    setting, self._taker(name), self._resetter(name), path=f"{key}.{name}"
                )
                control.show(self.look.standing(key, name))
                control.filter(hidden=self._found is not None and name not in self._found)
                self._controls[name] = control
        self._show_buttons()

    def _show_buttons(self) -> None:
        """What would change nothing cannot be pressed, and what cannot be pressed says so."""
        lever, key = self.look.lever(self.lever.key), self.lever.key
        changed = any(self.look.changed(key, name) for name in self.settings)
        put(self._off, disabled=lever.is_neutral() or None)
        put(self._typical, disabled=lever == type(lever).typical() or None)
        put(self._reset, hidden=None if changed else True)

    def _word(self, word: str) -> None:
        faults = self._setter.take(self.look.path(self.lever.key), word)
        say(self._fault, " ".join(faults))

    def _give_back(self) -> None:
        self._setter.reset(self.look.path(self.lever.key))
        say(self._fault, "")
        focus(self._head)

    def _taker(self, name: str) -> Callable[[str], tuple[str, ...]]:
        return lambda written: self._setter.take(self.look.path(self.lever.key, name), written)

    def _resetter(self, name: str) -> Callable[[], None]:
        return lambda: self._setter.reset(self.look.path(self.lever.key, name))


def found_in(words: str, *texts: str) -> bool:
    """Whether every word stands in one of the texts; case and the underscores of names do not matter."""
    within = " ".join(f"{text} {text.replace('_', ' ')}" for text in texts).casefold()
    return all(word in within for word in words.casefold().split())


def found_words(levers: int, settings: int) -> str:
    """How many a search has found, as a sentence."""
    if not levers:
        return "Nothing found. Search looks at names, titles and descriptions of levers and settings."
    return f"{counted(settings, 'setting')} of {counted(levers, 'lever')} found."

"""Why a question was refused, in sentences, and what can be done about it in one press."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from simulation.app.native import button, focus, put, tag
from simulation.errors import ScenarioError
from simulation.scenario import shipped_studies

if TYPE_CHECKING:
    from nicegui import ui

    from simulation.app.page import Page

PROMISE = re.compile(r"\bpolicies\.([a-z0-9_]+)\.equal_cost: ")
"""How a sentence names the policy whose costs cannot be made equal."""


class Refusals:
    """The refusals of the last question. A promise of equal cost that cannot be kept can be given up here.

    Parameters
    ----------
    page : whose questions they are
    back : where the keyboard goes on when what was pressed has gone
    """

    def __init__(self, page: Page, back: ui.element) -> None:
        self._page, self._back = page, back
        self._told: tuple[str, ...] = ()
        self._box = tag("div", "", "board-faults", role="alert", tabindex=-1, hidden=True)

    def refresh(self) -> None:
        """Tell what is refused now, if it is something else than before."""
        faults = self._page.talk.faults
        if faults == self._told:
            return
        self._told = faults
        self._box.clear()
        with self._box:
            for sentence in told(faults):
                tag("p", sentence)
            for key in dict.fromkeys(key for sentence in faults for key in PROMISE.findall(sentence)):
                self._offer(key)
        put(self._box, hidden=None if faults else True)

    def _offer(self, key: str) -> None:
        labels = {policy.key: policy.label for policy in self._page.draft.scenario().policies if policy.equal_cost}
        if key in labels:
            button(f"Let the cost of {labels[key]} differ", lambda: self._give_up(key))

    def _give_up(self, key: str) -> None:
        """Take the promise back, and ask anew."""
        try:
            faults = self._page.change(self._page.draft.with_value(f"policies.{key}.equal_cost", "off"))
        except ScenarioError as refusal:
            faults = refusal.faults
        self._page.say(*faults)
        if not faults:
            focus(self._back)


def told(faults: Iterable[str]) -> tuple[str, ...]:
    """The same sentences, with a shipped study called by its name and not by where it lies on this machine."""
    return tuple(_called(sentence) for sentence in faults)


def _called(sentence: str) -> str:
    for path, name in _places().items():
        sentence = sentence.replace(path, name)
    return sentence


@cache
def _places() -> dict[str, str]:
    return {str(path): name for name, path in shipped_studies().items()}

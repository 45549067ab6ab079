"""The levers: which policy is set, what is said of it, and every lever of the catalogue with its settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from nicegui.elements.mixins.text_element import TextElement

from simulation.app.drafts.draft import Draft
from simulation.app.native import KEPT, button, put, tag
from simulation.app.results.refusals import told
from simulation.app.settings.lever_card import LeverCard, found_words
from simulation.app.settings.looks import Look
from simulation.app.settings.policy_form import PolicyForm
from simulation.app.settings.policy_list import PolicyList
from simulation.errors import ScenarioError
from simulation.levers import catalogue

if TYPE_CHECKING:
    from simulation.app.page import Page

BADGES = (
    'The badge of a lever says what the numbers behind it rest on: "5 of 6 assumed" means that five of six have no graded '
    "source, which is weaker than grade D, the weakest evidence there is (A is the best)."
)
SOUGHT = 0.25
"""[s] Between two looks for what is being typed."""


class Panel:
    """Everything about policies that a page can set."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._unlocked = False
        self._sought = ""
        self._seen = _identity(page.draft)
        self.look = self._look(_first(page.draft))
        tag("h2", "Policies")
        self._policies = PolicyList(self)
        self._form = PolicyForm(self)
        tag("h2", "Levers")
        tag("p", BADGES, "setting-doc")
        with tag("div", classes="search"):
            entry = tag("input", "", "search-field", type="search", autocomplete="off", maxlength=80)
            entry.on("input", lambda event: self._seek(str(event.args)), throttle=SOUGHT, leading_events=False,
                     js_handler=f"(e) => {{ {KEPT} emit(e.target.value); }}")  # fmt: skip
            tag("label", "Search levers and settings", for_=entry.html_id)
            self._found = tag("p", "", "setting-note", role="status")
        with tag("fieldset", classes="levers", aria_label="Levers and their settings") as self._levers:
            self._cards = self._build()
        with tag("div", classes="lever-buttons"):
            button("Reset all", lambda: self.do(lambda draft: draft.without("")))
        self.refresh(afresh=True)

    def refresh(self, *, afresh: bool = False) -> None:
        """Show what the page's draft says; `afresh`, or when another study has been opened, with what is in use unfolded."""
        seen = _identity(self._page.draft)
        if seen != self._seen:
            self._seen, self._unlocked, afresh = seen, False, True
        before = self.look.policy.key
        keys = [policy.key for policy in self._page.draft.scenario().policies]
        self.look = self._look(before if before in keys else _first(self._page.draft))
        afresh = afresh or self.look.policy.key != before
        self._policies.refresh()
        self._form.refresh(afresh=afresh)
        put(self._levers, disabled=True if self.look.locked else None)
        for card, _ in self._cards:
            card.refresh(afresh=afresh)

    def choose(self, key: str) -> None:
        """Look at another policy."""
        if key != self.look.policy.key:
            self.look = self._look(key)
            self.refresh(afresh=True)

    def unlock(self, *, on: bool) -> None:
        """Let the baseline be changed, or not."""
        self._unlocked = on
        self.refresh()

    def do(self, change: Callable[[Draft], Draft]) -> tuple[str, ...]:
        """Change the draft and ask what becomes of it; or return the sentences that say why not."""
        try:
            draft = change(self._page.draft)
        except ScenarioError as refusal:
            return told(refusal.faults)
        return self._page.change(draft)

    def take(self, path: str, written: str) -> tuple[str, ...]:
        """Change one value at a path; or return the sentences that say why not."""
        return self.do(lambda draft: draft.with_value(path, written))

    def reset(self, path: str) -> None:
        """Give back what the study says at and below a path."""
        self.do(lambda draft: draft.without(path))

    def _look(self, key: str) -> Look:
        draft = self._page.draft
        baseline = draft.scenario().baseline
        return Look.at(draft, key, unlocked=self._unlocked or draft.is_changed(f"policies.{baseline}"))

    def _build(self) -> list[tuple[LeverCard, TextElement]]:
        """The levers by family, both in the catalogue's order."""
        families: dict[str, list[str]] = {}
        for key, lever in catalogue().items():
            families.setdefault(lever.family, []).append(key)
        cards = []
        for family, keys in families.items():
            heading = tag("h3", family.capitalize())
            cards += [(LeverCard(catalogue()[key], self), heading) for key in keys]
        return cards

    def _seek(self, words: str) -> None:
        """Show the levers and settings that have the words in name, title or description, and say how many."""
        self._sought = words
        found = [card.filter(words) for card, _ in self._cards]
        seeking = bool(words.strip())
        shown = {id(heading) for (_, heading), count in zip(self._cards, found, strict=True) if count or not seeking}
        for _, heading in self._cards:
            put(heading, hidden=None if id(heading) in shown else True)
        hits = [count for count in found if count]
        self._found.set_text(found_words(len(hits), sum(hits)) if seeking else "")


def _first(draft: Draft) -> str:
    """The policy that is looked at first: an alternative where there is one."""
    scenario = draft.scenario()
    return next((policy.key for policy in scenario.policies if policy.key != scenario.baseline), scenario.baseline)


def _identity(draft: Draft) -> tuple[str, str]:
    """Which study it is."""
    return draft.study, draft.text

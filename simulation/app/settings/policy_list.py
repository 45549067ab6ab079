"""Which policy is being set: the baseline, up to three alternatives, and those that could be shown beside them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from nicegui.elements.mixins.text_element import TextElement

from simulation.app.drafts.draft import MOST_ALTERNATIVES, Draft
from simulation.app.native import button, choice, fill, hold, labelled, lines, put, say, tag
from simulation.app.settings.lines import Line
from simulation.app.settings.looks import Look

FULL = f"{MOST_ALTERNATIVES} alternatives are the most; leave one out to add another."
CHOSEN = "(e) => { element.props.checked = e.target.checked; emit(e.target.value); }"


class Chooser(Protocol):
    """Who looks at a policy, and changes the draft."""

    look: Look

    def choose(self, key: str) -> None:
        """Look at another policy."""

    def do(self, change: Callable[[Draft], Draft]) -> tuple[str, ...]:
        """Change the draft, or say why not."""


class PolicyList:
    """The policies as one set of radio buttons, the baseline first, and a fold to add or show one."""

    def __init__(self, chooser: Chooser) -> None:
        self._chooser = chooser
        self._keys: tuple[str, ...] = ()
        self._spare: tuple[str, ...] = ()
        self._radios: dict[str, tuple[TextElement, TextElement, TextElement]] = {}
        self._label = ""
        with tag("fieldset", classes="policies"):
            tag("legend", "Policy to set")
            self._rows = tag("div")
        with tag("details", classes="fold") as self._more:
            tag("summary", "Add or show a policy")
            self._full = tag("p", FULL, "setting-note", hidden=True)
            with tag("div") as self._adding:
                with tag("div", classes="line"):
                    head = tag("div", classes="line-label")
                    self._like = choice({}, "", lambda key: hold(self._like, value=key))
                with head:
                    labelled("Starts as a copy of", self._like)
                self._name = Line("Name of the new policy", "text", self._named, maxlength=80)
                button("Add policy", self._add)
            self._shows = tag("div", classes="spare")
            self._faults = tag("div", "", "fault", role="alert", hidden=True)
        self.refresh()

    def refresh(self) -> None:
        """Show the policies as they are, and which of them is looked at."""
        look = self._chooser.look
        scenario = look.draft.scenario()
        keys = tuple(policy.key for policy in scenario.policies)
        if keys != self._keys:
            self._keys = keys
            self._build(look)
            fill(self._like, {policy.key: policy.label for policy in scenario.policies})
            put(self._like, always=True, value=look.policy.key)
        for policy in scenario.policies:
            radio, label, row = self._radios[policy.key]
            say(label, policy.label)
            chosen = policy.key == look.policy.key
            put(radio, checked=chosen)
            row.classes(add="chosen" if chosen else "", remove="" if chosen else "chosen")
        full = len(keys) > MOST_ALTERNATIVES
        put(self._full, hidden=None if full else True)
        put(self._adding, hidden=True if full else None)
        self._show_spare(look, full=full)

    def _build(self, look: Look) -> None:
        self._rows.clear()
        self._radios = {}
        with self._rows:
            for key in self._keys:
                with tag("label", classes="policy") as row:
                    radio = tag("input", type="radio", name="policy", value=key)
                    radio.on("change", lambda event: self._chooser.choose(str(event.args)), js_handler=CHOSEN)
                    label = tag("span", "", "policy-label")
                    if key == look.baseline.key:
                        tag("span", "baseline", "policy-mark")
                        row.classes("is-baseline")
                self._radios[key] = radio, label, row

    def _show_spare(self, look: Look, *, full: bool) -> None:
        """The study's policies that are left out, each with a button to show it."""
        spare = look.draft.spare()
        if spare != self._spare:
            self._spare = spare
            self._shows.clear()
            with self._shows:
                if spare:
                    tag("p", "Left out of this comparison:", "setting-doc")
                for key in spare:
                    label = look.draft.own.policy(key).label
                    button(f"Show {label}", lambda key=key: self._show(key), "small")
        for one in self._shows.default_slot.children[1:]:
            put(one, disabled=True if full else None)

    def _named(self, text: str) -> tuple[str, ...]:
        self._label = text.strip()
        self._name.show(self._label)
        return ()

    def _add(self) -> None:
        like = str(self._like.props.get("value"))
        before = set(self._keys)
        self._told(self._chooser.do(lambda draft: draft.add_policy(like, self._label or self._free_label())))
        added = [key for key in self._keys if key not in before]
        if added:
            self._label = ""
            self._name.show("", afresh=True)
            self._chooser.choose(added[0])

    def _free_label(self) -> str:
        """A name for a policy that was given none."""
        taken = {policy.label for policy in self._chooser.look.draft.own.policies}
        return next(name for number in range(1, 1_000) if (name := f"Alternative {number}") not in taken)

    def _show(self, key: str) -> None:
        faults = self._chooser.do(lambda draft: draft.show(key))
        self._told(faults)
        if not faults:
            self._chooser.choose(key)

    def _told(self, faults: tuple[str, ...]) -> None:
        lines(self._faults, faults)

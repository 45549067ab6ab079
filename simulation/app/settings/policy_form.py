"""What is said of one policy beside its levers: its name, when it begins, whether it must cost what another costs."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Protocol

from simulation.app.drafts.draft import Draft
from simulation.app.native import button, choice, fill, focus, hold, labelled, lines, put, say, tag, tick
from simulation.app.settings.lines import Line
from simulation.app.settings.looks import Look
from simulation.experiment.batch.equal_cost import MOVABLE
from simulation.scenario import Policy

ANOTHER_PAST = (
    "The baseline is the firm as it was before month 0. To change it is another history: "
    "everything is simulated anew, which takes longer."
)


class Owner(Protocol):
    """Who holds the draft."""

    look: Look

    def do(self, change: Callable[[Draft], Draft]) -> tuple[str, ...]:
        """Change the draft, or say why not."""

    def take(self, path: str, written: str) -> tuple[str, ...]:
        """Change one value at a path, or say why not."""

    def unlock(self, *, on: bool) -> None:
        """Let the baseline be changed, or not."""


class PolicyForm:
    """The fold between a policy's name and its levers; of the baseline, the box that lets it be changed."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner
        self._offered: tuple[dict[str, str], dict[str, str]] | None = None
        with tag("div", classes="note-box") as self._baseline:
            with tag("div", classes="ticked"):
                self._unlock = tick(lambda on: owner.unlock(on=on))
                labelled("Change the baseline too", self._unlock)
            told = tag("p", ANOTHER_PAST, "setting-doc")
        hold(self._unlock, aria_describedby=told.html_id)
        with tag("details", classes="fold") as self._alternative:
            with tag("summary", "Name, start and cost"):
                self._told = tag("span", "", "lever-about")
            self._name = Line("Name", "text", self._rename, maxlength=80)
            self._starts = Line(
                "Begins in month", "number", lambda text: self._owner.take(self._path("starts"), _whole(text)),
                "Until then the baseline is in force.", min=0, step=1,
            )  # fmt: skip
            with tag("fieldset", classes="costs"):
                tag("legend", "Cost")
                self._costs()
        with tag("div", classes="lever-buttons") as self._buttons:
            self._out = button("Leave this policy out", self._leave_out, "small")
            self._reset = button("Reset policy", self._give_back, "small")
        self._faults = tag("div", "", "fault", role="alert", hidden=True)

    def _costs(self) -> None:
        with tag("div", classes="ticked"):
            self._equal = tick(self._promise)
            labelled("Costs made equal by moving one setting", self._equal)
        with tag("div") as self._terms:
            with tag("div", classes="line"):
                head = tag("div", classes="line-label")
                self._to = choice({}, "", lambda key: self._say(to=key))
            with head:
                labelled("to those of", self._to)
            with tag("div", classes="line"):
                head = tag("div", classes="line-label")
                self._by = choice({}, "", lambda name: self._say(by=name))
            with head:
                labelled("by moving", self._by)

    def refresh(self, *, afresh: bool) -> None:
        """Show what is said of the policy looked at."""
        look = self._owner.look
        put(self._baseline, hidden=None if look.is_baseline else True)
        put(self._alternative, hidden=True if look.is_baseline else None)
        put(self._out, hidden=True if look.is_baseline else None)
        put(self._unlock, checked=not look.locked)
        put(self._reset, disabled=None if look.draft.is_changed(look.path()) else True)
        if afresh:
            lines(self._faults, ())
        self._name.show(look.policy.label, afresh=afresh)
        self._starts.show(str(look.policy.starts), afresh=afresh)
        hold(self._starts.entry, max=look.draft.scenario().months - 1)
        promise = look.policy.equal_cost
        put(self._equal, checked=promise is not None)
        put(self._terms, hidden=None if promise else True)
        self._offer(look)
        say(self._told, self._summary(look))

    def _summary(self, look: Look) -> str:
        promise, starts = look.policy.equal_cost, look.policy.starts
        begins = f"From month {starts}. " if starts else ""
        if promise is None:
            return f"{begins}Costs may differ."
        return f"{begins}Costs made equal to {look.draft.scenario().policy(promise.to).label} by moving {promise.by}."

    def _offer(self, look: Look) -> None:
        """Policies whose cost stands, and settings that can be moved."""
        promise = look.policy.equal_cost
        others = [other for other in look.draft.scenario().policies if other.key != look.policy.key and not other.equal_cost]
        names = [name for name in MOVABLE if _value(look.policy, name) is not None]
        names += [promise.by] if promise and promise.by not in names else []
        offered = {other.key: other.label for other in others}, {name: name for name in names}
        if offered != self._offered:
            self._offered = offered
            fill(self._to, offered[0])
            fill(self._by, offered[1])
        if promise:
            put(self._to, always=True, value=promise.to)
            put(self._by, always=True, value=promise.by)

    def _path(self, name: str) -> str:
        return self._owner.look.path(name)

    def _rename(self, text: str) -> tuple[str, ...]:
        return self._owner.take(self._path("label"), json.dumps(text.strip(), ensure_ascii=False))

    def _promise(self, on: bool) -> None:
        """Make costs equal as the study does, or to the baseline by the pay level; or let them differ."""
        if on:
            own = self._owner.look.own.equal_cost
            self._say(to=own.to if own else self._owner.look.baseline.key, by=own.by if own else MOVABLE[0])
        else:
            self._tell(self._owner.take(self._path("equal_cost"), "off"))

    def _say(self, *, to: str = "", by: str = "") -> None:
        promise = self._owner.look.policy.equal_cost
        to, by = to or (promise.to if promise else ""), by or (promise.by if promise else "")
        terms = f"{{ to = {json.dumps(to)}, by = {json.dumps(by)} }}"
        self._tell(self._owner.take(self._path("equal_cost"), terms))

    def _leave_out(self) -> None:
        key = self._owner.look.policy.key
        self._tell(self._owner.do(lambda draft: draft.leave_out(key)))

    def _give_back(self) -> None:
        prefix = self._owner.look.path()
        self._tell(self._owner.do(lambda draft: draft.without(prefix)))
        focus(self._out)

    def _tell(self, faults: tuple[str, ...]) -> None:
        """Say why not, and show again what is in force."""
        lines(self._faults, faults)
        if faults:
            promise = self._owner.look.policy.equal_cost
            put(self._equal, always=True, checked=promise is not None)
            if promise:
                put(self._to, always=True, value=promise.to)
                put(self._by, always=True, value=promise.by)


def _value(policy: Policy, path: str) -> object:
    lever, _, name = path.partition(".")
    return getattr(policy.levers[lever], name)


def _whole(text: str) -> str:
    """A month as it was written; the reader says what is wrong with any other."""
    return text.strip() or '""'

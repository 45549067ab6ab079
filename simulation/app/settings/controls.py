"""One labelled control for one setting, by its kind: what it takes, what it is, and what is refused, in the words of the files.

A number has a slider, which sends on release, and a field, which takes any number within bounds; both show the same value.
What is refused is told under the control in the reader's sentence, and the value from before stays in force.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nicegui.elements.mixins.text_element import TextElement

from simulation.app.drafts.changes import value_text
from simulation.app.native import KEPT, button, choice, field, focus, hold, labelled, lines, put, say, tag, tick
from simulation.app.settings.badges import setting_badge
from simulation.app.settings.stops import ends_of, place_of, plain, step_of, stops_of
from simulation.report.units import plain as few_digits
from simulation.report.units import unit_of
from simulation.scenario.settings import Setting

Take = Callable[[str], tuple[str, ...]]
"""Given a value as TOML writes it, makes it the one in force, or returns the sentences that say why not."""
NONE = "none"
LARGE = 10_000.0
"""From here on a number is shown with commas beside its field."""
SLID = f"""(e) => {{
  {KEPT}
  const value = e.target.dataset.stops.split(" ")[e.target.value];
  e.target.setAttribute("aria-valuetext", value);
  const shown = document.getElementById(e.target.dataset.field);
  if (shown) shown.value = value;
}}"""
"""While a hand moves the slider, the field beside shows where it is; nothing is sent."""


@dataclass(frozen=True)
class Standing:
    """What a control shows: the value in force, the baseline's where there is one to set beside, and the study's own."""

    value: Any
    baseline: Any = None
    beside: bool = False  # whether the baseline's value is to be shown
    changed: bool = False  # from what the study says
    note: str = ""  # what becomes of the value when it is simulated


class Control(ABC):
    """A setting with its name, unit, bounds and meaning, the buttons for usual values, and the sentences of a refusal.

    Parameters
    ----------
    setting : what it takes
    take : makes a value the one in force
    reset : gives back the study's value; None where there is none to go back to
    name : instead of the setting's own
    """

    def __init__(
        self, setting: Setting, take: Take, reset: Callable[[], Any] | None = None, name: str = "", path: str = ""
    ) -> None:
        self.setting = setting
        self.name = name or setting.name
        self.path = path or self.name
        self._take = take
        self._reset = reset
        self._shown: Standing | None = None
        with tag("div", classes="setting") as self.frame:
            with tag("div", classes="setting-head"):
                self._head = tag("span", classes="setting-name")
                tag("span", _bounds(setting), "setting-unit")
                if (badge := setting_badge(setting)) and badge.weak:
                    tag("span", badge.word, "badge weak", title=badge.sentence)
                if reset is not None:
                    self._resetter = button("Reset", self._give_back, "small reset", aria_label=f"Reset {self.name}", hidden=True)
            self._doc = tag("p", setting.doc, "setting-doc")
            self.entry = self._build()
            with tag("div", classes="setting-aids"):
                self._hint = tag("span", "", "setting-hint", hidden=True)
                self._baseline = tag("span", "", "setting-baseline", hidden=True)
                self._usual()
            self._note = tag("p", "", "setting-note", hidden=True)
            self._faults = tag("div", "", "fault", role="alert", hidden=True)
        with self._head:
            labelled(self.name, self.entry)
        hold(self.entry, aria_describedby=f"{self._doc.html_id} {self._note.html_id} {self._faults.html_id}")

    def show(self, standing: Standing, *, afresh: bool = False) -> None:
        """Show what is in force; what was refused stays to be mended until the value changes, or `afresh`."""
        before, self._shown = self._shown, standing
        if afresh or before is None or before.value != standing.value:
            self._clear()
            self._put(standing.value)
        say(self._baseline, f"baseline {spoken(standing.baseline)}" if standing.beside else "")
        say(self._note, standing.note)
        self.frame.classes(add="changed" if standing.changed else "", remove="" if standing.changed else "changed")
        if self._reset is not None:
            put(self._resetter, hidden=None if standing.changed else True)

    def filter(self, *, hidden: bool) -> None:
        """Hide the control, or show it."""
        put(self.frame, hidden=True if hidden else None)

    def enter(self, item: str) -> None:
        """Ask for a value as TOML writes it, and show what is in force then."""
        faults = self._take(item)
        if faults:
            self._refuse(faults)
            return
        self._clear()
        if self._shown is not None:
            self._put(self._shown.value)

    def _give_back(self) -> None:
        self._clear()
        if self._reset is not None:
            self._reset()
        if self._shown is not None:
            self._put(self._shown.value)
        focus(self.entry)

    def _refuse(self, faults: tuple[str, ...]) -> None:
        lines(self._faults, faults)
        put(self.entry, aria_invalid="true")

    def _clear(self) -> None:
        if self.entry.props.get("aria-invalid"):
            put(self.entry, aria_invalid=None)
            lines(self._faults, ())

    def _usual(self) -> None:
        """Buttons for the neutral and the typical value; one where both are the same or nothing is typical."""
        neutral, typical = self.setting.neutral, self.setting.typical
        badge = setting_badge(self.setting)
        title = badge.sentence if badge else "What a firm that uses it sets; assumed."
        same = typical is None or neutral == typical
        words = "default and typical" if same and typical is not None else "default"
        self._offer(f"{words} {spoken(neutral)}", neutral, "At this value the setting changes nothing.")
        if not same:
            self._offer(f"typical {spoken(typical)}", typical, title)

    def _offer(self, words: str, value: Any, title: str) -> None:
        item = value_text(value)
        button(words, lambda: self.enter(item), "small", title=title, aria_label=f"{self.name}: {words}")

    @abstractmethod
    def _build(self) -> TextElement:
        """Build what is set, and return the element that bears the label."""

    @abstractmethod
    def _put(self, value: Any) -> None:
        """Show a value there."""


class NumberControl(Control):
    """A slider over round values, and a field for any."""

    def _build(self) -> TextElement:
        setting = self.setting
        self._stops = stops_of(setting)
        low, high = ends_of(setting)
        with tag("div", classes="setting-row"):
            self._slider = tag(
                "input", classes="slider", type="range", min=0, max=len(self._stops) - 1, step=1,
                aria_label=f"{self.name}, slider", data_stops=" ".join(map(plain, self._stops)),
            )  # fmt: skip
            entry = field("number", self._typed, "number", min=plain(low), max=plain(high), step=plain(step_of(setting)))
        if setting.neutral is None:
            hold(entry, placeholder=NONE)
        hold(self._slider, data_field=entry.html_id, aria_describedby=self._doc.html_id)
        self._slider.on("input", js_handler=SLID)
        self._slider.on("change", lambda event: self._slid(int(event.args)), js_handler="(e) => emit(e.target.value)")
        return entry

    def _slid(self, place: int) -> None:
        value = self._stops[min(max(place, 0), len(self._stops) - 1)]
        hold(self._slider, value=str(place), aria_valuetext=plain(value))
        self.enter(plain(value))

    def _typed(self, text: str) -> None:
        hold(self.entry, value=text)
        number = _number(text)
        if number is not None:
            self.enter(number)
        elif not text.strip() and self.setting.neutral is None:
            self.enter(NONE)
        else:
            what = "nothing" if not text.strip() else "no number"
            takes = self.setting.takes_or(NONE if self.setting.neutral is None else "")
            self._refuse((f"{self.path} = {what} is refused; it takes {takes}",))

    def _put(self, value: Any) -> None:
        absent = value is None
        usual = self.setting.typical if absent and self.setting.typical is not None else value
        place = place_of(float(usual), self._stops) if usual is not None else 0
        text = "" if absent else plain(float(value))
        put(self._slider, value=str(place), aria_valuetext=NONE if absent else text)
        put(self.entry, value=text)
        self._slider.classes(add="absent" if absent else "", remove="" if absent else "absent")
        say(self._hint, "" if absent else hint(value, self.setting.unit))


class TickControl(Control):
    """A box to tick."""

    def _build(self) -> TextElement:
        with tag("div", classes="setting-row"):
            entry = tick(lambda on: self.enter(value_text(on)))
            self._word = tag("span", "", "setting-hint", aria_hidden="true")
        return entry

    def _put(self, value: Any) -> None:
        put(self.entry, checked=bool(value))
        say(self._word, spoken(bool(value)))

    def _refuse(self, faults: tuple[str, ...]) -> None:
        super()._refuse(faults)
        if self._shown is not None:
            self._put(self._shown.value)


class WordControl(Control):
    """A list of words."""

    def _build(self) -> TextElement:
        with tag("div", classes="setting-row"):
            return choice({word: word for word in self.setting.words}, str(self.setting.neutral), self._chosen)

    def _chosen(self, word: str) -> None:
        hold(self.entry, value=word)
        self.enter(value_text(word))

    def _put(self, value: Any) -> None:
        put(self.entry, value=str(value))


class TableControl(Control):
    """A line for a table, written as in a file."""

    def _build(self) -> TextElement:
        with tag("div", classes="setting-row"):
            return field("text", self._typed, "table", spellcheck="false", placeholder="[[1.0, 1.5]]")

    def _typed(self, text: str) -> None:
        hold(self.entry, value=text)
        self.enter(text.strip() or "[]")

    def _put(self, value: Any) -> None:
        put(self.entry, value=spoken(value))


KINDS: dict[str, type[Control]] = {
    "number": NumberControl, "whole number": NumberControl, "yes/no": TickControl, "word": WordControl, "table": TableControl,
}  # fmt: skip
"""The control of each kind of setting."""


def spoken(value: Any) -> str:
    """A value as a file has it, words without their quotes."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value_text(value)
    return plain(float(value))


def hint(value: float, unit: str) -> str:
    """The same number as people say it: a share in percent, a large sum with commas; empty where it needs no help."""
    if unit.startswith("share"):
        percent = unit_of("share")
        return f"= {few_digits(value * percent.scale.factor)}{percent.sign}"
    return f"= {value:,.15g}" if abs(value) >= LARGE else ""


def _bounds(setting: Setting) -> str:
    """Unit and range, as words beside a name."""
    if setting.kind == "word":
        return ""
    if setting.kind == "yes/no":
        return "true or false"
    ends = [f"{end:,.15g}".replace("-", "−") for end in (setting.low, setting.high) if end is not None]
    return f"{setting.unit}, {' to '.join(ends)}" if len(ends) == 2 else setting.unit


def _number(text: str) -> str | None:
    """A number as TOML writes it, from what a browser calls one; None of anything else."""
    try:
        value = float(text)
    except ValueError:
        return None
    if not math.isfinite(value):
        return None
    return str(int(value)) if value.is_integer() else repr(value)

"""Where the policies are tried: study, industry, market, months and seats."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from nicegui.elements.mixins.text_element import TextElement

from simulation.app.drafts.draft import LOOK_MONTHS, Draft
from simulation.app.native import button, choice, fill, hold, labelled, lines, put, say, tag, tick
from simulation.app.settings.controls import NumberControl, Standing
from simulation.app.settings.lines import Line
from simulation.app.settings.markets import Place, anchoring, conditions, packs, study_titles
from simulation.errors import ScenarioError
from simulation.scenario.firm import MOST_SEATS
from simulation.scenario.settings import Setting
from simulation.scenario.starter import starter_text

if TYPE_CHECKING:
    from simulation.app.page import Page

OWN, NOTHING = "own file", "none"
"""What a list says of a file of the user's own, and of no world."""
FEWEST, MOST = 12, 120
"""[months] Ends of the slider."""
MONTHS = Setting("months", "whole number", LOOK_MONTHS, None, "months", FEWEST, MOST, (), "How long is simulated.", "assumed")
LUCK = "Every seed with the best value of each parameter: narrower intervals, which hide what is not known of them."


class Picker:
    """Lists of what is shipped, by title, and the sizes of a run."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._options: dict[str, dict[str, str]] = {}
        tag("h2", "Study and world")
        with tag("div", classes="picker"):
            self._study = self._list("Study", self._open_study)
            self._pack = self._list("Industry", lambda name: self._put_world(pack=name))
            self._market = self._list("Market", lambda name: self._put_world(condition=name))
        self._anchored = tag("p", "", "setting-note", role="status")
        self._start = button("Start from this industry's ordinary plan", self._start_afresh, "small", hidden=True)
        self._months = NumberControl(MONTHS, self._put_months, name="Time simulated")
        with tag("details", classes="fold"):
            with tag("summary", "Seats and luck"):
                self._sizes = tag("span", "", "lever-about")
            self._seats = Line(
                "Seats", "number", self._put_seats, "Posts of the sales organisation.", min=1, max=MOST_SEATS, step=1
            )  # fmt: skip
            with tag("div", classes="ticked"):
                self._luck = tick(lambda on: self._told(self._do(lambda draft: draft.with_choice(luck_only=on))))
                labelled("Luck only", self._luck)
            about = tag("p", LUCK, "setting-doc")
            hold(self._luck, aria_describedby=about.html_id)
        self._faults = tag("div", "", "fault", role="alert", hidden=True)
        self.refresh()

    def refresh(self) -> None:
        """Show what the page's draft says."""
        draft, scenario = self._page.draft, self._page.draft.scenario()
        place = Place.of(scenario.world)
        own = {OWN: f"Your file: {draft.name}"} if draft.text else {}
        self._offer("study", self._study, {**own, **study_titles()}, OWN if draft.text else draft.study)
        none = {} if place.pack else {NOTHING: "No industry pack"}
        self._offer("pack", self._pack, {**none, **{name: pack.title for name, pack in packs().items()}}, place.pack or NOTHING)
        markets = {NOTHING: "As the industry has it", **{name: world.title for name, world in conditions().items()}}
        self._offer("market", self._market, markets, place.condition or NOTHING)
        anchored, sentence = anchoring(scenario)
        others = f" Also in force: {', '.join(place.others)}." if place.others else ""
        say(self._anchored, sentence + others)
        put(self._start, hidden=True if anchored or not place.pack else None)
        self._months.show(Standing(draft.months))
        self._seats.show(str(scenario.seats))
        put(self._luck, checked=draft.luck_only)
        say(self._sizes, f"{scenario.seats:,} seats{', luck only' if draft.luck_only else ''}")

    def _list(self, label: str, take: Callable[[str], None]) -> TextElement:
        """A list to choose from, under its label."""
        with tag("div", classes="line"):
            head = tag("div", classes="line-label")
            made = choice({}, "", take)
        with head:
            labelled(label, made)
        return made

    def _offer(self, name: str, chooser: TextElement, options: dict[str, str], value: str) -> None:
        if self._options.get(name) != options:
            self._options[name] = options
            fill(chooser, options)
        put(chooser, always=True, value=value)

    def _open_study(self, name: str) -> None:
        """Another study, over the months that are set unless it needs others, and with the kind of luck that is set."""
        if name == OWN:
            return
        now = self._page.draft

        def opened(_: Draft) -> Draft:
            fresh = Draft.of_study(name)
            months = now.months if fresh.months == LOOK_MONTHS else fresh.months
            return replace(fresh, months=months, luck_only=now.luck_only)

        self._told(self._do(opened))

    def _put_world(self, *, pack: str | None = None, condition: str | None = None) -> None:
        place = Place.of(self._page.draft.scenario().world)
        place = place if pack is None else replace(place, pack=pack.replace(NOTHING, ""))
        place = place if condition is None else replace(place, condition=condition.replace(NOTHING, ""))
        self._told(self._do(lambda draft: draft.with_choice(world=place.world)))

    def _start_afresh(self) -> None:
        """The pack's ordinary plan and one change, as `orgsim new --pack` writes them."""
        now = self._page.draft
        pack = Place.of(now.scenario().world).pack

        def opened(_: Draft) -> Draft:
            return replace(Draft.opened(starter_text(pack=pack), pack), months=now.months, luck_only=now.luck_only)

        self._told(self._do(opened))

    def _put_months(self, written: str) -> tuple[str, ...]:
        try:
            months = int(written)
        except ValueError:
            return (f"months = {written} is refused; it takes {MONTHS.takes}",)
        if not FEWEST <= months <= MOST:
            return (f"months = {months} is refused; it takes {MONTHS.takes}",)
        return self._do(lambda draft: draft.with_choice(months=months))

    def _put_seats(self, text: str) -> tuple[str, ...]:
        if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MOST_SEATS:
            return (f"seats = {text[:20] or 'nothing'} is refused; it takes a whole number in [1, {MOST_SEATS:,}]",)
        return self._do(lambda draft: draft.with_choice(seats=int(text)))

    def _do(self, change: Callable[[Draft], Draft]) -> tuple[str, ...]:
        try:
            draft = change(self._page.draft)
        except ScenarioError as refusal:
            return refusal.faults
        return self._page.change(draft)

    def _told(self, faults: tuple[str, ...]) -> None:
        """Say why not, and show again what is in force."""
        lines(self._faults, faults)
        if faults:
            self.refresh()

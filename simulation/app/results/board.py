"""The right side of the page: big numbers first, then tabs with what stands behind them.

    state      stale or not, seeds, what is being worked out
    numbers    turnover and revenue of every policy, and what else counts
    tabs       pictures, each with its numbers; claims and evidence; one rep's life

Numbers are never hidden while newer ones are worked out: they stay where they are, greyed and called stale.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from nicegui import ui

from simulation.app.results import views
from simulation.app.results.evidence import Evidence
from simulation.app.results.life import LifeOfASeat
from simulation.app.results.markup import fill, markup
from simulation.app.native import tag
from simulation.app.results.numbers import FIRST_WARNINGS, decision_of, intervals_of, number_lines, recommended, warnings_of
from simulation.app.results.state import State
from simulation.app.results.tablist import Tabs
from simulation.report.language import language_of
from simulation.report.style import look_of

if TYPE_CHECKING:
    from simulation.app.page import Page
    from simulation.statistics.summary import Summary


class Board:
    """What becomes of what is set: built inside the slot that is open."""

    def __init__(self, page: Page) -> None:
        talk = page.talk
        self.talk = talk
        self._shown: Summary | None = None
        with ui.element("div").classes("board") as self._root:
            self._state = State(talk)
            with tag("section", "", "decision", aria_label="The numbers"):
                tag("h2", "Turnover and revenue", "heard")
                self._decision = tag("p", "", "headline", dir="auto")
                self._numbers = markup()
                self._warnings = markup()
            with tag("section", "", "tabs", aria_label="Behind the numbers"):
                tag("h2", "Behind the numbers", "heard")
                self._tabs = Tabs(
                    "Behind the numbers",
                    {
                        "Trade-off": partial(views.tradeoff, talk),
                        "Timeline": partial(views.timeline, talk),
                        "Who leaves": partial(views.leavers, talk),
                        "Money bridge": partial(views.bridge, talk),
                        "Why": partial(views.why, talk),
                        "Static and lived price": partial(views.price, talk),
                        "Gaming and fairness": partial(views.fairness, talk),
                        "Claims and evidence": partial(Evidence, talk),
                        "One rep's life": partial(LifeOfASeat, page),
                    },
                )
        self.refresh()

    def refresh(self) -> None:
        """Show what the conversation knows now."""
        talk = self.talk
        self._state.refresh()
        if talk.answer is not None and talk.answer.summary is not self._shown:
            self._shown = talk.answer.summary
            self._show_numbers(talk.answer.summary)
        self._root.classes(add="stale" if talk.stale else "", remove="" if talk.stale else "stale")
        self._tabs.refresh()

    def _show_numbers(self, summary: Summary) -> None:
        self._decision.set_text(decision_of(summary))
        colours = {policy: look_of(summary, policy).colour for policy in summary.policies}
        tongues = {policy: language_of([label]) for policy, label in summary.labels.items()}
        self._numbers.set_content(
            fill(
                "numbers", lines=number_lines(summary), labels=summary.labels, base=summary.baseline, colours=colours,
                baseline=summary.labels[summary.baseline], tongues=tongues, chosen=recommended(summary),
                intervals=intervals_of(summary),
            )
        )  # fmt: skip
        said = warnings_of(summary)
        self._warnings.set_content(fill("warnings", first=said[:FIRST_WARNINGS], others=said[FIRST_WARNINGS:]))

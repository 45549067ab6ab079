"""The right side of the page: big numbers first, then tabs with what stands behind them.

    state      stale or not, seeds, what is being worked out
    numbers    turnover and revenue of every policy and the objective; folded, what else counts
    tabs       pictures, each with its numbers; claims and evidence; one rep's life

Numbers are never hidden while newer ones are worked out: they stay where they are, greyed and called stale. What has been
unfolded stays unfolded: only what stands within is written anew.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from nicegui import ui

from simulation.app.results import views
from simulation.app.results.evidence import Evidence
from simulation.app.results.life import LifeOfASeat
from simulation.app.results.elements import details
from simulation.app.results.markup import fill, markup
from simulation.app.native import put, tag
from simulation.app.results.numbers import decision_of, intervals_of, look_of_months, number_lines, recommended, warnings_of
from simulation.app.results.state import State
from simulation.app.results.tablist import Tabs
from simulation.report.language import language_of
from simulation.report.style import look_of
from simulation.statistics.summary import counted

if TYPE_CHECKING:
    from simulation.app.answers.desk import Answer
    from simulation.app.page import Page
    from simulation.statistics.summary import Summary


class Board:
    """What becomes of what is set: built inside the slot that is open."""

    def __init__(self, page: Page) -> None:
        talk = page.talk
        self.talk = talk
        self._shown: Summary | None = None
        with ui.element("div").classes("board") as self._root:
            self._state = State(page)
            with tag("section", "", "decision", aria_label="The numbers"):
                tag("h2", "Turnover and revenue", "heard")
                with tag("p", "", "headline", dir="auto"):
                    self._decision = tag("span", "", "choice-made")
                    self._beside = tag("span", "", "not-worse")
                self._numbers = markup()
                self._horizon = markup().classes("warnings").props('role=note aria-label="Warning of a short run"')
                self._build_folds()
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
                        "Static, lived price": partial(views.price, talk),
                        "Gaming, fairness": partial(views.fairness, talk),
                        "Claims, evidence": partial(Evidence, talk),
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
            self._show_numbers(talk.answer)
        self._root.classes(add="stale" if talk.stale else "", remove="" if talk.stale else "stale")
        self._tabs.refresh()

    def _build_folds(self) -> None:
        """What is read by whoever wants more, in one line while it is folded."""
        with tag("div", "", "folds", hidden=True) as self._folds:
            with details("More figures"):
                self._more = markup()
            with details("How to read the numbers"):
                self._legend = markup().classes("legend")
            with ui.element("details") as self._warned:
                self._count = tag("summary")
                self._warnings = markup().classes("warnings")

    def _show_numbers(self, answer: Answer) -> None:
        summary = answer.summary
        made, beside = decision_of(summary)
        self._decision.set_text(made)
        self._beside.set_text(beside)
        base = summary.labels[summary.baseline]
        colours = {policy: look_of(summary, policy).colour for policy in summary.policies}
        tongues = {policy: language_of([label]) for policy, label in summary.labels.items()}
        lines = number_lines(summary)
        first = [line for line in lines if line.large or line.measure == summary.facts.objective]
        tables = {self._numbers: ("Turnover, revenue and the objective", first)}
        tables[self._more] = "More figures", [line for line in lines if line not in first]
        for place, (caption, shown) in tables.items():
            place.set_content(
                fill(
                    "numbers", lines=shown, labels=summary.labels, base=summary.baseline, colours=colours, baseline=base,
                    tongues=tongues, chosen=recommended(summary), caption=caption,
                )
            )  # fmt: skip
        self._legend.set_content(fill("legend", baseline=base, intervals=intervals_of(summary)))
        self._show_warnings(answer)
        put(self._folds, hidden=None)

    def _show_warnings(self, answer: Answer) -> None:
        """What a short run hides is read at once, and so is a warning that stands alone; more of them behind their number."""
        beyond, others = warnings_of(answer.summary, answer.scenario)
        if len(beyond) + len(others) == 1:
            beyond, others = (*beyond, *others), ()
        short = look_of_months(answer.scenario.months, answer.draft.own.months)
        self._horizon.set_content(fill("warnings", texts=(*short, *beyond)))
        self._count.set_text(counted(len(others), "more warning" if beyond else "warning"))
        self._warnings.set_content(fill("warnings", texts=others))
        put(self._warned, hidden=None if others else True)

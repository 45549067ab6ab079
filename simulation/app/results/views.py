"""The tabs that show pictures: the trade-off, the course over time, who leaves, money, why, and what could go wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from nicegui import ui

from simulation.app.results.elements import Choice
from simulation.app.results.figure import OF, Figure
from simulation.app.native import tag
from simulation.report.charts.leavers import OF as BY
from simulation.report.figures import TIMELINES
from simulation.report.words.phrases import focus

if TYPE_CHECKING:
    from simulation.app.answers.conversation import Conversation
    from simulation.app.answers.desk import Answer

ALONE = "There is no policy beside the baseline to compare; add one at the left."
DEEPER = "This is being worked out: it takes longer than the numbers above."
ONE_LEVER = "One lever makes the whole difference, so there is nothing to divide among levers."
NOTHING = "There is nothing to draw."


class Pictures:
    """Pictures under each other.

    Parameters
    ----------
    talk : what is known
    names : the pictures' names, or how they are found out
    missing : what is said of a picture that an answer does not have
    """

    def __init__(
        self, talk: Conversation, names: Sequence[Callable[[Answer], str]], missing: Callable[[Answer], str] = lambda _: NOTHING
    ) -> None:
        self._figures = [Figure(talk, name, missing) for name in names]

    def refresh(self) -> None:
        """Draw what has changed."""
        for figure in self._figures:
            figure.refresh()


class Picked:
    """The same where one of a few is picked first.

    Parameters
    ----------
    legend : what is picked
    offered : the choices of an answer, by key; the first is picked to begin with, or what `first` says
    patterns : names of pictures with the picked key in place of {}
    """

    def __init__(
        self, talk: Conversation, legend: str, offered: Callable[[Answer], Mapping[str, str]], patterns: Sequence[str],
        *, missing: Callable[[Answer, str], str], first: Callable[[Answer], str | None] = lambda _: None,
    ) -> None:  # fmt: skip
        self.talk, self._offered, self._first = talk, offered, first
        self._choice = Choice(legend, self.refresh)
        self._none = tag("p", "", "sentence")
        with ui.element("div"):
            self._figures = [
                Figure(talk, partial(self._name, pattern), partial(_missing, missing, pattern)) for pattern in patterns
            ]

    def refresh(self) -> None:
        """Offer what there is, and draw what is picked."""
        answer = self.talk.answer
        offered = self._offered(answer) if answer else {}
        self._choice.offer(offered, (self._first(answer) if answer else None) or "")
        self._none.set_text(ALONE if answer and not offered else "")
        for figure in self._figures if offered else ():
            figure.refresh()

    def _name(self, pattern: str, _: Answer) -> str:
        return pattern.format(self._choice.value)


def _missing(say: Callable[[Answer, str], str], pattern: str, answer: Answer) -> str:
    return say(answer, pattern)


def _policies(answer: Answer) -> Mapping[str, str]:
    """The policies beside the baseline, by key, with their labels."""
    return {policy: answer.summary.labels[policy] for policy in answer.summary.others}


def _peopled(answer: Answer) -> Mapping[str, str]:
    """The same, and the baseline where it is alone: it has leavers of its own."""
    summary = answer.summary
    return _policies(answer) or {summary.baseline: summary.labels[summary.baseline]}


def _known(name: str, _: Answer) -> str:
    return name


def _unknown_why(answer: Answer, pattern: str) -> str:
    """Why there is no picture of reasons: they are not worked out yet, or one lever does it all."""
    if not answer.deep:
        return DEEPER
    return ONE_LEVER if pattern.startswith("levers") else NOTHING


def _unpriced(answer: Answer) -> str:
    if not answer.summary.others:
        return ALONE
    return NOTHING if answer.deep else DEEPER


def tradeoff(talk: Conversation) -> Pictures:
    """Turnover against revenue."""
    return Pictures(talk, [partial(_known, "tradeoff")])


def timeline(talk: Conversation) -> Picked:
    """Turnover or revenue, month by month."""
    names = {key: key.capitalize() for key in TIMELINES}
    return Picked(talk, "Show", lambda _: names, ["timeline_{}"], missing=lambda *_: NOTHING)


def leavers(talk: Conversation) -> Picked:
    """Who leaves under a policy, by motive and by sales, and how long reps stay under all of them."""
    patterns = [*(f"leavers_{by}{OF}{{}}" for by in BY), f"survival_segments{OF}{{}}", "survival"]
    return Picked(talk, "Policy", _peopled, patterns, missing=lambda *_: NOTHING, first=lambda one: focus(one.summary))


def bridge(talk: Conversation) -> Picked:
    """Where a policy's gain or loss comes from."""
    return Picked(talk, "Policy", _policies, ["bridge_{}"], missing=lambda *_: NOTHING, first=lambda one: focus(one.summary))


def why(talk: Conversation) -> Picked:
    """Why reps quit more or less under a policy, and what each lever contributes."""
    patterns = ["reasons_{}", "levers_{}"]
    return Picked(talk, "Policy", _policies, patterns, missing=_unknown_why, first=lambda one: focus(one.summary))


def price(talk: Conversation) -> Pictures:
    """The static price beside the lived one, and who would lose."""
    return Pictures(talk, [partial(_known, name) for name in ("static_price", "losers")], _unpriced)


def fairness(talk: Conversation) -> Pictures:
    """Gaming and fairness, and how quotas are met."""
    return Pictures(talk, [partial(_known, name) for name in ("panel", "attainment")], lambda _: ALONE)

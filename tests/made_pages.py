"""A page's right side without a server or a browser: made-up answers, and a conversation that says what it is told to."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from types import SimpleNamespace

from explained import made_reasons
from nicegui import ui
from nicegui.testing.user_simulation import user_simulation
from priced import made_price
from synthetic import LABELS, made_records, made_scenario

from simulation.statistics.compare import compare

LONGEST_WAIT = 20.0
"""[s] For something that is drawn or looked up in a thread."""


@dataclass(frozen=True)
class MadeDraft:
    """What a page has been set to, by a name."""

    name: str
    seeds: int = 64
    labels: tuple[str, ...] = LABELS[:4]
    months: int = 24

    @property
    def own(self):
        """The study before the changes, as far as the page asks for it."""
        return SimpleNamespace(months=self.months)

    def scenario(self, seeds=None):
        """The study it stands for."""
        return made_scenario(self.labels, seeds=seeds or self.seeds)


@cache
def _compared(labels, seeds):
    records = made_records(labels, seeds=seeds, months=24)
    return records.scenario, compare(records)


def made_answer(labels=LABELS[:4], *, seeds=3, deep=True, name="first", **changes):
    """An answer as the desk gives one; fields of the summary may be changed."""
    scenario, summary = _compared(tuple(labels), seeds)
    if deep and summary.others:
        reasons, price = made_reasons(summary.policies, labels, levers=4), made_price(summary.policies, labels)
        summary = replace(summary, reasons=reasons, static=price)
    elif not deep:
        summary = replace(summary, static=None)
    summary = replace(summary, **changes)
    draft = MadeDraft(name, labels=tuple(labels))
    return SimpleNamespace(draft=draft, scenario=scenario, summary=summary, seeds=seeds, deep=deep, seconds=0.5)


@dataclass
class MadeTalk:
    """What is known of a page, as a test wants it."""

    answer: object = None
    stale: bool = False
    working: str = ""
    progress: float | None = None
    faults: tuple[str, ...] = ()
    most: int = 1_024
    asked: list[str] = field(default_factory=list)

    def more_seeds(self):
        """Take down that more seeds were asked for."""
        self.asked.append("more seeds")


@asynccontextmanager
async def opened(build, page):
    """A simulated browser that has opened a page with one part, built by `build`; yields the browser and the part."""
    parts = []

    def root():
        parts.append(build(page))

    async with user_simulation(root) as user:
        await user.open("/")
        yield user, parts[0]


def texts(user):
    """All texts of the page, those of elements and those of markup, joined."""
    with user.client:
        elements = list(user.client.elements.values())
    return "\n".join(str(getattr(one, "content", "") or getattr(one, "text", "")) for one in elements if shown(one))


def shown(element):
    """Whether no element around it is hidden."""
    slot = element.parent_slot
    return not element.props.get("hidden") and (slot is None or shown(slot.parent))


def all_of(user, tag):
    """The elements of a tag that are not hidden."""
    return [one for one in user.client.elements.values() if one.tag == tag and shown(one)]


def by_text(user, tag, text):
    """The element of a tag with this text."""
    (found,) = [one for one in all_of(user, tag) if getattr(one, "text", "") == text]
    return found


def event(user, element, kind, args=None):
    """What happens when an element has an event, as `UserInteraction.trigger` does it."""
    from nicegui.testing.user_interaction import UserInteraction

    UserInteraction(user, {element}, None).trigger(kind, args)


async def until(holds):
    """Wait until something holds."""
    async with asyncio.timeout(LONGEST_WAIT):
        while not holds():  # noqa: ASYNC110 - what is waited for sets no event
            await asyncio.sleep(0.01)


__all__ = ["MadeDraft", "MadeTalk", "all_of", "by_text", "event", "made_answer", "opened", "shown", "texts", "ui", "until"]

"""Conversations: the newest question wins, old numbers stay marked, refusals are sentences."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from threading import Event
from typing import Any

import pytest
from synthetic import made_scenario

from simulation.app.answers.conversation import FAILED, MOST_SEEDS, Conversation
from simulation.app.answers.lanes import SupersededError
from simulation.app.answers.reach import MOST_WORK
from simulation.errors import ScenarioError

PATIENCE = 10.0
SCENARIO = made_scenario(("A", "B"), seeds=1)


@dataclass(frozen=True)
class Asked:
    """A draft as far as a conversation looks at one."""

    name: str
    count: int = 64
    seats: int = 10

    def scenario(self) -> Any:
        """Its study, as far as seeds and sizes go."""
        return replace(SCENARIO, seed_count=self.count, seats=self.seats)


@dataclass(frozen=True)
class Told:
    """An answer as far as a conversation looks at one."""

    draft: Asked
    seeds: int
    deep: bool = False


@dataclass
class FakeDesk:
    """A desk that answers at once, but waits where it is told to hold on; `log` has what it was asked."""

    threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(8))
    log: list[tuple[Any, ...]] = field(default_factory=list)
    held: dict[str, Event] = field(default_factory=dict)
    refused: dict[str, Exception] = field(default_factory=dict)

    def answer(self, draft: Asked, seeds: int, *, stop: Callable[[], bool], progress: Callable[..., None]) -> Told:
        """The first answer."""
        self.log.append(("answer", draft.name, seeds))
        progress(1, 4, "simulating")
        while draft.name in self.held and not self.held[draft.name].wait(0.01):
            if stop():
                self.log.append(("dropped", draft.name))
                raise SupersededError
        if draft.name in self.refused:
            raise self.refused[draft.name]
        return Told(draft, seeds)

    def deepen(self, answer: Told, **_: Any) -> Told:
        """The same, deep."""
        self.log.append(("deepen", answer.draft.name))
        return Told(answer.draft, answer.seeds, deep=True)

    def more(self, answer: Told, seeds: int, **_: Any) -> Told:
        """More seeds."""
        self.log.append(("more", answer.draft.name, seeds))
        return Told(answer.draft, seeds, deep=True)


async def until(true: Callable[[], bool]) -> None:
    """Wait for something to become true."""
    async with asyncio.timeout(PATIENCE):
        while not true():  # noqa: ASYNC110 - what becomes true may do so in a thread
            await asyncio.sleep(0.002)


def talking(desk: FakeDesk, story: Callable[[Conversation, list[tuple[Any, ...]]], Any]) -> list[tuple[Any, ...]]:
    """Have a conversation; what it showed at each change: answer's draft and seeds, stale, working, faults."""
    shown: list[tuple[Any, ...]] = []

    async def have() -> None:
        talk = Conversation(desk, lambda: shown.append(state()))  # type: ignore[arg-type]

        def state() -> tuple[Any, ...]:
            answer = talk.answer and (talk.answer.draft.name, talk.answer.seeds, talk.answer.deep)  # type: ignore[attr-defined]
            return answer, talk.stale, bool(talk.working), talk.faults

        await story(talk, shown)
        talk.close()

    asyncio.run(have())
    desk.threads.shutdown()
    return shown


def test_an_answer_is_followed_by_reasons_and_more_seeds():
    """First 32 seeds, then static prices and reasons, then more seeds in steps up to the study's number; each is shown."""
    desk = FakeDesk()

    async def story(talk, _):
        talk.ask(Asked("a", count=80))
        await until(lambda: not talk.working)
        assert (talk.stale, talk.faults, talk.progress) == (False, (), None)

    shown = talking(desk, story)

    assert desk.log == [("answer", "a", 32), ("deepen", "a"), ("more", "a", 64), ("more", "a", 80)]
    assert list(dict.fromkeys(state[0] for state in shown)) == [
        None, ("a", 32, False), ("a", 32, True), ("a", 64, True), ("a", 80, True),
    ]  # fmt: skip


def test_the_newest_question_wins_and_old_numbers_stay_marked():
    """A question drops the one before; meanwhile the last answer stays and is stale from the first moment on."""
    desk = FakeDesk(held={"b": Event()})

    async def story(talk, _):
        talk.ask(Asked("a", count=32))
        await until(lambda: not talk.working)
        talk.ask(Asked("b"))
        assert (talk.answer.draft.name, talk.stale, bool(talk.working)) == ("a", True, True)
        await until(lambda: ("answer", "b", 32) in desk.log)
        talk.ask(Asked("c", count=32))
        await until(lambda: not talk.working)
        await until(lambda: ("dropped", "b") in desk.log)

    shown = talking(desk, story)

    assert [state[0][0] for state in shown if state[0] and not state[1]][-1] == "c"
    assert all(state[0] is None or state[0][0] != "b" for state in shown)
    assert shown[-1] == (("c", 32, True), False, False, ())


def test_a_late_answer_is_not_shown():
    """An answer that arrives after another question was asked, because nobody could stop it, is thrown away."""
    desk = FakeDesk()
    go = Event()
    true_answer = desk.answer

    def slow(draft, seeds, **given):
        if draft.name == "a":
            go.wait(PATIENCE)
        return true_answer(draft, seeds, **given)

    desk.answer = slow  # type: ignore[method-assign]

    async def story(talk, _):
        talk.ask(Asked("a"))
        talk.ask(Asked("b", count=32))
        await until(lambda: not talk.working)
        go.set()
        await until(lambda: ("answer", "a", 32) in desk.log)
        await asyncio.sleep(0.02)

    shown = talking(desk, story)

    assert all(state[0] is None or state[0][0] == "b" for state in shown)


def test_a_refusal_is_told_and_the_old_answer_stays_stale():
    """What cannot be answered gives its sentences; the numbers from before stay, marked, until a question is answered."""
    desk = FakeDesk(refused={"b": ScenarioError(["One thing.", "Another."])})

    async def story(talk, _):
        talk.ask(Asked("a", count=32))
        await until(lambda: not talk.working)
        talk.ask(Asked("b"))
        await until(lambda: not talk.working)
        assert (talk.answer.draft.name, talk.stale, talk.faults) == ("a", True, ("One thing.", "Another."))
        talk.more_seeds()
        assert not talk.working
        talk.ask(Asked("c", count=32))
        await until(lambda: not talk.working)
        assert (talk.answer.draft.name, talk.stale, talk.faults) == ("c", False, ())

    talking(desk, story)


def test_what_nobody_foresaw_is_a_sentence_and_goes_to_the_log(caplog: pytest.LogCaptureFixture):
    """A fault of the program ends the question with a sentence; what happened stands in the terminal, not on the page."""
    desk = FakeDesk(refused={"a": ZeroDivisionError("secret")})

    async def story(talk, _):
        talk.ask(Asked("a"))
        await until(lambda: not talk.working)
        assert talk.faults == (FAILED,)

    with caplog.at_level(logging.CRITICAL + 1):
        talking(desk, story)


def test_more_seeds_double_up_to_the_most():
    """Each wish doubles what there is, while seeds are still coming too, up to 1,024."""
    desk = FakeDesk()

    async def story(talk, _):
        talk.more_seeds()  # without an answer it means nothing
        talk.ask(Asked("a", count=32))
        await until(lambda: not talk.working)
        talk.more_seeds()
        talk.more_seeds()
        await until(lambda: not talk.working)
        assert talk.answer.seeds == 128
        for _k in range(9):
            talk.more_seeds()
        await until(lambda: not talk.working)
        assert talk.answer.seeds == MOST_SEEDS
        talk.more_seeds()
        assert not talk.working

    talking(desk, story)
    steps = [entry[2] for entry in desk.log if entry[0] == "more"]

    assert steps[0] == 64
    assert steps[-1] == MOST_SEEDS
    assert steps == sorted(set(steps))


def test_a_study_of_any_number_of_seeds_is_not_worked_out_for_ever():
    """Seeds come up to 1,024 by themselves, whatever a file or a link asks for, and to fewer of a firm of many seats."""

    async def story(talk, _):
        talk.ask(Asked("many", count=100_000))
        await until(lambda: not talk.working)
        assert talk.answer.seeds == talk.most == MOST_SEEDS
        talk.ask(Asked("large", count=100_000, seats=MOST_WORK // SCENARIO.months // 2 // 40))
        await until(lambda: not talk.working)
        assert talk.answer.seeds == talk.most == 40
        talk.more_seeds()
        assert not talk.working

    talking(FakeDesk(), story)


def test_a_closed_page_asks_nothing_more():
    """When a page is closed, what it asked is dropped and nothing is shown."""
    desk = FakeDesk(held={"a": Event()})

    async def story(talk, shown):
        talk.ask(Asked("a"))
        await until(lambda: ("answer", "a", 32) in desk.log)
        talk.close()
        before = len(shown)
        await until(lambda: ("dropped", "a") in desk.log)
        await asyncio.sleep(0.02)
        assert len(shown) == before

    talking(desk, story)

"""What one page asks, and what it has been told: the newest question wins.

    talk = Conversation(desk, changed)     # in the event loop, as all that follows
    talk.ask(draft)                        # stale at once; then 32 seeds, static prices and reasons, more seeds
    talk.answer, talk.stale, talk.working  # what there is to show, whenever `changed` is called

A question is refused in `faults`; the answer from before stays, and stays marked.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from threading import Event
from typing import TYPE_CHECKING, Any

from simulation.app.answers.desk import FIRST_SEEDS
from simulation.app.answers.lanes import SupersededError
from simulation.app.answers.reach import seeds_in_reach
from simulation.errors import SimulationError

if TYPE_CHECKING:
    from simulation.app.answers.desk import Answer, Desk
    from simulation.app.drafts.draft import Draft

MOST_SEEDS = 1_024
"""Seeds that a page asks for at most."""
STEP = 32
"""Seeds added at once, or an eighth of those there are."""
BETWEEN = 1.0
"""[s] Between two reports of progress."""
FAILED = "The numbers could not be worked out for a reason that orgsim does not know; the terminal it runs in says more."
log = logging.getLogger(__name__)


class Conversation:
    """One page's questions and answers.

    Attributes
    ----------
    answer : the last one there is, or None
    stale : whether it is the answer to an earlier question
    working : what is being worked out, "" when nothing is
    progress : how far, 0 to 1; None where that is not known
    faults : why the last question was refused, a sentence each
    most : the most seeds that the page works out of what is asked
    """

    def __init__(self, desk: Desk, changed: Callable[[], None]) -> None:
        self._desk, self._changed = desk, changed
        self.answer: Answer | None = None
        self.stale = False
        self.working = ""
        self.progress: float | None = None
        self.faults: tuple[str, ...] = ()
        self.most = 0
        self._over = Event()
        self._goal = 0
        self._task: asyncio.Task[None] | None = None

    def ask(self, draft: Draft) -> None:
        """Ask what becomes of a draft; whatever was asked before is dropped."""
        self.stale = self.answer is not None
        self._goal = 0
        self._begin(lambda over: self._ask(draft, over), _words(FIRST_SEEDS))

    def more_seeds(self) -> None:
        """Ask for twice the seeds there are, or are on their way, up to `most`."""
        if self.answer is None or self.stale:
            return
        self._goal = min(2 * max(self.answer.seeds, self._goal), self.most)
        if not self.working and self._goal > self.answer.seeds:
            self._begin(self._follow, _words(self._goal))

    def close(self) -> None:
        """Ask nothing more."""
        self._over.set()
        if self._task is not None:
            self._task.cancel()

    def _begin(self, work: Callable[[Event], Any], words: str) -> None:
        """Drop what is under way, and do this instead."""
        self._over.set()
        self._over = over = Event()
        self._show(words)
        self._task = asyncio.get_running_loop().create_task(self._refusing(work, over))

    async def _refusing(self, work: Callable[[Event], Any], over: Event) -> None:
        """Work whose refusals are told."""
        try:
            await work(over)
        except SupersededError:
            pass
        except SimulationError as refusal:
            self._end(over, refusal.faults)
        except Exception:
            log.exception("a question failed")
            self._end(over, (FAILED,))
        else:
            self._end(over, ())

    async def _ask(self, draft: Draft, over: Event) -> None:
        """Answer a draft, then say more of it."""
        answer = await self._done(over, self._desk.answer, draft, FIRST_SEEDS)
        wanted, self.most = await self._done(over, _sizes, draft)
        self._take(answer)
        self._goal = max(answer.seeds, min(wanted, self.most))
        await self._follow(over)

    async def _follow(self, over: Event) -> None:
        """Deepen the answer, then add seeds up to the goal, which may rise meanwhile."""
        answer = self.answer
        while answer is not None and (not answer.deep or answer.seeds < self._goal):
            if not answer.deep:
                self._show("static prices and reasons")
                answer = await self._done(over, self._desk.deepen, answer)
            else:
                seeds = min(answer.seeds + max(STEP, answer.seeds // 8), self._goal)
                self._show(_words(seeds))
                answer = await self._done(over, self._desk.more, answer, seeds)
            self._take(answer)

    async def _done(self, over: Event, work: Callable[..., Any], *given: Any) -> Any:
        """What the desk returns, worked out in a thread; raises SupersededError when another question has been asked."""
        loop = asyncio.get_running_loop()
        extra = {} if work is _sizes else {"stop": over.is_set, "progress": self._hearing(loop, over)}
        found = await loop.run_in_executor(self._desk.threads, partial(work, *given, **extra))
        if over.is_set():
            raise SupersededError
        return found

    def _hearing(self, loop: asyncio.AbstractEventLoop, over: Event) -> Callable[[int, int, str], None]:
        """What the desk tells its progress to, from another thread."""
        told = loop.time()

        def hear(done: int, total: int, _: str) -> None:
            nonlocal told
            if loop.time() >= told + BETWEEN and not over.is_set():
                told = loop.time()
                loop.call_soon_threadsafe(tell, done / max(total, 1))

        def tell(share: float) -> None:
            if not over.is_set():
                self._show(self.working, share)

        return hear

    def _take(self, answer: Answer) -> None:
        """Show an answer."""
        self.answer, self.stale, self.faults = answer, False, ()
        self._changed()

    def _end(self, over: Event, faults: tuple[str, ...]) -> None:
        """Nothing is worked out any more."""
        if not over.is_set():
            self.faults = faults
            self._show("")

    def _show(self, working: str, progress: float | None = None) -> None:
        self.working, self.progress = working, progress
        self._changed()


def _words(seeds: int) -> str:
    return f"figures at {seeds:,} seeds"


def _sizes(draft: Draft) -> tuple[int, int]:
    """The number of seeds that the study asks for, and the most that the page works out."""
    scenario = draft.scenario()
    return scenario.seed_count, min(MOST_SEEDS, seeds_in_reach(scenario))

"""Processes that stand by for as long as a server lives, and answer one question after another.

    crew = Workers(2, cells=Recent(), pool=Attendants(2))

Seeds go where they went before: a process that has warmed an organisation up finds it again. A question that nobody waits for any
more is dropped in the middle of its tasks, within a month of theirs.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Collection, Hashable
from concurrent.futures import FIRST_COMPLETED, wait
from itertools import count as numbers
from typing import Any

from simulation.experiment.work.cores import LOST, Cores, Listener
from simulation.experiment.work.sharing import Shared

GLANCE = 0.02
"""[s] Between two looks at whether anybody still waits."""
MOST_HOMES = 4_096
"""Places of seeds that are remembered."""
BUSY = 2
"""Tasks more than another process from which one is passed by, whatever it has warmed up."""


class Attendants:
    """`count` processes, each with tasks of its own; one thread at a time hands tasks out and waits for them.

    Parameters
    ----------
    count : int
        Number of processes.
    niceness, lost
        As for `Cores`.
    heed : function, optional
        Called at every look; what it raises ends the wait.
    """

    def __init__(
        self, count: int, *, niceness: int = 0, lost: str = LOST, heed: Callable[[], object] = lambda: None
    ) -> None:
        self.count = count
        self._cores = [Cores(1, niceness=niceness, lost=lost) for _ in range(count)]
        self._heed = heed
        self._tickets = numbers()
        self._given: dict[int, tuple[int, int]] = {}
        self._homes: OrderedDict[Hashable, int] = OrderedDict()

    @property
    def started(self) -> bool:
        """Always: even a single task is theirs, and never done by the server's own process."""
        return True

    @property
    def broken(self) -> bool:
        """Whether one has died: then nothing more can be asked of them."""
        return any(core.broken for core in self._cores)

    def begin(self) -> None:
        """Start the processes and let them load what they need, without waiting for it."""
        for core in self._cores:
            core.hand_out(_be_ready, (), None)

    def hand_out(self, work: Callable[..., Any], task: tuple[Any, ...], listener: Listener | None) -> int:
        """Give a task to the process that had its seeds before, or else to the one with least to do; returns a ticket."""
        place = self._place(home_of(task))
        ticket = next(self._tickets)
        self._given[ticket] = place, self._cores[place].hand_out(work, task, listener)
        return ticket

    def wait(self, tickets: Collection[int], seconds: float) -> list[int]:
        """Tickets whose tasks have ended; none where it is time for another look. Raises what `heed` raises."""
        by_future = {self._cores[place].future(own): ticket for ticket in tickets for place, own in [self._given[ticket]]}
        done = wait(by_future, min(seconds, GLANCE), FIRST_COMPLETED).done
        for core in self._cores:
            core.pass_on()
        self._heed()
        return sorted(by_future[future] for future in done)

    def result(self, ticket: int) -> Any:
        """What a task returned, to be asked for once; raises what it raised, or RunError when its process died."""
        place, own = self._given.pop(ticket)
        return self._cores[place].result(own)

    def drop(self, tickets: Collection[int]) -> None:
        """Forget tasks that nobody waits for; those that have begun stop soon."""
        for ticket in tickets:
            place, own = self._given.pop(ticket)
            self._cores[place].drop([own])

    def end(self, *, at_once: bool = False) -> None:
        """Let the processes go; `at_once` in the middle of their tasks."""
        for core in self._cores:
            core.end(at_once=at_once)

    def _place(self, home: Hashable) -> int:
        """The process for a task."""
        busy, at_home = Counter(place for place, _ in self._given.values()), Counter(self._homes.values())
        free = min(range(self.count), key=lambda place: (busy[place], at_home[place]))
        place = self._homes.get(home, free)
        if busy[place] >= busy[free] + BUSY:
            return free
        self._homes[home] = place
        self._homes.move_to_end(home)
        while len(self._homes) > MOST_HOMES:
            self._homes.popitem(last=False)
        return place


def home_of(task: tuple[Any, ...]) -> tuple[str, tuple[int, ...]]:
    """What the warm-up of a task of `tasks` or `variants` hangs on: the digest of its ground, and its first seeds."""
    ground, *_, parts = task
    own = ground.thing if isinstance(ground, Shared) else ground
    return own.digest, parts[0][1] if isinstance(parts, list) else parts


def _be_ready(_: object) -> None:
    """A task that does nothing, once the code of others is loaded."""
    import simulation.experiment.batch.equal_cost  # noqa: F401

"""Who waits for whom: processes that answer questions one at a time, first come, first served.

A question that has been superseded leaves the queue, or its tasks, as soon as it is noticed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition

from simulation.errors import RunError
from simulation.experiment.cells.recent import Recent
from simulation.experiment.work.attendants import Attendants
from simulation.experiment.work.workers import Workers

Stop = Callable[[], bool]
"""Whether nobody waits for an answer any more."""
LOOK = 0.05
"""[s] Between two looks, while a question waits for its turn, at whether anybody still waits for its answer."""
PARTING = 5.0
"""[s] That a question has to notice that the server ends."""
LOST = "ask again, with fewer seeds or seats if it happens again"


class SupersededError(Exception):
    """Nobody waits for the answer any more."""


class Lane:
    """Processes, and the questions that wait for them; they start with the first.

    Parameters
    ----------
    count : int
        Number of processes.
    cells : Recent
        Where what is simulated is kept.
    niceness : int
        How far the processes stand behind others.
    """

    def __init__(self, count: int, cells: Recent, *, niceness: int = 0) -> None:
        self._count, self._cells, self._niceness = count, cells, niceness
        self._queue: deque[object] = deque()
        self._gate = Condition()
        self._closed = False
        self._stop: Stop = lambda: False
        self._pool: Attendants | None = None
        self._crew: Workers | None = None

    @contextmanager
    def turn(self, stop: Stop) -> Iterator[Workers]:
        """The processes for one question, once those that came before have theirs.

        Raises SupersededError when `stop` says so, before or meanwhile, or the lane is closed. After the death of a process the
        next question is given new ones.
        """
        with self._next(stop):
            self._stop = stop
            try:
                yield self.begin()
            except RunError:
                if self._pool is not None and self._pool.broken:
                    self._end()
                raise
            finally:
                self._stop = lambda: False

    def begin(self) -> Workers:
        """The processes, started if they are not there."""
        if self._pool is None or self._crew is None:
            self._pool = Attendants(self._count, niceness=self._niceness, lost=LOST, heed=self._heed)
            self._crew = Workers(self._count, cells=self._cells, pool=self._pool)
            self._pool.begin()
        return self._crew

    def close(self) -> None:
        """Answer nothing more; what is under way is superseded."""
        with self._gate:
            self._closed = True
            self._gate.notify_all()
            self._gate.wait_for(lambda: not self._queue, PARTING)
            self._end()

    def rest(self) -> None:
        """Let the processes go unless a question has them or waits for them."""
        with self._gate:
            if not self._queue:
                self._end()

    @contextmanager
    def _next(self, stop: Stop) -> Iterator[None]:
        """Wait in the queue until one is first in it."""
        me = object()
        over = lambda: self._closed or stop()  # noqa: E731
        with self._gate:
            self._queue.append(me)
        try:
            with self._gate:
                while not self._gate.wait_for(lambda: over() or self._queue[0] is me, LOOK):
                    pass
            if over():
                raise SupersededError
            yield
        finally:
            with self._gate:
                self._queue.remove(me)
                self._gate.notify_all()

    def _heed(self) -> None:
        if self._closed or self._stop():
            raise SupersededError

    def _end(self) -> None:
        if self._crew is not None:
            self._crew.end(at_once=True)
        self._pool = self._crew = None

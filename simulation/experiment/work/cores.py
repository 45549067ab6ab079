"""Tasks done by processes of this machine: new interpreters by loky that never import the caller's `__main__`.

Tasks and results travel through pipes. A worker ends as soon as its parent does, however that comes about.
It has the user's own levers as the parent loaded them, and does nothing where the files of orgsim have changed meanwhile.
"""

from __future__ import annotations

import os
import signal
import warnings
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from contextlib import contextmanager, suppress
from itertools import count as numbers
from multiprocessing import resource_tracker
from threading import Thread
from typing import Any, ClassVar

from simulation.errors import RunError, SimulationError
from simulation.experiment.digests import code_digest, engine_digest
from simulation.experiment.work.sharing import Kept, Shelf
from simulation.levers import Source, add_source, outside_sources

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1")
"""Environment of a worker: libraries start no threads of their own beside the processes."""
LARGE_PAGES = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}
"""The same: memory in large pages where the system has them to give, which saves a tenth of the time; elsewhere nothing."""
LOST = "start the same command again with fewer --processes"
"""What to do when a worker has died."""
Listener = Callable[[int], object]


def worker_environment() -> dict[str, str]:
    """What a worker's environment has beside ours; large pages as the user has them, if they are set."""
    return ONE_THREAD | {key: os.environ.get(key, value) for key, value in LARGE_PAGES.items()}


class Cores:
    """`count` processes, which start with the first task.

    niceness : how far behind other processes of this machine they stand, where the system knows of that
    lost : what to do when one has died, as the end of a sentence
    """

    def __init__(self, count: int, *, niceness: int = 0, lost: str = LOST) -> None:
        self.count = count
        self.niceness, self.lost = niceness, lost
        self.broken = False
        self.shelf = Shelf()
        self._executor: Any = None
        self._told: Any = None
        self._lifeline: Any = None
        self._counter: Any = None
        self._tickets = numbers()
        self._futures: dict[int, Future[Any]] = {}
        self._listeners: dict[int, Listener] = {}

    @property
    def started(self) -> bool:
        """Whether the processes are there."""
        return self._executor is not None

    def hand_out(self, work: Callable[..., Any], task: tuple[Any, ...], listener: Listener | None) -> int:
        """Give a task to whichever process is free; returns a ticket for its result. Raises RunError when a worker died."""
        ticket = next(self._tickets)
        named = self.shelf.named(task)
        if listener is not None:
            self._listeners[ticket] = listener
        with _undisturbed(), self._in_words():
            if self._executor is None:
                self._start()
            self._futures[ticket] = self._executor.submit(_do, work, named, None if listener is None else ticket)
        return ticket

    def wait(self, tickets: Collection[int], seconds: float) -> list[int]:
        """Tickets whose tasks have ended, once there is one or the time is over; progress is passed on."""
        by_future = {self.future(ticket): ticket for ticket in tickets}
        done = wait(by_future, seconds, FIRST_COMPLETED).done
        self.pass_on()
        return sorted(by_future[future] for future in done)

    def future(self, ticket: int) -> Future[Any]:
        """What a task will have returned."""
        return self._futures[ticket]

    def result(self, ticket: int) -> Any:
        """What a task returned, to be asked for once; raises what it raised, or RunError when its worker died."""
        self._listeners.pop(ticket, None)
        with self._in_words():
            return self._futures.pop(ticket).result()

    def drop(self, tickets: Collection[int]) -> None:
        """Forget tasks that nobody waits for; those that have not begun are not done.

        A single process also stops in the middle of one, the next time it reports.
        """
        for ticket in tickets:
            self._listeners.pop(ticket, None)
            if not self._futures.pop(ticket).cancel() and self.count == 1 and not self.broken:
                with suppress(OSError):  # the process may die at this moment
                    self._lifeline.send(ticket)

    def end(self, *, at_once: bool = False) -> None:
        """Stop the processes; `at_once` in the middle of their tasks."""
        if self._executor is not None:
            self._executor.shutdown(wait=True, kill_workers=at_once)
            self._executor = None
            self._lifeline.close()
            self._counter.close()

    def _start(self) -> None:
        from loky import ProcessPoolExecutor
        from loky.backend import get_context

        warnings.filterwarnings("ignore", "Failed to kill subprocesses", UserWarning)  # without pgrep; workers have none
        context = get_context("loky")  # the one that leaves the caller's __main__ alone
        self._told = context.SimpleQueue()
        line, self._lifeline = context.Pipe(duplex=False)
        hatch, self._counter = context.Pipe()
        Thread(target=_serve, args=(hatch, self.shelf), daemon=True).start()
        self._executor = ProcessPoolExecutor(
            self.count, context=context, initializer=_begin, env=worker_environment(),
            initargs=((self._told, line, self._counter, context.Lock()), outside_sources(), _loaded_code(), self.niceness),
        )  # fmt: skip

    def pass_on(self) -> None:
        """Report what the workers have done since the last look."""
        while self._told is not None and not self._told.empty():
            ticket, elements = self._told.get()
            if ticket in self._listeners:
                self._listeners[ticket](elements)

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        """The death of a worker as a sentence."""
        try:
            yield
        except (BrokenExecutor, MemoryError):
            self.broken = True
            which = "A worker process" if self.count == 1 else f"One of {self.count} worker processes"
            raise RunError(f"{which} was stopped, by hand or by the system for want of memory; {self.lost}") from None


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Processes started in here never hear Ctrl-C, which a terminal sends to all; their parent hears it and ends them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # or its own start would lift the block
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(hatch: Any, shelf: Shelf) -> None:
    """Hand shared things to workers that ask for them, until the workers are gone."""
    with suppress(EOFError, OSError):
        while True:
            hatch.send_bytes(shelf.payload(hatch.recv()))


class _Here:
    """What a worker holds for as long as it lives."""

    told: ClassVar[Any] = None
    counter: ClassVar[Any] = None
    turn: ClassVar[Any] = None
    kept: ClassVar[Kept] = Kept()
    trouble: ClassVar[str] = ""
    """Why the user's levers cannot be loaded here."""
    code: ClassVar[tuple[str, str] | None] = None
    """What the parent's code is called; None once this worker's is known to be the same."""
    dropped: ClassVar[set[int]] = set()
    """Tasks that nobody waits for any more."""


class _DroppedError(Exception):
    """Ends a task that nobody waits for."""


def _begin(ways: tuple[Any, Any, Any, Any], own: tuple[Source, ...], code: tuple[str, str], niceness: int) -> None:
    """Prepare a worker: where to report and to ask, a watch on the parent, and the levers that are the user's own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if niceness and hasattr(os, "nice"):
        os.nice(niceness)
    _Here.told, line, _Here.counter, _Here.turn = ways
    _Here.code = code
    Thread(target=_end_with_parent, args=(line,), daemon=True).start()
    try:
        for source in own:
            add_source(source)
    except SimulationError as problem:
        _Here.trouble = str(problem)


def _loaded_code() -> tuple[str, str]:
    """Equal where two processes compute alike: digests of the engine with the user's levers, and of all code of tasks."""
    return engine_digest(), code_digest()


def _be_alike() -> None:
    """Raise RunError unless this worker's code is the parent's.

    Asked once, when the first task is here and the code behind it is loaded: what changed before it was loaded is seen.
    """
    if _Here.code is None:
        return
    if _Here.trouble:
        raise RunError(f"A worker process cannot take part: {_Here.trouble}")
    if _Here.code != _loaded_code():
        raise RunError(
            "Files of orgsim changed while this command ran, and its worker processes would compute otherwise; "
            "start the same command again"
        )
    _Here.code = None


def _end_with_parent(line: Any) -> None:
    """Hear which tasks are dropped until the other end of the line, which only the parent holds, is closed."""
    try:
        while True:
            _Here.dropped.add(line.recv())
    except (EOFError, OSError):
        os._exit(1)


def _do(work: Callable[..., Any], task: tuple[Any, ...], ticket: int | None) -> Any:
    """One task, in a worker; what it lacks is asked for first. Raises _DroppedError once it hears that nobody waits for it."""
    _be_alike()
    _stop_if_dropped(ticket)
    for digest in _Here.kept.lacks(task):
        with _Here.turn:
            _Here.counter.send(digest)
            payload = _Here.counter.recv_bytes()
        _Here.kept.keep(payload)

    def tell(elements: int) -> None:
        _stop_if_dropped(ticket)
        _Here.told.put((ticket, elements))

    return work(*_Here.kept.whole(task), None if ticket is None else tell)


def _stop_if_dropped(ticket: int | None) -> None:
    """Raise _DroppedError where a task was dropped; tickets rise, so those before it are over."""
    if ticket is not None and _Here.dropped:
        if ticket in _Here.dropped:
            raise _DroppedError
        _Here.dropped -= {other for other in _Here.dropped.copy() if other < ticket}

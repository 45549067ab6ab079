"""Processes that share the work of a run, or of several runs in a row.

A process takes about a second to start, most of it imports, so small work stays in this one, and one set of processes
serves all runs of a command. Workers are new interpreters that never import the caller's `__main__`: a script needs
no guard. Tasks and results travel through pipes. Results come back in the order of the tasks, so nothing depends on which
worker did what. A worker ends as soon as its parent does, however that comes about.
"""

from __future__ import annotations

import os
import signal
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, BrokenExecutor, wait
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import pairwise
from multiprocessing import resource_tracker
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar

from simulation.errors import RunError, ScenarioError
from simulation.levers import add_files, outside_files

Advance = Callable[[int], None]
LARGE = 4_000_000
"""[rep-months] Work from which processes are started unasked; `python benchmarks/processes.py` measures where it pays."""
MOST_A_CORE = 4
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1")
"""Environment of a worker: libraries start no threads of their own beside the processes."""
LARGE_PAGES = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}
"""The same: memory in large pages where the system has them to give, which saves a tenth of the time; elsewhere nothing."""
GLANCE = 0.1
"""[s] Between two looks at how far the workers have come."""


def checked(processes: int | None, where: str = "processes") -> int | None:
    """The number of processes asked for, None if none was. Raises ScenarioError when it is absurd."""
    if processes is None:
        return None
    from loky import cpu_count

    most = MOST_A_CORE * cpu_count()
    if isinstance(processes, bool) or not isinstance(processes, int) or not 1 <= processes <= most:
        raise ScenarioError(
            f"{where} = {processes} is refused; on this machine it takes a whole number in [1, {most}], "
            f"{MOST_A_CORE} for each core; leave it out for one a core when the work is large"
        )
    return processes


@contextmanager
def workers(processes: int | None = None, *, rep_months: float, side_by_side: int | None = None) -> Iterator[Workers]:
    """The workers of all runs in a `with` block; they end with it.

    Parameters
    ----------
    processes : int, optional
        How many; left out, one a core if the work is large, else none beside this process.
    rep_months : float [rep-months]
        All work ahead in the block.
    side_by_side : int, optional
        The most tasks that can be done at once; more processes are not started.

    Raises
    ------
    ScenarioError
        When the number of processes is absurd.
    """
    count = checked(processes)
    if count is None:
        count = 1
        if rep_months >= LARGE:
            from loky import cpu_count

            count = cpu_count()
    crew = Workers(min(count, side_by_side or count))
    try:
        yield crew
    except BaseException:
        crew.end(at_once=True)
        raise
    crew.end()


def shared_workers(
    processes: int | Workers | None, *, rep_months: float, side_by_side: int | None = None
) -> AbstractContextManager[Workers]:
    """As `workers`; those of another `with` block are taken as they are, and live on."""
    if isinstance(processes, Workers):
        return nullcontext(processes)
    return workers(processes, rep_months=rep_months, side_by_side=side_by_side)


class Workers:
    """`count` processes that do tasks; with one, tasks are done in this process. They start with the first tasks."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._executor: Any = None
        self._told: Any = None
        self._lifeline: Any = None

    def shares(self, things: Sequence[Any], at_most: int) -> list[Sequence[Any]]:
        """Things in as many parts of nearly equal length as keep every worker busy, none longer than `at_most`."""
        parts = -(-len(things) // at_most)
        parts = min(-(-parts // self.count) * self.count, len(things))
        ends = [len(things) * k // parts for k in range(parts + 1)]
        return [things[a:b] for a, b in pairwise(ends)]

    def each(self, work: Callable[..., Any], tasks: Sequence[tuple[Any, ...]], advance: Advance | None = None) -> list[Any]:
        """`work(*task, advance)` of every task, in the order of the tasks.

        Raises RunError when a worker dies.
        """
        if self.count == 1 or (len(tasks) == 1 and self._executor is None):
            return [work(*task, advance) for task in tasks]
        try:
            with _undisturbed():
                if self._executor is None:
                    self._start()
                running = [self._executor.submit(_do, work, task, advance is not None) for task in tasks]
            ahead = set(running)
            while ahead:
                ahead = wait(ahead, GLANCE, FIRST_EXCEPTION).not_done
                self._pass_on(advance)
                if any(future.exception() for future in running if future.done()):
                    break
            results = [future.result() for future in running]
            self._pass_on(advance)
        except (BrokenExecutor, MemoryError):
            raise RunError(
                f"One of {self.count} worker processes was stopped, by hand or by the system for want of memory; "
                "start the same command again with fewer --processes"
            ) from None
        return results

    def end(self, *, at_once: bool = False) -> None:
        """Stop the processes; `at_once` in the middle of their tasks."""
        if self._executor is not None:
            self._executor.shutdown(wait=True, kill_workers=at_once)
            self._executor = None
            self._lifeline.close()

    def _start(self) -> None:
        from loky import ProcessPoolExecutor
        from loky.backend import get_context

        warnings.filterwarnings("ignore", "Failed to kill subprocesses", UserWarning)  # without pgrep; workers have none
        context = get_context("loky")  # the one that leaves the caller's __main__ alone
        self._told = context.SimpleQueue()
        own = tuple(path for path in outside_files() if path.suffix == ".py")
        line, self._lifeline = context.Pipe(duplex=False)
        self._executor = ProcessPoolExecutor(
            self.count, context=context, initializer=_begin, initargs=(self._told, line, own),
            env=ONE_THREAD | {key: os.environ.get(key, value) for key, value in LARGE_PAGES.items()},
        )

    def _pass_on(self, advance: Advance | None) -> None:
        """Report what the workers have done since the last look."""
        while advance is not None and not self._told.empty():
            advance(self._told.get())


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


class _Here:
    """What a worker holds for as long as it lives."""

    told: ClassVar[Any] = None


def _begin(told: Any, line: Any, own: tuple[Path, ...]) -> None:
    """Prepare a worker: where to report, a watch on the parent, and the levers that are the user's own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _Here.told = told
    add_files(own)
    Thread(target=_end_with_parent, args=(line,), daemon=True).start()


def _end_with_parent(line: Any) -> None:
    """Wait until the other end of the line, which only the parent holds, is closed."""
    try:
        line.recv_bytes()
    except (EOFError, OSError):
        os._exit(1)


def _do(work: Callable[..., Any], task: tuple[Any, ...], telling: bool) -> Any:
    """One task, in a worker."""
    return work(*task, _Here.told.put if telling else None)

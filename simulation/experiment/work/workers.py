"""Who shares the work of a run, or of several runs in a row: this process, processes on all cores, or a pool that is given.

A process takes about a second to start, most of it imports, so small work stays in this one, and one set of workers
serves all runs of a command. Workers never import the caller's `__main__`: a script needs no guard.
A result depends on its task alone, so nothing depends on which worker did what, or in which order.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import islice, pairwise
from typing import Any, Protocol

from simulation.errors import ScenarioError
from simulation.experiment.work.cores import Cores
from simulation.experiment.work.interruption import Stop, at_once, finishing
from simulation.experiment.work.sharing import Shared, in_place

Advance = Callable[[int], None]
LARGE = 4_000_000
"""[rep-months] Work from which processes are started unasked; `python benchmarks/processes.py` measures where it pays."""
MOST_A_CORE = 4
BACKLOG = 2
"""Tasks a worker that are handed out: one it does and one that waits, so that it never idles and little is left on Ctrl-C."""
GLANCE = 0.1
"""[s] Between two looks at how far the workers have come."""


def core_count() -> int:
    """How many cores this process may use."""
    from loky import cpu_count

    return int(cpu_count())


def checked(processes: int | None, where: str = "processes") -> int | None:
    """The number of processes asked for, None if none was. Raises ScenarioError when it is absurd."""
    if processes is None:
        return None
    most = MOST_A_CORE * core_count()
    if isinstance(processes, bool) or not isinstance(processes, int) or not 1 <= processes <= most:
        raise ScenarioError(
            f"{where} = {processes} is refused; on this machine it takes a whole number in [1, {most}], "
            f"{MOST_A_CORE} for each core; leave it out for one a core when the work is large"
        )
    return processes


@contextmanager
def workers(
    processes: int | None = None,
    *,
    rep_months: float,
    side_by_side: int | None = None,
    cells: Any = None,
) -> Iterator[Workers]:
    """The workers of all runs in a `with` block, on this machine; they end with it. For a cluster's see `cluster.workers_at`.

    Parameters
    ----------
    processes : int, optional
        How many; left out, one a core if the work is large, else none beside this process.
    rep_months : float [rep-months]
        All work ahead in the block.
    side_by_side : int, optional
        The most tasks that can be done at once; more processes are not started.
    cells : optional
        Where results are kept as they come; see `Workers`.

    Raises ScenarioError when the number of processes is absurd.
    """
    count = checked(processes)
    if count is None:
        count = core_count() if rep_months >= LARGE else 1
    with at_work(Workers(min(count, side_by_side or count), cells=cells)) as crew:
        yield crew


@contextmanager
def at_work(crew: Workers) -> Iterator[Workers]:
    """Workers for a `with` block; they end with it, in the middle of their tasks where it fails."""
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


class Pool(Protocol):
    """Workers beside this process, as `Workers` sees them."""

    count: int

    @property
    def started(self) -> bool:
        """Whether the workers are there."""

    def hand_out(self, work: Callable[..., Any], task: tuple[Any, ...], listener: Advance | None) -> int:
        """Give a task to whichever worker is free; returns a ticket for its result."""

    def wait(self, tickets: Collection[int], seconds: float) -> list[int]:
        """Tickets whose tasks have ended, once there is one or the time is over; progress is passed on."""

    def result(self, ticket: int) -> Any:
        """What a task returned, to be asked for once; raises what it raised."""

    def drop(self, tickets: Collection[int]) -> None:
        """Forget tasks that nobody waits for."""

    def end(self, *, at_once: bool = False) -> None:
        """Let the workers go; `at_once` in the middle of their tasks."""


class Workers:
    """`count` workers that do tasks; with one, tasks are done in this process. They start with the first tasks.

    cells : where the results of tasks are kept as they come, if they are; then Ctrl-C first lets running tasks end
    """

    def __init__(self, count: int, *, cells: Any = None, pool: Pool | None = None) -> None:
        self.count = count
        self.cells = cells
        self._pool: Pool | None = pool or (Cores(count) if count > 1 else None)

    def shares(self, things: Sequence[Any], at_most: int, beside: int = 1) -> list[Sequence[Any]]:
        """Things in as many parts of nearly equal length as keep every worker busy, none longer than `at_most`.

        Where `beside` sequences of things are shared out at once, every worker need only be busy with all of them.
        """
        parts, wanted = -(-len(things) // at_most), -(-self.count // max(beside, 1))
        parts = min(-(-parts // wanted) * wanted, len(things))
        ends = [len(things) * k // parts for k in range(parts + 1)]
        return [things[a:b] for a, b in pairwise(ends)]

    def share(self, thing: Any) -> Shared:
        """What may stand as an argument in many tasks for a large thing, which then goes to each worker once.

        `work` is given the thing itself. Nobody may change it meanwhile.
        """
        return Shared(thing)

    def each(self, work: Callable[..., Any], tasks: Sequence[tuple[Any, ...]], advance: Advance | None = None) -> list[Any]:
        """`work(*task, advance)` of every task, in the order of the tasks; see `finished`."""
        done = dict(self.finished(work, tasks, advance))
        return [done[place] for place in range(len(tasks))]

    def finished(
        self, work: Callable[..., Any], tasks: Sequence[tuple[Any, ...]], advance: Advance | None = None
    ) -> Iterator[tuple[int, Any]]:
        """The place of each task and `work(*task, advance)`, as tasks end, in any order: to be used up, or closed.

        Only a small backlog is handed out. Where results are kept in `cells`, the first Ctrl-C hands out nothing more;
        what runs is finished and yielded. The second stops at once, as the first does where nothing is kept.

        Raises
        ------
        KeyboardInterrupt
            After the last result, when it was asked for meanwhile.
        RunError
            When a worker dies.
        Exception
            What a task raises; of several, that of the first in order, as if tasks were done one by one.
        """
        with at_once() if self.cells is None else finishing() as stop:
            if self._pool is None or (len(tasks) == 1 and not self._pool.started):
                yield from _one_by_one(work, tasks, advance, stop)
            else:
                yield from _side_by_side(self._pool, work, tasks, advance, stop)
            if stop.asked:
                raise KeyboardInterrupt

    def end(self, *, at_once: bool = False) -> None:
        """Let the workers go; `at_once` in the middle of their tasks."""
        if self._pool is not None:
            self._pool.end(at_once=at_once)


def _one_by_one(
    work: Callable[..., Any], tasks: Sequence[tuple[Any, ...]], advance: Advance | None, stop: Stop
) -> Iterator[tuple[int, Any]]:
    """Tasks done in this process."""
    for place, task in enumerate(tasks):
        if stop.asked:
            return
        yield place, work(*in_place(task), advance)


def _side_by_side(
    pool: Pool, work: Callable[..., Any], tasks: Sequence[tuple[Any, ...]], advance: Advance | None, stop: Stop
) -> Iterator[tuple[int, Any]]:
    """Tasks done by workers. After a failure only those before it are waited for: one of them may fail too."""
    ahead = iter(enumerate(tasks))
    running: dict[int, int] = {}
    failed, failure = len(tasks), None
    try:
        while True:
            if not stop.asked and failure is None:
                for place, task in islice(ahead, max(0, BACKLOG * pool.count - len(running))):
                    running[pool.hand_out(work, task, advance)] = place
            if not any(place < failed for place in running.values()):
                break
            for ticket in pool.wait(running, GLANCE):
                place = running.pop(ticket)
                try:
                    result = pool.result(ticket)
                except Exception as problem:  # noqa: BLE001 - it is raised below, once it is known to be the first
                    if place < failed:
                        failed, failure = place, problem
                else:
                    yield place, result
    finally:
        pool.drop(running)
    if failure is not None:
        raise failure

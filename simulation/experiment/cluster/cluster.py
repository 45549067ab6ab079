"""Tasks done by a Dask cluster: one that somebody runs, by its address, or one of this machine for as long as it is needed.

Every worker is asked how it computes before it does any task; unlike ones are refused, so that one run never mixes bits.
A worker that joins later, or lacks a shared thing, answers so; it is greeted, or sent what it lacks, and the task is handed
out again. Dask hands out anew what a worker did not finish before it died, and results depend on tasks alone.
"""

from __future__ import annotations

import pickle
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count as numbers
from subprocess import Popen
from typing import Any
from uuid import uuid4

from simulation.errors import RunError, ScenarioError
from simulation.experiment.cluster import worker as cluster_worker
from simulation.experiment.cluster.start import LOCAL, checked_address, connected, ended, lacking, left, started_here
from simulation.experiment.cluster.worker import DONE, LACKS, STRANGER, Answer, Greeting, likeness
from simulation.experiment.work.sharing import Shelf
from simulation.experiment.work.workers import Workers, at_work, checked, core_count
from simulation.levers import outside_sources

WORDS = ("the engine", "orgsim's code", "floating point", "NumPy", "pandas", "Python")
"""What the fields of a `Likeness` are called."""
LOOK = 2.0
"""[s] Between two looks at who is there."""
NOBODY = 60.0
"""[s] Without any worker or any answer, after which a run stops."""
GLIMPSE = 5.0
"""[s] Waited for the scheduler's answer at a look."""
Listener = Callable[[int], object]


@contextmanager
def workers_at(scheduler: str, processes: int | None = None, *, cells: Any = None) -> Iterator[Workers]:
    """The workers of a Dask cluster for all runs in a `with` block; they are left, or end, with it.

    Parameters
    ----------
    scheduler : str
        The cluster's address, as "tcp://192.168.0.5:8786"; or "local" for Dask workers of this machine.
    processes : int, optional
        How many of this machine; left out, one a core. Dask comes with the extra `cluster`.
    cells : optional
        Where results are kept as they come; see `Workers`.

    Raises
    ------
    ScenarioError
        When the address is none, or the number of processes is absurd.
    RunError
        When no cluster answers at the address, or its workers compute otherwise than this process.
    """
    checked_address(scheduler)
    count = checked(processes)
    if count is not None and scheduler != LOCAL:
        raise ScenarioError(f"processes = {count} is refused: the cluster at {scheduler} has its workers; leave it out")
    pool = Cluster(scheduler, core_count() if count is None else count)
    with at_work(Workers(pool.count, cells=cells, pool=pool)) as crew:
        yield crew


@dataclass
class _Job:
    """A task that is handed out; `task` keeps alive what it shares."""

    pickled: bytes
    task: tuple[Any, ...]
    listener: Listener | None
    future: Any
    answer: Answer | None = None


class Cluster:
    """The workers of a Dask cluster at an address, or "local": `processes` workers of this machine."""

    started = True

    def __init__(self, address: str, processes: int = 1) -> None:
        self.shelf = Shelf()
        self._host: Popen[str] | None = None
        self._own = outside_sources()
        self._likeness = likeness()
        self._sent: dict[str, int] = {}
        self._tickets = numbers()
        self._jobs: dict[int, _Job] = {}
        if address == LOCAL:
            self._host, address = started_here(processes)
        self.address = address
        try:
            self._client = connected(address)
            self._greet(None)
        except BaseException:
            self.end(at_once=True)
            raise
        self._looked = self._there = time.monotonic()
        self.count = self._threads() or 1

    def hand_out(self, work: Callable[..., Any], task: tuple[Any, ...], listener: Listener | None) -> int:
        """Give a task to whichever worker is free; returns a ticket for its result."""
        from cloudpickle import dumps

        ticket = next(self._tickets)
        pickled = dumps((work, self.shelf.named(task)), protocol=pickle.HIGHEST_PROTOCOL)
        self._jobs[ticket] = _Job(pickled, task, listener, self._submitted(pickled))
        return ticket

    def wait(self, tickets: Collection[int], seconds: float) -> list[int]:
        """Tickets whose tasks have ended, once there is one or the time is over; progress is passed on."""
        from distributed import wait

        jobs = {ticket: self._jobs[ticket] for ticket in tickets}
        with self._in_words(), suppress(TimeoutError), self._client.as_current():
            wait([job.future for job in jobs.values()], timeout=seconds, return_when="FIRST_COMPLETED")
        self._look()
        over = {ticket: job for ticket, job in jobs.items() if job.future.status != "pending"}
        with self._in_words():
            answers = self._gathered([job.future for job in over.values()])
        return [ticket for (ticket, job), answer in zip(over.items(), answers, strict=True) if self._taken(job, answer)]

    def result(self, ticket: int) -> Any:
        """What a task returned, to be asked for once; raises what it raised."""
        answer = self._jobs.pop(ticket).answer
        content = pickle.loads(answer.content) if answer else None  # noqa: S301 - from a worker of ours, never from disk
        if answer is None or answer.kind != DONE:
            raise content or RuntimeError("the task is not done yet")
        return content

    def drop(self, tickets: Collection[int]) -> None:
        """Forget tasks that nobody waits for; those that have not begun are not done."""
        with suppress(Exception):  # a scheduler that is gone does none of them either
            self._client.cancel([self._jobs.pop(ticket).future for ticket in tickets])

    def end(self, *, at_once: bool = False) -> None:
        """Leave the cluster; a local one ends, `at_once` in the middle of its tasks."""
        if at_once and self._host is not None:
            self._host.kill()
        if hasattr(self, "_client"):
            self.drop(list(self._jobs))
            left(self._client)
        if self._host is not None:
            ended(self._host, at_once=at_once)

    def _submitted(self, pickled: bytes) -> Any:
        with self._in_words():
            return self._client.submit(
                cluster_worker.do, self._likeness.engine, pickled, key=f"orgsim-{uuid4().hex}", pure=False
            )

    def _gathered(self, futures: list[Any]) -> list[Answer]:
        """The answers of tasks that have ended; a scheduler that does not hand them out in time is given up."""
        if not futures:
            return []
        found: list[Answer] = self._client.sync(
            lambda: self._client.gather(futures, asynchronous=True), callback_timeout=NOBODY
        )
        return found

    def _taken(self, job: _Job, answer: Answer) -> bool:
        """Take in the answer to a task; False where it has to be done again by a worker that is now able to."""
        if answer.kind == STRANGER:
            self._greet([answer.worker])
        elif answer.kind == LACKS:
            self._send(answer)
        else:
            job.answer = answer
            if job.listener and answer.elements:
                job.listener(answer.elements)
            return True
        job.future = self._submitted(job.pickled)
        return False

    def _send(self, answer: Answer) -> None:
        """Send a worker what it lacks, unless that was sent after it had answered."""
        if answer.received < self._sent.get(answer.token, 0):
            return
        payloads = tuple(self.shelf.payload(digest) for digest in answer.content)
        with self._in_words():
            received = self._client.run(
                cluster_worker.receive, payloads, workers=[answer.worker], on_error="ignore", callback_timeout=NOBODY
            )
        self._sent[answer.token] = received.get(answer.worker, 0)

    def _greet(self, some: list[str] | None) -> None:
        """Prepare workers (all, or some by their addresses). Raises RunError when one cannot do its part of a run."""
        with self._in_words():
            greetings = self._client.run(
                cluster_worker.greet, self._own, self._likeness.engine, workers=some, on_error="return", callback_timeout=NOBODY
            )
        for worker, greeting in greetings.items():
            if isinstance(greeting, OSError):
                continue  # it has died meanwhile
            trouble = _trouble(greeting, self._likeness)
            if trouble:
                raise RunError(f"The Dask worker {worker} cannot take part: {trouble}")

    def _look(self) -> None:
        """See now and then how many workers there are. Raises RunError when there has been none, or no answer, for a while."""
        now = time.monotonic()
        if now - self._looked < LOOK:
            return
        self._looked = now
        threads = self._threads()
        if threads:
            self._there, self.count = now, threads
        elif now - self._there > NOBODY:
            said = f"has not answered for {NOBODY:.0f} s; see to it" if threads is None else (
                f"has had no worker for {NOBODY:.0f} s; start workers"
            )  # fmt: skip
            raise RunError(f"The Dask scheduler at {self.address} {said}, and then start the same command again")

    def _threads(self) -> int | None:
        """Workers there are; None where the scheduler is silent."""
        with self._in_words():
            try:
                return sum(self._client.nthreads(callback_timeout=GLIMPSE).values())
            except TimeoutError:
                return None

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        """What goes wrong between this process and the cluster, as a sentence."""
        from asyncio import CancelledError

        from distributed.scheduler import KilledWorker

        try:
            yield
        except RunError:
            raise
        except KilledWorker:
            raise RunError(
                "A task was given to several Dask workers, which all died, often for want of memory; give workers more of it"
            ) from None
        except (Exception, CancelledError) as problem:
            raise RunError(
                f"The Dask cluster at {self.address} does not answer any more ({type(problem).__name__}); "
                "see to its scheduler, then start the same command again"
            ) from problem


def _trouble(greeting: Greeting | Exception, ours: Any) -> str:
    """Why a worker cannot take part, "" if it can."""
    if isinstance(greeting, Exception):
        return lacking(greeting) or f"it fails with {type(greeting).__name__}: {greeting}"
    if greeting.likeness is None:
        return greeting.trouble
    unlike = [word for word, own, its in zip(WORDS, ours, greeting.likeness, strict=True) if own != its]
    if not unlike:
        return ""
    return f"{', '.join(unlike)} there differ{'s' * (len(unlike) == 1)} from ours; install the same versions and start it anew"

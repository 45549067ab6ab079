"""What a Dask worker does for orgsim: says how it computes, takes in what it lacks, and does tasks.

Bytes stand for tasks and results, so that the scheduler neither imports the user's levers nor unpickles an array.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple
from uuid import uuid4

from simulation.experiment.work.sharing import Kept

if TYPE_CHECKING:
    from simulation.levers import Source

DONE, FAILED, LACKS, STRANGER = "done", "failed", "lacks", "stranger"


class Answer(NamedTuple):
    """What becomes of a task.

    kind : DONE, FAILED, LACKS a shared thing, or STRANGER to the levers it needs
    content : the result or the exception, pickled; digests of what is lacked
    elements : rep-months done
    worker, token, received : address, the process behind it, and how often it has been sent something
    """

    kind: str
    content: Any
    elements: int
    worker: str
    token: str
    received: int


class Likeness(NamedTuple):
    """Equal where equal tasks have equal results, bit for bit: what words call it, and its value."""

    engine: str
    code: str
    floating_point: str
    numpy: str
    pandas: str
    python: str


class Greeting(NamedTuple):
    """What a worker says of itself; `trouble` is a sentence where it cannot serve."""

    likeness: Likeness | None
    trouble: str = ""


class _Here:
    """What a worker holds for as long as it lives; a lock guards what greetings and tasks both look at."""

    lock: ClassVar[Lock] = Lock()
    token: ClassVar[str] = uuid4().hex
    kept: ClassVar[Kept] = Kept()
    received: ClassVar[int] = 0
    busy: ClassVar[int] = 0
    levers: ClassVar[str | None] = None
    """Digest of the engine with the user's own levers as loaded; None before the first greeting."""


def likeness() -> Likeness:
    """How this process computes; the engine is loaded first, so that what changed before that is seen."""
    import platform

    import numpy as np
    import pandas as pd

    import simulation.experiment.execute  # noqa: F401 - see above
    from simulation.experiment.digests import code_digest, engine_digest, fingerprint

    python = ".".join(platform.python_version_tuple()[:2])
    return Likeness(engine_digest(), code_digest(), fingerprint(), np.__version__, pd.__version__, python)


def present() -> bool:
    """Whether this package is there, for the scheduler, which has to know `do` to pass it on."""
    return True


def greet(own: tuple[Source, ...], levers: str, dask_worker: Any = None) -> Greeting:
    """Prepare this worker for tasks: the user's own levers, as they were loaded there, and memory that is kept.

    `levers` is the digest of the engine with them. A worker that has others in use for somebody else's task says so, and so does
    one with several threads, which would share what a process keeps between tasks. Dask fills in `dask_worker`.
    """
    from simulation.errors import SimulationError
    from simulation.experiment.digests import engine_digest
    from simulation.experiment.work.memory import keep_freed_memory
    from simulation.levers import add_source, forget_outside, outside_sources

    if dask_worker is not None and dask_worker.state.nthreads != 1:
        return Greeting(None, trouble=f"it has {dask_worker.state.nthreads} threads; start it with --nthreads 1")
    with _Here.lock:
        if levers != _Here.levers:
            if _Here.busy and _Here.levers is not None:
                return Greeting(None, trouble="it is at work for another command that has other levers")
            if outside_sources() != own:
                forget_outside()
                try:
                    for source in own:
                        add_source(source)
                except SimulationError as problem:
                    return Greeting(None, trouble=str(problem))
            _Here.levers = engine_digest()
    keep_freed_memory()
    return Greeting(likeness())


def receive(payloads: tuple[bytes, ...]) -> int:
    """Take in shared things; returns how often this worker has been sent some."""
    for payload in payloads:
        _Here.kept.keep(payload)
    _Here.received += 1
    return _Here.received


def do(levers: str, pickled: bytes) -> Answer:
    """One task: pickled (work, task), to be done with the levers of that digest."""
    from distributed import get_worker

    def answer(kind: str, content: Any) -> Answer:
        return Answer(kind, content, sum(heard), get_worker().address, _Here.token, _Here.received)

    heard: list[int] = []
    with _Here.lock:
        if levers != _Here.levers:
            return answer(STRANGER, None)
        _Here.busy += 1
    try:
        work, task = pickle.loads(pickled)  # noqa: S301 - from the client, never from disk
        lacks = _Here.kept.lacks(task)
        if lacks:
            return answer(LACKS, lacks)
        return answer(DONE, _done(work, _Here.kept.whole(task), heard.append))
    except Exception as problem:  # noqa: BLE001 - it is raised in the parent process
        return answer(FAILED, _pickled_problem(problem))
    finally:
        with _Here.lock:
            _Here.busy -= 1


def _done(work: Callable[..., Any], task: tuple[Any, ...], advance: Callable[[int], None]) -> bytes:
    return pickle.dumps(work(*task, advance), protocol=pickle.HIGHEST_PROTOCOL)


def _pickled_problem(problem: Exception) -> bytes:
    """An exception as bytes, as it is or, where it cannot travel, by its words."""
    try:
        pickled = pickle.dumps(problem)
        pickle.loads(pickled)  # noqa: S301 - our own
    except Exception:  # noqa: BLE001 - whatever somebody's exception does
        return pickle.dumps(RuntimeError(f"{type(problem).__name__}: {problem}"))
    return pickled

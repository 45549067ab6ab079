"""Results as they come: in any order, few handed out, large things sent once, and Ctrl-C that loses nothing done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import crews
import numpy as np
import pytest
import source

from simulation.experiment.work.interruption import finishing
from simulation.experiment.work.workers import BACKLOG, LARGE, Workers, workers

KEPT = "somewhere"
"""Stands for a store: it is enough that results are kept."""
COMMAND = """
import sys, time
from pathlib import Path
import crews
from simulation.experiment.cluster.cluster import workers_at
from simulation.experiment.work.workers import LARGE, workers
folder, count, kept, seconds, scheduler = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "kept", *map(eval, sys.argv[4:])
print("ready", flush=True)
cells = "somewhere" if kept else None
with workers_at(scheduler, count, cells=cells) if scheduler else workers(count, rep_months=LARGE, cells=cells) as crew:
    try:
        for place, result in crew.finished(crews.marked, [(k, seconds, folder) for k in range(40)]):
            print("done", place, flush=True)
    except KeyboardInterrupt:
        print("interrupted", flush=True)
        raise SystemExit(130)
"""


@pytest.fixture(scope="module")
def two():
    """Two workers for all tests that leave them alive."""
    with workers(2, rep_months=LARGE) as crew:
        yield crew


def test_results_come_as_tasks_end(two: Workers, tmp_path: Path):
    """A first task that ends last does not hold back the others; each result comes with the place of its task, and once."""
    tasks = [(k, 5, tmp_path) for k in range(6)]
    heard: list[int] = []
    came = list(two.finished(crews.last, tasks, heard.append))

    assert sorted(came) == [(k, k) for k in range(6)]
    assert came[-1] == (0, 0)
    assert sum(heard) == 6


def test_few_tasks_are_handed_out(two: Workers, tmp_path: Path):
    """When a caller stops taking results, no more than the backlog has begun."""
    taking = two.finished(crews.marked, [(k, 0.01, tmp_path) for k in range(40)])
    next(taking)
    taking.close()
    time.sleep(0.5)

    assert len(list(tmp_path.glob("*.begun"))) <= 2 * BACKLOG + 1


def test_of_several_failures_the_first_task_is_named(two: Workers):
    """Whichever fails sooner, the error is that of the task that one process would have met first."""
    tasks = [(k, (1, 2), 0.4 if k == 1 else 0.0) for k in range(4)]
    for crew in (two, Workers(1)):
        with pytest.raises(ValueError, match=r"^1$"):
            crew.each(crews.refused, tasks)


def test_a_large_thing_is_sent_once_to_each_worker(two: Workers):
    """Eighteen tasks in two runs over two workers: two payloads are sent, and each worker has one copy."""
    thing = np.arange(1000)
    large = two.share(thing)
    tasks = [(large, k) for k in range(9)]
    before = two._pool.shelf.sent
    came = two.each(crews.held, tasks) + two.each(crews.held, tasks)
    where = {(pid, at) for pid, at, _ in came}

    assert [total for *_, total in came] == [499500 + k for k in range(9)] * 2
    assert two._pool.shelf.sent - before == len(where) <= 2
    assert len({pid for pid, _ in where}) == len(where)
    assert Workers(1).each(crews.held, [(large, 0)]) == [(os.getpid(), id(thing), 499500)]


def test_a_shared_thing_is_forgotten_with_its_last_holder(two: Workers):
    """The process that gives out work holds shared things no longer than the caller does."""
    large = two.share(np.ones(5))
    two.each(crews.held, [(large, 0), (large, 1)])
    digest = large.digest
    assert two._pool.shelf.payload(digest)
    del large

    assert two._pool.shelf.payload(digest) == b""


def test_ctrl_c_in_this_process_finishes_the_task_and_stops():
    """Where results are kept, the first Ctrl-C lets the running task end and be yielded; where not, it ends it."""
    before = signal.getsignal(signal.SIGINT)
    tasks = [(k, int(k == 2)) for k in range(9)]
    for cells, kept in ((KEPT, [0, 1, 2]), (None, [0, 1])):
        came = []
        with pytest.raises(KeyboardInterrupt):
            came.extend(place for place, _ in Workers(1, cells=cells).finished(crews.interrupting, tasks))

        assert came == kept
        assert signal.getsignal(signal.SIGINT) is before


def test_a_second_ctrl_c_stops_at_once():
    """The second Ctrl-C goes where the first would have gone without a store."""
    came = []
    with pytest.raises(KeyboardInterrupt):
        came.extend(Workers(1, cells=KEPT).finished(crews.interrupting, [(0, 0), (1, 2), (2, 0)]))

    assert came == [(0, 0)]


def test_stretches_inside_a_stretch_share_its_ctrl_c():
    """A stretch within another hears the same Ctrl-C, and the handler is put back at the end of the outer one alone."""
    before = signal.getsignal(signal.SIGINT)
    with finishing() as outer:
        with finishing() as inner:
            signal.raise_signal(signal.SIGINT)
        assert inner is outer
        assert outer.asked

    assert signal.getsignal(signal.SIGINT) is before


def test_only_the_main_thread_and_only_a_heard_ctrl_c_is_touched():
    """In another thread, and where Ctrl-C is ignored, a stretch changes no handler."""
    seen = []

    def look() -> None:
        with finishing():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        look()
    finally:
        signal.signal(signal.SIGINT, before)

    assert seen == [before, signal.SIG_IGN]


def started(
    folder: Path, count: int, *, kept: bool, seconds: float, scheduler: str | None = None
) -> subprocess.Popen[str]:
    """A command that has begun its tasks."""
    words = [str(folder), str(count), "kept" if kept else "lost", repr(seconds), repr(scheduler)]
    command = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", COMMAND, *words],
        cwd=source.ROOT, env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, (source.ROOT, source.ROOT / "tests")))},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    while not list(folder.glob("*.begun")):
        assert command.poll() is None, command.communicate()
        time.sleep(0.02)
    return command


slow = pytest.mark.slow
each_engine = pytest.mark.parametrize(
    ("count", "scheduler"), [(1, None), pytest.param(2, None, marks=slow), pytest.param(2, "local", marks=slow)]
)


@each_engine
def test_ctrl_c_keeps_what_runs(tmp_path: Path, count: int, scheduler: str | None):
    """Ctrl-C to the whole group: what has begun is finished and yielded, nothing else begins, and the end is an interrupt."""
    command = started(tmp_path, count, kept=True, seconds=0.4, scheduler=scheduler)
    os.killpg(command.pid, signal.SIGINT)
    out, err = command.communicate(timeout=30)
    places = [line.removeprefix("done ") for line in out.splitlines() if line.startswith("done ")]
    begun, ended = ({path.stem for path in tmp_path.glob(f"*.{what}")} for what in ("begun", "ended"))

    assert (command.returncode, err) == (130, "")
    assert out.endswith("interrupted\n")
    assert sorted(places) == sorted(begun) == sorted(ended)
    assert len(places) <= count * (BACKLOG + 2)


@slow
@pytest.mark.parametrize(("kept", "scheduler"), [(True, None), (False, None), (True, "local")])
def test_ctrl_c_stops_at_once(tmp_path: Path, kept: bool, scheduler: str | None):
    """The second Ctrl-C, and the first where nothing is kept, ends workers in the middle of their tasks."""
    command = started(tmp_path, 2, kept=kept, seconds=60, scheduler=scheduler)
    for _ in range(1 + kept):
        os.killpg(command.pid, signal.SIGINT)
        time.sleep(0.05)
    out, err = command.communicate(timeout=30)

    assert (command.returncode, out, err) == (130, "ready\ninterrupted\n", "")

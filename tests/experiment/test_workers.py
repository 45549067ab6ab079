"""Processes: they change no figure, meet no script, obey Ctrl-C, and end with a sentence when one is killed."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from shutil import copytree

import numpy as np
import pandas as pd
import pytest
import source

from simulation.errors import RunError, ScenarioError
from simulation.experiment.execute import run
from simulation.experiment.work import cores
from simulation.experiment.work.workers import LARGE, MOST_A_CORE, Workers, workers
from simulation.scenario import read_scenario

SCRIPT = """
import multiprocessing
multiprocessing.set_start_method("spawn")
from simulation import read_scenario, run
records = run(read_scenario(None, months=2, seats=10, seeds=2), processes=2)
print("ran", records.sums["revenue"].shape)
"""


CHANGED = """
from simulation import read_scenario, run
from simulation.errors import RunError
from simulation.experiment.digests import code_digest
scenario = read_scenario(None, months=2, seats=10, seeds=2)
run(scenario, processes=1)
code_digest()
with open({!r}, "a") as file:
    file.write("# changed")
try:
    print(run(scenario, processes=2))
except RunError as problem:
    print(problem)
"""


def loaded(_: object) -> tuple[int, list[str], str | None]:
    """A task: the worker's number, the libraries it should not have loaded, and its threads."""
    return os.getpid(), sorted({"mesa", "matplotlib"} & set(sys.modules)), os.environ.get("OMP_NUM_THREADS")


def twice(value: int, advance: object) -> int:
    """A task that waits the longer the earlier it was given, and reports twice."""
    time.sleep(0.02 * (6 - value))
    advance(1)  # type: ignore[operator]
    advance(1)  # type: ignore[operator]
    return value


def die(value: int, _: object) -> int:
    """A task that kills the worker that does it."""
    os.kill(os.getpid(), signal.SIGKILL)
    return value


def children(parent: int) -> set[int]:
    """Processes started by a process and by those it started, as far as they live."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid=,stat="], capture_output=True, text=True, check=True).stdout
    rows = [line.split() for line in listed.splitlines()]
    found, grown = {parent}, True
    while grown:
        more = {int(pid) for pid, above, stat in rows if int(above) in found and not stat.startswith("Z")} - found
        found, grown = found | more, bool(more)
    return found - {parent}


def alive(pid: int) -> bool:
    """Whether a process lives; one that only waits to be buried does not."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return False


@pytest.fixture(scope="module")
def two():
    """Two workers for all tests that leave them alive."""
    with workers(2, rep_months=LARGE) as crew:
        yield crew


@pytest.mark.slow
def test_the_number_of_processes_moves_nothing(two: Workers):
    """One, two and three processes give the same records, bit for bit: sums, groups, stays and settings moved for equal cost."""
    scenario = read_scenario(None, months=6, seats=20, seeds=5)
    one = run(scenario, processes=1)
    with workers(3, rep_months=LARGE) as three:
        for records in (run(scenario, processes=two), run(scenario, processes=three)):
            assert records.moved == one.moved
            pd.testing.assert_frame_equal(records.spells, one.spells, check_exact=True)
            for key in one.sums:
                np.testing.assert_array_equal(records.sums[key], one.sums[key], err_msg=key)
            for key in one.groups:
                np.testing.assert_array_equal(records.groups[key], one.groups[key], err_msg=key)


def test_results_keep_the_order_of_tasks_and_progress_counts_all_workers(two: Workers):
    """Whoever finishes first, results stand as the tasks did; what all workers report is added up."""
    heard: list[int] = []
    results = two.each(twice, [(k,) for k in range(6)], heard.append)

    assert results == list(range(6))
    assert sum(heard) == 12


def test_workers_load_no_model_or_chart_library_and_start_no_threads(two: Workers):
    """Two runs in a row meet the same workers, which hold neither Mesa nor matplotlib and leave one thread to BLAS."""
    scenario = read_scenario(None, months=1, seats=4, seeds=2)
    run(scenario, processes=two)
    first = two.each(loaded, [()] * 8)
    run(scenario, processes=two)
    second = two.each(loaded, [()] * 8)

    assert {(tuple(libraries), threads) for _, libraries, threads in first + second} == {((), "1")}
    assert os.getpid() not in {pid for pid, *_ in first + second}
    assert len({pid for pid, *_ in first + second}) <= 2


def test_small_work_stays_in_this_process():
    """Without being asked, processes are started for large work alone; for one task or one process, never."""
    with workers(None, rep_months=LARGE - 1) as small, workers(4, rep_months=LARGE, side_by_side=1) as single:
        assert (small.count, single.count) == (1, 1)
        assert small.each(loaded, [(), ()])[1][0] == os.getpid()

    assert Workers(3).each(loaded, [()])[0][0] == os.getpid()


def test_shares_keep_every_worker_busy():
    """Parts are contiguous, nearly equal, as many as the workers or a multiple, and none larger than allowed."""
    assert Workers(1).shares(range(5), 10) == [range(5)]
    assert [len(part) for part in Workers(2).shares(range(64), 40)] == [32, 32]
    assert [len(part) for part in Workers(3).shares(range(10), 2)] == [1, 2, 2, 1, 2, 2]
    assert [len(part) for part in Workers(8).shares(range(3), 40)] == [1, 1, 1]


@pytest.mark.parametrize("processes", [0, -1, 10**6, True, 1.5])
def test_absurd_numbers_are_refused(processes):
    """A number below one, of another kind, or far beyond the cores is a sentence."""
    with pytest.raises(ScenarioError, match=rf"processes = {processes} is refused.*{MOST_A_CORE} for each core"):
        run(read_scenario(None, months=1, seats=4, seeds=2), processes=processes)


def test_a_worker_that_dies_is_a_sentence():
    """A killed worker ends the run with a RunError that says what to do, and nothing hangs."""
    with pytest.raises(RunError, match=r"worker processes was stopped.*fewer --processes"), workers(2, rep_months=LARGE) as crew:
        crew.each(die, [(1,), (2,), (3,)])


@pytest.mark.slow
def test_workers_of_other_code_do_nothing(monkeypatch: pytest.MonkeyPatch):
    """A worker whose code differs from this process's, here because this one says so, refuses its first task with a sentence."""
    monkeypatch.setattr(cores, "code_digest", lambda: "as it was")
    with pytest.raises(RunError, match=r"Files of orgsim changed .* the same command again"), workers(2, rep_months=1) as crew:
        crew.each(loaded, [()] * 3)


@pytest.mark.slow
@pytest.mark.parametrize("file", ["rules/leaving.py", "experiment/batch/variants.py", "statistics/measures/cost.py"])
def test_code_that_changes_before_workers_start_is_refused(tmp_path: Path, file: str):
    """A command whose package is replaced after it was loaded, as by an update, ends with a sentence and mixes nothing."""
    copytree(source.PACKAGE, tmp_path / "simulation")
    copytree(source.ROOT / "scenarios", tmp_path / "scenarios")
    (tmp_path / "script").mkdir()
    script = tmp_path / "script" / "study.py"
    script.write_text(CHANGED.format(str(tmp_path / "simulation" / file)), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, script], cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.stdout.startswith("Files of orgsim changed while this command ran"), done.stderr


def test_a_script_needs_no_guard(tmp_path: Path):
    """Where processes start by spawning, a script without a `__main__` guard runs over two processes and prints once."""
    script = tmp_path / "study.py"
    script.write_text(SCRIPT, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "error", script], cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(source.ROOT)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stdout, done.stderr) == (0, "ran (5, 2, 2)\n", "")


@pytest.mark.slow
@pytest.mark.parametrize(("wait", "to_all"), [(0.3, True), (2.5, True), (2.5, False)])
def test_an_interrupt_ends_all_processes(tmp_path: Path, wait: float, to_all: bool):
    """Ctrl-C, to the whole group as a terminal sends it or to the command alone, while workers start or work:
    what runs is finished and kept, exit code 130, one sentence, no process left.
    """
    command = subprocess.Popen(
        [sys.executable, "-m", "simulation", "compare", "--processes", "2", "--months", "600", "--out", str(tmp_path)],
        cwd=source.ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    below: set[int] = set()
    while not below:
        time.sleep(0.02)
        below = children(command.pid)
    time.sleep(wait)
    below |= children(command.pid)
    (os.killpg if to_all else os.kill)(command.pid, signal.SIGINT)
    out, err = command.communicate(timeout=60)
    time.sleep(0.5)

    assert (command.returncode, out) == (130, "")
    assert re.search(r"Interrupted; (\S+ cells are kept; )?the same command (starts again|goes on where it stopped)\.", err)
    assert "Traceback" not in err
    assert [pid for pid in below if alive(pid)] == []


@pytest.mark.slow
@pytest.mark.parametrize("how", ["worker", "parent"])
def test_a_kill_leaves_no_process_behind(tmp_path: Path, how: str):
    """A worker killed outright ends the command with 3 and a sentence; a command killed outright takes its workers along."""
    command = subprocess.Popen(
        [sys.executable, "-m", "simulation", "compare", "--processes", "2", "--months", "600", "--out", str(tmp_path)],
        cwd=source.ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    working: list[int] = []
    while len(working) < 2:
        time.sleep(0.1)
        lines = {pid: Path(f"/proc/{pid}/cmdline").read_bytes() for pid in children(command.pid) if alive(pid)}
        working = [pid for pid, line in lines.items() if b"LokyProcess" in line]
    time.sleep(2.0)
    below = children(command.pid)
    os.kill(working[0] if how == "worker" else command.pid, signal.SIGKILL)
    _, err = command.communicate(timeout=60)
    time.sleep(1.0)

    assert command.returncode == (3 if how == "worker" else -signal.SIGKILL)
    assert how == "parent" or "worker processes was stopped" in err
    assert "Traceback" not in err
    assert [pid for pid in below if alive(pid)] == []

"""Dask: the same bits, a dead worker that costs nothing but time, unlike workers refused, and a sentence for what goes wrong."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from shutil import copytree

import crews
import numpy as np
import organisation
import pandas as pd
import pytest
import source

from simulation.errors import RunError, ScenarioError
from simulation.experiment.cluster import cluster
from simulation.experiment.cluster import start as cluster_start
from simulation.experiment.cluster import worker as cluster_worker
from simulation.experiment.cluster.cluster import _trouble, workers_at
from simulation.experiment.cluster.start import checked_address, openness
from simulation.experiment.cluster.worker import Greeting, greet, likeness
from simulation.experiment.digests import engine_digest
from simulation.experiment.execute import run
from simulation.experiment.work.workers import Workers
from simulation.levers import Source, add_folder, catalogue, forget_outside, outside_sources
from simulation.records import Records
from simulation.scenario import Scenario

PATHS = os.pathsep.join(map(str, (source.ROOT, source.ROOT / "tests")))
PATIENCE = 60.0
"""[s] After which a cluster started here should have answered."""


LEVER = '''
"""Coffee: a cup costs what it costs."""

from __future__ import annotations

from typing import Any, ClassVar

from simulation.levers.base import Lever, setting


class Coffee(Lever):
    """Coffee for all."""

    key: ClassVar[str] = "coffee"
    family: ClassVar[str] = "culture"
    title: ClassVar[str] = "Coffee"

    cups: float = setting(0.0, typical=2.0, unit="cups a month", ge=0, le=20, doc="Cups for each.")

    def programme_cost(self, s: Any, p: Any) -> Any:
        """What a cup costs."""
        return p.price * self.cups * s.filled
'''
ROW = """
[price]
value = 1.0
unit = "usd a cup"
range = [0.5, 2.0]
status = "assumed"
note = "What a cup costs."
"""
SCRIPT = """
import crews
from simulation import read_scenario, run
from simulation.experiment.cluster.cluster import workers_at
with workers_at("local", 2) as crew:
    shape = run(read_scenario(None, months=2, seats=10, seeds=2), processes=crew).sums["revenue"].shape
    print(str(shape).replace(" ", ""), *{pid for pid, *_ in crew.each(crews.loaded, [()] * 8)})
"""
MISSING = """ModuleNotFoundError("No module named 'simulation'", name='simulation')"""
"""What Python says of a package that is not there."""


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Path]:
    """A folder with a lever; whatever is added to the catalogue is taken out again."""
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "coffee.py").write_text(LEVER, encoding="utf-8")
    (folder / "coffee.toml").write_text(ROW, encoding="utf-8")
    yield folder
    forget_outside()


def small() -> Scenario:
    """A study of two policies that falls into several tasks."""
    return organisation.study({"less": {"commission.rate": 0.05}}, months=6, seats=20, seeds=6)


def assert_same(one: Records, other: Records) -> None:
    """Equal to the last bit."""
    pd.testing.assert_frame_equal(one.spells, other.spells, check_exact=True)
    for key in one.sums:
        np.testing.assert_array_equal(one.sums[key], other.sums[key], err_msg=key)
    for key in one.groups:
        np.testing.assert_array_equal(one.groups[key], other.groups[key], err_msg=key)


@contextmanager
def started(*words: str, paths: str = PATHS) -> Iterator[subprocess.Popen[bytes]]:
    """A Dask process, as `dask ...` starts it, killed at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "dask", *words], cwd=paths.split(os.pathsep, maxsplit=1)[0],
        env=os.environ | {"PYTHONPATH": paths}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def scheduler(folder: Path, paths: str = PATHS) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The address of a Dask scheduler on loopback, and its process."""
    file = folder / "scheduler.json"
    words = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
    with started("scheduler", *words, paths=paths) as process:
        deadline = time.monotonic() + PATIENCE
        while not (file.is_file() and "address" in file.read_text(encoding="utf-8")):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield json.loads(file.read_text(encoding="utf-8"))["address"], process


def worker(address: str, paths: str = PATHS, threads: int = 1):
    """A Dask worker without a nanny that would start it anew."""
    return started("worker", address, "--nthreads", str(threads), "--no-nanny", "--no-dashboard", paths=paths)


@pytest.fixture(scope="module")
def local() -> Iterator[Workers]:
    """Two Dask workers of this machine, for all tests that leave them alive."""
    with workers_at("local", 2) as crew:
        yield crew


@pytest.mark.slow
def test_dask_moves_nothing(local: Workers):
    """One process, two processes and two Dask workers give the same records, bit for bit."""
    one = run(small(), processes=1)

    assert_same(one, run(small(), processes=2))
    assert_same(one, run(small(), processes=local))


@pytest.mark.slow
def test_dask_workers_load_no_model_or_chart_library_and_start_no_threads(local: Workers):
    """After a run, both workers are free of Mesa and matplotlib, and libraries are held to one thread."""
    run(small(), processes=local)
    found = local.each(crews.loaded, [()] * 8)

    assert local.count == 2
    assert [(libraries, set(threads.values())) for _, libraries, threads in found] == [([], {"1"})] * 8
    assert os.getpid() not in {pid for pid, *_ in found}


@pytest.mark.slow
def test_dask_workers_are_sent_a_large_thing_once(local: Workers):
    """Eighteen tasks in two runs: each worker is sent the thing once, and has one copy of it."""
    large = local.share(np.arange(1000))
    tasks = [(large, k) for k in range(9)]
    before = local._pool.shelf.sent
    came = local.each(crews.held, tasks) + local.each(crews.held, tasks)
    where = {(pid, at) for pid, at, _ in came}

    assert [total for *_, total in came] == [499500 + k for k in range(9)] * 2
    assert local._pool.shelf.sent - before == len(where) == len({pid for pid, _ in where})


@pytest.mark.slow
def test_dask_keeps_the_contract_of_workers(local: Workers):
    """Progress of all tasks is added up, and of several failures that of the first task is raised, as it was."""
    heard: list[int] = []

    assert sorted(local.finished(crews.slow, [(k, 0.01) for k in range(9)], heard.append)) == [(k, k) for k in range(9)]
    assert sum(heard) == 9
    with pytest.raises(ValueError, match=r"^1$"):
        local.each(crews.refused, [(k, (1, 2), 0.4 if k == 1 else 0.0) for k in range(4)])


@contextmanager
def at_two_workers(folder: Path) -> Iterator[tuple[Workers, subprocess.Popen[bytes]]]:
    """The workers of a cluster as somebody runs it, and the process of one of the two."""
    with ExitStack() as stack:
        address, _ = stack.enter_context(scheduler(folder))
        first, _second = (stack.enter_context(worker(address)) for _ in range(2))
        crew = stack.enter_context(workers_at(address))
        while crew._pool.count < 2:
            time.sleep(0.1)
            crew._pool._look()
        yield crew, first


@pytest.mark.slow
def test_a_script_with_a_local_cluster_needs_no_guard(tmp_path: Path):
    """A script without a `__main__` guard runs once and without a warning, also beside a folder of the package's name."""
    (tmp_path / "simulation").mkdir()
    (tmp_path / "simulation" / "__init__.py").write_text("raise SystemExit('another package')", encoding="utf-8")
    (tmp_path / "script").mkdir()
    script = tmp_path / "script" / "study.py"
    script.write_text(SCRIPT, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "error", script], cwd=tmp_path, env=os.environ | {"PYTHONPATH": PATHS},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    shape, *pids = done.stdout.split()

    assert (done.returncode, done.stderr, shape, len(pids)) == (0, "", "(5,2,2)", 2)
    assert [pid for pid in pids if Path("/proc", pid).exists()] == []


@pytest.mark.slow
def test_a_worker_that_dies_costs_only_time(tmp_path: Path):
    """Of two workers one is killed in the midst of a task, and a third joins: the records are complete and the same."""
    alone = run(small(), processes=1)
    tasks = [(k, 0.3, tmp_path) for k in range(12)]
    with at_two_workers(tmp_path) as (crew, first):
        taking = crew.finished(crews.marked, tasks)
        came = [next(taking)]
        first.send_signal(signal.SIGKILL)
        with worker(crew._pool.address):
            came += taking
            assert_same(alone, run(small(), processes=crew))

    assert sorted(came) == [(k, k) for k in range(12)]


@pytest.mark.slow
def test_a_worker_that_computes_otherwise_is_refused(tmp_path: Path):
    """A worker with another engine does no task: the command ends with a sentence that says what differs and what to do."""
    copytree(source.PACKAGE, tmp_path / "other" / "simulation")
    copytree(source.ROOT / "scenarios", tmp_path / "other" / "scenarios")
    with (tmp_path / "other" / "simulation" / "engine.py").open("a", encoding="utf-8") as engine:
        engine.write("# changed\n")
    said = r"worker tcp://127.*cannot take part: the engine, orgsim's code there differ from ours; install the same"
    with scheduler(tmp_path) as (address, _), worker(address, str(tmp_path / "other")), pytest.raises(RunError, match=said):
        workers_at(address).__enter__()


@pytest.mark.slow
def test_clusters_that_cannot_serve_are_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A worker of several threads, no worker, no scheduler: a sentence each."""
    said = "cannot take part: it has 2 threads; start it with --nthreads 1"
    with scheduler(tmp_path) as (address, _), worker(address, threads=2), pytest.raises(RunError, match=said):
        workers_at(address).__enter__()
    (tmp_path / "scheduler.json").unlink()
    monkeypatch.setattr(cluster_start, "PATIENCE", 1.0)
    with scheduler(tmp_path) as (address, _), pytest.raises(RunError, match="No worker is at the Dask scheduler"):
        workers_at(address).__enter__()
    with pytest.raises(RunError, match=f"No Dask scheduler answers at {address}"):
        workers_at(address).__enter__()


@pytest.mark.slow
def test_a_scheduler_that_dies_is_a_sentence(tmp_path: Path):
    """The end of the scheduler in the midst of work ends the run with a sentence, not with a wait for ever."""
    with scheduler(tmp_path) as (address, process), worker(address), workers_at(address) as crew:
        taking = crew.finished(crews.marked, [(k, 0.3, tmp_path) for k in range(12)])
        next(taking)
        process.kill()
        with pytest.raises(RunError, match=r"does not answer any more .*then start the same command again"):
            list(taking)


@pytest.mark.slow
@pytest.mark.parametrize("answers", [False, True])
def test_a_scheduler_that_freezes_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answers: bool):
    """A scheduler that is there but silent is waited for as long as one without workers, then left: while tasks are out,
    and while what they have returned is fetched. Should that last, it thaws, and nothing is raised.
    """
    monkeypatch.setattr(cluster_start, "LEAVE", 1.0)
    with scheduler(tmp_path) as (address, process), worker(address), workers_at(address) as crew:
        taking = crew.finished(crews.marked, [(k, 0.1 if k == 0 else 1.5, tmp_path) for k in range(6)])
        next(taking)
        if answers:
            monkeypatch.setattr(cluster, "LOOK", 99.0)
            wait_for_an_answer(crew)
        monkeypatch.setattr(cluster, "NOBODY", 3.0)
        monkeypatch.setattr(cluster, "GLIMPSE", 1.0)
        thaw = threading.Timer(PATIENCE / 2.0, process.send_signal, (signal.SIGCONT,))
        process.send_signal(signal.SIGSTOP)
        thaw.start()
        with pytest.raises(RunError, match="any more .TimeoutError" if answers else "has not answered for 3 s; see to it"):
            list(taking)
        crew.end()
        assert thaw.is_alive()
        thaw.cancel()


def wait_for_an_answer(crew: Workers) -> None:
    """Return when a task that is out has ended and nobody has fetched what it returned."""
    deadline = time.monotonic() + PATIENCE
    while all(job.future.status == "pending" for job in crew._pool._jobs.values()):
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.slow
def test_a_cluster_without_orgsim_is_refused(tmp_path: Path):
    """A worker, or a scheduler, that lacks the package is told apart from one that is there."""
    bare = tmp_path / "bare"
    (bare / "simulation").mkdir(parents=True)
    (bare / "simulation" / "__init__.py").write_text(f"raise {MISSING}\n", encoding="utf-8")
    said = r"worker tcp://.* cannot take part: it lacks orgsim.*No module named 'simulation'.*; install the same version there"
    with scheduler(tmp_path) as (address, _), worker(address, str(bare)), pytest.raises(RunError, match=said):
        workers_at(address).__enter__()
    (tmp_path / "scheduler.json").unlink()
    said = r"scheduler at tcp://.* cannot serve: it lacks orgsim.*No module named 'simulation'.*; install the same version there"
    with scheduler(tmp_path, str(bare)) as (address, _), worker(address), pytest.raises(RunError, match=said):
        workers_at(address).__enter__()


@pytest.mark.slow
def test_levers_of_ones_own_reach_dask_workers(local: Workers, own: Path):
    """A study with a lever of the user's own has the same records on Dask workers, though its files are gone.

    The command that was there before, without the lever, greets the workers again and has the records it had.
    """
    before = run(small(), processes=local)
    add_folder(own)
    study = organisation.study({"with": {"coffee.cups": 3.0}}, months=3, seats=20, seeds=3)
    for file in own.iterdir():
        file.unlink()
    with workers_at(local._pool.address) as crew:
        assert_same(run(study, processes=1), run(study, processes=crew))
    forget_outside()

    assert_same(before, run(small(), processes=local))


def test_a_worker_takes_levers_as_they_were_loaded(own: Path, monkeypatch: pytest.MonkeyPatch):
    """A worker that outlives a command has the levers of whoever greets it, whatever stands in files on its machine."""
    monkeypatch.setattr(cluster_worker._Here, "levers", None)
    add_folder(own)
    first = outside_sources()
    greet(first, engine_digest())
    before = cluster_worker._Here.levers
    (own / "coffee.toml").unlink()
    greet((first[0]._replace(code=LEVER.replace("typical=2.0", "typical=4.0").encode()),), "another")

    assert catalogue()["coffee"].typical().cups == 4.0
    assert cluster_worker._Here.levers == engine_digest() != before


@pytest.mark.parametrize("address", ["", "here", "tcp://", "127.0.0.1:8786", "tcp://host", "http://host:1", "tcp://h:99999"])
def test_a_wrong_address_is_refused(address: str):
    """What is no address is a sentence that shows one."""
    with pytest.raises(ScenarioError, match=r"--scheduler: .* is no address; write local, or the scheduler's, as tcp://"):
        checked_address(address)


def test_without_dask_the_extra_is_named(monkeypatch: pytest.MonkeyPatch):
    """Where Dask is not installed, the command to install it is the answer."""
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(ScenarioError, match=r"^--scheduler needs the extra cluster: pip install .*'\.\[cluster\]'"):
        checked_address("local")


def test_a_port_where_something_else_answers_is_a_sentence(monkeypatch: pytest.MonkeyPatch):
    """A server that is not Dask, here one that says hello, is no scheduler; nothing hangs."""
    monkeypatch.setattr(cluster_start, "PATIENCE", 0.4)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def greet_all() -> None:
            with suppress(OSError):
                while True:
                    caller = server.accept()[0]
                    caller.sendall(b"HTTP/1.0 400 Bad Request\r\n\r\n")
                    callers.append(caller)

        callers: list[socket.socket] = []
        thread = threading.Thread(target=greet_all, daemon=True)
        thread.start()
        with pytest.raises(RunError, match="No Dask scheduler answers at"):
            cluster_start.connected(f"tcp://127.0.0.1:{server.getsockname()[1]}")
        server.shutdown(socket.SHUT_RDWR)
        thread.join()
        for caller in callers:
            caller.close()


def test_tls_without_certificates_is_a_sentence():
    """Where Dask has no certificates, or names a file that is not there, the sentence says where to name them."""
    with pytest.raises(RunError, match=r"needs certificates that Dask does not find; name them in its configuration"):
        cluster_start.connected("tls://127.0.0.1:1")

    import dask

    files = {"distributed.comm.tls.ca-file": "/nowhere", "distributed.comm.tls.client.cert": "/nowhere"}
    with dask.config.set(files), pytest.raises(RunError, match=r"Dask does not find \(No such file or directory\)"):
        cluster_start.connected("tls://127.0.0.1:1")


def test_processes_go_with_a_local_cluster_alone():
    """A cluster that somebody runs has the workers it has."""
    with pytest.raises(ScenarioError, match="leave it out"), workers_at("tcp://127.0.0.1:1", 2):
        pass


def test_an_open_address_is_said():
    """An address without TLS that others can reach has a warning; loopback, TLS and a local cluster have none."""
    assert "without TLS" in str(openness("tcp://192.168.0.5:8786"))
    assert [openness(a) for a in ("local", "tls://10.0.0.1:8786", "tcp://127.0.0.1:8786", "tcp://[::1]:1")] == [None] * 4


def test_what_keeps_a_worker_out_is_said():
    """A worker without orgsim, one that cannot serve as it is, and one that differs in one respect or more."""
    ours = likeness()

    assert _trouble(Greeting(ours), ours) == ""
    assert "it lacks orgsim" in _trouble(ModuleNotFoundError("No module named 'simulation'"), ours)
    assert "it fails with OverflowError: much" in _trouble(OverflowError("much"), ours)
    assert _trouble(Greeting(None, "it has 2 threads"), ours) == "it has 2 threads"
    assert _trouble(Greeting(ours._replace(numpy="1")), ours).startswith("NumPy there differs from ours")
    assert "the engine, floating point there differ from" in _trouble(Greeting(ours._replace(engine="", floating_point="")), ours)


def test_a_worker_says_which_lever_it_cannot_load(monkeypatch: pytest.MonkeyPatch):
    """A lever that needs what is not installed on the worker's machine is named, with the reason."""
    monkeypatch.setattr(cluster_worker._Here, "levers", None)

    assert "x.py fails to load (ModuleNotFoundError" in greet((Source("/own/x.py", b"import nowhere", b""),), "").trouble


def test_a_worker_in_use_keeps_its_levers(monkeypatch: pytest.MonkeyPatch):
    """While somebody else's task runs, a greeting with other levers changes nothing and says why."""
    monkeypatch.setattr(cluster_worker._Here, "busy", 1)
    monkeypatch.setattr(cluster_worker._Here, "levers", "theirs")

    assert greet((), "ours").trouble == "it is at work for another command that has other levers"
    assert cluster_worker._Here.levers == "theirs"

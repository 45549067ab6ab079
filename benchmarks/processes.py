"""What sharing work gives: when processes pay, how two of them and two Dask workers scale, and how far a cluster would.

    python benchmarks/processes.py

Needs an idle machine of two cores and the extra `cluster`; `LARGE` in `simulation/experiment/workers.py` stands on it,
and so does the table in CONTRIBUTING.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace

from simulation.experiment.execute import _block, main_work, run
from simulation.experiment.workers import LARGE, Workers, workers
from simulation.scenario import Scenario, read_scenario

POLICIES, SEEDS, TASK_SEEDS = 64, 8, 2
EMPTY = 400
"""Tasks that do nothing, to see what a task costs by itself."""
AS_DASK = {"MALLOC_TRIM_THRESHOLD_": "65536"}
"""What Dask sets for its workers before they start."""


def seconds(scenario: Scenario, crew: Workers | int) -> float:
    """Time of a run."""
    began = time.perf_counter()
    run(scenario, processes=crew)
    return time.perf_counter() - began


def nothing(_: int, __: object) -> None:
    """A task that does nothing."""


def narrow() -> Scenario:
    """Two shipped policies at 32 seeds: what somebody runs who tries something out."""
    study = read_scenario(None, seeds=32, luck_only=True)
    return study.with_policies([study.policy(key) for key in ("status_quo", "steeper")])


def wide() -> Scenario:
    """64 commission rates at a few seeds: a sweep, whose tasks take a second or more."""
    study = read_scenario(None, seeds=SEEDS, luck_only=True)
    quo = study.policy(study.baseline)
    others = [replace(quo, key=f"p{k}", label=f"p{k}") for k in range(1, POLICIES)]
    rates = [policy.with_setting("commission.rate", 0.02 + 0.002 * k) for k, policy in enumerate(others, 1)]
    return study.with_policies([quo, *rates])


def started(count: int, scheduler: str | None, use: Callable[[Workers, float], None]) -> None:
    """Workers that have loaded their libraries, which they do with their first task, and the seconds that took."""
    began = time.perf_counter()
    with workers(count, rep_months=LARGE, scheduler=scheduler) as crew:
        seconds(replace(narrow(), months=1, seats=4), crew)
        use(crew, time.perf_counter() - began)


def paying() -> None:
    """From which work on two processes pay."""
    study = narrow()
    work, alone = main_work(study), seconds(study, 1)

    def show(crew: Workers, start: float) -> None:
        both = seconds(study, crew)
        print(f"two policies: {1e9 * alone / work:,.0f} ns a rep-month, two workers {1e9 * both / work:,.0f}")
        print(f"starting two workers takes {start:.2f} s, the time of {work * start / alone:,.0f} rep-months")
        if both < alone:
            print(f"two pay from {work * start / (alone - both):,.0f} rep-months on")

    started(2, None, show)


def scaling() -> None:
    """The same sweep in one process, by two, and by two Dask workers."""
    study = wide()
    work, alone = main_work(study), seconds(study, 1)
    print(f"\n{POLICIES} policies, {work:,} rep-months:\n{'':<28}{'s':>8}{'s a million':>14}{'times one':>11}{'start, s':>10}")

    def row(name: str, took: float, start: float) -> None:
        print(f"{name:<28}{took:8.2f}{1e6 * took / work:14.3f}{alone / took:11.2f}{start:10.2f}")

    row("one process", alone, 0.0)
    for name, scheduler in (("two processes", None), ("two Dask workers, local", "local")):
        started(2, scheduler, lambda crew, start, name=name: row(name, seconds(study, crew), start))


def travelling() -> tuple[float, float]:
    """What a task carries to a worker and back, and its seconds."""
    study = wide()
    task = (study, range(POLICIES), study.seeds[:TASK_SEEDS])
    began = time.perf_counter()
    block = _block(*task, None)
    took = time.perf_counter() - began
    work = POLICIES * TASK_SEEDS * study.seats * study.months
    there, back = (len(pickle.dumps(thing, protocol=pickle.HIGHEST_PROTOCOL)) for thing in (task, block))
    print(f"\na task: {work:,} rep-months, {took:.2f} s; {1e6 * there / work / 1e3:,.0f} kB a million rep-months go to a worker,")
    print(f"{1e6 * back / work / 1e3:,.0f} kB come back where all that `run` keeps is asked for")
    return took, (there + back) / took


def carrying(task_seconds: float, bytes_a_second: float) -> None:
    """How many workers one command and one scheduler could keep busy."""

    def show(crew: Workers, _: float) -> None:
        each = min(_empty(crew) for _ in range(3))
        print(f"a Dask task costs {1e3 * each:.1f} ms beside its work")
        print(f"so tasks of {task_seconds:.1f} s keep {task_seconds / each:,.0f} workers busy, if the network carries")
        print(f"{bytes_a_second / 1e6:.2f} MB/s a worker, {bytes_a_second * task_seconds / each / 1e6:,.0f} MB/s for all of them")

    started(2, "local", show)


def _empty(crew: Workers) -> float:
    began = time.perf_counter()
    crew.each(nothing, [(k,) for k in range(EMPTY)])
    return (time.perf_counter() - began) / EMPTY


def trap() -> None:
    """What Dask's setting of the allocator costs, were it not undone in workers."""
    found = []
    for extra in ({}, AS_DASK):
        words = [sys.executable, __file__, "block"]
        said = subprocess.run(words, env=os.environ | extra, capture_output=True, text=True, check=True)  # noqa: S603 - ourselves
        found.append(float(said.stdout))
    print(f"a block as this process allocates {found[0]:.2f} s, with Dask's MALLOC_TRIM_THRESHOLD_ {found[1]:.2f} s")


def block() -> None:
    """Print the seconds of one block, without the first, which draws in libraries."""
    study = replace(wide(), months=12)
    took = []
    for _ in range(3):
        began = time.perf_counter()
        _block(study, range(POLICIES), study.seeds[:TASK_SEEDS], None)
        took.append(time.perf_counter() - began)
    print(min(took))


def main() -> None:
    """Measure and print."""
    paying()
    scaling()
    carrying(*travelling())
    trap()


if __name__ == "__main__":
    block() if sys.argv[1:] == ["block"] else main()

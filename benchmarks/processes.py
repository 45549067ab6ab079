"""What sharing work gives: when processes pay, how two of them and two Dask workers scale, and how far a cluster would.

    python benchmarks/processes.py

Needs an idle machine of two cores and the extra `cluster`. `LARGE` in `simulation/experiment/work/workers.py` stands on it,
and so does the table in CONTRIBUTING. CPU seconds hold on a busy machine too; there, only they do.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace

from simulation.experiment.batch.batch import Batch
from simulation.experiment.batch.tasks import figures_of, months_of
from simulation.experiment.batch.variants import Ground, Part, Reduction, Variant
from simulation.experiment.cluster.cluster import workers_at
from simulation.experiment.execute import main_work, run
from simulation.experiment.work.workers import LARGE, Workers, workers
from simulation.scenario import Scenario, read_scenario
from simulation.statistics.measures import every_measure

POLICIES, SEEDS, TASK_SEEDS = 64, 8, 2
EMPTY = 400
"""Tasks that do nothing, to see what a task costs by itself."""
MANY = 32
"""Workers for which empty tasks are kept ready, so that they wait for the scheduler and not for the command."""
AS_DASK = {"MALLOC_TRIM_THRESHOLD_": "65536"}
"""What Dask sets for its workers before they start."""


def seconds(scenario: Scenario, crew: Workers | int) -> float:
    """Time of a run."""
    began = time.perf_counter()
    run(scenario, processes=crew)
    return time.perf_counter() - began


def nothing(_: int, __: object) -> None:
    """A task that does nothing."""


def timed(ground: Ground, reduction: Reduction, parts: list[Part], _: object) -> float:
    """A task of a sweep; its CPU seconds."""
    began = time.process_time()
    figures_of(ground, reduction, parts)
    return time.process_time() - began


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


def swept() -> tuple[Batch, list[list[Part]]]:
    """The sweep, and its tasks: the parts of each."""
    study = wide()
    batch = Batch.of(study, [Variant(policy) for policy in study.policies], every_measure())
    rows = range(POLICIES)
    return batch, [[batch.part(batch.variants, rows, range(k, k + TASK_SEEDS))] for k in range(0, SEEDS, TASK_SEEDS)]


def started(count: int, scheduler: str | None, use: Callable[[Workers, float], None]) -> None:
    """Workers that have loaded their libraries, which they do with their first task, and the seconds that took."""
    began = time.perf_counter()
    crews = workers(count, rep_months=LARGE) if scheduler is None else workers_at(scheduler, count)
    with crews as crew:
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
    batch, parts = swept()
    work = main_work(wide()) / 1e6
    print(f"\n{POLICIES} policies, {work:.1f} million rep-months in {len(parts)} tasks; seconds a million rep-months:")
    print(f"{'':<26}{'elapsed':>9}{'times one':>11}{'CPU':>8}{'to start':>10}")
    alone = []

    def row(name: str, crew: Workers, start: float) -> None:
        ground = crew.share(batch.ground)
        began = time.perf_counter()
        cpu = sum(crew.each(timed, [(ground, every_measure(), own) for own in parts]))
        took = time.perf_counter() - began
        alone.append(took)
        print(f"{name:<26}{took / work:9.3f}{alone[0] / took:11.2f}{cpu / work:8.3f}{start:8.1f} s")

    row("one process", Workers(1), 0.0)
    for name, scheduler in (("two processes", None), ("two Dask workers, local", "local")):
        started(2, scheduler, lambda crew, start, name=name: row(name, crew, start))


def travelling() -> tuple[float, float]:
    """What a task carries to a worker and back: its CPU seconds, and bytes a second where measures are asked for."""
    batch, [parts, *_] = swept()
    took = timed(batch.ground, every_measure(), parts, None)
    work = POLICIES * TASK_SEEDS * batch.cell_work / 1e6
    things = (batch.ground, parts, figures_of(batch.ground, every_measure(), parts), months_of(batch.ground, parts))
    once, there, back, months = (len(pickle.dumps(thing, protocol=pickle.HIGHEST_PROTOCOL)) / 1e3 for thing in things)
    print(f"\na task: {work:.1f} million rep-months, {took:.2f} s of CPU; {once:,.0f} kB go to each worker once;")
    print(f"for a million rep-months {there / work:,.0f} kB go to a worker and {back / work:,.0f} kB of measures come back,")
    print(f"or {months / work:,.0f} kB where all months are kept")
    return took, 1e3 * (there + back) / took


def carrying(task_seconds: float, bytes_a_second: float) -> None:
    """How many workers one command and one scheduler could keep busy."""
    import psutil

    def show(crew: Workers, _: float) -> None:
        pool = crew._pool  # noqa: SLF001 - the scheduler's process has no public name
        pool._looked, pool.count = time.monotonic() + 1e6, MANY  # noqa: SLF001 - as if there were so many workers
        here, there = psutil.Process(), psutil.Process(pool._host.pid)  # noqa: SLF001 - as above
        before, began = (_cpu(here), _cpu(there)), time.perf_counter()
        crew.each(nothing, [(k,) for k in range(EMPTY)])
        each = (time.perf_counter() - began) / EMPTY
        own, its = ((_cpu(process) - cpu) / EMPTY for process, cpu in zip((here, there), before, strict=True))
        print(f"a Dask task costs {1e3 * each:.1f} ms; CPU of the command {1e3 * own:.1f}, of the scheduler {1e3 * its:.1f} ms")
        for name, limit in (("by the time elapsed", each), ("with a core each for command and scheduler", max(own, its))):
            rate = bytes_a_second * task_seconds / limit / 1e6
            print(f"tasks of {task_seconds:.1f} s keep {task_seconds / limit:,.0f} workers busy {name}, at {rate:,.1f} MB/s")

    started(2, "local", show)


def _cpu(process: object) -> float:
    """CPU seconds of a process."""
    used = process.cpu_times()  # type: ignore[attr-defined]
    return used.user + used.system


def trap() -> None:
    """What Dask's setting of the allocator costs, were it not undone in workers."""
    found = []
    for extra in ({}, AS_DASK):
        words = [sys.executable, __file__, "block"]
        said = subprocess.run(words, env=os.environ | extra, capture_output=True, text=True, check=True)  # noqa: S603 - ourselves
        found.append(float(said.stdout))
    print(f"a block as this process allocates {found[0]:.2f} s of CPU, with Dask's MALLOC_TRIM_THRESHOLD_ {found[1]:.2f} s")


def block() -> None:
    """Print the CPU seconds of one block, without the first, which draws in libraries."""
    batch, [parts, *_] = swept()
    ground = replace(batch.ground, scenario=replace(batch.ground.scenario, months=12))
    print(min(timed(ground, every_measure(), parts, None) for _ in range(3)))


def main() -> None:
    """Measure and print."""
    paying()
    scaling()
    carrying(*travelling())
    trap()


if __name__ == "__main__":
    block() if sys.argv[1:] == ["block"] else main()

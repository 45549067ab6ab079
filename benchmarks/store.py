"""What the store costs a cell: figures as a sweep keeps them, and months as a comparison does; written, and read again.

    python benchmarks/store.py

Milliseconds of processor time of this process, packing included, and bytes on disk.
Seen on an idle machine: figures kept in 0.006 ms and read in 0.004, 448 bytes each; months (60, of 200 seats, with stays and
groups) kept in 0.9 ms and read in 1.6, 62 kB each, where simulating such a cell takes 10 ms.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from simulation.experiment.batch import batch
from simulation.experiment.batch.batch import Batch, figures, months
from simulation.experiment.batch.variants import Variant
from simulation.experiment.cells.cells import Cells
from simulation.experiment.work.workers import Workers
from simulation.scenario import read_scenario
from simulation.statistics.measures import every_measure

POLICIES, SEEDS = 200, 30


spent = {"kept": 0.0, "read": 0.0}


class Timed(batch._Store):  # noqa: SLF001 - timed from outside
    """A batch's part of the store that counts the processor time of what it does."""

    def keep(self, *given: object) -> None:
        """Commit a block, packing included."""
        began = time.process_time()
        super().keep(*given)
        spent["kept"] += time.process_time() - began

    def read(self) -> Iterator[object]:
        """Read what is kept, unpacking included."""
        began = time.process_time()
        found = list(super().read())
        spent["read"] += time.process_time() - began
        yield from found


def measured(title: str, shape: Batch, run: Callable[[Batch, Workers], object]) -> None:
    """The same batch with an empty store and with a full one."""
    cells = len(shape.variants) * len(shape.seeds)
    spent.update(kept=0.0, read=0.0)
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(2):
            with Cells(Path(folder)) as store:
                run(shape, Workers(1, cells=store))
        size = store.file.stat().st_size
    each = {what: 1e3 * time / cells for what, time in spent.items()}
    took = f"kept in {each['kept']:.3f} ms, read in {each['read']:.3f} ms"
    print(f"{title:8s} {cells:6,d} cells: {took}, {size / cells:,.0f} bytes each")


def main() -> None:
    """Measure and print."""
    batch._Store = Timed  # noqa: SLF001
    scenario = read_scenario(None, seats=20, months=12, seeds=SEEDS, luck_only=True)
    steeper = scenario.policy("steeper")
    swept = [Variant(steeper.with_setting("commission.rate", 0.05 + 0.0002 * k)) for k in range(POLICIES)]
    measured("figures", Batch.of(scenario, swept, every_measure()), figures)
    study = read_scenario(None, seeds=16, luck_only=True)
    measured("months", Batch.of(study, [Variant(policy) for policy in study.policies]), months)


if __name__ == "__main__":
    main()

"""A run that is stopped, in whatever way, goes on with what is done, and ends with the result of one that was never stopped."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import organisation
import pytest
from resuming import Size, cells_in, finished, kill_at_random

from simulation.experiment.batch import batch as batches
from simulation.experiment.batch.batch import Batch, figures
from simulation.experiment.batch.variants import Variant
from simulation.experiment.cells.cells import Cells
from simulation.experiment.work.workers import Workers
from simulation.statistics.measures import every_measure


class Struck(Workers):
    """Workers that are interrupted after some tasks."""

    after = 2

    def finished(self, work, tasks, advance=None):
        """The first tasks, then Ctrl-C."""
        for done, result in enumerate(super().finished(work, tasks, advance)):
            yield result
            if done + 1 == self.after:
                raise KeyboardInterrupt


def test_an_interrupted_batch_goes_on(tmp_path, monkeypatch):
    """Stopped again and again after two tasks, nothing done is done again, and figures are those of an undisturbed run."""
    monkeypatch.setattr(batches, "TASK_WORK", 1)
    scenario = organisation.study({"less": {"commission.rate": 0.05}}, months=2, seats=8, seeds=7).luck_only()
    shape = Batch.of(scenario, [Variant(policy) for policy in scenario.policies], every_measure())
    stops = 0
    with Cells(tmp_path) as cells:
        while True:
            try:
                found = figures(shape, Struck(1, cells=cells), elements=16).values
                break
            except KeyboardInterrupt:
                stops += 1

        assert (stops, cells.made) == (3, 14)
    np.testing.assert_array_equal(found, figures(shape, Workers(1)).values)


@pytest.mark.slow
def test_a_killed_sweep_goes_on(tmp_path):
    """Killed five times at random moments, the sweep ends with the document of an undisturbed one; no cell is made twice."""
    size = Size(seats=60, months=12, seeds=6)
    whole, _ = finished(tmp_path / "whole", size)
    every = cells_in(tmp_path / "whole")
    killed = kill_at_random(tmp_path / "struck", size, times=5, every=every, seed=3)
    again, told = finished(tmp_path / "struck", size)

    assert killed.times > 0
    assert killed.kept == sorted(killed.kept)
    assert again == whole
    left = every - killed.kept[-1]
    assert not killed.kept[-1] or (f"{left:,} were simulated" if left else "nothing was simulated again") in told
    assert cells_in(tmp_path / "struck") == every


def test_from_thirty_seeds_to_a_hundred_seventy_are_simulated(tmp_path):
    """Extending a run computes the seeds that are new."""
    scenario = organisation.study({"less": {"commission.rate": 0.05}}, months=1, seats=4, seeds=30).luck_only()
    variants = [Variant(policy) for policy in scenario.policies]
    with Cells(tmp_path) as cells:
        figures(Batch.of(scenario, variants, every_measure()), Workers(1, cells=cells))
        before = cells.made
        figures(Batch.of(replace(scenario, seed_count=100), variants, every_measure()), Workers(1, cells=cells))

        assert (before, cells.made - before) == (2 * 30, 2 * 70)

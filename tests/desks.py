"""A desk whose work is done by the process of the test itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from simulation.app.answers.desk import Desk
from simulation.experiment.cells.recent import Recent
from simulation.experiment.work.workers import Workers


@contextmanager
def desk_in_place() -> Iterator[Desk]:
    """A desk without processes of its own; everything else is as it is."""
    crew = Workers(1, cells=Recent())
    with Desk(processes=1) as desk:
        for lane in (desk._urgent, desk._patient, desk._studies):
            lane.begin = lambda: crew  # type: ignore[method-assign]
        yield desk

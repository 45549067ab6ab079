"""A desk whose work is done by the process of the test itself, and drafts for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from simulation.app.desk import Desk
from simulation.app.lanes import Lane
from simulation.experiment.workers import Workers


@contextmanager
def desk_in_place() -> Iterator[Desk]:
    """A desk without processes of its own; everything else is as it is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Lane, "begin", lambda lane: Workers(1, cells=lane._cells))  # noqa: SLF001 - what the processes are given
        with Desk(processes=1) as desk:
            yield desk

"""Processes that stand by: seeds go where they went before, and what is dropped stops in the middle of its tasks."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from crews import reporting

from simulation.experiment.batch.batch import Batch
from simulation.experiment.batch.variants import Ground, Variant
from simulation.experiment.work.attendants import BUSY, Attendants, home_of
from simulation.experiment.work.workers import Workers
from simulation.scenario import read_scenario


@pytest.fixture(scope="module")
def ground() -> Ground:
    """What small tasks share."""
    scenario = read_scenario(None, months=1, seats=4, seeds=2)
    return Batch.of(scenario, [Variant(scenario.policy("status_quo"))]).ground


@pytest.fixture(scope="module")
def two() -> Iterator[Attendants]:
    """Two processes for all tests of this file."""
    pool = Attendants(2)
    yield pool
    pool.end(at_once=True)


class Idle:
    """A process as far as the choice of one looks at it."""

    def __init__(self) -> None:
        self.given = 0

    def hand_out(self, *_: object) -> int:
        """Take a task."""
        self.given += 1
        return self.given


def test_the_home_of_a_task_is_its_ground_and_its_seeds(ground):
    """Variants play no part in where a task goes, seeds do, and a ground that is shared counts as the ground itself."""
    crew = Workers(1)
    one = home_of((ground, [((), (1, 2)), ((), (3,))]))

    assert one == home_of((crew.share(ground), object(), [((object(),), (1, 2))])) == home_of((ground, (1, 2)))
    assert one != home_of((ground, [((), (1, 3))]))


def test_seeds_go_where_they_went_before_unless_others_are_idle(ground):
    """Homes are spread; a task passes its own process by where that has two tasks more than another, and comes back later."""
    pool = Attendants(2)
    pool._cores = cores = [Idle(), Idle()]  # type: ignore[list-item]
    place_of: Callable[[int], int] = lambda seed: pool._given[pool.hand_out(print, (ground, (seed,)), None)][0]  # noqa: E731
    first = [place_of(seed) for seed in (1, 2, 3, 4)]
    pool._given.clear()
    again = [place_of(seed) for seed in (4, 1, 3, 2)]
    pool._given.clear()
    crowd = [place_of(1) for _ in range(BUSY + 1)]
    pool._given.clear()

    assert sorted(first) == [0, 0, 1, 1]
    assert again == [first[seed - 1] for seed in (4, 1, 3, 2)]
    assert crowd == [first[0]] * BUSY + [1 - first[0]]
    assert place_of(1) == first[0]
    assert sum(core.given for core in cores) == 4 + 4 + BUSY + 2


@pytest.mark.slow
def test_a_dropped_task_stops_within_a_report(two, ground, tmp_path):
    """A task that would report for a minute ends after its caller has gone, and the same process does the next one."""
    crew = Workers(2, pool=two)

    def leave(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        crew.each(reporting, [(ground, tmp_path / "first", 3_000, (1,))], leave)
    pid, reports = crew.each(reporting, [(ground, tmp_path / "second", 1, (1,))])[0]

    assert pid != os.getpid()
    assert reports == 1
    assert int((tmp_path / "first").read_text(encoding="utf-8")) < 1_000
    assert (tmp_path / "first").with_suffix(f".{pid}").exists()


@pytest.mark.slow
def test_every_look_asks_whether_anybody_waits(ground, tmp_path):
    """What `heed` raises ends the wait, also while a task reports nothing."""
    looks: list[int] = []

    def heed() -> None:
        looks.append(1)
        if len(looks) > 3:
            raise TimeoutError

    pool = Attendants(1, heed=heed)
    try:
        with pytest.raises(TimeoutError):
            Workers(1, pool=pool).each(reporting, [(ground, tmp_path / "silent", 3_000, (1,))])
    finally:
        pool.end(at_once=True)

    assert len(looks) == 4

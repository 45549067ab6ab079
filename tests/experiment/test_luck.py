"""Luck that a process keeps for the next block of the same seeds: it is the same luck, and nobody finds it half drawn."""

from __future__ import annotations

import numpy as np
import pytest

from simulation.draws import Draws
from simulation.experiment.batch import variants
from simulation.experiment.batch.batch import Batch, months
from simulation.experiment.batch.variants import Variant
from simulation.experiment.work.workers import Workers
from simulation.scenario import read_scenario
from simulation.vocabulary import MONTHLY_STREAMS


def walked(scenario, policies):
    """All figures of some policies at the scenario's seeds, in one process."""
    return months(Batch.of(scenario, [Variant(policy) for policy in policies]), Workers(1))


@pytest.fixture
def scenario():
    """A small study, its luck not yet kept."""
    variants._lucks.clear()
    yield read_scenario("status_quo", seats=12, months=26, seeds=3)
    variants._lucks.clear()


def same(one, other):
    """Whether two blocks hold the same figures to the last bit."""
    return all(np.array_equal(one.sums[name], other.sums[name], equal_nan=True) for name in one.sums) and one.spells.equals(
        other.spells
    )


def test_a_policy_meets_the_same_luck_whether_or_not_another_has_walked_before(scenario):
    """Kept luck changes no bit: policies walked after others, in either order, find what they find alone."""
    policies = scenario.policies[:3]
    alone = []
    for policy in policies:
        variants._lucks.clear()
        alone.append(walked(scenario, [policy]))
    variants._lucks.clear()
    after = [walked(scenario, [policy]) for policy in policies]
    before = [walked(scenario, [policy]) for policy in reversed(policies)][::-1]
    assert len(variants._lucks) == 1, "nothing was kept"
    assert all(same(a, b) and same(a, c) for a, b, c in zip(alone, after, before, strict=True))


def test_a_block_that_is_stopped_leaves_no_luck_behind(scenario):
    """Whoever is stopped in mid-run may have drawn half a year: the next draws anew, and finds the same."""
    policy = scenario.policies[1]
    whole = walked(scenario, [policy])

    class StoppedError(Exception):
        pass

    def stop(_):
        raise StoppedError

    with pytest.raises(StoppedError):
        months(Batch.of(scenario, [Variant(scenario.policies[2])]), Workers(1), stop)
    assert not variants._lucks
    assert same(walked(scenario, [policy]), whole)


def test_no_more_luck_is_kept_than_there_is_room_for(scenario, monkeypatch):
    """Beyond its room the luck used longest ago goes, and what alone is larger is never kept."""
    size = 12 * 26 * 3
    monkeypatch.setattr(variants, "MOST_LUCK", size)
    walked(scenario, scenario.policies[:1])
    walked(scenario.luck_only(), scenario.policies[:1])
    assert [own for own, _ in variants._lucks.values()] == [size]
    monkeypatch.setattr(variants, "MOST_LUCK", size - 1)
    variants._lucks.clear()
    walked(scenario, scenario.policies[:1])
    assert not variants._lucks


def test_kept_months_are_those_drawn_in_passing():
    """A month asked for again is what it was, and what a run that keeps nothing draws."""
    kept, passing = (Draws((5, 6), 7, 2, "run", kept=kept) for kept in (True, False))
    for step in range(30):
        for stream in MONTHLY_STREAMS:
            assert np.array_equal(kept.uniform(stream, step), passing.uniform(stream, step))
            assert np.array_equal(kept.normal(stream, step), passing.normal(stream, step))
    first = Draws((5, 6), 7, 2, "run")
    assert np.array_equal(kept.uniform("quit", 0), first.uniform("quit", 0))
    with pytest.raises(ValueError, match="read-only"):
        kept.uniform("quit", 3)[:] = 0.0

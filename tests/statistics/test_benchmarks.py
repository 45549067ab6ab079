"""Short versions of `benchmarks/selection.py` and `benchmarks/coverage.py`, with fixed seeds."""

from __future__ import annotations

import pytest
from benchmark import benchmark

from simulation.experiment.work.workers import Workers


@pytest.mark.slow
def test_a_wrong_policy_is_named_in_at_most_five_percent_of_pairs():
    """200 known pairs, four times each: errors within the rate, none left open, fewer runs than fixed sampling would take."""
    counts = benchmark("selection").study(4, first=77)

    assert counts["all"].met == 800
    for name, count in counts.items():
        assert count.wrong_winner == 0, name
        assert count.false_best + count.wrong_tie <= 0.05 * count.met, name
        assert count.best + count.tie == count.met, name
    assert counts["all"].seeds < counts["all"].same


@pytest.mark.slow
def test_among_six_policies_the_runs_go_where_they_are_needed():
    """Sets of six, with and without a requirement: errors within the rate, and fewer runs than as many seeds for all."""
    found = benchmark("selection").sets(25)

    assert sum(count.false_best + count.wrong_tie for count, _ in found.values()) <= 0.05 * 25 * len(found)
    assert all(share < 1.0 for _, share in found.values())
    assert found["two ahead"][1] < 0.75


@pytest.mark.slow
def test_intervals_of_the_engine_hold_the_truth():
    """48 repeats of 32 seeds: within what chance allows around 95%, where all repeats share one estimated truth."""
    coverage = benchmark("coverage")
    values = coverage.figures(coverage.study(), 48 * coverage.SEEDS, Workers(1))

    for key, figures in values.items():
        assert 0.86 <= coverage.covered(figures).held <= 1.0, key

"""When a growing sample is looked at, and how high the bar is; limits of a mean that is not Normal."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtri
from scipy.stats import multivariate_normal

from simulation.statistics.bounds import bounds
from simulation.statistics.intervals import t_interval
from simulation.statistics.looks import crossing, look_schedule, tail_of_bar


def test_looks_grow_by_half_and_end_at_the_cap():
    """Each look has half as many seeds again, rounded up; the last has the most there may be."""
    assert look_schedule(16, 100) == (16, 24, 36, 54, 81, 100)
    assert look_schedule(16, 16) == (16,)


def test_one_look_has_the_whole_error():
    """Nothing is paid for looks that are not taken."""
    assert tail_of_bar(0.05, (64,)) == 0.05


@pytest.mark.parametrize("counts", [(16, 24), (10, 40), (16, 24, 36)])
def test_crossing_is_that_of_the_joint_normal(counts):
    """No look above the bar: the joint Normal distribution with correlations sqrt(n_i / n_j)."""
    n = np.array(counts, dtype=float)
    joint = np.sqrt(np.minimum.outer(n, n) / np.maximum.outer(n, n))
    below = multivariate_normal(np.zeros(len(n)), joint).cdf(np.full(len(n), 2.0))

    assert crossing(2.0, counts) == pytest.approx(1.0 - below, abs=2e-5)


def test_many_looks_cost_less_than_as_many_tests():
    """The bar lies between that of a single look and that of looks that share nothing (Bonferroni), and keeps the error."""
    counts = look_schedule(16, 1000)
    tail = tail_of_bar(0.05, counts)

    assert 0.05 / len(counts) < tail < 0.05
    assert crossing(-ndtri(tail), counts) == pytest.approx(0.05, abs=1e-6)


@pytest.mark.parametrize("error", [0.05, 1e-3, 1e-6])
def test_the_bar_does_not_hang_on_the_quadrature(error, monkeypatch):
    """Twice as many nodes change the tail by less than a ten-thousandth of it."""
    counts = look_schedule(16, 1000)
    tail = tail_of_bar(error, counts)
    monkeypatch.setattr("simulation.statistics.looks.NODES", 192)

    assert tail_of_bar.__wrapped__(error, counts) == pytest.approx(tail, rel=1e-4)


def test_limits_of_a_sample_without_lean_are_students():
    """A symmetric sample has the t limits at both sides."""
    values = np.array([-3.0, -1.0, 0.0, 1.0, 3.0])
    low, high = bounds(values, 0.025)
    usual = t_interval(values)

    np.testing.assert_allclose([low, high], [usual.low, usual.high], rtol=1e-12)


def test_a_long_tail_moves_its_own_limit_away():
    """With a long right tail the upper limit is farther than Student's, and the lower one is no nearer."""
    values = np.exp(np.random.default_rng(3).standard_normal((4, 20)))
    low, high = bounds(values, 0.025)
    usual = t_interval(values)

    assert (high > usual.high + 1e-9).all()
    assert (low <= usual.low + 1e-9).all()
    np.testing.assert_allclose(bounds(-values, 0.025), (-high, -low))


def test_seeds_without_a_value_are_left_out():
    """NaN counts for nothing; with fewer than two seeds nothing is known; without spread there is no doubt."""
    values = np.array([1.0, np.nan, 4.0, 2.0, 9.0, np.nan])

    np.testing.assert_allclose(bounds(values, 0.01), bounds(values[np.isfinite(values)], 0.01))
    assert bounds(np.array([[3.0, np.nan], [np.nan, np.nan]]), 0.01)[0].tolist() == [-np.inf, -np.inf]
    assert bounds(np.full(16, 2.5), 0.01) == (2.5, 2.5)

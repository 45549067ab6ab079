"""Intervals that hold luck and parameters: checked against truths that are known because they were made up."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import stdtrit

from simulation.statistics.intervals import t_interval
from simulation.statistics.ranks import joint_covariance, rank_policies
from simulation.statistics.uncertainty import joint_interval, parameter_variance

WORLDS = 4_000


def made(spread, *, kept=0.3, seeds=64, worlds=WORLDS, source=5):
    """Effects of a toy with known truth: (world, seed) with draws and at point values, and the true effect (world,).

    The effect is 2 + theta, theta Normal with standard deviation `spread`; luck is standard Normal, and keeps the share `kept`
    of itself when parameters change. The truth is a draw like the others.
    """
    rng = np.random.default_rng(source)
    theta, luck, other = rng.standard_normal((3, worlds, seeds))
    values = 2.0 + spread * theta + kept * luck + np.sqrt(1.0 - kept**2) * other
    return values, 2.0 + luck, 2.0 + spread * rng.standard_normal(worlds)


@pytest.mark.parametrize("kept", [0.2, 0.8])
@pytest.mark.parametrize("spread", [0.0, 0.15, 0.45, 1.0, 2.0])
@pytest.mark.parametrize("seeds", [16, 64])
def test_intervals_hold_the_truth(spread, kept, seeds):
    """A 95% interval holds the true effect in at least 92% of worlds, whether parameters matter little or much.

    The margin of 4,000 worlds is one point.
    """
    values, point, truth = made(spread, kept=kept, seeds=seeds)
    found = joint_interval(values, point)

    assert np.mean((found.low <= truth) & (truth <= found.high)) >= 0.92


@pytest.mark.parametrize(("spread", "ratio"), [(0.0, 4.0), (0.45, 1.35), (1.0, 1.06), (2.0, 1.05)])
def test_intervals_are_no_wider_than_they_must_be(spread, ratio):
    """At 64 seeds the width comes near the ideal one, that of known variances, as soon as parameters matter; it never exceeds
    four times of it.
    """
    values, point, _ = made(spread)
    found = joint_interval(values, point)
    ideal = 2 * stdtrit(63, 0.975) * np.sqrt(spread**2 + (1.0 + spread**2) / 64)

    assert np.mean(found.high - found.low) / ideal <= ratio


def test_paired_variance_would_be_far_too_wide():
    """Var(x - y) takes luck that goes another way for parameters: where they do not matter at all it exceeds one seed's luck,
    while what is used stays below a third of it.
    """
    values, point, _ = made(0.0)

    assert np.mean((values - point).var(axis=-1, ddof=1)) > 1.3
    assert np.mean(parameter_variance(values, point)) < 0.33


def test_parameter_variance_is_found():
    """A standard deviation of 2 between draws is a variance of 4: found within 3% on average, whatever luck does."""
    for kept in (0.0, 0.5, 1.0):
        values, point, _ = made(2.0, kept=kept)

        assert np.mean(parameter_variance(values, point)) == pytest.approx(4.0, rel=0.03)


def test_by_hand():
    """Four seeds by hand. x = 1, 3, 5, 7 and y = 2, 2, 4, 4, by hand: variances 20/3 and 4/3, covariance 8/3, so found = 16/3 and
    error^2 = 2/3 (400/9 + 16/9 - 128/9) = 64/3; z = 1.1547, phi / Phi = 0.204824 / 0.875893, parameters = 6.4134 and
    chance = 5/3.
    """
    x, y = np.array([1.0, 3.0, 5.0, 7.0]), np.array([2.0, 2.0, 4.0, 4.0])
    found = joint_interval(x, y)
    parameters = 16 / 3 + np.sqrt(64 / 3) * 0.204824 / 0.875893

    assert parameter_variance(x, y) == pytest.approx(parameters, rel=1e-5)
    assert found.mean == 4.0
    assert found.chance == pytest.approx((5 / 3) / (5 / 3 + parameters), rel=1e-5)
    assert found.high - 4.0 == pytest.approx(3.182446 * np.sqrt(5 / 3 + parameters), rel=1e-5)


def test_equal_runs_leave_luck_alone():
    """Where draws change nothing, or nothing is drawn, intervals are those of luck, bit for bit, and chance is all."""
    values = made(0.5)[0][:40]
    for point in (values, None):
        found = joint_interval(values, point)

        np.testing.assert_array_equal(found[:3], t_interval(values))
        np.testing.assert_array_equal(found.chance, 1.0)


def test_missing_seeds_and_single_seeds():
    """A seed without a value is left out; one seed has no interval and no shares; figures without width have no shares."""
    x, y = np.array([1.0, np.nan, 3.0, 5.0, 7.0]), np.array([2.0, 9.0, 2.0, 4.0, 4.0])
    without = joint_interval(np.delete(x, 1), np.delete(y, 1))

    np.testing.assert_allclose(joint_interval(x, y), without, rtol=1e-12)
    assert np.isnan(joint_interval(x[:1], y[:1])[1:]).all()
    assert np.isnan(joint_interval(np.ones(5), np.ones(5)).chance)
    assert joint_interval(np.ones(5), np.ones(5)).low == 1.0


def ranked(means, *, spread, better="higher", material=0.0, seeds=64):
    """Ranks of policies whose differences from the first are these means and a Normal with this standard deviation a seed."""
    rng = np.random.default_rng(3)
    noise = spread * rng.standard_normal((2, len(means), seeds))
    noise -= noise.mean(axis=-1, keepdims=True)
    level = 100.0 + rng.standard_normal(seeds)
    own, same = (np.array(means)[:, None] + level + np.where(np.arange(len(means))[:, None] > 0, x, 0.0) for x in noise)
    return rank_policies(own, same, baseline=0, better=better, material=material)


def test_ranks_far_apart_hold():
    """Policies many standard deviations apart are ranked by mean, and the ranks hold in all draws; lower may be better."""
    assert ranked([0.0, 5.0, -5.0], spread=0.01) == [(2, 1.0), (1, 1.0), (3, 1.0)]
    assert ranked([0.0, 5.0, -5.0], spread=0.01, better="lower") == [(2, 1.0), (3, 1.0), (1, 1.0)]


def test_no_material_difference_shares_a_rank():
    """Two policies closer than the material difference both come first; one beyond it comes third."""
    assert ranked([0.0, 0.4, -5.0], spread=0.01, material=1.0) == [(1, 1.0), (1, 1.0), (3, 1.0)]


def test_a_rank_holds_as_often_as_normal_tables_say():
    """Two policies: the better one stays first with the probability that a Normal with its mean and variance is above zero."""
    from scipy.special import ndtr

    rng = np.random.default_rng(9)
    own = np.stack([np.zeros(64), 1.0 + 3.0 * rng.standard_normal(64)])
    same = np.stack([np.zeros(64), 1.0 + 0.5 * rng.standard_normal(64)])
    mean, variance = own[1].mean(), joint_covariance(own, same)[1, 1]
    first = rank_policies(own, same, baseline=0, better="higher", material=0.0)[1]

    assert first.rank == 1
    assert first.holds == pytest.approx(ndtr(mean / np.sqrt(variance)), abs=0.01)


def test_covariance_and_intervals_agree():
    """The variances that ranks rest on are those of the intervals, and the matrix is one of covariances."""
    rng = np.random.default_rng(4)
    own, same = rng.standard_normal((2, 5, 40)) * np.array([0.0, 1.0, 2.0, 0.5, 1.0])[:, None]
    same *= np.array([0.0, 0.5, 2.5, 0.1, 1.0])[:, None]
    found = joint_covariance(own, same)
    joint = joint_interval(own, same)
    half = stdtrit(39, 0.975) * np.sqrt(np.diag(found))

    np.testing.assert_allclose(half, (joint.high - joint.low) / 2, rtol=1e-9)
    assert np.linalg.eigvalsh(found).min() > -1e-12


def test_ranks_of_one_seed_have_no_probability():
    """One seed gives ranks without a probability; none gives no ranks."""
    values = np.array([[1.0], [2.0]])
    one = rank_policies(values, values, baseline=0, better="higher", material=0.0)
    none = rank_policies(values * np.nan, values, baseline=0, better="higher", material=0.0)

    assert [rank.rank for rank in one] == [2, 1]
    assert [rank.rank for rank in none] == [None, None]
    assert np.isnan([rank.holds for rank in (*one, *none)]).all()

"""Means of policies that were given different numbers of seeds."""

from __future__ import annotations

import numpy as np
import pytest

from simulation.statistics.levels import level_interval
from simulation.statistics.uncertainty import joint_interval

LUCK = np.random.default_rng(4).normal(100.0, 20.0, 60)


def made(short_by=40):
    """A baseline, a policy 3 above it, and the same policy without its last seeds, (policy, seed)."""
    own = 3.0 + np.random.default_rng(5).normal(0.0, 0.5, 60)
    values = np.array([LUCK, LUCK + own, LUCK + own])
    values[2, 60 - short_by :] = np.nan
    return values


def test_with_equal_seeds_it_is_the_plain_interval():
    """Bit for bit that of `joint_interval`."""
    values = made()

    for one, other in zip(level_interval(values, None, 0, []), joint_interval(values, None), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_short_policy_has_the_baselines_mean_and_its_own_difference():
    """Luck of the seeds it never met is in the baseline's mean, not left out of its own."""
    values = made()
    found = level_interval(values, None, 0, [2])

    assert found.mean[2] == pytest.approx(LUCK.mean() + (values[2] - LUCK)[:20].mean())
    assert found.mean[1] == values[1].mean()


def test_its_interval_is_nearly_that_of_all_seeds():
    """Where policies differ little by seed, what the short one misses is nearly nothing, and far from its own twenty seeds'."""
    values = made()
    found = level_interval(values, None, 0, [2])
    widths = found.high - found.low

    assert widths[2] == pytest.approx(widths[1], rel=0.3)  # the spread of its twenty seeds is used
    assert widths[2] < 0.7 * np.ptp([joint_interval(values[2], None).low, joint_interval(values[2], None).high])


def test_its_error_is_the_one_in_its_docstring():
    """Over many repeats the mean's variance is Var x / N + Var(x - b) (1/n - 1/N)."""
    rng = np.random.default_rng(6)
    b, d = rng.normal(0.0, 2.0, (20_000, 30)), rng.normal(0.0, 1.0, (20_000, 30))
    means = b.mean(axis=1) + d[:, :10].mean(axis=1)

    assert means.var() == pytest.approx((4.0 + 1.0) / 30 + 1.0 * (1 / 10 - 1 / 30), rel=0.03)


def test_parameters_widen_it_as_they_widen_any_other():
    """With a policy's figures spread by draws, and none at point values, the share of chance is below one."""
    values = made()
    values[2] += 30.0 * np.random.default_rng(7).standard_normal(60)
    found = level_interval(values, made(), 0, [2])

    assert 0.0 < found.chance[2] < 0.5

"""Intervals over seeds, shares of seeds, and what may be called decided."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from simulation.scenario.policy import Material
from simulation.statistics.intervals import decide, material_amount, share_better, t_interval


def test_interval_by_hand():
    """Of 1, 2, 3: mean 2, sd 1, and 4.3027 (t, two degrees of freedom) over the root of three."""
    mean, low, high = t_interval(np.array([1.0, 2.0, 3.0]))

    np.testing.assert_allclose([mean, high - mean, mean - low], [2.0, 4.302653 / np.sqrt(3), 4.302653 / np.sqrt(3)], rtol=1e-6)


def test_interval_is_that_of_scipy():
    """Row by row it is scipy's t interval."""
    values = np.random.default_rng(1).normal(3.0, 2.0, (4, 9))
    expected = stats.t.interval(0.95, 8, values.mean(axis=1), stats.sem(values, axis=1))

    np.testing.assert_allclose(t_interval(values)[1:], expected)


def test_seeds_without_a_value_are_left_out():
    """NaN is no observation; one value has no interval; none has no mean."""
    mean, low, _ = t_interval(np.array([[1.0, 3.0, np.nan], [5.0, np.nan, np.nan], [np.nan] * 3]))

    np.testing.assert_allclose(mean, [2.0, 5.0, np.nan])
    np.testing.assert_array_equal(np.isnan(low), [False, True, True])


@pytest.mark.parametrize(("better", "expected"), [("higher", 0.625), ("lower", 0.375), ("none", np.nan)])
def test_ties_count_half(better, expected):
    """Of four seeds two are higher, one lower, one equal: better in 2.5 of 4, or 1.5, or not to be said."""
    np.testing.assert_equal(float(share_better(np.array([1.0, 2.0, -1.0, 0.0]), better)), expected)


@pytest.mark.parametrize(
    ("low", "high", "higher", "lower", "none"),
    [
        (1.5, 2.0, "better", "worse", "higher"),  # wholly above
        (-2.0, -1.5, "worse", "better", "lower"),  # wholly below
        (-0.9, 0.9, "same", "same", "same"),  # wholly inside
        (-1.0, 1.0, "same", "same", "same"),  # the edges are inside
        (0.5, 1.5, "open", "open", "open"),  # across the upper edge
        (-1.5, 0.5, "open", "open", "open"),  # across the lower edge
        (-3.0, 3.0, "open", "open", "open"),  # across both
        (np.nan, np.nan, "open", "open", "open"),  # one seed: no interval
    ],
)
def test_decided(low, high, higher, lower, none):
    """With a material difference of 1 an interval is decided beyond it, the same within it, open across it."""
    assert [decide(low, high, 1.0, better) for better in ("higher", "lower", "none")] == [higher, lower, none]


def test_nothing_differs_by_nothing():
    """Where no material difference is set, an exact zero is the same and anything else is decided."""
    assert [decide(0.0, 0.0, 0.0, "higher"), decide(1e-9, 2e-9, 0.0, "higher")] == ["same", "better"]


def test_material_differences():
    """An amount stands for itself, a share is of the baseline's size whatever its sign, and none is zero."""
    found = [material_amount(m, -200.0) for m in (Material(3.0, relative=False), Material(0.01, relative=True), None)]

    assert found == [3.0, 2.0, 0.0]

"""Tiered goals: what is clear pulls, what has no goal is neglected, and the index is paid."""

from __future__ import annotations

import numpy as np
import pytest
from seats import stacked, two_regions

from simulation.levers.tiered_goals import TieredGoals


def test_weights_as_worked_by_hand(parameters):
    """One goal of weight .5, explained in talks of 1.5 hours, is clear by 1 - 1/e = .632: .158 on its task, -.047 on sharing."""
    weights = stacked(TieredGoals, tactical=0.5, clarity=1.0, talks=1.5).goal_weight(two_regions(), parameters.tiered_goals)

    assert weights.farm.item() == pytest.approx(0.5 * 0.6321 * 0.5, abs=1e-4)
    assert weights.share.item() == pytest.approx(-0.15 * 0.6321 * 0.5, abs=1e-4)
    assert weights.hunt.item() == weights.explore.item() == 0.0


def test_many_goals_are_none(parameters):
    """Three equal tiers are spread by two thirds and a third less clear than one, and lie as a burden on security."""
    s, p = two_regions(), parameters.tiered_goals
    one = stacked(TieredGoals, tactical=0.3, clarity=1.0, talks=2.0)
    three = stacked(TieredGoals, strategic=0.3, campaign=0.3, tactical=0.3, clarity=1.0, talks=2.0)

    assert three.goal_weight(s, p).farm / one.goal_weight(s, p).farm == pytest.approx(2 / 3)
    assert three.motive_support(s, p).security.item() == pytest.approx(-0.2 * 2 / 3 * 0.9)


def test_a_goal_pulls_most_within_reach(parameters):
    """The pull is whole where the quota is even money, and hardly there where it is three deviations away."""
    lever = stacked(TieredGoals, campaign=0.2, clarity=1.0, talks=40.0)
    pull = lever.pull(two_regions(fresh_mean=[1.0, 2.2, -0.2, 1.0]), parameters.tiered_goals).hunt.ravel()

    assert pull[0] == pytest.approx(0.25, rel=1e-6)
    assert np.all(pull[1:3] < 0.01 * 0.25)


def test_the_index_pays_as_worked_by_hand(parameters):
    """At satisfaction .85 the index stands at 1.5: 5% of 10,000 usd pays 750; 500 are expected; a vacant seat gets nothing."""
    lever, p = stacked(TieredGoals, index_share=0.05), parameters.tiered_goals
    s = two_regions(satisfaction=0.85, filled=[1.0, 1.0, 1.0, 0.0])

    np.testing.assert_allclose(lever.cash_pay(s, p).ravel(), [750.0, 750.0, 750.0, 0.0])
    np.testing.assert_allclose(lever.expected_pay(s, p, s), 500.0)
    np.testing.assert_allclose(lever.cash_slope(s, p).farm, 0.05 * 10_000 * 2 / 100_000)
    np.testing.assert_allclose(lever.programme_cost(s, p).ravel(), [25.0, 25.0, 25.0, 0.0])

"""Elastic goals: weights follow the region late and within a corridor, and regions argue."""

from __future__ import annotations

import numpy as np
import pytest
from seats import lived, stacked, two_regions

from simulation.levers.elastic_goals import ElasticGoals


def test_weights_as_worked_by_hand(parameters):
    """A demand shock of .15 uses tanh(1) = .762 of a corridor of .3; half of that reaches hunting, and leaves farming."""
    lever, p = stacked(ElasticGoals, every=1.0, corridor=0.3), parameters.elastic_goals
    s = lived(lever, two_regions(demand=[0.15, 0.0]), p)
    weights = lever.goal_weight(s, p)

    np.testing.assert_allclose(weights.hunt.ravel(), [0.1142, 0.1142, 0.0, 0.0], atol=1e-4)
    np.testing.assert_array_equal(weights.farm, -weights.hunt)


def test_weights_are_held_between_talks(parameters):
    """With talks every quarter the weights of the first month stand for three months, whatever the market does."""
    lever, p = stacked(ElasticGoals, every=3.0, corridor=0.3), parameters.elastic_goals
    s = lived(lever, two_regions(demand=[0.15, 0.0]), p)
    first = s.memory["elastic_goals"]["wanted"]
    s.demand = -s.demand
    held = []
    for _ in range(3):
        s.memory = {lever.key: lever.remember(s, p)}
        held.append(np.array_equal(s.memory[lever.key]["wanted"], first))

    assert held == [True, True, False]


def test_regions_argue_and_pay_with_hours(parameters):
    """A corridor of .5 talked about every two months takes 2.5% off quotas, 1.5 hours and 20 usd a month, and security."""
    lever, s, p = stacked(ElasticGoals, every=2.0, corridor=0.5), two_regions(), parameters.elastic_goals

    assert lever.quota_level(s, p).item() == pytest.approx(-0.1 * 0.5 / 2)
    assert lever.attention(s, p).item() == pytest.approx(1.5)
    assert lever.motive_support(s, p).security.item() == pytest.approx(-0.4 * 0.5 / 2)
    np.testing.assert_allclose(lever.programme_cost(s, p), 20.0)


def test_weights_stay_with_the_post():
    """A newcomer finds the weights that are in force."""
    assert set(ElasticGoals.post_memory) == {"wanted", "clock"}

"""Badges: scarce honour pulls, wears, is farmed, and a wall of numbers sets people apart."""

from __future__ import annotations

import numpy as np
import pytest
from seats import lived, stacked, two_regions

from simulation.levers.badges import Badges


def test_pulls_as_worked_by_hand(parameters):
    """In its first month a badge as scarce as can be and of weight .5 for praise pulls .12 x .5 on serving customers."""
    lever, p = stacked(Badges, praise=0.5, scarcity=1.0), parameters.badges
    pull = lever.pull(lived(lever, two_regions(), p, months=0), p)

    np.testing.assert_allclose(pull.farm, 0.06)
    assert not np.any(pull.share)


def test_habit_halves_the_worth(parameters):
    """After 1 / .08 = 12.5 months worth has fallen to a half, for those who were there; a newcomer starts afresh."""
    lever, p = stacked(Badges, knowledge=1.0, scarcity=1.0), parameters.badges
    s = lived(lever, two_regions(filled=[1.0, 1.0, 1.0, 0.0]), p, months=12)
    pull = lever.pull(s, p).share.ravel()

    np.testing.assert_allclose(pull, [0.12 / 1.96] * 3 + [0.12])
    assert "worn" not in Badges.post_memory


def test_badges_for_everybody_are_farmed(parameters):
    """Without scarcity a weight of 1 on knowledge takes 4 hours beside the jury's half hour, and is worth half as much."""
    p = parameters.badges
    common, scarce = (stacked(Badges, knowledge=1.0, scarcity=scarcity) for scarcity in (0.0, 1.0))
    s = lived(common, two_regions(), p, months=0)

    assert common.attention(s, p).item() == pytest.approx(4.5)
    assert scarce.attention(s, p).item() == pytest.approx(0.5)
    np.testing.assert_allclose(common.pull(s, p).share / scarce.pull(s, p).share, 0.5)


def test_a_wall_of_numbers_sets_apart(parameters):
    """It lowers belonging, costs like a wall of skill, and whether ranks spur is open: both ranges straddle zero."""
    p, rows = parameters.badges, parameters.rows
    numbers, skill = (stacked(Badges, wall=word) for word in ("numbers", "skill"))
    s = lived(numbers, two_regions(), p, months=0)

    assert np.max(numbers.motive_support(s, p).belonging) == pytest.approx(-0.2)
    assert np.max(skill.motive_support(s, p).mastery) == pytest.approx(0.1)
    np.testing.assert_array_equal(numbers.programme_cost(s, p), skill.programme_cost(s, p))
    assert all(rows["badges", name].low < 0.0 < rows["badges", name].high for name in ("rank", "shown"))

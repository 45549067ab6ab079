"""Data war room: good information moves money to need, poor information after demand that has passed."""

from __future__ import annotations

import numpy as np
import pytest
from seats import lived, stacked, two_regions

from simulation.levers.war_room import WarRoom


def test_money_goes_to_need_as_far_as_it_may(parameters):
    """At full quality with half the money movable a need of .4 gets 1 - .5 + .5 exp(.4) times as much as a need of 0."""
    lever, p = stacked(WarRoom, quality=1.0, movable=0.5, every=1.0), parameters.war_room
    weight = lever.lead_weight(lived(lever, two_regions(need=[0.4, 0.0], demand=[-1.0, 1.0]), p), p).ravel()

    np.testing.assert_allclose(weight, [np.log(0.5 + 0.5 * np.exp(0.4)), 0.0])


def test_poor_information_chases_what_has_passed(parameters):
    """Without quality the region that had orders last month gets the money, and its need counts for nothing."""
    lever, p = stacked(WarRoom, movable=1.0, every=1.0), parameters.war_room
    s = lived(lever, two_regions(need=[0.4, 0.0], demand=[0.0, 0.1]), p)
    s.demand = np.zeros((1, 1, 2))
    weight = lever.lead_weight(s, p).ravel()

    np.testing.assert_allclose(weight, [0.0, 0.3])


def test_cost_as_worked_by_hand(parameters):
    """A room of quality .5 that meets every second month costs .5 x 60 + 20 usd a seat, filled or not, and an hour a month."""
    lever, p = stacked(WarRoom, quality=0.5, movable=0.2, every=2.0), parameters.war_room
    s = lived(lever, two_regions(filled=0.0), p)

    assert lever.programme_cost(s, p).item() == pytest.approx(50.0)
    assert lever.attention(s, p).item() == pytest.approx(1.0)


def test_a_room_that_may_move_nothing_is_closed(parameters):
    """Quality alone moves no money and costs none."""
    lever, p = stacked(WarRoom, quality=1.0, every=1.0), parameters.war_room
    s = lived(lever, two_regions(need=[0.4, 0.0]), p)

    assert not np.any(lever.lead_weight(s, p))
    assert not np.any(lever.programme_cost(s, p))

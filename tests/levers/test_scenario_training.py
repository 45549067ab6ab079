"""Scenario training: practice teaches less and less while its hours cost the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from seats import stacked, two_regions

from simulation.evidence.read import Group
from simulation.levers.scenario_training import ScenarioTraining


def test_practice_as_worked_by_hand(parameters):
    """Four of twenty hours reach 1 - exp(-1/5) of what practice teaches; an hour of coaching adds 1 - 1/e of its half."""
    s, p = two_regions(), parameters.scenario_training
    lever = stacked(ScenarioTraining, sandbox=2.0, simulation=2.0, coaching=1.0)
    reached, coached = 1.0 - np.exp(-0.2), 1.0 - np.exp(-1.0)

    np.testing.assert_allclose(lever.learning(s, p), reached * (1.0 + 0.5 * coached))
    np.testing.assert_allclose(lever.cycle(s, p), 0.05 * (1.0 - np.exp(-0.1)))
    assert lever.attention(s, p).item() == 5.0
    np.testing.assert_allclose(lever.programme_cost(s, p), 4 * 40 + 90)


def test_returns_fall_and_hours_do_not(parameters):
    """Three times the hours teach less than 1.6 times as much and take three times as long."""
    s, p = two_regions(), parameters.scenario_training
    some, much = (stacked(ScenarioTraining, sandbox=hours) for hours in (20.0, 60.0))

    assert np.max(much.learning(s, p) / some.learning(s, p)) < 1.6
    assert (much.attention(s, p) / some.attention(s, p)).item() == pytest.approx(3.0)


def test_whom_it_helps_most_is_open(parameters):
    """The gradient is 0 and its range straddles zero; above it the weak gain more."""
    row = parameters.rows["scenario_training", "gradient"]
    steep = Group("scenario_training", {**vars(parameters.scenario_training), "gradient": replace(row, value=0.2).value})
    learning = stacked(ScenarioTraining, sandbox=4.0).learning(two_regions(talent=[-1.0, 0.0, 1.0, 2.0]), steep).ravel()

    assert row.low < row.value == 0.0 < row.high
    assert np.all(np.diff(learning) < 0.0)

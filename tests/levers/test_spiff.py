"""Instant award: what a win pays, what an award draws people to and away from, and how it wears out."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from simulation.evidence.read import Parameters
from simulation.levers.spiff import Spiff
from simulation.state import State
from simulation.vocabulary import Outlook


def month(s: State, lever: Spiff, p: Parameters, **fields: float) -> State:
    """The organisation with every seat filled, nobody leaving, no award remembered, and these fields the same everywhere."""
    own = copy.copy(s)
    for name, value in {"filled": 1.0, "quits": 0.0, "dismissals": 0.0, "market_pay": 10_000.0, **fields}.items():
        setattr(own, name, np.full_like(s.filled, value))
    own.memory = {"spiff": lever.start_memory(s.filled.shape, p.spiff)}
    return own


def stacked(**changes: Any) -> Spiff:
    """One policy with the typical lever but for some settings."""
    return Spiff.stack([Spiff.typical().model_copy(update=changes)])


def test_cash_and_cost_are_those_of_the_month(busy_state: State, parameters: Parameters):
    """At 10,000 a month two key accounts and a play bring half of 2 x 2,000 + 1,000 in cash; three claims cost 450 to look into
    and, the month after, six hours.
    """
    lever = stacked()
    s = month(busy_state, lever, parameters, key_deals=2.0, successes=1.0)
    s.memory = {"spiff": lever.remember(s, parameters.spiff)}

    assert np.allclose(lever.cash_pay(s, parameters.spiff), 2_500.0)
    assert np.allclose(lever.programme_cost(s, parameters.spiff), 450.0)
    assert np.allclose(lever.attention(s, parameters.spiff), 6.0)


def test_what_was_lately_paid_is_expected_and_worth_hunting_for(busy_state: State, parameters: Parameters):
    """0.15 of a first month's 2,000 for key accounts and 500 for a play is expected: 375 usd a month; the announced 70% of
    the 300 for key accounts is a slope of 210 / 72,000.
    """
    lever = stacked()
    s = month(busy_state, lever, parameters, key_deals=2.0, successes=1.0, standard_quota=72_000.0)
    s.memory = {"spiff": lever.remember(s, parameters.spiff)}
    view = Outlook(1.0, 0.4, s.standard_quota, s.market_pay, s.book_value)

    assert np.allclose(lever.expected_pay(s, parameters.spiff, view), 375.0)
    assert np.allclose(lever.cash_slope(s, parameters.spiff).hunt, 210.0 / 72_000.0)


def test_key_focus_in_log_odds(busy_state: State, parameters: Parameters):
    """Before any award: 0.7 announced x (1 - e^-5) x (0.14 (1 - e^-1) + 0.075 x 1 x 0.75)."""
    lever = stacked()
    s = month(busy_state, lever, parameters)
    open_to_all = 0.7 * (1.0 - np.exp(-5.0))

    focus = np.asarray(lever.key_focus(s, parameters.spiff))

    assert np.allclose(focus, open_to_all * (0.14 * (1.0 - np.exp(-1.0)) + 0.05625))
    assert np.allclose(focus, 0.1006, atol=1e-4)


def test_a_surprise_draws_nobody_and_is_felt_the_more(busy_state: State, parameters: Parameters):
    """An award that nobody announced neither draws nor crowds out, but is felt twice as much, and teammates feel it too."""
    secret, open_ = stacked(surprise=1.0), stacked(surprise=0.0)
    before = month(busy_state, secret, parameters, key_deals=1.0, successes=0.0)
    after = {}
    for name, lever in (("secret", secret), ("open", open_)):
        s = copy.copy(before)
        s.memory = {"spiff": lever.remember(before, parameters.spiff)}
        after[name] = (lever.motive_support(s, parameters.spiff).recognition, lever.pull(s, parameters.spiff).hunt)

    assert np.all(np.asarray(secret.key_focus(before, parameters.spiff)) == 0.0)
    assert np.all(np.asarray(secret.goal_weight(before, parameters.spiff).farm) == 0.0)
    assert np.allclose(after["secret"][0], 2.0 * after["open"][0])
    assert np.all(after["secret"][1] > 0.0)
    assert np.all(after["open"][1] == 0.0)


def test_awards_become_routine(busy_state: State, parameters: Parameters):
    """With an award every month the draw to key accounts falls, by the fifth award to below half of what it was."""
    lever = stacked(awarded=1.0)
    s = month(busy_state, lever, parameters, key_deals=1.0, successes=0.0)
    draws = []
    for _ in range(6):
        draws.append(float(np.asarray(lever.key_focus(s, parameters.spiff)).max()))
        s.memory = {"spiff": lever.remember(s, parameters.spiff)}

    assert draws == sorted(draws, reverse=True)
    assert draws[5] < 0.5 * draws[0]


def test_an_honour_for_all_is_worth_less_than_for_half(busy_state: State, parameters: Parameters):
    """Without cash an award for every claim draws less than one for three claims in ten, and one for none draws nobody."""
    draws = []
    for share in (0.0, 0.3, 1.0):
        lever = stacked(key_award=0.0, play_award=0.0, awarded=share)
        s = month(busy_state, lever, parameters)
        draws.append(float(np.asarray(lever.key_focus(s, parameters.spiff)).max()))

    assert draws[0] == 0.0
    assert draws[1] > draws[2] > 0.0


def test_announced_awards_take_the_heart_out_of_other_work(busy_state: State, parameters: Parameters):
    """Serving and sharing lose as much of their pull as 0.06 x 0.7 x 0.5 x (1 - e^-3) for awards worth three large ones."""
    lever = stacked()
    s = month(busy_state, lever, parameters)
    weight = lever.goal_weight(s, parameters.spiff)

    assert np.allclose(weight.farm, -0.06 * 0.35 * (1.0 - np.exp(-3.0)))
    assert np.allclose(weight.share, weight.farm)
    assert weight.hunt == pytest.approx(0.0)

"""Incentive menu: who picks what, what it costs and gives, and who is left out."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from simulation.evidence.read import Parameters
from simulation.levers.incentive_menu import ITEMS, IncentiveMenu
from simulation.vocabulary import Motives, Outlook

SHAPE = (1, 1, 2)


def two(parameters: Parameters, lever: IncentiveMenu, **fields: Any) -> Any:
    """Two reps with the same mixed profile, past their ramp and at home in the job, after a month under the menu."""
    even = Motives(money=0.25, security=0.1, mastery=0.25, autonomy=0.1, recognition=0.15, belonging=0.15)
    known: dict[str, Any] = {"filled": 1.0, "ramp": 1.0, "fit": 0.0, "market_pay": 10_000.0, **fields}
    profile = known.pop("profile", even)
    s = SimpleNamespace(**{name: np.broadcast_to(value, SHAPE).astype(float) for name, value in known.items()})
    s.profile = Motives(*(np.broadcast_to(weight, SHAPE).astype(float) for weight in profile))
    s.memory = {"incentive_menu": lever.start_memory(SHAPE, parameters.incentive_menu)}
    s.memory = {"incentive_menu": lever.remember(s, parameters.incentive_menu)}
    return s


def menu(**changes: Any) -> IncentiveMenu:
    """One policy with the typical menu but for some settings."""
    return IncentiveMenu.stack([IncentiveMenu.typical().model_copy(update=changes)])


def taken(s: Any, rep: int = 0) -> dict[str, float]:
    """What a rep's budget goes to."""
    return {item: float(s.memory["incentive_menu"][item][0, 0, rep]) for item in ITEMS}


def test_a_choice_by_hand(parameters: Parameters):
    """Weights .25, .15, .125 and .25 at ten a unit: e^2.5, e^1.5, e^1.25, e^2.5 in shares."""
    s = two(parameters, menu())
    odds = np.exp([2.5, 1.5, 1.25, 2.5])

    assert list(taken(s).values()) == pytest.approx(list(odds / odds.sum()))


def test_each_picks_what_it_values(parameters: Parameters):
    """A rep after mastery mostly studies, a rep after money mostly takes cash; what is not on the menu nobody gets."""
    after = Motives(
        money=np.array([0.1, 0.6]), security=0.08, mastery=np.array([0.6, 0.1]), autonomy=0.06, recognition=0.08, belonging=0.08
    )
    s = two(parameters, menu(summit=False), profile=after)

    assert taken(s, 0)["study"] > 0.9
    assert taken(s, 1)["cash"] > 0.9
    assert taken(s, 0)["summit"] == 0.0


def test_cost_by_hand(parameters: Parameters):
    """2% of 10,000 is 200 a month: what is not taken in cash is bought, running the menu adds 20; 1% on study takes two hours."""
    lever, p = menu(), parameters.incentive_menu
    s = two(parameters, lever)
    part = taken(s)

    assert np.allclose(lever.cash_pay(s, p), 200.0 * part["cash"])
    assert np.allclose(lever.cash_pay(s, p) + lever.programme_cost(s, p), 220.0)
    assert np.allclose(lever.attention(s, p), 2.0 * (2.0 * part["study"] + 1.0 * part["summit"]))


def test_candidates_expect_the_cash_that_reps_take(parameters: Parameters):
    """A candidate reckons with the mean of what the firm's reps take in cash; a rep with its own choice."""
    lever, p = menu(), parameters.incentive_menu
    profile = Motives(money=np.array([0.2, 0.5]), security=0.1, mastery=0.2, autonomy=0.1, recognition=0.1, belonging=0.1)
    s = two(parameters, lever, profile=profile)
    own = np.asarray(lever.expected_pay(s, p, Outlook(1.0, 0.4, 72_000.0, s.market_pay)))
    offered = np.asarray(lever.expected_pay(s, p, Outlook(1.0, 0.4, 72_000.0, np.full((1, 1, 1), 10_000.0), in_place=False)))

    assert own[0, 0, 1] > own[0, 0, 0]
    assert float(offered[0, 0, 0]) == pytest.approx(float(own.mean()))


def test_those_who_need_it_most_pick_it_least(parameters: Parameters):
    """Where it goes wrong: a newcomer picks less study than a seasoned rep, a rep whom the job fits poorly more cash."""
    newcomer = two(parameters, menu(), ramp=np.array([0.3, 1.0]))
    leaving = two(parameters, menu(), fit=np.array([-2.0, 0.0]))

    assert taken(newcomer, 0)["study"] < 0.7 * taken(newcomer, 1)["study"]
    assert taken(leaving, 0)["cash"] > 1.3 * taken(leaving, 1)["cash"]


def test_worth_saturates_and_the_charm_fades(parameters: Parameters):
    """Twice the budget gives less than twice the support, and after three years little more than half of the first is left."""
    p = parameters.incentive_menu
    s = two(parameters, menu())
    mastery = [float(np.asarray(menu(budget=b).motive_support(s, p).mastery)[0, 0, 0]) for b in (0.02, 0.04)]
    s.memory["incentive_menu"]["months"] = np.full(SHAPE, 36.0)
    late = float(np.asarray(menu().motive_support(s, p).mastery)[0, 0, 0])

    assert mastery[0] < mastery[1] < 2.0 * mastery[0]
    assert 0.5 * mastery[0] < late < 0.6 * mastery[0]

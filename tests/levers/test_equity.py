"""Equity: the ledger books what vests, to the cent, and a stake holds people in proportion."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import organisation
import pytest

from simulation.levers.equity import Equity
from simulation.rules import leaving
from simulation.state import Grouping

GRANT = {"equity.grant": 0.2, "equity.vesting": 12.0, "equity.newcomers": False}


@pytest.mark.parametrize("schedule", ["cliff", "graded"])
def test_what_is_booked_is_what_vests(schedule):
    """Over a grant's life the firm books its fair value for everybody who stays to the end; for a leaver nothing under a cliff,
    and a twelfth for each month served when graded.
    """
    records = organisation.simulated({"grant": GRANT | {"equity.schedule": schedule}}, months=14, seats=70, seeds=3)
    value = 0.2 * 180_000.0
    spells = records.spells[(records.spells["policy"] == 1) & (records.spells["started"] == 0.0)]
    stay = (spells["left"] - spells["entered"]).to_numpy()
    months_served = np.minimum(np.maximum(stay - 1.0, 0.0), 12.0)
    expected = value * ((months_served == 12.0).sum() if schedule == "cliff" else months_served.sum() / 12.0)

    assert records.sums["equity_cost"][1].sum() == pytest.approx(expected, abs=0.01)
    assert np.all(records.sums["equity_cost"][0] == 0.0)


@pytest.mark.parametrize("schedule", ["cliff", "graded"])
def test_refreshes_overlap_without_losing_a_grant(schedule, parameters):
    """Yearly grants of a tenth of pay that vest over five years: a rep who stays books a tenth of pay a year from year six on,
    and has a stake of five unvested grants under a cliff (less what has aged when graded).
    """
    plan = Equity.stack([Equity(grant=0.1, vesting=60.0, schedule=schedule, refresh=12.0)])
    seat = np.ones((1, 1, 1))
    s = SimpleNamespace(
        filled=seat, quits=0.0 * seat, dismissals=0.0 * seat, tenure=0.0 * seat, market_pay=15_000.0 * seat, record=seat,
        equity_price=seat, team=Grouping.of(np.array([0])), memory={"equity": plan.start_memory((1, 1, 1), parameters.equity)},
    )  # fmt: skip
    booked, stakes = [], []
    for _ in range(121):
        booked.append(float(plan.deferred_cost(s, parameters.equity)[0, 0, 0]))
        s.memory["equity"] = plan.remember(s, parameters.equity)
        stakes.append(float(plan.deferred_pay(s, parameters.equity)[0, 0, 0]) / (0.6 * 18_000.0))

    assert sum(booked[97:109]) == pytest.approx(18_000.0)
    assert stakes[108] == pytest.approx(5.0 if schedule == "cliff" else 1.0 + 0.8 + 0.6 + 0.4 + 0.2)


def test_the_lock_is_the_pay_slope_on_the_stake(parameters):
    """A stake of a fifth of yearly pay takes 3.6 log(1.2) off the log-odds of quitting."""
    lock = leaving.lock_in(np.array(36_000.0), np.array(15_000.0), parameters)

    assert float(lock) == pytest.approx(3.6 * np.log(1.2))


def test_a_wish_is_held_exactly_as_long_as_the_stake(parameters):
    """Whoever would have left but for a stake leaves when the stake falls below the one that it took, and not before."""
    x, u, locked = np.array(-3.0), np.array(0.03), np.array(1.0)
    chance = leaving.quit_chance(x, locked, parameters)
    wish = leaving.wish(np.array(0.0), u, chance, x, locked, parameters)
    needed = x - np.log((0.03 - 0.003) / (1.0 - 0.03 + 0.003))
    leaves = lambda lock: float(leaving.leaves(np.array(0.99), np.array(0.0), wish, chance, lock, parameters))  # noqa: E731

    assert float(wish) == pytest.approx(float(needed))
    assert leaves(needed - 0.01) == 1.0
    assert leaves(needed + 0.01) == 0.0


def test_a_refresh_follows_the_teams_results(parameters):
    """Tied to the team, a second grant is 1.2 times the first where the team's mean record is 1.2, and half of it where
    it is 0.3; the rep's own record plays no part, and a vacant seat's none either.
    """
    plan = Equity.stack([Equity(grant=0.1, vesting=60.0, refresh=12.0, tied_to="team")])
    seat = np.ones((1, 1, 5))
    s = SimpleNamespace(
        filled=np.array([[[1.0, 1.0, 0.0, 1.0, 1.0]]]), quits=0.0 * seat, dismissals=0.0 * seat, market_pay=15_000.0 * seat,
        record=np.array([[[0.9, 1.5, 9.0, 0.2, 0.4]]]), equity_price=np.ones((1, 1, 1)),
        team=Grouping.of(np.array([0, 0, 0, 1, 1])), memory={"equity": plan.start_memory((1, 1, 5), parameters.equity)},
    )  # fmt: skip
    for _ in range(13):
        s.memory["equity"] = plan.remember(s, parameters.equity)

    assert s.memory["equity"]["shares"][0, 0, 0] == pytest.approx([18_000.0, 18_000.0, 0.0, 18_000.0, 18_000.0])
    assert s.memory["equity"]["shares"][1, 0, 0] == pytest.approx([21_600.0, 21_600.0, 0.0, 9_000.0, 9_000.0])

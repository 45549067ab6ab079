"""Team selling: what specialists and a shared bonus bring, what they cost, and whom they drive out."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import organisation
import pytest

from simulation.experiment.execute import run
from simulation.levers.team_selling import TeamSelling
from simulation.rules import effort
from simulation.scenario import read_scenario
from simulation.state import Grouping
from simulation.statistics.measures import measure

POOL = {"team_selling.credit_share": 0.6}


def team_of(seats: int, filled: int, talents: list[float] | None = None) -> SimpleNamespace:
    """One team at 10,000 a month of market pay whose first seats are filled."""
    here = (np.arange(seats) < filled).astype(float).reshape(1, 1, -1)
    talent = np.array(talents or [0.0] * seats).reshape(1, 1, -1)
    return SimpleNamespace(
        team=Grouping.of(np.zeros(seats, dtype=int)), filled=here, talent=talent, market_pay=np.full((1, 1, seats), 10_000.0)
    )


def lever(**settings: float) -> TeamSelling:
    """One policy's lever, stacked."""
    return TeamSelling.stack([TeamSelling(**settings)])


def test_pushes_as_worked_by_hand(parameters):
    """One specialist of each kind for four seats, a bonus shared by 0.3 and eight hours of planning: one person for four seats
    covers 1 - 1/e = .632 and together = 1 - exp(-2) = .865, so in step = 1 - .6 x .135 = .919: coordination .4 x .632 x .919.
    """
    s, p = team_of(4, 4), parameters.team_selling
    pod = lever(solution_people=1.0, service_people=1.0, credit_share=0.3, planning=8.0)
    support = pod.motive_support(s, p)

    assert pod.coordination(s, p) == pytest.approx(0.2323, abs=1e-4)
    assert pod.satisfaction(s, p) == pytest.approx(0.05 * 0.6321 * 0.9188, abs=1e-5)
    assert pod.handover(s, p) == pytest.approx(0.4 * 0.6321, abs=1e-4)
    assert support.belonging == pytest.approx(0.3 * 0.8647, abs=1e-4)
    assert support.autonomy == pytest.approx(-0.2 * 0.8647, abs=1e-4)


def test_specialists_are_paid_whoever_is_there(parameters):
    """Two people at 0.6 and one at 0.4 of 10,000 a month are 16,000 a month for the team, with one seat filled or eight."""
    pod = lever(solution_people=2.0, service_people=1.0)
    costs = [pod.programme_cost(team_of(8, filled), parameters.team_selling).sum() for filled in (1, 8)]

    assert costs == pytest.approx([16_000.0, 16_000.0])


def test_coordination_saturates(parameters):
    """Each further specialist adds less, the same number does less in a larger team, and a bonus shared adds to what they do."""
    p = parameters.team_selling
    first, second, third = (float(np.max(lever(solution_people=n).coordination(team_of(6, 6), p))) for n in (1.0, 2.0, 3.0))
    larger = float(np.max(lever(solution_people=1.0).coordination(team_of(12, 12), p)))
    shared = float(np.max(lever(solution_people=1.0, credit_share=0.3).coordination(team_of(6, 6), p)))

    assert first > second - first > third - second > 0.0
    assert larger < first < shared


def test_who_shares_credit_teaches_those_below(parameters):
    """With talents of 2 and -2 the weaker learns by .2 x .6 x 2 in logs faster, and nobody where nothing is shared."""
    s, p = team_of(2, 2, [2.0, -2.0]), parameters.team_selling

    assert lever(credit_share=0.6).learning(s, p)[0, 0] == pytest.approx([0.0, 0.24])
    assert np.all(lever().learning(s, p) == 0.0)


def test_a_shared_bonus_loses_the_best_and_bookings():
    """Sharing six tenths of credit without specialists lowers bookings; the best leave more, and the weak leave less."""
    records = organisation.simulated({"pool": POOL}, months=36, seats=105, seeds=6)
    spells = records.spells
    best, weak = spells["ability"] >= spells["ability"].quantile(0.75), spells["ability"] < spells["ability"].median()

    def more_quits(chosen: Any) -> float:
        """By how much the share of stays that end in a quit is higher with the pool."""
        shares = [(spells[chosen & (spells["policy"] == policy)]["reason"] == "quit").mean() for policy in (0, 1)]
        return float(shares[1] - shares[0])

    assert organisation.change(records, "bookings") < -0.02
    assert more_quits(best) > 0.05
    assert more_quits(weak) < -0.02


def test_free_riding_grows_with_the_team(parameters):
    """Of a sale whose credit is wholly pooled a rep feels a half in a team of four and a third in a team of nine."""
    pool = lever(credit_share=1.0).credit_pool(team_of(4, 4), parameters.team_selling)
    felt = effort.own_share(pool, np.array([4.0, 9.0]), parameters)

    assert np.ravel(felt) == pytest.approx([0.5, 1.0 / 3.0])


def test_simple_sales_are_no_place_for_specialists():
    """Where one person serves one customer, solution people lower nothing but contribution, by about what they are paid."""
    scenario = read_scenario(None, settings=["world.market.complexity=0"], months=12, seats=42, seeds=2)
    quo = scenario.policy("status_quo")
    pod = replace(quo, key="pod").with_setting("team_selling.solution_people", 1.0)
    records = run(scenario.with_policies([quo, pod]))
    quota_pay = scenario.parameters.contract.ote

    assert np.array_equal(records.sums["deals"][0], records.sums["deals"][1])
    assert (measure(records, "contribution")[1] - measure(records, "contribution")[0]) == pytest.approx(-6 * 0.6 * quota_pay)

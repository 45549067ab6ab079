"""What a strategist would bet on: each bet with its condition and the least difference that counts.

All compare with the shipped status quo, paired by seed. Bands are wider than chance at these sizes.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import organisation
import pytest

from simulation.evidence.read import Parameters
from simulation.levers import catalogue
from simulation.statistics.compare import compare

PLAN, TOLERANCE = "commission.", "failure_tolerance."


@pytest.fixture(scope="module")
def pay():
    """All pay a tenth higher, a tenth lower, and commission alone cut by 18%."""
    policies = {
        "more": {PLAN + "pay_level": 1.1, PLAN + "rate": 0.11},
        "less": {PLAN + "pay_level": 0.9, PLAN + "rate": 0.09},
        "cut": {PLAN + "rate": 0.082},
    }
    return organisation.simulated(policies, months=24, seats=210, seeds=16)


def test_more_pay_fewer_quits(pay):
    """Pay 10% higher throughout lowers quits by 18-38% over two years (turn.T01)."""
    assert -0.38 < organisation.change(pay, "quits_rate", 1) < -0.18


def test_less_pay_more_quits(pay):
    """Pay 10% lower throughout raises quits by at least 20%."""
    assert organisation.change(pay, "quits_rate", 2) > 0.20


def test_a_commission_cut_loses_the_able_first(pay):
    """After an 18% cut of commission quits of the abler half rise at least 1.3 times as much as the other half's (turn.T04)."""
    spells = pay.spells
    talent = spells["ability"].median()

    def quits(policy, able):
        part = spells[(spells["policy"] == policy) & ((spells["ability"] > talent) == able)]
        return (part["reason"] == "quit").sum() / (part["left"] - part["entered"]).sum()

    rise = {able: quits(3, able) / quits(0, able) - 1.0 for able in (True, False)}

    assert rise[False] > 0.0
    assert rise[True] > 1.3 * rise[False]


def test_better_outside_offers_more_quits():
    """Outside pay 8% higher from the first month raises the quits rate by at least 15%."""
    quo = organisation.simulated({}, months=18, seats=140, seeds=10)
    scenario = organisation.study({}, months=18, seats=140, seeds=10)
    better = Parameters(scenario.parameters.rows, {"outside_pay": ((0.0, 1.08),)})
    tempting = organisation.run(replace(scenario, parameters=better))
    rise = organisation.measure(tempting, "quits_rate").mean() / organisation.measure(quo, "quits_rate").mean() - 1.0

    assert rise > 0.15


@pytest.fixture(scope="module")
def room():
    """Exploring with cover, without it under a lower bar for dismissal, and with a discount authority that grows."""
    policies = {
        "covered": {TOLERANCE + "fund": 50_000.0, TOLERANCE + "cost_cover": 0.9, TOLERANCE + "career_cover": 0.9},
        "threatened": {"failure_tolerance.threshold_relief": -0.3},
        "threatened_but_covered": {"failure_tolerance.threshold_relief": -0.3, "failure_tolerance.career_cover": 0.9},
        "some_authority": {"autonomy.discount_authority": 0.1},
        "wide_authority": {"autonomy.discount_authority": 0.4},
        "wide_on_margin": {"autonomy.discount_authority": 0.4, PLAN + "basis": "margin"},
        "too_wide": {"autonomy.discount_authority": 0.6},
    }
    return organisation.simulated(policies, months=24, seats=140, seeds=10)


def test_cover_frees_exploring(room):
    """A fund and a no-fault review raise proposals by 20-100% (turn.T26 and 9.6: the failure fund)."""
    assert 0.2 < organisation.change(room, "proposals", 1) < 1.0


def test_a_threat_without_cover_stifles_exploring(room):
    """A bar for dismissal 0.3 higher lowers proposals by at least 5%; career cover wins most of that back."""
    assert organisation.change(room, "proposals", 2) < -0.05
    assert organisation.change(room, "proposals", 3) > organisation.change(room, "proposals", 2) + 0.05


def test_a_higher_bar_dismisses_more(room):
    """The same bar raises dismissals by at least a quarter."""
    assert organisation.change(room, "dismissals_rate", 2) > 0.25


def test_more_authority_more_discount(room):
    """Under pay on revenue, discount rises with authority; pay on margin holds it back by at least a third."""
    given = organisation.measure(room, "extra_discount").mean(axis=1)

    assert given[0] < given[4] < given[5] < given[7]
    assert given[6] < 0.67 * given[5]


def test_profit_is_an_inverted_u_in_authority(room):
    """Some authority beats none, and very wide authority is worse than some, in gross profit (comp.T21)."""
    assert organisation.change(room, "gross_profit", 4) > 0.0
    assert organisation.change(room, "gross_profit", 7) < organisation.change(room, "gross_profit", 4) - 0.01


@pytest.fixture(scope="module")
def grants():
    """One grant of a fifth of pay to today's reps, vesting in month 36, seen over 60 months."""
    grant = {"equity.grant": 0.2, "equity.vesting": 36.0, "equity.schedule": "cliff", "equity.newcomers": False}
    return organisation.simulated({"grant": grant}, months=60, seats=210, seeds=16)


def test_a_grant_lowers_turnover_far_less_over_60_months_than_over_36(grants):
    """A 36-month cliff grant delays leaving: over 60 months its effect on turnover is at most six tenths of that over 36."""
    over_36, over_60 = (organisation.change(grants, "turnover", 1, slice(0, months)) for months in (36, 60))

    assert over_36 < -0.04
    assert over_60 > 0.6 * over_36


def test_quits_rebound_after_vesting(grants):
    """In the six months after the cliff quits run at least 15% above the status quo's, before it below them (comp.T20)."""
    quits = grants.sums["quits"].sum(axis=1)
    before = quits[1, 24:36].sum() / quits[0, 24:36].sum()
    after = quits[1, 36:42].sum() / quits[0, 36:42].sum()

    assert before < 0.97
    assert after > 1.15


def test_the_horizon_is_warned_of():
    """A grant that vests in the run's last month draws the warning about the horizon; one that vests early does not."""
    late, early = (
        compare(organisation.simulated({"grant": {"equity.grant": 0.1, "equity.vesting": v}}, months=36, seats=35, seeds=3))
        for v in (36.0, 6.0)
    )

    assert any("vest" in warning for warning in late.warnings)
    assert not any("vest" in warning for warning in early.warnings)


def test_fixed_pay_against_commission():
    """All of pay as salary costs 12-45% of bookings over two years and drives out the able: regretted quits double at least."""
    salary = {PLAN + "base_share": 1.0, PLAN + "rate": None, PLAN + "tiers": (), PLAN + "cap": None}
    records = organisation.simulated({"salary": salary}, months=24, seats=140, seeds=8)

    assert -0.45 < organisation.change(records, "bookings") < -0.12
    assert organisation.change(records, "regretted_quits_rate") > 1.0


def test_every_typical_lever_moves_something():
    """At typical settings each lever moves turnover, revenue or cost over two years."""
    policies = {
        key: {f"{key}.{name}": getattr(lever.typical(), name) for name in type(lever.typical()).model_fields}
        for key, lever in catalogue().items()
        if key != "commission"
    }
    records = organisation.simulated(policies, months=24, seats=70, seeds=4)
    for place in range(1, len(policies) + 1):
        moved = [abs(organisation.change(records, key, place)) for key in ("turnover", "revenue", "total_cost")]

        assert np.max(moved) > 1e-3

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
from simulation.rules import leaving
from simulation.state import Grouping
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
    """A fund and a no-fault review raise proposals 1.2 to 2.5 times: from the proposed size of a fund to the end of turn.T26."""
    assert 0.2 < organisation.change(room, "proposals", 1) < 1.5


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
    """Some authority adds 2-15% to the gross profit of new business, very wide authority takes it away again, and under pay on
    margin wide authority does better than under pay on revenue (comp.T21).
    """
    margin = 0.78
    profit = organisation.measure(room, "bookings") - (1.0 - margin) * organisation.listed(room)
    gain = (profit / profit[0]).mean(axis=1) - 1.0

    assert 0.02 < gain[4] < 0.15
    assert gain[7] < gain[5] < gain[6]
    assert gain[7] < gain[4] - 0.05


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
    """At typical settings each lever moves turnover or cost by at least 1%, or bookings by 0.1%, over two years."""
    policies = {
        key: {f"{key}.{name}": getattr(lever.typical(), name) for name in type(lever.typical()).model_fields}
        for key, lever in catalogue().items()
        if key != "commission"
    }
    records = organisation.simulated(policies, months=24, seats=70, seeds=4)
    for place in range(1, len(policies) + 1):
        least = {"turnover": 0.01, "bookings": 0.001, "total_cost": 0.01}

        assert any(abs(organisation.change(records, key, place)) > amount for key, amount in least.items())


def test_a_ratchet_is_no_grievance_by_itself():
    """A full ratchet, which moves quotas with what each rep sold, raises quits by less than 30%: envy compares plans."""
    records = organisation.simulated({"ratchet": {PLAN + "ratchet": 1.0}}, months=36, seats=105, seeds=8)

    assert organisation.change(records, "quits_rate") < 0.30


def test_a_yearly_plan_from_mid_year_holds_no_review_twice():
    """A yearly plan that starts in October dismisses within a fifth of what the quarterly one does over two years."""
    records = organisation.simulated({"yearly": {PLAN + "period": "year", "starts": 9}}, months=24, seats=140, seeds=10)

    assert abs(organisation.change(records, "dismissals_rate")) < 0.2


def test_a_grant_that_leaves_newcomers_out_retains_no_newcomer():
    """In the third year of yearly grants to today's reps only, those hired since quit as under the status quo, within a fifth."""
    policy = {"equity.grant": 0.2, "equity.vesting": 12.0, "equity.refresh": 12.0, "equity.newcomers": False}
    records = organisation.simulated({"grants": policy}, months=36, seats=210, seeds=12)
    spells = records.spells[records.spells["started"] > 0.0]
    rate = spells.groupby("policy").apply(lambda s: (s["reason"] == "quit").sum() / (s["left"] - s["entered"]).sum())

    assert rate[1] == pytest.approx(rate[0], rel=0.2)


def test_salaried_reps_concede_nothing_to_close_early():
    """Without commission a discount gains a rep nothing at any time of the quarter: it stays under a tenth of authority."""
    salary = {PLAN + "base_share": 1.0, PLAN + "rate": None, PLAN + "tiers": (), PLAN + "cap": None}
    records = organisation.simulated({"salary": salary}, months=12, seats=70, seeds=4)

    assert organisation.measure(records, "extra_discount")[1].mean() < 0.1 * 0.05


@pytest.fixture(scope="module")
def steep():
    """A triple rate beyond quota, without and with wide authority, and wide authority under a flat rate."""
    triple, wide = {PLAN + "tiers": ((1.0, 3.0),), PLAN + "cap": None}, {"autonomy.discount_authority": 0.3}
    flat = {PLAN + "tiers": (), PLAN + "cap": None}
    return organisation.simulated(
        {"flat": flat, "triple": triple, "flat_wide": flat | wide, "triple_wide": triple | wide}, months=24, seats=140, seeds=10
    )


def test_deals_bunch_at_the_end_of_a_quarter(steep):
    """More than a third of bookings fall in a quarter's last month, the more so under a triple rate than under a flat one."""
    share = organisation.measure(steep, "last_month_share").mean(axis=1)

    assert share[1] > 1.0 / 3.0
    assert share[2] > share[1] + 0.005


def test_a_steep_rate_costs_discount_where_reps_may_give_it(steep):
    """With authority over a third of list price the triple rate costs at least two points more of list value than a flat one."""
    given = organisation.measure(steep, "extra_discount").mean(axis=1)

    assert given[4] - given[3] > 0.02


def test_a_leaver_is_followed_for_months(parameters):
    """In a team of eight one resignation adds about 10% to quits over five months, most in the third (visier2022)."""
    p, one, none = parameters, np.ones((1, 1, 1)), np.zeros((1, 1, 1))
    team = Grouping.of(np.zeros(8, dtype=int))
    recent, felt, added = none, none, []
    for month in range(6):
        added.append(float(np.expm1(p.leaving.contagion_size * felt)[0, 0, 0]))
        felt = leaving.felt_leavers(recent, felt, p)
        recent = leaving.recent_leavers(recent, one if month == 0 else none, none, team, p)

    assert int(np.argmax(added)) in {2, 3}
    assert 0.08 < np.mean(added[1:]) < 0.12


def test_months_to_ninety_percent_spread_as_published(parameters):
    """Of new hires 27/38/28/7% need under 3, 3-6, 6-12 and over 12 months (turn.T24), within 8 points, at a median of 5."""
    p = parameters
    speed = np.exp(p.people.learning_sigma * np.random.default_rng(1).standard_normal(200_000))
    tau = 5.0 / np.log((1.0 - p.learning.start_productivity) / 0.1)
    months = tau * np.log((1.0 - p.learning.start_productivity) / 0.1) / speed
    shares = np.histogram(months, [0.0, 3.0, 6.0, 12.0, np.inf])[0] / months.size

    np.testing.assert_allclose(shares, [0.27, 0.38, 0.28, 0.07], atol=0.08)

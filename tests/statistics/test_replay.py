"""The baseline's sales paid again: to the last bit under its own plan, by hand under others, and without the engine."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from organisation import study
from priced import made_ledger

from simulation.engine import Course, levers_used, run_block, warm_up
from simulation.experiment.execute import run
from simulation.levers import catalogue
from simulation.levers.commission import Commission
from simulation.records import Records
from simulation.rep_months import RepMonths, joined
from simulation.statistics.compare import compare
from simulation.statistics.replay import NotKeptError, replay
from simulation.statistics.static_price import static_price

PLANS = {
    "as it is": {},
    "by the month": {"commission.period": "month"},
    "by the year": {"commission.period": "year"},
    "year to date": {"commission.period": "month", "commission.accumulate": "year"},
    "threshold": {"commission.threshold": 0.6, "commission.period": "month"},
    "tiers": {"commission.tiers": ((0.5, 0.5), (1.0, 2.0), (1.5, 1.0))},
    "no cap": {"commission.cap": None},
    "low cap": {"commission.cap": 1.1},
    "bonus": {"commission.bonus": ((0.8, 2_000.0), (1.2, 5_000.0))},
    "draw recovered": {"commission.draw": 0.8, "commission.draw_months": 9.0},
    "draw given": {"commission.draw": 0.8, "commission.draw_months": 9.0, "commission.recoverable": False},
    "clawback": {"commission.clawback": 12.0},
    "renewals": {"commission.renewal_rate": 0.02, "commission.expansion_rate": 0.05},
    "margin": {"commission.basis": "margin", "autonomy.discount_authority": 0.2},
    "ratchet": {"commission.ratchet": 0.8, "commission.quota": 1.1},
    "full quota for newcomers": {"commission.ramp_quota": False},
    "rate left out": {"commission.rate": None, "commission.base_share": 0.4, "commission.pay_level": 1.2},
    "salary only": {"commission.base_share": 1.0, "commission.rate": 0.0},
    "pool": {"team_selling.credit_share": 0.4},
    "quotas argued down": {"elastic_goals.every": 2.0},
    "awards": {"spiff.key_award": 0.4, "spiff.play_award": 0.2},
    "dividend": {"clv_dividend.pool": 0.02, "clv_dividend.vesting": 6.0},
    "menu": {"incentive_menu.budget": 0.05},
    "index": {"tiered_goals.index_share": 0.05},
    "articles": {"knowledge_base.search": 0.5, "knowledge_base.reward": 0.01},
    "grants": {"equity.grant": 0.2, "equity.vesting": 12.0, "equity.refresh": 12.0, "equity.tied_to": "team"},
    "a grant that vests by the month": {"equity.grant": 0.2, "equity.vesting": 24.0, "equity.schedule": "graded"},
    "grants tied to the firm": {"equity.grant": 0.2, "equity.vesting": 24.0, "equity.refresh": 12.0, "equity.tied_to": "firm"},
    "later, in mid-quarter": {"starts": 4, "commission.rate": 0.2, "commission.period": "year"},
    "a pilot": {"starts": 3, "ends": 9, "spiff.key_award": 0.4},
}
"""Every way of paying, each on top of the status quo."""
QUIET = {"autonomy.discount_authority": 0.2, "scenario_training.coaching": 4.0, "badges.praise": 0.5}
MONTHS, SEATS, SEEDS = 15, 21, (2026, 2027)


@pytest.fixture(scope="module")
def lived():
    """All plans lived beside each other, a ledger and the pay of each: policies, ledgers, cash and deferred pay by plan."""
    scenario = study(dict(PLANS), months=MONTHS, seats=SEATS, seeds=2)
    policies = [policy for policy in scenario.policies if policy.key in PLANS]
    quo, p = scenario.policy("status_quo").levers, scenario.parameters
    used = levers_used([policy.levers for policy in policies])
    start = warm_up(quo, used, p, SEEDS, SEATS).for_policies(len(policies))
    keepers = [RepMonths(start, row, 2, MONTHS) for row in range(len(policies))]

    def watch(s, now):
        for keeper in keepers:
            keeper.watch(s, now)
        return {}

    courses = [Course.of(policy) for policy in policies]
    block = run_block(start, courses, quo, used, p, seeds=SEEDS, months=MONTHS, watch=watch)
    again = {}
    for row, course in enumerate(courses):
        days = list(replay(keepers[row].ledger, [course], quo, used, p, MONTHS))
        again[policies[row].key] = (
            [np.add.reduce(day.cash, axis=-1)[0] for day in days], [np.add.reduce(day.deferred, axis=-1)[0] for day in days],
            [block.sums[key][row].T for key in ("cash_pay", "equity_cost")],
        )  # fmt: skip
    return again


@pytest.mark.parametrize("plan", PLANS)
def test_its_own_plan_gives_its_own_pay(lived, plan):
    """Whatever the plan, its rep-months paid again under it give what was paid, month by month, to the last bit."""
    cash, deferred, (paid, booked) = lived[plan]

    np.testing.assert_array_equal(cash, paid)
    np.testing.assert_array_equal(deferred, booked)
    assert np.sum(cash) > 0


@pytest.fixture(scope="module")
def records():
    """A baseline with every lever as is typical, and policies that differ in what does not pay, and in the rate."""
    scenario = study({"quiet": {}, "dearer": {}}, months=14, seats=24, seeds=3)
    every = {key: lever.typical() for key, lever in catalogue().items()}
    quo, quiet, dearer = scenario.policies
    quo = replace(quo, levers=every)
    quiet, dearer = (replace(policy, levers=every) for policy in (quiet, dearer))
    for path, value in QUIET.items():
        quiet = quiet.with_setting(path, value)
    return run(scenario.with_policies([quo, quiet, dearer.with_setting("commission.rate", 0.15)]), processes=1)


def test_the_baselines_wedge_is_nothing_even_with_every_lever(records):
    """Promises, grants and balances of years before month 0 are carried on: static equals lived exactly."""
    rows = static_price(records).policies

    assert rows.loc["status_quo", ["wedge_mean", "wedge_low", "wedge_high"]].tolist() == [0.0, 0.0, 0.0]
    assert rows.loc["status_quo", "static_mean"] == rows.loc["status_quo", "lived_mean"]


def test_what_does_not_pay_has_no_static_price_of_its_own(records):
    """A policy that differs in autonomy, training and badges is priced as the baseline and lived otherwise; nobody loses."""
    rows = static_price(records).policies

    assert rows.loc["quiet", "change_static_mean"] == 0.0
    assert rows.loc["quiet", "wedge_mean"] != 0.0
    assert rows.loc["quiet", ["losing5_mean", "gaining5_mean"]].tolist() == [0.0, 0.0]


def test_the_change_lived_is_the_change_priced_and_the_wedge(records):
    """The change of pay cost as lived is the change of the price at the same sales, and the wedge."""
    rows = static_price(records).policies

    np.testing.assert_allclose(rows["change_lived_mean"], rows["change_static_mean"] + rows["wedge_mean"], atol=1e-6)
    assert rows.loc["dearer", "change_static_mean"] > 0.0


def test_pricing_simulates_nothing(records, monkeypatch):
    """With the month of the model taken away, plans are priced all the same."""
    monkeypatch.setattr("simulation.engine.advance_month", lambda *_: pytest.fail("a month was simulated"))

    assert len(static_price(records).policies) == 3


def test_blocks_and_policies_do_not_matter(monkeypatch):
    """The ledger is the same whether seeds run together or in two processes, is of the first seeds and of the baseline alone."""
    monkeypatch.setattr("simulation.experiment.execute.LEDGER_SEEDS", 2)
    scenario = study({"other": {"commission.rate": 0.2}}, months=2, seats=8, seeds=3)
    apart, together, alone = (
        run(one, processes=processes).ledger
        for one, processes in ((scenario, 2), (scenario, 1), (scenario.with_policies(scenario.policies[:1]), 1))
    )

    assert apart["filled"].shape == (2, 3, 8)
    assert apart.keys() == together.keys() == alone.keys()
    for name, values in apart.items():
        np.testing.assert_array_equal(values, together[name], err_msg=name)
        np.testing.assert_array_equal(values, alone[name], err_msg=name)


def test_ledgers_are_not_kept_unasked():
    """`run(..., ledger=False)` keeps none, and then there is no static price and no word of it."""
    summary = compare(run(study({}, months=2, seats=6, seeds=2), processes=1, ledger=False))

    assert summary.static is None
    assert not any("priced" in warning for warning in summary.warnings)


def test_shorter_memories_are_filled_up():
    """Blocks that remember grants of different numbers are joined; counts stay whole numbers."""
    parts = [{"filled": np.ones((1, 2), dtype=np.int8), "memory.equity.shares": np.ones((1, k, 5))} for k in (2, 3)]
    both = joined(parts)

    assert both["memory.equity.shares"].shape == (2, 3, 5)
    assert both["memory.equity.shares"][0, 2].tolist() == [0.0] * 5
    assert both["filled"].dtype == np.int8


def test_a_lever_that_reads_what_is_not_kept_is_told(records, monkeypatch):
    """Pay by something that the ledger lacks is refused by name, and a comparison goes on without static prices."""
    monkeypatch.setattr(Commission, "cash_pay", lambda _, s, __: 100.0 * s.talent)

    with pytest.raises(NotKeptError, match="depends on 'talent'"):
        static_price(records)
    summary = compare(records)
    assert summary.static is None
    assert any("no plan is priced at the baseline's sales: a lever's pay depends on 'talent'" in w for w in summary.warnings)


# ---------------------------------------------------------------------- by hand
QUARTER = {"base_share": 0.5, "rate": 0.10, "period": "quarter"}


def statements(parameters, plans, *, starts=0, **given):
    """Pay by plan and month, (plan, month, seat), of a made-up ledger; market pay 10,000 usd, quota 40,000 usd a month."""
    sales = np.asarray(given["list_value"])
    ledger = made_ledger(*sales.shape, standard_quota=40_000.0, **given)
    neutral = {key: lever() for key, lever in catalogue().items()}
    own = [{**neutral, "commission": Commission(**QUARTER)}, *({**neutral, **plan} for plan in plans)]
    courses = [Course(own[0]), *(Course(plan, starts) for plan in own[1:])]
    days = replay(ledger, courses, own[0], levers_used(own), parameters, len(sales))
    return np.stack([day.cash[:, 0] for day in days], axis=1)


def test_a_statement_by_hand(parameters):
    """A quarter of 60, 0 and 90 thousand usd on a quota of 120: salary 5,000 usd and a tenth; half as much again beyond quota,
    nothing beyond quota, or a threshold that nobody sees before the third month.
    """
    plans = [{"commission": Commission(**QUARTER, **more)} for more in (
        {"tiers": ((1.0, 1.5),)}, {"cap": 1.0}, {"threshold": 0.6}, {"quota": 1.5, "tiers": ((0.5, 2.0),)},
    )]  # fmt: skip
    paid = statements(parameters, plans, list_value=[[60_000.0], [0.0], [90_000.0]])[:, :, 0]

    np.testing.assert_allclose(paid[0], [5_000 + 6_000, 5_000, 5_000 + 9_000])
    np.testing.assert_allclose(paid[1], [11_000, 5_000, 5_000 + 6_000 + 1.5 * 3_000])
    np.testing.assert_allclose(paid[2], [11_000, 5_000, 5_000 + 6_000])
    np.testing.assert_allclose(paid[3], [5_000, 5_000, 5_000 + 15_000])
    np.testing.assert_allclose(paid[4], [11_000, 5_000, 5_000 + 3_000 + 2 * 6_000])  # half of 180,000 is reached at 90,000


def test_discounts_are_those_given(parameters):
    """On margin a discount of 10% counts at its cost to profit: at a margin of one half, a fifth of list value."""
    p = parameters.with_values({("contract", "gross_margin"): 0.5})
    plans = [{"commission": Commission(**QUARTER, basis="margin")}]
    paid = statements(p, plans, list_value=[[50_000.0]], discount=0.1)[:, 0, 0]

    np.testing.assert_allclose(paid, [5_000 + 4_500, 5_000 + 4_000])


def test_credit_is_pooled_among_who_is_there(parameters):
    """Of three posts one is vacant: with half of the credit pooled, two reps share 100,000 usd as 75,000 and 25,000."""
    pool = catalogue()["team_selling"](credit_share=0.5)
    plans = [{"commission": Commission(**QUARTER), "team_selling": pool}]
    filled = [[1, 1, 0]]
    paid = statements(parameters, plans, list_value=[[100_000.0, 0.0, 0.0]], filled=filled, tenure=[[60, 60, 0]])[:, 0]

    np.testing.assert_allclose(paid, [[15_000, 5_000, 0.0], [12_500, 7_500, 0.0]])


def test_a_quarter_under_way_ends_as_it_began(parameters):
    """A plan that starts in the second month pays from the fourth on."""
    plans = [{"commission": Commission(**{**QUARTER, "rate": 0.2})}]
    paid = statements(parameters, plans, starts=1, list_value=[[10_000.0]] * 4)[:, :, 0]

    np.testing.assert_allclose(paid, [[6_000] * 4, [6_000, 6_000, 6_000, 7_000]])


def test_who_leaves_takes_the_draw_along(parameters):
    """A newcomer's recoverable draw of 3,000 usd is set against later commission, and not against the successor's."""
    plan = {**QUARTER, "draw": 0.75, "draw_months": 1.0}
    given = {
        "list_value": [[0.0, 0.0], [60_000.0, 60_000.0]], "tenure": [[0, 0], [1, 0]], "quits": [[0, 1], [0, 0]],
    }  # fmt: skip
    paid = statements(parameters, [{"commission": Commission(**plan)}], **given)[1]

    np.testing.assert_allclose(paid, [[8_000, 8_000], [5_000 + 6_000 - 3_000, 11_000]])


def test_records_say_nothing_of_ledgers_by_default():
    """Records made without a ledger have an empty one."""
    assert Records.__dataclass_fields__["ledger"].default_factory() == {}

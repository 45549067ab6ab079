"""Who gains and who loses at last year's sales, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from priced import made_ledger
from synthetic import made_scenario

from simulation.levers.commission import Commission
from simulation.records import Records
from simulation.statistics.last_year import CELLS, by_cell, gains, loses, roster, shares_of_reps, year_pay
from simulation.statistics.static_price import static_price

YEAR = 12
EVER, LEFT, FRESH, HALF = range(4)
"""Four posts: held all year, vacant at the end, taken two months before it, taken six months before it."""


@pytest.fixture
def ledger():
    """Fourteen months of four posts, each of which sells 1,000 usd a month at list price and gives a tenth away."""
    months = np.arange(14)
    tenure = np.stack([60 + months, 60 + months, months - 12, months - 8], axis=1)
    filled = np.stack([months >= 0, months < 13, months >= 12, months >= 8], axis=1)
    return made_ledger(
        14, 4, tenure=np.maximum(tenure, 0), filled=filled, list_value=1_000.0, discount=0.1, segment=[[0, 0, 1, 2]]
    )


def test_the_roster_is_of_who_is_there_at_the_end_and_has_been_for_half_the_year(ledger):
    """Who left and who has just come are not counted; sales and months are those of the rep, not of the post."""
    reps = roster(ledger, YEAR)

    assert reps.here[0].tolist() == [1, 0, 0, 1]
    assert reps.months[0, [EVER, HALF]].tolist() == [12, 6]
    assert reps.first[0, [EVER, HALF]].tolist() == [2, 8]
    np.testing.assert_allclose(reps.sales[0, [EVER, HALF]], [12 * 900, 6 * 900])


def test_pay_is_of_the_months_there_brought_to_a_year(ledger):
    """100 usd a month make 1,200 usd a year for both, and nothing is counted of the posts' other months."""
    reps = roster(ledger, YEAR)
    total = sum(year_pay(np.full((1, 1, 4), 100.0), month, reps) for month in range(14))

    np.testing.assert_allclose(total[0, 0], [1_200.0, 0.0, 0.0, 1_200.0])


def test_a_loss_of_exactly_five_percent_counts():
    """0.95 of a pay is at least five percent less, 0.9501 is not; gains likewise; without pay before, any fall is a loss."""
    before = np.array([100.0, 100.0, 100.0, 0.0, 0.0])

    assert loses(before, before * 0.95 + [0, 0.01, -10, 0, -1], 0.05).tolist() == [1, 0, 1, 0, 1]
    assert gains(before, before * 1.05 + [0, -0.01, 10, 0, 1], 0.05).tolist() == [1, 0, 1, 0, 1]


@pytest.fixture
def judged():
    """Before and after of five reps of whom four count: pay falls by 20%, by 5%, by 4%, rises by 10%; the fifth falls by half."""
    ledger = made_ledger(
        12, 5, tenure=np.broadcast_to([20, 20, 20, 20, 0], (12, 5)) + np.arange(12)[:, None] * [1, 1, 1, 1, 0],
        list_value=[[4_000.0, 3_000.0, 2_000.0, 1_000.0, 9_000.0]], segment=[[0, 0, 1, 1, 0]],
    )  # fmt: skip
    before = np.full((1, 5), 100.0)
    after = np.array([[[80.0, 95.0, 96.0, 110.0, 50.0]]])
    return before * [1, 1, 1, 1, 0], after * [1, 1, 1, 1, 0], roster(ledger, YEAR)


def test_shares_of_reps_and_sales_by_hand(judged):
    """Two of four lose 5% and bring seven tenths of sales; one loses 10% and brings four; one gains 10%."""
    found = {key: value.item() for key, value in shares_of_reps(*judged).items()}

    assert found == pytest.approx({
        "reps": 4, "losing5": 0.5, "sales5": 0.7, "losing10": 0.25, "sales10": 0.4, "gaining5": 0.25, "gaining10": 0.25,
    })  # fmt: skip


def test_groups_by_hand(judged):
    """All four are past two years; those led by money lose 12.5%, those led by security gain 3%; nobody else is there."""
    found = {key: dict(zip(CELLS, value[0, :, 0], strict=True)) for key, value in by_cell(*judged).items()}

    assert found["share"]["25+", "money"] == 0.5
    assert found["relative"]["25+", "money"] == pytest.approx(-0.125)
    assert found["change"]["all", "security"] == pytest.approx(3.0)
    assert found["relative"]["all", "all"] == pytest.approx(381 / 400 - 1)
    assert found["losing5"]["all", "money"] == 1.0
    assert np.isnan(found["relative"]["0-6", "money"])


def test_a_later_start_is_priced_as_it_runs_and_judged_as_if_in_force(parameters):
    """Target pay cut by a tenth from the last quarter of a year on costs a fortieth less, and everybody loses 10%."""
    scenario = made_scenario(("Base", "Cut"), months=12, seeds=2, seats=3, parameters=parameters)
    base, cut = scenario.policies
    cut = cut.with_setting("commission.pay_level", 0.9)
    scenario = scenario.with_policies([base, type(cut)(cut.key, cut.label, 9, cut.levers)])
    sums = {"cash_pay": np.full((2, 2, 12), 30_000.0), "equity_cost": np.zeros((2, 2, 12))}
    ledger = made_ledger(12, 3, seeds=2, list_value=5_000.0)
    found = static_price(Records(scenario, sums, {}, None, ledger=ledger))
    row = found.policies.loc[cut.key]

    assert Commission().base_share == 1.0
    assert found.policies.loc[base.key, "static_mean"] == pytest.approx(360_000.0)
    assert row["change_static_mean"] == pytest.approx(-9_000.0)
    assert row["wedge_mean"] == pytest.approx(9_000.0)
    assert (row["losing5_mean"], row["losing10_mean"], row["sales10_mean"]) == (1.0, 1.0, 1.0)
    assert (found.seeds, found.months, found.year) == (2, 12, 12)
    assert found.extremes(cut.key, losers=True).iloc[0][["tenure", "segment"]].tolist() == ["25+", "money"]
    assert found.extremes(cut.key, losers=False).empty

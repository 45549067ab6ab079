"""Each measure against a figure worked by hand on tiny records."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from synthetic import flat_records, made_records

from simulation.evidence.measures import MEASURES
from simulation.statistics.measures import FUNCTIONS, GROUP_KEYS, by_segment, by_tenure, measure

NAN = float("nan")
YEAR_END = [NAN] * 11 + [1.0]
SPELLS = pd.DataFrame(
    [
        (0, 100, 0, 0, 12, "stayed", 0),
        (0, 100, 1, 0, 6, "quit", 0),  # one of two leaves in the sixth month
        (0, 100, 2, 12, 24, "stayed", 0),
        (0, 100, 3, 12, 13, "dismissal", 0),  # and one of two in the thirteenth
    ],
    columns=["policy", "seed", "seat", "entered", "left", "reason", "started"],
)
BY_HAND = {
    # 2 + 1 leavers a month of 40 reps: 36 a year
    "turnover": ({"quits": 2, "dismissals": 1, "filled": 40}, 36 / 40),
    "quits_rate": ({"quits": 2, "filled": 40}, 24 / 40),
    "dismissals_rate": ({"dismissals": 1, "filled": 40}, 12 / 40),
    "regretted_quits_rate": ({"regretted_quits": 0.5, "filled": 40}, 6 / 40),
    "headcount": ({"filled": 40}, 40),
    "vacancy_share": ({"filled": 40, "seats": 50}, 0.2),
    "tenure_median": ({"tenure_median": 18 * np.array(YEAR_END)}, 18),
    "survival_12": ({}, 0.5),
    "survival_24": ({}, 0.25),
    "bookings": ({"bookings": 1e6}, 12e6),
    "revenue": ({"revenue": 2e6}, 24e6),
    "gross_profit": ({"revenue": 2e6, "cogs": 0.5e6}, 18e6),
    # cost a month: 30 + 5 pay, 1 programme, 2 hiring, 3 training, 4 marketing, 5 service = 50; gross profit 200 - 60
    "contribution": (
        {
            "revenue": 200, "cogs": 60, "cash_pay": 30, "equity_cost": 5, "programme_cost": 1, "hiring_cost": 2,
            "training_cost": 3, "marketing_cost": 4, "service_cost": 5,
        },
        12 * (200 - 60 - 50),
    ),
    # one-off: 120 a year net, listed at 120 x 200/160 = 150; cost of goods is 60/240 of list, so 37.5; recurring 6 x 1000
    "enterprise_value": (
        {"oneoff_revenue": 10, "bookings": 160, "bookings_list": 200, "cogs": 60, "list_revenue": 240, "recurring_value": 1000},
        6 * 1000 + 120 - 37.5,
    ),
    "pay_cost": ({"cash_pay": 30, "equity_cost": 5}, 420),
    "total_cost": (
        {
            "cash_pay": 30, "equity_cost": 5, "programme_cost": 1, "hiring_cost": 2, "training_cost": 3, "marketing_cost": 4,
            "service_cost": 5,
        },
        600,
    ),
    "pay_cost_ratio": ({"cash_pay": 30, "equity_cost": 5, "revenue": 350}, 0.1),
    "cost_of_turnover": (
        {"hiring_cost": 2, "training_cost": 3, "lost_vacancy": 4, "lost_ramp": 5, "lost_accounts": 6}, 240,
    ),
    "attainment": ({"period_attainment": 9, "period_reps": 10}, 0.9),
    "at_quota": ({"period_at_quota": 4, "period_reps": 10}, 0.4),
    "top_fifth_share": ({"top_fifth_share": 0.4 * np.array(YEAR_END)}, 0.4),
    "last_month_share": ({"last_month_bookings": 60, "bookings": 120}, 0.5),
    "value_moved": ({"moved_value": 6, "bookings": 120}, 0.05),
    "win_rate": ({"deals": 22, "closings": 100}, 0.22),
    # 260 open, 100 + 10 leave a month: 260/110 months
    "cycle_days": ({"pipeline": 260, "closings": 100, "stale": 10}, 30.4 * 260 / 110),
    "extra_discount": ({"discount_value": 5, "bookings_list": 50}, 0.1),
    "key_wins": ({"key_deals": 2}, 24),
    "penetration": ({"customers": 30, "house_customers": 20, "addressable": 200}, 0.25),
    "marketing_roi": ({"marketing_gain": 300, "marketing_cost": 100}, 3),
    "handover": ({"handover_effort": 5, "deals": 20}, 0.25),
    "renewal_rate": ({"renewed_customers": 9, "due_customers": 10}, 0.9),
    # a month loses 10 at renewal and 5 between, of a book of 1200: 180 a year is 0.15
    "grr": ({"due_value": 100, "renewed_value": 90, "book_lost": 5, "book_value": 1200}, 0.85),
    "nrr": ({"due_value": 100, "renewed_value": 90, "book_lost": 5, "book_value": 1200, "expanded_value": 20}, 1.05),
    "satisfaction": ({"satisfaction_customers": 80, "customers": 100}, 0.8),
    "referrals": ({"referrals": 3}, 36),
    "referral_rate": ({"referrals": 3, "customers": 90}, 0.4),
    "saved_share": ({"saved": 2, "warned": 8}, 0.25),
    # two reps, 4 and 9 months: the geometric mean is 6
    "ramp_months": ({"ramp_log_months": math.log(4) + math.log(9), "ramp_count": 2}, 6),
    "proposals": ({"proposals": 5}, 60),
    "successes": ({"successes": 1.5}, 18),
    "sharing_share": ({"sharers": 10, "filled": 40}, 0.25),
    "pay_mean": ({"cash_pay": 400_000, "filled": 40}, 120_000),
    "pay_p10": ({"pay_p10": 70_000 * np.array(YEAR_END)}, 70_000),
    "pay_p90": ({"pay_p90": 210_000 * np.array(YEAR_END)}, 210_000),
    "pay_spread": ({"pay_p90": 210_000 * np.array(YEAR_END), "pay_p10": 70_000 * np.array(YEAR_END)}, 3),
    "income_risk_low": ({"low_income_share": 0.1 * np.array(YEAR_END)}, 0.1),
}  # fmt: skip


def test_every_measure_has_a_function_and_a_hand_example():
    """No key is declared without being computed, and none is computed without an example here."""
    assert set(MEASURES) == set(FUNCTIONS) == set(BY_HAND)


@pytest.mark.parametrize("key", BY_HAND)
def test_measure_by_hand(key):
    """A year of constant months gives the figure worked by hand."""
    sums, expected = BY_HAND[key]
    actual = measure(flat_records(sums, spells=SPELLS), key)

    np.testing.assert_allclose(actual, [[expected]], rtol=1e-12)


@pytest.mark.parametrize("key", ["bookings", "proposals", "pay_cost", "referrals"])
def test_a_figure_is_an_average_year(key):
    """Eighteen months of the same give the same yearly figure as twelve."""
    sums, expected = BY_HAND[key]
    actual = measure(flat_records(sums, months=18), key)

    np.testing.assert_allclose(actual, expected)


def test_ratios_are_ratios_of_sums():
    """A month with one deal of one closing counts for less than one with none of nine: 1/10, not the mean of 1 and 0."""
    records = flat_records({"deals": [1, 0], "closings": [1, 9]}, months=2)

    np.testing.assert_allclose(measure(records, "win_rate"), 0.1)


def test_a_slice_of_months_is_a_run_of_its_own():
    """The second year alone is measured as if it were the run."""
    records = flat_records({"quits": [1] * 12 + [3] * 12, "dismissals": 0, "filled": 36}, months=24)

    np.testing.assert_allclose(measure(records, "turnover", slice(12, 24)), 1.0)
    np.testing.assert_allclose(measure(records, "turnover"), 24 / 36)


def test_figures_at_the_end_are_of_the_last_month():
    """Penetration is that of the last month of the span, not an average."""
    records = flat_records({"customers": [10, 20, 30], "house_customers": 0, "addressable": 100}, months=3)

    np.testing.assert_allclose(measure(records, "penetration"), 0.3)
    np.testing.assert_allclose(measure(records, "penetration", slice(0, 2)), 0.2)


def test_nothing_to_measure_is_nan():
    """Without a warning there is no share saved, and months without a December hold no median tenure."""
    records = flat_records({"saved": 0, "warned": 0, "tenure_median": YEAR_END})

    assert np.isnan(measure(records, "saved_share")).all()
    assert np.isnan(measure(records, "tenure_median", slice(0, 6))).all()


def test_a_firm_without_deals_is_worth_its_contracts():
    """Where the last year won no deal there is no one-off profit, and no division by zero."""
    sums = {"oneoff_revenue": 0, "bookings": 0, "bookings_list": 0, "cogs": 1, "list_revenue": 4, "recurring_value": 1000}

    np.testing.assert_allclose(measure(flat_records(sums), "enterprise_value"), 6000)


@pytest.mark.parametrize("key", GROUP_KEYS)
def test_groups_weigh_up_to_the_whole(key):
    """Group figures, weighted by what they are shares of, average to the figure of all groups together."""
    records = made_records(seeds=2, months=12)
    whole = records.__class__(**{**vars(records), "sums": {k: v.sum(axis=3) for k, v in records.groups.items()}})
    weigh_by = {"attainment": "period_reps", "proposals": None}.get(key, "filled")
    weight = records.groups[weigh_by].sum(axis=2).reshape(5, 2, 6, 4) if weigh_by else None
    for parts, axis in ((by_segment(records, key), 3), (by_tenure(records, key), 2)):
        together = parts.sum(axis=2) if weight is None else np.average(parts, axis=2, weights=weight.sum(axis=axis))

        np.testing.assert_allclose(together, measure(whole, key))


def test_groups_are_segments_times_bands():
    """Group index 4 x segment + band: a quit in segment 2, band 1 is found there and nowhere else."""
    groups = {key: np.zeros((1, 1, 12, 24)) for key in ("quits", "dismissals", "filled")}
    groups["filled"][:] = 1.0
    groups["quits"][0, 0, 0, 4 * 2 + 1] = 1.0
    records = flat_records({}, groups=groups)

    np.testing.assert_allclose(by_segment(records, "turnover")[0, 0], [0, 0, 12 / 48, 0, 0, 0])
    np.testing.assert_allclose(by_tenure(records, "turnover")[0, 0], [0, 12 / 72, 0, 0])


def test_a_measure_not_kept_by_group_is_refused():
    """Revenue is not kept by segment, and the refusal names what is."""
    with pytest.raises(KeyError, match="revenue is not kept by group; turnover"):
        by_segment(flat_records({}), "revenue")


def test_definitions_are_sentences():
    """Every definition ends in a full stop and every label is short enough for a column."""
    assert all(m.definition.endswith(".") and len(m.label) <= 24 for m in MEASURES.values())

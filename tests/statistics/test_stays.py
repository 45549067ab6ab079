"""Frames on stays: survival with limits, hazard by tenure, and policies against the baseline."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from synthetic import flat_records, made_records

from simulation.statistics.series import survival_curves
from simulation.statistics.stays import hazard_by_tenure, log_rank_table, poisson_limits, stay_curves


def spells(*rows):
    """Stays of seed 100, from (policy, entered, left, reason, started)."""
    return pd.DataFrame(rows, columns=["policy", "entered", "left", "reason", "started"]).assign(seed=100, seat=0)


FEW = spells((0, 0, 2, "quit", 0), (0, 0, 5, "stayed", 0), (0, 3, 5, "dismissal", 0), (0, 40, 44, "quit", 0))
"""Under one policy: two hired, of whom one leaves in month 2; an incumbent of 3 months leaves in 5, one of 40 in 44."""


def test_hazard_by_hand():
    """Rep-months 2 + 3 in months 0 to 3 with a quit; 2 + 2 in 3 to 6 with a dismissal; 4 from 36 on with a quit."""
    frame = hazard_by_tenure(flat_records({}, months=5, spells=FEW), (0, 3, 6, 36)).set_index(["cause", "start"])
    rows = frame.loc["any"]

    assert rows["exposure"].tolist() == [5.0, 4.0, 0.0, 4.0]
    assert rows["exits"].tolist() == [1.0, 1.0, 0.0, 1.0]
    assert rows["hazard"].tolist()[:2] == [0.2, 0.25]
    assert np.isnan([rows["hazard"][6], rows["low"][6], rows["high"][6], rows["stop"][36]]).all()
    assert frame.loc["quit", "exits"].tolist() == [1.0, 0.0, 0.0, 1.0]
    assert frame.loc["dismissal", "exits"].tolist() == [0.0, 1.0, 0.0, 0.0]


def test_exact_poisson_limits():
    """The limits of tables: 0 to 3.689 for none, 0.0253 to 5.572 for one, 4.795 to 18.390 for ten (Garwood 1936)."""
    low, high = poisson_limits(np.array([0.0, 1.0, 10.0]))

    np.testing.assert_allclose(low, [0.0, 0.0253, 4.795], atol=5e-4)
    np.testing.assert_allclose(high, [3.689, 5.572, 18.390], atol=5e-4)


def test_limits_hold_the_true_hazard():
    """Of 400 forces whose reps leave with 3% a month, the limits of one band miss the truth in no more than one in twenty."""
    rng = np.random.default_rng(5)
    at_risk, exits = 500.0, rng.binomial(500, 0.03, 400).astype(float)
    low, high = poisson_limits(exits)

    assert np.mean((low / at_risk > 0.03) | (high / at_risk < 0.03)) <= 0.05


def test_a_constant_hazard_is_found_in_every_band():
    """Stays made with 2.8% a month show it at every tenure, within the limits of almost all bands."""
    records = made_records(seeds=8, effect=0.0)
    frame = hazard_by_tenure(records).query("cause == 'any' and exposure > 500")

    assert ((frame["low"] < 0.028) & (frame["high"] > 0.028)).mean() > 0.85


def test_curves_of_all_seeds_together():
    """The pooled curve is the one that the counts give, inside its limits, and near the mean over seeds."""
    records = made_records(seeds=8)
    pooled = stay_curves(records, longest=24).set_index(["policy", "tenure"])
    means = survival_curves(records).set_index(["policy", "tenure"])["mean"]
    inner = pooled.query("tenure > 0")

    assert ((inner["low"] < inner["stays"]) & (inner["stays"] < inner["high"])).all()
    np.testing.assert_allclose(pooled["stays"], means.loc[pooled.index], atol=0.02)


def test_an_equal_policy_leaves_alike_and_a_gentler_one_later():
    """A twin of the baseline has chi-square 0 and ratio 1; halving the log-hazard's push shows as a ratio under 1."""
    records = made_records(seeds=8, twin=True, effect=2.0)
    table = log_rank_table(records).set_index("policy")
    twin = table.iloc[0]
    spread = table["ratio"].iloc[1:]

    assert (twin["chi_square"], twin["p_value"], twin["paired_p"], twin["ratio"]) == (0.0, 1.0, 1.0, 1.0)
    assert (table["against"] == records.scenario.baseline).all()
    assert ((spread < 1.0) == (table["observed"] < table["expected"]).iloc[1:]).all()


def test_seeds_without_stays_are_left_out():
    """Stays are kept for some seeds only; the others are no strata without exits."""
    records = made_records(seeds=8, effect=1.0)
    whole = log_rank_table(records)
    few = log_rank_table(replace(records, spells=records.spells[records.spells["seed"] < records.scenario.first_seed + 4]))

    assert (few["observed"] < whole["observed"]).all()
    assert np.isfinite(few["paired_p"]).all()


def test_one_policy_has_nothing_to_be_compared_with():
    """The baseline alone gives a table with columns and no row."""
    table = log_rank_table(flat_records({}, months=5, spells=FEW))

    assert len(table) == 0
    assert {"policy", "chi_square", "p_value", "paired_p", "median_stay"} <= set(table.columns)


def test_a_window_limits_the_stays():
    """Of months 0 and 1 alone, the two exits after two months of the run count and the one after four does not."""
    frame = hazard_by_tenure(flat_records({}, months=5, spells=FEW), (0, 36), window=(0, 2))

    assert frame.query("cause == 'any'")["exits"].tolist() == [2.0, 0.0]

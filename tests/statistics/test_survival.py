"""Kaplan-Meier with delayed entry, against examples worked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
from synthetic import flat_records

from simulation.statistics.survival import clip_to_window, kaplan_meier, survival_by_cell, watched

COLUMNS = ["entered", "left", "reason", "started"]


def spells(*rows):
    """Spells of policy 0, seed 100."""
    return pd.DataFrame(rows, columns=COLUMNS).assign(policy=0, seed=100, seat=0)


def test_kaplan_meier_by_hand():
    """Five reps from hire: exits in months 1 and 3, two still there after 2 months, one after 4.

    At risk 5, 4, 2, 1; exits 1, 0, 1, 0: S = 4/5, 4/5, 4/5 x 1/2, the same.
    """
    stays = spells((0, 1, "quit", 0), (0, 2, "stayed", 2), (0, 2, "stayed", 2), (0, 3, "quit", 0), (0, 4, "stayed", 0))
    at_risk, exits = watched(stays, np.zeros(5, dtype=int), 1, 4)

    np.testing.assert_array_equal(at_risk[0], [5, 4, 2, 1])
    np.testing.assert_array_equal(exits[0], [1, 0, 1, 0])
    np.testing.assert_allclose(kaplan_meier(at_risk, exits)[0], [1, 0.8, 0.8, 0.4, 0.4])


def test_delayed_entry_by_hand():
    """Incumbents count from the tenure at which they are found: two hires, one leaving in month 2, and three found at 2.

    At risk 2, 2, 1 + 3, 1 + 2; exits 0, 1, 1, 0: S = 1, 1/2, 1/2 x 3/4, the same.
    Counted from hire, the incumbents would have made it 1, 4/5, 4/5 x 3/4: too many stay.
    """
    stays = spells(
        (0, 2, "quit", 0), (0, 4, "stayed", 0), (2, 3, "dismissal", 0), (2, 4, "stayed", 0), (2, 5, "stayed", 0),
    )  # fmt: skip
    curve = kaplan_meier(*watched(stays, np.zeros(5, dtype=int), 1, 4))[0]

    np.testing.assert_allclose(curve, [1, 1, 0.5, 0.375, 0.375])


def test_nobody_watched_is_unknown():
    """Where no rep is watched in a month of tenure the curve ends, it does not stay flat."""
    stays = spells((0, 1, "stayed", 0), (3, 4, "stayed", 0))
    curve = kaplan_meier(*watched(stays, np.zeros(2, dtype=int), 1, 4))[0]

    np.testing.assert_array_equal(curve, [1, 1, np.nan, np.nan, np.nan])


def test_constant_hazard_gives_a_geometric_curve():
    """With a tenth leaving each month, (9/10)^k stay k months."""
    at_risk = 1000 * 0.9 ** np.arange(12)
    curve = kaplan_meier(at_risk, 0.1 * at_risk)

    np.testing.assert_allclose(curve, 0.9 ** np.arange(13))


def test_a_window_cuts_spells_at_both_ends():
    """Months 12 to 24 of the run see a stay of 30 months from its tenure 12 to 24, and an exit later not at all."""
    stays = spells(
        (0, 30, "quit", 0),  # leaves in month 29 of the run: after the window
        (5, 10, "quit", 0),  # left before it
        (0, 6, "quit", 10),  # hired in month 10, leaves in month 15
        (0, 3, "stayed", 30),  # hired after it
    )
    cut = clip_to_window(stays, 12, 24)

    assert list(cut[["entered", "left", "reason"]].itertuples(index=False, name=None)) == [(12, 24, "stayed"), (2, 6, "quit")]


def test_an_exit_in_the_last_month_of_a_window_counts():
    """A rep who leaves in month 23 leaves inside months 12 to 24; one who leaves in month 24 does not."""
    cut = clip_to_window(spells((0, 24, "quit", 0), (0, 25, "quit", 0)), 12, 24)

    assert list(cut["reason"]) == ["quit", "stayed"]


def test_a_seed_without_spells_is_nan():
    """Spells may be kept for some seeds only: the others have no curve rather than a wrong one."""
    records = flat_records({}, seeds=2, spells=spells((0, 2, "quit", 0), (0, 3, "stayed", 0)))
    curves = survival_by_cell(records, longest=3)

    np.testing.assert_allclose(curves[0, 0], [1, 1, 0.5, 0.5])
    np.testing.assert_array_equal(curves[0, 1], [1, np.nan, np.nan, np.nan])

"""Log-rank test, limits of survival curves, median stay: a published example, scipy, and hand calculations."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import scipy.stats

from simulation.statistics.log_rank import log_rank
from simulation.statistics.survival import kaplan_meier, log_log_interval, median_stay, watched

TREATED = (6, 6, 6, 7, 10, 13, 16, 22, 23)
CENSORED = (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)
PLACEBO = (1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23)
"""Weeks of remission of 21 and 21 children with leukaemia on 6-mercaptopurine and on placebo (freireich1963)."""
WEEKS = 36


def counted(left, stayed=(), entered=None):
    """At risk and exits by month, (1, WEEKS) each, of stays that ended after `left` and others still open after `stayed`."""
    ends = [*left, *stayed]
    spells = pd.DataFrame({
        "entered": [0] * len(ends) if entered is None else entered, "left": ends,
        "reason": ["quit"] * len(left) + ["stayed"] * len(stayed),
    })  # fmt: skip
    return watched(spells, np.zeros(len(ends), dtype=int), 1, WEEKS)


def against(one, other):
    """Two groups as the test takes them: (1, 2, month) each."""
    return (np.stack([a, b], axis=1) for a, b in zip(one, other, strict=True))


def test_remission_times_of_1963():
    """The textbook curve at weeks 6 to 23, medians 23 and 8, and a log-rank chi-square of 16.79 with 9 relapses of 19.25."""
    treated, placebo = counted(TREATED, CENSORED), counted(PLACEBO)
    curve = kaplan_meier(*treated)
    found = log_rank(*against(treated, placebo))

    np.testing.assert_allclose(
        curve[0, [6, 7, 10, 13, 16, 22, 23]], [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448], atol=5e-4
    )

    assert (median_stay(curve)[0], median_stay(kaplan_meier(*placebo))[0]) == (23.0, 8.0)
    assert (found.observed, round(found.expected, 2), round(found.chi_square, 2)) == (9.0, 19.25, 16.79)


@pytest.mark.parametrize("seed", range(5))
def test_scipy_agrees_where_nobody_enters_late(seed: int):
    """On data censored on the right alone, curve, limits, chi-square and p are scipy's, to twelve digits."""
    rng = np.random.default_rng(seed)
    times = rng.integers(1, WEEKS, (2, 60))
    gone = (rng.random((2, 60)) < 0.7) & (times < times.max(axis=1, keepdims=True))  # the longest stays go on
    groups = [counted(times[k][gone[k]], times[k][~gone[k]]) for k in range(2)]
    samples = [scipy.stats.CensoredData.right_censored(times[k], ~gone[k]) for k in range(2)]
    theirs = scipy.stats.ecdf(samples[0]).sf
    limits = theirs.confidence_interval(method="log-log")
    mine, test = log_rank(*against(*groups)), scipy.stats.logrank(*samples)
    seen = np.arange(1, times[0].max() + 1)
    low, high = log_log_interval(*groups[0])
    told = np.flatnonzero(np.isfinite(low[0]))

    np.testing.assert_allclose(kaplan_meier(*groups[0])[0, seen], theirs.evaluate(seen), rtol=1e-12)
    np.testing.assert_allclose(low[0, told], limits.low.evaluate(told), rtol=1e-12)
    np.testing.assert_allclose(high[0, told], limits.high.evaluate(told), rtol=1e-12)

    assert np.isin(seen[theirs.evaluate(seen) < 1.0], told).all()
    np.testing.assert_allclose((mine.chi_square, mine.p_value), (test.statistic**2, test.pvalue), rtol=1e-9)


def test_late_entrants_count_from_their_entry():
    """Worked by hand. At month 2 one rep of each group is at risk from hire; a second of the first group enters only then.

    Group one leaves in month 2 (of two at risk), group two never (one at risk): E = 2/3, V = 2/9, chi-square = (1/3)^2 / (2/9).
    Counted from hire, nothing would change at month 2, but months 0 and 1 would have had a third rep.
    """
    one = counted([3], [5], entered=[0, 2])
    other = counted([], [5])
    found = log_rank(*against(one, other))

    assert one[0][0, :3].tolist() == [1.0, 1.0, 2.0]
    assert (found.observed, found.expected) == pytest.approx((1.0, 2 / 3))
    assert found.chi_square == pytest.approx(0.5)


def test_strata_are_compared_within_themselves():
    """Two firms, one with high and one with low hazards, each alike under both policies: pooled they differ, by stratum not."""
    at_risk = np.array([[[90.0], [10.0]], [[10.0], [90.0]]])
    exits = at_risk * np.array([0.5, 0.1])[:, None, None]
    by_firm = log_rank(at_risk, exits)
    pooled = log_rank(at_risk.sum(axis=0, keepdims=True), exits.sum(axis=0, keepdims=True))

    assert by_firm.chi_square == pytest.approx(0.0, abs=1e-12)
    assert by_firm.ratio == pytest.approx(1.0)
    assert pooled.p_value < 0.001


def test_equal_groups_differ_by_nothing():
    """The same stays twice, in three strata: chi-square exactly 0 and both p-values 1."""
    rng = np.random.default_rng(4)
    at_risk = np.repeat(rng.integers(20, 40, (3, 1, 12)), 2, axis=1).astype(float)
    found = log_rank(at_risk, np.floor(at_risk / 9.0))

    assert (found.chi_square, found.p_value, found.paired_p) == (0.0, 1.0, 1.0)


def test_pairing_sees_what_independence_hides():
    """Two policies under the same luck: each seed loses 10 to 30 of 100, and one more under the first, always.

    Taken as independent that is nothing; seed by seed it is sure.
    """
    lost = np.array([10.0, 30.0, 20.0, 15.0, 25.0, 12.0, 28.0, 21.0])
    exits = np.stack([lost + 1.0, lost], axis=1)[..., None]
    found = log_rank(np.full(exits.shape, 100.0), exits)

    assert found.p_value > 0.5
    assert found.paired_p < 1e-6


def test_nobody_leaves():
    """Without an exit there is nothing to test: chi-square 0, no ratio."""
    found = log_rank(np.full((1, 2, 3), 5.0), np.zeros((1, 2, 3)))

    assert (found.chi_square, found.p_value) == (0.0, 1.0)
    assert np.isnan(found.ratio)


def test_limits_by_hand():
    """One of four leaves, then one of three: S = 1/2, Greenwood 1/12 + 1/6 = 1/4, s = 0.5 / ln 2, limits 0.5^exp(-+1.96 s)."""
    low, high = log_log_interval(np.array([4.0, 3.0]), np.array([1.0, 1.0]))
    reach = np.exp(1.959964 * 0.5 / np.log(2.0))

    np.testing.assert_allclose([low[2], high[2]], [0.5**reach, 0.5 ** (1.0 / reach)], rtol=1e-6)

    assert np.isnan([low[0], high[0]]).all()


def test_the_median_is_reached_or_unknown():
    """Half are gone at the first month at or below one half; a curve that stays above has no median."""
    assert median_stay(np.array([[1.0, 0.6, 0.5, 0.2], [1.0, 0.9, 0.8, np.nan]])).tolist()[0] == 2.0
    assert np.isnan(median_stay(np.array([1.0, 0.9, 0.8, np.nan])))

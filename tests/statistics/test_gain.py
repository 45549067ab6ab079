"""What common random numbers saved, in independent seeds."""

from __future__ import annotations

import numpy as np
import pytest
from synthetic import made_records

from simulation.statistics.compare import compare
from simulation.statistics.gain import effective_seeds


def test_seeds_are_worth_the_ratio_of_variances():
    """Baseline 0, 2, 4, 6 and a policy at 0, 1, 2, 3: variances 20/3, 5/3 and 5/3 of the difference: 4 seeds are worth 20."""
    base = np.array([0.0, 2.0, 4.0, 6.0])

    assert effective_seeds(np.array([base, base / 2.0]), 0)[1] == pytest.approx(20.0)


def test_luck_that_moves_policies_apart_costs_seeds():
    """Against its mirror image a policy differs twice as much as it varies: half the seeds."""
    base = np.array([0.0, 1.0, 5.0, 2.0])

    assert effective_seeds(np.array([base, -base]), 0)[1] == pytest.approx(2.0)


def test_a_constant_difference_is_exact_and_nothing_that_varies_is_unknown():
    """The same difference at every seed: infinitely many; figures that never vary, the baseline, one seed: no answer."""
    luck = np.array([1.0, 4.0, 2.0])
    found = effective_seeds(np.array([luck, luck + 3.0, np.full(3, np.nan)]), 0)

    assert np.isnan(found[[0, 2]]).all()
    assert np.isinf(found[1])
    assert np.isnan(effective_seeds(np.ones((2, 5)), 0)).all()
    assert np.isnan(effective_seeds(np.array([[1.0], [2.0]]), 0)).all()


def test_only_seeds_that_both_have_count():
    """A seed without a value in one of the two is left out of all three variances, and of the number."""
    base = np.array([0.0, 2.0, 4.0, 6.0, 100.0])
    other = np.append(base[:4] / 2.0, np.nan)

    assert effective_seeds(np.array([base, other]), 0)[1] == pytest.approx(20.0)


def test_independent_luck_is_worth_its_own_number():
    """Two policies that share nothing: 4,000 seeds are worth about 4,000."""
    values = np.random.default_rng(5).standard_normal((2, 4000))

    assert effective_seeds(values, 0)[1] == pytest.approx(4000.0, rel=0.05)


def test_with_draws_it_is_a_statement_on_luck():
    """Where parameters are drawn the worth is taken from the runs at point values."""
    luck, drawn = made_records(seeds=12), made_records(seeds=12, effect=3.0)
    drawn.point = luck

    found, alone = compare(drawn), compare(luck)

    assert found.value("p2_steeper", "revenue", "effective_seeds") == alone.value("p2_steeper", "revenue", "effective_seeds")

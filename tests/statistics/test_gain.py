"""What common random numbers saved, in independent seeds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from synthetic import made_records

from simulation.statistics.compare import compare
from simulation.statistics.gain import effective_seeds


def found_of(values):
    """The worth of every policy's seeds against the first policy."""
    return effective_seeds(values, values[:1])


def test_seeds_are_worth_the_ratio_of_variances():
    """Baseline 0, 2, 4, 6 and a policy at 0, 1, 2, 3: variances 20/3, 5/3 and 5/3 of the difference: 4 seeds are worth 20."""
    base = np.array([0.0, 2.0, 4.0, 6.0])

    assert found_of(np.array([base, base / 2.0]))[1] == pytest.approx(20.0)


def test_luck_that_moves_policies_apart_costs_seeds():
    """Against its mirror image a policy differs twice as much as it varies: half the seeds."""
    base = np.array([0.0, 1.0, 5.0, 2.0])

    assert found_of(np.array([base, -base]))[1] == pytest.approx(2.0)


def test_a_constant_difference_is_exact_and_nothing_that_varies_is_unknown():
    """The same difference at every seed: infinitely many; figures that never vary, no figures, one seed: no answer."""
    luck = np.array([1.0, 4.0, 2.0])
    found = found_of(np.array([luck, luck + 3.0, np.full(3, np.nan)]))

    assert np.isinf(found[[0, 1]]).all()
    assert np.isnan(found[2])
    assert np.isnan(found_of(np.ones((2, 5)))).all()
    assert np.isnan(found_of(np.array([[1.0], [2.0]]))).all()


def test_only_seeds_that_both_have_count():
    """A seed without a value in one of the two is left out of all three variances, and of the number."""
    base = np.array([0.0, 2.0, 4.0, 6.0, 100.0])
    other = np.append(base[:4] / 2.0, np.nan)

    assert found_of(np.array([base, other]))[1] == pytest.approx(20.0)


def test_independent_luck_is_worth_its_own_number():
    """Two policies that share nothing: 4,000 seeds are worth about 4,000."""
    values = np.random.default_rng(5).standard_normal((2, 4000))

    assert found_of(values)[1] == pytest.approx(4000.0, rel=0.05)


def test_with_draws_it_is_a_statement_on_luck():
    """Where parameters are drawn the worth is taken from the runs at point values."""
    luck, drawn = made_records(seeds=12), made_records(seeds=12, effect=3.0)
    found, alone = compare(replace(drawn, point=luck)), compare(luck)

    assert found.value("p2_steeper", "revenue", "effective_seeds") == alone.value("p2_steeper", "revenue", "effective_seeds")

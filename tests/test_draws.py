"""Common random numbers: counts are exact, and nobody's luck moves when something is added."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from simulation.draws import Draws, People, binomial_count, poisson_count

TAILS = np.concatenate([10.0 ** -np.arange(1.0, 13.0), 1.0 - 10.0 ** -np.arange(1.0, 13.0), np.linspace(0.0005, 0.9994137, 1999)])


@pytest.mark.parametrize("mean", [0.0, 0.003, 0.5, 1.9, 7.3, 11.99])
def test_poisson_counts_are_scipys_in_both_tails(mean):
    """Up to a mean of 12 the count is the Poisson quantile itself, from 1e-12 to 1 - 1e-12."""
    counts = poisson_count(TAILS, np.full(TAILS.shape, mean))

    np.testing.assert_array_equal(counts, stats.poisson.ppf(TAILS, mean) if mean else np.zeros(TAILS.shape))


@pytest.mark.parametrize("mean", [12.5, 40.0, 300.0])
def test_large_poisson_counts_are_within_one_of_scipys(mean):
    """Above a mean of 12 the rounded quantile is off by one at most, and in fewer than 3% of cases."""
    off = np.abs(poisson_count(TAILS, np.full(TAILS.shape, mean)) - stats.poisson.ppf(TAILS, mean))

    assert off.max() <= 1.0
    assert (off > 0.0).mean() < 0.03


def test_a_count_does_not_depend_on_its_company():
    """The same uniform and mean give the same count alone and among a thousand others."""
    rng = np.random.default_rng(1)
    u, mean = rng.random(1000), rng.gamma(2.0, 4.0, 1000)
    together = poisson_count(u, mean)
    alone = np.array([poisson_count(u[k : k + 1], mean[k : k + 1])[0] for k in range(1000)])

    np.testing.assert_array_equal(together, alone)


@pytest.mark.parametrize("trials", [0.0, 1.0, 4.0, 17.0])
def test_binomial_counts_are_scipys(trials):
    """The count is the binomial quantile, in both tails."""
    counts = binomial_count(TAILS, np.full(TAILS.shape, trials), 0.25)

    np.testing.assert_array_equal(counts, stats.binom.ppf(TAILS, trials, 0.25) if trials else np.zeros(TAILS.shape))


def test_adding_seats_moves_nobody():
    """The first 40 seats meet the same luck in an organisation of 40, 300 and 700 seats, month after month."""
    few, more, many = (Draws([5, 6], seats, 4, "run") for seats in (40, 300, 700))
    for month in range(30):
        luck = few.uniform("quit", month)

        np.testing.assert_array_equal(more.uniform("quit", month)[..., :40], luck)
        np.testing.assert_array_equal(many.uniform("quit", month)[..., :40], luck)


def test_streams_do_not_disturb_each_other():
    """Asking for another decision's luck leaves a stream as it was."""
    alone, beside = Draws([7], 50, 2, "run"), Draws([7], 50, 2, "run")
    for month in range(14):
        beside.uniform("offer", month)

        np.testing.assert_array_equal(alone.uniform("quit", month), beside.uniform("quit", month))


def test_a_seed_has_the_same_luck_in_any_company():
    """Seed 9 alone is seed 9 among others."""
    alone, among = Draws([9], 50, 2, "run"), Draws([3, 9, 27], 50, 2, "run")

    np.testing.assert_array_equal(alone.uniform("deals", 0)[:, 0], among.uniform("deals", 0)[:, 1])


def test_warm_up_and_run_have_streams_of_their_own():
    """The phase is part of a stream's seed, so the warm-up's length moves no later luck."""
    warm_up, run = Draws([9], 50, 2, "warm up"), Draws([9], 50, 2, "run")

    assert not np.any(warm_up.uniform("quit", 0) == run.uniform("quit", 0))


def test_uniforms_are_uniform_and_streams_uncorrelated():
    """A Kolmogorov-Smirnov test at one in ten thousand, and a correlation within four standard errors of zero."""
    draws = Draws(range(20), 250, 4, "run")
    both = ("quit", "offer")
    quit_luck, offer_luck = (np.concatenate([draws.uniform(s, m).ravel() for m in range(12)]) for s in both)

    assert stats.kstest(quit_luck, "uniform").pvalue > 1e-4
    assert abs(np.corrcoef(quit_luck, offer_luck)[0, 1]) < 4.0 / np.sqrt(quit_luck.size)


def test_a_profile_is_worked_out_once_a_person():
    """Whoever is hired twice, at once or later, is worked out once, and everybody gets their own."""
    people = People([3, 4], 10, "run")
    people.grow(2)
    rounds, seed, seat = np.array([[1, 0, 1, 1], [0, 1, 0, 1], [7, 7, 7, 2]])
    asked = []

    def work_out(which):
        asked.extend(which.tolist())
        return np.stack([100.0 * rounds[which] + 10.0 * seed[which] + seat[which]] * 6, axis=-1)

    first, again = (people.profiles(work_out, rounds, seed, seat) for _ in range(2))

    assert sorted(asked) == [0, 1, 3]
    np.testing.assert_array_equal(first[:, 0], [107.0, 17.0, 107.0, 112.0])
    np.testing.assert_array_equal(first, again)

"""Sobol indices: against functions whose indices are known, against SALib on the same sample, and with noise of known size."""

from __future__ import annotations

import numpy as np
import pytest
from SALib.analyze import sobol as salib

from simulation.errors import ScenarioError
from simulation.statistics.sensitivity.sobol import sobol_design, sobol_indices

SLOPES = np.array([1.0, 0.8, 0.5, 0.3, 0.0])
G = np.array([0.0, 1.0, 4.5, 9.0])


def ishigami(u):
    """The Ishigami function on the unit cube."""
    x = np.pi * (2.0 * u - 1.0)
    return np.sin(x[..., 0]) + 7.0 * np.sin(x[..., 1]) ** 2 + 0.1 * x[..., 2] ** 4 * np.sin(x[..., 0])


def g_function(u):
    """Sobol's g function."""
    return np.prod((np.abs(4.0 * u - 2.0) + G) / (1.0 + G), axis=-1)


def additive(u):
    """A sum of effects."""
    return u @ SLOPES


def known_ishigami():
    """First, total and second order of 1 and 3, in closed form for a = 7, b = 0.1."""
    a, b, pi = 7.0, 0.1, np.pi
    one, two = 0.5 * (1.0 + b * pi**4 / 5.0) ** 2, a * a / 8.0
    both = b * b * pi**8 * (1.0 / 18.0 - 1.0 / 50.0)
    return np.array([one, two, 0.0]) / (one + two + both), np.array([one + both, two, both]) / (one + two + both)


def known_g():
    """First and total orders of the g function, in closed form."""
    alone = 1.0 / (3.0 * (1.0 + G) ** 2)
    whole = np.prod(1.0 + alone) - 1.0
    return alone / whole, alone * np.prod(1.0 + alone) / (1.0 + alone) / whole


def found(function, factors, rows=1024, source=1):
    """Indices of a function without noise."""
    return sobol_indices(function(sobol_design(rows, factors, source))[..., None], resamples=100)


def test_ishigami():
    """Indices of the Ishigami function, with which every method is tried, lie within 0.02 of the known ones."""
    first, total = known_ishigami()
    indices = found(ishigami, 3, rows=4096)

    assert np.abs(indices.first.value - first).max() < 0.02
    assert np.abs(indices.total.value - total).max() < 0.02
    assert indices.second.value[0, 2] == pytest.approx(total[2], abs=0.02)
    assert indices.second.value[0, 1] == pytest.approx(0.0, abs=0.02)


def test_the_g_function():
    """So do those of Sobol's g function, which is a product and not a sum."""
    first, total = known_g()
    indices = found(g_function, 4, rows=4096)

    assert np.abs(indices.first.value - first).max() < 0.02
    assert np.abs(indices.total.value - total).max() < 0.02


def test_a_sum_has_no_interactions():
    """Where effects add, total and first are the same number, and a factor without effect has exactly none."""
    indices = found(additive, 5, rows=256)

    assert indices.beyond.value == pytest.approx(0.0, abs=1e-12)
    assert indices.first.value == pytest.approx(SLOPES**2 / (SLOPES**2).sum(), abs=0.02)
    assert indices.first.value[4] == indices.total.value[4] == 0.0
    assert np.nanmax(np.abs(indices.second.value)) < 0.02


@pytest.mark.parametrize(("function", "factors"), [(ishigami, 3), (g_function, 4), (additive, 5)])
def test_salib_finds_the_same_on_the_same_sample(function, factors):
    """SALib's estimators, applied both ways round to our points, join to ours to ten digits.

    Ours are SALib's less a product of mean zero, and divide by a variance of all points, not of A and B alone.
    """
    y = function(sobol_design(128, factors, 3))
    ours = sobol_indices(y[..., None], resamples=9)
    k, problem = factors, {"num_vars": factors, "names": [*"abcde"[:factors]], "bounds": [[0, 1]] * factors}
    back = [2 * k + 1, *range(k + 1, 2 * k + 1), *range(1, k + 1), 0]  # the roles of A and B exchanged
    forth, turned = (salib.analyze(problem, z.ravel(), num_resamples=2, seed=1) for z in (y, y[:, back]))
    y = y - y.mean()
    scale = np.var(np.r_[y[:, 0], y[:, -1]]) / ours.variance.value
    nothing = ((y[:, 0] * y[:, -1])[:, None] - y[:, 1 : k + 1] * y[:, k + 1 : 2 * k + 1]).mean(axis=0) / ours.variance.value

    assert ours.total.value == pytest.approx(0.5 * scale * (forth["ST"] + turned["ST"]), abs=1e-10)
    assert ours.first.value == pytest.approx(0.5 * scale * (forth["S1"] + turned["S1"]) + 0.5 * nothing, abs=1e-10)
    for i in range(k):
        for j in range(i + 1, k):
            one = forth["S2"][i, j] + forth["S1"][i] - turned["S1"][i]
            two = turned["S2"][i, j] + turned["S1"][i] - forth["S1"][i]
            assert ours.second.value[i, j] == pytest.approx(0.5 * scale * (one + two), abs=1e-10)


@pytest.mark.parametrize("function", [ishigami, g_function])
def test_salib_agrees_within_its_intervals(function):
    """SALib's own sample and ours, drawn apart, give indices within both intervals of each other."""
    from SALib.sample import sobol as sample

    factors = 3 if function is ishigami else 4
    problem = {"num_vars": factors, "names": [*"abcd"[:factors]], "bounds": [[0, 1]] * factors}
    theirs = salib.analyze(problem, function(sample.sample(problem, 512, seed=5)), seed=5)
    ours = found(function, factors, rows=512, source=6)
    for mine, name in ((ours.first, "S1"), (ours.total, "ST")):
        room = theirs[f"{name}_conf"] + np.maximum(mine.high - mine.value, mine.value - mine.low)
        assert (np.abs(mine.value - theirs[name]) <= room + 1e-9).all()


def test_scipy_finds_the_same_totals():
    """Totals by scipy (Jansen) on the first half of the same design are the ones we average."""
    from scipy.stats import sobol_indices as scipy_indices

    y = ishigami(sobol_design(256, 3, 8))
    parts = {"f_A": y[:, 0][None], "f_B": y[:, -1][None], "f_AB": y[:, 1:4].T[:, None]}
    other = {"f_A": y[:, -1][None], "f_B": y[:, 0][None], "f_AB": y[:, 4:7].T[:, None]}
    totals = [scipy_indices(func=dict(part), n=256).total_order * np.var(y[:, [0, -1]]) for part in (parts, other)]

    ours = sobol_indices(y[..., None], resamples=9)

    assert ours.total.value == pytest.approx(np.ravel(sum(totals)) / 2 / ours.variance.value, abs=1e-10)


def noisy(rows, seeds, size, source, *, shared=5.0):
    """The sum with luck: a part that all points share, and one of standard deviation `size` that meets each point by itself."""
    rng = np.random.default_rng(source)
    y = additive(sobol_design(rows, len(SLOPES), source))
    return y[..., None] + rng.normal(0.0, shared, seeds) + rng.normal(0.0, size, (*y.shape, seeds))


@pytest.mark.parametrize("size", [0.2, 0.6])
def test_noise_is_told_apart(size):
    """With noise of known size its share is found, and indices are those of the figure without noise, on average."""
    truth, seeds = SLOPES**2 / (SLOPES**2).sum(), 4
    variance = (SLOPES**2).sum() / 12.0
    runs = [sobol_indices(noisy(128, seeds, size, source), resamples=2) for source in range(12)]
    share = size**2 / seeds / (variance + size**2 / seeds)

    assert np.mean([one.noise.value for one in runs]) == pytest.approx(share, rel=0.03)
    assert np.mean([one.variance.value for one in runs]) == pytest.approx(variance, rel=0.03)
    for part in ("first", "total"):
        assert np.mean([getattr(one, part).value for one in runs], axis=0) == pytest.approx(truth, abs=0.03)


def test_luck_that_all_points_share_is_no_noise():
    """Common random numbers: what luck does to every point alike changes no index by more than rounding."""
    y = noisy(64, 4, 0.3, 1)
    with_luck, without = sobol_indices(y, resamples=9), sobol_indices(y - np.array([7.0, -3.0, 0.0, 2.0]), resamples=9)

    assert with_luck.total.value == pytest.approx(without.total.value, abs=1e-9)
    assert with_luck.noise.value == pytest.approx(without.noise.value, abs=1e-9)


def test_noise_alone_drowns_everything():
    """Where a figure is nothing but luck, its variance without luck may be none, and the share of luck is about one."""
    y = np.random.default_rng(3).normal(size=(64, 12, 8))
    indices = sobol_indices(y)

    assert indices.variance.low < 0.0 < indices.variance.high
    assert indices.noise.high > 0.9


def test_rows_with_a_refused_point_are_left_out():
    """A refused point costs its row and no more: the indices are those of the other rows."""
    y = ishigami(sobol_design(256, 3, 1))[..., None]
    holes = y.copy()
    holes[[3, 70], [0, 5]] = np.nan
    indices, others = sobol_indices(holes, resamples=9), sobol_indices(np.delete(y, [3, 70], axis=0), resamples=9)

    assert (indices.rows, indices.asked) == (254, 256)
    assert indices.total.value == pytest.approx(others.total.value, abs=1e-12)


def test_too_few_rows_are_refused():
    """With almost no row left there is a sentence and no index."""
    y = np.full((16, 8, 1), np.nan)
    with pytest.raises(ScenarioError, match="only 0 of 16 samples have a figure"):
        sobol_indices(y)


def test_more_samples_keep_those_there_are():
    """A longer design begins with the shorter one, so that a run with more samples finds what is there."""
    assert np.array_equal(sobol_design(32, 5, 9), sobol_design(64, 5, 9)[:32])

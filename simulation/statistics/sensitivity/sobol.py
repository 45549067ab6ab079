"""Sobol indices: shares of a figure's variance over factors, with the simulator's noise taken out and told apart.

A design has n rows of 2 k + 2 points: A, then A with factor i taken from B (AB_i), then B with factor i taken from A (BA_i),
then B, where A and B are the halves of a scrambled Sobol sequence (Saltelli 2002). With p_i = f(AB_i) - f(A) and
q_i = f(B) - f(BA_i), two independent looks at the same move of factor i,

    first_i   = E[p_i q_i] / 2 V                        what factor i alone explains
    total_i   = E[p_i^2 + q_i^2] / 4 V                  Jansen (1999): what goes when factor i is known last
    second_ij = -E[q_i p_j + q_j p_i] / 2 V             what i and j explain together beyond each alone
    V         = E[(f(A) - f(B))^2 + sum_i (f(AB_i) - f(BA_i))^2] / 2 (k + 1)

The first is Saltelli's estimator, both ways round, less a product of mean zero; the last but one is Saltelli's, both ways
round; V takes the pairs of points that share no factor. Products of differences err in proportion to the effect and not to the
whole variance, and a strong factor's differences are in V too. On functions with known indices (Ishigami, Sobol's g, sums;
128 rows) they err by half to two thirds of what Saltelli's form errs by in first orders, by four to five tenths in second ones.

Noise. At seed s the figure is f_s(x) = g(x) + a_s + b_s(x): the expected figure, luck that all points share (common random
numbers) and luck that meets each point differently. a_s falls out of every formula above. With means over S seeds each E[p q]
would hold E[b-part] / S. So every product takes its two parts from different seeds, averaged over all pairs,

    E[p q]  ->  mean over s != t of E[p_s q_t] = ((sum_s p_s)(sum_t q_t) - sum_s p_s q_s) / (S (S - 1))

whose expectation is that of g alone, because luck of two seeds is independent: indices are shares of the variance of g.
The noise of a seed is V_b = mean_s Var f_s - V, that of the points' means V_b / S; its share in their variance is

    noise = (V_b / S) / (V + V_b / S)

Intervals. Rows are drawn anew with replacement: percentiles at `low` and `high`. Seeds are left out one by one (jackknife): a
standard error e, for few seeds by Student's t. The two are independent, so

    lower end = value - sqrt((value - low)^2 + (t e)^2)

and likewise the upper one. How often they hold the truth: `benchmarks/sobol_indices.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from simulation.errors import ScenarioError
from simulation.vocabulary import Array

RESAMPLES = 500
TAILS = (2.5, 97.5)
LEAST_ROWS = 8


class Estimate(NamedTuple):
    """A figure and its 95% interval, each an array over what it is of."""

    value: Array
    low: Array
    high: Array


class Parts(NamedTuple):
    """What is estimated, the same for a sample and for each of its resamples.

    variance : () of the expected figure over the factors, the figure's unit squared
    noise : () share of luck in the variance of points' means; NaN with one seed
    first, total : (factor,) shares of `variance`
    second : (factor, factor) shares of `variance`, the same above and below the diagonal, which is NaN
    summed : () sum of the first orders
    beyond : (factor,) total less first: what a factor explains only together with others
    """

    variance: Array
    noise: Array
    first: Array
    total: Array
    second: Array
    summed: Array
    beyond: Array


@dataclass(frozen=True, eq=False)
class Indices:
    """What `sobol_indices` finds: estimates of all `Parts`.

    rows, asked : rows of the design without a missing figure, and all
    """

    variance: Estimate
    noise: Estimate
    first: Estimate
    total: Estimate
    second: Estimate
    summed: Estimate
    beyond: Estimate
    rows: int
    asked: int


def sobol_design(rows: int, factors: int, source: int) -> Array:
    """Places (row, 2 factor + 2, factor) in [0, 1): A, AB_1 to AB_k, BA_1 to BA_k, B. `rows` is a power of two."""
    from scipy.stats import qmc

    halves = qmc.Sobol(2 * factors, rng=np.random.default_rng(source)).random(rows)
    a, b = halves[:, :factors], halves[:, factors:]
    places = np.repeat(np.stack([a, b], axis=1), factors + 1, axis=1)
    for i in range(factors):
        places[:, 1 + i, i] = b[:, i]
        places[:, 1 + factors + i, i] = a[:, i]
    return places


def sobol_indices(figures: Array, *, source: int = 0, resamples: int = RESAMPLES) -> Indices:
    """Indices of a figure at the points of a `sobol_design`.

    Parameters
    ----------
    figures : (row, 2 factor + 2, seed)
        At the same seeds everywhere. Rows in which a figure is missing (NaN) are left out.
        One seed is taken as a figure without noise; else there are at least three.
    source : int
        Where the resamples come from.
    resamples : int
        How many.

    Raises
    ------
    ScenarioError
        When hardly a row has all its figures.
    """
    known = figures[np.isfinite(figures).all(axis=(1, 2))]
    rows, _, seeds = known.shape
    if rows < LEAST_ROWS:
        raise ScenarioError(
            f"only {rows} of {len(figures)} samples have a figure at all their points, which is too few; vary less widely"
        )
    even = np.full(rows, 1.0 / rows)
    found = _parts(known, even, seeds)
    rng = np.random.default_rng(source)
    again = [_parts(known, rng.multinomial(rows, even) / rows, seeds) for _ in range(resamples)]
    alive = [one for one in again if one.variance > 0.0] or [found]
    without = [_parts(np.delete(known, s, axis=2), even, seeds) for s in range(seeds if seeds > 1 else 0)]
    estimates = {}
    for name in Parts._fields:
        drawn = again if name in ("variance", "noise") else alive
        values = [np.array([getattr(one, name) for one in some]) for some in (drawn, without)]
        estimates[name] = _estimate(getattr(found, name), *values)
    return Indices(**estimates, rows=rows, asked=len(figures))


def _estimate(value: Array, again: Array, without: Array) -> Estimate:
    """A figure with its interval, from resamples of rows (resample, ...) and with each seed left out (seed, ...)."""
    from scipy.special import stdtrit

    low, high = np.percentile(again, TAILS, axis=0)
    seeds = len(without)
    half = np.zeros_like(value)
    if seeds:
        error = np.sqrt((seeds - 1) / seeds * ((without - without.mean(axis=0)) ** 2).sum(axis=0))
        half = stdtrit(seeds - 1, TAILS[1] / 100.0) * error
    down, up = np.maximum(value - low, 0.0), np.maximum(high - value, 0.0)
    return Estimate(value, value - np.hypot(down, half), value + np.hypot(up, half))


def _parts(figures: Array, rows: Array, means_of: int) -> Parts:
    """All that is estimated, from (row, point, seed) with weights on rows that sum to 1; noise is that of means of so many seeds.

    The sum over pairs of different seeds of any product x_s y_t is (sum x)(sum y) - sum x y.
    """
    k, seeds = (figures.shape[1] - 2) // 2, figures.shape[2]
    one = seeds == 1
    pairs = 1 if one else seeds * (seeds - 1)
    p = figures[:, 1 : k + 1] - figures[:, :1]
    q = figures[:, -1:] - figures[:, k + 1 : 2 * k + 1]
    unlike = np.concatenate([figures[:, :1] - figures[:, -1:], figures[:, 1 : k + 1] - figures[:, k + 1 : 2 * k + 1]], axis=1)

    def apart(x: Array, y: Array) -> Array:
        """Mean over rows and pairs of seeds of products, (...,) from (row, ..., seed)."""
        same = 0.0 if one else (x * y).sum(axis=-1)
        return np.tensordot(rows, x.sum(axis=-1) * y.sum(axis=-1) - same, 1) / pairs

    variance = 0.5 * apart(unlike, unlike).mean()
    crossed = apart(q[:, :, None], p[:, None, :])
    second = -0.5 * (crossed + crossed.T)
    np.fill_diagonal(second, np.nan)
    of_means = (0.5 * (rows @ (unlike**2).mean(axis=(1, 2))) - variance) / means_of
    with np.errstate(divide="ignore", invalid="ignore"):
        first, total = 0.5 * apart(p, q) / variance, 0.25 * (apart(p, p) + apart(q, q)) / variance
        noise = np.nan if one else of_means / (variance + of_means)
        return Parts(variance, np.asarray(noise), first, total, second / variance, first.sum(), total - first)

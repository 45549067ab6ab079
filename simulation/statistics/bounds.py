"""Limits of a mean over seeds, one-sided, for means that are not Normal and few seeds.

    t limits       mean - t s / sqrt(n),  mean + t s / sqrt(n)
    Hall limits    mean - g^-1(t) s / sqrt(n),  mean - g^-1(-t) s / sqrt(n)
                   g^-1(u) = 3 sqrt(n) / a ((1 + a / sqrt(n) (u - a / (6 sqrt(n))))^(1/3) - 1),  a = sample skewness

The t statistic of a skewed sample leans: with a long right tail the mean and the deviation grow together, and the upper t limit
fails too often. Hall's cubic (Hall 1992) takes the first-order lean out. Each side takes the farther of the two limits, so that
neither a skewness that was badly estimated nor one that was overlooked brings a limit nearer.
"""

from __future__ import annotations

import numpy as np

from simulation.statistics.intervals import moments
from simulation.vocabulary import Array


def bounds(values: Array, tail: float) -> tuple[Array, Array]:
    """Lower and upper limit of the mean over the last axis (seeds), each wrong with probability `tail`.

    Parameters
    ----------
    values : (..., seed)
        A seed without a value (NaN) is left out.
    tail : float
        One-sided, 0 to 1/2.

    Returns
    -------
    low, high : (...)
        Infinite with fewer than two seeds; the mean itself where all seeds have the same value.
    """
    from scipy.special import stdtrit

    count, mean, variance = moments(values)
    enough = count > 1
    error = np.sqrt(variance / np.maximum(count, 1))
    t = np.asarray(-stdtrit(np.maximum(count - 1.0, 1.0), tail), dtype=float)
    lean = np.asarray(_skewness(values, mean, variance) / np.sqrt(np.maximum(count, 1)), dtype=float)
    below = np.maximum(t, _hall(t, lean)) * error
    above = np.maximum(t, -_hall(-t, lean)) * error
    return np.where(enough, mean - below, -np.inf), np.where(enough, mean + above, np.inf)


def _skewness(values: Array, mean: Array, variance: Array) -> Array:
    """Sample skewness (...) over the last axis; 0 without spread."""
    present = np.isfinite(values)
    count = np.maximum(present.sum(axis=-1), 1)
    gap = np.where(present, values - mean[..., None], 0.0)
    scale = np.sqrt(np.where(variance > 0.0, variance, 1.0))[..., None]
    cubed = ((gap / scale) ** 3).sum(axis=-1) / count
    return np.where(variance > 0.0, cubed * (count / np.maximum(count - 1.0, 1.0)) ** 1.5, 0.0)


def _hall(u: Array, lean: Array) -> Array:
    """Hall's inverse cubic at u; `lean` is skewness over the root of the number of seeds."""
    straight = np.abs(lean) < 1e-6
    safe = np.where(straight, 1.0, lean)
    bent: Array = 3.0 / safe * (np.cbrt(1.0 + safe * (u - safe / 6.0)) - 1.0)
    return np.where(straight, u, bent)

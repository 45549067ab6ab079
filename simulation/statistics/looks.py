"""When a growing sample is looked at, and how high the bar is at each look so that many looks mislead no more than one.

A mean over seeds is looked at when n_1 < n_2 < ... < n_J seeds are there, each look half as many again as the one before.
Under the hypothesis its standardised value Z_j goes like a Brownian path seen at times n_j, so

    Pr(Z_j > c at any look) = 1 - integral of f_J,    f_{j+1}(z) = integral over x <= c of phi((z - r x) / s) / s f_j(x) dx

with r^2 = n_j / n_{j+1} and s^2 = 1 - r^2 (Armitage, McPherson and Rowe 1969). The bar is the c at which that is the error
asked for, the same at every look (Pocock 1977). It is handed on as a tail, Phi(-c): at a look with n seeds the bar is the
t quantile of that tail, since the variance is not known either.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from math import ceil

import numpy as np

from simulation.vocabulary import Array

GROWTH = 1.5
"""Each look has this many times the seeds of the one before: few enough looks to pay for, near enough not to overshoot."""
NODES = 96
"""Points of the quadrature over a path's values; with twice as many the error changes by less than 1e-9."""
LOWEST = -9.0
"""A standardised mean is never lower than this, for a share of paths too small to count."""


def look_schedule(start: int, most: int) -> tuple[int, ...]:
    """Numbers of seeds at which to look, from `start` to `most`, both among them."""
    counts = [min(start, most)]
    while counts[-1] < most:
        counts.append(min(most, ceil(GROWTH * counts[-1])))
    return tuple(counts)


@lru_cache(maxsize=64)
def tail_of_bar(error: float, counts: tuple[int, ...]) -> float:
    """The one-sided tail at which each look has its bar, so that all of them together err with probability `error`.

    Parameters
    ----------
    error : float
        Probability, 0 to 1/2, that a mean which is truly no better looks better at any look.
    counts : ascending
        Numbers of seeds at the looks.
    """
    from scipy.optimize import brentq
    from scipy.special import ndtr, ndtri

    if len(counts) == 1:
        return error
    lowest, highest = -float(ndtri(error)), -float(ndtri(error / len(counts)))  # one look; looks that share nothing
    c = brentq(lambda bar: crossing(bar, counts) - error, lowest, highest, xtol=1e-6)
    return float(ndtr(-c))


def crossing(bar: float, counts: Sequence[int]) -> float:
    """Probability that a standardised mean without drift is above `bar` at any of the looks."""
    nodes, weights = _quadrature(NODES)
    x = LOWEST + (bar - LOWEST) * (nodes + 1.0) / 2.0
    weights = weights * (bar - LOWEST) / 2.0
    below = _density(x)
    for before, now in pairwise(counts):
        kept = np.sqrt(before / now)
        spread = np.sqrt(1.0 - kept * kept)
        below = _density((x[:, None] - kept * x) / spread) / spread @ (weights * below)
    return float(1.0 - weights @ below)


@lru_cache(maxsize=2)
def _quadrature(count: int) -> tuple[Array, Array]:
    """Gauss-Legendre nodes and weights on [-1, 1]."""
    return np.polynomial.legendre.leggauss(count)


def _density(z: Array) -> Array:
    """The standard Normal density."""
    density: Array = np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi)
    return density

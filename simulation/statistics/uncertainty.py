"""What luck and what is not known of parameters explain together: means with 95% intervals, and the part of either.

Seed s has its own luck and its own draw of parameters; the same luck is run once more at point values. For any figure,
x(s) = d(draw s, luck s) and y(s) = d(point, luck s):

    parameters = Var x - Var y, no less than 0        how the effect varies with parameters, which no seed takes away
    chance     = Var x / n                            squared standard error of the mean, which more seeds take away
    interval   = mean x +- t(n - 1) sqrt(parameters + chance)

Why not Var(x - y), which is paired: luck meets another organisation under other parameters and soon goes another way. In the
shipped study, with draws as wide as plausible ranges, differences between policies at x and y correlate by 0.1 to 0.8;
Var(x - y) would then hold up to twice the luck of one seed as if it were parameters.
Var x - Var y = Var(x - y) + 2 Cov(x - y, y) takes that out again, whatever the correlation.

What biases it: luck that is stronger under other parameters counts as parameters, weaker luck is taken from them. It is noisy
where parameters matter little: at n seeds it errs by up to sqrt(4 / (n - 1)) of the luck of one seed, a quarter at 64.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simulation.statistics.intervals import half_width, moments
from simulation.vocabulary import Array


class Joint(NamedTuple):
    """A mean, its 95% interval, and the share of chance in the variance behind it, each an array over what is compared.

    `chance` is NaN where there is no interval, or one without width; the rest is that of parameters.
    """

    mean: Array
    low: Array
    high: Array
    chance: Array


def joint_interval(values: Array, point: Array | None) -> Joint:
    """Mean and 95% interval over the last axis (seeds).

    Parameters
    ----------
    values : (..., seed)
        With each seed's draw of parameters.
    point : (..., seed), optional
        The same seeds at point values; None where nothing is drawn, and chance is all.

    Returns
    -------
    Joint of arrays (...)
        Seeds without a value (NaN) are left out, in a variance those without either; NaN limits where fewer than two remain.
        Where both runs agree the interval is that of `t_interval`, bit for bit.
    """
    count, mean, spread = moments(values)
    chance = spread / np.maximum(count, 1)
    total = chance if point is None else chance + parameter_variance(values, point)
    half = half_width(total, count)
    share = np.divide(chance, total, out=np.full(total.shape, np.nan), where=(count > 1) & (total > 0.0))
    return Joint(mean, mean - half, mean + half, share)


def parameter_variance(values: Array, point: Array) -> Array:
    """The variance that parameters add, (...): that with draws less that at point values, and no less than 0."""
    both = np.isfinite(values) & np.isfinite(point)
    with_draws, without = (moments(np.where(both, x, np.nan))[2] for x in (values, point))
    return np.maximum(with_draws - without, 0.0)

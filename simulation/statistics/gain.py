"""What common random numbers saved: how many seeds of luck of its own each policy would need for the same interval.

    gain            = (Var a + Var b) / Var(a - b)
    effective seeds = seeds x gain

Var a + Var b is the variance of a difference between runs that share nothing, Var(a - b) that of the paired one. Under 1 the same
luck makes policies move apart, and pairing has cost seeds. Where the difference is the same at every seed no number of
independent seeds would do: infinite, "exact". Like any ratio of variances it is rough with few seeds.

It is a statement on luck. Where seeds carry draws of parameters it is taken from the runs at point values: two policies under
different draws would differ by what is not known, and no one would compare them so.
"""

from __future__ import annotations

import numpy as np

from simulation.statistics.intervals import moments
from simulation.vocabulary import Array


def effective_seeds(values: Array, base: Array) -> Array:
    """Independent seeds that the paired difference of each policy from the baseline is worth, (policy,).

    Parameters
    ----------
    values : (policy, seed)
        By luck alone. A seed in which one of the two has no value (NaN) is left out for both.
    base : (1 or policy, seed)
        The baseline at the same seeds.

    Returns
    -------
    (policy,) [seeds]
        Infinite where the difference does not vary though the figures do, as for the baseline itself; NaN where nothing varies,
        and with fewer than two seeds.
    """
    difference = values - base
    both = np.isfinite(difference)
    count, _, paired = moments(difference)
    own = moments(np.where(both, values, np.nan))[2]
    other = moments(np.where(both, base, np.nan))[2]
    apart = own + other
    exact = np.where(apart > 0.0, np.inf, np.nan)
    worth = count * np.divide(apart, paired, out=exact, where=paired > 0.0)
    worth[count < 2] = np.nan
    return worth

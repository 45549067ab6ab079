"""Each policy's own mean and interval, comparable even where policies were given different numbers of seeds.

Seeds differ by more than policies do, so the mean of a policy over its first n seeds does not compare with the mean of another
over N. A policy with fewer seeds than the baseline therefore has the baseline's mean over all N, plus its difference over its n:

    mean     = mean_N b + mean_n (x - b)
    chance   = Var x / N + Var(x - b) (1/n - 1/N)

where all have the same seeds that is the plain mean. What parameters add is as in `uncertainty`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from simulation.statistics.intervals import moments
from simulation.statistics.uncertainty import Joint, interval_of, joint_interval, parameter_variance
from simulation.vocabulary import Array

if TYPE_CHECKING:
    from simulation.scenario import Scenario


def short_policies(scenario: Scenario) -> list[int]:
    """The places of the policies that were given fewer seeds than the baseline."""
    return [place for place, policy in enumerate(scenario.policies) if policy.key in scenario.own_seeds]


def level_interval(values: Array, point: Array | None, baseline: int, short: Sequence[int]) -> Joint:
    """Means and 95% intervals over the last axis (seeds).

    Parameters
    ----------
    values : (policy, ..., seed)
    point : (policy, ..., seed), optional
        The same seeds at point values, where parameters are drawn.
    baseline : index of the baseline, which has all seeds
    short : indices of the policies that were given fewer, from `short_policies`

    Returns
    -------
    Joint of arrays (policy, ...)
    """
    found = joint_interval(values, point)
    rows = list(short)
    if not rows:
        return found
    x, b = values[rows], values[baseline]
    count, gap, apart = moments(x - b)
    every, mean, _ = moments(b)
    spread = moments(np.where(np.isfinite(x - b), x, np.nan))[2]
    chance = spread / np.maximum(every, 1) + apart * (1.0 / np.maximum(count, 1) - 1.0 / np.maximum(every, 1))
    parameters = np.zeros_like(chance) if point is None else parameter_variance(x, point[rows])
    own = interval_of(mean + gap, chance, parameters, count)
    for whole, part in zip(found, own, strict=True):
        whole[rows] = part
    return found

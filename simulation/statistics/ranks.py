"""Each policy's rank by the objective, and the probability that it holds.

A policy's rank is one more than the number of policies that are better than it by more than the material difference,
so policies without a material difference between them may share a rank. Means of the objective are taken to be jointly Normal:

    covariance = C + P      C: covariance over seeds of the differences from the baseline, over the number of seeds (chance)
                            P: variances as in `uncertainty.parameter_variance`, correlated as covariance at drawn values less
                            that at point values is, its negative parts cut off

and a rank holds in the share of `SAMPLES` vectors of means, drawn from that with a fixed seed, in which it is the same.
Requirements play no part in it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simulation.statistics.uncertainty import parameter_variance
from simulation.vocabulary import Array

SAMPLES = 20_000
FIRST = 1


class Rank(NamedTuple):
    """A policy's rank, from 1, and the probability that it holds.

    No rank without a seed in which all policies have the objective, and NaN for the probability with fewer than two.
    """

    rank: int | None
    holds: float


def rank_policies(values: Array, point: Array, *, baseline: int, better: str, material: float) -> list[Rank]:
    """Ranks of all policies by one measure.

    Parameters
    ----------
    values : (policy, seed) [the measure's unit]
        With each seed's draw of parameters; a seed in which a policy has no value is left out for all.
    point : (policy, seed)
        The same seeds at point values.
    baseline : index of the policy that differences are taken from
    better : "higher" or "lower"
    material : the smallest difference that counts [the measure's unit]
    """
    here = np.isfinite(values).all(axis=0) & np.isfinite(point).all(axis=0)
    own, same = ((x - x[baseline])[:, here] for x in (values, point))
    if own.shape[1] == 0:
        return [Rank(None, np.nan)] * len(values)
    means = own.mean(axis=1)
    shown = _ranks(means, better, material)
    if own.shape[1] == 1:
        return [Rank(int(rank), np.nan) for rank in shown]
    root = _root(joint_covariance(own, same))
    draws = means + np.random.default_rng(FIRST).standard_normal((SAMPLES, len(values))) @ root.T
    holds = (_ranks(draws, better, material) == shown).mean(axis=0)
    return [Rank(int(rank), float(share)) for rank, share in zip(shown, holds, strict=True)]


def joint_covariance(values: Array, point: Array) -> Array:
    """Covariance (policy, policy) of mean differences from the baseline, from (policy, seed) with draws and at point values."""
    spread, luck = (np.atleast_2d(np.cov(x)) for x in (values, point))
    sizes, axes = np.linalg.eigh(spread - luck)
    parameters: Array = (axes * np.maximum(sizes, 0.0)) @ axes.T
    size, wanted = np.diag(parameters), parameter_variance(values, point)
    scale = np.sqrt(np.divide(wanted, size, out=np.zeros_like(wanted), where=size > 0.0))
    parameters = parameters * np.outer(scale, scale)
    np.fill_diagonal(parameters, wanted)
    return spread / values.shape[1] + parameters


def _root(covariance: Array) -> Array:
    """A matrix whose square is the covariance."""
    sizes, axes = np.linalg.eigh(covariance)
    root: Array = axes * np.sqrt(np.maximum(sizes, 0.0))
    return root


def _ranks(means: Array, better: str, material: float) -> Array:
    """Ranks (..., policy) of means (..., policy)."""
    sign = -1.0 if better == "lower" else 1.0
    gap = sign * (means[..., None, :] - means[..., :, None])
    ranks: Array = 1 + (gap > material).sum(axis=-1)
    return ranks

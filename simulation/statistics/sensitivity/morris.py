"""Morris screening: what each of many factors does when it alone takes a step, at several places.

A trajectory begins somewhere and moves one factor after another, each once, in an order of its own; r trajectories through
k factors take r (k + 1) points (Morris 1991; Campolongo, Cariboni and Saltelli 2007).

    effect   d = (f after the step - f before it) / (how far along its range the factor moved)
    mu       = mean d       over trajectories; no value for three or more values without order
    mu*      = mean |d|     in the figure's unit per whole range, or per change of value
    sigma    = sd d         large where an effect depends on where the factor or others stand

Numbers step by two thirds of their range, so noise is not blown up as by small steps. Each factor takes each of its possible
steps equally often over the trajectories, or once more or less.

f is a mean over seeds, the same at all points. What luck leaves in mu*:

    luck     = sqrt(2 / pi) sqrt(mean over trajectories of Var_s d_s / S)

the mu* that a factor without any effect would show, d_s being the effect at one of S seeds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from simulation.experiment.design.factors import Factor
from simulation.statistics.sensitivity.steps import along, ordered, signed, steps_of
from simulation.vocabulary import Array

RESAMPLES = 1000
TAILS = (2.5, 97.5)


class Trajectories(NamedTuple):
    """A design: places (trajectory, point, factor) in [0, 1], and which factor each step moves (trajectory, step)."""

    places: Array
    order: npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Screening:
    """Each an array (factor,) in the figure's unit: `mu` and `sigma` NaN where a factor has no direction.

    low, high : 95% bootstrap interval of `mu_star` over trajectories
    luck : the `mu_star` that luck alone would show
    effects : how many steps of each factor have a figure at both ends
    """

    mu: Array
    mu_star: Array
    sigma: Array
    low: Array
    high: Array
    luck: Array
    effects: Array


def trajectories(factors: Sequence[Factor], count: int, rng: np.random.Generator) -> Trajectories:
    """A design of `count` trajectories through all factors."""
    k = len(factors)
    before, after = np.empty((count, k)), np.empty((count, k))
    for j, factor in enumerate(factors):
        steps = np.array(steps_of(factor))
        turns = np.concatenate([rng.permutation(len(steps)) for _ in range(-(-count // len(steps)))])
        before[:, j], after[:, j] = steps[rng.permutation(turns[:count])].T
    order = np.argsort(rng.random((count, k)), axis=1)
    rank = np.argsort(order, axis=1)  # (trajectory, factor): at which step it moves
    moved = np.arange(k + 1)[None, :, None] > rank[:, None, :]
    return Trajectories(np.where(moved, after[:, None, :], before[:, None, :]), order)


def effects_of(factors: Sequence[Factor], design: Trajectories, figures: Array) -> Array:
    """Elementary effects (trajectory, factor, seed) from figures (trajectory, point, seed)."""
    stands = np.stack([along(factor, design.places[..., j]) for j, factor in enumerate(factors)], axis=-1)
    moved = np.take_along_axis(np.diff(stands, axis=1), design.order[..., None], axis=2)[..., 0]
    numbers = np.array([ordered(factor) for factor in factors])[design.order]
    effect = np.diff(figures, axis=1) / np.where(numbers, moved, np.sign(moved))[..., None]
    found = np.empty_like(effect)
    np.put_along_axis(found, design.order[..., None], effect, axis=1)
    return found


def screen(factors: Sequence[Factor], design: Trajectories, figures: Array, *, source: int = 0) -> Screening:
    """What each factor does.

    Parameters
    ----------
    factors : (factor,)
    design : Trajectories
        From `trajectories`.
    figures : (trajectory, point, seed)
        The figure at each point; NaN where a point was refused, and the steps that touch it are left out.
    source : int
        Where the bootstrap's random numbers come from.
    """
    by_seed = effects_of(factors, design, figures)
    effects = by_seed.mean(axis=-1)
    directed = np.array([signed(factor) for factor in factors])
    known = np.isfinite(effects)
    count = known.sum(axis=0)
    mu = _mean(effects, known)
    spread = np.sqrt(_mean((effects - mu) ** 2, known) * count / np.maximum(count - 1, 1))
    seeds = figures.shape[-1]
    noise = by_seed.var(axis=-1, ddof=1) / seeds if seeds > 1 else np.full(effects.shape, np.nan)
    low, high = _bootstrap(np.abs(effects), known, np.random.default_rng(source))
    return Screening(
        mu=np.where(directed, mu, np.nan), mu_star=_mean(np.abs(effects), known),
        sigma=np.where(directed & (count > 1), spread, np.nan), low=low, high=high,
        luck=np.sqrt(2.0 / np.pi * _mean(noise, known)), effects=count,
    )  # fmt: skip


def _mean(values: Array, known: Array, weights: Array | None = None) -> Array:
    """Mean over trajectories of what is known; NaN where nothing is. Weights are (..., trajectory, 1)."""
    w = known if weights is None else known * weights
    total, size = (np.where(known, values, 0.0) * w).sum(axis=-2), w.sum(axis=-2)
    return np.divide(total, size, out=np.full(total.shape, np.nan), where=size > 0)


def _bootstrap(sizes: Array, known: Array, rng: np.random.Generator) -> tuple[Array, Array]:
    """Percentile interval of the mean size of an effect, trajectories drawn with replacement."""
    count = len(sizes)
    weights = rng.multinomial(count, np.full(count, 1.0 / count), size=RESAMPLES).astype(float)
    total, size = weights @ np.where(known, sizes, 0.0), weights @ known
    means = np.divide(total, size, out=np.full(total.shape, np.nan), where=size > 0)
    nothing = ~known.any(axis=0)
    means[:, nothing] = 0.0
    low, high = np.nanpercentile(means, TAILS, axis=0)
    return np.where(nothing, np.nan, low), np.where(nothing, np.nan, high)

"""Draws of the parameters that are consistent with the targets, and the profile of each parameter.

    draws      z ~ Normal(fit, covariance of moments and prior), quasi-random, inside the ranges
    kept       objective(draw) - objective(fit) <= 99% point of chi-square with as many degrees as parameters
    profile    objective along one parameter at -2, -1, 1, 2 of its standard deviations, the others moved to where the
               covariance expects the best of them

The normal shape is that of a fit whose figures are straight lines nearby; simulating every draw and dropping those that the
targets rule out is the check on it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2, qmc

from simulation.calibration.fit import Fit, objective
from simulation.vocabulary import Array

LEVEL = 0.99
PROFILE_STEPS = (-2.0, -1.0, 1.0, 2.0)
MOST_TRIALS = 64
"""Times the number of draws asked for that are tried at most to find some inside the ranges."""


@dataclass(frozen=True)
class Draws:
    """Draws on the scale of the fit.

    kept : (draw, unknown) consistent with the targets
    tried : number of draws simulated
    excess : (tried,) objective beyond that of the fit
    figures : (kept draw, moment)
    """

    kept: Array
    tried: int
    excess: Array
    figures: Array


@dataclass(frozen=True)
class Profile:
    """The objective along one parameter: its values, and how much worse the fit is there."""

    values: Array
    excess: Array


def draw(fit: Fit, count: int, seed: int) -> Draws:
    """Draw parameters from what the fit knows, simulate each, and keep those that the targets do not rule out."""
    points = _inside(fit, count, seed)
    figures, excess = _excess(fit, points)
    kept = excess <= chi2.ppf(LEVEL, len(fit.z))
    return Draws(points[kept], len(points), excess, figures[kept])


def _inside(fit: Fit, count: int, seed: int) -> Array:
    low, high = fit.problem.bounds
    sampler = qmc.MultivariateNormalQMC(fit.z, cov=fit.covariance, rng=seed)
    size = 1 << int(np.ceil(np.log2(count)))
    found = np.zeros((0, len(fit.z)))
    for _ in range(MOST_TRIALS):
        some = sampler.random(size)
        found = np.concatenate([found, some[((some >= low) & (some <= high)).all(axis=1)]])
        if len(found) >= count:
            break
    return found[:count]


def _excess(fit: Fit, points: Array) -> tuple[Array, Array]:
    """Figures (point, moment) and objective beyond that of the fit (point,)."""
    figures, influences = fit.problem.figures(list(points))
    height = [
        objective(fit.problem, z, fit.problem.residuals(x, s)) for z, x, s in zip(points, figures, influences, strict=True)
    ]
    return figures, np.array(height) - fit.objective


def profiles(fit: Fit) -> list[Profile]:
    """The profile of every parameter, all points in one batch."""
    low, high = fit.problem.bounds
    points, places = [], []
    for k in range(len(fit.z)):
        slope = fit.covariance[:, k] / fit.covariance[k, k]
        for step in PROFILE_STEPS:
            move = np.clip(fit.z[k] + step * fit.sd[k], low[k], high[k]) - fit.z[k]
            points.append(np.clip(fit.z + slope * move, low, high))
            places.append(k)
    _, excess = _excess(fit, np.array(points))
    own = [np.flatnonzero(np.array(places) == k) for k in range(len(fit.z))]
    return [
        Profile(np.array([fit.problem.unknowns[k].value(float(points[i][k])) for i in rows]), excess[rows])
        for k, rows in enumerate(own)
    ]

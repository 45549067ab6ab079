"""The method of simulated moments on common random numbers, by `scipy.optimize.least_squares`.

    minimise  sum over moments of residual^2 + sum over unknowns of prior residual^2            (problem.py)
    covariance    C = (J'J + prior^-2)^-1, J the residuals' Jacobian by central differences, one batch on the policy axis
    slope         of a residual: difference x max(0, 1 - (error / difference)^2), the error that of the difference on the same
                  seeds: what noise adds to a square on average is taken out
    informed      sd of C <= .95 prior sd: the moments take at least a tenth of a parameter's prior variance away
    identified    sd of C <= prior sd / sqrt(2): they take at least half of it
    J statistic   sum over moments of residual^2, degrees of freedom = moments - identified parameters

All moments meet the same luck under every set of values, so differences between sets are far less noisy than their levels.
Parameters that the moments do not inform go back to their declared values, the others are fitted again, and both are
carried on as uncertainty. What noise of the simulation adds to C is inside the residuals' denominators.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import least_squares

from simulation.calibration.figures import length
from simulation.calibration.problem import Problem
from simulation.vocabulary import Array

STEP = 0.5
"""Half-width of a central difference, in standard deviations of the prior."""
NOISE = 1.0
"""Standard errors of a difference up to which it counts as none."""
RUNS, MORE_RUNS = 3, 2
"""Points at which the search over all unknowns, and that over the informed ones from where it ended, evaluate the residuals."""
ENOUGH = 1e-2
"""Relative gain of the objective, or relative step, below which a search ends: less than the noise of other seeds."""
INFORMED, IDENTIFIED = 0.95, 0.5**0.5
"""Posterior over prior standard deviation up to which a parameter counts as informed by the moments, and as identified."""
NORMAL_90 = 1.6448536269514722


@dataclass(frozen=True)
class Fit:
    """What a fit found, on the scale of the fit (`problem.Unknown.scaled`) unless it says otherwise.

    z : (unknown,) the values that are kept
    covariance : (unknown, unknown)
    jacobian : (moment, unknown) of the residuals
    figures, noise, residuals : (moment,) at z; figures and noise in the moments' units
    informed : (unknown,) of bool: whether the moments say something of the parameter
    """

    problem: Problem
    z: Array
    covariance: Array
    jacobian: Array
    figures: Array
    noise: Array
    residuals: Array
    informed: Any

    @property
    def sd(self) -> Array:
        """Posterior standard deviations."""
        return np.sqrt(np.diag(self.covariance))

    @property
    def shrinkage(self) -> Array:
        """Posterior over prior standard deviations: 1 where the moments say nothing."""
        return np.asarray(self.sd / self.problem.prior_sd)

    @property
    def identified(self) -> Any:
        """(unknown,) of bool: whether the moments take at least half of a parameter's prior variance away."""
        return self.shrinkage <= IDENTIFIED

    @property
    def correlation(self) -> Array:
        """Posterior correlations (unknown, unknown)."""
        return np.asarray(self.covariance / np.outer(self.sd, self.sd))

    @property
    def j_statistic(self) -> float:
        """Weighted sum of squared residuals of the moments."""
        return float(self.residuals @ self.residuals)

    @property
    def freedom(self) -> int:
        """Moments less identified parameters."""
        return len(self.residuals) - int(self.identified.sum())

    @property
    def objective(self) -> float:
        """What was minimised: moments and prior together."""
        return objective(self.problem, self.z, self.residuals)

    def interval(self, k: int, width: float = NORMAL_90) -> tuple[float, float]:
        """An interval, 90% unless `width` says otherwise, for parameter k on its own scale, inside its range."""
        unknown = self.problem.unknowns[k]
        low, high = unknown.bounds
        ends = (self.z[k] - width * self.sd[k], self.z[k] + width * self.sd[k])
        return unknown.value(max(float(ends[0]), low)), unknown.value(min(float(ends[1]), high))

    def contributions(self) -> Array:
        """Share of each moment in what is known of each parameter beyond its prior, (moment, unknown); columns sum to 1."""
        squares = self.jacobian**2
        return np.asarray(squares / np.maximum(squares.sum(axis=0), 1e-300))


def objective(problem: Problem, z: Array, residuals: Array) -> float:
    """Sum of squared residuals of moments and prior."""
    prior = (z - problem.start) / problem.prior_sd
    return float(residuals @ residuals + prior @ prior)


def fit(problem: Problem, start: Array | None = None) -> Fit:
    """Fit all unknowns, put those that the moments do not inform back to their declared values, and fit the others again.

    Parameters
    ----------
    problem : Problem
        Unknowns, moments and the simulation.
    start : (unknown,) on the scale of the fit, optional
        Where to begin; the declared values if left out.
    """
    everything = np.arange(len(problem.unknowns))
    z = _searched(problem, problem.start if start is None else start, everything, RUNS)
    slopes = jacobian(problem, z)
    covariance = _covariance(problem, slopes)
    informed = np.sqrt(np.diag(covariance)) <= INFORMED * problem.prior_sd
    if not informed.all():
        z = np.where(informed, z, problem.start)
        z = _searched(problem, z, everything[informed], MORE_RUNS) if informed.any() else z
        slopes = jacobian(problem, z)
        covariance = _covariance(problem, slopes)
    figures, influences = (x[0] for x in problem.figures([z]))
    residuals = problem.residuals(figures, influences)
    return Fit(problem, z, covariance, slopes, figures, length(influences), residuals, informed)


def _covariance(problem: Problem, slopes: Array) -> Array:
    return np.asarray(np.linalg.inv(slopes.T @ slopes + np.diag(problem.prior_sd**-2.0)), dtype=float)


def _searched(problem: Problem, start: Array, free: Any, runs: int) -> Array:
    """The best point found from a start, moving the free unknowns only."""
    low, high = problem.bounds
    margin = 1e-6 * (high - low)
    z0 = np.clip(start, low + margin, high - margin)
    known: dict[bytes, Array] = {}

    def whole(x: Array) -> Array:
        z = z0.copy()
        z[free] = x
        return z

    def residuals(x: Array) -> Array:
        z = whole(x)
        if z.tobytes() not in known:
            figures, influences = (found[0] for found in problem.figures([z]))
            prior = ((z - problem.start) / problem.prior_sd)[free]
            known[z.tobytes()] = np.concatenate([problem.residuals(figures, influences), prior])
        return known[z.tobytes()]

    def slopes(x: Array) -> Array:
        prior = np.eye(len(free)) / problem.prior_sd[free]
        return np.concatenate([jacobian(problem, whole(x), free), prior])

    found = least_squares(
        residuals, z0[free], slopes, bounds=(low[free], high[free]), x_scale=problem.prior_sd[free], max_nfev=runs,
        ftol=ENOUGH, xtol=ENOUGH,
    )  # fmt: skip
    return whole(found.x)


def jacobian(problem: Problem, z: Array, free: Any = None) -> Array:
    """Slopes of the moments' residuals (moment, unknown) by central differences, all points in one batch."""
    places = np.arange(len(z)) if free is None else np.asarray(free)
    low, high = problem.bounds
    points, widths = [], []
    for k in places:
        ends = [z.copy(), z.copy()]
        ends[0][k], ends[1][k] = (np.clip(z[k] + sign * STEP * problem.prior_sd[k], low[k], high[k]) for sign in (-1.0, 1.0))
        points += ends
        widths.append(ends[1][k] - ends[0][k])
    figures, influences = problem.figures(points)
    found = np.array([problem.residuals(x, s) for x, s in zip(figures, influences, strict=True)])
    moved, change = figures[1::2] - figures[0::2], found[1::2] - found[0::2]
    error = length(influences[1::2] - influences[0::2])
    seen = np.maximum(1.0 - np.nan_to_num(NOISE * error / np.where(moved == 0.0, np.nan, moved), nan=np.inf) ** 2, 0.0)
    return np.asarray((change * seen).T / np.array(widths))

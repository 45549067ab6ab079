"""The shape of a hazard over tenure: a smooth multiplier on the pack's, as far as exits inform it.

    exits at month t ~ Poisson(months watched x simulated hazard x exp(c + sum_k theta_k hat_k(log t)))

c is the level, which an intercept owns; theta, the log multiplier at each knot, is Normal(0, 0.5) before the data speak
(assumed), so that a company with few exits keeps the pack's shape. The penalised likelihood is concave; scipy finds its top.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize

from simulation.calibration.company.history import LONGEST
from simulation.calibration.company.mapping import Values

KNOTS = (2.0, 6.0, 14.0, 30.0, 66.0)
"""[months of tenure]"""
PRIOR = 0.5
"""Standard deviation of a log multiplier before the data speak; assumed."""


@dataclass(frozen=True, eq=False)
class Shape:
    """Log multipliers at the knots, and their covariance."""

    theta: Values
    covariance: Values

    @property
    def error(self) -> Values:
        """Standard error of each log multiplier."""
        return np.sqrt(np.diag(self.covariance))

    def plus(self, more: Shape) -> Shape:
        """A further correction on top; what is known now is what the last fit knew."""
        return Shape(self.theta + more.theta, more.covariance)

    def applied(self, knots: Sequence[Sequence[float]], exits: Values, low: float, high: float) -> tuple[list[list[float]], bool]:
        """A pack's profile times the multiplier, with knots of both, held inside its range; and whether it had to be held.

        The multiplier averages to one, in logs, over the exits: the level belongs to an intercept.
        """
        months, values = np.array(knots, dtype=float).T
        every = np.union1d(months, KNOTS)
        level = exits @ (hats(np.arange(LONGEST + 1) + 0.5) @ self.theta) / exits.sum()
        wanted = np.exp(np.interp(every, months, np.log(values)) + hats(every) @ self.theta - level)
        held = np.clip(wanted, low, high)
        return [[float(m), round(float(v), 4)] for m, v in zip(every, held, strict=True)], bool(np.any(held != wanted))


def hats(months: Any) -> Values:
    """Weights of the knots at months of tenure (month, knot): linear in log tenure, flat beyond the ends."""
    x = np.log(np.maximum(np.asarray(months, dtype=float), 0.5))
    return np.stack([np.interp(x, np.log(KNOTS), row) for row in np.eye(len(KNOTS))], axis=-1)


def fit_shape(watched: Values, exits: Values, hazard: Values, prior: Values | None = None) -> Shape:
    """Log multipliers that fit exits best.

    Parameters
    ----------
    watched, exits : (LONGEST + 1,) months watched and exits by month of tenure
    hazard : (LONGEST + 1,) simulated chance of leaving in a month
    prior : (knot,) mean of the multipliers before the data speak; zero unless part of them is in `hazard` already
    """
    x = np.column_stack([np.ones(LONGEST + 1), hats(np.arange(LONGEST + 1) + 0.5)])
    expected = watched * hazard
    center = np.zeros(len(KNOTS)) if prior is None else prior
    weight = np.concatenate([[0.0], np.full(len(KNOTS), PRIOR**-2)])
    middle = np.concatenate([[0.0], center])

    def loss(b: Any) -> tuple[float, Values]:
        mean = expected * np.exp(x @ b)
        value = mean.sum() - exits @ (x @ b) + 0.5 * weight @ (b - middle) ** 2
        return float(value), x.T @ (mean - exits) + weight * (b - middle)

    start = np.concatenate([[np.log(max(exits.sum(), 0.5) / expected.sum())], center])
    best = minimize(loss, start, jac=True, method="BFGS").x
    curvature = (x * (expected * np.exp(x @ best))[:, None]).T @ x + np.diag(weight)
    return Shape(best[1:], np.linalg.inv(curvature)[1:, 1:])

"""A problem of simulated moments: unknown parameters with what is believed of them beforehand, and moments to be met.

    z        log of the parameter where its whole range is positive, the parameter itself otherwise
    prior    z ~ Normal(z of the declared value, (z of the range's end - z of its start) / 4)
    residual of a moment   sqrt(weight) x (simulated - goal) / sqrt(band^2 + noise^2)
    residual of the prior  (z - prior mean) / prior sd

`band` is half of the half-width of a target's band on the side where the simulated figure lies, so that the band spans two
standard deviations each way; `noise` is the standard error of the simulated figure; weights are those of the evidence's grade.
The prior's residuals keep parameters that no moment informs where they are, and let the covariance say so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from simulation.calibration.figures import length
from simulation.evidence.read import Row
from simulation.evidence.targets import Target
from simulation.vocabulary import Array

Key = tuple[str, str]
Values = Mapping[Key, float]
Evaluate = Callable[[Sequence[Values]], tuple[Array, Array]]
"""Figures under sets of parameters (set, moment), and what each seed adds to their errors (set, moment, seed)."""
GRADE_WEIGHTS: Mapping[str, float] = {"A": 1.0, "B": 0.5, "C": 0.25, "D": 0.1}
PRIOR_SDS = 4.0
"""Standard deviations of the prior between the ends of a range."""
FAR = 1e3
"""A figure without a value counts as so many standard deviations off."""


@dataclass(frozen=True)
class Unknown:
    """A parameter to be fitted: its row as declared, value, range and unit."""

    row: Row

    @property
    def key(self) -> Key:
        """Group and name."""
        return self.row.group, self.row.name

    @property
    def path(self) -> str:
        """Group and name as one word."""
        return f"{self.row.group}.{self.row.name}"

    @property
    def positive(self) -> bool:
        """Whether it is fitted on a log scale."""
        return self.row.low > 0.0

    def scaled(self, value: float) -> float:
        """A value on the scale of the fit."""
        return float(np.log(value)) if self.positive else float(value)

    def value(self, z: float) -> float:
        """The value at a place of the fit's scale."""
        return float(np.exp(z)) if self.positive else float(z)

    @cached_property
    def bounds(self) -> tuple[float, float]:
        """The range on the scale of the fit."""
        return self.scaled(self.row.low), self.scaled(self.row.high)

    @cached_property
    def prior(self) -> tuple[float, float]:
        """Mean and standard deviation of the prior on the scale of the fit."""
        low, high = self.bounds
        return self.scaled(self.row.value), (high - low) / PRIOR_SDS


@dataclass(frozen=True)
class Moment:
    """What a figure is to be: a goal, the standard deviation that its band stands for on either side, and a weight."""

    name: str
    goal: float
    below: float
    above: float
    weight: float = 1.0

    @classmethod
    def of(cls, target: Target) -> Moment:
        """The moment that a target asks for."""
        return cls(target.id, target.centre, target.spread(-np.inf), target.spread(np.inf), GRADE_WEIGHTS[target.grade])

    def residual(self, value: float, noise: float) -> float:
        """How far a simulated figure is off, in standard deviations, by the square root of the weight."""
        if not np.isfinite(value):
            return FAR
        spread = self.above if value >= self.goal else self.below
        return float(np.sqrt(self.weight) * (value - self.goal) / np.hypot(spread, noise))


@dataclass(frozen=True)
class Problem:
    """Unknowns, moments, and the simulation that gives the moments under many sets of values at once."""

    unknowns: tuple[Unknown, ...]
    moments: tuple[Moment, ...]
    evaluate: Evaluate

    @property
    def start(self) -> Array:
        """The declared values on the scale of the fit."""
        return np.array([unknown.prior[0] for unknown in self.unknowns])

    @property
    def prior_sd(self) -> Array:
        """Standard deviations of the prior."""
        return np.array([unknown.prior[1] for unknown in self.unknowns])

    @property
    def bounds(self) -> tuple[Array, Array]:
        """Lower and upper ends of the ranges on the scale of the fit."""
        low, high = np.array([unknown.bounds for unknown in self.unknowns]).T
        return low, high

    def values(self, z: Array) -> dict[Key, float]:
        """Values of the parameters at a point."""
        return {unknown.key: unknown.value(float(place)) for unknown, place in zip(self.unknowns, z, strict=True)}

    def figures(self, points: Sequence[Array]) -> tuple[Array, Array]:
        """Simulated figures (point, moment) and what each seed adds to their errors (point, moment, seed)."""
        return self.evaluate([self.values(z) for z in points])

    def residuals(self, figures: Array, influences: Array) -> Array:
        """Residuals of the moments at one point."""
        found = zip(self.moments, figures, length(influences), strict=True)
        return np.array([moment.residual(float(x), float(noise)) for moment, x, noise in found])

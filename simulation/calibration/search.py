"""A global search over the few parameters for which a local one could end in the wrong valley: differential evolution.

The concession rule is an S-curve inside an S-curve: far from the right place its slope is nearly nothing.
Whole generations are simulated at once on the policy axis, on the moments that those parameters move.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import Bounds, differential_evolution

from simulation.calibration.fit import objective
from simulation.calibration.problem import Key, Problem
from simulation.vocabulary import Array


@dataclass(frozen=True)
class Search:
    """Which parameters, on which moments, and how long.

    population : sets of values in a generation
    generations : after the first
    """

    parameters: tuple[Key, ...]
    targets: tuple[str, ...]
    population: int
    generations: int
    seed: int


def searched(problem: Problem, search: Search) -> Array:
    """The best place of the parameters searched, the others at their declared values; `problem` holds only its moments."""
    places = [[one.key for one in problem.unknowns].index(key) for key in search.parameters]
    low, high = (end[places] for end in problem.bounds)

    def heights(points: Any) -> Any:
        """Objective at the columns of points (parameter, set)."""
        sets = [_placed(problem.start, places, column) for column in points.T]
        figures, influences = problem.figures(sets)
        found = zip(sets, figures, influences, strict=True)
        return np.array([objective(problem, z, problem.residuals(x, s)) for z, x, s in found])

    found = differential_evolution(
        heights, Bounds(low, high), vectorized=True, updating="deferred", polish=False, init="sobol",
        popsize=max(1, search.population // len(places)), maxiter=search.generations, rng=search.seed, tol=0.0,
    )  # fmt: skip
    return _placed(problem.start, places, found.x)


def _placed(start: Array, places: Sequence[int], values: Array) -> Array:
    z = start.copy()
    z[list(places)] = values
    return z

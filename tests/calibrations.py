"""Calibrations for tests: a tiny configuration, and fits to a made-up linear model, which takes no simulation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from simulation.calibration.calibrate import Calibration
from simulation.calibration.configuration import Configuration, read_configuration
from simulation.calibration.ensemble import draw, profiles
from simulation.calibration.fit import fit
from simulation.calibration.levels import Levels
from simulation.calibration.problem import Moment, Problem
from simulation.calibration.tables import fitted_tables
from simulation.evidence.targets import targets
from simulation.statistics.fitted import Fitted

GAIN, HAZARD = "selling.concession_gain", "customers.orphan_hazard"
TABLES = {
    "packs": ["saas_mid_market"], "draws": 8, "seed": 20, "parameters": [GAIN, HAZARD],
    "search": {"parameters": [GAIN], "targets": ["comp.T04"], "population": 4, "generations": 1},
}  # fmt: skip


def configuration(names: Sequence[str] = ("comp.T04", "turn.T21"), **changes: object) -> Configuration:
    """A configuration of few targets, two parameters unless `changes` say otherwise."""
    found = read_configuration({**TABLES, **changes})
    vars(found)["targets"] = tuple(targets()[name] for name in names)
    return found


def linear(slopes: Sequence[Sequence[float]], offsets: Sequence[float] | None = None, **changes: object) -> Calibration:
    """A calibration to figures that are straight lines in the parameters, without noise.

    `slopes` (moment, unknown): by how many standard deviations of its band a figure moves with a standard deviation of a prior;
    `offsets` (moment,): how many the figures are off at the declared values.
    """
    asked = configuration(**changes)
    by_id = {target.id: target for target in asked.targets}
    moments = [Moment.of(by_id[one.id]) for finding in asked.findings for one in finding.targets]
    rise, off = np.array(slopes), np.zeros(len(moments)) if offsets is None else np.array(offsets)

    def evaluate(sets: Sequence[Mapping[tuple[str, str], float]]) -> tuple[np.ndarray, np.ndarray]:
        z = np.array([[(u.scaled(values[u.key]) - u.prior[0]) / u.prior[1] for u in asked.unknowns] for values in sets])
        figures = np.array([m.goal for m in moments]) + (z @ rise.T + off) * np.array([m.above for m in moments])
        return figures, np.zeros((*figures.shape, 2))

    problem = Problem(asked.unknowns, tuple(moments), evaluate)
    found = fit(problem)
    own = {("goals", "quota_level"): 1.0}
    levels = Levels("saas_mid_market", asked.values, own, {(("market", "turnover_level"), asked.unknowns[0].key): 0.25})
    declared = problem.figures([problem.start])[0][0]
    return Calibration(asked, found, profiles(found), draw(found, asked.draws, asked.seed), {"saas_mid_market": levels}, declared)


def fitted(slopes: Sequence[Sequence[float]] = ((2.0, 0.0), (0.0, 0.1)), offsets: Sequence[float] = (1.0, 0.0)) -> Fitted:
    """Tables of such a calibration: as it stands, the first parameter is informed and the second is not."""
    return fitted_tables(linear(slopes, offsets))

"""A small study whose truth is known: figures of a simulated firm, to be fitted by the same method as published findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import organisation

from simulation.calibration.figures import influence, length
from simulation.calibration.findings import Finding, measure_finding
from simulation.calibration.fit import Fit, fit
from simulation.calibration.problem import Key, Moment, Problem, Unknown
from simulation.evidence.read import declared_parameters
from simulation.evidence.targets import Target
from simulation.vocabulary import Array

UNKNOWNS: tuple[Key, ...] = (
    ("leaving", "pay_slope"), ("effort", "pull_hunt"), ("selling", "concession_gain"), ("selling", "price_slope"),
)  # fmt: skip
BLIND: Key = ("exploring", "failure_cost")
"""What a failed trial costs the firm touches none of the figures below: nothing here can identify it."""
MONTHS = 24
POLICIES = {
    "raised": {"commission.pay_level": 1.15, "commission.rate": 0.115},
    "salary": {"commission.base_share": 1.0, "commission.rate": 0.0},
    "steep": {"commission.tiers": [[1.0, 3.0]], "autonomy.discount_authority": 0.3},
    "free": {"autonomy.discount_authority": 0.3},
}
FIGURES = (
    ("quits_rate", "raised", "status_quo", "relative"),
    ("sales_per_rep", "salary", "status_quo", "relative"),
    ("extra_discount", "steep", "free", "difference"),
    ("extra_discount", "free", "", "level"),
    ("win_rate", "free", "status_quo", "relative"),
    ("quits_rate", "salary", "status_quo", "relative"),
    ("bookings", "steep", "free", "relative"),
)


@dataclass(frozen=True)
class Study:
    """The firm whose figures are fitted."""

    finding: Finding

    @classmethod
    def of(cls, *, seats: int, seeds: int) -> Study:
        """A firm of so many seats, each figure from so many seeds."""
        scenario = organisation.study(POLICIES, months=MONTHS, seats=seats, seeds=seeds)
        targets = tuple(
            Target(
                f"test.F{k}", of, of, "a small firm", "A", "calibrate", (), scenario="small", of=of, with_policy=with_,
                without_policy=without, change=change, months=(6, MONTHS), target=0.0,
            )
            for k, (of, with_, without, change) in enumerate(FIGURES)
        )  # fmt: skip
        return cls(Finding("small", scenario, targets, {}))

    def shown(self, sets: Sequence[Mapping[Key, float]], *, later: int = 0) -> tuple[Array, Array]:
        """Figures under sets of values and what each seed adds to their errors, with the study's seeds or others."""
        scenario = self.finding.scenario
        finding = replace(self.finding, scenario=replace(scenario, first_seed=scenario.first_seed + later))
        found = measure_finding(finding, sets)
        return found[..., 0], influence(found)

    def problem(self, unknowns: Sequence[Key], truth: Mapping[Key, float]) -> Problem:
        """The problem of finding a truth from figures that were simulated under it, with other luck."""
        figures, influences = (x[0] for x in self.shown([truth], later=1000))
        pairs = enumerate(zip(figures, length(influences), strict=True))
        moments = tuple(Moment(f"F{k}", float(x), float(s), float(s)) for k, (x, s) in pairs)
        rows = declared_parameters().rows
        return Problem(tuple(Unknown(rows[key]) for key in unknowns), moments, self.shown)


def truths(unknowns: Sequence[Key], count: int, seed: int) -> list[dict[Key, float]]:
    """Values drawn from the priors, inside the middle nine tenths of the ranges."""
    luck = np.random.default_rng(seed)
    rows = declared_parameters().rows
    found = []
    for _ in range(count):
        values = {}
        for key in unknowns:
            unknown = Unknown(rows[key])
            (low, high), (mean, sd) = unknown.bounds, unknown.prior
            edge = 0.05 * (high - low)
            values[key] = unknown.value(float(np.clip(luck.normal(mean, sd), low + edge, high - edge)))
        found.append(values)
    return found


def covered(found: Fit, truth: Mapping[Key, float]) -> dict[Key, bool]:
    """For each identified parameter, whether its 90% interval holds the truth."""
    return {
        unknown.key: found.interval(k)[0] <= truth[unknown.key] <= found.interval(k)[1]
        for k, unknown in enumerate(found.problem.unknowns)
        if found.identified[k]
    }


def recovered(study: Study, count: int, seed: int) -> list[tuple[Fit, dict[Key, bool]]]:
    """Fit so many known truths; the blind parameter among the unknowns has a truth too."""
    unknowns = (*UNKNOWNS, BLIND)
    results = []
    for truth in truths(unknowns, count, seed):
        found = fit(study.problem(unknowns, truth))
        results.append((found, covered(found, truth)))
    return results

"""Screening of everything that varies, then shares of variance for what survives it.

A factor survives when its mu* is at least twice what luck alone would show and a hundredth of the strongest factor's, and when,
by the largest share of the strongest factor's mu* over the measures, it is among the first few. The others then stay where the
scenario has them: what is told of the variance is told of the survivors'. How much that leaves out, by squared mu*, is said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.errors import ScenarioError
from simulation.evidence.measures import MEASURES
from simulation.experiment.design.factors import Factor
from simulation.scenario import Policy, Scenario
from simulation.showing import Shown
from simulation.statistics.sensitivity.converged import NOT_CONVERGED, Told, told_of
from simulation.statistics.sensitivity.morris import Screening, screen, trajectories
from simulation.statistics.sensitivity.responses import Responses, RunVariants
from simulation.statistics.sensitivity.sobol import RESAMPLES, Estimate, Indices, sobol_design, sobol_indices
from simulation.statistics.sensitivity.steps import shown
from simulation.vocabulary import Array

if TYPE_CHECKING:
    from pandas import DataFrame

CLEAR = 2.0
"""How many times the mu* of luck a factor must show to survive."""
LEAST = 0.01
"""Share of the strongest factor's mu* that a factor must have to survive."""
KEPT = 8
TRAJECTORIES, SAMPLES = 10, 128
SOURCE = 2026
"""Where designs and resamples come from: the same request gives the same numbers."""
NOISE = "luck"


@dataclass(frozen=True)
class Request:
    """What is asked for.

    measures : keys of the figures
    level : whether a figure is the policy's own and not its difference from the baseline
    trajectories : of the screening
    samples : rows of the second design, a power of two
    kept : the most factors of the second design
    resamples : of the bootstrap
    """

    measures: tuple[str, ...]
    level: bool = False
    trajectories: int = TRAJECTORIES
    samples: int = SAMPLES
    kept: int = KEPT
    resamples: int = RESAMPLES


@dataclass(frozen=True, eq=False)
class Sensitivity(Shown):
    """What an analysis finds.

    scenario : as it was run: the baseline and the policy on a small organisation
    policy : whose figures these are
    factors : all that varied
    held : paths of what could matter and stayed where it is
    screening : by measure
    strength : (factor,) largest share of the strongest factor's mu* over the measures; 0 where it is too small
    kept : places of the survivors among the factors
    left : by measure, share of the screening's squared mu* that the others had
    indices, told : by measure, over the survivors; none where nothing survived or a measure has too few figures
    points, refused : how many points were asked for, and how many of them have no figure
    reasons : why not
    failed : why a measure has no indices
    promised : whether the policy's costs were made equal to another's
    """

    scenario: Scenario
    policy: Policy
    request: Request
    factors: tuple[Factor, ...]
    held: tuple[str, ...]
    screening: Mapping[str, Screening]
    strength: Array
    kept: tuple[int, ...]
    left: Mapping[str, float]
    indices: Mapping[str, Indices]
    told: Mapping[str, Told]
    points: int
    refused: int
    reasons: tuple[str, ...]
    failed: Mapping[str, str] = field(default_factory=dict)
    promised: bool = False

    @property
    def survivors(self) -> tuple[Factor, ...]:
        """The factors of the second design."""
        return tuple(self.factors[k] for k in self.kept)

    def screening_table(self) -> DataFrame:
        """A row a measure and factor, in the measure's unit."""
        from pandas import DataFrame

        rows = [
            {
                "measure": key, "unit": MEASURES[key].unit, "path": factor.path, "range": shown(factor),
                "mu": own.mu[k], "mu_star": own.mu_star[k], "mu_star_low": own.low[k], "mu_star_high": own.high[k],
                "sigma": own.sigma[k], "luck": own.luck[k], "steps": int(own.effects[k]), "kept": k in self.kept,
            }
            for key, own in self.screening.items() for k, factor in enumerate(self.factors)
        ]  # fmt: skip
        return DataFrame(rows)

    def indices_table(self) -> DataFrame:
        """A row a measure and survivor, and one of luck; numbers that have not converged are missing, their intervals stand."""
        from pandas import DataFrame

        rows: list[dict[str, Any]] = []
        for key, own in self.indices.items():
            told = self.told[key]
            for k, factor in enumerate(self.survivors):
                row = {"measure": key, "path": factor.path, "range": shown(factor)}
                row |= _cells("first", own.first, told.first, k) | _cells("total", own.total, told.total, k)
                rows.append(row)
            sure = np.array(True)
            rows.append({"measure": key, "path": NOISE, "range": "", **_cells("total", own.noise, sure, ())})
        return DataFrame(rows)

    def interactions_table(self) -> DataFrame:
        """A row a measure and pair of survivors."""
        from pandas import DataFrame

        paths = [factor.path for factor in self.survivors]
        rows = [
            {"measure": key, "one": paths[i], "other": paths[j], **_cells("second", own.second, self.told[key].second, (i, j))}
            for key, own in self.indices.items() for i in range(len(paths)) for j in range(i + 1, len(paths))
        ]  # fmt: skip
        return DataFrame(rows, columns=["measure", "one", "other", "second", "second_low", "second_high", "second_state"])


def _cells(name: str, estimate: Estimate, told: Any, place: Any) -> dict[str, Any]:
    sure = bool(told[place])
    return {
        name: float(estimate.value[place]) if sure else np.nan, f"{name}_low": float(estimate.low[place]),
        f"{name}_high": float(estimate.high[place]), f"{name}_state": "converged" if sure else NOT_CONVERGED,
    }  # fmt: skip


def analyse(
    scenario: Scenario, policy: Policy, factors: Sequence[Factor], run: RunVariants, request: Request,
    *, held: tuple[str, ...] = (), promised: bool = False,
) -> Sensitivity:  # fmt: skip
    """Screen all factors, then share out the variance among those that survive.

    Parameters
    ----------
    scenario : Scenario
        To run, at point values of parameters, with the baseline and the policy.
    policy : Policy
    factors : from `factors_asked`
    run : function of variants
        See `responses.RunVariants`.
    request : Request
    held, promised : for the report; see `Sensitivity`
    """
    responses = Responses(scenario, policy, factors, run, measures=request.measures, level=request.level)
    design = trajectories(factors, request.trajectories, np.random.default_rng(SOURCE))
    figures = responses.at(factors, design.places, "screening")
    screening = {key: screen(factors, design, values, source=SOURCE) for key, values in figures.items()}
    strength = np.max([_strength(own) for own in screening.values()], axis=0)
    kept = tuple(sorted(int(k) for k in np.argsort(-strength, kind="stable")[: request.kept] if strength[k] > 0.0))
    indices, failed = _indices(responses, [factors[k] for k in kept], request) if kept else ({}, {})
    return Sensitivity(
        scenario, policy, request, tuple(factors), held, screening, strength, kept,
        {key: _left(own, kept) for key, own in screening.items()}, indices,
        {key: told_of(own) for key, own in indices.items()},
        responses.points, responses.refused, tuple(responses.reasons), failed, promised,
    )  # fmt: skip


def _strength(own: Screening) -> Array:
    """mu* as a share of the strongest factor's; 0 where it is not clear of luck."""
    size = np.where(own.mu_star > CLEAR * np.nan_to_num(own.luck), own.mu_star, 0.0)
    share = size / size.max() if size.max() > 0.0 else size
    return np.where(share >= LEAST, share, 0.0)


def _left(own: Screening, kept: Sequence[int]) -> float:
    squares = np.nan_to_num(own.mu_star) ** 2
    whole = float(squares.sum())
    return 1.0 - float(squares[list(kept)].sum()) / whole if whole > 0.0 else 0.0


def _indices(responses: Responses, factors: Sequence[Factor], request: Request) -> tuple[dict[str, Indices], dict[str, str]]:
    """Indices of every measure, or a sentence why there are none."""
    figures = responses.at(factors, sobol_design(request.samples, len(factors), SOURCE), "sharing out variance")
    found, failed = {}, {}
    for key, values in figures.items():
        try:
            found[key] = sobol_indices(values, source=SOURCE, resamples=request.resamples)
        except ScenarioError as problem:
            failed[key] = str(problem)
    return found, failed

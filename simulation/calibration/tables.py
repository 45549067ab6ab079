"""A calibration as tables (see `statistics.fitted`), and the digest that names it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.stats import chi2
from scipy.stats import t as student

from simulation.calibration.calibrate import Calibration
from simulation.calibration.configuration import Configuration
from simulation.calibration.levels import table_of
from simulation.calibration.published import asked_of, model_digest
from simulation.evidence.read import declared_parameters
from simulation.experiment.digests import digest_of
from simulation.experiment.store import ID_LENGTH
from simulation.scenario.settings import as_plain
from simulation.statistics.fitted import Fitted
from simulation.statistics.shown import Verdict, verdict_table
from simulation.statistics.summary import counted

if TYPE_CHECKING:
    from pandas import DataFrame

    from simulation.calibration.problem import Unknown

MOST_INFORMING = 3
"""Targets that are named as informing a parameter most."""
LEAST_SHARE = 0.1
"""Share in what is known of a parameter from which on a target is named for it."""


def calibration_digest(configuration: Configuration) -> str:
    """Digest of all that a calibration depends on: configuration, targets and their scenarios, declared parameters, engine.

    It does not depend on the results of an earlier one, so the same command finds its run again after `--write`.
    """
    search = configuration.search
    return digest_of({
        "packs": configuration.packs,
        "parameters": [unknown.path for unknown in configuration.unknowns],
        "search": [search.parameters, search.targets, search.population, search.generations],
        "draws": configuration.draws,
        "seed": configuration.seed,
        "targets": [repr(target) for target in configuration.targets],
        "declared": {row.path: [as_plain(row.value), row.low, row.high] for row in declared_parameters().rows.values()},
        "findings": {one.name: asked_of(one.scenario, configuration.values) for one in configuration.findings},
        "model": model_digest(),
    })  # fmt: skip


def fitted_tables(calibration: Calibration) -> Fitted:
    """All that a calibration found, as tables."""
    fit = calibration.fit
    digest = calibration_digest(calibration.configuration)
    names = [unknown.path for unknown in fit.problem.unknowns]
    moments = [moment.name for moment in fit.problem.moments]
    contributions = pd.DataFrame(fit.contributions(), index=moments, columns=names)
    return Fitted(
        digest[:ID_LENGTH], digest,
        parameters=_parameters(calibration, contributions),
        targets=_targets(calibration),
        profiles=_profiles(calibration),
        contributions=contributions,
        correlation=pd.DataFrame(fit.correlation, index=names, columns=names),
        draws=_draws(calibration),
        levels=pd.DataFrame(table_of(list(calibration.levels.values())), columns=["pack", "owner", "parameter", "response"]),
        j_statistic=fit.j_statistic,
        freedom=fit.freedom,
        p_value=float(chi2.sf(fit.j_statistic, fit.freedom)) if fit.freedom > 0 else math.nan,
        tried=calibration.draws.tried,
        size=_size(calibration.configuration),
    )  # fmt: skip


def _parameters(calibration: Calibration, contributions: DataFrame) -> DataFrame:
    fit = calibration.fit
    rows = []
    for k, unknown in enumerate(fit.problem.unknowns):
        low, high = fit.interval(k)
        rows.append({
            "name": unknown.path, "unit": unknown.row.unit, "declared": unknown.row.value,
            "fitted": _inside(unknown, unknown.value(float(fit.z[k]))), "low": low, "high": high,
            "prior_sd": unknown.prior[1], "posterior_sd": float(fit.sd[k]), "shrinkage": float(fit.shrinkage[k]),
            "informed": bool(fit.informed[k]), "identified": bool(fit.identified[k]),
            "informed_by": ", ".join(_informing(contributions[unknown.path])),
            "range_low": unknown.row.low, "range_high": unknown.row.high, "declared_status": unknown.row.status,
            "source": ", ".join(unknown.row.source),
        })  # fmt: skip
    return pd.DataFrame(rows)


def _inside(unknown: Unknown, value: float) -> float:
    """A value in six digits, inside the range."""
    return min(max(float(f"{value:.6g}"), unknown.row.low), unknown.row.high)


def _informing(shares: Any) -> list[str]:
    """The targets that say most of a parameter, the first first."""
    most = shares.sort_values(ascending=False, kind="stable").head(MOST_INFORMING)
    return [str(name) for name, share in most.items() if share >= LEAST_SHARE]


def _targets(calibration: Calibration) -> DataFrame:
    """One row a target of the fit: asked, shown at the declared values and at the fit, and how far off."""
    fit = calibration.fit
    found = []
    by_id = {target.id: (target, finding) for finding in calibration.configuration.findings for target in finding.targets}
    for k, moment in enumerate(fit.problem.moments):
        target, finding = by_id[moment.name]
        seeds = finding.scenario.seed_count
        half = float(student.ppf(0.975, seeds - 1)) * float(fit.noise[k])
        value = float(fit.figures[k])
        found.append(Verdict(target, value, value - half, value + half, seeds))
    table = verdict_table(found).drop(columns="not_expressible")
    return table.assign(
        goal=[moment.goal for moment in fit.problem.moments], before=calibration.declared, noise=fit.noise,
        residual=fit.residuals, weight=[moment.weight for moment in fit.problem.moments],
    )  # fmt: skip


def _profiles(calibration: Calibration) -> DataFrame:
    fit = calibration.fit
    rows = [
        {
            "parameter": unknown.path, "value": float(value), "excess": float(excess),
            "expected": float(((unknown.scaled(float(value)) - fit.z[k]) / fit.sd[k]) ** 2), "informed": bool(fit.informed[k]),
        }
        for k, (unknown, profile) in enumerate(zip(fit.problem.unknowns, calibration.profiles, strict=True))
        for value, excess in zip(profile.values, profile.excess, strict=True)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["parameter", "value", "excess", "expected", "informed"])


def _draws(calibration: Calibration) -> DataFrame:
    """The draws that were kept, each parameter on its own scale, in an order that the configuration's seed fixes."""
    unknowns, kept = calibration.fit.problem.unknowns, calibration.draws.kept
    order = np.random.default_rng(calibration.configuration.seed).permutation(len(kept))
    columns = {one.path: [_inside(one, one.value(float(z))) for z in kept[order, k]] for k, one in enumerate(unknowns)}
    return pd.DataFrame(columns)


def _size(configuration: Configuration) -> str:
    scenarios = [finding.scenario for finding in configuration.findings]
    seeds, seats = ({getattr(one, key) for one in scenarios} for key in ("seed_count", "seats"))
    spans = [str(min(x)) if len(x) == 1 else f"{min(x)} to {max(x)}" for x in (seeds, seats)]
    figures = counted(len(configuration.targets), "figure")
    return f"{figures} from {counted(len(scenarios), 'scenario')}, each of {spans[0]} seeds and {spans[1]} seats"

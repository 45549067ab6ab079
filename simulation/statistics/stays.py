"""Frames on how long reps stay, from the stays that a run keeps; all policies, tenure in months.

| frame | columns |
|---|---|
| stay_curves      | policy, tenure, at_risk, exits, stays, low, high: Kaplan-Meier over all seeds together, limits by Greenwood |
| hazard_by_tenure | policy, cause, start, stop, exposure, exits, hazard, low, high: a row a band, exact Poisson limits |
| log_rank_table   | policy, against, median_stay, and the fields of `log_rank.LogRank`: a row a policy but the baseline |

All limits are of 95%.

A stay counts from the tenure at which the run finds it (delayed entry) to the tenure at which it ends or the run does.
`tenure` k of `stay_curves` is the share that stays k months; a band [start, stop) of `hazard_by_tenure` holds the months of
tenure start + 1 to stop, the first month being 0 to 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.statistics.log_rank import LogRank, log_rank
from simulation.statistics.survival import (
    LEVEL,
    STAYED,
    cell_of,
    clip_to_window,
    kaplan_meier,
    log_log_interval,
    median_stay,
    watched,
)
from simulation.vocabulary import Array

if TYPE_CHECKING:
    from pandas import DataFrame

    from simulation.records import Records

BANDS = (0, 3, 6, 9, 12, 18, 24, 36, 48, 60, 120)
"""[months] Tenures at which bands begin; the last has no end."""
CAUSES = ("quit", "dismissal")
ANY = "any"


def stay_curves(records: Records, *, longest: int = 60, window: tuple[int, int] | None = None) -> DataFrame:
    """Kaplan-Meier curves of all seeds together, with pointwise limits.

    `longest` is the last tenure shown; `window` limits stays to months [first, stop) of the run.
    """
    from pandas import DataFrame

    at_risk, exits = (counts.sum(axis=1) for counts in _counts(records, _within(records, window), longest))
    low, high = log_log_interval(at_risk, exits)
    reached = lambda counts: np.concatenate([counts[:, :1] * np.nan, counts], axis=1).ravel()  # noqa: E731  none through month 0
    return DataFrame({
        "policy": np.repeat(_policies(records), longest + 1),
        "tenure": np.tile(np.arange(longest + 1), len(_policies(records))),
        "at_risk": reached(at_risk), "exits": reached(exits),
        "stays": kaplan_meier(at_risk, exits).ravel(), "low": low.ravel(), "high": high.ravel(),
    })  # fmt: skip


def hazard_by_tenure(
    records: Records, bands: Sequence[int] = BANDS, *, window: tuple[int, int] | None = None
) -> DataFrame:
    """Exits a rep-month by band of tenure, for quits, dismissals and both, with exact Poisson limits.

    Within a band the hazard counts as constant: exits over rep-months at risk. Exits count as independent, as in a Poisson
    process; hazards of a month are small, so that is nearly the binomial, and a little wider.

    Parameters
    ----------
    records : Records
    bands : ascending [months]
        Tenures at which bands begin; the last band goes on for ever, and its `stop` is NaN.
    window : optional
        Months [first, stop) of the run to which stays are limited.

    Returns
    -------
    DataFrame
        `exposure` [rep-months], `exits` [reps], `hazard`, `low`, `high` [1/month]; NaN where nobody was at risk.
    """
    from pandas import DataFrame, concat

    spells = _within(records, window)
    longest = max(_longest(spells), bands[-1] + 1)
    starts = list(bands)
    frames = []
    for cause in (*CAUSES, ANY):
        counted = spells if cause == ANY else spells.assign(reason=spells["reason"].where(spells["reason"] == cause, STAYED))
        at_risk, exits = (counts.sum(axis=1) for counts in _counts(records, counted, longest))
        exposure, exits = (np.add.reduceat(counts, starts, axis=1) for counts in (at_risk, exits))
        low, high = poisson_limits(exits)
        rate = lambda count, exposure=exposure: np.where(exposure > 0, count / np.maximum(exposure, 1.0), np.nan).ravel()  # noqa: E731
        frames.append(DataFrame({
            "policy": np.repeat(_policies(records), len(starts)), "cause": cause,
            "start": np.tile(starts, len(exposure)), "stop": np.tile([*starts[1:], np.nan], len(exposure)),
            "exposure": exposure.ravel(), "exits": exits.ravel(),
            "hazard": rate(exits), "low": rate(low), "high": rate(high),
        }))  # fmt: skip
    return concat(frames, ignore_index=True)


def poisson_limits(counts: Array) -> tuple[Array, Array]:
    """Exact 95% limits of the mean of a Poisson count: quantiles of chi-square over two (Garwood 1936); below is 0 for none."""
    from scipy.stats import chi2

    tail = 0.5 - LEVEL / 2
    low = np.where(counts > 0, chi2.ppf(tail, 2.0 * np.maximum(counts, 1)) / 2.0, 0.0)
    return low, np.asarray(chi2.isf(tail, 2.0 * counts + 2.0) / 2.0)


def log_rank_table(records: Records, *, window: tuple[int, int] | None = None) -> DataFrame:
    """Each policy's stays against the baseline's: the log-rank test, seeds as strata (`log_rank.log_rank`).

    `ratio` under 1 means that reps leave later than under the baseline. A policy equal to the baseline has `chi_square` 0.
    Only seeds whose stays were kept, of both, are in it.
    """
    from pandas import DataFrame

    scenario = records.scenario
    spells = _within(records, window)
    at_risk, exits = _counts(records, spells, _longest(spells))
    medians = median_stay(kaplan_meier(at_risk.sum(axis=1), exits.sum(axis=1)))
    keys = _policies(records)
    baseline = keys.index(scenario.baseline)
    rows: list[dict[str, Any]] = []
    for place, key in enumerate(keys):
        if place != baseline:
            pair = [place, baseline]
            kept = (at_risk[pair].sum(axis=2) > 0).all(axis=0)
            found = log_rank(*(counts[pair][:, kept].swapaxes(0, 1) for counts in (at_risk, exits)))
            rows.append({"policy": key, "against": scenario.baseline, "median_stay": medians[place], **found._asdict()})
    return DataFrame(rows, columns=["policy", "against", "median_stay", *LogRank._fields])


def _within(records: Records, window: tuple[int, int] | None) -> DataFrame:
    return records.spells if window is None else clip_to_window(records.spells, *window)


def _longest(spells: DataFrame) -> int:
    return max(int(spells["left"].max()), 1) if len(spells) else 1


def _policies(records: Records) -> list[str]:
    return [policy.key for policy in records.scenario.policies]


def _counts(records: Records, spells: DataFrame, longest: int) -> tuple[Array, Array]:
    """Reps at risk and exits: (policy, seed, longest) each."""
    policies, seeds = len(records.scenario.policies), records.scenario.seed_count
    at_risk, exits = watched(spells, cell_of(spells, records), policies * seeds, longest)
    return at_risk.reshape(policies, seeds, longest), exits.reshape(policies, seeds, longest)

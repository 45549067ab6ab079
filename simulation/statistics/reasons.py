"""Why a policy does what it does, answered twice.

*By reason*: how the terms of the quitting rule differ from the baseline, in log-odds of quitting a month, means over all
rep-months. It compares the reps who are there, and who is there is itself an outcome of the policy; so it says what those
present feel and fear, and does not divide the difference in turnover.

*By lever*: a decomposition of the difference from the baseline, from further runs (`experiment.parts`). A lever's share is the
mean of what it does alone on the baseline and of what the policy loses without it; `together` is the rest of the difference.
With one lever its share is all. With two the shares are their Shapley values (shorrocks2013), and nothing is left.
With more the mean of first in and last in is not the Shapley value, which averages over all orders of entry: what pairs of
levers do jointly is still halved between them, so `together` comes only from what takes three or more at once.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from simulation.evidence.measures import MEASURES
from simulation.evidence.reasons import TERMS
from simulation.experiment.parts import Cut, Parts, run_parts, take_apart
from simulation.experiment.workers import Workers
from simulation.levers import catalogue
from simulation.records import TERM
from simulation.statistics.intervals import Interval, t_interval
from simulation.statistics.measures import measure
from simulation.vocabulary import Array

if TYPE_CHECKING:
    from pandas import DataFrame

    from simulation.experiment.execute import Progress
    from simulation.records import Records
    from simulation.statistics.summary import Summary

MEASURES_SPLIT = ("turnover", "revenue", "contribution")
"""The measures whose differences are divided among levers."""
FINE = 44
"""Figures are divided on a grid of 2^-44 of the largest, where floating-point sums are exact in whatever order."""
COLUMNS = (
    "answer", "policy", "label", "measure", "part", "name", "unit", "mean",
    "difference", "difference_low", "difference_high", "alone", "without",
)  # fmt: skip


class Estimate(NamedTuple):
    """A figure and its 95% interval, paired by seed."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Shift:
    """A term of the quitting rule: its mean over rep-months [log-odds], and its difference from the baseline's."""

    mean: float
    difference: Estimate | None = None  # None for the baseline


@dataclass(frozen=True)
class Share:
    """What a lever does to a measure: the mean of `alone` (on the baseline) and `without` (what the policy loses by it)."""

    share: Estimate
    alone: float
    without: float


@dataclass(frozen=True)
class Split:
    """A policy's whole difference from the baseline, the levers' shares in it, and what is left of it."""

    whole: Estimate
    levers: Mapping[str, Share]
    together: Estimate


@dataclass(frozen=True, eq=False)
class Reasons:
    """Both answers, by policy in the order of the scenario.

    `by_reason[policy][term]` has the baseline too; `of_all[policy]` is the same for the sum of the terms.
    `by_lever[policy][measure]` has the other policies, on the first `seeds` seeds.
    `table` has both, one row a policy and term, or a policy, measure and lever.
    """

    by_reason: Mapping[str, Mapping[str, Shift]]
    of_all: Mapping[str, Shift]
    by_lever: Mapping[str, Mapping[str, Split]]
    seeds: int
    table: DataFrame


def find_reasons(records: Records, progress: Progress | None = None, processes: int | Workers | None = None) -> Reasons:
    """Both answers for a run; policies with several levers cost further runs.

    Parameters
    ----------
    records : Records
        What the engine kept of all policies and seeds.
    progress : called with (done, total, what), in rep-months
    processes : as for `run`
    """
    parts = take_apart(records.scenario)
    extra = run_parts(parts, progress, processes)
    by_reason, of_all = terms_by_policy(records)
    by_lever = lever_shares(records, parts, extra)
    labels = {policy.key: policy.label for policy in records.scenario.policies}
    return Reasons(by_reason, of_all, by_lever, parts.seeds, _table(by_reason, by_lever, labels))


def with_reasons(
    summary: Summary, records: Records, progress: Progress | None = None, processes: int | Workers | None = None
) -> Summary:
    """A comparison together with both answers to why; `records` are those that it was made from."""
    return replace(summary, reasons=find_reasons(records, progress, processes))


def terms_by_policy(records: Records) -> tuple[dict[str, dict[str, Shift]], dict[str, Shift]]:
    """The terms of the quitting rule, mean over all rep-months of a seed and then over seeds; and the same for their sum."""
    keys = [policy.key for policy in records.scenario.policies]
    baseline = keys.index(records.scenario.baseline)
    present = np.asarray(records.sums["filled"]).sum(axis=-1)
    by_term = {
        name: np.divide(total, present, out=np.full(present.shape, np.nan), where=present > 0)
        for name, total in ((name, np.asarray(records.sums[TERM + name]).sum(axis=-1)) for name in TERMS)
    }
    by_policy = {
        key: {name: _shift(values, place, baseline) for name, values in by_term.items()} for place, key in enumerate(keys)
    }
    all_terms = np.sum(list(by_term.values()), axis=0)
    return by_policy, {key: _shift(all_terms, place, baseline) for place, key in enumerate(keys)}


def lever_shares(records: Records, parts: Parts, extra: Records | None) -> dict[str, dict[str, Split]]:
    """The levers' shares in what each policy but the baseline does to `MEASURES_SPLIT`.

    Parameters
    ----------
    records : Records
        Of the study.
    parts : Parts
        How its policies come apart.
    extra : Records, optional
        Of the further runs, from `run_parts`.
    """
    found: dict[str, dict[str, Split]] = {policy: {} for policy in parts.cuts}
    for key in MEASURES_SPLIT:
        courses: dict[str, Array] = {}
        for source in filter(None, (extra, records)):
            values = measure(source, key)[:, : parts.seeds]
            courses |= {policy.key: row for policy, row in zip(source.scenario.policies, values, strict=True)}
        for policy, cuts in parts.cuts.items():
            found[policy][key] = split(courses, records.scenario.baseline, policy, cuts)
    return found


def split(courses: Mapping[str, Array], baseline: str, policy: str, cuts: Mapping[str, Cut]) -> Split:
    """Divide a policy's difference among its levers; `courses` holds a measure (seed,) by the key of what was run.

    Shares and `together` add up to the whole exactly, in floating point and in any order. A seed in which one of the courses
    has no value is left out for all.
    """
    used = [baseline, policy, *(key for cut in cuts.values() for key in cut)]
    rows = np.stack([courses[key] for key in used])
    rows = rows[:, np.isfinite(rows).all(axis=0)]
    largest = float(np.abs(rows).max(initial=0.0))
    grid = 2.0 ** (math.frexp(largest)[1] - FINE)
    seeds = {key: _on_grid(row, grid) for key, row in zip(used, rows, strict=True)}
    mean = {key: float(_on_grid(row.mean(), grid)) if row.size else math.nan for key, row in seeds.items()}
    levers, shares = {}, []
    for lever, cut in cuts.items():
        alone, without = mean[cut.alone] - mean[baseline], mean[policy] - mean[cut.without]
        by_seed = (seeds[cut.alone] - seeds[baseline] + (seeds[policy] - seeds[cut.without])) / 2
        levers[lever] = Share(_around((alone + without) / 2, by_seed), alone, without)
        shares.append(by_seed)
    whole, differences = mean[policy] - mean[baseline], seeds[policy] - seeds[baseline]
    rest = whole - sum(found.share.mean for found in levers.values())
    left = differences - sum(shares, np.zeros_like(differences))
    return Split(_around(whole, differences), levers, _around(rest, left))


def _on_grid(values: Array, grid: float) -> Array:
    return np.round(values / grid) * grid


def _around(mean: float, by_seed: Array) -> Estimate:
    """A figure with the half-width of the interval over seeds."""
    found: Interval = t_interval(by_seed)
    half = float((found.high - found.low) / 2)
    return Estimate(mean, mean - half, mean + half)


def _shift(values: Array, place: int, baseline: int) -> Shift:
    mean = float(t_interval(values[place]).mean)
    if place == baseline:
        return Shift(mean)
    return Shift(mean, Estimate(*map(float, t_interval(values[place] - values[baseline]))))


def _table(
    by_reason: Mapping[str, Mapping[str, Shift]], by_lever: Mapping[str, Mapping[str, Split]], labels: Mapping[str, str]
) -> DataFrame:
    from pandas import DataFrame

    return DataFrame([*_reason_rows(by_reason, labels), *_lever_rows(by_lever, labels)], columns=list(COLUMNS))


def _reason_rows(by_reason: Mapping[str, Mapping[str, Shift]], labels: Mapping[str, str]) -> Iterator[tuple[object, ...]]:
    for policy, terms in by_reason.items():
        for term, shift in terms.items():
            difference = shift.difference or (math.nan,) * 3
            yield (
                "reason", policy, labels[policy], "", term, TERMS[term].label, "log-odds", shift.mean, *difference,
                math.nan, math.nan,
            )  # fmt: skip


def _lever_rows(by_lever: Mapping[str, Mapping[str, Split]], labels: Mapping[str, str]) -> Iterator[tuple[object, ...]]:
    nothing = (math.nan, math.nan)
    for policy, measures in by_lever.items():
        for key, found in measures.items():
            shares = [
                (lever, catalogue()[lever].title, one.share, (one.alone, one.without)) for lever, one in found.levers.items()
            ]
            rest = [("together", "Together", found.together, nothing), ("whole", "Whole difference", found.whole, nothing)]
            for part, name, estimate, ends in (*shares, *rest):
                yield ("lever", policy, labels[policy], key, part, name, MEASURES[key].unit, math.nan, *estimate, *ends)

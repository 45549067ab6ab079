"""Why a policy does what it does, answered twice.

*By reason*: how the terms of the quitting rule differ from the baseline, in log-odds of quitting a month, means over all
rep-months. It compares the reps who are there, and who is there is itself an outcome of the policy; so it says what those
present feel and fear, and does not divide the difference in turnover.

*By lever*: a decomposition of the difference from the baseline, from further runs (`experiment.batch.parts`). A lever's share
is the mean of what it does alone on the baseline and of what the policy loses without it; `together` is the rest.
With one lever its share is all. With two the shares are their Shapley values (shorrocks2013), and nothing is left.
With more the mean of first in and last in is not the Shapley value, which averages over all orders of entry: what pairs of
levers do jointly is still halved between them, so `together` comes only from what takes three or more at once.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from simulation.evidence.measures import MEASURES
from simulation.evidence.reasons import TERMS
from simulation.experiment.batch.parts import Cut, Parts, run_parts, take_apart
from simulation.experiment.work.workers import Workers
from simulation.levers import catalogue
from simulation.records import TERM
from simulation.statistics.levels import level_interval, short_policies
from simulation.statistics.measures import measure
from simulation.statistics.uncertainty import joint_interval
from simulation.vocabulary import Array

if TYPE_CHECKING:
    from pandas import DataFrame

    from simulation.experiment.execute import Progress
    from simulation.records import Records
    from simulation.statistics.summary import Summary

MEASURES_SPLIT = ("turnover", "revenue", "contribution")
"""The measures whose differences are divided among levers."""
ALL, WHOLE, REST = "all", "whole", "together"
"""The sum of all terms; the whole of a difference, and what its levers leave of it. No term or lever bears these names."""
FINE = 44
"""Figures are divided on a grid of 2^-44 of the largest, where floating-point sums are exact in whatever order."""
COLUMNS = (
    "answer", "policy", "label", "measure", "part", "name", "unit", "mean",
    "difference", "difference_low", "difference_high", "alone", "without",
)  # fmt: skip


class Estimate(NamedTuple):
    """A figure and its 95% interval, paired by seed; where parameters are drawn it holds what is not known of them."""

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
    baseline, short = keys.index(records.scenario.baseline), short_policies(records.scenario)
    found = _terms(records)
    point = _terms(records.point) if records.point else dict.fromkeys(found)
    by_policy = {
        key: {name: _shift(found[name], point[name], place, baseline, short) for name in TERMS} for place, key in enumerate(keys)
    }
    return by_policy, {key: _shift(found[ALL], point[ALL], place, baseline, short) for place, key in enumerate(keys)}


def _terms(records: Records) -> dict[str, Array]:
    """Terms and their sum, (policy, seed) each, mean over all rep-months."""
    present = np.asarray(records.sums["filled"]).sum(axis=-1)
    by_term = {
        name: np.divide(total, present, out=np.full(present.shape, np.nan), where=present > 0)
        for name, total in ((name, np.asarray(records.sums[TERM + name]).sum(axis=-1)) for name in TERMS)
    }
    return {**by_term, ALL: np.sum(list(by_term.values()), axis=0)}


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
        courses = _courses(key, parts.seeds, extra, records)
        point = _courses(key, parts.seeds, extra.point if extra else None, records.point) if records.point else None
        for policy, cuts in parts.cuts.items():
            found[policy][key] = split(courses, records.scenario.baseline, policy, cuts, point)
    return found


def _courses(key: str, seeds: int, *sources: Records | None) -> dict[str, Array]:
    """A measure (seed,) of the first seeds by the key of what was run; what a later source has, it says."""
    courses: dict[str, Array] = {}
    for source in filter(None, sources):
        values = measure(source, key)[:, :seeds]
        courses |= {policy.key: row for policy, row in zip(source.scenario.policies, values, strict=True)}
    return courses


def split(
    courses: Mapping[str, Array], baseline: str, policy: str, cuts: Mapping[str, Cut], point: Mapping[str, Array] | None = None
) -> Split:
    """Divide a policy's difference among its levers; `courses` holds a measure (seed,) by the key of what was run.

    `point` holds the same at point values of parameters, where some are drawn: intervals then hold what is not known of them.

    Shares and `together` add up to the whole exactly, in floating point and in any order. A seed in which one of the courses
    has no value is left out for all.
    """
    used = [baseline, policy, *(key for cut in cuts.values() for key in cut)]
    rows = np.stack([courses[key] for key in used])
    here = np.isfinite(rows).all(axis=0)
    rows = rows[:, here]
    largest = float(np.abs(rows).max(initial=0.0))
    grid = 2.0 ** (math.frexp(largest)[1] - FINE)
    seeds = {key: _on_grid(row, grid) for key, row in zip(used, rows, strict=True)}
    mean = {key: float(_on_grid(row.mean(), grid)) if row.size else math.nan for key, row in seeds.items()}
    by_seed = _divided(seeds, baseline, policy, cuts)
    same: Mapping[str, Array | None] = dict.fromkeys(by_seed)
    if point is not None:
        same = _divided({key: _on_grid(point[key][here], grid) for key in used}, baseline, policy, cuts)
    levers = {}
    for lever, cut in cuts.items():
        alone, without = mean[cut.alone] - mean[baseline], mean[policy] - mean[cut.without]
        levers[lever] = Share(_around((alone + without) / 2, by_seed[lever], same[lever]), alone, without)
    whole = mean[policy] - mean[baseline]
    rest = whole - sum(found.share.mean for found in levers.values())
    return Split(_around(whole, by_seed[WHOLE], same[WHOLE]), levers, _around(rest, by_seed[REST], same[REST]))


def _divided(courses: Mapping[str, Array], baseline: str, policy: str, cuts: Mapping[str, Cut]) -> dict[str, Array]:
    """The whole difference, each lever's share in it and the rest, (seed,) each."""
    whole = courses[policy] - courses[baseline]
    shares = {
        lever: (courses[cut.alone] - courses[baseline] + (courses[policy] - courses[cut.without])) / 2
        for lever, cut in cuts.items()
    }
    return {**shares, WHOLE: whole, REST: whole - sum(shares.values(), np.zeros_like(whole))}


def _on_grid(values: Array, grid: float) -> Array:
    return np.round(values / grid) * grid


def _around(mean: float, by_seed: Array, point: Array | None) -> Estimate:
    """A figure with the half-width of its interval."""
    found = joint_interval(by_seed, point)
    half = float((found.high - found.low) / 2)
    return Estimate(mean, mean - half, mean + half)


def _shift(values: Array, point: Array | None, place: int, baseline: int, short: Sequence[int]) -> Shift:
    mean = float(level_interval(values, None, baseline, short).mean[place])
    if place == baseline:
        return Shift(mean)
    same = None if point is None else point[place] - point[baseline]
    return Shift(mean, Estimate(*map(float, joint_interval(values[place] - values[baseline], same)[:3])))


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

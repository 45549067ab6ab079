"""The frames that charts and the table by year are made from; all carry 95% intervals over seeds.

| series | columns |
|---|---|
| timeline | policy, measure, month, mean, low, high, diff, diff_low, diff_high: a month stands for those up to it |
| survival | policy, tenure, mean, low, high, diff, diff_low, diff_high |
| bridge   | policy, line, mean, low, high: part of the paired difference in contribution; line "contribution" is their sum |
| years    | policy, measure (the headlines), year, mean, low, high, diff, diff_low, diff_high |
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.statistics.intervals import t_interval
from simulation.statistics.measures import measure
from simulation.statistics.measures.cost import COST_LINES, cost_line
from simulation.statistics.measures.span import MONTHS_A_YEAR, WHOLE_RUN, Span
from simulation.statistics.survival import survival_by_cell
from simulation.vocabulary import Array

if TYPE_CHECKING:
    from pandas import DataFrame

    from simulation.records import Records

TIMELINE_KEYS = ("turnover", "bookings", "revenue", "contribution")
LONGEST_TENURE = 60
"""Months of tenure drawn at most."""
LEAST_WATCHED = 0.9
"""A survival curve ends where fewer than this share of seeds still watch somebody."""


def smoothing_months(months: int) -> int:
    """Months that a point of the timeline looks back: a year, or a quarter in a run shorter than two years."""
    return MONTHS_A_YEAR if months >= 2 * MONTHS_A_YEAR else min(3, months)


def timeline(records: Records) -> DataFrame:
    """Measures over the months of the run, each month averaged with those before it."""
    months = records.scenario.months
    back = smoothing_months(months)
    ends = range(back, months + 1)
    frames = []
    for key in TIMELINE_KEYS:
        values = np.stack([measure(records, key, slice(end - back, end)) for end in ends])  # (month, policy, seed)
        frames.append(_frame(records, np.moveaxis(values, 0, 1), month=ends, paired=True, measure=key))
    return _joined(frames)


def survival_curves(records: Records) -> DataFrame:
    """Kaplan-Meier curves: share of reps that stay, by months of tenure."""
    curves = survival_by_cell(records, longest=LONGEST_TENURE)
    kept = [list(records.scenario.seeds).index(seed) for seed in sorted(set(records.spells["seed"]))]
    curves = curves[:, kept]
    seen = np.isfinite(curves).mean(axis=1).min(axis=0) >= LEAST_WATCHED
    return _frame(records, np.moveaxis(curves, 1, 2)[:, seen], tenure=np.flatnonzero(seen), paired=True)


def bridge(records: Records) -> DataFrame:
    """Contribution taken apart: revenue up is good, cost up is bad, and the lines add up to the whole."""
    span = Span(records, WHOLE_RUN, records.sums)
    parts = {"revenue": span.yearly("revenue")} | {line: -cost_line(span, line) for line in COST_LINES}
    parts["contribution"] = measure(records, "contribution")
    baseline = _baseline(records)
    values = np.stack([part - part[baseline] for part in parts.values()], axis=1)  # (policy, line, seed)
    return _frame(records, values, line=list(parts), paired=False)


def years(records: Records, keys: Iterable[str]) -> DataFrame:
    """Measures in each year of the run; the last year may be shorter and is brought to twelve months."""
    starts = range(0, records.scenario.months, MONTHS_A_YEAR)
    frames = []
    for key in keys:
        values = np.stack([measure(records, key, slice(start, start + MONTHS_A_YEAR)) for start in starts], axis=1)
        frames.append(_frame(records, values, year=range(1, len(starts) + 1), paired=True, measure=key))
    return _joined(frames)


def _baseline(records: Records) -> int:
    return [policy.key for policy in records.scenario.policies].index(records.scenario.baseline)


def _frame(records: Records, values: Array, *, paired: bool, measure: str | None = None, **axis: Iterable[Any]) -> DataFrame:
    """Values (policy, step, seed) as a long frame, one row a policy and step; `axis` names the steps."""
    from pandas import DataFrame

    (name, steps), = axis.items()
    places = list(steps)
    policies = [policy.key for policy in records.scenario.policies]
    columns: dict[str, Any] = {"policy": np.repeat(policies, len(places))}
    if measure:
        columns["measure"] = measure
    columns[name] = np.tile(np.asarray(places), len(policies))
    columns |= {key: part.ravel() for key, part in t_interval(values)._asdict().items()}
    if paired:
        difference = t_interval(values - values[_baseline(records)])
        columns |= {
            key: part.ravel() for key, part in zip(("diff", "diff_low", "diff_high"), difference, strict=True)
        }
    return DataFrame(columns)


def _joined(frames: list[DataFrame]) -> DataFrame:
    from pandas import concat

    return concat(frames, ignore_index=True)

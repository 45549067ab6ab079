"""The frames that charts and the table by year are made from; all carry 95% intervals over seeds.

| series | columns |
|---|---|
| timeline | policy, measure, month, mean, low, high, diff, diff_low, diff_high: a month stands for those up to it |
| survival | policy, tenure, mean, low, high, diff, diff_low, diff_high |
| bridge   | policy, line, mean, low, high: part of the paired difference in contribution; line "contribution" is their sum |
| years    | policy, measure (the headlines), year, mean, low, high, diff, diff_low, diff_high |

The frames about people stand in `people`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from simulation.statistics.frames import baseline_of, joined, long_frame, shared_seeds
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

    def smoothed(one: Records, key: str) -> Array:
        return np.stack([measure(one, key, slice(end - back, end)) for end in ends], axis=1)

    step = lambda key: {"measure": [key] * len(ends), "month": ends}  # noqa: E731
    return joined(long_frame(records, partial(smoothed, key=key), step(key), paired=True) for key in TIMELINE_KEYS)


def survival_curves(records: Records) -> DataFrame:
    """Kaplan-Meier curves: share of reps that stay, by months of tenure."""
    kept = shared_seeds(records)
    curves = {id(one): survival_by_cell(one, longest=LONGEST_TENURE)[:, kept] for one in (records, records.point) if one}
    seen = np.isfinite(curves[id(records)]).mean(axis=1).min(axis=0) >= LEAST_WATCHED

    def watched(one: Records) -> Array:
        return np.moveaxis(curves[id(one)], 1, 2)[:, seen]

    return long_frame(records, watched, {"tenure": np.flatnonzero(seen)}, paired=True)


def bridge(records: Records) -> DataFrame:
    """Contribution taken apart: revenue up is good, cost up is bad, and the lines add up to the whole."""
    baseline = baseline_of(records)

    def steps(one: Records) -> Array:
        span = Span(one, WHOLE_RUN, one.sums)
        parts = [span.yearly("revenue"), *(-cost_line(span, line) for line in COST_LINES), measure(one, "contribution")]
        return np.stack([part - part[baseline] for part in parts], axis=1)

    return long_frame(records, steps, {"line": ["revenue", *COST_LINES, "contribution"]}, paired=False)


def years(records: Records, keys: Iterable[str]) -> DataFrame:
    """Measures in each year of the run; the last year may be shorter and is brought to twelve months."""
    starts = range(0, records.scenario.months, MONTHS_A_YEAR)
    count = range(1, len(starts) + 1)

    def yearly(one: Records, key: str) -> Array:
        return np.stack([measure(one, key, slice(start, start + MONTHS_A_YEAR)) for start in starts], axis=1)

    step = lambda key: {"measure": [key] * len(count), "year": count}  # noqa: E731
    return joined(long_frame(records, partial(yearly, key=key), step(key), paired=True) for key in keys)

"""Some months of the records, and the sums, averages and ratios that every measure is made of."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulation.vocabulary import Array

if TYPE_CHECKING:
    from simulation.records import Records

WHOLE_RUN = slice(None)
MONTHS_A_YEAR = 12


@dataclass(frozen=True, eq=False)
class Span:
    """Records over the months that a measure is asked for.

    `sums` holds arrays (policy, seed, month) or, by group, (policy, seed, month, group).
    """

    records: Records
    months: slice
    sums: Mapping[str, Array]

    @property
    def first(self) -> int:
        """First month of the span."""
        return range(self.records.scenario.months)[self.months].start

    @property
    def length(self) -> int:
        """Months in the span."""
        return len(range(self.records.scenario.months)[self.months])

    def total(self, key: str) -> Array:
        """Sum over the months: (policy, seed), or (policy, seed, group)."""
        return np.asarray(self.sums[key][:, :, self.months].sum(axis=2), dtype=float)

    def yearly(self, key: str) -> Array:
        """The sum of an average year."""
        return self.total(key) * (MONTHS_A_YEAR / self.length)

    def mean(self, key: str) -> Array:
        """Average over the months."""
        return self.total(key) / self.length

    def end(self, key: str) -> Array:
        """The value of the last month."""
        return np.asarray(self.sums[key][:, :, self.months][:, :, -1], dtype=float)

    def observed_mean(self, key: str) -> Array:
        """Average over the months in which the figure is taken; NaN when it is taken in none."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # a span without an observation is NaN on purpose
            return np.asarray(np.nanmean(self.sums[key][:, :, self.months], axis=2), dtype=float)

    def last_year(self) -> Span:
        """The last twelve months of the span, or all of it when it is shorter."""
        start = self.first + max(self.length - MONTHS_A_YEAR, 0)
        return Span(self.records, slice(start, self.first + self.length), self.sums)


def ratio(numerator: Array, denominator: Array) -> Array:
    """A ratio of sums; NaN where there is nothing to divide by."""
    shape = np.broadcast_shapes(np.shape(numerator), np.shape(denominator))
    return np.asarray(np.divide(numerator, denominator, out=np.full(shape, np.nan), where=np.asarray(denominator) != 0))

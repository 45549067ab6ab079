"""How reps stand beside their quota and beside each other: attainment by bins, and who is there and who leaves by quarter.

A manager sees both; hidden ability plays no part. Both are kept with the group figures (`records.tally`), as sums of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.vocabulary import ATTAINMENT_EDGES, STANDINGS, Array

if TYPE_CHECKING:
    from simulation.state import State

MONTHS, LEAST_MONTHS = 12, 3.0
"""Months that sales are counted over, and months that a rep must have been there to be ranked."""
QUARTERS = 4
BINS = len(ATTAINMENT_EDGES) + 1
PERIODS = tuple(f"periods_{k}" for k in range(BINS))
"""Sums of completed quota periods by bins of attainment, from the least to the most."""
LEAVING = ("reps", "quits", "dismissals")
LEAVERS = tuple(f"{kind}_{place}" for kind in LEAVING for place in STANDINGS)
"""Sums of reps there, of quits and of dismissals by standing."""


@dataclass(frozen=True)
class Ranking:
    """The ramped reps of each policy and seed beside each other, by sales over territory in their last year.

    rate : (policy, seed, seat) [usd/month], -1 where nobody is ranked: less than three months there, not ramped, or vacant
    bars : (policy, seed, 3) [usd/month], the least of the top quarter, half and three quarters; infinite where nobody is ranked
    ranked : (policy, seed) [reps]
    """

    rate: Array
    bars: Array
    ranked: Any

    @classmethod
    def of(cls, s: State, now: Any) -> Ranking:
        """The ranking at the month's end of those who were there at its start."""
        months = np.minimum(now.tenure_now + 1.0, MONTHS)
        eligible = (now.was_ramped > 0.0) & (months >= LEAST_MONTHS)
        rate = np.where(eligible, now.sales_of_year / months / s.territory, -1.0)
        ordered = np.sort(rate, axis=-1)
        ranked = np.count_nonzero(eligible, axis=-1)
        above = np.ceil(np.arange(1, QUARTERS) / QUARTERS * ranked[..., None])
        place = rate.shape[-1] - np.maximum(above, 1.0).astype(np.intp)
        bars = np.where(ranked[..., None] > 0, np.take_along_axis(ordered, place, axis=-1), np.inf)
        return cls(rate, bars, ranked)

    def top(self) -> Any:
        """Whether a rep is in the top quarter, (policy, seed, seat): those whose quitting is regretted."""
        return self.rate >= self.bars[..., :1]


def leavers(s: State, now: Any, ranking: Ranking) -> dict[str, Array]:
    """Reps there, quits and dismissals by standing, (policy, seed) each, by the names of `LEAVERS`."""
    shape, places = ranking.ranked.shape, len(STANDINGS)
    at_least = [np.count_nonzero(ranking.rate >= ranking.bars[..., k : k + 1], axis=-1) for k in range(QUARTERS - 1)]
    steps = [np.zeros(shape), *at_least, ranking.ranked, np.add.reduce(now.filled, axis=-1)]
    there = [more - less for less, more in pairwise(steps)][::-1]
    gone = np.flatnonzero(s.quits + s.dismissals > 0.0)
    cell = gone // ranking.rate.shape[-1]
    rate = ranking.rate.take(gone)
    standing = (rate >= 0.0) + np.count_nonzero(rate[:, None] >= ranking.bars.reshape(-1, QUARTERS - 1)[cell], axis=-1)

    def counted(left: Array) -> Array:
        found: Array = np.bincount(cell * places + standing, left.take(gone), ranking.ranked.size * places).astype(float)
        return np.moveaxis(found.reshape(*shape, places), -1, 0)

    counts = (*there, *counted(s.quits), *counted(s.dismissals))
    return {name: np.asarray(count, dtype=float) for name, count in zip(LEAVERS, counts, strict=True)}


def periods(completed: Array, attainment: Array) -> dict[str, Array]:
    """Completed quota periods by bins of attainment, (policy, seed) each, by the names of `PERIODS`.

    A bin holds its lower edge and not its upper one, so that quota just reached counts as reached.
    """
    shape, seats = completed.shape[:-1], completed.shape[-1]
    ended = np.flatnonzero(completed)
    place = np.searchsorted(ATTAINMENT_EDGES, attainment.take(ended), side="right")
    cells = completed.size // seats
    found: Array = np.bincount(ended // seats * BINS + place, completed.take(ended), cells * BINS).astype(float)
    return dict(zip(PERIODS, np.moveaxis(found.reshape(*shape, BINS), -1, 0), strict=True))

"""A simulated company seen as its tables would show it: exits by month of tenure, sales by tenure, lasting spread of sales."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from simulation.calibration.company.history import LONGEST
from simulation.calibration.company.mapping import Values
from simulation.calibration.company.moments import RAMP_EDGES, SETTLED, YEAR
from simulation.draws import Draws
from simulation.engine import Settings, board, levers_used, warm_up
from simulation.evidence.read import Parameters, stack_parameters
from simulation.month import Now, advance_month
from simulation.state import State


@dataclass(frozen=True, eq=False)
class Lifelike:
    """What simulated companies show, one row a set of parameters; by month of tenure (row, LONGEST + 1) where it says so."""

    months: Values  # by tenure: months worked
    quits: Values  # by tenure
    dismissals: Values  # by tenure
    sold: Values  # by tenure [usd]
    rep_spread: Values  # (row,)

    @property
    def early_sales(self) -> Values:
        """Sales a rep-month in the first months of tenure over those of settled reps, (row,)."""
        first, settled = (slice(int(RAMP_EDGES[0]), int(RAMP_EDGES[1])), slice(int(RAMP_EDGES[2]), None))
        rate = lambda part: self.sold[:, part].sum(axis=1) / self.months[:, part].sum(axis=1)  # noqa: E731
        return np.asarray(rate(first) / rate(settled))

    def hazard(self, exits: Values) -> Values:
        """Chance of leaving in a month by month of tenure, of the first row, smoothed over neighbouring months."""
        width = np.maximum(np.arange(LONGEST + 1) // 6, 1)
        left, there = (np.concatenate([[0.0], np.cumsum(x[0])]) for x in (exits, self.months))
        low, high = (np.clip(np.arange(LONGEST + 1) + sign * width + (sign > 0), 0, LONGEST + 1) for sign in (-1, 1))
        return np.maximum(left[high] - left[low], 0.5) / np.maximum(there[high] - there[low], 1.0)

    def sales_rate(self) -> Values:
        """Sales a rep-month in each band of `RAMP_EDGES`, of the first row [usd/month]."""
        bounds = [int(min(edge, LONGEST + 1)) for edge in RAMP_EDGES]
        parts = [slice(low, high) for low, high in pairwise(bounds)]
        return np.array([self.sold[0, part].sum() / max(self.months[0, part].sum(), 1.0) for part in parts])


def live(sets: Sequence[Parameters], plan: Settings, *, seats: int, seeds: range, months: int) -> Lifelike:
    """Simulate companies under one plan, one row a set of parameters, all with the same luck.

    Parameters
    ----------
    sets : Parameters, one a row
    plan : levers in force, by key
    seats, seeds, months : size; months are whole years, counted after the warm-up
    """
    p, used, rows = stack_parameters(sets), levers_used([plan]), len(sets)
    s = warm_up(plan, used, p, seeds, seats, rows=rows)
    draws, levers = Draws(seeds, seats, s.demand.shape[-1], "run"), board([plan] * rows, used, p, s.memory)
    tables = {name: np.zeros((rows, LONGEST + 1)) for name in ("months", "quits", "dismissals", "sold")}
    spreads = []
    for month in range(months):
        now = Now(month, month, levers, levers, p.at(month), draws)
        advance_month(s, now)
        by_tenure = _counter(now, rows)
        fields = {"months": now.filled, "quits": s.quits, "dismissals": s.dismissals, "sold": s.bookings * now.filled}
        for name, values in fields.items():
            tables[name] += by_tenure(values)
        if month % YEAR == YEAR - 1:
            spreads.append(_covariance(s))
    odd, even, both = np.mean(spreads, axis=0)
    return Lifelike(**tables, rep_spread=np.sqrt(np.maximum(both / (odd * even) - 1.0, 0.0)))


def _counter(now: Any, rows: int) -> Any:
    """Sums by row and month of tenure."""
    tenure = np.minimum(now.tenure_now, LONGEST).astype(np.intp)
    place = (tenure + (LONGEST + 1) * np.arange(rows).reshape(-1, 1, 1)).ravel()
    return lambda values: np.bincount(place, np.ravel(values), rows * (LONGEST + 1)).reshape(rows, -1)


def _covariance(s: State) -> Values:
    """Means of odd months' sales, even months' and their product, (3, row), over settled seats that were filled all year."""
    settled = (s.filled > 0.0) & (s.tenure >= SETTLED + YEAR)
    count = np.maximum(settled.sum(axis=-1, keepdims=True), 1)
    odd, even = (np.where(settled, s.year_sales[k::2].sum(axis=0), 0.0) for k in (1, 0))
    mean = np.maximum((odd + even).sum(axis=-1, keepdims=True) / 2.0 / count, 1e-9)
    return np.stack([(x / count).sum(axis=-1).mean(axis=-1) for x in (odd / mean, even / mean, odd * even / mean**2)])

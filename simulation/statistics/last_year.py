"""Who would gain and who would lose at last year's sales: each rep's pay of the baseline's last twelve months, under each plan.

The plan counts as in force since month 0, so that grants, balances and ratchets have built up as far as the run is long.
Counted are the reps on the roster in the last month who have been there for half of the year at least; leavers have nothing
to lose any more, and who has just come no sales to go by, so of the first band of tenure only the end is counted.
A rep's pay is that of the months it was there, brought to twelve: cash and deferred pay as it is booked, so a grant in place
of cash counts at its cost.

    loses a share x of pay:  before - after >= x |before|  and  after < before
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from simulation.statistics.measures.span import MONTHS_A_YEAR, ratio
from simulation.vocabulary import MOTIVES_IN_ORDER, TENURE_BAND_STARTS, TENURE_BANDS, Array

ALL = "all"
ROUNDING = 1e-9
"""A cut of exactly five percent counts as five percent, whatever the last digit of a float says."""
LIMITS: Mapping[str, float] = {"5": 0.05, "10": 0.10}
"""Losses and gains that are counted, by the ending of their columns."""
CELLS = tuple((band, motive) for band in (ALL, *TENURE_BANDS) for motive in (ALL, *MOTIVES_IN_ORDER))
"""Bands of tenure by motive segments, with their totals."""


@dataclass(frozen=True, eq=False)
class Roster:
    """The reps that are counted, each (seed, seat); pay and sales are taken over the months they were there.

    here : 1.0 where a rep is counted
    months : how many of the year's months the rep was there
    first : the first month of the run among them
    sales : first-year value won in them, net of discount [usd]
    tenure, segment : in the last month; full months since hire, and index of the largest motive weight
    """

    here: Array
    months: Array
    first: Array
    sales: Array
    tenure: Array
    segment: Array


def roster(ledger: Mapping[str, Any], year: int) -> Roster:
    """The reps of the ledger's last `year` months who count."""
    ends = ledger["filled"].shape[1] - 1
    tenure = ledger["tenure"][:, ends - 1].astype(float)
    months = np.minimum(tenure + 1.0, float(year))
    here = (ledger["filled"][:, ends - 1] > 0) & (2.0 * months >= year)
    first = ends - months
    won = ledger["list_value"][:, -year:] * (1.0 - ledger["discount"][:, -year:])
    there = np.arange(ends - year, ends)[:, None] >= first[:, None, :]
    return Roster(1.0 * here, months, first, (won * there).sum(axis=1), tenure, ledger["segment"][:, ends - 1].astype(float))


def year_pay(paid: Array, month: int, reps: Roster) -> Array:
    """What a month adds to each counted rep's pay of a year, brought to twelve months, (policy, seed, seat) [usd a year]."""
    share: Array = reps.here * (month >= reps.first) * (MONTHS_A_YEAR / reps.months)
    return paid * share


def loses(before: Array, after: Array, share: float) -> Array:
    """1.0 where pay falls by at least a share of what it was."""
    size = np.abs(before)
    return np.asarray((before - after >= (share - ROUNDING) * size) & (after < before), dtype=float)


def gains(before: Array, after: Array, share: float) -> Array:
    """1.0 where pay rises by at least a share of what it was."""
    return loses(-before, -after, share)


def shares_of_reps(before: Array, after: Array, reps: Roster) -> dict[str, Array]:
    """Shares of the reps counted who lose and gain, and the part of sales that those who lose bring, each (policy, seed) [1].

    `before` is (seed, seat), `after` (policy, seed, seat) [usd a year].
    """
    found: dict[str, Array] = {"reps": np.broadcast_to(reps.here.sum(axis=-1), after.shape[:2])}
    sales = reps.here * reps.sales
    for ending, limit in LIMITS.items():
        losing, gaining = (reps.here * is_so(before, after, limit) for is_so in (loses, gains))
        found[f"losing{ending}"] = ratio(losing.sum(axis=-1), reps.here.sum(axis=-1))
        found[f"gaining{ending}"] = ratio(gaining.sum(axis=-1), reps.here.sum(axis=-1))
        found[f"sales{ending}"] = ratio((losing * sales).sum(axis=-1), sales.sum(axis=-1))
    return found


def by_cell(before: Array, after: Array, reps: Roster) -> dict[str, Array]:
    """What becomes of the pay of each of `CELLS`, (policy, cell, seed) each; NaN where a cell has nobody.

    `share` of the reps counted, `change` [usd a rep a year], `relative` change of the cell's pay, and who loses [1].
    """
    band = np.searchsorted(TENURE_BAND_STARTS, reps.tenure, side="right") - 1
    of_band = {ALL: np.ones_like(band, dtype=bool)} | {name: band == k for k, name in enumerate(TENURE_BANDS)}
    of_segment = {ALL: of_band[ALL]} | {name: reps.segment == k for k, name in enumerate(MOTIVES_IN_ORDER)}
    members = np.stack([reps.here * of_band[b] * of_segment[m] for b, m in CELLS])
    count = members.sum(axis=-1)
    total = lambda x: np.einsum("csk,psk->pcs", members, np.broadcast_to(x, after.shape))  # noqa: E731
    was, change = total(before), total(after - before)
    losing = {f"losing{ending}": ratio(total(loses(before, after, limit)), count) for ending, limit in LIMITS.items()}
    share = np.broadcast_to(ratio(count, count[0]), change.shape)
    return {"share": share, "change": ratio(change, count), "relative": ratio(change, was), **losing}

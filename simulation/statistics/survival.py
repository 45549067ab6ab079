"""How long reps stay: Kaplan-Meier with delayed entry.

    S(k) = product over t < k of (1 - d_t / n_t)
    log-log interval:  S^exp(-z s), S^exp(z s),   s^2 = (sum over t < k of d_t / (n_t (n_t - d_t))) / log(S)^2

n_t is the number of reps watched through their month t of tenure, d_t how many of them left in it.
Incumbents are already t months in when the run begins, so they are counted from that month on and not before;
leaving them out would forget the loyal, counting them from zero would forget those who left before.

A spell is watched from tenure `entered` to tenure `left`, the months of tenure up to and including the last one seen:
a rep who leaves in the first month has entered at 0 and left at 1, and counts among the exits of month t = 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulation.vocabulary import Array

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandas import DataFrame

    from simulation.records import Records

STAYED = "stayed"
LEVEL = 0.95


def kaplan_meier(at_risk: Array, exits: Array) -> Array:
    """Share that stays through each month of tenure.

    Parameters
    ----------
    at_risk, exits : (..., month of tenure) [reps]
        Reps watched through that month of tenure, and those of them who left in it.

    Returns
    -------
    (..., month of tenure + 1) [1]
        S(0) = 1 first; NaN from the first month of tenure in which nobody was watched.
    """
    hazard = np.divide(exits, at_risk, out=np.full(np.shape(at_risk), np.nan), where=np.asarray(at_risk) > 0)
    stays = np.cumprod(1.0 - hazard, axis=-1)
    return np.concatenate([np.ones((*stays.shape[:-1], 1)), stays], axis=-1)


def log_log_interval(at_risk: Array, exits: Array) -> tuple[Array, Array]:
    """Pointwise 95% limits of the Kaplan-Meier curve: Greenwood's variance on the scale log(-log S), which keeps them in 0 to 1.

    Stays count as independent. Those of one seed share its shocks and its leavers, so over few seeds the limits are too near.

    Parameters
    ----------
    at_risk, exits : (..., month of tenure) [reps]

    Returns
    -------
    low, high : (..., month of tenure + 1) [1] each
        NaN where the curve is NaN, before the first exit and from the month on in which all who were watched have left:
        there is no spread to measure there. Greenwood (1926), Kalbfleisch and Prentice (1980).
    """
    from scipy.special import ndtri

    left = np.asarray(at_risk, dtype=float) - exits
    step = np.divide(exits, at_risk * left, out=np.full(np.shape(left), np.nan), where=left > 0)
    greenwood = np.concatenate([np.zeros((*left.shape[:-1], 1)), np.cumsum(step, axis=-1)], axis=-1)
    curve = kaplan_meier(at_risk, exits)
    inside = (curve > 0.0) & (curve < 1.0)
    log_curve = np.log(np.where(inside, curve, 0.5))
    spread = ndtri(0.5 + LEVEL / 2) * np.sqrt(greenwood) / -log_curve
    low, high = (np.where(inside, np.exp(log_curve * np.exp(sign * spread)), np.nan) for sign in (1.0, -1.0))
    return low, high


def median_stay(curve: Array) -> Array:
    """Months of tenure by which half are gone: the first at which the curve is at or below one half, NaN if it never is.

    `curve` (..., month of tenure + 1) [1] is that of `kaplan_meier`; the result is (...) [months].
    """
    below = np.asarray(curve) <= 0.5
    return np.where(below.any(axis=-1), np.argmax(below, axis=-1), np.nan)


def watched(spells: DataFrame, cell: NDArray[np.int64], cells: int, longest: int) -> tuple[Array, Array]:
    """Reps at risk and exits by cell and month of tenure, both (cell, longest).

    Parameters
    ----------
    spells : columns `entered`, `left` [months of tenure], `reason`
    cell : (spell,) index of the cell that a spell belongs to
    cells, longest : number of cells, and of months of tenure to count
    """
    exited = (spells["reason"] != STAYED).to_numpy()
    left = spells["left"].to_numpy(dtype=np.int64)
    begins = np.clip(spells["entered"].to_numpy(dtype=np.int64), 0, longest)
    stops = np.clip(left, begins, longest)
    changes = np.zeros((cells, longest + 1))
    np.add.at(changes, (cell, begins), 1.0)
    np.add.at(changes, (cell, stops), -1.0)
    exits = np.zeros((cells, longest + 1))
    np.add.at(exits, (cell[exited], np.minimum(left[exited] - 1, longest)), 1.0)
    return np.cumsum(changes, axis=1)[:, :longest], exits[:, :longest]


def clip_to_window(spells: DataFrame, first: int, stop: int) -> DataFrame:
    """The part of each spell that lies in months [first, stop) of the run; exits after it count as staying."""
    began = spells["started"] - spells["entered"]  # month of the run in which tenure was 0
    entered = np.maximum(spells["entered"], first - began)
    ended = stop - began  # tenure when the window closes
    reason = spells["reason"].where(spells["left"] <= ended, STAYED)
    clipped = spells.assign(entered=entered, left=np.minimum(spells["left"], ended), reason=reason)
    return clipped[clipped["left"] > clipped["entered"]]


def survival_by_cell(records: Records, *, longest: int, window: tuple[int, int] | None = None) -> Array:
    """Survival curves: (policy, seed, longest + 1) over months of tenure from 0; NaN for a seed whose spells were not kept.

    `window` limits them to months [first, stop) of the run.
    """
    scenario = records.scenario
    policies, seeds = len(scenario.policies), scenario.seed_count
    spells = records.spells if window is None else clip_to_window(records.spells, *window)
    at_risk, exits = watched(spells, cell_of(spells, records), policies * seeds, longest)
    return kaplan_meier(at_risk, exits).reshape(policies, seeds, longest + 1)


def cell_of(spells: DataFrame, records: Records) -> NDArray[np.int64]:
    """(spell,) index of the policy and seed that a spell belongs to, seeds varying fastest."""
    scenario = records.scenario
    seed = spells["seed"].to_numpy(dtype=np.int64) - scenario.first_seed
    return spells["policy"].to_numpy(dtype=np.int64) * scenario.seed_count + seed

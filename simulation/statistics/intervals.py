"""What luck can explain: means with 95% t intervals over seeds, and what may be called decided.

A seed without a value (NaN) is left out; with fewer than two there is no interval.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from simulation.vocabulary import Array

if TYPE_CHECKING:
    from simulation.scenario import Material

LEVEL = 0.95
Decided = Literal["better", "worse", "higher", "lower", "same", "open"]


class Interval(NamedTuple):
    """A mean and its 95% interval, each an array over what is compared."""

    mean: Array
    low: Array
    high: Array


def t_interval(values: Array) -> Interval:
    """Mean and 95% t interval over the last axis (seeds).

    Parameters
    ----------
    values : (..., seed)

    Returns
    -------
    Interval of arrays (...)
        NaN where there is no seed, and NaN limits where there is only one.
    """
    count, mean, spread = moments(values)
    half = half_width(spread / np.maximum(count, 1), count)
    return Interval(mean, mean - half, mean + half)


def moments(values: Array) -> tuple[Array, Array, Array]:
    """How many seeds have a value, their mean and their variance, each (...); values are (..., seed).

    The mean is NaN where there is none, the variance 0 where there are fewer than two.
    """
    present = np.isfinite(values)
    count = present.sum(axis=-1)
    total = np.where(present, values, 0.0).sum(axis=-1)
    mean = np.divide(total, count, out=np.full(count.shape, np.nan), where=count > 0)
    squares = np.where(present, (values - mean[..., None]) ** 2, 0.0).sum(axis=-1)
    return count, mean, squares / np.maximum(count - 1.0, 1.0)


def half_width(squared_error: Array, count: Array) -> Array:
    """Half of a 95% t interval from a squared standard error that `count` seeds gave; NaN with fewer than two."""
    from scipy.special import stdtrit

    half = stdtrit(np.maximum(count - 1.0, 1.0), 0.5 + LEVEL / 2) * np.sqrt(squared_error)
    return np.where(count > 1, half, np.nan)


def share_better(difference: Array, better: str) -> Array:
    """Share of seeds in which a policy is better, ties half; NaN where the measure has no better side.

    `difference` is (..., seed), policy less baseline.
    """
    sign = {"higher": 1.0, "lower": -1.0, "none": np.nan}[better]
    present = np.isfinite(difference)
    count = present.sum(axis=-1)
    wins = (present & (sign * difference > 0)).sum(axis=-1) + 0.5 * (present & (difference == 0)).sum(axis=-1)
    share = np.divide(wins, count, out=np.full(count.shape, np.nan), where=count > 0)
    return np.where(np.isnan(sign), np.nan, share)


def decide(low: float, high: float, material: float, better: str) -> Decided:
    """What the interval of a paired difference says, against the smallest difference that counts.

    Wholly beyond the material difference is decided, wholly within plus or minus it is the same, anything else is open.
    """
    return decide_each(np.array([low]), np.array([high]), material, better)[0]


def decide_each(low: Array, high: Array, material: float, better: str) -> list[Decided]:
    """The same of many intervals, limits (interval,)."""
    words: Mapping[str, tuple[Decided, Decided]] = {
        "higher": ("worse", "better"), "lower": ("better", "worse"), "none": ("lower", "higher"),
    }  # fmt: skip
    fell, rose = words[better]
    within = (low >= -material) & (high <= material)
    found: list[Decided] = np.select([low > material, high < -material, within], [rose, fell, "same"], "open").tolist()
    return found


def material_amount(material: Material | None, baseline_mean: Any) -> Any:
    """The smallest difference that counts, in the measure's unit; zero where none is set."""
    if material is None:
        return 0.0
    return abs(material.value * baseline_mean) if material.relative else material.value

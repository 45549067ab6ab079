"""The few curves that equations share (MODEL.md, "How to read the equations", sections 5.2 and 7.1)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from math import exp, log
from typing import Any


def expit(x: float) -> float:
    """1 / (1 + exp(-x))."""
    return 1.0 / (1.0 + exp(-x)) if x > -700.0 else 0.0


def logit(p: float) -> float:
    """The inverse of `expit`."""
    return log(p / (1.0 - p))


def clip(x: float, low: float, high: float) -> float:
    """`x`, or the bound that it passes."""
    return min(max(x, low), high)


def saturating(x: float, most: float) -> float:
    """What is left to gain: 1 where nothing has been gained, 0 where `most` is reached."""
    return max(1.0 - x / most, 0.0)


def log_profile(knots: Sequence[Sequence[float]], months: int) -> list[float]:
    """Logs of a hazard's multipliers in months 0 to `months`, joined by straight lines, flat beyond the knots."""
    at = [float(month) for month, _ in knots]
    logs = [log(multiple) for _, multiple in knots]
    return [_between(at, logs, float(month)) for month in range(months + 1)]


def _between(at: list[float], values: list[float], x: float) -> float:
    after = bisect_right(at, x)
    if after in (0, len(at)):
        return values[0] if after == 0 else values[-1]
    share = (x - at[after - 1]) / (at[after] - at[after - 1])
    return values[after - 1] + share * (values[after] - values[after - 1])


def mean_ramp(tenure: float, months: float, p: Any) -> float:
    """R(T, k): the mean of the ordinary ramp curve over `months` months from `tenure`."""
    q = exp(-1.0 / p.contract.ramp_tau)
    faded = (1.0 - q**months) / ((1.0 - q) * months)
    return 1.0 - (1.0 - p.learning.start_productivity) * exp(-tenure / p.contract.ramp_tau) * faded

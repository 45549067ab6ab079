"""A few seats as a lever sees them, for worked examples."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from simulation.levers.base import Lever
from simulation.state import Grouping
from simulation.vocabulary import Tasks


def two_regions(**changes: Any) -> SimpleNamespace:
    """Four filled seats in two regions of two, paid 10,000 usd a month for a quota of 100,000; numbers stand for all seats.

    Lists are a value a seat; of `demand`, `competitor` and `need` a value a region.
    """
    values = {
        "filled": 1.0, "market_pay": 10_000.0, "standard_quota": 100_000.0, "satisfaction": 0.8, "fresh_mean": 1.0,
        "fresh_spread": 0.4, "talent": 0.0, "ramp": 1.0, "record": 1.0, "share": 1.0,
        "demand": [0.0, 0.0], "competitor": [0.0, 0.0], "need": [0.0, 0.0],
    } | changes  # fmt: skip
    arrays = {
        name: np.array(np.broadcast_to(value, (2 if name in ("demand", "competitor", "need") else 4,)), dtype=float)[None, None]
        for name, value in values.items()
    }
    s = SimpleNamespace(**arrays, memory={}, region=Grouping.of(np.array([0, 0, 1, 1])), team=Grouping.of(np.array([0, 0, 1, 1])))
    s.output = Tasks(*(np.ones((1, 1, 4)) for _ in range(2)), arrays["share"], np.ones((1, 1, 4)))
    return s


def stacked(lever: type[Lever], **settings: Any) -> Any:
    """One policy's lever."""
    return lever.stack([lever(**settings)])


def lived(lever: Lever, s: SimpleNamespace, p: Any, months: int = 1) -> SimpleNamespace:
    """The seats after the lever has remembered for some months."""
    s.memory = {lever.key: lever.start_memory((1, 1, 4), p)}
    for _ in range(months):
        s.memory = {lever.key: lever.remember(s, p)}
    return s

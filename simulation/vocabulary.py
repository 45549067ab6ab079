"""The words every other module uses: axes, array types, tasks, motives, streams.

Arrays are (policy, seed, seat) unless a docstring says otherwise.
Seats are the last axis and arrays are C-contiguous, so that a sum over seats has one order of addition.
"""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
PerSeat = Annotated[Array, "policy seed seat"]
PerTeam = Annotated[Array, "policy seed team"]
PerRegion = Annotated[Array, "policy seed region"]
PerPolicy = Annotated[Array, "policy 1 1"]
Push = Array | float
"""What a lever adds at a socket: an array that broadcasts to (policy, seed, seat), or 0.0."""


class Tasks(NamedTuple):
    """One value for each task a rep may spend effort on."""

    hunt: Any = 0.0  # win new customers
    farm: Any = 0.0  # serve and grow existing ones
    share: Any = 0.0  # help colleagues, write knowledge down
    explore: Any = 0.0  # try a new play


class Motives(NamedTuple):
    """One value for each motive; a rep's weights on them are the motivation profile and sum to 1."""

    money: Any = 0.0
    security: Any = 0.0
    mastery: Any = 0.0
    autonomy: Any = 0.0
    recognition: Any = 0.0
    belonging: Any = 0.0


class Outlook(NamedTuple):
    """What somebody expects of a quota period: the argument of expected pay."""

    attainment: Any  # [ratio] mean of final attainment
    spread: Any  # [ratio] its standard deviation
    quota: Any  # [usd/month] quota at full productivity
    market_pay: Any  # [usd/month] what the market pays for this seat
    book: Any = 0.0  # [usd/year] annual value of the accounts that come with it
    in_place: bool = True  # whether these are reps in their seats, or candidates


MOTIVES_IN_ORDER = Motives._fields
"""A segment is the index of a rep's largest motive weight."""

TENURE_BANDS = ("0-6", "7-12", "13-24", "25+")
TENURE_BAND_STARTS = (0, 7, 13, 25)
"""Months of tenure at which each band begins."""

ATTAINMENT_EDGES = (0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.4, 1.6, 1.8, 2.0)
"""Between the bins by which completed quota periods are counted; the first bin is open below, the last above."""

STANDINGS = ("unranked", "bottom", "third", "second", "top")
"""Not ranked yet, and the quarters of reps by sales over territory in their last year, from the least to the most."""

ORDINARY_PERIOD = 3
"""Months in a quota period when no lever says otherwise."""

SEAT_BLOCK = 256
"""Uniforms are drawn for blocks of so many seats, so that adding seats moves nobody's luck."""

MONTHLY_STREAMS = (
    "deals", "key_deals", "deal_value", "key_value",
    "proposals", "successes", "offer", "quit", "release", "dismissal", "time_to_fill",
    "demand", "competitor",
)  # fmt: skip
"""One stream of random numbers a decision; a stream's name is part of its seed."""

"""Luck as plain numbers, and the quantile functions that turn it into counts (MODEL.md, section 7.14)."""

from __future__ import annotations

from math import exp, floor, sqrt
from typing import Any

import numpy as np
from scipy.special import ndtri

from simulation.draws import CANDIDATE_TRAITS, NORMAL_FROM, PERSON_TRAITS, Draws, by_stream, generator
from simulation.vocabulary import SEAT_BLOCK

NORMAL_STREAMS = ("demand", "competitor", "deal_value", "key_value", "time_to_fill")
"""Streams read as standard normals."""


class Luck:
    """One seed's luck in one phase of a run ("warm up" or "run"), shared by all policies.

    `u[stream][place]` is this month's uniform of a seat or region, `z[stream][place]` the standard normal made of it.
    """

    def __init__(self, seed: int, seats: int, regions: int, phase: str) -> None:
        self._draws = Draws((seed,), seats, regions, phase)
        self.u: dict[str, list[float]] = {}
        self.z: dict[str, list[float]] = {}

    def begin_month(self, step: int) -> None:
        """The luck of the `step`-th month of the phase; months are asked for in order."""
        drawn = by_stream(self._draws, step)
        self.u = {stream: u[0, 0].tolist() for stream, u in drawn.items()}
        self.z = {stream: normal(drawn[stream][0, 0]).tolist() for stream in NORMAL_STREAMS}

    def candidates(self, round_: int, seat: int) -> list[dict[str, float]]:
        """Uniforms by trait of the five candidates whom a seat meets in its `round_`-th recruiting round, from 0."""
        people, place = self._people(round_, seat)
        columns = [people.candidate(trait, *place)[0].tolist() for trait in CANDIDATE_TRAITS]
        return [dict(zip(CANDIDATE_TRAITS, values, strict=True)) for values in zip(*columns, strict=True)]

    def person(self, round_: int, seat: int) -> dict[str, float]:
        """Uniforms by trait of whoever is hired in that round."""
        people, place = self._people(round_, seat)
        return {trait: float(people.person(trait, *place)[0]) for trait in PERSON_TRAITS}

    def _people(self, round_: int, seat: int) -> tuple[Any, tuple[Any, Any, Any]]:
        self._draws.people.grow(round_ + 1)
        return self._draws.people, (np.array([round_]), np.array([0]), np.array([seat]))


def lasting(seed: int, stream: str, places: int) -> list[float]:
    """Uniforms of a stream that belongs to no month, one a place."""
    blocks = range(-(-places // SEAT_BLOCK))
    return [u for block in blocks for u in generator(seed, stream, block).random(SEAT_BLOCK).tolist()][:places]


def normal(u: Any) -> Any:
    """The standard normal made of a uniform, or of an array of them."""
    return ndtri(u + 2.0**-54)


def poisson_quantile(u: float, mean: float) -> float:
    """The least k with Pr(K <= k) > u; above a mean of 12 a Cornish-Fisher quantile, rounded."""
    if mean > NORMAL_FROM:
        z, root = float(normal(u)), sqrt(mean)
        return max(floor(mean + root * z + (z * z - 1.0) / 6.0 + (z - z**3) / (72.0 * root) + 0.5), 0.0)
    count, term = 0, exp(-mean)
    reached = term
    while u >= reached and term > 0.0:
        count += 1
        term *= mean / count
        reached += term
    return float(count)


def binomial_quantile(u: float, trials: float, chance: float) -> float:
    """The least k with Pr(K <= k) > u."""
    count, term = 0, (1.0 - chance) ** trials
    reached = term
    while u >= reached and count < trials:
        count += 1
        term *= chance / (1.0 - chance) * (trials - count + 1) / count
        reached += term
    return float(count)

"""Common random numbers: one stream of luck a decision, the same for every policy.

A uniform is fixed by (seed, stream, month, seat) and by nothing else: adding policies, seats, months or streams
leaves earlier luck unchanged. Seats come in blocks of 256, each with its own generator; a month takes the next
256 uniforms of it. Counts are made from one uniform by inverting the distribution function, so that a small change
of a chance is a small change of the count.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from zlib import crc32

import numpy as np
from scipy.special import ndtri

from simulation.vocabulary import MONTHLY_STREAMS, MOTIVES_IN_ORDER, SEAT_BLOCK, Array

MONTHS_AT_ONCE = 12
CANDIDATES = 5
CANDIDATE_TRAITS = ("ability", "signal", "risk_aversion", "acceptance")
PERSON_TRAITS = (
    "frailty", "learning_speed", "present_bias", "loss_aversion",
    "money", "security", "mastery", "autonomy", "recognition", "belonging",
)  # fmt: skip
WIDTH = CANDIDATES * len(CANDIDATE_TRAITS) + len(PERSON_TRAITS)
"""Uniforms a recruiting round of a seat has."""
NORMAL_COLUMNS = (*range(3 * CANDIDATES), *range(4 * CANDIDATES, 4 * CANDIDATES + 4))
"""Those that are read as standard normals: of candidates' first three traits, and of the first four of whoever is hired."""
NORMAL_TRAITS: Mapping[str, Any] = {
    trait: slice(k * CANDIDATES, (k + 1) * CANDIDATES) for k, trait in enumerate(CANDIDATE_TRAITS[:3])
} | {trait: 3 * CANDIDATES + k for k, trait in enumerate(PERSON_TRAITS[:4])}
"""Where each of them stands among the normals."""
CARRY_ALL = 0.5
"""Share of elements still to be counted on below which the others are left behind."""
MOST_TERMS = 50
"""Terms of a Poisson distribution after which only what still adds something is carried on."""
NORMAL_FROM = 12.0
"""Above this mean a Poisson count is a rounded Cornish-Fisher quantile."""


def generator(seed: int, stream: str, block: int) -> np.random.Generator:
    """The generator of one stream for one block of seats."""
    return np.random.Generator(np.random.SFC64(np.random.SeedSequence((seed, crc32(stream.encode()), block))))


class Draws:
    """Uniforms of a phase of a run ("warm up" or "run") for some seeds, shared by all policies.

    Parameters
    ----------
    seeds : the seeds' numbers
    seats, regions : how many places a stream has: regions for the streams of a region, seats for all others
    phase : part of the seed of every stream, so that the length of the warm-up moves no later luck
    kept : whether months gone by are kept, so that another block can walk through the same luck
    """

    def __init__(self, seeds: Sequence[int], seats: int, regions: int, phase: str, *, kept: bool = False) -> None:
        self.seeds = tuple(seeds)
        self.seats = seats
        self.regions = regions
        self.phase = phase
        self.kept = kept
        self._generators: dict[str, list[list[np.random.Generator]]] = {}
        self._years: dict[str, dict[int, Array]] = {}
        self._normals: dict[tuple[str, int], Array] = {}
        self.people = People(seeds, seats, phase)

    def uniform(self, stream: str, step: int) -> Array:
        """Uniforms (1, seed, place) in [0, 1) of one decision in the `step`-th month of the phase, asked for in order."""
        years = self._years.setdefault(stream, {})
        year, month = divmod(step, MONTHS_AT_ONCE)
        if year not in years:
            if not self.kept:
                years.clear()
            years[year] = self._next_year(stream)
            years[year].flags.writeable = False
        return years[year][month][None]

    def normal(self, stream: str, step: int) -> Array:
        """Standard normals (1, seed, place) of one decision."""
        if (stream, step) in self._normals:
            return self._normals[stream, step]
        found: Array = ndtri(self.uniform(stream, step) + 2.0**-54)
        if self.kept:
            self._normals[stream, step] = found
        return found

    def _next_year(self, stream: str) -> Array:
        places = self.regions if stream in ("demand", "competitor") else self.seats
        blocks = range(-(-places // SEAT_BLOCK))
        if stream not in self._generators:
            self._generators[stream] = [[generator(seed, f"{self.phase}/{stream}", b) for b in blocks] for seed in self.seeds]
        year = np.empty((MONTHS_AT_ONCE, len(self.seeds), len(blocks) * SEAT_BLOCK))
        for k, row in enumerate(self._generators[stream]):
            for b, rng in enumerate(row):
                year[:, k, b * SEAT_BLOCK : (b + 1) * SEAT_BLOCK] = rng.random((MONTHS_AT_ONCE, SEAT_BLOCK))
        return np.ascontiguousarray(year[..., :places])


class People:
    """Who may come: traits of candidates and newcomers, one row of the tables a recruiting round of a seat.

    Keyed by (seed, seat, how many rounds the seat has seen): a policy that fills a seat later meets the same people.
    What is dear to work out, standard normals and motivation profiles, is worked out once a person, when first asked for.
    """

    def __init__(self, seeds: Sequence[int], seats: int, phase: str) -> None:
        self.seats = seats
        blocks = range(-(-seats // SEAT_BLOCK))
        self._generators = [[generator(seed, f"{phase}/people", b) for b in blocks] for seed in seeds]
        self._rounds = 0
        self._table = np.empty((0, len(seeds), seats, WIDTH))  # uniforms
        self._normals = np.empty((0, len(seeds), seats, len(NORMAL_COLUMNS)))
        self._profiles = np.empty((0, len(seeds), seats, len(MOTIVES_IN_ORDER)))

    def grow(self, rounds: int) -> None:
        """Make sure that `rounds` rows exist."""
        if rounds > len(self._table):
            room = max(rounds, 2 * len(self._table))
            self._table, self._normals, self._profiles = (
                _longer(x, room) for x in (self._table, self._normals, self._profiles)
            )
        for k in range(self._rounds, rounds):
            for seed, blocks in enumerate(self._generators):
                drawn = np.concatenate([rng.random((WIDTH, SEAT_BLOCK)) for rng in blocks], axis=-1)
                self._table[k, seed] = drawn[:, : self.seats].T
        self._rounds = max(self._rounds, rounds)

    def candidate(self, trait: str, rounds: Array, seed: Array, seat: Array) -> Array:
        """Uniforms (event, candidate) of a trait for recruiting events given by flat index arrays."""
        first = CANDIDATE_TRAITS.index(trait) * CANDIDATES
        return self._table[rounds, seed, seat, first : first + CANDIDATES]

    def person(self, trait: str, rounds: Array, seed: Array, seat: Array) -> Array:
        """Uniforms (event,) of a trait of the person hired."""
        column = CANDIDATES * len(CANDIDATE_TRAITS) + PERSON_TRAITS.index(trait)
        return self._table[rounds, seed, seat, column]

    def normals(self, rounds: Array, seed: Array, seat: Array) -> dict[str, Array]:
        """Standard normals by trait: (event, candidate) of those the firm may hire, (event,) of whoever it does."""
        table = self._normals.reshape(-1, len(NORMAL_COLUMNS))
        who = self._places(rounds, seed, seat)
        new = np.unique(who[np.isnan(table[who, 0])])
        if new.size:
            table[new] = ndtri(self._table.reshape(-1, WIDTH)[new][:, NORMAL_COLUMNS] + 2.0**-54)
        rows = table[who]
        return {trait: rows[:, columns] for trait, columns in NORMAL_TRAITS.items()}

    def profiles(self, work_out: Callable[[Any], Array], rounds: Array, seed: Array, seat: Array) -> Array:
        """Motivation profiles of the persons hired, (event, motive): what `work_out(which)` says of some of these events.

        Whoever is hired under several policies is worked out once, so `work_out` may depend on nothing but the person.
        """
        table = self._profiles.reshape(-1, len(MOTIVES_IN_ORDER))
        who = self._places(rounds, seed, seat)
        new = np.flatnonzero(np.isnan(table[who, 0]))
        if new.size:
            new = new[np.unique(who[new], return_index=True)[1]]
            table[who[new]] = work_out(new)
        return table[who]

    def _places(self, rounds: Any, seed: Any, seat: Any) -> Any:
        """Rows of the flattened tables."""
        return (rounds * len(self._generators) + seed) * self.seats + seat


def _longer(table: Array, rows: int) -> Array:
    """The table with room for so many rows; NaN where nothing has been worked out."""
    longer = np.full((rows, *table.shape[1:]), np.nan)
    longer[: len(table)] = table
    return longer


def poisson_count(u: Array, mean: Array) -> Array:
    """The Poisson quantile of a uniform: the least k with Pr(K <= k) > u.

    Parameters
    ----------
    u : broadcastable to mean [0, 1)
    mean : any shape [count], >= 0

    Returns
    -------
    Counts as floats. Exact up to a mean of 12 in both tails; beyond, a Cornish-Fisher quantile, rounded.
    """
    mean = np.asarray(mean, dtype=float)
    u = np.broadcast_to(u, mean.shape)
    count = _invert_poisson(u, np.minimum(mean, NORMAL_FROM))
    large = mean > NORMAL_FROM
    if large.any():
        count[large] = _large_poisson(u[large], mean[large])
    return count


def _invert_poisson(u: Array, mean: Array) -> Array:
    """Add terms until the distribution function passes u, with those elements alone that it has not passed once they are few."""
    term = np.exp(-mean)
    cdf = term
    every = count = np.zeros(mean.shape)
    above = u >= cdf
    place: Any = slice(None)  # of the elements carried on
    k = 0
    while left := np.count_nonzero(above):
        if left < CARRY_ALL * above.size or k > MOST_TERMS:
            which: Any = np.flatnonzero(above)
            if count is not every:
                every.reshape(-1)[place] = count
            place = which if count is every else place[which]
            u, mean, term, cdf, count = (x.take(which) for x in (u, mean, term, cdf, count))
            above = np.ones(left, dtype=bool)
        k += 1
        count += above
        term = term * mean / k
        cdf = cdf + term
        above = u >= cdf if count is every else (u >= cdf) & (term > 0.0)
    if count is not every:
        every.reshape(-1)[place] = count
    return every


def _large_poisson(u: Array, mean: Array) -> Array:
    z = ndtri(u + 2.0**-54)
    root = np.sqrt(mean)
    return np.maximum(np.floor(mean + root * z + (z * z - 1.0) / 6.0 + (z - z**3) / (72.0 * root) + 0.5), 0.0)


def binomial_count(u: Array, trials: Array, chance: float | Array) -> Array:
    """The binomial quantile of a uniform: the least k with Pr(K <= k) > u. Few trials expected: one pass a success."""
    trials = np.asarray(trials, dtype=float)
    count = np.zeros(trials.shape)
    some = np.flatnonzero(trials > 0.0)
    if some.size:
        n = trials.ravel()[some]
        q = np.broadcast_to(chance, trials.shape).ravel()[some]
        v = np.broadcast_to(u, trials.shape).ravel()[some]
        odds = q / (1.0 - q)
        term = (1.0 - q) ** n
        reached, k, cdf = np.zeros(n.shape), 0, term.copy()
        while np.any((v >= cdf) & (reached < n)):
            reached += (v >= cdf) & (reached < n)
            k += 1
            term = term * odds * np.maximum(n - k + 1, 0.0) / k
            cdf = cdf + term
        count.ravel()[some] = reached
    return count


def by_stream(draws: Draws, step: int) -> Mapping[str, Array]:
    """All uniforms of a month by stream; the engine asks for a month's luck once."""
    return {stream: draws.uniform(stream, step) for stream in MONTHLY_STREAMS}

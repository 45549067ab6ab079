"""What has been simulated, kept in memory by a process that answers one question after another.

It stands where a file of cells (`cells.py`) may stand, and nothing is packed: what tasks bring is held as it is, a chunk of seeds
of one variant at a time. A variant is found by the digest of all that its numbers depend on, so what is kept for one question
can serve any other and never leaks into one that it does not belong to. Beyond a number of bytes the variants that were not
asked for longest are dropped, and simulated again when they are.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from simulation.engine import Block
from simulation.vocabulary import Array

MOST_BYTES = 1 << 30
"""Kept at most: some 8,000 cells of 200 seats and 36 months, 0.12 MB each, so 30 questions of four policies at 32 seeds."""


@dataclass(frozen=True, eq=False)
class _Chunk:
    """One variant at some seeds, in ascending order: its months, or figures (figure, 1, seed)."""

    seeds: Array
    found: Block | Array
    size: int


class Recent:
    """A store of cells in memory, which several threads may use."""

    packs: ClassVar[bool] = False

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.most_bytes = most_bytes
        self.held = 0
        self._variants: OrderedDict[str, list[_Chunk]] = OrderedDict()
        self._lock = Lock()

    def part(self, keys: Sequence[str], seeds: range) -> Part:
        """The part of some variants, by their digests, at some seeds."""
        return Part(self, tuple(keys), seeds)

    def chunks(self, key: str) -> list[_Chunk]:
        """What there is of a variant, which counts as asked for."""
        with self._lock:
            if key in self._variants:
                self._variants.move_to_end(key)
            return list(self._variants.get(key, ()))

    def add(self, key: str, seeds: Array, found: Block | Array) -> None:
        """Take in a variant at some seeds, but for those that are there."""
        with self._lock:
            own = self._variants.setdefault(key, [])
            self._variants.move_to_end(key)
            new = ~np.isin(seeds, np.concatenate([np.empty(0, dtype=int), *(chunk.seeds for chunk in own)]))
            if new.any():
                kept = _at(found, seeds, new)
                own.append(_Chunk(seeds[new], kept, _bytes(kept)))
                self.held += own[-1].size
            while self.held > self.most_bytes and len(self._variants) > 1:
                _, dropped = self._variants.popitem(last=False)
                self.held -= sum(chunk.size for chunk in dropped)


class Part:
    """The cells of one batch: read before it is simulated, and kept as tasks end."""

    def __init__(self, store: Recent, keys: tuple[str, ...], seeds: range) -> None:
        self._store, self._keys, self._seeds = store, keys, seeds

    def read(self) -> Iterator[tuple[int, list[int], Block | Array]]:
        """Place of the variant, columns of the seeds, and what is kept of them."""
        for row, key in enumerate(self._keys):
            for chunk in self._store.chunks(key):
                wanted = (chunk.seeds >= self._seeds.start) & (chunk.seeds < self._seeds.stop)
                if wanted.any():
                    columns = chunk.seeds[wanted] - self._seeds.start
                    yield row, columns.tolist(), _at(chunk.found, chunk.seeds, wanted)

    def keep(self, rows: Sequence[int], columns: Sequence[int], found: Block | Array) -> None:
        """Keep what was found of a block: the places of its variants and seeds."""
        seeds = self._seeds.start + np.asarray(columns)
        for k, row in enumerate(rows):
            self._store.add(self._keys[row], seeds, found if len(rows) == 1 else _of_row(found, k))


def _of_row(found: Block | Array, k: int) -> Block | Array:
    """One variant's part, which does not keep the others alive."""
    if not isinstance(found, Block):
        return found[:, k : k + 1].copy()
    own = lambda values: {name: value[k : k + 1].copy() for name, value in values.items()}  # noqa: E731
    stays = found.spells[found.spells["policy"] == k].assign(policy=0)
    return Block(own(found.sums), own(found.groups), stays)


def _at(found: Block | Array, seeds: Array, wanted: NDArray[np.bool_]) -> Block | Array:
    """What was found at some of the seeds alone."""
    if wanted.all():
        return found
    if not isinstance(found, Block):
        return found[:, :, wanted]
    own = lambda values: {name: value[:, wanted] for name, value in values.items()}  # noqa: E731
    stays = found.spells[found.spells["seed"].isin(seeds[wanted])]
    return Block(own(found.sums), own(found.groups), stays)


def _bytes(found: Block | Array) -> int:
    """Memory of what was found."""
    if not isinstance(found, Block):
        return int(found.nbytes)
    arrays = (*found.sums.values(), *found.groups.values())
    return sum(int(value.nbytes) for value in arrays) + int(found.spells.memory_usage().sum())

"""How arrays and stays are written as bytes: a JSON head, then the numbers as they are in memory, compressed.

    length unpacked | zstd( length of the head | head {name: shape} | 64-bit floats, little-endian, one array after the other )
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from simulation.engine import Block
from simulation.records import REASONS, SPELL_COLUMNS
from simulation.vocabulary import Array

LEVEL = 1
CODEC = "zstd"
HEAD, SIZE = 4, 8
"""Bytes that hold the length of the head, and that of everything."""
SUM, GROUP, STAY = "sum/", "group/", "stay/"
OWN = tuple(name for name in SPELL_COLUMNS if name not in ("policy", "seed"))
"""Columns of stays that are kept in a cell; its variant and seed say the rest."""
WHOLE = ("seat", "segment")


def pack(arrays: Mapping[str, Array]) -> bytes:
    """Arrays of numbers by name as bytes."""
    import pyarrow as pa

    head = json.dumps({name: list(np.shape(value)) for name, value in arrays.items()}).encode()
    body = b"".join(np.ascontiguousarray(value, dtype="<f8").tobytes() for value in arrays.values())
    raw = len(head).to_bytes(HEAD, "little") + head + body
    return len(raw).to_bytes(SIZE, "little") + pa.compress(raw, codec=CODEC, asbytes=True)


def unpack(content: bytes) -> dict[str, Array]:
    """The arrays again, bit for bit."""
    import pyarrow as pa

    raw = pa.decompress(content[SIZE:], int.from_bytes(content[:SIZE], "little"), codec=CODEC, asbytes=True)
    stop = HEAD + int.from_bytes(raw[:HEAD], "little")
    shapes = json.loads(raw[HEAD:stop])
    numbers = np.frombuffer(raw, dtype="<f8", offset=stop)
    arrays, start = {}, 0
    for name, shape in shapes.items():
        size = int(np.prod(shape, dtype=int))
        arrays[name] = numbers[start : start + size].reshape(shape)
        start += size
    return arrays


def pack_block(block: Block, seeds: Sequence[int]) -> Iterator[bytes]:
    """Every cell of a block at these seeds, seeds varying fastest."""
    cell, stays = _stays(block.spells, seeds)
    for row in range(len(block.sums["seats"])):
        for column in range(len(seeds)):
            first, stop = np.searchsorted(cell, row * len(seeds) + column + np.arange(2))
            found = {f"{SUM}{name}": values[row, column] for name, values in block.sums.items()}
            found |= {f"{GROUP}{name}": values[row, column] for name, values in block.groups.items()}
            yield pack(found | {name: values[first:stop] for name, values in stays.items()})


def _stays(spells: pd.DataFrame, seeds: Sequence[int]) -> tuple[Any, dict[str, Array]]:
    """Stays sorted by cell, in their own order within it: the cell of each, and their columns as numbers."""
    column = np.searchsorted(np.asarray(seeds), spells["seed"].to_numpy())
    cell = spells["policy"].to_numpy() * len(seeds) + column
    order = np.argsort(cell, kind="stable")
    words = {word: float(k) for k, word in enumerate(REASONS)}
    numbers: dict[str, Any] = {name: (spells[name].map(words) if name == "reason" else spells[name]).to_numpy() for name in OWN}
    return cell[order], {f"{STAY}{name}": values[order] for name, values in numbers.items()}


def unpack_block(content: bytes, seed: int) -> Block:
    """The block of one cell again."""
    arrays = unpack(content)
    part = lambda of: {name.removeprefix(of): v for name, v in arrays.items() if name.startswith(of)}  # noqa: E731
    sums, groups = ({name: values[None, None] for name, values in part(of).items()} for of in (SUM, GROUP))
    stays: dict[str, Any] = {"policy": 0, "seed": seed} | part(STAY)
    stays |= {name: stays[name].astype(int) for name in WHOLE}
    stays["reason"] = np.array(REASONS, dtype=object)[stays["reason"].astype(int)]
    return Block(sums, groups, pd.DataFrame(stays, columns=list(SPELL_COLUMNS)))


def pack_figures(values: Array) -> bytes:
    """The figures of one cell, (figure,), without a head: their names stand with the world."""
    return np.ascontiguousarray(values, dtype="<f8").tobytes()


def unpack_figures(content: bytes) -> Array:
    """The figures again."""
    return np.frombuffer(content, dtype="<f8")


def pack_json(content: Any) -> bytes:
    """A document of JSON as bytes."""
    return zlib.compress(json.dumps(content, sort_keys=True).encode(), LEVEL)


def unpack_json(content: bytes) -> Any:
    """The document again."""
    return json.loads(zlib.decompress(content))

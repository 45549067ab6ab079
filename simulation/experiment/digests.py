"""Digests: of the source that decides numbers, of this machine's floating point, of any document.

Times and hosts never enter one, so the same request has the same digest on every machine.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.levers import outside_files

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

NOT_ENGINE = (
    "__init__", "__main__", "agents", "app", "calibration", "cli", "commands", "errors", "experiment", "model", "report",
    "scenario", "shipped_scenarios", "statistics", "study", "sweeping", "twin",
)  # fmt: skip
"""Files and folders of the package that cannot change what a run computes; the scenario enters the run id as resolved."""


def engine_digest(without: tuple[str, ...] = ()) -> str:
    """Digest of every source file that decides the numbers, the user's own levers too; a change of a chart does not alter it.

    `without` names files, as `evidence/calibrated.toml`, on which what is digested does not depend.
    """
    own = tuple((f"levers/{path.name}", path.read_bytes()) for path in outside_files())
    return _engine_digest(own, without)


@lru_cache
def _engine_digest(own: tuple[tuple[str, bytes], ...], without: tuple[str, ...]) -> str:
    sources = ((path, source) for path, source in engine_sources() if path not in without)
    return _digest_of_contents([*_contents(sources), *own])


@lru_cache
def source_digest(*places: str) -> str:
    """Digest of further source files and folders of the package, for what depends on more than the engine."""
    return _digest_of_contents(
        _contents(found for place in places for found in _sources(files("simulation").joinpath(*place.split("/")), place))
    )


def _contents(sources: Iterable[tuple[str, Traversable]]) -> Iterator[tuple[str, bytes]]:
    return ((path, source.read_bytes()) for path, source in sources)


def _digest_of_contents(contents: Iterable[tuple[str, bytes]]) -> str:
    found = sha256()
    for path, content in contents:
        found.update(f"{path} {len(content)}\n".encode() + content)
    return found.hexdigest()


def engine_sources() -> Iterator[tuple[str, Traversable]]:
    """The files behind `engine_digest`, by path, in one order on every machine."""
    for entry in sorted(files("simulation").iterdir(), key=lambda e: e.name):
        if entry.name.removesuffix(".py") not in NOT_ENGINE:
            yield from _sources(entry, entry.name)


def fingerprint() -> str:
    """Digest of exp, log and power of 1,000 fixed numbers: equal where floating point gives equal bits."""
    x = np.linspace(0.01, 20.0, 1000)
    return sha256(b"".join(np.ascontiguousarray(y).tobytes() for y in (np.exp(x), np.log(x), np.power(x, 1.7)))).hexdigest()


def _sources(place: Traversable, path: str) -> Iterator[tuple[str, Traversable]]:
    if place.is_dir():
        for entry in sorted(place.iterdir(), key=lambda e: e.name):
            yield from _sources(entry, f"{path}/{entry.name}")
    elif path.endswith((".py", ".toml", ".bib")):
        yield path, place


def digest_of(content: Any) -> str:
    """SHA-256 of a content as JSON, whatever the order of its keys."""
    return sha256(json.dumps(content, sort_keys=True, default=value_of).encode()).hexdigest()


def value_of(value: Any) -> Any:
    """A value as JSON holds it."""
    return np.asarray(value).tolist()

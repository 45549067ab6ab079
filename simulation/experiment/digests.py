"""Digests: of the source that decides numbers, of this machine's floating point, of any document.

Times and hosts never enter one, so the same request has the same digest on every machine.
A file of the package is read once a process, when a digest first needs it: all digests speak of the same files.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.levers import outside_sources

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

NOT_ENGINE = (
    "__init__", "__main__", "agents", "app", "calibration", "cli", "commands", "errors", "experiment", "living", "model",
    "report", "scenario", "seat_months", "shipped_scenarios", "showing", "statistics", "study", "sweeping", "twin",
)  # fmt: skip
"""Files and folders of the package that cannot change what a run computes; the scenario enters the run id as resolved."""
BESIDE = ("calibration", "errors.py", "experiment", "scenario", "statistics")
"""Of them, those that the tasks of workers run through."""


def engine_digest(without: tuple[str, ...] = ()) -> str:
    """Digest of every source file that decides the numbers, the user's own levers too; a change of a chart does not alter it.

    Of the user's own levers it is the bytes that were loaded that count, whatever becomes of their files meanwhile.
    `without` names files, as `evidence/calibrated.toml`, on which what is digested does not depend.
    """
    own = tuple((f"levers/{Path(source.file).name}", source.code, source.rows) for source in outside_sources())
    return _engine_digest(own, without)


@lru_cache
def _engine_digest(own: tuple[tuple[str, bytes, bytes], ...], without: tuple[str, ...]) -> str:
    levers = ((path, sha256(sha256(code).digest() + rows).hexdigest()) for path, code, rows in own)
    return _joined([*((path, digest) for path, digest in engine_sources() if path not in without), *levers])


@lru_cache
def source_digest(*places: str) -> str:
    """Digest of further source files and folders of the package, for what depends on more than the engine.

    Raises ValueError when there is no source at a place.
    """
    found = []
    for place in places:
        held = [(path, digest) for path, digest in _held(place.partition("/")[0]) if f"{path}/".startswith(f"{place}/")]
        if not held:
            raise ValueError(f"simulation/{place} holds no source")
        found += held
    return _joined(found)


@lru_cache
def code_digest() -> str:
    """Digest of all source of the package that the tasks of workers run through, the user's own levers apart."""
    return source_digest(*_engine_entries(), *BESIDE)


def engine_sources() -> Iterator[tuple[str, str]]:
    """The files behind `engine_digest`: path and digest, in one order on every machine."""
    for entry in _engine_entries():
        yield from _held(entry)


@lru_cache
def _engine_entries() -> tuple[str, ...]:
    names = sorted(entry.name for entry in files("simulation").iterdir())
    return tuple(name for name in names if name.removesuffix(".py") not in NOT_ENGINE and _held(name))


def fingerprint() -> str:
    """Digest of the functions that numbers go through, of 1,000 fixed numbers: equal where floating point gives equal bits."""
    from scipy import special

    x = np.linspace(0.01, 20.0, 1000)
    share, logit = x / 21.0, x - 10.0
    values = (
        np.exp(x), np.log(x), np.power(x, 1.7), np.expm1(logit), np.log1p(x), np.tanh(logit), np.sin(x),
        special.ndtri(share), special.ndtr(logit), special.expit(logit), special.gammaincinv(x, share),
    )  # fmt: skip
    return sha256(b"".join(np.ascontiguousarray(y).tobytes() for y in values)).hexdigest()


@lru_cache
def _held(entry: str) -> tuple[tuple[str, str], ...]:
    """Path and digest of every source file of an entry of the package's folder, as they are when first asked for."""
    found = _sources(files("simulation").joinpath(entry), entry)
    return tuple((path, sha256(source.read_bytes()).hexdigest()) for path, source in found)


def _sources(place: Traversable, path: str) -> Iterator[tuple[str, Traversable]]:
    if place.is_dir():
        for entry in sorted(place.iterdir(), key=lambda e: e.name):
            yield from _sources(entry, f"{path}/{entry.name}")
    elif path.endswith((".py", ".toml", ".bib")):
        yield path, place


def _joined(digests: Iterable[tuple[str, str]]) -> str:
    return sha256("".join(f"{path} {digest}\n" for path, digest in digests).encode()).hexdigest()


def digest_of(content: Any) -> str:
    """SHA-256 of a content as JSON, whatever the order of its keys."""
    return sha256(json.dumps(content, sort_keys=True, default=value_of).encode()).hexdigest()


def value_of(value: Any) -> Any:
    """A value as JSON holds it."""
    return np.asarray(value).tolist()

"""Tasks for workers: importable by processes that are started by hand, too."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def slow(value: int, seconds: float, advance: Callable[[int], object] | None) -> int:
    """A task that takes its time and reports once."""
    time.sleep(seconds)
    if advance:
        advance(1)
    return value


def last(value: int, others: int, folder: Path, advance: Callable[[int], object] | None) -> int:
    """A task of which number 0 ends after all others have, whatever else the machine does."""
    until = time.monotonic() + 60.0
    while value == 0 and len(list(folder.glob("*.done"))) < others and time.monotonic() < until:
        time.sleep(0.01)
    (folder / f"{value}.done").touch()
    if advance:
        advance(1)
    return value


def marked(value: int, seconds: float, folder: Path, _: object) -> int:
    """A task that leaves a file when it begins and another when it ends."""
    (folder / f"{value}.begun").touch()
    time.sleep(seconds)
    (folder / f"{value}.ended").touch()
    return value


def refused(value: int, wrong: tuple[int, ...], seconds: float, _: object) -> int:
    """A task that some values refuse, the later ones sooner."""
    time.sleep(seconds)
    if value in wrong:
        raise ValueError(str(value))
    return value


def held(large: Any, value: int, _: object) -> tuple[int, int, int]:
    """A task that uses something large: the worker, where the thing stands in its memory, and a sum."""
    return os.getpid(), id(large), int(large.sum()) + value


def loaded(_: object) -> tuple[int, list[str], dict[str, str | None]]:
    """A task: the worker's number, the libraries it should not have loaded, and what bounds its threads."""
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    return os.getpid(), sorted({"mesa", "matplotlib"} & set(sys.modules)), {name: os.environ.get(name) for name in names}


def lever_value(key: str, name: str, _: object) -> tuple[str, float]:
    """A task: the digest of the engine that does it, and a parameter of somebody's own lever."""
    from simulation.evidence.read import shipped_parameters
    from simulation.experiment.digests import engine_digest

    return engine_digest(), shipped_parameters().rows[key, name].value


def interrupting(value: int, times: int, _: object) -> int:
    """A task during which somebody presses Ctrl-C so many times."""
    for _k in range(times):
        signal.raise_signal(signal.SIGINT)
    return value


def reporting(_: object, file: Path, times: int, __: object, advance: Callable[[int], object] | None) -> tuple[int, int]:
    """A task of some seeds that reports so many times, and writes how often it has; its file beside is named by its process."""
    file.with_suffix(f".{os.getpid()}").touch()
    for done in range(times):
        file.write_text(str(done + 1), encoding="utf-8")
        time.sleep(0.02)
        if advance:
            advance(1)
    return os.getpid(), times

"""Files put in place whole or not at all, and the sentence where they cannot be."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from simulation.errors import RunError


@contextmanager
def writing(place: Path, otherwise: str = "choose another folder with --out") -> Iterator[None]:
    """What the system refuses while a file or folder is written, as RunError: which it is, why, and what to do `otherwise`."""
    try:
        yield
    except OSError as problem:
        raise RunError(f"cannot write {place}: {problem.strerror or problem}; {otherwise}") from problem


def write_file(path: Path, content: bytes, option: str) -> Path:
    """Write a file that the user named with an option, whole or not at all; a folder that is missing is made. Raises RunError."""
    with writing(path, f"name another file with {option}"):
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, content)
    return path


def replace_file(path: Path, content: bytes) -> None:
    """The whole file or the old one, never a part."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)

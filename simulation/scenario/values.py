"""Checks of single values: each returns the value, or notes a fault and returns what stands in for it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from simulation.scenario.faults import Faults

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
LONGEST_LABEL = 80
LONGEST_PROSE = 500


def whole(value: Any, path: str, low: int, high: int, faults: Faults, *, unit: str = "", instead: int = 1) -> int:
    """A whole number in a range; a yes/no is none."""
    if type(value) is int and low <= value <= high:
        return value
    faults.wrong(path, value, unit, f"a whole number in [{low:,}, {high:,}]")
    return instead


def prose(value: Any, path: str, longest: int, faults: Faults) -> str:
    """A text that prints on one line."""
    if isinstance(value, str) and value.isprintable() and 0 < len(value) <= longest:
        return value
    faults.wrong(path, value, "", f"a text of 1 to {longest} printable characters on one line")
    return ""


def key(value: str, path: str, faults: Faults) -> bool:
    """Whether a key may name a policy; what may is safe as a file name."""
    if KEY.fullmatch(value):
        return True
    faults.add(path, "is no name; names have 1 to 40 small letters, digits and _, and begin with a letter")
    return False


def texts(value: Any, path: str, wanted: str, faults: Faults) -> tuple[str, ...]:
    """A list of texts without repetition."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value) and len(set(value)) == len(value) <= 20:
        return tuple(value)
    faults.wrong(path, value, "", f"a list of at most 20 different {wanted}")
    return ()


def table(value: Any, path: str, wanted: str, faults: Faults) -> Mapping[str, Any]:
    """A table."""
    if isinstance(value, dict):
        return value
    faults.wrong(path, value, "", wanted)
    return {}


def one_of(value: Any, path: str, known: Collection[str], kind: str, faults: Faults) -> str:
    """One of the known names."""
    if isinstance(value, str) and value in known:
        return value
    if isinstance(value, str):
        faults.unknown_value(path, value, known, kind)
    else:
        faults.wrong(path, value, "", f"the name of a {kind}")
    return ""

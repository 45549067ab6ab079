"""Which pairs of levers a study calls complements or substitutes, from `complements.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Literal


@dataclass(frozen=True)
class Complement:
    """What a study says of two levers together: each makes the other worth more, or less."""

    sign: Literal["more", "less"]
    source: tuple[str, ...]
    note: str


@lru_cache(maxsize=1)
def complements() -> dict[frozenset[str], Complement]:
    """Every pair of which a study speaks."""
    text = (files("simulation") / "evidence" / "complements.toml").read_text(encoding="utf-8")
    return {
        frozenset(entry["levers"]): Complement(entry["sign"], tuple(entry["source"]), entry["note"])
        for entry in tomllib.loads(text)["pair"]
    }

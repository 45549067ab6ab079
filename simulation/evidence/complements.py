"""Which pairs of levers a study calls complements or substitutes, from `complements.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from simulation.evidence.read import evidence_table


@dataclass(frozen=True)
class Complement:
    """What a study says of two levers together: each makes the other worth more, or less."""

    sign: Literal["more", "less"]
    source: tuple[str, ...]
    note: str


@lru_cache(maxsize=1)
def complements() -> dict[frozenset[str], Complement]:
    """Every pair of which a study speaks."""
    return {
        frozenset(entry["levers"]): Complement(entry["sign"], tuple(entry["source"]), entry["note"])
        for entry in evidence_table("complements.toml")["pair"]
    }

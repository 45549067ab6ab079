"""The catalogue: every file of this folder but `base.py` holds one lever of the same name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules

from simulation.levers.base import Lever


@lru_cache(maxsize=1)
def catalogue() -> Mapping[str, type[Lever]]:
    """Every lever by key, in the alphabetical order that also fixes the order of addition."""
    found: dict[str, type[Lever]] = {}
    for module in sorted(m.name for m in iter_modules(__path__) if m.name != "base"):
        members = vars(import_module(f"{__name__}.{module}")).values()
        for member in members:
            if isinstance(member, type) and issubclass(member, Lever) and member.__module__.endswith(f".{module}"):
                found[member.key] = member
    return found

"""What is to be read of one policy, and who is told of what is wrong with it: the file, `--set`, or whom it was copied from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from simulation.scenario.faults import Faults

OWN_KEYS = ("label", "like", "starts", "ends", "equal_cost")
OFF = "off"
"""Instead of a table: the lever at neutral, or no equal cost."""


@dataclass(frozen=True)
class Places:
    """Where faults are told.

    file : of what the file says
    option : of what --set says
    copied : of what a policy is like: told where it was written, and here only where it was not told there
    """

    file: Faults
    option: Faults
    copied: Faults


@dataclass
class Entries:
    """One policy before its settings are checked.

    values : its keys, and for each lever a table of settings
    own : what its own table in the file says; the rest is copied
    asked : the keys of `values` that --set changed, with the names of the settings where it changed no more of a lever
    """

    key: str
    values: dict[str, Any]
    own: Mapping[str, Any]
    places: Places
    asked: dict[str, set[str] | None] = field(default_factory=dict)

    def at(self, *keys: str) -> Faults:
        """Who is told of what is wrong between these keys: --set where it changed one of them, the file otherwise."""
        return self.places.option if any(key in self.asked for key in keys) else self.places.file

    def place(self, key: str) -> Faults:
        """Who is told of one key."""
        if key in self.asked:
            return self.places.option
        return self.places.file if key in self.own else self.places.copied

    def place_of_setting(self, lever: str, name: str) -> Faults:
        """Who is told of one setting."""
        asked = self.asked.get(lever, set())
        if asked is None or name in asked:
            return self.places.option
        own = self.own.get(lever)
        return self.places.file if isinstance(own, Mapping) and name in own else self.places.copied

"""Anchoring: the intercepts that make a pack's ordinary plan show the pack's headline numbers.

A pack asks for as many of them as its industry has; a number that it does not ask for leaves its intercept as it stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomlkit
from rich.console import Console

from simulation.calibration.solve import Ask, Progress, Solution, solve
from simulation.calibration.words import missed_sentences, print_rows
from simulation.errors import CalibrationError
from simulation.evidence.headlines import ASKABLE
from simulation.evidence.read import shipped_parameters
from simulation.levers import catalogue
from simulation.scenario.faults import Faults
from simulation.scenario.world import overlay, read_world

NOTE = "Solved so that the pack's ordinary plan shows its headline numbers; `orgsim anchor` does it again."
PACK_SEATS = 630
"""Seats in which a pack is solved: more than a firm's, because a slow trade has few newcomers and dismissals to count."""


@dataclass
class AnchorResult:
    """A pack's file, what it asks, and the solution for it."""

    path: Path
    ask: Ask
    solution: Solution

    def print(self, console: Console) -> None:
        """The table of asked and reached, and of the parameters solved."""
        print_rows(self.solution.rows(), f"Anchored: {self.path.stem}", console)
        for sentence in missed_sentences(self.solution, self.ask):
            console.print(f"{sentence}.")

    def write(self) -> None:
        """Put the solved values into the pack's file, with status calibrated, leaving the rest of it as it is."""
        document = tomlkit.parse(self.path.read_text(encoding="utf-8"))
        for (group, name), value in self.solution.solved.items():
            tables: Any = document.setdefault(group, tomlkit.table(is_super_table=True))
            row: Any = tables.setdefault(name, tomlkit.table())
            row.update({"value": round(value, 9), "status": "calibrated", "note": NOTE})
        self.path.write_text(tomlkit.dumps(document), encoding="utf-8")


def anchor_world(path: Path, progress: Progress | None = None) -> AnchorResult:
    """Solve the intercepts of a pack. Raises CalibrationError when no solution is found."""
    faults = Faults(path.name)
    world = read_world(path, path.name, faults)
    start = overlay(shipped_parameters(), world, faults)
    if not faults.told and not world.asked:
        faults.add("asked", "is missing: an industry pack says which headline numbers it must show")
    faults.unknown_keys(world.asked, ASKABLE, "asked", "headline number that can be asked for")
    if faults.told:
        raise CalibrationError(faults.told)
    plan = {key: world.ordinary.get(key, kind()) for key, kind in catalogue().items()}
    asked = {key: number.value for key, number in world.asked.items()}
    ask = Ask(path.name, start, plan, asked, PACK_SEATS)
    return AnchorResult(path, ask, solve(ask, progress))

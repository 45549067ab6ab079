"""Your firm: intercepts solved so that the scenario's baseline shows the numbers of `[firm]`, and of the pack for the rest.

    scenario = read_scenario("ours.toml")
    scenario, firm = settle(scenario)
    records = run(scenario)

A firm is solved like a pack, but under the plan that is in force there: the levers of the baseline.
Market conditions are kept out of it, because headline numbers speak of ordinary months; they hold again in the run.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rich.console import Console

from simulation.calibration.kept import NOTE, digest_of, keep, kept
from simulation.calibration.plausible import doubts, impossible
from simulation.calibration.solve import SEATS, Ask, Progress, Solution, solve
from simulation.calibration.words import missed_sentences, print_rows
from simulation.errors import CalibrationError
from simulation.evidence.headlines import ASKABLE
from simulation.evidence.read import Parameters
from simulation.experiment.writing import writing
from simulation.scenario import Scenario
from simulation.scenario.firm import LEAVING

FOLDER = "firms"
"""Folder below that of all results, in which solved firms are kept."""
ID_LENGTH = 16
NAMES = {"deal_size": "deal_value"}
"""What `[firm]` calls a headline number, where it has another name."""


@dataclass(frozen=True)
class FirmResult:
    """What was asked of the baseline and what it shows; `found`: whether it was solved before and is only read."""

    solution: Solution
    warnings: tuple[str, ...]
    file: Path | None = None
    found: bool = False

    def print(self, console: Console, *, warned: bool = True) -> None:
        """Asked and reached, where it is kept, and unless they stand elsewhere (not `warned`) the warnings; then a blank line."""
        print_rows(self.as_json(), "Your firm: what the baseline was asked to show, and shows", console)
        if self.found:
            console.print(f"Solved before and read from {self.file}.")
        for text in self.warnings if warned else ():
            console.print(f"Warning: {text}.")
        console.print()

    def as_json(self) -> dict[str, Any]:
        """Asked, reached, noise, the parameter that owns the number and its value; by the names of `[firm]`."""
        rows: dict[str, Any] = {NAMES.get(key, key): row for key, row in self.solution.rows().items() if key in ASKABLE}
        if rows.keys() >= set(LEAVING):
            both = [rows[key] for key in LEAVING]
            total = {name: sum(row[name] for row in both) for name in ("asked", "reached")}
            error = sum(row["error"] ** 2 for row in both) ** 0.5
            rows = {"turnover": {**total, "error": error, "owned_by": None, "value": None}} | rows
        return rows

FEWEST_SEATS = 42
"""A smaller firm is solved in so many seats: in fewer, some seeds have no dismissal or no full ramp to measure."""


def settle(
    scenario: Scenario, folder: str | Path | None = None, progress: Progress | None = None
) -> tuple[Scenario, FirmResult | None]:
    """The scenario with its `[firm]` solved, and what was reached; a scenario without one as it is, and None.

    Parameters
    ----------
    scenario : Scenario
        As read.
    folder : folder of all results, optional
        Solutions are kept below it, in `firms/`, and found again; without it nothing is kept.
    progress : called with (done, total, what), in runs

    Raises
    ------
    CalibrationError
        When the numbers contradict each other, or no solution comes near.
    """
    firm = scenario.firm
    if firm is None:
        return scenario, None
    p = scenario.parameters
    name = f"{scenario.source or scenario.name}: firm"
    plan = scenario.policy(scenario.baseline).levers
    ask = Ask(name, Parameters(p.rows), plan, firm.asked, min(max(scenario.seats, FEWEST_SEATS), SEATS))
    refused = impossible(ask)
    if refused:
        raise CalibrationError([f"{name}: {sentence}" for sentence in refused])
    digest = digest_of(ask)
    file = Path(folder) / FOLDER / f"{digest[:ID_LENGTH]}.toml" if folder is not None else None
    solution, damage = kept(ask, digest, file) if file else (None, "")
    found = solution is not None
    if solution is None:
        solution = solve(ask, progress)
        if file:
            _keep(solution, digest, file)
    warnings = (*([damage] if damage else []), *doubts(ask), *missed_sentences(solution, ask))
    rows = {key: replace(p.rows[key], value=x, status="calibrated", note=NOTE) for key, x in solution.solved.items()}
    settled = replace(scenario, parameters=Parameters({**p.rows, **rows}, p.conditions), firm=None)
    return settled, FirmResult(solution, tuple(warnings), file, found)


def _keep(solution: Solution, digest: str, file: Path) -> None:
    with writing(file):
        keep(solution, digest, file)

"""A whole study in one call: all that `orgsim compare` finds out, before anything is printed or kept.

    study = run_study(read_scenario("scenarios/growth_mix.toml"))
    study.summary        # every policy against the baseline
    study.stress         # the same in each stress world
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from simulation.calibration.firm import FirmResult, settle
from simulation.experiment.execute import Progress, crew_for, run
from simulation.experiment.pairs import pairs_scenario
from simulation.experiment.workers import Workers
from simulation.records import Records
from simulation.scenario import Scenario, stressed
from simulation.statistics.assumptions import assumption_range
from simulation.statistics.compare import Summary, compare
from simulation.statistics.pairs import pair_table
from simulation.statistics.reasons import with_reasons

if TYPE_CHECKING:
    from pandas import DataFrame

SCREENS = "screens"
"""Folder below that of all runs in which the choice of the parameters moved is kept."""
ASSUMPTION_RUNS = 5
"""How many runs of a study its assumption ranges are worth at most, to tell whether work is large."""


@dataclass(frozen=True, eq=False)
class Study:
    """What a study found.

    records : of all policies and seeds; its scenario has the settings as moved for equal cost
    summary : the comparison of the policies
    stress : the comparison in each stress world, by the world's name
    firm : what a `[firm]` table asked for and what was reached; None without one
    seconds : how long it took [s]
    """

    records: Records
    summary: Summary
    stress: Mapping[str, Summary]
    firm: FirmResult | None
    seconds: float


def run_study(
    scenario: Scenario,
    progress: Progress | None = None,
    *,
    processes: int | Workers | None = None,
    luck_only: bool = False,
    kept: Path | None = None,
) -> Study:
    """Solve a `[firm]`, compare all policies, say why they differ and how far it hangs on assumptions, run the stress worlds.

    Parameters
    ----------
    scenario : Scenario
        As read.
    progress : called with (done, total, what), in rep-months; in runs while a firm is solved
    processes : int or Workers, optional
        As for `run`.
    luck_only : bool
        Point values of all parameters, and no assumption ranges.
    kept : Path, optional
        A folder of run folders, where solved firms and the choice of the parameters moved are looked up and kept.

    Raises
    ------
    ScenarioError
        When a promise of equal cost cannot be kept.
    CalibrationError
        When no organisation shows the firm's numbers.
    """
    started = time.monotonic()
    if luck_only:
        scenario = scenario.luck_only()
    scenario, firm = settle(scenario, kept, progress)
    runs = 1 + len(scenario.stress) + (0 if luck_only else ASSUMPTION_RUNS)
    with crew_for(scenario, processes, runs=runs) as crew:
        records = run(scenario, progress, processes=crew)
        summary = with_reasons(compare(records), records, progress, crew)
        stress = {
            world: compare(run(stressed(records.scenario, world), progress, what=f"simulating {world}", processes=crew))
            for world in scenario.stress
        }
        if not luck_only:
            screens = kept / SCREENS if kept else None
            summary = replace(summary, assumptions=assumption_range(records, progress, screens=screens, processes=crew))
    if firm:
        summary = replace(summary, warnings=(*firm.warnings, *summary.warnings))
    return Study(records, summary, stress, firm, time.monotonic() - started)


def run_pairs(
    scenario: Scenario, progress: Progress | None = None, *, processes: int | Workers | None = None
) -> tuple[Scenario, DataFrame, DataFrame]:
    """What every two levers bring together, at typical settings on top of the baseline, against each alone, by luck alone.

    Returns
    -------
    The scenario that was run, with a policy a lever and a pair; the gains of single levers; those of pairs (see `pair_table`).

    Raises
    ------
    ScenarioError
        When the baseline leaves fewer than two levers free, or a `[firm]` is not solved.
    """
    combined = pairs_scenario(scenario.luck_only())
    return combined, *pair_table(run(combined, progress, processes=processes))

"""A whole study in one call: all that `orgsim compare` finds out, before anything is printed or kept.

    study = run_study(read_scenario("scenarios/growth_mix.toml"))
    study.summary        # every policy against the baseline
    study.stress         # the same in each stress world
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from simulation.experiment.execute import run
from simulation.records import Records
from simulation.scenario import Scenario, stressed
from simulation.statistics.assumptions import assumption_range
from simulation.statistics.compare import Summary, compare

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, eq=False)
class Study:
    """What a study found.

    records : of all policies and seeds; its scenario has the settings as moved for equal cost
    summary : the comparison of the policies
    stress : the comparison in each stress world, by the world's name
    seconds : how long it took [s]
    """

    records: Records
    summary: Summary
    stress: Mapping[str, Summary]
    seconds: float


def run_study(
    scenario: Scenario, progress: Progress | None = None, *, luck_only: bool = False, screens: Path | None = None
) -> Study:
    """Simulate and compare all policies of a scenario, then once more in its stress worlds and with assumptions moved.

    `progress` is called with (done, total, what), in rep-months. `luck_only` leaves the assumption ranges out;
    `screens` is the folder in which the choice of the parameters moved is kept.
    Raises ScenarioError when a promise of equal cost cannot be kept.
    """
    started = time.monotonic()
    records = run(scenario, progress)
    summary = compare(records)
    stress = {
        world: compare(run(stressed(records.scenario, world), progress, what=f"simulating {world}")) for world in scenario.stress
    }
    if not luck_only:
        summary = replace(summary, assumptions=assumption_range(records, progress, screens=screens))
    return Study(records, summary, stress, time.monotonic() - started)

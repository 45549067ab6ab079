"""How far the page goes: what it works out for one question while others wait.

A link or a file may ask for six hundred months of five thousand seats; the command line does that, a page that several people
look at does not.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from simulation.errors import ScenarioError
from simulation.experiment.execute import main_work, promised_work

if TYPE_CHECKING:
    from simulation.scenario import Scenario

MOST_WORK = 200_000_000
"""[rep-months] Of one answer: some minutes of two cores."""


def check_reach(scenario: Scenario) -> None:
    """Refuse a question that would keep the page busy for too long. Raises ScenarioError naming what to lower."""
    work = promised_work(scenario) + main_work(scenario)
    if work > MOST_WORK:
        raise ScenarioError(
            f"months = {scenario.months:,} and seats = {scenario.seats:,} make {work / 1e6:,.0f} million months of reps at "
            f"{scenario.seed_count} seeds; the page works out {MOST_WORK / 1e6:,.0f} million at most, so lower one of them, "
            "or copy the command and run it"
        )


def seeds_in_reach(scenario: Scenario) -> int:
    """The most seeds at which the page works a study out, its costs being equal by then."""
    return max(1, MOST_WORK // main_work(replace(scenario, seed_count=1)))


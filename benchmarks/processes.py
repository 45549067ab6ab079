"""Where worker processes pay: what starting them costs, in rep-months of work, and what two give on two shipped policies.

    python benchmarks/processes.py

Needs an idle machine of two cores; `LARGE` in `simulation/experiment/workers.py` stands on it.
"""

from __future__ import annotations

import time
from dataclasses import replace

from simulation.experiment.execute import main_work, run
from simulation.experiment.workers import LARGE, Workers, workers
from simulation.scenario import Scenario, read_scenario


def seconds(scenario: Scenario, crew: Workers | int) -> float:
    """Time of a run."""
    began = time.perf_counter()
    run(scenario, processes=crew)
    return time.perf_counter() - began


def main() -> None:
    """Measure and print."""
    study = read_scenario(None, seeds=32, luck_only=True)
    study = study.with_policies([study.policy(key) for key in ("status_quo", "steeper")])
    work = main_work(study)
    alone = seconds(study, 1)
    began = time.perf_counter()
    with workers(2, rep_months=LARGE) as crew:
        seconds(replace(study, months=1, seats=4), crew)  # they load the libraries with their first task
        start = time.perf_counter() - began
        both = seconds(study, crew)
    print(f"{1e9 * alone / work:,.0f} ns a rep-month, two workers {1e9 * both / work:,.0f}, {alone / both:.2f} times as fast")
    print(f"starting two workers takes {start:.2f} s, the time of {work * start / alone:,.0f} rep-months")
    if both < alone:
        print(f"two pay from {work * start / (alone - both):,.0f} rep-months on")


if __name__ == "__main__":
    main()

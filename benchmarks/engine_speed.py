"""What a rep-month costs: the engine over the shipped study, as ratios within one run.

    python benchmarks/engine_speed.py

Prints nanoseconds a rep-month for a small and a large block, for one policy and for five, and their ratios.
Absolute figures drift with the machine; ratios hold.
"""

from __future__ import annotations

import time

from simulation.engine import Course, levers_used, run_block, warm_up
from simulation.scenario import read_scenario

MONTHS = 24
SEATS = 200


def cost(policies: int, seeds: int) -> float:
    """Nanoseconds a rep-month of the status quo and its alternatives, the warm-up apart."""
    scenario = read_scenario(None)
    chosen = scenario.policies[:policies]
    used = levers_used([policy.levers for policy in scenario.policies])
    baseline = scenario.policy(scenario.baseline).levers
    numbers = range(1, seeds + 1)
    start = warm_up(baseline, used, scenario.parameters, numbers, SEATS)
    courses = [Course(policy.levers) for policy in chosen]
    state = start.for_policies(policies)
    began = time.perf_counter()
    run_block(state, courses, baseline, used, scenario.parameters, seeds=numbers, months=MONTHS)
    return 1e9 * (time.perf_counter() - began) / (policies * seeds * SEATS * MONTHS)


def main() -> None:
    """Measure and print."""
    reference = cost(5, 40)
    for policies, seeds in ((5, 40), (1, 200), (5, 2)):
        each = cost(policies, seeds)
        print(f"{policies} policies x {seeds:3d} seeds {each:8.0f} ns a rep-month   {each / reference:5.2f} of the first")


if __name__ == "__main__":
    main()

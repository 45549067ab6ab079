"""What the engine gains over the readable model: nanoseconds a rep-month of both, and their ratio, in one run on one core.

    python benchmarks/against_mesa.py [months]

The engine walks a block as it usually does, six policies by forty seeds; the readable model lives the same policies one
after another, some months each after the warm-up. Both have 200 seats. The two take turns, and medians of the turns are
compared, in time of the processor, so that a busy machine slows both alike. Absolute figures drift; the ratio holds.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from statistics import median

from simulation.engine import Course, levers_used, run_block, warm_up
from simulation.model import SalesOrg
from simulation.scenario import Scenario, read_scenario

SEATS = 200
SEEDS = range(1, 41)
TURNS = 3


def study() -> Scenario:
    """The shipped policies, costs not made equal, and one with all other levers at typical settings."""
    scenario = read_scenario(None, seats=SEATS, luck_only=True)
    policies = [replace(policy, equal_cost=None) for policy in scenario.policies]
    typical = {key: type(lever).typical() if lever.is_neutral() else lever for key, lever in policies[0].levers.items()}
    return scenario.with_policies([*policies, replace(policies[0], key="all_levers", label="All levers", levers=typical)])


def engine_cost(scenario: Scenario, months: int) -> float:
    """Nanoseconds a rep-month of the engine, the warm-up apart."""
    settings = [policy.levers for policy in scenario.policies]
    used = levers_used(settings)
    start = warm_up(settings[0], used, scenario.parameters, SEEDS, SEATS)
    state = start.for_policies(len(settings))
    began = time.process_time()
    courses = [Course(levers) for levers in settings]
    run_block(state, courses, settings[0], used, scenario.parameters, seeds=SEEDS, months=months)
    return 1e9 * (time.process_time() - began) / (len(settings) * len(SEEDS) * SEATS * months)


def mesa_cost(models: list[SalesOrg], months: int) -> float:
    """Nanoseconds a rep-month of the readable model: the next months of each policy's organisation."""
    began = time.process_time()
    for model in models:
        for _ in range(months):
            model.step()
    return 1e9 * (time.process_time() - began) / (len(models) * SEATS * months)


def main() -> None:
    """Measure and print."""
    months = int(sys.argv[1]) if len(sys.argv) > 1 else 6
    scenario = study()
    models = [SalesOrg(scenario, policy=policy.key, seed=SEEDS[0]) for policy in scenario.policies]
    turns = [(engine_cost(scenario, 2 * months), mesa_cost(models, months)) for _ in range(TURNS)]
    engine, readable = (median(each) for each in zip(*turns, strict=True))
    print(f"engine          {engine:10,.0f} ns a rep-month")
    print(f"readable model  {readable:10,.0f} ns a rep-month")
    print(f"ratio           {readable / engine:10.1f}    ({', '.join(f'{b / a:.1f}' for a, b in turns)} by turn)")


if __name__ == "__main__":
    main()

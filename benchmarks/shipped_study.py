"""What the benchmarks run: blocks of the shipped study, in as many policies, seeds and seats as wanted.

Times are processor time of this process, the best of some repeats; a machine that others use too still disturbs them.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from simulation.engine import Course, levers_used, run_block, warm_up
from simulation.evidence.read import Parameters
from simulation.levers.base import Lever
from simulation.scenario import read_scenario
from simulation.state import State


@dataclass(frozen=True, eq=False)
class Study:
    """A block ready to be walked: the organisation after its warm-up, and the policies it will be run under."""

    start: State
    courses: list[Course]
    baseline: dict[str, Lever]
    used: list[str]
    parameters: Parameters
    seeds: range

    def walk(self, months: int) -> object:
        """Run all policies from the start for some months."""
        return run_block(
            self.start.for_policies(len(self.courses)), self.courses, self.baseline, self.used, self.parameters,
            seeds=self.seeds, months=months,
        )  # fmt: skip

    def rep_months(self, months: int) -> int:
        """Policies x seeds x seats x months."""
        return len(self.courses) * len(self.seeds) * self.start.filled.shape[-1] * months


def study(policies: int, seeds: int, seats: int = 200) -> Study:
    """The shipped study's policies, again and again where more are asked for; its warm-up is done."""
    scenario = read_scenario(None, luck_only=True)
    p, baseline = scenario.parameters, dict(scenario.policy(scenario.baseline).levers)
    used = levers_used([policy.levers for policy in scenario.policies])
    numbers = range(1, seeds + 1)
    courses = [Course(scenario.policies[k % len(scenario.policies)].levers) for k in range(policies)]
    return Study(warm_up(baseline, used, p, numbers, seats), courses, baseline, used, p, numbers)


def swept(policies: int, seeds: int, seats: int = 200) -> Study:
    """The shipped study's richest policy in many settings of commission rate and discount authority, as a sweep runs them."""
    scenario = read_scenario(None, luck_only=True)
    p, baseline = scenario.parameters, dict(scenario.policy(scenario.baseline).levers)
    richest = scenario.policies[-1]
    points = [richest.with_setting("commission.rate", 0.05 + 0.01 * (k // 8 % 8)) for k in range(policies)]
    points = [one.with_setting("autonomy.discount_authority", 0.02 * (k % 8)) for k, one in enumerate(points)]
    used = levers_used([baseline, *(one.levers for one in points)])
    numbers = range(1, seeds + 1)
    return Study(warm_up(baseline, used, p, numbers, seats), [Course.of(one) for one in points], baseline, used, p, numbers)


def seconds(work: Callable[[], object], repeats: int = 3) -> float:
    """Least processor time of some repeats."""
    times = []
    for _ in range(repeats):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return min(times)


def cost(policies: int, seeds: int, seats: int = 200, months: int = 12) -> float:
    """Nanoseconds a rep-month of a block, the warm-up apart."""
    block = study(policies, seeds, seats)
    return 1e9 * seconds(lambda: block.walk(months)) / block.rep_months(months)

"""The design `pairs`: every lever at its typical settings on top of the baseline, alone and with each other lever.

All combinations are one batch on the policy axis: the same people, the same luck.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

from simulation.errors import ScenarioError
from simulation.levers import catalogue
from simulation.scenario import Policy, Scenario

JOINED = "_x_"
"""Between the keys of two levers in the key of the policy that has both."""


def free_levers(scenario: Scenario) -> list[str]:
    """The levers that the baseline leaves alone; those that it sets are part of every combination."""
    baseline = scenario.policy(scenario.baseline)
    return [key for key, lever in baseline.levers.items() if lever.is_neutral()]


def pairs_scenario(scenario: Scenario) -> Scenario:
    """The same world with other policies: the baseline, each free lever at its typical settings, and each pair of them.

    Raises ScenarioError when the baseline leaves fewer than two levers free.
    """
    free = free_levers(scenario)
    if len(free) < 2:
        raise ScenarioError(
            f"{scenario.source or scenario.name}: the baseline sets all levers but {len(free)}; "
            "pairs need two that it leaves alone"
        )
    baseline = replace(scenario.policy(scenario.baseline), equal_cost=None)
    sets = [(key,) for key in free] + list(combinations(free, 2))
    combined = [_with_typical(baseline, keys) for keys in sets]
    return replace(scenario, name=f"{scenario.name[:34]}_pairs", policies=(baseline, *combined), stress=())


def _with_typical(baseline: Policy, keys: tuple[str, ...]) -> Policy:
    known = catalogue()
    levers = {**baseline.levers, **{key: known[key].typical() for key in keys}}
    label = " and ".join(known[key].title.lower() for key in keys).capitalize()
    return Policy(key=JOINED.join(keys), label=label, starts=baseline.starts, levers=levers)

"""Small organisations to ask questions of: the shipped study with other policies, run by the engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from simulation.experiment.execute import run
from simulation.records import Records
from simulation.scenario import Policy, Scenario, read_scenario
from simulation.scenario.policy import EqualCost
from simulation.statistics.measures import measure


def study(
    policies: Mapping[str, Mapping[str, Any]], *, months: int = 24, seats: int = 105, seeds: int = 12
) -> Scenario:
    """The shipped study with its status quo and policies that differ from it by `{"commission.rate": 0.08, ...}`.

    The keys `starts` and `ends` set the months in which a policy begins and ends.
    """
    scenario = read_scenario(None, months=months, seats=seats, seeds=seeds)
    quo = scenario.policy("status_quo")
    made = [quo]
    for key, changes in policies.items():
        policy: Policy = replace(quo, key=key, label=key, starts=int(changes.get("starts", 0)), ends=changes.get("ends"))
        for path, value in changes.items():
            if path not in {"starts", "ends"}:
                policy = policy.with_setting(path, value)
        made.append(policy)
    return scenario.with_policies(made)


def promised(scenario: Scenario, key: str, by: str) -> Scenario:
    """The study with one policy that must cost what the status quo costs, by moving a setting."""
    made = replace(scenario.policy(key), equal_cost=EqualCost(scenario.baseline, by))
    return scenario.with_policies([made if policy.key == key else policy for policy in scenario.policies])


def simulated(policies: Mapping[str, Mapping[str, Any]], **sizes: Any) -> Records:
    """The study, run."""
    return run(study(policies, **sizes))


def change(records: Records, key: str, policy: int = 1, months: slice = slice(None)) -> float:
    """Relative change of a measure against the status quo, mean over seeds paired."""
    values = measure(records, key, months)
    return float((values[policy] - values[0]).mean() / values[0].mean())


def error(records: Records, key: str, policy: int = 1) -> float:
    """Standard error of that change."""
    values = measure(records, key)
    return float((values[policy] - values[0]).std(ddof=1) / np.sqrt(values.shape[1]) / values[0].mean())


def listed(records: Records) -> Any:
    """List value of deals won a year, (policy, seed) in usd."""
    return records.sums["bookings_list"].sum(axis=-1) * 12.0 / records.sums["bookings_list"].shape[-1]

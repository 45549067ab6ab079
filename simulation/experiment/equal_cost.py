"""Policies that must cost what another costs: one setting of each is moved until they do.

All are solved at once on the policy axis, on the first sixteen seeds of the scenario, by a secant search on the log of
simulated total cost. Without it a sweep of commission confounds the slope of pay with its level.
Where seeds carry draws of parameters, costs are equal on average over those of the sixteen.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from simulation.engine import Course, levers_used, run_block, warm_up
from simulation.errors import ScenarioError
from simulation.experiment.workers import Advance, Workers
from simulation.levers.base import extra_of
from simulation.records import Moved
from simulation.scenario import Policy, Scenario
from simulation.scenario.policy import EqualCost
from simulation.state import State
from simulation.vocabulary import Array

SEEDS = 16
WITHIN = 0.002
"""Total cost must agree to this share."""
FIRST_STEP = 0.03
MOST_STEPS = 12
COST_LINES = ("cash_pay", "equity_cost", "programme_cost", "hiring_cost", "training_cost", "marketing_cost", "service_cost")


def equalise(
    scenario: Scenario, advance: Advance | None = None, crew: Workers | None = None
) -> tuple[Scenario, dict[str, Moved]]:
    """The scenario with its `equal_cost` promises kept, and what was moved.

    Raises ScenarioError with the gap in money when a setting's bounds stop one.
    """
    wanted = [policy for policy in scenario.policies if policy.equal_cost]
    if not wanted:
        return scenario, {}
    search = _Search(scenario, wanted, advance, crew or Workers(1))
    before = search.x.copy()
    search.solve()
    by_key = {policy.key: policy for policy in search.policies()}
    moved = {
        policy.key: Moved(_promise(policy).by, float(x0), float(x), float(gap * cost))
        for policy, x0, x, gap, cost in zip(wanted, before, search.x, search.gap, search.goal, strict=True)
    }
    return scenario.with_policies([by_key.get(policy.key, policy) for policy in scenario.policies]), moved


class _Search:
    """The settings to move, and how far total cost is from its goal."""

    def __init__(self, scenario: Scenario, wanted: list[Policy], advance: Advance | None, crew: Workers) -> None:
        self.scenario, self.wanted, self.advance, self.crew = scenario, wanted, advance, crew
        self.groups = crew.shares(scenario.seeds[:SEEDS], SEEDS)
        self.starts = crew.each(_start, [(scenario, seeds) for seeds in self.groups])
        self.x = np.array([_value(policy) for policy in wanted])
        targets = list(dict.fromkeys(_promise(policy).to for policy in wanted))
        costs = dict(zip(targets, self.cost([scenario.policy(key) for key in targets]), strict=True))
        self.goal = np.array([costs[_promise(policy).to] for policy in wanted])
        self.gap = np.zeros(len(wanted))

    def cost(self, policies: list[Policy]) -> Array:
        """Mean simulated total cost a year of some policies, (policy,) in usd."""
        tasks = [(self.scenario, policies, start, seeds) for start, seeds in zip(self.starts, self.groups, strict=True)]
        total = np.concatenate(self.crew.each(_total_cost, tasks, self.advance), axis=1)
        yearly: Array = total.mean(axis=-1) * 12.0 / self.scenario.months
        return yearly

    def policies(self) -> list[Policy]:
        """The policies with their settings as far as they have been moved."""
        return [policy.with_setting(_promise(policy).by, float(x)) for policy, x in zip(self.wanted, self.x, strict=True)]

    def look(self, which: Any) -> Array:
        """Relative gaps of total cost with the settings where they are, simulated for some policies only."""
        gap = self.gap.copy()
        policies = self.policies()
        gap[which] = self.cost([policies[k] for k in which]) / self.goal[which] - 1.0
        return gap

    def solve(self) -> None:
        """Secant steps on every policy that does not agree yet, until all do or a bound stops them."""
        low, high = np.array([_bounds(policy) for policy in self.wanted]).T
        self.gap = self.look(np.arange(len(self.wanted)))
        step = -np.sign(self.gap) * FIRST_STEP * np.maximum(np.abs(self.x), 0.1)
        for _ in range(MOST_STEPS):
            aimed = np.minimum(np.maximum(self.x + step, low), high)
            open_ = np.flatnonzero((np.abs(self.gap) >= WITHIN / 2) & (aimed != self.x))
            if open_.size == 0:
                break
            before, gap_before = self.x.copy(), self.gap
            self.x[open_] = aimed[open_]
            self.gap = self.look(open_)
            change = self.gap - gap_before
            flat = np.abs(change) < 1e-9
            step = np.where(flat, 0.0, -self.gap * (self.x - before) / np.where(flat, 1.0, change))
        self._refuse()

    def _refuse(self) -> None:
        faults = []
        for policy, x, gap, goal in zip(self.wanted, self.x, self.gap, self.goal, strict=True):
            if abs(gap) < WITHIN:
                continue
            promise, (low, high) = _promise(policy), _bounds(policy)
            others = ", ".join(name for name in MOVABLE if name != promise.by)
            faults.append(
                f"{self.scenario.source or self.scenario.name}: policies.{policy.key}.equal_cost: moving {promise.by} within "
                f"[{low:g}, {high:g}] to {x:.4g} leaves total cost {abs(gap) * goal:,.0f} usd a year "
                f"{'above' if gap > 0 else 'below'} {promise.to}; move another setting, for example {others}"
            )
        if faults:
            raise ScenarioError(faults)


def _start(scenario: Scenario, seeds: Sequence[int], _: Advance | None) -> State:
    """The organisation at month 0 at some seeds."""
    baseline, used = scenario.policy(scenario.baseline).levers, levers_used([policy.levers for policy in scenario.policies])
    return warm_up(baseline, used, scenario.parameters_at(seeds), seeds, scenario.seats)


def _total_cost(
    scenario: Scenario, policies: Sequence[Policy], start: State, seeds: Sequence[int], advance: Advance | None
) -> Array:
    """Total cost of a whole run of some policies, (policy, seed) in usd."""
    baseline, used = scenario.policy(scenario.baseline).levers, levers_used([policy.levers for policy in scenario.policies])
    block = run_block(
        start.for_policies(len(policies)), [Course.of(policy) for policy in policies], baseline, used,
        scenario.parameters_at(seeds), seeds=seeds, months=scenario.months, advance=advance,
    )  # fmt: skip
    return np.asarray(sum(block.sums[line] for line in COST_LINES)).sum(axis=-1)


MOVABLE = ("commission.pay_level", "commission.base_share", "commission.rate", "equity.grant")
"""Settings that usually can carry an equal-cost promise."""


def _promise(policy: Policy) -> EqualCost:
    promise = policy.equal_cost
    if promise is None:
        raise ValueError(f"policy {policy.key} promises no equal cost")
    return promise


def _value(policy: Policy) -> float:
    lever, _, name = _promise(policy).by.partition(".")
    return float(getattr(policy.levers[lever], name))


def _bounds(policy: Policy) -> tuple[float, float]:
    lever, _, name = _promise(policy).by.partition(".")
    extra = extra_of(type(policy.levers[lever]).model_fields[name])
    return float(extra["ge"]), float(extra["le"])

"""Policies that must cost what another costs: one setting of each is moved until they do.

All are solved at once on the policy axis, on the first sixteen seeds of the scenario, by a secant search on the log of
simulated total cost. Without it a sweep of commission confounds the slope of pay with its level.
Where seeds carry draws of parameters, costs are equal on average over those of the sixteen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from simulation.errors import ScenarioError
from simulation.experiment.batch.batch import Batch, figures
from simulation.experiment.batch.variants import Reduction, Variant
from simulation.experiment.digests import source_digest
from simulation.experiment.work.workers import Advance, Workers
from simulation.levers.base import extra_of
from simulation.records import Moved, Records
from simulation.scenario import Policy, Scenario
from simulation.scenario.policy import EqualCost
from simulation.vocabulary import Array

SEEDS = 16
WITHIN = 0.002
"""Total cost must agree to this share."""
FIRST_STEP = 0.03
MOST_STEPS = 12
COST_LINES = ("cash_pay", "equity_cost", "programme_cost", "hiring_cost", "training_cost", "marketing_cost", "service_cost")


def whole_cost(records: Records) -> Array:
    """Total cost of a whole run, (1, policy, seed) in usd."""
    return np.asarray(sum(records.sums[line] for line in COST_LINES)).sum(axis=-1)[None]


COST = Reduction(("whole_cost",), whole_cost, source_digest("experiment/batch/equal_cost.py"))
"""What is kept of a cell in the search."""


Costs = Callable[[Scenario, Sequence[Variant]], Array]
"""Total cost of some variants at the seeds of a search, (variant, seed) in usd."""


@dataclass(frozen=True)
class Promise:
    """A variant whose policy promises equal cost, and the policy whose cost it must have, under the same parameters."""

    variant: Variant
    to: Policy


@dataclass(frozen=True)
class Outcome:
    """A policy with its setting moved, what was moved, and why the promise cannot be kept; None where it is."""

    policy: Policy
    moved: Moved
    refused: str | None


def equalise(
    scenario: Scenario, advance: Advance | None = None, crew: Workers | None = None, costs: Costs | None = None
) -> tuple[Scenario, dict[str, Moved]]:
    """The scenario with its `equal_cost` promises kept, and what was moved.

    `costs` may say what variants cost instead of simulating them for the search alone; to the last bit the same, of course.

    Raises ScenarioError with the gap in money when a setting's bounds stop one.
    """
    wanted = [policy for policy in scenario.policies if policy.equal_cost]
    promises = [Promise(Variant(policy), scenario.policy(promise_of(policy).to)) for policy in wanted]
    outcomes = equalise_variants(scenario, promises, advance, crew, costs)
    faults = [outcome.refused for outcome in outcomes if outcome.refused]
    if faults:
        raise ScenarioError(faults)
    by_key = {outcome.policy.key: outcome for outcome in outcomes}
    solved = [by_key[policy.key].policy if policy.key in by_key else policy for policy in scenario.policies]
    return scenario.with_policies(solved), {key: outcome.moved for key, outcome in by_key.items()}


def equalise_variants(
    scenario: Scenario,
    promises: Sequence[Promise],
    advance: Advance | None = None,
    crew: Workers | None = None,
    costs: Costs | None = None,
) -> list[Outcome]:
    """What becomes of each promise, all solved at once; one that cannot be kept says so and stops no other."""
    if not promises:
        return []
    search = _Search(scenario, promises, costs or simulated_costs(crew or Workers(1), advance))
    before = search.x.copy()
    search.solve()
    return [
        Outcome(policy, Moved(promise_of(policy).by, float(x0), float(x), float(gap * cost)), refused)
        for policy, x0, x, gap, cost, refused in zip(
            search.policies(), before, search.x, search.gap, search.goal, search.refusals(), strict=True
        )
    ]


def simulated_costs(crew: Workers, advance: Advance | None = None) -> Costs:
    """Costs as they are simulated for a search, and nothing else with them."""

    def costs(search: Scenario, variants: Sequence[Variant]) -> Array:
        return figures(Batch.of(search, variants, COST), crew, advance).values[0]

    return costs


def first_steps(policy: Policy) -> list[Policy]:
    """A policy that promises equal cost after the first step of its search, whichever way it goes."""
    x, (low, high) = np.array(_value(policy)), _bounds(policy)
    step = _first_step(x)
    aimed = [float(np.minimum(np.maximum(x + way * step, low), high)) for way in (1.0, -1.0)]
    return [policy.with_setting(promise_of(policy).by, value) for value in aimed]


def _first_step(x: Array) -> Array:
    size: Array = FIRST_STEP * np.maximum(np.abs(x), 0.1)
    return size


class _Search:
    """The settings to move, and how far total cost is from its goal."""

    def __init__(self, scenario: Scenario, promises: Sequence[Promise], costs: Costs) -> None:
        self.scenario = replace(scenario, seed_count=min(scenario.seed_count, SEEDS))
        self.wanted = [promise.variant for promise in promises]
        self.costs = costs
        self.x = np.array([_value(variant.policy) for variant in self.wanted])
        self.goal = self.cost([Variant(promise.to, promise.variant.moved) for promise in promises])
        self.gap = np.zeros(len(self.wanted))

    def cost(self, variants: Sequence[Variant]) -> Array:
        """Mean simulated total cost a year, (variant,) in usd."""
        total = self.costs(self.scenario, variants)
        yearly: Array = total.mean(axis=-1) * 12.0 / self.scenario.months
        return yearly

    def policies(self) -> list[Policy]:
        """The policies with their settings as far as they have been moved."""
        return [v.policy.with_setting(promise_of(v.policy).by, float(x)) for v, x in zip(self.wanted, self.x, strict=True)]

    def look(self, which: Any) -> Array:
        """Relative gaps of total cost with the settings where they are, simulated for some policies only."""
        gap = self.gap.copy()
        policies = self.policies()
        gap[which] = self.cost([replace(self.wanted[k], policy=policies[k]) for k in which]) / self.goal[which] - 1.0
        return gap

    def solve(self) -> None:
        """Secant steps on every policy that does not agree yet, until all do or a bound stops them."""
        low, high = np.array([_bounds(variant.policy) for variant in self.wanted]).T
        self.gap = self.look(np.arange(len(self.wanted)))
        step = -np.sign(self.gap) * _first_step(self.x)
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

    def refusals(self) -> list[str | None]:
        """Why promises cannot be kept; None for those that are."""
        found: list[str | None] = []
        name = self.scenario.source or self.scenario.name
        for variant, x, gap, goal in zip(self.wanted, self.x, self.gap, self.goal, strict=True):
            policy = variant.policy
            promise, (low, high) = promise_of(policy), _bounds(policy)
            others = ", ".join(name for name in MOVABLE if name != promise.by)
            found.append(
                None if abs(gap) < WITHIN or np.isnan(gap) else  # where there is no steady start the run itself says so
                f"{name}: policies.{policy.key}.equal_cost: moving {promise.by} within "
                f"[{low:g}, {high:g}] to {x:.4g} leaves total cost {abs(gap) * goal:,.0f} usd a year "
                f"{'above' if gap > 0 else 'below'} {promise.to}; move another setting, for example {others}"
            )  # fmt: skip
        return found


MOVABLE = ("commission.pay_level", "commission.base_share", "commission.rate", "equity.grant")
"""Settings that usually can carry an equal-cost promise."""


def promise_of(policy: Policy) -> EqualCost:
    """What a policy promises."""
    promise = policy.equal_cost
    if promise is None:
        raise ValueError(f"policy {policy.key} promises no equal cost")
    return promise


def _value(policy: Policy) -> float:
    lever, _, name = promise_of(policy).by.partition(".")
    return float(getattr(policy.levers[lever], name))


def _bounds(policy: Policy) -> tuple[float, float]:
    lever, _, name = promise_of(policy).by.partition(".")
    extra = extra_of(type(policy.levers[lever]).model_fields[name])
    return float(extra["ge"]), float(extra["le"])

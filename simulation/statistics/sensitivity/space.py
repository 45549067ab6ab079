"""What a sensitivity analysis varies unless told otherwise, and between which ends.

Settings: those in which the policy differs from the baseline. A number goes from the baseline's value through the policy's to
as far again, within its bounds, so one end is a policy without it and the other one with twice as much of it. A word, yes or no,
a table, and a number that one of the two leaves out take the baseline's value and the policy's. The setting that holds cost equal
stays.

Parameters: every assumed one that baseline or policy use, between its ends as in the assumption ranges of a comparison; and
every fitted one, over its 90% interval. Levels are not anchored anew when a parameter moves.

A parameter whose upper end is at least three times the lower is spread evenly in its logarithm.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, cast

from simulation.errors import ScenarioError
from simulation.experiment.batch.moved import movable
from simulation.experiment.design.factors import Factor, read_factors
from simulation.experiment.design.slots import NONE, Slot, find_slot
from simulation.scenario import Policy, Scenario
from simulation.scenario.faults import Faults, literal, suggestion
from simulation.scenario.settings import Setting, settings_of

RATIO = 3.0
"""Upper over lower end from which on a range is spread in its logarithm."""
NOTHING_VARIES = "--vary: nothing varies; name a path with two values or a range"


def policy_asked(scenario: Scenario, key: str | None, *, level: bool = False) -> Policy:
    """The policy with this key; without one, the first beside the baseline. Raises ScenarioError.

    The baseline does not differ from itself: it can be asked for where its level is what is analysed.
    """
    others = [policy for policy in scenario.policies if policy.key != scenario.baseline]
    if key is None and others:
        return others[0]
    if key is None and not level:
        name = scenario.source or scenario.name
        raise ScenarioError(f"{name}: there is no policy beside the baseline; add one, or use --level")
    if key == scenario.baseline and not level:
        raise ScenarioError(f"--policy {key} is the baseline, from which it does not differ; name another, or add --level")
    known = {policy.key: policy for policy in scenario.policies}
    if key is not None and key not in known:
        name = scenario.source or scenario.name
        raise ScenarioError(f"--policy: {literal(key)} is no policy of {name}; {suggestion(key, known)}")
    return known[key or scenario.baseline]


def factors_asked(
    scenario: Scenario, policy: Policy, vary: Sequence[str] = (), *, alone: bool = False
) -> tuple[tuple[Factor, ...], tuple[str, ...]]:
    """What is varied, and the paths of what stays though it could matter.

    Parameters
    ----------
    scenario : Scenario
        Whose policies use the parameters: the baseline and the policy.
    policy : Policy
    vary : texts `PATH=RANGE`
        As a sweep takes them: other ends of what is varied anyway, or more that is varied.
    alone : bool
        Nothing else is varied.

    Raises
    ------
    ScenarioError
        When a path or a range is wrong, a setting is another policy's, or nothing is left to vary.
    """
    own = read_factors(vary, scenario) if vary else ()
    foreign = [factor.path for factor in own if factor.slot.policy not in (None, policy.key)]
    if foreign:
        raise ScenarioError(
            [f"--vary {path}: settings that vary are those of {policy.key}; name its policy with --policy" for path in foreign]
        )
    usual, held = ([], []) if alone else _usual(scenario, policy)
    by_path = {factor.path: factor for factor in usual} | {factor.path: factor for factor in own}
    single = [factor.path for factor in by_path.values() if len(factor.levels) == 1]
    if single or not by_path:
        told = [f"--vary {path}: one value varies nothing; write two or a range" for path in single]
        raise ScenarioError(told or NOTHING_VARIES)
    return tuple(by_path.values()), tuple(path for path in held if path not in by_path)


def _usual(scenario: Scenario, policy: Policy) -> tuple[list[Factor], list[str]]:
    """Settings, then parameters, in the order of catalogue and evidence; and the paths of what stays though it could matter."""
    found: list[Factor] = []
    held: list[str] = []
    for key, lever in policy.levers.items():
        before = scenario.policy(scenario.baseline).levers[key]
        for about in settings_of(type(lever)).values():
            own, base = getattr(lever, about.name), getattr(before, about.name)
            if own == base:
                continue
            path = f"policies.{policy.key}.{key}.{about.name}"
            promised = policy.equal_cost is not None and policy.equal_cost.by == f"{key}.{about.name}"
            if promised:
                held.append(path)
            else:
                found.append(_of_setting(_slot(path, scenario), about, own, base))
    moves = movable(scenario)
    ranges = [_range(_slot(row.path, scenario), row.value, *ends) for row, ends in moves.ends]
    return [*found, *ranges, *_fitted(scenario)], [*held, *moves.left_out]


def _of_setting(slot: Slot, about: Setting, own: Any, base: Any) -> Factor:
    """A setting from the baseline's value through the policy's to as far again; one without a range between them, at both."""
    if about.numeric and None not in (own, base):
        return _range(slot, base, own, 2 * own - base)
    return Factor(slot, tuple(NONE if value is None else value for value in (base, own)))


def _range(slot: Slot, *points: float) -> Factor:
    """From the least to the largest of some points, within what the slot takes."""
    low, high = (min(max(end, slot.low), slot.high) for end in (min(points), max(points)))
    if slot.kind == "whole number":
        low, high = int(low), int(high)
    return Factor(slot, (), low, high, log=slot.policy is None and low > 0 and high >= RATIO * low)


def _fitted(scenario: Scenario) -> Iterator[Factor]:
    """Parameters that were fitted to findings, over their intervals; those of levers that nobody sets apart."""
    idle = {key for key in scenario.policies[0].levers if all(p.levers[key].is_neutral() for p in scenario.policies)}
    for row in scenario.parameters.rows.values():
        if row.interval is not None and row.interval[0] < row.interval[1] and row.group not in idle:
            yield _range(_slot(row.path, scenario), *row.interval)


def _slot(path: str, scenario: Scenario) -> Slot:
    faults = Faults("--vary")
    slot = find_slot(path, scenario, faults)
    faults.raise_any()
    return cast("Slot", slot)  # None comes with a fault

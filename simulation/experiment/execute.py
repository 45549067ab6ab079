"""From a scenario to records: equal cost first, then every policy at every seed, in blocks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from simulation.engine import BLOCK_ELEMENTS, Block, Course, levers_used, run_block, warm_up
from simulation.errors import ScenarioError
from simulation.experiment.equal_cost import equalise
from simulation.records import Records
from simulation.scenario import Scenario

Progress = Callable[[int, int, str], None]
MOST_POLICIES = 64
EQUAL_COST_RUNS = 5
"""Runs that an equal-cost search usually takes: for the progress bar only."""


def run(scenario: Scenario, progress: Progress | None = None, *, what: str = "simulating") -> Records:
    """Simulate every policy of a scenario at every seed.

    Parameters
    ----------
    scenario : Scenario
        As read; promises of equal cost are kept before anything else runs.
    progress : called with (done, total, what), in rep-months
    what : str
        What progress calls the simulation proper.

    Returns
    -------
    Records
        With the scenario as resolved: settings that were moved stand in its policies.

    Raises
    ------
    ScenarioError
        When a promise of equal cost cannot be kept, or a `[firm]` has not been solved.
    """
    if scenario.firm is not None:
        raise ScenarioError(
            f"{scenario.source or scenario.name}: firm is not solved yet; call `scenario, firm = settle(scenario)` before `run`"
        )
    promised = sum(policy.equal_cost is not None for policy in scenario.policies)
    if promised:
        steps = EQUAL_COST_RUNS * promised * min(scenario.seed_count, 16) * scenario.seats * scenario.months
        scenario, moved = equalise(scenario, _counter(progress, steps, "making costs equal"))
    else:
        moved = {}
    total = scenario.months * scenario.seats * scenario.seed_count * len(scenario.policies)
    blocks = list(simulate(scenario, _counter(progress, total, what)))
    return Records(
        scenario,
        {key: np.concatenate([b.sums[key] for b in blocks], axis=1) for key in blocks[0].sums},
        {key: np.concatenate([b.groups[key] for b in blocks], axis=1) for key in blocks[0].groups},
        pd.concat([b.spells for b in blocks], ignore_index=True),
        moved,
    )


def simulate(
    scenario: Scenario, advance: Callable[[int], None] | None = None, *, elements: int = BLOCK_ELEMENTS
) -> Sequence[Block]:
    """One block a group of seeds, all policies in it; `elements` sets its size and changes no result."""
    p, baseline = scenario.parameters, scenario.policy(scenario.baseline).levers
    used = levers_used([policy.levers for policy in scenario.policies])
    courses = [Course(policy.levers, policy.starts) for policy in scenario.policies]
    together = min(len(courses), MOST_POLICIES)
    stride = max(1, elements // (together * scenario.seats))
    seeds = list(scenario.seeds)
    done = []
    for first in range(0, len(seeds), stride):
        some = seeds[first : first + stride]
        start = warm_up(baseline, used, p, some, scenario.seats)
        parts = []
        for k in range(0, len(courses), together):
            row = courses[k : k + together]
            part = run_block(
                start.for_policies(len(row)), row, baseline, used, p, seeds=some, months=scenario.months, advance=advance
            )
            part.spells["policy"] += k
            parts.append(part)
        done.append(_joined(parts))
    return done


def _joined(parts: Sequence[Block]) -> Block:
    """The blocks of some policies as one, along the policy axis."""
    if len(parts) == 1:
        return parts[0]
    return Block(
        {key: np.concatenate([part.sums[key] for part in parts]) for key in parts[0].sums},
        {key: np.concatenate([part.groups[key] for part in parts]) for key in parts[0].groups},
        pd.concat([part.spells for part in parts], ignore_index=True),
    )


def _counter(progress: Progress | None, total: int, what: str) -> Callable[[int], None] | None:
    """A function that adds up what is done and reports it."""
    if progress is None:
        return None
    done = 0

    def advance(elements: int) -> None:
        nonlocal done
        done += elements
        progress(min(done, total), total, what)

    return advance

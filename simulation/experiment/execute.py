"""From a scenario to records: equal cost first, then every policy at every seed, in blocks, over one process or many."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace

import numpy as np
import pandas as pd

from simulation.engine import BLOCK_ELEMENTS, Block, Course, levers_used, run_block, warm_up
from simulation.experiment.equal_cost import SEEDS, equalise
from simulation.experiment.workers import Advance, Workers, workers
from simulation.records import Moved, Records
from simulation.scenario import Scenario

Progress = Callable[[int, int, str], None]
MOST_POLICIES = 64
EQUAL_COST_RUNS = 5
"""Runs that an equal-cost search usually takes: for the progress bar, and to tell whether work is large."""


def run(
    scenario: Scenario, progress: Progress | None = None, *, what: str = "simulating", processes: int | Workers | None = None
) -> Records:
    """Simulate every policy of a scenario at every seed.

    Where the scenario carries draws of parameters, each seed with its draw, and once more at point values.

    Parameters
    ----------
    scenario : Scenario
        As read; promises of equal cost are kept before anything else runs.
    progress : called with (done, total, what), in rep-months
    what : str
        What progress calls the simulation proper.
    processes : int or Workers, optional
        How many processes share the work, or the workers of a `with workers(...)` block that serves several runs.
        Left out: one a core when the work is large, else this process alone. The records are the same, bit for bit.

    Returns
    -------
    Records
        With the scenario as resolved: settings that were moved stand in its policies. `point` has the run at point values.

    Raises
    ------
    ScenarioError
        When a `[firm]` has not been solved, a promise of equal cost cannot be kept, or the number of processes is absurd.
    RunError
        When a worker dies.
    """
    scenario.require_settled()
    scenario = replace(scenario, own_seeds={})  # all policies at all seeds
    with crew_for(scenario, processes) as crew:
        promised = promised_work(scenario)
        if promised:
            scenario, moved = equalise(scenario, counter(progress, promised, "making costs equal"), crew)
        else:
            moved = {}
        advance = counter(progress, main_work(scenario), what)
        records = _records(scenario, simulate(scenario, advance, crew=crew), moved)
        if scenario.draws is None:
            return records
        point = scenario.luck_only()
        return replace(records, point=_records(point, simulate(point, advance, crew=crew), moved))


def _records(scenario: Scenario, blocks: Sequence[Block], moved: Mapping[str, Moved]) -> Records:
    """Blocks of seeds side by side."""
    spells = pd.concat([b.spells for b in blocks])
    return Records(
        scenario,
        {key: np.concatenate([b.sums[key] for b in blocks], axis=1) for key in blocks[0].sums},
        {key: np.concatenate([b.groups[key] for b in blocks], axis=1) for key in blocks[0].groups},
        spells.sort_values(["policy", "seed"], kind="stable", ignore_index=True),  # the same however seeds were grouped
        moved,
    )


def main_work(scenario: Scenario) -> int:
    """Work [rep-months] of simulating a scenario once its costs are equal, twice where parameters are drawn."""
    once = scenario.months * scenario.seats * scenario.seed_count * len(scenario.policies)
    return once if scenario.draws is None else 2 * once


def promised_work(scenario: Scenario) -> int:
    """Work [rep-months] of making costs equal, roughly; 0 when no policy promises it."""
    promised = sum(policy.equal_cost is not None for policy in scenario.policies)
    return EQUAL_COST_RUNS * promised * min(scenario.seed_count, SEEDS) * scenario.seats * scenario.months


def crew_for(scenario: Scenario, processes: int | Workers | None, *, runs: int = 1) -> AbstractContextManager[Workers]:
    """The workers for a scenario that is run `runs` times, its costs made equal once; workers given stay as they are."""
    if isinstance(processes, Workers):
        return nullcontext(processes)
    ahead = promised_work(scenario) + runs * main_work(scenario)
    tasks = scenario.seed_count * -(-len(scenario.policies) // MOST_POLICIES)
    return workers(processes, rep_months=ahead, side_by_side=tasks)


def simulate(
    scenario: Scenario, advance: Advance | None = None, *, elements: int = BLOCK_ELEMENTS, crew: Workers | None = None
) -> Sequence[Block]:
    """One block a group of seeds, all policies in it; neither its size, set by `elements`, nor the workers change a result."""
    crew = crew or Workers(1)
    policies = len(scenario.policies)
    rows = [range(k, min(k + MOST_POLICIES, policies)) for k in range(0, policies, MOST_POLICIES)]
    groups = crew.shares(scenario.seeds, max(1, elements // (len(rows[0]) * scenario.seats)))
    done = crew.each(_block, [(scenario, row, seeds) for seeds in groups for row in rows], advance)
    return [_joined(done[k : k + len(rows)]) for k in range(0, len(done), len(rows))]


def _block(scenario: Scenario, row: Sequence[int], seeds: Sequence[int], advance: Advance | None) -> Block:
    """Some policies, by their places, at some seeds, from the warm-up on."""
    p, baseline = scenario.parameters_at(seeds), scenario.policy(scenario.baseline).levers
    used = levers_used([policy.levers for policy in scenario.policies])
    courses = [Course.of(policy) for policy in (scenario.policies[k] for k in row)]
    start = warm_up(baseline, used, p, seeds, scenario.seats).for_policies(len(courses))
    return run_block(start, courses, baseline, used, p, seeds=seeds, months=scenario.months, advance=advance)


def _joined(parts: Sequence[Block]) -> Block:
    """The blocks of some policies as one, along the policy axis."""
    if len(parts) == 1:
        return parts[0]
    first = np.cumsum([0, *(len(part.sums["seats"]) for part in parts)])
    return Block(
        {key: np.concatenate([part.sums[key] for part in parts]) for key in parts[0].sums},
        {key: np.concatenate([part.groups[key] for part in parts]) for key in parts[0].groups},
        pd.concat([part.spells.assign(policy=part.spells["policy"] + k) for k, part in zip(first, parts, strict=False)]),
    )


def counter(progress: Progress | None, total: int, what: str) -> Advance | None:
    """A function that adds up the rep-months done and reports them; None where nobody listens."""
    if progress is None:
        return None
    done = 0

    def advance(elements: int) -> None:
        nonlocal done
        done += elements
        progress(min(done, total), total, what)

    return advance

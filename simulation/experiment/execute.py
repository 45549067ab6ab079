"""From a scenario to records: equal cost first, then every policy at every seed, in blocks, over one process or many."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace

from simulation.engine import BLOCK_ELEMENTS, Block
from simulation.experiment.batch.batch import MOST_ROWS, Batch, months, months_of_each
from simulation.experiment.batch.equal_cost import SEEDS, equalise
from simulation.experiment.batch.foresight import Foresight
from simulation.experiment.batch.variants import Variant, rep_months_of
from simulation.experiment.work.workers import Advance, Workers, workers
from simulation.records import Records
from simulation.rep_months import LEDGER_SEEDS, Ledger, joined
from simulation.scenario import Scenario

Progress = Callable[[int, int, str], None]
EQUAL_COST_RUNS = 5
"""Runs that an equal-cost search usually takes: for the progress bar, and to tell whether work is large."""


def run(
    scenario: Scenario,
    progress: Progress | None = None,
    *,
    what: str = "simulating",
    processes: int | Workers | None = None,
    ledger: bool = True,
    foresee: bool = False,
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
    ledger : bool
        Whether the baseline's rep-months are kept, at the first `LEDGER_SEEDS` seeds, so that its sales can be paid again.
    foresee : bool
        Whether a search for equal costs simulates ahead what will probably be asked for next, see `foresight`: sooner done where
        the workers keep cells, and more work.

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
            heard = counter(progress, promised, "making costs equal")
            costs = Foresight(_worlds(scenario), crew, heard) if foresee else None
            scenario, moved = equalise(scenario, heard, crew, costs)
        else:
            moved = {}
        advance = counter(progress, main_work(scenario), what)
        worlds = _worlds(scenario)
        blocks = months_of_each([_batch(world) for world in worlds], crew, advance)
        records, *point = [
            Records(
                world, block.sums, block.groups, block.spells, moved, ledger=baseline_ledger(world, crew) if ledger else {}
            )
            for world, block in zip(worlds, blocks, strict=True)
        ]  # fmt: skip
        return replace(records, point=point[0]) if point else records


def _worlds(scenario: Scenario) -> list[Scenario]:
    """A scenario, and the same at point values where parameters are drawn."""
    return [scenario] if scenario.draws is None else [scenario, scenario.luck_only()]


def baseline_ledger(scenario: Scenario, crew: Workers) -> Ledger:
    """The baseline's rep-months at the first `LEDGER_SEEDS` seeds."""
    batch = Batch.of(scenario, [Variant(scenario.policy(scenario.baseline))])
    groups = crew.shares(scenario.seeds[:LEDGER_SEEDS], LEDGER_SEEDS)
    return joined(crew.each(rep_months_of, [(batch.ground, tuple(seeds)) for seeds in groups]))


def _batch(scenario: Scenario) -> Batch:
    """All policies of a scenario at all its seeds."""
    return Batch.of(scenario, [Variant(policy) for policy in scenario.policies])


def main_work(scenario: Scenario) -> int:
    """Work [rep-months] of simulating a scenario once its costs are equal, twice where parameters are drawn."""
    once = scenario.months * scenario.seats * scenario.seed_count * len(scenario.policies)
    return once if scenario.draws is None else 2 * once


def promised_work(scenario: Scenario, promised: int | None = None) -> int:
    """Work [rep-months] of making costs equal, roughly, for so many promises or those of its policies; 0 when there is none."""
    if promised is None:
        promised = sum(policy.equal_cost is not None for policy in scenario.policies)
    return EQUAL_COST_RUNS * promised * min(scenario.seed_count, SEEDS) * scenario.seats * scenario.months


def crew_for(scenario: Scenario, processes: int | Workers | None, *, runs: int = 1) -> AbstractContextManager[Workers]:
    """The workers for a scenario that is run `runs` times, its costs made equal once; workers given stay as they are."""
    if isinstance(processes, Workers):
        return nullcontext(processes)
    ahead = promised_work(scenario) + runs * main_work(scenario)
    tasks = scenario.seed_count * -(-len(scenario.policies) // MOST_ROWS)
    return workers(processes, rep_months=ahead, side_by_side=tasks)


def simulate(
    scenario: Scenario, advance: Advance | None = None, *, elements: int = BLOCK_ELEMENTS, crew: Workers | None = None
) -> Block:
    """All policies at all seeds; neither the size of blocks, set by `elements`, nor the workers change a result."""
    return months(_batch(scenario), crew or Workers(1), advance, elements=elements)


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

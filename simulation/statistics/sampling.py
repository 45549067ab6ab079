"""A run whose number of seeds is found on the way: seeds are added until it is decided, or until intervals are narrow enough."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from simulation.experiment.batch.ragged import part_of, put_together
from simulation.experiment.execute import Progress, crew_for, run
from simulation.records import Records
from simulation.statistics.measures import measure
from simulation.statistics.selection import Asked
from simulation.statistics.stopping import Stopping, add_seeds
from simulation.vocabulary import Array

if TYPE_CHECKING:
    from simulation.experiment.work.workers import Workers
    from simulation.scenario import Scenario
    from simulation.scenario.until import Until

LIKELY_LOOKS = 4
"""Seeds to plan for, in those of the first look: what tells whether the work is large."""


def run_until(
    scenario: Scenario,
    until: Until,
    progress: Progress | None = None,
    *,
    processes: int | Workers | None = None,
) -> tuple[Records, Stopping]:
    """Simulate a scenario with as many seeds as the question takes.

    Parameters
    ----------
    scenario : Scenario
        As read; its number of seeds plays no part.
    until : Until
        What seeds are added for, from how many on and how many at most, and with what error rate.
    progress : called with (done, total, what), in rep-months, for each lot of seeds
    processes : int or Workers, optional
        As for `run`.

    Returns
    -------
    Records
        Of all policies. One that was settled out has NaN at the seeds that came after, and `records.scenario.own_seeds` says how
        many it has; each seed it has is, bit for bit, that of a run with all policies.
    Stopping
        How it came to stop.

    Raises
    ------
    ScenarioError, RunError
        As `run`.
    """
    first = replace(scenario, seed_count=until.start, own_seeds={})
    parts: list[Records] = []
    with crew_for(replace(first, seed_count=LIKELY_LOOKS * until.start), processes) as crew:

        def simulate(policies: Sequence[str], seeds: range) -> Mapping[str, Array]:
            what = f"adding seeds {seeds.start + 1} to {seeds.stop} to {len(policies)} policies" if parts else "simulating"
            ahead = part_of(parts[0].scenario, policies, seeds) if parts else first
            parts.append(run(ahead, progress, what=what, processes=crew, ledger=not parts))
            return {key: measure(parts[-1], key) for key in wanted}

        asked = Asked.of(scenario, until.error)
        wanted = tuple(until.widths) or asked.measures
        _, stopping = add_seeds(simulate, [policy.key for policy in scenario.policies], asked, until)
    return put_together(parts[0].scenario, parts), stopping

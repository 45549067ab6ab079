"""A search for equal costs that runs ahead of itself, where somebody waits for what comes after it.

A few rows more in a block cost little, and a round of small blocks costs most of what a large one does. So with the first look
the second is simulated, whichever way it goes; and from the third on, which usually is the last, a look simulates all that will
be asked for if it is: every seed, with drawn parameters and at their points. What was foreseen wrongly stays unused. It pays
where cells are kept; costs, and so the settings found, are the same to the last bit.
"""

from __future__ import annotations

from collections.abc import Sequence

from simulation.experiment.batch.batch import Batch, months_of_each
from simulation.experiment.batch.equal_cost import first_steps, simulated_costs, whole_cost
from simulation.experiment.batch.variants import Variant
from simulation.experiment.work.workers import Advance, Workers
from simulation.records import Records
from simulation.scenario import Scenario
from simulation.vocabulary import Array

GOAL, FIRST, SECOND = range(3)
"""What a search asks for in turn: the costs to be met, and its first two looks."""


class Foresight:
    """Costs of variants for one search, see `equal_cost.Costs`.

    worlds : the scenario that is simulated once costs are equal, and the same at point values where parameters are drawn
    """

    def __init__(self, worlds: Sequence[Scenario], crew: Workers, advance: Advance | None = None) -> None:
        self._worlds, self._crew, self._advance = worlds, crew, advance
        self._simulated = simulated_costs(crew, advance)
        self._asked = 0

    def __call__(self, search: Scenario, variants: Sequence[Variant]) -> Array:
        """Total cost (variant, seed) at the seeds of a search, in usd."""
        turn, self._asked = self._asked, self._asked + 1
        if turn == FIRST:
            ahead = [Variant(policy, variant.moved) for variant in variants for policy in first_steps(variant.policy)]
            return self._simulated(search, [*variants, *ahead])[: len(variants)]
        if turn <= SECOND:
            return self._simulated(search, variants)
        batches = [Batch.of(world, variants) for world in self._worlds]
        block = months_of_each(batches, self._crew, self._advance)[0]
        costs: Array = whole_cost(Records(search, block.sums, block.groups, block.spells))[0, :, : search.seed_count]
        return costs

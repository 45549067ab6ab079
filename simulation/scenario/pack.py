"""An industry pack under its ordinary plan alone, as a scenario: what its headline numbers speak of."""

from __future__ import annotations

from collections.abc import Mapping

from simulation.evidence.read import shipped_parameters
from simulation.levers import catalogue
from simulation.scenario.faults import Faults
from simulation.scenario.policy import Policy, Scenario
from simulation.scenario.world import overlay, read_world, world_file

ORDINARY = "ordinary"
MONTHS, SEATS, FIRST_SEED, SEEDS = 36, 630, 301, 24
"""Size of the run, with seeds that no pack is solved on."""


def pack_scenario(name: str) -> tuple[Scenario, Mapping[str, float]]:
    """A shipped pack's ordinary plan as the only policy, `ordinary`, and the headline numbers that the pack asks for."""
    path = world_file(name)
    faults = Faults(path.name)
    world = read_world(path, f"worlds/{path.name}", faults)
    parameters = overlay(shipped_parameters(), world, faults)
    faults.raise_any()
    plan = {key: world.ordinary.get(key, kind()) for key, kind in catalogue().items()}
    scenario = Scenario(
        title=world.title, question="", name=f"pack_{path.stem}", world=(world.name,), parameters=parameters, baseline=ORDINARY,
        months=MONTHS, seats=SEATS, first_seed=FIRST_SEED, seed_count=SEEDS, objective="contribution", require={}, material={},
        stress=(), policies=(Policy(ORDINARY, "Ordinary plan", 0, plan),), packs=(world.name,),
    )  # fmt: skip
    return scenario, {key: number.value for key, number in world.asked.items()}

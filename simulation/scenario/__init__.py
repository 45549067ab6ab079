"""Scenarios: a question, a world and the policies to compare, as checked settings.

`read_scenario` turns a TOML file into a `Scenario`, or refuses it with every fault at once.
"""

from simulation.scenario.expectations import Expectation
from simulation.scenario.expected import expected_names, read_expected
from simulation.scenario.files import shipped_scenarios, shipped_studies
from simulation.scenario.pack import pack_scenario
from simulation.scenario.policy import EqualCost, Material, Policy, Scenario
from simulation.scenario.read import read_scenario, read_scenario_text
from simulation.scenario.schema import scenario_schema
from simulation.scenario.starter import starter_text, write_starter
from simulation.scenario.world import (
    World,
    find_world,
    overlay,
    read_world,
    shipped_packs,
    shipped_worlds,
    stressed,
    within,
    world_file,
)
from simulation.scenario.written import scenario_toml

__all__ = [
    "EqualCost",
    "Expectation",
    "Material",
    "Policy",
    "Scenario",
    "World",
    "expected_names",
    "find_world",
    "overlay",
    "pack_scenario",
    "read_expected",
    "read_scenario",
    "read_scenario_text",
    "read_world",
    "scenario_schema",
    "scenario_toml",
    "shipped_packs",
    "shipped_scenarios",
    "shipped_studies",
    "shipped_worlds",
    "starter_text",
    "stressed",
    "within",
    "world_file",
    "write_starter",
]

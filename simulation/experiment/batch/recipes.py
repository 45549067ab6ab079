"""What a cell consists of, as JSON holds it, and back: so that any cell can be found again, and simulated again years later.

A world's recipe holds all that the variants of a batch share and that their numbers depend on; a variant's holds the rest.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import blake2b
from typing import Any

import numpy as np

from simulation.errors import ScenarioError
from simulation.evidence.ensemble import shipped_ensemble
from simulation.evidence.read import Parameters, Row, shipped_parameters
from simulation.experiment.batch.variants import Variant
from simulation.experiment.digests import engine_digest, fingerprint, source_digest
from simulation.levers import catalogue
from simulation.scenario import Policy, Scenario
from simulation.scenario.faults import Faults
from simulation.scenario.settings import as_plain, build_lever

ENGINE, CODE, FLOATS, KEPT = "engine", "code", "floating_point", "kept"
CELL_CODE = (
    "experiment/batch/batch.py", "experiment/cells/contents.py", "experiment/batch/recipes.py", "experiment/batch/tasks.py",
    "experiment/batch/variants.py", "scenario/policy.py", "scenario/settings.py",
)  # fmt: skip
"""Code outside the engine that makes a cell's numbers of recipes, and bytes of them."""


def world_recipe(scenario: Scenario, kept: Any) -> dict[str, Any]:
    """What all variants share; `scenario` has the baseline alone among its policies, `kept` says what is kept of a cell."""
    drawn = scenario.drawn()
    draws = None
    if scenario.draws is not None and drawn is not None:
        values = {".".join(key): value for key, value in drawn.values.items()}
        joined = blake2b(b"".join(np.ascontiguousarray(values[name]).tobytes() for name in sorted(values)), digest_size=16)
        draws = {"ensemble": scenario.draws.digest, "values": sorted(values), "digest": joined.hexdigest()}
    return {
        "baseline": policy_recipe(scenario.policy(scenario.baseline)),
        "months": scenario.months,
        "seats": scenario.seats,
        "parameters": {row.path: _row_recipe(row) for row in scenario.parameters.rows.values()},
        "conditions": {name: as_plain(path) for name, path in scenario.parameters.conditions.items()},
        "packs": list(scenario.packs),
        "draws": draws,
        KEPT: kept,
        ENGINE: engine_digest(),
        CODE: source_digest(*CELL_CODE),
        FLOATS: fingerprint(),
    }


def _row_recipe(row: Row) -> list[Any]:
    return [as_plain(row.value), row.status, row.low, row.high]


def variant_recipe(variant: Variant) -> dict[str, Any]:
    """What a variant adds: its policy, and the parameters with other values."""
    return {"policy": policy_recipe(variant.policy), "moved": [[*key, value] for key, value in sorted(variant.moved)]}


def policy_recipe(policy: Policy) -> dict[str, Any]:
    """When a policy holds, and the settings of the levers that it uses; names and labels move no number."""
    levers = {
        key: {name: as_plain(getattr(lever, name)) for name in type(lever).model_fields}
        for key, lever in policy.levers.items()
        if not lever.is_neutral()
    }
    return {"starts": policy.starts, "ends": policy.ends, "levers": levers}


def variant_of(world: dict[str, Any], own: dict[str, Any]) -> tuple[Scenario, Variant]:
    """The scenario, of one seed, and the variant that recipes describe.

    Raises ScenarioError when they hold what this version of orgsim does not know.
    """
    try:
        baseline = _policy("baseline", world["baseline"])
        variant = Variant(_policy("variant", own["policy"]), tuple(((group, name), value) for group, name, value in own["moved"]))
        draws = shipped_ensemble() if world["draws"] else None
        scenario = Scenario(
            title="", question="", name="cell", world=(), parameters=_parameters(world), baseline=baseline.key,
            months=world["months"], seats=world["seats"], first_seed=0, seed_count=1, objective="contribution",
            require={}, material={}, stress=(), policies=(baseline,), packs=tuple(world["packs"]), draws=draws,
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, ScenarioError) as problem:
        other = "this run's cells were made by another version of orgsim and cannot be made here"
        raise ScenarioError(f"{other} ({problem})") from None
    return scenario, variant


def _policy(key: str, recipe: dict[str, Any]) -> Policy:
    faults = Faults("cell")
    levers = {name: build_lever(lever, recipe["levers"].get(name, {}), name, faults) for name, lever in catalogue().items()}
    unknown = sorted(set(recipe["levers"]) - set(levers))
    if unknown:
        raise ScenarioError(f"there is no lever {unknown[0]}; name its folder with --levers")
    faults.raise_any()
    return Policy(key, key, recipe["starts"], levers, ends=recipe["ends"])


def _parameters(world: dict[str, Any]) -> Parameters:
    rows: dict[tuple[str, str], Row] = {}
    for key, row in shipped_parameters().rows.items():
        given = world["parameters"][row.path]
        value, status, low, high = given
        rows[key] = row if _row_recipe(row) == given else replace(row, value=value, status=status, low=low, high=high)
    conditions = {name: tuple(tuple(step) for step in path) for name, path in world["conditions"].items()}
    return Parameters(rows, conditions)

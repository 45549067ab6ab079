"""The scenarios that come with orgsim to be judged: the claims of a management essay, and general statements."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from simulation.errors import ScenarioError
from simulation.scenario.expectations import Expectation
from simulation.scenario.faults import suggestion
from simulation.scenario.files import shipped_scenarios
from simulation.scenario.policy import Scenario
from simulation.scenario.read import read_scenario

FOLDERS = ("claims", "statements")


def read_expected(only: Sequence[str] = (), folder: Path | None = None) -> tuple[Scenario, ...]:
    """Every scenario with expectations, in the order of their ids; they are judged at point values of all parameters.

    Parameters
    ----------
    only : ids, optional
        Keep these expectations alone; "S12" stands for "S12a" and "S12b" as well.
    folder : Path, optional
        Holds `claims/*.toml` and `statements/*.toml`; left out, the scenarios that come with orgsim.

    Raises
    ------
    ScenarioError
        With the faults of all files, or when an id is unknown or used by two files.
    """
    home = folder or shipped_scenarios()
    files = [path for name in FOLDERS for path in sorted((home / name).glob("*.toml"))]
    found: list[Scenario] = []
    faults: list[str] = []
    for path in files:
        try:
            found.append(read_scenario(path, luck_only=True))
        except ScenarioError as refusal:
            faults += refusal.faults
    faults += _twice(found)
    if faults:
        raise ScenarioError(faults)
    return _chosen([scenario for scenario in found if scenario.expect], only)


def expected_names(scenarios: Sequence[Scenario]) -> frozenset[str]:
    """What may be chosen of these: the ids of their expectations, with and without the small letter at the end."""
    ids = [one.id for scenario in scenarios for one in scenario.expect]
    return frozenset([*ids, *(_without_letter(one) for one in ids)])


def _chosen(scenarios: Sequence[Scenario], only: Sequence[str]) -> tuple[Scenario, ...]:
    ids = [one.id for scenario in scenarios for one in scenario.expect]
    unknown = [name for name in only if not any(_named(one, name) for one in ids)]
    if unknown:
        raise ScenarioError([f'--only: "{name}" is the id of no claim or statement; {suggestion(name, ids)}' for name in unknown])
    kept = []
    for scenario in scenarios:
        own = tuple(one for one in scenario.expect if not only or any(_named(one.id, name) for name in only))
        if own:
            kept.append(replace(scenario, expect=tuple(sorted(own, key=_order))))
    return tuple(sorted(kept, key=lambda scenario: _order(scenario.expect[0])))


def _named(own: str, name: str) -> bool:
    """Whether a name means this id: the id itself, or without the small letter at its end."""
    return name in (own, _without_letter(own))


def _without_letter(own: str) -> str:
    return re.sub(r"[a-z]$", "", own)


def _order(one: Expectation) -> tuple[bool, str, int, str]:
    """Claims before statements, and numbers in their order: S2 before S10."""
    found = re.fullmatch(r"([A-Z])([0-9]+)([a-z]?)", one.id)
    letter, number, part = found.groups() if found else (one.id, "0", "")
    return one.is_statement, letter, int(number), part


def _twice(scenarios: Sequence[Scenario]) -> list[str]:
    owner: dict[str, str] = {}
    faults = []
    for scenario in scenarios:
        for one in scenario.expect:
            first = owner.setdefault(one.id, scenario.source or scenario.name)
            if first != (scenario.source or scenario.name):
                faults.append(f'{scenario.source}: expect id "{one.id}" is used in {first} as well; write another')
    return faults

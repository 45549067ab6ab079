"""Worlds: what no policy can change, as overlays of parameter rows on those orgsim ships.

A world file may hold rows `[group.name]`, market conditions (`[demand] multiple = [[0, 1.0], [3, 0.8]]`),
the headline numbers an industry pack was asked to show (`[asked.NAME]`) and its ordinary plan (`[ordinary.LEVER]`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from simulation.errors import ScenarioError
from simulation.evidence.read import CONDITIONS, STATUSES, Parameters, overlay_rows
from simulation.levers import catalogue
from simulation.levers.base import Lever
from simulation.scenario.faults import Faults, join, literal, shown
from simulation.scenario.files import find_below, name_fault, read_toml, shipped_scenarios
from simulation.scenario.policy import Scenario
from simulation.scenario.settings import build_lever
from simulation.scenario.values import KEY

STRESS_SHARE = 4
"""A stress world is run with one seed in so many."""


@dataclass(frozen=True)
class Asked:
    """A headline number that a pack's baseline is meant to show."""

    value: float
    unit: str
    status: str
    source: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class World:
    """A world file as read: its own words, and the tables that overlay parameters."""

    name: str
    title: str = ""
    note: str = ""
    asked: Mapping[str, Asked] = field(default_factory=dict)
    ordinary: Mapping[str, Lever] = field(default_factory=dict)  # levers that the pack's ordinary plan sets
    tables: Mapping[str, Any] = field(default_factory=dict)


def find_world(name: str, folder: Path | None, faults: Faults, path: str) -> Path | None:
    """The file of a world named in a scenario: below the scenario's folder first, then among the shipped ones."""
    wrong = name_fault(name)
    if wrong:
        faults.add(path, f"= {literal(name)} {wrong}")
        return None
    folders = [*([folder] if folder else []), shipped_scenarios()]
    found = find_below(name, folders)
    if found is None:
        known = sorted({f"worlds/{file.name}" for base in folders for file in (base / "worlds").glob("*.toml")})
        faults.unknown_value(path, name, known, "world that can be found")
    return found


def full_name(name: str) -> str:
    """The name of a world as a file writes it, where somebody wrote that of a shipped one without folder and ending."""
    return f"worlds/{name}.toml" if KEY.fullmatch(name) else name


def shipped_worlds() -> dict[str, Path]:
    """The files of the worlds that orgsim ships, by name."""
    return {file.stem: file for file in sorted((shipped_scenarios() / "worlds").glob("*.toml"))}


def shipped_packs() -> dict[str, World]:
    """The industry packs among them: the worlds that are asked to show headline numbers."""
    faults = Faults("orgsim")
    worlds = {name: read_world(file, f"worlds/{file.name}", faults) for name, file in shipped_worlds().items()}
    faults.raise_any()
    return {name: world for name, world in worlds.items() if world.asked}


def world_file(name: str) -> Path:
    """The file of a world named on the command line: a path, or a shipped world with or without folder and ending."""
    path = Path(name)
    if path.is_file():
        if "policies" in read_toml(path, name)[0]:
            raise ScenarioError(f"{shown(name)}: this is a scenario, not a world; name a world's file or a shipped world")
        return path
    worlds = shipped_scenarios() / "worlds"
    shipped = worlds / f"{path.stem}.toml"
    if shipped.is_file() and name in (path.stem, shipped.name, f"worlds/{shipped.name}"):
        return shipped
    faults = Faults("orgsim")
    faults.unknown_value("world", name, sorted(file.stem for file in worlds.glob("*.toml")), "file and no shipped world")
    raise ScenarioError(faults.told)


def read_world(path: Path, name: str, faults: Faults) -> World:
    """A world from its file; what is wrong with it goes to `faults`."""
    tables, found = read_toml(path, name)
    title, note = (_text(tables, key, found) for key in ("title", "note"))
    tables.pop("fitted", None)  # how a calibration came to the rows
    asked = {key: _asked(entry, join("asked", key), found) for key, entry in _table(tables, "asked", found).items()}
    levers = catalogue()
    ordinary = {}
    for key, values in _table(tables, "ordinary", found).items():
        if key not in levers:
            found.unknown_key("ordinary", key, levers, "lever")
        elif not isinstance(values, dict):
            found.wrong(join("ordinary", key), values, "", f"a table of settings; see `orgsim levers {key}`")
        else:
            ordinary[key] = build_lever(levers[key], values, f"ordinary.{key}", found)
    faults.take(found.told)
    return World(name, title, note, {key: entry for key, entry in asked.items() if entry}, ordinary, tables)


def overlay(base: Parameters, world: World, faults: Faults) -> Parameters:
    """The parameters with a world's rows and conditions laid over them."""
    known = {group for group, _ in base.rows} | set(CONDITIONS)
    named = sorted(known | {"asked", "ordinary", "title", "note"})
    faults.at(world.name).unknown_keys(
        {group: "" for group in world.tables if group not in known}, named, "", "group of parameters or market condition"
    )
    tables = {group: entries for group, entries in world.tables.items() if group in known}
    parameters, found = overlay_rows(base, tables, world.name)
    faults.take(found)
    return parameters


def read_worlds(names: Sequence[str], folder: Path | None, faults: Faults, key: str) -> list[World]:
    """The worlds a scenario names under `key`, in its order; those that cannot be found are told and left out."""
    worlds = []
    for place, name in enumerate(names):
        path = find_world(name, folder, faults, f"{key}[{place}]")
        if path is not None:
            worlds.append(read_world(path, name, faults))
    return worlds


def stressed(scenario: Scenario, world: str) -> Scenario:
    """The scenario in one of its stress worlds: a quarter of the seeds, policies as they stand, costs not made equal anew."""
    return replace(within(scenario, [world], "stress"), seed_count=max(1, scenario.seed_count // STRESS_SHARE))


def within(scenario: Scenario, worlds: Sequence[str], key: str) -> Scenario:
    """The scenario with more worlds laid over its own, those named under `key`; its policies stay as they stand."""
    faults = Faults(scenario.source or scenario.name)
    folder = Path(scenario.source).parent if scenario.source else None
    parameters = scenario.parameters
    for found in read_worlds(worlds, folder, faults, key):
        parameters = overlay(parameters, found, faults)
    faults.raise_any()
    return replace(
        scenario, world=(*scenario.world, *worlds), parameters=parameters, stress=(), own_seeds={},
        policies=tuple(replace(policy, equal_cost=None) for policy in scenario.policies),
    )  # fmt: skip


def _text(tables: dict[str, Any], key: str, faults: Faults) -> str:
    value = tables.pop(key, "")
    if not isinstance(value, str):
        faults.wrong(key, value, "", "a text")
        return ""
    return value


def _table(tables: dict[str, Any], key: str, faults: Faults) -> dict[str, Any]:
    value = tables.pop(key, {})
    if not isinstance(value, dict):
        faults.wrong(key, value, "", f"tables [{key}.NAME]")
        return {}
    return value


def _asked(entry: Any, path: str, faults: Faults) -> Asked | None:
    wanted = 'a table such as { value = 0.2, unit = "1/year", status = "estimated", source = ["KEY"] }'
    if not isinstance(entry, dict):
        faults.wrong(path, entry, "", wanted)
        return None
    faults.unknown_keys(entry, ("value", "unit", "status", "source", "note"), path, "field of a number asked for")
    value: Any = entry.get("value")
    unit, status, note = (entry.get(key) for key in ("unit", "status", "note"))
    source = entry.get("source", [])
    number = float(value) if type(value) in (int, float) else None
    if number is None or not isinstance(unit, str) or not isinstance(note, str | None):
        faults.wrong(path, entry, "", wanted)
        return None
    if status not in STATUSES or not isinstance(source, list) or not all(isinstance(key, str) for key in source):
        faults.wrong(path, entry, "", f"a status of {', '.join(STATUSES)} and a list of sources: {wanted}")
        return None
    return Asked(number, unit, status, tuple(source), note or "")

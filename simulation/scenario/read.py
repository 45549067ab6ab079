"""From a TOML file to a `Scenario`: words to checked settings, or every fault at once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from simulation.evidence.ensemble import shipped_ensemble
from simulation.evidence.measures import MEASURES
from simulation.evidence.read import Parameters, shipped_parameters
from simulation.scenario import values
from simulation.scenario.expectations import Expectation, read_expectations
from simulation.scenario.faults import Faults
from simulation.scenario.files import LARGEST_FILE, decoded, parse_toml, read_toml, scenario_file, shipped_scenarios
from simulation.scenario.firm import CURRENCY, MOST_SEATS, check_owned, place_firm, read_firm
from simulation.scenario.policies import RESERVED, read_policies
from simulation.scenario.policy import Firm, Material, Scenario
from simulation.scenario.set_option import OPTION, Changes, parse_changes
from simulation.scenario.size import check_size
from simulation.scenario.world import full_name, overlay, read_worlds

MOST_MONTHS = 600
MOST_SEEDS = 100_000
LAST_SEED = 2_000_000_000
DEFAULTS: Mapping[str, Any] = {
    "months": 60, "seats": 200, "objective": "contribution", "seeds": {"first": 2026, "count": 64},
}  # fmt: skip
KEYS = (
    "title", "question", "world", "baseline", "months", "seats", "seeds",
    "objective", "require", "material", "stress", "policies", "firm", "expect",
)  # fmt: skip
MATERIAL_TURNOVER = Material(0.01, relative=False)
MATERIAL_MONEY = Material(0.01, relative=True)
SHIPPED_STUDY = "status_quo.toml"


def read_scenario(
    path: str | Path | None = None,
    *,
    settings: Sequence[str] = (),
    months: int | None = None,
    seats: int | None = None,
    seeds: int | None = None,
    baseline: str | None = None,
    world: Sequence[str] | None = None,
    luck_only: bool = False,
) -> Scenario:
    """A scenario from its file, with changes as if the file had said so.

    Parameters
    ----------
    path : path of a TOML file, or the name of a study that comes with orgsim
        None reads the status-quo study.
    settings : texts `PATH=VALUE`, in any order
        `policies.P.LEVER.SETTING`, `world.GROUP.NAME`, `parameters.RULE.NAME` or `firm.NAME`, and a value as TOML writes it;
        `none` for a setting that may be absent. `policies.P.LEVER=off` or `typical` sets a whole lever, `policies.P=off` leaves a
        policy out, `policies.NEW.like=P` adds a copy of P as it stands in the file; `policies.P.label`, `starts`, `ends` and
        `equal_cost` are as in a file, `ends=none` and `equal_cost=off` take them away.
        A setting changes the policy named and no other, also not those that are `like` it.
    months, seats, seeds, baseline, world
        Instead of what the file says; `seeds` is their number, and `world` names files as a scenario does, or shipped worlds by
        their bare names.
    luck_only : bool
        Point values of all parameters at every seed. Otherwise each seed carries a draw of the shipped ensemble, if there is one.

    Raises
    ------
    ScenarioError
        With one sentence a fault; nothing else is raised, whatever the file holds.
    ParameterError
        When the shipped ensemble is damaged.
    """
    file = shipped_scenarios() / SHIPPED_STUDY if path is None else scenario_file(path)
    origin = _Origin(file.stem, str(file), file.parent)
    options = {"months": months, "seats": seats, "seeds": seeds, "baseline": baseline, "world": world}
    return _read(read_toml(file, str(file)), origin, settings, options, luck_only=luck_only)


def read_scenario_text(
    text: str,
    name: str,
    *,
    folder: Path | None = None,
    settings: Sequence[str] = (),
    months: int | None = None,
    seats: int | None = None,
    seeds: int | None = None,
    baseline: str | None = None,
    world: Sequence[str] | None = None,
    luck_only: bool = False,
) -> Scenario:
    """A scenario from the text of its file, as `read_scenario` reads one.

    Parameters
    ----------
    text : TOML
    name : what the file is called, without ending
    folder : Path, optional
        Where its worlds are looked for before the shipped ones; left out, the text can name shipped worlds alone.
    settings, months, seats, seeds, baseline, world, luck_only
        As for `read_scenario`, with the same refusals.
    """
    where = name if folder is None else str(folder / f"{name}.toml")
    origin = _Origin(name, None if folder is None else where, folder)
    content = text[: LARGEST_FILE + 1].encode("utf-8", "surrogatepass")
    options = {"months": months, "seats": seats, "seeds": seeds, "baseline": baseline, "world": world}
    return _read(parse_toml(decoded(content, where), where), origin, settings, options, luck_only=luck_only)


class _Origin(NamedTuple):
    """Whence a scenario comes: its name, its file if it has one, and the folder with worlds of its own."""

    name: str
    source: str | None
    folder: Path | None


def _read(
    parsed: tuple[dict[str, Any], Faults], origin: _Origin, settings: Sequence[str], options: Mapping[str, Any], *,
    luck_only: bool,
) -> Scenario:  # fmt: skip
    """The scenario of a parsed file, with what the options say instead."""
    tables, faults = parsed
    changes = parse_changes(settings, faults.at(OPTION))
    given = {name: value for name, value in options.items() if value is not None}
    places = {name: faults.at(f"--{name}") if name in given else faults for name in KEYS}
    scenario = _scenario(origin, _with_options(tables, given), changes, places)
    if not faults.told:
        check_size(scenario, faults)
    faults.raise_any()
    return scenario if luck_only else replace(scenario, draws=shipped_ensemble())


def _with_options(tables: dict[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The tables as if the file had said what the options say."""
    changed = {**tables, **given}
    if "world" in given:
        names = given["world"]
        changed["world"] = [full_name(name) for name in ([names] if isinstance(names, str) else names)]
    if "seeds" in given:
        before = tables.get("seeds")
        changed["seeds"] = {**(before if isinstance(before, dict) else {}), "count": given["seeds"]}
    if "seats" in given and isinstance(tables.get("firm"), dict):
        changed["firm"] = {name: value for name, value in tables["firm"].items() if name != "reps"}
    return changed


def _scenario(origin: _Origin, tables: Mapping[str, Any], changes: Changes, places: Mapping[str, Faults]) -> Scenario:
    """The scenario these tables describe; `places` says for each key where the user wrote it."""
    faults = places["policies"]
    _check_keys(tables, faults)
    months = values.whole(
        tables.get("months", DEFAULTS["months"]), "months", 1, MOST_MONTHS, places["months"], unit="months", instead=MOST_MONTHS
    )
    baseline = _baseline(tables, changes.new, places["baseline"])
    written = values.table(tables.get("policies", {}), "policies", "tables", faults)
    policies = read_policies(written, baseline, months, faults, changes)
    given = _firm(tables, changes, faults)
    world, stress, packs, parameters, firm = _worlds(tables, origin.folder, changes, places, given)
    first_seed, seed_count = _seeds(tables.get("seeds", DEFAULTS["seeds"]), places["seeds"])
    name = _file_name(origin.name)
    return Scenario(
        title=values.prose(tables.get("title", name), "title", values.LONGEST_PROSE, faults),
        question=values.prose(tables["question"], "question", values.LONGEST_PROSE, faults) if "question" in tables else "",
        name=name,
        world=world,
        parameters=parameters,
        baseline=baseline,
        months=months,
        seats=(given or {}).get("reps") or _seats(tables.get("seats", DEFAULTS["seats"]), places["seats"]),
        first_seed=first_seed,
        seed_count=seed_count,
        objective=_objective(tables.get("objective", DEFAULTS["objective"]), faults),
        require=_require(tables.get("require", {}), faults),
        material=_material(tables.get("material", {}), faults),
        stress=stress,
        policies=policies,
        source=origin.source,
        packs=packs,
        firm=firm,
        currency=(given or {}).get("currency", CURRENCY),
        expect=_expect(tables, origin.folder, parameters, changes, faults),
    )


def _expect(
    tables: Mapping[str, Any], folder: Path | None, parameters: Parameters, changes: Changes, faults: Faults
) -> tuple[Expectation, ...]:
    """What is expected of policies that stay; the worlds that contrasts are compared with are read so that none fails later."""
    policies = tables.get("policies")
    known = list(policies) if isinstance(policies, dict) else []
    found = read_expectations(tables.get("expect", []), known, parameters, faults)
    for place, one in enumerate(found):
        for world in read_worlds(one.against_world, folder, faults, f"expect[{place}].against_world"):
            overlay(parameters, world, faults)
    gone = {key for key, asked in changes.policies.items() if asked.left_out}
    return tuple(one for one in found if not gone & one.contrast.keys())


def _check_keys(tables: Mapping[str, Any], faults: Faults) -> None:
    for key in tables:
        if key == "applies_to":
            faults.add("applies_to", RESERVED)
        elif key not in KEYS:
            faults.unknown_key("", key, KEYS, "key of a scenario")


def _baseline(tables: Mapping[str, Any], new: Sequence[str], faults: Faults) -> str:
    policies = tables.get("policies")
    known = [*(policies if isinstance(policies, dict) else []), *new]
    if "baseline" not in tables:
        faults.add("baseline", "is missing; name the policy that the others are compared with")
        return ""
    return values.one_of(tables["baseline"], "baseline", known, "policy of this file", faults)


def _seats(value: Any, faults: Faults) -> int:
    if isinstance(value, list):
        faults.add("seats", f"as a path over months {RESERVED.replace('leave it out', 'write one number')}")
        return 1
    return values.whole(value, "seats", 1, MOST_SEATS, faults, unit="seats")


def _seeds(value: Any, faults: Faults) -> tuple[int, int]:
    entries = values.table(value, "seeds", "a table such as { first = 2026, count = 64 }", faults)
    faults.unknown_keys(entries, ("first", "count"), "seeds", "key of seeds")
    usual = DEFAULTS["seeds"]
    return (
        values.whole(entries.get("first", usual["first"]), "seeds.first", 0, LAST_SEED, faults),
        values.whole(entries.get("count", usual["count"]), "seeds.count", 1, MOST_SEEDS, faults, unit="seeds"),
    )


def _firm(tables: Mapping[str, Any], changes: Changes, faults: Faults) -> dict[str, Any] | None:
    """What `[firm]` gives, with what --set changes of it; None where there is no such table."""
    if "firm" not in tables and not changes.firm:
        return None
    written = values.table(tables.get("firm", {}), "firm", "a table such as [firm]", faults)
    places = dict.fromkeys(changes.firm, faults.at(OPTION))
    given = read_firm({**written, **changes.firm}, places, faults)
    if "reps" in given and "seats" in tables:
        places.get("reps", faults).add("firm.reps", "is given and seats as well, which is the same number; leave one of them out")
    return given


def _worlds(
    tables: Mapping[str, Any], folder: Path | None, changes: Changes, places: Mapping[str, Faults],
    given: Mapping[str, Any] | None,
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], Parameters, Firm | None]:
    """The names under `world` and `stress`, those of industry packs, the parameters in the world, and the firm.

    Stress worlds are read so that none fails later.
    """
    faults = places["policies"]
    names = {
        key: values.texts(tables.get(key, []), key, 'names of worlds such as "worlds/steady.toml"', places[key])
        for key in ("world", "stress")
    }
    parameters = shipped_parameters()
    worlds = read_worlds(names["world"], folder, places["world"], "world")
    for world in worlds:
        parameters = overlay(parameters, world, faults)
    firm: Firm | None = None
    if given is not None:
        firm, parameters = place_firm(given, worlds, parameters, faults)
        asked = firm.asked if firm else {}
        for world in worlds:
            if not world.asked:
                check_owned(world.tables, asked, faults, world.name)
        check_owned(changes.rows, asked, faults, OPTION)
    parameters = changes.on_parameters(parameters, faults)
    for world in read_worlds(names["stress"], folder, faults, "stress"):
        overlay(parameters, world, faults)
    packs = tuple(world.name for world in worlds if world.asked)
    return names["world"], names["stress"], packs, parameters, firm


def _objective(value: Any, faults: Faults) -> str:
    key = values.one_of(value, "objective", MEASURES, "measure", faults)
    if key and MEASURES[key].better == "none":
        faults.add("objective", f'= "{key}" has no better side, so none can be best; choose one that has, such as contribution')
    return key


def _require(value: Any, faults: Faults) -> dict[str, tuple[str, float]]:
    """Limits that a policy must keep to be recommended: `turnover = "<= 0.30"`."""
    limits = {}
    entries = values.table(value, "require", 'a table such as { turnover = "<= 0.30" }', faults)
    faults.unknown_keys(entries, MEASURES, "require", "measure")
    for key, limit in entries.items():
        if key not in MEASURES:
            continue
        found = re.fullmatch(r"(<=|>=) *(-?\d{1,15}(?:\.\d{1,15})?)", limit, re.ASCII) if isinstance(limit, str) else None
        if found is None:
            faults.wrong(f"require.{key}", limit, MEASURES[key].unit, 'a limit such as "<= 0.30" or ">= 1000000"')
        else:
            limits[key] = (found[1], float(found[2]))
    return limits


def usual_material() -> dict[str, Material]:
    """The differences that count where a file says nothing: a hundredth of any sum of money, and a point of turnover."""
    return {key: MATERIAL_MONEY for key, measure in MEASURES.items() if measure.is_money} | {"turnover": MATERIAL_TURNOVER}


def _material(value: Any, faults: Faults) -> dict[str, Material]:
    """Differences that count: `revenue = "1%"` of the baseline's figure, `turnover = 0.01` in its unit."""
    amounts = usual_material()
    entries = values.table(value, "material", 'a table such as { turnover = 0.01, revenue = "1%" }', faults)
    faults.unknown_keys(entries, MEASURES, "material", "measure")
    for key, amount in entries.items():
        if key not in MEASURES:
            continue
        share = re.fullmatch(r"(\d{1,3}(?:\.\d{1,9})?) ?%", amount, re.ASCII) if isinstance(amount, str) else None
        if share is not None:
            amounts[key] = Material(float(share[1]) / 100.0, relative=True)
        elif type(amount) in (int, float) and amount >= 0:
            amounts[key] = Material(float(amount), relative=False)
        else:
            faults.wrong(f"material.{key}", amount, MEASURES[key].unit, 'an amount of at least 0, or a share such as "1%"')
    return amounts


def _file_name(stem: str) -> str:
    """The stem as a name of small letters, digits and _, safe as a folder."""
    name = re.sub(r"[^a-z0-9_]+", "_", stem.lower())[:40].strip("_")
    return name if values.KEY.fullmatch(name) else f"scenario_{name}"[:40].strip("_")

"""Every number a human may doubt is a row: inside its range, with a status, a source that exists, and a reader."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
import source

from simulation.errors import ParameterError
from simulation.evidence.read import STATUSES, Parameters, Row, overlay_rows, parse_rows, shipped_parameters, sources
from simulation.levers import catalogue
from simulation.levers.base import SATURATING
from simulation.scenario.faults import Faults
from simulation.scenario.world import overlay, read_world

ROWS = list(shipped_parameters().rows.values())
WORLDS = sorted((source.ROOT / "scenarios" / "worlds").glob("*.toml"))

every_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.path)
every_world = pytest.mark.parametrize("path", WORLDS, ids=lambda path: path.stem)


def lacking(row: Row) -> list[str]:
    """What a row lacks as evidence, in sentences."""
    found = row.faults()
    found += [f"{row.path}: there is no source {key}" for key in row.source if key not in sources()]
    if not row.note.endswith("."):
        found.append(f"{row.path}: the note does not end in a full stop")
    if not row.unit:
        found.append(f"{row.path}: there is no unit")
    return found


@every_row
def test_rows_are_whole(row: Row):
    """Each row is inside its range, has a known status, a unit, a note, and a source that exists unless it is assumed."""
    assert lacking(row) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"value": 9.0}, "lies outside [0, 1]"),
        ({"value": float("nan")}, "is not a finite number"),
        ({"status": "guessed"}, "is none of measured, estimated, calibrated, assumed"),
        ({"status": "measured"}, "needs a source"),
        ({"source": ("nobody1999",)}, "there is no source nobody1999"),
        ({"note": "No full stop"}, "does not end in a full stop"),
        ({"unit": ""}, "there is no unit"),
    ],
)
def test_a_faulty_row_is_told(change: dict[str, object], told: str):
    """Each way in which a row can fall short is one sentence."""
    whole = {"value": 0.5, "unit": "share", "low": 0.0, "high": 1.0, "status": "assumed", "source": (), "note": "A note."}
    faults = lacking(Row("people", "doubt", **(whole | change)))  # type: ignore[arg-type]

    assert [told in fault for fault in faults] == [True]


def test_a_garbled_row_is_refused():
    """A file whose row lacks a field is refused with the row's name."""
    with pytest.raises(ParameterError, match=r"parameters\.toml: people\.doubt lacks or garbles 'range'"):
        parse_rows({"people": {"doubt": {"value": 1.0, "unit": "share"}}}, "parameters.toml")


def model_modules() -> list[Path]:
    """The modules that may read parameters: rules, levers and the model's own files beside them."""
    folders = [source.PACKAGE / "rules", source.PACKAGE / "levers", source.PACKAGE]
    return [path for path in source.modules() if path.parent in folders and path.name not in {"__init__.py", "cli.py"}]


def readings(tree: ast.Module, lever: str = "") -> set[tuple[str, str]]:
    """Pairs (group, name) that a module reads.

    They are `p.group.name`; in the file of a lever `p.name` too; and `getattr(p.group, f"start_{x}")`, kept as `start_*`.
    """
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute):
            found.add((node.value.attr, node.attr))
        elif lever and isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "p":
            found.add((lever, node.attr))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "getattr":
            owner, name = node.args[:2]
            if isinstance(owner, ast.Attribute) and isinstance(name, ast.JoinedStr) and isinstance(name.values[0], ast.Constant):
                found.add((owner.attr, f"{name.values[0].value}*"))
    return found


def is_read(row: Row, read: set[tuple[str, str]]) -> bool:
    """Whether a row is among the readings, by its name or by the beginning of a name put together at run time."""
    return (row.group, row.name) in read or any(
        group == row.group and name.endswith("*") and row.name.startswith(name[:-1]) for group, name in read
    )


def test_every_parameter_is_read():
    """No row is a number that nothing in the model uses; the scales of saturating sockets are read by the board."""
    read = {("sockets", socket.__name__) for socket in SATURATING}
    for path in model_modules():
        read |= readings(source.tree_of(path), path.stem if path.parent.name == "levers" else "")

    assert [row.path for row in ROWS if not is_read(row, read)] == []


def test_reading_a_parameter_is_recognised():
    """A row counts as read by its group and name together, not by a function or a setting of the same name."""
    text = "x = p.leaving.floor + self.quota + leaving.record(y) + p.weight + getattr(p.people, f'mean_{m}')"
    read = readings(ast.parse(text), "equity")

    assert {("leaving", "floor"), ("equity", "weight"), ("people", "mean_*")} <= read
    assert read & {("equity", "quota"), ("leaving", "record"), ("self", "quota")} == set()


def test_every_reading_is_a_parameter():
    """Where the model reads `p.group.name`, there is such a row: a mistyped name is found without running it."""
    groups = {row.group for row in ROWS} - set(catalogue())
    names = {(row.group, row.name) for row in ROWS}
    missing = [
        f"{source.name_of(path)}:{node.lineno} p.{group}.{node.attr}"
        for path in model_modules()
        for node in ast.walk(source.tree_of(path))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute) and isinstance(node.value.value, ast.Name)
        if node.value.value.id == "p" and (group := node.value.attr) in groups and (group, node.attr) not in names
    ]

    assert missing == []


def test_sources_are_written_so_that_they_can_be_read():
    """Each source of the file is read, has a note that ends in a full stop, and its key is used once."""
    text = (source.PACKAGE / "evidence" / "sources.bib").read_text(encoding="utf-8")
    keys = re.findall(r"^@\w+\{([^,]+),$", text, re.MULTILINE)

    assert keys == sorted(set(keys))
    assert list(sources()) == keys
    assert [key for key, line in sources().items() if not line.endswith(".")] == []


@every_world
def test_worlds_overlay_without_faults(path):
    """Each shipped world reads and overlays the parameters without a fault, with notes and sources like any row."""
    faults = Faults(path.name)
    parameters = overlay(shipped_parameters(), read_world(path, path.name, faults), faults)
    changed = [row for key, row in parameters.rows.items() if row != shipped_parameters().rows[key]]

    assert faults.told == []
    assert [fault for row in changed for fault in lacking(row)] == []


@every_world
def test_headline_numbers_have_sources(path):
    """Each headline number a pack is asked to show has a known status, and a source that exists unless it is assumed."""
    asked = read_world(path, path.name, Faults(path.name)).asked
    bare = [key for key, number in asked.items() if number.status != "assumed" and not number.source]
    unknown = [key for number in asked.values() for key in number.source if key not in sources()]

    assert (bare, unknown) == ([], [])
    assert {number.status for number in asked.values()} <= set(STATUSES)


def test_worlds_are_shipped():
    """There are a pack and its market conditions to overlay."""
    assert {"saas_mid_market", "steady", "downturn", "talent_war"} <= {path.stem for path in WORLDS}


@pytest.mark.parametrize(
    ("tables", "told"),
    [
        ({"market": {"lead_rat": {"value": 1.0}}}, "there is no parameter market.lead_rat; the nearest is market.lead_rate"),
        ({"market": 3}, "market = 3 is not a table"),
        ({"market": {"lead_rate": 3}}, "market.lead_rate needs a table with a value"),
        ({"market": {"lead_rate": {"value": "many"}}}, "has the wrong type"),
        ({"market": {"lead_rate": {"value": True}}}, "has the wrong type"),
        ({"market": {"lead_rate": {"value": 1.0, "unit": "usd"}}}, "not usd"),
        ({"market": {"lead_rate": {"value": 1.0, "colour": "red"}}}, "has no field colour"),
        ({"market": {"lead_rate": {"value": -1e9}}}, "lies outside"),
        ({"demand": {"multiple": [[0, 99.0]]}}, "multiples in [0.05, 20]"),
        ({"demand": {"multiple": [[6, 1.0], [3, 1.0]]}}, "months ascending"),
        ({"demand": {"level": 2.0}}, "demand.multiple is a list"),
    ],
)
def test_a_faulty_overlay_is_told(tables: dict[str, object], told: str):
    """Each way in which a world's table can be wrong is one sentence that names the word in the file."""
    _, faults = overlay_rows(shipped_parameters(), tables, "here.toml")

    assert [told in fault and fault.startswith("here.toml: ") for fault in faults] == [True]


def test_a_condition_holds_from_its_month_until_the_next():
    """A market condition is 1 before its first step and keeps the last step reached."""
    base = Parameters({}, {"demand": ((3.0, 0.8), (15.0, 1.1))})
    multiples = [base.at(month).condition.demand for month in (0, 2, 3, 14, 15, 99)]

    assert multiples == [1.0, 1.0, 0.8, 0.8, 1.1, 1.1]

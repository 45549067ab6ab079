"""A design as a CSV file: a head of dotted paths, and a row a point; a blank cell is the scenario's own value."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

from simulation.errors import ScenarioError
from simulation.experiment.design.points import Settings
from simulation.experiment.design.slots import NOTHING, Slot, find_slot
from simulation.scenario import Scenario
from simulation.scenario.faults import Faults, literal, printable, shown

LARGEST_FILE = 20_000_000
"""[bytes] A hundred thousand points of ten values."""
MOST_COLUMNS = 200


def read_design_file(path: Path, scenario: Scenario, most: int) -> tuple[tuple[Slot, ...], list[tuple[Settings, str]]]:
    """What a design file varies, and its points: values by path, blank ones left out, and the place in the file.

    Raises
    ------
    ScenarioError
        With one sentence a fault, naming line and column; also when there are more than `most` points.
    """
    where = shown(str(path))
    lines = _lines(_text(path, where), where)
    if not lines:
        raise ScenarioError(f"{where}: file is empty; its first line names paths such as policies.P.commission.rate")
    faults = Faults(where)
    slots = _head(lines[0][1], scenario, faults)
    faults.raise_any()
    rows: list[tuple[Settings, str]] = []
    for number, line in lines[1:]:
        place = f"{where}: line {number}"
        if len(line) != len(slots):
            faults.at(place).add("row", f"has {len(line)} values, and the head names {len(slots)} paths")
        else:
            rows.append((_row(slots, line, faults, place), place))
    faults.raise_any()
    if not rows:
        raise ScenarioError(f"{where}: file has a head and no points; write a row a point")
    if len(rows) > most:
        raise ScenarioError(f"{where}: file has {len(rows):,} points, more than {most:,}; split it")
    return slots, rows


def _text(path: Path, where: str) -> str:
    try:
        if not path.is_file():
            raise ScenarioError(f"{where}: file does not exist; name a CSV file with a head of paths and a row a point")
        with path.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        raise ScenarioError(f"{where}: file cannot be read ({printable(reason)}); check its name and rights") from None
    if len(content) > LARGEST_FILE:
        raise ScenarioError(f"{where}: file is larger than {LARGEST_FILE // 1_000_000} MB; split it")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        raise ScenarioError(f"{where}: line {line} is not UTF-8 text; save the file as CSV in UTF-8") from None


def _lines(text: str, where: str) -> list[tuple[int, list[str]]]:
    """The lines that hold something, with their numbers."""
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    found: list[tuple[int, list[str]]] = []
    try:
        for line in reader:
            if any(cell.strip() for cell in line) or (found and len(line) > 1):
                found.append((reader.line_num, [cell.strip() for cell in line]))
    except csv.Error as problem:
        raise ScenarioError(f"{where}: line {reader.line_num} is not CSV ({printable(str(problem))}); mend it") from None
    return found


def _head(names: Sequence[str], scenario: Scenario, faults: Faults) -> tuple[Slot, ...]:
    if len(names) > MOST_COLUMNS:
        faults.add("head", f"names {len(names)} paths, more than {MOST_COLUMNS}; vary fewer")
        return ()
    if len(names) == 1 and ";" in names[0]:
        faults.add("head", "has semicolons between its paths; save the file with commas, and numbers with a point")
        return ()
    slots = []
    for column, name in enumerate(names, 1):
        place = faults.at(f"{shown(faults.where)}: line 1, column {column}")
        if not name:
            place.add("head", "is blank; write the path of what is varied")
        elif name in names[: column - 1]:
            place.add(literal(name), "has a column already; keep one")
        else:
            slots.append(find_slot(name, scenario, place))
    return tuple(slot for slot in slots if slot is not None)


def _row(slots: Sequence[Slot], line: Sequence[str], faults: Faults, place: str) -> Settings:
    found = {}
    for column, (slot, cell) in enumerate(zip(slots, line, strict=True), 1):
        if not cell:
            continue
        value = slot.read(cell, faults.at(f"{place}, column {column}"))
        if value is not NOTHING:
            found[slot.path] = value
    return found

"""Files the scenario reader opens, and the care it takes: any input gives a value or a fault, never a traceback."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from simulation.errors import ScenarioError
from simulation.scenario.faults import Faults, join, literal, printable, shown, suggestion

LARGEST_FILE = 1_000_000
LONGEST_LINE = 10_000
DEEPEST = 20
LONGEST_TABLE = 1_000
LARGEST_WHOLE = 2**63 - 1
_PART = re.compile(r"[a-z][a-z0-9_]{0,39}")
_BAD = object()


def shipped_scenarios() -> Path:
    """The folder of the scenarios that come with orgsim: the wheel's copy, or the one beside an editable package."""
    package = Path(str(files("simulation")))
    for folder in (package / "shipped_scenarios", package.parent / "scenarios"):
        if folder.is_dir():
            return folder
    raise ScenarioError("orgsim: scenarios are missing from this installation; install orgsim again")


def shipped_studies() -> dict[str, Path]:
    """The files of the studies that orgsim ships, by name: what a command takes instead of a file."""
    return {file.stem: file for file in sorted(shipped_scenarios().glob("*.toml"))}


def scenario_file(name: str | Path) -> Path:
    """The file of a scenario: the path itself, or where there is no such file the shipped study of that name.

    Raises ScenarioError when a word that is no path names neither.
    """
    path = Path(name)
    if not _PART.fullmatch(str(name)) or path.is_file():
        return path
    studies = shipped_studies()
    if path.name not in studies and not path.exists():
        raise ScenarioError(f"{name}: file does not exist, and it is no shipped study; {suggestion(path.name, studies)}")
    return studies.get(path.name, path)


def read_toml(path: Path, where: str) -> tuple[dict[str, Any], Faults]:
    """The tables of a TOML file, checked for size, depth and finite numbers.

    What had a fault is left out of the tables. Raises ScenarioError when there is nothing to go on with.
    """
    return parse_toml(text_of(path, where), where)


def parse_toml(text: str, where: str) -> tuple[dict[str, Any], Faults]:
    """The tables of a TOML text, and the faults found so far."""
    faults = Faults(where)
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > LONGEST_LINE:
            raise ScenarioError(f"{shown(where)}: line {number} has more than {LONGEST_LINE:,} characters; break it")
    try:
        tables = tomllib.loads(text)
    except RecursionError:
        raise ScenarioError(f"{shown(where)}: file is nested more than {DEEPEST} levels deep; flatten it") from None
    except ValueError as problem:  # TOMLDecodeError, or a whole number of thousands of digits
        raise ScenarioError(f"{shown(where)}: {_toml_fault(problem)}") from None
    return _clean_table(tables, "", 0, faults), faults


def decoded(content: bytes, where: str) -> str:
    """A file's text, without a byte order mark and with plain line ends. Raises ScenarioError when it is too large or no text."""
    if len(content) > LARGEST_FILE:
        raise ScenarioError(f"{shown(where)}: file is larger than 1 MB; a scenario holds policies, not data")
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        raise ScenarioError(f"{shown(where)}: line {line} is not UTF-8 text; save the file as UTF-8") from None


def find_below(name: str, folders: list[Path]) -> Path | None:
    """The file called `name` in the first folder that has it, never outside that folder (symbolic links included)."""
    for folder in folders:
        path = folder / name
        try:
            if path.is_file() and path.resolve().is_relative_to(folder.resolve()):
                return path
        except (OSError, RuntimeError):  # a folder that may not be read, a loop of links
            continue
    return None


def name_fault(name: str) -> str | None:
    """What is wrong with the name of a world file, or nothing."""
    parts = name.split("/")
    if name.startswith(("/", "\\", "~")) or re.match(r"[A-Za-z]:", name) or ".." in parts:
        return "leaves the scenario's folder; name a file below that folder or a shipped world"
    stem, dot, ending = parts[-1].partition(".")
    if dot + ending != ".toml" or not all(_PART.fullmatch(part) for part in [*parts[:-1], stem]):
        return 'is no world\'s name; names look like "worlds/steady.toml", in small letters, digits and _'
    return None


def text_of(path: Path, where: str) -> str:
    """A file's text. Raises ScenarioError when it does not exist, cannot be read, is too large or no text."""
    try:
        if path.is_dir() or (path.exists() and not path.is_file()):
            raise ScenarioError(f"{shown(where)}: file expected here, but this is a folder or a device; name a TOML file")
        with path.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        raise ScenarioError(f"{shown(where)}: file does not exist; `orgsim new {shown(where)}` writes a starter") from None
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        raise ScenarioError(f"{shown(where)}: file cannot be read ({printable(reason)}); check its name and rights") from None
    return decoded(content, where)


def _toml_fault(problem: ValueError) -> str:
    """Where TOML breaks, and how, from the parser's message `What is wrong (at line L, column C)`."""
    found = re.fullmatch(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)", str(problem), re.DOTALL)
    if found is None:
        return "file holds a number of too many digits; shorten it"
    place = f"line {found[2]}" if found[2] else "end of the file"
    return printable(f"{place} is not TOML ({found[1][:120]}); mend it")


def _clean_table(table: Mapping[str, Any], path: str, depth: int, faults: Faults) -> dict[str, Any]:
    if len(table) > LONGEST_TABLE:
        faults.add(path or "file", f"has {len(table):,} entries, more than {LONGEST_TABLE:,}; split it")
        return {}
    entries = {key: _clean(value, join(path, key), depth + 1, faults) for key, value in table.items()}
    return {key: value for key, value in entries.items() if value is not _BAD}


def _clean(value: Any, path: str, depth: int, faults: Faults) -> Any:
    """The value without what no setting could take: numbers that are not finite, dates, what lies too deep."""
    if depth > DEEPEST:
        faults.add(path, f"lies more than {DEEPEST} levels deep; flatten it")
    elif isinstance(value, dict):
        return _clean_table(value, path, depth, faults)
    elif isinstance(value, list):
        items = [_clean(item, f"{path}[{k}]", depth + 1, faults) for k, item in enumerate(value)]
        return _BAD if any(item is _BAD for item in items) else items
    elif isinstance(value, float) and not math.isfinite(value):
        faults.add(path, f"= {value} is not a finite number; write one")
    elif isinstance(value, int) and abs(value) > LARGEST_WHOLE:
        faults.add(path, f"= {literal(value)} is too large for a number; write a smaller one")
    elif isinstance(value, str | int | float):
        return value
    else:
        faults.add(path, f"= {literal(value)} is a date or a time, which no setting takes; write a number or a text")
    return _BAD

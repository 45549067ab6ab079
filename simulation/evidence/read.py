"""What is known, read from data files into typed records.

A parameter is a row: value, unit, range, status, source, note. Rows stand in tables `[group.name]`:
one group a rule (`leaving`, `selling`, ...), one a lever (`equity`, ...), and three for the world
(`market`, `labour`, `contract`), which a world file overlays row by row.
"""

from __future__ import annotations

import ast
import csv
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np

from simulation.errors import ParameterError

STATUSES = ("measured", "estimated", "calibrated", "assumed")
WORLD_GROUPS = ("market", "labour", "contract")
CONDITIONS: Mapping[str, str] = {
    "demand": "leads that reach the organisation",
    "competition": "strength of competitors' offers, as a multiple of the odds of losing",
    "deal_value": "value of a new deal",
    "outside_pay": "pay that other firms offer",
    "outside_offers": "how often other firms approach a rep",
    "time_to_fill": "days until a vacancy is filled",
    "separations": "chance that a rep quits or is dismissed; 0 freezes who is there",
    "churn": "odds that a contract due is not renewed",
}
"""What a market condition may multiply; each is 1 in an ordinary month."""
CALIBRATED = "calibrated.toml"
NOT_ROWS = ("title", "note", "fitted")
"""Tables of an overlay that tell of it and hold no rows."""
LEAST_MULTIPLE, MOST_MULTIPLE = 0.05, 20.0
MAY_BE_ZERO = ("separations",)


@dataclass(frozen=True)
class Row:
    """One parameter: a number true of people or of the market, with what is known about it."""

    group: str
    name: str
    value: Any
    unit: str
    low: float
    high: float
    status: str
    source: tuple[str, ...] = ()
    note: str = ""
    interval: tuple[float, float] | None = None  # 90%, of a fitted value

    @property
    def path(self) -> str:
        """The dotted path a user writes: `world.GROUP.NAME` or `parameters.GROUP.NAME`."""
        return f"{'world' if self.group in WORLD_GROUPS else 'parameters'}.{self.group}.{self.name}"

    def faults(self) -> list[str]:
        """Sentences on what is wrong with this row; empty when nothing is."""
        found = []
        numbers = np.asarray(self.value, dtype=float)
        if not np.all(np.isfinite(numbers)):
            found.append(f"{self.path} = {self.value} is not a finite number")
        scalars = numbers if numbers.ndim < 2 else numbers[..., -1]
        if np.any(scalars < self.low) or np.any(scalars > self.high):
            found.append(
                f"{self.path} = {self.value} {self.unit} lies outside [{self.low:g}, {self.high:g}]; choose a value inside"
            )
        if self.status not in STATUSES:
            found.append(f"{self.path}: status {self.status!r} is none of {', '.join(STATUSES)}")
        if self.status in ("measured", "estimated") and not self.source:
            found.append(f"{self.path}: status {self.status} needs a source; name one or use assumed")
        return found


class Group:
    """The values of one group, read as attributes: `p.leaving.pay_slope`."""

    def __init__(self, name: str, values: Mapping[str, Any]) -> None:
        self._name = name
        self.__dict__.update(values)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # asked for while a copy is being made, before there is a name
            raise AttributeError(name)
        raise AttributeError(f"there is no parameter {self._name}.{name}; see `orgsim explain {self._name}`")


class Parameters:
    """All rows, and their values as groups.

    A value is a float, a table, or an array (policy, 1, 1) or (1, seed, 1) after `stack`; rules cannot tell.
    """

    def __init__(self, rows: Mapping[tuple[str, str], Row], conditions: Mapping[str, Any] | None = None) -> None:
        self.rows = dict(rows)
        self.conditions = dict(conditions or {})
        by_group: dict[str, dict[str, Any]] = {}
        for (group, name), row in self.rows.items():
            by_group.setdefault(group, {})[name] = row.value
        self.__dict__.update({name: Group(name, values) for name, values in by_group.items()})
        self.condition = Group("condition", dict.fromkeys(CONDITIONS, 1.0))

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"there is no group of parameters called {name!r}")

    def at(self, month: int) -> Parameters:
        """The same parameters with this month's market conditions in `condition`."""
        if not self.conditions:
            return self
        view = Parameters.__new__(Parameters)
        view.__dict__.update(self.__dict__)
        view.condition = Group("condition", {name: self.multiple(name, month) for name in CONDITIONS})
        return view

    def multiple(self, condition: str, month: int) -> float:
        """A condition's multiple in a month: the last step at or before it, 1 before the first."""
        reached = [value for start, value in self.conditions.get(condition, ()) if start <= month]
        return float(reached[-1]) if reached else 1.0

    def with_values(self, values: Mapping[tuple[str, str], Any], status: str | None = None) -> Parameters:
        """A copy with other values in some rows, and another status if given."""
        rows = dict(self.rows)
        for key, value in values.items():
            rows[key] = replace(rows[key], value=value, status=status or rows[key].status)
        return Parameters(rows, self.conditions)

    def assumed(self) -> list[Row]:
        """The rows nobody has measured."""
        return [row for row in self.rows.values() if row.status == "assumed"]


def stack_parameters(sets: Sequence[Parameters]) -> Parameters:
    """One record for many policies: scalars that differ become arrays (policy, 1, 1), and (policy, seed, 1) beside drawn ones."""
    first = sets[0]
    changed: dict[tuple[str, str], Any] = {}
    for key, row in first.rows.items():
        values = [s.rows[key].value for s in sets]
        if not isinstance(row.value, list) and not all(_same(v, values[0]) for v in values):
            seeds = max(np.shape(v)[1] if np.ndim(v) else 1 for v in values)
            changed[key] = np.concatenate([np.broadcast_to(np.asarray(v, dtype=float), (1, seeds, 1)) for v in values])
    return first.with_values(changed) if changed else first


def _same(one: Any, other: Any) -> bool:
    """Whether two values of a parameter are the same, one number or one a seed."""
    return one is other or (np.shape(one) == np.shape(other) and bool(np.all(np.equal(one, other))))


def parse_rows(tables: Mapping[str, Any], where: str) -> dict[tuple[str, str], Row]:
    """Rows from a parsed file that declares parameters. Raises ParameterError with every fault."""
    rows: dict[tuple[str, str], Row] = {}
    faults: list[str] = []
    for group, entries in tables.items():
        for name, entry in entries.items():
            try:
                low, high = entry["range"]
                row = Row(
                    group, name, entry["value"], entry["unit"], float(low), float(high), entry["status"],
                    tuple(entry.get("source", ())), entry.get("note", ""),
                )  # fmt: skip
            except (KeyError, TypeError, ValueError) as problem:
                faults.append(f"{where}: {group}.{name} lacks or garbles {problem}; a row has value, unit, range, status")
                continue
            rows[group, name] = row
            faults += [f"{where}: {fault}" for fault in row.faults()]
    if faults:
        raise ParameterError(faults)
    return rows


def _read_toml(resource: Any) -> dict[str, Any]:
    return tomllib.loads(resource.read_text(encoding="utf-8"))


def evidence_table(name: str) -> dict[str, Any]:
    """A further file of the evidence folder, as it was parsed."""
    return _read_toml(files("simulation") / "evidence" / name)


def evidence_rows(name: str) -> list[dict[str, str]]:
    """A table of the evidence folder as its rows; none where the file is not there yet."""
    resource = files("simulation") / "evidence" / name
    return list(csv.DictReader(resource.read_text(encoding="utf-8").splitlines())) if resource.is_file() else []


_added: dict[tuple[str, str], Row] = {}
"""Parameters of levers that are the user's own."""


def add_rows(name: str, content: bytes) -> None:
    """Add the parameters of a lever of the user's own, from what its file of that name holds.

    Raises ParameterError when it is no TOML or a row is wrong.
    """
    try:
        tables = tomllib.loads(content.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise ParameterError([f"{name} cannot be read as TOML ({problem})"]) from None
    _added.update(parse_rows({name.removesuffix(".toml"): tables}, name))
    declared_parameters.cache_clear()
    shipped_parameters.cache_clear()


def forget_rows() -> None:
    """Leave only the parameters that the package declares."""
    _added.clear()
    declared_parameters.cache_clear()
    shipped_parameters.cache_clear()


@lru_cache(maxsize=1)
def declared_parameters() -> Parameters:
    """Every parameter as declared, in `parameters.toml` and each lever's own file, and those added with levers.

    What the findings say beyond that is not in them: these are the priors of a calibration.
    """
    package = files("simulation")
    rows = parse_rows(_read_toml(package / "evidence" / "parameters.toml"), "parameters.toml")
    levers = package / "levers"
    for entry in sorted((e for e in levers.iterdir() if e.name.endswith(".toml")), key=lambda e: e.name):
        key = entry.name.removesuffix(".toml")
        rows |= parse_rows({key: _read_toml(entry)}, entry.name)
    return Parameters(rows | _added)


@lru_cache(maxsize=1)
def shipped_parameters() -> Parameters:
    """The declared parameters with `calibrated.toml` laid over them: what `orgsim calibrate` fitted to published findings."""
    tables = {group: entries for group, entries in evidence_table(CALIBRATED).items() if group not in NOT_ROWS}
    parameters, faults = overlay_rows(declared_parameters(), tables, CALIBRATED)
    if faults:
        raise ParameterError(faults)
    return parameters


@lru_cache(maxsize=1)
def sources() -> Mapping[str, str]:
    """Every source by key, as one line of text, from `sources.bib`."""
    text = (files("simulation") / "evidence" / "sources.bib").read_text(encoding="utf-8")
    found = {}
    for entry in re.finditer(r"@\w+\{([^,]+),(.*?)\n\}", text, re.DOTALL):
        fields = dict(re.findall(r"(\w+)\s*=\s*\{(.*?)\}\s*,?\n", entry.group(2) + "\n", re.DOTALL))
        parts = (fields.get(k, "") for k in ("author", "year", "title", "journal", "howpublished", "note"))
        found[entry.group(1).strip()] = ". ".join(" ".join(p.split()) for p in parts if p)
    return found


GRADED = re.compile(r"\bnote = \{([A-D])[+-]?(?: to ([A-D])[+-]?)?(?![A-Za-z])")
"""How the note of a graded source begins."""


@lru_cache(maxsize=1)
def source_grades() -> Mapping[str, str]:
    """The grade of each source by key, A to D, from the head of its note in `sources.bib`; those without one are left out.

    Of a range, such as "A to B", the lower grade counts; signs do not.
    """
    text = (files("simulation") / "evidence" / "sources.bib").read_text(encoding="utf-8")
    entries = re.finditer(r"@\w+\{([^,]+),(.*?)\n\}", text, re.DOTALL)
    graded = ((entry.group(1).strip(), GRADED.search(entry.group(2))) for entry in entries)
    return {key: max(filter(None, found.groups())) for key, found in graded if found}


def grade_of(row: Row) -> str:
    """The best grade among a parameter's sources, A to D; empty where it has no source of any grade."""
    return min((source_grades()[key] for key in row.source if key in source_grades()), default="")


def module_names(folder: str) -> list[str]:
    """The modules of a folder of the package, such as `rules`."""
    names = (entry.name for entry in (files("simulation") / folder).iterdir())
    return sorted(name.removesuffix(".py") for name in names if re.fullmatch(r"[a-z]\w*\.py", name))


def module_text(folder: str, name: str) -> str:
    """What stands at the head of a module: for a rule its equations in words. Nothing is imported for it."""
    source = (files("simulation") / folder / f"{name}.py").read_text(encoding="utf-8")
    return ast.get_docstring(ast.parse(source)) or ""


def overlay_rows(base: Parameters, tables: Mapping[str, Any], where: str) -> tuple[Parameters, list[str]]:
    """Overlay a world file's rows and conditions on parameters.

    A row of the overlay replaces value, status, source and note; unit and range stay the declared ones
    unless it gives its own range. Returns the new parameters and one sentence a fault.
    """
    rows = dict(base.rows)
    conditions = dict(base.conditions)
    faults: list[str] = []
    for group, entries in tables.items():
        if not isinstance(entries, Mapping):
            faults.append(f"{where}: {group} = {entries!r} is not a table")
            continue
        if group in CONDITIONS:
            path, wrong = _condition_path(group, entries, where)
            faults += wrong
            conditions[group] = path
            continue
        for name, entry in entries.items():
            known = rows.get((group, name))
            if known is None:
                near = nearest(f"{group}.{name}", [f"{g}.{n}" for g, n in rows])
                faults.append(f"{where}: there is no parameter {group}.{name}; the nearest is {near}")
                continue
            row, wrong = _overlaid(known, entry, where)
            faults += wrong
            rows[group, name] = row
    return Parameters(rows, conditions), faults


def _overlaid(known: Row, entry: Any, where: str) -> tuple[Row, list[str]]:
    """A row with what a world file says of it, or the known row and what is wrong with the entry."""
    path = f"{known.group}.{known.name}"
    wrong = _entry_fault(known, entry)
    if wrong:
        return known, [f"{where}: {path}{wrong}"]
    span = entry.get("range", (known.low, known.high))
    row = replace(
        known, value=entry["value"], low=float(span[0]), high=float(span[1]), status=entry.get("status", "assumed"),
        source=tuple(entry.get("source", ())), note=entry.get("note", known.note),
        interval=(float(entry["interval"][0]), float(entry["interval"][1])) if "interval" in entry else None,
    )  # fmt: skip
    return row, [f"{where}: {fault}" for fault in row.faults()]


def _entry_fault(known: Row, entry: Any) -> str:
    """What is wrong with the form of an entry for a known row, as the end of a sentence; empty when nothing is."""
    fields = ("value", "unit", "range", "status", "source", "note", "interval")
    if not isinstance(entry, Mapping) or "value" not in entry:
        return f' needs a table with a value, for example {{ value = {known.value}, status = "assumed" }}'
    if set(entry) - set(fields):
        return f" has no field {', '.join(sorted(set(entry) - set(fields)))}; a row has {', '.join(fields)}"
    if entry.get("unit", known.unit) != known.unit:
        return f" is in {known.unit}, not {entry['unit']}"
    if not _like(entry["value"], known.value):
        return f" = {entry['value']!r} has the wrong type; it is like {known.value!r} {known.unit}"
    for name in ("range", "interval"):
        span = entry.get(name, [0.0, 1.0])
        if not _like([span], [[0.0, 1.0]]) or span[0] > span[1]:
            return f".{name} = {span!r} is no {name}; it is like [{known.low:g}, {known.high:g}]"
    source = entry.get("source", [])
    told = [entry.get("status", ""), entry.get("note", "")]
    texts = isinstance(source, list) and all(isinstance(text, str) for text in (*source, *told))
    return "" if texts else " needs a text as status and note, and a list of keys of sources as source"


def _like(value: Any, known: Any) -> bool:
    """Whether a value can stand for a known one: a number for a number, pairs with ascending first numbers for such pairs."""
    if not isinstance(known, list):
        return type(value) in (int, float)
    pairs = isinstance(value, list) and bool(value) and all(isinstance(row, list) and len(row) == 2 for row in value)
    if not pairs or not all(type(number) in (int, float) for row in value for number in row):
        return False
    first = [row[0] for row in value]
    return first == sorted(set(first))


def _condition_path(name: str, entry: Mapping[str, Any], where: str) -> tuple[tuple[tuple[float, float], ...], list[str]]:
    path = entry.get("multiple")
    least = 0.0 if name in MAY_BE_ZERO else LEAST_MULTIPLE
    wanted = (
        f"{where}: {name}.multiple is a list of [month, multiple] with months ascending "
        f"and multiples in [{least:g}, {MOST_MULTIPLE:g}]"
    )
    noted = isinstance(entry.get("note", ""), str)
    if not noted or not set(entry) <= {"multiple", "note"} or not isinstance(path, list) or not path:
        return (), [wanted]
    for step in path:
        numeric = isinstance(step, list) and len(step) == 2 and all(type(v) in (int, float) for v in step)
        if not numeric or not (0 <= step[0] <= 1200 and least <= step[1] <= MOST_MULTIPLE):
            return (), [f"{wanted}, not {step!r}"]
    months = [step[0] for step in path]
    if months != sorted(set(months)):
        return (), [f"{wanted}, not months {months}"]
    return tuple((float(m), float(v)) for m, v in path), []


def nearest(word: str, known: Iterable[str]) -> str:
    """The known name closest to a mistyped one."""
    import difflib

    names = list(known)
    close = difflib.get_close_matches(word[:80], names, n=1, cutoff=0.0)
    return close[0] if close else "none"

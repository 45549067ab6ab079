"""Which column is what, and how dates and numbers are written.

A mapping is a TOML file; everything in it may be left out.

    as_of = "2025-06-30"                 # the day of the extract; else the latest date on file

    [people]                             # and the same for [deals]
    sheet = "Reps"                       # of a workbook; else its first
    date_format = "%d.%m.%Y"             # else 2025-06-30; cells that are dates need none
    decimal = ","
    watched_from = "2022-01-01"          # leavers are on file from this day on
    columns = { rep = "Nr", hired = "Eintritt", attainment = ["Q1", "Q2"] }
    words = { quit = ["Eigenkündigung"], leave = ["Elternzeit"] }

Columns that it does not name are recognised by their usual names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

from numpy.typing import NDArray

from simulation.errors import ScenarioError
from simulation.scenario.faults import Faults, join, literal, shown
from simulation.scenario.files import read_toml

Values = NDArray[Any]
"""One value a row, of whatever type."""
Kind = Literal["id", "date", "money", "ratio", "word"]


@dataclass(frozen=True)
class Column:
    """A column that can be used: what kind of cell, whether a table is worth nothing without it, and its usual names."""

    name: str
    kind: Kind
    usual: tuple[str, ...]
    needed: bool = False
    many: bool = False


PEOPLE = (
    Column("rep", "id", ("rep", "rep_id", "employee", "employee_id", "person_id", "emp_id", "id"), needed=True),
    Column("hired", "date", ("hired", "hire_date", "hired_on", "start_date", "start", "joined", "date_of_hire"), needed=True),
    Column("left", "date", ("left", "left_on", "exit_date", "end_date", "end", "termination_date", "leave_date", "last_day")),
    Column("cause", "word", ("cause", "exit_cause", "exit_reason", "reason", "termination_type", "exit_type")),
    Column("team", "id", ("team", "team_id", "manager", "manager_id", "region", "unit")),
    Column("base_pay", "money", ("base_pay", "base", "base_salary", "salary", "fixed_pay")),
    Column("variable_pay", "money", ("variable_pay", "variable", "target_variable", "target_commission", "on_target_variable")),
    Column("quota", "money", ("quota", "annual_quota", "yearly_quota", "target")),
    Column("attainment", "ratio", ("attainment", "quota_attainment"), many=True),
    Column("status", "word", ("status", "employment_status")),
    Column("fte", "ratio", ("fte", "full_time_equivalent")),
)
DEALS = (
    Column("owner", "id", ("owner", "owner_id", "rep", "rep_id", "opportunity_owner", "sales_rep", "employee_id"), needed=True),
    Column("opened", "date", ("opened", "open_date", "created", "created_date", "create_date", "created_on"), needed=True),
    Column("stage", "word", ("stage", "stage_name", "status", "deal_stage", "outcome"), needed=True),
    Column("closed", "date", ("closed", "close_date", "closed_date", "closed_on")),
    Column("amount", "money", ("amount", "value", "deal_value", "acv", "arr", "price")),
    Column("discount", "ratio", ("discount", "discount_share", "discount_percent")),
    Column("deal", "id", ("deal", "deal_id", "opportunity", "opportunity_id", "id")),
    Column("kind", "word", ("kind", "deal_type", "type", "opportunity_type", "record_type")),
)
TABLES: Mapping[str, tuple[Column, ...]] = {"people": PEOPLE, "deals": DEALS}
PERIODS = {"month": 1, "quarter": 3, "year": 12}
"""Months of a quota period, by its word."""
USUAL_WORDS: Mapping[str, Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "people": {
        "cause": {
            "quit": ("quit", "voluntary", "resigned", "resignation", "own choice"),
            "dismissal": ("dismissal", "dismissed", "involuntary", "terminated", "laid off", "layoff", "fired"),
            "transfer": ("transfer", "transferred", "internal move", "promotion", "promoted"),
            "other": ("other", "retired", "retirement", "death", "deceased", "end of contract"),
        },
        "status": {
            "active": ("active", "employed", "left", "inactive", "terminated", "former", ""),
            "leave": ("leave", "on leave", "parental leave", "sick leave", "sabbatical"),
            "part_time": ("part-time", "part time", "parttime"),
        },
    },
    "deals": {
        "stage": {
            "won": ("won", "closed won", "closed-won"),
            "lost": ("lost", "closed lost", "closed-lost"),
            "stale": ("stale", "no decision", "abandoned", "cancelled", "canceled", "expired"),
            "open": ("open", "prospecting", "qualification", "discovery", "demo", "proposal", "negotiation", "commit"),
        },
        "kind": {
            "new": ("new", "new business", "new logo", "new customer", ""),
            "renewal": ("renewal", "renew", "renewals"),
            "expansion": ("expansion", "upsell", "cross-sell", "existing business", "add-on"),
        },
    },
}
"""What the words of a column mean, by table and column; a mapping adds to them. An empty cell counts where "" stands."""
WORDS = {table: {meaning: name for name, known in columns.items() for meaning in known} for table, columns in USUAL_WORDS.items()}
"""The column that a meaning belongs to."""
TEXTS = ("sheet", "date_format", "decimal", "thousands", "encoding", "delimiter", "watched_from", "quota_period")
UNITS = ("attainment_unit", "discount_unit", "fte_unit")
UNIT_WORDS = ("share", "percent")
SINGLE = ("decimal", "thousands", "delimiter")


@dataclass(frozen=True)
class Layout:
    """How one table is written. `columns`: names of the file by our names; `words`: meaning by column and word."""

    table: str
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    sheet: str = ""
    date_format: str = "%Y-%m-%d"
    decimal: str = "."
    thousands: str = ""
    encoding: str = "utf-8-sig"
    delimiter: str = ""
    watched_from: date | None = None
    quota_period: str = "quarter"
    percent: frozenset[str] = frozenset()

    @property
    def fields(self) -> tuple[Column, ...]:
        """The columns that this table can have."""
        return TABLES[self.table]


@dataclass(frozen=True)
class CompanyMapping:
    """Both layouts, and the day of the extract."""

    people: Layout
    deals: Layout
    as_of: date | None = None


def read_mapping(path: Path | None) -> CompanyMapping:
    """The mapping of a file; without one, usual names and 2025-06-30. Raises ScenarioError with every fault."""
    tables, faults = read_toml(path, str(path)) if path else ({}, Faults("mapping"))
    as_of = _day(tables.pop("as_of", None), "as_of", faults)
    layouts = {name: _layout(name, tables.pop(name, {}), faults) for name in TABLES}
    faults.unknown_keys(tables, [*TABLES, "as_of"], "", "part of a mapping")
    faults.raise_any()
    return CompanyMapping(layouts["people"], layouts["deals"], as_of)


def matched(layout: Layout, header: Sequence[str], where: str) -> dict[str, tuple[int, ...]]:
    """Places of the columns found, by our names. Raises ScenarioError when a needed one, or one that is mapped, is not there."""
    faults = Faults(where)
    plain = [plain_name(name) for name in header]
    found: dict[str, tuple[int, ...]] = {}
    for column in layout.fields:
        if column.name in layout.columns:
            wanted = layout.columns[column.name]
            for name in wanted:
                if name not in header:
                    path = f"{layout.table}.columns.{column.name}"
                    faults.unknown_value(path, name, [h for h in header if h], "column of this file")
            found[column.name] = tuple(header.index(name) for name in wanted if name in header)
            continue
        hits = [plain.index(name) for name in column.usual if name in plain]
        if column.many:
            hits = [k for k, name in enumerate(plain) if re.sub(r"_?(q?\d+|\d{4}_q\d)$", "", name) in column.usual]
        taken = {place for places in found.values() for place in places}
        hits = [place for place in hits if place not in taken]
        if hits:
            found[column.name] = tuple(hits) if column.many else (hits[0],)
    missing = [c for c in layout.fields if c.needed and not found.get(c.name)]
    for column in missing:
        if column.name not in layout.columns:
            faults.add(
                f"column {column.name}", f"is not recognised among {literal(list(header))}; name it in a mapping: "
                f'[{layout.table}] columns = {{ {column.name} = "..." }}, or call it {column.usual[0]}',
            )  # fmt: skip
    faults.raise_any()
    return found


def plain_name(name: str) -> str:
    """A column's name in small letters, with one underscore between words."""
    return re.sub(r"[^a-z0-9]+", "_", str(name).strip().lower()).strip("_")


def _layout(name: str, entries: Any, faults: Faults) -> Layout:
    if not isinstance(entries, dict):
        faults.wrong(name, entries, "", f"a table [{name}]")
        return Layout(name, words=_words(name, {}, faults))
    faults.unknown_keys(entries, [*TEXTS, *UNITS, "columns", "words"], name, "key of a table's mapping")
    texts = {key: entries[key] for key in TEXTS if _is_text(entries, key, name, faults)}
    for key in SINGLE:
        if len(texts.get(key, ".")) != 1:
            faults.wrong(join(name, key), texts.pop(key), "", "one character")
    if texts.get("decimal", ".") == texts.get("thousands"):
        faults.add(join(name, "thousands"), "is the decimal sign as well; give them different signs")
    if texts.get("quota_period", "quarter") not in PERIODS:
        faults.unknown_value(join(name, "quota_period"), texts.pop("quota_period"), list(PERIODS), "quota period")
    watched_from = _day(texts.pop("watched_from", None), join(name, "watched_from"), faults)
    percent = frozenset(key.removesuffix("_unit") for key in UNITS if _unit(entries, key, name, faults) == "percent")
    return Layout(
        name, _columns(name, entries.get("columns", {}), faults), _words(name, entries.get("words", {}), faults),
        watched_from=watched_from, percent=percent, **texts,
    )  # fmt: skip


def _is_text(entries: Mapping[str, Any], key: str, name: str, faults: Faults) -> bool:
    if key in entries and not (isinstance(entries[key], str) and entries[key]):
        faults.wrong(join(name, key), entries[key], "", "a text")
        return False
    return key in entries


def _unit(entries: Mapping[str, Any], key: str, name: str, faults: Faults) -> str:
    unit = entries.get(key, "share")
    if unit not in UNIT_WORDS:
        faults.wrong(join(name, key), unit, "", "share or percent")
    return str(unit)


def _day(value: Any, path: str, faults: Faults) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        faults.wrong(path, value, "", 'a day such as "2025-06-30"')
        return None


def _columns(table: str, entries: Any, faults: Faults) -> dict[str, tuple[str, ...]]:
    """Column names of the file, by our names."""
    path, known = f"{table}.columns", {column.name: column for column in TABLES[table]}
    if not isinstance(entries, dict):
        faults.wrong(path, entries, "", "a table of our names and those of the file")
        return {}
    faults.unknown_keys(entries, known, path, "column that is used")
    found = {}
    for name, value in entries.items():
        names = value if isinstance(value, list) else [value]
        if not all(isinstance(text, str) and text for text in names) or not names:
            faults.wrong(join(path, name), value, "", "a column's name")
        elif len(names) > 1 and name in known and not known[name].many:
            faults.wrong(join(path, name), value, "", "one column's name")
        else:
            found[name] = tuple(names)
    return found


def _words(table: str, entries: Any, faults: Faults) -> dict[str, dict[str, str]]:
    """Meaning of every word, by column: the usual words, and those of the mapping."""
    path = f"{table}.words"
    known = {
        column: {word: meaning for meaning, words in meanings.items() for word in words}
        for column, meanings in USUAL_WORDS[table].items()
    }
    if not isinstance(entries, dict):
        faults.wrong(path, entries, "", "a table of meanings and the file's words for them")
        return known
    faults.unknown_keys(entries, WORDS[table], path, "meaning of a word")
    for meaning, words in entries.items():
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            faults.wrong(join(path, meaning), words, "", 'a list of the file\'s words, such as ["resigned"]')
        elif meaning in WORDS[table]:
            known[WORDS[table][meaning]].update({plain_word(word): meaning for word in words})
    return known


def plain_word(word: str) -> str:
    """A word as it is compared: small letters, no blanks around it."""
    return " ".join(word.split()).lower()


def columns_line(found: Mapping[str, Sequence[int]], header: Sequence[str], where: str) -> str:
    """What was taken for what, in one line."""
    pairs = [f"{name} = {', '.join(header[k] for k in places)}" for name, places in found.items()]
    return f"{shown(where)}: {'; '.join(pairs)}"


def only_known(path: Path, option: str) -> None:
    """Refuse a file that is not there. Raises ScenarioError."""
    if not path.is_file():
        raise ScenarioError(f"{option}: {shown(str(path))} is no file; name a CSV, Parquet or Excel file")

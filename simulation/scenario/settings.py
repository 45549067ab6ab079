"""From a table of settings to a lever, or to sentences that say what each setting takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType, NoneType
from typing import Any, get_args

from pydantic import ValidationError

from simulation.levers.base import TABLE_ROWS, Lever, extra_of, words_of
from simulation.scenario.faults import Faults, join, literal

Kind = str
"""One of: number, whole number, yes/no, word, table."""


@dataclass(frozen=True)
class Setting:
    """What there is to know of one setting of a lever."""

    name: str
    kind: Kind
    neutral: Any
    typical: Any
    unit: str
    low: float | None
    high: float | None
    words: tuple[str, ...]
    doc: str
    source: str

    @property
    def bounds(self) -> str:
        """The allowed range, as text."""
        if self.kind == "word":
            return ", ".join(self.words)
        if self.kind == "yes/no":
            return "true, false"
        low = "(-inf" if self.low is None else f"[{self.low:g}"
        high = "inf)" if self.high is None else f"{self.high:g}]"
        return f"{low}, {high}"

    @property
    def takes(self) -> str:
        """What the setting takes, and what is typical: the end of a refusal."""
        return self.takes_or("")

    def takes_or(self, word: str) -> str:
        """The same where a word is taken as well, such as none."""
        typical = "" if self.typical is None else f"; {literal(self.typical)} is typical"
        return f"{self._values}{f', or {word}' if word else ''}{typical}"

    @property
    def _values(self) -> str:
        if self.kind == "word":
            return f"one of {self.bounds}"
        if self.kind == "yes/no":
            return "true or false"
        if self.kind == "table":
            return f"at most {TABLE_ROWS} rows [x, y] with x ascending and numbers in {self.bounds}"
        return f"a {self.kind} in {self.bounds}"

    @property
    def numeric(self) -> bool:
        """Whether the setting is one number, which a solver can move."""
        return self.kind in ("number", "whole number")


@cache
def settings_of(lever: type[Lever]) -> Mapping[str, Setting]:
    """The settings of a lever by name, in the order of its file."""
    found = {}
    for name, field in lever.model_fields.items():
        extra = extra_of(field)
        found[name] = Setting(
            name, _kind(field.annotation, field.default), field.default, extra["typical"], extra["unit"],
            extra["ge"], extra["le"], _words(field.annotation), field.description or "", extra["source"],
        )  # fmt: skip
    return MappingProxyType(found)


def _words(annotation: Any) -> tuple[str, ...]:
    choices = [word for part in (annotation, *get_args(annotation)) for word in words_of(part)]
    return tuple(dict.fromkeys(choices))


def _kind(annotation: Any, neutral: Any) -> Kind:
    parts = {part for part in get_args(annotation) if part is not NoneType} or {annotation}
    if _words(annotation):
        return "word"
    if isinstance(neutral, tuple):
        return "table"
    if bool in (annotation, *parts):
        return "yes/no"
    return "whole number" if parts == {int} else "number"


def build_lever(
    lever: type[Lever], values: Mapping[str, Any], path: str, faults: Faults, places: Mapping[str, Faults] | None = None
) -> Lever:
    """The lever at these settings; what is wrong is told as faults and a neutral lever stands in.

    `places` says of each setting where it was written, and so where its faults are told; None: all of them in `faults`.
    """
    known = settings_of(lever)
    where = dict.fromkeys(values, faults) if places is None else places
    for name in values:
        if name not in known:
            where[name].unknown_key(path, name, known, f"setting of {lever.key}")
    try:
        return lever(**{name: as_tuple(value) for name, value in values.items() if name in known})
    except ValidationError as refusal:
        told = set()
        for error in refusal.errors():
            name = str(error["loc"][0]) if error["loc"] else ""
            if name in told:
                continue
            told.add(name)
            if name:
                unit = "" if known[name].kind in ("word", "yes/no") else known[name].unit
                where[name].wrong(join(path, name), values[name], unit, known[name].takes)
            else:  # a rule between settings, in the lever's own words
                faults.add(path, str(error.get("ctx", {}).get("error", error["msg"])))
        return lever()


def as_tuple(value: Any) -> Any:
    """Lists as tuples, which is what a frozen lever holds."""
    return tuple(as_tuple(item) for item in value) if isinstance(value, list | tuple) else value


def as_plain(value: Any) -> Any:
    """A setting or parameter as JSON and TOML write it: tuples and arrays as lists."""
    if hasattr(value, "tolist"):
        return value.tolist()
    return [as_plain(item) for item in value] if isinstance(value, list | tuple) else value

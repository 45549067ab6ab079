"""What the model must show: published findings as targets, read from `targets.toml` into typed records.

A target says in words what was found and in which setting, and in data how the model is measured against it: a scenario of
`scenarios/findings/`, a figure (`of`), the policies compared, the band in which the figure must fall, the grade of the evidence
and the role. `calibrate`: parameters may be fitted to it; `validate`: held out from every fit; `report`: shown, counted nowhere.
Where the model cannot express a setting honestly the target says why instead (`not_expressible`).
Findings told twice in the notes behind this file are one target; the other id stands under `twins`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

from simulation.errors import ParameterError
from simulation.evidence.read import evidence_table, sources

Role = Literal["calibrate", "validate", "report"]
ROLES = ("calibrate", "validate", "report")
GRADES = ("A", "B", "C", "D")
CHANGES = ("level", "relative", "difference", "ratio")
WORDS = ("text", "label", "setting", "grade", "role", "source", "twins", "note")
MEASURED = ("scenario", "of", "with", "without", "change", "months", "group", "against", "with_world", "target", "band", "unit")
FIELDS = (*WORDS, *MEASURED, "not_expressible")


@dataclass(frozen=True)
class Target:
    """One published figure.

    id : family, number and part, as `comp.T14` or `comp.T14.decay`; what stands before a second dot is the finding
    text, label : what was found, in a sentence and in a few words
    setting : in which pack, population, treatment and horizon the model is asked
    scenario : stem of a file of `scenarios/findings/`; empty where the setting cannot be expressed
    of : key of a measure, or name of a figure of `calibration.figures`
    with_policy, without_policy : policies of the scenario; the second is empty for a level
    change : level, relative (with over without, less 1), difference or ratio of the two
    months : first month of the run that counts, and the first that does not
    group, against : reps that count; a ratio of ratios against another group
    with_world : worlds laid over the scenario's for the policy with, compared with the scenario's own
    target, low, high : the figure and its band [unit]; an open side of the band is infinite
    """

    id: str
    text: str
    label: str
    setting: str
    grade: str
    role: Role
    source: tuple[str, ...]
    twins: tuple[str, ...] = ()
    note: str = ""
    scenario: str = ""
    of: str = ""
    with_policy: str = ""
    without_policy: str = ""
    change: str = "level"
    months: tuple[int, int] = (0, 0)
    group: str = ""
    against: str = ""
    with_world: tuple[str, ...] = ()
    target: float | None = None
    low: float = -math.inf
    high: float = math.inf
    unit: str = ""
    not_expressible: str = ""

    @property
    def finding(self) -> str:
        """The finding this figure belongs to: the id without its part."""
        return ".".join(self.id.split(".")[:2])

    @property
    def expressed(self) -> bool:
        """Whether the model can be asked."""
        return not self.not_expressible

    @property
    def centre(self) -> float:
        """The figure aimed at: the one published, or the middle of a closed band where only a sign or range was."""
        if self.target is not None:
            return self.target
        return 0.5 * (self.low + self.high) if math.isfinite(self.low + self.high) else math.nan

    def spread(self, value: float) -> float:
        """Standard deviation that the band stands for on the side where `value` lies: half of that side's width."""
        side = self.high - self.centre if value >= self.centre else self.centre - self.low
        return 0.5 * side

    def holds(self, value: float) -> bool:
        """Whether a simulated figure lies in the band."""
        return self.low <= value <= self.high


@dataclass
class _Reading:
    """Targets read so far, and what is wrong with the file."""

    found: dict[str, Target] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


@lru_cache(maxsize=1)
def targets() -> Mapping[str, Target]:
    """Every target by id, in the order of the file."""
    return read_targets(evidence_table("targets.toml"))


def read_targets(tables: Mapping[str, Any], where: str = "targets.toml") -> Mapping[str, Target]:
    """Targets from a parsed file. Raises ParameterError with a sentence for every fault."""
    reading = _Reading()
    for family, entries in tables.items():
        for name, entry in entries.items():
            for part, fields in _parts(entry):
                _read(".".join(filter(None, (family, name, part))), fields, where, reading)
    _check_twins(reading, where)
    if reading.faults:
        raise ParameterError(reading.faults)
    return reading.found


def _parts(entry: Mapping[str, Any]) -> Iterable[tuple[str, dict[str, Any]]]:
    """The figures of a finding: itself, and tables below it, which take over what they do not say themselves."""
    own = {key: value for key, value in entry.items() if not isinstance(value, dict)}
    yield "", own
    for name, further in entry.items():
        if isinstance(further, dict):
            left = ("target", "band", "note", "twins", *(MEASURED if "not_expressible" in further else ()))
            shared = {key: value for key, value in own.items() if key not in left}
            yield name, {**shared, **further}


def _read(name: str, fields: Mapping[str, Any], where: str, reading: _Reading) -> None:
    wrong = _faults(fields)
    if wrong:
        reading.faults += [f"{where}: {name}{fault}" for fault in wrong]
        return
    band = fields.get("band", ["open", "open"])
    low, high = _ends(band)
    first, last = fields.get("months", (0, 0))
    reading.found[name] = Target(
        id=name, text=fields["text"], label=fields["label"], setting=fields["setting"], grade=fields["grade"],
        role=fields["role"],
        source=tuple(fields["source"]), twins=tuple(fields.get("twins", ())), note=fields.get("note", ""),
        scenario=fields.get("scenario", ""), of=fields.get("of", ""), with_policy=fields.get("with", ""),
        without_policy=fields.get("without", ""), change=fields.get("change", "level"), months=(first, last),
        group=fields.get("group", ""), against=fields.get("against", ""), with_world=tuple(fields.get("with_world", ())),
        target=fields.get("target"), low=low, high=high, unit=fields.get("unit", ""),
        not_expressible=fields.get("not_expressible", ""),
    )  # fmt: skip


def _ends(band: Any) -> tuple[float, float]:
    """Both ends of a band; an open side is infinite."""
    low, high = (sign * math.inf if end == "open" else float(end) for end, sign in zip(band, (-1.0, 1.0), strict=True))
    return low, high


def _faults(fields: Mapping[str, Any]) -> list[str]:
    """What is wrong with one figure, as ends of sentences."""
    found = [f" has no field {key}; a target has {', '.join(FIELDS)}" for key in fields if key not in FIELDS]
    found += [f" lacks {key}" for key in ("text", "label", "setting", "grade", "role", "source") if key not in fields]
    if found:
        return found
    expressed = "not_expressible" not in fields
    needed = ("scenario", "of", "with", "months", "band", "unit") if expressed else ()
    found += [f" lacks {key}, or not_expressible with the reason" for key in needed if key not in fields]
    if not expressed:
        told = [key for key in MEASURED if key in fields and key not in ("target", "band", "unit")]
        found += [f" cannot be expressed and yet has {key}" for key in told]
    found += [f": role {fields['role']!r} is none of {', '.join(ROLES)}"] * (fields["role"] not in ROLES)
    found += [f": grade {fields['grade']!r} is none of {', '.join(GRADES)}"] * (fields["grade"] not in GRADES)
    change = fields.get("change", "level")
    found += [f": change {change!r} is none of {', '.join(CHANGES)}"] * (change not in CHANGES)
    found += [f": source {key} is not in sources.bib" for key in fields["source"] if key not in sources()]
    return found + _band_faults(fields)


def _band_faults(fields: Mapping[str, Any]) -> list[str]:
    if "band" not in fields:
        return []
    band = fields["band"]
    ends = [end for end in band if end != "open"]
    if len(band) != 2 or not ends or any(type(end) not in (int, float) for end in ends):
        return [f': band {band} is not [low, high] with "open" for a side without an end']
    target = fields.get("target")
    low, high = _ends(band)
    if low >= high or (target is not None and not low <= target <= high):
        return [f": band {band} is not ascending around the target {target}"]
    return []


def _check_twins(reading: _Reading, where: str) -> None:
    """A twin is no target of its own and has one owner."""
    owner: dict[str, str] = {}
    for name, target in reading.found.items():
        for twin in target.twins:
            if twin in reading.found or twin in owner:
                reading.faults.append(f"{where}: {twin}, a twin of {name}, stands elsewhere too; one finding is one target")
            owner[twin] = name

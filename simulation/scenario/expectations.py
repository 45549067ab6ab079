"""What somebody expects of a scenario: the `[[expect]]` tables, a claim to doubt or a statement to test each.

An expectation names a measure, a contrast of policies, and either the figure claimed or the direction alone.
It is written down before anything is run, changes no number, and is judged by `orgsim validate --claims`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from simulation.evidence.measures import MEASURES
from simulation.evidence.read import Parameters
from simulation.scenario import values
from simulation.scenario.faults import Faults

KEYS = ("id", "text", "metric", "contrast", "change", "claimed", "direction", "least", "vary", "against_world")
CHANGES = ("absolute", "relative", "level")
DIRECTIONS = ("higher", "lower")
ID = re.compile(r"[A-Z][0-9]{1,3}[a-z]?")
STATEMENTS = "G"
"""First letter of the ids of general statements; all others are claims."""
LARGEST_WEIGHT = 10.0
ROUNDING = 1e-9


@dataclass(frozen=True)
class Expectation:
    """One claim or statement.

    contrast : weights of policies, summing to 0; for a level the policy of weight 1 may stand alone
    change : "absolute" in the metric's unit, "relative" to the one policy of weight -1, "level" the metric under that of weight 1
    claimed : the figure named, on the scale of `change`; None where only a direction is named
    direction : "higher" or "lower"; None where a figure is named
    least : the smallest difference that counts for a direction, on the scale of `change`
    vary : groups of parameters, or rows "group.name", that are moved over their ranges
    against_world : worlds laid over the scenario's; the effect is then the contrast in the scenario's world less that in this one
    """

    id: str
    text: str
    metric: str
    contrast: Mapping[str, float]
    change: str = "absolute"
    claimed: float | None = None
    direction: str | None = None
    least: float = 0.0
    vary: tuple[str, ...] = ()
    against_world: tuple[str, ...] = ()

    @property
    def is_statement(self) -> bool:
        """Whether it is a general statement rather than a claim."""
        return self.id.startswith(STATEMENTS)

    @property
    def sense(self) -> float:
        """1.0 where more of the metric is expected, -1.0 where less is; a level is to reach the figure from its worse side."""
        if self.direction is not None:
            return 1.0 if self.direction == "higher" else -1.0
        if self.change == "level":
            return -1.0 if MEASURES[self.metric].better == "lower" else 1.0
        return math.copysign(1.0, self.claimed or 0.0)

    @property
    def goal(self) -> float:
        """What the effect must come up to, on the side of `sense`: the figure claimed, or the least difference that counts."""
        return self.sense * self.least if self.claimed is None else self.claimed


def read_expectations(
    value: Any, policies: Collection[str], parameters: Parameters, faults: Faults
) -> tuple[Expectation, ...]:
    """The expectations of a file that can be read; `policies` are its policies, `parameters` those of its world."""
    if not isinstance(value, list) or not all(isinstance(entries, dict) for entries in value):
        faults.wrong("expect", value, "", "tables such as [[expect]]")
        return ()
    found: list[Expectation] = []
    for place, entries in enumerate(value):
        path = f"expect[{place}]"
        faults.unknown_keys(entries, KEYS, path, "key of an expectation")
        one = _expectation(entries, path, policies, parameters, faults)
        if one.id in {other.id for other in found} and one.id:
            faults.add(f"{path}.id", f'= "{one.id}" is the id of an expectation above as well; write another')
        found.append(one)
    return tuple(found)


def _expectation(
    entries: Mapping[str, Any], path: str, policies: Collection[str], parameters: Parameters, faults: Faults
) -> Expectation:
    told = len(faults.told)
    change = values.one_of(entries.get("change", "absolute"), f"{path}.change", CHANGES, "kind of change", faults)
    metric = values.one_of(entries.get("metric", ""), f"{path}.metric", MEASURES, "measure", faults)
    unit = "" if change == "relative" or not metric else MEASURES[metric].unit
    worlds = values.texts(
        entries.get("against_world", []), f"{path}.against_world", 'names of worlds such as "worlds/steady.toml"', faults
    )
    one = Expectation(
        id=_id(entries.get("id", ""), f"{path}.id", faults),
        text=values.prose(entries.get("text", ""), f"{path}.text", values.LONGEST_PROSE, faults),
        metric=metric,
        contrast=_contrast(entries.get("contrast", {}), f"{path}.contrast", policies, faults),
        change=change,
        claimed=_number(entries, "claimed", path, unit, faults),
        direction=_direction(entries, path, faults),
        least=_number(entries, "least", path, unit, faults) or 0.0,
        vary=_vary(entries.get("vary", []), f"{path}.vary", parameters, faults),
        against_world=worlds,
    )
    if len(faults.told) == told:
        _check_weights(one, path, faults)
        _check_target(one, entries, path, faults)
    return one


def _id(value: Any, path: str, faults: Faults) -> str:
    if isinstance(value, str) and ID.fullmatch(value):
        return value
    faults.wrong(path, value, "", 'an id such as "S7", "S10a" or "G1": a capital, a number, and at most one small letter')
    return ""


def _contrast(value: Any, path: str, policies: Collection[str], faults: Faults) -> dict[str, float]:
    entries = values.table(value, path, "weights of policies such as { with = 1, without = -1 }", faults)
    faults.unknown_keys(entries, policies, path, "policy of this file")
    weights = {}
    for key, weight in entries.items():
        if type(weight) in (int, float) and 0.0 < abs(weight) <= LARGEST_WEIGHT:
            weights[key] = float(weight)
        else:
            faults.wrong(f"{path}.{key}", weight, "", f"a weight in [{-LARGEST_WEIGHT:g}, {LARGEST_WEIGHT:g}] other than 0")
    if not entries:
        faults.add(path, "names no policy; write weights such as { with = 1, without = -1 }")
    return weights


def _number(entries: Mapping[str, Any], name: str, path: str, unit: str, faults: Faults) -> float | None:
    value = entries.get(name)
    if value is None or type(value) in (int, float):
        return None if value is None else float(value)
    faults.wrong(f"{path}.{name}", value, unit, "a number")
    return None


def _direction(entries: Mapping[str, Any], path: str, faults: Faults) -> str | None:
    if "direction" not in entries:
        return None
    return values.one_of(entries["direction"], f"{path}.direction", DIRECTIONS, "direction", faults) or None


def _vary(value: Any, path: str, parameters: Parameters, faults: Faults) -> tuple[str, ...]:
    """The groups and rows to move; each must exist."""
    names = values.texts(value, path, 'groups or rows of parameters such as "equity" or "leaving.floor"', faults)
    groups = {group: "" for group, _ in parameters.rows}
    rows = {f"{group}.{name}": "" for group, name in parameters.rows}
    for place, name in enumerate(names):
        if name not in groups and name not in rows:
            known = rows if "." in name else groups
            faults.unknown_value(f"{path}[{place}]", name, known, "group or row of parameters")
    return names


def _check_weights(one: Expectation, path: str, faults: Faults) -> None:
    """A level is that of the policy of weight 1, which may stand alone; else weights sum to 0, and relative is to one policy."""
    weights = list(one.contrast.values())
    if one.change == "level" and [weight for weight in weights if weight > 0.0] != [1.0]:
        faults.add(f"{path}.contrast", 'needs exactly one policy with a positive weight, 1, where change = "level"; mend it')
    elif one.change == "level" and len(weights) == 1:
        return
    elif abs(sum(weights)) > ROUNDING:
        faults.add(f"{path}.contrast", f"has weights that sum to {sum(weights):g}; they must sum to 0, so change one of them")
    elif one.change == "relative" and [weight for weight in weights if weight < 0.0] != [-1.0]:
        faults.add(
            f"{path}.contrast", 'needs exactly one policy with a negative weight, -1, where change = "relative"; write "absolute"'
        )


def _check_target(one: Expectation, entries: Mapping[str, Any], path: str, faults: Faults) -> None:
    """Either a figure or a direction; the least difference belongs to a direction and is none below 0."""
    if (one.claimed is None) == (one.direction is None):
        faults.add(path, "needs either claimed, the figure named, or direction, higher or lower; write exactly one of them")
    if one.claimed == 0.0 and one.change != "level":
        faults.add(f"{path}.claimed", '= 0 claims no effect; write the figure, or direction = "higher" or "lower"')
    if one.change == "level" and one.claimed is None:
        faults.add(f"{path}.change", '= "level" needs claimed, the level named; for a direction compare two policies')
    if one.change == "level" and one.against_world:
        faults.add(f"{path}.against_world", 'compares contrasts; leave it out where change = "level"')
    if "least" in entries and one.direction is None:
        faults.add(f"{path}.least", "belongs to a direction; leave it out beside claimed")
    if one.least < 0.0:
        faults.wrong(f"{path}.least", one.least, "", "a number of at least 0; direction says the side")
    if one.is_statement and one.claimed is not None:
        faults.add(f"{path}.claimed", "is a claim's; a statement (its id begins with G) takes direction and least")

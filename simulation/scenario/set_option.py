"""Changes given on the command line: `--set policies.P.LEVER.SETTING=VALUE`, and the like for worlds, parameters and the firm.

`changed.py` lays the changes of policies over what the file says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from simulation.errors import ScenarioError
from simulation.evidence.read import CONDITIONS, WORLD_GROUPS, Parameters, overlay_rows
from simulation.scenario.entries import OFF, OWN_KEYS
from simulation.scenario.faults import Faults, literal
from simulation.scenario.files import parse_toml

OPTION = "--set"
_PATHS = (
    "policies.POLICY.LEVER.SETTING, policies.POLICY.LEVER, policies.POLICY, world.GROUP.NAME, parameters.RULE.NAME or firm.NAME"
)
_OPTIONS = {name: name for name in ("months", "seats", "seeds", "baseline")} | {"seeds.count": "seeds"}
"""Keys of a scenario that have an option of their own, by what somebody may write after --set."""
_NOTHING = object()


@dataclass
class PolicyChanges:
    """What is changed of one policy.

    like : the policy of the file that this, a new one, is a copy of
    left_out : whether the policy is left out
    own : its label, starts, ends and equal_cost
    levers : a word for a lever as a whole
    settings : values by lever and name
    """

    like: Any = None
    left_out: bool = False
    own: dict[str, Any] = field(default_factory=dict)
    levers: dict[str, Any] = field(default_factory=dict)
    settings: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Changes:
    """What is changed: policies by key; parameter rows by group and name; numbers of the firm by name."""

    policies: Mapping[str, PolicyChanges] = field(default_factory=dict)
    rows: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    firm: Mapping[str, Any] = field(default_factory=dict)

    @property
    def new(self) -> list[str]:
        """The keys of the policies that are not in the file, in the order in which they were given."""
        return [key for key, changes in self.policies.items() if changes.like is not None]

    def on_parameters(self, parameters: Parameters, faults: Faults) -> Parameters:
        """The parameters with other values in some rows; nobody measured them, so their status is assumed."""
        changed, found = overlay_rows(parameters, self.rows, OPTION)
        faults.take(found)
        return changed


def parse_changes(texts: Iterable[str], faults: Faults) -> Changes:
    """The changes that texts `PATH=VALUE` ask for, in whatever order; new policies stand in the order of their `like`."""
    policies: dict[str, PolicyChanges] = {}
    rows: dict[str, dict[str, Any]] = {}
    firm: dict[str, Any] = {}
    for path, value in _items(texts, faults):
        root, *names = path.split(".")
        if root == "policies" and 1 <= len(names) <= 3:
            _change_policy(policies, names, value, path, faults)
        elif root in ("world", "parameters") and len(names) == 2:
            _add_row(rows, root, names, value, faults)
        elif root == "firm" and len(names) == 1:
            firm[names[0]] = value
        else:
            faults.add(path, f"is no path of a change; paths are {_PATHS}")
    return Changes(policies, rows, firm)


def _items(texts: Iterable[str], faults: Faults) -> list[tuple[str, Any]]:
    """Path and value of each text that has both; the same path with two values is a fault."""
    found: dict[str, Any] = {}
    for text in texts:
        path, equals, written = (part.strip() for part in text.partition("="))
        if equals and path in _OPTIONS:
            faults.add(path, f"has an option of its own; use --{_OPTIONS[path]}")
        elif not equals or not all(re.fullmatch(r"\w{1,60}", name, re.ASCII) for name in path.split(".")):
            faults.add(literal(text), f"is no change; write PATH=VALUE with a path {_PATHS}")
        elif (value := _value(written, path, faults)) is not _NOTHING and _differ(found.setdefault(path, value), value):
            faults.add(path, f"is given twice, as {literal(found[path])} and as {literal(value)}; leave one of them out")
    return list(found.items())


def _differ(one: Any, other: Any) -> bool:
    return type(one) is not type(other) or one != other


def _change_policy(policies: dict[str, PolicyChanges], names: list[str], value: Any, path: str, faults: Faults) -> None:
    """One change below `policies`."""
    key, *below = names
    changes = policies.setdefault(key, PolicyChanges())
    if not below and value == OFF:
        changes.left_out = True
    elif not below:
        faults.add(path, f"= {literal(value)} is no change of a policy; write {path}=off, or {path}.LEVER.SETTING=VALUE")
    elif len(below) == 2 and below[0] in OWN_KEYS:
        faults.add(path, f"is set as a whole; write policies.{key}.{below[0]}=VALUE")
    elif len(below) == 2:
        changes.settings.setdefault(below[0], {})[below[1]] = value
    elif below == ["like"]:
        changes.like = value
        policies[key] = policies.pop(key)
    elif below[0] in OWN_KEYS:
        changes.own[below[0]] = value
    else:
        changes.levers[below[0]] = value


def _add_row(rows: dict[str, dict[str, Any]], root: str, names: list[str], value: Any, faults: Faults) -> None:
    group, name = names
    home = "world" if group in (*WORLD_GROUPS, *CONDITIONS) else "parameters"
    if root != home:
        faults.add(f"{root}.{group}.{name}", f"stands elsewhere; write {home}.{group}.{name}")
    else:
        rows.setdefault(group, {})[name] = value if group in CONDITIONS else {"value": value, "status": "assumed"}


def _value(written: str, path: str, faults: Faults) -> Any:
    """A value as TOML writes it; one bare word stands for itself, and so does a label, whose quotes a shell takes away."""
    if re.fullmatch(r"[a-z_][a-z0-9_]*", written) and written not in ("true", "false", "inf", "nan"):
        return written
    if re.fullmatch(r"policies\.\w+\.label", path) and not written.startswith(('"', "'")):
        return written
    try:
        tables, found = parse_toml(f"value = {written}" if "\n" not in written else "", OPTION)
    except ScenarioError:
        tables, found = {}, Faults(OPTION)
    if "value" not in tables or found.told:
        faults.add(path, f"= {literal(written)} is no value; write a finite number, true, false, a word, a list or a table")
        return _NOTHING
    return tables["value"]

"""Changes given on the command line: `--set policies.P.LEVER.SETTING=VALUE`, and the like for worlds and parameters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from simulation.errors import ScenarioError
from simulation.evidence.read import CONDITIONS, WORLD_GROUPS, Parameters, overlay_rows
from simulation.scenario.faults import Faults, literal
from simulation.scenario.files import parse_toml
from simulation.scenario.policy import Policy

OPTION = "--set"
_PATHS = "policies.POLICY.LEVER.SETTING, world.GROUP.NAME, parameters.RULE.NAME or firm.NAME"
_OPTIONS = {name: name for name in ("months", "seats", "seeds", "baseline")} | {"seeds.count": "seeds"}
"""Keys of a scenario that have an option of their own, by what somebody may write after --set."""
_NOTHING = object()


@dataclass(frozen=True)
class Changes:
    """What is changed: settings by policy, lever and name; parameter rows by group and name; numbers of the firm by name."""

    settings: Mapping[str, Mapping[str, Mapping[str, Any]]]
    rows: Mapping[str, Mapping[str, Any]]
    firm: Mapping[str, Any] = field(default_factory=dict)

    def on_policies(self, policies: Sequence[Policy], faults: Faults) -> tuple[Policy, ...]:
        """The policies with their settings changed; a policy that is `like` a changed one stays as it is."""
        known = [policy.key for policy in policies]
        for key in self.settings:
            if key not in known:
                faults.unknown_key("policies", key, known, "policy")
        return tuple(policy.with_settings(self.settings.get(policy.key, {}), faults) for policy in policies)

    def on_parameters(self, parameters: Parameters, faults: Faults) -> Parameters:
        """The parameters with other values in some rows; nobody measured them, so their status is assumed."""
        changed, found = overlay_rows(parameters, self.rows, OPTION)
        faults.take(found)
        return changed


def parse_changes(texts: Iterable[str], faults: Faults) -> Changes:
    """The changes that texts `PATH=VALUE` ask for."""
    settings: dict[str, dict[str, dict[str, Any]]] = {}
    rows: dict[str, dict[str, Any]] = {}
    firm: dict[str, Any] = {}
    for text in texts:
        path, equals, written = (part.strip() for part in text.partition("="))
        root, *names = path.split(".")
        if equals and path in _OPTIONS:
            faults.add(path, f"has an option of its own; use --{_OPTIONS[path]}")
            continue
        if not equals or not all(re.fullmatch(r"\w{1,60}", name, re.ASCII) for name in [root, *names]):
            faults.add(literal(text), f"is no change; write PATH=VALUE with a path {_PATHS}")
            continue
        value = _value(written, path, faults)
        if value is _NOTHING:
            continue
        if root == "policies" and len(names) == 3:
            settings.setdefault(names[0], {}).setdefault(names[1], {})[names[2]] = value
        elif root in ("world", "parameters") and len(names) == 2:
            _add_row(rows, root, names, value, faults)
        elif root == "firm" and len(names) == 1:
            firm[names[0]] = value
        else:
            faults.add(path, f"is no path of a change; paths are {_PATHS}")
    return Changes(settings, rows, firm)


def _add_row(rows: dict[str, dict[str, Any]], root: str, names: list[str], value: Any, faults: Faults) -> None:
    group, name = names
    home = "world" if group in (*WORLD_GROUPS, *CONDITIONS) else "parameters"
    if root != home:
        faults.add(f"{root}.{group}.{name}", f"stands elsewhere; write {home}.{group}.{name}")
    else:
        rows.setdefault(group, {})[name] = value if group in CONDITIONS else {"value": value, "status": "assumed"}


def _value(written: str, path: str, faults: Faults) -> Any:
    """A value as TOML writes it; one bare word stands for itself."""
    if re.fullmatch(r"[a-z_]+", written) and written not in ("true", "false", "inf", "nan"):
        return written
    try:
        tables, found = parse_toml(f"value = {written}" if "\n" not in written else "", OPTION)
    except ScenarioError:
        tables, found = {}, Faults(OPTION)
    if "value" not in tables or found.told:
        faults.add(path, f"= {literal(written)} is no value; write a finite number, true, false, a word or a list")
        return _NOTHING
    return tables["value"]

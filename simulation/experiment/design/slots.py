"""What a sweep can vary: a setting, a lever as a whole, a policy's first and last month, or a parameter, by dotted path.

    policies.P.LEVER.SETTING    a number, a word, true or false, a table; "none" where the setting may be left out
    policies.P.LEVER            off, on (as the file has it) or typical
    policies.P.starts, ends     a month
    world.GROUP.NAME, parameters.RULE.NAME
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import ValidationError

from simulation.errors import ScenarioError
from simulation.evidence.ensemble import LAYOUT, Key
from simulation.evidence.read import CONDITIONS, WORLD_GROUPS, nearest
from simulation.levers.base import Lever
from simulation.scenario import Policy, Scenario
from simulation.scenario.entries import OWN_KEYS
from simulation.scenario.faults import Faults, literal
from simulation.scenario.files import parse_toml
from simulation.scenario.firm import check_owned
from simulation.scenario.settings import Setting, as_tuple, settings_of

OPTION = "--vary"
PATHS = (
    "policies.POLICY.LEVER.SETTING, policies.POLICY.LEVER, policies.POLICY.starts or ends, world.GROUP.NAME, parameters.RULE.NAME"
)
OFF, ON, TYPICAL = "off", "on", "typical"
CHOICES = (OFF, ON, TYPICAL)
NONE = "none"
"""A setting left out, or a policy that does not end."""
NOTHING = object()
"""Stands in for a value that was refused."""
MONTHS = ("starts", "ends")
_ELSEWHERE = {name: name for name in ("months", "seats", "seeds", "baseline")} | {"seeds.count": "seeds", "seeds.first": "seeds"}
_NUMBER = re.compile(r"[-+]?(\d[\d_]*\.?\d*|\.\d+)([eE][-+]?\d{1,3})?", re.ASCII)


@dataclass(frozen=True)
class Slot:
    """A place that a value goes to.

    kind : "number", "whole number", "word", "yes/no", "table" or "lever"
    own : what stands there in the scenario
    takes : what it takes, as the end of a refusal
    low, high : bounds of a number
    words : what a word may be
    optional : whether it may be left out, with the word none
    lever : of a setting, what checks it
    """

    path: str
    kind: str
    unit: str
    own: Any
    takes: str
    low: float = -math.inf
    high: float = math.inf
    words: tuple[str, ...] = ()
    optional: bool = False
    lever: type[Lever] | None = None

    @cached_property
    def policy(self) -> str | None:
        """The policy it belongs to; None for a parameter."""
        root, name, *_ = self.path.split(".")
        return name if root == "policies" else None

    @cached_property
    def parameter(self) -> Key | None:
        """The parameter it is; None for what belongs to a policy."""
        root, group, name = self.path.split(".")[:3] if self.policy is None else ("", "", "")
        return (group, name) if root else None

    @cached_property
    def lever_path(self) -> str | None:
        """The path of the lever as a whole, of a setting or of a lever."""
        if self.policy is None or self.path.split(".")[2] in MONTHS:
            return None
        return ".".join(self.path.split(".")[:3])

    @property
    def numeric(self) -> bool:
        """Whether it takes numbers, which have ranges."""
        return self.kind in ("number", "whole number")

    def read(self, text: str, faults: Faults) -> Any:
        """The value that a text stands for, or `NOTHING` and a fault."""
        text = text.strip()
        if self.optional and text == NONE:
            return NONE
        if self.kind in ("word", "lever"):
            value: Any = text.strip("\"'")
            if value not in self.words:
                faults.unknown_value(self.path, value, self.words, "word that is taken here")
                return NOTHING
            return value
        value = _number(text) if self.numeric else _toml(text)
        return self.checked(NOTHING, text, faults) if value is None else self.checked(value, value, faults)

    def checked(self, value: Any, shown: Any, faults: Faults) -> Any:
        """The value as its kind holds it, or `NOTHING` and a fault."""
        fitted = self._fitted(value)
        if fitted is NOTHING:
            faults.wrong(self.path, shown, "" if isinstance(shown, str) or self.kind == "yes/no" else self.unit, self.takes)
        return fitted

    def _fitted(self, value: Any) -> Any:
        if self.optional and value in (None, NONE):
            return NONE
        if self.kind in ("word", "lever"):
            return value if isinstance(value, str) and value in self.words else NOTHING
        if self.numeric:
            value = self._as_number(value)
        elif self.kind == "yes/no":
            value = value if isinstance(value, bool) else NOTHING
        elif self.kind == "table":
            value = as_tuple(value) if isinstance(value, list | tuple) else NOTHING
        return value if value is not NOTHING and self._allowed(value) else NOTHING

    def _as_number(self, value: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            return NOTHING
        if self.kind == "number":
            return float(value)
        return int(value) if value == int(value) else NOTHING

    def _allowed(self, value: Any) -> bool:
        """Whether a value by itself is taken; rules between settings are asked for at each point."""
        if self.numeric and not self.low <= value <= self.high:
            return False
        if self.lever is None:
            return True
        name = self.path.split(".")[3]
        try:
            self.lever(**{name: value})
        except ValidationError as refusal:
            return not any(error["loc"] and error["loc"][0] == name for error in refusal.errors())
        return True


def find_slot(path: str, scenario: Scenario, faults: Faults) -> Slot | None:
    """What a path names in a scenario; None, and a fault, where it names nothing that can be varied."""
    root, *names = path.split(".")
    if path in _ELSEWHERE:
        faults.add(path, f"cannot be varied: all points share size and luck; run the sweep once for each --{_ELSEWHERE[path]}")
    elif root == "firm":
        faults.add(
            path, "cannot be varied: a firm's numbers are solved for once; vary the parameter behind it, "
            "or compare with --set firm.NAME for each value"
        )  # fmt: skip
    elif not all(re.fullmatch(r"\w{1,60}", name, re.ASCII) for name in [root, *names]):
        faults.add(literal(path), f"is no path; paths are {PATHS}")
    elif root == "policies" and len(names) in (2, 3):
        return _of_policy(path, names, scenario, faults)
    elif root in ("world", "parameters") and len(names) == 2:
        return _parameter(path, root, names, scenario, faults)
    else:
        faults.add(path, f"is no path that can be varied; paths are {PATHS}")
    return None


def _of_policy(path: str, names: Sequence[str], scenario: Scenario, faults: Faults) -> Slot | None:
    known = {policy.key: policy for policy in scenario.policies}
    if names[0] not in known:
        faults.unknown_key("policies", names[0], known, "policy")
        return None
    policy, place = known[names[0]], names[1]
    if place in MONTHS and len(names) == 2:
        return _month(path, place, policy, scenario.months)
    if place in OWN_KEYS:
        faults.add(path, f"cannot be varied; of a policy its levers, {' and '.join(MONTHS)} can")
    elif place not in policy.levers:
        faults.unknown_key(f"policies.{policy.key}", place, [*policy.levers, *MONTHS], "lever or month of a policy")
    elif len(names) == 2:
        own = OFF if policy.levers[place].is_neutral() else ON
        return Slot(path, "lever", "", own, f"one of {', '.join(CHOICES)}", words=CHOICES)
    else:
        return _setting(path, names[2], policy, policy.levers[place], faults)
    return None


def _month(path: str, name: str, policy: Policy, months: int) -> Slot:
    if name == "starts":
        return Slot(path, "whole number", "months", policy.starts, f"a whole number in [0, {months - 1}]", 0, months - 1)
    own = NONE if policy.ends is None else policy.ends
    return Slot(path, "whole number", "months", own, f"a whole number in [1, {months}], or {NONE}", 1, months, optional=True)


def _setting(path: str, name: str, policy: Policy, lever: Lever, faults: Faults) -> Slot | None:
    settings = settings_of(type(lever))
    if name not in settings:
        faults.unknown_key(path.rpartition(".")[0], name, settings, f"setting of {lever.key}")
        return None
    if policy.equal_cost is not None and policy.equal_cost.by == f"{lever.key}.{name}":
        faults.add(path, f"is what equal_cost of {policy.key} moves; vary another setting, or take equal_cost out of the policy")
        return None
    about: Setting = settings[name]
    own = getattr(lever, name)
    low, high = (-math.inf if about.low is None else about.low), (math.inf if about.high is None else about.high)
    optional = about.neutral is None
    takes = about.takes_or(NONE if optional else "")
    bounds = (low, high) if about.numeric else (-math.inf, math.inf)
    return Slot(
        path, about.kind, about.unit, NONE if optional and own is None else own, takes, *bounds, about.words, optional,
        type(lever),
    )  # fmt: skip


def _parameter(path: str, root: str, names: Sequence[str], scenario: Scenario, faults: Faults) -> Slot | None:
    group, name = names
    home = "world" if group in (*WORLD_GROUPS, *CONDITIONS) else "parameters"
    row = scenario.parameters.rows.get((group, name))
    if group in CONDITIONS:
        faults.add(path, "is a path over months and cannot be varied; write worlds that have it, and compare in each")
    elif row is None:
        rows = scenario.parameters.rows.values()
        faults.add(path, f"is no parameter; the nearest is {nearest(f'{home}.{group}.{name}', [known.path for known in rows])}")
    elif root != home:
        faults.add(path, f"stands elsewhere; write {row.path}")
    elif (group, name) in LAYOUT:
        faults.add(path, "lays out the seats and cannot be varied: every seat would have other neighbours and other luck")
    elif not isinstance(row.value, int | float):
        faults.add(path, "is a table and cannot be varied; write worlds that have it, and compare in each")
    else:
        before = len(faults.told)
        if scenario.firm is not None:
            check_owned({group: {name: row.value}}, scenario.firm.asked, faults, faults.where)
        if len(faults.told) == before:
            takes = f"a number in [{row.low:g}, {row.high:g}]"
            return Slot(path, "number", row.unit, float(row.value), takes, row.low, row.high)
    return None


def _number(text: str) -> float | None:
    return float(text.replace("_", "")) if _NUMBER.fullmatch(text) else None


def _toml(text: str) -> Any:
    """A value as TOML writes it, or None."""
    if "\n" in text or text in ("", "inf", "nan"):
        return None
    try:
        tables, found = parse_toml(f"value = {text}", OPTION)
    except ScenarioError:
        return None
    return None if found.told or set(tables) != {"value"} else tables["value"]

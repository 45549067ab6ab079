"""Points of a design: from values by path to policies and moved parameters.

Settings of a lever that is off at a point do not apply there. Points that come to the same policies and parameters are one.
What a lever refuses of a combination of settings is told beside the points, and is no reason to stop the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from pydantic import ValidationError

from simulation.evidence.ensemble import Key
from simulation.experiment.design.slots import NONE, OFF, ON, TYPICAL, Slot
from simulation.levers.base import Lever
from simulation.scenario import Policy, Scenario
from simulation.scenario.faults import Faults
from simulation.scenario.policies import check_end
from simulation.scenario.settings import build_lever

Settings = Mapping[str, Any]
"""Values by path, in the order of what is varied; None where a setting does not apply."""


@dataclass(frozen=True, eq=False)
class Point:
    """One point of a design.

    settings : the value of everything that is varied; None for settings of a lever that is off at this point
    policies : the subjects with the settings applied, under the keys that they have in the scenario
    moved : parameters with other values than the scenario's, or held where the scenario draws them
    """

    settings: Settings
    policies: tuple[Policy, ...]
    moved: tuple[tuple[Key, float], ...] = ()


class Refused(NamedTuple):
    """A point that cannot be run, and why."""

    settings: Settings
    sentence: str


class Placer:
    """Puts values into the policies of a scenario; levers and policies that were built once are used again."""

    def __init__(self, scenario: Scenario, slots: Sequence[Slot], subjects: Sequence[str]) -> None:
        self.scenario, self.slots = scenario, tuple(slots)
        self.baseline = scenario.policy(scenario.baseline)
        self.subjects = [scenario.policy(key) for key in subjects]
        self.drawn = frozenset(drawn.values) if (drawn := scenario.drawn()) else frozenset()
        self.levers: dict[Any, Lever | str] = {}
        self.policies: dict[Any, tuple[Policy, Any] | str] = {}
        self.same: dict[Any, Lever] = {}

    def place(self, given: Settings, where: str) -> tuple[Point, Any] | Refused:
        """The point at some values, and what tells it from others; `given` leaves out what stays as the scenario has it."""
        settings = self._applying(given)
        built: list[tuple[Policy, Any]] = []
        for subject in self.subjects:
            own = tuple((path, value) for path, value in self._own(subject.key, given, settings))
            key = (subject.key, own)
            if key not in self.policies:
                changed = self._changed(subject, own)
                self.policies[key] = changed if isinstance(changed, str) else (changed, self._identity(changed))
            found = self.policies[key]
            if isinstance(found, str):
                return Refused(settings, f"{where}: {found}")
            built.append(found)
        moved = tuple(self._moved(given))
        return Point(settings, tuple(policy for policy, _ in built), moved), (tuple(own for _, own in built), moved)

    def _applying(self, given: Settings) -> dict[str, Any]:
        """The value of every slot, None for settings of a lever that is off, and the typical one of a lever that is typical."""
        touched = {slot.lever_path for slot in self.slots if slot.kind != "lever" and slot.path in given}
        settings = {}
        for slot in self.slots:
            own = ON if slot.kind == "lever" and slot.path in touched else slot.own
            settings[slot.path] = given.get(slot.path, own)
        choices = {slot.path: settings[slot.path] for slot in self.slots if slot.kind == "lever"}
        for slot in self.slots:
            choice = None if slot.kind == "lever" else choices.get(slot.lever_path or "")
            if choice == OFF:
                settings[slot.path] = None
            elif choice == TYPICAL and slot.path not in given:
                settings[slot.path] = _typical(slot)
        return settings

    def _own(self, policy: str, given: Settings, settings: Settings) -> list[tuple[str, Any]]:
        """What is changed of one policy."""
        return [
            (slot.path, settings[slot.path])
            for slot in self.slots
            if slot.policy == policy and settings[slot.path] is not None and (slot.path in given or slot.kind == "lever")
        ]

    def _moved(self, given: Settings) -> list[tuple[Key, float]]:
        """Parameters that are not what they are in the scenario; one that is drawn there is held at the value given."""
        found = []
        for slot in self.slots:
            key = slot.parameter
            if key is not None and slot.path in given and (given[slot.path] != slot.own or key in self.drawn):
                found.append((key, given[slot.path]))
        return found

    def _changed(self, policy: Policy, own: Sequence[tuple[str, Any]]) -> Policy | str:
        """The policy with what is changed of it, or why it cannot be."""
        if not own:
            return policy
        months: dict[str, Any] = {}
        bases: dict[str, str] = {}
        settings: dict[str, list[tuple[str, Any]]] = {}
        for path, value in own:
            _, _, name, *rest = path.split(".")
            if rest:
                settings.setdefault(name, []).append((rest[0], None if value == NONE else value))
            elif name in policy.levers:
                bases[name] = value
            else:
                months[name] = None if value == NONE else value
        levers = dict(policy.levers)
        for name in dict.fromkeys([*bases, *settings]):
            lever = self._lever(policy, name, bases.get(name, ON), tuple(settings.get(name, ())))
            if isinstance(lever, str):
                return lever
            levers[name] = lever
        changed = replace(policy, levers=levers, **months)
        return _refusal(changed, self.baseline) or changed

    def _lever(self, policy: Policy, name: str, base: str, settings: tuple[tuple[str, Any], ...]) -> Lever | str:
        """The lever at some settings on top of off, on or typical, the same object wherever it is the same."""
        key = (policy.key, name, base, settings)
        if key not in self.levers:
            own, path = policy.levers[name], f"policies.{policy.key}.{name}"
            kind = type(own)
            start = kind() if base == OFF else kind.typical() if base == TYPICAL else own
            built = _built(kind, {field: getattr(start, field) for field in kind.model_fields} | dict(settings), path)
            self.levers[key] = built if isinstance(built, str) else self._shared(built)
        return self.levers[key]

    def _shared(self, lever: Lever) -> Lever:
        return self.same.setdefault(_values(lever), lever)

    def _identity(self, policy: Policy) -> Any:
        """What tells a policy from the same one at other points: levers are shared, so their identity is enough."""
        touched = {slot.lever_path.split(".")[2] for slot in self.slots if slot.policy == policy.key and slot.lever_path}
        return policy.starts, policy.ends, tuple(id(self._shared(policy.levers[name])) for name in sorted(touched))


def _built(kind: type[Lever], values: Mapping[str, Any], path: str) -> Lever | str:
    """The lever at these settings, or why there is none; words are looked for only where it is refused."""
    try:
        return kind(**values)
    except ValidationError:
        faults = Faults("")
        build_lever(kind, values, path, faults)
        return _bare(faults)


def _typical(slot: Slot) -> Any:
    """What stands in a setting where its lever is typical."""
    value = getattr(slot.lever.typical(), slot.path.split(".")[3]) if slot.lever else None
    return NONE if value is None else value


def _values(lever: Lever) -> tuple[Any, ...]:
    return (lever.key, *(getattr(lever, name) for name in type(lever).model_fields))


def _bare(faults: Faults) -> str:
    """The first fault without the place where it was written."""
    return faults.told[0].removeprefix(": ")


def _refusal(policy: Policy, baseline: Policy) -> str:
    """What rules between a policy's parts refuse; empty when nothing."""
    faults, path = Faults(""), f"policies.{policy.key}"
    if policy.ends is not None and policy.ends <= policy.starts:
        faults.add(f"{path}.ends", f"= {policy.ends} months is not after its start in month {policy.starts}")
    check_end(policy, baseline, faults)
    promise = policy.equal_cost
    if promise is not None:
        lever, _, name = promise.by.partition(".")
        if getattr(policy.levers[lever], name) is None:
            faults.add(f"{path}.equal_cost", f"moves {promise.by}, which is not set at this point")
    return _bare(faults) if faults.told else ""

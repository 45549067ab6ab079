"""What `--set` changes of policies, laid over what the file says before anything is checked: as if the file had said so.

The order is fixed whatever the order of the changes: new policies, then words for a whole lever, then settings, then
labels, months and equal costs. A change concerns the policy named, and no other that is like it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulation.levers import catalogue
from simulation.scenario import values
from simulation.scenario.entries import OFF, OWN_KEYS, Entries
from simulation.scenario.faults import Faults, literal
from simulation.scenario.set_option import Changes, PolicyChanges
from simulation.scenario.settings import settings_of

TYPICAL, NONE = "typical", "none"


def change_policies(found: Mapping[str, Entries], changes: Changes, faults: Faults) -> dict[str, Entries]:
    """The policies of the file and those that are new, changed; `faults` is told what --set gets wrong."""
    changed = {**found, **_new(found, changes, faults)}
    for key, asked in changes.policies.items():
        if key in changed:
            _change(changed[key], asked, faults)
        elif asked.like is None:
            faults.unknown_key("policies", key, list(changed), "policy")
    return changed


def check_left_out(policies: Mapping[str, str | None], left_out: set[str], baseline: str, faults: Faults) -> None:
    """The baseline stays, and so does a policy whose cost another one matches; `policies` says whose each of them matches."""
    if baseline in left_out:
        faults.add(f"policies.{baseline}", '= "off" leaves out the baseline; name another with --baseline, or keep this policy')
    for key, to in policies.items():
        if key not in left_out and to in left_out - {baseline}:
            faults.add(
                f"policies.{to}", f'= "off" leaves out the policy that equal_cost of {key} names; '
                f"set policies.{key}.equal_cost=off as well, or keep this policy"
            )  # fmt: skip


def _new(found: Mapping[str, Entries], changes: Changes, faults: Faults) -> dict[str, Entries]:
    """The policies that start as copies, as the others stand in the file; labels are not copied."""
    new = {}
    for key in changes.new:
        path, like = f"policies.{key}.like", changes.policies[key].like
        if key in found:
            faults.add(path, f"= {literal(like)} cannot change a policy of the file; choose another key, such as {key[:38]}_2")
        elif values.key(key, f"policies.{key}", faults) and values.one_of(like, path, found, "policy of the file", faults):
            other = found[like]
            copied = {name: _copy(value) for name, value in other.values.items() if name != "label"}
            new[key] = Entries(key, copied, {}, other.places, {"label": None})
    return new


def _change(entries: Entries, asked: PolicyChanges, faults: Faults) -> None:
    """Lay one policy's changes over its entries."""
    for lever, word in asked.levers.items():
        _set_lever(entries, lever, word, faults)
    for lever, settings in asked.settings.items():
        if lever in catalogue():
            _set_settings(entries, lever, settings, faults)
        else:
            faults.unknown_key(f"policies.{entries.key}", lever, catalogue(), "lever")
    for name, value in asked.own.items():
        absent = (name, value) in (("equal_cost", OFF), ("ends", NONE))
        if name == "equal_cost" and not absent and not isinstance(value, dict):
            faults.wrong(f"policies.{entries.key}.{name}", value, "", '{ to = "POLICY", by = "LEVER.SETTING" } or off')
            continue
        entries.asked[name] = None
        entries.values.pop(name, None)
        if not absent:
            entries.values[name] = value


def _set_lever(entries: Entries, lever: str, word: Any, faults: Faults) -> None:
    """A whole lever at neutral or at what is typical."""
    path = f"policies.{entries.key}"
    if lever not in catalogue():
        faults.unknown_key(path, lever, [*(key for key in OWN_KEYS if key != "like"), *catalogue()], "lever or key of a policy")
    elif word not in (OFF, TYPICAL):
        faults.wrong(f"{path}.{lever}", word, "", f"off or typical; one setting is written {path}.{lever}.SETTING=VALUE")
    else:
        entries.asked[lever] = None
        entries.values.pop(lever, None)
        if word == TYPICAL:
            known = settings_of(catalogue()[lever])
            entries.values[lever] = {name: one.typical for name, one in known.items() if one.typical is not None}


def _set_settings(entries: Entries, lever: str, settings: Mapping[str, Any], faults: Faults) -> None:
    """Settings of one lever; `none` takes away one that may be absent."""
    known = settings_of(catalogue()[lever])
    table = dict(entries.values.get(lever, {}))
    for name, value in settings.items():
        if value != NONE or name not in known or NONE in known[name].words:
            table[name] = value
        elif known[name].neutral is None:
            table.pop(name, None)
        else:
            path = f"policies.{entries.key}.{lever}.{name}"
            faults.add(path, f"= none is refused, since this setting is never absent; it takes {known[name].takes}")
            continue
        before = entries.asked.get(lever, set())
        entries.asked[lever] = None if before is None else {*before, name}
    entries.values[lever] = table


def _copy(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else value

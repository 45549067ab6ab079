"""The `[policies]` of a file: what `like` copies, what each table merges, and the rules between policies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulation.levers import catalogue
from simulation.levers.base import Lever
from simulation.scenario import values
from simulation.scenario.faults import Faults, join, literal
from simulation.scenario.policy import EqualCost, Policy
from simulation.scenario.settings import build_lever, settings_of

OWN_KEYS = ("label", "like", "starts", "ends", "equal_cost")
RESERVED = "is reserved for a later version of orgsim; leave it out"
OFF = "off"
"""Instead of a table: the lever at neutral, or no equal cost."""


def read_policies(tables: Mapping[str, Any], baseline: str, months: int, faults: Faults) -> tuple[Policy, ...]:
    """Every policy of the file that can be read, the baseline first."""
    if not tables:
        faults.add("policies", "is missing; write at least one table such as [policies.today]")
    usable = {}
    for key, entries in tables.items():
        path = join("policies", key)
        if values.key(key, path, faults):
            usable[key] = _checked_keys(values.table(entries, path, "a table of levers and their settings", faults), path, faults)
    policies = [_policy(key, _like(key, usable, faults), usable[key], faults, months) for key in usable]
    by_key = {policy.key: policy for policy in policies}
    for policy in policies:
        _check_equal_cost(policy, by_key, faults)
        check_end(policy, by_key.get(baseline), faults)
    _check_labels(policies, faults)
    return tuple(sorted(policies, key=lambda policy: policy.key != baseline))


def _check_labels(policies: Sequence[Policy], faults: Faults) -> None:
    """Tables and charts tell policies apart by their labels."""
    owner: dict[str, str] = {}
    for policy in policies:
        first = owner.setdefault(policy.label, policy.key)
        if policy.label and first != policy.key:
            path = f"policies.{policy.key}.label"
            faults.add(path, f"= {literal(policy.label)} is the label of {first} as well; write another")


def _checked_keys(entries: Mapping[str, Any], path: str, faults: Faults) -> dict[str, Any]:
    """The entries whose names and kinds are known."""
    known = [*OWN_KEYS, *catalogue()]
    checked = {}
    for name, value in entries.items():
        where = join(path, name)
        if name == "applies_to":
            faults.add(where, RESERVED)
        elif name not in known:
            faults.unknown_key(path, name, known, "lever or key of a policy")
        elif name in catalogue() and not isinstance(value, dict) and value != OFF:
            faults.wrong(where, value, "", f'a table of settings or "off"; see `orgsim levers {name}`')
        elif name == "equal_cost" and not isinstance(value, dict) and value != OFF:
            faults.wrong(where, value, "", '{ to = "POLICY", by = "LEVER.SETTING" } or "off"')
        else:
            checked[name] = value
    return checked


def _like(key: str, usable: Mapping[str, Mapping[str, Any]], faults: Faults) -> dict[str, Any]:
    """A policy's entries laid over those of the policy it is like: tables key by key, all else whole; labels are not copied."""
    own = dict(usable[key])
    like = own.pop("like", None)
    if like is None:
        return _without_off(own)
    path = f"policies.{key}.like"
    others = [name for name in usable if name != key]
    if values.one_of(like, path, others, "other policy", faults) == "":
        return _without_off(own)
    if "like" in usable[like]:
        other = literal(usable[like]["like"])
        faults.add(path, f'= "{like}" is itself like another policy; copy {other} instead: like goes one level')
        return _without_off(own)
    merged = {name: value for name, value in _without_off(dict(usable[like])).items() if name != "label"}
    for name, value in own.items():
        both = isinstance(value, dict) and isinstance(merged.get(name), dict)
        merged[name] = {**merged[name], **value} if both else value
    return _without_off(merged)


def _without_off(entries: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entries.items() if name in ("label", "like") or value != OFF}


def _policy(key: str, entries: Mapping[str, Any], own: Mapping[str, Any], faults: Faults, months: int) -> Policy:
    """The policy these entries describe; faults of entries that are not its own were told where they were written."""
    path = f"policies.{key}"
    told = {name: faults if name in own else Faults("") for name in OWN_KEYS}
    label = entries.get("label", key.replace("_", " ").capitalize())
    starts = values.whole(
        entries.get("starts", 0), f"{path}.starts", 0, months - 1, told["starts"], unit="months", instead=0
    )
    ends = None
    if entries.get("ends") is not None:
        ends = values.whole(
            entries["ends"], f"{path}.ends", starts + 1, months, told["ends"], unit="months", instead=months
        )
    levers: dict[str, Lever] = {}
    for name, lever in catalogue().items():
        written = own.get(name, {})
        settings = written if isinstance(written, dict) else {}
        levers[name] = build_lever(lever, entries.get(name, {}), f"{path}.{name}", faults, settings)
    return Policy(
        key=key,
        label=values.prose(label, f"{path}.label", values.LONGEST_LABEL, faults),
        starts=starts,
        ends=ends,
        levers=levers,
        equal_cost=_equal_cost(entries.get("equal_cost"), f"{path}.equal_cost", told["equal_cost"]),
    )


def _equal_cost(entries: Any, path: str, faults: Faults) -> EqualCost | None:
    if not isinstance(entries, Mapping):
        return None
    faults.unknown_keys(entries, ("to", "by"), path, "key of equal_cost")
    for name in ("to", "by"):
        if not isinstance(entries.get(name), str):
            faults.add(path, f'needs {name}: {{ to = "POLICY", by = "LEVER.SETTING" }}')
            return None
    return EqualCost(entries["to"], entries["by"])


def check_end(policy: Policy, baseline: Policy | None, faults: Faults) -> None:
    """A policy that ends leaves the baseline's pay plan as it is: a plan cannot end in the middle of what it promised."""
    if policy.ends is not None and baseline is not None and policy.levers["commission"] != baseline.levers["commission"]:
        faults.add(
            f"policies.{policy.key}.ends", f"= {policy.ends} cannot go with another commission than the baseline's; "
            "leave ends out, or let the policy keep the baseline's plan"
        )  # fmt: skip


def _check_equal_cost(policy: Policy, policies: Mapping[str, Policy], faults: Faults) -> None:
    """The policy whose cost is matched exists and moves nothing itself; what is moved is one number."""
    if policy.equal_cost is None:
        return
    path, to, by = f"policies.{policy.key}.equal_cost", policy.equal_cost.to, policy.equal_cost.by
    if to not in policies or to == policy.key:
        faults.unknown_value(f"{path}.to", to, [key for key in policies if key != policy.key], "other policy")
    elif policies[to].equal_cost is not None:
        faults.add(f"{path}.to", f'= "{to}" has an equal_cost itself; name a policy whose cost stands')
    movable = {
        f"{key}.{name}": getattr(lever, name)
        for key, lever in policy.levers.items()
        for name, setting in settings_of(type(lever)).items()
        if setting.numeric
    }
    if by not in movable:
        faults.unknown_value(f"{path}.by", by, movable, "setting that is one number")
    elif movable[by] is None:
        faults.add(f"{path}.by", f'= "{by}" is not set in this policy; give it a value to start from, or move another setting')

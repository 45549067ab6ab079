"""The `[policies]` of a file: what `like` copies, what each table merges, what --set changes, and the rules between policies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulation.levers import catalogue
from simulation.levers.base import Lever
from simulation.scenario import values
from simulation.scenario.changed import change_policies, check_left_out
from simulation.scenario.entries import OFF, OWN_KEYS, Entries, Places
from simulation.scenario.faults import Faults, join, literal
from simulation.scenario.policy import EqualCost, Policy
from simulation.scenario.set_option import OPTION, Changes
from simulation.scenario.settings import build_lever, settings_of

RESERVED = "is reserved for a later version of orgsim; leave it out"


def read_policies(
    tables: Mapping[str, Any], baseline: str, months: int, faults: Faults, changes: Changes | None = None
) -> tuple[Policy, ...]:
    """Every policy of the file that can be read, with changes and without those left out: the baseline first, new ones last."""
    if not tables:
        faults.add("policies", "is missing; write at least one table such as [policies.today]")
    changes = changes or Changes()
    places = Places(faults, faults.at(OPTION), Faults(faults.where))
    usable = {}
    for key, entries in tables.items():
        path = join("policies", key)
        if values.key(key, path, faults):
            usable[key] = _checked_keys(values.table(entries, path, "a table of levers and their settings", faults), path, faults)
    written = {key: Entries(key, _like(key, usable, faults), usable[key], places) for key in usable}
    written = change_policies(written, changes, places.option)
    left_out = {key for key, asked in changes.policies.items() if asked.left_out}
    unheard = Places(Faults(""), places.option, Faults(""))
    for key in left_out & written.keys():
        written[key].places = unheard
    by_key = {key: _policy(entries, months) for key, entries in written.items()}
    promised = {key: policy.equal_cost.to if policy.equal_cost else None for key, policy in by_key.items()}
    check_left_out(promised, left_out & by_key.keys(), baseline, places.option)
    policies = [policy for policy in by_key.values() if policy.key not in left_out]
    for policy in policies:
        _check_equal_cost(policy, by_key, written)
        plans = [written[key] for key in (policy.key, baseline) if key in written]
        asked = any("commission" in plan.asked for plan in plans)
        check_end(policy, by_key.get(baseline), places.option if asked else written[policy.key].at("ends"))
    _check_labels(policies, written)
    if not faults.told:
        faults.take(places.copied.told)
    return tuple(sorted(policies, key=lambda policy: policy.key != baseline))


def _check_labels(policies: Sequence[Policy], written: Mapping[str, Entries]) -> None:
    """Tables and charts tell policies apart by their labels; of two the one that --set gave is told."""
    owner: dict[str, str] = {}
    for policy in sorted(policies, key=lambda policy: "label" in written[policy.key].asked):
        first = owner.setdefault(policy.label, policy.key)
        if policy.label and first != policy.key:
            path = f"policies.{policy.key}.label"
            written[policy.key].at("label").add(path, f"= {literal(policy.label)} is the label of {first} as well; write another")


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


def _policy(entries: Entries, months: int) -> Policy:
    """The policy these entries describe; faults of entries that are not its own are told where they were written."""
    key, given = entries.key, entries.values
    path = f"policies.{key}"
    label = given.get("label", key.replace("_", " ").capitalize())
    starts = values.whole(
        given.get("starts", 0), f"{path}.starts", 0, months - 1, entries.place("starts"), unit="months", instead=0
    )
    ends = None
    if given.get("ends") is not None:
        place = entries.places.option if "starts" in entries.asked else entries.place("ends")
        ends = values.whole(given["ends"], f"{path}.ends", starts + 1, months, place, unit="months", instead=months)
    levers: dict[str, Lever] = {}
    for name, lever in catalogue().items():
        settings = given.get(name, {})
        places = {setting: entries.place_of_setting(name, setting) for setting in settings}
        levers[name] = build_lever(lever, settings, f"{path}.{name}", entries.at(name), places)
    return Policy(
        key=key,
        label=values.prose(label, f"{path}.label", values.LONGEST_LABEL, entries.at("label")),
        starts=starts,
        ends=ends,
        levers=levers,
        equal_cost=_equal_cost(given.get("equal_cost"), f"{path}.equal_cost", entries.place("equal_cost")),
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


def _check_equal_cost(policy: Policy, policies: Mapping[str, Policy], written: Mapping[str, Entries]) -> None:
    """The policy whose cost is matched exists and moves nothing itself; what is moved is one number."""
    if policy.equal_cost is None:
        return
    path, to, by = f"policies.{policy.key}.equal_cost", policy.equal_cost.to, policy.equal_cost.by
    here = written[policy.key]
    faults = here.at("equal_cost")
    if to not in policies or to == policy.key:
        faults.unknown_value(f"{path}.to", to, [key for key in policies if key != policy.key], "other policy")
    elif policies[to].equal_cost is not None:
        owner = here if "equal_cost" in here.asked else written[to]
        owner.at("equal_cost").add(f"{path}.to", f'= "{to}" has an equal_cost itself; name a policy whose cost stands')
    movable = {
        f"{key}.{name}": getattr(lever, name)
        for key, lever in policy.levers.items()
        for name, setting in settings_of(type(lever)).items()
        if setting.numeric
    }
    if by not in movable:
        faults.unknown_value(f"{path}.by", by, movable, "setting that is one number")
    elif movable[by] is None:
        here.at("equal_cost", by.partition(".")[0]).add(
            f"{path}.by", f'= "{by}" is not set in this policy; give it a value to start from, or move another setting'
        )

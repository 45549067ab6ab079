"""A scenario as a file: what was asked for, from whatever files and changes, in one text that a person reads and changes.

Numbers are written so that they read back to the last digit. The text is read again before it is given away.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from simulation.errors import ScenarioError
from simulation.levers.base import Lever
from simulation.scenario.expectations import Expectation
from simulation.scenario.faults import printable
from simulation.scenario.firm import firm_numbers
from simulation.scenario.policy import Firm, Material, Policy, Scenario
from simulation.scenario.read import read_scenario_text, usual_material
from simulation.scenario.settings import settings_of

HEAD = """# A scenario: a question, a world, and policies compared in it, with the same luck for all.
# Run it: orgsim compare FILE. What can be set: orgsim levers. A setting that is left out is neutral.
"""
FIRST = "commission"
"""The lever that stands before the others, which follow by their names."""
ALWAYS = ("turnover", "revenue", "contribution")
"""Measures whose material difference is written even where it is the usual one."""
GROUPED = 10_000
"""Whole numbers from here on are written with an underscore a thousand."""
EXACT = 10**15
LONGEST_LINE = 110
MOST_DECIMALS = 9
"""Of a material difference in percent, as a file may say it."""
MOST_NAMES = 8
NOT_WRITTEN = ("name", "draws")
"""Parts of a resolved scenario that are no part of its file."""

_Line = tuple[str, str, str]
"""Key, value as TOML writes it, comment."""


def scenario_toml(scenario: Scenario) -> str:
    """The scenario as the text of a file, which read again, in the folder of its own worlds, is the same scenario.

    Levers that are neutral, settings that are neutral and `like` are left out; a `[firm]` stands as it was asked.

    Raises
    ------
    ScenarioError
        When the scenario holds what no scenario file can say: parameters or conditions that its worlds do not give.
    """
    blocks = [HEAD, _block(_comparison(scenario))]
    blocks += [_table("[[expect]]", _expected(one)) for one in scenario.expect]
    if scenario.firm is not None:
        blocks.append(_table("[firm]", _numbers(scenario.firm)))
    for policy in scenario.policies:
        blocks.append(_table(f"[policies.{policy.key}]", _own(policy)))
        levers = sorted(policy.levers.items(), key=lambda item: item[0] != FIRST)
        blocks += [
            _table(f"[policies.{policy.key}.{key}]", _settings(lever)) for key, lever in levers if not lever.is_neutral()
        ]
    text = "\n".join(blocks)
    _check_same(scenario, text)
    return text


def toml_text(text: str) -> str:
    """A text as TOML writes it, whatever is in it."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def toml_value(value: Any) -> str:
    """A number, yes/no, text or list of such as TOML writes it; a number reads back to the last digit."""
    if isinstance(value, str):
        return toml_text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(toml_value, value))}]"
    if GROUPED <= abs(value) < EXACT and value == int(value):
        return f"{int(value):_}"
    return repr(float(value) if isinstance(value, float) else int(value))


def _comparison(scenario: Scenario) -> list[_Line]:
    """The keys at the head of the file, in the order of the shipped ones."""
    seeds = f"{{ first = {toml_value(scenario.first_seed)}, count = {toml_value(scenario.seed_count)} }}"
    lines = [("title", toml_text(scenario.title), "")]
    if scenario.question:
        lines.append(("question", toml_text(scenario.question), ""))
    lines += [
        ("world", _list(scenario.world), ""),
        ("baseline", toml_text(scenario.baseline), "the policy that the others are compared with"),
        ("months", toml_value(scenario.months), "simulated"),
    ]
    if scenario.firm is None or "reps" not in scenario.firm.given:
        lines.append(("seats", toml_value(scenario.seats), "posts in the sales organisation"))
    lines += [
        ("seeds", seeds, "runs of luck, shared by all policies"),
        ("objective", toml_text(scenario.objective), 'what "best" means'),
    ]
    if scenario.require:
        limits = {key: toml_text(f"{side} {_decimal(limit)}") for key, (side, limit) in scenario.require.items()}
        lines.append(("require", _inline(limits), "a policy that breaks a limit is never recommended"))
    lines.append(("material", _inline(_material(scenario.material)), "smaller differences do not count"))
    if scenario.stress:
        lines.append(("stress", _list(scenario.stress), "worlds in which all policies are tried too"))
    return lines


def _material(amounts: Mapping[str, Material]) -> dict[str, str]:
    """The differences that count, the usual ones left out but for those that every study names."""
    usual = usual_material()
    named = [*ALWAYS, *(key for key in amounts if key not in ALWAYS)]
    return {key: _amount(amounts[key]) for key in named if key in amounts and (key in ALWAYS or amounts[key] != usual.get(key))}


def _amount(amount: Material) -> str:
    """An amount, or a percentage of so few digits as give the same share again."""
    if not amount.relative:
        return toml_value(amount.value)
    written = [f"{amount.value * 100.0:.{digits}f}" for digits in range(MOST_DECIMALS + 1)]
    return toml_text(f"{next((text for text in written if float(text) / 100.0 == amount.value), written[-1])}%")


def _decimal(number: float) -> str:
    """A number without an exponent, as a limit is written."""
    return f"{Decimal(repr(number)):f}"


def _numbers(firm: Firm) -> list[_Line]:
    """The firm's numbers as they were asked, in the order of `orgsim new`."""
    known = firm_numbers()
    lines = [(name, toml_value(firm.given[name]), number.unit) for name, number in known.items() if name in firm.given]
    if "currency" in firm.given:
        lines.append(("currency", toml_text(firm.given["currency"]), "a label; nothing is converted"))
    return lines


def _expected(one: Expectation) -> list[_Line]:
    """What is expected, without what stands so unless it is said."""
    contrast = {key: toml_value(int(weight) if weight == int(weight) else weight) for key, weight in one.contrast.items()}
    parts = {
        "id": toml_text(one.id), "text": toml_text(one.text), "metric": toml_text(one.metric), "contrast": _inline(contrast),
        "change": toml_text(one.change), "claimed": None if one.claimed is None else toml_value(one.claimed),
        "direction": one.direction and toml_text(one.direction), "least": one.least and toml_value(one.least),
        "vary": one.vary and _list(one.vary), "against_world": one.against_world and _list(one.against_world),
    }  # fmt: skip
    return [(key, value, "") for key, value in parts.items() if value]


def _own(policy: Policy) -> list[_Line]:
    """What a policy says beside its levers."""
    lines = [("label", toml_text(policy.label), "")]
    if policy.starts:
        lines.append(("starts", toml_value(policy.starts), "month in which it begins"))
    if policy.ends is not None:
        lines.append(("ends", toml_value(policy.ends), "month from which the baseline holds again"))
    if policy.equal_cost is not None:
        moved = {"to": toml_text(policy.equal_cost.to), "by": toml_text(policy.equal_cost.by)}
        lines.append(("equal_cost", _inline(moved), "moves this setting until both cost the same"))
    return lines


def _settings(lever: Lever) -> list[_Line]:
    """The settings of a lever that differ from neutral, each with its unit."""
    lines = []
    for name, setting in settings_of(type(lever)).items():
        value = getattr(lever, name)
        if value != setting.neutral:
            lines.append((name, toml_value(value), "" if setting.kind in ("word", "yes/no") else printable(setting.unit)))
    return lines


def _inline(entries: Mapping[str, str]) -> str:
    return f"{{ {', '.join(f'{key} = {value}' for key, value in entries.items())} }}"


def _list(texts: Sequence[str]) -> str:
    """Names on one line where it is not too long, else a line each."""
    line = toml_value(list(texts))
    return line if len(line) <= LONGEST_LINE else "[\n" + "".join(f"    {toml_text(text)},\n" for text in texts) + "]"


def _table(head: str, lines: Sequence[_Line]) -> str:
    return f"{head}\n{_block(lines)}"


def _block(lines: Sequence[_Line]) -> str:
    """Lines with their equals signs below each other, and comments too where lines are of a length to allow it."""
    widest = max((len(key) for key, _, _ in lines), default=0)
    written = [(f"{key:<{widest}} = {value}", comment) for key, value, comment in lines]
    column = max((len(text) for text, comment in written if comment and len(text) <= LONGEST_LINE // 2), default=0)
    return "".join(f"{text:<{column}}    # {comment}\n" if comment else f"{text}\n" for text, comment in written)


def _check_same(scenario: Scenario, text: str) -> None:
    """Refuse what does not come back when the text is read: rows that no world gives, or what no file could have said."""
    folder = Path(scenario.source).parent if scenario.source else None
    again = read_scenario_text(text, scenario.name, folder=folder, luck_only=True)
    where = scenario.source or scenario.name
    here, there = (_said(one) for one in (scenario, again))
    rows = _differing(here.pop("parameters"), there.pop("parameters"))
    rows += [f"world.{name}.multiple" for name in _differing(here.pop("conditions"), there.pop("conditions"))]
    if rows:
        more = f" and {len(rows) - MOST_NAMES} more" if len(rows) > MOST_NAMES else ""
        raise ScenarioError(
            f"{where}: {', '.join(rows[:MOST_NAMES])}{more} are as --set or a solved [firm] made them, which a scenario file "
            "cannot say; write them into the file of a world, or leave them out"
        )
    others = _differing(here, there)
    if others:
        raise ScenarioError(f"{where}: {', '.join(others)} cannot be said in a scenario file; mend it before it is written")


def _said(scenario: Scenario) -> dict[str, Any]:
    """What a file says of a scenario."""
    said = {key: value for key, value in scenario.resolved().items() if key not in NOT_WRITTEN}
    return {
        **said, "seeds": {key: said["seeds"][key] for key in ("first", "count")}, "order": [p.key for p in scenario.policies],
        "firm": dict(scenario.firm.given) if scenario.firm else {}, "currency": scenario.currency, "expect": scenario.expect,
    }  # fmt: skip


def _differing(here: Mapping[str, Any], there: Mapping[str, Any]) -> list[str]:
    return [key for key in {**here, **there} if here.get(key) != there.get(key)]

"""The commented scenario that `orgsim new` writes: the pack's ordinary plan, a change, and every lever at what is typical."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from simulation.errors import ScenarioError
from simulation.levers import catalogue
from simulation.levers.base import Lever
from simulation.scenario.faults import Faults
from simulation.scenario.files import shipped_scenarios
from simulation.scenario.firm import CURRENCY, firm_numbers
from simulation.scenario.settings import Setting, as_plain, settings_of
from simulation.scenario.world import World, shipped_packs

_PAY = "commission"
PACK = "saas_mid_market"
"""The pack of a starter that names none."""
_WIDTH = 108
"""Longest line, without the two characters that comment it out."""
MOSTLY_SALARY = 0.5
"""Share of salary in target pay from which on moving target pay moves the cost of pay enough."""
_MARGIN = 32
"""Column in which comments begin."""

_HEAD = """# A scenario: a question, a world, and policies compared in it, with the same luck for all.
# Run it: orgsim compare {file}
# What can be set: orgsim levers. What a name means: orgsim explain NAME.

title     = "My study"
question  = "Does the change keep more people, at equal cost?"
world     = [{world}]    # later entries overlay earlier ones
{packs}
baseline  = "today"      # the policy that the others are compared with; in force before month 0
months    = 60           # simulated
seats     = 200          # posts in the sales organisation
seeds     = {{ first = 2026, count = 64 }}    # runs of luck, shared by all policies
objective = "contribution"                  # what "best" means: any measure with a better side
material  = {{ turnover = 0.01, revenue = "1%", contribution = "1%" }}    # smaller differences do not count
# require = {{ turnover = "<= 0.30" }}        # a policy that breaks a limit is shown, never recommended
# stress  = [{stress}]    # worlds in which all policies are tried too

{firm}
# The baseline: the plan in force; here the pack's ordinary plan, under which its levels are anchored.
# A setting that is left out is neutral. Take the # away to set one; the value shown is typical.
[policies.today]
label = "Today"

[policies.today.{pay}]
{baseline}
# The change: starts from today's settings, then says what differs.
[policies.change]
label      = "Change"
like       = "today"
starts     = 0                                               # month in which it begins
equal_cost = {{ to = "today", by = "{moved}" }}    # moves this setting until both cost the same

"""
_REST = """# The other levers, at typical settings. Take the # away to try one.

"""


def starter_text(file: str = "FILE", pack: str = PACK) -> str:
    """A scenario that reads without faults: the pack's ordinary plan, and a change with one more lever at typical settings.

    Raises ScenarioError when `pack` is no shipped industry pack.
    """
    packs = shipped_packs()
    if pack not in packs:
        faults = Faults("orgsim new")
        faults.unknown_value("pack", pack, packs, "shipped industry pack")
        faults.raise_any()
    levers = dict(catalogue())
    pay = levers.pop(_PAY)
    first, *others = levers.items()
    text = _HEAD.format(
        file=file,
        world=_worlds(f"{pack}.toml"),
        packs=_other_packs(pack, packs),
        stress=_worlds("downturn.toml", "talent_war.toml"),
        firm=_firm(),
        pay=_PAY,
        baseline=_settings(pay, _ordinary(packs[pack])),
        moved=f"{_PAY}.{_mover(_ordinary(packs[pack]))}",
    )
    text += f"[policies.change.{first[0]}]\n{_settings(first[1])}\n"
    commented = [f"[policies.change.{key}]\n{_settings(lever)}" for key, lever in others]
    return text + (_REST + "\n".join(map(_commented, commented)) if commented else "")


def write_starter(path: Path, pack: str = PACK) -> None:
    """Write a pack's starter to a new file. Raises ScenarioError when there is no such pack or the file cannot be written."""
    text = starter_text(path.name, pack)
    try:
        with path.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        raise ScenarioError(f"{path}: file exists already and is kept as it is; name a new file") from None
    except OSError as problem:
        raise ScenarioError(f"{path}: file cannot be written ({problem.strerror}); name a file in a folder of yours") from None


def _worlds(*names: str) -> str:
    """The shipped worlds among these, as entries of a TOML list."""
    folder = shipped_scenarios() / "worlds"
    return ", ".join(f'"worlds/{name}"' for name in names if (folder / name).is_file())


def _other_packs(pack: str, packs: Mapping[str, World]) -> str:
    """The packs that were not chosen, as a comment beside `world`."""
    text = f"other industry packs: {', '.join(other for other in packs if other != pack)}"
    return textwrap.fill(text, _WIDTH, initial_indent="#           ", subsequent_indent="#           ")


def _firm() -> str:
    """The firm's table, commented out: every number with an example, unit and range."""
    head = "# Your firm in ten numbers, all optional: the baseline is made to show them; the pack says the rest."
    lines = [head, "# [firm]"]
    for name, number in firm_numbers().items():
        written = f"# {name} = {number.example:_}"
        lines.append(f"{written:<{_MARGIN}}# {number.unit}, [{number.low:g}, {number.high:g}]: {number.doc}")
    written = f'# currency = "{CURRENCY}"'
    return "\n".join([*lines, f"{written:<{_MARGIN}}# a label; nothing is converted", ""])


def _ordinary(pack: World) -> dict[str, Any]:
    """What the pack's ordinary plan says of pay: under another baseline the pack would not show its headline numbers."""
    plan = pack.ordinary[_PAY]
    return {name: getattr(plan, name) for name in plan.model_fields_set}


def _mover(plan: Mapping[str, Any]) -> str:
    """The setting that makes costs equal: the rate where it pays more than salary, which is all that target pay moves there."""
    return "rate" if plan.get("rate") is not None and plan.get("base_share", 1.0) < MOSTLY_SALARY else "pay_level"


def _settings(lever: type[Lever], chosen: Mapping[str, Any] | None = None) -> str:
    """The lines of every setting, at its typical value; with `chosen`, at those values, the settings not chosen commented out."""
    lines = []
    for name, setting in settings_of(lever).items():
        value = setting.typical if chosen is None else chosen.get(name, setting.typical)
        left_out = value is None or (chosen is not None and name not in chosen)
        lines += _lines(setting, value, "# " if left_out else "")
    return "\n".join(lines) + "\n"


def _lines(setting: Setting, value: Any, mark: str) -> list[str]:
    """One setting with unit, bounds and sentence; a value that is nowhere typical is left for the reader to choose."""
    unit = "" if setting.kind in ("word", "yes/no") else f"{setting.unit}, "
    first, *others = textwrap.wrap(f"{unit}{setting.bounds}: {setting.doc}", _WIDTH - _MARGIN - 2)
    written = f"{mark}{setting.name} = {'...' if value is None else json.dumps(as_plain(value))}"
    if len(written) >= _MARGIN:
        return [written, *(f"{'':<{_MARGIN}}# {line}" for line in (first, *others))]
    return [f"{written:<{_MARGIN}}# {first}", *(f"{'':<{_MARGIN}}# {line}" for line in others)]


def _commented(text: str) -> str:
    return "".join(f"# {line}\n" for line in text.splitlines())

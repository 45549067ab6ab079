"""The commented scenario that `orgsim new` writes: every lever at what is typical, ready to run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from simulation.errors import ScenarioError
from simulation.levers import catalogue
from simulation.levers.base import Lever
from simulation.scenario.files import shipped_scenarios
from simulation.scenario.settings import as_plain, settings_of

_PAY = "commission"

_HEAD = """# A scenario: a question, a world, and policies compared in it, with the same luck for all.
# Run it: orgsim compare {file}
# What can be set: orgsim levers. What a name means: orgsim explain NAME.

title     = "My study"
question  = "Does the change keep more people, at equal cost?"
world     = [{world}]    # later entries overlay earlier ones
baseline  = "today"      # the policy that the others are compared with
months    = 60           # simulated
seats     = 200          # posts in the sales organisation
seeds     = {{ first = 2026, count = 64 }}    # runs of luck, shared by all policies
objective = "contribution"                  # what "best" means: any measure with a better side
material  = {{ turnover = 0.01, revenue = "1%", contribution = "1%" }}    # smaller differences do not count
# require = {{ turnover = "<= 0.30" }}        # a policy that breaks a limit is shown, never recommended
# stress  = [{stress}]    # worlds in which every policy is tried as well

# The baseline: the plan in force. A setting that is left out is neutral.
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


def starter_text(file: str = "FILE") -> str:
    """A scenario that reads without faults: today's pay plan, and a change with one more lever at typical settings."""
    levers = dict(catalogue())
    pay = levers.pop(_PAY)
    first, *others = levers.items()
    text = _HEAD.format(
        file=file,
        world=_worlds("saas_mid_market.toml"),
        stress=_worlds("downturn.toml", "talent_war.toml"),
        pay=_PAY,
        baseline=_settings(pay),
        moved=f"{_PAY}.pay_level",
    )
    text += f"[policies.change.{first[0]}]\n{_settings(first[1])}\n"
    commented = [f"[policies.change.{key}]\n{_settings(lever)}" for key, lever in others]
    return text + (_REST + "\n".join(map(_commented, commented)) if commented else "")


def write_starter(path: Path) -> None:
    """Write the starter to a new file. Raises ScenarioError when the file exists or cannot be written."""
    try:
        with path.open("x", encoding="utf-8") as stream:
            stream.write(starter_text(path.name))
    except FileExistsError:
        raise ScenarioError(f"{path}: file exists already and is kept as it is; name a new file") from None
    except OSError as problem:
        raise ScenarioError(f"{path}: file cannot be written ({problem.strerror}); name a file in a folder of yours") from None


def _worlds(*names: str) -> str:
    """The shipped worlds among these, as entries of a TOML list."""
    folder = shipped_scenarios() / "worlds"
    return ", ".join(f'"worlds/{name}"' for name in names if (folder / name).is_file())


def _settings(lever: type[Lever]) -> str:
    """A line a setting at its typical value, with unit, bounds and sentence."""
    lines = []
    for name, setting in settings_of(lever).items():
        absent = setting.typical is None
        value: Any = setting.low if absent else as_plain(setting.typical)
        line = f"{'# ' if absent else ''}{name} = {json.dumps(value)}"
        unit = "" if setting.kind in ("word", "yes/no") else f"{setting.unit}, "
        lines.append(f"{line:<32}# {unit}{setting.bounds}: {setting.doc}")
    return "\n".join(lines) + "\n"


def _commented(text: str) -> str:
    return "".join(f"# {line}\n" for line in text.splitlines())

"""The words a draft is made of: paths and values as --set takes them, keys and names of what is added.

Nothing here knows what is set on a page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from contextlib import suppress
from typing import Any

from simulation.errors import ScenarioError
from simulation.scenario import Scenario, values
from simulation.scenario.faults import printable
from simulation.scenario.files import parse_toml
from simulation.scenario.settings import as_plain

LEVER, SETTING = 3, 4
"""Parts of the paths policies.P.LEVER and policies.P.LEVER.SETTING."""
LONGEST_NAME = 80
UNNAMED = "scenario"
_COMMENT = re.compile(r"\s+#[^\"']*$")


def value_text(value: Any) -> str:
    """A setting's value as --set takes it: none where it is absent."""
    return "none" if value is None else json.dumps(as_plain(value), ensure_ascii=False)


def path_and_value(item: str) -> tuple[str, str]:
    """The two sides of "PATH=VALUE"."""
    path, _, value = (part.strip() for part in item.partition("="))
    return path, value


def below(path: str, prefix: str) -> bool:
    """Whether a path is a prefix itself or lies below it."""
    return path == prefix or path.startswith(f"{prefix}.")


def meaning(scenario: Scenario) -> tuple[Any, ...]:
    """What the changes of a draft can change, apart from what is known of a parameter beside its value."""
    parameters, firm = scenario.parameters, scenario.firm
    return (
        scenario.policies,
        {key: as_plain(row.value) for key, row in parameters.rows.items()},
        {name: as_plain(path) for name, path in parameters.conditions.items()},
        firm and (dict(firm.given), dict(firm.asked)), scenario.seats, scenario.currency,
    )  # fmt: skip


def fitting(own: Scenario, most: int) -> set[str]:
    """The baseline of a study and the last of its other policies, so many at most, each with the one whose cost it matches."""
    shown = {own.baseline}
    for policy in reversed(own.policies):
        needed = {policy.key} | ({policy.equal_cost.to} if policy.equal_cost else set())
        if len(shown | needed) <= most + 1:
            shown |= needed
    return shown


def free_key(label: str, taken: Collection[str]) -> str:
    """A key for a new policy, after its label where that has letters."""
    word = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")[:40].rstrip("_")
    if values.KEY.fullmatch(word) and word not in taken:
        return word
    return next(key for number in range(1, 1_000) if (key := f"alternative_{number}") not in taken)


def without_comments(text: str) -> str:
    """A TOML text that says the same in fewer lines: a page writes files anew, and a link holds little."""
    lines = [line.rstrip() for line in text.split("\n") if line.strip() and not line.lstrip().startswith("#")]
    shorter = ("\n".join(re.sub(_COMMENT, "", line) for line in lines), "\n".join(lines))
    tables, _ = parse_toml(text, UNNAMED)
    for candidate in shorter:
        with suppress(ScenarioError):  # a # within a text was none that begins a comment
            if parse_toml(candidate, UNNAMED)[0] == tables:
                return candidate
    return text


def bare_name(name: str) -> str:
    """A file's name without folders and ending, printable."""
    stem = re.split(r"[/\\]", name)[-1]
    return printable(stem.removesuffix(".toml"))[:LONGEST_NAME] or UNNAMED

"""Solved firms, kept as readable files: the same firm, pack, baseline and engine are solved once.

    <folder>/<digest>.toml    digest, [asked], [reached], [error], [solved.GROUP]: parameters as a world file holds them

A file that cannot be read, that was edited or that answers another question, is solved anew and written over.
"""

from __future__ import annotations

import json
import math
import tomllib
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import tomlkit

from simulation.calibration.solve import Ask, Solution
from simulation.experiment.digests import digest_of as content_digest
from simulation.experiment.digests import engine_digest, source_digest
from simulation.experiment.writing import replace_file
from simulation.scenario.settings import as_plain, settings_of
from simulation.vocabulary import Array

NOTE = "Solved so that the baseline shows what [firm] asks for."
SOLVER = ("calibration/solve.py", "statistics/measures")


def digest_of(ask: Ask) -> str:
    """Digest of all that a solution depends on: parameters, numbers asked for, plan, size, engine and solver."""
    found = {
        "asked": ask.goals,
        "parameters": {row.path: [as_plain(row.value), row.low, row.high] for row in ask.start.rows.values()},
        "plan": {
            key: {name: as_plain(getattr(lever, name)) for name in settings_of(type(lever))} for key, lever in ask.plan.items()
        },
        "seats": ask.seats,
        "engine": engine_digest(),
        "solver": source_digest(*SOLVER),
    }
    return sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()


def keep(solution: Solution, digest: str, file: Path) -> None:
    """Write a solution to its file, whole or not at all."""
    document = tomlkit.document()
    document.add(tomlkit.comment(NOTE))
    document["digest"] = digest
    for name in ("asked", "reached", "error"):
        document[name] = dict(getattr(solution, name))
    groups: dict[str, Any] = {}
    for (group, name), value in solution.solved.items():
        groups.setdefault(group, {})[name] = {"value": value, "status": "calibrated", "note": NOTE}
    document["solved"] = groups
    if solution.pulls is not None:
        document["pulls"] = solution.pulls.tolist()
    document["content"] = _content(document.unwrap())
    file.parent.mkdir(parents=True, exist_ok=True)
    replace_file(file, tomlkit.dumps(document).encode())


def kept(ask: Ask, digest: str, file: Path) -> tuple[Solution | None, str]:
    """The solution in a file, or None and a sentence if the file is damaged; no file is no sentence."""
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None, ""
    except (OSError, ValueError):
        return None, f"{file} cannot be read; the firm is solved anew"
    try:
        return _solution(ask, digest, tomllib.loads(text)), ""
    except (ValueError, KeyError, TypeError, RecursionError):
        return None, f"{file} is damaged; the firm is solved anew"


def _solution(ask: Ask, digest: str, tables: dict[str, Any]) -> Solution:
    """The solution that tables hold. Raises ValueError, KeyError or TypeError for what is not one."""
    if tables["digest"] != digest or tables["asked"] != ask.goals or tables["content"] != _content(tables):
        raise ValueError(digest)
    solved = {}
    for unknown in ask.unknowns:
        row, value = ask.start.rows[unknown.owner], _number(tables["solved"][unknown.group][unknown.name]["value"])
        if not row.low <= value <= row.high:
            raise ValueError(value)
        solved[unknown.owner] = value
    reached, error = ({key: _number(tables[name][key]) for key in ask.goals} for name in ("reached", "error"))
    return Solution(ask.unknowns, ask.goals, reached, error, solved, _pulls(tables, len(ask.unknowns)))


def _content(tables: dict[str, Any]) -> str:
    """Digest of what a file says, so that one that was edited is not taken for a solution."""
    return content_digest({key: value for key, value in tables.items() if key != "content"})


def _pulls(tables: dict[str, Any], size: int) -> Array | None:
    """The table of pulls, if there is one."""
    if "pulls" not in tables:
        return None
    pulls = np.array([[_number(value) for value in row] for row in tables["pulls"]])
    if pulls.shape != (size, size):
        raise ValueError(pulls.shape)
    return pulls


def _number(value: Any) -> float:
    if type(value) is not float or not math.isfinite(value):
        raise TypeError(value)
    return value

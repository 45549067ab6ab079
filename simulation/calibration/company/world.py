"""What a calibration leaves behind: the company's world, its figures, what was left out, and all of it as JSON.

    <out>/<name>.toml            a world, to be named in a scenario's `world`
    <out>/<name>_figures.csv     figures of the tables with errors and intervals
    <out>/<name>_left_out.csv    every cell that was wrong, by line and column
    <out>/<name>_report.json     all that is printed

None of them holds an id, a name or a figure of one rep; text cells that a spreadsheet would run are quoted.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pandas as pd
import tomlkit

from simulation.calibration.company.check import Findings
from simulation.calibration.company.fit import Fit, Fitted
from simulation.calibration.company.moments import Moments
from simulation.experiment.sheets import frame_as_csv
from simulation.experiment.writing import replace_file
from simulation.levers.base import Lever
from simulation.scenario.settings import as_plain, settings_of
from simulation.scenario.world import World

ROUNDED = 6
"""Significant digits of a fitted parameter."""


def write_figures(moments: Moments, told: Findings, folder: Path, name: str) -> list[Path]:
    """The figures and what was left out, before anything is fitted."""
    folder.mkdir(parents=True, exist_ok=True)
    figures, left_out = folder / f"{name}_figures.csv", folder / f"{name}_left_out.csv"
    replace_file(figures, frame_as_csv(pd.DataFrame(figure_rows(moments))))
    columns = ["table", "line", "column", "value", "wrong"]
    rows = [(f.table, f.line, f.column, _number(f.value), f.wrong) for f in told.listed]
    replace_file(left_out, frame_as_csv(pd.DataFrame(rows, columns=columns)))
    return [figures, left_out]


def figure_rows(moments: Moments) -> list[dict[str, Any]]:
    """One row a figure: value, standard error, 95% interval, cases."""
    return [
        {
            "figure": key, "words": m.figure.label, "unit": m.figure.unit, "value": m.value, "error": m.error,
            "low": m.interval[0], "high": m.interval[1], "cases": m.cases,
        }
        for key, m in moments.shown.items()
    ]  # fmt: skip


def write_world(fit: Fit, pack: World, moments: Moments, folder: Path, name: str) -> Path:
    """The company's world: the pack's rows with the company's own laid over, its plan and what it was asked to show."""
    document = tomlkit.document()
    document["title"] = f"{name}: a company's own world"
    start = pack.title or pack.name
    document["note"] = f"Fitted by orgsim calibrate to {moments.reps} reps, from {start}; not for decisions about a person."
    document["asked"] = {key: _asked(key, value, fit, pack) for key, value in fit.asked.items()}
    document["ordinary"] = {key: _plan(lever) for key, lever in fit.plan.items() if not lever.is_neutral()}
    tables: dict[str, Any] = {}
    for key, row in fit.parameters.rows.items():
        entry = pack.tables.get(row.group, {}).get(row.name, {})
        own = key in fit.fitted or key in fit.solution.solved or row.source == ("company",)
        if not entry and not own and row.status != "calibrated":
            continue
        status = row.status if own or not entry else entry.get("status", row.status)
        source = {"source": list(row.source)} if row.source else {}
        written = {"value": _rounded(row.value), "status": status} | source | {"note": _note(fit, key, row.note)}
        tables.setdefault(row.group, {})[row.name] = written
    for group, entries in pack.tables.items():  # market conditions stand as they are
        tables.setdefault(group, entries)
    document.update(tables)
    path = folder / f"{name}.toml"
    replace_file(path, tomlkit.dumps(document).encode())
    return path


def _asked(key: str, value: float, fit: Fit, pack: World) -> dict[str, Any]:
    number = pack.asked[key]
    if key in fit.own:
        return {"value": _rounded(value), "unit": number.unit, "status": "estimated", "source": ["company"]}
    kept = {"value": _rounded(value), "unit": number.unit, "status": number.status, "source": list(number.source)}
    return kept if value == number.value else kept | {"status": "calibrated", "source": ["company"]}


def _plan(lever: Lever) -> dict[str, Any]:
    """The settings of a lever that are not neutral."""
    neutral = type(lever)()
    found = {name: getattr(lever, name) for name in settings_of(type(lever))}
    return {name: as_plain(value) for name, value in found.items() if value is not None and value != getattr(neutral, name)}


def _note(fit: Fit, key: tuple[str, str], usual: str) -> str:
    known = fit.fitted.get(key)
    if known is not None:
        return f"Fitted to {known.by}; {interval_words(known)}."
    return "Solved so that the plan in force shows what is asked." if key in fit.solution.solved else usual


def interval_words(known: Fitted) -> str:
    """The 95% interval of a fitted parameter; of a profile, of its multipliers."""
    if isinstance(known.value, list):
        return f"95% interval of a knot at most a factor {known.low:.2f} to {known.high:.2f}"
    return f"95% interval {known.low:.4g} to {known.high:.4g}"


def _rounded(value: Any) -> Any:
    """A number of so many significant digits; a table as it stands."""
    if isinstance(value, list) or value == 0.0:
        return value
    return round(float(value), ROUNDED - 1 - math.floor(math.log10(abs(float(value)))))


def write_report(document: dict[str, Any], folder: Path, name: str) -> Path:
    """All that is printed, as JSON."""
    path = folder / f"{name}_report.json"
    replace_file(path, json.dumps(document, indent=2, allow_nan=False).encode())
    return path


def _number(value: str) -> Any:
    """A cell that is a number as one, so that it is not quoted like a formula."""
    try:
        number = float(value)
    except ValueError:
        return value
    return number if math.isfinite(number) else value

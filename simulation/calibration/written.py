"""A calibration as files: a run's folder, and the files of the evidence folder that make it the shipped defaults.

    <out>/calibration/<run>/   evaluations.jsonl  calibrated.toml  ensemble.csv  levels.csv
                               fit.csv  parameters.csv  profiles.csv  contributions.csv  correlation.csv

`calibrated.toml` holds the informed parameters alone, so it can be laid over the declared ones, or named as a scenario's world.
"""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Any

import tomlkit

import simulation
from simulation.calibration.calibrate import LEDGER
from simulation.calibration.configuration import Configuration
from simulation.calibration.ledger import Ledger
from simulation.calibration.tables import calibration_digest
from simulation.errors import ScenarioError
from simulation.evidence.read import CALIBRATED, declared_parameters
from simulation.experiment.sheets import frame_as_csv
from simulation.experiment.store import ID_LENGTH
from simulation.experiment.writing import replace_file, writing
from simulation.statistics.fitted import Fitted

FOLDER = "calibration"
TITLE = "Fitted to published findings"
ENSEMBLE, LEVELS = "ensemble.csv", "levels.csv"
SHIPPED = (CALIBRATED, ENSEMBLE, LEVELS)
"""Files of the evidence folder that are a calibration's results."""


def calibration_folder(configuration: Configuration, out: Path) -> Path:
    """Where a calibration's files stand below `out`: the same for the same configuration, targets, parameters and engine."""
    return out / FOLDER / calibration_digest(configuration)[:ID_LENGTH]


def evaluations_in(folder: Path) -> int:
    """How many evaluations a run's ledger holds. Raises RunError when it cannot be read."""
    return Ledger(folder / LEDGER).found


def evidence_folder() -> Path:
    """The evidence folder of a checkout. Raises ScenarioError where the package is no checkout or cannot be written to."""
    package = Path(simulation.__file__).parent
    folder = package / "evidence"
    if not (package.parent / "pyproject.toml").is_file():
        raise ScenarioError(
            f"--write: {folder} belongs to an installed package; run it in a checkout installed with pip install -e, "
            "or name the run's calibrated.toml as a world of your scenario"
        )
    for path in (folder, *(folder / name for name in SHIPPED if (folder / name).exists())):
        if not os.access(path, os.W_OK):
            raise ScenarioError(f"--write: {path} cannot be written to; change its permissions, or leave --write out")
    return folder


def write_fitted(fitted: Fitted, folder: Path) -> None:
    """Write a run's tables and its overlay. Raises RunError when the folder cannot be written."""
    tables = {
        "fit.csv": fitted.targets,
        "parameters.csv": fitted.parameters,
        "profiles.csv": fitted.profiles,
        "contributions.csv": fitted.contributions.rename_axis("target").reset_index(),
        "correlation.csv": fitted.correlation.rename_axis("parameter").reset_index(),
    }
    _write(folder, {name: frame_as_csv(table) for name, table in tables.items()} | shipped_files(fitted))


def write_evidence(fitted: Fitted, folder: Path) -> None:
    """Make a calibration the shipped defaults. Raises RunError when the folder cannot be written."""
    _write(folder, shipped_files(fitted))


def shipped_files(fitted: Fitted) -> dict[str, bytes]:
    """The overlay, the ensemble and the answers of levels, by name."""
    drawn = fitted.levels[~fitted.levels["owner"].isin(fitted.draws.columns)]
    return {
        CALIBRATED: overlay_text(fitted).encode(), ENSEMBLE: frame_as_csv(fitted.draws), LEVELS: frame_as_csv(drawn),
    }  # fmt: skip


def overlay_text(fitted: Fitted) -> str:
    """The informed parameters as rows that lie over the declared ones, and how the fit went, as TOML."""
    document = tomlkit.document()
    document["title"] = TITLE
    document["note"] = f"Written by `orgsim calibrate` from {fitted.size}."
    groups: dict[str, Any] = {}
    rows: list[dict[Any, Any]] = fitted.parameters[fitted.parameters["informed"]].to_dict("records")
    for row in rows:
        group, _, name = row["name"].partition(".")
        groups.setdefault(group, {})[name] = _row(row)
    for group, entries in groups.items():
        document[group] = entries
    document["fitted"] = _how(fitted)
    return tomlkit.dumps(document)


def _row(row: dict[Any, Any]) -> dict[str, Any]:
    group, _, name = row["name"].partition(".")
    by = f"; informed most by {' and '.join(row['informed_by'].split(', '))}" if row["informed_by"] else ""
    source = {"source": row["source"].split(", ")} if row["source"] else {}
    return {
        "value": float(row["fitted"]), "unit": row["unit"], "status": "calibrated", **source,
        "interval": [float(f"{row[end]:.6g}") for end in ("low", "high")],
        "note": f"{declared_parameters().rows[group, name].note} Declared {row['declared']:g}{by}.",
    }  # fmt: skip


def _how(fitted: Fitted) -> dict[str, Any]:
    correlation = tomlkit.array()
    for one, other, r in fitted.pairs():
        correlation.append([one, other, round(r, 3)])
    known = {"p_value": float(f"{fitted.p_value:.4g}")} if math.isfinite(fitted.p_value) else {}
    return {
        "run": fitted.run, "digest": fitted.digest, "size": fitted.size,
        "j_statistic": round(fitted.j_statistic, 3), "freedom": fitted.freedom, **known,
        "draws": [len(fitted.draws), fitted.tried],
        "uninformed": fitted.uninformed,
        "correlation": correlation.multiline(multiline=True),
    }  # fmt: skip


def _write(folder: Path, contents: dict[str, bytes]) -> None:
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            replace_file(folder / name, content)

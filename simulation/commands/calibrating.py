"""`orgsim calibrate`: fitted to findings, or to a company's own tables."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from simulation.commands.common import goes_on, progress_bar
from simulation.report.streams import as_text, check_writable, results

if TYPE_CHECKING:
    from simulation.calibration.configuration import Configuration


def calibrate_published(
    out: Path, *, processes: int | None, json: bool, write: bool, configuration: Configuration | None = None
) -> None:
    """Fit to published findings, print, draw, and on request make the result the shipped defaults."""
    from simulation.experiment.work.workers import checked

    checked(processes, "--processes")
    check_writable(out)
    from simulation.calibration.configuration import read_configuration
    from simulation.calibration.written import calibration_folder, evaluations_in, evidence_folder, write_evidence
    from simulation.report.fitted import as_json, print_fitted
    from simulation.report.fitted_files import draw_fitted
    from simulation.study import run_calibration

    evidence = evidence_folder() if write else None
    asked = configuration or read_configuration()
    folder = calibration_folder(asked, out)
    found = evaluations_in(folder)
    if found:
        typer.echo(f"{found} evaluations found in {folder}; they are not simulated again.", err=True)
    with goes_on(), progress_bar() as progress:
        fitted = run_calibration(asked, folder, progress, processes=processes)
    if json:
        typer.echo(as_text(as_json(fitted)))
    else:
        print_fitted(fitted, results())
    sys.stdout.flush()
    draw_fitted(fitted, folder / "figures")
    if evidence:
        write_evidence(fitted, evidence)
        typer.echo(f"Written to {evidence}.", err=True)
    typer.echo(f"Kept in {folder}.", err=True)


def calibrate_own(
    people: Path | None, deals: Path | None, *, mapping: Path | None, world: str, out: str, name: str, seed: int, json: bool
) -> None:
    """Fit a pack to a company's people and deals, print, and write its world."""
    check_writable(Path(out))
    from simulation.calibration.company.calibrate import calibrate_company
    from simulation.calibration.company.words import as_json, print_calibrated

    with progress_bar() as progress:
        found = calibrate_company(
            people, deals, mapping=mapping, world=world, out=out, name=name, seed=seed, progress=progress,
            say=lambda line: typer.echo(line, err=True),
        )  # fmt: skip
    if json:
        typer.echo(as_text(as_json(found)))
    else:
        print_calibrated(found, results())
    typer.echo(f"{found.files[0]} is written; name it in a scenario's world.", err=True)

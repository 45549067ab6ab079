"""`orgsim report`: what a comparison's folder keeps, drawn again; nothing is simulated."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import typer

from simulation.errors import ScenarioError
from simulation.scenario.faults import literal, shown


def report(run: str, out: Path, *, pictures: str, language: str | None) -> None:
    """Redraw a run's figures, and say where they are."""
    from simulation.experiment.listing import reportable_folder
    from simulation.report.figures import draw_all
    from simulation.report.language import checked_language, language_of
    from simulation.report.style import missing_glyphs
    from simulation.statistics.findings_file import read_findings

    formats, given = _formats(pictures), None if language is None else checked_language(language)
    folder = reportable_folder(out, run)
    if not os.access(folder, os.W_OK):
        raise ScenarioError(f"RUN: {shown(str(folder))} cannot be written to; copy it to a folder of yours and name that")
    findings = read_findings(folder)
    tag = given or language_of(findings.summary.texts)
    if said := missing_glyphs(findings.summary.labels.values()):
        typer.echo(f"Warning: {said}.", err=True)
    drawn = draw_all(findings.summary, folder / "figures", formats=formats, language=tag)
    typer.echo(f"{len(drawn)} pictures and the numbers they show in {folder / 'figures'}.")


def _formats(pictures: str) -> Sequence[str]:
    """What `--pictures` names."""
    from simulation.report.figures import ABOUT

    asked = tuple(dict.fromkeys(word.strip().lower() for word in pictures.split(",")))
    unknown = [word for word in asked if word not in ABOUT]
    if unknown:
        raise ScenarioError(f"--pictures: {literal(unknown[0])} is no format of pictures; it takes some of {', '.join(ABOUT)}")
    return asked

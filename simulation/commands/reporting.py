"""`orgsim report`: what a comparison's folder keeps, drawn again; nothing is simulated. And the deck of any comparison."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from simulation.errors import ScenarioError
from simulation.scenario.faults import literal, shown

if TYPE_CHECKING:
    from simulation.statistics.findings import Findings

DECK = "deck.pptx"
"""What the deck in a run's folder is called; its PDF stands beside it."""
FIGURES = "figures"
"""What the folder of its pictures is called."""


def report(run: str, out: Path, *, deck: Path | None, html: Path | None, pictures: str, language: str | None) -> None:
    """Redraw a run's figures and its deck, and say where they are.

    `deck` and `html` are files to write; without `deck` it is the deck in the run's folder that is renewed.
    """
    from simulation.experiment.listing import reportable_folder
    from simulation.report.figures import draw_all
    from simulation.report.language import checked_language, language_of
    from simulation.report.style import missing_glyphs
    from simulation.statistics.findings_file import read_findings

    formats, given = _formats(pictures), None if language is None else checked_language(language)
    for option, path, ending in (("--deck", deck, ".pptx"), ("--html", html, ".html")):
        if path is not None:
            _check_file(option, path, ending)
    folder = reportable_folder(out, run)
    if (folder / FIGURES).is_symlink():
        raise ScenarioError(f"RUN: {shown(str(folder / FIGURES))} leads to another folder; take the link away and ask again")
    if not os.access(folder, os.W_OK):
        raise ScenarioError(f"RUN: {shown(str(folder))} cannot be written to; copy it to a folder of yours and name that")
    findings = read_findings(folder)
    tag = given or language_of(findings.summary.texts)
    if said := missing_glyphs(findings.summary.labels.values()):
        typer.echo(f"Warning: {said}.", err=True)
    drawn = draw_all(findings.summary, folder / FIGURES, formats=formats, language=tag)
    typer.echo(f"{len(drawn)} pictures and the numbers they show in {folder / FIGURES}.")
    for path in [_write_deck(findings, deck, tag)] if deck else write_folder_deck(findings, folder, tag):
        typer.echo(f"Deck in {path}.")
    if html is not None:
        typer.echo(f"Page in {_write_page(findings, html, tag)}.")


def write_folder_deck(findings: Findings, folder: Path, language: str) -> list[Path]:
    """The deck in a run's folder, and as PDF if that can be made, else a sentence on stderr; returns what was written."""
    from simulation.report.pdf import as_pdf

    deck = _write_deck(findings, folder / DECK, language)
    pdf = as_pdf(deck, lambda sentence: typer.echo(sentence, err=True))
    return [deck, pdf] if pdf else [deck]


def _write_deck(findings: Findings, path: Path, language: str) -> Path:
    from simulation.report.deck.deck import write_deck

    return write_deck(findings, path, language=language)


def _write_page(findings: Findings, path: Path, language: str) -> Path:
    from simulation.report.html.page import write_page

    return write_page(findings, path, language=language)


def _formats(pictures: str) -> Sequence[str]:
    """What `--pictures` names."""
    from simulation.report.figures import ABOUT

    asked = tuple(dict.fromkeys(word.strip().lower() for word in pictures.split(",")))
    unknown = [word for word in asked if word not in ABOUT]
    if unknown:
        raise ScenarioError(f"--pictures: {literal(unknown[0])} is no format of pictures; it takes some of {', '.join(ABOUT)}")
    return asked


def _check_file(option: str, path: Path, ending: str) -> None:
    """Refuse a file that could not be written, before any work is done."""
    name = shown(str(path))
    if path.suffix.lower() != ending:
        raise ScenarioError(f"{option}: {name} does not end in {ending}; name a file that does")
    if path.is_dir():
        raise ScenarioError(f"{option}: {name} is a folder; name a file in it")
    if not path.parent.is_dir():
        raise ScenarioError(f"{option}: {name} cannot be written, since {shown(str(path.parent))} is no folder; make it first")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise ScenarioError(f"{option}: {name} cannot be written to; name a file in a folder of yours")

"""`orgsim compare`: run with everything kept, print, write."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from simulation.commands.common import about_of, kept_crew, now, progress_bar, show_and_keep
from simulation.commands.reporting import write_folder_deck
from simulation.errors import RunError
from simulation.report.streams import as_text, check_writable, results

if TYPE_CHECKING:
    from simulation.scenario import Scenario
    from simulation.scenario.until import Until
    from simulation.statistics.findings import Findings
    from simulation.study import Study

UNANCHORED = "no industry pack: levels are not anchored"


def compare(
    scenario: Scenario, out: Path, *,
    processes: int | None, scheduler: str | None, progress: str, by_year: bool, json: bool, luck_only: bool,
    until: Until | None = None, deck: bool = True, command: str,
) -> None:  # fmt: skip
    """Run, compare, print and keep, in this order: a table is shown before charts are drawn.

    `command` is what was asked for, in words that ask for it again; findings keep it.
    """
    check_writable(out)
    if not scenario.packs:
        typer.echo(f"Warning: {UNANCHORED}.", err=True)
    from simulation.experiment.store import write_run
    from simulation.report.figures import draw_all
    from simulation.report.language import language_of
    from simulation.study import run_study, studying_work

    began = now()
    work = studying_work(scenario, luck_only=luck_only)
    about = about_of(scenario, "compare", began, until)
    kept = kept_crew(out, _asked_id(scenario), about, rep_months=work, processes=processes, scheduler=scheduler)
    with progress_bar(progress) as progressing, kept as crew:
        study = run_study(scenario, progressing, processes=crew, luck_only=luck_only, kept=out, until=until)
        crew.cells.rename(study.summary.facts.run, about_of(study.records.scenario, "compare", began))
    records, summary = study.records, study.summary
    findings = replace(study.findings, about={**study.findings.about, "command": command})

    def draw(figures: Path) -> None:
        language = language_of(summary.texts)
        draw_all(summary, figures, language=language)
        if deck:
            write_folder_deck(findings, figures.parent, language)

    def keep() -> Path:
        return write_run(
            records, summary, out, seconds=study.seconds, draw=draw,
            firm=findings.firm, findings=_kept(findings),
        )  # fmt: skip

    show_and_keep(lambda: print_study(study, by_year=by_year, json=json), keep, began)


def print_study(study: Study, *, by_year: bool, json: bool) -> None:
    """A study's comparison on stdout."""
    from simulation.report.table import as_json, print_by_year, print_comparison

    if json:
        document = as_json(study.summary, stress=study.stress)
        sys.stdout.write(as_text(document | {"firm": study.firm.as_json()} if study.firm else document) + "\n")
        return
    if study.firm:
        study.firm.print(results(), warned=False)
    print_comparison(study.summary, results(), stress=study.stress)
    if by_year:
        print_by_year(study.summary, results())


def _kept(findings: Findings) -> Callable[[], bytes] | None:
    """What makes the file of findings; None, and a warning, where they are too large for one."""
    from simulation.statistics.findings_file import findings_bytes

    try:
        content = findings_bytes(findings)
    except RunError as problem:
        typer.echo(f"Warning: {problem}.", err=True)
        return None
    return lambda: content


def _asked_id(scenario: Scenario) -> str:
    """What the run is called until a firm is solved and costs are equal, when its settings are known."""
    from simulation.experiment.digests import digest_of
    from simulation.experiment.store import ID_LENGTH, run_id

    if scenario.firm is None:
        return run_id(scenario)
    return digest_of([run_id(scenario), scenario.firm.asked, scenario.firm.given])[:ID_LENGTH]

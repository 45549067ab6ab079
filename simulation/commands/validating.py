"""`orgsim validate`: targets and claims, run, printed and kept."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import typer

from simulation.commands.common import progress_bar
from simulation.report.streams import as_text, check_writable, results


def judge_claims(only: Sequence[str], *, processes: int | None, json: bool) -> None:
    """Claims and statements over the plausible range."""
    from simulation.report.claims import as_json, print_judgements
    from simulation.scenario import read_expected
    from simulation.statistics.claims import judge_all

    expected = read_expected(only)
    with progress_bar() as progress:
        judged = judge_all(expected, progress, processes=processes)
    if json:
        typer.echo(as_text(as_json(judged)))
    else:
        print_judgements(judged, results())


def validate_all(only: Sequence[str], out: Path, *, processes: int | None, json: bool) -> None:
    """Targets and claims; the files are written where all were asked for, after the table is shown."""
    from simulation.report.targets import as_json, print_validation
    from simulation.report.validation_files import write_validation
    from simulation.study import run_validation

    if not only:
        check_writable(out)
    with progress_bar() as progress:
        verdicts, judged = run_validation(only, progress, processes=processes)
    if json:
        typer.echo(as_text(as_json(verdicts, judged)))
    else:
        print_validation(verdicts, judged, results(), in_full=bool(only))
    sys.stdout.flush()
    if not only:
        typer.echo(f"Kept in {write_validation(verdicts, out)}.", err=True)

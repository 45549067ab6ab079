"""`orgsim sensitivity`: prepare, run with everything kept, print, write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from simulation.commands.common import about_of, kept_crew, now, progress_bar, show_and_keep
from simulation.report.streams import as_text, check_writable, results

if TYPE_CHECKING:
    from simulation.scenario import Scenario


def analyse(
    scenario: Scenario,
    out: Path,
    size: Mapping[str, int | None],
    *,
    policy: str | None,
    vary: Sequence[str],
    alone: bool,
    measures: Sequence[str],
    level: bool,
    trajectories: int,
    samples: int,
    keep: int,
    processes: int | None,
    scheduler: str | None,
    progress: str,
    json: bool,
) -> None:
    """Screening and shares of variance of one policy's figures."""
    check_writable(out)
    from simulation.calibration.firm import settle
    from simulation.experiment.store import run_folder
    from simulation.report.sensitivity import as_json, print_sensitivity
    from simulation.report.sensitivity_files import write_sensitivity
    from simulation.statistics.sensitivity.analyse import Request
    from simulation.statistics.sensitivity.run import prepare, run_analysis

    began = now()
    request = Request(tuple(measures), level, trajectories, samples, keep)
    with progress_bar(progress) as progressing:
        scenario, firm = settle(scenario, out, progressing)
        work = prepare(scenario, policy=policy, vary=vary, alone=alone, request=request, **size)
        about = about_of(work.scenario, "sensitivity", began)
        with kept_crew(out, work.run, about, rep_months=work.work, processes=processes, scheduler=scheduler) as crew:
            found = run_analysis(work, progressing, processes=crew)

    def show() -> None:
        if json:
            typer.echo(as_text(as_json(found, run=work.run)))
        else:
            if firm:
                firm.print(results())
            print_sensitivity(found, results())

    show_and_keep(show, lambda: write_sensitivity(found, work.run, run_folder(work.scenario, out, work.run)), began)

"""`orgsim sweep`: read the design, run it with everything kept, print, write."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from simulation.commands.common import kept_crew, progress_bar
from simulation.errors import ScenarioError
from simulation.report.streams import as_text, check_writable, results

if TYPE_CHECKING:
    from simulation.scenario import Scenario
    from simulation.scenario.until import Until

PAIRS = "pairs"
KEPT = ("measures", "months")


def sweep_pairs(scenario: Scenario, out: Path, *, processes: int | None, json: bool) -> None:
    """Every two levers at typical settings, against each alone."""
    check_writable(out)
    from simulation.report.pairs import print_pairs, write_pairs
    from simulation.study import run_pairs

    with progress_bar() as progress:
        combined, singles, pairs = run_pairs(scenario, progress, processes=processes)
    if json:
        typer.echo(as_text({"singles": singles.to_dict("records"), "pairs": pairs.to_dict("records")}))
    else:
        print_pairs(combined, singles, pairs, results())
    typer.echo(f"Kept in {write_pairs(combined, singles, pairs, out)}.", err=True)


def sweep_design(
    scenario: Scenario,
    out: Path,
    *,
    design: str,
    vary: Sequence[str],
    policies: Sequence[str],
    samples: int | None,
    keep_months: bool,
    until: Until | None,
    processes: int | None,
    scheduler: str | None,
    progress: str,
    json: bool,
) -> None:
    """Points of a design, each against the baseline."""
    check_writable(out)
    from simulation.calibration.firm import settle
    from simulation.experiment.design import make_design, read_factors
    from simulation.report.sweep import as_json, print_sweep
    from simulation.report.sweep_files import write_sweep
    from simulation.sweeping import run_sweep, sweep_folder, sweep_id, sweeping_work, write_manifest

    began = datetime.now(UTC)
    with progress_bar(progress) as progressing:
        scenario, firm = settle(scenario, out, progressing)
        points = make_design(design, read_factors(vary, scenario), scenario, samples=samples, policies=policies)
        run, work = sweep_id(scenario, points, until), sweeping_work(scenario, points, until)
        kept = kept_crew(scenario, out, run, what="sweep", rep_months=work, processes=processes, scheduler=scheduler)
        with kept as crew:
            sweep = run_sweep(scenario, points, progressing, processes=crew, keep_months=keep_months, until=until)
    folder = sweep_folder(scenario, run, out)
    times = {"started": began.isoformat(timespec="seconds"), "finished": datetime.now(UTC).isoformat(timespec="seconds")}
    if json:
        typer.echo(as_text(as_json(sweep.swept, **times, seconds=round(sweep.seconds, 3), out=folder)))
    else:
        if firm:
            firm.print(results())
        print_sweep(sweep.swept, results())
    sys.stdout.flush()
    write_sweep(sweep.swept, folder)
    write_manifest(sweep, folder, times)
    typer.echo(f"Kept in {folder} after {sweep.seconds:.0f} seconds.", err=True)


def check_request(design: str, vary: Sequence[str], keep: str) -> None:
    """Refuse what cannot go together before anything is read."""
    if keep not in KEPT:
        raise ScenarioError(f'--keep: "{keep}" cannot be kept; it takes {" or ".join(KEPT)}')
    if design == PAIRS and vary:
        raise ScenarioError("--vary: cannot go with --design pairs, which sets every lever to typical; leave one of them out")

"""`orgsim runs` and `orgsim verify`: what has been run, and whether it comes out again."""

from __future__ import annotations

from pathlib import Path

import typer

from simulation.commands.common import progress_bar
from simulation.errors import ScenarioError
from simulation.report.streams import as_text, results

DISAGREES = 1
MOST_CELLS = 100_000


def show_runs(out: Path, *, json: bool) -> None:
    """Every run of a folder of results."""
    from simulation.experiment.listing import list_runs
    from simulation.report.runs import as_json, print_runs

    runs, said = list_runs(out)
    for sentence in said:
        typer.echo(f"Warning: {sentence}", err=True)
    if json:
        typer.echo(as_text(as_json(runs)))
    else:
        print_runs(runs, out, results())


def verify(name: str, out: Path, *, cells: int, seed: int, json: bool) -> None:
    """Make cells of a run again; exit code 1 when one does not agree."""
    from simulation.experiment.batch.equal_cost import COST
    from simulation.experiment.listing import find_run
    from simulation.experiment.verify import verify_run
    from simulation.report.runs import print_verified, verified_json
    from simulation.scenario.files import LARGEST_WHOLE
    from simulation.statistics.measures import every_measure

    if not 1 <= cells <= MOST_CELLS:
        raise ScenarioError(f"--cells: {cells} is refused; it takes a whole number in [1, {MOST_CELLS:,}]")
    if not 0 <= seed <= LARGEST_WHOLE:
        raise ScenarioError(f"--seed: {seed} is refused; it takes a whole number from 0 on, the default is 1")
    listed = find_run(out, name)
    with progress_bar() as progress:
        found = verify_run(listed, (every_measure(), COST), count=cells, seed=seed, progress=progress)
    if json:
        typer.echo(as_text(verified_json(found)))
    else:
        print_verified(found, results())
    if found.wrong:
        raise typer.Exit(DISAGREES)

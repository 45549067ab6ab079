"""What has been run: the commands that read what is kept."""

from typing import Annotated

import typer

from simulation.commands.common import folder_of
from simulation.commands.options import OwnLevers

group = typer.Typer()


@group.command()
def runs(
    *,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")] = False,
    out: Annotated[str, typer.Option(metavar="FOLDER", help="Folder of run folders.")] = "results",
    _own: OwnLevers = None,
) -> None:
    """List what has been run, complete or stopped."""
    from simulation.commands.runs import show_runs

    show_runs(folder_of(out), json=json)


@group.command()
def verify(
    run: Annotated[str, typer.Argument(metavar="RUN", help="A run's name, or its first letters; `orgsim runs` lists them.")],
    *,
    cells: Annotated[int, typer.Option(help="Cells that are made again.")] = 20,
    seed: Annotated[int, typer.Option(help="Of the choice of cells.")] = 1,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")] = False,
    out: Annotated[str, typer.Option(metavar="FOLDER", help="Folder of run folders.")] = "results",
    _own: OwnLevers = None,
) -> None:
    """Simulate random cells of a run again and compare; exit code 1 when one does not agree."""
    from simulation.commands.runs import verify as verify_run

    verify_run(run, folder_of(out), cells=cells, seed=seed, json=json)

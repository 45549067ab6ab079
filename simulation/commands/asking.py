"""What can be set and what it means: the commands that look things up, and those that start a file."""

from pathlib import Path
from typing import Annotated

import typer

from simulation.commands.common import progress_bar
from simulation.commands.options import OwnLevers
from simulation.report.streams import as_text, results

group = typer.Typer()


@group.command()
def levers(
    name: Annotated[str | None, typer.Argument(help="One lever; left out, all.")] = None,
    *,
    _own: OwnLevers = None,
) -> None:
    """Say what can be set: units, neutral, typical, bounds."""
    from simulation.report.catalogue import print_levers

    print_levers(results(), name)


@group.command()
def explain(
    name: Annotated[str, typer.Argument(help="A lever, rule, measure, market condition or parameter.")],
    *,
    _own: OwnLevers = None,
) -> None:
    """Say what a name means: equation, parameters with their status, sources."""
    from simulation.report.catalogue import explain as explain_name

    explain_name(results(), name)


@group.command()
def schema(*, _own: OwnLevers = None) -> None:
    """Print the JSON Schema of a scenario file, for editors."""
    from simulation.scenario import scenario_schema

    typer.echo(as_text(scenario_schema()))


@group.command()
def new(
    file: Annotated[Path, typer.Argument(help="The file to write; it must not exist.")],
    *,
    pack: Annotated[str, typer.Option("--pack", help="The shipped pack to start from, such as medtech.")] = "saas_mid_market",
    _own: OwnLevers = None,
) -> None:
    """Write a commented starter scenario."""
    from simulation.scenario import write_starter

    write_starter(file, pack)
    typer.echo(f"{file} is written; `orgsim compare {file}` runs it.", err=True)


@group.command()
def anchor(
    world: Annotated[str, typer.Argument(help="An industry pack: a file, or the name of a shipped world.")],
    *,
    write: Annotated[bool, typer.Option("--write", help="Write the solved intercepts into the file.")] = False,
    _own: OwnLevers = None,
) -> None:
    """Solve a pack's intercepts so that its baseline shows the pack's headline numbers."""
    from simulation.scenario import world_file

    file = world_file(world)
    from simulation.calibration.anchor import anchor_world

    with progress_bar() as progress:
        result = anchor_world(file, progress)
    result.print(results())
    if write:
        result.write()

"""What can be set and what it means: the commands that look things up, and those that start a file."""

from pathlib import Path
from typing import Annotated

import typer

from simulation.commands.common import progress_bar
from simulation.commands.options import OwnLevers
from simulation.commands.usage import examples
from simulation.report.streams import as_text, results

group = typer.Typer()


@group.command(epilog=examples("levers"))
def levers(
    name: Annotated[str | None, typer.Argument(metavar="LEVER", help="One lever; left out, all.")] = None,
    *,
    _own: OwnLevers = None,
) -> None:
    """Say what can be set: units, neutral, typical, bounds."""
    from simulation.report.catalogue import print_levers

    print_levers(results(), name)


@group.command(epilog=examples("explain"))
def explain(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A lever, rule, measure, parameter, world or market condition.")],
    *,
    _own: OwnLevers = None,
) -> None:
    """Say what a name means.

    Its equation, its parameters with their status, its sources.
    """
    from simulation.report.catalogue import explain as explain_name

    explain_name(results(), name)


@group.command(epilog=examples("schema"))
def schema(*, _own: OwnLevers = None) -> None:
    """Print the JSON Schema of a scenario file, for editors."""
    from simulation.scenario import scenario_schema

    typer.echo(as_text(scenario_schema()))


@group.command(epilog=examples("new"))
def new(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write; it must not exist.")],
    *,
    pack: Annotated[
        str, typer.Option("--pack", metavar="NAME", help="The shipped pack to start from, such as medtech.")
    ] = "saas_mid_market",
    _own: OwnLevers = None,
) -> None:
    """Write a commented starter scenario."""
    from simulation.scenario import write_starter

    write_starter(file, pack)
    typer.echo(f"{file} is written; `orgsim compare {file}` runs it.", err=True)


@group.command(epilog=examples("anchor"))
def anchor(
    world: Annotated[str, typer.Argument(metavar="WORLD", help="An industry pack: a file, or the name of a shipped world.")],
    *,
    write: Annotated[bool, typer.Option("--write", help="Write the solved intercepts into the file.")] = False,
    _own: OwnLevers = None,
) -> None:
    """Solve a pack's intercepts for its headline numbers.

    That is, so that its ordinary plan shows them; asked and reached stand in a table.
    """
    from simulation.scenario import world_file

    file = world_file(world)
    from simulation.calibration.anchor import anchor_world

    with progress_bar() as progress:
        result = anchor_world(file, progress)
    result.print(results())
    if write:
        result.write()

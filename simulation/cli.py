"""The command line: results to stdout, everything else to stderr; 0 done, 2 the request is wrong, 3 stopped, 130 interrupted.

Commands are thin: each reads its request, calls one function a step and prints.
What is heavy is imported inside the command that needs it, so that `orgsim --help` starts at once.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from simulation.errors import RunError, ScenarioError, SimulationError

if TYPE_CHECKING:
    from rich.console import Console

    from simulation.scenario import Scenario

WRONG_REQUEST = 2
STOPPED = 3
INTERRUPTED = 130
PATHS = "policies.POLICY.LEVER.SETTING, world.GROUP.NAME or parameters.RULE.NAME"
PLAIN_WIDTH = 130
"""Columns of a table that goes to a file or a pipe."""


class Commands(TyperGroup):
    """The commands, with every refusal turned into lines on stderr and an exit code."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command named; no refusal ends in a traceback."""
        try:
            return super().invoke(ctx)
        except SimulationError as refusal:
            for fault in refusal.faults:
                typer.echo(fault, err=True)
            raise typer.Exit(STOPPED if isinstance(refusal, RunError) else WRONG_REQUEST) from None
        except KeyboardInterrupt:
            typer.echo("Interrupted; the same command starts again.", err=True)
            raise typer.Exit(INTERRUPTED) from None


app = typer.Typer(
    cls=Commands, add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False,
    help="What happens to turnover and revenue when a sales organisation changes how it pays and leads its reps.",
)  # fmt: skip


@app.command()
def compare(
    scenario: Annotated[Path | None, typer.Argument(help="A scenario file; left out, the status-quo study.")] = None,
    *,
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PATH=VALUE", help=f"Change one value, again and again; a path is {PATHS}."),
    ] = None,
    months: Annotated[int | None, typer.Option(help="Months simulated.")] = None,
    seats: Annotated[int | None, typer.Option(help="Posts of the sales organisation.")] = None,
    seeds: Annotated[int | None, typer.Option(help="Number of seeds.")] = None,
    baseline: Annotated[str | None, typer.Option(help="The policy that the others are compared with.")] = None,
    by_year: Annotated[bool, typer.Option("--by-year", help="Also print each year by itself.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")] = False,
    out: Annotated[Path, typer.Option(help="Folder of run folders.")] = Path("results"),
) -> None:
    """Compare all policies of a scenario, paired by seed."""
    from simulation.scenario import read_scenario

    asked = read_scenario(scenario, settings=changes or (), months=months, seats=seats, seeds=seeds, baseline=baseline)
    _compare(asked, out, by_year=by_year, json=json)


@app.command()
def levers(name: Annotated[str | None, typer.Argument(help="One lever; left out, all.")] = None) -> None:
    """Say what can be set: units, neutral, typical, bounds."""
    from simulation.report.catalogue import print_levers

    print_levers(_results(), name)


@app.command()
def explain(name: Annotated[str, typer.Argument(help="A lever, rule, measure, market condition or parameter.")]) -> None:
    """Say what a name means: equation, parameters with their status, sources."""
    from simulation.report.catalogue import explain as explain_name

    explain_name(_results(), name)


@app.command()
def schema() -> None:
    """Print the JSON Schema of a scenario file, for editors."""
    from simulation.scenario import scenario_schema

    typer.echo(_as_text(scenario_schema()))


@app.command()
def new(file: Annotated[Path, typer.Argument(help="The file to write; it must not exist.")]) -> None:
    """Write a commented starter scenario."""
    from simulation.scenario import write_starter

    write_starter(file)
    typer.echo(f"{file} is written; `orgsim compare {file}` runs it.", err=True)


@app.command()
def anchor(
    world: Annotated[str, typer.Argument(help="An industry pack: a file, or the name of a shipped world.")],
    *,
    write: Annotated[bool, typer.Option("--write", help="Write the solved intercepts into the file.")] = False,
) -> None:
    """Solve a pack's intercepts so that its baseline shows the pack's headline numbers."""
    from simulation.scenario import world_file

    file = world_file(world)
    from simulation.calibration.anchor import anchor_world

    with _progress() as progress:
        result = anchor_world(file, progress)
    result.print(_results())
    if write:
        result.write()


def main() -> None:
    """Start the command line."""
    app(prog_name="orgsim")


def _compare(scenario: "Scenario", out: Path, *, by_year: bool, json: bool) -> None:
    """Run, compare, keep and print."""
    _check_writable(out)
    from simulation.experiment.execute import run
    from simulation.experiment.store import write_run
    from simulation.report.figures import draw_all
    from simulation.report.table import as_json, print_by_year, print_comparison
    from simulation.scenario import stressed
    from simulation.statistics.compare import compare as compare_policies

    started = time.monotonic()
    with _progress() as progress:
        records = run(scenario, progress)
        summary = compare_policies(records)
        stress = {world: compare_policies(run(stressed(records.scenario, world), progress)) for world in scenario.stress}
    folder = write_run(records, summary, out, seconds=time.monotonic() - started)
    draw_all(records, summary, folder / "figures")
    if json:
        typer.echo(_as_text(as_json(summary, stress=stress)))
    else:
        print_comparison(summary, _results(), stress=stress)
        if by_year:
            print_by_year(summary, _results())
    typer.echo(f"Kept in {folder} after {time.monotonic() - started:.0f} seconds.", err=True)


def _check_writable(out: Path) -> None:
    """Refuse a folder that results cannot be written to before the work is done, not after."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise ScenarioError(f"--out: {out} cannot be a folder ({problem.strerror}); name another") from None
    if not os.access(out, os.W_OK):
        raise ScenarioError(f"--out: {out} cannot be written to; name a folder of yours")


def _results() -> "Console":
    """The console for results; user text is printed as it is, never read as mark-up."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else PLAIN_WIDTH
    return Console(width=width, markup=False, highlight=False, emoji=False)


@contextmanager
def _progress() -> Iterator[Callable[[int, int, str], None]]:
    """What long work reports its progress to, on stderr."""
    from rich.console import Console

    from simulation.report.progress import Progressing

    with Progressing(Console(stderr=True, markup=False, highlight=False)) as progressing:
        yield progressing


def _as_text(document: dict[str, Any]) -> str:
    """One JSON document as text; a figure that does not exist must already be null."""
    from json import dumps

    return dumps(document, indent=2, ensure_ascii=False, allow_nan=False)

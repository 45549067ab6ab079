"""The command line: results to stdout, everything else to stderr.

Exit codes: 0 done, 2 the request is wrong, 3 stopped, 130 interrupted, 141 nobody reads the results any more.
Commands are thin: each reads its request, calls one function a step and prints.
What is heavy is imported inside the command that needs it, so that `orgsim --help` starts at once.
"""

import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from simulation import __version__
from simulation.commands import (
    calibrate_own,
    calibrate_published,
    folder_of,
    interrupt,
    judge_claims,
    progress_bar,
    validate_all,
)
from simulation.errors import RunError, ScenarioError, SimulationError
from simulation.report.streams import as_text, check_writable, drop_results, print_study, results

if TYPE_CHECKING:
    from simulation.scenario import Scenario
    from simulation.scenario.until import Until

WRONG_REQUEST = 2
STOPPED = 3
INTERRUPTED = 130
UNREAD = 141
PATHS = "policies.POLICY.LEVER.SETTING, world.GROUP.NAME, parameters.RULE.NAME or firm.NAME"
ALONE = "It changes only the policy named, not those that are `like` it"
USUAL = "default: the scenario's"
BASELINE = (
    "The policy that the others are compared with, and that has been in force before month 0 "
    "(so another baseline is another history)"
)
OWN_LEVERS = "A folder with levers of your own, a KEY.py beside a KEY.toml each."
UNTIL_DECIDED = (
    "Add seeds to the policies that are still contested, until the best by the scenario's objective, requirements and material "
    "differences is settled or a tie is declared; --seeds is then the first look, 16 unless said."
)
UNTIL = (
    "Add seeds until the 95% interval of every difference from the baseline reaches no farther than this to either side, "
    "turnover=0.005 or revenue=1%; again and again for several measures."
)
MOST_SEEDS = "The most seeds that are added to; default: 1000."
ERROR_RATE = "Probability that anything said of what is decided is wrong; default: 0.05."
LUCK_ONLY = "A quicker look: every seed with the point values of parameters, and no ranges over assumed ones."
UNANCHORED = "no industry pack: levels are not anchored"
RESTARTED = "Interrupted; the same command starts again."


SHARED = "Processes that share the work; default: one a core when the work is large."
Processes = Annotated[int | None, typer.Option(help=SHARED)]


def _add_levers(folder: Path | None) -> None:
    """Take the user's own levers into the catalogue before the command reads anything else."""
    if folder is not None:
        from simulation.levers import add_folder

        add_folder(folder)


OwnLevers = Annotated[Path | None, typer.Option("--levers", metavar="DIR", is_eager=True, callback=_add_levers, help=OWN_LEVERS)]
"""What every command takes: a folder of the user's own levers."""


class Commands(TyperGroup):
    """The commands, with every refusal turned into lines on stderr and an exit code."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command named; no refusal ends in a traceback."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except (KeyboardInterrupt, SimulationError, OSError) as stop:
            raise typer.Exit(_told(stop)) from None
        except Exception:
            if not interrupt.heard:
                raise
            raise typer.Exit(_told(KeyboardInterrupt())) from None
        return result


app = typer.Typer(
    cls=Commands, add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False,
    rich_markup_mode=None,  # help in plain text: it halves the time that `--help` takes
    context_settings={"help_option_names": ["-h", "--help"]},
    help="What happens to turnover and revenue when a sales organisation changes how it pays and leads its reps.",
)  # fmt: skip


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"orgsim {__version__}")
        raise typer.Exit


@app.callback()
def orgsim(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_show_version, help="Print the version and stop.")
    ] = False,
) -> None:
    """Hold the options that stand before a command."""


@app.command()
def compare(
    scenario: Annotated[Path | None, typer.Argument(help="A scenario file; left out, the status-quo study.")] = None,
    *,
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PATH=VALUE", help=f"Change one value, again and again; a path is {PATHS}. {ALONE}."),
    ] = None,
    months: Annotated[int | None, typer.Option(help=f"Months simulated; {USUAL}.")] = None,
    seats: Annotated[int | None, typer.Option(help=f"Posts of the sales organisation; {USUAL}.")] = None,
    seeds: Annotated[int | None, typer.Option(help=f"Number of seeds; {USUAL}.")] = None,
    until_decided: Annotated[bool, typer.Option("--until-decided", help=UNTIL_DECIDED)] = False,
    until: Annotated[list[str] | None, typer.Option("--until", metavar="MEASURE=AMOUNT", help=UNTIL)] = None,
    most_seeds: Annotated[int | None, typer.Option(help=MOST_SEEDS)] = None,
    error_rate: Annotated[float | None, typer.Option(help=ERROR_RATE)] = None,
    baseline: Annotated[str | None, typer.Option(help=f"{BASELINE}; {USUAL}.")] = None,
    processes: Processes = None,
    by_year: Annotated[bool, typer.Option("--by-year", help="Also print each year by itself.")] = False,
    luck_only: Annotated[
        bool, typer.Option("--luck-only", help=LUCK_ONLY)
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")] = False,
    out: Annotated[str, typer.Option(metavar="FOLDER", help="Folder of run folders.")] = "results",
    _own: OwnLevers = None,
) -> None:
    """Compare all policies of a scenario, paired by seed."""
    if json and by_year:
        raise ScenarioError("--by-year: cannot go with --json; leave one of them out")
    folder = folder_of(out)
    from simulation.experiment.workers import checked
    from simulation.scenario import read_scenario
    from simulation.scenario.until import read_until

    checked(processes, "--processes")
    stop = read_until(decided=until_decided, widths=until or (), start=seeds, most=most_seeds, error=error_rate)
    asked = read_scenario(scenario, settings=changes or (), months=months, seats=seats, seeds=seeds, baseline=baseline)
    _compare(asked, folder, processes=processes, by_year=by_year, json=json, luck_only=luck_only, until=stop)


@app.command()
def validate(
    *,
    claims: Annotated[
        bool, typer.Option("--claims", help="Judge claims and general statements alone, over the plausible range of parameters.")
    ] = False,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="ID", help="This alone, in full words, again and again: comp.T15, turn.T20.later, S7."),
    ] = None,
    processes: Processes = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")] = False,
    out: Annotated[str, typer.Option(metavar="FOLDER", help="Table and charts go to its folder validation.")] = "results",
    _own: OwnLevers = None,
) -> None:
    """Say which published findings the model shows: target, band, simulated value with interval, pass or miss."""
    from simulation.experiment.workers import checked

    checked(processes, "--processes")
    if claims:
        judge_claims(only or (), processes=processes, json=json)
    else:
        validate_all(only or (), folder_of(out), processes=processes, json=json)


@app.command()
def calibrate(
    *,
    people: Annotated[Path | None, typer.Option(metavar="FILE", help="Your reps: CSV, Parquet or Excel, a row a stay.")] = None,
    deals: Annotated[Path | None, typer.Option(metavar="FILE", help="Your opportunities: CSV, Parquet or Excel.")] = None,
    mapping: Annotated[Path | None, typer.Option(metavar="FILE", help="TOML that says which column is what.")] = None,
    world: Annotated[str, typer.Option(help="The pack that your tables are fitted from.")] = "saas_mid_market",
    name: Annotated[str, typer.Option(help="Name of your company's world and files.")] = "company",
    seed: Annotated[int, typer.Option(help="Seed of the bootstrap of your tables.")] = 1,
    processes: Processes = None,
    write: Annotated[bool, typer.Option("--write", help="Make the fit to findings the shipped defaults; in a checkout.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")] = False,
    out: Annotated[str, typer.Option(metavar="FOLDER", help="Folder of results.")] = "results",
    _own: OwnLevers = None,
) -> None:
    """Fit parameters to published findings; with --people or --deals, a pack to your company's own tables."""
    folder = folder_of(out)
    if people or deals or mapping:
        calibrate_own(people, deals, mapping=mapping, world=world, out=str(folder), name=name, seed=seed, json=json)
    else:
        calibrate_published(folder, processes=processes, json=json, write=write)


@app.command()
def sweep(
    scenario: Annotated[Path | None, typer.Argument(help="A scenario file; left out, the status-quo study.")] = None,
    *,
    design: Annotated[str, typer.Option(help="The design; pairs: every two levers at typical settings, against each alone.")],
    months: Annotated[int | None, typer.Option(help=f"Months simulated; {USUAL}.")] = None,
    seats: Annotated[int | None, typer.Option(help=f"Posts of the sales organisation; {USUAL}.")] = None,
    seeds: Annotated[int, typer.Option(help="Number of seeds.")] = 16,
    processes: Processes = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")] = False,
    out: Annotated[str, typer.Option(metavar="FOLDER", help="Folder of run folders.")] = "results",
    _own: OwnLevers = None,
) -> None:
    """Run many policies beside each other by a design."""
    if design != "pairs":
        raise ScenarioError(f"--design: {design!r} is not there yet; the only design so far is pairs")
    from simulation.experiment.workers import checked
    from simulation.scenario import read_scenario

    checked(processes, "--processes")
    asked = read_scenario(scenario, months=months, seats=seats, seeds=seeds)
    check_writable(Path(out))
    from simulation.report.pairs import print_pairs, write_pairs
    from simulation.study import run_pairs

    with progress_bar() as progress:
        combined, singles, pairs = run_pairs(asked, progress, processes=processes)
    if json:
        typer.echo(as_text({"singles": singles.to_dict("records"), "pairs": pairs.to_dict("records")}))
    else:
        print_pairs(combined, singles, pairs, results())
    typer.echo(f"Kept in {write_pairs(combined, singles, pairs, Path(out))}.", err=True)


@app.command()
def levers(
    name: Annotated[str | None, typer.Argument(help="One lever; left out, all.")] = None,
    *,
    _own: OwnLevers = None,
) -> None:
    """Say what can be set: units, neutral, typical, bounds."""
    from simulation.report.catalogue import print_levers

    print_levers(results(), name)


@app.command()
def explain(
    name: Annotated[str, typer.Argument(help="A lever, rule, measure, market condition or parameter.")],
    *,
    _own: OwnLevers = None,
) -> None:
    """Say what a name means: equation, parameters with their status, sources."""
    from simulation.report.catalogue import explain as explain_name

    explain_name(results(), name)


@app.command()
def schema(*, _own: OwnLevers = None) -> None:
    """Print the JSON Schema of a scenario file, for editors."""
    from simulation.scenario import scenario_schema

    typer.echo(as_text(scenario_schema()))


@app.command()
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


@app.command()
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


def main() -> None:
    """Start the command line: whatever happens to it, it ends with a sentence and an exit code."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by whoever started us
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - open to the end
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, interrupt)
    try:
        app(prog_name="orgsim")
    except (KeyboardInterrupt, OSError) as stop:
        sys.exit(_told(stop))


def _told(stop: BaseException) -> int:
    """Say on stderr why the command stops, and give its exit code."""
    if isinstance(stop, BrokenPipeError):
        drop_results()
        return UNREAD
    said: tuple[str, ...]
    if isinstance(stop, KeyboardInterrupt):
        code, said = INTERRUPTED, (str(stop) or RESTARTED,)
    elif isinstance(stop, SimulationError):
        code, said = STOPPED if isinstance(stop, RunError) else WRONG_REQUEST, stop.faults
    else:
        drop_results()
        reason = getattr(stop, "strerror", None) or stop
        code, said = STOPPED, (f"orgsim: output cannot be written ({reason}); free the device or send it elsewhere",)
    with suppress(OSError):
        for sentence in said:
            typer.echo(sentence, err=True)
    return code


def _compare(
    scenario: "Scenario", out: Path, *, processes: int | None, by_year: bool, json: bool, luck_only: bool,
    until: "Until | None",
) -> None:
    """Run, compare, print and keep, in this order: a table is shown before charts are drawn."""
    check_writable(out)
    if not scenario.packs:
        typer.echo(f"Warning: {UNANCHORED}.", err=True)
    from simulation.experiment.store import write_run
    from simulation.report.figures import draw_all
    from simulation.study import run_study

    started = time.monotonic()
    with progress_bar() as progress:
        study = run_study(scenario, progress, processes=processes, luck_only=luck_only, kept=out, until=until)
    unread: OSError | None = None
    try:
        print_study(study, by_year=by_year, json=json)
    except OSError as problem:  # the run is kept all the same
        unread = problem
    records, summary = study.records, study.summary
    folder = write_run(
        records, summary, out, seconds=study.seconds, draw=lambda figures: draw_all(records, summary, figures),
        firm=study.firm.as_json() if study.firm else None,
    )  # fmt: skip
    if unread is not None:
        raise unread
    typer.echo(f"Kept in {folder} after {time.monotonic() - started:.0f} seconds.", err=True)

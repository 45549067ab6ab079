"""The command line: results to stdout, everything else to stderr.

Exit codes: 0 done, 2 the request is wrong, 3 stopped, 130 interrupted, 141 nobody reads the results any more.
Commands are thin: each reads its request, calls one function a step and prints.
What is heavy is imported inside the command that needs it, so that `orgsim --help` starts at once.
"""

import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from simulation import __version__
from simulation.app import command as page
from simulation.commands import asking, kept, living
from simulation.commands import options as say
from simulation.commands.common import BAR, command_of, folder_of, interrupt
from simulation.commands.options import ErrorRate, MostSeeds, OwnLevers, Processes, Scheduler, Told, UntilDecided, Widths, Worlds
from simulation.commands.usage import ENDS, ORDER, examples
from simulation.errors import RunError, ScenarioError, SimulationError
from simulation.report.streams import drop_results

WRONG_REQUEST = 2
STOPPED = 3
INTERRUPTED = 130
UNREAD = 141
RESTARTED = "Interrupted; the same command starts again."


class Commands(TyperGroup):
    """The commands in `ORDER`, with every refusal turned into lines on stderr and an exit code."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names of the commands, as help lists them."""
        return sorted(super().list_commands(ctx), key=lambda name: (*ORDER, name).index(name))

    def invoke(self, ctx: Any) -> Any:
        """Run the command named; no refusal ends in a traceback."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except typer.BadParameter as refused:
            raise _worded(refused) from None
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
    help="What happens to turnover and revenue when a sales organisation changes how it pays and leads its reps.", epilog=ENDS,
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


@app.command(epilog=examples("compare"))
def compare(
    context: typer.Context,
    scenario: Annotated[Path | None, typer.Argument(metavar="SCENARIO", help=say.SCENARIO)] = None,
    *,
    changes: Annotated[list[str] | None, typer.Option("--set", metavar="PATH=VALUE", help=say.CHANGES)] = None,
    months: Annotated[int | None, typer.Option(metavar="N", help=f"Months simulated; {say.USUAL}.")] = None,
    seats: Annotated[int | None, typer.Option(metavar="N", help=f"Posts of the sales organisation; {say.USUAL}.")] = None,
    seeds: Annotated[int | None, typer.Option(metavar="N", help=f"Number of seeds; {say.USUAL}.")] = None,
    until_decided: UntilDecided = False,
    until: Widths = None,
    most_seeds: MostSeeds = None,
    error_rate: ErrorRate = None,
    baseline: Annotated[str | None, typer.Option(metavar="KEY", help=f"{say.BASELINE}; {say.USUAL}.")] = None,
    world: Worlds = None,
    processes: Processes = None,
    scheduler: Scheduler = None,
    progress: Told = BAR,
    by_year: Annotated[bool, typer.Option("--by-year", help="Also print each year by itself.")] = False,
    luck_only: Annotated[bool, typer.Option("--luck-only", help=say.LUCK_ONLY)] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")] = False,
    no_deck: Annotated[bool, typer.Option("--no-deck", help=say.NO_DECK)] = False,
    out: Annotated[str, typer.Option(metavar="FOLDER", help="Folder of run folders.")] = "results",
    _own: OwnLevers = None,
) -> None:
    """Compare all policies of a scenario, paired by seed."""
    if json and by_year:
        raise ScenarioError("--by-year: cannot go with --json; leave one of them out")
    folder = folder_of(out)
    from simulation.experiment.work.workers import checked
    from simulation.scenario import read_scenario
    from simulation.scenario.until import read_until

    checked(processes, "--processes")
    stop = read_until(decided=until_decided, widths=until or (), start=seeds, most=most_seeds, error=error_rate)
    asked = read_scenario(
        scenario, settings=changes or (), months=months, seats=seats, seeds=seeds, baseline=baseline, world=world or None
    )
    from simulation.commands.comparing import compare as run_and_compare

    run_and_compare(
        asked, folder,
        processes=processes, scheduler=scheduler, progress=progress, by_year=by_year, json=json, luck_only=luck_only, until=stop,
        deck=not no_deck, command=command_of(context),
    )  # fmt: skip


@app.command(epilog=examples("validate"))
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
    """Say which published findings the model shows.

    Target, band, simulated value with interval, pass or miss; and what the model cannot express.
    """
    from simulation.experiment.work.workers import checked

    checked(processes, "--processes")
    from simulation.commands.validating import judge_claims, validate_all

    if claims:
        judge_claims(only or (), processes=processes, json=json)
    else:
        validate_all(only or (), folder_of(out), processes=processes, json=json)


@app.command(epilog=examples("calibrate"))
def calibrate(
    *,
    people: Annotated[Path | None, typer.Option(metavar="FILE", help="Your reps: CSV, Parquet or Excel, a row a stay.")] = None,
    deals: Annotated[Path | None, typer.Option(metavar="FILE", help="Your opportunities: CSV, Parquet or Excel.")] = None,
    mapping: Annotated[Path | None, typer.Option(metavar="FILE", help="TOML that says which column is what.")] = None,
    world: Annotated[str, typer.Option(metavar="NAME", help="The pack that your tables are fitted from.")] = "saas_mid_market",
    name: Annotated[str, typer.Option(metavar="NAME", help="Name of your company's world and files.")] = "company",
    seed: Annotated[int, typer.Option(metavar="N", help="Seed of the bootstrap of your tables.")] = 1,
    processes: Processes = None,
    write: Annotated[bool, typer.Option("--write", help="Make the fit to findings the shipped defaults; in a checkout.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")] = False,
    out: Annotated[str, typer.Option(metavar="FOLDER", help="Folder of results.")] = "results",
    _own: OwnLevers = None,
) -> None:
    """Fit parameters to findings, or a pack to your own tables.

    Without --people and --deals, to published findings, which takes long; with one of them, a pack to your company's tables.
    """
    from simulation.commands.calibrating import calibrate_own, calibrate_published

    folder = folder_of(out)
    if people or deals or mapping:
        calibrate_own(people, deals, mapping=mapping, world=world, out=str(folder), name=name, seed=seed, json=json)
    else:
        calibrate_published(folder, processes=processes, json=json, write=write)


@app.command(epilog=examples("sweep"))
def sweep(
    scenario: Annotated[Path | None, typer.Argument(metavar="SCENARIO", help=say.SCENARIO)] = None,
    *,
    vary: Annotated[list[str] | None, typer.Option("--vary", metavar="PATH=RANGE", help=say.VARY)] = None,
    design: Annotated[str, typer.Option(metavar="DESIGN", help=say.DESIGN)] = "grid",
    policies: Annotated[
        list[str] | None, typer.Option("--policy", metavar="KEY", help="Run this policy too at every point, again and again.")
    ] = None,
    samples: Annotated[int | None, typer.Option(metavar="N", help="Points of the designs lhs and sobol; default: 128.")] = None,
    draws: Annotated[
        bool, typer.Option("--draws", help="Each seed with its draw of parameters, and again at point values: twice the work.")
    ] = False,
    keep: Annotated[str, typer.Option(metavar="WHAT", help="measures, or months: every month of every point too.")] = "measures",
    months: Annotated[int | None, typer.Option(metavar="N", help=f"Months simulated; {say.USUAL}.")] = None,
    seats: Annotated[int | None, typer.Option(metavar="N", help=f"Posts of the sales organisation; {say.USUAL}.")] = None,
    seeds: Annotated[int, typer.Option(metavar="N", help="Number of seeds.")] = 16,
    until_decided: UntilDecided = False,
    until: Widths = None,
    most_seeds: MostSeeds = None,
    error_rate: ErrorRate = None,
    processes: Processes = None,
    scheduler: Scheduler = None,
    progress: Told = BAR,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")] = False,
    out: Annotated[str, typer.Option(metavar="FOLDER", help="Folder of run folders.")] = "results",
    _own: OwnLevers = None,
) -> None:
    """Run many policies as one batch, each against the baseline.

    The same command goes on where it was stopped.
    """
    from simulation.commands.sweeping import check_request
    from simulation.commands.sweeping import sweep as run_and_keep
    from simulation.experiment.work.workers import checked
    from simulation.scenario import read_scenario
    from simulation.scenario.until import read_until

    checked(processes, "--processes")
    more = {"--vary": vary, "--policy": policies, "--samples": samples, "--draws": draws, "--until-decided": until_decided}
    check_request(design, keep, {**more, "--until": until, "--keep months": keep == "months"})
    stop = read_until(
        decided=until_decided, widths=until or (), start=seeds if until_decided or until else None, most=most_seeds,
        error=error_rate,
    )  # fmt: skip
    asked = read_scenario(scenario, months=months, seats=seats, seeds=seeds, luck_only=not draws)
    run_and_keep(
        asked, folder_of(out), design=design, vary=vary or (), policies=policies or (), samples=samples,
        keep_months=keep == "months", until=stop, processes=processes, scheduler=scheduler, progress=progress, json=json,
    )  # fmt: skip


@app.command(epilog=examples("sensitivity"))
def sensitivity(
    scenario: Annotated[Path | None, typer.Argument(metavar="SCENARIO", help=say.SCENARIO)] = None,
    *,
    policy: Annotated[str | None, typer.Option(metavar="KEY", help=say.WHOSE)] = None,
    vary: Annotated[list[str] | None, typer.Option("--vary", metavar="PATH=RANGE", help=say.ENDS)] = None,
    alone: Annotated[bool, typer.Option("--vary-only", help="Nothing varies but what --vary names.")] = False,
    measures: Annotated[list[str] | None, typer.Option("--measure", metavar="KEY", help=say.OF)] = None,
    level: Annotated[bool, typer.Option("--level", help="The policy's own figures, not differences from the baseline.")] = False,
    trajectories: Annotated[
        int, typer.Option(metavar="N", help="Trajectories of the screening; in each, every factor takes one step.")
    ] = 10,
    samples: Annotated[int, typer.Option(metavar="N", help="Points of the Sobol design, a power of two.")] = 128,
    keep: Annotated[
        int, typer.Option(metavar="N", help="The most factors that go on from the screening to the Sobol design.")
    ] = 8,
    months: Annotated[
        int | None, typer.Option(metavar="N", help="Months simulated; default: 24 from the policy's start.")
    ] = None,
    seats: Annotated[int | None, typer.Option(metavar="N", help="Posts of the sales organisation; default: 80.")] = None,
    seeds: Annotated[int | None, typer.Option(metavar="N", help="Number of seeds; default: 8.")] = None,
    processes: Processes = None,
    scheduler: Scheduler = None,
    progress: Told = BAR,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")] = False,
    out: Annotated[str, typer.Option(metavar="FOLDER", help="Folder of run folders.")] = "results",
    _own: OwnLevers = None,
) -> None:
    """Say which settings and parameters a policy's gain hangs on.

    Morris screening, then Sobol indices, luck apart. The same command goes on where it was stopped.
    """
    from simulation.commands.sensitivity import analyse
    from simulation.experiment.work.workers import checked
    from simulation.scenario import read_scenario

    checked(processes, "--processes")
    asked = read_scenario(scenario, months=months, seats=seats, seeds=seeds, luck_only=True)
    analyse(
        asked, folder_of(out), {"seats": seats, "months": months, "seeds": seeds}, policy=policy, vary=vary or (), alone=alone,
        measures=measures or (), level=level, trajectories=trajectories, samples=samples, keep=keep,
        processes=processes, scheduler=scheduler, progress=progress, json=json,
    )  # fmt: skip


for group in (kept.group, living.group, page.group, asking.group):
    app.add_typer(group)


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


def _worded(refused: typer.BadParameter) -> typer.BadParameter | typer.Exit:
    """A number that is none, in a sentence on stderr; other wrong parameters as they are."""
    errors = getattr(refused.__cause__, "errors", None)
    if errors is None or refused.param is None:
        return refused
    first = errors()[0]
    kinds = {"int": "a whole number", "float": "a number"}
    takes = kinds.get(str(first["type"]).partition("_")[0], "another value")
    name = refused.param.opts[0]
    typer.echo(f'{name}: "{first["input"]}" is refused; it takes {takes}', err=True)
    return typer.Exit(WRONG_REQUEST)


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

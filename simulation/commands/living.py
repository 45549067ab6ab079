"""`orgsim life`: one seat's story, printed, and kept as a picture."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simulation.commands import options as say
from simulation.commands.common import about_of, folder_of, kept_crew, now, progress_bar
from simulation.commands.options import OwnLevers, Processes, Worlds
from simulation.commands.usage import examples
from simulation.report.streams import as_text, check_writable, results

if TYPE_CHECKING:
    from simulation.calibration.firm import FirmResult
    from simulation.living import Life
    from simulation.scenario import Scenario

group = typer.Typer()


@group.command(epilog=examples("life"))
def life(
    scenario: Annotated[Path | None, typer.Argument(metavar="SCENARIO", help=say.SCENARIO)] = None,
    *,
    policy: Annotated[str | None, typer.Option(metavar="KEY", help="The policy; default: the baseline.")] = None,
    against: Annotated[
        str | None, typer.Option(metavar="KEY", help="Another policy, under which the same seat meets the same luck.")
    ] = None,
    seat: Annotated[
        int, typer.Option(metavar="N", help="The seat, counted from 0; left out, the first, which need not have much of a story.")
    ] = 0,
    seed: Annotated[
        int | None,
        typer.Option(metavar="N", help="The luck: a seed of the study or any other whole number; default: the study's first."),
    ] = None,
    changes: Annotated[list[str] | None, typer.Option("--set", metavar="PATH=VALUE", help=say.CHANGES)] = None,
    months: Annotated[int | None, typer.Option(metavar="N", help=f"Months simulated; {say.USUAL}.")] = None,
    seats: Annotated[int | None, typer.Option(metavar="N", help=f"Posts of the sales organisation; {say.USUAL}.")] = None,
    seeds: Annotated[
        int | None, typer.Option(metavar="N", help=f"Seeds of the study, over which costs are made equal; {say.USUAL}.")
    ] = None,
    baseline: Annotated[str | None, typer.Option(metavar="KEY", help=f"{say.BASELINE}; {say.USUAL}.")] = None,
    world: Worlds = None,
    luck_only: Annotated[bool, typer.Option("--luck-only", help="Point values of all parameters, as in `compare`.")] = False,
    processes: Processes = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")] = False,
    out: Annotated[
        str, typer.Option(metavar="FOLDER", help="Folder of run folders; the picture goes to SCENARIO/life.")
    ] = "results",
    _own: OwnLevers = None,
) -> None:
    """Tell the story of one seat.

    Who sat there, what they did and earned, and why they left.
    """
    folder = folder_of(out)
    from simulation.experiment.work.workers import checked
    from simulation.scenario import read_scenario

    checked(processes, "--processes")
    asked = read_scenario(
        scenario, settings=changes or (), months=months, seats=seats, seeds=seeds, baseline=baseline, world=world or None,
        luck_only=luck_only,
    )  # fmt: skip
    check_writable(folder)
    from simulation.report.life_files import as_json, print_life, write_life

    found, firm = _lived(asked, folder, policy=policy, against=against, seat=seat, seed=seed, processes=processes)
    if json:
        typer.echo(as_text(as_json(found) | ({"firm": firm.as_json()} if firm else {})))
    else:
        if firm:
            firm.print(results())
        print_life(found, results())
    sys.stdout.flush()
    typer.echo(f"The chart is {write_life(found, folder)}, as SVG and CSV beside it.", err=True)


def _lived(
    scenario: "Scenario", out: Path, *,
    policy: str | None, against: str | None, seat: int, seed: int | None, processes: int | None,
) -> "tuple[Life, FirmResult | None]":
    """The life, and the firm that was solved for it, if any.

    What a search for equal costs simulates is kept with the study's cells, and found there.
    """
    from simulation.calibration.firm import settle
    from simulation.living import check, live, living_work

    check(scenario, policy, seat, seed, against)
    with progress_bar() as progress:
        scenario, firm = settle(scenario, out, progress)
        work = living_work(scenario, policy, against)
        if not work:
            return live(scenario, policy, seat, seed, against=against, progress=progress), firm
        about = about_of(scenario, "life", now())
        with kept_crew(out, None, about, rep_months=work, processes=processes, scheduler=None) as crew:
            return live(scenario, policy, seat, seed, against=against, progress=progress, processes=crew), firm

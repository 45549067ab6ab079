"""Options that several commands take, each with what refuses a wrong one."""

from pathlib import Path
from typing import Annotated

import typer

from simulation.commands.common import BAR, JSON
from simulation.errors import ScenarioError

PATHS = "policies.POLICY.LEVER.SETTING, world.GROUP.NAME, parameters.RULE.NAME or firm.NAME"
CHANGES = (
    f"Change one value, again and again, in any order; a path is {PATHS}. It changes only the policy named, not those that are "
    "`like` it. Also policies.P.LEVER=off or typical, policies.P=off to leave P out, policies.NEW.like=P for a copy of P, and "
    "policies.P.label, starts, ends and equal_cost."
)
WORLD = (
    "A world instead of the file's, again and again, later ones over earlier ones: a shipped one by its name, such as medtech or "
    "downturn, or a file below the scenario's folder"
)
SCENARIO = "A scenario file, or the name of a shipped study; left out, the status-quo study."
USUAL = "default: the scenario's"
BASELINE = (
    "The policy that the others are compared with, and that has been in force before month 0 "
    "(so another baseline is another history)"
)
LUCK_ONLY = "A quicker look: every seed with the point values of parameters, and no ranges over assumed ones."
NO_DECK = "Write no deck.pptx and no deck.pdf, which take some ten seconds; `orgsim report` makes them later."
UNTIL_DECIDED = (
    "Add seeds to the policies that are still contested, until the best by the scenario's objective, requirements and material "
    "differences is settled or a tie is declared; --seeds is then the first look, 16 unless said."
)
UNTIL = (
    "Add seeds until the 95% interval of every difference from the baseline reaches no farther than this to either side, "
    "turnover=0.005 or revenue=1%; again and again for several measures."
)
ERROR_RATE = "Probability that anything said of what is decided is wrong; default: 0.05."
MOST_SEEDS = "Seeds are added up to this many; default: 1000."
VARY = (
    "What is varied, again and again: policies.POLICY.LEVER.SETTING, policies.POLICY.LEVER (off, on, typical), world.GROUP.NAME "
    "or parameters.RULE.NAME; a range is 0.02:0.20:10, log:0.01:1:7, or values a,b,c"
)
ENDS = (
    "Other ends of what varies anyway, or more that varies, again and again: as in a sweep, "
    "such as parameters.leaving.pay_slope=2.5:4"
)
WHOSE = "The policy whose figures are analysed; default: the first beside the baseline."
OF = "Analyse this measure, again and again; default: the objective, turnover and revenue."
DESIGN = "grid, lhs, sobol, one-at-a-time, a CSV file (paths in its head), or pairs: every two levers at typical settings."
OWN_LEVERS = "A folder with levers of your own, a KEY.py beside a KEY.toml each."
SHARED = "Processes that share the work; default: one a core when the work is large."
Processes = Annotated[int | None, typer.Option(metavar="N", help=SHARED)]
ON_DASK = (
    "Dask does the work: its scheduler's address, as tcp://192.168.0.5:8786, or local for workers of this machine. "
    "Needs the extra cluster."
)
TOLD = "How progress is told on stderr: bar, or json for a line a second."


def _checked_scheduler(address: str | None) -> str | None:
    """Refuse what is no address, and say once what an open one means."""
    if address is None:
        return None
    from simulation.experiment.cluster.start import checked_address, openness

    said = openness(checked_address(address))
    if said:
        typer.echo(f"Warning: {said}", err=True)
    return address


def _checked_progress(kind: str) -> str:
    """Refuse a way of telling progress that there is not."""
    if kind not in {BAR, JSON}:
        raise ScenarioError(f"--progress: {kind!r} is not there; it is bar or json")
    return kind


Scheduler = Annotated[str | None, typer.Option(metavar="ADDRESS", callback=_checked_scheduler, help=ON_DASK)]
Worlds = Annotated[list[str] | None, typer.Option("--world", metavar="NAME", help=f"{WORLD}; {USUAL}.")]
UntilDecided = Annotated[bool, typer.Option("--until-decided", help=UNTIL_DECIDED)]
Widths = Annotated[list[str] | None, typer.Option("--until", metavar="MEASURE=AMOUNT", help=UNTIL)]
MostSeeds = Annotated[int | None, typer.Option(metavar="N", help=MOST_SEEDS)]
ErrorRate = Annotated[float | None, typer.Option(metavar="P", help=ERROR_RATE)]
Told = Annotated[str, typer.Option("--progress", metavar="KIND", callback=_checked_progress, help=TOLD)]


def _add_levers(folder: Path | None) -> None:
    """Take the user's own levers into the catalogue before the command reads anything else."""
    if folder is not None:
        from simulation.levers import add_folder

        add_folder(folder)


OwnLevers = Annotated[Path | None, typer.Option("--levers", metavar="DIR", is_eager=True, callback=_add_levers, help=OWN_LEVERS)]
"""What every command takes: a folder of the user's own levers."""

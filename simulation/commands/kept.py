"""What has been run: the commands that read what is kept."""

from pathlib import Path
from typing import Annotated

import typer

from simulation.commands.common import folder_of
from simulation.commands.options import OwnLevers
from simulation.commands.usage import examples

NAMED = "A run's name, or its first letters"
DECK = "Write the deck (.pptx) there; left out, the deck in the run's folder is renewed."
PAGE = "Also write one page (.html) that opens offline, from an e-mail too."
LANGUAGE = (
    "The language of your labels, as zh-CN, ja or en-GB: it decides between forms of East-Asian characters, and slides and page "
    "say it of your text; left out, it is guessed. The sentences of a report are English."
)

group = typer.Typer()


@group.command(epilog=examples("runs"))
def runs(
    *,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")] = False,
    out: Annotated[str, typer.Option(metavar="FOLDER", help="Folder of run folders.")] = "results",
    _own: OwnLevers = None,
) -> None:
    """List what has been run, complete or stopped."""
    from simulation.commands.runs import show_runs

    show_runs(folder_of(out), json=json)


@group.command(epilog=examples("verify"))
def verify(
    run: Annotated[str, typer.Argument(metavar="RUN", help=f"{NAMED}; `orgsim runs` lists them.")],
    *,
    cells: Annotated[int, typer.Option(metavar="N", help="Cells that are made again.")] = 20,
    seed: Annotated[int, typer.Option(metavar="N", help="Seed of the choice of cells.")] = 1,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")] = False,
    out: Annotated[str, typer.Option(metavar="FOLDER", help="Folder of run folders.")] = "results",
    _own: OwnLevers = None,
) -> None:
    """Simulate random cells of a run again and compare.

    A cell is one policy at one seed. Exit code 1 when one does not agree.
    """
    from simulation.commands.runs import verify as verify_run

    verify_run(run, folder_of(out), cells=cells, seed=seed, json=json)


@group.command(epilog=examples("report"))
def report(
    run: Annotated[str, typer.Argument(metavar="RUN", help=f"{NAMED}, or its folder, wherever it stands.")],
    *,
    deck: Annotated[Path | None, typer.Option(metavar="FILE", help=DECK)] = None,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help=PAGE)] = None,
    pictures: Annotated[str, typer.Option(metavar="FORMATS", help="What the charts are written as: png, svg, pdf.")] = "png,svg",
    language: Annotated[str | None, typer.Option(metavar="TAG", help=LANGUAGE)] = None,
    out: Annotated[str, typer.Option(metavar="FOLDER", help="Folder of run folders.")] = "results",
    _own: OwnLevers = None,
) -> None:
    """Draw charts and deck of a comparison again.

    From what its folder keeps, without simulating.
    """
    from simulation.commands.reporting import report as report_run

    report_run(run, folder_of(out), deck=deck, html=html, pictures=pictures, language=language)

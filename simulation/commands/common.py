"""What commands have in common: Ctrl-C, progress, the folder of results, and workers whose results are kept."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from simulation.errors import ScenarioError

if TYPE_CHECKING:
    from simulation.experiment.work.workers import Workers
    from simulation.scenario import Scenario
    from simulation.scenario.until import Until

RESUMED = "Interrupted; the same command goes on where it stopped."
BAR, JSON = "bar", "json"
"""How progress is told."""
SILENT = ("out", "json", "by_year", "progress", "processes", "scheduler", "no_deck")
"""Options of commands that change how work is done or shown, and no figure."""


class Interrupt:
    """Ctrl-C: stops what runs, and remembers it, since libraries turn the interrupt into errors of their own."""

    def __init__(self) -> None:
        self.heard = False

    def __call__(self, *_: object) -> None:
        """Handle the signal."""
        self.heard = True
        raise KeyboardInterrupt


interrupt = Interrupt()


@contextmanager
def goes_on(kept: Callable[[], str] = lambda: "") -> Iterator[None]:
    """Work that the same command goes on with: an interrupt says so, and how much is `kept`, as "12 of 40 cells"."""
    try:
        yield
    except KeyboardInterrupt:
        raise KeyboardInterrupt(resumed(kept())) from None
    except Exception:
        if not interrupt.heard:
            raise
        raise KeyboardInterrupt(resumed(kept())) from None


def resumed(kept: str) -> str:
    """What an interrupted command says whose results are kept."""
    return f"Interrupted; {kept} are kept; the same command goes on where it stopped." if kept else RESUMED


def folder_of(out: str) -> Path:
    """The folder that `--out` names. Raises ScenarioError when it names none."""
    if not out.strip():
        raise ScenarioError("--out: the folder's name is empty; name a folder")
    return Path(out)


@contextmanager
def progress_bar(kind: str = BAR) -> Iterator[Callable[[int, int, str], None]]:
    """What long work reports its progress to, on stderr: a bar or plain lines, or with `kind` JSON one JSON line a second."""
    from rich.console import Console

    from simulation.report.progress import JsonLines, Progressing

    lines = JsonLines(sys.stderr) if kind == JSON else Progressing(Console(stderr=True, markup=False, highlight=False))
    with lines as progressing:
        yield progressing


@contextmanager
def kept_crew(
    out: Path, run: str | None, about: Mapping[str, Any], *, rep_months: float, processes: int | None, scheduler: str | None
) -> Iterator[Workers]:
    """Workers whose results are kept below `out`, so that the same command goes on where it stopped; says so on stderr.

    The run is listed from here on, unless it is None; `about` is from `about_of`, and `crew.cells.rename` says it anew once more
    is known.
    """
    from simulation.experiment.cells.cells import Cells
    from simulation.experiment.work.workers import workers

    with Cells(out / str(about["scenario"])) as cells:
        if run is not None:
            cells.begin(run, about)
        try:
            if scheduler is None:
                crews = workers(processes, rep_months=rep_months, cells=cells)
            else:
                from simulation.experiment.cluster.cluster import workers_at

                crews = workers_at(scheduler, processes, cells=cells)
            with goes_on(lambda: f"{cells.earlier + cells.made:,} cells"), crews as crew:
                yield crew
        finally:
            for sentence in cells.said:
                typer.echo(sentence, err=True)
        if cells.earlier:
            made = f"{cells.made:,} were simulated" if cells.made else "nothing was simulated again"
            typer.echo(f"{cells.earlier:,} cells were found in {cells.file}; {made}.", err=True)


def about_of(
    scenario: Scenario, what: str, began: datetime, until: Until | None = None, *, detail: str = ""
) -> dict[str, Any]:
    """What `orgsim runs` says of a run; where seeds are added `until` something, of its first look."""
    seeds = scenario.seed_count if until is None else until.start
    sizes = {"months": scenario.months, "seats": scenario.seats, "seeds": seeds}
    return {
        "what": what, "title": scenario.title, "detail": detail, "scenario": scenario.name, **sizes,
        "started": began.isoformat(timespec="seconds"),
    }  # fmt: skip


def command_of(context: typer.Context) -> str:
    """The command as it was given, as a shell takes it, without what changes no figure (`SILENT`)."""
    words = ["orgsim", str(context.info_name)]
    for one in context.command.params:
        value = context.params.get(str(one.name))
        source = context.get_parameter_source(str(one.name))
        if one.name in SILENT or source is None or source.name != "COMMANDLINE":
            continue
        values = value if isinstance(value, list | tuple) else [value]
        if one.param_type_name == "argument":
            words += [str(each) for each in values]
        elif isinstance(value, bool):
            words.append(one.opts[0])
        else:
            words += [word for each in values for word in (one.opts[0], str(each))]
    return shlex.join(words)


def now() -> datetime:
    """The time, as it stands in the list of runs."""
    return datetime.now(UTC)


def show_and_keep(show: Callable[[], None], keep: Callable[[], Path], began: datetime) -> None:
    """Print the results of a run whose cells are kept, then write its files, whether or not anybody takes what is printed.

    Results come before charts, which take longer. A stdout that cannot be written to is an error once the files are there.

    Parameters
    ----------
    show : prints the results on stdout
    keep : writes the files and returns their folder
    began : when the command began
    """
    unread: OSError | None = None
    with goes_on():
        try:
            show()
            sys.stdout.flush()
        except OSError as problem:
            unread = problem
        folder = keep()
    if not isinstance(unread, BrokenPipeError):
        typer.echo(f"Kept in {folder} after {(now() - began).total_seconds():.0f} seconds.", err=True)
    if unread is not None:
        raise unread

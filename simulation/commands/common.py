"""What commands have in common, and the long ones among them: run, print, keep.

Each takes a request that has been read. Results go to stdout, everything else to stderr; what is heavy is imported inside.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from simulation.errors import ScenarioError
from simulation.report.streams import as_text, check_writable, results

if TYPE_CHECKING:
    from simulation.calibration.configuration import Configuration
    from simulation.experiment.cells import Cells
    from simulation.experiment.workers import Workers
    from simulation.scenario import Scenario

RESUMED = "Interrupted; the same command goes on where it stopped."


class Interrupt:
    """Ctrl-C: stops what runs, and remembers it, since libraries turn the interrupt into errors of their own."""

    def __init__(self) -> None:
        self.heard = False

    def __call__(self, *_: object) -> None:
        """Handle the signal."""
        self.heard = True
        raise KeyboardInterrupt


interrupt = Interrupt()


def judge_claims(only: Sequence[str], *, processes: int | None, json: bool) -> None:
    """Claims and statements over the plausible range."""
    from simulation.report.claims import as_json, print_judgements
    from simulation.scenario import read_expected
    from simulation.statistics.claims import judge_all

    expected = read_expected(only)
    with progress_bar() as progress:
        judged = judge_all(expected, progress, processes=processes)
    if json:
        typer.echo(as_text(as_json(judged)))
    else:
        print_judgements(judged, results())


def validate_all(only: Sequence[str], out: Path, *, processes: int | None, json: bool) -> None:
    """Targets and claims; the files are written where all were asked for, after the table is shown."""
    from simulation.report.targets import as_json, print_validation
    from simulation.report.validation_files import write_validation
    from simulation.study import run_validation

    if not only:
        check_writable(out)
    with progress_bar() as progress:
        verdicts, judged = run_validation(only, progress, processes=processes)
    if json:
        typer.echo(as_text(as_json(verdicts, judged)))
    else:
        print_validation(verdicts, judged, results(), in_full=bool(only))
    sys.stdout.flush()
    if not only:
        typer.echo(f"Kept in {write_validation(verdicts, out)}.", err=True)


def calibrate_published(
    out: Path, *, processes: int | None, json: bool, write: bool, configuration: "Configuration | None" = None
) -> None:
    """Fit to published findings, print, draw, and on request make the result the shipped defaults."""
    from simulation.experiment.workers import checked

    checked(processes, "--processes")
    check_writable(out)
    from simulation.calibration.configuration import read_configuration
    from simulation.calibration.written import calibration_folder, evaluations_in, evidence_folder, write_evidence
    from simulation.report.fitted import as_json, print_fitted
    from simulation.report.fitted_files import draw_fitted
    from simulation.study import run_calibration

    evidence = evidence_folder() if write else None
    asked = configuration or read_configuration()
    folder = calibration_folder(asked, out)
    found = evaluations_in(folder)
    if found:
        typer.echo(f"{found} evaluations found in {folder}; they are not simulated again.", err=True)
    with goes_on(), progress_bar() as progress:
        fitted = run_calibration(asked, folder, progress, processes=processes)
    if json:
        typer.echo(as_text(as_json(fitted)))
    else:
        print_fitted(fitted, results())
    sys.stdout.flush()
    draw_fitted(fitted, folder / "figures")
    if evidence:
        write_evidence(fitted, evidence)
        typer.echo(f"Written to {evidence}.", err=True)
    typer.echo(f"Kept in {folder}.", err=True)


def calibrate_own(
    people: Path | None, deals: Path | None, *, mapping: Path | None, world: str, out: str, name: str, seed: int, json: bool
) -> None:
    """Fit a pack to a company's people and deals, print, and write its world."""
    check_writable(Path(out))
    from simulation.calibration.company.calibrate import calibrate_company
    from simulation.calibration.company.words import as_json, print_calibrated

    with progress_bar() as progress:
        found = calibrate_company(
            people, deals, mapping=mapping, world=world, out=out, name=name, seed=seed, progress=progress,
            say=lambda line: typer.echo(line, err=True),
        )  # fmt: skip
    if json:
        typer.echo(as_text(as_json(found)))
    else:
        print_calibrated(found, results())
    typer.echo(f"{found.files[0]} is written; name it in a scenario's world.", err=True)


@contextmanager
def kept_crew(
    scenario: "Scenario", out: Path, run: str, *, what: str, rep_months: float, processes: int | None
) -> "Iterator[Workers]":
    """Workers whose results are kept below `out`, so that the same command goes on where it stopped; says so on stderr."""
    from simulation.experiment.cells import Cells
    from simulation.experiment.workers import workers

    with Cells(out / scenario.name) as cells:
        cells.begin(run, about_run(scenario, what))
        try:
            with workers(processes, rep_months=rep_months, cells=cells) as crew:
                yield crew
        except KeyboardInterrupt:
            raise KeyboardInterrupt(_resumable(cells)) from None
        except Exception:
            if not interrupt.heard:
                raise
            raise KeyboardInterrupt(_resumable(cells)) from None
        finally:
            for sentence in cells.said:
                typer.echo(sentence, err=True)
        if cells.found:
            made = f"{cells.made:,} were simulated" if cells.made else "nothing was simulated again"
            typer.echo(f"{cells.found:,} cells were found in {cells.file}; {made}.", err=True)


def about_run(scenario: "Scenario", what: str) -> dict[str, object]:
    """What `orgsim runs` says of a run."""
    sizes = {"months": scenario.months, "seats": scenario.seats, "seeds": scenario.seed_count}
    started = datetime.now(UTC).isoformat(timespec="seconds")
    return {"what": what, "title": scenario.title, "scenario": scenario.name, **sizes, "started": started}


def _resumable(cells: "Cells") -> str:
    kept = cells.found + cells.made
    return f"Interrupted; {kept:,} cells are kept in {cells.file}; the same command goes on where it stopped."


@contextmanager
def goes_on() -> Iterator[None]:
    """Work that the same command goes on with: an interrupt says so."""
    try:
        yield
    except KeyboardInterrupt:
        raise KeyboardInterrupt(RESUMED) from None
    except Exception:
        if not interrupt.heard:
            raise
        raise KeyboardInterrupt(RESUMED) from None


def folder_of(out: str) -> Path:
    """The folder that `--out` names. Raises ScenarioError when it names none."""
    if not out.strip():
        raise ScenarioError("--out: the folder's name is empty; name a folder")
    return Path(out)


@contextmanager
def progress_bar() -> Iterator[Callable[[int, int, str], None]]:
    """What long work reports its progress to, on stderr."""
    from rich.console import Console

    from simulation.report.progress import Progressing

    with Progressing(Console(stderr=True, markup=False, highlight=False)) as progressing:
        yield progressing

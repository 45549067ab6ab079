"""Where the command line's results go: a console for tables, text for JSON, a folder for files."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulation.errors import ScenarioError

if TYPE_CHECKING:
    from rich.console import Console

PLAIN_WIDTH = 80
"""Columns of a table that goes to a file or a pipe."""
GOOD, BAD, UNSURE = "green", "red", "magenta"
"""Colours of a terminal that are read on white as on black; yellow is not."""


def results() -> Console:
    """The console for results; user text is printed as it is, never read as mark-up."""
    from rich.console import Console

    class Results(Console):
        """A console that leaves a closed pipe to whoever ends the command."""

        def on_broken_pipe(self) -> None:
            """Let the error pass."""
            raise BrokenPipeError

    width = None if sys.stdout.isatty() else PLAIN_WIDTH
    return Results(width=width, markup=False, highlight=False, emoji=False)


def as_text(document: dict[str, Any]) -> str:
    """One JSON document as text that stdout can carry; a figure that does not exist must already be null."""
    carries_all = (sys.stdout.encoding or "").lower().startswith("utf")
    return dumps(document, indent=2, ensure_ascii=not carries_all, allow_nan=False)


def print_study(study: Any, *, by_year: bool, json: bool) -> None:
    """A study's comparison on stdout, all of it handed over before anything else is done."""
    from simulation.report.table import as_json, print_by_year, print_comparison

    if json:
        document = as_json(study.summary, stress=study.stress)
        sys.stdout.write(as_text(document | {"firm": study.firm.as_json()} if study.firm else document) + "\n")
    else:
        if study.firm:
            study.firm.print(results(), warned=False)
        print_comparison(study.summary, results(), stress=study.stress)
        if by_year:
            print_by_year(study.summary, results())
    sys.stdout.flush()


def check_writable(out: Path) -> None:
    """Refuse a folder that results cannot be written to before the work is done, not after. Raises ScenarioError.

    A folder that is not there is not made: a request that is refused leaves nothing behind.
    """
    try:
        there = next(place for place in (out, *out.absolute().parents) if place.exists())
    except OSError as problem:
        raise ScenarioError(f"--out: {out} cannot be a folder ({problem.strerror}); name another") from None
    if not there.is_dir():
        raise ScenarioError(f"--out: {out} cannot be a folder, because {there} is a file; name another")
    if not os.access(there, os.W_OK):
        raise ScenarioError(f"--out: {out} cannot be written to; name a folder of yours")


def drop_results() -> None:
    """Send what still waits for stdout nowhere, or Python would complain of it at its end."""
    with suppress(OSError, ValueError), Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())

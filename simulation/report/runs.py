"""The list of runs, and what became of a check, on a screen and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulation.statistics.summary import counted

if TYPE_CHECKING:
    from rich.console import Console

    from simulation.experiment.listing import Listed
    from simulation.experiment.verify import Verified

SHOWN = 50
"""Runs that are printed; JSON has all."""


def print_runs(runs: Sequence[Listed], out: Path, console: Console) -> None:
    """A line a run, the latest last."""
    from rich.table import Table

    if not runs:
        where = f"No runs in {out}" if out.is_dir() else f"There is no folder {out}"
        console.print(f"{where}; `orgsim compare` or `orgsim sweep` makes a run, `--out` names another folder.")
        return
    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0))
    for name in ("run", "what", "title", "size", "cells", "state", "begun"):
        table.add_column(name, justify="right" if name == "cells" else "left", no_wrap=name not in ("title", "size"))
    for one in runs[-SHOWN:]:
        about = one.about
        size = f"{about.get('seeds')} seeds, {about.get('months')} months, {about.get('seats')} seats"
        state = "complete" if one.finished else "stopped"
        begun = str(about.get("started", "")).replace("T", " ")[:16]
        table.add_row(one.run, str(about.get("what", "")), _title(one), size, _cells(one), state, begun)
    console.print(table)
    if len(runs) > SHOWN:
        console.print(f"The latest {SHOWN} of {len(runs):,} runs; --json has all.")
    if any(one.reportable for one in runs):
        console.print("`orgsim report RUN` draws the charts of a comparison again.")
    if any(not one.finished for one in runs):
        console.print("A run that was stopped goes on with the same command.")


def _title(one: Listed) -> Any:
    """The title, and what was varied."""
    from rich.text import Text

    title, detail = (str(one.about.get(name, "")) for name in ("title", "detail"))
    return Text(title) if not detail else Text.assemble(title, "\n", (detail, "dim"))


def _cells(one: Listed) -> str:
    if one.asked == 0:
        return "none kept"
    return f"{one.kept:,} so far" if one.kept == one.asked and not one.finished else f"{one.kept:,} of {one.asked:,}"


def as_json(runs: Sequence[Listed]) -> dict[str, Any]:
    """Every run with its sizes and the folder of its files."""
    return {"runs": [{"run": one.run, **one.about, **_state(one)} for one in runs]}


def _state(one: Listed) -> dict[str, Any]:
    return {"cells": one.kept, "asked": one.asked, "complete": one.finished, "report": one.reportable, "folder": str(one.folder)}


def print_verified(found: Verified, console: Console) -> None:
    """The verdict, and every cell that does not agree."""
    how = "bit for bit" if found.exact else "to nine digits, since the floating point of the machine that made it is another"
    agree = f"{found.cells - len(found.wrong):,} of {counted(found.cells, 'cell')} made again agree {how}"
    console.print(f"Run {found.run}: {agree}; {found.kept:,} are kept.")
    if found.skipped:
        met = f"{counted(found.skipped, 'other cell')} drawn with them {'was' if found.skipped == 1 else 'were'} skipped"
        console.print(f"{met}: their figures were worked out by other code than there is now.")
    for sentence in found.wrong:
        console.print(f"{sentence[0].upper()}{sentence[1:]}.")


def verified_json(found: Verified) -> dict[str, Any]:
    """The same."""
    return {
        "run": found.run, "cells": found.cells, "kept": found.kept, "skipped": found.skipped, "exact": found.exact,
        "wrong": list(found.wrong),
    }  # fmt: skip

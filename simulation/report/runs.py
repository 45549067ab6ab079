"""The list of runs, and what became of a check, on a screen and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulation.statistics.summary import counted

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from simulation.experiment.listing import Listed
    from simulation.experiment.verify import Verified

SHOWN = 50
"""Runs that are printed; JSON has all."""
LINE = "{:<12}  {:<11}  {:>22}  {:<8}  {}"
UNDER = (0, 0, 0, 2)


def print_runs(runs: Sequence[Listed], out: Path, console: Console) -> None:
    """A line a run and under it what it was, the latest last."""
    from rich.padding import Padding
    from rich.text import Text

    if not runs:
        where = f"No runs in {out}" if out.is_dir() else f"There is no folder {out}"
        console.print(f"{where}; `orgsim compare` or `orgsim sweep` makes a run, `--out` names another folder.")
        return
    console.print(Text(LINE.format("run", "what", "cells", "state", "begun"), style="dim"))
    for one in runs[-SHOWN:]:
        state = "complete" if one.finished else "stopped"
        begun = str(one.about.get("started", "")).replace("T", " ")[:16]
        console.print(Text(LINE.format(one.run, str(one.about.get("what", "")), _cells(one), state, begun)))
        console.print(Padding(_about(one), UNDER, expand=False))
    if len(runs) > SHOWN:
        console.print(f"The latest {SHOWN} of {len(runs):,} runs; --json has all.")
    if any(one.reportable for one in runs):
        console.print("`orgsim report RUN` draws the charts of a comparison again.")
    if any(not one.finished for one in runs):
        console.print("A run that was stopped goes on with the same command.")


def _about(one: Listed) -> Text:
    """The title, how large it is, and what was varied."""
    from rich.text import Text

    about = one.about
    size = ", ".join(counted(int(about.get(f"{noun}s") or 0), noun) for noun in ("seed", "month", "seat"))
    detail = f"; {about['detail']}" if about.get("detail") else ""
    return Text.assemble(str(about.get("title", "")), (f"  {size}{detail}", "dim"))


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

"""The runs behind a folder of results: those that stores know of, and those whose folders alone are left."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulation.errors import RunError, ScenarioError
from simulation.experiment.cells.cells import FILE, Cells
from simulation.scenario.faults import printable, shown

MANIFEST = "manifest.json"
FINDINGS = "findings.json.gz"
"""All that a report of a run is made from; only `orgsim compare` keeps it."""
COMPARE = "compare"
"""What is told of a run of `orgsim compare`."""
ADDED = "the command that made it adds it when given again, and simulates nothing anew unless the model is another"


@dataclass(frozen=True)
class Listed:
    """One run of a folder of results: when it began, what it is about, and how many of its cells are kept."""

    run: str
    about: Mapping[str, Any]
    kept: int
    asked: int
    folder: Path

    @property
    def finished(self) -> bool:
        """Whether its files are complete."""
        return (self.folder / MANIFEST).is_file()

    @property
    def reportable(self) -> bool:
        """Whether charts and deck can be made from its files alone."""
        return self.finished and (self.folder / FINDINGS).is_file()


def list_runs(out: Path) -> tuple[list[Listed], list[str]]:
    """Every run of a folder of results, the latest last, and a sentence for each store that cannot be read.

    Raises ScenarioError when it is no folder.
    """
    if out.exists() and not out.is_dir():
        raise ScenarioError(f"--out: {out} is no folder; name one of results")
    found: list[Listed] = []
    said: list[str] = []
    for file in sorted(out.glob(f"*/{FILE}")):
        try:
            with Cells(file.parent, reading=True) as cells:
                found += [Listed(run, about, kept, asked, file.parent / run) for run, about, kept, asked in cells.runs()]
        except RunError as problem:
            said += problem.faults
    known = {one.folder for one in found}
    left = [folder for file in sorted(out.glob(f"*/*/{MANIFEST}")) if (folder := file.parent) not in known]
    found += [Listed(folder.name, about, 0, 0, folder) for folder in left if (about := _told(folder / MANIFEST))]
    return sorted(found, key=lambda one: str(one.about.get("started", ""))), said


def _told(manifest: Path) -> dict[str, Any]:
    """What a manifest says of a run whose cells are not there; nothing where it is none of a run."""
    try:
        content = json.loads(manifest.read_text(encoding="utf-8"))
        scenario = content["scenario"]
        sizes = {"months": scenario["months"], "seats": scenario["seats"], "seeds": content["seeds"]["count"]}
        times = content.get("times", {})
        started = times.get("started") or times.get("written", "")
        what = content.get("what", content.get("design", COMPARE))
        return {"what": what, "title": scenario["title"], **sizes, "started": started}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def find_run(out: Path, name: str) -> Listed:
    """The run of that name, of which the first letters are enough, or of that folder. Raises ScenarioError when there is none."""
    given = Path(name)
    where = given.parent.parent if given.is_dir() and (given.parent / FILE).is_file() else out
    runs, said = list_runs(where)
    fitting = [one for one in runs if one.run.startswith(given.name)] if given.name else []
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise ScenarioError(f'RUN: "{given.name}" is the beginning of {len(fitting)} runs in {where}; write more of it')
    missing = f'RUN: "{name[:200]}" is no run in {where}; `orgsim runs` lists {len(runs)}, `--out` names another folder'
    raise ScenarioError([missing, *said])


def reportable_folder(out: Path, name: str) -> Path:
    """The folder of a comparison with findings: `name` itself where it is one, wherever it stands, else that of `find_run`.

    Raises ScenarioError, which says how to get one, when there is none.
    """
    given = Path(name)
    own = (given / MANIFEST).is_file()
    folder, about = (given, _told(given / MANIFEST)) if own else _finished(find_run(out, name))
    what = printable(str(about.get("what", COMPARE)))[:40]
    if what != COMPARE:
        raise ScenarioError(
            f"RUN: {shown(name)} is a run of {what}, and reports are made of a comparison; the command that made it draws its "
            "charts again and simulates nothing anew"
        )
    if not (folder / FINDINGS).is_file():
        raise ScenarioError(f"RUN: {shown(name)} has no {FINDINGS}, as it was made before runs kept one; {ADDED}")
    return folder


def _finished(run: Listed) -> tuple[Path, Mapping[str, Any]]:
    if not run.finished:
        raise ScenarioError(f"RUN: {run.run} was stopped before its end; the same command goes on with it")
    return run.folder, run.about

"""A sweep that is killed at random moments and started again, and what became of it: for a test and a benchmark."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

SWEEP = (
    "sweep", "--vary", "policies.steeper.commission.rate=0.06:0.14:5", "--vary", "policies.steeper.autonomy=off,typical",
    "--vary", "parameters.leaving.envy_slope=2,9", "--processes", "2", "--json",
)  # fmt: skip
"""Its policy promises equal cost, so a search comes before the sweep proper."""
VOLATILE = ("run", "started", "finished", "seconds", "out")
"""The only keys of the document that may depend on how and when the sweep was run."""
STORE = "status_quo/cells.sqlite"


class Size(NamedTuple):
    """Of the organisation, and how many seeds."""

    seats: int
    months: int
    seeds: int

    @property
    def words(self) -> list[str]:
        """As the command line takes them."""
        return ["--seats", str(self.seats), "--months", str(self.months), "--seeds", str(self.seeds)]


class Killed(NamedTuple):
    """How many times the sweep was killed before it could end, and the cells that were kept after each."""

    times: int
    kept: list[int]


def command(out: Path, size: Size) -> list[str]:
    """The sweep of that size, into a folder."""
    return [sys.executable, "-m", "simulation", *SWEEP, *size.words, "--out", str(out)]


def finished(out: Path, size: Size) -> tuple[dict[str, Any], str]:
    """The document of a sweep that is left to end, without what may vary, and what it said on stderr."""
    done = subprocess.run(command(out, size), capture_output=True, text=True, check=True, timeout=600)
    document = json.loads(done.stdout)
    return {key: value for key, value in document.items() if key not in VOLATILE}, done.stderr


def kill_at_random(out: Path, size: Size, *, times: int, every: int, seed: int) -> Killed:
    """Start the sweep and kill it, with all its processes, again and again, until it has been killed so often or ends.

    It is killed once it has added a random number of cells to its store, of which there will be `every` in the end, and a random
    while later, so in the middle of a task as well as of a commit.
    """
    random, killed, kept = Random(seed), 0, []
    for _ in range(times):
        running = subprocess.Popen(
            command(out, size), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )  # fmt: skip
        wanted = cells_in(out) + random.randint(0, every // (2 * times))
        while running.poll() is None and cells_in(out) < wanted:
            time.sleep(0.02)
        time.sleep(random.uniform(0.0, 0.3))
        if running.poll() is None:
            os.killpg(running.pid, signal.SIGKILL)
            killed += 1
        running.wait()
        kept.append(cells_in(out))
    return Killed(killed, kept)


def cells_in(out: Path) -> int:
    """Cells that a folder's store holds; none while there is no store."""
    if not (out / STORE).is_file():
        return 0
    with closing(sqlite3.connect(out / STORE)) as base:
        try:
            return int(base.execute("SELECT count(*) FROM cell").fetchone()[0])
        except sqlite3.OperationalError:  # killed before the tables were made
            return 0

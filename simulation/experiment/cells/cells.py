"""What has been simulated, kept so that nothing is simulated twice: a cell is one variant at one seed.

    <out>/<scenario>/cells.sqlite     worlds, variants, cells, runs and what they asked for

A variant is found by the digest of all that its numbers depend on: its levers, when they hold, its parameters, the baseline
before it, months, seats, what is kept of it, the engine's source and this machine's floating point. So results of different
engines never mix, and a run with more seeds or policies finds what an earlier one has done. Blocks of cells are committed
together, by the parent process alone: a process that is killed loses the tasks under way and nothing else, and so does a
machine, since every commit is on the disk before the next begins.
Every content carries its check sum: a cell that has been damaged counts as missing. A file that cannot be read is put aside, and
what can be read of it is taken over. Nothing is ever unpickled.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, ClassVar, Self

from simulation.errors import RunError
from simulation.experiment.cells.contents import pack_json, unpack_json
from simulation.experiment.cells.file import (
    DAMAGED,
    LOCK,
    PATIENCE,
    check_sum,
    connected,
    looked_into,
    one_at_a_time,
    put_aside,
)
from simulation.experiment.writing import writing

FILE = "cells.sqlite"


class Cells:
    """The cells below one folder.

    Since it was opened: `found` counts cells read, `earlier` those of them that were there before, `made` those added; `said`
    holds sentences on what was found damaged. With `reading` nothing is made, changed or put aside, and the folder may be one
    that cannot be written to.
    """

    packs: ClassVar[bool] = True
    """Cells come and go as bytes."""

    def __init__(self, folder: Path, *, reading: bool = False) -> None:
        self.file = folder / FILE
        self.found = 0
        self.earlier = 0
        self.made = 0
        self.said: list[str] = []
        self.run: str | None = None
        self._seen: set[tuple[int, int]] = set()
        self._about: Mapping[str, Any] = {}
        self._base = self._read_only() if reading else self._opened()

    def close(self) -> None:
        """Let go of the file."""
        with suppress(sqlite3.Error):
            self._base.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ------------------------------------------------------------------ variants
    def variants(self, world: Mapping[str, Any], digest: str, recipes: Mapping[str, Mapping[str, Any]]) -> list[int]:
        """The numbers of variants given by digest with what they consist of, in that order; new ones are entered."""
        with self._changing() as base:
            base.execute("INSERT OR IGNORE INTO world (digest, recipe) VALUES (?, ?)", (digest, pack_json(world)))
            (own,) = base.execute("SELECT id FROM world WHERE digest = ?", (digest,)).fetchone()
            known = dict(base.execute("SELECT digest, id FROM variant WHERE world = ?", (own,)))
            new = [(key, own, pack_json(recipe)) for key, recipe in recipes.items() if key not in known]
            base.executemany("INSERT OR IGNORE INTO variant (digest, world, recipe) VALUES (?, ?, ?)", new)
            if new:
                known = dict(base.execute("SELECT digest, id FROM variant WHERE world = ?", (own,)))
        return [known[key] for key in recipes]

    # ------------------------------------------------------------------ cells
    def read(self, variants: Sequence[int], seeds: range) -> Iterator[tuple[int, int, bytes]]:
        """The cells there are of some variants and seeds: (variant's number, seed, content); damaged ones are taken out."""
        damaged = []
        query = "SELECT seed, content, sum FROM cell WHERE variant = ? AND seed >= ? AND seed < ?"
        with self._reading() as base:
            for variant in variants:
                for seed, content, kept in base.execute(query, (variant, seeds.start, seeds.stop)).fetchall():
                    if kept == check_sum(content):
                        self.found += 1
                        self.earlier += (variant, seed) not in self._seen
                        self._seen.add((variant, seed))
                        yield variant, seed, content
                    else:
                        damaged.append((variant, seed))
        if damaged:
            self.drop(damaged)

    def drop(self, damaged: Sequence[tuple[int, int]]) -> None:
        """Take out cells that cannot be read; they are simulated again."""
        cells = f"{len(damaged)} damaged cell{'s' if len(damaged) > 1 else ''}"
        self.said.append(f"{self.file}: {cells} found, and simulated again.")
        with self._changing() as base:
            base.executemany("DELETE FROM cell WHERE variant = ? AND seed = ?", damaged)

    def keep(self, cells: Iterable[tuple[int, int, bytes]]) -> None:
        """Commit a block of cells: (variant's number, seed, content). Raises RunError when there is no room for it."""
        rows = [(variant, seed, content, check_sum(content)) for variant, seed, content in cells]
        with self._changing() as base:
            base.executemany("INSERT OR REPLACE INTO cell VALUES (?, ?, ?, ?)", rows)
        self.made += len(rows)
        self._seen.update(row[:2] for row in rows)

    # ------------------------------------------------------------------ runs
    def begin(self, run: str, about: Mapping[str, Any]) -> None:
        """Enter a run; variants that are asked for from here on are its own. `about` is shown by `orgsim runs`."""
        self.run, self._about = run, about
        with self._changing() as base:
            base.execute("INSERT OR REPLACE INTO run VALUES (?, ?)", (run, pack_json(about)))
            base.execute("DELETE FROM part WHERE run = ?", (run,))

    def rename(self, run: str, about: Mapping[str, Any] | None = None) -> None:
        """Give the run that has begun the name of its folder, known at its end, and what there is to say of it by then.

        The same command may run twice at once: whoever ends first gives the name, and the other gives it again.
        """
        if self.run is None:
            return
        with self._changing() as base:
            if run != self.run:
                base.execute("DELETE FROM run WHERE run = ?", (self.run,))
                base.execute("UPDATE OR REPLACE part SET run = ? WHERE run = ?", (run, self.run))
            base.execute("INSERT OR REPLACE INTO run VALUES (?, ?)", (run, pack_json(about or self._about)))
        self.run = run

    def take_part(self, variants: Sequence[int], seeds: range) -> None:
        """Enter variants and seeds as parts of the run that has begun, if one has."""
        if self.run is not None:
            rows = [(self.run, variant, seeds.start, len(seeds)) for variant in dict.fromkeys(variants)]
            with self._changing() as base:
                base.executemany("INSERT OR IGNORE INTO part VALUES (?, ?, ?, ?)", rows)

    def runs(self) -> list[tuple[str, dict[str, Any], int, int]]:
        """Every run that was begun: id, what it is about, its cells that are kept, and all it asks for."""
        wanted = """SELECT sum(n) FROM (SELECT max(first + count) - min(first) AS n FROM part WHERE run = ? GROUP BY variant)"""
        kept = """SELECT count(*) FROM (SELECT variant, min(first) AS a, max(first + count) AS b FROM part WHERE run = ?
                  GROUP BY variant) AS p JOIN cell ON cell.variant = p.variant AND cell.seed >= p.a AND cell.seed < p.b"""
        with self._reading() as base:
            count = lambda query, run: base.execute(query, (run,)).fetchone()[0] or 0  # noqa: E731
            begun = base.execute("SELECT run, about FROM run ORDER BY rowid").fetchall()
            return [(run, unpack_json(about), count(kept, run), count(wanted, run)) for run, about in begun]

    def cells_of(self, run: str) -> list[tuple[int, int]]:
        """Variant's number and seed of every cell of a run that is kept."""
        query = """SELECT DISTINCT cell.variant, cell.seed FROM part JOIN cell ON cell.variant = part.variant
                   AND cell.seed >= part.first AND cell.seed < part.first + part.count WHERE part.run = ? ORDER BY 1, 2"""
        with self._reading() as base:
            return [(int(variant), int(seed)) for variant, seed in base.execute(query, (run,))]

    def cell(self, variant: int, seed: int) -> bytes | None:
        """The content of one cell; None where its check sum does not agree."""
        with self._reading() as base:
            row = base.execute("SELECT content, sum FROM cell WHERE variant = ? AND seed = ?", (variant, seed)).fetchone()
        return row[0] if row and row[1] == check_sum(row[0]) else None

    def recipe(self, variant: int) -> tuple[dict[str, Any], dict[str, Any]]:
        """What a variant consists of: its world, and its own part."""
        query = "SELECT world.recipe, variant.recipe FROM variant JOIN world ON world.id = variant.world WHERE variant.id = ?"
        with self._reading() as base:
            world, own = base.execute(query, (variant,)).fetchone()
        return unpack_json(world), unpack_json(own)

    # ------------------------------------------------------------------ the file
    def _opened(self) -> sqlite3.Connection:
        """The file, made where there is none; one that cannot be read is put aside, by one process at a time."""
        with writing(self.file.parent):
            self.file.parent.mkdir(parents=True, exist_ok=True)
        base = self._sound()
        if base is None:
            with one_at_a_time(self.file.with_name(LOCK)):
                base = self._sound() or self._mended()
        return base

    def _read_only(self) -> sqlite3.Connection:
        """The file as it is. Raises RunError when there is none, or it cannot be read."""
        if not self.file.is_file():
            raise RunError(f"{self.file} is not there; start the run's command again")
        if self._mark.exists():
            raise self._refusal(sqlite3.DatabaseError(DAMAGED[0]))
        try:
            return looked_into(self.file)
        except sqlite3.Error as problem:
            raise self._refusal(problem) from None

    def _sound(self) -> sqlite3.Connection | None:
        """The file, if it can be read and nobody has found it damaged."""
        if self._mark.exists():
            return None
        try:
            return connected(self.file)
        except sqlite3.DatabaseError as problem:
            if not str(problem).startswith(DAMAGED):
                raise self._refusal(problem) from None
        return None

    def _mended(self) -> sqlite3.Connection:
        """Put the file aside, and what can be read of it in its place."""
        aside = next(
            path for n in range(1, 1000) if not (path := self.file.with_name(f"{self.file.stem}.damaged-{n}.sqlite")).exists()
        )
        try:
            saved = put_aside(self.file, aside)
        except sqlite3.Error as problem:
            raise self._refusal(problem) from None
        except OSError as problem:
            raise RunError(f"{self.file} is damaged and cannot be put aside ({problem.strerror}); move it away") from None
        self._mark.unlink(missing_ok=True)
        self.said.append(f"{self.file} was damaged and is now {aside.name}; {saved:,} of its cells could be read and are kept.")
        return connected(self.file)

    @property
    def _mark(self) -> Path:
        """Stands beside a file that was found damaged in the middle of work, so that the next to open it puts it aside."""
        return self.file.with_name(f"{self.file.name}.damaged")

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of it or nothing."""
        try:
            self._base.execute("BEGIN IMMEDIATE")
            yield self._base
            self._base.execute("COMMIT")
        except BaseException as problem:
            with suppress(sqlite3.Error):
                self._base.execute("ROLLBACK")
            if isinstance(problem, sqlite3.Error):
                raise self._refusal(problem) from None
            raise

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        try:
            yield self._base
        except sqlite3.Error as problem:
            raise self._refusal(problem) from None

    def _refusal(self, problem: sqlite3.Error) -> RunError:
        """What to do about a failure of the file, in a sentence; what was committed is kept."""
        text = str(problem)
        kept = "what was done before is kept, and the same command goes on from there"
        if "full" in text:
            return RunError(f"{self.file}: the device has no room left; free some and start the same command again: {kept}")
        if "locked" in text:
            return RunError(f"{self.file}: another run has held the file for {PATIENCE:g} seconds; wait for it: {kept}")
        if "readonly" in text or "unable to open" in text:
            return RunError(f"{self.file} cannot be written ({text}); make it writable or choose another folder with --out")
        if text.startswith(DAMAGED):
            with suppress(OSError):
                self._mark.touch()
            advice = "start the run's command again: cells that can be read are taken over"
            return RunError(f"{self.file} is damaged ({text}); {advice}")
        return RunError(f"{self.file}: {text}; {kept}")

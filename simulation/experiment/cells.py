"""What has been simulated, kept so that nothing is simulated twice: a cell is one variant at one seed.

    <out>/<scenario>/cells.sqlite     worlds, variants, cells, notes, runs

A variant is found by the digest of all that its numbers depend on: its levers, when they hold, its parameters, the baseline
before it, months, seats, what is kept of it, the engine's source and this machine's floating point. So results of different
engines never mix, and a run with more seeds or policies finds what an earlier one has done. Blocks of cells are committed
together, by the parent process alone (WAL: a process that is killed loses the block under way and nothing else).
Every content carries its check sum: a cell that has been damaged counts as missing. Nothing is ever unpickled.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any, Self

from simulation.errors import RunError
from simulation.experiment.contents import pack_json, unpack_json

FILE = "cells.sqlite"
SUM_BYTES = 8
PATIENCE = 60.0
"""[s] Another run into the same folder is waited for."""
FORMAT = 1
SCHEMA = f"""
PRAGMA user_version = {FORMAT};
CREATE TABLE IF NOT EXISTS world (id INTEGER PRIMARY KEY, digest TEXT UNIQUE NOT NULL, recipe BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS variant (
    id INTEGER PRIMARY KEY, digest TEXT UNIQUE NOT NULL, world INTEGER NOT NULL, recipe BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS cell (
    variant INTEGER, seed INTEGER, content BLOB NOT NULL, sum BLOB NOT NULL, PRIMARY KEY (variant, seed)
);
CREATE TABLE IF NOT EXISTS note (digest TEXT PRIMARY KEY, content BLOB NOT NULL, sum BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS run (run TEXT PRIMARY KEY, about BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS part (
    run TEXT, variant INTEGER, first INTEGER, count INTEGER, PRIMARY KEY (run, variant, first, count)
);
"""
DAMAGED = "database disk image is malformed", "file is not a database", "malformed database schema"


class Cells:
    """The cells below one folder.

    Since it was opened: `found` counts cells read, `earlier` those of them that were there before, `made` those added; `said`
    holds sentences on what was found damaged.
    """

    def __init__(self, folder: Path) -> None:
        self.file = folder / FILE
        self.found = 0
        self.earlier = 0
        self.made = 0
        self.said: list[str] = []
        self.run: str | None = None
        self._own: set[tuple[int, int]] = set()
        self._base = self._opened()

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
                    if kept == _sum(content):
                        self.found += 1
                        self.earlier += (variant, seed) not in self._own
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
        rows = [(variant, seed, content, _sum(content)) for variant, seed, content in cells]
        with self._changing() as base:
            base.executemany("INSERT OR REPLACE INTO cell VALUES (?, ?, ?, ?)", rows)
        self.made += len(rows)
        self._own.update(row[:2] for row in rows)

    # ------------------------------------------------------------------ notes
    def note(self, digest: str) -> Any:
        """What was noted under a digest; None where nothing was, or where it is damaged."""
        with self._reading() as base:
            row = base.execute("SELECT content, sum FROM note WHERE digest = ?", (digest,)).fetchone()
        return unpack_json(row[0]) if row and row[1] == _sum(row[0]) else None

    def write_note(self, digest: str, content: Any) -> None:
        """Note a small result, as JSON holds it."""
        packed = pack_json(content)
        with self._changing() as base:
            base.execute("INSERT OR REPLACE INTO note VALUES (?, ?, ?)", (digest, packed, _sum(packed)))

    # ------------------------------------------------------------------ runs
    def begin(self, run: str, about: Mapping[str, Any]) -> None:
        """Enter a run; variants that are asked for from here on are its own. `about` is shown by `orgsim runs`."""
        self.run = run
        with self._changing() as base:
            base.execute("INSERT OR REPLACE INTO run VALUES (?, ?)", (run, pack_json(about)))

    def rename(self, run: str) -> None:
        """Give the run that has begun the name of its folder, known at its end; an earlier one of that name was the same."""
        if self.run is None or self.run == run:
            return
        with self._changing() as base:
            base.execute("DELETE FROM run WHERE run = ?", (run,))
            base.execute("UPDATE run SET run = ? WHERE run = ?", (run, self.run))
            base.execute("UPDATE OR REPLACE part SET run = ? WHERE run = ?", (run, self.run))
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
        return row[0] if row and row[1] == _sum(row[0]) else None

    def recipe(self, variant: int) -> tuple[dict[str, Any], dict[str, Any]]:
        """What a variant consists of: its world, and its own part."""
        query = "SELECT world.recipe, variant.recipe FROM variant JOIN world ON world.id = variant.world WHERE variant.id = ?"
        with self._reading() as base:
            world, own = base.execute(query, (variant,)).fetchone()
        return unpack_json(world), unpack_json(own)

    # ------------------------------------------------------------------ the file
    def _opened(self) -> sqlite3.Connection:
        """The file, made where there is none; one that cannot be read is put aside."""
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            raise RunError(f"cannot write {self.file.parent}: {problem.strerror}; choose another folder with --out") from None
        try:
            return self._connected()
        except sqlite3.DatabaseError as problem:
            if not str(problem).startswith(DAMAGED):
                raise self._refusal(problem) from None
        return self._put_aside()

    def _connected(self) -> sqlite3.Connection:
        base = sqlite3.connect(self.file, timeout=PATIENCE, isolation_level=None)
        try:
            base.execute("PRAGMA journal_mode = WAL")
            base.execute("PRAGMA synchronous = NORMAL")
            self._check_format(base)
            base.executescript(SCHEMA)
        except BaseException:
            base.close()
            raise
        return base

    def _check_format(self, base: sqlite3.Connection) -> None:
        (version,) = base.execute("PRAGMA user_version").fetchone()
        if version not in (0, FORMAT):
            advice = "choose another folder with --out, or remove it"
            raise RunError(f"{self.file} was written by another version of orgsim; {advice}")

    def _put_aside(self) -> sqlite3.Connection:
        """Move a file that cannot be read out of the way; what can still be read of it is taken over."""
        aside = next(
            path for n in range(1, 1000) if not (path := self.file.with_name(f"{self.file.stem}.damaged-{n}.sqlite")).exists()
        )
        self.file.rename(aside)
        for ending in ("-wal", "-shm"):
            with suppress(FileNotFoundError):
                self.file.with_name(self.file.name + ending).rename(aside.with_name(aside.name + ending))
        base = self._connected()
        saved = _salvaged(aside, base)
        self.said.append(f"{self.file} was damaged and is now {aside.name}; {saved:,} of its cells could be read and are kept.")
        return base

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
        if "full" in text or "disk I/O error" in text:
            return RunError(f"{self.file}: the device has no room left; free some and start the same command again: {kept}")
        if "locked" in text:
            return RunError(f"{self.file}: another run has held the file for {PATIENCE:g} seconds; wait for it: {kept}")
        if "readonly" in text or "unable to open" in text:
            return RunError(f"{self.file} cannot be written ({text}); make it writable or choose another folder with --out")
        if text.startswith(DAMAGED):
            advice = "start the same command again: cells that can be read are taken over"
            return RunError(f"{self.file} is damaged ({text}); {advice}")
        return RunError(f"{self.file}: {text}; {kept}")


def _sum(content: bytes) -> bytes:
    return blake2b(content, digest_size=SUM_BYTES).digest()


def _salvaged(aside: Path, base: sqlite3.Connection) -> int:
    """Take over what can be read of a damaged file, variant by variant; returns how many cells that is."""
    saved = 0
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"{aside.absolute().as_uri()}?mode=ro", uri=True)) as old:
        for table in ("world", "variant", "note", "run", "part"):
            rows = old.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608 - names of our own
            base.executemany(f"INSERT OR IGNORE INTO {table} VALUES ({', '.join('?' * len(rows[0]))})" if rows else "", rows)  # noqa: S608
        for (variant,) in old.execute("SELECT id FROM variant").fetchall():
            with suppress(sqlite3.Error):
                rows = old.execute("SELECT * FROM cell WHERE variant = ?", (variant,)).fetchall()
                good = [row for row in rows if row[3] == _sum(row[2])]
                base.executemany("INSERT OR IGNORE INTO cell VALUES (?, ?, ?, ?)", good)
                saved += len(good)
    return saved

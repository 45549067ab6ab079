"""The file of a store of cells: how it is laid out, opened by many, and mended when it cannot be read."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any

from simulation.errors import RunError

SUM_BYTES = 8
PATIENCE = 60.0
"""[s] Another run into the same folder is waited for."""
GLANCE = 0.05
"""[s] Between two tries."""
LOCK = "cells.lock"
FORMAT = 2
SCHEMA = f"""
PRAGMA user_version = {FORMAT};
CREATE TABLE IF NOT EXISTS world (id INTEGER PRIMARY KEY, digest TEXT UNIQUE NOT NULL, recipe BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS variant (
    id INTEGER PRIMARY KEY, digest TEXT UNIQUE NOT NULL, world INTEGER NOT NULL, recipe BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS cell (
    variant INTEGER, seed INTEGER, content BLOB NOT NULL, sum BLOB NOT NULL, PRIMARY KEY (variant, seed)
);
CREATE TABLE IF NOT EXISTS run (run TEXT PRIMARY KEY, about BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS part (
    run TEXT, variant INTEGER, first INTEGER, count INTEGER, PRIMARY KEY (run, variant, first, count)
);
"""
DAMAGED = "database disk image is malformed", "file is not a database", "malformed database schema"
COPIED = ("world", "variant", "run", "part")


def check_sum(content: bytes) -> bytes:
    """What stands beside every content."""
    return blake2b(content, digest_size=SUM_BYTES).digest()


def connected(file: Path) -> sqlite3.Connection:
    """The file, laid out where it is new.

    Raises
    ------
    RunError
        When it was written by another version.
    sqlite3.Error
        When it cannot be read or written.
    """
    base = sqlite3.connect(file, timeout=PATIENCE, isolation_level=None)
    try:
        _journaled(base)
        _check_format(base, file)
        base.executescript(SCHEMA)
    except BaseException:
        base.close()
        raise
    return base


def looked_into(file: Path) -> sqlite3.Connection:
    """The file for reading alone, also where nothing can be written beside it.

    Raises
    ------
    RunError
        When it was written by another version.
    sqlite3.Error
        When it cannot be read.
    """
    place = file.absolute().as_uri()
    base = sqlite3.connect(f"{place}?mode=ro", uri=True, timeout=PATIENCE, isolation_level=None)
    try:
        _check_format(base, file)
        base.execute("SELECT count(*) FROM run").fetchone()
    except sqlite3.OperationalError:  # what goes with a file under way cannot be made here
        base.close()
        base = sqlite3.connect(f"{place}?immutable=1", uri=True, isolation_level=None)
        _check_format(base, file)
    return base


def _check_format(base: sqlite3.Connection, file: Path) -> None:
    (version,) = base.execute("PRAGMA user_version").fetchone()
    if version not in (0, FORMAT):
        raise RunError(f"{file} was written by another version of orgsim; choose another folder with --out, or remove it")


def _journaled(base: sqlite3.Connection) -> None:
    """Write ahead, and to the disk before a commit ends. The switch does not wait for others by itself, so we do."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            base.execute("PRAGMA journal_mode = WAL")
            break
        except sqlite3.OperationalError as problem:
            if "locked" not in str(problem) or time.monotonic() > until:
                raise
            time.sleep(GLANCE)
    base.execute("PRAGMA synchronous = FULL")


@contextmanager
def one_at_a_time(lock: Path) -> Iterator[None]:
    """A stretch that one process of this machine is in at a time; where files cannot be locked, any number."""
    try:
        from fcntl import LOCK_EX, flock
    except ImportError:  # not on this system
        yield
        return
    descriptor = os.open(lock, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        flock(descriptor, LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def put_aside(file: Path, aside: Path) -> int:
    """Move a damaged file to `aside`, and what can be read of it into its place at once; returns how many cells that is."""
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with closing(connected(fresh)) as base:
            saved = _taken_over(file, base)
            base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copyfile(file, aside)
        for ending in ("-wal", "-shm"):
            with suppress(FileNotFoundError):
                file.with_name(file.name + ending).rename(aside.with_name(aside.name + ending))
        fresh.replace(file)
    finally:
        for ending in ("", "-wal", "-shm"):
            fresh.with_name(fresh.name + ending).unlink(missing_ok=True)
    return saved


def _taken_over(file: Path, base: sqlite3.Connection) -> int:
    """Copy what can be read, table by table and variant by variant; cells of what could not be read are left behind."""
    try:
        old = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)
    except sqlite3.Error:
        return 0
    saved = 0
    with closing(old):
        base.execute("BEGIN")
        for table in COPIED:
            for row in _readable(old, f"SELECT * FROM {table}"):  # noqa: S608 - names of our own
                base.execute(f"INSERT OR IGNORE INTO {table} VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608
        known = "SELECT variant.id FROM variant JOIN world ON world.id = variant.world"
        for (variant,) in base.execute(known).fetchall():
            rows = _readable(old, "SELECT * FROM cell WHERE variant = ?", variant)
            good = [row for row in rows if row[3] == check_sum(row[2])]
            base.executemany("INSERT OR IGNORE INTO cell VALUES (?, ?, ?, ?)", good)
            saved += len(good)
        base.execute("COMMIT")
    return saved


def _readable(old: sqlite3.Connection, query: str, *values: int) -> Iterator[tuple[Any, ...]]:
    """Rows up to the first that cannot be read."""
    with suppress(sqlite3.Error):
        yield from old.execute(query, values)

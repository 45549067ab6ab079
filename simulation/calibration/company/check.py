"""What is wrong, row by row, and what was left out and why. Nothing is mended: a row with anything wrong is left out.

A row counts once, under the first thing wrong with it; the list names every one, up to `MOST_LISTED`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from simulation.calibration.company.cells import Reader, shown_cell, shown_day
from simulation.calibration.company.mapping import Values, plain_word
from simulation.calibration.company.tables import Piece

MOST_LISTED = 10_000
FEWEST = 5
"""A group of fewer is not shown."""
MOST_WORDS = 1_000
HIGHEST_ATTAINMENT = 20.0


class Finding(NamedTuple):
    """One thing wrong with one cell."""

    table: str
    line: int
    column: str
    value: str
    wrong: str


@dataclass(eq=False)
class Findings:
    """All that is wrong so far."""

    listed: list[Finding] = field(default_factory=list)
    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    unknown: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    read: dict[str, int] = field(default_factory=dict)
    unlisted: int = 0

    def line(self, table: str, number: int, wrong: str) -> None:
        """A line that cannot be read at all."""
        self.counts[table, "", wrong] += 1
        self._list(table, number, "", "", wrong)

    def rows(
        self, rows: Rows, column: str, cells: Any, which: Values, wrong: str, *, shown: Callable[[Any], str] = shown_cell
    ) -> None:  # fmt: skip
        """Leave out the rows marked in `which`; `cells` None where the value is nobody's business."""
        places = np.flatnonzero(which)
        if not places.size:
            return
        self.counts[rows.table, column, wrong] += int((rows.fine & which).sum())
        rows.fine &= ~which
        room = max(MOST_LISTED - len(self.listed), 0)
        self.unlisted += max(places.size - room, 0)
        for place in places[:room].tolist():
            value = "" if cells is None else shown(cells[place])
            self._list(rows.table, int(rows.lines[place]), column, value, wrong)

    def _list(self, table: str, line: int, column: str, value: str, wrong: str) -> None:
        if len(self.listed) < MOST_LISTED:
            self.listed.append(Finding(table, line, column, value, wrong))
        else:
            self.unlisted += 1

    def words(self, table: str, column: str, cells: Any, wrong: Values) -> None:
        """Remember words that mean nothing yet, so that frequent ones can be named."""
        for word in (plain_word(str(cell)) for cell in np.asarray(cells, dtype=object)[wrong]):
            if len(self.unknown) < MOST_WORDS:
                self.unknown[table, column, word] += 1

    def dropped(self, table: str) -> int:
        """Rows of a table that were left out."""
        return sum(count for (where, _, _), count in self.counts.items() if where == table)

    def summary(self) -> Iterator[tuple[str, str, int]]:
        """Table, what is wrong, and rows left out for it, the most frequent first."""
        order = sorted(self.counts.items(), key=lambda item: (item[0][0] != "people", -item[1], item[0]))
        for (table, column, wrong), count in order:
            if count:
                yield table, f"{column} {wrong}".strip(), count

    def sentences(self) -> list[str]:
        """What the mapping should say of words that many rows have."""
        return [
            f'{table}: {count:,} rows have the {column} "{word}", which is not known; '
            f"give it a meaning in the mapping under [{table}.words]"
            for (table, column, word), count in self.unknown.most_common(8)
            if count >= FEWEST
        ]


@dataclass(eq=False)
class Rows:
    """The rows of a piece: their lines, and which are fine so far."""

    table: str
    lines: Values
    fine: Values

    @classmethod
    def of(cls, table: str, lines: Values) -> Rows:
        """Rows with nothing wrong yet."""
        return cls(table, lines, np.ones(len(lines), dtype=bool))


def needed_ids(piece: Piece, name: str, rows: Rows, read: Reader, told: Findings) -> Values:
    """Ids that must be there."""
    ids, empty = read.ids(piece.cells[name])
    told.rows(rows, name, None, empty, "is missing")
    return ids


def days(piece: Piece, name: str, rows: Rows, read: Reader, told: Findings, *, needed: bool = False) -> Values:
    """A column of days; NaT where there is none."""
    if name not in piece.cells:
        return np.full(len(rows.lines), np.datetime64("NaT", "D"))
    found, wrong, empty = read.days(piece.cells[name])
    told.rows(rows, name, piece.cells[name], wrong, f"is no day written like {read.layout.date_format}", shown=shown_day)
    if needed:
        told.rows(rows, name, None, empty, "is missing")
    return found


def money(piece: Piece, name: str, rows: Rows, read: Reader, told: Findings, *, positive: bool = False) -> Values:
    """A column of money; NaN where there is none."""
    if name not in piece.cells:
        return np.full(len(rows.lines), np.nan)
    found, wrong, _ = read.numbers(piece.cells[name], name)
    told.rows(rows, name, piece.cells[name], wrong, "is no number; see decimal and thousands in the mapping")
    told.rows(rows, name, piece.cells[name], found < 0.0, "is negative")
    if positive:
        told.rows(rows, name, piece.cells[name], found == 0.0, "is zero")
    return found


def words(piece: Piece, name: str, rows: Rows, read: Reader, told: Findings) -> tuple[Values, Values]:
    """A column of words as meanings, and which cells are empty; no column is all empty."""
    if name not in piece.cells:
        blank = read.layout.words[name].get("", "")
        return np.full(len(rows.lines), blank, dtype=object), np.ones(len(rows.lines), dtype=bool)
    found, wrong, empty = read.words(piece.cells[name], name)
    told.rows(rows, name, piece.cells[name], wrong, f"has no known meaning; see [{rows.table}.words] in the mapping")
    told.words(rows.table, name, piece.cells[name], wrong)
    return found, empty


def joined(pieces: Sequence[dict[str, Values]]) -> dict[str, Values]:
    """Pieces put together, column by column."""
    return {name: np.concatenate([piece[name] for piece in pieces]) for name in pieces[0]} if pieces else {}

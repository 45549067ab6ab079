"""People: stays with the firm, who left why, and who was watched from when to when.

A row is a stay of one rep: after a transfer or a return the same rep has another, with a tenure of its own.
A stay that goes on at the day of the extract is censored there; a transfer or another exit (retired, deceased) censors too.
Who is on leave or part-time is left out and told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from simulation.calibration.company.cells import Reader
from simulation.calibration.company.check import HIGHEST_ATTAINMENT, Findings, Rows, days, joined, money, needed_ids, words
from simulation.calibration.company.mapping import Values
from simulation.calibration.company.tables import Piece, Source

MONTH = 365.25 / 12.0
"""[days]"""
STAYED, QUIT, DISMISSAL, OTHER, UNTOLD = range(5)
CODES = {"": STAYED, "quit": QUIT, "dismissal": DISMISSAL, "transfer": OTHER, "other": OTHER}


@dataclass(frozen=True, eq=False)
class People:
    """Stays that are fine, one place each.

    `rep` [uint64] hashes; `hired`, `left` [day], NaT where the stay goes on; `cause` a code; money in usd a year;
    `attainment` (stay, period). `known`: hashes of every rep on file, left out or not. `caused`: causes are on file.
    """

    rep: Values
    hired: Values
    left: Values
    cause: Values
    team: Values
    base_pay: Values
    variable_pay: Values
    quota: Values
    attainment: Values
    known: Values
    caused: bool

    def where(self, which: Values) -> People:
        """Some of the stays."""
        own = {name: getattr(self, name)[which] for name in self.__dataclass_fields__ if name not in ("known", "caused")}
        return People(**own, known=self.known, caused=self.caused)


def read_people(source: Source, key: str, told: Findings, today: Any) -> People:
    """The stays of a file, checked cell by cell and against each other. Raises ScenarioError when the file cannot be read."""
    read = Reader(source.layout, key)
    known: list[Values] = []
    pieces = []
    for piece in source.pieces(lambda line, wrong: told.line("people", line, wrong)):
        rows = Rows.of("people", piece.lines)
        found = _checked(piece, rows, read, told, today)
        known.append(found["rep"])
        pieces.append({name: values[rows.fine] for name, values in (found | {"lines": piece.lines}).items()})
    told.read["people"] = source.rows
    columns = joined(pieces)
    if not columns:
        raise source.refusal("has no row that can be read; see the report of what was left out")
    keep = _consistent(columns, told)
    columns.pop("lines")
    caused = "cause" in source.found
    every = np.unique(np.concatenate(known))
    return People(**{name: values[keep] for name, values in columns.items()}, known=every, caused=caused)


def _checked(piece: Piece, rows: Rows, read: Reader, told: Findings, today: Any) -> dict[str, Values]:
    """Cells of a piece as values; what is wrong goes to `told` and out of `rows.fine`."""
    cells = piece.cells
    rep = needed_ids(piece, "rep", rows, read, told)
    hired = days(piece, "hired", rows, read, told, needed=True)
    left = days(piece, "left", rows, read, told)
    told.rows(rows, "hired", cells["hired"], hired > today, "lies in the future")
    told.rows(rows, "left", cells.get("left"), left < hired, "lies before hired")
    gone = left <= today
    meaning, empty = words(piece, "cause", rows, read, told)
    if "cause" in cells:
        told.rows(rows, "cause", None, gone & empty, "is missing though there is a day of exit")
        told.rows(rows, "cause", None, np.isnat(left) & ~empty, "is given without a day of exit")
    cause = np.array([CODES[word] for word in meaning], dtype=np.int8)
    cause = np.where(gone, cause if "cause" in cells else UNTOLD, STAYED)
    status, _ = words(piece, "status", rows, read, told)
    told.rows(rows, "status", None, status == "leave", "says on leave")
    told.rows(rows, "status", None, status == "part_time", "says part-time")
    if "fte" in cells:
        fte, wrong, _ = read.numbers(cells["fte"], "fte")
        off = wrong | (fte <= 0.0) | (fte > 1.0)
        told.rows(rows, "fte", cells["fte"], off, "is outside 0 to 1; see fte_unit in the mapping")
        told.rows(rows, "fte", None, fte < 1.0, "says part-time")
    team = read.ids(cells["team"]) if "team" in cells else (np.zeros(len(rep), dtype=np.uint64), np.ones(len(rep), dtype=bool))
    return {
        "rep": rep, "hired": hired, "left": left, "cause": cause, "team": np.where(team[1], np.uint64(0), team[0]),
        "base_pay": money(piece, "base_pay", rows, read, told), "variable_pay": money(piece, "variable_pay", rows, read, told),
        "quota": money(piece, "quota", rows, read, told, positive=True), "attainment": _attainment(cells, rows, read, told),
    }  # fmt: skip


def _attainment(cells: Mapping[str, Any], rows: Rows, read: Reader, told: Findings) -> Values:
    """Attainment by period (stay, period); NaN where a period was not completed."""
    if "attainment" not in cells:
        return np.full((len(rows.lines), 1), np.nan)
    columns = []
    for k in range(cells["attainment"].shape[1]):
        shown = cells["attainment"][:, k]
        found, wrong, _ = read.numbers(shown, "attainment")
        told.rows(rows, "attainment", shown, wrong, "is no number; see decimal and thousands in the mapping")
        told.rows(rows, "attainment", shown, found < 0.0, "is negative")
        high = found > HIGHEST_ATTAINMENT
        told.rows(rows, "attainment", shown, high, "is above 20 times quota; see attainment_unit in the mapping")
        columns.append(found)
    return np.stack(columns, axis=1)


def _consistent(columns: Mapping[str, Values], told: Findings) -> Values:
    """Stays that no other row of the same rep repeats or contradicts."""
    rows = Rows.of("people", columns["lines"])
    named = [name for name in columns if name not in ("lines", "attainment")]
    frame = pd.DataFrame({name: columns[name] for name in named} | {"pay_tie": np.nansum(columns["attainment"], axis=1)})
    told.rows(rows, "rep", None, frame.duplicated().to_numpy(), "and the whole row stand in an earlier line as well")
    fine = rows.fine.copy()
    twice = frame[fine].duplicated(["rep", "hired"], keep=False).to_numpy()
    told.rows(rows, "rep", None, _spread(twice, fine), "is hired twice on one day, in rows that differ; neither is used")
    fine = rows.fine.copy()
    told.rows(rows, "rep", None, _spread(_overlapping(frame[fine]), fine), "has stays that overlap; neither is used")
    return rows.fine


def _overlapping(frame: pd.DataFrame) -> Values:
    """Stays of one rep that begin before an earlier one ended, and those earlier ones."""
    order = np.lexsort((frame["hired"].to_numpy(), frame["rep"].to_numpy()))
    rep, hired = frame["rep"].to_numpy()[order], frame["hired"].to_numpy()[order].astype("datetime64[D]").astype(np.int64)
    left = frame["left"].to_numpy()[order].astype("datetime64[D]")
    end = np.where(np.isnat(left), np.iinfo(np.int64).max, left.astype(np.int64))
    clash = np.zeros(len(rep), dtype=bool)
    clash[1:] = (rep[1:] == rep[:-1]) & (hired[1:] < end[:-1])
    clash[:-1] |= clash[1:]
    found = np.zeros(len(rep), dtype=bool)
    found[order] = clash
    return found


def _spread(which: Values, among: Values) -> Values:
    """A mask over some rows as a mask over all."""
    found = np.zeros(len(among), dtype=bool)
    found[among] = which
    return found

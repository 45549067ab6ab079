"""Deals: opportunities with who owns them, when they opened and closed, how they ended and for how much."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from simulation.calibration.company.cells import Reader
from simulation.calibration.company.check import Findings, Rows, days, joined, money, needed_ids, words
from simulation.calibration.company.mapping import Values
from simulation.calibration.company.tables import Piece, Source

OPEN, WON, LOST, STALE = range(4)
STAGES = {"": OPEN, "open": OPEN, "won": WON, "lost": LOST, "stale": STALE}
NEW, RENEWAL, EXPANSION = range(3)
KINDS = {"": NEW, "new": NEW, "renewal": RENEWAL, "expansion": EXPANSION}


@dataclass(frozen=True, eq=False)
class Deals:
    """Opportunities that are fine: `owner` [uint64] hashes, days, codes of stage and kind, `amount` [usd], `discount` [share].

    `closed` is NaT while an opportunity is open, whatever the file says of it: there it is a plan.
    """

    owner: Values
    opened: Values
    closed: Values
    stage: Values
    kind: Values
    amount: Values
    discount: Values

    def where(self, which: Values) -> Deals:
        """Some of the deals."""
        return Deals(**{name: getattr(self, name)[which] for name in self.__dataclass_fields__})


def read_deals(source: Source, key: str, told: Findings, today: Any, known: Values | None) -> Deals:
    """The opportunities of a file, checked; owners that are not in `known` are left out. Raises ScenarioError."""
    read = Reader(source.layout, key)
    pieces = []
    for piece in source.pieces(lambda line, wrong: told.line("deals", line, wrong)):
        rows = Rows.of("deals", piece.lines)
        found = _checked(piece, rows, read, told, today)
        if known is not None:
            told.rows(rows, "owner", None, ~np.isin(found["owner"], known), "is not among the people")
        pieces.append({name: values[rows.fine] for name, values in (found | {"lines": piece.lines}).items()})
    told.read["deals"] = source.rows
    columns = joined(pieces)
    if not columns:
        raise source.refusal("has no row that can be read; see the report of what was left out")
    lines, ids = columns.pop("lines"), columns.pop("deal")
    keep = _single(columns, lines, ids, told) if "deal" in source.found else np.ones(len(lines), dtype=bool)
    return Deals(**{name: values[keep] for name, values in columns.items()})


def _checked(piece: Piece, rows: Rows, read: Reader, told: Findings, today: Any) -> dict[str, Values]:
    """Cells of a piece as values; what is wrong goes to `told` and out of `rows.fine`."""
    cells = piece.cells
    owner = needed_ids(piece, "owner", rows, read, told)
    deal = needed_ids(piece, "deal", rows, read, told) if "deal" in cells else np.zeros(len(owner), dtype=np.uint64)
    opened = days(piece, "opened", rows, read, told, needed=True)
    closed = days(piece, "closed", rows, read, told)
    meaning, empty = words(piece, "stage", rows, read, told)
    told.rows(rows, "stage", None, empty, "is missing")
    stage = np.array([STAGES[word] for word in meaning], dtype=np.int8)
    ended = stage != OPEN
    closed = np.where(ended, closed, np.datetime64("NaT", "D"))
    told.rows(rows, "opened", cells["opened"], opened > today, "lies in the future")
    told.rows(rows, "closed", cells.get("closed"), closed > today, "lies in the future")
    told.rows(rows, "closed", cells.get("closed"), closed < opened, "lies before opened")
    told.rows(rows, "closed", None, ended & np.isnat(closed), "is missing though the deal has ended")
    amount = money(piece, "amount", rows, read, told)
    if "amount" in cells:
        unpriced = (stage == WON) & ~(amount > 0.0) & ~(amount < 0.0)
        told.rows(rows, "amount", cells["amount"], unpriced, "is missing or zero in a deal won")
    discount = np.full(len(owner), np.nan)
    if "discount" in cells:
        discount, wrong, _ = read.numbers(cells["discount"], "discount")
        off = wrong | (discount < 0.0) | (discount >= 1.0)
        told.rows(rows, "discount", cells["discount"], off, "is no share in 0 to 1; see discount_unit in the mapping")
    kind, _ = words(piece, "kind", rows, read, told)
    return {
        "owner": owner, "deal": deal, "opened": opened, "closed": closed, "stage": stage,
        "kind": np.array([KINDS[word] for word in kind], dtype=np.int8), "amount": amount, "discount": discount,
    }  # fmt: skip


def _single(columns: dict[str, Values], lines: Values, ids: Values, told: Findings) -> Values:
    """Deals whose id stands in one row: a row repeated is used once, rows that differ are not used at all."""
    again = pd.Series(ids).duplicated(keep=False).to_numpy()
    rows = Rows.of("deals", lines)
    if again.any():
        frame = pd.DataFrame(columns | {"deal": ids})[again]
        same = np.zeros(len(lines), dtype=bool)
        same[again] = frame.duplicated().to_numpy()
        told.rows(rows, "deal", None, same, "and the whole row stand in an earlier line as well")
        left = again & ~same
        differ = np.zeros(len(lines), dtype=bool)
        differ[left] = pd.Series(ids[left]).duplicated(keep=False).to_numpy()
        told.rows(rows, "deal", None, differ, "stands in rows that differ; none of them is used")
    return rows.fine

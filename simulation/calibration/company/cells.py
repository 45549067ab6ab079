"""Cells as dates, numbers, words and ids, with what is wrong with each.

Ids become keyed hashes: the key is drawn anew in every run and never written, so nothing that leaves it leads back to a
person. Every function returns the values and a mask of the cells that are wrong; an empty cell is not wrong here.
"""

from __future__ import annotations

import re
import secrets
import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd

from simulation.calibration.company.mapping import Layout, Values, plain_word
from simulation.scenario.faults import literal

NO_DAY = np.datetime64("NaT", "D")
EARLIEST, LATEST = np.datetime64("1950-01-01"), np.datetime64("9999-12-31")
"""HR systems write the latest for people who are still there."""
_NO_DAY = np.iinfo(np.int64).min
EPOCH = date(1970, 1, 1).toordinal()
LETTERS = string.ascii_letters + string.digits
_FIGURE = re.compile(r"[\d\s.,:/+%€$£'()-]{1,40}")


def random_key() -> str:
    """Sixteen signs that nobody keeps."""
    return "".join(secrets.choice(LETTERS) for _ in range(16))


@dataclass(frozen=True)
class Reader:
    """Reads the cells of one table as its layout says; `key` turns ids into numbers that say nothing."""

    layout: Layout
    key: str = field(repr=False)

    def days(self, cells: Any) -> tuple[Values, Values, Values]:
        """Days (datetime64[D], NaT where empty or wrong), the mask of wrong cells, and the mask of empty ones."""
        if np.issubdtype(np.asarray(cells).dtype, np.datetime64):
            found = np.asarray(cells).astype("datetime64[D]")
            empty = np.isnat(found)
        else:
            text, empty = _texts(cells)
            known = _unique_days(text, self.layout.date_format)
            found = np.fromiter((known[cell] for cell in text), dtype=np.int64, count=len(text)).view("datetime64[D]")
        wrong = ~empty & ~((found >= EARLIEST) & (found <= LATEST))
        return np.where(wrong, NO_DAY, found), wrong, empty

    def numbers(self, cells: Any, name: str) -> tuple[Values, Values, Values]:
        """Numbers (NaN where empty or wrong), the mask of wrong cells, and the mask of empty ones; percent become shares."""
        percent = name in self.layout.percent
        if np.issubdtype(np.asarray(cells).dtype, np.number):
            found = np.asarray(cells, dtype=float)
            empty = np.isnan(found)
        else:
            text, empty = _texts(cells)
            found = np.asarray(pd.to_numeric(pd.Series(self._plain(text, percent), dtype=object), errors="coerce"), dtype=float)
        wrong = ~empty & ~np.isfinite(found)
        return np.where(wrong, np.nan, found / 100.0 if percent else found), wrong, empty

    def _plain(self, text: list[Any], percent: bool) -> list[Any]:
        """Numbers as Python writes them; a sign of thousands goes only where it stands before three digits."""
        decimal, thousands = self.layout.decimal, self.layout.thousands
        if decimal == "." and not thousands and not percent:
            return text
        grouped = re.compile(rf"{re.escape(thousands)}(?=\d{{3}}(?!\d))") if thousands else None
        found = []
        for cell in text:
            if not isinstance(cell, str):
                found.append(cell)
                continue
            plain = grouped.sub("", cell) if grouped else cell
            plain = plain.removesuffix("%").rstrip() if percent else plain
            if decimal != ".":
                plain = "?" if "." in plain else plain.replace(decimal, ".")
            found.append(plain)
        return found

    def words(self, cells: Any, name: str) -> tuple[Values, Values, Values]:
        """Meanings ("" where empty or wrong), the mask of wrong cells, and the mask of empty ones."""
        known: Mapping[str, str] = self.layout.words[name]
        text, empty = _texts(cells)
        meaning = {word: known.get(plain_word(str(word)), "") for word in set(text)}
        blank = known.get("", "")
        found = _as_objects([blank if gone else meaning[word] for word, gone in zip(text, empty, strict=True)])
        return found, ~empty & (found == ""), empty

    def ids(self, cells: Any) -> tuple[Values, Values]:
        """Hashes (uint64) that hold for this run alone, and the mask of empty cells."""
        text, empty = _texts(cells)
        names = _as_objects([_id_text(cell) for cell in text])
        return pd.util.hash_array(names, hash_key=self.key, categorize=True), empty


def _as_objects(values: list[Any]) -> Values:
    found = np.empty(len(values), dtype=object)
    found[:] = values
    return found


def _texts(cells: Any) -> tuple[list[Any], Values]:
    """Cells with blanks around text taken off, and the mask of those that are empty."""
    values = [cell.strip() if type(cell) is str else cell for cell in cells]
    return values, np.array([cell is None or cell == "" or cell != cell for cell in values], dtype=bool)  # noqa: PLR0124 - NaN


def _id_text(cell: Any) -> str:
    """An id as text: 17, 17.0 and "17" are one."""
    return str(int(cell)) if isinstance(cell, float) and cell == int(cell) else str(cell)


def _unique_days(text: list[Any], how: str) -> dict[Any, int]:
    """Days since 1970 of every different cell; what is no day has none."""
    return {cell: _day(cell, how) for cell in set(text)}


def _day(cell: Any, how: str) -> int:
    if isinstance(cell, datetime):
        cell = cell.date()
    elif isinstance(cell, str):
        try:
            cell = datetime.strptime(cell, how).date()
        except ValueError:
            return _NO_DAY
    return cell.toordinal() - EPOCH if isinstance(cell, date) else _NO_DAY


def shown_day(cell: Any) -> str:
    """A cell that should be a day: digits alone could be an id, and only how many is told."""
    text = str(cell)
    return f"{len(text)} digits" if text.isdigit() else shown_cell(cell)


def shown_cell(cell: Any) -> str:
    """A cell for the report: a figure or a day as it stands; any other text could be a name, and only its length is told."""
    if isinstance(cell, date | float | int | np.generic):
        return str(cell)
    text = str(cell)
    if cell is None or not text:
        return ""
    return literal(text).strip('"') if _FIGURE.fullmatch(text) else f"a text of {len(text)} characters"

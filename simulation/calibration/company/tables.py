"""A company's tables, read in pieces: CSV, Parquet, Excel. Only columns that are used are kept.

CSV is read line by line with the line's own number; a line that is not text in the encoding stated, or that has more or
fewer cells than the header, is left out and told. A workbook is opened read-only and shows the values that it last showed:
no formula is worked out here. Nothing is unpickled.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import numpy as np

from simulation.calibration.company.mapping import Layout, Values, matched
from simulation.errors import ScenarioError
from simulation.scenario.faults import literal, printable, shown, suggestion

PIECE = 50_000
"""Rows held as text at once."""
LARGEST_WORKBOOK = 50_000_000
LARGEST_UNPACKED = 1_000_000_000
WORKBOOKS, PARQUETS, TEXTS = (".xlsx", ".xlsm"), (".parquet", ".pq"), (".csv", ".tsv", ".txt")
DELIMITERS = (",", ";", "\t", "|")
UTF_16 = (b"\xff\xfe", b"\xfe\xff")

Bad = Callable[[int, str], None]


@dataclass(frozen=True, eq=False)
class Piece:
    """Some rows: their line numbers, and cells (row,) by our column name; a column that may be many has (row, column)."""

    lines: Values
    cells: dict[str, Any]


@dataclass(eq=False)
class Source:
    """A file of one table, opened: its header, what was taken for what, and its pieces."""

    path: Path
    layout: Layout
    header: list[str] = field(default_factory=list)
    found: dict[str, tuple[int, ...]] = field(default_factory=dict)
    rows: int = 0

    def pieces(self, bad: Bad) -> Iterator[Piece]:
        """All rows in pieces; `bad(line, what is wrong)` is told of lines that cannot be read. Raises ScenarioError."""
        ending = self.path.suffix.lower()
        try:
            if ending in TEXTS:
                yield from self._text(bad)
            elif ending in PARQUETS:
                yield from self._parquet()
            elif ending in WORKBOOKS:
                yield from self._workbook()
            else:
                raise self.refusal(f"has the ending {ending or '(none)'}; save it as CSV, Parquet or Excel (.xlsx)")
        except OSError as problem:
            raise self.refusal(f"cannot be read ({problem.strerror or problem}); check its name and rights") from None
        if self.rows == 0:
            raise self.refusal("has no rows below its header; export it again")

    def refusal(self, sentence: str) -> ScenarioError:
        """A sentence about the whole file."""
        return ScenarioError(f"{shown(str(self.path))}: file {sentence}")

    def match(self, header: Sequence[Any]) -> None:
        """Take the header, and find the columns that are used."""
        self.header = ["" if name is None else str(name).strip() for name in header]
        if not any(self.header):
            raise self.refusal("is empty; it needs a header and rows")
        self.found = matched(self.layout, self.header, str(self.path))

    def piece(self, lines: Sequence[int], rows: Sequence[Sequence[Any]]) -> Piece:
        """Rows as cells by our names."""
        self.rows += len(rows)
        columns = list(zip(*rows, strict=True))
        many = {column.name for column in self.layout.fields if column.many}
        beside = lambda places: np.stack([_objects(columns[k]) for k in places], axis=1)  # noqa: E731
        cells = {n: beside(k) if n in many else _objects(columns[k[0]]) for n, k in self.found.items()}
        return Piece(np.asarray(lines, dtype=np.int64), cells)

    def _text(self, bad: Bad) -> Iterator[Piece]:
        encoding = self.layout.encoding
        with self.path.open("rb") as stream:
            start = stream.read(4096)
        if not start.strip():
            raise self.refusal("is empty; it needs a header and rows")
        if start.startswith(UTF_16) and not encoding.lower().startswith("utf-16"):
            raise self.refusal(f'is UTF-16 text; write encoding = "utf-16" under [{self.layout.table}] in the mapping')
        try:
            with self.path.open(encoding=encoding, errors="surrogateescape", newline="") as stream:
                delimiter = self.layout.delimiter or likely_delimiter(stream.readline())
                stream.seek(0)
                yield from self._lines(csv.reader(stream, delimiter=delimiter), bad)
        except LookupError:
            raise self.refusal(f"has no encoding {literal(encoding)}; name one such as utf-8 or cp1252 in the mapping") from None
        except UnicodeError:
            raise self.refusal(f"is not {encoding} text; name its encoding in the mapping") from None

    def _lines(self, reader: Any, bad: Bad) -> Iterator[Piece]:
        lines: list[int] = []
        rows: list[list[str]] = []
        try:
            self.match(next(reader))
            wide, used = len(self.header), sorted({k for places in self.found.values() for k in places})
            for row in reader:
                if len(row) != wide:
                    if row:
                        self.rows += 1
                        bad(reader.line_num, f"has {len(row)} cells where the header has {wide}")
                elif not all(row[k].isascii() or is_text(row[k]) for k in used):
                    self.rows += 1
                    bad(reader.line_num, f"is not {self.layout.encoding.removesuffix('-sig')} text")
                else:
                    lines.append(reader.line_num)
                    rows.append(row)
                if len(rows) == PIECE:
                    yield self.piece(lines, rows)
                    lines, rows = [], []
        except csv.Error as problem:
            raise self.refusal(f"breaks off in line {reader.line_num} ({problem}); a quote may be open before it") from None
        if rows:
            yield self.piece(lines, rows)

    def _parquet(self) -> Iterator[Piece]:
        from pyarrow import ArrowException
        from pyarrow import parquet as pq

        try:
            file = pq.ParquetFile(self.path)
            self.match(file.schema_arrow.names)
            used = sorted({k for places in self.found.values() for k in places})
            first = 1
            for batch in file.iter_batches(batch_size=PIECE, columns=[file.schema_arrow.names[k] for k in used]):
                filled = dict(zip(used, batch.columns, strict=True))
                yield self._arrow(filled, first, batch.num_rows)
                first += batch.num_rows
        except ArrowException as problem:
            reason = printable(str(problem).split("\n")[0][:100])
            raise self.refusal(f"cannot be read as Parquet ({reason}); write it again or export CSV") from None

    def _arrow(self, columns: dict[int, Any], first: int, rows: int) -> Piece:
        """A batch of a Parquet file; what Arrow knows to be numbers or dates stays so."""
        self.rows += rows
        many = {column.name for column in self.layout.fields if column.many}
        series = {k: column.to_pandas() for k, column in columns.items()}
        beside = lambda places: np.stack([series[k].to_numpy(dtype=object) for k in places], axis=1)  # noqa: E731
        cells = {n: beside(k) if n in many else series[k[0]].to_numpy() for n, k in self.found.items()}
        return Piece(np.arange(first, first + rows), cells)

    def _workbook(self) -> Iterator[Piece]:
        from openpyxl import load_workbook
        from openpyxl.utils.exceptions import InvalidFileException

        if self.path.stat().st_size > LARGEST_WORKBOOK:
            raise self.refusal("is larger than 50 MB; export CSV or Parquet")
        try:
            with ZipFile(self.path) as packed:
                if sum(entry.file_size for entry in packed.infolist()) > LARGEST_UNPACKED:
                    raise self.refusal("unpacks to more than 1 GB; export CSV or Parquet")
            book = load_workbook(self.path, read_only=True, data_only=True)
        except (BadZipFile, InvalidFileException, KeyError, ValueError) as problem:
            raise self.refusal(f"cannot be read as a workbook ({printable(str(problem))[:80]}); save it again as .xlsx") from None
        try:
            yield from self._sheet(book)
        finally:
            book.close()

    def _sheet(self, book: Any) -> Iterator[Piece]:
        names = book.sheetnames
        name = self.layout.sheet or names[0]
        if name not in names:
            raise self.refusal(f"has no sheet {literal(name)}; {suggestion(name, names)}")
        cells = enumerate(book[name].iter_rows(values_only=True), start=1)
        lines: list[int] = []
        rows: list[Sequence[Any]] = []
        for line, row in cells:
            if not any(value is not None for value in row):
                continue
            if not self.header:
                self.match(row)
                continue
            lines.append(line)
            rows.append([*row, *[None] * (len(self.header) - len(row))][: len(self.header)])
            if len(rows) == PIECE:
                yield self.piece(lines, rows)
                lines, rows = [], []
        if not self.header:
            raise self.refusal(f"has nothing in sheet {literal(name)}; name another in the mapping")
        if rows:
            yield self.piece(lines, rows)


def _objects(values: Sequence[Any]) -> Values:
    """Cells as they are, in an array of objects."""
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def is_text(cell: str) -> bool:
    """Whether every byte of a cell was text in the encoding stated."""
    return not any("\udc80" <= sign <= "\udcff" for sign in cell)


def likely_delimiter(header: str) -> str:
    """The sign that a header is divided by: of the usual ones the most frequent."""
    return max(DELIMITERS, key=header.count)

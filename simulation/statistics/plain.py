"""Records, frames and arrays as plain JSON, and back to the last bit (NaN is one value): what is read never runs anything.

    plain = Plain({"facts": Facts, "measure": Measure})
    tree = plain.taken_apart(value)      # what `json` writes as strict JSON
    plain.put_together(tree)             # the value again

| value | as JSON |
|---|---|
| text, whole number, finite number, yes or no, None, list | itself |
| number that is not finite | `{"is": "float", "of": "nan"}` |
| mapping with texts as keys, tuple | `{"is": "map", "of": {...}}`, `{"is": "tuple", "of": [...]}` |
| a record: a dataclass or named tuple | `{"is": "facts", "of": {field: ...}}`, by the name it is known by |
| number of NumPy's, array | `{"is": "number", "dtype": "float64", "of": 1.0}`, `{"is": "array", "dtype", "shape", "of": [...]}` |
| frame | `{"is": "frame", "index": ..., "columns": [[name, {"dtype": ..., "of": [...]}], ...]}` |

A record's fields must be of the kinds that its class says. A field that is left out gets its default, so that records may grow.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
from pandas import DataFrame, Index, RangeIndex, Series

from simulation.statistics.kinds import fields_of, fits, hints_of, needed_of

DEEPEST = 40
NUMBERS = ("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32", "float64")
CELLS: Mapping[str, Any] = {"object": str | bool | int | float | None, "str": str | None}
"""What a column of other kinds may hold."""
FAR = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Characters that no text of a study has, and that no file of ours could show."""


class NotPlainError(ValueError):
    """A value that cannot be kept, or JSON that is no value."""


class Plain:
    """Values that may hold `records`, and nothing else: their classes by the names that stand in a file."""

    def __init__(self, records: Mapping[str, type]) -> None:
        known = {record.__name__: record for record in records.values()} | {"DataFrame": DataFrame}
        self._names = {record: name for name, record in records.items()}
        self._records = {name: (record, hints_of(record, known)) for name, record in records.items()}
        self._makers = {
            "map": self._mapping, "tuple": self._tuple, "float": _far_number, "number": _number, "array": _array,
            "frame": self._frame, **dict.fromkeys(records, self._record),
        }  # fmt: skip

    def taken_apart(self, value: Any) -> Any:
        """A value as JSON holds it. Raises NotPlainError when a kind of value is not known."""
        kind = type(value)
        if value is None or kind in (str, bool, int) or (kind is float and math.isfinite(value)):
            return value
        return [self.taken_apart(one) for one in value] if kind is list else self._named(value)

    def _named(self, value: Any) -> dict[str, Any]:
        """A value whose kind has to be said."""
        kind, name = type(value), self._names.get(type(value))
        if name is not None:
            return {"is": name, "of": {key: self.taken_apart(getattr(value, key)) for key in fields_of(kind)}}
        if kind is tuple:
            return {"is": "tuple", "of": [self.taken_apart(one) for one in value]}
        if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
            return {"is": "map", "of": {key: self.taken_apart(one) for key, one in value.items()}}
        if isinstance(value, DataFrame):
            return {"is": "frame", "index": self._rows_of(value.index), "columns": self._columns_of(value)}
        return _of_numpy(value)

    def _rows_of(self, index: Index) -> dict[str, Any]:
        if index.nlevels > 1 or not isinstance(index.name, str | None):
            raise NotPlainError("a frame whose index has several levels, or a name that is no text, cannot be kept")
        if isinstance(index, RangeIndex):
            return {"name": index.name, "range": [index.start, index.stop, index.step]}
        return {"name": index.name, **self._cells_of(index)}

    def _columns_of(self, frame: DataFrame) -> list[Any]:
        if not frame.columns.is_unique or not all(isinstance(name, str) for name in frame.columns):
            raise NotPlainError("a frame whose columns have no names of their own cannot be kept")
        return [[name, self._cells_of(column)] for name, column in frame.items()]

    def _cells_of(self, column: Series[Any] | Index) -> dict[str, Any]:
        kind, values = str(column.dtype), column.tolist()
        if kind in NUMBERS:
            return _column(kind, values)
        if kind == "str":
            values = [None if one != one else one for one in values]  # noqa: PLR0124 - what is missing is NaN
        if not all(isinstance(one, CELLS.get(kind, ())) for one in values):
            raise NotPlainError("a column that holds more than texts and numbers cannot be kept")
        return _column(kind, [self.taken_apart(one) for one in values])

    def put_together(self, tree: Any, depth: int = 0) -> Any:
        """The value that JSON holds. Raises NotPlainError when it is none."""
        if depth > DEEPEST:
            raise NotPlainError(f"it is nested more than {DEEPEST} levels deep")
        if isinstance(tree, list):
            return [self.put_together(one, depth + 1) for one in tree]
        if not isinstance(tree, dict):
            return _seen(tree) if isinstance(tree, str) else tree
        kind = tree.get("is")
        put = self._makers.get(kind) if isinstance(kind, str) else None
        if put is None:
            raise NotPlainError(f"it holds {str(kind)[:40]!r}, which is not known here")
        return put(tree, depth + 1)

    def _mapping(self, tree: Mapping[str, Any], depth: int) -> dict[str, Any]:
        return {_seen(key): self.put_together(one, depth) for key, one in _inside(tree, dict).items()}

    def _tuple(self, tree: Mapping[str, Any], depth: int) -> tuple[Any, ...]:
        return tuple(self.put_together(one, depth) for one in _inside(tree, list))

    def _record(self, tree: Mapping[str, Any], depth: int) -> Any:
        kind, found = tree["is"], self._mapping(tree, depth)
        record, hints = self._records[kind]
        if not needed_of(record) <= found.keys() <= hints.keys():
            odd = sorted((needed_of(record) - found.keys()) or (found.keys() - hints.keys()))
            raise NotPlainError(f"its {kind} should not be with, or without, {odd[0][:40]!r}")
        wrong = [name for name, value in found.items() if not fits(value, hints[name])]
        if wrong:
            raise NotPlainError(f"the {wrong[0]} of its {kind} is of another kind")
        return record(**found)

    def _frame(self, tree: Mapping[str, Any], depth: int) -> DataFrame:
        index, columns = tree.get("index"), tree.get("columns")
        pairs = isinstance(columns, list) and all(isinstance(one, list) and len(one) == 2 for one in columns)
        if not pairs or not columns or not isinstance(index, dict):
            raise NotPlainError("a frame in it has no columns or no index")
        read = {_seen(name): self._cells(column, depth) for name, column in columns}
        rows = self._rows(index, depth)
        if any(len(one) != len(rows) for one in read.values()) or len(read) != len(columns):
            raise NotPlainError("a frame in it has columns of different lengths")
        return DataFrame({k: one.set_axis(rows) if isinstance(one, Series) else one for k, one in read.items()}, index=rows)

    def _rows(self, index: Mapping[str, Any], depth: int) -> Index:
        name, ends = index.get("name"), index.get("range")
        if name is not None:
            name = _seen(name)
        if ends is None:
            return Index(self._cells(index, depth), name=name)
        if not _whole(ends) or len(ends) != 3 or ends[2] == 0:
            raise NotPlainError("a frame in it has an index that is none")
        start, stop, step = ends
        return RangeIndex(start, stop, step, name=name)

    def _cells(self, column: Any, depth: int) -> Series[Any] | np.ndarray[Any, Any]:
        kind, values = (column.get("dtype"), column.get("of")) if isinstance(column, dict) else (None, None)
        if not isinstance(values, list) or kind not in [*CELLS]:
            return _numbers(values, kind)
        found = [self.put_together(one, depth) for one in values]
        if not all(isinstance(one, CELLS[kind]) for one in found):
            raise NotPlainError(f"a column of {kind} in it has other values")
        return Series(found, dtype=kind)


def _of_numpy(value: Any) -> dict[str, Any]:
    """An array, or a number that is NumPy's or not finite."""
    if isinstance(value, np.ndarray):
        return {"is": "array", "shape": list(value.shape), **_column(value.dtype.name, value.ravel().tolist())}
    if isinstance(value, np.generic):
        column = _column(value.dtype.name, [value.item()])
        return {"is": "number", "dtype": column["dtype"], "of": column["of"][0]}
    if type(value) is float:
        return {"is": "float", "of": repr(value)}
    raise NotPlainError(f"{type(value).__name__} cannot be kept")


def _inside(tree: Mapping[str, Any], kind: type) -> Any:
    """What stands under `of`."""
    if not isinstance(tree.get("of"), kind):
        raise NotPlainError(f"a {tree['is']} in it holds nothing of its kind")
    return tree["of"]


def _far_number(tree: Mapping[str, Any], _: int) -> float:
    if _inside(tree, str) not in FAR:
        raise NotPlainError("a float in it holds nothing of its kind")
    return FAR[tree["of"]]


def _number(tree: Mapping[str, Any], _: int) -> Any:
    return _numbers([tree.get("of")], tree.get("dtype"))[0]


def _array(tree: Mapping[str, Any], _: int) -> np.ndarray[Any, Any]:
    values = _numbers(tree.get("of"), tree.get("dtype"))
    shape: Any = tree.get("shape")
    if not _whole(shape) or len(shape) > 8 or any(one < 0 for one in shape) or math.prod(shape) != len(values):
        raise NotPlainError("an array in it is not of its shape")
    return values.reshape(shape)


def _column(kind: str, values: list[Any]) -> dict[str, Any]:
    """Values of one kind."""
    if kind not in (*NUMBERS, *CELLS):
        raise NotPlainError(f"an array of {kind} cannot be kept")
    return {"dtype": kind, "of": [_far(one) for one in values]}


def _far(value: Any) -> Any:
    """A number that is not finite as text: JSON has none."""
    return repr(value) if isinstance(value, float) and not math.isfinite(value) else value


def _numbers(values: Any, kind: Any) -> np.ndarray[Any, Any]:
    """Numbers of one kind as an array."""
    if kind not in NUMBERS or not isinstance(values, list):
        raise NotPlainError("an array in it is of no kind")
    if kind.startswith("float"):
        values = [FAR.get(one, one) if isinstance(one, str) else one for one in values]
        fits = all(type(one) is float for one in values)
    else:
        fits = all(type(one) is (bool if kind == "bool" else int) for one in values)
    if not fits:
        raise NotPlainError(f"an array of {kind} in it has other values")
    try:
        return np.array(values, dtype=kind)
    except OverflowError:
        raise NotPlainError(f"an array of {kind} in it has larger values") from None


def _whole(values: Any) -> bool:
    """Whether they are whole numbers that an array can count to."""
    return isinstance(values, list) and all(type(one) is int and abs(one) < 2**48 for one in values)


def _seen(text: Any) -> str:
    """A text. Raises NotPlainError for one that no study writes."""
    if not isinstance(text, str) or _UNSEEN.search(text):
        raise NotPlainError("a text in it has characters that no text has")
    return text

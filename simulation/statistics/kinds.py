"""Whether a value is of the kind that a record's field is annotated with, for records that come from a file."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import numpy as np

NUMBERS: Mapping[Any, tuple[type, ...]] = {
    float: (float, int, np.floating, np.integer), int: (int, np.integer), bool: (bool, np.bool_),
}  # fmt: skip
"""What passes for a number of each kind; yes and no pass for no number."""


def fields_of(record: type) -> tuple[str, ...]:
    """Names of the fields of a dataclass or a named tuple."""
    return tuple(field.name for field in fields(record)) if is_dataclass(record) else tuple(getattr(record, "_fields"))  # noqa: B009


def needed_of(record: type) -> frozenset[str]:
    """Names of the fields without a default."""
    if is_dataclass(record):
        return frozenset(one.name for one in fields(record) if one.default is MISSING and one.default_factory is MISSING)
    return frozenset(fields_of(record)) - set(getattr(record, "_field_defaults"))  # noqa: B009


def hints_of(record: type, known: Mapping[str, Any]) -> dict[str, Any]:
    """What each field is annotated with; `known` has names that the record's module imports for annotations alone."""
    return get_type_hints(record, {**known, **vars(sys.modules[record.__module__])})


def fits(value: Any, hint: Any) -> bool:
    """Whether a value is of a kind: a class, `Any`, a union, a literal, a mapping or a tuple of kinds."""
    origin, parts = get_origin(hint), get_args(hint)
    if hint is Any or origin in (Union, UnionType):
        return hint is Any or any(fits(value, part) for part in parts)
    if origin is Literal:
        return isinstance(value, str) and value in parts
    if origin is tuple:
        return isinstance(value, tuple) and _all_fit(value, parts)
    if origin is Mapping:
        return isinstance(value, Mapping) and all(fits(key, parts[0]) and fits(one, parts[1]) for key, one in value.items())
    if hint in NUMBERS:
        return isinstance(value, NUMBERS[hint]) and (hint is bool) == isinstance(value, NUMBERS[bool])
    return isinstance(value, NoneType if hint is None else hint)


def _all_fit(values: tuple[Any, ...], parts: tuple[Any, ...]) -> bool:
    if len(parts) == 2 and parts[1] is ...:
        return all(fits(value, parts[0]) for value in values)
    return len(values) == len(parts) and all(fits(value, part) for value, part in zip(values, parts, strict=True))

"""Draws of parameters that calibration could not tell apart: what is not known of them, carried into every run.

    ensemble.csv    a column a parameter (`leaving.pay_slope`), a row a draw, in the parameter's own unit and in random order
    levels.csv      pack, owner, parameter, response: how the solved level of a pack moves when a parameter does

A world whose slopes change shows other headline numbers, so its levels move with the draw:

    move of an owner = sum over drawn parameters of response x (drawn value - shipped value)

on the scale on which anchoring moves it (`headlines.Headline.moved`). Seed s carries draw s mod the number of draws, the same
for all policies and worlds. A parameter that a world, a firm or the user has given another value stays as given.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from io import StringIO
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.errors import ParameterError
from simulation.evidence.headlines import HEADLINES
from simulation.evidence.read import Parameters, Row, nearest, shipped_parameters
from simulation.vocabulary import Array

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

Key = tuple[str, str]
"""A parameter: its group and name."""

DRAWS_FILE, LEVELS_FILE = "ensemble.csv", "levels.csv"
LEVEL_COLUMNS = ("pack", "owner", "parameter", "response")
LAYOUT: frozenset[Key] = frozenset({("market", "span"), ("market", "regions")})
"""Parameters that lay out the seats: other values give every seat other neighbours and other luck."""
OWNERS = {headline.owner: headline for headline in HEADLINES}


@dataclass(frozen=True, eq=False)
class Ensemble:
    """Draws that agree with the findings that parameters were fitted to.

    rows : the drawn parameters as shipped
    draws : (draw, parameter) in each parameter's own unit
    responses : by pack and owner of a level, (parameter,) move of the level per unit of the parameter
    digest : of both files
    """

    rows: tuple[Row, ...]
    draws: Array
    responses: Mapping[str, Mapping[Key, Array]]
    digest: str

    def on(self, parameters: Parameters, pack: str | None) -> Drawn:
        """What the draws do to these parameters, in a world whose levels are those of `pack`."""
        held = np.array([parameters.rows.get((row.group, row.name)) == row for row in self.rows], dtype=bool)
        shipped = np.array([row.value for row in self.rows], dtype=float)
        low, high = (np.array([getattr(row, end) for row in self.rows]) for end in ("low", "high"))
        inside = np.clip(self.draws, low, high)
        values: dict[Key, Array] = {}
        clipped: dict[Key, Array] = {}
        for k, row in enumerate(self.rows):
            if held[k] and np.any(inside[:, k] != shipped[k]):
                values[row.group, row.name] = inside[:, k]
                clipped[row.group, row.name] = inside[:, k] != self.draws[:, k]
        drawn = tuple(values)
        moved = np.where(held, inside - shipped, 0.0)
        own = self.responses.get(pack or "", {})
        shipped_rows = shipped_parameters().rows
        solved = {key for key in own if parameters.rows[key].status == "calibrated" or parameters.rows[key] == shipped_rows[key]}
        for owner, response in own.items():
            row, move = parameters.rows[owner], (moved * response).sum(axis=1)
            if owner in solved and np.any(move != 0.0):
                level = np.array([OWNERS[owner].moved(row.value, float(x)) for x in move])
                values[owner] = np.clip(level, row.low, row.high)
                clipped[owner] = values[owner] != level
        fixed = tuple(row.path for row, is_held in zip(self.rows, held, strict=True) if not is_held)
        by_hand = tuple(parameters.rows[owner].path for owner in own if owner not in solved)
        return Drawn(drawn, values, clipped, (*fixed, *by_hand), anchored=bool(own) or not drawn)


@dataclass(frozen=True, eq=False)
class Drawn:
    """An ensemble in one world.

    keys : the parameters that vary between draws, levels apart
    values : (draw,) by parameter and level, none outside its range
    clipped : (draw,) by parameter and level, where a value was brought back into its range
    fixed : paths of the parameters that would vary and that the scenario sets itself
    anchored : whether the pack's levels follow; without responses its headline numbers move with the draws
    """

    keys: tuple[Key, ...]
    values: Mapping[Key, Array]
    clipped: Mapping[Key, Array]
    fixed: tuple[str, ...]
    anchored: bool

    def at(self, seeds: Sequence[int]) -> dict[Key, Array]:
        """What the seeds carry, (1, seed, 1) by parameter and level."""
        return {key: value[np.asarray(seeds) % value.size].reshape(1, -1, 1) for key, value in self.values.items()}

    def brought_back(self, seeds: Sequence[int]) -> tuple[int, int]:
        """Values that were brought back into their range at these seeds, and all values."""
        places = [was[np.asarray(seeds) % was.size] for was in self.clipped.values()]
        return sum(int(place.sum()) for place in places), sum(place.size for place in places)


@lru_cache(maxsize=1)
def shipped_ensemble() -> Ensemble | None:
    """The ensemble that comes with orgsim; None only while neither of its files is there, and all runs have point values.

    Raises
    ------
    ParameterError
        With a sentence a fault of either file, and when one is there without the other.
    """
    folder = files("simulation") / "evidence"
    draws, levels = folder / DRAWS_FILE, folder / LEVELS_FILE
    if not draws.is_file() and not levels.is_file():
        return None
    return read_ensemble(draws, levels)


def read_ensemble(draws: Traversable, levels: Traversable) -> Ensemble:
    """An ensemble from its two files. Raises ParameterError with a sentence a fault."""
    texts = []
    for file, other in ((draws, levels), (levels, draws)):
        try:
            texts.append(file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as problem:
            raise ParameterError([f"{file.name} cannot be read ({problem}); it belongs beside {other.name}"]) from None
    faults: list[str] = []
    rows, values = _draws(texts[0], draws.name, faults)
    responses = {} if faults else _responses(texts[1], levels.name, rows, faults)
    if faults:
        raise ParameterError(faults)
    return Ensemble(rows, values, responses, sha256("\0".join(texts).encode()).hexdigest())


def _draws(text: str, name: str, faults: list[str]) -> tuple[tuple[Row, ...], Array]:
    """The parameters named in the head of a file of draws, and its values (draw, parameter)."""
    lines = list(csv.reader(StringIO(text)))
    head = lines[0] if lines else []
    rows = [row for word in head if (row := _row(word, name, faults))]
    twice = [word for word, count in Counter(head).items() if count > 1]
    faults += [f"{name}: {word} has more than one column; keep one" for word in twice]
    for row in rows:
        if (row.group, row.name) in LAYOUT:
            faults.append(f"{name}: {row.group}.{row.name} lays out the seats and cannot be drawn; leave its column out")
        elif not isinstance(row.value, int | float):
            faults.append(f"{name}: {row.group}.{row.name} is a table and cannot be drawn; leave its column out")
    found = []
    for number, line in enumerate(lines[1:], 2):
        values = [_number(word) for word in line]
        wrong = next((k for k, value in enumerate(values) if value is None), None)
        if len(line) != len(head):
            faults.append(f"{name}: line {number} has {len(line)} values, and the head names {len(head)} parameters")
        elif wrong is not None:
            faults.append(f"{name}: line {number}: {head[wrong]} = {line[wrong]!r} is not a finite number")
        else:
            found.append(values)
    if not head or len(lines) < 2:
        faults.append(f"{name} holds no draws; it has a head of parameters such as leaving.pay_slope and a line a draw")
    return tuple(rows), np.array(found, dtype=float).reshape(len(found), len(head))


def _responses(text: str, name: str, rows: Sequence[Row], faults: list[str]) -> dict[str, dict[Key, Array]]:
    """Responses (parameter,) by pack and owner."""
    lines = list(csv.reader(StringIO(text)))
    if not lines or tuple(lines[0]) != LEVEL_COLUMNS:
        faults.append(f"{name} needs the columns {', '.join(LEVEL_COLUMNS)} in its first line")
        return {}
    places = {f"{row.group}.{row.name}": k for k, row in enumerate(rows)}
    owners = {".".join(owner): owner for owner in OWNERS}
    found: dict[str, dict[Key, Array]] = {}
    given: set[tuple[str, ...]] = set()
    for number, line in enumerate(lines[1:], 2):
        where = f"{name}: line {number}"
        wrong = next(_level_faults(line, owners, places), None)
        if wrong or tuple(line[:3]) in given:
            faults.append(f"{where} {wrong or f'gives {line[1]} and {line[2]} of {line[0]} a second response; keep one'}")
            continue
        given.add(tuple(line[:3]))
        pack, owner, parameter, response = line
        own = found.setdefault(pack, {}).setdefault(owners[owner], np.zeros(len(rows)))
        own[places[parameter]] = float(response)
    return found


def _level_faults(line: Sequence[str], owners: Mapping[str, Key], places: Mapping[str, int]) -> Iterator[str]:
    """What is wrong with a line of responses, as the end of a sentence."""
    if len(line) != len(LEVEL_COLUMNS):
        yield f"has {len(line)} values; it has {', '.join(LEVEL_COLUMNS)}"
        return
    _, owner, parameter, response = line
    if owner not in owners:
        yield f"names {owner}, which owns no headline number; the nearest that does is {nearest(owner, owners)}"
    if parameter not in places:
        yield f"names {parameter}, which is not drawn; the nearest drawn parameter is {nearest(parameter, places)}"
    if owner in places:
        yield f"moves {owner}, which is drawn itself; leave its column out of the draws"
    if _number(response) is None:
        yield f"has the response {response!r}, which is not a finite number"


def _row(word: str, name: str, faults: list[str]) -> Row | None:
    """The shipped parameter that a column is named for."""
    rows = shipped_parameters().rows
    group, _, own = word.partition(".")
    row = rows.get((group, own))
    if row is None:
        faults.append(f"{name}: there is no parameter {word}; the nearest is {nearest(word, ['.'.join(key) for key in rows])}")
    return row


def _number(word: Any) -> float | None:
    try:
        value = float(word)
    except ValueError:
        return None
    return value if np.isfinite(value) else None

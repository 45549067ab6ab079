"""What levers add at a socket, seat by seat.

A lever's arithmetic is written for arrays (policy, seed, seat) and stands in its own file; here it is asked once for all
seats of one policy and one seed, and the answer is handed out as plain numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from simulation.evidence.read import Parameters
from simulation.levers.base import Lever, LeverBoard
from simulation.state import Grouping
from simulation.vocabulary import Array, Outlook


class Organisation:
    """The organisation as levers see it: each field an array (1, 1, seat), gathered from seats and reps when asked for."""

    def __init__(self, seats: Sequence[Any], memory: dict[str, dict[str, Array]]) -> None:
        self._seats = seats
        self._known: dict[str, Array] = {}
        self.team = Grouping.of(np.array([seat.team.number for seat in seats]))
        self.region = Grouping.of(np.array([seat.region.number for seat in seats]))
        self.memory = memory
        self.equity_price = column([1.0])

    def forget(self) -> None:
        """The organisation has moved on: gather anew."""
        self._known.clear()

    def __getattr__(self, field: str) -> Array:
        if field not in self._known:
            self._known[field] = column([_held(seat, field) for seat in self._seats])
        return self._known[field]


def _held(seat: Any, field: str) -> float:
    """A field of the seat, its accounts, the rep, its team or region: whichever has it."""
    for owner in (seat, seat.book, seat.rep, seat.team, seat.region):
        if hasattr(owner, field):
            return float(getattr(owner, field))
    raise AttributeError(f"a lever reads {field!r}, which neither a seat nor its rep has")


def column(values: Sequence[float]) -> Array:
    """One value a seat, as levers take it."""
    return np.array(values, dtype=float).reshape(1, 1, -1)


class Pushes:
    """The levers in force, asked once a phase at each socket that the phase reads."""

    def __init__(self, levers: Sequence[Lever], p: Parameters, organisation: Any) -> None:
        self.board = LeverBoard([type(lever).stack([lever]) for lever in levers], p)
        self._organisation = organisation
        self._known: dict[str, Any] = {}

    def forget(self) -> None:
        """A phase begins: sockets are read anew."""
        self._known.clear()

    def of(self, socket: Callable[..., Any], seat: int) -> Any:
        """What is added at a socket for one seat: a number, or one a task or motive."""
        name = socket.__name__
        if name not in self._known:
            self._known[name] = self.each(socket)
        known = self._known[name]
        if isinstance(known, list):
            return known[seat]
        return known

    def each(self, socket: Callable[..., Any], *view: Outlook) -> Any:
        """What is added at a socket for all seats: a list, or one value where all seats have the same."""
        push = self.board.push(socket, self._organisation, *view)
        if not isinstance(push, tuple):
            return _listed(push)
        parts = [_listed(part) for part in push]
        length = max((len(part) for part in parts if isinstance(part, list)), default=0)
        if not length:
            return type(push)(*parts)
        rows = [part if isinstance(part, list) else [part] * length for part in parts]
        return [type(push)(*values) for values in zip(*rows, strict=True)]


def _listed(push: Any) -> Any:
    flat = np.ravel(push)
    return float(flat[0]) if flat.size == 1 else flat.tolist()


def seen_together(outlooks: Sequence[Outlook]) -> Outlook:
    """The outlooks of many reps as one, for a lever to answer all at once."""
    fields = list(zip(*outlooks, strict=True))
    return Outlook(*(column(values) for values in fields[:-1]), in_place=True)


def in_force(own: Mapping[str, Lever], before: Mapping[str, Lever], month: int, starts: int) -> tuple[Any, Any]:
    """A policy's levers in a month, and the same with the pay plan of the quota period under way (section 7.13)."""
    if month < starts:
        return before, before
    waiting = {key: lever for key, lever in before.items() if lever.waits_for_period(month, starts)}
    return own, {**own, **waiting}

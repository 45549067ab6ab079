"""What levers add at a socket, seat by seat.

A lever's arithmetic is written for arrays (policy, seed, seat) and stands in its own file; here it is asked once for all
seats of one policy and one seed, and the answer is handed out as plain numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any

import numpy as np

from simulation.evidence.read import Parameters
from simulation.levers.base import Lever, LeverBoard
from simulation.state import Grouping
from simulation.vocabulary import Array, Outlook


class Organisation:
    """The organisation as levers see it: each field an array (1, 1, seat), gathered from seats and reps when asked for.

    A field of teams or regions is (1, 1, team) or (1, 1, region), as in the engine's state.
    """

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
            owner = next((owner for owner in OWNERS if _has(attrgetter(owner + field), self._seats[0])), None)
            if owner is None:
                raise AttributeError(f"a lever reads {field!r}, which neither a seat nor its rep has")
            read = attrgetter(owner + field)
            grouping = {"team.": self.team, "region.": self.region}.get(owner)
            places = self._seats if grouping is None else [self._seats[first] for first in grouping.starts]
            self._known[field] = _gathered([read(place) for place in places])
        return self._known[field]


OWNERS = ("", "book.", "rep.", "team.", "region.")
"""Who may have a field that a lever reads: the seat, its accounts, its rep, its team or region."""


def _has(read: Callable[[Any], Any], seat: Any) -> bool:
    """Whether there is such a field at a seat."""
    try:
        read(seat)
    except AttributeError:
        return False
    return True


def _gathered(values: Sequence[Any]) -> Any:
    """One value a seat, team or region; of tasks and motives, one array for each."""
    first = values[0]
    if not isinstance(first, tuple):
        return column(values)
    return type(first)(*(column(parts) for parts in zip(*values, strict=True)))


def column(values: Sequence[float]) -> Array:
    """One value a seat, as levers take it."""
    return np.array(values, dtype=float).reshape(1, 1, -1)


class Pushes:
    """The levers in force, asked once a phase at each socket that the phase reads."""

    def __init__(self, levers: Sequence[Lever], p: Parameters, organisation: Any) -> None:
        self.board = LeverBoard([type(lever).stack([lever]) for lever in levers], p)
        self._organisation = organisation
        self._known: dict[Callable[..., Any], list[Any]] = {}

    def forget(self) -> None:
        """A phase begins: sockets are read anew."""
        self._known.clear()

    def of(self, socket: Callable[..., Any], seat: int) -> Any:
        """What is added at a socket for one seat: a number, or one a task or motive."""
        known = self._known.get(socket)
        if known is None:
            known = self._known[socket] = self.each(socket)
        return known[seat]

    def each(self, socket: Callable[..., Any], view: Outlook | None = None, *, places: int | None = None) -> list[Any]:
        """What is added at a socket for all seats, or for as many `places` as the view has."""
        push = self.board.push(socket, self._organisation, *(() if view is None else (view,)))
        count = places or self._organisation.team.of_seat.size
        if not isinstance(push, tuple):
            return _listed(push, count)
        kind = type(push)
        return [kind(*parts) for parts in zip(*(_listed(part, count) for part in push), strict=True)]


def _listed(push: Any, count: int) -> list[float]:
    """As plain numbers; what is the same for all is repeated."""
    flat: list[float] = np.ravel(push).tolist()
    return flat * count if len(flat) == 1 else flat


def seen_together(outlooks: Sequence[Outlook]) -> Outlook:
    """The outlooks of many reps as one, for a lever to answer all at once."""
    fields = list(zip(*outlooks, strict=True))
    return Outlook._make([*(column(values) for values in fields[:-1]), True])


def in_force(
    own: Mapping[str, Lever], before: Mapping[str, Lever], month: int, starts: int, ends: int | None
) -> tuple[Any, Any]:
    """A policy's levers in a month, and the same with the pay plan of the quota period under way (section 7.13)."""
    if month < starts or (ends is not None and month >= ends):
        return before, before
    waiting = {key: lever for key, lever in before.items() if lever.waits_for_period(month, starts)}
    return own, {**own, **waiting}

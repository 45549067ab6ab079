"""Data war room: a live view of regions, and leave to move part of the marketing money to where demand is unmet.

    held    = demand shock of the region when the room last met
    target  = quality x answer x need + (1 - quality) x chase x held
    spend of a region ~ 1 - movable + movable x exp(target)
    hours   = meeting hours / months between meetings
    cost    = analysts x quality + room

A region's need is how strongly it answers marketing; good information shows it, poor information shows last month's orders.
How it goes wrong: with poor information money runs after demand that has passed and away from where it works, and the meetings
cost selling hours. Re-allocation by customer value has brought much in one firm (kumar2008), a best case that sets nothing here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from simulation.levers.base import Lever, setting
from simulation.vocabulary import Array, Push

if TYPE_CHECKING:
    from simulation.state import State


class WarRoom(Lever):
    """A room in which regions are watched and marketing money is moved between them."""

    key: ClassVar[str] = "war_room"
    family: ClassVar[str] = "digital"
    title: ClassVar[str] = "Data war room"
    post_memory: ClassVar[tuple[str, ...]] = ("held", "clock")

    quality: float = setting(
        0.0, typical=0.6, unit="0-1", ge=0, le=1, doc="How far the information shows unmet need rather than past orders."
    )
    movable: float = setting(
        0.0, typical=0.5, unit="share", ge=0, le=1, doc="Share of marketing money that may move between regions."
    )
    every: float = setting(
        0.0, typical=1.0, unit="months", ge=0, le=12, doc="Months from one meeting to the next; 0 for no room."
    )
    meeting_hours: float = setting(
        2.0, typical=2.0, unit="hours a meeting", ge=0, le=40, doc="Hours of each rep in feeding the room and in its meeting."
    )
    analysts: float = setting(
        60.0, typical=60.0, unit="usd a seat-month", ge=0, le=5000, doc="Analysts and data at full quality, for each seat."
    )
    room: float = setting(
        20.0, typical=20.0, unit="usd a seat-month", ge=0, le=5000, doc="The room and its screens, for each seat."
    )

    def _runs(self) -> Any:
        return (self.every > 0.0) & (self.movable > 0.0)

    def start_memory(self, shape: tuple[int, int, int], p: Any) -> dict[str, Array]:
        """Demand as last seen, and the months since the room opened; both stay with the post."""
        return {"held": np.zeros(shape), "clock": np.zeros(shape)}

    def remember(self, s: State, p: Any) -> dict[str, Array]:
        """At a meeting the room takes this month's demand for what is coming."""
        before = s.memory[self.key]
        due = self._runs() & (np.mod(before["clock"], np.maximum(np.floor(self.every), 1.0)) == 0.0)
        held = np.where(due, s.region.to_seats(s.demand), before["held"] * self._runs())
        return {"held": held, "clock": (before["clock"] + 1.0) * self._runs()}

    def lead_weight(self, s: State, p: Any) -> Push:
        """Where the money goes that may move: by need as far as it is seen, else after past demand."""
        held = s.region.sum(s.memory[self.key]["held"]) / s.region.sizes
        target = self.quality * p.answer * s.need + (1.0 - self.quality) * p.chase * held
        return np.log1p(self._runs() * self.movable * np.expm1(target))

    def attention(self, s: State, p: Any) -> Push:
        """Hours of feeding and meeting."""
        return self.meeting_hours * self._runs() / np.maximum(np.floor(self.every), 1.0)

    def programme_cost(self, s: State, p: Any) -> Push:
        """Analysts and the room, whether seats are filled or not."""
        return (self.analysts * self.quality + self.room) * self._runs()

"""Elastic goals: regions re-weight winning customers against deepening them, every so often and within a corridor.

    seen    = demand shock - pressure x competitors' shock, of the region, when goals were last talked about
    wanted  = corridor x tanh(seen / scale)
    weights = lean x wanted on hunting, and as much off serving customers
    quota   = -argued x corridor / months between talks                log
    hours   = talk hours / months between talks

Weights in force are held until the next talk, so they trail the market by at least a month.
How it goes wrong: whoever may re-weight goals argues for easier ones, moving goals unsettle people, and talks take hours.
No trial among reps was found; every strength is assumed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from simulation.levers.base import Lever, setting
from simulation.vocabulary import Array, Motives, Push, Tasks

if TYPE_CHECKING:
    from simulation.state import State


class ElasticGoals(Lever):
    """Leave for regions to shift the weight of goals as their market moves."""

    key: ClassVar[str] = "elastic_goals"
    family: ClassVar[str] = "goals"
    title: ClassVar[str] = "Elastic goals"
    post_memory: ClassVar[tuple[str, ...]] = ("wanted", "clock")

    every: float = setting(
        0.0, typical=1.0, unit="months", ge=0, le=12, doc="Months from one re-weighting to the next; 0 for never."
    )
    corridor: float = setting(
        0.0, typical=0.3, unit="log-weight", ge=0, le=1, doc="How far the weight of a task may move either way."
    )
    talk_hours: float = setting(
        3.0, typical=3.0, unit="hours a re-weighting", ge=0, le=40, doc="Hours of each rep in a re-weighting of its region."
    )
    talk_cost: float = setting(
        40.0, typical=40.0, unit="usd a seat", ge=0, le=5000, doc="Preparing and following up a re-weighting, for each seat."
    )

    def _runs(self) -> Any:
        return (self.every > 0.0) & (self.corridor > 0.0)

    def _often(self) -> Any:
        """Re-weightings a month."""
        return self._runs() / np.maximum(np.floor(self.every), 1.0)

    def start_memory(self, shape: tuple[int, int, int], p: Any) -> dict[str, Array]:
        """The shift in force, and the months since the lever began; both stay with the post."""
        return {"wanted": np.zeros(shape), "clock": np.zeros(shape)}

    def remember(self, s: State, p: Any) -> dict[str, Array]:
        """At a re-weighting the region takes what it sees now."""
        before = s.memory[self.key]
        seen = s.region.to_seats(s.demand - p.pressure * s.competitor)
        due = self._runs() & (np.mod(before["clock"], np.maximum(np.floor(self.every), 1.0)) == 0.0)
        wanted = np.where(due, self.corridor * np.tanh(seen / p.scale), before["wanted"] * self._runs())
        return {"wanted": wanted, "clock": (before["clock"] + 1.0) * self._runs()}

    def goal_weight(self, s: State, p: Any) -> Tasks:
        """New customers while demand is there, existing ones while it is not."""
        shift = p.lean * s.memory[self.key]["wanted"] * self._runs()
        return Tasks(hunt=shift, farm=-shift)

    def quota_level(self, s: State, p: Any) -> Push:
        """What regions argue off their quotas."""
        return -p.argued * self.corridor * self._often()

    def motive_support(self, s: State, p: Any) -> Motives:
        """A say in one's goals, and goals that do not stand still."""
        return Motives(
            autonomy=p.points_of_say * self.corridor * self._runs(), security=-p.points_of_change * self.corridor * self._often()
        )

    def attention(self, s: State, p: Any) -> Push:
        """Hours of talks."""
        return self.talk_hours * self._often()

    def programme_cost(self, s: State, p: Any) -> Push:
        """Preparing and following up."""
        return self.talk_cost * self._often() * s.filled

"""Growth badges and a wall: scarce signs of honour for praise by customers and for knowledge shared.

    worth  = (weight of praise + weight of knowledge) x (everybody + (1 - everybody) x scarcity) x fresh
    fresh  = 1 / (1 + habit x months worn)                    each month of badges counts for less
    pulls  = strength x worth by weight: praise on serving customers, knowledge on sharing
    crowd  = - crowded x weight off the goal weight of the same tasks, however worn the badges are
    farmed = farming x weight of knowledge x (1 - scarcity)   hours spent on what earns a badge and helps nobody
    wall of numbers only: rank x tanh of how far the record lies from 1, on hunting; belonging falls

Symbolic awards raised output by about a tenth in trials of hours (kosfeld2011), scarce ones more than common (bradler2016),
and newcomers stayed longer (gallus2017): strengths are half of that.
Showing ranks raised sales in one firm (blanes2011) and lowered them in another (barankay2012), so the sign of a wall of numbers
is open.
How it goes wrong: habit, farming, crowding out of what was done for its own sake (gubler2016), and a wall that shames.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np

from simulation.levers.base import Lever, setting
from simulation.vocabulary import Array, Motives, Push, Tasks

if TYPE_CHECKING:
    from simulation.state import State


class Badges(Lever):
    """Badges for praise and for knowledge, and a wall that shows them or the numbers alone."""

    key: ClassVar[str] = "badges"
    family: ClassVar[str] = "culture"
    title: ClassVar[str] = "Growth badges"

    praise: float = setting(0.0, typical=0.5, unit="weight", ge=0, le=1, doc="Weight of praise by customers in badges.")
    knowledge: float = setting(0.0, typical=0.5, unit="weight", ge=0, le=1, doc="Weight of knowledge shared in badges.")
    scarcity: float = setting(
        0.0, typical=0.7, unit="0-1", ge=0, le=1, doc="How few get a badge: 0 for everybody, 1 for the best alone."
    )
    wall: Literal["none", "skill", "numbers"] = setting(
        "none", typical="skill", unit="word", doc="What the wall shows: nothing, skill beside the numbers, or the numbers only."
    )
    badge_cost: float = setting(
        15.0, typical=15.0, unit="usd a seat-month", ge=0, le=1000, doc="Running badges and wall, for each rep."
    )
    jury_hours: float = setting(
        0.5, typical=0.5, unit="hours a month", ge=0, le=20, doc="Time of each rep in proposing and voting for badges."
    )

    def _weights(self) -> Any:
        return self.praise + self.knowledge

    def _runs(self) -> Any:
        word: Any = self.wall
        return (self._weights() > 0.0) | (word.none < 1.0)

    def _worth(self, s: State, p: Any) -> Any:
        """Worth of a badge of weight 1, 0 to 1."""
        fresh = 1.0 / (1.0 + p.habit * s.memory[self.key]["worn"])
        return (p.everybody + (1.0 - p.everybody) * self.scarcity) * fresh

    def start_memory(self, shape: tuple[int, int, int], p: Any) -> dict[str, Array]:
        """Months for which a rep has lived with badges."""
        return {"worn": np.zeros(shape)}

    def remember(self, s: State, p: Any) -> dict[str, Array]:
        """Each month of badges wears them; without them they are forgotten at the same pace."""
        before, runs = s.memory[self.key]["worn"], self._weights() > 0.0
        return {"worn": np.where(runs, before + s.filled, np.maximum(before - 1.0, 0.0))}

    def pull(self, s: State, p: Any) -> Tasks:
        """Honour for serving and sharing; a wall of numbers spurs or discourages."""
        word: Any = self.wall
        ranked = word.numbers * p.rank * np.tanh((s.record - 1.0) / p.rank_scale)
        worth = p.strength * self._worth(s, p)
        return Tasks(hunt=ranked + word.numbers * p.shown, farm=worth * self.praise, share=worth * self.knowledge)

    def goal_weight(self, s: State, p: Any) -> Tasks:
        """What is honoured is done less for its own sake."""
        return Tasks(farm=-p.crowded * self.praise, share=-p.crowded * self.knowledge)

    def motive_support(self, s: State, p: Any) -> Motives:
        """Honour for those who care for it; a wall of numbers sets colleagues apart, one of skill says what is learnt."""
        word: Any = self.wall
        return Motives(
            recognition=p.points_of_badge * self._weights() * self._worth(s, p),
            mastery=p.points_of_wall * word.skill,
            belonging=-p.points_of_rank * word.numbers,
        )

    def attention(self, s: State, p: Any) -> Push:
        """Time of the jury, and time spent on what earns a badge and helps nobody."""
        return self.jury_hours * self._runs() + p.farming * self.knowledge * (1.0 - self.scarcity)

    def programme_cost(self, s: State, p: Any) -> Push:
        """Badges and wall."""
        return self.badge_cost * self._runs() * s.filled

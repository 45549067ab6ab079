"""Team selling: reps, solution people and service people as one pod, paid in part by the value of the whole project.

    cover        = 1 - exp(-people / (size of the team x people a seat that cover most of it))     solution, service
    together     = 1 - exp(-pool / pool scale - planning hours / hours scale)                       0: side by side
    in step      = 1 - apart x (1 - together)
    coordination = most x (share of solution work x cover of solution + the rest x cover of service) x in step
    satisfaction = points x cover of service x in step
    handover     = known accounts x cover of service
    support      = belonging x together, less autonomy x together
    learning     = teaching x pool x how far the rep lies below the team's mean talent
    cost         = (solution people x their cost + service people x theirs) / size of the team, whether seats are filled or not

Coordination is worth what the market is complex: in a market of simple sales the people cost and bring nothing.
A bonus for the team raises sales little where work is simple (friebel2017) and much where a task has many parts (englmaier2024).
Who shares credit helps teammates along, and an able teammate is then no threat (chan2014a).
How it goes wrong: with pooled credit a rep feels its own sale less the larger the team (`effort`), the best subsidise the rest
and leave more, planning takes selling hours, and who decides together decides less alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from simulation.levers.base import Lever, setting
from simulation.vocabulary import Motives, Push

if TYPE_CHECKING:
    from simulation.state import State


class TeamSelling(Lever):
    """Solution and service people in each team of reps, and a bonus that is shared by the value of the project."""

    key: ClassVar[str] = "team_selling"
    family: ClassVar[str] = "culture"
    title: ClassVar[str] = "Team selling"

    solution_people: float = setting(
        0.0, typical=1.0, unit="people a team", ge=0, le=10, doc="Solution people who work with each team of reps."
    )
    service_people: float = setting(
        0.0, typical=1.0, unit="people a team", ge=0, le=10, doc="Service people who work with each team of reps."
    )
    credit_share: float = setting(
        0.0, typical=0.3, unit="share", ge=0, le=1, doc="Share of a deal's credit that goes to the team instead of the rep."
    )
    planning: float = setting(0.0, typical=5.0, unit="hours a month", ge=0, le=40, doc="Hours in which a team plans projects.")
    solution_cost: float = setting(
        0.6,
        typical=0.6,
        unit="share of a rep's market pay",
        ge=0,
        le=5,
        doc="Cost of a solution person a year, as a share of the yearly market pay of a rep.",
    )
    service_cost: float = setting(
        0.4,
        typical=0.4,
        unit="share of a rep's market pay",
        ge=0,
        le=5,
        doc="Cost of a service person a year, as a share of the yearly market pay of a rep.",
    )

    def _cover(self, people: Any, s: State, p: Any) -> Push:
        """Share of a team's work of one kind that its specialists take, 0 to 1; the same number does less in a larger team."""
        return -np.expm1(-people / (self._size(s) * p.people_a_seat))

    def _size(self, s: State) -> Any:
        """Seats of each seat's team."""
        return s.team.to_seats(s.team.sizes.astype(float))

    def _together(self, p: Any) -> Push:
        """How far a pod decides and earns together, 0 to 1."""
        return -np.expm1(-self.credit_share / p.pool_scale - self.planning / p.hours_scale)

    def _in_step(self, p: Any) -> Push:
        """What specialists achieve against those who share bonus and plans with the reps."""
        return 1.0 - p.apart * (1.0 - self._together(p))

    def coordination(self, s: State, p: Any) -> Push:
        """Hands that work as one on what reps used to hand over."""
        solution, service = self._cover(self.solution_people, s, p), self._cover(self.service_people, s, p)
        return p.coordination_most * (p.solution_share * solution + (1.0 - p.solution_share) * service) * self._in_step(p)

    def satisfaction(self, s: State, p: Any) -> Push:
        """Somebody whose work is service, from before the signature on."""
        return p.service_points * self._cover(self.service_people, s, p) * self._in_step(p)

    def handover(self, s: State, p: Any) -> Push:
        """Customers of a leaver keep a face that they know."""
        return p.known_accounts * self._cover(self.service_people, s, p)

    def motive_support(self, s: State, p: Any) -> Motives:
        """A team to belong to, in which less is decided alone."""
        together = self._together(p)
        return Motives(belonging=p.points_of_belonging * together, autonomy=-p.points_of_consent * together)

    def learning(self, s: State, p: Any) -> Push:
        """Abler teammates teach where they share in the result."""
        reps = np.maximum(s.team.sum(s.filled), 1.0)
        gap = s.team.to_seats(s.team.sum(s.talent * s.filled) / reps) - s.talent
        return p.teaching * self.credit_share * s.filled * np.maximum(gap, 0.0)

    def credit_pool(self, s: State, p: Any) -> Push:
        """Share of credit by the value of the whole project."""
        return self.credit_share

    def attention(self, s: State, p: Any) -> Push:
        """Hours of planning."""
        return self.planning

    def programme_cost(self, s: State, p: Any) -> Push:
        """Pay of the specialists, spread over the seats of the team: they are there whether or not a seat is filled."""
        people = self.solution_people * self.solution_cost + self.service_people * self.service_cost
        return people * s.market_pay / self._size(s)

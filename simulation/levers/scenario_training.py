"""Scenario training: cases in a sandbox, a simulated customer, and a coach, in place of lectures.

    practice = 1 - exp(-(sandbox + simulation) / hours scale)
    learning = practice x (gain + coached x (1 - exp(-coaching / coach scale))) x exp(-gradient x talent)
    cycle    = shorter x (1 - exp(-simulation / hours scale))
    mastery  = points x practice
    hours    = sandbox + simulation + coaching
    cost     = hours of practice x their cost + coaching hours x theirs

What a push on learning does to skill, and how skill fades, stands in the rule of learning.
A week of training raised a call centre's output by a tenth, and weeks later little was left (degrip2012): so the strength is
half of that, and lasting practice is needed to keep it. Whom training helps most is contested, so the gradient straddles zero.
How it goes wrong: returns fall with hours while the hours are taken from selling, so a full calendar costs more than it teaches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from simulation.levers.base import Lever, setting
from simulation.vocabulary import Motives, Push

if TYPE_CHECKING:
    from simulation.state import State


class ScenarioTraining(Lever):
    """Practice on cases and simulated customers, with coaching."""

    key: ClassVar[str] = "scenario_training"
    family: ClassVar[str] = "enablement"
    title: ClassVar[str] = "Scenario training"

    sandbox: float = setting(0.0, typical=2.0, unit="hours a month", ge=0, le=60, doc="Hours of each rep on cases in a sandbox.")
    simulation: float = setting(
        0.0, typical=2.0, unit="hours a month", ge=0, le=60, doc="Hours of each rep with a simulated customer."
    )
    coaching: float = setting(0.0, typical=1.0, unit="hours a month", ge=0, le=40, doc="Hours of each rep with a coach.")
    practice_cost: float = setting(
        40.0, typical=40.0, unit="usd an hour", ge=0, le=2000, doc="Cost of an hour in the sandbox or with a simulated customer."
    )
    coach_cost: float = setting(90.0, typical=90.0, unit="usd an hour", ge=0, le=2000, doc="Cost of an hour of a coach.")

    def _practice(self, p: Any) -> Push:
        """How far practice goes, 0 to 1: returns fall with hours."""
        return -np.expm1(-(self.sandbox + self.simulation) / p.hours_scale)

    def learning(self, s: State, p: Any) -> Push:
        """Practice teaches, with a coach more; whom it teaches most is open."""
        coached = p.coached * -np.expm1(-self.coaching / p.coach_scale)
        return self._practice(p) * (p.gain + coached) * np.exp(-p.gradient * s.talent)

    def cycle(self, s: State, p: Any) -> Push:
        """Who has met the customer's questions before needs fewer rounds."""
        return p.shorter * -np.expm1(-self.simulation / p.hours_scale)

    def motive_support(self, s: State, p: Any) -> Motives:
        """Getting better is what mastery wants."""
        return Motives(mastery=p.points_of_practice * self._practice(p))

    def attention(self, s: State, p: Any) -> Push:
        """Hours of practice and coaching."""
        return self.sandbox + self.simulation + self.coaching

    def programme_cost(self, s: State, p: Any) -> Push:
        """Practice and coaches for those who are there."""
        return ((self.sandbox + self.simulation) * self.practice_cost + self.coaching * self.coach_cost) * s.filled

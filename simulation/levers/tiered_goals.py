"""Tiered goals: strategic, campaign and tactical goals beside the quota, the why of each, and pay on a customer-success index.

    spread  = 1 - sum of squared shares of the tiers                  0 with one tier, 2/3 with three equal ones
    clear   = clarity x (1 - exp(-talks / talk hours)) x (1 - dilution x spread)
    weights = lean x clear x tier: strategic on exploring, campaign on hunting, tactical on serving customers
              - neglect x clear x (sum of tiers) on sharing, which has no goal
    pull    = lift x clear x 4 P (1 - P) on hunting,   P = chance of reaching the quota
    index   = clip(1 + (satisfaction - ordinary) / index range, 0, 2)
    paid    = index share x market pay x index

A goal lifts effort most when it is hard and within reach (epton2017, asmus2015), and not where it is out of reach or sure.
How it goes wrong: several goals at once are none, what has no goal is neglected, talks take selling hours, and a long list
of targets unsettles people. No field trial of tiers or of an index among reps was found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from scipy.special import ndtr

from simulation.levers.base import Lever, setting
from simulation.vocabulary import Motives, Outlook, Push, Tasks

if TYPE_CHECKING:
    from simulation.state import State


class TieredGoals(Lever):
    """Goals in three tiers with the reason for each, and a part of pay that follows customers' success."""

    key: ClassVar[str] = "tiered_goals"
    family: ClassVar[str] = "goals"
    title: ClassVar[str] = "Tiered goals"

    strategic: float = setting(0.0, typical=0.2, unit="weight", ge=0, le=1, doc="Weight of breaking into new markets and plays.")
    campaign: float = setting(0.0, typical=0.2, unit="weight", ge=0, le=1, doc="Weight of the quarter's push for new customers.")
    tactical: float = setting(0.0, typical=0.3, unit="weight", ge=0, le=1, doc="Weight of caring for existing customers.")
    clarity: float = setting(0.0, typical=0.6, unit="0-1", ge=0, le=1, doc="How well the why of each goal is made explicit.")
    talks: float = setting(0.0, typical=2.0, unit="hours a month", ge=0, le=40, doc="Hours of each rep in talks about goals.")
    index_share: float = setting(
        0.0, typical=0.05, unit="share of market pay", ge=0, le=0.5, doc="Pay at an ordinary customer-success index, on top."
    )
    upkeep: float = setting(
        25.0, typical=25.0, unit="usd a seat-month", ge=0, le=2000, doc="Setting, measuring and following up the goals of a seat."
    )

    def _all_tiers(self) -> Any:
        return self.strategic + self.campaign + self.tactical

    def _spread(self) -> Any:
        """How far the goals are spread over tiers, 0 to 2/3."""
        total = np.maximum(self._all_tiers(), 1e-9)
        squares = self.strategic * self.strategic + self.campaign * self.campaign + self.tactical * self.tactical
        return np.where(self._all_tiers() > 0.0, 1.0 - squares / (total * total), 0.0)

    def _clear(self, p: Any) -> Any:
        """How far reps know what matters and why, 0 to 1."""
        return self.clarity * -np.expm1(-self.talks / p.talk_hours) * (1.0 - p.dilution * self._spread())

    def _index(self, s: State, p: Any) -> Any:
        """Customer-success index, 1 as is ordinary, 0 to 2."""
        return np.clip(1.0 + (s.satisfaction - p.ordinary_satisfaction) / p.index_range, 0.0, 2.0)

    def goal_weight(self, s: State, p: Any) -> Tasks:
        """What has a goal weighs more, what has none less."""
        lean = p.lean * self._clear(p)
        return Tasks(
            hunt=lean * self.campaign,
            farm=lean * self.tactical,
            share=-p.neglect * self._clear(p) * self._all_tiers(),
            explore=lean * self.strategic,
        )

    def pull(self, s: State, p: Any) -> Tasks:
        """The pull of a goal that is hard and within reach."""
        reached = ndtr((s.fresh_mean - 1.0) / s.fresh_spread)
        return Tasks(hunt=p.lift * self._clear(p) * (self._all_tiers() > 0.0) * 4.0 * reached * (1.0 - reached))

    def cash_slope(self, s: State, p: Any) -> Tasks:
        """What serving customers better pays through the index."""
        return Tasks(farm=self.index_share * s.market_pay * p.index_of_serving / s.standard_quota)

    def cash_pay(self, s: State, p: Any) -> Push:
        """Pay on the index."""
        return self.index_share * s.market_pay * self._index(s, p) * s.filled

    def expected_pay(self, s: State, p: Any, view: Outlook) -> Push:
        """Reps and candidates count on an ordinary index."""
        return self.index_share * view.market_pay

    def motive_support(self, s: State, p: Any) -> Motives:
        """Knowing why is a way to grow; many targets are a burden."""
        return Motives(
            mastery=p.points_of_why * self._clear(p) * (self._all_tiers() > 0.0),
            security=-p.points_of_load * self._spread() * self._all_tiers(),
        )

    def attention(self, s: State, p: Any) -> Push:
        """Hours of talks."""
        return self.talks

    def programme_cost(self, s: State, p: Any) -> Push:
        """Upkeep of the goals of those who are there."""
        return self.upkeep * (self._all_tiers() + self.clarity + self.index_share > 0.0) * s.filled

"""Incentive menu: a yearly budget a head that each rep spends on what it values most of what is on offer.

    value of an item  = sharpness x weight of the motive that it serves - reluctance to study x what is left of the ramp
                        (cash: money, and leaving cash x how poorly the job fits)
    share of an item  = softmax of the values over the items on offer, chosen anew each month
    felt              = fresh x points x (1 - exp(-budget x share / saturation))
    fresh             = lasting + (1 - lasting) exp(-months under the menu / novelty months)

A study place serves mastery and quickens learning, a summit ticket recognition, family travel belonging and security;
cash is pay. Schemes fitted to the person beat the best single one (opitz2025), and a choice of goals and rewards raised
sales (bommaraju2018): both give signs only, and choice helps only where the options attract (caza2015).
It goes wrong by who picks what: those who need learning most pick it least (sandvik2025), reps on the way out take the
cash, and most prefer cash anyway (lopez2006), which leaves a pay rise with an administration. Gifts to all lose their
charm within months (jayaraman2016), and study and summits take selling time.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from simulation.levers.base import Lever, setting
from simulation.vocabulary import Array, Motives, Outlook, Push, Tasks

if TYPE_CHECKING:
    from simulation.state import State

ITEMS = ("study", "summit", "travel", "cash")


class IncentiveMenu(Lever):
    """What each rep may choose from, and for how much a year."""

    key: ClassVar[str] = "incentive_menu"
    family: ClassVar[str] = "pay"
    title: ClassVar[str] = "Incentive menu"

    budget: float = setting(0.0, typical=0.02, unit="share of market pay", ge=0, le=0.5, doc="Budget a head.")
    study: bool = setting(True, typical=True, unit="yes/no", doc="Whether a paid study place is on the menu.")
    summit: bool = setting(True, typical=True, unit="yes/no", doc="Whether a ticket to an industry summit is on the menu.")
    travel: bool = setting(True, typical=True, unit="yes/no", doc="Whether a family-travel fund is on the menu.")
    cash: bool = setting(True, typical=True, unit="yes/no", doc="Whether the budget may be taken in cash.")
    admin_cost: float = setting(
        20.0, typical=20.0, unit="usd a rep a month", ge=0, le=1_000, doc="Cost of running the menu, whatever is chosen."
    )
    study_hours: float = setting(
        2.0, typical=2.0, unit="hours a month", ge=0, le=20, doc="Selling time lost to study for each 1% of pay spent on it."
    )
    summit_hours: float = setting(
        1.0, typical=1.0, unit="hours a month", ge=0, le=20, doc="Selling time lost at summits for each 1% of pay spent on them."
    )

    @cached_property
    def _count(self) -> Any:
        """Items on the menu."""
        return self.study + self.summit + self.travel + self.cash

    @cached_property
    def _runs(self) -> Any:
        return (self.budget > 0.0) & (self._count > 0.0)

    # ------------------------------------------------------------------ who picks what
    def start_memory(self, shape: tuple[int, int, int], p: Any) -> dict[str, Array]:
        """Share of each item in a rep's choice, and months under the menu, each (policy, seed, seat)."""
        return {name: np.zeros(shape) for name in (*ITEMS, "months")}

    def remember(self, s: State, p: Any) -> dict[str, Array]:
        """Next month's choice: what a rep values most, with the more certainty the larger the difference."""
        need, strained = 1.0 - s.ramp, np.maximum(-s.fit, 0.0)
        values = {
            "study": p.sharpness * s.profile.mastery - p.reluctance * need,
            "summit": p.sharpness * s.profile.recognition,
            "travel": p.sharpness * 0.5 * (s.profile.belonging + s.profile.security),
            "cash": p.sharpness * s.profile.money + p.leaving_cash * strained,
        }
        most = np.maximum.reduce(list(values.values()))
        weights = {name: getattr(self, name) * np.exp(value - most) * s.filled for name, value in values.items()}
        total = weights["study"] + weights["summit"] + weights["travel"] + weights["cash"]
        chosen = {name: self._runs * weight / np.maximum(total, 1e-300) for name, weight in weights.items()}
        return chosen | {"months": (s.memory[self.key]["months"] + self._runs) * s.filled}

    def _spent(self, s: State, item: str) -> Any:
        """Share of market pay that a rep spends on an item."""
        return self.budget * s.memory[self.key][item]

    def _felt(self, s: State, p: Any, item: str) -> Any:
        """What an item gives, 0 to 1: less for each further dollar, and less once the menu is nothing new."""
        return self._fresh(s, p) * -np.expm1(-self._spent(s, item) / p.saturation)

    def _fresh(self, s: State, p: Any) -> Any:
        return p.lasting + (1.0 - p.lasting) * np.exp(-s.memory[self.key]["months"] / p.novelty_months)

    # ------------------------------------------------------------------ what it does
    def motive_support(self, s: State, p: Any) -> Motives:
        """Study serves mastery, the summit recognition, travel security and belonging alike."""
        travel = 0.5 * p.points_of_item * self._felt(s, p, "travel")
        return Motives(
            security=travel,
            mastery=p.points_of_item * self._felt(s, p, "study"),
            recognition=p.points_of_item * self._felt(s, p, "summit"),
            belonging=travel,
        )

    def learning(self, s: State, p: Any) -> Push:
        """Study quickens learning for as long as it lasts."""
        return p.learning_of_study * -np.expm1(-self._spent(s, "study") / p.saturation)

    def pull(self, s: State, p: Any) -> Tasks:
        """Having a choice among items that attract spurs a little."""
        several = np.maximum(self._count - 1.0, 0.0) / (len(ITEMS) - 1)
        return Tasks(hunt=p.pull_of_choice * several * self._sizeable(p) * self._fresh(s, p))

    def _sizeable(self, p: Any) -> Any:
        """How large the budget seems, 0 to 1."""
        return self._runs * -np.expm1(-self.budget / p.saturation)

    def attention(self, s: State, p: Any) -> Push:
        """Hours away for study and summits."""
        return 100.0 * (self.study_hours * self._spent(s, "study") + self.summit_hours * self._spent(s, "summit"))

    def appeal(self, s: State, p: Any) -> Push:
        """Candidates like the items on the menu that are not pay."""
        return p.appeal_of_menu * self._sizeable(p) * (self._count - self.cash) / (len(ITEMS) - 1)

    # ------------------------------------------------------------------ money
    def cash_pay(self, s: State, p: Any) -> Push:
        """What is taken in cash."""
        return self._spent(s, "cash") * s.market_pay * s.filled

    def expected_pay(self, s: State, p: Any, view: Outlook) -> Push:
        """Cash as the rep takes it; candidates reckon with what reps of the firm take."""
        taken = s.memory[self.key]["cash"]
        if not view.in_place:
            reps = np.maximum(s.filled.sum(axis=-1, keepdims=True), 1.0)
            taken = (taken * s.filled).sum(axis=-1, keepdims=True) / reps
        return self.budget * taken * view.market_pay

    def programme_cost(self, s: State, p: Any) -> Push:
        """What is bought for reps, and running the menu."""
        bought = self._spent(s, "study") + self._spent(s, "summit") + self._spent(s, "travel")
        return (bought * s.market_pay + self.admin_cost * self._runs) * s.filled

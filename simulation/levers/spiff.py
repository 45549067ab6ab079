"""Instant award: cash and honour at once for a key account won or a new play that works.

    claims = key accounts won and trials that succeeded, of the kinds that are rewarded
    cash   = awarded share x (key award x key accounts + play award x successes) x market pay
    worth  = 1 - universal discount x awarded share              honour: scarce awards are worth more
    open   = (1 - surprise) x (1 - exp(-awarded share / reach))  what can be worked for beforehand
    pull   = open x habit^awards remembered x (points of cash x salience of the amount + of honour x honour x worth)

An award that is announced draws attention to what it is for: key accounts at the expense of ordinary deals, new plays at
the expense of all else (kosfeld2011). One that nobody expected draws none, and is felt afterwards: by who got it
(gallus2017) and by teammates who did not (bradler2016). Each repeat is worth less than the one before.
It goes wrong where everybody gets one, where it becomes routine, and where announced awards take the heart out of work
that earns none (gubler2016). Awards are counted in expectation: of two claims half of which are awarded, one.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np

from simulation.levers.base import Lever, setting
from simulation.vocabulary import Array, Motives, Outlook, Push, Tasks

if TYPE_CHECKING:
    from simulation.state import State

REMEMBERED = ("claims", "felt", "awards", "talk", "key_paid", "play_paid")
"""Claims of last month; recognition felt; awards remembered; surprises in the team; cash lately paid, over market pay."""


class Spiff(Lever):
    """An award on the spot for a key account or a new play."""

    key: ClassVar[str] = "spiff"
    family: ClassVar[str] = "pay"
    title: ClassVar[str] = "Instant award"

    rewards: Literal["key", "plays", "both"] = setting(
        "both", typical="both", unit="word", doc="What is rewarded: key accounts won, new plays that work, or both."
    )
    key_award: float = setting(
        0.0, typical=0.2, unit="share of monthly market pay", ge=0, le=3, doc="Cash for a key account won."
    )
    play_award: float = setting(
        0.0, typical=0.1, unit="share of monthly market pay", ge=0, le=3, doc="Cash for a new play that works."
    )
    honour: float = setting(
        0.0, typical=1.0, unit="0-1", ge=0, le=1, doc="How publicly the award is honoured, up to a badge shown to all at once."
    )
    awarded: float = setting(1.0, typical=0.5, unit="share", ge=0, le=1, doc="Share of claims that get the award.")
    surprise: float = setting(0.0, typical=0.3, unit="share", ge=0, le=1, doc="Share of awards that nobody announced beforehand.")
    claim_cost: float = setting(
        150.0, typical=150.0, unit="usd a claim", ge=0, le=10_000, doc="Cost of looking into a claim and of the ceremony."
    )
    claim_hours: float = setting(
        2.0, typical=2.0, unit="hours a claim", ge=0, le=40, doc="Selling time a rep spends on a claim and the ceremony."
    )

    @cached_property
    def _for_key(self) -> Any:
        """1 where key accounts are rewarded."""
        words: Any = self.rewards
        return words.key + words.both

    @cached_property
    def _for_plays(self) -> Any:
        """1 where new plays are rewarded."""
        words: Any = self.rewards
        return words.plays + words.both

    @cached_property
    def _runs(self) -> Any:
        """Whether anything is awarded at all: to a key account, a play, or in honour."""
        given = self._for_key * self.key_award + self._for_plays * self.play_award + self.honour
        return (given > 0.0) & (self.awarded > 0.0)

    @cached_property
    def _announced(self) -> Any:
        return (1.0 - self.surprise) * self._runs

    def _worth(self, p: Any) -> Any:
        """What an honour is worth against one that hardly anybody gets."""
        return 1.0 - p.universal_discount * self.awarded

    # ------------------------------------------------------------------ what a month brings
    def _claims(self, s: State) -> Any:
        """Claims of this month's reps, (policy, seed, seat)."""
        return self._runs * s.filled * (self._for_key * s.key_deals + self._for_plays * s.successes)

    def _cash(self, s: State) -> tuple[Any, Any]:
        """Cash for key accounts and for plays this month, over market pay."""
        paid = self.awarded * s.filled
        return (
            paid * self._for_key * self.key_award * s.key_deals,
            paid * self._for_plays * self.play_award * s.successes,
        )

    def start_memory(self, shape: tuple[int, int, int], p: Any) -> dict[str, Array]:
        """Nothing awarded yet, each (policy, seed, seat)."""
        return {name: np.zeros(shape) for name in REMEMBERED}

    def remember(self, s: State, p: Any) -> dict[str, Array]:
        """Awards are felt, talked about and got used to; what is felt fades fast, what is remembered slowly."""
        old = s.memory[self.key]
        fades, forgets = 0.5 ** (1.0 / p.felt_months), 0.5 ** (1.0 / p.remembered_months)
        claims = self._claims(s)
        awards = self.awarded * claims
        honoured = awards * self.honour * self._worth(p)
        moved = self.surprise + p.announced_worth * (1.0 - self.surprise)
        surprises = s.team.to_seats(s.team.sum(honoured * self.surprise))
        key_paid, play_paid = self._cash(s)
        return {
            "claims": claims,
            "felt": old["felt"] * fades + honoured * moved * p.habit ** old["awards"],
            "awards": old["awards"] * forgets + awards,
            "talk": old["talk"] * fades + surprises - honoured * self.surprise,
            "key_paid": old["key_paid"] + p.expectation_speed * (key_paid - old["key_paid"]),
            "play_paid": old["play_paid"] + p.expectation_speed * (play_paid - old["play_paid"]),
        }

    # ------------------------------------------------------------------ what it draws people to
    def _draw(self, s: State, p: Any, amount: Any, of_cash: Any, of_honour: Any) -> Any:
        """Pull of what can be worked for beforehand, at `of_cash` for a large amount and `of_honour` for a rare full honour."""
        open_to_all = self._announced * -np.expm1(-self.awarded / p.reach)
        salience = -np.expm1(-amount / p.large_award)
        habit = p.habit ** s.memory[self.key]["awards"]
        return open_to_all * habit * (of_cash * salience + of_honour * self.honour * self._worth(p))

    def key_focus(self, s: State, p: Any) -> Push:
        """Key accounts get attention that ordinary deals lose."""
        return self._for_key * self._draw(s, p, self.key_award, p.focus_of_cash, p.focus_of_honour)

    def pull(self, s: State, p: Any) -> Tasks:
        """New plays draw; a teammate's award that nobody expected spurs those who got none."""
        explore = self._for_plays * self._draw(s, p, self.play_award, p.explore_of_cash, p.explore_of_honour)
        return Tasks(hunt=p.spur * s.memory[self.key]["talk"], explore=explore)

    def goal_weight(self, s: State, p: Any) -> Tasks:
        """What is done for its own sake loses some of its pull beside an announced award for other work."""
        amount = self._for_key * self.key_award + self._for_plays * self.play_award + p.honour_as_cash * self.honour
        lost = p.crowding * self._announced * self.awarded * -np.expm1(-amount / p.large_award)
        return Tasks(farm=-lost, share=-lost)

    def motive_support(self, s: State, p: Any) -> Motives:
        """Recognition, for as long as an award is felt."""
        return Motives(recognition=p.points_of_award * s.memory[self.key]["felt"])

    def attention(self, s: State, p: Any) -> Push:
        """Claims of last month are written down, heard and celebrated in this one."""
        return self.claim_hours * s.memory[self.key]["claims"]

    # ------------------------------------------------------------------ money
    def _usual(self, s: State, name: str) -> Any:
        """Cash lately paid to a rep of the firm, over market pay, (policy, seed, 1)."""
        reps = np.maximum(s.filled.sum(axis=-1, keepdims=True), 1.0)
        return (s.memory[self.key][name] * s.filled).sum(axis=-1, keepdims=True) / reps

    def cash_slope(self, s: State, p: Any) -> Tasks:
        """Announced cash for key accounts comes with hunting: what it lately paid a rep, by a month's quota."""
        return Tasks(hunt=self._announced * self._usual(s, "key_paid") * s.market_pay / s.standard_quota)

    def cash_pay(self, s: State, p: Any) -> Push:
        """Awards of the month."""
        key_paid, play_paid = self._cash(s)
        return (key_paid + play_paid) * s.market_pay

    def expected_pay(self, s: State, p: Any, view: Outlook) -> Push:
        """What reps of the firm have lately got a month, while there are awards."""
        return self._runs * (self._usual(s, "key_paid") + self._usual(s, "play_paid")) * view.market_pay

    def programme_cost(self, s: State, p: Any) -> Push:
        """Every claim is looked into, awarded or not."""
        return self.claim_cost * self._claims(s)

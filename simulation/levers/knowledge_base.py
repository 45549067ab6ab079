"""Knowledge base: what the best reps know is written down, checked, found and rewarded.

    written  = usual x sharing output + what the reward draws, of those who are there, a month
    junk     = reward drawn x (1 - curation)                            what is written for the reward and checked by nobody
    articles = articles (1 - fading) + written,   good = good (1 - fading) + written less junk
    useful   = search x (1 - exp(-good articles a seat / enough)) x good / articles           of the region
    learning = teaching x useful x (1 - ramp);   win = looked up x useful
    share    = reward slope as cash, less crowding of the pull for its own sake
    hours    = writing hours x written + search hours x (1 - search) x articles a seat / (articles a seat + enough)

Structured exchange between reps lasted, pay for it did not, and the two did not add (sandvik2020).
How it goes wrong: rewards without curation fill it with junk, which takes time to search and teaches nothing, and what was shared
for its own sake is shared for the reward.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from simulation.levers.base import Lever, setting
from simulation.vocabulary import Array, Outlook, Push, Tasks

if TYPE_CHECKING:
    from simulation.state import State


class KnowledgeBase(Lever):
    """A place where reps write down what works, and find it."""

    key: ClassVar[str] = "knowledge_base"
    family: ClassVar[str] = "enablement"
    title: ClassVar[str] = "Knowledge base"
    post_memory: ClassVar[tuple[str, ...]] = ("articles", "good")

    search: float = setting(0.0, typical=0.6, unit="0-1", ge=0, le=1, doc="How well what is there can be found; 0 for no base.")
    curation: float = setting(0.0, typical=0.5, unit="share", ge=0, le=1, doc="Share of contributions that are checked.")
    reward: float = setting(
        0.0, typical=0.005, unit="share of monthly market pay", ge=0, le=0.2, doc="Cash for each contribution."
    )
    platform_cost: float = setting(
        30.0, typical=30.0, unit="usd a seat-month", ge=0, le=2000, doc="The platform at full quality of search, for each seat."
    )
    check_cost: float = setting(60.0, typical=60.0, unit="usd a check", ge=0, le=2000, doc="An editor's time for a contribution.")

    def _runs(self) -> Any:
        return self.search > 0.0

    def _drawn(self, p: Any) -> Any:
        """Contributions a month that the reward draws beyond those made anyway."""
        return p.drawn * -np.expm1(-self.reward / p.reward_scale) * self._runs()

    def _written(self, s: State, p: Any) -> Any:
        """Contributions of a seat in a month."""
        return (p.usual * s.output.share * self._runs() + self._drawn(p)) * s.filled

    def start_memory(self, shape: tuple[int, int, int], p: Any) -> dict[str, Array]:
        """Articles, and the good ones among them, by the seat that wrote them; both stay when a rep leaves."""
        return {"articles": np.zeros(shape), "good": np.zeros(shape)}

    def remember(self, s: State, p: Any) -> dict[str, Array]:
        """Articles age, and new ones come in."""
        before, written = s.memory[self.key], self._written(s, p)
        good = written - self._drawn(p) * (1.0 - self.curation) * s.filled
        return {
            "articles": before["articles"] * (1.0 - p.fading) + written,
            "good": before["good"] * (1.0 - p.fading) + good,
        }

    def _a_seat(self, s: State, name: str) -> Array:
        """Articles a seat of the region."""
        return s.region.to_seats(s.region.sum(s.memory[self.key][name]) / s.region.sizes)

    def _useful(self, s: State, p: Any) -> Any:
        """What a search yields, 0 to 1."""
        good, all_ = self._a_seat(s, "good"), self._a_seat(s, "articles")
        return self.search * -np.expm1(-good / p.enough) * good / np.maximum(all_, 1e-9)

    def learning(self, s: State, p: Any) -> Push:
        """Who can look it up learns faster: newcomers most, for they have most to learn."""
        return p.teaching * self._useful(s, p) * (1.0 - s.ramp)

    def win(self, s: State, p: Any) -> Push:
        """Scripts and profiles at hand."""
        return p.looked_up * self._useful(s, p)

    def cash_slope(self, s: State, p: Any) -> Tasks:
        """What writing pays."""
        return Tasks(share=self.reward * self._runs() * s.market_pay * p.usual / s.standard_quota)

    def goal_weight(self, s: State, p: Any) -> Tasks:
        """What is paid for is done less for its own sake."""
        return Tasks(share=-p.crowded * -np.expm1(-self.reward / p.reward_scale) * self._runs())

    def cash_pay(self, s: State, p: Any) -> Push:
        """Rewards for this month's contributions."""
        return self.reward * s.market_pay * self._written(s, p)

    def expected_pay(self, s: State, p: Any, view: Outlook) -> Push:
        """Reps count on the rewards of an ordinary contributor."""
        return self.reward * self._runs() * view.market_pay * (p.usual + self._drawn(p))

    def attention(self, s: State, p: Any) -> Push:
        """Hours of writing, and of searching what cannot be found."""
        all_ = self._a_seat(s, "articles")
        lost = p.search_hours * self._runs() * (1.0 - self.search) * all_ / (all_ + p.enough)
        return p.writing_hours * self._written(s, p) + lost

    def programme_cost(self, s: State, p: Any) -> Push:
        """The platform for every seat, and the checks."""
        return self.platform_cost * self.search + self.check_cost * self.curation * self._written(s, p)

"""Autonomy: deciding alone about price, faster answers from headquarters, latitude over targets.

Authority lets a rep use what only it knows of a customer, and lets it buy deals with discount: an inverted U in profit,
which the concession rule of `selling` makes (phillips2015, homburg2012).
Days saved in approval shorten the cycle and save deals that would not have waited.
The direct link from autonomy to quitting is small (humphrey2007); what there is goes through the motives.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from simulation.levers.base import Lever, setting
from simulation.vocabulary import Motives, Push

if TYPE_CHECKING:
    from simulation.state import State

ORDINARY_DAYS = 5.0


class Autonomy(Lever):
    """How much a rep may decide without asking."""

    key: ClassVar[str] = "autonomy"
    family: ClassVar[str] = "autonomy"
    title: ClassVar[str] = "Autonomy"

    discount_authority: float = setting(
        0.0, typical=0.10, unit="share of list price", ge=0, le=0.6, doc="Discount a rep may give alone, on top of the ordinary."
    )
    approval_days: float = setting(
        ORDINARY_DAYS, typical=2.0, unit="days", ge=0, le=30, doc="Days headquarters takes to approve what lies beyond that."
    )
    target_latitude: float = setting(
        0.0, typical=0.5, unit="0-1", ge=0, le=1, doc="How far a rep may choose accounts and set its own milestones."
    )
    support_cost: float = setting(
        60.0,
        typical=60.0,
        unit="usd a seat-month",
        ge=0,
        le=2000,
        doc="Pricing guidance and controls for each seat with full authority or latitude.",
    )

    def authority(self, s: State, p: Any) -> Push:
        """Share of list price a rep may give alone."""
        return self.discount_authority

    def cycle(self, s: State, p: Any) -> Push:
        """Days saved, on the share of deals that still need approval."""
        saved = (ORDINARY_DAYS - self.approval_days) * p.needs_approval * np.exp(-self.discount_authority / p.authority_scale)
        return saved / p.cycle_days

    def win(self, s: State, p: Any) -> Push:
        """Deals that do not wait for an answer from headquarters."""
        return p.lost_a_day * (ORDINARY_DAYS - self.approval_days)

    def motive_support(self, s: State, p: Any) -> Motives:
        """Latitude over targets and not having to ask."""
        unasked = p.points_a_day * (ORDINARY_DAYS - self.approval_days)
        return Motives(autonomy=p.points_of_latitude * self.target_latitude + unasked)

    def programme_cost(self, s: State, p: Any) -> Push:
        """Guidance and controls, in proportion to what is delegated, and the staff behind faster answers."""
        delegated = np.minimum(self.discount_authority / 0.3 + self.target_latitude, 1.0)
        faster = np.maximum(ORDINARY_DAYS - self.approval_days, 0.0) / ORDINARY_DAYS
        return self.support_cost * (delegated + faster)

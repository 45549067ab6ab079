"""Tolerance of failure: a fund that takes failed trials off a region's own budget, and a promise that they do not cost the job.

Paying for failures and sparing the career are two things, and the second matters most where dismissal threatens (ederer2013).
Tolerance raises flops as well as hits (azoulay2011). A higher bar for dismissal also keeps reps who sell little.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from simulation.levers.base import Lever, setting
from simulation.vocabulary import Array, Motives, Push

if TYPE_CHECKING:
    from simulation.state import State


class FailureTolerance(Lever):
    """What the firm does when a trial fails through no fault, and when a record is poor."""

    key: ClassVar[str] = "failure_tolerance"
    family: ClassVar[str] = "autonomy"
    title: ClassVar[str] = "Tolerance of failure"

    fund: float = setting(
        0.0,
        typical=30_000.0,
        unit="usd a month a region",
        ge=0,
        le=1_000_000,
        doc="Innovation fund out of which failed trials are paid.",
    )
    cost_cover: float = setting(
        0.0, typical=0.8, unit="share", ge=0, le=1, doc="Share of a failed trial's cost that the fund carries while it lasts."
    )
    career_cover: float = setting(
        0.0, typical=0.7, unit="share", ge=0, le=1, doc="Share of a failed trial's career risk removed by a no-fault review."
    )
    threshold_relief: float = setting(
        0.0,
        typical=0.05,
        unit="attainment",
        ge=-0.3,
        le=0.5,
        doc="How far the record may lie below the ordinary bar before dismissal threatens.",
    )
    grace: float = setting(
        0.0, typical=3.0, unit="months", ge=0, le=24, doc="Months of tenure, beyond the ordinary, before the first review."
    )
    review_cost: float = setting(
        500.0, typical=500.0, unit="usd a review", ge=0, le=20_000, doc="Cost of a no-fault review of a failed trial."
    )

    def start_memory(self, shape: tuple[int, int, int], p: Any) -> dict[str, Array]:
        """How far the fund has lately failed to pay what it promised, (policy, seed, seat)."""
        return {"owed": np.zeros(shape)}

    def remember(self, s: State, p: Any) -> dict[str, Array]:
        """Reps trust a fund as far as it has paid lately."""
        before = s.memory[self.key]["owed"]
        return {"owed": before + p.trust_speed * (1.0 - self._paid_share(s) - before)}

    def _paid_share(self, s: State) -> Array:
        """Share of the promised cover that the region's fund can pay this month, 1 when nothing failed."""
        claimed = self.cost_cover * s.region.sum(s.trial_costs)
        return s.region.to_seats(np.where(claimed > self.fund, self.fund / np.maximum(claimed, 1e-9), 1.0))

    def trial_cost_cover(self, s: State, p: Any) -> Push:
        """What is promised, as far as the fund has lately paid."""
        return self.cost_cover * (1.0 - s.memory[self.key]["owed"]) * (self.fund > 0.0)

    def trial_career_cover(self, s: State, p: Any) -> Push:
        """Career risk that the no-fault review removes."""
        return self.career_cover

    def bar_relief(self, s: State, p: Any) -> Push:
        """A lower bar."""
        return self.threshold_relief

    def review_grace(self, s: State, p: Any) -> Push:
        """A later first review."""
        return self.grace

    def programme_cost(self, s: State, p: Any) -> Push:
        """The no-fault reviews. What trials cost is booked for every policy; the fund decides whose budget bears it."""
        return self.review_cost * s.failures * (self.career_cover > 0.0) + p.administration * self.fund / s.region.to_seats(
            s.region.sizes.astype(float)
        )

    def motive_support(self, s: State, p: Any) -> Motives:
        """A firm that does not punish honest failure feels safer."""
        return Motives(security=p.points_of_cover * self.career_cover)

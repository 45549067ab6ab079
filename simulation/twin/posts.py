"""What stays when a rep leaves: seats with their pipelines, teams, regions.

A seat is a post. It keeps its territory, quota, pipelines and accounts whoever sits in it, and for as long as it is vacant
also the rep who left (`seat.rep`), who is no agent of the model any more: that rep's pace, ramp and skill go on fading,
and colleagues sell what is left in the pipeline (MODEL.md, section 2).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import exp, log
from typing import Any

from simulation.twin.accounts import Book


class Seated:
    """Seats that belong together."""

    seats: list[Seat]

    @property
    def reps(self) -> list[Any]:
        """Those who sit in its seats."""
        return [seat.rep for seat in self.seats if seat.filled]


@dataclass(eq=False)
class Region(Seated):
    """Seats that share a market, a playbook and knowledge."""

    number: int
    need: float
    demand: float = 0.0
    competitor: float = 0.0
    playbook: float = 0.2
    knowledge: float = 1.0
    seats: list[Seat] = field(default_factory=list)

    @property
    def size(self) -> int:
        """Seats, vacant ones included."""
        return len(self.seats)


@dataclass(eq=False)
class Team(Seated):
    """Seats under one manager."""

    number: int
    manager: float
    leavers_recent: float = 0.0
    leavers_felt: float = 0.0
    seats: list[Seat] = field(default_factory=list)

    def mean(self, what: str) -> float:
        """Mean of a field over its reps; 0 where nobody is left."""
        reps = self.reps
        return sum(getattr(rep, what) for rep in reps) / max(1, len(reps))

    def feel_leavers(self, p: Any) -> None:
        """Colleagues follow a leaver for some months: two stages, the second of which is felt (section 7.10)."""
        gone = sum(rep.quits + p.contagion_dismissal * rep.dismissals for rep in self.reps)
        self.leavers_felt += p.contagion_speed * (self.leavers_recent - self.leavers_felt)
        self.leavers_recent *= 1.0 - p.contagion_speed
        self.leavers_recent += gone * min(1.0, p.contagion_team / len(self.seats))


@dataclass(eq=False)
class Pipeline:
    """Open opportunities of one kind, and what became of them this month (section 7.6)."""

    stock: float
    arrivals: float = 0.0
    closings: float = 0.0
    gone_quiet: float = 0.0
    moved: float = 0.0
    mean_stock: float = 0.0
    decided: float = 0.0  # share of opportunities that are decided before they go quiet

    def live_month(self, arrivals: float, closing: float, shift: float, p: Any) -> None:
        """A month of dN/dt = arrivals - (closing + stale) N, solved exactly, and deals moved in time by `shift`."""
        rate = closing + p.selling.stale_rate
        after = self.stock * exp(-rate) + arrivals * (1.0 - exp(-rate)) / rate
        left = self.stock + arrivals - after
        self.arrivals = arrivals
        self.decided = closing / rate
        self.closings = left * self.decided
        self.gone_quiet = left * p.selling.stale_rate / rate
        self.mean_stock = left / rate
        self.moved = max(shift, 0.0) * after - p.timing.push_out * max(-shift, 0.0) * self.closings
        self.stock = after - self.moved

    @property
    def reached(self) -> float:
        """Opportunities that are decided this month, if somebody works them."""
        return self.closings + self.moved


@dataclass(eq=False)
class Seat:
    """A post: what belongs to it rather than to the rep in it. Money in usd, rates a month."""

    number: int
    team: Team
    region: Region
    territory: float
    market_pay: float
    standard_quota: float
    pipeline: Pipeline
    key_pipeline: Pipeline
    book: Book
    rep: Any = None  # who sits here, or sat here last
    filled: bool = True
    newcomer: bool = False  # hired at the end of this month

    # goals
    log_ratchet: float = 0.0
    monthly_quota: float = 0.0
    next_quota: float = 0.0

    # the market
    arising: float = 0.0
    marketed: float = 0.0
    leads: float = 0.0

    # what was sold
    deals: float = 0.0
    key_deals: float = 0.0
    list_value: float = 0.0
    bookings: float = 0.0
    moved_value: float = 0.0
    worked: float = 1.0  # share of what closes that somebody works

    # the vacancy
    vacant_months: float = 0.0
    fill_months: float = 0.0
    orphan_months: float = 0.0
    rounds: int = 1

    def fall_vacant(self, fill_months: float, orphan_months: float) -> None:
        """The rep has left: its accounts are orphans for some months, and a successor is looked for."""
        self.filled = False
        self.fill_months = fill_months
        self.orphan_months = orphan_months

    def raise_quota(self, attainment: float, ratchet: float, goals: Any) -> None:
        """What the period's attainment adds to the quotas to come (section 7.8)."""
        reached = log(min(max(attainment, goals.ratchet_low), goals.ratchet_high))
        self.log_ratchet = goals.ratchet_keep * self.log_ratchet + goals.ratchet_speed * ratchet * reached

    @property
    def round_due(self) -> bool:
        """Whether candidates are met this month; a seat is vacant for one whole month at least."""
        return not self.filled and self.vacant_months >= 1.0 and self.vacant_months + 0.5 >= self.fill_months

"""What people and deals say together: who was there when, and what they sold.

Months of tenure are counted from the day of hire, months of the calendar backwards from the day of the extract.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from simulation.calibration.company.deals import NEW, OPEN, WON, Deals
from simulation.calibration.company.mapping import Values
from simulation.calibration.company.people import DISMISSAL, MONTH, QUIT, STAYED, UNTOLD, People

LONGEST = 120
"""Months of tenure that are told apart; the last holds all that follow."""
FEWEST_TEAMS = 10
"""Teams from which on they are drawn whole in a bootstrap."""
LEAVING = (QUIT, DISMISSAL, UNTOLD)
"""Exits that count as turnover."""


@dataclass(frozen=True, eq=False)
class History:
    """A company's tables up to a day.

    `as_of` is the day of the extract; people are watched from `people_from`, deals from `deals_from`.
    `ramp` [months]: tenure from which a rep counts as ramped; `period` [months] of quotas.
    """

    people: People | None
    deals: Deals | None
    as_of: Any
    people_from: Any
    deals_from: Any
    ramp: float
    period: int

    @classmethod
    def of(
        cls, people: People | None, deals: Deals | None, as_of: Any = None, *,
        people_from: Any = None, deals_from: Any = None, ramp: float, period: int,
    ) -> History:  # fmt: skip
        """A history whose days are taken from the tables where they are not given.

        Leavers are taken to be on file after the first exit, and deals from the first of them to close.
        """
        day = as_of if as_of is not None else _latest(people, deals)
        if people is not None and people_from is None:
            gone = people.left[(people.cause != STAYED) & (people.left <= day)]
            people_from = gone.min() if gone.size else people.hired.min(initial=day)
        if deals is not None and deals_from is None:
            closed = deals.closed[deals.stage != OPEN]
            deals_from = closed.min() if closed.size else day
        return cls(people, deals, day, people_from, deals_from, ramp, period)

    def until(self, day: Any) -> History:
        """What was known on an earlier day: later hires and deals are not there, later exits have not happened.

        Pay and quota are those of the extract; attainment of periods that may lie after the day is not there.
        """
        people, deals = self.people, self.deals
        if people is not None:
            people = people.where(people.hired < day)
            people = replace(people, attainment=np.full_like(people.attainment, np.nan))  # of the last periods before the extract
        if deals is not None:
            deals = deals.where(deals.opened < day)
            later = ~(deals.closed <= day)
            deals = replace(
                deals, stage=np.where(later, OPEN, deals.stage), closed=np.where(later, np.datetime64("NaT", "D"), deals.closed)
            )
        return replace(self, people=people, deals=deals, as_of=day)

    @cached_property
    def codes(self) -> tuple[Values, Values, int]:
        """Places of the reps of stays and of deals, and how many reps there are; in order of appearance, so that runs agree."""
        stays = self.people.rep if self.people is not None else np.empty(0, dtype=np.uint64)
        owners = self.deals.owner if self.deals is not None else np.empty(0, dtype=np.uint64)
        codes, known = pd.factorize(np.concatenate([stays, owners]))
        return codes[: len(stays)], codes[len(stays) :], len(known)

    @cached_property
    def clusters(self) -> Values:
        """What is drawn together in a bootstrap, by rep: teams where there are ten, because they share a manager; else reps."""
        reps, _, count = self.codes
        own = np.arange(count)
        if self.people is None:
            return own
        named = self.people.team > 0
        teams, known = pd.factorize(self.people.team[named])
        if len(known) >= FEWEST_TEAMS:
            own[reps[named][::-1]] = count + teams[::-1]  # a rep's first team holds
        return np.unique(own, return_inverse=True)[1]

    @cached_property
    def stay(self) -> Stays:
        """Stays as tenures. Only where there are people."""
        people = self.people
        assert people is not None  # noqa: S101 - asked for with people alone
        cut = np.where(np.isnat(people.left), self.as_of, np.minimum(people.left, self.as_of))
        entered = np.maximum(people.hired, self.people_from)
        gone = (people.cause != STAYED) & (people.left <= self.as_of) & (people.left > self.people_from)
        watched = cut >= entered
        cause = np.where(gone & watched, people.cause, STAYED)
        return Stays(
            _months(entered - people.hired), _months(np.maximum(cut, entered) - people.hired), cause,
            hired=people.hired, cut=cut, open_end=np.isnat(people.left) | (people.left > self.as_of),
        )  # fmt: skip

    @cached_property
    def sales(self) -> Sales:
        """New business won, matched to stays. Only where there are people and deals."""
        deals, stay, (reps, owners, _) = self.deals, self.stay, self.codes
        assert deals is not None  # noqa: S101 - asked for with deals alone
        won = (deals.stage == WON) & (deals.kind == NEW) & (deals.closed > self.deals_from) & np.isfinite(deals.amount)
        order = np.lexsort((stay.hired, reps))
        starts = _key(reps[order], stay.hired[order])
        place = np.searchsorted(starts, _key(owners[won], deals.closed[won]), side="right") - 1
        found = order[np.maximum(place, 0)]
        closed = deals.closed[won]
        ours = (place >= 0) & (reps[found] == owners[won]) & (closed <= stay.cut[found])
        return Sales(found[ours], closed[ours], deals.amount[won][ours])

    def overlap(self, first: Any, last: Any) -> Values:
        """Months of each stay between two days."""
        begins, ends = np.maximum(self.stay.hired, first), np.minimum(self.stay.cut, last)
        return np.maximum(_months(ends - begins), 0.0)


@dataclass(frozen=True, eq=False)
class Stays:
    """Tenure at which each stay comes under watch and goes out of it [months], why it ended, and its days."""

    entered: Values
    ended: Values
    cause: Values
    hired: Values
    cut: Values
    open_end: Values

    def exposure(self, low: float, high: float) -> Values:
        """Months of tenure between two bounds, under watch, of each stay."""
        return np.maximum(np.minimum(self.ended, high) - np.maximum(self.entered, low), 0.0)

    def exits(self, low: float, high: float, *causes: int) -> Values:
        """1.0 for each stay that ended for one of these causes at a tenure in [low, high)."""
        return 1.0 * (np.isin(self.cause, causes) & (self.ended >= low) & (self.ended < high))

    def by_month(self, *causes: int) -> tuple[Values, Values]:
        """Months watched and exits, both by month of tenure (LONGEST + 1), the last with all that follow."""
        bounds = [*range(LONGEST + 1), np.inf]
        which = np.isin(self.cause, causes)
        exits = np.bincount(np.minimum(self.ended[which], LONGEST).astype(np.int64), minlength=LONGEST + 1)
        return np.array([self.exposure(low, high).sum() for low, high in pairwise(bounds)]), exits.astype(float)


@dataclass(frozen=True, eq=False)
class Sales:
    """Deals won by stays: the place of the stay, the day, and the amount."""

    stay: Values
    closed: Values
    amount: Values

    def within(self, first: Any, last: Any, stays: int) -> Values:
        """Sold by each stay after `first` and up to `last`."""
        which = (self.closed > first) & (self.closed <= last)
        return np.bincount(self.stay[which], weights=self.amount[which], minlength=stays)


def back(day: Any, months: float) -> Any:
    """The day so many months of equal length before another."""
    return day - np.timedelta64(round(months * MONTH), "D")


def _months(span: Any) -> Values:
    return np.asarray(span.astype("timedelta64[D]").astype(float) / MONTH)


def _key(rep: Values, day: Values) -> Values:
    """Rep and day as one number that sorts like both."""
    return rep.astype(np.int64) * 10_000_000 + day.astype("datetime64[D]").astype(np.int64)


def _latest(people: People | None, deals: Deals | None) -> Any:
    """The latest day on file that is not after today."""
    today = np.datetime64("today", "D")
    columns: list[Any] = [people.hired, people.left] if people is not None else []
    columns += [deals.opened, deals.closed] if deals is not None else []
    return max((days[days <= today].max(initial=np.datetime64("1950-01-01")) for days in columns), default=today)


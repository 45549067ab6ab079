"""What findings look at beyond the records: groups of reps, ramps reached, the spread of sales, raises that are only imagined.

A watch is asked after each month and gives sums over seats, (policy, seed) each, under keys `figure@group` or of its own.

    performance     credited sales of the last year (three months at least) over territory, among ramped reps: what a firm can see
    top_third ...   thirds of the ramped reps by performance, middle and bottom likewise; rest: all ramped reps but the top third
    top_fifth       the best fifth of them
    novices         in their first three months
    starters        there since month 0
    tenure_k        in month k of their stay, counted from 0
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from simulation.engine import Watch
from simulation.records import RAMP_SHARE
from simulation.rules import leaving
from simulation.vocabulary import Array

COUNTED = ("filled", "bookings", "quits", "dismissals")
LEAST_MONTHS, YEAR = 3.0, 12
NOVICE_MONTHS = 3.0
RAMP_BANDS = (0.0, 3.0, 6.0, 12.0, np.inf)
RAISE = 1.1
"""The raise that is imagined: a tenth."""


def _marked(which: Any) -> Array:
    """1.0 where something holds."""
    return np.asarray(which, dtype=float)


class Glance:
    """The reps of one month, and what tells groups of them apart; masks are (policy, seed, seat) of 0 and 1."""

    def __init__(self, s: Any, now: Any) -> None:
        self.s, self.now = s, now

    @cached_property
    def _rank(self) -> Array:
        """Rank by performance among ramped reps, 0 for the best to just below 1; 2 for all others."""
        s, now = self.s, self.now
        months = np.minimum(now.tenure_now + 1.0, YEAR)
        among = (now.filled > 0.0) & (now.was_ramped > 0.0) & (months >= LEAST_MONTHS)
        rate = np.where(among, s.year_sales.sum(axis=0) / months / s.territory, -np.inf)
        place = np.argsort(np.argsort(-rate, axis=-1, kind="stable"), axis=-1, kind="stable")
        return np.where(among, place / np.maximum(among.sum(axis=-1, keepdims=True), 1), 2.0)

    def top_third(self) -> Array:
        """The best third of the ramped reps by performance."""
        return _marked(self._rank < 1.0 / 3.0)

    def middle_third(self) -> Array:
        """The middle third."""
        return _marked((self._rank >= 1.0 / 3.0) & (self._rank < 2.0 / 3.0))

    def bottom_third(self) -> Array:
        """The last third."""
        return _marked((self._rank >= 2.0 / 3.0) & (self._rank < 1.0))

    def rest(self) -> Array:
        """All ramped reps but the best third."""
        return _marked((self._rank >= 1.0 / 3.0) & (self._rank < 1.0))

    def top_fifth(self) -> Array:
        """The best fifth of the ramped reps."""
        return _marked(self._rank < 0.2)

    def novices(self) -> Array:
        """Reps in their first months."""
        return _marked((self.now.filled > 0.0) & (self.now.tenure_now < NOVICE_MONTHS))

    def starters(self) -> Array:
        """Reps who have been there since month 0."""
        return _marked((self.now.filled > 0.0) & (self.now.tenure_now >= self.now.month))

    def of_tenure(self, month: int) -> Array:
        """Reps in one month of their stay."""
        return _marked((self.now.filled > 0.0) & (self.now.tenure_now == month))

    def mask(self, group: str) -> Array:
        """The reps of a group by its name."""
        name, _, month = group.rpartition("_")
        return self.of_tenure(int(month)) if name == "tenure" else getattr(self, group)()


def watch_for(names: Iterable[str]) -> Watch | None:
    """A watch for groups and figures by name, None if there is none to look at."""
    wanted = sorted(set(filter(None, names)))
    if not wanted:
        return None

    def watch(s: Any, now: Any) -> dict[str, Array]:
        glance, found = Glance(s, now), dict[str, Array]()
        for name in wanted:
            found |= EXTRA[name](s, now) if name in EXTRA else _group(glance, name)
        return found

    return watch


def _group(glance: Glance, group: str) -> dict[str, Array]:
    mask, s, now = glance.mask(group), glance.s, glance.now
    fields = {"filled": now.filled, "bookings": s.bookings, "quits": s.quits, "dismissals": s.dismissals}
    return {f"{key}@{group}": np.asarray((fields[key] * mask).sum(axis=-1)) for key in COUNTED}


def _ramps(s: Any, now: Any) -> dict[str, Array]:
    """Reps who reach full productivity this month, by how long it took them."""
    reached = (now.ramp_before < RAMP_SHARE) & (s.ramp >= RAMP_SHARE) & (now.filled > 0.0)
    took = now.tenure_now + (RAMP_SHARE - now.ramp_before) / np.maximum(s.ramp - now.ramp_before, 1e-12)
    within = [reached & (took >= low) & (took < high) for low, high in pairwise(RAMP_BANDS)]
    return {f"ramps_{k}": np.asarray(some.sum(axis=-1, dtype=float)) for k, some in enumerate(within)}


def _spread(s: Any, now: Any) -> dict[str, Array]:
    """Count, sum and sum of squares of a year's credited sales over reps with a full year, each December; 0 otherwise."""
    year = (now.due == YEAR - 1) * (now.filled > 0.0) * (now.tenure_now >= YEAR - 1)
    sales = s.year_sales.sum(axis=0)
    return {f"year_{k}": np.asarray((year * sales**k).sum(axis=-1)) for k in range(3)}


def _raises(s: Any, now: Any) -> dict[str, Array]:
    """Chances of quitting if this one rep's teammates, or it and its teammates, were paid a tenth more; nobody else answers.

    `raise_none` as things stand, `raise_peers` with all teammates paid more but not this rep, `raise_all` with this rep too.
    """
    p, raised = now.p, np.log(RAISE)
    x = leaving.quit_log_odds(now.terms, p)
    total = s.team.to_seats(s.team.sum(now.same_pay * now.filled))
    teammates = RAISE * (total - now.same_pay * now.filled) + now.same_pay * now.filled
    unfair = np.maximum(np.log(teammates / s.team.to_seats(now.team_reps) / now.same_pay), 0.0)
    left_out = p.leaving.envy_slope * unfair - now.terms.envy
    own = leaving.pay_term(raised, raised, s.talent, now.money, p)
    chances = {"none": x, "peers": x + left_out, "all": x + own}
    locked = -now.terms.lock_in
    return {
        f"raise_{name}": np.asarray((now.filled * leaving.quit_chance(odds, locked, p)).sum(axis=-1))
        for name, odds in chances.items()
    }


def _accounts(s: Any, now: Any) -> dict[str, Array]:
    """Annual value in the care of the reps who leave this month."""
    return {"left_behind": np.asarray((now.book_before * (s.quits + s.dismissals)).sum(axis=-1))}


def _outreach(s: Any, now: Any) -> dict[str, Array]:
    """Customers about to leave who were contacted."""
    return {"treated": np.asarray((now.treated * np.ones_like(s.filled)).sum(axis=-1))}


EXTRA: Mapping[str, Callable[[Any, Any], dict[str, Array]]] = {
    "ramps": _ramps, "spread": _spread, "raises": _raises, "outreach": _outreach, "accounts": _accounts,
}  # fmt: skip
"""Watches that are no group of reps."""

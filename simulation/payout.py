"""Plan arithmetic, once: from tiers to pay, and what pay is expected to be when attainment is Normal.

A plan pays V(x) for a quota period that ends at attainment x = credited sales / quota. With r the rate and Q the quota in usd

    V(x) = r Q [ s x + sum_k c_k max(x - a_k, 0) + sum_j w_j 1(x >= b_j) ] + sum_i u_i 1(x >= d_i)

s is 1, or 0 where a threshold stands; c_k are changes of the multiple of r at tiers, threshold and cap; w_j is what a
threshold held back and pays at once; u_i are bonuses in usd. For X ~ Normal(m, v), z = (m - a) / v, F and f the standard
Normal's distribution and density, each term has a closed form:

    E max(X - a, 0) = (m - a) F(z) + v f(z)        d/dm = F(z)
    E 1(X >= b)     = F(z)                         d/dm = f(z) / v

Sales cannot be negative, so the bend at zero is left out: the first tier counts as a straight line through zero. With m
two v above zero or more this moves expected pay by less than one percent of v r Q.

Rows of a table that no policy fills are skipped. A policy that leaves a row empty which another fills adds exact zeros for
it, so a policy's pay is the same to the last bit whatever policies stand beside it.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from scipy.special import ndtr

from simulation.vocabulary import Array, PerPolicy

OUT_OF_REACH = 1e9
"""An attainment nobody reaches: where tables are padded and where a plan without a cap has its cap."""
SMALL = 1e-9
"""Least spread, and the attainment at which a bonus at 0 is paid: with the first sale."""
DENSITY_AT_ZERO = 1.0 / np.sqrt(2.0 * np.pi)

Points = tuple[tuple[PerPolicy, PerPolicy], ...]
"""Pairs (attainment, amount), each (policy, 1, 1)."""


class Steps(Protocol):
    """A table setting of many policies: rows of (policy, 1, 1) arrays, of which the first `used` hold something."""

    @property
    def at(self) -> tuple[Array, ...]:
        """Attainment at which each row begins; `OUT_OF_REACH` in rows that a policy leaves empty."""

    @property
    def amount(self) -> tuple[Array, ...]:
        """What each row gives."""

    @property
    def used(self) -> int:
        """Rows that at least one policy fills."""


class Mark:
    """One attainment `at` of a plan, seen from a Normal outlook: what expected pay and its slope both need, worked out once."""

    def __init__(self, mean: Any, precision: Any, at: PerPolicy) -> None:
        self.mean, self.precision, self.at = mean, precision, at

    @cached_property
    def beyond(self) -> Any:
        """How far the mean lies beyond it [ratio]."""
        return self.mean - self.at

    @cached_property
    def z(self) -> Any:
        """The same in standard deviations."""
        return self.beyond * self.precision

    @cached_property
    def chance(self) -> Any:
        """Chance that attainment ends beyond it: F(z)."""
        return ndtr(self.z)

    @cached_property
    def density(self) -> Any:
        """f(z), the standard Normal's density."""
        return DENSITY_AT_ZERO * np.exp(-0.5 * self.z * self.z)


class Ahead:
    """A plan's points seen from one outlook: a mark for each kink, jump and bonus, and what a dollar of sales is worth."""

    def __init__(self, curve: PayCurve, mean: Any, spread: Any) -> None:
        self.asked = mean, spread
        self.spread = np.maximum(spread, SMALL)
        self.precision = 1.0 / self.spread
        self.kinks, self.jumps, self.bonuses = (
            [(Mark(mean, self.precision, at), amount) for at, amount in points]
            for points in (curve.kinks, curve.jumps, curve.bonuses)
        )
        self._first = curve.slope

    @cached_property
    def steepness(self) -> Any:
        """DE V(X) / d(m Q) but for the bonuses [multiple of rate]."""
        units = self._first
        for mark, change in self.kinks:
            units = units + change * mark.chance
        for mark, worth in self.jumps:
            units = units + worth * (mark.density * self.precision)
        return units


@dataclass(frozen=True, eq=False)
class PayCurve:
    """Pay for a quota period as a function of attainment, for many policies.

    Attributes
    ----------
    rate : (policy, 1, 1) or anything that broadcasts with the reps [usd per usd credited]
        Of the first tier.
    slope : (policy, 1, 1) [multiple of rate]
        Paid from the first dollar: 1, or 0 where a threshold stands.
    kinks : pairs (attainment, change of the multiple)
    jumps : pairs (attainment, multiple of rate x quota paid at once)
    bonuses : pairs (attainment, usd paid at once)
    cap : (policy, 1, 1) [attainment], or None when no policy has one

    Notes
    -----
    A month asks for expected pay, its slope and its risk from the same two outlooks, so the last two are kept.
    They are known by their arrays, which therefore must not be changed in place.
    """

    rate: Any
    slope: PerPolicy
    kinks: Points
    jumps: Points
    bonuses: Points
    cap: PerPolicy | None
    looks: deque[Ahead] = field(default_factory=lambda: deque(maxlen=2))

    def ahead(self, mean: Any, spread: Any) -> Ahead:
        """The plan's points seen from an outlook; the rate does not enter, so plans that differ in it share them."""
        for look in self.looks:
            if look.asked[0] is mean and look.asked[1] is spread:
                return look
        self.looks.append(Ahead(self, mean, spread))
        return self.looks[-1]

    def at_rate(self, rate: Any) -> PayCurve:
        """The same plan at another rate [usd per usd credited]."""
        return replace(self, rate=rate)

    def without_bonuses(self) -> PayCurve:
        """The same plan without its lump sums: what it pays on sales."""
        return replace(self, bonuses=(), looks=deque(maxlen=2))


def pay_curve(rate: Any, tiers: Steps, threshold: PerPolicy, cap: PerPolicy, bonus: Steps) -> PayCurve:
    """The pay curve of a plan.

    Parameters
    ----------
    rate : (policy, 1, 1) or more axes [usd per usd credited]
    tiers : attainment and multiple of rate on what is sold beyond it, ascending; under 1 it decelerates
    threshold : (policy, 1, 1) [attainment]
        Nothing is paid below it, bonuses included; at it, all that was held back. 0 for none.
    cap : (policy, 1, 1) [attainment]
        Sales beyond it earn no commission; bonuses beyond it are paid. NaN for none.
    bonus : attainment and usd
    """
    limit = np.where(np.isnan(cap), OUT_OF_REACH, cap)
    held = threshold > 0.0
    top = np.maximum(limit, threshold)
    start = np.minimum(threshold, limit)
    multiple, released = np.ones_like(threshold), start
    kinks: list[tuple[Array, Array]] = []
    for at, amount in _rows(tiers):
        reached = at < limit
        change = np.where(reached, amount - multiple, 0.0)
        kinks.append((np.maximum(at, threshold), change))
        released = released + change * np.maximum(start - at, 0.0)
        multiple = np.where(reached, amount, multiple)
    jumps: Points = ()
    if np.any(held):
        kinks.insert(0, (threshold, np.where(held, 1.0, 0.0)))
        jumps = ((threshold, np.where(held, released, 0.0)),)
    capped = bool(np.any(limit < OUT_OF_REACH))
    if capped:
        kinks.append((top, np.where(limit < OUT_OF_REACH, -multiple, 0.0)))
    return PayCurve(
        rate=rate,
        slope=np.where(held, 0.0, 1.0),
        kinks=tuple(kinks),
        jumps=jumps,
        bonuses=tuple((np.maximum(np.maximum(at, threshold), SMALL), usd) for at, usd in _rows(bonus)),
        cap=top if capped else None,
    )


def paid(curve: PayCurve, x: Any, quota: Any) -> Any:
    """What the plan has paid when attainment stands at `x`: V(x).

    Parameters
    ----------
    curve : PayCurve
    x : (policy, seed, seat) [ratio]
        Credited sales over quota, 0 or more.
    quota : (policy, seed, seat) [usd a quota period]

    Returns
    -------
    (policy, seed, seat) [usd]
        Differences of it are the pay of a month, so the months of a period add up to its V.
    """
    counted = x if curve.cap is None else np.minimum(x, curve.cap)
    units = curve.slope * counted
    for at, change in curve.kinks:
        units = units + change * np.maximum(counted - at, 0.0)
    for at, worth in curve.jumps:
        units = units + worth * (x >= at)
    pay = curve.rate * quota * units
    for at, usd in curve.bonuses:
        pay = pay + usd * (x >= at)
    return pay


def expected(curve: PayCurve, mean: Any, spread: Any, quota: Any) -> Any:
    """Expected pay for a quota period whose final attainment is Normal: E V(X) [usd].

    Parameters
    ----------
    curve : PayCurve
    mean, spread : (policy, seed, seat) [ratio]
        Of final attainment; a spread of 0 is taken as next to nothing.
    quota : (policy, seed, seat) [usd a quota period]
    """
    ahead = curve.ahead(mean, spread)
    units = curve.slope * mean
    for mark, change in ahead.kinks:
        units = units + change * (mark.beyond * mark.chance + ahead.spread * mark.density)
    for mark, worth in ahead.jumps:
        units = units + worth * mark.chance
    pay = curve.rate * quota * units
    for mark, usd in ahead.bonuses:
        pay = pay + usd * mark.chance
    return pay


def marginal(curve: PayCurve, mean: Any, spread: Any, quota: Any) -> Any:
    """Rise of expected pay with one more usd credited: dE V(X) / d(m Q) [usd per usd credited].

    Parameters as in `expected`. What is paid at once enters by its density: near a threshold or a bonus a dollar of
    sales is worth far more than the rate.
    """
    ahead = curve.ahead(mean, spread)
    rise = curve.rate * ahead.steepness
    for mark, usd in ahead.bonuses:
        rise = rise + usd * (mark.density * ahead.precision) / quota
    return rise


def current_rate(curve: PayCurve, x: Any) -> Any:
    """Rate of the tier that attainment `x` has reached [usd per usd credited].

    0 below a threshold and beyond a cap. Lump sums ahead do not count: this is the rate a rep reads off the plan.
    """
    units = curve.slope
    for at, change in curve.kinks:
        units = units + change * (x >= at)
    return curve.rate * (units if curve.cap is None else units * (x < curve.cap))


def pay_spread(curve: PayCurve, mean: Any, spread: Any, quota: Any) -> Any:
    """Standard deviation of a quota period's pay, to first order [usd]: expected slope x spread of sales.

    Parameters as in `expected`. Exact for a straight line and never above the exact value (it is the first term of
    V's Hermite series); a quota accelerator falls short by about 1%, a plan that is one lump sum at the mean by 20%.
    """
    return marginal(curve, mean, spread, quota) * spread * quota


def _rows(table: Steps) -> tuple[tuple[Array, Array], ...]:
    return tuple(zip(table.at[: table.used], table.amount[: table.used], strict=True))

"""Figures of people who leave: stays, grants that vest, colleagues who go, the best and the worst, raises of others."""

from __future__ import annotations

import numpy as np

from simulation.calibration.figures.pool import YEAR, Pool, figure_of
from simulation.evidence.targets import Target
from simulation.statistics.survival import kaplan_meier
from simulation.vocabulary import Array

MONTH_DAYS = 30.4
FIFTH_YEAR = 60
AFTERMATH_DAYS = 135.0
"""Days after a resignation in which teammates are watched (visier2022)."""


def stays(pool: Pool, target: Target) -> Array:
    """Chance that a new rep is still there after the last month of `months` (Kaplan-Meier)."""
    row = pool.place(target.with_policy)
    return kaplan_meier(pool.at_risk[row], pool.exits[row])[:, target.months[1]]


def stays_48(pool: Pool, target: Target) -> Array:
    """Chance that a new rep is still there after 48 months (Kaplan-Meier; incumbents enter late, so a shorter run shows it)."""
    row = pool.place(target.with_policy)
    return kaplan_meier(pool.at_risk[row], pool.exits[row])[:, 48]


def yearly_retention(pool: Pool, target: Target) -> Array:
    """Chance to stay a further year, for reps beyond their fifth year."""
    row, span = pool.place(target.with_policy), slice(FIFTH_YEAR, None)
    exits, watched = (x[row][:, span].sum(axis=-1) for x in (pool.exits, pool.at_risk))
    return (1.0 - exits / watched) ** YEAR


def starters_stay(pool: Pool, target: Target) -> Array:
    """Share of the reps of month 0 who are still there at the end of `months`."""
    return 1.0 - _starters_gone(pool, target.with_policy, target.months[1], ("quits", "dismissals"))


def starters_quit(pool: Pool, target: Target) -> Array:
    """Share of the reps of month 0 who have quit by the end of `months`, against the other policy."""
    mine, theirs = (_starters_gone(pool, policy, target.months[1]) for policy in (target.with_policy, target.without_policy))
    return mine - theirs


def _starters_gone(pool: Pool, policy: str, last: int, by: tuple[str, ...] = ("quits",)) -> Array:
    gone = sum(pool.total(f"{key}@starters", policy, (0, last)) for key in by)
    return np.asarray(gone / pool.total("filled@starters", policy, (0, 1)))


def quit_delay(pool: Pool, target: Target) -> Array:
    """Months by which the reps of month 0 who quit within `months` do so later than under the other policy."""
    first, last = target.months
    months = np.arange(first, last) + 0.5

    def mean(policy: str) -> Array:
        quits = pool.sums["quits@starters"][pool.place(policy), :, first:last]
        return np.asarray((quits * months).sum(axis=-1) / quits.sum(axis=-1))

    return mean(target.with_policy) - mean(target.without_policy)


def after_vesting(pool: Pool, target: Target) -> Array:
    """Quits a rep of month 0 in the three months after the middle of `months`, over those in the three months before it."""
    middle = sum(target.months) // 2
    hazard = [
        pool.total("quits@starters", target.with_policy, span) / pool.total("filled@starters", target.with_policy, span)
        for span in ((middle, middle + 3), (middle - 3, middle))
    ]
    return hazard[0] / hazard[1]


def contagion(pool: Pool, target: Target) -> Array:
    """Relative rise of teammates' quits in the 135 days after one more leaver in month 0, for a team of the pack's size.

    The extra log-odds that the rule of contagion adds, per extra leaver, teammate and month, against the other world.
    """
    extra, leavers = _after_shock(pool, target)
    months = AFTERMATH_DAYS / MONTH_DAYS
    whole = int(months)
    felt = extra[:, 1 : whole + 1].sum(axis=-1) + (months - whole) * extra[:, whole + 1]
    teammates = float(pool.scenario.parameters.market.span) - 1.0
    return np.expm1(felt / leavers / teammates / months)


def contagion_peak(pool: Pool, target: Target) -> Array:
    """Days after a leaver at which teammates feel it most: the top of a parabola through the highest month and its neighbours."""
    extra, _ = _after_shock(pool, target)
    place = np.clip(np.argmax(extra[:, 1:], axis=-1) + 1, 2, extra.shape[-1] - 2)
    before, top, after = (np.take_along_axis(extra, (place + k)[:, None], axis=-1)[:, 0] for k in (-1, 0, 1))
    shift = 0.5 * (before - after) / np.where(before - 2.0 * top + after == 0.0, -1.0, before - 2.0 * top + after)
    return MONTH_DAYS * (place + np.clip(shift, -0.5, 0.5))


def _after_shock(pool: Pool, target: Target) -> tuple[Array, Array]:
    """By entry: extra log-odds of contagion in each month (entry, month), and extra leavers in month 0."""
    assert pool.other is not None  # noqa: S101 - the target names another world
    row = pool.place(target.with_policy)
    extra = pool.sums["quit_contagion"][row] - pool.other.sums["quit_contagion"][row]
    gone = [side.total(key, target.with_policy, (0, 1)) for side in (pool, pool.other) for key in ("quits", "dismissals")]
    return extra, gone[0] + gone[1] - gone[2] - gone[3]


def curvature(pool: Pool, target: Target) -> Array:
    """Mean of the quits rates of the best and the last third, over that of the middle third, less 1."""
    groups = ("top_third", "middle_third", "bottom_third")
    top, middle, bottom = (figure_of(pool, "quits_rate", target.with_policy, target.months, group) for group in groups)
    return 0.5 * (top + bottom) / middle - 1.0


def peers_raised(pool: Pool, target: Target) -> Array:
    """Relative rise of a rep's chance to quit if its teammates alone were paid a tenth more."""
    none, peers = (pool.total(f"raise_{name}", target.with_policy, target.months) for name in ("none", "peers"))
    return peers / none - 1.0


def left_out(pool: Pool, target: Target) -> Array:
    """Log hazard of being left out of a raise that all teammates get against being included, over that of nobody getting it."""
    none, peers, both = (pool.total(f"raise_{n}", target.with_policy, target.months) for n in ("none", "peers", "all"))
    return np.log(peers / both) / np.log(none / both)

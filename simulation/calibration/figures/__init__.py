"""Figures that targets name, from the records of a finding: a measure, a figure a rep, or a function of their own.

A target compares two policies (level, relative, difference, ratio), or two groups of reps in that (a ratio of ratios).
"""

from __future__ import annotations

from collections.abc import Mapping

from simulation.calibration.figures import accounts, people, sales
from simulation.calibration.figures.pool import GROUPED, Figure, Pool, figure_of, influence, jackknife, length
from simulation.evidence.measures import MEASURES
from simulation.evidence.targets import Target
from simulation.vocabulary import Array

__all__ = ["Pool", "figure", "influence", "jackknife", "known_figures", "length", "needs"]

OWN: Mapping[str, Figure] = {
    name: member
    for family in (people, sales, accounts)
    for name, member in vars(family).items()
    if callable(member) and getattr(member, "__module__", "") == family.__name__ and not name.startswith("_")
}
"""Figures of their own, by name."""
NEEDS: Mapping[str, tuple[str, ...]] = {
    "starters_stay": ("starters",), "starters_quit": ("starters",), "quit_delay": ("starters",), "after_vesting": ("starters",),
    "curvature": ("top_third", "middle_third", "bottom_third"), "peers_raised": ("raises",), "left_out": ("raises",),
    "effect_size": ("spread",), "effect_correlation": ("spread",), "by_tenure": ("tenure_0", "tenure_8"),
    "ramp_shares": ("ramps",), "accounts_lost": ("accounts",), "lapse_odds": ("outreach",), "lapse_odds_ratio": ("outreach",),
}  # fmt: skip
"""Watches that a figure of its own needs."""


def known_figures() -> frozenset[str]:
    """Names that a target may give under `of`."""
    return frozenset({*MEASURES, *GROUPED, *OWN})


def needs(target: Target) -> tuple[str, ...]:
    """Watches that a target needs."""
    return (*NEEDS.get(target.of, ()), target.group, target.against)


def figure(pool: Pool, target: Target) -> Array:
    """A target's figure by entry: first over all seeds, then without each."""
    if target.of in OWN:
        return OWN[target.of](pool, target)
    found = _changed(pool, target, target.group)
    return found if not target.against else found / _changed(pool, target, target.against)


def _changed(pool: Pool, target: Target, group: str) -> Array:
    """The figure under the policy with, against that without."""
    mine = figure_of(pool, target.of, target.with_policy, target.months, group)
    if target.change == "level":
        return mine
    reference = pool.other or pool
    theirs = figure_of(reference, target.of, target.without_policy or target.with_policy, target.months, group)
    if target.change == "difference":
        return mine - theirs
    return mine / theirs - (target.change == "relative")

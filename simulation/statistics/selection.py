"""Which policies can still be the best: what is settled, what ties, and who needs more seeds.

All policies meet the same luck, so two are compared by their differences seed by seed; with unequal variances nothing changes.
At each look (`looks`), with the limits of `bounds` at the tail p that the looks share:

    settled out    some policy that meets every requirement is better, the lower limit of the difference above 0
    broken         the limits of what is required lie wholly beyond what is allowed
    best           everybody else is out, and what is left meets every requirement
    tie            what is left meets them, and every difference among it lies within the material difference
    none           no policy meets the requirements
    open           anything else: those left need more seeds

A requirement counts as decided, by its mean, where its limits lie within the material difference of that measure around what is
allowed; else a policy that lies exactly on it would be sampled for ever. Who may break a requirement settles nobody out.

The error. Let b be the best of the policies that meet the requirements. Nothing said is wrong unless b looks worse than it is
against one of the others, at any look: k - 1 one-sided statements, whichever policy b is (multiple comparisons with the best,
Hsu 1984; with common random numbers Nelson and Matejcik 1995), and a one-sided statement a policy and requirement. Each has an
equal part of `error`. So with probability 1 - error, all at once and at all looks: nobody settled out is the best, "best" names
it, and every policy of a tie, or called close, is within the material difference of it. All pairs are looked at; only those
with b can mislead.

What is decided is the mean over seeds. Where seeds carry draws of parameters, that is the mean over luck and over what is not
known: the policy that is best on average. The joint interval of the table says how far it hangs on parameters, and stays wide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from simulation.statistics.bounds import bounds
from simulation.statistics.intervals import material_amount, moments
from simulation.vocabulary import Array

if TYPE_CHECKING:
    from simulation.scenario import Material, Scenario

Verdict = Literal["best", "tie", "none", "open"]
NOBODY: Mapping[str, Out] = {}


@dataclass(frozen=True)
class Asked:
    """What is to be decided: the best by `objective` among the policies that meet `require`, as in a scenario.

    `better` is "higher" or "lower"; of an objective without a better side more is taken to be better, as in `recommend`.
    A relative material difference is a share of the mean of policy `baseline`. `error` is for all that is said together.
    """

    objective: str
    better: str
    baseline: str
    require: Mapping[str, tuple[str, float]]
    material: Mapping[str, Material]
    error: float

    @classmethod
    def of(cls, scenario: Scenario, error: float) -> Asked:
        """The question of a scenario."""
        from simulation.evidence.measures import MEASURES

        better = MEASURES[scenario.objective].better
        return cls(scenario.objective, better, scenario.baseline, scenario.require, scenario.material, error)

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures that the answer hangs on."""
        return tuple(dict.fromkeys((self.objective, *self.require)))

    def share(self, policies: int) -> float:
        """The error left to each statement among so many policies."""
        return self.error / max(policies - 1 + policies * len(self.require), 1)


@dataclass(frozen=True)
class Out:
    """Why and when a policy was settled out.

    reason : "worse" than policy `by`; "breaks" the requirement on measure `by`; "no figure" of measure `by` in any seed
    seeds : how many seeds it took
    """

    reason: Literal["worse", "breaks", "no figure"]
    by: str
    seeds: int


@dataclass(frozen=True)
class Selection:
    """What is settled, after a look.

    leader : the best mean of the objective among those left that meet the requirements, by their means; None if there is none
    tied : the policies of a tie, the leader first
    close : policies that are worse, but than none of those left by more than the material difference
    contested : the policies that need more seeds; none unless the verdict is open
    out : the policies that were settled out
    good : whether no other policy that is left can be better than the leader by more than the material difference
    """

    verdict: Verdict
    leader: str | None
    tied: tuple[str, ...]
    close: tuple[str, ...]
    contested: tuple[str, ...]
    out: Mapping[str, Out]
    good: bool


def select(
    values: Mapping[str, Array], policies: Sequence[str], asked: Asked, tail: float, before: Mapping[str, Out] = NOBODY
) -> Selection:
    """Look once.

    Parameters
    ----------
    values : measure -> (policy, seed) [the measure's unit]
        At least `asked.measures`. NaN where a policy was not simulated or has no figure; two policies are compared on the
        seeds that both have.
    policies : keys, in the order of the arrays
    asked : Asked
    tail : float
        One-sided, from `looks.tail_of_bar(asked.share(len(policies)), ...)`.
    before : policies settled out at earlier looks; they stay out
    """
    return _Look(values, policies, asked, tail, before).selection()


class _Look:
    """One look: who is alive, who is known to meet the requirements, and the objective, signed so that more is better."""

    def __init__(
        self, values: Mapping[str, Array], policies: Sequence[str], asked: Asked, tail: float, before: Mapping[str, Out]
    ) -> None:
        self.values, self.policies, self.asked, self.tail = values, list(policies), asked, tail
        self.out = dict(before)
        self.alive = [place for place, key in enumerate(policies) if key not in before]
        self.x = values[asked.objective] * (-1.0 if asked.better == "lower" else 1.0)
        self.mean = self._means()
        self.least = self._material(asked.objective)
        self.met = np.ones(len(policies), dtype=bool)  # requirements met beyond doubt
        self.by_mean = np.ones(len(policies), dtype=bool)  # met by the means

    def selection(self) -> Selection:
        """The verdict."""
        self._drop_without_figure()
        for key, (sign, limit) in self.asked.require.items():
            self._require(key, sign, limit)
        self._drop_worse()
        left = sorted(self.alive, key=lambda place: -self.mean[place])  # ties go to the baseline, which stands first
        fit = [place for place in left if self.by_mean[place]]
        leader = fit[0] if fit else None
        all_met = bool(self.met[left].all())
        within = all_met and all(self._apart(place, left) <= self.least for place in reversed(left))  # the worst first
        if not left:
            return Selection("none", None, (), (), (), self.out, good=False)
        names = tuple(self.policies[place] for place in left)
        if all_met and len(left) == 1:
            return Selection("best", names[0], (), self._close(left), (), self.out, good=True)
        if within:
            return Selection("tie", names[0], names, self._close(left), (), self.out, good=True)
        good = leader is not None and bool(self.met[leader]) and self._apart(leader, left) <= self.least
        waiting = tuple(key for key in self.policies if key in names)
        return Selection("open", None if leader is None else self.policies[leader], (), (), waiting, self.out, good=good)

    def _drop(self, place: int, reason: Literal["worse", "breaks", "no figure"], by: str) -> None:
        """Settle a policy out, at the seeds it has."""
        seeds = int(np.isfinite(self.values[self.asked.objective][place]).sum())
        self.out[self.policies[place]] = Out(reason, by, seeds)
        self.alive.remove(place)

    def _drop_without_figure(self) -> None:
        for place in list(self.alive):
            missing = [key for key in self.asked.measures if not np.isfinite(self.values[key][place]).any()]
            if missing:
                self._drop(place, "no figure", missing[0])

    def _require(self, key: str, sign: str, limit: float) -> None:
        """Settle out who breaks a requirement, and note who meets it."""
        down = 1.0 if sign == "<=" else -1.0  # turned so that at most `limit` is allowed
        rows, near = down * self.values[key][self.alive], self._material(key)
        low, high = bounds(rows, self.tail)
        mean, top = moments(rows)[1], down * limit
        at_limit = (low >= top - near) & (high <= top + near)
        broken = (low > top) | (at_limit & (mean > top))
        met = (high <= top) | (at_limit & (mean <= top))
        for place, is_broken, is_met, seems in zip(list(self.alive), broken, met, mean <= top, strict=True):
            self.met[place] &= is_met
            self.by_mean[place] &= seems
            if is_broken:
                self._drop(place, "breaks", key)

    def _drop_worse(self) -> None:
        """Settle out who is worse than a policy that meets the requirements, the best of those asked first."""
        for rival in sorted(self.alive, key=lambda place: -self.mean[place]):
            if rival not in self.alive or not self.met[rival]:
                continue
            others = [place for place in self.alive if place != rival]
            low, _ = bounds(self.x[rival] - self.x[others], self.tail)
            for place, least in zip(others, low, strict=True):
                if least > 0.0:
                    self._drop(place, "worse", self.policies[rival])

    def _apart(self, place: int, among: Sequence[int]) -> float:
        """By how much one of the others can be better than a policy, at most."""
        others = [other for other in among if other != place]
        _, high = bounds(self.x[others] - self.x[place], self.tail)
        return float(high.max(initial=-np.inf))

    def _means(self) -> Array:
        """Means of the objective on the seeds that all who are alive have; on their own seeds where there is none."""
        shared = np.isfinite(self.x[self.alive]).all(axis=0)
        mean: Array = moments(self.x[:, shared] if shared.any() else self.x)[1]
        return mean

    def _close(self, left: Sequence[int]) -> tuple[str, ...]:
        """Who is out as worse, but not materially, on the seeds that it has."""
        worse = [place for place, key in enumerate(self.policies) if key in self.out and self.out[key].reason == "worse"]
        return tuple(self.policies[place] for place in worse if self._apart(place, left) <= self.least)

    def _material(self, key: str) -> float:
        baseline = self.values[key][self.policies.index(self.asked.baseline)]
        return material_amount(self.asked.material.get(key), float(moments(baseline)[1]))

"""Whether seeds that are added until the best is decided name the wrong policy, and how many runs they take.

    nice python benchmarks/selection.py [REPEATS]

200 pairs of policies of known means, each met REPEATS times (200 unless said) by the very code of `--until-decided`
(`statistics.stopping.add_seeds`) with an error rate of 5%, at most 1,000 seeds and a material difference of 1. The pairs are the
means 0, 0.02, 0.25, 0.5, 0.75, 1.02, 1.5, 2, 3 and 5 apart, the standard deviation of a seed's paired difference 0.5, 1, 2 and 4,
and five shapes: Normal, t with 5 degrees of freedom, lognormal of skewness 1.75 with its long tail to the left and to the right,
and a mixture of two Normals. Policies share their luck and have noise of their own in the ratio 1 to 3, so that variances differ.
Then sets of six policies, of them some with a requirement, and coverage of intervals that were sampled until narrow enough.

    wrong winner    declared best, and worse than the other by more than the material difference
    false best      declared best, and not the best at all: what the error rate of 5% is for
    wrong tie       a tie declared of means that lie more than the material difference apart

Fixed sampling that is to say the same things with the same errors, best or tie and never open, needs (2 z / d)^2 seeds, d the
material difference over the standard deviation and z = 1.645: it must tell 0 from d with 5% on either side. That is the column
`known`, for somebody who knows the standard deviation of each pair beforehand; who does not, needs as many as the most variable
pair does, 174. Fixed sampling that only names the higher mean, and never a tie, needs (z / d)^2 for a wrong winner in 5% of cases
where means are one material difference apart: the last column, or 44 for all. Before it stands after how many seeds no policy
could be better than the leader by more than the material difference, which is the same promise.

Results, 200 repeats (40,000 pairs, about 90 s with all that follows), percent of repeats and mean numbers of seeds:

                  wrong   false   wrong    best     tie    open    seeds    known     good    known
    apart 0        0.00    0.00    0.00    4.10   95.90    0.00     74.8     58.0     28.7     15.0
    apart 0.02     0.00    1.73    0.00    4.30   95.70    0.00     73.5     58.0     28.8     15.0
    apart 0.25     0.00    0.25    0.00   17.88   82.12    0.00     80.9     58.0     28.6     15.0
    apart 0.5      0.00    0.07    0.00   61.88   38.12    0.00     82.2     58.0     26.6     15.0
    apart 0.75     0.00    0.03    0.00   91.42    8.57    0.00     69.9     58.0     24.5     15.0
    apart 1.02     0.00    0.00    1.15   98.85    1.15    0.00     49.9     58.0     22.4     15.0
    apart 1.5      0.00    0.00    0.03   99.97    0.03    0.00     30.4     58.0     19.8     15.0
    apart 2        0.00    0.00    0.00  100.00    0.00    0.00     22.7     58.0     18.2     15.0
    apart 3        0.00    0.00    0.00  100.00    0.00    0.00     18.2     58.0     17.0     15.0
    apart 5        0.00    0.00    0.00  100.00    0.00    0.00     16.6     58.0     16.5     15.0
    Normal         0.00    0.19    0.16   67.91   32.09    0.00     50.5     58.0     22.5     15.0
    t, 5           0.00    0.20    0.07   67.71   32.29    0.00     50.3     58.0     22.7     15.0
    left tail      0.00    0.09    0.07   67.16   32.84    0.00     54.3     58.0     25.3     15.0
    right tail     0.00    0.36    0.14   68.45   31.55    0.00     52.8     58.0     21.9     15.0
    mixture        0.00    0.20    0.14   67.96   32.04    0.00     51.6     58.0     23.2     15.0
    all            0.00    0.21    0.12   67.84   32.16    0.00     51.9     58.0     23.1     15.0

The rate asked for is 5%, and no wrong winner was named. It takes 52 seeds on average. Fixed sampling takes 174 where spreads are
not known, and where they are, 58 at the rate asked for and 103 at the rates met at 0.02 and 1.02. Against 58, near ties are
dearer and clear cases up to three times cheaper, down to the 16 seeds of the first look. Somebody who only wants a policy that is
not materially worse than the best has it after 23, against 44, or 15 with known spreads.

Sets of six policies, 200 repeats: no error in 1,600, and 55 to 99% of the runs that as many seeds for all would take, the least
where most are clearly behind and the most where all are alike. Narrow intervals, 1,000 repeats of three widths: they hold the
truth in 94.9% with Normal differences (95.0% with as many fixed seeds), t 95.0 (95.3), mixture 94.5 (95.4), left tail 93.3
(93.6), right tail 92.6 (94.0), after 101 seeds.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np
from scipy.special import ndtri

from simulation.scenario import Material
from simulation.scenario.until import Until
from simulation.statistics.intervals import t_interval
from simulation.statistics.selection import Asked, Selection
from simulation.statistics.stopping import add_seeds
from simulation.vocabulary import Array

MATERIAL, ERROR, MOST = 1.0, 0.05, 1_000
APART = (0.0, 0.02, 0.25, 0.5, 0.75, 1.02, 1.5, 2.0, 3.0, 5.0)
SPREADS = (0.5, 1.0, 2.0, 4.0)
SHAPES = ("normal", "t5", "left", "right", "mixture")
OWN = 3.0
"""Standard deviation of the better policy's own noise over that of the other."""
Z = 1.645
LEAN = 0.5
"""Of the lognormal's logarithm: skewness 1.75."""


def noise(shape: str, rng: np.random.Generator, size: Any) -> Array:
    """Noise of mean 0 and variance 1."""
    if shape == "t5":
        return np.asarray(rng.standard_t(5, size) / np.sqrt(5.0 / 3.0))
    if shape in ("left", "right"):
        sign = 1.0 if shape == "right" else -1.0
        spread = np.sqrt(np.expm1(LEAN**2) * np.exp(LEAN**2))
        return np.asarray(sign * (np.exp(LEAN * rng.standard_normal(size)) - np.exp(LEAN**2 / 2)) / spread)
    if shape == "mixture":  # one seed in ten is far off: variance 0.9 x 0.5 + 0.1 x 5.5
        return rng.standard_normal(size) * np.sqrt(np.where(rng.random(size) < 0.1, 5.5, 0.5))
    return rng.standard_normal(size)


@dataclass(frozen=True)
class World:
    """Policies of known means under the same luck; `own`: standard deviation of their own noise; `others`: other measures."""

    means: Mapping[str, float]
    own: Mapping[str, float]
    shape: str
    others: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def simulate(self, seed: int) -> Any:
        """What `add_seeds` asks of a simulator, for one repeat."""

        def simulated(policies: Sequence[str], seeds: range) -> dict[str, Array]:
            count, places = len(seeds), list(self.means)
            rng = np.random.default_rng([seed, seeds.start])
            luck = 3.0 * rng.standard_normal(count)
            all_noise = noise(self.shape, rng, (len(places), count))
            rows = {key: self.means[key] + luck + self.own[key] * all_noise[k] for k, key in enumerate(places)}
            found = {"figure": np.stack([rows[policy] for policy in policies])}
            for measure, means in self.others.items():
                error = 0.05 * rng.standard_normal((len(places), count))
                found[measure] = np.stack([means[policy] + error[places.index(policy)] for policy in policies])
            return found

        return simulated


@dataclass(frozen=True)
class Met:
    """One repeat: what was said of whom, after how many runs and seeds, and when the leader was known to be good enough."""

    verdict: str
    said: tuple[str, ...]
    runs: int
    seeds: int
    good: int


def meet(world: World, asked: Asked, seed: int) -> Met:
    """Add seeds until it is decided."""
    good: list[int] = []

    def heard(count: int, found: Any) -> None:
        if isinstance(found, Selection) and found.good and not good:
            good.append(count)

    _, stopping = add_seeds(world.simulate(seed), list(world.means), asked, Until(most=MOST), heard)
    found = stopping.selection
    if found is None:
        raise AssertionError("a decision was asked for")
    said = found.tied or ((found.leader,) if found.leader else ())
    return Met(found.verdict, said, stopping.runs, stopping.looks[-1], good[0] if good else MOST)


def pairs() -> list[World]:
    """The 200 pairs; the second policy is the better."""
    worlds = []
    for apart, spread, shape in product(APART, SPREADS, SHAPES):
        small = spread / np.sqrt(1.0 + OWN**2)
        worlds.append(World({"one": 0.0, "two": apart}, {"one": small, "two": OWN * small}, shape))
    return worlds


def spread_of(world: World) -> float:
    """Standard deviation of a seed's paired difference."""
    return float(np.hypot(*world.own.values()))


@dataclass
class Count:
    """Sums over repeats."""

    met: int = 0
    wrong_winner: int = 0
    false_best: int = 0
    wrong_tie: int = 0
    best: int = 0
    tie: int = 0
    seeds: int = 0
    good: int = 0
    same: float = 0.0  # seeds of fixed sampling that says the same
    higher: float = 0.0  # of fixed sampling that names the higher mean

    def add(self, world: World, met: Met) -> None:
        """One more pair met."""
        means = world.means
        top = max(means.values())
        behind = [top - means[policy] for policy in met.said]
        self.met += 1
        self.wrong_winner += met.verdict == "best" and behind[0] > MATERIAL
        self.false_best += met.verdict == "best" and behind[0] > 0.0
        self.wrong_tie += met.verdict == "tie" and max(behind) > MATERIAL
        self.best += met.verdict == "best"
        self.tie += met.verdict == "tie"
        self.seeds += met.seeds
        self.good += met.good
        once = (Z * spread_of(world) / MATERIAL) ** 2 if len(means) == 2 else np.nan
        self.same += max(np.ceil(4.0 * once), 2.0)
        self.higher += max(np.ceil(once), 2.0)

    def line(self, name: str) -> str:
        """One row of the table: percentages, then mean seeds."""
        n = self.met
        shares = (self.wrong_winner, self.false_best, self.wrong_tie, self.best, self.tie, n - self.best - self.tie)
        means = (self.seeds, self.same, self.good, self.higher)
        return f"{name:24}" + "".join(f"{100 * x / n:8.2f}" for x in shares) + "".join(f"{x / n:9.1f}" for x in means)


def equal_errors(counts: Mapping[str, Count]) -> str:
    """What fixed sampling of known spread takes for the very errors that were met at the two hardest differences."""
    near, far = counts["apart 0.02"], counts["apart 1.02"]
    z = sum(-ndtri(max(wrong, 0.5) / count.met) for wrong, count in ((near.false_best, near), (far.wrong_tie, far)))
    seeds = np.mean([max(np.ceil((z * spread_of(world) / MATERIAL) ** 2), 2.0) for world in pairs()])
    return f"fixed sampling of known spread with the errors met (false best at 0.02, wrong tie at 1.02): {seeds:.1f} seeds"


WORDS = ("wrong", "false", "wrong", "best", "tie", "open")
HEAD = " " * 24 + "".join(f"{word:>8}" for word in WORDS) + "".join(f"{word:>9}" for word in ("seeds", "known", "good", "known"))


def study(repeats: int, first: int = 0) -> dict[str, Count]:
    """All pairs: counts by difference of the means, by shape, and in all."""
    asked = Asked("figure", "higher", "one", {}, {"figure": Material(MATERIAL, relative=False)}, ERROR)
    counts: dict[str, Count] = {}
    for number, world in enumerate(pairs()):
        names = (f"apart {world.means['two']:g}", world.shape, "all")
        for repeat in range(repeats):
            met = meet(world, asked, first + number * 100_000 + repeat)
            for name in names:
                counts.setdefault(name, Count()).add(world, met)
    order = [*(f"apart {apart:g}" for apart in APART), *SHAPES, "all"]
    return {name: counts[name] for name in order}


SETS: Mapping[str, Mapping[str, float]] = {
    "one ahead": {"a": 0.0, "b": 0.0, "c": 0.0, "d": 0.0, "e": 0.0, "f": 1.0},
    "in a row": {"a": 0.0, "b": 0.5, "c": 1.0, "d": 1.5, "e": 2.0, "f": 2.5},
    "two ahead": {"a": 0.0, "b": 0.0, "c": 0.5, "d": 1.0, "e": 3.0, "f": 3.25},
    "all alike": dict.fromkeys("abcdef", 0.0),
}


def sets(repeats: int) -> dict[str, tuple[Count, float]]:
    """Sets of six policies: counts, and runs over those of as many seeds for all."""
    asked = Asked("figure", "higher", "a", {}, {"figure": Material(MATERIAL, relative=False)}, ERROR)
    limited = Asked("figure", "higher", "a", {"left": ("<=", 0.3)}, {"figure": Material(MATERIAL, relative=False)}, ERROR)
    found = {}
    for place, ((name, means), required) in enumerate(product(SETS.items(), (False, True))):
        own = {key: 0.5 + 0.3 * k for k, key in enumerate(means)}
        left = {key: 0.32 if key == "f" else 0.28 for key in means}  # the last breaks the requirement
        world = World(means, own, "right" if place % 2 else "normal", {"left": left} if required else {})
        fit = {key: mean for key, mean in means.items() if not required or key != "f"}
        count, share = Count(), []
        for repeat in range(repeats):
            met = meet(world, limited if required else asked, 10**8 + place * 100_000 + repeat)
            allowed = met if set(met.said) <= set(fit) else Met("best", ("f",), met.runs, met.seeds, met.good)
            count.add(World(fit | ({"f": -9.0} if required else {}), own, world.shape), allowed)
            share.append(met.runs / (len(means) * met.seeds))
        found[name + (", required" if required else "")] = (count, float(np.mean(share)))
    return found


def coverage(repeats: int) -> dict[str, tuple[float, float, float, float]]:
    """By shape: share of 95% intervals that hold the difference once narrow enough, and of as many seeds of other luck.

    Then the mean number of seeds, and the half-width over that asked.
    """
    asked = Asked("figure", "higher", "one", {}, {}, ERROR)
    found = {}
    for place, shape in enumerate(SHAPES):
        held, fresh, seeds, reached = [], [], [], []
        for repeat, width in product(range(repeats), (0.15, 0.25, 0.5)):
            world = World({"one": 0.0, "two": 0.5}, {"one": 0.3, "two": 0.95}, shape)
            until = Until({"figure": Material(width, relative=False)}, most=MOST)
            first = 2 * 10**8 + place * 100_000 + 2 * repeat
            values, stopping = add_seeds(world.simulate(first), list(world.means), asked, until)
            count = stopping.looks[-1]
            other = world.simulate(first + 1)(list(world.means), range(count))
            (_, low, high), (_, fixed_low, fixed_high) = (
                t_interval(rows[1] - rows[0]) for rows in (values["figure"], other["figure"])
            )
            held.append(low <= 0.5 <= high)
            fresh.append(fixed_low <= 0.5 <= fixed_high)
            seeds.append(count)
            reached.append((high - low) / 2.0 / width)
        found[shape] = (float(np.mean(held)), float(np.mean(fresh)), float(np.mean(seeds)), float(np.mean(reached)))
    return found


def main() -> None:
    """Run all three and print them."""
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    started = time.monotonic()
    print(f"{repeats} repeats of each pair and set; percent of repeats, then mean seeds\n{HEAD}")
    counts = study(repeats)
    for name, count in counts.items():
        print(count.line(name))
    print(equal_errors(counts), flush=True)
    print()
    for name, (count, share) in sets(repeats).items():
        print(f"{count.line(name)[:72]}{count.seeds / count.met:9.1f}   runs over seeds for all: {share:.0%}", flush=True)
    print()
    print("narrow enough: share of intervals that hold the truth, of as many fixed seeds, seeds, half-width over asked")
    for shape, (held, fresh, seeds, reached) in coverage(5 * repeats).items():
        print(f"{shape:14}{100 * held:8.1f}{100 * fresh:8.1f}{seeds:9.1f}{reached:9.2f}")
    print(f"{time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()

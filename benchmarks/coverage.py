"""Whether the 95% intervals of the table hold the truth in 95% of cases, with the engine itself.

    nice python benchmarks/coverage.py [REPEATS] [PROCESSES]

The policies `status_quo` (baseline) and `growth_mix` of `scenarios/status_quo.toml`, costs not made equal and by luck alone,
40 seats over 12 months. 2,000 repeats of 32 seeds each, no seed twice: 64,000 seeds. A repeat gives the paired difference
in turnover, revenue and contribution with its interval, by the very code of the table (`compare_measure`). The truth is the mean
difference over all seeds; a repeat's 32 are among them, which makes it 1/4000 too near, nothing beside the error of the share
itself, 0.5 points with 2,000 repeats. `tests/statistics/test_benchmarks.py` has the short version.

Results (six minutes of one core, on a shared machine):

                  held   below   above    difference    half-width  skewness
    turnover     95.05%   2.80%   2.15%   0.0040 1/year     0.0184      0.06
    revenue      94.80%   1.65%   3.55%   1.48m usd/year    0.231m     -0.44
    contribution 95.25%   1.65%   3.10%   0.90m usd/year    0.154m     -0.28

`below` and `above` are the intervals that lie wholly below and above the truth, `skewness` that of a seed's paired difference:
where it is negative, intervals miss more often above. All three lie within 93.5 to 96.5%.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from simulation.experiment.execute import run
from simulation.experiment.work.workers import Workers, workers
from simulation.scenario import read_scenario
from simulation.statistics.compare import compare_measure
from simulation.statistics.measures import measure
from simulation.vocabulary import Array

if TYPE_CHECKING:
    from simulation.scenario import Scenario

MEASURES = ("turnover", "revenue", "contribution")
POLICIES = ("status_quo", "growth_mix")
REPEATS, SEEDS = 2_000, 32
SEATS, MONTHS = 40, 12
AT_ONCE = 2_048
"""Seeds whose records are in memory at a time."""


@dataclass(frozen=True)
class Covered:
    """One measure: the true difference, the share of intervals that hold it, below and above it, and their mean half-width."""

    truth: float
    held: float
    below: float
    above: float
    half: float
    skewness: float


def study() -> Scenario:
    """The baseline and one other policy, by luck alone."""
    scenario = read_scenario(seats=SEATS, months=MONTHS).luck_only()
    kept = [replace(scenario.policy(key), equal_cost=None) for key in POLICIES]
    return replace(scenario, policies=tuple(kept), stress=(), require={})


def figures(scenario: Scenario, seeds: int, crew: Workers) -> dict[str, Array]:
    """Each measure at every seed, (policy, seed)."""
    found: dict[str, list[Array]] = {key: [] for key in MEASURES}
    for first in range(0, seeds, AT_ONCE):
        part = replace(scenario, first_seed=scenario.first_seed + first, seed_count=min(AT_ONCE, seeds - first))
        records = run(part, processes=crew)
        for key, rows in found.items():
            rows.append(measure(records, key))
    return {key: np.concatenate(rows, axis=1) for key, rows in found.items()}


def covered(values: Array) -> Covered:
    """How often the interval of a repeat holds the mean difference over all seeds; `values` are (policy, seed)."""
    difference = values[1] - values[0]
    truth = float(difference.mean())
    repeats = np.split(values, values.shape[1] // SEEDS, axis=1)
    found = [compare_measure(repeat, 0, "higher", None) for repeat in repeats]
    low, high = (np.array([float(one[side][1]) for one in found]) for side in ("diff_low", "diff_high"))
    skewness = float(((difference - truth) ** 3).mean() / difference.std() ** 3)
    held = (low <= truth) & (truth <= high)
    below, above, half = ((high < truth).mean(), (low > truth).mean(), (high - low).mean() / 2)
    return Covered(truth, float(held.mean()), float(below), float(above), float(half), skewness)


def main() -> None:
    """Run and print a line a measure."""
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else REPEATS
    processes = int(sys.argv[2]) if len(sys.argv) > 2 else None
    scenario, started = study(), time.monotonic()
    with workers(processes, rep_months=repeats * SEEDS * SEATS * MONTHS * len(POLICIES)) as crew:
        values = figures(scenario, repeats * SEEDS, crew)
    print(f"{repeats} repeats of {SEEDS} seeds, {time.monotonic() - started:.0f} s")
    print(f"{'':14}{'held':>8}{'below':>8}{'above':>8}{'difference':>14}{'half-width':>14}{'skewness':>10}")
    for key, figure in values.items():
        c = covered(figure)
        shares = "".join(f"{100 * share:7.2f}%" for share in (c.held, c.below, c.above))
        print(f"{key:14}{shares}{c.truth:14,.5g}{c.half:14,.4g}{c.skewness:10.2f}")


if __name__ == "__main__":
    main()

"""Whether the calibration finds parameters again that it is told nothing of: known truths, simulated figures, intervals.

    python benchmarks/truth_recovery.py [TRUTHS] [PROCESSES]

Each truth is a set of values drawn from the priors of `evidence/calibration.toml`. The figures of all findings that parameters
are fitted to are simulated under it with other seeds, and then fitted as if they were published, each as precisely as its
simulation is. Printed: for every parameter, in how many truths it was identified, and in how many of these its 90% interval
holds the truth. `tests/calibration/test_recovery.py` is the short version.
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from dataclasses import replace

import numpy as np

from simulation.calibration.configuration import Configuration, read_configuration
from simulation.calibration.figures import length
from simulation.calibration.fit import fit
from simulation.calibration.ledger import Ledger
from simulation.calibration.problem import Moment, Problem
from simulation.calibration.published import Published
from simulation.experiment.workers import Workers, workers

OTHER_SEEDS = 5000
TRUTHS, SEED = 10, 11
EDGE = 0.1
"""Share of a range, at either end, in which no truth lies."""


def main(truths: int, processes: int) -> None:
    """Fit so many truths, and print what was found again."""
    configuration = read_configuration()
    held: dict[str, list[bool]] = defaultdict(list)
    started = time.monotonic()
    with workers(processes, rep_months=0) as crew:
        for k in range(truths):
            for name, inside in recovered(configuration, crew, np.random.default_rng(SEED + k)).items():
                held[name].append(inside)
            print(f"truth {k + 1} of {truths}, {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    print("parameter                          identified   truth in the 90% interval")
    for unknown in configuration.unknowns:
        found = held.get(unknown.path, [])
        print(f"{unknown.path:34s} {len(found):2d} of {truths:2d}     {f'{sum(found):2d} of {len(found):2d}' if found else '-'}")
    every = [inside for found in held.values() for inside in found]
    print(f"all: {sum(every)} of {len(every)}, {np.mean(every):.0%}")


def recovered(configuration: Configuration, crew: Workers, luck: np.random.Generator) -> dict[str, bool]:
    """One truth: for every parameter identified, whether its interval holds the truth."""
    z = np.array([drawn(unknown.prior, unknown.bounds, luck) for unknown in configuration.unknowns])
    shown = Published(configuration.findings, {}, crew, Ledger())
    other = tuple(
        replace(one, scenario=replace(one.scenario, first_seed=one.scenario.first_seed + OTHER_SEEDS)) for one in shown.findings
    )
    truth = {unknown.key: unknown.value(float(x)) for unknown, x in zip(configuration.unknowns, z, strict=True)}
    figures, influences = (x[0] for x in Published(other, {}, crew, Ledger())([truth]))
    noise = length(influences)
    moments = tuple(
        Moment(name, float(x), float(s), float(s)) for name, x, s in zip(shown.names, figures, noise, strict=True) if s > 0.0
    )
    found = fit(Problem(configuration.unknowns, moments, shown))
    return {
        unknown.path: found.interval(k)[0] <= truth[unknown.key] <= found.interval(k)[1]
        for k, unknown in enumerate(configuration.unknowns)
        if found.identified[k]
    }


def drawn(prior: tuple[float, float], bounds: tuple[float, float], luck: np.random.Generator) -> float:
    """A value on the fit's scale from the prior, away from the ends of the range."""
    edge = EDGE * (bounds[1] - bounds[0])
    return float(np.clip(luck.normal(*prior), bounds[0] + edge, bounds[1] - edge))


if __name__ == "__main__":
    given = [int(text) for text in sys.argv[1:]]
    main(*(given + [TRUTHS, 2][len(given) :]))

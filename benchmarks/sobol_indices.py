"""How far Sobol indices err, and how often their intervals hold the truth, on functions with known indices and known luck.

    python benchmarks/sobol_indices.py [RUNS]

First table: root mean squared error of first, total and second orders with 128 rows, over designs, as it is and as a multiple of
what Saltelli's products of levels err by on the same points. Second table: share of indices inside their 95% intervals, and
how wide these are over what the estimates really vary by. Results stand in DECISIONS.md.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import numpy as np

from simulation.statistics.sensitivity.sobol import Indices, sobol_design, sobol_indices
from simulation.vocabulary import Array

ROWS, RESAMPLES = 128, 200
SLOPES = np.array([1.0, 0.8, 0.6, 0.4, 0.3, 0.2, 0.1, 0.05])
G = np.array([0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0])


def ishigami(u: Array) -> Array:
    """Three factors, one of which matters only together with another."""
    x = np.pi * (2.0 * u - 1.0)
    return np.sin(x[..., 0]) + 7.0 * np.sin(x[..., 1]) ** 2 + 0.1 * x[..., 2] ** 4 * np.sin(x[..., 0])


def g_function(u: Array) -> Array:
    """A product of eight factors."""
    return np.prod((np.abs(4.0 * u - 2.0) + G) / (1.0 + G), axis=-1)


def additive(u: Array) -> Array:
    """A sum of eight factors."""
    return u @ SLOPES


FUNCTIONS: dict[str, tuple[Callable[[Array], Array], int]] = {
    "Ishigami": (ishigami, 3), "Sobol g": (g_function, 8), "sum": (additive, 8),
}  # fmt: skip


def saltelli(y: Array) -> tuple[Array, Array]:
    """First and second orders by products of levels, both ways round, over the variance of all points."""
    k = (y.shape[1] - 2) // 2
    y = y - y.mean()
    a, b, ab, ba = y[:, :1], y[:, -1:], y[:, 1 : k + 1], y[:, k + 1 : 2 * k + 1]
    one, other = (b * (ab - a)).mean(axis=0), (a * (ba - b)).mean(axis=0)
    both = (ba.T @ ab) / len(y) - (a * b).mean() - one[:, None] - one
    return 0.5 * (one + other) / y.var(), 0.5 * (both + both.T) / y.var()


def errors(runs: int) -> None:
    """Print the first table."""
    print(f"{'':10}{'first':>18}{'total':>10}{'second':>18}")
    for name, (function, k) in FUNCTIONS.items():
        upper = np.triu_indices(k, 1)
        truth = sobol_indices(function(sobol_design(2**15, k, 1))[..., None], resamples=1)
        ours, theirs = [], []
        for run in range(runs):
            y = function(sobol_design(ROWS, k, run + 10))
            found = sobol_indices(y[..., None], resamples=1)
            ours.append([found.first.value, found.total.value, found.second.value[upper]])
            first, second = saltelli(y)
            theirs.append([first, second[upper]])
        known = [truth.first.value, truth.total.value, truth.second.value[upper]]
        own = [_off([run[part] for run in ours], known[part]) for part in range(3)]
        levels = [_off([run[part] for run in theirs], known[2 * part]) for part in range(2)]
        print(f"{name:10}{own[0]:10.3f} x{own[0] / levels[0]:5.2f}{own[1]:11.3f}{own[2]:10.3f} x{own[2] / levels[1]:5.2f}")


def _off(found: list[Array], known: Array) -> float:
    return float(np.sqrt(np.mean((np.array(found) - known) ** 2)))


def with_luck(run: int, seeds: int, share: float, *, smooth: bool) -> Indices:
    """Indices of the sum whose points' means have a share of luck: each point's own, or of slopes that each seed draws."""
    rng = np.random.default_rng(run)
    design = sobol_design(ROWS, len(SLOPES), run)
    variance = (SLOPES**2).sum() / 12.0 * share / (1.0 - share) * seeds
    if smooth:
        luck = (design - 0.5) @ rng.normal(0.0, np.sqrt(12.0 * variance / len(SLOPES)), (len(SLOPES), seeds))
    else:
        luck = rng.normal(0.0, np.sqrt(variance), (*design.shape[:2], seeds))
    return sobol_indices(additive(design)[..., None] + luck, source=run, resamples=RESAMPLES)


def coverage(runs: int) -> None:
    """Print the second table."""
    truth = SLOPES**2 / (SLOPES**2).sum()
    print(f"\n{'luck':10}{'share':>7}{'seeds':>7}{'held':>9}{'width':>9}{'luck found':>12}")
    for smooth in (False, True):
        for share, seeds in ((0.0, 1), (0.05, 8), (0.2, 8), (0.1, 4)):
            if share == 0.0 and smooth:
                continue
            found = [with_luck(run, seeds, share, smooth=smooth) for run in range(runs)]
            held = np.mean([(one.total.low <= truth) & (truth <= one.total.high) for one in found])
            real = np.std([one.total.value for one in found], axis=0)
            width = np.mean([(one.total.high - one.total.low) / 3.92 for one in found], axis=0)
            noise = np.mean([one.noise.value for one in found])
            kind = "smooth" if smooth else "white" if share else "none"
            print(f"{kind:10}{share:7.2f}{seeds:7d}{held:9.2f}{np.mean(width / real):9.2f}{noise:12.3f}")


if __name__ == "__main__":
    asked = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    errors(asked)
    coverage(asked)

"""Which indices may be told as numbers, and why others may not.

An index is "not converged" where
- its 95% interval is wider than `WIDEST`;
- the interval lies wholly below 0 or above 1, where no share of a variance can be;
- of a factor the first order lies above the total, beyond the interval of their difference;
and all indices of a figure where
- the interval of their variance, luck taken out, reaches zero;
- fewer than `KNOWN` of the samples have all their figures;
and all first orders where their sum lies above 1, beyond its interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from simulation.statistics.sensitivity.sobol import Estimate, Indices

NOT_CONVERGED = "not converged"
WIDEST = 0.3
KNOWN = 0.75

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Told:
    """What may be told of a figure's indices: yes or no an index, and sentences on what may not.

    first, total : (factor,)
    second : (factor, factor)
    """

    first: Flags
    total: Flags
    second: Flags
    reasons: tuple[str, ...]

    @property
    def anything(self) -> bool:
        """Whether any factor's share may be told; pairs alone say little."""
        return bool(self.first.any() or self.total.any())


def told_of(indices: Indices) -> Told:
    """Which of a figure's indices have converged."""
    count = len(indices.first.value)
    all_wrong = _all_wrong(indices)
    if all_wrong:
        none = np.zeros(count, dtype=bool)
        return Told(none, none, np.zeros((count, count), dtype=bool), (all_wrong,))
    turned = indices.beyond.high < 0.0
    over = bool(indices.summed.low > 1.0)
    first = _narrow(indices.first) & _possible(indices.first) & ~turned & (not over)
    total = _narrow(indices.total) & _possible(indices.total) & ~turned
    second = _narrow(indices.second) & _possible(indices.second)
    wide = sum(int((~_narrow(one)).sum()) for one in (indices.first, indices.total))
    wide += int((~_narrow(indices.second))[np.triu_indices(count, 1)].sum())
    reasons = []
    if wide:
        reasons.append(f"{wide} {'index has an interval' if wide == 1 else 'indices have intervals'} wider than {WIDEST:g}")
    if over:
        reasons.append(f"first orders sum to {float(indices.summed.value):.2f}, more than the whole")
    if turned.any():
        reasons.append(f"{int(turned.sum())} first orders lie above their totals")
    return Told(first, total, second, tuple(reasons))


def _all_wrong(indices: Indices) -> str:
    """Why no index of a figure may be told; empty where some may."""
    if not indices.variance.low > 0.0:
        return "what the factors do cannot be told from luck; more --seeds or --samples"
    if indices.rows < KNOWN * indices.asked:
        return f"{indices.asked - indices.rows} of {indices.asked} samples have points without a figure; vary less widely"
    return ""


def _narrow(estimate: Estimate) -> Any:
    with np.errstate(invalid="ignore"):
        return ~(estimate.high - estimate.low > WIDEST)


def _possible(estimate: Estimate) -> Any:
    with np.errstate(invalid="ignore"):
        return ~((estimate.high < 0.0) | (estimate.low > 1.0))

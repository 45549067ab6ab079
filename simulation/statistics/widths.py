"""Whether intervals are narrow enough: sampling until a difference is known as exactly as asked.

    stop when   t(n - 1) s / sqrt(n) < half-width asked,   at one of the looks, from 16 seeds on

for every policy's paired difference from the baseline, and every measure asked for (Chow and Robbins 1965). The interval is the
table's ordinary 95% one. Stopping favours samples whose variance came out small, so its coverage is a little below that of as
many fixed seeds: by 0.1 to 1.4 points in `benchmarks/selection.py`, the most with skewness 1.7. It is no more because looks are
few and the first has 16 seeds; nothing is spent on looking.

Where seeds carry draws of parameters, s is the spread over luck and draws: the part of the interval that seeds can narrow. What
parameters add to the joint interval of the table stays, however many seeds there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulation.statistics.intervals import half_width, material_amount, moments
from simulation.vocabulary import Array

if TYPE_CHECKING:
    from simulation.scenario import Material


@dataclass(frozen=True)
class Width:
    """What was asked of a measure and what was reached, half-widths in its unit.

    widest : of the policies' differences; NaN where none has a figure
    policy : whose that is
    """

    measure: str
    asked: float
    widest: float
    policy: str | None


@dataclass(frozen=True)
class Narrowed:
    """What a look found: each measure's widest interval, and the policies that need more seeds."""

    widths: tuple[Width, ...]
    contested: tuple[str, ...]


def narrow(values: Mapping[str, Array], policies: Sequence[str], baseline: str, asked: Mapping[str, Material]) -> Narrowed:
    """Look once.

    Parameters
    ----------
    values : measure -> (policy, seed) [the measure's unit]
        At least those asked for; NaN where a policy was not simulated or has no figure. A policy without a figure in any seed
        is not waited for.
    policies : keys, in the order of the arrays
    baseline : the key of the policy that differences are taken from
    asked : measure -> half-width
    """
    place = list(policies).index(baseline)
    widths, wide = [], set()
    for key, amount in asked.items():
        x = values[key]
        count, _, variance = moments(x - x[place])
        half = half_width(variance / np.maximum(count, 1), count)
        half[(count == 1) | ((count == 0) & np.isfinite(x).any(axis=-1) & np.isfinite(x[place]).any())] = np.inf
        least = material_amount(amount, float(moments(x[place])[1]))
        wide |= {policy for policy, h in zip(policies, half, strict=True) if h >= least}
        found = {policy: float(h) for policy, h in zip(policies, half, strict=True) if policy != baseline and h >= 0.0}
        widest = max(found, key=lambda policy: found[policy], default=None)
        widths.append(Width(key, least, found[widest] if widest else np.nan, widest))
    return Narrowed(tuple(widths), tuple(policy for policy in policies if policy in wide and policy != baseline))

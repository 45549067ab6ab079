"""Reasons made up by hand: why policies differ, without running their levers apart."""

from __future__ import annotations

import numpy as np

from simulation.evidence.reasons import TERMS
from simulation.levers import catalogue
from simulation.statistics.reasons import MEASURES_SPLIT, Estimate, Reasons, Share, Shift, Split, _table

SIZES = {"turnover": 0.05, "revenue": 2e6, "contribution": 1e6}
"""Of a lever's share in each measure."""


def made_reasons(keys, labels, *, levers=4, seed=3, scale=1.0, seeds=16):
    """Reasons of policies, the first the baseline: terms and shares of some size with intervals; sums are whole.

    Half of the terms are too small to be seen; the second lever's share is not decided.
    """
    rng = np.random.default_rng(seed)
    names = list(catalogue())[:levers]
    by_reason, of_all, by_lever = {}, {}, {}
    for key in keys:
        sizes = scale * rng.normal(0.0, 0.2, len(TERMS)) * (np.arange(len(TERMS)) % 2 == 0)
        first = key == keys[0]
        by_reason[key] = {
            term: Shift(-1.0 + size, None if first else _around(size, 0.2)) for term, size in zip(TERMS, sizes, strict=True)
        }
        of_all[key] = Shift(-11.0 + sizes.sum(), None if first else _around(sizes.sum(), 0.2))
        if not first:
            shares = {measure: scale * SIZES[measure] * rng.normal(size=levers) for measure in MEASURES_SPLIT}
            by_lever[key] = {measure: _split(names, sizes) for measure, sizes in shares.items()}
    return Reasons(by_reason, of_all, by_lever, seeds, _table(by_reason, by_lever, dict(zip(keys, labels, strict=True))))


def _split(names, sizes):
    """Shares of these sizes; with three or more levers a tenth comes from all together."""
    together = 0.1 * abs(sizes).sum() if len(names) > 2 else 0.0
    shares = {
        name: Share(_around(size, 2.0 if place == 1 else 0.2), size * 0.9, size * 1.1)
        for place, (name, size) in enumerate(zip(names, sizes, strict=True))
    }
    return Split(_around(sizes.sum() + together, 0.3), shares, _around(together, 3.0))


def _around(mean, part):
    """A figure whose interval is as wide on either side as a part of it."""
    return Estimate(float(mean), float(mean - part * abs(mean)), float(mean + part * abs(mean)))

"""Small synthetic ensembles, handed in where tests speak of draws."""

from __future__ import annotations

import numpy as np

from simulation.evidence.ensemble import Ensemble
from simulation.evidence.read import shipped_parameters

SLOPES = ("leaving.pay_slope", "leaving.fit_slope", "selling.price_slope", "learning.start_productivity")
DRAWS = 32


def made_ensemble(names=SLOPES, *, spread=0.2, pack="saas_mid_market", responses=None, draws=DRAWS):
    """Draws around the shipped values with a standard deviation of `spread` times a quarter of each range.

    `responses` are {(owner, parameter): response} of `pack`; a spread of 0 holds the shipped values in every draw.
    """
    rows = tuple(shipped_parameters().rows[tuple(name.split("."))] for name in names)
    sizes = np.array([(row.high - row.low) / 4 for row in rows])
    normal = np.random.default_rng(11).standard_normal((draws, len(rows)))
    values = np.array([row.value for row in rows]) + spread * sizes * normal
    moves = {}
    for (owner, name), response in (responses or {}).items():
        moves.setdefault(tuple(owner.split(".")), np.zeros(len(rows)))[names.index(name)] = response
    return Ensemble(rows, values, {pack: moves} if pack else {}, f"made {spread}")

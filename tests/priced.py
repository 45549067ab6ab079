"""Ledgers of rep-months and static prices made up by hand: replays and reports are tested without an engine."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulation.rep_months import COUNTS, FIGURES, FIRM, FIXED, REGIONAL, START
from simulation.statistics.last_year import CELLS
from simulation.statistics.static_price import MONEY, SHARES, StaticPrice


def made_ledger(months, seats, *, seeds=1, regions=1, **given):
    """A ledger in which long-serving reps of the first segment sit everywhere and sell nothing, but for what is given.

    Of months, (month, seat) or what broadcasts to it, from month 0 on; `tenure`, `filled` and `segment` hold at a month's start.
    """
    shape = (seeds, months + 1, seats)
    ledger = {name: np.zeros(shape, dtype=kind) for name, kind in COUNTS.items()}
    ledger |= {name: np.zeros(shape) for name in (*FIGURES, "list_value")}
    ledger |= {name: np.zeros((seeds, months + 1, regions)) for name in REGIONAL}
    ledger |= {name: np.ones((seeds, months + 1, 1)) for name in FIRM}
    ledger |= {name: np.full((seeds, seats), 10_000.0) for name in FIXED}
    ledger |= {f"start.{name}": np.zeros((seeds, seats)) for name in START}
    ledger["start.period_quota"], ledger["start.record"] = np.ones((seeds, seats)), np.ones((seeds, seats))
    ledger["start.months_left"] = np.ones((seeds, 1))
    ledger["filled"][:] = 1
    ledger["tenure"][:] = 60 + np.arange(months + 1)[:, None]
    for name, value in given.items():
        if name in FIXED:
            ledger[name][:] = value
        else:
            late = name not in ("filled", "tenure", "segment")
            ledger[name][:, late : months + late] = np.broadcast_to(value, (months, seats))
    return ledger


def made_price(keys, labels, *, seed=5, wedge=1.0, losing=0.3):
    """Static prices of policies, the first the baseline: figures of some size with intervals, wedges and losers as asked."""
    rng = np.random.default_rng(seed)
    count = len(keys)
    columns = {"label": list(labels)}
    change, answer = 2e6 * rng.normal(size=count), wedge * 5e5 * rng.normal(size=count)
    change[0] = answer[0] = 0.0
    money = {
        "static": 2e7 + change, "lived": 2e7 + change + answer, "wedge": answer, "change_static": change,
        "change_lived": change + answer,
    }  # fmt: skip
    part = losing * rng.random(count)
    part[0] = 0.0
    shares = {key: part * (0.4 if key.endswith("10") else 1.0) for key in SHARES}
    for key, mean in {**{key: money[key] for key in MONEY}, **shares}.items():
        half = 0.1 * np.abs(mean)
        columns |= {f"{key}_mean": mean, f"{key}_low": mean - half, f"{key}_high": mean + half}
    columns["wedge_decided"] = ["same" if value == 0.0 else "higher" if value > 0.0 else "lower" for value in answer]
    columns["reps"] = np.full(count, 160.0)
    policies = pd.DataFrame(columns, index=pd.Index(keys, name="policy"))
    cells = len(CELLS)
    relative = 0.1 * rng.normal(size=count * cells)
    groups = pd.DataFrame({
        "policy": np.repeat(keys, cells), "tenure": [b for _ in keys for b, _ in CELLS],
        "segment": [m for _ in keys for _, m in CELLS], "share": np.full(count * cells, 0.04),
        **{f"{key}_{side}": relative * size * factor
           for key, size in (("change", 1e5), ("relative", 1.0), ("losing5", 0.0), ("losing10", 0.0))
           for side, factor in (("mean", 1.0), ("low", 0.8), ("high", 1.2))},
    })  # fmt: skip
    return StaticPrice(policies, groups, seeds=16, months=36, year=12, deferred=True)

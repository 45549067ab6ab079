"""Synthetic sweeps: figures made from settings by a formula, with luck that all points share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from simulation.evidence.measures import MEASURES
from simulation.experiment.design.design import make_design, read_factors
from simulation.scenario import Scenario, read_scenario
from simulation.statistics.swept import Swept, sweep_table

STUDY = """
title = "A study"
world = ["worlds/saas_mid_market.toml"]
baseline = "today"
months = 24
seats = 40
seeds = { first = 7, count = 8 }
require = { turnover = "<= 0.40" }

[policies.today]
commission = { base_share = 0.5, rate = 0.10, tiers = [[1.0, 1.5]], cap = 2.5 }

[policies.mix]
like = "today"
label = "Mix"
autonomy = { discount_authority = 0.15 }

[policies.other]
like = "today"
equity = { grant = 0.1, vesting = 24 }
"""
RATE, PERIOD, TIERS, BASE = (f"policies.mix.commission.{name}" for name in ("rate", "period", "tiers", "base_share"))
EQUITY, GRANT, SLOPE = "policies.mix.equity", "policies.mix.equity.grant", "parameters.leaving.pay_slope"
Effect = Callable[[Mapping[str, Any], str], tuple[float, float]]
"""From settings and a policy's key to contribution [usd/year] and turnover [1/year], over the baseline's."""


def study(folder: Path, text: str = STUDY) -> Scenario:
    """A small scenario with point values of all parameters."""
    file = folder / "study.toml"
    file.write_text(text, encoding="utf-8")
    return read_scenario(file, luck_only=True)


def bent(settings: Mapping[str, Any], policy: str) -> tuple[float, float]:
    """A rate that is best at 0.12, months that pay less than quarters, and less turnover the more is paid."""
    rate = settings.get(RATE, 0.1)
    rate = 0.1 if rate in (None, "none") else rate
    gain = -4e8 * (rate - 0.12) ** 2 + {"month": -3e5, "year": 2e5}.get(settings.get(PERIOD), 0.0)
    gain += 2e5 * (settings.get(EQUITY) == "typical") + 1e6 * (settings.get(BASE, 0.5) or 0.5) + (policy == "other") * 1e5
    return gain, 0.06 - 1.2 * (rate - 0.08)


def made_sweep(
    scenario: Scenario, texts: Sequence[str], kind: str = "grid", *, effect: Effect = bent, level: float = 12e6,
    noise: float = 1e5, good: float = 0.0, **options: Any,
) -> Swept:  # fmt: skip
    """A sweep whose figures are those of a formula, plus luck.

    In a world of another pay slope than 3 everybody earns `good` more per unit of it, the baseline as well.
    """
    design = make_design(kind, read_factors(texts, scenario), scenario, **options)
    rows = [effect(point.settings, policy) for point in design.points for policy in design.subjects]
    luck = np.random.default_rng(5)
    shape = (len(rows), scenario.seed_count)
    values, base = {}, {}
    for key in MEASURES:
        common = luck.normal(size=(1, scenario.seed_count))
        base[key] = 1.0 + 0.05 * common
        values[key] = base[key] + 0.05 * luck.normal(size=shape)
    gain, turnover = np.array(rows).T[:, :, None]
    luck_of_money = 5e5 * luck.normal(size=(1, scenario.seed_count))
    base |= {"contribution": level + luck_of_money, "revenue": 3 * level + luck_of_money, "turnover": base["turnover"] * 0.35}
    values["contribution"] = base["contribution"] + gain + noise * luck.normal(size=shape)
    values["revenue"] = base["revenue"] + 2 * gain + 2 * noise * luck.normal(size=shape)
    values["turnover"] = base["turnover"] + turnover + 0.01 * luck.normal(size=shape)
    if not good:
        return sweep_table(scenario, design, values, base)
    slopes = [point.settings.get(SLOPE, 3.0) for point in design.points for _ in design.subjects]
    world = good * (np.array(slopes)[:, None] - 3.0)
    values["contribution"] = values["contribution"] + world
    under = {key: figure + (world if key == "contribution" else 0.0 * world) for key, figure in base.items()}
    return sweep_table(scenario, design, values, under, level=base)

"""Sensitivity analyses of a made-up organisation: figures from settings and parameters by a formula, with luck of known size."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from simulation.scenario import Scenario, read_scenario
from simulation.statistics.sensitivity.analyse import Request, analyse
from simulation.statistics.sensitivity.space import factors_asked

STUDY = """
title = "A study"
world = ["worlds/saas_mid_market.toml"]
baseline = "today"
months = 24
seats = 20
seeds = { first = 7, count = 4 }

[policies.today]
commission = { base_share = 0.5, rate = 0.10, tiers = [[1.0, 1.5]], cap = 2.5 }

[policies.mix]
like = "today"
label = "Mix"
commission = { rate = 0.08, cap = 2.0, tiers = [[1.0, 2.0]], period = "month", ramp_quota = false }
autonomy = { discount_authority = 0.15 }
failure_tolerance = { cost_cover = 0.8 }

[policies.other]
like = "today"
equal_cost = { to = "today", by = "commission.rate" }
equity = { grant = 0.1, vesting = 24 }
"""
RATE, PERIOD, AUTONOMY = "policies.mix.commission.rate", "policies.mix.commission.period", "policies.mix.autonomy"
SLOPE = "parameters.leaving.pay_slope"
KEYS = ("contribution", "turnover")
RATES = f"{RATE}=0.06:0.10"
VARIED = (RATES, f"{PERIOD}=month,quarter,year", f"{AUTONOMY}=off,on")


def study(folder: Path, text: str = STUDY) -> Scenario:
    """A small scenario with point values of all parameters."""
    file = folder / "study.toml"
    file.write_text(text, encoding="utf-8")
    return read_scenario(file, luck_only=True)


class Made:
    """Runs variants by a formula, and remembers what it was asked for.

    contribution = 100 rate / 0.04 + {month 0, quarter 3, year 9} + 5 with autonomy, + 50 slope in every policy alike
    turnover is luck alone. Luck: a part a seed, and one of standard deviation `noise` that meets each variant by itself.
    """

    def __init__(self, seeds: int, *, noise: float = 0.0, refuse: float = np.inf) -> None:
        self.seeds, self.noise, self.refuse = seeds, noise, refuse
        self.asked = []
        self.rng = np.random.default_rng(3)

    def __call__(self, variants, what):
        """Figures of some variants, and what was refused."""
        self.asked.append((what, list(variants)))
        level = np.array([self.level(variant) for variant in variants])
        refused = {v.moved: "the world has no steady start" for v in variants if dict(v.moved).get(KEY, 0.0) > self.refuse}
        level[[variant.moved in refused for variant in variants]] = np.nan
        shape = (len(variants), self.seeds)
        luck = np.arange(self.seeds) + self.rng.normal(0.0, 1.0, shape) * self.noise
        return {"contribution": level[:, None] + luck, "turnover": self.rng.normal(0.0, 1.0, shape)}, refused

    @staticmethod
    def level(variant) -> float:
        """Contribution without luck."""
        levers = variant.policy.levers
        commission = levers["commission"]
        own = 100.0 * commission.rate / 0.04 + {"month": 0.0, "quarter": 3.0, "year": 9.0}[commission.period]
        return own + 5.0 * (not levers["autonomy"].is_neutral()) + 50.0 * dict(variant.moved).get(KEY, 0.0)


KEY = ("leaving", "pay_slope")


def analysed(scenario: Scenario, *vary: str, level: bool = False, measures=("contribution",), kept: int = 8, **how):
    """An analysis of the made-up organisation, and who ran it."""
    policy = scenario.policy("mix")
    factors, _ = factors_asked(scenario, policy, vary, alone=True)
    run = Made(scenario.seed_count, **how)
    request = Request(tuple(measures), level, trajectories=12, samples=128, kept=kept, resamples=100)
    return analyse(scenario, policy, factors, run, request), run

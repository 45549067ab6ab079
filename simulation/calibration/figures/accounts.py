"""Figures of customers, and of packs: accounts a leaver leaves, outreach, headline numbers."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
from scipy.special import expit, logit

from simulation.calibration.figures.pool import Pool
from simulation.calibration.solve import headline_numbers
from simulation.evidence.targets import Target
from simulation.vocabulary import Array


def accounts_lost(pool: Pool, target: Target) -> Array:
    """Share of a leaver's accounts, by value, lost because it left, in the twelve months after."""
    lost, left = (pool.total(key, target.with_policy, target.months) for key in ("book_lost", "left_behind"))
    return np.asarray(lost / left)


def lapse_odds(pool: Pool, target: Target) -> Array:
    """Odds of leaving, of the customers who were contacted, over the odds of the same customers left alone.

    Left alone, a warned customer's odds are those that the rule of rescue starts from.
    """
    row = target.with_policy
    treated = pool.total("treated", row, target.months)
    saved = pool.total("saved", row, target.months)
    stays = expit(float(pool.scenario.parameters.customers.at_risk_log_odds))
    return np.asarray(np.exp(logit(1.0 - stays - saved / treated) - logit(1.0 - stays)))


def lapse_odds_ratio(pool: Pool, target: Target) -> Array:
    """The same of one choice of whom to contact over another."""
    return lapse_odds(pool, target) / lapse_odds(pool, replace(target, with_policy=target.without_policy))


def headline_gap(pool: Pool, target: Target) -> Array:
    """Largest relative distance of what a pack shows from the headline numbers it is asked for."""
    block: Any = SimpleNamespace(sums=pool.sums, groups={}, spells=None)
    shown = headline_numbers(block, pool.asked)
    row = pool.place(target.with_policy)
    gaps = [np.abs(shown[key][row] / asked - 1.0) for key, asked in pool.asked.items()]
    return np.asarray(np.max(gaps, axis=0))

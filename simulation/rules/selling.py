"""From leads to deals.

    arrivals  = leads x ability x ramp x hunting output
    the pipeline N follows dN/dt = arrivals - (c + stale) N within the month, c = (1 / cycle) x hunting^(closing share) x pushes
    win log-odds = base + skill + playbook + price slope x discount + private knowledge (1 - exp(-A / .06)) + pushes
                   - saturation - competitors - complexity x hands x (1 - coordination)
    deals     ~ Poisson(closings x win chance);  value of n deals lognormal with sigma_n^2 = log(1 + cv^2 / n)
    discount  = A expit(base + gain G n + 1.2 A / .3 - 1.5 [margin pay]),  G = max(0, 1 - .9 r_next / r)

Opportunities are a flow: thinning a Poisson stream leaves Poisson wins, so the wins are drawn and the pipeline is its mean.
Key accounts are larger, slower and need more hands; they have a pipeline of their own.
The concession rule gives an inverted U of profit in authority, and the price of a steep accelerator (larkin2014).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simulation.curves import expit
from simulation.evidence.read import Parameters
from simulation.vocabulary import PerPolicy, PerSeat, Push


class Flow(NamedTuple):
    """A month of a pipeline, in opportunities."""

    stock: PerSeat  # at the month's end
    mean_stock: PerSeat  # average over the month
    closings: PerSeat  # decided, won or lost
    stale: PerSeat  # gone quiet


def ability(talent: PerSeat, peers: PerSeat, knowledge: PerSeat, p: Parameters) -> PerSeat:
    """Ability as a multiple of the median; shared knowledge closes part of the gap to abler teammates.

    `peers` is the mean talent of the team's reps, in the same standard deviations.
    """
    gap = np.maximum(peers - talent, 0.0)
    return np.exp(p.people.ability_sigma * (talent + p.learning.gap_closed * knowledge * gap))


def pace_of_closing(hunting: PerSeat, push: Push, p: Parameters) -> PerSeat:
    """Multiple of the ordinary rates of closing: more hunting and fewer approvals bring decisions sooner."""
    return np.exp(p.selling.closing_share * np.log(hunting) + push)


def closing_rate(pace: PerSeat, cycle_multiple: float, p: Parameters) -> PerSeat:
    """Rate at which an open opportunity is decided, 1/month."""
    return p.market.close_rate / cycle_multiple * pace


def flow(stock: PerSeat, arrivals: PerSeat, rate: PerSeat, p: Parameters) -> Flow:
    """One month of the pipeline: exact solution with constant arrivals and constant rates."""
    leaving = rate + p.selling.stale_rate
    stays = np.exp(-leaving)
    after = stock * stays + arrivals * (1.0 - stays) / leaving
    mean_stock = (stock + arrivals - after) / leaving
    return Flow(after, mean_stock, mean_stock * rate, mean_stock * p.selling.stale_rate)


def closes_in_period(rate: PerSeat, left: PerPolicy, p: Parameters) -> PerSeat:
    """Chance that an opportunity opened now is decided before the quota period ends, given that it is decided."""
    return -np.expm1(-(rate + p.selling.stale_rate) * left)


def gain_of_closing_now(rate_now: Push, rate_next: Push, p: Parameters) -> Push:
    """G: what a rep loses, as a share of its commission, by closing in the next period instead of this one; 0 without any."""
    kept = p.selling.next_period_weight * rate_next / np.maximum(rate_now, p.selling.least_rate)
    return np.maximum(0.0, 1.0 - kept) * (rate_now > p.selling.least_rate)


def discount(authority: Push, gain: Push, left: PerPolicy, margin_basis: Push, p: Parameters) -> Push:
    """Share of list price conceded; `authority` is the most a rep may give alone."""
    nearness = np.exp(-(left - 1.0) / 2.0)
    level = p.selling.concession_base + p.selling.concession_authority * authority / 0.3
    level = level - p.selling.concession_margin * margin_basis
    return authority * expit(p.selling.concession_gain * nearness * gain + level)


def private_knowledge(authority: Push, p: Parameters) -> Push:
    """Log-odds from pricing with what only the rep knows of the customer; little authority gives most of it."""
    return p.selling.private_gain * -np.expm1(-authority / p.selling.private_scale)


def win_log_odds(inside: PerSeat, against: PerSeat, discount: Push, coordination: Push, p: Parameters) -> PerSeat:
    """Log-odds of winning an ordinary opportunity.

    `inside` sums skill, private knowledge and pushes; `against` saturation and competitors, less the playbook.
    """
    hands = p.market.complexity * (1.0 - coordination)
    level = p.market.win_intercept - hands - np.log(p.condition.competition)
    return inside + p.selling.price_slope * discount - against + level


def key_penalty(coordination: Push, p: Parameters) -> Push:
    """Log-odds by which a key account is harder: more hands than an ordinary deal, eased by coordination."""
    return p.market.complexity * (p.market.key_hands - 1.0) * (1.0 - coordination)


def key_weight(p: Parameters) -> float:
    """Share of key accounts in the value of an average opportunity: what attention to them is taken from."""
    weight: float = p.market.key_share * p.market.key_multiple / (1.0 + p.market.key_share * (p.market.key_multiple - 1.0))
    return weight


def win_chance(log_odds: PerSeat) -> PerSeat:
    """Chance that a decided opportunity is won."""
    return expit(log_odds)


def mean_value(p: Parameters) -> tuple[float, float]:
    """Mean list value of an ordinary deal and of a key account, in usd a year; together they average the pack's."""
    ordinary = p.market.deal_value / (1.0 + p.market.key_share * (p.market.key_multiple - 1.0))
    return ordinary * p.condition.deal_value, ordinary * p.market.key_multiple * p.condition.deal_value


def worth(rate: PerSeat, chance: PerSeat, value: float, p: Parameters) -> PerSeat:
    """List value that an opportunity opened now brings in the end: decided before it goes stale, won, worth so much."""
    return rate / (rate + p.selling.stale_rate) * chance * value


def value_of(deals: PerSeat, mean: float, cv: float, z: PerSeat) -> PerSeat:
    """List value of some deals together, in usd a year: a lognormal with the mean and variance of their sum."""
    variance = np.log1p(cv * cv / np.maximum(deals, 1.0))
    return mean * deals * np.exp(np.sqrt(variance) * z - 0.5 * variance)

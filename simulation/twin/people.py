"""Who reps are: traits of newcomers, and of the incumbents with whom a run starts (MODEL.md, sections 5.2 and 7.11)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from math import exp
from typing import Any

from scipy.special import gammaincinv

from simulation.twin.curves import clip, expit, log_profile
from simulation.twin.luck import Luck, lasting, normal
from simulation.vocabulary import MOTIVES_IN_ORDER, Motives

LONGEST_TENURE = 360
"""[months] Beyond it hazards stand still."""
GRID = tuple(round(-2.4 + 0.6 * k, 1) for k in range(9))
"""Talents and frailties between which incumbents are drawn."""


@dataclass(frozen=True)
class Person:
    """Traits that a rep keeps for life."""

    talent: float  # [sd] log ability
    risk_aversion: float
    frailty: float  # [sd] proneness to leave that nothing observed explains
    learning_speed: float  # [sd] log
    present_bias: float
    loss_aversion: float
    profile: Motives  # weights that sum to 1

    @property
    def segment(self) -> int:
        """The motive with the largest weight, the first of equals."""
        return self.profile.index(max(self.profile))


def person(u: Mapping[str, float], talent: float, risk_aversion: float, frailty: float, people: Any) -> Person:
    """The person whom the uniforms of a row describe, at a talent, risk aversion and frailty that are known."""
    shapes = [people.profile_concentration * getattr(people, f"mean_{motive}") for motive in MOTIVES_IN_ORDER]
    gammas = [float(gammaincinv(shape, u[motive] + 2.0**-54)) for shape, motive in zip(shapes, MOTIVES_IN_ORDER, strict=True)]
    total = sum(gammas)
    return Person(
        talent=talent,
        risk_aversion=risk_aversion,
        frailty=frailty,
        learning_speed=float(normal(u["learning_speed"])),
        present_bias=clip(people.present_bias_mean + people.present_bias_sd * float(normal(u["present_bias"])), 0.5, 1.0),
        loss_aversion=max(people.loss_aversion_mean + people.loss_aversion_sd * float(normal(u["loss_aversion"])), 1.0),
        profile=Motives(*(gamma / total for gamma in gammas)),
    )


def risk_aversion(z: float, people: Any) -> float:
    """Relative risk aversion is lognormal."""
    return float(people.risk_aversion_median * exp(people.risk_aversion_sigma * z))


def incumbents(seed: int, seats: int, luck: Luck, p: Any) -> Iterator[tuple[Person, float]]:
    """Who sits in each seat when the warm-up begins, with tenure: survivors of years of hiring, quits and dismissals."""
    weights = _weights(p)
    cells = list(accumulate(sum(weight) for weight in weights))
    streams = ("incumbent cell", "incumbent tenure", "incumbent talent", "incumbent frailty", "incumbent risk")
    for seat, (of_cell, of_tenure, of_talent, of_frailty, of_risk) in enumerate(
        zip(*(lasting(seed, stream, seats) for stream in streams), strict=True)
    ):
        cell = next((k for k, reached in enumerate(cells) if reached / cells[-1] >= of_cell), len(cells) - 1)
        total = sum(weights[cell])
        tenure = sum(reached / total < of_tenure for reached in accumulate(weights[cell]))
        yield person(
            luck.person(0, seat),
            talent=GRID[cell // len(GRID)] + 0.6 * (of_talent - 0.5),
            risk_aversion=risk_aversion(float(normal(of_risk)), p.people),
            frailty=GRID[cell % len(GRID)] + 0.6 * (of_frailty - 0.5),
            people=p.people,
        ), float(tenure)


def gap_by_talent(p: Any) -> float:
    """What a standard deviation of talent adds to the pay gap of a first incumbent."""
    follows = p.contract.reference_slope * p.contract.quota / p.contract.ote
    return float(p.people.ability_sigma * (follows - p.labour.offer_ability_slope))


def newly_come(p: Any) -> float:
    """Share of those incumbents who have come within the months for which a leaver's accounts suffer."""
    weights = _weights(p)
    return sum(x for weight in weights for month, x in enumerate(weight) if month < p.customers.orphan_months) / sum(
        sum(weight) for weight in weights
    )


def _weights(p: Any) -> list[list[float]]:
    """Reps of each talent and frailty, frailty varying fastest, by month of tenure."""
    return [_alive(talent, frailty, p) for talent in GRID for frailty in GRID]


def _alive(talent: float, frailty: float, p: Any) -> list[float]:
    """Reps of one talent and frailty by month of tenure: those hired, and the share of them that is still there."""
    there = exp(-(((talent - 0.62) / 0.95) ** 2) / 2.0 - frailty**2 / 2.0)
    tempted = -p.leaving.pay_slope * (p.leaving.money_base + p.leaving.money_weight) * gap_by_talent(p)
    prone = p.labour.quit_intercept + 0.7 + p.people.frailty_sigma * frailty + tempted * (talent - 0.62)
    poor = p.labour.dismissal_intercept + 0.65 - 0.33 * talent
    quits = log_profile(p.leaving.quit_profile, LONGEST_TENURE)
    dismissals = log_profile(p.leaving.dismissal_profile, LONGEST_TENURE)
    alive = [there]
    for month in range(1, LONGEST_TENURE + 1):
        quitting = expit(prone + quits[month]) + p.leaving.floor
        firing = expit(poor + dismissals[month]) if month >= p.leaving.grace_months else 0.0
        alive.append(alive[-1] * (1.0 - quitting - firing))
    return alive

"""Ramp, training, and knowledge that is shared.

    ramp'      = ramp + (1 - ramp)(1 - exp(-speed / tau)),  speed = exp(own speed + pushes) x knowledge^gamma
    skill'     = skill x (1 - fading) + gain x (exp(push) - 1) x (1 - skill / most)
    knowledge' = knowledge x (1 - decay) + decay x mean sharing output of the region's reps

Knowledge is 1 under the baseline; the pack's own training is inside its intercepts, so only added training adds skill.
"""

from __future__ import annotations

import numpy as np

from simulation.evidence.read import Parameters
from simulation.state import Grouping
from simulation.vocabulary import PerRegion, PerSeat, Push


def ramp(before: PerSeat, own_speed: PerSeat, log_knowledge: PerSeat, push: Push, p: Parameters) -> PerSeat:
    """Productivity a month later; own speed in standard deviations of log speed across reps."""
    log_speed = p.people.learning_sigma * own_speed + p.learning.knowledge_on_ramp * log_knowledge + push
    return before - (1.0 - before) * np.expm1(np.exp(log_speed) * (-1.0 / p.contract.ramp_tau))


def skill(before: PerSeat, push: Push, p: Parameters) -> PerSeat:
    """Log-odds of winning that training has added: fades by half in some twelve weeks unless renewed."""
    room = np.maximum(1.0 - before / p.learning.skill_most, 0.0)
    return before * (1.0 - p.learning.skill_fading) + p.learning.skill_gain * np.expm1(push) * room


def knowledge(before: PerRegion, sharing: PerSeat, filled: PerSeat, region: Grouping, p: Parameters) -> PerRegion:
    """Knowledge stock of a region: grows with what its reps share, decays otherwise."""
    reps = region.sum(filled)
    mean = region.sum(sharing * filled) / np.where(reps > 0.0, reps, 1.0)
    return np.maximum(before + p.learning.knowledge_decay * (mean - before), p.learning.knowledge_least)


def contribution_chance(sharing: PerSeat, p: Parameters) -> PerSeat:
    """Chance that a rep writes down or passes on something in a month."""
    return -np.expm1(-p.learning.contribution_rate * sharing)

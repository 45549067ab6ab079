"""How far the job meets each motive but money, and fit.

    mastery     = skill gained + log knowledge + exploring beyond the usual        + pushes
    autonomy    = tanh(authority / scale)                                          + pushes
    recognition = tanh((record - 1) / scale)                                       + pushes
    belonging   = manager + sharing in the team beyond the usual - recent leavers  + pushes
    security    = -(pay risk / expected pay) x sqrt(risk aversion) - threat - loss of expected pay + pushes
    fit         = (sum of profile x met - mean under the baseline) / its standard deviation there

Money stays out of fit: it acts on leaving through the pay gap and would count twice.
Each index is in points; a push of 1 is about one standard deviation of an index across reps.
"""

from __future__ import annotations

import numpy as np

from simulation.evidence.read import Parameters
from simulation.vocabulary import Motives, PerSeat, PerTeam, Push


def mastery(skill: PerSeat, log_knowledge: PerSeat, exploring: PerSeat, push: Push, p: Parameters) -> PerSeat:
    """Learning: skill from training, knowledge at hand, and room to try things."""
    return (
        p.motives.mastery_skill * skill
        + p.motives.mastery_knowledge * log_knowledge
        + p.motives.mastery_exploring * np.log(exploring)
        + push
    )


def autonomy(authority: Push, push: Push, p: Parameters) -> Push:
    """Latitude: deciding alone about prices, and whatever levers add."""
    return p.motives.autonomy_authority * np.tanh(authority / p.motives.authority_scale) + push


def recognition(record: PerSeat, push: Push, p: Parameters) -> PerSeat:
    """Standing: attainment of about the last year as everybody can see it."""
    return p.motives.recognition_record * np.tanh((record - 1.0) / p.motives.record_scale) + push


def belonging(manager: PerTeam, sharing: PerTeam, leavers: PerTeam, p: Parameters) -> PerTeam:
    """The team: a good manager, colleagues who help, and few who have just left."""
    return (
        p.motives.belonging_manager * manager
        + p.motives.belonging_sharing * np.log(sharing)
        - p.motives.belonging_leavers * leavers
    )


def security(risk: PerSeat, risk_aversion: PerSeat, threat: PerSeat, loss: PerSeat, push: Push, p: Parameters) -> PerSeat:
    """Safety: `risk` is pay risk over expected pay, `loss` the loss-averse fall of the pay gap below the usual."""
    return (
        -p.motives.security_risk * risk * np.sqrt(risk_aversion)
        - p.motives.security_threat * threat
        - p.motives.security_loss * loss
        + push
    )


def felt_loss(gap: PerSeat, usual_gap: PerSeat, loss_aversion: PerSeat) -> PerSeat:
    """Fall of expected pay below what the rep is used to, weighted by how much losses loom larger than gains."""
    return (loss_aversion - 1.0) * np.maximum(usual_gap - gap, 0.0)


def fit(profile: Motives, met: Motives, p: Parameters) -> PerSeat:
    """Profile-weighted sum of the motives met, in its standard deviations under the pack's ordinary plan."""
    total = (
        profile.security * met.security
        + profile.mastery * met.mastery
        + profile.autonomy * met.autonomy
        + profile.recognition * met.recognition
        + profile.belonging * met.belonging
    )
    return (total - p.contract.fit_mean) / p.contract.fit_sd

"""How a rep spreads effort over hunting, farming, sharing and exploring.

    B_j = max(b_min, cash_j + pull_j)                    benefit, in units of the baseline commission pull
    output of a task is e_j^a; effort E = sum e_j costs c E^(1 + 1/eta) / (1 + 1/eta), with c = a
    m_j = B_j^(1 / (1 - a)),  M = sum m_j,  kappa = eta (1 - a)
    E   = M^(kappa / (1 + kappa)),  e_j = E m_j / M

    slope_hunt = own share x (Pr(closes this period) x rate now + the rest x present bias x rate of the next period) + pushes
    cash_j = relative money weight x (1 - risk aversion x pay risk^2 / 2) x slope_j / reference slope x pace / standard quota
             x (expected pay / market pay)^-(curvature x risk aversion)
    pull_j = s_j x tilt of the motive profile x exp(goal weight + drive x fit / (1 + cash)) x (1 - crowding)

With one task more pay buys effort from leisure only; here it also draws effort from the other three.
The reference slope is the expected marginal pay of a median rep under the pack's ordinary plan.
A salient incentive halves what fit adds (cerasoli2016); cash on a task once done for its own sake crowds some of that out.
"""

from __future__ import annotations

import numpy as np

from simulation.evidence.read import Parameters
from simulation.vocabulary import Array, Motives, PerSeat, Push, Tasks

HOURS = 160.0
"""Working hours a month."""


def relative(weight: PerSeat, motive: str, p: Parameters) -> PerSeat:
    """A motive's weight against its population mean."""
    return weight / getattr(p.people, f"mean_{motive}")


def marginal_utility(money: PerSeat, log_income: PerSeat, risk: PerSeat, risk_aversion: PerSeat, p: Parameters) -> PerSeat:
    """Worth of a little more pay: relative money weight x income^-(curvature x risk aversion), discounted for risk.

    `log_income` is the log of expected pay over market pay, `risk` the standard deviation of pay over expected pay; the
    discount is the second-order one, 1 - risk aversion x risk^2 / 2, and never more than a half.
    """
    sure = np.maximum(1.0 - 0.5 * risk_aversion * risk * risk, 0.5)
    return money * sure * np.exp(-p.effort.income_curvature * risk_aversion * log_income)


def cash(slope: Push, utility: PerSeat, p: Parameters) -> Push:
    """Cash benefit of a task; `utility` already counts the rep's sales against its quota."""
    return slope * (1.0 / p.contract.reference_slope) * utility


def hunting_slope(rate_now: Push, rate_next: Push, closes_now: PerSeat, present_bias: PerSeat) -> PerSeat:
    """Perceived usd per usd of an opportunity opened now: this period's rate if it closes in it, else the next one's, biased."""
    return closes_now * rate_now + (1.0 - closes_now) * present_bias * rate_next


def own_share(pool: Push, team_size: PerSeat, p: Parameters) -> Push:
    """What a rep feels of its own sale when part of the credit is pooled: (1 - pool) + pool x N^-dilution."""
    if isinstance(pool, float):
        return 1.0 - pool
    return 1.0 - pool + pool * team_size ** (-p.effort.dilution)


def team_pull(pool: Push, profile: Motives, p: Parameters) -> Push:
    """Non-cash pull of selling for the team, for whom belonging matters."""
    if isinstance(pool, float):
        return 0.0
    return p.effort.team_pull * pool * relative(profile.belonging, "belonging", p)


def pulls(profile: Motives, fit: PerSeat, cash_hunt: PerSeat, goal_weight: Tasks, p: Parameters) -> Tasks:
    """Non-cash pull of each task before pushes: what the motive profile makes of it, driven by fit."""
    drive = np.exp(p.effort.fit_drive * fit / (1.0 + cash_hunt))
    return Tasks(
        hunt=lean(p.effort.pull_hunt * np.exp(goal_weight.hunt), profile, "recognition", "mastery", p) * drive,
        farm=lean(p.effort.pull_farm * np.exp(goal_weight.farm), profile, "belonging", "security", p) * drive,
        share=lean(p.effort.pull_share * np.exp(goal_weight.share), profile, "belonging", "recognition", p) * drive,
        explore=lean(p.effort.pull_explore * np.exp(goal_weight.explore), profile, "mastery", "autonomy", p) * drive,
    )


def lean(pull: Push, profile: Motives, one: str, other: str, p: Parameters) -> PerSeat:
    """The pull of a task as two motives tilt it: pull x (1 - tilt + tilt x mean of their relative weights)."""
    half = 0.5 * p.effort.tilt * pull
    of = lambda motive: half / getattr(p.people, f"mean_{motive}") * getattr(profile, motive)  # noqa: E731
    return (pull - p.effort.tilt * pull) + of(one) + of(other)


def benefit(cash: Push, pull: PerSeat, push: Push, p: Parameters) -> PerSeat:
    """Benefit of a task other than hunting: cash for it, and a pull that such cash partly crowds out."""
    crowded = p.effort.crowding * cash / (1.0 + cash)
    return np.maximum(p.effort.least_benefit, cash + pull * (1.0 - crowded) + push)


def hunting_benefit(cash: PerSeat, pull: PerSeat, push: Push, p: Parameters) -> PerSeat:
    """Benefit of hunting: selling for pay is nothing that pay could crowd out."""
    return np.maximum(p.effort.least_benefit, cash + pull + push)


def log_effort(benefit: Tasks, p: Parameters) -> Tasks:
    """Log of the effort on each task: the closed-form optimum of the docstring above."""
    power = 1.0 / (1.0 - p.effort.a)
    kappa = p.effort.eta * (1.0 - p.effort.a)
    log_m = Tasks(*(power * np.log(b) for b in benefit))
    total = np.exp(log_m.hunt) + np.exp(log_m.farm) + np.exp(log_m.share) + np.exp(log_m.explore)
    log_scale = (kappa / (1.0 + kappa) - 1.0) * np.log(total)
    return Tasks(*(log_scale + x for x in log_m))


def choose(benefit: Tasks, p: Parameters) -> Tasks:
    """Effort on each task."""
    return Tasks(*(np.exp(x) for x in log_effort(benefit, p)))


def benefit_of_reference(cash: float, p: Parameters) -> Tasks:
    """Benefits of the rep with an average profile and fit 0, exploring feared as usual, at some cash pull of hunting."""
    fear = np.exp(-p.exploring.fear_cash * cash - p.exploring.fear_career)
    explore = (p.effort.pull_explore + p.exploring.cash_share * cash) * fear
    return Tasks(cash + p.effort.pull_hunt, p.effort.pull_farm, p.effort.pull_share, explore)


def reference_effort(p: Parameters) -> Tasks:
    """Effort of that rep under the pack's ordinary plan, where the cash pull is 1 by definition."""
    return choose(benefit_of_reference(1.0, p), p)


def output(log_effort: Tasks, capacity: PerSeat, p: Parameters) -> Tasks:
    """Output of each task against the reference rep's; lost hours cost selling and service time."""
    reference = reference_effort(p)
    raw = Tasks(*(np.exp(p.effort.a * (e - np.log(r))) for e, r in zip(log_effort, reference, strict=True)))
    return raw._replace(hunt=raw.hunt * capacity, farm=raw.farm * capacity)


def capacity(hours_taken: Array, p: Parameters) -> Array:
    """What is left of a month's selling after other duties: (1 - hours / 160)^elasticity, never below a tenth of the hours."""
    return np.maximum(1.0 - hours_taken / HOURS, 0.1) ** p.effort.time_elasticity

"""What a rep wants: how far the job meets its motives, and what effort on each task is worth to it (MODEL.md, 7.3 and 7.4).

A part of `Rep`, apart only for length: override these behaviours in a subclass of `Rep` like any other.
"""

from __future__ import annotations

from math import exp, log, sqrt, tanh
from typing import TYPE_CHECKING, Any

from simulation.levers.base import Lever
from simulation.vocabulary import Motives, Outlook, Tasks


class Wants:
    """Motives and effort of a rep."""

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...

    # ------------------------------------------------------------------ motives (7.3)
    def outlook(self) -> Outlook:
        """What the rep expects of a whole fresh period, for the levers to say what that pays."""
        seat = self.seat
        return Outlook(self.fresh_mean, self.fresh_spread, seat.next_quota, seat.market_pay, seat.book.book_value)

    def weigh_pay(self, extra_pay: float, pay_spread: float) -> None:
        """Expected pay, its risk, and the gap to what other firms offer somebody of this ability."""
        p, market = self.model.p, self.seat.market_pay
        self.expected_pay = max(market + extra_pay, 0.05 * market)
        self.risk = pay_spread / self.expected_pay
        outside = log(market * p.condition.outside_pay) + p.labour.offer_ability_slope * p.people.ability_sigma * self.talent
        self.gap = log(self.expected_pay) - outside

    def authority(self) -> float:
        """Share of list price that the rep may give alone."""
        return float(min(self.model.p.contract.ordinary_authority + self.push(Lever.authority), 1.0))

    def meet_motives(self, sharing: float) -> None:
        """How far the job meets each motive but money, and how well it fits this rep; `sharing` is the team's."""
        p, m, team = self.model.p, self.model.p.motives, self.seat.team
        knowledge = log(self.seat.region.knowledge)
        self.support = support = self.push(Lever.motive_support)
        loss = (self.loss_aversion - 1.0) * max(0.0, self.usual_gap - self.gap)
        met = Motives(
            security=-m.security_risk * self.risk * sqrt(self.risk_aversion)
            - m.security_threat * self.threat
            - m.security_loss * loss
            + support.security,
            mastery=m.mastery_skill * self.skill
            + m.mastery_knowledge * knowledge
            + m.mastery_exploring * log(self.output.explore)
            + support.mastery,
            autonomy=m.autonomy_authority * tanh(self.authority() / m.authority_scale) + support.autonomy,
            recognition=m.recognition_record * tanh((self.record - 1.0) / m.record_scale) + support.recognition,
            belonging=m.belonging_manager * team.manager
            + m.belonging_sharing * log(sharing)
            - m.belonging_leavers * team.leavers_felt
            + support.belonging,
        )
        weighted = sum(weight * points for weight, points in zip(self.profile, met, strict=True))
        self.fit = (weighted - p.contract.fit_mean) / p.contract.fit_sd

    # ------------------------------------------------------------------ effort (7.4)
    def read_rates(self) -> None:
        """What a dollar of sales is worth to the rep in this quota period and in the next."""
        self.rate_now = self.plan(Lever.rate_now)
        self.rate_next = self.push(Lever.rate_next)

    def cash_pulls(self) -> Tasks:
        """What each task pays, in units of the baseline commission pull."""
        p, model = self.model.p, self.model
        pool = self.push(Lever.credit_pool)
        own_share = 1.0 - pool + pool * max(1, len(self.seat.team.reps)) ** -p.effort.dilution
        closes = model.closes_in_period
        hunting = closes * self.rate_now + (1.0 - closes) * self.present_bias * self.rate_next
        slope = self.plan(Lever.cash_slope)
        self.money = self.profile.money / p.people.mean_money
        sure = max(1.0 - self.risk_aversion * self.risk**2 / 2.0, 0.5)
        wealth = (self.expected_pay / self.seat.market_pay) ** (-p.effort.income_curvature * self.risk_aversion)
        utility = self.money * sure * wealth * self.pace / self.seat.standard_quota
        slopes = slope._replace(hunt=slope.hunt + own_share * hunting)
        return Tasks(*(utility * each / p.contract.reference_slope for each in slopes))

    def benefits(self) -> Tasks:
        """What each task is worth: cash, and the pulls that money does not explain."""
        p, e = self.model.p, self.model.p.effort
        cash = self.cash_pulls()
        self.cash_hunt = cash.hunt
        goals, extra = self.push(Lever.goal_weight), self.push(Lever.pull)
        drive = exp(e.fit_drive * self.fit / (1.0 + cash.hunt))
        hunt = e.pull_hunt * self._lean("recognition", "mastery") * drive * exp(goals.hunt)
        farm = e.pull_farm * self._lean("belonging", "security") * drive * exp(goals.farm)
        share = e.pull_share * self._lean("belonging", "recognition") * drive * exp(goals.share)
        explore = e.pull_explore * self._lean("mastery", "autonomy") * drive * exp(goals.explore)
        team_pull = e.team_pull * self.push(Lever.credit_pool) * self.profile.belonging / p.people.mean_belonging
        crowded = lambda pull, pay: pull * (1.0 - e.crowding * pay / (1.0 + pay))  # noqa: E731
        tempting = explore * exp(p.exploring.latitude_gain * self.support.autonomy) + p.exploring.cash_share * cash.hunt
        worth = Tasks(
            hunt=cash.hunt + hunt + extra.hunt + team_pull,
            farm=cash.farm + crowded(farm, cash.farm) + extra.farm,
            share=cash.share + crowded(share, cash.share) + extra.share,
            explore=(tempting + extra.explore) * self.courage(cash.hunt),
        )
        return Tasks(*(max(e.least_benefit, each) for each in worth))

    def _lean(self, a: str, b: str) -> float:
        """How much more than an average rep this one cares for two motives."""
        people, tilt = self.model.p.people, self.model.p.effort.tilt
        cares = getattr(self.profile, a) / getattr(people, f"mean_{a}") + getattr(self.profile, b) / getattr(people, f"mean_{b}")
        return float(1.0 - tilt + tilt * cares / 2.0)

    def courage(self, cash_hunt: float) -> float:
        """What fear for money and career leaves of the wish to try something new."""
        x = self.model.p.exploring
        money = (1.0 - self.push(Lever.trial_cost_cover)) * x.fear_cash * cash_hunt
        career = (1.0 - self.push(Lever.trial_career_cover)) * x.fear_career * exp(self.threat)
        return exp(-sqrt(self.risk_aversion) * (money + career))

    def choose_effort(self) -> None:
        """Effort on the four tasks: the best that decreasing returns and one convex cost of the whole allow."""
        self.benefit = self.benefits()
        self.effort = best_effort(self.benefit, self.model.p.effort)


def best_effort(benefit: Tasks, effort: Any) -> Tasks:
    """The optimum of benefits with output e^a and cost a E^(1 + 1/eta) / (1 + 1/eta) of the whole effort E."""
    weights = [each ** (1.0 / (1.0 - effort.a)) for each in benefit]
    kappa = effort.eta * (1.0 - effort.a)
    scale = sum(weights) ** (kappa / (1.0 + kappa) - 1.0)
    return Tasks(*(weight * scale for weight in weights))

"""A rep, as somebody who acts: one object a person, one method a behaviour.

Override a behaviour in a subclass and hand it to the model: `SalesOrg(scenario, rep_class=MyRep)`.
What it wants (motives and effort, overridden alike) stands in `twin/wants.py`.
The equations are those of MODEL.md; each method names its section. Money is in usd, rates and times are a month.

A rep who has left is removed from the model's agents. Its seat still holds it until a newcomer sits down, and what has
`present` in it does not happen there any more; the rest (pace, ramp, skill, the pipeline) goes on, as MODEL.md has it.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from math import exp, log, sqrt, tanh
from typing import Any

from simulation.levers.base import Lever
from simulation.twin.accounts import Care
from simulation.twin.curves import clip, expit, logit, mean_ramp, saturating
from simulation.twin.luck import binomial_quantile, poisson_quantile
from simulation.twin.people import LONGEST_TENURE, Person
from simulation.twin.wants import Wants
from simulation.vocabulary import Outlook, Tasks

with warnings.catch_warnings():
    # Mesa loads a progress bar, which complains in a notebook that has no widgets for it; nothing here shows one.
    warnings.filterwarnings("ignore", message="IProgress not found")
    import mesa

HOURS = 160.0
"""In a month."""


class Rep(Wants, mesa.Agent):  # type: ignore[misc]    # Mesa ships no types
    """A person in a seat.

    Attributes
    ----------
    seat : Seat
        The post: territory, quota, pipelines, accounts, team and region.
    talent, risk_aversion, frailty, learning_speed, present_bias, loss_aversion, profile, segment
        Traits, for life.
    tenure, ramp, skill, pace, record, setbacks, usual_gap, sold, year_sales, year_pay
        What the rep has lived through, expects of itself and is known for.
    """

    def __init__(
        self, model: Any, seat: Any, person: Person, *, pace: float, usual_gap: float = 0.0, tenure: float = 0.0
    ) -> None:
        super().__init__(model)
        p = model.p
        self.seat = seat
        self.talent, self.risk_aversion, self.frailty = person.talent, person.risk_aversion, person.frailty
        self.learning_speed, self.present_bias = person.learning_speed, person.present_bias
        self.loss_aversion, self.profile, self.segment = person.loss_aversion, person.profile, person.segment

        self.tenure = tenure  # full months since hire
        self.ramp = p.learning.start_productivity
        self.ramped = tenure >= p.contract.ramp_months
        self.skill = 0.0  # log-odds that training added
        self.pace = pace  # sales a month that the rep expects of itself when fully ramped
        self.record = 1.0  # attainment as a manager sees it
        self.usual_gap = usual_gap  # pay gap that the rep is used to
        self.setbacks = 0.0  # failed trials remembered
        self.sold = 0.0  # in the quota period before this month
        self.period_quota = seat.standard_quota
        self.year_sales = [0.0] * 12
        self.year_pay = 0.0
        self.reasons: dict[str, float] = {}  # this month's terms of the quitting rule, in log-odds
        self.wish = 0.0  # lock-in that it takes to hold a rep who would have left
        self.offer_months = 0.0
        self.threat = 0.0  # log dismissal hazard against an ordinary one
        self.output = Tasks(1.0, 1.0, 1.0, 1.0)
        self.fit = 0.0
        self.expected_pay = seat.market_pay
        self.cash_hunt = self.expected_sales = 0.0
        self.lay_down()

    def lay_down(self) -> None:
        """Nothing of this month is left to speak of; a rep who has gone stays like that."""
        self.quits = self.dismissals = self.cash_pay = self.credited = self.own_credit = self.sharing = 0.0
        self.proposals = self.successes = self.failures = self.trial_costs = self.discount = self.attainment = 0.0

    # ------------------------------------------------------------------ who and where
    @property
    def present(self) -> float:
        """1 while the rep sits in its seat, 0 once it has left."""
        return 1.0 if self.seat.filled else 0.0

    def push(self, socket: Callable[..., Any]) -> Any:
        """What the policy's levers add at a socket for this rep (section 7.13)."""
        return self.model.pushes.of(socket, self.seat.number)

    def plan(self, socket: Callable[..., Any]) -> Any:
        """The same under the pay plan of the quota period under way."""
        return self.model.plan.of(socket, self.seat.number)

    def uniform(self, stream: str) -> float:
        """The rep's luck in one decision of this month (section 7.14)."""
        return float(self.model.luck.u[stream][self.seat.number])

    # ------------------------------------------------------------------ goals (7.1)
    def set_goals(self) -> None:
        """Quotas are set when a period or a stay begins, and the rep forms an outlook on what it will reach."""
        seat = self.seat
        begins = self.model.period_begins or self.tenure == 0.0
        self.sold = 0.0 if begins else self.sold + self.credited
        seat.monthly_quota = seat.standard_quota * exp(seat.log_ratchet + self.plan(Lever.quota_level))
        seat.next_quota = seat.standard_quota * exp(seat.log_ratchet + self.push(Lever.quota_level))
        if begins:
            self.period_quota = self.quota_of_period()
        left, tau = self.model.months_left, self.model.p.contract.ramp_tau
        self.pace_ahead = self.pace * (1.0 - (1.0 - self.ramp) * (1.0 - exp(-left / tau)) * tau / left)

    def quota_of_period(self) -> float:
        """A quota follows the ramp and the part of the period worked, as far as the plan says so."""
        model = self.model
        level = self.plan(Lever.quota_ramp)
        whole = model.months_left if self.tenure > 0.0 else model.period_months
        ramping = model.months_left * mean_ramp(self.tenure, model.months_left, model.p)
        return float(self.seat.monthly_quota * ((1.0 + level) * ramping - level * whole))

    def look_ahead(self) -> None:
        """Final attainment as the rep expects it: of the period under way, and of a fresh one under the plan announced."""
        p, left = self.model.p, self.model.months_left
        pool, team = self.push(Lever.credit_pool) * self.present, self.seat.team
        pace, ahead = self.pace, self.pace_ahead
        if pool > 0.0:
            pace, ahead = (1.0 - pool) * pace + pool * team.mean("pace"), (1.0 - pool) * ahead + pool * team.mean("pace_ahead")
        self.outlook_mean = (self.sold + ahead * left) / self.period_quota
        self.outlook_spread = max(p.goals.spread_floor, p.goals.sales_cv * ahead * sqrt(left) / self.period_quota)
        self.fresh_mean = pace / self.seat.next_quota
        self.fresh_spread = max(p.goals.spread_floor, p.goals.sales_cv * self.fresh_mean / sqrt(self.model.next_months))

    # ------------------------------------------------------------------ exploring (7.5)
    def explore(self) -> None:
        """New plays are tried, some fail; what hours are left goes into the other tasks."""
        p, x, reference = self.model.p, self.model.p.exploring, self.model.reference_effort
        tried = x.proposal_rate * self.effort.explore / reference.explore
        self.proposals = poisson_quantile(self.uniform("proposals"), tried)
        self.successes = binomial_quantile(self.uniform("successes"), self.proposals, x.success_chance)
        self.failures = self.proposals - self.successes
        self.trial_costs = self.failures * x.failure_cost
        self.setbacks = self.setbacks * (1.0 - x.setback_fading) + self.failures
        hours = self.push(Lever.attention) + x.failure_hours * self.failures
        capacity = max(1.0 - hours / HOURS, 0.1) ** p.effort.time_elasticity
        made = Tasks(*((mine / other) ** p.effort.a for mine, other in zip(self.effort, reference, strict=True)))
        self.output = made._replace(hunt=made.hunt * capacity, farm=made.farm * capacity)

    # ------------------------------------------------------------------ selling (7.6)
    def ability(self, peers: float) -> float:
        """Knowledge closes part of the gap to abler teammates, whose mean talent is `peers`."""
        p = self.model.p
        help_ = p.learning.gap_closed * self.seat.region.knowledge * max(peers - self.talent, 0.0)
        return exp(p.people.ability_sigma * (self.talent + help_))

    def move_deals(self) -> float:
        """Share of what can be moved that is moved, into this quota period (positive) or out of it (negative)."""
        p, model = self.model.p, self.model
        low = p.selling.least_rate
        now, after = max(self.rate_now, low), max(self.rate_next, low)
        paid = 1.0 if max(now, after) > low else 0.0
        near = exp(-(model.months_left - 1.0) / p.timing.reach_months)
        gain = log(now / after) - log(p.selling.next_period_weight) * paid
        return float(p.timing.movable * near * tanh(p.timing.steepness * gain))

    def concede(self) -> float:
        """Discount given: more where closing now pays more than closing later, and where more may be given."""
        s, authority = self.model.p.selling, self.authority()
        paid = 1.0 if self.rate_now > s.least_rate else 0.0
        gain = paid * max(0.0, 1.0 - s.next_period_weight * self.rate_next / max(self.rate_now, s.least_rate))
        near = exp(-(self.model.months_left - 1.0) / 2.0)
        urge = (
            s.concession_base
            + s.concession_gain * gain * near
            + s.concession_authority * authority / 0.3
            - s.concession_margin * self.plan(Lever.margin_basis)
        )
        return authority * expit(urge)

    def win_odds(self, against: float) -> float:
        """Log-odds of winning an ordinary deal; `against` are saturation and competitors of the region."""
        p, s = self.model.p, self.model.p.selling
        private = s.private_gain * (1.0 - exp(-self.authority() / s.private_scale))
        return float(
            p.market.win_intercept
            + self.skill
            + self.seat.region.playbook
            + private
            + self.push(Lever.win)
            + s.price_slope * self.discount
            - against
            - p.market.complexity * (1.0 - self.push(Lever.coordination))
            - log(p.condition.competition)
        )

    def sell(self, peers: float, against: float) -> None:
        """Leads enter the pipelines; what closes is won or lost; what is won has a value."""
        p, market, seat = self.model.p, self.model.p.market, self.seat
        hunting = self.ability(peers) * self.output.hunt
        arrivals = seat.leads * hunting * self.ramp
        shift = self.move_deals()
        pressed = self.output.hunt if seat.filled else 1.0
        closing = market.close_rate * exp(p.selling.closing_share * log(pressed) + self.push(Lever.cycle))
        seat.pipeline.live_month((1.0 - market.key_share) * arrivals, closing, shift, p)
        seat.key_pipeline.live_month(market.key_share * arrivals, closing / market.key_cycle, shift, p)

        self.discount = self.concede() if seat.filled else 0.0
        odds = self.win_odds(against)
        hand_over = market.complexity * (market.key_hands - 1.0) * (1.0 - self.push(Lever.coordination))
        weight = market.key_share * market.key_multiple / (1.0 + market.key_share * (market.key_multiple - 1.0))
        focus = self.push(Lever.key_focus)
        chance, key_chance = expit(odds - focus * weight), expit(odds - hand_over + focus * (1.0 - weight))
        seat.worked = 1.0 if seat.filled else market.vacancy_cover
        ordinary = poisson_quantile(self.uniform("deals"), seat.pipeline.reached * seat.worked * chance)
        key = poisson_quantile(self.uniform("key_deals"), seat.key_pipeline.reached * seat.worked * key_chance)
        seat.deals, seat.key_deals = ordinary + key, key

        value = market.deal_value / (1.0 + market.key_share * (market.key_multiple - 1.0)) * p.condition.deal_value
        key_value = value * market.key_multiple
        z = self.model.luck.z
        seat.list_value = worth_of(ordinary, value, p.selling.value_cv, z["deal_value"][seat.number]) + worth_of(
            key, key_value, p.selling.key_value_cv, z["key_value"][seat.number]
        )
        seat.bookings = seat.list_value * (1.0 - self.discount)
        moved, key_moved = abs(seat.pipeline.moved), abs(seat.key_pipeline.moved)
        seat.moved_value = (moved * chance * value + key_moved * key_chance * key_value) * seat.worked

        lead_worth = (1.0 - market.key_share) * seat.pipeline.decided * chance * value
        lead_worth += market.key_share * seat.key_pipeline.decided * key_chance * key_value
        self.expected_sales = seat.leads * hunting * lead_worth * (1.0 - self.discount)
        counted = 1.0 + self.plan(Lever.margin_basis) * (1.0 / p.contract.gross_margin - 1.0)
        self.own_credit = self.present * seat.list_value * (1.0 - self.discount * counted)

    def take_credit(self, team_mean: float) -> None:
        """Credit is the rep's own, but for what a pool shares out over the team."""
        pool = self.push(Lever.credit_pool)
        self.credited = (1.0 - pool) * self.own_credit + pool * team_mean

    # ------------------------------------------------------------------ customers (7.7)
    def serve(self) -> Care:
        """How the rep looks after its customers; pressed hunting is felt as over-selling."""
        p, c = self.model.p, self.model.p.customers
        pressing = log(self.benefit.hunt / (1.0 + p.effort.pull_hunt))
        quality = c.base_service + c.service_slope * (self.output.farm - 1.0) - c.over_selling * pressing
        return Care(farming=self.output.farm, quality=quality + self.push(Lever.satisfaction), of_orphans=c.new_hire_care)

    # ------------------------------------------------------------------ pay (7.8)
    def get_paid(self) -> None:
        """Cash for the month, and attainment of the quota period so far."""
        self.cash_pay = self.present * self.seat.market_pay + self.plan(Lever.cash_pay)
        self.attainment = (self.sold + self.credited) / self.period_quota
        month = self.model.calendar_month
        self.year_sales[month] = self.credited
        self.year_pay = (0.0 if month == 0 else self.year_pay) + self.cash_pay

    def conclude(self) -> None:
        """What the rep learns about its pace, and its manager about the rep."""
        p, season = self.model.p, self.model.season
        own = self.own_credit / max(self.ramp, 0.1)
        to_own = p.goals.pace_to_own * (own / season - self.pace)
        to_structural = p.goals.pace_to_structural * (self.expected_sales / season - self.pace)
        self.pace += to_own + to_structural
        due = self.seat.monthly_quota * mean_ramp(self.tenure, 1.0, p)
        self.record += (self.credited / due - self.record) / p.leaving.record_months

    # ------------------------------------------------------------------ learning (7.9)
    def learn(self) -> None:
        """The rep ramps up, skill comes by training and fades, and some of what it knows is shared."""
        p, training = self.model.p, self.push(Lever.learning)
        self.ramp_before = self.ramp
        knowledge = p.learning.knowledge_on_ramp * log(self.seat.region.knowledge)
        speed = exp(p.people.learning_sigma * self.learning_speed + knowledge + training)
        self.ramp += (1.0 - self.ramp) * (1.0 - exp(-speed / p.contract.ramp_tau))
        gained = p.learning.skill_gain * (exp(training) - 1.0) * saturating(self.skill, p.learning.skill_most)
        self.skill = self.skill * (1.0 - p.learning.skill_fading) + gained
        self.sharing = self.present * (1.0 - exp(-p.learning.contribution_rate * self.output.share))

    # ------------------------------------------------------------------ leaving (7.10)
    def outlook_at_quota(self) -> Outlook:
        """What the announced plan would pay anybody in this seat for just reaching its quota, without accounts."""
        seat, goals = self.seat, self.model.p.goals
        spread = max(goals.spread_floor, goals.sales_cv / sqrt(self.model.next_months))
        return Outlook(1.0, spread, seat.standard_quota * exp(self.push(Lever.quota_level)), seat.market_pay, 0.0)

    def hear_offers(self) -> None:
        """Other firms approach the rep now and then, and tempt it for a while."""
        p = self.model.p
        approached = self.uniform("offer") < p.labour.offer_rate * p.condition.outside_offers
        self.offer_months = p.leaving.offer_lasts if approached else max(self.offer_months - 1.0, 0.0)

    def envy(self, team_same_pay: float, team_pay: float) -> float:
        """How much better teammates are treated by the plan, and by what they earn, in logs."""
        weight = self.model.p.leaving.envy_on_earned
        plan_gap = log(max(team_same_pay, 1.0) / self.same_pay)
        earned_gap = log(max(team_pay, 1.0) / self.expected_pay)
        return max(plan_gap + weight * (earned_gap - plan_gap), 0.0)

    def reasons_to_quit(self, envy: float) -> dict[str, float]:
        """The terms of the quitting rule by name, in log-odds; the last is the lock-in by pay that leaving would forfeit."""
        v = self.model.p.leaving
        stars_mind = v.star_slope * max(self.talent, 0.0) * min(self.gap - self.usual_gap, 0.0)
        variable = min(self.rate_next * self.pace / self.expected_pay / 0.5, 1.0)
        return {
            "tenure": self.model.quit_profile[min(int(self.tenure) + 1, LONGEST_TENURE)],
            "frailty": self.model.p.people.frailty_sigma * self.frailty,
            "pay_gap": -v.pay_slope * (v.money_base + v.money_weight * self.money) * (self.gap + stars_mind),
            "envy": v.envy_slope * envy,
            "curvature": v.curvature_fixed * (1.0 - 2.0 * variable) * (self.talent**2 - 1.0),
            "manager": -v.manager_slope * self.seat.team.manager,
            "fit": -v.fit_slope * self.fit,
            "contagion": v.contagion_size * self.seat.team.leavers_felt,
            "offers": v.offer_size if self.offer_months > 0.0 else 0.0,
            "levers": self.push(Lever.quit),
            "lock_in": -v.pay_slope * log(1.0 + self.push(Lever.deferred_pay) / (12.0 * self.expected_pay)),
        }

    def consider_leaving(self) -> bool:
        """Whether the rep quits: by this month's log-odds, or by an older wish once the stake that held it has fallen."""
        v = self.model.p.leaving
        u = self.uniform("quit")
        locked = -self.reasons["lock_in"]
        odds = self.model.p.labour.quit_intercept + sum(self.reasons.values()) + locked
        often = self.model.p.condition.separations
        released = self.wish > locked and self.uniform("release") < (1.0 - exp(-1.0 / v.release_months)) * often
        held, free = (v.floor + expit(odds - locked)) * often, (v.floor + expit(odds)) * often
        if held <= u < free:
            self.wish = max(self.wish, odds - logit(max(u / often - v.floor, 1e-9)))
        return u < held or released

    def face_review(self) -> bool:
        """Whether a review ends in dismissal; how near it is, is what the rep fears from now on."""
        model, v = self.model, self.model.p.leaving
        reviewed = self.tenure >= v.grace_months + self.push(Lever.review_grace)
        held_against = self.setbacks * (1.0 - self.push(Lever.trial_career_cover))
        short = max(v.record_threshold - self.push(Lever.bar_relief) - self.record, 0.0)
        hazard = expit(
            model.p.labour.dismissal_intercept
            + model.dismissal_profile[min(int(self.tenure) + 1, LONGEST_TENURE)]
            + v.record_slope * short
            + v.setback_slope * held_against
            + self.push(Lever.dismissal)
        )
        danger = clip(log(max(hazard, 1e-6) / v.ordinary_dismissal), -v.threat_bound, v.threat_bound)
        self.threat = danger if reviewed else 0.0
        over_months = (1.0 - (1.0 - hazard) ** model.since_review) * model.p.condition.separations
        return bool(reviewed and model.period_ends and self.uniform("dismissal") < over_months)

    def get_used_to_pay(self) -> None:
        """What the rep is used to follows what it gets."""
        self.usual_gap += (self.gap - self.usual_gap) / self.model.p.leaving.usual_months

    def leave(self) -> None:
        """The rep is no agent of the model any more; its seat keeps what it leaves behind."""
        self.tenure = 0.0
        self.remove()


def worth_of(count: float, mean: float, cv: float, z: float) -> float:
    """List value of so many deals together: lognormal about its mean, and the more certain the more deals."""
    w = log(1.0 + cv**2 / max(count, 1.0))
    return count * mean * exp(sqrt(w) * z - w / 2.0)

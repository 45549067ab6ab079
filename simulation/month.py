"""One month in the life of the organisation: the model on one page.

Read `advance_month` first: it is the schedule (MODEL.md, section 3), and its twelve phases follow in order.
Every state field is written by one rule on one line of this file and nowhere else; a newcomer is written whole by
`newcomers.recruit`. What one phase hands to the next within the month is an attribute of `Now`, which records also read.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from simulation.draws import Draws, binomial_count, poisson_count
from simulation.evidence.read import Parameters
from simulation.levers.base import Lever, LeverBoard
from simulation.newcomers import recruit
from simulation.rules import (
    customers,
    effort,
    exploring,
    finance,
    goals,
    hiring,
    learning,
    leaving,
    market,
    motives,
    pay,
    selling,
    timing,
)  # fmt: skip
from simulation.state import COHORTS, State
from simulation.vocabulary import ORDINARY_PERIOD, Motives, Outlook, Tasks


class Now:
    """The month under way: its calendar, its luck, the pushes of the levers, and what one phase hands to the next.

    `push` sums what the levers in force add at a socket; `by_plan` is the same but for the pay plan of a quota period
    under way, which ends as it began. `month` counts from 0, when policies begin; `step` from the start of the draws.
    """

    def __init__(self, month: int, step: int, levers: LeverBoard, plan: LeverBoard, p: Parameters, luck: Draws) -> None:
        self.month, self.step, self.levers, self.plan, self.p, self.luck = month, step, levers, plan, p, luck
        self.push, self.by_plan = levers.push, plan.push
        self.due = month % COHORTS

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"no phase has handed on {name!r} yet this month")

    def __setattr__(self, name: str, value: Any) -> None:
        self.__dict__[name] = value


def advance_month(s: State, now: Now) -> None:
    """Move every seat of every policy and seed on by one month."""
    set_goals(s, now)
    share_leads(s, now)
    meet_motives(s, now)
    choose_effort(s, now)
    explore(s, now)
    sell(s, now)
    serve(s, now)
    pay_reps(s, now)
    learn(s, now)
    leave(s, now)
    hire(s, now)
    account(s, now)


def set_goals(s: State, now: Now) -> None:
    """Quotas are set when a period starts, or when a newcomer does; reps form an outlook on them."""
    p, by_plan = now.p, now.by_plan
    now.filled, now.vacant, now.was_ramped = s.filled, 1.0 - s.filled, s.ramped
    began = (s.months_left <= 1.0) | (s.tenure == 0.0)
    s.since_review = np.where(s.months_left <= 1.0, 0.0, s.since_review) + 1.0
    s.sold = np.where(began, 0.0, s.sold + s.credited)
    s.period_months = ORDINARY_PERIOD + by_plan(Lever.quota_period, s) + np.zeros_like(s.months_left)
    s.months_left = goals.months_left(now.month, s.period_months)
    s.monthly_quota = goals.monthly_quota(s.standard_quota, s.log_ratchet, by_plan(Lever.quota_level, s))
    follow = by_plan(Lever.quota_ramp, s)
    fresh = goals.period_quota(s.monthly_quota, s.tenure, s.months_left, s.period_months, follow, p)
    s.period_quota = np.where(began, fresh, s.period_quota)
    pool = now.push(Lever.credit_pool, s)
    ramped_pace = pay.foreseen(s.pace * goals.mean_ramp(s.ramp, s.months_left, p), pool, s.filled, s.team)
    s.outlook_mean, s.outlook_spread = goals.outlook(s.sold, ramped_pace, s.months_left, s.period_quota, p)
    s.next_quota = goals.monthly_quota(s.standard_quota, s.log_ratchet, now.push(Lever.quota_level, s))
    now.next_months = ORDINARY_PERIOD + now.push(Lever.quota_period, s) + np.zeros_like(s.months_left)
    s.fresh_mean, s.fresh_spread = goals.fresh_outlook(
        pay.foreseen(s.pace, pool, s.filled, s.team), s.next_quota, now.next_months, p
    )
    s.closes_in_period = selling.closes_in_period(p.market.close_rate, s.months_left, p) + np.zeros_like(s.filled)


def share_leads(s: State, now: Now) -> None:
    """Shocks move, marketing is split over regions, leads are shared out."""
    p, push, luck = now.p, now.push, now.luck
    now.season = market.season(now.month, p)
    s.demand = market.shock(s.demand, luck.normal("demand", now.step), p.market.demand_sd, p)
    s.competitor = market.shock(s.competitor, luck.normal("competitor", now.step), p.market.competitor_sd, p)
    response = market.marketing_response(s.need, push(Lever.lead_weight, s), p)
    heat = s.region.to_seats(market.heat(s.demand, response, now.season, p))
    own = market.arising(s.territory, heat, push(Lever.opportunity, s))
    now.arising, now.marketed = own + s.referrals, own * s.region.to_seats(market.marketed_share(response, p))
    s.leads = market.share_out(now.arising, s.filled, s.territory, s.region, p)


def meet_motives(s: State, now: Now) -> None:
    """How far the job meets each motive but money, from experience and pushes."""
    p, push = now.p, now.push
    view = Outlook(s.fresh_mean, s.fresh_spread, s.next_quota, s.market_pay, s.book_value)
    s.expected_pay = pay.at_least(s.market_pay + push(Lever.expected_pay, s, view), s.market_pay)
    now.risk = push(Lever.pay_risk, s, view) / s.expected_pay
    now.log_income = np.log(s.expected_pay / s.market_pay)
    now.gap = leaving.pay_gap(now.log_income, s.talent, p)
    now.authority = np.minimum(p.contract.ordinary_authority + push(Lever.authority, s), 1.0)
    now.support = push(Lever.motive_support, s)
    now.knowledge, now.log_knowledge = s.region.to_seats(s.knowledge), s.region.to_seats(np.log(s.knowledge))
    now.team_reps = np.maximum(s.team.sum(s.filled), 1.0)
    sharing = np.maximum(s.team.sum(s.output.share * s.filled) / now.team_reps, 0.05)
    team = s.team.to_seats(motives.belonging(s.manager, sharing, s.leavers_felt, p))
    now.felt_leavers, now.manager = s.team.to_seats(s.leavers_felt), s.team.to_seats(s.manager)
    loss = motives.felt_loss(now.gap, s.usual_gap, s.loss_aversion)
    s.met = Motives(
        security=motives.security(now.risk, s.risk_aversion, s.threat, loss, now.support.security, p),
        mastery=motives.mastery(s.skill, now.log_knowledge, s.output.explore, now.support.mastery, p),
        autonomy=motives.autonomy(now.authority, now.support.autonomy, p) + np.zeros_like(s.filled),
        recognition=motives.recognition(s.record, now.support.recognition, p),
        belonging=team + now.support.belonging,
    )
    s.fit = motives.fit(s.profile, s.met, p)


def choose_effort(s: State, now: Now) -> None:
    """Each rep weighs hunting, farming, sharing and exploring."""
    p, push = now.p, now.push
    now.rate_now, now.rate_next = now.by_plan(Lever.rate_now, s), push(Lever.rate_next, s)
    slope = now.by_plan(Lever.cash_slope, s)
    potential = s.pace / s.standard_quota
    now.money = effort.relative(s.profile.money, "money", p)
    utility = effort.marginal_utility(now.money, now.log_income, now.risk, s.risk_aversion, p) * potential
    now.pool = push(Lever.credit_pool, s)
    felt = effort.own_share(now.pool, s.team.to_seats(now.team_reps), p)
    hunting = felt * effort.hunting_slope(now.rate_now, now.rate_next, s.closes_in_period, s.present_bias) + slope.hunt
    cash = Tasks(*(effort.cash(x, utility, p) for x in (hunting, slope.farm, slope.share)))
    pull, extra = effort.pulls(s.profile, s.fit, cash.hunt, push(Lever.goal_weight, s), p), push(Lever.pull, s)
    fear = exploring.fear(
        s.risk_aversion, cash.hunt, s.threat, push(Lever.trial_cost_cover, s), push(Lever.trial_career_cover, s), p
    )
    s.benefit = Tasks(
        hunt=effort.hunting_benefit(cash.hunt, pull.hunt, extra.hunt + effort.team_pull(now.pool, s.profile, p), p),
        farm=effort.benefit(cash.farm, pull.farm, extra.farm, p),
        share=effort.benefit(cash.share, pull.share, extra.share, p),
        explore=exploring.benefit(pull.explore, now.support.autonomy, cash.hunt, fear, extra.explore, p),
    )
    now.cash_hunt, now.log_effort = cash.hunt, effort.log_effort(s.benefit, p)


def explore(s: State, now: Now) -> None:
    """Some propose, some succeed; failures cost money and selling time; successes enter the region's playbook."""
    p, luck = now.p, now.luck
    expected = exploring.proposal_rate(np.exp(now.log_effort.explore), effort.reference_effort(p).explore, s.filled, p)
    s.proposals = poisson_count(luck.uniform("proposals", now.step), expected)
    s.successes = binomial_count(luck.uniform("successes", now.step), s.proposals, p.exploring.success_chance)
    s.failures = s.proposals - s.successes
    s.trial_costs = s.failures * p.exploring.failure_cost
    s.setbacks = exploring.setbacks(s.setbacks, s.failures, p)
    s.capacity = effort.capacity(now.push(Lever.attention, s) + exploring.hours_lost(s.failures, p), p)
    s.output = effort.output(now.log_effort, s.capacity, p)
    s.playbook = exploring.playbook(s.playbook, s.successes, s.output.share, s.region, p)


def sell(s: State, now: Now) -> None:
    """Leads become opportunities, opportunities deals; near a period's end some are moved."""
    p, push, luck, step = now.p, now.push, now.luck, now.step
    peers = s.team.to_seats(s.team.sum(s.talent * s.filled) / now.team_reps)
    able = selling.ability(s.talent, peers, now.knowledge, p)
    ramped = s.leads * able * s.output.hunt
    arrivals = ramped * s.ramp
    forward, back = timing.shares_moved(timing.shift(now.rate_now, now.rate_next, s.months_left, p), p)
    faster, hunting = push(Lever.cycle, s), s.filled * s.output.hunt + now.vacant
    pace = selling.pace_of_closing(hunting, faster, p)
    rate, key_rate = selling.closing_rate(pace, 1.0, p), selling.closing_rate(pace, p.market.key_cycle, p)
    flow = selling.flow(s.pipeline, arrivals * (1.0 - p.market.key_share), rate, p)
    key_flow = selling.flow(s.key_pipeline, arrivals * p.market.key_share, key_rate, p)
    moved, key_moved = timing.moved(forward, back, flow), timing.moved(forward, back, key_flow)
    s.pipeline = flow.stock - moved
    s.key_pipeline = key_flow.stock - key_moved
    margin_basis, gain = now.by_plan(Lever.margin_basis, s), selling.gain_of_closing_now(now.rate_now, now.rate_next, p)
    s.discount = s.filled * selling.discount(now.authority, gain, s.months_left, margin_basis, p)
    now.coordination = push(Lever.coordination, s)
    won_before = s.region.sum(s.book_customers + s.house_customers)
    against = market.saturation(won_before, p.market.addressable * s.region.sizes, p) + s.competitor - s.playbook
    inside = selling.private_knowledge(now.authority, p) + push(Lever.win, s) + s.skill
    log_odds = selling.win_log_odds(inside, s.region.to_seats(against), s.discount, now.coordination, p)
    focus, weight = push(Lever.key_focus, s), selling.key_weight(p)
    key_odds = log_odds - selling.key_penalty(now.coordination, p) + focus * (1.0 - weight)
    chance, key_chance = selling.win_chance(log_odds - focus * weight), selling.win_chance(key_odds)
    worked = s.filled + p.market.vacancy_cover * now.vacant
    decided, key_decided = flow.closings + moved, key_flow.closings + key_moved
    closings, key_closings = decided * worked, key_decided * worked
    deals = poisson_count(luck.uniform("deals", step), closings * chance)
    s.key_deals = poisson_count(luck.uniform("key_deals", step), key_closings * key_chance)
    s.deals = deals + s.key_deals
    value, key_value = selling.mean_value(p)
    ordinary = selling.value_of(deals, value, p.selling.value_cv, luck.normal("deal_value", step))
    now.list_value = ordinary + selling.value_of(s.key_deals, key_value, p.selling.key_value_cv, luck.normal("key_value", step))
    s.bookings = now.list_value * (1.0 - s.discount)
    now.own_credit = s.filled * pay.credited(now.list_value, s.discount, margin_basis, p.contract.gross_margin)
    s.credited = pay.pooled(now.own_credit, now.pool, s.filled, s.team)
    worth = selling.worth(rate, chance, value * (1.0 - p.market.key_share), p)
    key_worth = selling.worth(key_rate, key_chance, key_value * p.market.key_share, p)
    s.expected_sales = ramped * (worth + key_worth) * (1.0 - s.discount)
    now.closings, now.stale = (
        closings + key_closings,
        flow.stale + key_flow.stale + (decided + key_decided) * (1.0 - worked),
    )
    now.arrivals = arrivals
    now.mean_stock = flow.mean_stock + key_flow.mean_stock
    now.moved_value = (value * np.abs(moved) * chance + key_value * np.abs(key_moved) * key_chance) * worked


def serve(s: State, now: Now) -> None:
    """Contracts due renew or lapse, accounts pass on, satisfied customers send others."""
    p, push, due = now.p, now.push, now.due
    care = customers.care(s.filled * s.output.farm + now.vacant * p.market.vacancy_cover)
    served = customers.service(s.output.farm, s.filled, s.benefit.hunt, push(Lever.satisfaction, s), p)
    s.satisfaction = customers.satisfaction(s.satisfaction, served, p)
    hazard = customers.leaver_hazard(s.orphan_months, s.filled, push(Lever.handover, s), p)
    s.young_loss = lost = customers.lost_with_leaver(hazard)
    kept, passed, house_kept = customers.book_kept(lost, p), customers.passed_to_house(lost, p), customers.house_kept(p)
    s.book_scale = s.book_scale * kept
    now.value_due, now.customers_due = s.cohort_value[due] * s.book_scale, s.cohort_customers[due] * s.book_scale
    renews = customers.renewal_chance(s.satisfaction, push(Lever.renewal, s), p)
    now.at_risk = now.customers_due * (1.0 - renews)
    now.warned, now.treated = customers.treated(now.at_risk, push(Lever.warning, s), push(Lever.intervention, s))
    now.saved = now.treated * customers.rescue_chance(push(Lever.rescue, s), p)
    renewed = renews + customers.rescued(now.saved, now.customers_due)
    s.lapse_share = 1.0 - renewed
    s.renewed_value = now.value_due * renewed
    s.expanded_value = s.renewed_value * customers.expansion(care, p)
    now.renewed_customers = now.customers_due * renewed
    recurring = 1.0 - p.contract.one_off_share
    new_list, grown = now.list_value * recurring, s.renewed_value + s.expanded_value
    added = grown + s.bookings * recurring
    now.book_before, list_ratio = s.book_value, s.book_list / np.maximum(s.book_value, 1e-9)
    now.book_lost, now.young_loss = s.book_value * s.young_loss, s.young_loss
    installed = s.book_value + s.house_value
    now.revenue, now.service_cost = finance.revenue(s.bookings, installed, p), finance.service_cost(installed, p)
    now.list_revenue = finance.revenue(now.list_value, s.book_list + s.house_list, p)
    s.house_value = s.house_value * house_kept + s.book_value * passed
    s.house_list = s.house_list * house_kept + s.book_list * passed
    s.house_customers = s.house_customers * house_kept + s.book_customers * passed
    s.book_value = s.book_value * kept - now.value_due + added
    s.book_list = s.book_list * kept + (grown - now.value_due) * list_ratio + new_list
    gained = now.renewed_customers + s.deals
    s.book_customers = s.book_customers * kept - now.customers_due + gained
    s.cohort_value[due] = added / s.book_scale
    s.cohort_customers[due] = gained / s.book_scale
    s.referrals = customers.referrals(s.book_customers, s.satisfaction, care, push(Lever.referral, s), p)


def pay_reps(s: State, now: Now) -> None:
    """What was promised for this month's sales; quotas learn from a period that ends."""
    p = now.p
    now.cash_pay = pay.cash(s.market_pay, s.filled, now.by_plan(Lever.cash_pay, s))
    now.attainment, now.ended = (s.sold + s.credited) / s.period_quota, 1.0 * (s.months_left <= 1.0)
    s.log_ratchet = goals.ratcheted(s.log_ratchet, now.attainment, now.ended * s.filled, now.by_plan(Lever.quota_ratchet, s), p)
    s.year_sales[now.due] = s.credited
    s.year_pay = np.where(now.due == 0, 0.0, s.year_pay) + now.cash_pay
    own = now.own_credit / np.maximum(s.ramp, 0.1)
    s.pace = goals.pace(s.pace, own / now.season, s.expected_sales / now.season, p)
    s.record = leaving.record(s.record, s.credited, s.monthly_quota * goals.ramp_share(s.tenure, 1.0, p), p)


def learn(s: State, now: Now) -> None:
    """The ramp closes, training fades, knowledge spreads."""
    p, faster, now.ramp_before = now.p, now.push(Lever.learning, s), s.ramp
    s.ramp = learning.ramp(s.ramp, s.learning_speed, now.log_knowledge, faster, p)
    s.skill = learning.skill(s.skill, faster, p)
    s.knowledge = learning.knowledge(s.knowledge, s.output.share, s.filled, s.region, p)
    now.sharers = learning.contribution_chance(s.output.share, p)


def leave(s: State, now: Now) -> None:
    """Quits by own choice, dismissals at the end of a period, with the terms that drove them."""
    p, push, luck, step = now.p, now.push, now.luck, now.step
    s.offer_months = leaving.offer_months(s.offer_months, luck.uniform("offer", step), s.filled, p)
    fair = goals.monthly_quota(s.standard_quota, 0.0, push(Lever.quota_level, s))
    same = Outlook(*goals.fresh_outlook(1.0, 1.0, now.next_months, p), fair, s.market_pay)  # reps who sell their quota
    now.same_pay = pay.at_least(s.market_pay + push(Lever.expected_pay, s, same), s.market_pay)
    locked, u = leaving.lock_in(push(Lever.deferred_pay, s), s.expected_pay, p), luck.uniform("quit", step)
    months = leaving.months_in_profile(s.tenure)
    now.terms = leaving.QuitTerms(
        tenure=leaving.tenure_profile(p.leaving.quit_profile)[months],
        frailty=p.people.frailty_sigma * s.frailty,
        pay_gap=leaving.pay_term(now.gap, s.usual_gap, s.talent, now.money, p),
        envy=p.leaving.envy_slope * leaving.envy(now.same_pay, s.filled, s.expected_pay, s.team, p),
        curvature=leaving.curvature(s.talent, now.rate_next * s.pace / s.expected_pay, p),
        manager=-p.leaving.manager_slope * now.manager,
        fit=-p.leaving.fit_slope * s.fit,
        contagion=p.leaving.contagion_size * now.felt_leavers,
        offers=p.leaving.offer_size * (s.offer_months > 0.0),
        levers=push(Lever.quit, s),
        lock_in=-locked,
    )
    log_odds = leaving.quit_log_odds(now.terms, p)
    chance = leaving.quit_chance(log_odds, locked, p)
    s.quits = s.filled * leaving.leaves(u, luck.uniform("release", step), s.wish, chance, locked, p)
    s.wish = leaving.wish(s.wish, u, chance, log_odds, locked, p)
    held = s.setbacks * (1.0 - push(Lever.trial_career_cover, s))
    profile = leaving.tenure_profile(p.leaving.dismissal_profile)[months]
    short, reviewed = (
        leaving.short_of_bar(s.record, push(Lever.bar_relief, s), p),
        leaving.reviewed(s.tenure, push(Lever.review_grace, s), p),
    )
    hazard = leaving.dismissal_chance(profile, short, held, push(Lever.dismissal, s), p)
    s.threat = leaving.threat(hazard, reviewed, p)
    review = leaving.at_review(hazard, reviewed, s.months_left, s.since_review, p)
    s.dismissals = s.filled * (1.0 - s.quits) * (luck.uniform("dismissal", step) < review)
    s.usual_gap = leaving.usual_gap(s.usual_gap, now.gap, p)
    s.leavers_felt = leaving.felt_leavers(s.leavers_recent, s.leavers_felt, p)
    s.leavers_recent = leaving.recent_leavers(s.leavers_recent, s.team.sum(s.quits), s.team.sum(s.dismissals), s.team, p)


def hire(s: State, now: Now) -> None:
    """Levers remember who leaves; vacancies age, candidates are drawn, newcomers sit down."""
    p, gone, now.tenure_now = now.p, s.quits + s.dismissals, s.tenure
    now.talent_now, now.segment_now = s.talent.copy(), s.segment.copy()
    now.equity_cost, now.programme_cost = now.push(Lever.deferred_cost, s), now.push(Lever.programme_cost, s) + s.trial_costs
    s.memory = now.plan.remember(s)
    s.orphan_months = customers.orphan_months(s.orphan_months, gone, p)
    s.filled = now.filled - gone
    s.vacant_months = now.vacant * (s.vacant_months + 1.0)
    s.fill_months = np.where(gone > 0.0, hiring.fill_months(now.luck.uniform("time_to_fill", now.step), p), s.fill_months)
    s.tenure = (s.tenure + 1.0) * s.filled
    rounds, s.newcomer = recruit(s, now.levers, now.luck.people, p)
    s.rounds = s.rounds + rounds
    s.ramped = s.filled * (s.tenure >= p.contract.ramp_months)


def account(s: State, now: Now) -> None:
    """What the month brought the firm."""
    p = now.p
    now.cost_of_goods = finance.cost_of_goods(now.list_revenue, p)
    installed = (s.book_value + s.house_value).sum(axis=-1, keepdims=True)
    now.sales_of_year = s.year_sales.sum(axis=0)
    one_off = p.contract.gross_margin * p.contract.one_off_share * now.sales_of_year.sum(axis=-1, keepdims=True)
    s.enterprise_value = finance.enterprise_value(installed, one_off, p)
    s.equity_price = finance.share_price(s.enterprise_value, s.first_value)

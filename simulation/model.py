"""The readable model: a sales organisation, one object a rep, one method a phase of the month.

    model = SalesOrg("scenarios/status_quo.toml", policy="steeper", seed=1)
    while model.running:
        model.step()
    model.datacollector.get_model_vars_dataframe()

It is the month of MODEL.md written as a Mesa model: for reading, extending and single lives.
`run` gives the same numbers (`tests/test_docking.py`) for many policies and seeds, far faster.
Reps stand in `agents.py`; what stays when they leave, luck, levers, recruiting and figures stand in `twin/`.
"""

from __future__ import annotations

import warnings
from functools import partial
from math import exp, pi, sin, sqrt
from pathlib import Path
from typing import Any

from simulation.agents import Rep
from simulation.errors import ScenarioError
from simulation.levers.base import Lever
from simulation.scenario import Scenario, read_scenario
from simulation.twin.accounts import Help, colleagues_care
from simulation.twin.curves import log_profile, saturating
from simulation.twin.figures import figures_of
from simulation.twin.founding import found, groups_of, ramp_at
from simulation.twin.luck import Luck
from simulation.twin.people import LONGEST_TENURE, gap_by_talent, incumbents
from simulation.twin.pushes import Organisation, Pushes, in_force, seen_together
from simulation.twin.recruiting import hold_round, offer_of
from simulation.twin.wants import best_effort
from simulation.vocabulary import ORDINARY_PERIOD, Tasks

import mesa  # isort: skip    # after `agents`, which keeps it quiet in a notebook

WARM_UP = 48
"""Months that are lived under the baseline before month 0."""
AGENT_REPORTERS = ("segment", "tenure", "talent", "ramp", "pace", "record", "fit", "credited", "cash_pay")


class SalesOrg(mesa.Model):  # type: ignore[misc]    # Mesa ships no types
    """A sales organisation under one policy, with one seed's luck.

    Parameters
    ----------
    scenario : Scenario, or path of a scenario file
        World, months, seats and policies.
    policy : key of a policy
        The baseline when left out. Its settings are taken as they stand: a promise of equal cost is kept by `run`, whose
        `records.scenario` holds what was solved.
    seed : whole number
        The same seed is the same luck in `run`.
    rep_class : Rep or a subclass
        Who is hired.
    draws : bool
        Carry the seed's draw of parameters, as `run` does where the scenario has draws. Left out, all parameters have their
        point values, as in `run` of `scenario.luck_only()`.

    Attributes
    ----------
    seats, teams, regions : lists, in order
    reps : those who sat in a seat when the month began, in the order of seats; `agents` are those who sit there now
    month : the month last lived, from 0; below 0 in the warm-up
    figures : the month's figures by the names of `Records.sums`

    Notes
    -----
    `mesa.batch_run(SalesOrg, {"scenario": path, "policy": [...], "seed": [1, 2]})` runs policies and seeds. Four traps:

    - Seeds belong in `parameters` up to Mesa 3.3, where `iterations` repeats one seed, and in `rng=[1, 2]` from Mesa 3.4 on.
    - A model stops by itself after the scenario's months; a `max_steps` below them is one month too long up to Mesa 3.3.
    - Up to Mesa 3.3 months are counted from 0 there, and rows of agents are those of the month before.
    - With `number_processes` above 1 a script needs `if __name__ == "__main__":`, as with any pool of Python's own.
    """

    def __init__(
        self, scenario: Scenario | str | Path, policy: str | None = None, seed: int = 1, rep_class: type[Rep] = Rep, *,
        draws: bool = False,
    ) -> None:
        _check(policy, seed, rep_class)
        super().__init__(rng=seed)
        study = scenario if isinstance(scenario, Scenario) else read_scenario(scenario)
        study.require_settled()
        self.policy = study.policy(study.baseline if policy is None else policy)
        if self.policy.equal_cost is not None:
            warnings.warn(f"policy {self.policy.key}: equal_cost is not solved here; `run(scenario).scenario` is", stacklevel=2)
        self._baseline = study.policy(study.baseline).levers
        self._parameters = study.parameters_of(int(seed)) if draws else study.parameters
        self._rep_class = rep_class
        self.months, self.month = study.months, -WARM_UP - 1
        self.figures: dict[str, float] = {}
        self.p = groups_of(self._parameters)
        self._know_constants()
        self._found(int(seed), study.seats)
        self._warm_up(int(seed))
        self.datacollector = mesa.DataCollector(
            model_reporters={name: partial(_figure, name=name) for name in self.figures},
            agent_reporters={"seat": lambda rep: rep.seat.number} | {name: name for name in AGENT_REPORTERS},
        )

    # ------------------------------------------------------------------ the beginning (5)
    def _know_constants(self) -> None:
        p, e, x = self.p, self.p.effort, self.p.exploring
        self.quit_profile = log_profile(p.leaving.quit_profile, LONGEST_TENURE)
        self.dismissal_profile = log_profile(p.leaving.dismissal_profile, LONGEST_TENURE)
        fear = exp(-x.fear_cash - x.fear_career)
        ordinary = Tasks(1.0 + e.pull_hunt, e.pull_farm, e.pull_share, (e.pull_explore + x.cash_share) * fear)
        self.reference_effort = best_effort(ordinary, e)

    def _found(self, seed: int, seats: int) -> None:
        """Incumbents sit down in their seats."""
        regions = min(int(self.p.market.regions), -(-seats // int(self.p.market.span)))
        self.luck = Luck(seed, seats, regions, "warm up")
        people = list(incumbents(seed, seats, self.luck, self.p))
        self.seats, self.teams, self.regions = found(seed, people, self.p)
        abilities = [exp(self.p.people.ability_sigma * person.talent) for person, _ in people]
        scale = sum(seat.standard_quota for seat in self.seats) / sum(abilities)
        for seat, (person, tenure), ability in zip(self.seats, people, abilities, strict=True):
            rep = seat.rep = self._rep_class(self, seat, person, pace=scale * seat.territory * ability, tenure=tenure)
            rep.ramp, rep.usual_gap = ramp_at(tenure, self.p), gap_by_talent(self.p) * person.talent
            rep.expected_sales, rep.year_sales = rep.pace, [rep.pace * rep.ramp] * 12
        self.months_left = self.since_review = 1.0
        self.first_value = 0.0
        levers = (self._baseline, self.policy.levers)
        self._used = [key for key in self._baseline if not all(settings[key].is_neutral() for settings in levers)]
        self.organisation: Any = Organisation(self.seats, {})

    def _warm_up(self, seed: int) -> None:
        """Months under the baseline, from whose end the run starts."""
        self._take_over(self._baseline, self._baseline)
        for step in range(WARM_UP):
            self.live_month(step - WARM_UP, step)
        self.first_value = self.enterprise_value
        self._price_shares(1.0)
        for seat in self.seats:
            seat.rounds = 0
        self.luck = Luck(seed, len(self.seats), len(self.regions), "run")
        self._in_force: tuple[Any, Any] | None = None

    # ------------------------------------------------------------------ a month (3)
    def step(self) -> None:
        """One month: who leads whom and how they are paid, lived, recorded, and collected."""
        month = self.month + 1
        own, paying = in_force(self.policy.levers, self._baseline, month, self.policy.starts, self.policy.ends)
        if (own, paying) != self._in_force:
            self._in_force = (own, paying)
            self._take_over(own, paying)
        self.live_month(month, month)
        self.datacollector.collect(self)
        self.running = self.month + 1 < self.months

    def live_month(self, month: int, step: int) -> None:
        """Twelve phases; each goes through all seats before the next begins. `step` counts the draws of a phase of the run."""
        self.begin_month(month, step)
        self.set_goals()
        self.share_leads()
        self.meet_motives()
        self.choose_effort()
        self.explore()
        self.sell()
        self.serve()
        self.pay_reps()
        self.learn()
        self.leave()
        self.hire()
        self.account()
        self.end_month()

    def begin_month(self, month: int, step: int) -> None:
        """The calendar, the market and the month's luck; who is there."""
        self.month = month
        self.calendar_month = month % 12
        self.p.condition = self._parameters.at(month).condition
        self.luck.begin_month(step)
        self.holders = [seat.rep for seat in self.seats]
        self.reps = [seat.rep for seat in self.seats if seat.filled]
        for rep in self.reps:
            rep.tenure_now = rep.tenure

    def set_goals(self) -> None:
        """7.1: quota periods follow the calendar, quotas are set, reps form an outlook."""
        self._read_sockets()
        self.period_begins = self.months_left <= 1.0
        self.since_review = (0.0 if self.period_begins else self.since_review) + 1.0
        self.period_months = ORDINARY_PERIOD + self.plan.of(Lever.quota_period, 0)
        self.next_months = ORDINARY_PERIOD + self.pushes.of(Lever.quota_period, 0)
        self.months_left = self.period_months - self.month % self.period_months
        self.period_ends = self.months_left <= 1.0
        self.closes_in_period = 1.0 - exp(-(self.p.market.close_rate + self.p.selling.stale_rate) * self.months_left)
        for rep in self.holders:
            rep.set_goals()
        for rep in self.holders:
            rep.look_ahead()

    def share_leads(self) -> None:
        """7.2: shocks move, marketing is split over regions, leads are shared out."""
        market = self.p.market
        self.season = 1.0 + market.season_amplitude * sin(2.0 * pi * (self.month + 0.5) / 12.0)
        fresh, z = sqrt(1.0 - market.shock_persistence**2), self.luck.z
        for region in self.regions:
            region.demand = market.shock_persistence * region.demand + market.demand_sd * fresh * z["demand"][region.number]
            shock = market.competitor_sd * fresh * z["competitor"][region.number]
            region.competitor = market.shock_persistence * region.competitor + shock
        self._read_sockets()
        weights = [exp(self.pushes.of(Lever.lead_weight, region.number)) for region in self.regions]
        for region, weight in zip(self.regions, weights, strict=True):
            pull = (weight / (sum(weights) / len(weights))) ** market.marketing_elasticity
            self._leads_of(region, market.marketing_share * exp(region.need) * pull)
            orphaned = market.vacancy_cover * sum(seat.arising for seat in region.seats if not seat.filled)
            worked = sum(seat.territory for seat in region.seats if seat.filled)
            for seat in region.seats:
                seat.leads = seat.arising + seat.territory * orphaned / worked if seat.filled else 0.0

    def _leads_of(self, region: Any, marketed: float) -> None:
        """Leads that arise in each seat of a region, where marketing brings `marketed` for each that it brings ordinarily."""
        p, multiple = self.p, 1.0 - self.p.market.marketing_share + marketed
        for seat in region.seats:
            strength = exp(region.demand + self.pushes.of(Lever.opportunity, seat.number))
            own = p.market.lead_rate * seat.territory * multiple * strength * self.season * p.condition.demand
            seat.arising = own + seat.book.referrals
            seat.marketed = own * marketed / multiple

    def meet_motives(self) -> None:
        """7.3: expected pay, the pay gap, how far the job meets each other motive, fit."""
        self._read_sockets()
        views = seen_together([rep.outlook() for rep in self.holders])
        extra, spread = self.pushes.each(Lever.expected_pay, views), self.pushes.each(Lever.pay_risk, views)
        sharing = [max(0.05, sum(rep.output.share for rep in team.reps) / max(1, len(team.reps))) for team in self.teams]
        for rep in self.reps:
            rep.weigh_pay(extra[rep.seat.number], spread[rep.seat.number])
            rep.meet_motives(sharing[rep.seat.team.number])

    def choose_effort(self) -> None:
        """7.4: each rep weighs hunting, farming, sharing and exploring."""
        self._read_sockets()
        for rep in self.holders:
            rep.read_rates()
        for rep in self.reps:
            rep.choose_effort()

    def explore(self) -> None:
        """7.5: proposals, successes, failures; the output of all four tasks; the playbook."""
        self._read_sockets()
        x = self.p.exploring
        for rep in self.reps:
            rep.explore()
        for region in self.regions:
            found = sum(rep.successes * sqrt(rep.output.share) for rep in region.reps) / region.size
            gained = x.playbook_gain * found * saturating(region.playbook, x.playbook_most)
            region.playbook = region.playbook * (1.0 - x.playbook_decay) + gained

    def sell(self) -> None:
        """7.6: pipelines, deals moved in time, discounts, wins, values, credit."""
        self._read_sockets()
        market = self.p.market
        peers = [team.mean("talent") for team in self.teams]
        against = []
        for region in self.regions:
            won = sum(seat.book.book_customers + seat.book.house_customers for seat in region.seats)
            penetration = won / (market.addressable * region.size)
            against.append(market.saturation_slope * (penetration - market.reference_penetration) + region.competitor)
        for rep in self.holders:
            rep.sell(peers[rep.seat.team.number], against[rep.seat.region.number])
        shared = [team.mean("own_credit") for team in self.teams]
        for rep in self.reps:
            rep.take_credit(shared[rep.seat.team.number])

    def serve(self) -> None:
        """7.7: satisfaction, renewals, expansion, accounts passed on, revenue, referrals."""
        self._read_sockets()
        colleagues = colleagues_care(self.p)
        sockets = (Lever.handover, Lever.renewal, Lever.referral, Lever.warning, Lever.intervention, Lever.rescue)
        for seat in self.seats:
            care = seat.rep.serve() if seat.filled else colleagues
            extra = Help(*(self.pushes.of(socket, seat.number) for socket in sockets))
            seat.book.live_month(self.calendar_month, care, extra, seat, self.p)

    def pay_reps(self) -> None:
        """7.8: cash pay, the ratchet, what reps and managers conclude from the month."""
        self._read_sockets()
        for rep in self.holders:
            rep.get_paid()
            rep.conclude()
        for rep in self.reps:
            if self.period_ends:
                rep.seat.raise_quota(rep.attainment, self.plan.of(Lever.quota_ratchet, rep.seat.number), self.p.goals)

    def learn(self) -> None:
        """7.9: ramp, skill, knowledge."""
        self._read_sockets()
        know = self.p.learning
        for rep in self.holders:
            rep.learn()
        for region in self.regions:
            reps = region.reps
            mean = sum(rep.output.share for rep in reps) / max(1, len(reps))
            region.knowledge = max(know.knowledge_least, region.knowledge + know.knowledge_decay * (mean - region.knowledge))

    def leave(self) -> None:
        """7.10: outside approaches, quits, dismissals, what teammates feel."""
        self._read_sockets()
        same = self.pushes.each(Lever.expected_pay, seen_together([rep.outlook_at_quota() for rep in self.holders]))
        for rep in self.reps:
            rep.hear_offers()
            rep.same_pay = max(rep.seat.market_pay + same[rep.seat.number], 0.05 * rep.seat.market_pay)
        pays = [(team.mean("same_pay"), team.mean("expected_pay")) for team in self.teams]
        for rep in self.reps:
            rep.reasons = rep.reasons_to_quit(rep.envy(*pays[rep.seat.team.number]))
            rep.quits = float(rep.consider_leaving())
            dismissed = rep.face_review()
            rep.dismissals = float(dismissed and not rep.quits)
            rep.get_used_to_pay()
        for team in self.teams:
            team.feel_leavers(self.p.leaving)

    def hire(self) -> None:
        """7.11: equity and programme costs, levers' memory, vacancies, recruiting rounds, newcomers."""
        self._read_sockets()
        self.equity_cost = sum(self.pushes.each(Lever.deferred_cost))
        trials = sum(rep.trial_costs for rep in self.reps)
        self.programme_cost = sum(self.pushes.each(Lever.programme_cost)) + trials
        self.organisation.memory = self.plan.board.remember(self.organisation)
        for seat in self.seats:
            self._keep_or_vacate(seat)
        self._read_sockets()
        due = [seat for seat in self.seats if seat.round_due]
        offer = offer_of(self) if due else None
        for seat in due:
            self._recruit(seat, offer)
        for seat in self.seats:
            seat.rep.ramped_next = seat.filled and seat.rep.tenure >= self.p.contract.ramp_months

    def _keep_or_vacate(self, seat: Any) -> None:
        rep, p = seat.rep, self.p
        seat.newcomer = False
        seat.orphan_months = max(seat.orphan_months - 1.0, 0.0)
        seat.vacant_months = 0.0 if seat.filled else seat.vacant_months + 1.0
        if not seat.filled:
            return
        rep.tenure += 1.0
        if rep.quits or rep.dismissals:
            z = self.luck.z["time_to_fill"][seat.number]
            days = p.labour.fill_days * p.condition.time_to_fill * exp(p.labour.fill_sigma * z - p.labour.fill_sigma**2 / 2.0)
            seat.fall_vacant(days / 30.4, p.customers.orphan_months)
            rep.leave()

    def _recruit(self, seat: Any, offer: Any) -> None:
        hired = hold_round(self, seat, offer)
        if hired is None:
            return
        seat.filled = seat.newcomer = True
        pace = hired.attainment * seat.monthly_quota
        seat.rep = self._rep_class(self, seat, hired.person, pace=pace, usual_gap=hired.usual_gap)
        for held in self.pushes.board.personal(self.organisation.memory):
            held[..., seat.number] = 0.0

    def account(self) -> None:
        """7.12: enterprise value and the price of a share."""
        contract = self.p.contract
        recurring = sum(seat.book.book_value + seat.book.house_value for seat in self.seats)
        one_off = sum(sum(seat.rep.year_sales) for seat in self.seats)
        self.enterprise_value = contract.value_multiple * recurring + contract.gross_margin * contract.one_off_share * one_off
        self._price_shares(max(self.enterprise_value / self.first_value, 0.01) if self.first_value else 1.0)

    def end_month(self) -> None:
        """The month is recorded, and leavers have nothing more to do with the firm."""
        self.figures = figures_of(self)
        for rep in self.reps:
            if not rep.present:
                rep.lay_down()
        for seat in self.seats:
            seat.rep.ramped = seat.rep.ramped_next

    # ------------------------------------------------------------------ levers (7.13)
    def _take_over(self, own: Any, paying: Any) -> None:
        """The levers of the policy, and of the pay plan that is being paid, stand from now on."""
        levers = [[settings[key] for key in self._used] for settings in (own, paying)]
        self.pushes, self.plan = (Pushes(each, self._parameters, self.organisation) for each in levers)
        shape = (1, 1, len(self.seats))
        self.organisation.memory = self.pushes.board.start_memory(self.organisation.memory, shape)

    def _read_sockets(self) -> None:
        """A phase begins: levers read the organisation as it stands now."""
        for part in (self.organisation, self.pushes, self.plan):
            part.forget()

    def _price_shares(self, price: float) -> None:
        self.organisation.equity_price[...] = price


def _figure(model: SalesOrg, name: str) -> float:
    return model.figures[name]


def _check(policy: Any, seed: Any, rep_class: Any) -> None:
    if not isinstance(policy, str | None):
        raise ScenarioError(f"policy = {policy!r} is not the key of a policy; give it as text, or leave it out for the baseline")
    if isinstance(seed, bool) or not hasattr(seed, "__index__") or seed < 0:
        raise ScenarioError(
            f"seed = {seed!r} is not a whole number of 0 or more; choose one, for example 1 (`mesa.batch_run` of Mesa 3.4 and "
            "later sets it itself: give it rng=[1, 2])"
        )
    if not (isinstance(rep_class, type) and issubclass(rep_class, Rep)):
        raise ScenarioError(f"rep_class = {rep_class!r} is no subclass of simulation.Rep; derive your class from it")

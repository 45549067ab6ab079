"""The organisation as arrays.

A seat is a post that may be vacant; the rep in it is a person with traits. Arrays are (policy, seed, seat) unless the
field says otherwise: team and region arrays have their own last axis, cohorts a leading axis of 12 calendar months.
How an organisation starts stands in `start.py`; which rule writes a field stands in `month.py`, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any

import numpy as np

from simulation.vocabulary import Array, Motives, Tasks

COHORTS = 12


@dataclass(frozen=True, eq=False)
class Layout:
    """Which team and region each seat belongs to; seats of a team, and teams of a region, are neighbours."""

    seats: int
    span: int
    wanted_regions: int

    @property
    def teams(self) -> int:
        """Number of teams, the last of which may be smaller."""
        return -(-self.seats // self.span)

    @property
    def regions(self) -> int:
        """Number of regions: never more than teams."""
        return min(self.wanted_regions, self.teams)

    @property
    def team_of_seat(self) -> Any:
        """(seat,) index of the team."""
        return np.arange(self.seats) // self.span

    @property
    def region_of_team(self) -> Any:
        """(team,) index of the region."""
        return np.arange(self.teams) * self.regions // self.teams

    @property
    def region_of_seat(self) -> Any:
        """(seat,) index of the region."""
        return self.region_of_team[self.team_of_seat]


@dataclass(frozen=True, eq=False)
class Grouping:
    """Sums over the seats of each team or region, and back to seats."""

    starts: Any  # (group,) first seat of each
    of_seat: Any  # (seat,) its group

    @classmethod
    def of(cls, of_seat: Any) -> Grouping:
        """The grouping that an ascending index array describes."""
        return cls(np.flatnonzero(np.diff(of_seat, prepend=-1)), of_seat)

    @cached_property
    def sizes(self) -> Any:
        """(group,) number of seats of each."""
        return np.diff(np.append(self.starts, self.of_seat.size))

    def sum(self, x: Array) -> Array:
        """(policy, seed, seat) to (policy, seed, group)."""
        return np.add.reduceat(np.ascontiguousarray(x), self.starts, axis=-1)

    def to_seats(self, x: Array) -> Array:
        """(policy, seed, group) to (policy, seed, seat)."""
        return np.repeat(x, self.sizes, axis=-1)


def about(dims: str, unit: str, doc: str) -> Any:
    """A state field with its axes, unit and meaning."""
    return field(metadata={"dims": dims, "unit": unit, "doc": doc})


SEAT, TEAM, REGION, FIRM = "policy seed seat", "policy seed team", "policy seed region", "policy seed 1"
COHORT = "cohort policy seed seat"


@dataclass(eq=False)
class State:
    """Everything that is carried from one month to the next, and this month's results that levers read."""

    # who sits where
    team: Grouping = about("-", "-", "seats of a team")
    region: Grouping = about("-", "-", "seats of a region")
    territory: Array = about(SEAT, "ratio", "potential of the territory, mean 1")
    market_pay: Array = about(SEAT, "usd/month", "what the market pays for the seat")
    standard_quota: Array = about(SEAT, "usd/month", "the world's quota for the seat")

    # the person in the seat: written whole by hiring when a newcomer sits down
    filled: Array = about(SEAT, "1 or 0", "a rep sits here")
    newcomer: Array = about(SEAT, "1 or 0", "hired at the end of the last month")
    tenure: Array = about(SEAT, "months", "full months since hire")
    talent: Array = about(SEAT, "sd", "log ability in standard deviations of the population")
    frailty: Array = about(SEAT, "sd", "proneness to leave that nothing observed explains")
    learning_speed: Array = about(SEAT, "sd", "log speed of learning")
    risk_aversion: Array = about(SEAT, "ratio", "relative risk aversion")
    present_bias: Array = about(SEAT, "ratio", "weight of a later reward against one now")
    loss_aversion: Array = about(SEAT, "ratio", "weight of a loss against a gain")
    profile: Motives = about(SEAT, "share", "motivation profile: weights that sum to 1")
    ramped: Array = about(SEAT, "1 or 0", "a rep past the pack's ramp sits here")
    segment: Array = about(SEAT, "index", "the largest motive weight")
    ramp: Array = about(SEAT, "share", "productivity against the same rep's when fully ramped")
    skill: Array = about(SEAT, "log-odds", "what training has added and time not yet taken")
    pace: Array = about(SEAT, "usd/month", "sales the rep expects of itself when fully ramped")
    record: Array = about(SEAT, "ratio", "attainment over about the last year, as a manager sees it")
    usual_gap: Array = about(SEAT, "log", "long average of the rep's own pay gap")
    setbacks: Array = about(SEAT, "count", "failed trials remembered, fading")
    sold: Array = about(SEAT, "usd", "credited so far in the quota period")
    period_quota: Array = about(SEAT, "usd", "quota of this rep for the whole period under way")
    year_sales: Array = about(COHORT, "usd", "credited sales of each of the last 12 months")
    year_pay: Array = about(SEAT, "usd", "cash pay since the last calendar year's end")
    wish: Array = about(SEAT, "log-odds", "lock-in that it takes to hold a rep who would have left; 0 for none")
    offer_months: Array = about(SEAT, "months", "months for which an outside offer still stands")

    # motives and effort
    met: Motives = about(SEAT, "points", "how far the job meets each motive")
    fit: Array = about(SEAT, "sd", "profile-weighted sum, standardised by its baseline spread")
    benefit: Tasks = about(SEAT, "ratio", "benefit of each task in units of the baseline commission pull")
    output: Tasks = about(SEAT, "ratio", "output of each task against a reference rep's")
    capacity: Array = about(SEAT, "share", "selling hours left after other duties")

    # goals and the market
    log_ratchet: Array = about(SEAT, "log", "what past attainment has added to the quota")
    monthly_quota: Array = about(SEAT, "usd/month", "quota in force at full ramp")
    next_quota: Array = about(SEAT, "usd/month", "the same under the plan announced, for periods to come")
    period_months: Array = about("policy 1 1", "months", "length of the quota period")
    months_left: Array = about("policy 1 1", "months", "of the period under way, this month included")
    expected_pay: Array = about(SEAT, "usd/month", "total pay the rep expects under the plan in force")
    since_review: Array = about("policy 1 1", "months", "since the last review for dismissal, this month included")
    outlook_mean: Array = about(SEAT, "ratio", "expected final attainment of the period under way")
    outlook_spread: Array = about(SEAT, "ratio", "its standard deviation")
    fresh_mean: Array = about(SEAT, "ratio", "expected attainment of a whole period at full ramp")
    fresh_spread: Array = about(SEAT, "ratio", "its standard deviation")
    closes_in_period: Array = about(SEAT, "0-1", "chance that an opportunity opened now closes in this period")
    demand: Array = about(REGION, "log", "demand shock")
    competitor: Array = about(REGION, "log-odds", "competitors' shock")
    need: Array = about(REGION, "log", "how strongly a region answers marketing")
    leads: Array = about(SEAT, "leads/month", "leads worked")
    referrals: Array = about(SEAT, "leads/month", "leads that customers will send next month")

    # selling
    pipeline: Array = about(SEAT, "opportunities", "open ordinary opportunities")
    key_pipeline: Array = about(SEAT, "opportunities", "open key-account opportunities")
    discount: Array = about(SEAT, "share", "share of list price given away this month")
    deals: Array = about(SEAT, "count", "deals won this month, key accounts included")
    key_deals: Array = about(SEAT, "count", "key accounts won this month")
    bookings: Array = about(SEAT, "usd", "first-year value won this month, net of discount")
    credited: Array = about(SEAT, "usd", "sales credited to the rep this month")
    expected_sales: Array = about(SEAT, "usd/month", "structural expectation at full ramp")

    # customers
    cohort_value: Array = about(COHORT, "usd/year", "annual value by month of renewal, before `book_scale`")
    cohort_customers: Array = about(COHORT, "customers", "customers by month of renewal, before `book_scale`")
    book_scale: Array = about(SEAT, "share", "share of every cohort that is still in the rep's care")
    book_value: Array = about(SEAT, "usd/year", "annual value in the rep's care")
    book_list: Array = about(SEAT, "usd/year", "the same at list price")
    book_customers: Array = about(SEAT, "customers", "customers in the rep's care")
    house_value: Array = about(SEAT, "usd/year", "annual value passed on to the house book")
    house_list: Array = about(SEAT, "usd/year", "the same at list price")
    house_customers: Array = about(SEAT, "customers", "customers of the house book")
    satisfaction: Array = about(SEAT, "0-1", "mean satisfaction of the seat's customers")
    orphan_months: Array = about(SEAT, "months", "months for which a leaver's accounts still suffer")
    young_loss: Array = about(SEAT, "share", "of the book lost this month with a leaver, not at renewal")
    lapse_share: Array = about(SEAT, "share", "of the cohort due this month that did not renew")
    renewed_value: Array = about(SEAT, "usd/year", "annual value renewed this month")
    expanded_value: Array = about(SEAT, "usd/year", "annual value added to customers this month")

    # exploring, knowledge, teams
    proposals: Array = about(SEAT, "count", "new plays proposed this month")
    successes: Array = about(SEAT, "count", "trials that succeeded this month")
    failures: Array = about(SEAT, "count", "trials that failed this month")
    trial_costs: Array = about(SEAT, "usd", "cost of trials that failed this month")
    playbook: Array = about(REGION, "log-odds", "working plays")
    knowledge: Array = about(REGION, "ratio", "shared knowledge stock, 1 under the baseline")
    manager: Array = about("1 seed team", "sd", "quality of the team's manager")
    leavers_recent: Array = about(TEAM, "share", "first stage of contagion")
    leavers_felt: Array = about(TEAM, "share", "second stage of contagion: what teammates feel")

    # leaving and hiring
    threat: Array = about(SEAT, "log", "dismissal hazard against an ordinary one")
    quits: Array = about(SEAT, "1 or 0", "left by own choice this month")
    dismissals: Array = about(SEAT, "1 or 0", "left by the firm's choice this month")
    vacant_months: Array = about(SEAT, "months", "age of the vacancy")
    fill_months: Array = about(SEAT, "months", "time this vacancy takes to fill")
    rounds: Array = about(SEAT, "count", "recruiting rounds the seat has seen")

    # the firm
    equity_price: Array = about(FIRM, "ratio", "value of a share against month 0")
    enterprise_value: Array = about(FIRM, "usd", "value of the firm at the month's end")
    first_value: Array = about(FIRM, "usd", "enterprise value at month 0, for the price of a share")
    memory: dict[str, dict[str, Array]] = about("-", "-", "what each lever remembers")

    def for_policies(self, count: int) -> State:
        """The same organisation once a policy: what every policy starts from.

        Where rows differ already, in parameters, `count` is a multiple of their number and each row is repeated in its place.
        """
        rows = self.filled.shape[0]
        return self.rows([k * rows // count for k in range(count)])

    def rows(self, own: Sequence[int]) -> State:
        """A copy with a row on the policy axis for each of these rows; fields that all rows share are repeated."""
        return State(**{f.name: _rows(getattr(self, f.name), np.asarray(own)) for f in fields(self)})


def _rows(value: Any, own: Any) -> Any:
    if isinstance(value, Grouping | float):
        return value
    if isinstance(value, tuple):
        return type(value)(*(_rows(v, own) for v in value))
    if isinstance(value, Mapping):
        return {key: _rows(v, own) for key, v in value.items()}
    axis = value.ndim - 3
    return np.take(value, own if value.shape[axis] > 1 else np.zeros_like(own), axis=axis)

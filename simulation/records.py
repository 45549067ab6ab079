"""What is kept of a run, and at what grain.

`sums`    one row a policy, seed and month: figures summed over seats (a few are values, marked below)
`groups`  the same by motivation segment and tenure band, for the figures a board compares between groups
          (with them go the sums of `standing.py`: periods by attainment, reps and leavers by quarter of sales)
`spells`  one row a rep's stay, for survival
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from simulation.standing import Ranking, leavers, periods
from simulation.vocabulary import TENURE_BAND_STARTS, TENURE_BANDS, Array, Motives

if TYPE_CHECKING:
    from simulation.evidence.read import Parameters
    from simulation.scenario import Scenario
    from simulation.state import State

GROUPS = len(Motives._fields) * len(TENURE_BANDS)
GROUP_KEYS = (
    "filled",
    "quits",
    "dismissals",
    "regretted_quits",
    "cash_pay",
    "period_reps",
    "period_attainment",
    "sharers",
    "proposals",
)
RARE = ("quits", "dismissals", "regretted_quits", "period_reps", "period_attainment", "proposals")
"""Those that are 0 for most reps in most months."""
TERM = "quit_"
"""In front of the name of a term of the quitting rule: the key of its sum."""
RAMP_SHARE = 0.9
LOW_INCOME = 0.8
MONTHS = 12


@dataclass(frozen=True)
class Moved:
    """What `equal_cost` moved: a setting from one value to another, and the gap in total cost that is left."""

    setting: str
    before: float
    after: float
    gap: float


@dataclass(frozen=True, eq=False)
class Records:
    """Everything a run keeps. Policies in the scenario's order, seeds in theirs, months from 0.

    `point` holds the same policies and seeds at point values of all parameters; None where nothing was drawn.
    `ledger` has the baseline's rep-months (`rep_months.py`), empty where they were not kept.
    `parameters` are those of the run where they are not the scenario's own, such as rows with parameters of their own.
    """

    scenario: Scenario
    sums: Mapping[str, Array]
    groups: Mapping[str, Array]
    spells: pd.DataFrame
    moved: Mapping[str, Moved] = field(default_factory=dict)
    point: Records | None = None
    ledger: Mapping[str, Any] = field(default_factory=dict)
    parameters: Parameters | None = None

    @property
    def ran_with(self) -> Parameters:
        """The parameters of the run: numbers, or arrays that broadcast to (policy, seed, 1)."""
        return self.parameters or self.scenario.parameters_at(self.scenario.seeds)


def tally(s: State, now: Any, *, by_group: bool = True) -> tuple[dict[str, Array], dict[str, Array]]:
    """One month's sums (policy, seed) and group figures (policy, seed, group), from the state and what the month handed on.

    Each sum is taken as soon as what is summed has been worked out, while it is still in the cache. Without `by_group`
    there are no group figures, nor sums of how reps stand (`standing.py`).
    """
    p = now.p
    seats = s.filled.shape[-1]
    total = lambda x: _over_seats(x, s.filled.shape)  # noqa: E731
    each = lambda x: x[..., 0] if np.ndim(x) else x  # noqa: E731  a parameter beside (policy, seed)
    margin = each(p.contract.gross_margin)
    filled, vacant = now.filled, now.vacant
    leads = total(s.leads)
    a_lead = margin * total(s.expected_sales) / np.maximum(leads, 1e-9)
    idle, hires, bookings = 1.0 - each(p.market.vacancy_cover), total(s.newcomer), total(s.bookings)
    book_lost = total(now.book_lost)
    completed = filled * now.was_ramped * now.ended
    reached = (now.ramp_before < RAMP_SHARE) & (s.ramp >= RAMP_SHARE) & (filled > 0.0)
    cash_fit = filled * s.fit
    ranking = Ranking.of(s, now)
    grouped = {
        "filled": filled, "quits": s.quits, "dismissals": s.dismissals, "regretted_quits": s.quits * ranking.top(),
        "cash_pay": now.cash_pay, "period_reps": completed, "period_attainment": completed * now.attainment,
        "sharers": filled * now.sharers, "proposals": s.proposals,
    }  # fmt: skip
    sums = {key: total(value) for key, value in grouped.items()} | {
        "ramped": total(now.was_ramped), "hires": hires, "bookings": bookings, "bookings_list": total(now.list_value),
        "oneoff_revenue": each(p.contract.one_off_share) * bookings,
        "revenue": total(now.revenue), "list_revenue": total(now.list_revenue), "cogs": total(now.cost_of_goods),
        "equity_cost": total(now.equity_cost), "programme_cost": total(now.programme_cost),
        "hiring_cost": hires * each(p.labour.hiring_cost), "training_cost": hires * each(p.labour.training_cost),
        "marketing_cost": total(p.market.marketing_spend), "service_cost": total(now.service_cost),
        "lost_vacancy": total((now.arising - s.leads) * vacant) * idle * a_lead,
        "lost_ramp": margin * total(filled * s.expected_sales * (1.0 - now.ramp_before)),
        "lost_accounts": margin * book_lost,
        "period_at_quota": total(completed * (now.attainment >= 1.0)),
        "recurring_value": total(s.book_value + s.house_value), "recurring_list": total(s.book_list + s.house_list),
        "deals": total(s.deals), "key_deals": total(s.key_deals), "closings": total(now.closings), "stale": total(now.stale),
        "pipeline": total(now.mean_stock), "leads": leads, "referrals": total(s.referrals),
        "ramp_log_months": _ramp_log_months(s, now, reached), "ramp_count": np.count_nonzero(reached, axis=-1),
        "due_value": total(now.value_due), "renewed_value": total(s.renewed_value), "expanded_value": total(s.expanded_value),
        "due_customers": total(now.customers_due), "renewed_customers": total(now.renewed_customers),
        "book_value": total(now.book_before), "book_lost": book_lost,
        "satisfaction_customers": total(s.satisfaction * s.book_customers), "customers": total(s.book_customers),
        "house_customers": total(s.house_customers), "addressable": total(p.market.addressable), "at_risk": total(now.at_risk),
        "warned": total(now.warned), "saved": total(now.saved), "successes": total(s.successes), "failures": total(s.failures),
        "handover_effort": total(s.deals * p.market.complexity * (1.0 - now.coordination)),
        "marketing_gain": total(now.marketed * (filled + p.market.vacancy_cover * vacant)) * a_lead,
        "last_month_bookings": bookings * each(s.months_left <= 1.0), "cash_pull": total(filled * now.cash_hunt),
        "fit_total": total(cash_fit), "fit_squares": total(cash_fit * s.fit),
        "moved_value": total(now.moved_value), "discount_value": total(now.list_value - s.bookings),
        "seats": np.full(filled.shape[:2], float(seats)),
    }  # fmt: skip
    sums |= _yearly(s, now) | _terms(now)
    if not by_group:
        return sums, {}
    return sums | leavers(s, now, ranking) | periods(completed, now.attainment), _by_group(grouped, now)


def _over_seats(x: Any, shape: tuple[int, ...]) -> Array:
    """Sum over seats, (policy, seed), of anything that broadcasts to `shape`; what policies or seeds share is summed once."""
    if np.shape(x) == shape:
        return np.asarray(np.add.reduce(x, axis=-1))
    own = np.asarray(x, dtype=float).reshape((1,) * (len(shape) - np.ndim(x)) + np.shape(x))
    rows = np.ascontiguousarray(np.broadcast_to(own, (*own.shape[:-1], shape[-1])))
    return np.broadcast_to(np.add.reduce(rows, axis=-1), shape[:-1])


def _ramp_log_months(s: State, now: Any, reached: Any) -> Array:
    """Log of the months that reps who are fully ramped since this month took, summed over them, (policy, seed)."""
    here = np.flatnonzero(reached)
    before, after, tenure = (x.take(here) for x in (now.ramp_before, s.ramp, now.tenure_now))
    step = (RAMP_SHARE - before) / np.maximum(after - before, 1e-12)
    policies, seeds, seats = reached.shape
    logs = np.log(np.maximum(tenure + step, 0.5))
    return np.asarray(np.bincount(here // seats, logs, policies * seeds), dtype=float).reshape(policies, seeds)


def _terms(now: Any) -> dict[str, Array]:
    """The terms of the quitting rule [log-odds], summed over the reps there at the month's start; (policy, seed) each."""
    shape = now.filled.shape
    reps = _over_seats(now.filled, shape)
    of = lambda term: reps * term if isinstance(term, float) else _over_seats(now.filled * term, shape)  # noqa: E731
    return {f"{TERM}{name}": of(term) for name, term in now.terms._asdict().items()}


def _yearly(s: State, now: Any) -> dict[str, Array]:
    """Figures that need a whole year: a value each December, NaN otherwise; pay of reps with a full year of tenure."""
    keys = ("tenure_median", "top_fifth_share", "pay_p10", "pay_p90", "low_income_share")
    nothing = np.full(s.filled.shape[:2], np.nan)
    if now.due != MONTHS - 1:
        return dict.fromkeys(keys, nothing)
    year = (now.filled > 0.0) & (now.tenure_now >= MONTHS - 1)
    tenure = _quantile(now.tenure_now, now.filled > 0.0, 0.5)
    sales = np.sort(np.where(now.filled > 0.0, now.sales_of_year, 0.0), axis=-1)
    fifth = np.ceil(0.2 * now.filled.sum(axis=-1)).astype(np.intp)
    ranks = np.arange(sales.shape[-1], 0, -1)
    top = np.where(ranks <= fifth[..., None], sales, 0.0).sum(axis=-1) / np.maximum(sales.sum(axis=-1), 1e-9)
    low = (year & (s.year_pay < LOW_INCOME * MONTHS * s.market_pay)).sum(axis=-1) / np.maximum(year.sum(axis=-1), 1)
    p10, p90 = _quantile(s.year_pay, year, 0.1), _quantile(s.year_pay, year, 0.9)
    return dict(zip(keys, (tenure, top, p10, p90, np.where(year.any(axis=-1), low, np.nan)), strict=True))


def _quantile(values: Array, among: Array, share: float) -> Array:
    """Quantile over the seats marked in `among`, (policy, seed); NaN where there is none."""
    ordered = np.sort(np.where(among, values, np.inf), axis=-1)
    count = among.sum(axis=-1, keepdims=True)
    place = np.maximum(np.ceil(share * count).astype(np.intp) - 1, 0)
    found = np.take_along_axis(ordered, place, axis=-1)[..., 0]
    return np.where(count[..., 0] > 0, found, np.nan)


def _by_group(fields: Mapping[str, Array], now: Any) -> dict[str, Array]:
    """The group figures, (policy, seed, group): group = segment x 4 + tenure band."""
    policies, seeds, _ = now.filled.shape
    cell = (np.arange(policies * seeds) * GROUPS).reshape(policies, seeds, 1)
    place = (cell + _group(now)).ravel()
    shape = (policies, seeds, GROUPS)

    def count(key: str) -> Array:
        some = np.flatnonzero(fields[key] != 0.0) if key in RARE else slice(None)
        weights = np.ascontiguousarray(fields[key], dtype=float).ravel()[some]
        return np.asarray(np.bincount(place[some], weights, policies * seeds * GROUPS), dtype=float).reshape(shape)

    return {key: count(key) for key in GROUP_KEYS}


def _group(now: Any) -> Any:
    """Segment x 4 + tenure band of each rep, as whole numbers."""
    band = np.searchsorted(TENURE_BAND_STARTS[1:], now.tenure_now, side="right")
    return now.segment_now.astype(np.intp) * len(TENURE_BANDS) + band


REASONS = ("quit", "dismissal", "stayed")
QUIT, DISMISSAL, STAYED = range(3)
SPELL_COLUMNS = ("policy", "seed", "seat", "entered", "left", "reason", "started", "segment", "ability")


def ended_spells(s: State, now: Any, seeds: Sequence[int]) -> dict[str, Array]:
    """The stays that ended this month, by column."""
    gone = np.flatnonzero(s.quits + s.dismissals > 0.0)
    return _spells(gone, np.where(s.quits.take(gone) > 0.0, QUIT, DISMISSAL), now, seeds)


def open_spells(s: State, now: Any, seeds: Sequence[int]) -> dict[str, Array]:
    """The stays that go on after the last month, by column."""
    there = np.flatnonzero(now.filled * (1.0 - s.quits - s.dismissals) > 0.0)
    return _spells(there, np.full(there.shape, STAYED), now, seeds)


def spells_table(months: Sequence[Mapping[str, Array]]) -> pd.DataFrame:
    """All stays, one row each, in the order in which they ended."""
    columns = {name: np.concatenate([month[name] for month in months]) for name in SPELL_COLUMNS}
    whole = {name: columns[name].astype(int) for name in ("policy", "seed", "seat", "segment")}
    reason = pd.Series(list(REASONS)).array.take(columns["reason"].astype(int))
    return pd.DataFrame(columns | whole | {"reason": reason}, columns=list(SPELL_COLUMNS))


def _spells(place: Any, reason: Array, now: Any, seeds: Sequence[int]) -> dict[str, Array]:
    """The stays of the reps at some places of the flattened (policy, seed, seat), by column."""
    policy, seed, seat = np.unravel_index(place, now.filled.shape)
    left, end = now.tenure_now.take(place) + 1.0, now.month + 1.0
    found = {
        "policy": policy, "seed": np.asarray(seeds)[seed], "seat": seat,
        "entered": np.maximum(left - end, 0.0), "left": left, "reason": reason,
        "started": np.maximum(end - left, 0.0), "segment": now.segment_now.take(place), "ability": now.talent_now.take(place),
    }  # fmt: skip
    return {name: np.asarray(values, dtype=float) for name, values in found.items()}

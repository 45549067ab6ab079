"""What the tables show: figures that are ratios of sums over reps, with bootstrap errors.

Whole teams are drawn anew, or whole reps where teams are few, never rows: what one rep does hangs together, and so does what
one manager's reps do. So every figure is kept as sums by team or rep, and a bootstrap sample is counts times that matrix.
What strikes all teams alike, such as a bad year of the market, is not in these errors.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from simulation.calibration.company.check import FEWEST
from simulation.calibration.company.deals import LOST, NEW, OPEN, RENEWAL, STALE, WON
from simulation.calibration.company.history import LEAVING, History, back
from simulation.calibration.company.mapping import Values
from simulation.calibration.company.people import DISMISSAL, MONTH, QUIT

SAMPLES = 400
"""Bootstrap samples."""
YEAR, DAYS_A_MONTH = 12.0, 30.4
EDGES = (0.0, 3.0, 6.0, 9.0, 12.0, 18.0, 24.0, 36.0, 48.0, 60.0, 84.0, 120.0, np.inf)
"""Bands of tenure [months]; neighbours with fewer than five exits or five reps are merged."""
RAMP_EDGES = (0.0, 6.0, 12.0, np.inf)
"""Bands of tenure in which sales a rep-month are compared."""
SETTLED = 12.0
"""[months] Tenure from which on sales are compared between reps."""
BAND = "leaving_"
"""In front of the key of a band's hazard of leaving."""
ENOUGH = 20
"""Cases below which a figure is not worked out."""

Sums = Mapping[str, Any]


@dataclass(frozen=True)
class Figure:
    """One figure: unit, words, how it follows from sums, and the sum that counts its cases."""

    key: str
    unit: str
    label: str
    formula: Callable[[Sums], Any]
    cases: str
    least: int = ENOUGH


@dataclass(frozen=True, eq=False)
class Moment:
    """A figure as shown: its value, its bootstrap draws, and the cases behind it."""

    figure: Figure
    value: float
    draws: Values
    cases: int

    @property
    def error(self) -> float:
        """Bootstrap standard error."""
        return float(np.nanstd(self.draws, ddof=1))

    @property
    def interval(self) -> tuple[float, float]:
        """95%, from the bootstrap's quantiles."""
        low, high = np.nanquantile(self.draws, [0.025, 0.975])
        return float(low), float(high)


@dataclass(frozen=True, eq=False)
class Moments:
    """All figures of a history, and what the fit needs besides: exits and months watched by month of tenure."""

    shown: dict[str, Moment]
    skipped: dict[str, str]
    watched: dict[str, tuple[Values, Values]]
    reps: int
    here: int
    team_size: float | None

    def __contains__(self, key: str) -> bool:
        return key in self.shown

    def value(self, key: str) -> float:
        """A figure's value."""
        return self.shown[key].value


def _ratio(over: str, under: str, times: float = 1.0) -> Callable[[Sums], Any]:
    return lambda s: times * s[over] / s[under]


def _spread(s: Sums) -> Any:
    mean = s["attained"] / s["attainments"]
    return np.sqrt(np.maximum(s["attained_squares"] / s["attainments"] - mean * mean, 0.0))


def _persistent(s: Sums) -> Any:
    """Coefficient of variation, between reps, of what odd and even months have in common: luck of single deals is not in it."""
    n = s["pairs"]
    means = s["odd"] * s["even"] / n**2
    return np.sqrt(np.maximum(s["odd_even"] / n - means, 0.0) / means)


def _early(s: Sums) -> Any:
    return (s["sold_0"] / s["months_0"]) / (s["sold_2"] / s["months_2"])


FIGURES = (
    Figure("quits_rate", "1/year", "quits", _ratio("quits", "months", YEAR), "quits", FEWEST),
    Figure("dismissals_rate", "1/year", "dismissals", _ratio("dismissals", "months", YEAR), "dismissals", FEWEST),
    Figure("turnover", "1/year", "quits and dismissals", _ratio("exits", "months", YEAR), "exits", FEWEST),
    Figure("ote", "usd/year", "target pay", _ratio("pay", "paid"), "paid"),
    Figure("base_share", "share", "base share of target pay", _ratio("base", "pay"), "paid"),
    Figure("quota", "usd/year", "quota", _ratio("quota", "quotas"), "quotas"),
    Figure("attainment", "ratio", "attainment, mean", _ratio("attained", "attainments"), "attainments"),
    Figure("attainment_sd", "ratio", "attainment, spread", _spread, "attainments"),
    Figure("at_quota", "share", "periods that reach quota", _ratio("at_quota", "attainments"), "attainments"),
    Figure("win_rate", "share", "won of won and lost", _ratio("won", "decided"), "decided"),
    Figure("cycle_days", "days", "days until a deal ends", _ratio("open_days", "ended"), "ended"),
    Figure("deal_size", "usd", "amount of a deal won", _ratio("amount", "amounts"), "amounts"),
    Figure("discount", "share", "given away of list value", _ratio("given", "list"), "discounts"),
    Figure("renewal_rate", "share", "renewed of due", _ratio("renewed", "due"), "due"),
    Figure("sales_rep", "usd/year", "a settled rep sells", _ratio("sold_2", "months_2", YEAR), "months_2"),
    Figure("early_sales", "ratio", "sales, months 1-6 over 12+", _early, "months_0", 60),
    Figure("rep_spread", "ratio", "lasting spread over reps", _persistent, "pairs"),
)


def measure(history: History, samples: int = SAMPLES, seed: int = 1) -> Moments:
    """All figures that the tables inform, with bootstrap errors over reps."""
    matrix: dict[str, Values] = {}
    watched = {}
    if history.people is not None:
        matrix |= _people_sums(history)
        stay = history.stay
        causes = {"quits_rate": (QUIT,), "dismissals_rate": (DISMISSAL,)} if history.people.caused else {"turnover": LEAVING}
        watched = {key: stay.by_month(*codes) for key, codes in (causes | {"turnover": LEAVING}).items()}
    if history.deals is not None:
        matrix |= _deal_sums(history)
    if history.people is not None and history.deals is not None:
        matrix |= _sales_sums(history)
    matrix |= _attainment_sums(history)
    bands = _bands(matrix)
    figures = [*FIGURES, *bands]
    names = list(matrix)
    table = np.stack([matrix[name] for name in names], axis=1)
    total = dict(zip(names, table.sum(axis=0), strict=True))
    drawn = dict(zip(names, _resampled(_clustered(table, history.clusters), samples, seed).T, strict=True))
    shown, skipped = {}, {}
    for figure in figures:
        cases = total.get(figure.cases, 0.0)
        if cases < figure.least:
            skipped[figure.key] = f"{'fewer than 5' if cases < FEWEST else f'{cases:.0f}'} cases, {figure.least} are needed"
            continue
        with np.errstate(divide="ignore", invalid="ignore"):
            value, draws = float(figure.formula(total)), np.asarray(figure.formula(drawn), dtype=float)
        if np.isfinite(value) and np.isfinite(draws).mean() > 0.9:
            shown[figure.key] = Moment(figure, value, draws, int(cases))
        else:
            skipped[figure.key] = "what it is divided by is nothing"
    return Moments(shown, skipped, watched, history.codes[2], _here(history), _team_size(history))


def _clustered(table: Values, clusters: Values) -> Values:
    """Sums by rep as sums by what is drawn together."""
    return np.stack([np.bincount(clusters, weights=column) for column in table.T], axis=1)


def _resampled(table: Values, samples: int, seed: int) -> Values:
    """Sums (sample, name) over rows drawn with replacement."""
    rng = np.random.default_rng(seed)
    rows = len(table)
    return np.stack([np.bincount(rng.integers(rows, size=rows), minlength=rows) @ table for _ in range(samples)])


def _by_rep(codes: Values, reps: int) -> Callable[[Values], Values]:
    """Sums of a column over the rows of each rep."""
    return lambda values: np.bincount(codes, weights=np.nan_to_num(np.asarray(values, dtype=float)), minlength=reps)


def _people_sums(history: History) -> dict[str, Values]:
    people, stay = history.people, history.stay
    assert people is not None  # noqa: S101 - asked for with people alone
    by_rep = _by_rep(history.codes[0], history.codes[2])
    pay = people.base_pay + np.nan_to_num(people.variable_pay)
    found = {
        "months": by_rep(stay.exposure(0.0, np.inf)), "exits": by_rep(stay.exits(0.0, np.inf, *LEAVING)),
        "paid": by_rep(stay.open_end & (pay > 0.0)), "pay": by_rep(np.where(stay.open_end, pay, 0.0)),
        "base": by_rep(np.where(stay.open_end & (pay > 0.0), people.base_pay, 0.0)),
        "quotas": by_rep(stay.open_end & (people.quota > 0.0)), "quota": by_rep(np.where(stay.open_end, people.quota, 0.0)),
    }  # fmt: skip
    if people.caused:
        found |= {"quits": by_rep(stay.exits(0.0, np.inf, QUIT)), "dismissals": by_rep(stay.exits(0.0, np.inf, DISMISSAL))}
    for k, (low, high) in enumerate(pairwise(EDGES)):
        months = by_rep(stay.exposure(low, high))
        found |= {f"months:{k}": months, f"exits:{k}": by_rep(stay.exits(low, high, *LEAVING)), f"reps:{k}": 1.0 * (months > 0.0)}
    return found


def _deal_sums(history: History) -> dict[str, Values]:
    deals = history.deals
    assert deals is not None  # noqa: S101 - asked for with deals alone
    by_rep = _by_rep(history.codes[1], history.codes[2])
    new, renewal = deals.kind == NEW, deals.kind == RENEWAL
    within = (deals.closed > history.deals_from) & (deals.closed <= history.as_of)
    ended = within & (deals.stage != OPEN)
    stop = np.where(np.isnat(deals.closed), history.as_of, deals.closed)
    days = (stop - np.maximum(deals.opened, history.deals_from)).astype("timedelta64[D]").astype(float)
    won, lost = within & (deals.stage == WON), within & (deals.stage == LOST)
    priced = won & new & np.isfinite(deals.amount)
    cut = priced & np.isfinite(deals.discount)
    listed = np.where(cut, deals.amount / (1.0 - np.nan_to_num(deals.discount)), 0.0)
    return {
        "won": by_rep(won & new), "decided": by_rep((won | lost) & new), "ended": by_rep(ended & new),
        "open_days": by_rep(np.where(new, np.maximum(days, 0.0) * DAYS_A_MONTH / MONTH, 0.0)),
        "stale": by_rep(ended & new & (deals.stage == STALE)), "amounts": by_rep(priced),
        "amount": by_rep(np.where(priced, deals.amount, 0.0)), "discounts": by_rep(cut), "list": by_rep(listed),
        "given": by_rep(listed * np.nan_to_num(deals.discount)),
        "renewed": by_rep(won & renewal), "due": by_rep((won | lost) & renewal),
    }  # fmt: skip


def _sales_sums(history: History) -> dict[str, Values]:
    """Sales by band of tenure, and of settled reps in odd and even months of whole years back from the extract."""
    stay, sales, count = history.stay, history.sales, len(history.stay.hired)
    by_rep = _by_rep(history.codes[0], history.codes[2])
    tenure = (sales.closed - stay.hired[sales.stay]).astype("timedelta64[D]").astype(float) / MONTH
    hired_before = (history.deals_from - stay.hired).astype("timedelta64[D]").astype(float) / MONTH
    entered, ended = np.maximum(hired_before, 0.0), (stay.cut - stay.hired).astype("timedelta64[D]").astype(float) / MONTH
    found = {}
    for k, (low, high) in enumerate(pairwise(RAMP_EDGES)):
        which = (tenure >= low) & (tenure < high)
        sold = np.bincount(sales.stay[which], weights=sales.amount[which], minlength=count)
        found[f"sold_{k}"] = by_rep(sold)
        found[f"months_{k}"] = by_rep(np.maximum(np.minimum(ended, high) - np.maximum(entered, low), 0.0))
    pairs = {name: np.zeros(count) for name in ("pairs", "odd", "even", "odd_even")}
    stop = history.as_of
    while back(stop, YEAR) >= history.deals_from:
        settled = (stay.hired <= back(stop, YEAR + SETTLED)) & (stay.cut >= stop)
        monthly = [sales.within(back(stop, k + 1), back(stop, k), count) for k in range(int(YEAR))]
        odd, even = (settled * np.sum(monthly[k::2], axis=0) for k in (1, 0))
        mean = (odd + even).sum() / 2.0 / max(settled.sum(), 1)
        if mean > 0.0:
            own = {"pairs": settled, "odd": odd / mean, "even": even / mean, "odd_even": odd * even / mean**2}
            for name, values in own.items():
                pairs[name] += values
        stop = back(stop, YEAR)
    return found | {name: by_rep(values) for name, values in pairs.items()}


def _attainment_sums(history: History) -> dict[str, Values]:
    """Attainment of ramped reps: from its own columns, else from sales against quota."""
    if history.people is None:
        return {}
    people, stay, period = history.people, history.stay, history.period
    by_rep = _by_rep(history.codes[0], history.codes[2])
    if np.isfinite(people.attainment).any():
        ago = period * np.arange(people.attainment.shape[1], 0, -1)  # months from a period's start to the end of the last
        attained = np.where(stay.ended[:, None] - ago >= history.ramp, people.attainment, np.nan)
    elif history.deals is not None and np.isfinite(people.quota).any():
        attained = _from_sales(history)
    else:
        return {}
    there = np.isfinite(attained)
    return {
        "attainments": by_rep(there.sum(axis=1)), "attained": by_rep(np.nansum(attained, axis=1)),
        "attained_squares": by_rep(np.nansum(attained**2, axis=1)), "at_quota": by_rep((there & (attained >= 1.0)).sum(axis=1)),
    }  # fmt: skip


def _from_sales(history: History) -> Values:
    """Attainment (stay, period) of whole periods back from the extract; NaN where a rep was not ramped or not there."""
    people, stay, period = history.people, history.stay, history.period
    assert people is not None  # noqa: S101 - asked for with people alone
    columns = []
    stop = history.as_of
    while back(stop, period) >= history.deals_from:
        start = back(stop, period)
        there = (stay.hired <= back(start, history.ramp)) & (stay.cut >= stop)
        sold = history.sales.within(start, stop, len(stay.hired))
        columns.append(np.where(there, sold / (people.quota * period / YEAR), np.nan))
        stop = start
    return np.stack(columns, axis=1) if columns else np.full((len(stay.hired), 1), np.nan)


def _bands(matrix: Mapping[str, Values]) -> list[Figure]:
    """Hazard of leaving by band of tenure; neighbours are merged until each has five exits and five reps."""
    if "months" not in matrix:
        return []
    total = {name: values.sum() for name, values in matrix.items()}
    groups: list[list[int]] = []
    held: list[int] = []
    for k in range(len(EDGES) - 1):
        held.append(k)
        reps = np.sum([matrix[f"reps:{j}"] for j in held], axis=0) > 0.0
        if sum(total[f"exits:{j}"] for j in held) >= FEWEST and reps.sum() >= FEWEST:
            groups.append(held)
            held = []
    if held and groups:
        groups[-1] += held
    return [_band(group, matrix) for group in groups]


def _band(group: list[int], matrix: Any) -> Figure:
    low, high = EDGES[group[0]], EDGES[group[-1] + 1]
    name = f"{low:.0f}-{high:.0f}" if np.isfinite(high) else f"{low:.0f}+"
    formula = lambda s: YEAR * sum(s[f"exits:{k}"] for k in group) / sum(s[f"months:{k}"] for k in group)  # noqa: E731
    cases = f"band:{group[0]}"
    matrix[cases] = sum(matrix[f"exits:{k}"] for k in group)
    key = BAND + name.replace("-", "_").replace("+", "_on")
    return Figure(key, "1/year", f"leaving at {name} months", formula, cases, FEWEST)


def _here(history: History) -> int:
    """Reps there on the day of the extract; without people, owners of deals of the last year."""
    if history.people is not None:
        return int(history.stay.open_end.sum())
    deals = history.deals
    assert deals is not None  # noqa: S101 - one of the two is there
    return len(np.unique(deals.owner[(deals.closed > back(history.as_of, YEAR)) | np.isnat(deals.closed)]))


def _team_size(history: History) -> float | None:
    """Mean size of teams of the day, weighted by teams; None without at least two teams of five."""
    if history.people is None:
        return None
    teams = history.people.team[history.stay.open_end]
    sizes = np.unique(teams[teams > 0], return_counts=True)[1]
    return float(np.mean(sizes)) if (sizes >= FEWEST).sum() >= 2 else None



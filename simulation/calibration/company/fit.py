"""The parameters that make a simulated company show what the tables show.

Facts (target pay, quota, span, the share of base pay) are laid over the pack. Headline numbers are asked of the solver that
anchors packs and firms; what the tables do not say is asked as the pack asks it. Three shapes are fitted besides:

    lasting spread of sales over reps    spreads of ability and of territory, in the pack's proportion: sales cannot tell which
    sales in the first half-year         time constant of the ramp
    exits by month of tenure             profiles of quits and dismissals, a smooth multiplier on the pack's

Everything else stays as the pack has it: how people respond is not in a company's tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from scipy.special import logit

from simulation.calibration import solve as solver
from simulation.calibration.company.lifelike import Lifelike, live
from simulation.calibration.company.mapping import Values
from simulation.calibration.company.moments import Moments
from simulation.calibration.company.profile import Shape, fit_shape
from simulation.calibration.solve import SEATS, Ask, Progress, Solution, solve
from simulation.evidence.headlines import HEADLINES, Headline
from simulation.evidence.read import Parameters
from simulation.levers.base import Lever
from simulation.scenario.world import World

FEWEST_SEATS = 42
"""A smaller company is simulated in so many seats, as a firm is."""
LIVES, LIFE = range(201, 225), 36
"""Seeds and months in which shapes are simulated."""
SPREADS, RAMPS = np.geomspace(0.55, 1.7, 5), np.geomspace(0.3, 3.5, 5)
"""Multiples of the pack's spreads and of its ramp at which shapes are simulated."""
FEWEST_EXITS = 20
"""Exits of one kind below which the profile over tenure stays the pack's."""
LEAST_SHARE = 0.02
ROUNDS = 2
PROFILES = {"quits_rate": ("leaving", "quit_profile"), "dismissals_rate": ("leaving", "dismissal_profile")}
SPREAD_ROWS = (("people", "ability_sigma"), ("market", "territory_sigma"))
FACTS = {"ote": ("contract", "ote"), "quota": ("contract", "quota")}


@dataclass(frozen=True)
class Fitted:
    """A parameter that was fitted: its value, its 95% interval, and what informed it."""

    value: Any
    low: float
    high: float
    by: str


@dataclass(frozen=True, eq=False)
class Fit:
    """A company's parameters, the plan in force there, what was asked and reached, and sentences on what was not informed."""

    parameters: Parameters
    plan: Mapping[str, Lever]
    asked: dict[str, float]
    own: tuple[str, ...]
    solution: Solution
    fitted: dict[tuple[str, str], Fitted]
    shapes: dict[str, Shape]
    seen: Lifelike
    pulls: Values | None
    notes: tuple[str, ...]
    seats: int


@dataclass(eq=False)
class _Work:
    """A fit under way."""

    moments: Moments
    pack: World
    p: Parameters
    plan: dict[str, Lever]
    asked: dict[str, float]
    own: tuple[str, ...]
    seats: int
    progress: Progress | None
    fitted: dict[tuple[str, str], Fitted] = field(default_factory=dict)
    shapes: dict[str, Shape] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    pulls: Values | None = None
    what: str = ""

    def start_from(self, other: Fit) -> None:
        """Begin where another fit of the same company ended: the way is shorter, the place is the same."""
        moved = other.solution.solved.keys() | other.fitted.keys()
        self.p = self.p.with_values({key: other.parameters.rows[key].value for key in moved})
        self.shapes, self.pulls = dict(other.shapes), other.pulls
        if "ramp_months" in self.asked and "ramp_months" not in self.own:
            self.asked["ramp_months"] = other.asked["ramp_months"]

    def tell(self, done: int, total: int, _: str) -> None:
        """Pass on how far the search is, under the fit's own name."""
        if self.progress:
            self.progress(done, total, self.what)

    def anchor(self) -> Solution:
        """Solve the intercepts from where they stand, and put them in place."""
        solution = solve(Ask(self.pack.name, self.p, self.plan, self.asked, self.seats), self.tell)
        self.pulls = solution.pulls if solution.pulls is not None else self.pulls
        self.p = self.p.with_values(solution.solved, "calibrated")
        return solution

    def watch(self, *sets: Parameters) -> Lifelike:
        """Simulate; the company as it stands unless sets are given."""
        return live(sets or (self.p,), self.plan, seats=self.seats, seeds=LIVES, months=LIFE)


def fit(
    moments: Moments, pack: World, base: Parameters, plan: Mapping[str, Lever], progress: Progress | None = None, *,
    start: Fit | None = None, what: str = "fitting",
) -> Fit:  # fmt: skip
    """Fit a company.

    Parameters
    ----------
    moments : what its tables show
    pack, base, plan : the industry pack to start from, the parameters with it laid over, its ordinary plan with all levers
    progress, what : told how far it is, under this name
    start : an earlier fit, to begin from

    Raises
    ------
    CalibrationError
        When the numbers cannot hold together in the pack.
    """
    seats = min(max(moments.here, FEWEST_SEATS), SEATS)
    p, own_plan, notes = _facts(moments, base, plan, pack)
    asked = {key: number.value for key, number in pack.asked.items()}
    own = tuple(key for key in asked if key in moments)
    asked |= {key: _bounded(key, moments.value(key)) for key in own}
    work = _Work(moments, pack, p, own_plan, asked | _leaving(moments, asked), own, seats, progress, notes=notes, what=what)
    if start is None:
        work.anchor()
    else:
        work.start_from(start)
    _fit_shapes(work)
    for _ in range(ROUNDS if _enough_exits(moments) else 0):
        _fit_profiles(work, base)
    solution = work.anchor()
    for key in work.fitted.keys() & solution.solved.keys():
        work.fitted[key] = replace(work.fitted[key], value=solution.solved[key])
    _add_intervals(work, solution)
    return Fit(
        work.p, work.plan, work.asked, work.own, solution, work.fitted, work.shapes, work.watch(), work.pulls,
        tuple(dict.fromkeys(work.notes)), seats,
    )  # fmt: skip


def _bounded(key: str, value: float) -> float:
    """A share that a simulation can be asked for: neither none nor all."""
    share = next(h for h in HEADLINES if h.key == key).kind == "share"
    return min(max(value, LEAST_SHARE), 1.0 - LEAST_SHARE) if share else value


def _leaving(moments: Moments, asked: Mapping[str, float]) -> dict[str, float]:
    """Quits and dismissals where exits have no cause on file: turnover in the pack's proportion."""
    if "turnover" not in moments or "quits_rate" in moments or "dismissals_rate" in moments:
        return {}
    share = asked["quits_rate"] / (asked["quits_rate"] + asked["dismissals_rate"])
    return {"quits_rate": moments.value("turnover") * share, "dismissals_rate": moments.value("turnover") * (1.0 - share)}


def _facts(
    moments: Moments, base: Parameters, plan: Mapping[str, Lever], pack: World
) -> tuple[Parameters, dict[str, Lever], list[str]]:
    """Facts laid over the pack, the plan with the company's share of base pay, and what had to be taken from elsewhere."""
    notes = []
    values: dict[tuple[str, str], float] = {row: moments.value(key) for key, row in FACTS.items() if key in moments}
    if "quota" not in moments and {"sales_rep", "deal_size"} <= moments.shown.keys():
        values["contract", "quota"] = moments.value("sales_rep")
        notes.append("quota is not on file; it is taken to be what a settled rep sells in a year")
    if moments.team_size is not None:
        values["market", "span"] = float(round(moments.team_size))
    if "deal_size" in moments:
        sales = moments.value("sales_rep") if "sales_rep" in moments else values.get(("contract", "quota"), base.contract.quota)
        deals = sales / moments.value("deal_size")
        usual = base.contract.quota / pack.asked["deal_size"].value if "deal_size" in pack.asked else deals
        values["market", "addressable"] = base.market.addressable * deals / usual
    rows = dict(base.rows)
    for key, value in values.items():
        row = rows[key]
        held = min(max(value, row.low), row.high)
        if held != value:
            notes.append(f"{row.path} would be {value:,.4g} {row.unit}; it stands at {held:,.4g}, the end of its range")
        rows[key] = replace(row, value=held, status="estimated", source=("company",), note="From the company's tables.")
    commission: Any = plan["commission"]
    if "base_share" in moments:
        share = min(max(moments.value("base_share"), 0.0), 1.0)
        commission = commission.model_copy(update={"base_share": share, "rate": None})
    return Parameters(rows, base.conditions), {**plan, "commission": commission}, notes


def _fit_shapes(work: _Work) -> None:
    """Spreads of ability and territory, and the ramp, from one batch of simulations."""
    moments, p = work.moments, work.p
    wanted = [key for key in ("rep_spread", "early_sales") if key in moments]
    if not wanted:
        return
    spread = lambda f: {row: _within(p, row, p.rows[row].value * f) for row in SPREAD_ROWS}  # noqa: E731
    ramp = lambda f: {("contract", "ramp_tau"): _within(p, ("contract", "ramp_tau"), p.contract.ramp_tau * f)}  # noqa: E731
    sets = [p.with_values(spread(f)) for f in SPREADS] + [p.with_values(ramp(f)) for f in RAMPS]
    seen = work.watch(*sets)
    if "rep_spread" in moments:
        factor, low, high = _inverted(seen.rep_spread[: len(SPREADS)], SPREADS, moments, "rep_spread", work)
        for row in SPREAD_ROWS:
            value, least, most = (_within(p, row, p.rows[row].value * f) for f in (factor, low, high))
            work.fitted[row] = Fitted(value, least, most, "lasting spread of sales")
        work.p = work.p.with_values(spread(factor), "calibrated")
    if "early_sales" in moments and "ramp_months" in work.asked:
        factor, low, high = _inverted(seen.early_sales[len(SPREADS) :], RAMPS, moments, "early_sales", work)
        months, tau = work.asked["ramp_months"], p.contract.ramp_tau
        work.asked["ramp_months"] = months * factor
        ramped = work.p.rows["contract", "ramp_months"]
        full = replace(ramped, value=_within(p, ("contract", "ramp_months"), months * factor), status="calibrated", source=())
        work.p = Parameters({**work.p.rows, ("contract", "ramp_months"): full}, work.p.conditions)
        work.p = work.p.with_values(ramp(factor), "calibrated")
        value, least, most = (_within(p, ("contract", "ramp_tau"), tau * f) for f in (factor, low, high))
        work.fitted["contract", "ramp_tau"] = Fitted(value, least, most, "sales in months 1-6")


def _within(p: Parameters, key: tuple[str, str], value: float) -> float:
    row = p.rows[key]
    return float(min(max(value, row.low), row.high))


def _inverted(shown: Values, factors: Values, moments: Moments, key: str, work: _Work) -> tuple[float, float, float]:
    """The factor at which simulations show what the tables show, and the ends of its 95% interval."""
    order = np.argsort(shown)
    at = lambda value: np.exp(np.interp(value, shown[order], np.log(factors)[order]))  # noqa: E731
    value, draws = moments.value(key), moments.shown[key].draws
    if not shown.min() <= value <= shown.max():
        span = f"{shown.min():.3g} to {shown.max():.3g}"
        work.notes.append(f"{key} is {value:.3g} in the tables and {span} in the model; the nearer end is used")
    low, high = np.quantile(at(draws[np.isfinite(draws)]), [0.025, 0.975])
    return float(at(value)), float(low), float(high)


def _enough_exits(moments: Moments) -> bool:
    return any(moments.watched[key][1].sum() >= FEWEST_EXITS for key in PROFILES if key in moments.watched and key in moments)


def _fit_profiles(work: _Work, base: Parameters) -> None:
    """One round: how far simulated exits by tenure are from the tables', as a correction of the profiles."""
    seen = work.watch()
    for key, row_key in PROFILES.items():
        if key not in work.moments or work.moments.watched[key][1].sum() < FEWEST_EXITS:
            continue
        watched, exits = work.moments.watched[key]
        hazard = seen.hazard(seen.quits if key == "quits_rate" else seen.dismissals)
        before = work.shapes.get(key)
        more = fit_shape(watched, exits, hazard, None if before is None else -before.theta)
        shape = more if before is None else before.plus(more)
        row = base.rows[row_key]
        knots, held = shape.applied(row.value, exits, row.low, row.high)
        if held:
            work.notes.append(f"{row.path} is held inside its range [{row.low:g}, {row.high:g}]")
        work.shapes[key] = shape
        work.p = work.p.with_values({row_key: knots}, "calibrated")
        wide = float(np.exp(1.96 * shape.error.max()))
        work.fitted[row_key] = Fitted(knots, 1.0 / wide, wide, "exits by tenure")


def _add_intervals(work: _Work, solution: Solution) -> None:
    """Intervals of the solved intercepts: errors of the figures asked, turned by the Jacobian that the search found.

    The error of a figure is the bootstrap's, or where it is larger that of one simulated life of the company, which has
    the market's good and bad years in it.
    """
    if work.pulls is None:
        return
    spread = np.zeros((len(next(iter(work.moments.shown.values())).draws), len(solution.unknowns)))
    for k, unknown in enumerate(solution.unknowns):
        if unknown.key in work.own:
            draws = work.moments.shown[unknown.key].draws
            spread[:, k] = np.nan_to_num(_scaled(unknown, draws) - _scaled(unknown, np.array(work.moments.value(unknown.key))))
    noise = np.array([_noise(unknown, solution) for unknown in solution.unknowns])
    lives = len(Ask(work.pack.name, work.p, work.plan, work.asked, work.seats).seeds(solver.CHECK_SEEDS))
    sampled = spread.std(axis=0)
    wider = np.where(sampled > 0.0, np.maximum(1.0, noise * lives**0.5 / np.maximum(sampled, 1e-12)), 1.0)
    back = np.linalg.inv(work.pulls)
    moved = np.sqrt((((spread * wider) @ back.T) ** 2).mean(axis=0) + (back**2) @ noise**2)
    for unknown, error in zip(solution.unknowns, moved, strict=True):
        if unknown.key in work.own and unknown.owner not in work.fitted:
            value = solution.solved[unknown.owner]
            low, high = (unknown.moved(value, sign * 1.96 * float(error)) for sign in (-1.0, 1.0))
            work.fitted[unknown.owner] = Fitted(value, low, high, unknown.key)


def _scaled(unknown: Headline, values: Values) -> Values:
    """A figure on the scale of the Jacobian."""
    if unknown.kind == "share":
        return np.asarray(logit(np.clip(values, 1e-3, 1.0 - 1e-3)))
    return values if unknown.kind == "level" else np.log(np.maximum(values, 1e-9))


def _noise(unknown: Headline, solution: Solution) -> float:
    """Standard error of what the simulation shows, on the same scale."""
    shown, error = solution.reached[unknown.key], solution.error[unknown.key]
    if unknown.kind == "level":
        return error
    return error / shown / (1.0 - shown if unknown.kind == "share" else 1.0)



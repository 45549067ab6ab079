"""Solving intercepts: what makes an organisation under one plan show the headline numbers asked of it.

Packs and firms are solved here, by the same lines. Only intercepts and levels are moved (what a firm or its industry is like),
never slopes (how people answer). Each unknown owns one number, but all are solved together, with common random numbers,
by scipy's hybrid Powell method: on few seeds first, then on many from where the few left off.
A Jacobian is one batch on the policy axis, because parameters stack like settings.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
from scipy.optimize import root
from scipy.special import logit

from simulation.engine import Course, Settings, levers_used, run_block, warm_up
from simulation.errors import CalibrationError, ScenarioError
from simulation.evidence.headlines import HEADLINES, Headline
from simulation.evidence.read import Parameters, stack_parameters
from simulation.statistics.measures import measure
from simulation.vocabulary import Array

Progress = Callable[[int, int, str], None]
SEEDS, FEW_SEEDS, CHECK_SEEDS = range(1, 49), range(1, 13), range(101, 149)
SEATS, MONTHS = 210, 36
MOST_SEEDS = 8
"""Times as many seeds as usual, at most, for a small organisation."""
STEP = 0.06
TOLERANCE = 0.01
NOISE = 2.0 * 2.0**0.5
"""Standard errors within which a number counts as reached: two, of the difference between solving and checking seeds."""
CLOSE_ENOUGH = 0.006
"""Norm of the relative gaps at which the search stops: below the noise of other seeds."""
FEW_CLOSE = 0.02
"""The same on few seeds, whose own noise is larger."""
TOO_FAR = 0.2
"""Norm of the relative gaps from which on the search has failed."""
MOST_JACOBIANS, MOST_RUNS = 3, 10
"""Jacobians on few seeds, and runs on all seeds, after which the search gives up."""
USUAL_RUNS = 24
"""Runs that a search usually takes: for the progress bar only."""
_LEAST = 1e-3
"""Shares are kept so far from 0 and 1 before their log-odds are taken."""


@dataclass(frozen=True)
class Ask:
    """What to solve: parameters to start from, the plan in force, the numbers it must show, and in how many seats."""

    name: str
    start: Parameters
    plan: Settings
    asked: Mapping[str, float]
    seats: int = SEATS

    def seeds(self, usual: range) -> range:
        """Seeds for the organisation's size: a small one takes more of them, for the same noise in the same time."""
        return range(usual.start, usual.start + round(len(usual) * max(1.0, min(SEATS / self.seats, MOST_SEEDS))))

    @property
    def unknowns(self) -> tuple[Headline, ...]:
        """The numbers asked for, with those that hold by definition, in the order of the table."""
        return tuple(h for h in HEADLINES if h.standard is not None or h.key in self.asked)

    @property
    def goals(self) -> dict[str, float]:
        """The number to be shown, by key."""
        return {h.key: self.asked[h.key] if h.standard is None else h.standard for h in self.unknowns}


@dataclass(frozen=True)
class Solution:
    """What was asked, what was reached (on seeds that were not used to solve) and the parameters that do it.

    `pulls` (number, unknown): how the numbers answer to the unknowns, in logs or log-odds; None where nothing had to be solved.
    """

    unknowns: tuple[Headline, ...]
    asked: dict[str, float]
    reached: dict[str, float]
    error: dict[str, float]
    solved: dict[tuple[str, str], float]
    pulls: Array | None = None

    def rows(self) -> dict[str, dict[str, Any]]:
        """Asked, reached, noise, the parameter that owns the number and its value, by number."""
        return {
            h.key: {
                "asked": self.asked[h.key], "reached": self.reached[h.key], "error": self.error[h.key],
                "owned_by": ".".join(h.owner), "value": self.solved[h.owner],
            }
            for h in self.unknowns
        }  # fmt: skip

    def missed(self) -> list[str]:
        """Numbers off by more than the tolerance and the noise of the seeds."""
        allowed = {
            h.key: TOLERANCE * (1.0 if h.standard is not None else abs(self.asked[h.key])) + NOISE * self.error[h.key]
            for h in self.unknowns
        }
        return [key for key, goal in self.asked.items() if not abs(self.reached[key] - goal) <= allowed[key]]


def solve(ask: Ask, progress: Progress | None = None) -> Solution:
    """The intercepts that make the plan show the numbers asked for. Raises CalibrationError when the search fails."""
    search = _Search(ask, progress)
    try:
        x = search.solve()
        check = search.shown([x], ask.seeds(CHECK_SEEDS))
    except ScenarioError as refusal:  # a trial that has no steady start
        faults = [f"{ask.name}: the numbers asked for cannot hold together: {text}" for text in refusal.faults]
        raise CalibrationError(faults) from None
    if search.best_norm > TOO_FAR:
        raise CalibrationError(f"{ask.name}: the headline numbers cannot hold together; {search.furthest()}; ask for others")
    return Solution(
        ask.unknowns,
        ask.goals,
        {key: float(values[0].mean()) for key, values in check.items()},
        {key: float(values[0].std(ddof=1) / np.sqrt(values.shape[1])) for key, values in check.items()},
        search.values(x),
        search.pulls,
    )


class _CloseEnoughError(Exception):
    """The search has found what it looks for, or gives up: the best point met stands."""


class _Search:
    """The plan's headline numbers as a function of the unknowns."""

    def __init__(self, ask: Ask, progress: Progress | None) -> None:
        self.ask, self.unknowns, self.goals, self.progress = ask, ask.unknowns, ask.goals, progress
        self.seeds, self.enough = ask.seeds(SEEDS), CLOSE_ENOUGH
        self.best, self.best_norm, self.runs = np.zeros(len(self.unknowns)), np.inf, 0
        self.jacobians = 0
        self.best_gaps = np.zeros(len(self.unknowns))
        self.pulls: Array | None = None
        self._known: dict[Any, Array] = {}  # scipy asks again for what it has been told

    def solve(self) -> Array:
        """The best point found: where it starts if that will do, else by few seeds and then by all."""
        with suppress(_CloseEnoughError):
            self.gap(self.best)
            self._look(self.ask.seeds(FEW_SEEDS), FEW_CLOSE, self.jacobian)
            if self.best_norm < TOO_FAR:
                self._look(self.ask.seeds(SEEDS), CLOSE_ENOUGH, self._same)
        return self.best

    def _look(self, seeds: range, enough: float, jacobian: Callable[[Any], Any]) -> None:
        """Search from the best point; with other seeds, what was best before counts no more."""
        self.seeds, self.enough, self.best_norm = seeds, enough, np.inf
        options: Any = {"xtol": 2e-3, "maxfev": MOST_RUNS if jacobian == self._same else 3 * MOST_RUNS}
        try:
            root(self.gap, self.best, jac=jacobian, method="hybr", options=options)
        except _CloseEnoughError:
            if enough == CLOSE_ENOUGH:
                raise

    def _same(self, x: Any) -> Any:
        """The Jacobian that few seeds found, which serves for many while the search is near."""
        return self.jacobian(x) if self.pulls is None else self.pulls

    def values(self, x: Array) -> dict[tuple[str, str], float]:
        """The rows that own the numbers, by group and name, at a point; none leaves its range."""
        rows = self.ask.start.rows
        found = {}
        for unknown, move in zip(self.unknowns, x, strict=True):
            row = rows[unknown.owner]
            found[unknown.owner] = min(max(unknown.moved(row.value, float(move)), row.low), row.high)
        return found

    def furthest(self) -> str:
        """The number that the best point shows worst, in words."""
        k = int(np.argmax(np.abs(self.best_gaps)))
        key = self.unknowns[k].key
        return f"furthest off is {key}, asked {self.goals[key]:,.4g} and {self.best_gaps[k]:+.0%} from it at best"

    def shown(self, points: Sequence[Array], seeds: range) -> dict[str, Array]:
        """Headline numbers (point, seed) at some points, all in one batch."""
        return shown(self.ask, [self.ask.start.with_values(self.values(x)) for x in points], seeds)

    def gaps(self, points: Sequence[Array], seeds: range) -> tuple[Array, Array]:
        """(point, number) twice: shown against asked on the number's own scale, and relative to what is asked."""
        shown = {key: values.mean(axis=-1) for key, values in self.shown(points, seeds).items()}
        self.runs += 1
        if self.progress:
            self.progress(min(self.runs, USUAL_RUNS - 1), USUAL_RUNS, "anchoring")
        own = [_scaled(h, shown[h.key]) - _scaled(h, np.asarray(self.goals[h.key])) for h in self.unknowns]
        relative = [
            shown[h.key] - self.goals[h.key] if h.kind == "level" else shown[h.key] / self.goals[h.key] - 1.0
            for h in self.unknowns
        ]
        return np.array(own).T, np.array(relative).T

    def gap(self, x: Any) -> Any:
        """The gaps at one point; the best point met is kept."""
        place = (self.seeds, x.tobytes())
        if place in self._known:
            return self._known[place]
        own, relative = (np.asarray(rows[0]) for rows in self.gaps([x], self.seeds))
        self._known[place] = own
        norm = float(np.linalg.norm(relative))
        if norm < self.best_norm:
            self.best, self.best_norm, self.best_gaps = x.copy(), norm, relative
        if norm < self.enough:
            raise _CloseEnoughError
        return own

    def jacobian(self, x: Any) -> Any:
        """Central differences on few seeds, all points in one batch on the policy axis."""
        place = ("jacobian", x.tobytes())
        if place in self._known:
            return self._known[place]
        if self.jacobians == MOST_JACOBIANS:
            raise _CloseEnoughError
        self.jacobians += 1
        steps = STEP * np.eye(len(self.unknowns))
        own, _ = self.gaps([*(x + steps), *(x - steps)], self.ask.seeds(FEW_SEEDS))
        half = len(self.unknowns)
        self.pulls = self._known[place] = (own[:half] - own[half:]).T / (2.0 * STEP)
        return self.pulls


def shown(ask: Ask, rows: Sequence[Parameters], seeds: range) -> dict[str, Array]:
    """Headline numbers (row, seed) that the plan shows under some sets of parameters, all in one batch."""
    plan, seats, goals = ask.plan, ask.seats, ask.goals
    used, p = levers_used([plan]), stack_parameters(rows)
    s = warm_up(plan, used, p, seeds, seats, rows=len(rows))
    block = run_block(s.for_policies(len(rows)), [Course(plan)] * len(rows), plan, used, p, seeds=seeds, months=MONTHS)
    books = {"first_sales": _against_first_sales(block, p, seats)}
    return headline_numbers(block, {key: goal for key, goal in goals.items() if key not in books}) | books


def scaled_numbers(ask: Ask, rows: Sequence[Parameters]) -> Array:
    """Headline numbers (row, number) on their own scales, means over few seeds."""
    found = {key: values.mean(axis=-1) for key, values in shown(ask, rows, ask.seeds(FEW_SEEDS)).items()}
    return np.array([_scaled(headline, found[headline.key]) for headline in ask.unknowns]).T


def _scaled(headline: Headline, value: Array) -> Array:
    """A number on the scale on which gaps are nearly straight lines of the unknowns."""
    if headline.kind == "share":
        return np.asarray(logit(np.clip(value, _LEAST, 1.0 - _LEAST)))
    return value if headline.kind == "level" else np.log(np.maximum(value, 1e-9))


def _against_first_sales(block: Any, p: Parameters, seats: int) -> Array:
    """Bookings a seat over those that the first account books start from (policy, seed): 1 where books start in balance."""
    first = np.reshape(p.contract.first_sales * p.contract.quota, (-1, 1)) * seats * MONTHS / 12.0
    return np.asarray(block.sums["bookings"].sum(axis=-1) / first)


def headline_numbers(block: Any, wanted: Mapping[str, float]) -> dict[str, Array]:
    """The headline numbers wanted (policy, seed) of a block: a measure of that name, or a mean of what the block keeps."""
    sums = block.sums
    records: Any = SimpleNamespace(sums=sums, groups=block.groups, spells=block.spells, scenario=None)
    keys = ("bookings", "deals", "filled", "cash_pull", "fit_total", "fit_squares")
    total = {key: sums[key].sum(axis=-1) for key in keys}
    mean = total["fit_total"] / total["filled"]
    own = {
        "deal_size": total["bookings"] / np.maximum(total["deals"], 1e-9),
        "cash_pull": total["cash_pull"] / total["filled"],
        "fit_mean": mean,
        "fit_sd": np.sqrt(total["fit_squares"] / total["filled"] - mean**2),
    }
    return {key: own[key] if key in own else measure(records, key) for key in wanted}

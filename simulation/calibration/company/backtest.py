"""Held-out months: what a fit on the months before would have said of them, against a no-model base rate.

The fit knows nothing of the held-out months but who was there and for how long. The base rate is the mean rate of the
months before, the same for everyone. Both say how likely each rep is to go in each month; nothing is told of one rep.

    log score     mean over rep-months of y log(m) - m, m the expected exits: higher is better
    Brier score   mean squared gap between going (1 or 0) and its chance: lower is better
    exits, sales  mean absolute gap between a month's sum and what was said: lower is better
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from simulation.calibration.company.fit import Fit
from simulation.calibration.company.history import LEAVING, LONGEST, History, back
from simulation.calibration.company.mapping import Values
from simulation.calibration.company.moments import RAMP_EDGES, SAMPLES, YEAR, Moments, measure
from simulation.calibration.company.people import MONTH

HELD = 12
"""Months held out, where twice as many stand before them."""
FEWEST_HELD, FEWEST_TRAINED = 6, 20
"""Months that must be held out, and exits that must stand before them."""


@dataclass(frozen=True)
class Score:
    """One score: of the model, of the base rate, and model less base rate with a 95% interval over teams or reps."""

    name: str
    model: float
    base: float
    low: float
    high: float
    higher_is_better: bool

    @property
    def verdict(self) -> str:
        """Whether the model is better, worse, or cannot be told from the base rate."""
        low, high = (self.low, self.high) if self.higher_is_better else (-self.high, -self.low)
        return "better" if low > 0.0 else "worse" if high < 0.0 else "no better"


@dataclass(frozen=True)
class BackTest:
    """Scores on held-out months; or why there are none."""

    months: int = 0
    trained: int = 0
    exits: int = 0
    expected: float = 0.0
    scores: tuple[Score, ...] = ()
    reason: str = ""
    fit: Fit | None = None


Fitter = Callable[[Moments], Fit]


def backtest(history: History, fitter: Fitter, seed: int = 1) -> BackTest:
    """Fit on the months before a cut, and score the months after it. `fitter` turns moments into a fit."""
    if history.people is None:
        return BackTest(reason="without people there are no exits to hold out")
    span = (history.as_of - history.people_from).astype("timedelta64[D]").astype(float) / MONTH
    held = int(min(HELD, span // 3))
    if held < FEWEST_HELD:
        return BackTest(reason=f"people are watched for {span:.0f} months; {3 * FEWEST_HELD} are needed")
    cut = back(history.as_of, held)
    before = history.until(cut)
    known = measure(before, seed=seed)
    trained = known.shown["turnover"].cases if "turnover" in known else 0
    if trained < FEWEST_TRAINED:
        return BackTest(reason=f"fewer than {FEWEST_TRAINED} exits stand before the last {held} months")
    fitted = fitter(known)
    return _scored(history, fitted, known, held, seed)


def _scored(history: History, fitted: Fit, known: Moments, held: int, seed: int) -> BackTest:
    stay = history.stay
    months = [(back(history.as_of, k + 1), back(history.as_of, k)) for k in reversed(range(held))]
    there = np.stack([history.overlap(first, last) for first, last in months], axis=1)
    gone = np.stack([np.isin(stay.cause, LEAVING) & (stay.cut > first) & (stay.cut <= last) for first, last in months], axis=1)
    tenure = np.stack([_tenure(stay.hired, first) for first, _ in months], axis=1)
    seen = fitted.seen
    hazard = seen.hazard(seen.quits + seen.dismissals)[np.minimum(tenure, LONGEST).astype(np.intp)]
    base = known.value("turnover") / YEAR
    exits = {"model": there * hazard, "base": there * base}
    draw = Draw.of(history, seed)
    scores = [
        draw.mean("log score, rep and month", lambda m: gone * np.log(np.maximum(m, 1e-9)) - m, exits, there, higher=True),
        draw.mean("Brier score, rep and month", lambda m: (gone - (1.0 - np.exp(-m))) ** 2, exits, there, higher=False),
        draw.sum("exits a month, gap", gone, exits),
    ]
    if history.deals is not None and {"early_sales", "sales_rep"} <= known.shown.keys():
        sold = np.stack([history.sales.within(first, last, len(stay.hired)) for first, last in months], axis=1)
        rate = seen.sales_rate()[np.digitize(tenure, RAMP_EDGES[1:-1])]
        scores.append(draw.sum("sales a month, gap, usd", sold, {"model": there * rate, "base": there * _rate(history, held)}))
    trained = known.shown["turnover"].cases
    return BackTest(held, trained, int(gone.sum()), float(exits["model"].sum()), tuple(scores), fit=fitted)


def _rate(history: History, held: int) -> float:
    """New business a rep-month before the held-out months."""
    first, last = history.deals_from, back(history.as_of, held)
    return float(history.sales.within(first, last, len(history.stay.hired)).sum() / history.overlap(first, last).sum())


def _tenure(hired: Any, day: Any) -> Values:
    return np.maximum((day - hired).astype("timedelta64[D]").astype(float) / MONTH, 0.0)


@dataclass(frozen=True, eq=False)
class Draw:
    """Bootstrap over teams or reps: the place of each stay in one, and counts (sample, place), the first row all as they are."""

    reps: Values
    counts: Values

    @classmethod
    def of(cls, history: History, seed: int) -> Draw:
        """Samples of a history's teams, or reps where teams are few."""
        reps = np.unique(history.clusters[history.codes[0]], return_inverse=True)[1]
        count = int(reps.max()) + 1
        rng = np.random.default_rng(seed)
        drawn = [np.bincount(rng.integers(count, size=count), minlength=count) for _ in range(SAMPLES)]
        return cls(reps, np.stack([np.ones(count), *drawn]))

    def total(self, values: Values) -> Values:
        """Sums over stays (stay, month), by sample: (sample, month)."""
        width = self.counts.shape[1]
        return self.counts @ np.stack([np.bincount(self.reps, weights=column, minlength=width) for column in values.T], axis=1)

    def mean(
        self, name: str, score: Callable[[Values], Values], said: Mapping[str, Values], there: Values, *, higher: bool
    ) -> Score:  # fmt: skip
        """A score averaged over rep-months."""
        watched = self.total(1.0 * (there > 0.0)).sum(axis=1)
        summed = {who: self.total(np.where(there > 0.0, score(values), 0.0)).sum(axis=1) for who, values in said.items()}
        return _score(name, summed["model"] / watched, summed["base"] / watched, higher=higher)

    def sum(self, name: str, seen: Values, said: Mapping[str, Values]) -> Score:
        """Mean absolute gap of monthly sums."""
        truth = self.total(1.0 * seen)
        model, base = (np.abs(truth - self.total(said[who])).mean(axis=1) for who in ("model", "base"))
        return _score(name, model, base, higher=False)


def _score(name: str, model: Values, base: Values, *, higher: bool) -> Score:
    low, high = np.quantile((model - base)[1:], [0.025, 0.975])
    return Score(name, float(model[0]), float(base[0]), float(low), float(high), higher)

"""Anchoring: the intercepts that make a pack's ordinary plan show the pack's headline numbers.

Only intercepts and levels are solved (what the firm's industry is like), never slopes (how people answer).
Each unknown owns one number, but all are solved together, with common random numbers, by scipy's hybrid Powell method;
its Jacobian is one batch on the policy axis, because parameters stack like settings.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import tomlkit
from rich.console import Console
from rich.table import Table
from scipy.optimize import root

from simulation.engine import Course, levers_used, run_block, warm_up
from simulation.errors import CalibrationError
from simulation.evidence.read import Parameters, shipped_parameters, stack_parameters
from simulation.levers import catalogue
from simulation.scenario.faults import Faults
from simulation.scenario.world import World, overlay, read_world
from simulation.statistics.measures import measure
from simulation.vocabulary import Array

SEEDS, JACOBIAN_SEEDS, CHECK_SEEDS = range(1, 49), range(1, 13), range(101, 149)
SEATS, MONTHS = 210, 36
STEP = 0.06
TOLERANCE = 0.01
CLOSE_ENOUGH = 0.006
"""Norm of the relative gaps at which the search stops: below the noise of other seeds."""
NOTE = "Solved so that the pack's ordinary plan shows its headline numbers; `orgsim anchor` does it again."


@dataclass(frozen=True)
class Unknown:
    """A parameter row that owns a headline number; solved on a log scale when it must stay positive."""

    group: str
    name: str
    shows: str
    log: bool

    def moved(self, start: float, x: float) -> float:
        """The parameter's value at `x`, which is zero at its start."""
        return start * float(np.exp(x)) if self.log else start + x


UNKNOWNS = (
    Unknown("labour", "quit_intercept", "quits_rate", log=False),
    Unknown("labour", "dismissal_intercept", "dismissals_rate", log=False),
    Unknown("market", "lead_rate", "at_quota", log=True),
    Unknown("market", "win_intercept", "win_rate", log=False),
    Unknown("market", "close_rate", "cycle_days", log=True),
    Unknown("market", "deal_value", "deal_size", log=True),
    Unknown("contract", "ramp_tau", "ramp_months", log=True),
    Unknown("contract", "renewal_intercept", "renewal_rate", log=False),
    Unknown("contract", "expansion_rate", "nrr", log=True),
    Unknown("contract", "reference_slope", "cash_pull", log=True),
    Unknown("contract", "fit_mean", "fit_mean", log=False),
    Unknown("contract", "fit_sd", "fit_sd", log=True),
)
STANDARDS = {"cash_pull": 1.0, "fit_mean": 0.0, "fit_sd": 1.0}
"""Numbers that are so by definition: they fix the scale of the cash pull and of fit, in every pack."""


@dataclass
class AnchorResult:
    """What was asked, what was reached, and the parameters that do it."""

    path: Path
    asked: dict[str, float]
    reached: dict[str, float]
    error: dict[str, float]
    solved: dict[tuple[str, str], float]
    parameters: Parameters = field(repr=False)

    def missed(self) -> list[str]:
        """Headline numbers off by more than the tolerance and twice their own noise."""
        return [
            key for key, goal in self.asked.items()
            if abs(self.reached[key] - goal) > TOLERANCE * (1.0 if key in STANDARDS else abs(goal)) + 2.0 * self.error[key]
        ]  # fmt: skip

    def print(self, console: Console) -> None:
        """The table of asked and reached, and of the parameters solved."""
        table = Table("number", "asked", "reached", "± noise", "owned by", "value", title=f"Anchored: {self.path.stem}")
        for unknown in UNKNOWNS:
            key = unknown.shows
            value = self.solved[unknown.group, unknown.name]
            table.add_row(
                key, f"{self.asked[key]:,.4g}", f"{self.reached[key]:,.4g}", f"{self.error[key]:.2g}",
                f"{unknown.group}.{unknown.name}", f"{value:.5g}",
            )  # fmt: skip
        console.print(table)
        for key in self.missed():
            console.print(f"{key} is not reached: asked {self.asked[key]:.4g}, reached {self.reached[key]:.4g}.")

    def write(self) -> None:
        """Put the solved values into the pack's file, with status calibrated, leaving the rest of it as it is."""
        document = tomlkit.parse(self.path.read_text(encoding="utf-8"))
        for (group, name), value in self.solved.items():
            tables: Any = document.setdefault(group, tomlkit.table(is_super_table=True))
            row: Any = tables.setdefault(name, tomlkit.table())
            row.update({"value": round(value, 9), "status": "calibrated", "note": NOTE})
        self.path.write_text(tomlkit.dumps(document), encoding="utf-8")


def anchor_world(path: Path, progress: Callable[[int, int, str], None] | None = None) -> AnchorResult:
    """Solve the intercepts of a pack. Raises CalibrationError when no solution is found."""
    faults = Faults(path.name)
    world = read_world(path, path.name, faults)
    start = overlay(shipped_parameters(), world, faults)
    if not faults.told and not world.asked:
        faults.add("asked", "is missing: an industry pack says which headline numbers it must show")
    if faults.told:
        raise CalibrationError(faults.told)
    asked = {u.shows: world.asked[u.shows].value if u.shows in world.asked else STANDARDS[u.shows] for u in UNKNOWNS}
    model = _Model(start, world, asked, progress)
    options: Any = {"xtol": 2e-3, "maxfev": 60}
    with suppress(_CloseEnoughError):
        root(model.gap, np.zeros(len(UNKNOWNS)), jac=model.jacobian, method="hybr", options=options)
    x = model.best
    check = model.shown([x], CHECK_SEEDS)
    if model.best_norm > 0.2:
        raise CalibrationError(f"{path.name}: the headline numbers cannot hold together; see `asked` and ask for others")
    solved = {(u.group, u.name): u.moved(start.rows[u.group, u.name].value, float(v)) for u, v in zip(UNKNOWNS, x, strict=True)}
    reached = {key: float(values[0].mean()) for key, values in check.items()}
    error = {key: float(values[0].std(ddof=1) / np.sqrt(values.shape[1])) for key, values in check.items()}
    return AnchorResult(path, asked, reached, error, solved, start.with_values(solved, "calibrated"))


class _CloseEnoughError(Exception):
    """The search has found what it looks for."""


class _Model:
    """The pack's ordinary plan as a function of the unknowns."""

    def __init__(self, start: Parameters, world: World, asked: dict[str, float], progress: Any) -> None:
        self.start, self.asked, self.progress = start, asked, progress
        self.plan = {key: world.ordinary.get(key, kind()) for key, kind in catalogue().items()}
        self.best, self.best_norm, self.runs = np.zeros(len(UNKNOWNS)), np.inf, 0

    def parameters(self, x: Array) -> Parameters:
        """The start's parameters with the unknowns moved."""
        rows = self.start.rows
        return self.start.with_values(
            {(u.group, u.name): u.moved(rows[u.group, u.name].value, v) for u, v in zip(UNKNOWNS, x, strict=True)}
        )

    def shown(self, points: Sequence[Array], seeds: range) -> dict[str, Array]:
        """Headline numbers (point, seed) at some points, all in one batch."""
        p = stack_parameters([self.parameters(x) for x in points])
        used = levers_used([self.plan])
        s = warm_up(self.plan, used, p, seeds, SEATS, rows=len(points))
        block = run_block(
            s.for_policies(len(points)), [Course(self.plan)] * len(points), self.plan, used, p, seeds=seeds, months=MONTHS
        )
        sums = block.sums
        records: Any = SimpleNamespace(sums=sums, groups=block.groups, spells=block.spells, scenario=None)
        total = {
            key: sums[key].sum(axis=-1)
            for key in ("bookings_list", "bookings", "deals", "filled", "cash_pull", "fit_total", "fit_squares")
        }
        mean = total["fit_total"] / total["filled"]
        own = {
            "deal_size": total["bookings"] / total["deals"],
            "cash_pull": total["cash_pull"] / total["filled"],
            "fit_mean": mean,
            "fit_sd": np.sqrt(total["fit_squares"] / total["filled"] - mean**2),
        }
        return {u.shows: own[u.shows] if u.shows in own else measure(records, u.shows) for u in UNKNOWNS}

    def gaps(self, points: Sequence[Array], seeds: range) -> Array:
        """(point, number): shown against asked, relative where a number has a natural zero."""
        shown = self.shown(points, seeds)
        self.runs += 1
        if self.progress:
            self.progress(min(self.runs, 29), 30, "anchoring")
        rows = [
            values.mean(axis=-1) - self.asked[key] if key == "fit_mean" else values.mean(axis=-1) / self.asked[key] - 1.0
            for key, values in shown.items()
        ]
        return np.array(rows).T

    def gap(self, x: Any) -> Any:
        """The gaps at one point; the best point met is kept."""
        gap = np.asarray(self.gaps([x], SEEDS)[0])
        if np.linalg.norm(gap) < self.best_norm:
            self.best, self.best_norm = x.copy(), float(np.linalg.norm(gap))
        if self.best_norm < CLOSE_ENOUGH:
            raise _CloseEnoughError
        return gap

    def jacobian(self, x: Any) -> Any:
        """Central differences, all points in one batch on the policy axis."""
        steps = STEP * np.eye(len(UNKNOWNS))
        gaps = self.gaps([*(x + steps), *(x - steps)], JACOBIAN_SEEDS)
        half = len(UNKNOWNS)
        return (gaps[:half] - gaps[half:]).T / (2.0 * STEP)

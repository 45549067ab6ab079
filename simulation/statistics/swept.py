"""What a sweep found: a tidy table of its points, each against the baseline as the scenario has it, paired by seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simulation.evidence.measures import MEASURES, Measure
from simulation.experiment.design.design import Design
from simulation.experiment.design.factors import Factor
from simulation.records import Moved
from simulation.scenario import Scenario
from simulation.showing import Shown
from simulation.statistics.compare import compare_to, facts_of
from simulation.statistics.levels import level_interval
from simulation.statistics.stopping import Stopping
from simulation.statistics.summary import Facts
from simulation.statistics.uncertainty import joint_interval
from simulation.vocabulary import Array

if TYPE_CHECKING:
    from pandas import DataFrame

POINT, POLICY, SEEDS, REFUSED = "point", "policy", "seeds", "refused"
MOVED, MOVED_TO = "moved", "moved_to"
COLUMNS = ("mean", "low", "high", "diff", "diff_low", "diff_high", "p_better", "decided", "effective_seeds")
"""Columns of the table for each measure, in this order."""
DRAWN_COLUMNS = ("chance", "diff_chance")
"""And where parameters are drawn: the share of chance in the variance behind either interval."""


@dataclass(frozen=True, eq=False)
class Swept(Shown):
    """Points of a design, compared with the baseline.

    table : a row a point and policy: `point` counted from 1, `policy`, a column a path that was varied (None where a setting
        does not apply), `moved` and `moved_to` where a setting was moved for equal cost, `seeds`, for every measure
        `<m>_mean|_low|_high` (95% interval over seeds), `_diff|_diff_low|_diff_high` (less the baseline, paired by seed),
        `_p_better`, `_decided`, `_effective_seeds` (what the paired seeds are worth in seeds of their own); and `refused`, why
        a point could not be run, empty where it was.
    factors : what was varied, in the order of the columns
    baseline : `mean`, `low` and `high` of the baseline as the scenario has it, by measure
    facts : what was compared
    scenario : whose policies and parameters were varied
    kind, notes : the design, and what is to be said of it
    stopping : how seeds were added, rows by their number from 0; None where their number was fixed
    """

    table: DataFrame
    factors: tuple[Factor, ...]
    baseline: Mapping[str, Mapping[str, float]]
    facts: Facts
    scenario: Scenario
    kind: str
    notes: tuple[str, ...] = ()
    stopping: Stopping | None = None
    measures: Mapping[str, Measure] = field(default_factory=lambda: MEASURES)

    @cached_property
    def policies(self) -> tuple[str, ...]:
        """Keys of the policies that were run, in the order of their rows."""
        return tuple(dict.fromkeys(self.run[POLICY]))

    @property
    def paths(self) -> tuple[str, ...]:
        """What was varied, as dotted paths."""
        return tuple(factor.path for factor in self.factors)

    @cached_property
    def run(self) -> DataFrame:
        """The rows that were run."""
        return self.table[self.table[REFUSED] == ""]

    @cached_property
    def refused(self) -> DataFrame:
        """The rows that could not be."""
        return self.table[self.table[REFUSED] != ""]

    @cached_property
    def different(self) -> NDArray[np.bool_]:
        """Which of the rows that were run are compared, (row,) of yes or no.

        Not the baseline where nothing of its own is varied, which would be compared with itself; nor a row that differs from an
        earlier one only in settings of another policy, which is the same row.
        """
        rows, owners = self.run, {factor.slot.policy for factor in self.factors}
        kept = np.ones(len(rows), dtype=bool)
        if self.scenario.baseline not in owners and len(self.policies) > 1:
            kept &= (rows[POLICY] != self.scenario.baseline).to_numpy()
        if len(owners - {None}) > 1 or len(set(self.policies) - owners) > 0:
            own = {key: [f.path for f in self.factors if f.slot.policy in (None, key)] for key in self.policies}
            told = rows[[POLICY, *self.paths]].to_dict("records")
            names = [(row[POLICY], *(str(row[path]) for path in own[row[POLICY]])) for row in told]
            first = {name: k for k, name in reversed(list(enumerate(names)))}
            kept &= np.array([first[name] == k for k, name in enumerate(names)], dtype=bool)
        return kept

    @property
    def worlds(self) -> bool:
        """Whether parameters are varied: rows then stand in different worlds, each beside the baseline under its own."""
        return any(factor.slot.parameter for factor in self.factors)

    def allowed(self) -> NDArray[np.bool_]:
        """Which of the rows that were run meet what the scenario requires, (row,) of yes or no."""
        rows = self.run
        meets = np.ones(len(rows), dtype=bool)
        for key, (sign, limit) in self.facts.require.items():
            mean = rows[f"{key}_mean"].to_numpy(dtype=float)
            meets &= mean <= limit if sign == "<=" else mean >= limit
        return meets

    def ranked(self, *, allowed: bool = True, policy: str | None = None) -> DataFrame:
        """Rows that were run, best first: those that meet what is required or all, of one policy or all.

        Best is by the objective's difference from the baseline under the same parameters: by its mean a good world would win.
        """
        rows = self.run
        gains = rows[f"{self.facts.objective}_diff"].to_numpy(dtype=float)
        kept = np.isfinite(gains) & self.different & (self.allowed() if allowed else np.True_)
        if policy is not None:
            kept &= (rows[POLICY] == policy).to_numpy()
        sign = 1.0 if self.measures[self.facts.objective].better == "lower" else -1.0
        order = np.argsort(sign * gains, kind="stable")
        return rows.iloc[order[kept[order]]]


def sweep_table(
    scenario: Scenario,
    design: Design,
    values: Mapping[str, Array],
    baseline: Mapping[str, Array],
    point_values: Mapping[str, Array] | None = None,
    point_baseline: Mapping[str, Array] | None = None,
    *,
    level: Mapping[str, Array] | None = None,
    refused: Mapping[int, str] | None = None,
    run: str | None = None,
    stopping: Stopping | None = None,
    moved: Mapping[int, Moved] | None = None,
) -> Swept:
    """The table of a sweep from figures by seed.

    Parameters
    ----------
    scenario : Scenario
        Whose policies and parameters were varied.
    design : Design
        The points that were run.
    values : measure -> (row, seed) [the measure's unit]
        A row a point and subject: the subjects of the first point, then those of the next.
        A seed that a row was not run at is NaN and left out.
    baseline : measure -> (1 or row, seed)
        The baseline's policy at the same seeds; where parameters are varied, under each row's.
    point_values, point_baseline : the same seeds at point values, where parameters are drawn
    level : measure -> (1, seed), optional
        The baseline as the scenario has it, where it is not that of every row.
    refused : row -> sentence, optional
        Why rows could not be run after all; their figures are NaN.
    stopping : Stopping, optional
        How seeds were added, if they were: rows that were settled out have fewer, and their means are the baseline's plus
        their difference (`levels`).
    moved : row -> Moved, optional
        What was moved for equal cost.
    run : str, optional
        Id of the run; that of the scenario without it.
    """
    from pandas import DataFrame

    more, rows = len(design.refused), len(design.points) * len(design.subjects)
    told = refused or {}
    columns: dict[str, Any] = _settings(design) | _moved(moved or {}, rows, more)
    given = {} if stopping is None else stopping.seeds
    columns[SEEDS] = [0 if row in told else given.get(str(row), scenario.seed_count) for row in range(rows)] + [0] * more
    shown = COLUMNS if point_values is None else (*COLUMNS, *DRAWN_COLUMNS)
    levels = {}
    short = _short(stopping, rows)
    for key, figures in values.items():
        point, point_base = (None if given is None else given[key] for given in (point_values, point_baseline))
        base = baseline[key]
        found = compare_to(figures, base, MEASURES[key].better, scenario.material.get(key), point, point_base)
        if short:
            own = level_interval(np.concatenate([base, figures]), None, 0, short)
            found |= {name: limit[1:] for name, limit in zip(COLUMNS, own[:3], strict=False)}
        columns |= {f"{key}_{name}": _filled(found[name], more) for name in shown}
        mean, low, high, _ = joint_interval(base if level is None else level[key], point_base if level is None else None)
        levels[key] = {"mean": float(mean.item()), "low": float(low.item()), "high": float(high.item())}
    columns[REFUSED] = [told.get(row, "") for row in range(rows)] + [one.sentence for one in design.refused]
    facts = facts_of(scenario)
    return Swept(
        table=DataFrame(columns),
        factors=design.factors,
        baseline=levels,
        facts=replace(facts, run=run) if run else facts,
        scenario=scenario,
        kind=design.kind,
        notes=design.notes,
        stopping=stopping,
        measures={key: replace(MEASURES[key], currency=scenario.currency) for key in values},
    )


def _short(stopping: Stopping | None, rows: int) -> list[int]:
    """Places, behind the baseline's, of the rows that were given fewer seeds than the baseline."""
    if stopping is None:
        return []
    most = max(stopping.seeds.values())
    return [1 + row for row in range(rows) if stopping.seeds.get(str(row), most) < most]


def _settings(design: Design) -> dict[str, Any]:
    """Point, policy and settings of every row; a refused point has one row and no policy."""
    subjects, count = design.subjects, len(design.points)
    places = [*np.repeat(np.arange(1, count + 1), len(subjects)), *range(count + 1, count + 1 + len(design.refused))]
    columns: dict[str, Any] = {POINT: places, POLICY: [*subjects] * count + [""] * len(design.refused)}
    for path in design.paths:
        own = [point.settings[path] for point in design.points for _ in subjects]
        columns[path] = _column([*own, *(one.settings[path] for one in design.refused)])
    return columns


def _moved(moved: Mapping[int, Moved], rows: int, more: int) -> dict[str, Any]:
    """The setting that was moved for equal cost and what to, of every row; no columns where none was."""
    if not moved:
        return {}
    own = [moved.get(row) for row in range(rows)]
    paths = [one.setting if one else "" for one in own] + [""] * more
    return {MOVED: paths, MOVED_TO: [one.after if one else np.nan for one in own] + [np.nan] * more}


def _column(values: Sequence[Any]) -> Any:
    """Numbers as numbers, anything else as it is: months stay whole, true stays a word, None an empty cell."""
    from pandas import Series

    return Series(values, dtype=float if all(value is None or isinstance(value, float) for value in values) else object)


def _filled(figures: Array | list[str], more: int) -> Array | list[str]:
    """A column with so many empty cells behind it."""
    return figures + [""] * more if isinstance(figures, list) else np.concatenate([figures, np.full(more, np.nan)])

"""The rows of a sweep, a policy of a point each: made equal in cost, run as one batch, or given seeds until it is decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np

from simulation.errors import ScenarioError
from simulation.experiment.batch.batch import Batch, Figures, figures, months_apart
from simulation.experiment.batch.equal_cost import Promise, equalise_variants, promise_of
from simulation.experiment.batch.variants import Overrides, Variant
from simulation.experiment.design.design import Design
from simulation.experiment.execute import Progress, counter, promised_work
from simulation.experiment.work.workers import Advance, Workers
from simulation.records import Moved
from simulation.statistics.measures import every_measure
from simulation.statistics.selection import Asked
from simulation.statistics.stopping import Stopping, add_seeds

if TYPE_CHECKING:
    from simulation.scenario import Policy, Scenario
    from simulation.scenario.until import Until
    from simulation.vocabulary import Array

BASELINE = "baseline"
"""What the baseline is called among rows that seeds are added to; rows are called by their number, from 0."""


@dataclass(frozen=True)
class Row:
    """One row of the table: a policy of a point, with the setting moved for equal cost if it promises that (`kept`)."""

    point: int
    policy: Policy
    moved: Overrides
    refused: str | None = None
    kept: Moved | None = None

    @property
    def variant(self) -> Variant:
        """What is run."""
        return Variant(replace(self.policy, equal_cost=None), self.moved)


def rows_of(design: Design) -> list[Row]:
    """A row a point and subject, the subjects of the first point first."""
    return [Row(k, policy, point.moved) for k, point in enumerate(design.points) for policy in point.policies]


@dataclass(frozen=True, eq=False)
class Found:
    """Measures by key: of the rows (row, seed), of the baseline under each row's parameters (row, seed), and of the baseline as
    the scenario has it (1, seed); and what was refused.

    months : sums by name (row, seed, month), where they were asked for and any row was run
    """

    values: Mapping[str, Array]
    baseline: Mapping[str, Array]
    level: Mapping[str, Array]
    refused: Mapping[Overrides, str]
    months: Mapping[str, Array] | None = None

    @property
    def digest(self) -> str:
        """Of every value, bit for bit."""
        found = sha256()
        for key, value in sorted(self.values.items()):
            found.update(f"{key} {np.shape(value)}\n".encode())
            found.update(np.ascontiguousarray(value, dtype="<f8").data)
        return found.hexdigest()


def run_rows(
    scenario: Scenario, rows: Sequence[Row], crew: Workers, advance: Advance | None, *, keep_months: bool = False
) -> Found:
    """All rows, and the baseline once for each set of moved parameters, as one batch; rows of equal parameters go together."""
    baseline = replace(scenario.policy(scenario.baseline), equal_cost=None)
    places: dict[Overrides, list[int]] = {(): []}
    for k, row in enumerate(rows):
        places.setdefault(row.moved, []).append(k)
    variants: list[Variant] = []
    place = np.empty(len(rows), dtype=int)
    base = np.empty(len(rows), dtype=int)
    for moved, own in places.items():
        base[own] = len(variants)
        variants.append(Variant(baseline, moved))
        for k in own:
            place[k] = len(variants)
            if rows[k].refused is None:
                variants.append(rows[k].variant)
    place = np.minimum(place, len(variants) - 1)  # the last may be refused
    reduction = every_measure()
    if keep_months:
        found, sums = _with_months(scenario, variants, crew, advance)
    else:
        found, sums = figures(Batch.of(scenario, variants, reduction), crew, advance), {}
    refused = [k for k, row in enumerate(rows) if row.refused]
    kept = {name: value[place] for name, value in sums.items()}
    for value in kept.values():
        value[refused] = np.nan
    values = found.values[:, place]
    values[:, refused] = np.nan
    of = lambda own: dict(zip(reduction.columns, own, strict=True))  # noqa: E731
    return Found(of(values), of(found.values[:, base]), of(found.values[:, :1]), found.refused, kept or None)


def _with_months(
    scenario: Scenario, variants: Sequence[Variant], crew: Workers, advance: Advance | None
) -> tuple[Figures, dict[str, Array]]:
    """The figures of variants, and their months: sums (variant, seed, month) by name, none where all are refused."""
    reduction = every_measure()
    batch = Batch.of(scenario, variants)
    found = months_apart(batch, crew, advance)
    rows = list(found.rows)
    values = np.full((len(reduction.columns), len(variants), scenario.seed_count), np.nan)
    if rows:
        values[:, rows] = reduction.work(batch.records(found.block, rows))
    sums = {}
    for name, own in found.block.sums.items():
        sums[name] = np.full((len(variants), *own.shape[1:]), np.nan)
        sums[name][rows] = own
    return Figures(values, found.refused), sums


def keep_promises(
    scenario: Scenario, design: Design, rows: list[Row], progress: Progress | None, crew: Workers
) -> list[Row]:
    """The rows with their promises of equal cost kept; `to` is the policy as it is at the same point."""
    wanted = [k for k, row in enumerate(rows) if row.policy.equal_cost]
    if not wanted:
        return rows
    promises = []
    for k in wanted:
        to = promise_of(rows[k].policy).to
        here = {policy.key: policy for policy in design.points[rows[k].point].policies}
        promises.append(Promise(Variant(rows[k].policy, rows[k].moved), here.get(to) or scenario.policy(to)))
    advance = counter(progress, promised_work(scenario, len(wanted)), "making costs equal")
    outcomes = equalise_variants(scenario, promises, advance, crew)
    solved = list(rows)
    for k, outcome in zip(wanted, outcomes, strict=True):
        solved[k] = replace(rows[k], policy=outcome.policy, refused=outcome.refused, kept=outcome.moved)
    return solved


def check_one_world(rows: Sequence[Row], until: Until) -> None:
    """Refuse to add seeds where parameters are varied: rows in different worlds cannot be better or worse than one another."""
    if any(row.moved for row in rows):
        why = "each row then has a baseline of its own" if until.widths else "of policies in different worlds none is best"
        option = "--until" if until.widths else "--until-decided"
        raise ScenarioError(f"{option}: parameters are varied, and {why}; give --seeds N instead, or vary settings alone")


def add_seeds_to_rows(
    scenario: Scenario, rows: Sequence[Row], until: Until, progress: Progress | None, crew: Workers
) -> tuple[Found, Stopping]:
    """Rows with as many seeds as it takes to decide between them and the baseline; NaN where a row was not run.

    The rows stand in one world (`check_one_world`). Raises ScenarioError where it has no steady start, since nothing can be
    decided in it.
    """
    baseline = Variant(replace(scenario.policy(scenario.baseline), equal_cost=None))
    reduction = every_measure()

    def simulate(some: Sequence[str], seeds: range) -> Mapping[str, Array]:
        part = replace(scenario, first_seed=scenario.first_seed + seeds.start, seed_count=len(seeds))
        variants = [baseline if key == BASELINE else rows[int(key)].variant for key in some]
        work = len(variants) * len(seeds) * scenario.seats * scenario.months
        what = f"seeds {seeds.start + 1} to {seeds.stop} of {len(variants) - 1} rows"
        found = figures(Batch.of(part, variants, reduction), crew, counter(progress, work, what))
        if found.refused:
            raise ScenarioError(list(found.refused.values()))
        return dict(zip(reduction.columns, found.values, strict=True))

    runnable = [k for k, row in enumerate(rows) if row.refused is None]
    asked = replace(Asked.of(scenario, until.error), baseline=BASELINE)
    values, stopping = add_seeds(simulate, [BASELINE, *map(str, runnable)], asked, until)
    own = {key: np.full((len(rows), figure.shape[1]), np.nan) for key, figure in values.items()}
    for key, figure in values.items():
        own[key][runnable] = figure[1:]
    base = {key: figure[:1] for key, figure in values.items()}
    return Found(own, base, base, {}), stopping

"""A whole sweep in one call: all that `orgsim sweep` finds out, before anything is printed or kept.

    scenario = read_scenario("scenarios/growth_mix.toml", luck_only=True)
    factors = read_factors(["policies.growth_mix.commission.rate=0.02:0.20:10"], scenario)
    sweep = run_sweep(scenario, make_design("grid", factors, scenario))
    sweep.swept.table        # one row a design point and policy
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from simulation.errors import RunError, ScenarioError
from simulation.experiment.batch import Batch, figures, months
from simulation.experiment.design import Design
from simulation.experiment.digests import digest_of, engine_digest, fingerprint, value_of
from simulation.experiment.equal_cost import SEEDS, Promise, equalise_variants, promise_of
from simulation.experiment.execute import Progress, counter
from simulation.experiment.store import ID_LENGTH, replace_file, sums_as_parquet
from simulation.experiment.variants import Figures, Moved, Variant
from simulation.experiment.workers import Advance, Workers, shared_workers
from simulation.scenario.size import MOST_GIGABYTES, gigabytes
from simulation.statistics.measures import every_measure
from simulation.statistics.swept import POINT, POLICY, Swept, sweep_table

if TYPE_CHECKING:
    from simulation.scenario import Policy, Scenario
    from simulation.vocabulary import Array

SWEEPING = "sweeping"
"""What progress calls the work of a sweep."""
EQUAL_COST_RUNS = 5


@dataclass(frozen=True, eq=False)
class Sweep:
    """What a sweep found.

    scenario : as it was run, settled
    design : the points; each is run with every subject
    swept : the tidy table, one row a point and subject
    values : by measure, (row, seed), rows as in the table; `digest` is of all of them
    seconds : how long it took [s]
    months : sums by name, (row, seed, month), where they were kept
    """

    scenario: Scenario
    design: Design
    swept: Swept
    values: Mapping[str, Array]
    digest: str
    seconds: float
    months: Mapping[str, Array] | None = None


@dataclass(frozen=True)
class Row:
    """One row of the table: a policy of a point, with the setting moved for equal cost if it promises that."""

    point: int
    policy: Policy
    moved: Moved
    refused: str | None = None

    @property
    def variant(self) -> Variant:
        """What is run."""
        return Variant(replace(self.policy, equal_cost=None), self.moved)


def run_sweep(
    scenario: Scenario,
    design: Design,
    progress: Progress | None = None,
    *,
    processes: int | Workers | None = None,
    keep_months: bool = False,
) -> Sweep:
    """Run every point of a design as one batch, and compare each with the baseline under the same parameters.

    Parameters
    ----------
    scenario : Scenario
        As read, its firm solved. With draws, every seed carries one and intervals hold what is not known of parameters, for twice
        the work; read with `luck_only=True` they hold luck alone.
    design : Design
        From `make_design`.
    progress : called with (done, total, what), in rep-months
    processes : int or Workers, optional
        As for `run`; workers that have a store find what was run before and keep what is new.
    keep_months : bool
        Every month of every cell is kept, in the store and in `Sweep.months`; otherwise the measures alone.

    Raises
    ------
    ScenarioError
        When a `[firm]` has not been solved, or the months asked for would not fit in memory.
    RunError
        When a worker dies or the store cannot be written.
    """
    scenario.require_settled()
    if keep_months:
        _check_room(scenario, design)
    started = time.monotonic()
    rows = [Row(k, policy, point.moved) for k, point in enumerate(design.points) for policy in point.policies]
    with shared_workers(processes, rep_months=sweeping_work(scenario, design)) as crew:
        rows = _equal_cost(scenario, design, rows, progress, crew)
        total = len(rows) * scenario.seed_count * scenario.seats * scenario.months
        advance = counter(progress, total * (1 if scenario.draws is None else 2), SWEEPING)
        found = _run(scenario, rows, crew, advance, keep_months=keep_months)
        point = None if scenario.draws is None else _run(scenario.luck_only(), rows, crew, advance)
    refused = {k: sentence for k, row in enumerate(rows) if (sentence := row.refused or found.refused.get(row.moved))}
    swept = sweep_table(
        scenario, design, found.values, found.baseline, point.values if point else None, point.baseline if point else None,
        level=found.level, refused=refused, run=sweep_id(scenario, design),
    )  # fmt: skip
    return Sweep(scenario, design, swept, found.values, found.digest, time.monotonic() - started, found.months)


def sweep_id(scenario: Scenario, design: Design) -> str:
    """The name of a sweep's folder: the same for the same scenario, points, seeds, parameters and engine."""
    points = [[dict(point.settings), *(policy.key for policy in point.policies)] for point in design.points]
    content = {"scenario": scenario.resolved(), "design": design.kind, "points": points, "engine": engine_digest()}
    return digest_of(content)[:ID_LENGTH]


def sweeping_work(scenario: Scenario, design: Design) -> int:
    """Work ahead [rep-months], roughly."""
    promised = sum(policy.equal_cost is not None for point in design.points for policy in point.policies)
    rows = sum(len(point.policies) for point in design.points) + EQUAL_COST_RUNS * promised
    return rows * scenario.seed_count * scenario.seats * scenario.months * (1 if scenario.draws is None else 2)


@dataclass(frozen=True, eq=False)
class Found:
    """Measures by key: of the rows (row, seed), of the baseline under each row's parameters (row, seed), and of the baseline as
    the scenario has it (1, seed); and what was refused.
    """

    values: Mapping[str, Array]
    baseline: Mapping[str, Array]
    level: Mapping[str, Array]
    refused: Mapping[Moved, str]
    months: Mapping[str, Array] | None = None

    @property
    def digest(self) -> str:
        """Of every value, bit for bit."""
        return digest_of([[key, np.ascontiguousarray(value).tobytes().hex()] for key, value in sorted(self.values.items())])


def _run(
    scenario: Scenario, rows: Sequence[Row], crew: Workers, advance: Advance | None, *, keep_months: bool = False
) -> Found:
    """All rows, and the baseline once for each set of moved parameters, as one batch; rows of equal parameters go together."""
    baseline = replace(scenario.policy(scenario.baseline), equal_cost=None)
    rows_of: dict[Moved, list[int]] = {(): []}
    for k, row in enumerate(rows):
        rows_of.setdefault(row.moved, []).append(k)
    variants: list[Variant] = []
    place = np.empty(len(rows), dtype=int)
    base = np.empty(len(rows), dtype=int)
    for moved, own in rows_of.items():
        base[own] = len(variants)
        variants.append(Variant(baseline, moved))
        for k in own:
            place[k] = len(variants)
            if rows[k].refused is None:
                variants.append(rows[k].variant)
    place = np.minimum(place, len(variants) - 1)  # the last may be refused
    reduction = every_measure()
    batch = Batch.of(scenario, variants, None if keep_months else reduction)
    if keep_months:
        block = months(batch, crew, advance)
        found = Figures(reduction.work(batch.records(block)))
        kept = {name: value[place] for name, value in block.sums.items()}
    else:
        found, kept = figures(batch, crew, advance), None
    values = found.values[:, place]
    values[:, [k for k, row in enumerate(rows) if row.refused]] = np.nan
    of = lambda own: dict(zip(reduction.columns, own, strict=True))  # noqa: E731
    return Found(of(values), of(found.values[:, base]), of(found.values[:, :1]), found.refused, kept)


def _equal_cost(
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
    work = EQUAL_COST_RUNS * len(wanted) * min(scenario.seed_count, SEEDS) * scenario.seats * scenario.months
    outcomes = equalise_variants(scenario, promises, counter(progress, work, "making costs equal"), crew)
    solved = list(rows)
    for k, outcome in zip(wanted, outcomes, strict=True):
        solved[k] = replace(rows[k], policy=outcome.policy, refused=outcome.refused)
    return solved


def _check_room(scenario: Scenario, design: Design) -> None:
    """Refuse months that would not fit in memory. Raises ScenarioError."""
    rows = 1 + sum(len(point.policies) for point in design.points)
    needed = gigabytes(policies=rows, seeds=scenario.seed_count, months=scenario.months, seats=scenario.seats)
    if needed > MOST_GIGABYTES:
        raise ScenarioError(
            f"--keep: the months of {rows:,} rows need {needed:,.1f} GB of memory, and {MOST_GIGABYTES:g} GB is the most; "
            "leave --keep out, or take fewer points, seeds or months"
        )


def sweep_folder(scenario: Scenario, design: Design, out: Path) -> Path:
    """Where a sweep's files stand below `out`."""
    return out / scenario.name / sweep_id(scenario, design)


def write_manifest(sweep: Sweep, folder: Path, times: Mapping[str, str]) -> None:
    """Write what the sweep was, last of its files, so that a folder that has it is complete; and its months if they were kept.

    Raises RunError when the folder cannot be written.
    """
    scenario, design = sweep.scenario, sweep.design
    content = {
        "run": sweep.swept.facts.run,
        "what": "sweep",
        "scenario": scenario.resolved(),
        "design": {
            "kind": design.kind, "paths": list(design.paths), "subjects": list(design.subjects), "points": len(design.points),
        },
        "digests": {"engine": engine_digest(), "values": sweep.digest},
        "floating_point": fingerprint(),
        "seeds": {"first": scenario.first_seed, "count": scenario.seed_count},
        "times": {**times, "seconds": sweep.seconds},
    }
    try:
        if sweep.months is not None:
            rows = len(sweep.months["seats"])
            labels = {name: sweep.swept.table[name].tolist()[:rows] for name in (POINT, POLICY)}
            replace_file(folder / "months.parquet", sums_as_parquet(labels, scenario, sweep.months))
        replace_file(folder / "manifest.json", (json.dumps(content, indent=2, default=value_of) + "\n").encode())
    except OSError as problem:
        raise RunError(f"cannot write {folder}: {problem.strerror or problem}; choose another folder with --out") from problem

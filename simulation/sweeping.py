"""A whole sweep in one call: all that `orgsim sweep` finds out, before anything is printed or kept.

    scenario = read_scenario("scenarios/growth_mix.toml", luck_only=True)
    factors = read_factors(["policies.growth_mix.commission.rate=0.02:0.20:10"], scenario)
    sweep = run_sweep(scenario, make_design("grid", factors, scenario))
    sweep.swept.table        # one row a design point and policy

`report.sweep_files` writes what is found.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from simulation.errors import ScenarioError
from simulation.experiment.design.design import Design
from simulation.experiment.digests import digest_of, engine_digest
from simulation.experiment.execute import Progress, counter, promised_work
from simulation.experiment.store import ID_LENGTH
from simulation.experiment.work.workers import Workers, shared_workers
from simulation.scenario.size import MOST_GIGABYTES, gigabytes
from simulation.statistics.measures import every_measure
from simulation.statistics.sampling import LIKELY_LOOKS
from simulation.statistics.sweep_rows import add_seeds_to_rows, check_one_world, keep_promises, rows_of, run_rows
from simulation.statistics.swept import Swept, sweep_table

if TYPE_CHECKING:
    from simulation.scenario import Scenario
    from simulation.scenario.until import Until
    from simulation.vocabulary import Array

MOST_TOLD = 10
"""Refusals that are told where nothing is left to run."""
SWEEPING = "sweeping"
"""What progress calls the work of a sweep."""
COPIES = 4
"""Arrays of all measures that a sweep has at once: of what was run, of the rows, of their baselines, and one on the way."""


@dataclass(frozen=True, eq=False)
class Sweep:
    """What a sweep found.

    scenario : as it was run, settled
    design : the points; each is run with every subject
    swept : the tidy table, one row a point and subject
    values : by measure, (row, seed), rows as in the table; `digest` is of all of them
    seconds : how long it took [s]
    months : sums by name, (row, seed, month), where they were kept and any row was run; NaN where a row was refused
    """

    scenario: Scenario
    design: Design
    swept: Swept
    values: Mapping[str, Array]
    digest: str
    seconds: float
    months: Mapping[str, Array] | None = None

    def _repr_html_(self) -> str:
        from simulation.report.html.designs import sweep_html

        return sweep_html(self.swept)


def run_sweep(
    scenario: Scenario,
    design: Design,
    progress: Progress | None = None,
    *,
    processes: int | Workers | None = None,
    keep_months: bool = False,
    until: Until | None = None,
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
    until : Until, optional
        Seeds are added to the rows that are still contested, from its first look on, instead of those of the scenario.

    Raises
    ------
    ScenarioError
        When a `[firm]` has not been solved, what is asked for would not fit in memory, or seeds are to be added to what cannot
        be decided: rows of other parameters, with draws, or in a world that has no steady start.
    RunError
        When a worker dies or the store cannot be written.
    """
    scenario.require_settled()
    _check_request(scenario, design, keep_months=keep_months, until=until)
    started = time.monotonic()
    run = sweep_id(scenario, design, until)
    point, stopping = None, None
    rows = rows_of(design)
    if until is not None:
        check_one_world(rows, until)
    with shared_workers(processes, rep_months=sweeping_work(scenario, design, until)) as crew:
        rows = keep_promises(scenario, design, rows, progress, crew)
        if until is not None:
            found, stopping = add_seeds_to_rows(scenario, rows, until, progress, crew)
            scenario = replace(scenario, seed_count=max(stopping.seeds.values()))
        else:
            total = len(rows) * scenario.seed_count * scenario.seats * scenario.months
            advance = counter(progress, total * (1 if scenario.draws is None else 2), SWEEPING)
            found = run_rows(scenario, rows, crew, advance, keep_months=keep_months)
            point = None if scenario.draws is None else run_rows(scenario.luck_only(), rows, crew, advance)
    told = {**(point.refused if point else {}), **found.refused}
    refused = {k: sentence for k, row in enumerate(rows) if (sentence := row.refused or told.get(row.moved))}
    if len(refused) == len(rows):
        sentences = list(dict.fromkeys(refused.values()))[:MOST_TOLD]
        raise ScenarioError([f"no point can be run: {sentence}" for sentence in sentences])
    swept = sweep_table(
        scenario, design, found.values, found.baseline, point.values if point else None, point.baseline if point else None,
        level=found.level, refused=refused, run=run, stopping=stopping,
        moved={k: row.kept for k, row in enumerate(rows) if row.kept},
    )  # fmt: skip
    return Sweep(scenario, design, swept, found.values, found.digest, time.monotonic() - started, found.months)


def sweep_id(scenario: Scenario, design: Design, until: Until | None = None) -> str:
    """The name of a sweep's folder: the same for the same scenario, points, seeds, parameters and engine."""
    points = [[dict(point.settings), *(policy.key for policy in point.policies)] for point in design.points]
    content = {"scenario": scenario.resolved(), "design": design.kind, "points": points, "engine": engine_digest()}
    if until is not None:
        content["until"] = asdict(until)
    return digest_of(content)[:ID_LENGTH]


def sweeping_work(scenario: Scenario, design: Design, until: Until | None = None) -> int:
    """Work ahead [rep-months], roughly."""
    promised = sum(policy.equal_cost is not None for point in design.points for policy in point.policies)
    rows = sum(len(point.policies) for point in design.points)
    seeds = scenario.seed_count if until is None else LIKELY_LOOKS * until.start
    work = rows * seeds * scenario.seats * scenario.months * (1 if scenario.draws is None else 2)
    return work + promised_work(scenario, promised)


def _check_request(scenario: Scenario, design: Design, *, keep_months: bool, until: Until | None) -> None:
    """Refuse what cannot go together, and what would not fit in memory. Raises ScenarioError."""
    if until is not None and (keep_months or scenario.draws is not None):
        other = "--keep months" if keep_months else "--draws"
        raise ScenarioError(
            f"{other}: cannot go with --until-decided or --until in a sweep; leave one of them out, or compare the best points "
            "with `orgsim compare`"
        )
    rows = 1 + sum(len(point.policies) for point in design.points)
    seeds = scenario.seed_count if until is None else until.most
    needed = measures_gigabytes(rows, seeds, drawn=scenario.draws is not None)
    if needed > MOST_GIGABYTES:
        raise ScenarioError(
            f"points: the measures of {rows:,} rows at {seeds:,} seeds need {needed:,.1f} GB of memory, and "
            f"{MOST_GIGABYTES:g} GB is the most; take fewer points or seeds"
        )
    if not keep_months:
        return
    needed = gigabytes(policies=rows, seeds=scenario.seed_count, months=scenario.months, seats=scenario.seats)
    if needed > MOST_GIGABYTES:
        raise ScenarioError(
            f"--keep: the months of {rows:,} rows need {needed:,.1f} GB of memory, and {MOST_GIGABYTES:g} GB is the most; "
            "leave --keep out, or take fewer points, seeds or months"
        )


def measures_gigabytes(rows: int, seeds: int, *, drawn: bool) -> float:
    """Memory [GB] of every measure of so many rows at so many seeds, once more at point values where parameters are drawn."""
    return COPIES * (1 + drawn) * len(every_measure().columns) * rows * seeds * 8 / 1e9

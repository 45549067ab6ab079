"""All policies against the baseline, paired by seed.

Every policy meets the same luck, so a difference is taken seed by seed and its interval is that of the differences:
what luck does to all policies alike drops out.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.evidence.measures import MEASURES
from simulation.experiment.store import run_id
from simulation.statistics.caveats import find_caveats
from simulation.statistics.frames import Frames
from simulation.statistics.gain import effective_seeds
from simulation.statistics.intervals import decide_each, material_amount, share_better, t_interval
from simulation.statistics.levels import level_interval, short_policies
from simulation.statistics.measures import measure
from simulation.statistics.people import PEOPLE
from simulation.statistics.ranks import Rank, rank_policies
from simulation.statistics.replay import NotKeptError
from simulation.statistics.series import bridge, survival_curves, timeline, years
from simulation.statistics.static_price import StaticPrice, static_price
from simulation.statistics.stays import log_rank_table
from simulation.statistics.summary import DrawFacts, Facts, Summary, headlines
from simulation.statistics.uncertainty import joint_interval
from simulation.vocabulary import Array

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pandas import DataFrame

    from simulation.evidence.ensemble import Drawn
    from simulation.records import Records
    from simulation.scenario import Material, Scenario

__all__ = ["Summary", "compare"]

COLUMNS = (
    "mean", "low", "high", "chance", "diff", "diff_low", "diff_high", "diff_chance", "p_better", "decided", "effective_seeds",
)  # fmt: skip
"""Columns of the table for each measure, in this order."""


def compare(records: Records) -> Summary:
    """Means, intervals and paired differences of every measure; the baseline comes from the scenario.

    Parameters
    ----------
    records : Records
        What the engine kept of all policies and seeds.

    Returns
    -------
    Summary
        A policy equal to the baseline differs from it by exactly zero.
    """
    scenario = records.scenario
    by_seed = {key: measure(records, key) for key in MEASURES}
    point = {key: measure(records.point, key) for key in MEASURES} if records.point else {}
    labels = {policy.key: policy.label for policy in scenario.policies}
    table = _table(by_seed, point, scenario)
    static, unpriced = _static(records)
    return Summary(
        table=table,
        baseline=scenario.baseline,
        labels=labels,
        warnings=(*find_caveats(scenario, table), *unpriced),
        moved=dict(records.moved),
        facts=facts_of(scenario),
        measures={key: replace(figure, currency=scenario.currency) for key, figure in MEASURES.items()},
        series=_series(records),
        by_seed=by_seed,
        by_seed_point=point,
        ranks=_ranks(by_seed, point, scenario) if point else {},
        static=static,
    )


def _series(records: Records) -> Frames:
    """The frames of the charts, each made from the records when it is first asked for."""
    makers: dict[str, Callable[[Records], DataFrame]] = {
        "timeline": timeline,
        "survival": survival_curves,
        "stays": log_rank_table,
        "bridge": bridge,
        "years": lambda records: years(records, headlines(records.scenario)),
        **PEOPLE,
    }
    return Frames({name: partial(make, records) for name, make in makers.items()})


def compare_measure(
    values: Array, baseline: int, better: str, material: Material | None, point: Array | None = None, *, short: Sequence[int] = ()
) -> dict[str, Any]:
    """The columns of one measure: arrays or lists over policies.

    Parameters
    ----------
    values : (policy, seed) [the measure's unit]
    baseline : index of the baseline
    better : "higher", "lower" or "none"
    material : the smallest difference that counts; a relative one is a share of the baseline's mean
    point : (policy, seed), optional
        The same seeds at point values, where parameters are drawn.
    short : indices of the policies that were given fewer seeds
    """
    row = slice(baseline, baseline + 1)
    found = compare_to(values, values[row], better, material, point, None if point is None else point[row])
    if short:
        found |= dict(zip(COLUMNS, level_interval(values, point, baseline, short), strict=False))
    found["effective_seeds"][baseline] = np.nan  # a policy is not compared with itself
    return found


def compare_to(
    values: Array,
    base: Array,
    better: str,
    material: Material | None,
    point: Array | None = None,
    point_base: Array | None = None,
) -> dict[str, Any]:
    """The columns of one measure for figures (row, seed), against a baseline (1, seed) that need not be among them."""
    level = joint_interval(values, point)
    paired = values - base
    difference = joint_interval(paired, None if point is None or point_base is None else point - point_base)
    least = material_amount(material, t_interval(base).mean)
    decided = decide_each(difference.low, difference.high, least, better)
    worth = effective_seeds(values, base) if point is None or point_base is None else effective_seeds(point, point_base)
    columns = (*level, *difference, share_better(paired, better), decided, worth)
    return dict(zip(COLUMNS, columns, strict=True))


def _table(by_seed: Mapping[str, Array], point: Mapping[str, Array], scenario: Scenario) -> DataFrame:
    from pandas import DataFrame

    keys = [policy.key for policy in scenario.policies]
    baseline = keys.index(scenario.baseline)
    short = short_policies(scenario)
    columns: dict[str, Any] = {"label": [policy.label for policy in scenario.policies]}
    for key, values in by_seed.items():
        found = compare_measure(values, baseline, MEASURES[key].better, scenario.material.get(key), point.get(key), short=short)
        columns |= {f"{key}_{name}": column for name, column in found.items()}
    table = DataFrame(columns, index=keys)
    table.index.name = "policy"
    return table


def _ranks(by_seed: Mapping[str, Array], point: Mapping[str, Array], scenario: Scenario) -> dict[str, Rank]:
    """Each policy's rank by the objective."""
    key, policies = scenario.objective, [policy.key for policy in scenario.policies]
    baseline = policies.index(scenario.baseline)
    least = material_amount(scenario.material.get(key), float(t_interval(by_seed[key][baseline]).mean))
    ranks = rank_policies(by_seed[key], point[key], baseline=baseline, better=MEASURES[key].better, material=least)
    return dict(zip(policies, ranks, strict=True))


def _static(records: Records) -> tuple[StaticPrice | None, tuple[str, ...]]:
    """Static prices where the baseline's rep-months were kept, or why there are none."""
    if not records.ledger:
        return None, ()
    try:
        return static_price(records), ()
    except NotKeptError as reason:
        return None, (f"no plan is priced at the baseline's sales: {reason}",)


def facts_of(scenario: Scenario) -> Facts:
    """What is compared, as far as a reader of the result needs it."""
    drawn = scenario.drawn()
    varied = set(drawn.keys) if drawn else set()
    return Facts(
        run=run_id(scenario),
        name=scenario.name,
        title=scenario.title,
        question=scenario.question,
        world=scenario.world,
        months=scenario.months,
        seats=scenario.seats,
        first_seed=scenario.first_seed,
        seeds=scenario.seed_count,
        objective=scenario.objective,
        require=scenario.require,
        material=scenario.material,
        assumed=sum((row.group, row.name) not in varied for row in scenario.assumed()),
        draws=_draws(drawn, scenario) if drawn else None,
    )


def _draws(drawn: Drawn, scenario: Scenario) -> DrawFacts:
    rows = scenario.parameters.rows
    return DrawFacts(
        drawn=tuple(rows[key].path for key in drawn.keys),
        fixed=drawn.fixed,
        brought_back=drawn.brought_back(scenario.seeds),
        anchored=drawn.anchored,
    )

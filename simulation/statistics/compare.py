"""All policies against the baseline, paired by seed.

Every policy meets the same luck, so a difference is taken seed by seed and its interval is that of the differences:
what luck does to all policies alike drops out.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from simulation.evidence.measures import MEASURES
from simulation.experiment.store import run_id
from simulation.statistics.caveats import find_caveats
from simulation.statistics.intervals import decide, material_amount, share_better, t_interval
from simulation.statistics.measures import measure
from simulation.statistics.series import bridge, survival_curves, timeline, years
from simulation.statistics.stays import log_rank_table
from simulation.statistics.summary import Facts, Summary, headlines
from simulation.vocabulary import Array

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pandas import DataFrame

    from simulation.records import Records
    from simulation.scenario import Material, Scenario

__all__ = ["Summary", "compare"]

COLUMNS = ("mean", "low", "high", "diff", "diff_low", "diff_high", "p_better", "decided")
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
    labels = {policy.key: policy.label for policy in scenario.policies}
    table = _table(by_seed, scenario, labels)
    return Summary(
        table=table,
        baseline=scenario.baseline,
        labels=labels,
        warnings=find_caveats(scenario, table),
        moved=dict(records.moved),
        facts=_facts(scenario),
        measures={key: replace(figure, currency=scenario.currency) for key, figure in MEASURES.items()},
        series={
            "timeline": timeline(records),
            "survival": survival_curves(records),
            "stays": log_rank_table(records),
            "bridge": bridge(records),
            "years": years(records, headlines(scenario)),
        },
        by_seed=by_seed,
    )


def compare_measure(values: Array, baseline: int, better: str, material: Material | None) -> dict[str, Any]:
    """The columns of one measure: arrays or lists over policies.

    Parameters
    ----------
    values : (policy, seed) [the measure's unit]
    baseline : index of the baseline
    better : "higher", "lower" or "none"
    material : the smallest difference that counts; a relative one is a share of the baseline's mean
    """
    level = t_interval(values)
    paired = values - values[baseline]
    difference = t_interval(paired)
    least = material_amount(material, float(level.mean[baseline]))
    decided = [decide(low, high, least, better) for low, high in zip(difference.low, difference.high, strict=True)]
    columns = (*level, *difference, share_better(paired, better), decided)
    return dict(zip(COLUMNS, columns, strict=True))


def _table(by_seed: Mapping[str, Array], scenario: Scenario, labels: Mapping[str, str]) -> DataFrame:
    from pandas import DataFrame

    baseline = list(labels).index(scenario.baseline)
    columns: dict[str, Any] = {"label": list(labels.values())}
    for key, values in by_seed.items():
        found = compare_measure(values, baseline, MEASURES[key].better, scenario.material.get(key))
        columns |= {f"{key}_{name}": column for name, column in found.items()}
    table = DataFrame(columns, index=list(labels))
    table.index.name = "policy"
    return table


def _facts(scenario: Scenario) -> Facts:
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
        assumed=len(scenario.assumed()),
    )

"""The frames of the charts about people: who stays, who leaves, and how quotas are met; all with 95% intervals over seeds.

| series            | columns before mean, low, high, diff, diff_low, diff_high                                                |
|---|---|
| survival_segments | policy, segment (a motive), tenure [months]: share that stays                                            |
| leavers           | policy, by (segment, performance), group, label, kind (quits, regretted, dismissals) [1/year]            |
| leavers_total     | policy, by, group, label: all leavers of the group [1/year]; and `share`, its part of reps, after them   |
| attainment        | policy, bin, start, stop: share of completed quota periods of ramped reps; NaN where a bin is open       |

`quits` are those that are not regretted, so that the kinds of a group add up to its turnover; rates are over its mean reps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from simulation.standing import PERIODS
from simulation.statistics.frames import joined, long_frame, shared_seeds
from simulation.statistics.measures.span import MONTHS_A_YEAR, WHOLE_RUN, Span, ratio
from simulation.statistics.series import LEAST_WATCHED, LONGEST_TENURE
from simulation.statistics.survival import cell_of, kaplan_meier, watched
from simulation.vocabulary import ATTAINMENT_EDGES, MOTIVES_IN_ORDER, STANDINGS, TENURE_BANDS, Array

if TYPE_CHECKING:
    from pandas import DataFrame

    from simulation.records import Records

KINDS = ("quits", "regretted", "dismissals")
GROUPS: Mapping[str, Mapping[str, str]] = {
    "segment": {motive: motive.capitalize() for motive in MOTIVES_IN_ORDER},
    "performance": dict(zip(
        STANDINGS, ("Not ranked yet", "Bottom quarter", "Third quarter", "Second quarter", "Top quarter"), strict=True,
    )),
}  # fmt: skip
"""How leavers are grouped: by what moves them most, and by sales over territory beside the others; with labels."""


class Left(NamedTuple):
    """Sums over the run of one grouping, (policy, seed, group) each."""

    reps: Array
    quits: Array
    regretted: Array
    dismissals: Array


def survival_segments(records: Records) -> DataFrame:
    """Kaplan-Meier curves by motive segment; a segment's curve ends for all policies where one of them is watched too little.

    A segment of which nobody is watched has no rows.
    """
    kept = shared_seeds(records)
    curves = {id(one): _segment_curves(one)[:, kept] for one in (records, records.point) if one}
    seen = np.isfinite(curves[id(records)]).mean(axis=1).min(axis=0) >= LEAST_WATCHED  # (segment, tenure)
    seen &= seen[:, 1:2]
    segment, tenure = np.nonzero(seen)

    def stays(one: Records) -> Array:
        return np.moveaxis(curves[id(one)][:, :, segment, tenure], 1, 2)

    steps: dict[str, Any] = {"segment": [MOTIVES_IN_ORDER[place] for place in segment], "tenure": tenure}
    return long_frame(records, stays, steps, paired=True)


def _segment_curves(records: Records) -> Array:
    """Share that stays, (policy, seed, segment, month of tenure)."""
    spells, scenario, segments = records.spells, records.scenario, len(MOTIVES_IN_ORDER)
    shape = len(scenario.policies), scenario.seed_count, segments
    cell = cell_of(spells, records) * segments + spells["segment"].to_numpy(dtype=np.int64)
    curves = kaplan_meier(*watched(spells, cell, int(np.prod(shape)), LONGEST_TENURE))
    return curves.reshape(*shape, LONGEST_TENURE + 1)


def leavers(records: Records) -> DataFrame:
    """Who leaves a year, by group and kind, over the group's mean reps."""
    return joined(_leavers(records, by) for by in GROUPS)


def _leavers(records: Records, by: str) -> DataFrame:
    def rates(one: Records) -> Array:
        left = _left(one, by)
        each = np.stack([ratio(getattr(left, kind), left.reps) for kind in KINDS], axis=-1)  # (policy, seed, group, kind)
        return MONTHS_A_YEAR * np.moveaxis(each.reshape(*each.shape[:2], -1), 1, 2)

    groups = [group for group in GROUPS[by] for _ in KINDS]
    return long_frame(records, rates, {**_named(by, groups), "kind": [*KINDS] * len(GROUPS[by])}, paired=True)


def leavers_total(records: Records) -> DataFrame:
    """Turnover of each group, and the group's share of reps."""
    return joined(_totals(records, by) for by in GROUPS)


def _totals(records: Records, by: str) -> DataFrame:
    def turnover(one: Records) -> Array:
        left = _left(one, by)
        return MONTHS_A_YEAR * np.moveaxis(ratio(left.quits + left.regretted + left.dismissals, left.reps), 1, 2)

    def share(one: Records) -> Array:
        reps = _left(one, by).reps
        return np.moveaxis(ratio(reps, reps.sum(axis=-1, keepdims=True)), 1, 2)

    steps = _named(by, list(GROUPS[by]))
    found = long_frame(records, turnover, steps, paired=True)
    return found.assign(share=long_frame(records, share, steps, paired=True)["mean"])


def _named(by: str, groups: list[str]) -> dict[str, list[str]]:
    return {"by": [by] * len(groups), "group": groups, "label": [GROUPS[by][group] for group in groups]}


def _left(records: Records, by: str) -> Left:
    if by == "segment":
        keys = ("filled", "quits", "regretted_quits", "dismissals")
        reps, quits, regretted, dismissals = (_of_segments(records, key) for key in keys)
    else:
        reps, quits, dismissals = (_of_standings(records, kind) for kind in ("reps", "quits", "dismissals"))
        regretted = quits * (np.array(STANDINGS) == "top")  # that is what regretted means, see `standing`
    return Left(reps, quits - regretted, regretted, dismissals)


def _of_segments(records: Records, key: str) -> Array:
    total = Span(records, WHOLE_RUN, records.groups).total(key)
    return np.asarray(total.reshape(*total.shape[:2], len(MOTIVES_IN_ORDER), len(TENURE_BANDS)).sum(axis=-1))


def _of_standings(records: Records, kind: str) -> Array:
    span = Span(records, WHOLE_RUN, records.sums)
    return np.stack([span.total(f"{kind}_{place}") for place in STANDINGS], axis=-1)


def attainment(records: Records) -> DataFrame:
    """How attainment is distributed over completed quota periods of ramped reps."""

    def shares(one: Records) -> Array:
        span = Span(one, WHOLE_RUN, one.sums)
        return np.stack([ratio(span.total(name), span.total("period_reps")) for name in PERIODS], axis=1)

    edges = (np.nan, *ATTAINMENT_EDGES, np.nan)
    steps = {"bin": range(len(PERIODS)), "start": edges[:-1], "stop": edges[1:]}
    return long_frame(records, shares, steps, paired=True)


PEOPLE: Mapping[str, Callable[[Records], DataFrame]] = {
    make.__name__: make for make in (survival_segments, leavers, leavers_total, attainment)
}
"""What makes every frame about people, by its name."""

"""The measures, computed: one function a key of `evidence.measures`, one file a family.

A function takes a `Span` of the records and returns one figure a policy and seed.
`measure` finds the function by key; `by_segment` and `by_tenure` apply it to groups of reps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from simulation.evidence.measures import MEASURES
from simulation.experiment.batch.variants import Reduction
from simulation.experiment.digests import source_digest
from simulation.statistics.measures import cost, customers, learning, pay, quota, revenue, selling, turnover
from simulation.statistics.measures.span import WHOLE_RUN, Span
from simulation.vocabulary import TENURE_BANDS, Array, Motives

if TYPE_CHECKING:
    from simulation.records import Records

FUNCTIONS: Mapping[str, Callable[[Span], Array]] = {
    name: member
    for family in (turnover, revenue, cost, quota, selling, customers, learning, pay)
    for name, member in vars(family).items()
    if name in MEASURES and member.__module__ == family.__name__
}
GROUP_KEYS = (
    "turnover", "quits_rate", "regretted_quits_rate", "pay_mean", "attainment", "sharing_share", "proposals",
)  # fmt: skip
"""The measures that are also kept by segment and tenure band."""


def measure(records: Records, key: str, months: slice = WHOLE_RUN) -> Array:
    """One figure a policy and seed.

    Parameters
    ----------
    records : Records
        What the engine kept.
    key : str
        A key of `MEASURES`; the unit stands there.
    months : slice
        Months of the run to look at; all by default.

    Returns
    -------
    (policy, seed) [the measure's unit]
        NaN where the months hold nothing to measure.
    """
    return FUNCTIONS[key](Span(records, months, records.sums))


def all_measures(records: Records) -> Array:
    """Every measure, (measure, policy, seed), in the order of `MEASURES`."""
    return np.stack([measure(records, key) for key in MEASURES])


@lru_cache(maxsize=1)
def every_measure() -> Reduction:
    """What is kept of a cell whose months are not: every measure."""
    return Reduction(tuple(MEASURES), all_measures, source_digest("statistics/measures", "statistics/survival.py"))


def by_segment(records: Records, key: str, months: slice = WHOLE_RUN) -> Array:
    """A measure by motive segment, a rep's largest motive weight: (policy, seed, segment), in the order of `Motives`."""
    return _by_group(records, key, months, summed=4)


def by_tenure(records: Records, key: str, months: slice = WHOLE_RUN) -> Array:
    """A measure by tenure band: (policy, seed, band), in the order of `TENURE_BANDS`."""
    return _by_group(records, key, months, summed=3)


def _by_group(records: Records, key: str, months: slice, *, summed: int) -> Array:
    """Groups unfolded to (policy, seed, month, segment, tenure band), with one of the last two axes summed away."""
    if key not in GROUP_KEYS:
        raise KeyError(f"{key} is not kept by group; {', '.join(GROUP_KEYS)} are")
    shape = (len(Motives._fields), len(TENURE_BANDS))
    sums = {
        name: np.asarray(values).reshape(*np.shape(values)[:-1], *shape).sum(axis=summed)
        for name, values in records.groups.items()
    }
    return FUNCTIONS[key](Span(records, months, sums))

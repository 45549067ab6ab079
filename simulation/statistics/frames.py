"""Frames that charts are made from: one row a policy and step, with a mean, its 95% interval and the paired difference."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.statistics.levels import level_interval, short_policies
from simulation.statistics.uncertainty import joint_interval
from simulation.vocabulary import Array

if TYPE_CHECKING:
    from pandas import DataFrame

    from simulation.records import Records


class Frames(Mapping[str, "DataFrame"]):
    """Frames by name, each worked out when it is first asked for; what it is made from is held until then."""

    def __init__(self, makers: Mapping[str, Callable[[], DataFrame]]) -> None:
        self._makers: dict[str, Callable[[], DataFrame]] = dict(makers)
        self._made: dict[str, DataFrame | None] = dict.fromkeys(makers)

    def __getitem__(self, name: str) -> DataFrame:
        found = self._made[name]
        if found is None:
            found = self._made[name] = self._makers[name]()
            self._makers.pop(name, None)
        return found

    def __contains__(self, name: object) -> bool:
        return name in self._made

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)


def baseline_of(records: Records) -> int:
    """The place of the baseline among the policies."""
    return [policy.key for policy in records.scenario.policies].index(records.scenario.baseline)


def shared_seeds(records: Records) -> list[int]:
    """The places of the seeds that all policies have, as far as their stays were kept."""
    scenario = records.scenario
    shared = min((scenario.seeds_of(policy.key) for policy in scenario.policies), key=len)
    return [shared.index(seed) for seed in sorted(set(records.spells["seed"])) if seed in shared]


def long_frame(
    records: Records, of: Callable[[Records], Array], steps: Mapping[str, Iterable[Any]], *, paired: bool
) -> DataFrame:
    """What `of` makes of records, (policy, step, seed), as a long frame.

    Parameters
    ----------
    records : Records
        Where parameters are drawn, `of` is also asked of the same seeds at point values.
    of : function of records
    steps : columns that name the steps, a value a step each
    paired : whether the differences from the baseline, paired by seed, stand beside the means

    Returns
    -------
    DataFrame
        Columns `policy`, those of `steps`, `mean`, `low`, `high` and, if `paired`, `diff`, `diff_low`, `diff_high`.
    """
    from pandas import DataFrame

    values, point = of(records), of(records.point) if records.point else None
    policies = [policy.key for policy in records.scenario.policies]
    columns: dict[str, Any] = {"policy": np.repeat(policies, values.shape[1])}
    columns |= {name: np.tile(np.asarray(list(places)), len(policies)) for name, places in steps.items()}
    base, short = baseline_of(records), short_policies(records.scenario) if paired else []
    level = level_interval(values, point, base, short)[:3]
    columns |= {key: part.ravel() for key, part in zip(("mean", "low", "high"), level, strict=True)}
    if paired:
        difference = joint_interval(values - values[base], None if point is None else point - point[base])[:3]
        columns |= {key: part.ravel() for key, part in zip(("diff", "diff_low", "diff_high"), difference, strict=True)}
    return DataFrame(columns)


def joined(frames: Iterable[DataFrame]) -> DataFrame:
    """Frames with the same columns under each other."""
    from pandas import concat

    return concat(list(frames), ignore_index=True)

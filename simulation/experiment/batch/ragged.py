"""Runs of some policies at some seeds, put together: a policy that was not run at a seed has NaN there, and no stays.

Figures that are taken seed by seed leave such seeds out by themselves, and a paired difference is taken where both were run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from simulation.records import Records
from simulation.vocabulary import Array

if TYPE_CHECKING:
    from simulation.scenario import Scenario


def part_of(scenario: Scenario, policies: Sequence[str], seeds: range) -> Scenario:
    """Some policies, the baseline among them, at some seeds of a scenario, counted from 0; costs are not made equal anew."""
    kept = [replace(policy, equal_cost=None) for policy in scenario.policies if policy.key in policies]
    first = scenario.first_seed + seeds.start
    return replace(scenario, policies=tuple(kept), first_seed=first, seed_count=len(seeds), own_seeds={})


def put_together(scenario: Scenario, parts: Sequence[Records]) -> Records:
    """One run from its parts.

    Parameters
    ----------
    scenario : Scenario
        With all policies, as resolved; its seeds are set here.
    parts : in the order of their seeds, each with the seeds that follow those of the one before
        The first has all policies, the others some. A policy that is once left out stays out.

    Returns
    -------
    Records
        Its scenario says in `own_seeds` which policies had fewer seeds; `moved` and the ledger are those of the first part.
    """
    keys = [policy.key for policy in scenario.policies]
    places = [[keys.index(policy.key) for policy in part.scenario.policies] for part in parts]
    given = np.zeros(len(keys), dtype=int)
    for part, rows in zip(parts, places, strict=True):
        given[rows] += part.scenario.seed_count
    own = {key: int(count) for key, count in zip(keys, given, strict=True) if count < given.max()}
    whole = replace(scenario, seed_count=int(given.max()), own_seeds=own)
    points = [part.point for part in parts if part.point is not None]
    records = _joined(whole, parts, places)
    return replace(records, point=_joined(whole.luck_only(), points, places) if points else None, moved=parts[0].moved)


def _joined(scenario: Scenario, parts: Sequence[Records], places: Sequence[Sequence[int]]) -> Records:
    count = len(scenario.policies)
    spells = pd.concat([
        part.spells.assign(policy=np.asarray(rows)[part.spells["policy"].to_numpy()])
        for part, rows in zip(parts, places, strict=True)
    ])  # fmt: skip
    return Records(
        scenario,
        _wide([part.sums for part in parts], places, count),
        _wide([part.groups for part in parts], places, count),
        spells.sort_values(["policy", "seed"], kind="stable", ignore_index=True),
        ledger=parts[0].ledger,
    )


def _wide(parts: Sequence[Mapping[str, Array]], places: Sequence[Sequence[int]], policies: int) -> dict[str, Array]:
    """Arrays (policy, seed, ...) of all policies, NaN where a part had none of it."""
    wide = {}
    for key in parts[0]:
        blocks = []
        for part, rows in zip(parts, places, strict=True):
            values = np.asarray(part[key], dtype=float)
            block = np.full((policies, *values.shape[1:]), np.nan)
            block[np.asarray(rows)] = values
            blocks.append(block)
        wide[key] = np.concatenate(blocks, axis=1)
    return wide

"""Findings as scenarios, run under many sets of parameters at once, and the figures that targets name.

A finding is a file of `scenarios/findings/`, or an industry pack under its ordinary plan (`worlds/NAME`). Sets of parameters lie
side by side on the policy axis and meet the same luck, so a Jacobian is one batch; each set has a warm-up of its own.
A set moves a parameter only where the finding's world does not say otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from simulation.calibration.figures import Pool, figure, known_figures, needs
from simulation.calibration.levels import Levels
from simulation.calibration.problem import Values
from simulation.calibration.watches import watch_for
from simulation.engine import BLOCK_ELEMENTS, Block, Course, levers_used, run_block, warm_up
from simulation.errors import ParameterError
from simulation.evidence.read import Parameters, shipped_parameters, stack_parameters
from simulation.evidence.targets import Target
from simulation.experiment.work.workers import Advance
from simulation.scenario import Scenario, pack_scenario, read_scenario, shipped_scenarios, within
from simulation.statistics.survival import watched
from simulation.vocabulary import Array

FOLDER, PACKS = "findings", "worlds/"
LONGEST_STAY = 240
BY_STAYS = ("stays", "stays_48", "yearly_retention")
"""Figures that read the stays of reps, not the sums."""


@dataclass(frozen=True)
class Finding:
    """A scenario with the targets that are measured in it.

    asked : headline numbers of an industry pack; empty for a file of `scenarios/findings/`
    """

    name: str
    scenario: Scenario
    targets: tuple[Target, ...]
    asked: Mapping[str, float]

    @property
    def rep_months(self) -> int:
        """Work of one set of parameters, warm-ups apart, as progress counts it."""
        worlds = {target.with_world for target in self.targets} | {()}
        scenario = self.scenario
        return len(worlds) * scenario.seats * scenario.seed_count * len(scenario.policies) * scenario.months


def find(targets: Sequence[Target]) -> tuple[Finding, ...]:
    """The findings behind some targets, each scenario read once. Raises ParameterError where a target does not fit its file."""
    by_name: dict[str, list[Target]] = {}
    for target in targets:
        if target.expressed:
            by_name.setdefault(target.scenario, []).append(target)
    found = []
    for name, own in by_name.items():
        scenario, asked = _scenario(name)
        found.append(Finding(name, scenario, tuple(own), asked))
    faults = [fault for finding in found for target in finding.targets for fault in _misfits(target, finding.scenario)]
    if faults:
        raise ParameterError(faults)
    return tuple(found)


@cache
def _scenario(name: str) -> tuple[Scenario, Mapping[str, float]]:
    if name.startswith(PACKS):
        return pack_scenario(name.removeprefix(PACKS))
    return read_scenario(shipped_scenarios() / FOLDER / f"{name}.toml", luck_only=True), {}


def _misfits(target: Target, scenario: Scenario) -> Iterator[str]:
    """What a target names that its scenario, or the list of figures, does not have."""
    policies = [policy.key for policy in scenario.policies]
    for policy in filter(None, (target.with_policy, target.without_policy)):
        if policy not in policies:
            yield f"targets.toml: {target.id} compares {policy}, which {target.scenario}.toml lacks; it has {', '.join(policies)}"
    if target.of not in known_figures():
        yield f"targets.toml: {target.id} asks for {target.of}, which is neither a measure nor a figure of calibration.figures"
    first, last = target.months
    if not 0 <= first < last <= scenario.months:
        yield f"targets.toml: {target.id} counts months {first} to {last} of a run of {scenario.months}"


def measure_finding(
    finding: Finding, sets: Sequence[Values], levels: Mapping[str, Levels] | None = None, advance: Advance | None = None
) -> Array:
    """Every target's figure under every set of parameters.

    Parameters
    ----------
    finding : Finding
        With the targets to measure.
    sets : values of parameters, each laid over those of the scenario
    levels : by name of a pack, optional
        Levels that go with a set, where the finding is set in that pack; left out, the pack's levels stay.
    advance : called with the rep-months done

    Returns
    -------
    (set, target, 1 + seed)
        In the targets' units: over all seeds first, then without each seed (see `figures.jackknife`).
    """
    worlds = list(dict.fromkeys([(), *(target.with_world for target in finding.targets)]))
    blocks = {}
    for world in worlds:
        scenario = _in_world(finding.scenario, world)
        own = [_parameters(scenario, values, levels or {}) for values in sets]
        blocks[world] = _run(scenario, finding.targets, own, advance)
    rows = len(finding.scenario.policies)
    found = []
    for k in range(len(sets)):
        pools = {world: _pool(finding, block, slice(k * rows, (k + 1) * rows)) for world, block in blocks.items()}
        found.append([figure(replace(pools[target.with_world], other=pools[()]), target) for target in finding.targets])
    return np.array(found)


def _in_world(scenario: Scenario, world: tuple[str, ...]) -> Scenario:
    return within(scenario, world, "with_world") if world else scenario


def moved(parameters: Parameters, values: Values) -> Parameters:
    """Parameters with some values changed, where the world has not said otherwise."""
    shipped = shipped_parameters().rows
    free = {key: value for key, value in values.items() if parameters.rows[key].value == shipped[key].value}
    return parameters.with_values(free)


def _parameters(scenario: Scenario, values: Values, levels: Mapping[str, Levels]) -> Parameters:
    """The parameters of a scenario under a set of values, with the levels of its pack that go with them."""
    parameters = moved(scenario.parameters, values)
    for name in (Path(world).stem for world in scenario.packs):
        if name in levels:
            parameters = levels[name].laid_over(parameters, values)
    return parameters


def _run(scenario: Scenario, targets: Sequence[Target], own: Sequence[Parameters], advance: Advance | None) -> Block:
    """All policies under all sets, in blocks of seeds; rows are the policies of the first set, then those of the next."""
    watch = watch_for(name for target in targets for name in needs(target))
    baseline, policies = scenario.policy(scenario.baseline).levers, scenario.policies
    used = levers_used([policy.levers for policy in policies])
    p_start = stack_parameters(own)
    p_run = stack_parameters([p for p in own for _ in policies])
    courses = [Course.of(policy) for _ in own for policy in policies]
    size = max(1, BLOCK_ELEMENTS // (len(courses) * scenario.seats))
    blocks = []
    for first in range(0, scenario.seed_count, size):
        seeds = scenario.seeds[first : first + size]
        start = warm_up(baseline, used, p_start, seeds, scenario.seats, rows=len(own)).for_policies(len(courses))
        blocks.append(
            run_block(start, courses, baseline, used, p_run, seeds=seeds, months=scenario.months, advance=advance, watch=watch)
        )
    sums = {key: np.concatenate([block.sums[key] for block in blocks], axis=1) for key in blocks[0].sums}
    return Block(sums, {}, pd.concat([block.spells for block in blocks]))


class _Means(Mapping[str, Array]):
    """Sums as means over seeds, worked out when asked for: all seeds first, then without each."""

    def __init__(self, sums: Mapping[str, Array], rows: slice) -> None:
        self._sums, self._rows, self._known = sums, rows, dict[str, Array]()

    def __getitem__(self, key: str) -> Array:
        if key not in self._known:
            self._known[key] = _means(self._sums[key][self._rows])
        return self._known[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._sums)

    def __len__(self) -> int:
        return len(self._sums)


def _means(x: Array) -> Array:
    """(policy, seed, ...) to (policy, 1 + seed, ...): the mean over seeds, then the mean without each seed."""
    n = x.shape[1]
    mean = x.mean(axis=1, keepdims=True)
    without = (n * mean - x) / max(n - 1, 1)
    return np.asarray(np.concatenate([mean, without], axis=1))


def _pool(finding: Finding, block: Block, rows: slice) -> Pool:
    nobody = np.zeros(0)
    at_risk, exits = nobody, nobody
    if any(target.of in BY_STAYS for target in finding.targets):
        at_risk, exits = (_means(x) for x in _stays(finding.scenario, block.spells, rows))
    return Pool(finding.scenario, _Means(block.sums, rows), at_risk, exits, finding.asked)


def _stays(scenario: Scenario, spells: Any, rows: slice) -> tuple[Array, Array]:
    """Reps at risk and exits of some rows, (policy, seed, month of tenure)."""
    own = spells[(spells["policy"] >= rows.start) & (spells["policy"] < rows.stop)]
    seeds, count = scenario.seed_count, rows.stop - rows.start
    policy, seed = (own[name].to_numpy(dtype=np.int64) for name in ("policy", "seed"))
    cell = (policy - rows.start) * seeds + seed - scenario.first_seed
    found = watched(own, cell, count * seeds, LONGEST_STAY)
    at_risk, exits = (x.reshape(count, seeds, -1) for x in found)
    return at_risk, exits

"""Moments of published findings as a function of parameters: what `fit` calls, spread over workers and remembered.

What is remembered does not hang on `calibrated.toml`: the values that it holds are those that a calibration sets itself.

A finding is simulated anew only for values that can touch it: a lever's own parameters count where a policy sets the lever.
So most columns of a Jacobian cost a few findings only.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import numpy as np

from simulation.calibration.figures import influence
from simulation.calibration.findings import Finding, measure_finding
from simulation.calibration.ledger import Ledger
from simulation.calibration.levels import Levels
from simulation.calibration.problem import Key, Values
from simulation.evidence.read import CALIBRATED, shipped_parameters
from simulation.experiment.digests import engine_digest, source_digest
from simulation.experiment.work.workers import Advance, Workers
from simulation.levers import catalogue
from simulation.scenario import Scenario
from simulation.vocabulary import Array

SETS_A_TASK = 16
"""Sets of values simulated side by side in one task."""
TASKS_A_WRITE = 3
"""Tasks a worker between two writes to the ledger."""
SOURCES = ("calibration/figures", "calibration/watches.py", "calibration/findings.py", "statistics/measures")


def model_digest() -> str:
    """Digest of what figures are made by, results of earlier calibrations apart."""
    return engine_digest(without=(f"evidence/{CALIBRATED}",)) + source_digest(*SOURCES)


@dataclass
class Published:
    """The figures of all targets of some findings, in the order of the findings.

    levels : by name of a pack: the levels that go with a set of values
    crew : processes that share the work
    ledger : what is known already
    report : called with the rep-months done since the last call
    """

    findings: tuple[Finding, ...]
    levels: Mapping[str, Levels]
    crew: Workers
    ledger: Ledger
    report: Callable[[int], None] | None = None
    _model: str = field(default_factory=model_digest)

    @property
    def names(self) -> tuple[str, ...]:
        """Ids of the targets, in the order of the figures."""
        return tuple(target.id for finding in self.findings for target in finding.targets)

    def __call__(self, sets: Sequence[Values]) -> tuple[Array, Array]:
        """Figures (set, moment), and what each seed adds to their errors (set, moment, seed), padded with zeros."""
        keys = [[self._key(finding, values) for values in sets] for finding in self.findings]
        tasks = []
        for finding, own in zip(self.findings, keys, strict=True):
            missing = {key: values for key, values in zip(own, sets, strict=True) if key not in self.ledger}
            todo = list(missing.items())
            tasks += [(finding, todo[k : k + SETS_A_TASK]) for k in range(0, len(todo), SETS_A_TASK)]
        tasks.sort(key=lambda task: -task[0].rep_months * len(task[1]))
        size = max(1, TASKS_A_WRITE * self.crew.count)
        for k in range(0, len(tasks), size):
            some = tasks[k : k + size]
            work = [(finding, [values for _, values in todo], dict(self.levels)) for finding, todo in some]
            done = self.crew.each(_figures, work, self._advance)
            for (_, todo), (figures, added) in zip(some, done, strict=True):
                self.ledger.keep({key: (x, s) for (key, _), x, s in zip(todo, figures, added, strict=True)})
        entries = [[self.ledger[own[place]] for own in keys] for place in range(len(sets))]
        seeds = max(finding.scenario.seed_count for finding in self.findings)
        figures = np.array([[x for found, _ in row for x in found] for row in entries])
        padded = [[own + [0.0] * (seeds - len(own)) for _, found in row for own in found] for row in entries]
        return figures, np.array(padded)

    def only(self, names: Sequence[str]) -> Published:
        """The same for some targets alone."""
        found = tuple(f for f in (_with_targets(finding, names) for finding in self.findings) if f.targets)
        return Published(found, self.levels, self.crew, self.ledger, self.report, self._model)

    @property
    def _advance(self) -> Advance | None:
        return self.report

    def _key(self, finding: Finding, values: Values) -> str:
        """Digest of all that a finding's figures depend on."""
        levels = {name: one.moved(values) for name, one in self.levels.items()}
        told = {
            "model": self._model,
            "scenario": asked_of(finding.scenario, values),
            "targets": [repr(target) for target in finding.targets],
            "values": {".".join(key): value for key, value in values.items() if key[0] not in _unused(finding)},
            "levels": {name: {".".join(key): value for key, value in own.items()} for name, own in levels.items()},
        }
        return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def asked_of(scenario: Scenario, values: Values) -> dict[str, Any]:
    """A scenario as resolved, without the parameters that the values set in it."""
    shipped, rows = shipped_parameters().rows, scenario.parameters.rows
    own = {rows[key].path for key in values if rows[key].value == shipped[key].value}
    resolved = scenario.resolved()
    return resolved | {"parameters": {path: row for path, row in resolved["parameters"].items() if path not in own}}


def _with_targets(finding: Finding, names: Sequence[str]) -> Finding:
    return Finding(finding.name, finding.scenario, tuple(t for t in finding.targets if t.id in names), finding.asked)


def _unused(finding: Finding) -> frozenset[str]:
    """Levers that no policy of a finding sets."""
    policies = finding.scenario.policies
    return frozenset(key for key in catalogue() if all(policy.levers[key].is_neutral() for policy in policies))


def _figures(
    finding: Finding, sets: Sequence[Values], levels: Mapping[str, Levels], advance: Advance | None
) -> tuple[Array, Array]:
    """One task: figures of a finding under some sets (set, target), and what each seed adds to their errors."""
    found = measure_finding(finding, sets, levels, advance)
    return found[..., 0], influence(found)


def keys_of(names: Sequence[str]) -> tuple[Key, ...]:
    """Groups and names of parameters written as `group.name`."""
    return tuple((group, name) for group, _, name in (text.partition(".") for text in names))



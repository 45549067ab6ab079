"""Validation: every target with its simulated figure, interval, and whether it lies in the band.

A target passes when the simulated figure itself lies in its band; the interval beside it is the luck of the seeds (jackknife).
Targets of role `validate` were used in no fit. What cannot be expressed is listed with its reason and counted nowhere.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scipy.stats import t as student

from simulation.calibration.figures import jackknife
from simulation.calibration.findings import Finding, find, measure_finding
from simulation.errors import ScenarioError
from simulation.evidence.read import nearest
from simulation.evidence.targets import Target, targets
from simulation.experiment.execute import Progress, counter
from simulation.experiment.workers import Advance, workers

WHAT = "validating"


@dataclass(frozen=True)
class Verdict:
    """A target and what the model shows: a figure with its 95% interval [the target's unit], NaN where it cannot be asked."""

    target: Target
    value: float = math.nan
    low: float = math.nan
    high: float = math.nan
    seeds: int = 0

    @property
    def passes(self) -> bool | None:
        """Whether the figure lies in the band; None where the model cannot be asked."""
        return self.target.holds(self.value) if self.target.expressed else None


def counts(verdicts: Sequence[Verdict]) -> Mapping[str, tuple[int, int]]:
    """Targets passed and asked, by role."""
    asked = [one for one in verdicts if one.passes is not None]
    roles = dict.fromkeys(("calibrate", "validate"))
    return {
        role: (sum(bool(one.passes) for one in asked if one.target.role == role), sum(one.target.role == role for one in asked))
        for role in roles
    }


def validate(
    only: Sequence[str] = (), progress: Progress | None = None, *, processes: int | None = None
) -> tuple[Verdict, ...]:
    """Measure the model against its targets, in the order of the file.

    Parameters
    ----------
    only : ids, optional
        These targets alone; a finding's id (`comp.T15`) stands for all its parts.
    progress : called with (done, total, what), in rep-months
    processes : how many share the work; one a core if left out and the work is large

    Raises
    ------
    ScenarioError
        When an id is unknown.
    """
    chosen = _chosen(only)
    findings = sorted(find(chosen), key=lambda finding: -finding.rep_months)
    work = sum(finding.rep_months for finding in findings)
    with workers(processes, rep_months=work, side_by_side=len(findings) or None) as crew:
        done = crew.each(_verdicts, [(finding,) for finding in findings], counter(progress, work, WHAT))
    by_id = {one.target.id: one for some in done for one in some}
    return tuple(by_id.get(target.id, Verdict(target)) for target in chosen)


def _chosen(only: Sequence[str]) -> tuple[Target, ...]:
    known = targets()
    names = {*known, *(target.finding for target in known.values())}
    unknown = [name for name in only if name not in names]
    if unknown:
        raise ScenarioError([f'--only: "{name}" is no target\'s id; the nearest is {nearest(name, names)}' for name in unknown])
    return tuple(target for target in known.values() if not only or target.id in only or target.finding in only)


def _verdicts(finding: Finding, advance: Advance | None) -> list[Verdict]:
    """One task: the targets of one finding, at the shipped parameters."""
    found = measure_finding(finding, [{}], advance=advance)[0]
    seeds = finding.scenario.seed_count
    half = student.ppf(0.975, seeds - 1) * jackknife(found)
    return [
        Verdict(target, float(value), float(value - width), float(value + width), seeds)
        for target, value, width in zip(finding.targets, found[:, 0], half, strict=True)
    ]

"""Validation: every target with its simulated figure, interval, and whether it lies in the band (see `statistics.shown`).

The interval is the luck of the seeds, by the jackknife.
Targets of role `validate` were used in no fit. What cannot be expressed is listed with its reason and counted nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence

from scipy.stats import t as student

from simulation.calibration.figures import jackknife
from simulation.calibration.findings import Finding, find, measure_finding
from simulation.errors import ScenarioError
from simulation.evidence.targets import Target, targets
from simulation.experiment.execute import Progress, counter
from simulation.experiment.work.workers import Advance, Workers, shared_workers
from simulation.scenario.faults import suggestion
from simulation.statistics.shown import Verdict, counts

__all__ = ["Verdict", "chosen_targets", "counts", "target_names", "validate", "validating_work"]

WHAT = "validating"


def validate(
    only: Sequence[str] = (), progress: Progress | None = None, *, processes: int | Workers | None = None
) -> tuple[Verdict, ...]:
    """Measure the model against its targets, in the order of the file.

    Parameters
    ----------
    only : ids, optional
        These targets alone; a finding's id (`comp.T15`) stands for all its parts, a twin's for the target that owns it.
    progress : called with (done, total, what), in rep-months
    processes : how many share the work, or workers that serve other work too; one a core if left out and the work is large

    Raises
    ------
    ScenarioError
        When an id is unknown.
    """
    chosen = chosen_targets(only)
    findings = sorted(find(chosen), key=lambda finding: -finding.rep_months)
    work = sum(finding.rep_months for finding in findings)
    with shared_workers(processes, rep_months=work, side_by_side=len(findings) or None) as crew:
        done = crew.each(_verdicts, [(finding,) for finding in findings], counter(progress, work, WHAT))
    by_id = {one.target.id: one for some in done for one in some}
    return tuple(by_id.get(target.id, Verdict(target)) for target in chosen)


def validating_work(only: Sequence[str] = ()) -> int:
    """Work [rep-months] of measuring these targets, or all."""
    return sum(finding.rep_months for finding in find(chosen_targets(only)))


def target_names() -> frozenset[str]:
    """What may be chosen: ids of targets, of findings, and of twins."""
    return frozenset(name for target in targets().values() for name in (target.id, target.finding, *target.twins))


def chosen_targets(only: Sequence[str]) -> tuple[Target, ...]:
    """The targets chosen, or all. Raises ScenarioError with a sentence for each id that is unknown."""
    names = target_names()
    unknown = [name for name in only if name not in names]
    if unknown:
        raise ScenarioError([f'--only: "{name}" is no target\'s id; {suggestion(name, names)}' for name in unknown])
    return tuple(one for one in targets().values() if not only or {one.id, one.finding, *one.twins} & set(only))


def _verdicts(finding: Finding, advance: Advance | None) -> list[Verdict]:
    """One task: the targets of one finding, at the shipped parameters."""
    found = measure_finding(finding, [{}], advance=advance)[0]
    seeds = finding.scenario.seed_count
    half = student.ppf(0.975, seeds - 1) * jackknife(found)
    return [
        Verdict(target, float(value), float(value - width), float(value + width), seeds)
        for target, value, width in zip(finding.targets, found[:, 0], half, strict=True)
    ]

"""Calibration to published findings, stage by stage: anchor, search, fit, profile, draw.

    anchoring    the levels of the packs in which the findings are set, at the declared parameters, and how levels answer to them
    searching    differential evolution over the few parameters that need it
    fitting      least squares over all; parameters that the targets do not inform go back to their declared values
    profiles     the objective along each parameter
    drawing      an ensemble of parameter sets that the targets do not rule out

Everything simulated is in the ledger of the run's folder, so the same command goes on where it was stopped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from simulation.calibration.configuration import Configuration
from simulation.calibration.ensemble import PROFILE_STEPS, Draws, Profile, draw, profiles
from simulation.calibration.fit import Fit, fit
from simulation.calibration.kept import digest_of, keep, kept
from simulation.calibration.ledger import Ledger
from simulation.calibration.levels import Levels, ask_of, with_responses
from simulation.calibration.problem import Problem, Unknown, Values
from simulation.calibration.published import Published
from simulation.calibration.search import searched
from simulation.calibration.solve import SEATS, solve
from simulation.experiment.execute import Progress
from simulation.experiment.work.workers import Advance, workers
from simulation.levers import catalogue
from simulation.vocabulary import Array

LEDGER = "evaluations.jsonl"
JACOBIANS, SINGLES = 5, 8
"""Jacobians and single points that a fit usually takes: for the progress bar only."""
ANCHORING = 40_000_000
"""[rep-months] What anchoring a pack and its answers usually take: for the progress bar only."""


@dataclass(frozen=True)
class Calibration:
    """What a calibration found: the fit, the profiles, the draws, and the levels of the packs at the declared parameters.

    declared : (moment,) figures at the declared parameters
    """

    configuration: Configuration
    fit: Fit
    profiles: Sequence[Profile]
    draws: Draws
    levels: Mapping[str, Levels]
    declared: Array


def calibrate(
    configuration: Configuration, folder: Path | None = None, progress: Progress | None = None, *, processes: int | None = None
) -> Calibration:
    """Fit the parameters of a configuration to the targets of role calibrate.

    Parameters
    ----------
    configuration : as read
    folder : folder of the run, optional
        Holds the ledger; without it nothing is remembered.
    progress : called with (done, total, what), in rep-months
    processes : how many share the work; one a core if left out

    Raises
    ------
    CalibrationError
        When a pack cannot be anchored.
    RunError
        When a worker dies or the folder cannot be written.
    """
    total = _work(configuration)
    done = 0
    stage = "anchoring"

    def report(elements: int) -> None:
        nonlocal done
        done += elements
        if progress:
            progress(min(done, total - 1), total, stage)

    report(0)  # the bar stands from the beginning
    with workers(processes, rep_months=total) as crew:
        tasks = [(pack, configuration.values, configuration.unknowns, folder) for pack in configuration.packs]
        levels = dict(zip(configuration.packs, crew.each(_anchored, tasks, report), strict=True))
        published = Published(configuration.findings, levels, crew, Ledger(folder / LEDGER if folder else None), report)
        stage = "searching"
        narrow = published.only(configuration.search.targets)
        start = searched(configuration.problem(narrow), configuration.search)
        stage = "fitting"
        problem: Problem = configuration.problem(published)
        found = fit(problem, start)
        declared = problem.figures([problem.start])[0][0]
        stage = "profiles"
        profiled = profiles(found)
        stage = "drawing"
        drawn = draw(found, configuration.draws, configuration.seed)
    if progress:
        progress(total, total, stage)
    return Calibration(configuration, found, profiled, drawn, levels, declared)


def _anchored(pack: str, values: Values, unknowns: Sequence[Unknown], folder: Path | None, advance: Advance | None) -> Levels:
    """One pack's levels at the declared parameters, read if they were solved before, and their answers."""
    ask = ask_of(pack, values, SEATS)
    digest = digest_of(ask)
    file = folder / f"{pack}.toml" if folder else None
    solution, _ = kept(ask, digest, file) if file else (None, "")
    if solution is None:
        solution = solve(ask)
        if file:
            keep(solution, digest, file)
    levels = with_responses(Levels(pack, dict(values), solution.solved), ask, unknowns)
    if advance:
        advance(ANCHORING)
    return levels


def _work(configuration: Configuration) -> int:
    """Rep-months of a whole calibration, roughly."""
    search, count = configuration.search, len(configuration.unknowns)
    total = ANCHORING * len(configuration.packs)
    for finding in configuration.findings:
        unused = {key for key in catalogue() if all(policy.levers[key].is_neutral() for policy in finding.scenario.policies)}
        touching = sum(one.row.group not in unused for one in configuration.unknowns)
        sets = JACOBIANS * 2 * touching + SINGLES + len(PROFILE_STEPS) * count + configuration.draws
        if any(target.id in search.targets for target in finding.targets):
            sets += search.population * (search.generations + 1)
        total += sets * finding.rep_months
    return total

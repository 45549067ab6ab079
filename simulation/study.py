"""A whole study in one call: all that `orgsim compare` finds out, before anything is printed or kept.

    study = run_study(read_scenario("scenarios/growth_mix.toml"))
    study.summary        # every policy against the baseline
    study.stress         # the same in each stress world

And the model held against what is known, as `orgsim validate` does: `run_validation()`; and fitted to it: `run_calibration()`.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from simulation.calibration.firm import FirmResult, settle
from simulation.errors import ScenarioError
from simulation.experiment.design.pairs import pairs_scenario
from simulation.experiment.execute import Progress, main_work, promised_work, run
from simulation.experiment.store import about_run
from simulation.experiment.work.workers import Workers, shared_workers, workers
from simulation.records import Records
from simulation.scenario import Scenario, expected_names, read_expected, stressed
from simulation.scenario.faults import suggestion
from simulation.statistics.assumptions import assumption_range
from simulation.statistics.claims import Judgement, judge_all, judging_work
from simulation.statistics.compare import Summary, compare
from simulation.statistics.findings import Findings, findings_of
from simulation.statistics.pairs import pair_table
from simulation.statistics.reasons import with_reasons
from simulation.statistics.sampling import run_until
from simulation.statistics.shown import Verdict

if TYPE_CHECKING:
    from pandas import DataFrame

    from simulation.calibration.configuration import Configuration
    from simulation.scenario.until import Until
    from simulation.statistics.fitted import Fitted

VALIDATING = "validating"
"""What progress calls the work of `run_validation`."""
ASSUMPTION_RUNS = 5
"""How many runs of a study its assumption ranges are worth at most, to tell whether work is large."""


@dataclass(frozen=True, eq=False)
class Study:
    """What a study found.

    records : of all policies and seeds; its scenario has the settings as moved for equal cost
    summary : the comparison of the policies
    stress : the comparison in each stress world, by the world's name
    firm : what a `[firm]` table asked for and what was reached; None without one
    seconds : how long it took [s]
    """

    records: Records
    summary: Summary
    stress: Mapping[str, Summary]
    firm: FirmResult | None
    seconds: float

    @cached_property
    def findings(self) -> Findings:
        """All that a report is made from, and what a run's folder keeps for later."""
        firm = self.firm.as_json() if self.firm else None
        about = about_run(self.records, self.summary, firm)
        return findings_of(self.records.scenario, self.summary, self.stress, about=about, firm=firm)

    def _repr_html_(self) -> str:
        from simulation.report.html.notebook import study_html

        return study_html(self.summary, self.stress)


def run_study(
    scenario: Scenario,
    progress: Progress | None = None,
    *,
    processes: int | Workers | None = None,
    luck_only: bool = False,
    kept: Path | None = None,
    until: Until | None = None,
) -> Study:
    """Solve a `[firm]`, compare all policies, say why they differ and how far it hangs on assumptions, run the stress worlds.

    Parameters
    ----------
    scenario : Scenario
        As read.
    progress : called with (done, total, what), in rep-months; in runs while a firm is solved
    processes : int or Workers, optional
        As for `run`.
    luck_only : bool
        Point values of all parameters, and no assumption ranges.
    kept : Path, optional
        A folder of run folders, where solved firms and the choice of the parameters moved are looked up and kept.
    until : Until, optional
        Add seeds until it is decided, or until intervals are narrow enough; left out, the scenario's number. Policies that are
        settled out get no more, see `statistics.sampling.run_until`. A stress world has a quarter of the seeds in the end, or of
        the scenario's if these are more.

    Raises
    ------
    ScenarioError
        When a promise of equal cost cannot be kept.
    CalibrationError
        When no organisation shows the firm's numbers.
    """
    started = time.monotonic()
    if luck_only:
        scenario = scenario.luck_only()
    scenario, firm = settle(scenario, kept, progress)
    with shared_workers(processes, rep_months=studying_work(scenario, luck_only=luck_only)) as crew:
        if until is None:
            records, stopping = run(scenario, progress, processes=crew), None
        else:
            records, stopping = run_until(scenario, until, progress, processes=crew)
        summary = replace(with_reasons(compare(records), records, progress, crew), stopping=stopping)
        resolved = replace(records.scenario, seed_count=max(scenario.seed_count, records.scenario.seed_count))
        stress = {
            world: compare(
                run(stressed(resolved, world), progress, what=f"simulating {world}", processes=crew, ledger=False)
            )
            for world in scenario.stress
        }
        if not luck_only:
            summary = replace(summary, assumptions=assumption_range(records, progress, processes=crew))
    if firm:
        summary = replace(summary, warnings=(*firm.warnings, *summary.warnings))
    return Study(records, summary, stress, firm, time.monotonic() - started)


def studying_work(scenario: Scenario, *, luck_only: bool = False) -> int:
    """Work of a study [rep-months], roughly."""
    runs = 1 + len(scenario.stress) + (0 if luck_only else ASSUMPTION_RUNS)
    return promised_work(scenario) + runs * main_work(scenario.luck_only() if luck_only else scenario)


def run_pairs(
    scenario: Scenario, progress: Progress | None = None, *, processes: int | Workers | None = None
) -> tuple[Scenario, DataFrame, DataFrame]:
    """What every two levers bring together, at typical settings on top of the baseline, against each alone, by luck alone.

    Returns
    -------
    The scenario that was run, with a policy a lever and a pair; the gains of single levers; those of pairs (see `pair_table`).

    Raises
    ------
    ScenarioError
        When the baseline leaves fewer than two levers free, or a `[firm]` is not solved.
    """
    combined = pairs_scenario(scenario.luck_only())
    return combined, *pair_table(run(combined, progress, processes=processes, ledger=False))


def run_validation(
    only: Sequence[str] = (), progress: Progress | None = None, *, processes: int | None = None
) -> tuple[tuple[Verdict, ...], tuple[Judgement, ...]]:
    """What the model shows of every target, and what becomes of the essay's claims with default parameters.

    Parameters
    ----------
    only : ids of targets, findings, claims or statements, optional
        These alone; left out, all targets and all claims.
    progress : called with (done, total, what), in rep-months
    processes : int, optional
        How many share the work; left out, one a core when it is large. The figures are the same, bit for bit.

    Raises
    ------
    ScenarioError
        When an id is unknown.
    """
    from simulation.calibration.validate import validate, validating_work

    names, expected = _asked(only)
    asked_targets = bool(names) or not only
    ahead = [validating_work(names) if asked_targets else 0, *(judging_work(one, ranges=False) for one in expected)]
    total = sum(ahead)

    def behind(before: int) -> Progress | None:
        """One bar for both parts."""
        return (lambda done, _, __: progress(before + done, total, VALIDATING)) if progress else None

    with workers(processes, rep_months=total) as crew:
        verdicts = validate(names, behind(0), processes=crew) if asked_targets else ()
        judged = judge_all(expected, behind(ahead[0]), ranges=False, processes=crew)
    if progress:
        progress(total, total, VALIDATING)
    return verdicts, judged


def run_calibration(
    configuration: Configuration, folder: Path | None = None, progress: Progress | None = None, *, processes: int | None = None
) -> Fitted:
    """Fit parameters to published findings, and keep what was found in a run's folder.

    Parameters
    ----------
    configuration : Configuration
        From `read_configuration`.
    folder : Path, optional
        See `calibration.written.calibration_folder`; evaluations found in it are not simulated again. Without it nothing is kept.
    progress : called with (done, total, what), in rep-months
    processes : int, optional
        How many share the work; left out, one a core.

    Raises
    ------
    CalibrationError
        When a pack cannot be anchored.
    RunError
        When a worker dies or the folder cannot be written.
    """
    from simulation.calibration.calibrate import calibrate
    from simulation.calibration.tables import fitted_tables
    from simulation.calibration.written import write_fitted

    fitted = fitted_tables(calibrate(configuration, folder, progress, processes=processes))
    if folder is not None:
        write_fitted(fitted, folder)
    return fitted


def _asked(only: Sequence[str]) -> tuple[list[str], tuple[Scenario, ...]]:
    """Ids among targets, and the scenarios with the expectations among the ids; without ids the essay's claims."""
    from simulation.calibration.validate import target_names

    targets = target_names()
    rest = [name for name in only if name not in targets]
    if only and not rest:
        return list(only), ()
    everything = read_expected()
    known = expected_names(everything)
    unknown = [name for name in rest if name not in known]
    if unknown:
        names = sorted(targets | known)
        raise ScenarioError([
            f'--only: "{name}" is the id of no target, claim or statement; {suggestion(name, names)}'
            for name in unknown
        ])  # fmt: skip
    if only:
        return [name for name in only if name in targets], read_expected(rest)
    return [], tuple(one for one in everything if not all(expected.is_statement for expected in one.expect))

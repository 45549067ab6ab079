"""A sensitivity analysis in one call: all that `orgsim sensitivity` finds out, before anything is printed or kept.

    found = run_sensitivity(read_scenario("scenarios/growth_mix.toml"), policy="growth_mix")
    found.indices_table()

It runs on a small organisation, whose differences between policies are those of a large one but for the luck of fewer people.
Costs are made equal once, for the policies as the scenario has them, and not at every point.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from simulation.errors import ScenarioError
from simulation.evidence.measures import MEASURES
from simulation.experiment.batch.batch import Batch, figures
from simulation.experiment.batch.equal_cost import equalise
from simulation.experiment.batch.variants import Overrides, Variant
from simulation.experiment.design.factors import Factor
from simulation.experiment.digests import digest_of, engine_digest
from simulation.experiment.execute import Progress, counter, promised_work
from simulation.experiment.store import ID_LENGTH
from simulation.experiment.work.workers import Workers, shared_workers
from simulation.scenario import Policy, Scenario
from simulation.scenario.faults import Faults
from simulation.statistics.measures import every_measure
from simulation.statistics.sensitivity.analyse import Request, Sensitivity, analyse
from simulation.statistics.sensitivity.responses import RunVariants
from simulation.statistics.sensitivity.space import factors_asked, policy_asked
from simulation.vocabulary import Array

SEATS, MONTHS, SEEDS = 80, 24, 8
"""The small organisation, where nothing else is asked for; months are counted from the policy's start."""
LEAST_SEEDS = 3
ALWAYS = ("turnover", "revenue")
"""Measures beside the objective, where none are named."""
MOST_SAMPLES, MOST_TRAJECTORIES, MOST_KEPT = 65_536, 1_000, 20


@dataclass(frozen=True, eq=False)
class Analysis:
    """What is going to be done: a scenario of two policies on a small organisation, what varies and what does not.

    run : its id, the same for the same request and engine
    work : roughly [rep-months]
    """

    scenario: Scenario
    policy: Policy
    factors: tuple[Factor, ...]
    held: tuple[str, ...]
    request: Request
    run: str
    work: int


def prepare(
    scenario: Scenario,
    *,
    policy: str | None = None,
    vary: Sequence[str] = (),
    alone: bool = False,
    request: Request | None = None,
    seats: int | None = None,
    months: int | None = None,
    seeds: int | None = None,
) -> Analysis:
    """An analysis of a settled scenario; every fault of the request is told here.

    Parameters
    ----------
    scenario : Scenario
        As read, its firm solved. Parameters have their point values where they do not vary.
    policy : key, optional
        Whose figures are analysed; without it the first beside the baseline.
    vary, alone : see `factors_asked`
    request : Request, optional
        Without measures: the objective, turnover and revenue.
    seats, months, seeds : int, optional
        Of the organisation that is run; without them 80 seats, 24 months from the policy's start, and 8 seeds, or what the
        scenario has where that is less.

    Raises
    ------
    ScenarioError
        With one sentence a fault.
    """
    scenario.require_settled()
    asked = _checked(request or Request(()), scenario)
    chosen = policy_asked(scenario, policy, level=asked.level)
    small = replace(
        scenario.luck_only(), seats=seats or min(SEATS, scenario.seats),
        months=months or min(chosen.starts + MONTHS, scenario.months),
        seed_count=min(SEEDS, scenario.seed_count) if seeds is None else seeds, stress=(), expect=(),
    )  # fmt: skip
    if small.seed_count < LEAST_SEEDS:
        raise ScenarioError(f"--seeds: luck is told from what differs between seeds; give at least {LEAST_SEEDS}")
    pair = small.with_policies([p for p in small.policies if p.key in (small.baseline, chosen.key)])
    factors, held = factors_asked(pair, chosen, vary, alone=alone)
    k = min(asked.kept, len(factors))
    points = asked.trajectories * (len(factors) + 1) + asked.samples * (2 * k + 2)
    work = points * (1 if asked.level else 2) * small.seed_count * small.seats * small.months + promised_work(small)
    varied = [[f.path, [str(value) for value in f.values], f.low, f.high, f.log] for f in factors]
    content = {
        "scenario": small.resolved(), "policy": chosen.key, "factors": varied, "request": repr(asked), "engine": engine_digest(),
    }  # fmt: skip
    return Analysis(small, chosen, factors, held, asked, digest_of(content)[:ID_LENGTH], work)


def _checked(request: Request, scenario: Scenario) -> Request:
    """The request with its measures filled in. Raises ScenarioError with every fault."""
    faults = Faults("--measure")
    for key in request.measures:
        if key not in MEASURES:
            faults.unknown_value("measure", key, MEASURES, "measure")
    if not 2 <= request.trajectories <= MOST_TRAJECTORIES:
        wanted = f"a whole number in [2, {MOST_TRAJECTORIES:,}]"
        faults.at("--trajectories").wrong("trajectories", request.trajectories, "", wanted)
    power = request.samples & (request.samples - 1) == 0
    if not (8 <= request.samples <= MOST_SAMPLES and power):
        wanted = f"a power of two in [8, {MOST_SAMPLES:,}], such as 64 or 256"
        faults.at("--samples").wrong("samples", request.samples, "", wanted)
    if not 1 <= request.kept <= MOST_KEPT:
        faults.at("--keep").wrong("keep", request.kept, "", f"a whole number in [1, {MOST_KEPT}]")
    faults.raise_any()
    measures = request.measures or (scenario.objective, *ALWAYS)
    return replace(request, measures=tuple(dict.fromkeys(measures)))


def run_analysis(
    analysis: Analysis, progress: Progress | None = None, *, processes: int | Workers | None = None
) -> Sensitivity:
    """Make costs equal, screen, and share out the variance.

    Parameters
    ----------
    analysis : Analysis
        From `prepare`.
    progress : called with (done, total, what), in rep-months
    processes : int or Workers, optional
        As for `run`; workers that have a store find what was run before and keep what is new.

    Raises
    ------
    ScenarioError
        When costs cannot be made equal.
    RunError
        When a worker dies or the store cannot be written.
    """
    with shared_workers(processes, rep_months=analysis.work) as crew:
        wanted = _with_promises(analysis.scenario, analysis.policy.key)
        solved, _ = equalise(wanted, counter(progress, promised_work(wanted), "making costs equal"), crew)
        pair = [solved.policy(key) for key in dict.fromkeys((solved.baseline, analysis.policy.key))]
        small = solved.with_policies([replace(policy, equal_cost=None) for policy in pair])
        return analyse(
            small, small.policy(analysis.policy.key), analysis.factors, runner(small, crew, progress), analysis.request,
            held=analysis.held, promised=analysis.policy.equal_cost is not None,
        )  # fmt: skip


def _with_promises(scenario: Scenario, key: str) -> Scenario:
    """The scenario with the baseline, a policy, and those whose costs it must have, directly or not."""
    needed = [scenario.baseline, key]
    for name in needed:
        promise = scenario.policy(name).equal_cost
        if promise and promise.to not in needed:
            needed.append(promise.to)
    return scenario.with_policies([policy for policy in scenario.policies if policy.key in needed])


def run_sensitivity(
    scenario: Scenario,
    progress: Progress | None = None,
    *,
    policy: str | None = None,
    vary: Sequence[str] = (),
    alone: bool = False,
    request: Request | None = None,
    processes: int | Workers | None = None,
) -> Sensitivity:
    """Which settings and parameters a policy's figures hang on; see `prepare` and `run_analysis`."""
    return run_analysis(prepare(scenario, policy=policy, vary=vary, alone=alone, request=request), progress, processes=processes)


def runner(scenario: Scenario, crew: Workers, progress: Progress | None) -> RunVariants:
    """What runs variants of a scenario."""

    def run(variants: Sequence[Variant], what: str) -> tuple[Mapping[str, Array], Mapping[Overrides, str]]:
        """Every measure of all variants, one batch."""
        total = len(variants) * scenario.seed_count * scenario.seats * scenario.months
        kept = every_measure()
        found = figures(Batch.of(scenario, variants, kept), crew, counter(progress, total, what))
        return dict(zip(kept.columns, found.values, strict=True)), found.refused

    return run

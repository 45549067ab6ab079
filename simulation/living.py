"""One seat's life: what became of a post under a policy, with the luck of one seed, as `orgsim life` tells it.

    life = live("scenarios/growth_mix.toml", policy="growth_mix", seat=17)
    life.months            # a row a month
    life.sentences         # the story
    draw_life(ax, life)

The figures are the engine's, so they are those behind `orgsim compare` of the same scenario, policy and seed: parameters as
the seed carries them, settings as moved for equal cost, a `[firm]` solved. The readable model lives the same life
(`tests/test_living.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from simulation.calibration.firm import settle
from simulation.engine import Course, levers_used, run_block, warm_up
from simulation.errors import ScenarioError
from simulation.experiment.batch.equal_cost import equalise
from simulation.experiment.execute import Progress, counter, crew_for, promised_work
from simulation.experiment.work.workers import Workers
from simulation.report.words.life import THEIRS, tell
from simulation.scenario import Scenario, read_scenario
from simulation.scenario.read import LAST_SEED
from simulation.seat_months import PREFIX, SeatMonths
from simulation.statistics.lived import Lived, Whose, months_of, stays_of

MAKING_EQUAL = "making costs equal"


@dataclass(frozen=True, eq=False)
class Life(Lived):
    """One seat under one policy with one seed's luck, and its story.

    Attributes
    ----------
    months : DataFrame
        A row a month: `rep` (0 where the seat was vacant), effort, pay, quota, fit, chances of leaving with their terms, shocks.
        Money is in the scenario's currency a month, but for `stake`, a sum; chances are a month's; terms are log-odds.
    stays : DataFrame
        A row a rep who sat there.
    whose : Whose
        Which seat, policy and seed it is.
    against : Lived or None
        The same seat with the same luck under another policy.
    """

    @property
    def sentences(self) -> tuple[str, ...]:
        """The story in a few sentences."""
        return tell(self)

    def __str__(self) -> str:
        return "\n".join((*self.sentences, THEIRS))


def live(
    scenario: Scenario | str | Path,
    policy: str | None = None,
    seat: int = 0,
    seed: int | None = None,
    *,
    against: str | None = None,
    progress: Progress | None = None,
    processes: int | Workers | None = None,
    kept: Path | None = None,
) -> Life:
    """Follow one seat through all months of a scenario.

    Parameters
    ----------
    scenario : Scenario, or path of a scenario file
        `scenario.luck_only()` leaves out the draws of parameters.
    policy : str, optional
        Key of the policy; the baseline when left out.
    seat : int
        Counted from 0.
    seed : int, optional
        The luck: one of the scenario's seeds or any other whole number; the scenario's first when left out.
    against : str, optional
        Key of another policy under which the same seat is lived with the same luck.
    progress : called with (done, total, what), while a firm is solved or costs are made equal
    processes : int or Workers, optional
        As for `run`; they share the search for equal costs alone.
    kept : Path, optional
        A folder of run folders, where solved firms are looked up and kept.

    Raises
    ------
    ScenarioError
        When there is no such policy, seat or seed, or a promise of equal cost cannot be kept.
    CalibrationError
        When no organisation shows the numbers of a `[firm]`.
    """
    study = scenario if isinstance(scenario, Scenario) else read_scenario(scenario)
    check(study, policy, seat, seed, against)
    asked = _asked(study, policy, against)
    study, _ = settle(study, kept, progress)
    study = _with_equal_cost(study, asked, progress, processes)
    return _life(study, asked, seat, study.first_seed if seed is None else seed)


def living_work(scenario: Scenario, policy: str | None, against: str | None) -> int:
    """Work [rep-months] before the seat is lived, roughly: that of making the costs of the policies asked for equal."""
    keys = _asked(scenario, policy, against)
    return promised_work(scenario, sum(scenario.policy(key).equal_cost is not None for key in keys))


def check(scenario: Scenario, policy: str | None, seat: int, seed: int | None, against: str | None) -> None:
    """Refuse a policy, seat or seed that there is not, before any work. Raises ScenarioError."""
    where = scenario.source or scenario.name
    asked = [scenario.policy(key).key for key in _asked(scenario, policy, against)]
    faults = []
    if not _is_whole(seat) or not 0 <= seat < scenario.seats:
        faults.append(f"{where}: seat = {seat!r} is none of its seats; give a whole number from 0 to {scenario.seats - 1}")
    if seed is not None and (not _is_whole(seed) or not 0 <= seed <= LAST_SEED):
        faults.append(
            f"{where}: seed = {seed!r} is no seed; give a whole number from 0 to {LAST_SEED}, such as {scenario.first_seed}"
        )
    if len(set(asked)) < len(asked):
        faults.append(f'{where}: against = "{against}" is the policy itself; name another')
    if faults:
        raise ScenarioError(faults)


def _asked(scenario: Scenario, policy: str | None, against: str | None) -> list[str]:
    """Keys of the policies, the one told first."""
    return [scenario.baseline if policy is None else policy, *([] if against is None else [against])]


def _is_whole(value: Any) -> bool:
    return hasattr(value, "__index__") and not isinstance(value, bool)


def _with_equal_cost(
    scenario: Scenario, asked: Sequence[str], progress: Progress | None, processes: int | Workers | None
) -> Scenario:
    """The scenario with the promises of the policies asked for kept; each is solved as in a comparison of all."""
    promising = {key for key in asked if scenario.policy(key).equal_cost is not None}
    if not promising:
        return scenario
    bare = [policy if policy.key in promising else replace(policy, equal_cost=None) for policy in scenario.policies]
    wanted = scenario.with_policies(bare)
    with crew_for(wanted, processes) as crew:
        solved, _ = equalise(wanted, counter(progress, promised_work(wanted), MAKING_EQUAL), crew)
    return solved


def _life(scenario: Scenario, asked: Sequence[str], seat: int, seed: int) -> Life:
    policies = [scenario.policy(key) for key in asked]
    baseline = scenario.policy(scenario.baseline).levers
    p = scenario.parameters_at([seed])
    start = warm_up(baseline, levers_used([baseline]), p, [seed], scenario.seats).rows([0] * len(policies))
    keeper = SeatMonths(start, seat)
    used = levers_used([baseline, *(policy.levers for policy in policies)])
    block = run_block(
        start, [Course.of(policy) for policy in policies], baseline, used, p, seeds=[seed], months=scenario.months,
        watch=keeper.watch, by_group=False,
    )  # fmt: skip
    found: Lived | None = None
    for row in reversed(range(len(policies))):
        own = {name.removeprefix(PREFIX): x[row, 0] for name, x in block.sums.items() if name.startswith(PREFIX)}
        months = months_of(own)
        found = Life(months, stays_of(months), _whose(scenario, asked[row], seat, seed), found)
    assert isinstance(found, Life)  # noqa: S101 - there is one policy at least
    return found


def _whose(scenario: Scenario, key: str, seat: int, seed: int) -> Whose:
    policy = scenario.policy(key)
    moved = None
    if policy.equal_cost is not None:
        lever, _, name = policy.equal_cost.by.partition(".")
        moved = (policy.equal_cost.by, float(getattr(policy.levers[lever], name)))
    return Whose(
        title=scenario.title, name=scenario.name, policy=key, label=policy.label, baseline=key == scenario.baseline, seat=seat,
        seats=scenario.seats, seed=seed, starts=policy.starts, currency=scenario.currency, drawn=scenario.draws is not None,
        moved=moved,
    )  # fmt: skip

"""Policies taken apart: the further runs that tell what each lever of a policy does.

For each lever in which a policy differs from the baseline: the baseline with this lever alone set as in the policy, and the
policy with this lever set back to the baseline's. Settings are taken as they were run, moved ones as moved; costs are not
made equal again. Runs are paired with the study: the first of its seeds, the policy's own start.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from simulation.experiment.execute import Progress, run
from simulation.experiment.work.workers import Workers
from simulation.records import Records
from simulation.scenario import Policy, Scenario

PART_SEEDS = 16
"""Policies are taken apart on the first so many seeds."""
LABEL = "taking policies apart"


class Cut(NamedTuple):
    """The policies, by key, in which one lever stands alone on the baseline, and in which the policy is without it."""

    alone: str
    without: str


@dataclass(frozen=True, eq=False)
class Parts:
    """How the policies of a study come apart.

    `cuts` holds a `Cut` for each policy but the baseline and each lever in which it differs from it.
    `scenario` holds the baseline and the policies that the study itself does not run; None when it runs them all.
    """

    cuts: Mapping[str, Mapping[str, Cut]]
    scenario: Scenario | None
    seeds: int


def differing_levers(policy: Policy, baseline: Policy) -> tuple[str, ...]:
    """Keys of the levers that a policy sets otherwise than the baseline, in the order of the catalogue."""
    return tuple(key for key, lever in policy.levers.items() if lever != baseline.levers[key])


def take_apart(scenario: Scenario) -> Parts:
    """What has to be run to tell the levers of each policy apart; courses that are the same are run once.

    With one differing lever nothing has to be run; with two, either alone is the policy without the other.
    """
    baseline = scenario.policy(scenario.baseline)
    known = list(scenario.policies)
    cuts = {
        policy.key: {
            lever: Cut(
                _found(known, baseline, _with_lever(baseline, policy, lever, f"{policy.key}: {lever} alone", policy)),
                _found(known, baseline, _with_lever(policy, baseline, lever, f"{policy.key}: without {lever}", policy)),
            )
            for lever in differing_levers(policy, baseline)
        }
        for policy in scenario.policies
        if policy is not baseline
    }
    seeds = min(PART_SEEDS, scenario.seed_count)
    fresh = known[len(scenario.policies) :]
    if not fresh:
        return Parts(cuts, None, seeds)
    kept = replace(baseline, equal_cost=None)
    return Parts(cuts, replace(scenario, stress=(), seed_count=seeds, own_seeds={}, policies=(kept, *fresh)), seeds)


def run_parts(parts: Parts, progress: Progress | None = None, processes: int | Workers | None = None) -> Records | None:
    """Records of the further runs; None when there are none to do."""
    return None if parts.scenario is None else run(
        parts.scenario, progress, what=LABEL, processes=processes, ledger=False
    )


def _with_lever(policy: Policy, other: Policy, lever: str, key: str, course: Policy) -> Policy:
    """A policy with one lever set as in another, under a new key, in force when `course` is."""
    levers = {**policy.levers, lever: other.levers[lever]}
    return Policy(key=key, label=key, starts=course.starts, ends=course.ends, levers=levers)


def _found(known: list[Policy], baseline: Policy, wanted: Policy) -> str:
    """The key of a policy that runs the same course: one that is known, or the one wanted, which is known from then on."""
    if wanted.levers == baseline.levers:  # whenever it starts
        return baseline.key
    for policy in known:
        if (policy.starts, policy.ends) == (wanted.starts, wanted.ends) and policy.levers == wanted.levers:
            return policy.key
    known.append(wanted)
    return wanted.key

"""Which policy to take, by the scenario's own objective, requirements and material differences, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from simulation.statistics.caveats import broken_requirements
from simulation.statistics.intervals import Decided, decide, material_amount
from simulation.statistics.uncertainty import joint_interval

if TYPE_CHECKING:
    from simulation.statistics.summary import Summary

Standing = Literal["better", "worse", "same", "open", "baseline", "none"]
STANDINGS: Mapping[str, Standing] = {
    "better": "better", "higher": "better", "same": "same", "open": "open", "worse": "worse", "lower": "worse",
}  # fmt: skip
"""How the leader stands to the baseline, by what is decided; of an objective without a better side more is taken to be better."""


@dataclass(frozen=True)
class Recommendation:
    """The answer to the scenario's question, as far as it can be given.

    `leader` has the best mean of the objective among policies that meet every requirement.
    `policy` is what is recommended: the leader when it is better than the baseline by more than the material difference,
    otherwise nothing is gained by changing and it is None.
    """

    policy: str | None
    leader: str | None
    standing: Standing  # of the leader against the baseline; "none" when no policy meets the requirements
    rivals: tuple[str, ...]  # policies that meet the requirements and are not shown to be worse than the leader
    excluded: tuple[str, ...]  # policies that break a requirement


def recommend(summary: Summary) -> Recommendation:
    """Best by objective among the policies that meet what is required.

    The baseline must meet it too; where it does not, the leader is recommended although it may not be better.
    """
    facts = summary.facts
    excluded = tuple(p for p in summary.policies if broken_requirements(facts.require, summary.table, p))
    means = {p: float(summary.value(p, facts.objective)) for p in summary.policies if p not in excluded}
    means = {policy: mean for policy, mean in means.items() if np.isfinite(mean)}
    if not means:
        return Recommendation(None, None, "none", (), excluded)
    sign = -1.0 if summary.measures[facts.objective].better == "lower" else 1.0
    leader = max(means, key=lambda policy: sign * means[policy])  # ties go to the baseline, which stands first
    rivals = tuple(p for p in means if p not in (leader, summary.baseline) and between(summary, p, leader) in ("same", "open"))
    if leader == summary.baseline:
        return Recommendation(None, leader, "baseline", rivals, excluded)
    standing = STANDINGS[summary.value(leader, facts.objective, "decided")]
    chosen = leader if standing == "better" or summary.baseline in excluded else None
    return Recommendation(chosen, leader, standing, rivals, excluded)


def between(summary: Summary, policy: str, other: str) -> Decided:
    """What is decided of the objective between two policies, paired by seed: the first "higher", "lower", "same" or "open"."""
    objective = summary.facts.objective
    one, two = (summary.policies.index(key) for key in (policy, other))
    paired = summary.by_seed[objective][one] - summary.by_seed[objective][two]
    point = summary.by_seed_point.get(objective)
    _, low, high, _ = joint_interval(paired, None if point is None else point[one] - point[two])
    least = material_amount(summary.facts.material.get(objective), float(summary.value(summary.baseline, objective)))
    return decide(float(low), float(high), least, "none")

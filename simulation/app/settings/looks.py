"""What the panel looks at: one policy of a draft, beside the baseline and beside what the study says of it."""

from __future__ import annotations

from dataclasses import dataclass

from simulation.app.drafts.draft import Draft
from simulation.app.settings.controls import Standing
from simulation.levers.base import Lever
from simulation.scenario import Policy


@dataclass(frozen=True)
class Look:
    """A policy as it stands, the baseline, and the same policy as the study has it.

    locked : whether the policy is the baseline and nothing of it can be set
    """

    draft: Draft
    policy: Policy
    baseline: Policy
    own: Policy
    locked: bool

    @classmethod
    def at(cls, draft: Draft, key: str, *, unlocked: bool) -> Look:
        """The policy of this key in a draft, or its baseline where there is none such."""
        scenario = draft.scenario()
        baseline = scenario.policy(scenario.baseline)
        policy = next((policy for policy in scenario.policies if policy.key == key), baseline)
        return cls(draft, policy, baseline, draft.own.policy(policy.key), policy.key == baseline.key and not unlocked)

    @property
    def is_baseline(self) -> bool:
        """Whether the baseline itself is looked at."""
        return self.policy.key == self.baseline.key

    def path(self, *names: str) -> str:
        """The path of something of the policy, as --set has it."""
        return ".".join(("policies", self.policy.key, *names))

    def lever(self, key: str) -> Lever:
        """A lever as the policy sets it."""
        return self.policy.levers[key]

    def changed(self, lever: str, setting: str) -> bool:
        """Whether a setting differs from what the study says."""
        return bool(getattr(self.policy.levers[lever], setting) != getattr(self.own.levers[lever], setting))

    def standing(self, lever: str, setting: str) -> Standing:
        """What the control of a setting shows."""
        promise = self.policy.equal_cost
        moved = promise is not None and promise.by == f"{lever}.{setting}"
        return Standing(
            value=getattr(self.policy.levers[lever], setting),
            baseline=getattr(self.baseline.levers[lever], setting),
            beside=not self.is_baseline,
            changed=self.changed(lever, setting),
            note=f"Moved from here until the policy costs what {self._label(promise.to)} costs." if promise and moved else "",
        )

    def _label(self, key: str) -> str:
        return self.draft.scenario().policy(key).label

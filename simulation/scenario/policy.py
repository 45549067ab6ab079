"""What a scenario is once it has been read: policies, and the settings of the comparison."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any

from simulation.errors import ScenarioError
from simulation.evidence.ensemble import Drawn, Ensemble
from simulation.evidence.read import Parameters, Row
from simulation.levers.base import Lever
from simulation.scenario.expectations import Expectation
from simulation.scenario.faults import Faults
from simulation.scenario.settings import as_plain, build_lever, settings_of


@dataclass(frozen=True)
class EqualCost:
    """A promise that a policy costs what policy `to` costs: the setting `by` ("LEVER.SETTING") is moved until it does."""

    to: str
    by: str


@dataclass(frozen=True)
class Material:
    """The difference below which two figures count as the same: an amount, or a share of the baseline's figure."""

    value: float
    relative: bool


@dataclass(frozen=True)
class Policy:
    """One named setting of all levers, in force from month `starts` until month `ends`, or to the end of the run."""

    key: str
    label: str
    starts: int
    levers: Mapping[str, Lever]  # every lever of the catalogue, neutral where the file says nothing
    equal_cost: EqualCost | None = None
    ends: int | None = None

    def with_setting(self, path: str, value: Any) -> Policy:
        """A copy with one setting ("commission.pay_level") changed. Raises ScenarioError when the value is refused."""
        faults = Faults(f"policy {self.key}")
        lever, _, name = path.partition(".")
        changed = self.with_settings({lever: {name: value}}, faults)
        faults.raise_any()
        return changed

    def with_settings(self, settings: Mapping[str, Mapping[str, Any]], faults: Faults) -> Policy:
        """A copy with the settings of some levers changed, each lever's together; refusals go to `faults`."""
        levers = dict(self.levers)
        for key, values in settings.items():
            path = f"policies.{self.key}"
            if key not in levers:
                faults.unknown_key(path, key, levers, "lever")
                continue
            lever = type(levers[key])
            before = {name: getattr(levers[key], name) for name in settings_of(lever)}
            levers[key] = build_lever(lever, {**before, **values}, f"{path}.{key}", faults)
        return replace(self, levers=levers)

    def resolved(self) -> dict[str, Any]:
        """Everything the policy says, as JSON holds it."""
        levers = {
            key: {name: as_plain(getattr(lever, name)) for name in settings_of(type(lever))} for key, lever in self.levers.items()
        }
        equal_cost = asdict(self.equal_cost) if self.equal_cost else None
        ends = {} if self.ends is None else {"ends": self.ends}
        return {"label": self.label, "starts": self.starts, **ends, "equal_cost": equal_cost, "levers": levers}


@dataclass(frozen=True)
class Firm:
    """What a `[firm]` table gives, and the headline numbers that the baseline is asked to show: its own and its pack's."""

    given: Mapping[str, Any]
    asked: Mapping[str, float]


@dataclass(frozen=True)
class Scenario:
    """A question, a world and the policies to compare in it; every value has been checked."""

    title: str
    question: str
    name: str  # the file's stem in small letters, digits and _: names the experiment's folder
    world: tuple[str, ...]
    parameters: Parameters
    baseline: str
    months: int
    seats: int
    first_seed: int
    seed_count: int
    objective: str
    require: Mapping[str, tuple[str, float]]
    material: Mapping[str, Material]
    stress: tuple[str, ...]
    policies: tuple[Policy, ...]  # the baseline first, then the order of the file
    source: str | None = None
    packs: tuple[str, ...] = ()  # the worlds among `world` that are industry packs, which anchor the levels
    firm: Firm | None = None  # asked for and not solved yet: `simulation.settle` solves it, and leaves None
    currency: str = "usd"  # a label for money; nothing is converted
    expect: tuple[Expectation, ...] = ()  # claims and statements to judge; no number depends on them
    draws: Ensemble | None = None  # what is not known of parameters, a draw a seed; None: every seed has the point values
    own_seeds: Mapping[str, int] = field(default_factory=dict)  # policies given fewer seeds than `seed_count`, the first so many

    def require_settled(self) -> None:
        """Raise ScenarioError while a `[firm]` waits to be solved."""
        if self.firm is not None:
            name = self.source or self.name
            raise ScenarioError(f"{name}: firm is not solved yet; call `scenario, firm = settle(scenario)` and use that scenario")

    def drawn(self) -> Drawn | None:
        """What varies between seeds beside luck, with the levels of the last pack; None where all have their point values."""
        if self.draws is None:
            return None
        return self.draws.on(self.parameters, PurePosixPath(self.packs[-1]).stem if self.packs else None)

    def parameters_at(self, seeds: Sequence[int]) -> Parameters:
        """The parameters of some seeds: those drawn are arrays (1, seed, 1)."""
        drawn = self.drawn()
        return self.parameters.with_values(drawn.at(seeds)) if drawn else self.parameters

    def parameters_of(self, seed: int) -> Parameters:
        """The parameters that one seed carries, all of them numbers. Raises ScenarioError when seeds carry none of their own."""
        drawn = self.drawn()
        if drawn is None:
            raise ScenarioError(f"{self.source or self.name}: draws = True, and this scenario has no draws; leave draws out")
        return self.parameters.with_values({key: value.item() for key, value in drawn.at([seed]).items()})

    def luck_only(self) -> Scenario:
        """The same scenario with point values of all parameters at every seed."""
        return replace(self, draws=None)

    def policy(self, key: str) -> Policy:
        """The policy with this key. Raises ScenarioError when there is none."""
        for policy in self.policies:
            if policy.key == key:
                return policy
        faults = Faults(self.source or self.name)
        faults.unknown_key("policies", key, [policy.key for policy in self.policies], "policy")
        raise ScenarioError(faults.told)

    @property
    def seeds(self) -> range:
        """The numbers of the seeds."""
        return range(self.first_seed, self.first_seed + self.seed_count)

    def seeds_of(self, policy: str) -> range:
        """The numbers of the seeds that a policy was given: all, or the first of them where sampling stopped for it before."""
        return self.seeds[: self.own_seeds.get(policy, self.seed_count)]

    def assumed(self) -> list[Row]:
        """The assumed parameters that the study uses: a lever's own only if one of its policies sets the lever."""
        levers = {key: all(policy.levers[key].is_neutral() for policy in self.policies) for key in self.policies[0].levers}
        return [row for row in self.parameters.assumed() if not levers.get(row.group, False)]

    def with_policies(self, policies: Sequence[Policy]) -> Scenario:
        """The same scenario with other policies, the baseline put first."""
        baseline = [policy for policy in policies if policy.key == self.baseline]
        if len(baseline) != 1:
            raise ScenarioError(f'{self.source or self.name}: baseline = "{self.baseline}" must be one of the policies')
        return replace(self, policies=(*baseline, *(policy for policy in policies if policy.key != self.baseline)))

    def resolved(self) -> dict[str, Any]:
        """Everything the comparison depends on, as JSON holds it: for digests and manifests. Names no place on this machine."""
        own = self.own_seeds
        return {
            "name": self.name,
            "title": self.title,
            "question": self.question,
            "world": list(self.world),
            "baseline": self.baseline,
            "months": self.months,
            "seats": self.seats,
            "seeds": {"first": self.first_seed, "count": self.seed_count, **({"own": dict(own)} if own else {})},
            "objective": self.objective,
            "require": {key: list(limit) for key, limit in self.require.items()},
            "material": {key: asdict(amount) for key, amount in self.material.items()},
            "stress": list(self.stress),
            "policies": {policy.key: policy.resolved() for policy in self.policies},
            "parameters": {
                row.path: {"value": as_plain(row.value), "status": row.status} for row in self.parameters.rows.values()
            },
            "conditions": {name: as_plain(path) for name, path in self.parameters.conditions.items()},
            **({"draws": self.draws.digest} if self.draws else {}),
        }

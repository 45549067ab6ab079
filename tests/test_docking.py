"""Docking: the readable model and the engine are the same model, month by month, figure by figure.

The readable model was written from MODEL.md alone, so where the two agree, the text, the engine and the model say one thing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Any, ClassVar

import numpy as np
import organisation
import pytest
from ensembles import made_ensemble

from simulation.agents import Rep
from simulation.evidence.read import Parameters, Row
from simulation.evidence.reasons import TERMS
from simulation.experiment.execute import run
from simulation.levers import catalogue
from simulation.levers.base import Lever, extra_of, setting, words_of
from simulation.model import SalesOrg
from simulation.scenario import Policy, Scenario, overlay, read_scenario, read_world, stressed, world_file
from simulation.scenario.faults import Faults
from simulation.standing import LEAVERS, PERIODS
from simulation.vocabulary import TENURE_BAND_STARTS, Motives, Tasks

LEVERS = ("autonomy", "commission", "equity", "failure_tolerance")
"""The levers from which random policies are drawn; all levers are docked at their typical settings."""
COUNTS = {
    "seats", "filled", "ramped", "quits", "dismissals", "regretted_quits", "hires", "deals", "key_deals",
    "period_reps", "period_at_quota", "ramp_count", "proposals", "successes", "failures", "tenure_median", "low_income_share",
    *PERIODS, *LEAVERS,
}  # fmt: skip
"""Figures that count reps, deals or months: they are equal exactly."""
NOT_MONEY = {
    "period_attainment", "closings", "stale", "pipeline", "leads", "referrals", "ramp_log_months", "due_customers",
    "renewed_customers", "satisfaction_customers", "customers", "house_customers", "addressable", "at_risk", "warned", "saved",
    "sharers", "handover_effort", "cash_pull", "fit_total", "fit_squares", "top_fifth_share", *(f"quit_{term}" for term in TERMS),
}  # fmt: skip
"""Figures in other units, which a month's revenue says nothing about: they agree to nine digits of their own size."""
CLOSE = 1e-9

Settings = Mapping[str, Mapping[str, Any]]


def random_policies(seed: int, count: int, quo: Policy, months: int) -> list[Policy]:
    """Policies with settings of the four levers over their whole ranges; a third of settings, and some levers, at neutral."""
    luck = Random(seed)
    policies = []
    for k in range(count):
        policy = replace(quo, key=f"random_{seed}_{k}", label=f"Random {seed} {k}", equal_cost=None)
        starts = luck.choice((0, 0, luck.randrange(1, months - 1)))
        settings = {key: random_settings(luck, key) for key in LEVERS if luck.random() < 0.75}
        for key, values in settings.items():
            for name, value in values.items():
                policy = policy.with_setting(f"{key}.{name}", value)
        policies.append(replace(policy, starts=starts))
    return policies


def random_settings(luck: Random, key: str) -> dict[str, Any]:
    """A value for each setting of a lever: neutral for a third of them, else anything that its bounds allow."""
    drawn = {}
    for name, field in catalogue()[key].model_fields.items():
        extra = extra_of(field)
        words = words_of(field.annotation)
        if luck.random() < 1 / 3:
            drawn[name] = field.default
        elif words:
            drawn[name] = luck.choice(words)
        elif isinstance(field.default, bool):
            drawn[name] = luck.random() < 0.5
        elif isinstance(field.default, tuple):
            drawn[name] = random_table(luck, name)
        else:
            drawn[name] = round(luck.uniform(extra["ge"], extra["le"]), 4)
    return drawn


def random_table(luck: Random, name: str) -> tuple[tuple[float, float], ...]:
    """Up to four rows of tiers or of lump sums."""
    at = sorted({round(luck.uniform(0.0, 3.0), 2) for _ in range(luck.randrange(1, 5))})
    most = 4.0 if name == "tiers" else 50_000.0
    return tuple((place, round(luck.uniform(0.0, most), 2)) for place in at)


def docked(scenario: Scenario, rep_class: type[Rep] = Rep) -> list[str]:
    """One line a figure of a policy and seed in which the two models differ, with the first month in which they do."""
    records = run(scenario)
    found = []
    for row, policy in enumerate(scenario.policies):
        for column, seed in enumerate(scenario.seeds):
            model = SalesOrg(scenario, policy=policy.key, seed=seed, rep_class=rep_class, draws=scenario.draws is not None)
            while model.running:
                model.step()
            months = model.datacollector.get_model_vars_dataframe()
            found += differences(
                {name: values[row, column] for name, values in records.sums.items()},
                {name: months[name].to_numpy(float) for name in months},
                f"{policy.key}, seed {seed}",
            )
    return found


def differences(fast: Mapping[str, Any], readable: Mapping[str, Any], where: str) -> list[str]:
    """What two runs disagree about. A figure that one of them lacks is a disagreement."""
    found = [f"{where}: only one of the two records {name}" for name in sorted(fast.keys() ^ readable.keys())]
    for name in sorted(fast.keys() & readable.keys()):
        one, other = fast[name], readable[name]
        size = np.maximum(np.abs(one), np.abs(other))
        if name in COUNTS:
            allowed = np.zeros_like(one)
        elif name in NOT_MONEY:
            allowed = CLOSE * np.maximum(size, 1.0)
        else:
            allowed = CLOSE * np.maximum(size, np.abs(fast["revenue"]))
        same = (np.abs(one - other) <= allowed) | (np.isnan(one) & np.isnan(other))
        if not np.all(same):
            month = int(np.argmin(same))
            found.append(f"{where}, month {month}: {name} is {one[month]!r} in the engine, {other[month]!r} here")
    return found


def study_of(policies: Sequence[Policy], scenario: Scenario) -> Scenario:
    """The shipped status quo and other policies beside it."""
    return scenario.with_policies([scenario.policy("status_quo"), *policies])


def test_every_figure_is_compared():
    """Every figure that the engine sums is one of the readable model's, and is held as a count, as money or as itself."""
    records = organisation.simulated({}, months=1, seats=14, seeds=1)
    model = SalesOrg(records.scenario, seed=records.scenario.first_seed)

    assert set(model.figures) == set(records.sums)
    assert set(records.sums) > COUNTS | NOT_MONEY


def test_the_shipped_levers_dock():
    """Typical levers, together and taking over in the middle of a quarter, give equal counts and money over 14 months."""
    typical = {
        f"{key}.{name}": extra_of(field)["typical"] for key in LEVERS for name, field in catalogue()[key].model_fields.items()
    }
    scenario = organisation.study({"later": {**typical, "starts": 4}}, months=14, seats=40, seeds=1)

    assert docked(scenario) == []


def test_a_pilot_docks():
    """A policy that ends leaves both models in the same state: the baseline holds again, and what levers remember stays."""
    typical = {
        f"{key}.{name}": extra_of(field)["typical"]
        for key in LEVERS if key != "commission" for name, field in catalogue()[key].model_fields.items()
    }  # fmt: skip
    scenario = organisation.study({"pilot": {**typical, "starts": 2, "ends": 7}}, months=13, seats=40, seeds=1)

    assert docked(scenario) == []


def test_frozen_people_dock():
    """Where nobody leaves, both models lose nobody and agree on the rest."""
    scenario = organisation.study({"richer": {"commission.pay_level": 1.1}}, months=8, seats=40, seeds=1)
    parameters = Parameters(scenario.parameters.rows, {"separations": ((0.0, 0.0),)})
    frozen = replace(scenario, parameters=parameters)

    assert docked(frozen) == []
    assert run(frozen).sums["quits"].sum() + run(frozen).sums["dismissals"].sum() == 0.0


def test_random_policies_dock():
    """Three policies drawn over the whole ranges of all settings give equal counts and money over 13 months."""
    scenario = read_scenario(None, months=13, seats=40, seeds=1)

    assert docked(study_of(random_policies(1, 3, scenario.policy("status_quo"), 13), scenario)) == []


def test_a_downturn_docks():
    """Market conditions reach both models alike, beginning before the policy that answers them."""
    later = {"commission.rate": 0.05, "autonomy.approval_days": 1.0, "starts": 6}
    scenario = stressed(organisation.study({"later": later}, months=13, seats=40, seeds=1), "worlds/downturn.toml")

    assert scenario.parameters.multiple("demand", 6) == 0.8
    assert docked(scenario) == []


def test_draws_of_parameters_dock():
    """Two seeds with draws of their own, of levels and of what incumbents are drawn with too, are two worlds in both models."""
    names = ("leaving.pay_slope", "leaving.floor", "people.frailty_sigma", "people.mean_money", "learning.start_productivity")
    responses = {("labour.quit_intercept", "leaving.pay_slope"): 0.1, ("market.lead_rate", "leaving.pay_slope"): 0.1}
    scenario = organisation.study({"less": {"commission.base_share": 0.8}}, months=5, seats=21, seeds=2)

    assert docked(replace(scenario, draws=made_ensemble(names, spread=1.0, responses=responses))) == []


def test_a_last_team_that_is_smaller_docks():
    """Twenty-six seats in teams of seven leave a team of five, and regions of unlike size."""
    granted = {"equity.grant": 0.3, "equity.vesting": 12.0, "equity.tied_to": "team"}
    scenario = organisation.study({"team": granted}, months=13, seats=26, seeds=1)

    assert docked(scenario) == []


@pytest.mark.parametrize("pack", ["saas_enterprise", "medtech", "retail_store", "insurance_agent", "auto_dealer"])
def test_a_pack_docks(pack: str):
    """Other industries, with one-off sales, long cycles or many deals a month, dock from the first month."""
    study = organisation.study({"less": {"commission.base_share": 0.8}}, months=2, seats=20, seeds=1)
    faults = Faults("test")
    world = read_world(world_file(pack), pack, faults)

    assert docked(replace(study, parameters=overlay(study.parameters, world, faults))) == []
    assert faults.told == []


@pytest.mark.parametrize("key", [key for key in catalogue() if key not in LEVERS])
def test_every_other_lever_docks(key: str):
    """A lever at its typical settings, from month 0 and taking over in month 4, gives equal counts and money over 9 months."""
    typical = {f"{key}.{name}": extra_of(field)["typical"] for name, field in catalogue()[key].model_fields.items()}
    scenario = organisation.study({"now": typical, "later": {**typical, "starts": 4}}, months=9, seats=21, seeds=1)

    assert docked(scenario) == []


LEAVING = ("quits", "dismissals")


class Grouped(SalesOrg):
    """The readable model, which also counts reps there, quits and dismissals by motive segment and tenure band."""

    def end_month(self) -> None:
        """Count before leavers lay down what they had to do."""
        self.grouped = {name: np.zeros((len(Motives._fields), len(TENURE_BAND_STARTS))) for name in ("filled", *LEAVING)}
        for rep in self.reps:
            place = rep.segment, sum(rep.tenure_now >= start for start in TENURE_BAND_STARTS) - 1
            self.grouped["filled"][place] += 1.0
            for name in LEAVING:
                self.grouped[name][place] += getattr(rep, name)
        super().end_month()


def test_segments_and_tenure_dock():
    """Reps there, quits and dismissals by motive segment and tenure band are the readable model's, exactly, month by month."""
    records = organisation.simulated({}, months=9, seats=40, seeds=1)
    model = Grouped(records.scenario, seed=records.scenario.first_seed)
    for month in range(9):
        model.step()
        for name, counted in model.grouped.items():
            np.testing.assert_array_equal(records.groups[name][0, 0, month], counted.ravel(), err_msg=f"month {month}: {name}")

    assert records.groups["quits"].sum() > 5


@pytest.mark.slow
def test_all_levers_together_dock():
    """Policies drawn over the whole ranges of all levers' settings, several levers at a time, still give equal figures."""
    luck, scenario = Random(15), read_scenario(None, months=14, seats=40, seeds=1)
    quo, policies = scenario.policy("status_quo"), []
    for k in range(4):
        policy = replace(quo, key=f"all_{k}", label=f"All {k}")
        for key in luck.sample(sorted(set(catalogue()) - {"commission"}), 6):
            for name, value in random_settings(luck, key).items():
                policy = policy.with_setting(f"{key}.{name}", value)
        policies.append(policy)

    assert docked(scenario.with_policies([quo, *policies])) == []


@pytest.mark.slow
@pytest.mark.parametrize("plan", ["quarter", "year", "month"])
def test_thirty_random_policies_dock(plan: str):
    """Ten random policies after each of three baseline plans, two seeds, 24 months, 40 seats: counts exactly, money to 1e-9."""
    scenario = read_scenario(None, months=24, seats=40, seeds=2)
    quo = scenario.policy("status_quo").with_setting("commission.period", plan)
    seed = {"quarter": 10, "year": 20, "month": 30}[plan]

    assert docked(scenario.with_policies([quo, *random_policies(seed, 10, quo, 24)])) == []


@pytest.mark.slow
@pytest.mark.parametrize("world", range(6))
def test_random_worlds_dock(world: int):
    """Half of all parameters moved by up to a third of their value within their ranges, and two random policies: still equal."""
    luck = Random(world)
    scenario = read_scenario(None, months=14, seats=33, seeds=1)
    moved = {}
    for key, row in scenario.parameters.rows.items():
        if isinstance(row.value, int | float) and luck.random() < 0.5:
            reach = abs(row.value) / 3 + 0.05
            moved[key] = luck.uniform(max(row.low, row.value - reach), min(row.high, row.value + reach))
    quo = scenario.policy("status_quo")
    moved_world = replace(scenario, parameters=scenario.parameters.with_values(moved))

    assert docked(moved_world.with_policies([quo, *random_policies(world, 2, quo, 14)])) == []


class Everything(Lever):
    """A lever that pushes on the sockets which the shipped four leave alone, some of them by what it reads of the state."""

    key: ClassVar[str] = "everything"
    post_memory: ClassVar[tuple[str, ...]] = ("written",)
    size: float = setting(0.0, typical=1.0, unit="share", ge=0, le=1, doc="Part of each push.")

    def start_memory(self, shape: tuple[int, int, int], p: Any) -> dict[str, Any]:
        """What stays with the post, and what goes with the rep."""
        return {"written": np.zeros(shape), "months": np.zeros(shape)}

    def remember(self, s: Any, p: Any) -> dict[str, Any]:
        """A month more of each, and what was shared; at neutral nothing is remembered."""
        before, runs = s.memory[self.key], s.filled * (self.size > 0.0)
        return {"written": before["written"] + runs * s.output.share, "months": before["months"] + runs}


PUSHES: Mapping[str, Callable[[Any, Any], Any]] = {
    "goal_weight": lambda size, _: Tasks(0.2 * size, -0.1 * size, 0.3 * size, 0.1 * size),
    "pull": lambda size, _: Tasks(0.1 * size, 0.2 * size, 0.3 * size, 0.1 * size),
    "cash_slope": lambda size, _: Tasks(0.01 * size, 0.02 * size, 0.01 * size, 0.0 * size),
    "motive_support": lambda size, _: Motives(0.0 * size, 0.2 * size, -0.3 * size, 0.1 * size, 0.4 * size, 0.2 * size),
    "opportunity": lambda size, s: size * 0.2 * s.ramp,
    "lead_weight": lambda size, s: size * (0.3 * np.arange(s.region.sizes.size) + s.need + s.demand),
    "win": lambda size, s: size * 0.1 * (s.skill + s.profile.mastery + s.region.to_seats(s.knowledge)),
    "key_focus": lambda size, s: size * 0.3 * s.filled,
    "rescue": lambda size, s: size * 0.2 * s.ramp,
    "cash_pay": lambda size, s: size * s.filled * (500.0 * s.key_deals + 300.0 * s.proposals + 200.0 * s.successes),
    "quit": lambda size, s: size * -0.01 * s.tenure,
    "programme_cost": lambda size, s: size * 100.0 * s.deals,
    "attention": lambda size, _: size * 12.0,
    "coordination": lambda size, _: size * 0.4,
    "satisfaction": lambda size, _: size * 0.05,
    "renewal": lambda size, s: size * 0.01 * (s.memory["everything"]["written"] - s.memory["everything"]["months"]),
    "referral": lambda size, _: size * 0.3,
    "handover": lambda size, _: size * 0.4,
    "warning": lambda size, _: size * 1.5,
    "intervention": lambda size, _: size * 0.9,
    "credit_pool": lambda size, _: size * 0.35,
    "learning": lambda size, _: size * 0.3,
    "dismissal": lambda size, _: size * 0.6,
    "appeal": lambda size, _: size * 0.6,
}
for _socket, _push in PUSHES.items():
    setattr(Everything, _socket, lambda self, s, _p, push=_push: push(self.size, s))


@pytest.mark.slow
def test_sockets_that_no_shipped_lever_uses_dock(monkeypatch: pytest.MonkeyPatch):
    """A lever that pushes on all remaining sockets, alone and beside the others, moves both models alike."""
    known = dict(sorted({**catalogue(), "everything": Everything}.items()))
    monkeypatch.setattr("simulation.engine.catalogue", lambda: known)
    scenario = read_scenario(None, months=14, seats=40, seeds=2)
    rows = scenario.parameters.rows | {("everything", "none"): Row("everything", "none", 0.0, "-", 0.0, 1.0, "assumed")}
    with_it = lambda policy, size: replace(policy, levers={**policy.levers, "everything": Everything(size=size)})  # noqa: E731
    quo = with_it(scenario.policy("status_quo"), 0.0)
    policies = [quo, replace(with_it(quo, 1.0), key="alone", label="Alone")]
    policies += [with_it(policy, 0.7) for policy in random_policies(5, 2, quo, 14)]
    studied = replace(scenario, parameters=type(scenario.parameters)(rows), policies=tuple(policies))

    assert docked(studied) == []
    assert np.all(run(studied).sums["warned"][1] > 0.0)


def test_docking_can_fail():
    """A small change of one behaviour is seen: reps who concede a thousandth more discount part the two in the first month."""

    class Softer(Rep):
        def concede(self) -> float:
            return super().concede() * 1.001

    scenario = organisation.study({}, months=2, seats=14, seeds=1)
    found = docked(scenario, Softer)

    assert any("month 0: bookings" in line for line in found)

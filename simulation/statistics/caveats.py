"""What a reader must know before trusting a figure: promises beyond the horizon, broken requirements, too few seeds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from simulation.evidence.measures import MEASURES

if TYPE_CHECKING:
    from pandas import DataFrame

    from simulation.scenario import Policy, Scenario

AFTERMATH = 12
"""Months that must follow a promise's end before its effect on leaving can be seen."""
FEW_SEEDS = 8
NEVER, ROUGH = "shown, never recommended", "or more are better"
"""How warnings of a broken requirement and of too few seeds end."""
TOUCHED = ("turnover", "revenue", "contribution", "total_cost")
"""A policy that moves none of these, to the last digit, does nothing."""
PROMISES: Mapping[tuple[str, str, str], str] = {
    ("equity", "vesting", "grant"): (
        "grants vest in month {end} of a {months}-month run: who stays only until then leaves outside it, "
        "so turnover looks lower and cost smaller than they will be"
    ),
    ("commission", "clawback", "clawback"): (
        "commission can be clawed back until month {end} of a {months}-month run: "
        "what customers who leave after it take back is outside"
    ),
}
"""Lever, setting that says for how many months it promises something, setting without which it promises nothing;
and what a run that ends too early hides."""


def find_caveats(scenario: Scenario, table: DataFrame) -> tuple[str, ...]:
    """Sentences to print with the comparison, in the order of policies."""
    found = [*beyond_horizon(scenario), *_idle(scenario, table)]
    for policy in scenario.policies:
        broken = broken_requirements(scenario.require, table, policy.key)
        found += [f"{policy.label}: {text}; {NEVER}" for text in broken]
    if scenario.seed_count < FEW_SEEDS:
        rough = "one seed gives no interval" if scenario.seed_count == 1 else f"{scenario.seed_count} seeds give rough intervals"
        unseen = "; what is not known of parameters, a draw a seed, is poorly seen" if scenario.draws else ""
        found.append(f"{rough}{unseen}; {FEW_SEEDS} {ROUGH}")
    drawn = scenario.drawn()
    if drawn and not drawn.anchored:
        found.append(
            "parameters are drawn and no industry pack of this scenario says how its levels follow them, so the headline numbers "
            "of the baseline vary with the draws; --luck-only holds them"
        )
    return tuple(found)


def beyond_horizon(scenario: Scenario) -> tuple[str, ...]:
    """The sentences among them on what a run as short as this one does not show."""
    return tuple(f"{policy.label}: {text}" for policy in scenario.policies for text in _horizon(policy, scenario.months))


def broken_requirements(require: Mapping[str, tuple[str, float]], table: DataFrame, policy: str) -> list[str]:
    """What a policy's means break of what the scenario requires, a sentence each."""
    broken = []
    for key, (sign, limit) in require.items():
        mean = float(str(table.loc[policy, f"{key}_mean"]))
        if not (mean <= limit if sign == "<=" else mean >= limit):
            broken.append(f"{MEASURES[key].label.lower()} is {mean:.4g}, required {sign} {limit:g} {MEASURES[key].unit}")
    return broken


def _idle(scenario: Scenario, table: DataFrame) -> Iterator[str]:
    """Policies whose settings differ from the baseline's and change nothing at all."""
    baseline = scenario.policy(scenario.baseline)
    for policy in scenario.policies:
        if policy.levers != baseline.levers and not any(float(str(table.loc[policy.key, f"{key}_diff"])) for key in TOUCHED):
            yield (
                f"{policy.label}: gives exactly what {baseline.label} gives; a setting that differs needs another one to act, "
                "for example equity.grant needs equity.vesting (`orgsim levers` says which)"
            )


def _horizon(policy: Policy, months: int) -> Iterator[str]:
    """What of a policy's promises lies beyond the run."""
    equity: Any = policy.levers["equity"]
    if equity.grant and equity.vesting and equity.refresh and equity.vesting + policy.starts < months:
        yield (
            f"grants of the last {equity.vesting:g} months have not vested when the run ends: whom they hold leaves outside it, "
            "so part of the effect on turnover is put off, not saved"
        )
    for (lever, length_name, needed), sentence in PROMISES.items():
        settings = policy.levers[lever]
        length = getattr(settings, length_name) if getattr(settings, needed) else 0.0
        end = round(policy.starts + length)
        if length and end + AFTERMATH > months:
            yield sentence.format(end=end, months=months)
    if policy.starts and policy.starts + AFTERMATH > months:
        yield f"starts in month {policy.starts} of a {months}-month run: less than a year of it is seen"

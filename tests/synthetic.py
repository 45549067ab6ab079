"""Records as the engine returns them, made up from random numbers: statistics and reports are tested without an engine."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulation.evidence.read import Parameters, Row
from simulation.levers import catalogue
from simulation.records import Records
from simulation.scenario.policy import Material, Policy, Scenario
from simulation.standing import PERIODS
from simulation.vocabulary import STANDINGS

LABELS = (
    "Status quo", "Cut a fifth", "Steeper", "Equity refresh", "Growth mix", "Salary only", "Monthly quotas",
    "Margin basis", "Longer ramp", "High authority", "Bonus at quota", "Ratchet",
)  # fmt: skip
LONG_LABELS = tuple(
    f"{label}: ten per cent commission moved into yearly grants, quota {n} per cent higher"[:80] for n, label in enumerate(LABELS)
)
MONEY = (
    "bookings", "bookings_list", "oneoff_revenue", "revenue", "list_revenue", "cogs", "cash_pay", "equity_cost",
    "programme_cost", "hiring_cost", "training_cost", "marketing_cost", "service_cost", "lost_vacancy", "lost_ramp",
    "lost_accounts", "recurring_value", "recurring_list", "due_value", "renewed_value", "expanded_value", "book_value",
    "book_lost", "marketing_gain", "last_month_bookings", "moved_value", "discount_value",
)  # fmt: skip
COUNTS = (
    "filled", "seats", "ramped", "quits", "dismissals", "regretted_quits", "hires", "period_reps", "period_attainment",
    "period_at_quota", "deals", "key_deals", "closings", "stale", "pipeline", "leads", "referrals", "ramp_log_months",
    "ramp_count", "due_customers", "renewed_customers", "satisfaction_customers", "customers", "house_customers",
    "addressable", "at_risk", "warned", "saved", "proposals", "successes", "failures", "sharers", "handover_effort",
)  # fmt: skip
YEARLY = ("tenure_median", "top_fifth_share", "pay_p10", "pay_p90", "low_income_share")
GROUPS = (
    "filled", "quits", "dismissals", "regretted_quits", "cash_pay", "period_reps", "period_attainment", "sharers", "proposals",
)  # fmt: skip
SEGMENT_SHARES = np.array([0.3, 0.2, 0.17, 0.13, 0.11, 0.09])
STANDING_SHARES = {
    "reps": np.array([0.24, 0.19, 0.19, 0.19, 0.19]),
    "quits": np.array([0.5, 0.25, 0.15, 0.1, 0.0]),
    "dismissals": np.array([0.1, 0.55, 0.25, 0.1, 0.0]),
}
PERIODS_BELOW, PERIODS_FROM = np.array([0.02, 0.08, 0.2, 0.32, 0.38]), np.array([0.45, 0.25, 0.14, 0.08, 0.05, 0.03])
"""How completed periods below quota, and from it on, are shared out over the bins."""


def made_parameters():
    """A few parameters, two of them assumed."""
    rows = [
        Row("contract", "value_multiple", 6.0, "ratio", 1.0, 20.0, "assumed", (), "What buyers pay for a year of it."),
        Row("selling", "price_slope", 1.5, "log-odds", 0.5, 3.0, "assumed", (), "=Not a formula."),
        Row("leaving", "pay_slope", 3.0, "log-odds", 2.0, 4.5, "measured", ("somebody2020",), "Measured once."),
    ]
    return Parameters({(row.group, row.name): row for row in rows})


def made_policy(key, label, *, starts=0, **settings):
    """A policy with every lever of the catalogue neutral but those given."""
    levers = {name: lever(**settings.get(name, {})) for name, lever in catalogue().items()}
    return Policy(key, label, starts, levers)


def made_scenario(labels=LABELS[:5], *, months=36, seeds=16, **changes):
    """A scenario whose policies are named by their labels; the first is the baseline."""
    keys = [f"p{n}_{label.lower().replace(' ', '_').split(':')[0]}" for n, label in enumerate(labels)]
    facts = dict(
        title="A made-up study", question="What would happen?", name="made_up", world=("worlds/made_up.toml",),
        parameters=made_parameters(), baseline=keys[0], months=months, seats=200, first_seed=100, seed_count=seeds,
        objective="contribution", require={}, stress=(),
        material={"turnover": Material(0.01, False), "revenue": Material(0.01, True), "contribution": Material(0.01, True)},
        policies=tuple(made_policy(key, label) for key, label in zip(keys, labels, strict=True)),
    )  # fmt: skip
    return Scenario(**{**facts, **changes})


def flat_records(sums, *, months=12, seeds=1, policies=1, spells=None, groups=None):
    """Records whose sums are given outright: a number holds in every policy, seed and month."""
    scenario = made_scenario(LABELS[:policies], months=months, seeds=seeds)
    shape = (policies, seeds, months)
    filled = {key: np.broadcast_to(np.asarray(value, dtype=float), shape).copy() for key, value in sums.items()}
    return Records(scenario, filled, groups or {}, spells)


def made_records(labels=LABELS[:5], *, months=36, seeds=16, twin=False, effect=1.0, **changes):
    """Plausible records: luck shared by the policies of a seed, and an effect that grows with the policy's place.

    With `twin` the second policy equals the baseline; `changes` go to the scenario.
    """
    scenario = made_scenario(labels, months=months, seeds=seeds, **changes)
    rng = np.random.default_rng(7)
    policies = len(scenario.policies)
    push = effect * rng.normal(0.0, 1.0, policies)
    push[0] = 0.0
    luck = rng.normal(0.0, 1.0, (1, seeds, months)) + rng.normal(0.0, 0.5, (1, seeds, 1))
    own = rng.normal(0.0, 0.4, (policies, seeds, months)) + rng.normal(0.0, 1.0, (policies, seeds, 1))
    if twin:
        push[1], own[1] = 0.0, own[0]
    ramp_in = np.minimum(np.arange(months) / 12.0, 1.0)
    good = np.exp(0.03 * push[:, None, None] * ramp_in + 0.05 * luck + 0.02 * own)
    spells = _spells(scenario, push, rng, twin)
    sums = _sums(good, push, ramp_in)
    return Records(scenario, sums | _standing(sums), _groups(sums, good), spells)


def _sums(good, push, ramp_in):
    bad = 1.0 / good
    filled = np.full(good.shape, 190.0)
    yearly = np.where((np.arange(good.shape[2]) + 1) % 12 == 0, 1.0, np.nan)
    pay = 1.9e6 * np.exp(0.02 * push[:, None, None] * ramp_in) * good**0.5
    sums = {
        "filled": filled, "seats": filled * 0 + 200, "ramped": filled * 0 + 150,
        "quits": np.round(3.2 * bad**4), "dismissals": np.round(1.9 * bad**2), "regretted_quits": np.round(0.8 * bad**3),
        "hires": np.round(5.1 * bad**3), "bookings": 9e6 * good, "bookings_list": 1e7 * good, "oneoff_revenue": 0.0 * good,
        "revenue": 8.5e6 * good, "list_revenue": 9.3e6 * good, "cogs": 2.2e6 * good, "cash_pay": pay, "equity_cost": 0.05 * pay,
        "programme_cost": 4e4 * good * (push[:, None, None] != 0), "hiring_cost": 1e5 * bad**3, "training_cost": 6e4 * bad**3,
        "marketing_cost": 9e5 + 0 * good, "service_cost": 4e5 * good**0.3,
        "lost_vacancy": 2e5 * bad, "lost_ramp": 3e5 * bad, "lost_accounts": 1e5 * bad,
        "period_reps": filled * 0 + 50, "period_attainment": 47.0 * good, "period_at_quota": 24.0 * good,
        "recurring_value": 1e8 * good, "recurring_list": 1.1e8 * good,
        "tenure_median": 20 * yearly * good, "top_fifth_share": 0.41 * yearly * good, "pay_p10": 70_000 * yearly * good,
        "pay_p90": 210_000 * yearly * good, "low_income_share": 0.1 * yearly * bad,
        "deals": np.round(220 * good), "key_deals": np.round(12 * good), "closings": 1000 + 0 * good, "stale": 200 * bad,
        "pipeline": 2900 * bad, "leads": 1300 * good, "referrals": 60 * good, "ramp_log_months": 5 * np.log(5.1) * bad,
        "ramp_count": 5 * bad, "due_value": 5e6 * good, "renewed_value": 4.6e6 * good, "expanded_value": 6e5 * good,
        "due_customers": 120 * good, "renewed_customers": 110 * good, "book_value": 6e7 * good, "book_lost": 1e5 * bad,
        "satisfaction_customers": 0.8 * 1500 * good, "customers": 1500 * good, "house_customers": 900 * good,
        "addressable": 20_000 + 0 * good, "at_risk": 50 * bad, "warned": 0 * good, "saved": 0 * good,
        "proposals": np.round(15 * good), "successes": np.round(4 * good), "failures": np.round(11 * good),
        "sharers": 60 * good, "handover_effort": 300 * bad, "marketing_gain": 2e6 * good,
        "last_month_bookings": 4e6 * good, "moved_value": 8e5 * good, "discount_value": 1e6 * good,
    }  # fmt: skip
    assert set(sums) == {*MONEY, *COUNTS, *YEARLY}
    return sums


def _groups(sums, good):
    """Sums shared out over six segments and four tenure bands; in good months the smaller segments leave less."""
    even = SEGMENT_SHARES / SEGMENT_SHARES.sum()
    lean = even * np.exp(np.linspace(1.0, -1.0, 6) * (good[..., None] - 1.0))
    own = lean / lean.sum(axis=-1, keepdims=True)
    shares = {key: own if key in ("quits", "regretted_quits", "dismissals") else even for key in GROUPS}
    bands = np.array([0.2, 0.2, 0.3, 0.3])
    spread = lambda key: (sums[key][..., None] * shares[key])[..., None] * bands  # noqa: E731
    return {key: spread(key).reshape(*good.shape, 24) for key in GROUPS}


def _standing(sums):
    """Periods by attainment, and reps and leavers by quarter of sales, that add up to the sums they are part of."""
    reached = sums["period_at_quota"]
    below = [(sums["period_reps"] - reached) * share for share in PERIODS_BELOW]
    periods = dict(zip(PERIODS, (*below, *(reached * share for share in PERIODS_FROM)), strict=True))
    whole = {"reps": sums["filled"], "quits": sums["quits"] - sums["regretted_quits"], "dismissals": sums["dismissals"]}
    parts = {f"{kind}_{p}": whole[kind] * s for kind, own in STANDING_SHARES.items() for p, s in zip(STANDINGS, own, strict=True)}
    return periods | parts | {"quits_top": sums["regretted_quits"]}


def _spells(scenario, push, rng, twin):
    """Stays of 60 seats, half of them incumbents at the start, with a hazard that falls with the policy's effect."""
    seats, months = 60, scenario.months
    frames = []
    draws = rng.random((scenario.seed_count, seats, months))
    for policy in range(len(scenario.policies)):
        hazard = 0.028 * np.exp(-0.12 * push[0 if twin and policy == 1 else policy])
        for seed in range(scenario.seed_count):
            left = draws[seed] < hazard
            cell = policy, scenario.first_seed + seed
            frames += [(*cell, seat, *stay) for seat in range(seats) for stay in _stays(left[seat], seat)]
    columns = ["policy", "seed", "seat", "entered", "left", "reason", "started"]
    spells = pd.DataFrame(frames, columns=columns)
    return spells.assign(segment=spells["seat"] % 6, ability=1.0)


def _stays(left, seat):
    """One seat's stays; an incumbent of an even seat has been there for some time, and a seat is filled at once."""
    tenure = entered = seat % 40 if seat % 2 == 0 else 0
    started = 0
    for month, leaves in enumerate(left):
        if leaves:
            yield entered, tenure + 1, "quit", started
            tenure, entered, started = 0, 0, month + 1
        else:
            tenure += 1
    if started < len(left):
        yield entered, tenure, "stayed", started

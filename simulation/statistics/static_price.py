"""What a plan would cost if nobody changed behaviour, beside what it costs when people answer to it.

    static = pay of the baseline's sales under the policy's plan, a year          (`replay`)
    lived  = pay cost of the policy as simulated, the same seeds and months
    wedge  = lived - static                                                       what the answer of people costs, or saves
    lived - lived of the baseline = (static - static of the baseline) + wedge     because the baseline's own wedge is nothing

Pay is cash and deferred pay as it is booked; programmes are bought, not paid to reps, and stand in neither. All from the records
of a run: nothing is simulated. A policy that starts later, or ends, is priced as it runs; who loses is found with the plan in
force all the time (`last_year`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.engine import BLOCK_ELEMENTS, Course, levers_used
from simulation.statistics.intervals import decide, material_amount
from simulation.statistics.last_year import ALL, CELLS, Roster, by_cell, roster, shares_of_reps, year_pay
from simulation.statistics.measures.span import MONTHS_A_YEAR
from simulation.statistics.replay import replay
from simulation.statistics.uncertainty import joint_interval
from simulation.vocabulary import Array

if TYPE_CHECKING:
    from pandas import DataFrame

    from simulation.records import Records

PAY = ("cash_pay", "equity_cost")
"""The sums that the replayed pay answers to."""
MONEY = ("static", "lived", "wedge", "change_static", "change_lived")
SHARES = ("losing5", "losing10", "gaining5", "gaining10", "sales5", "sales10")
BY_CELL = ("change", "relative", "losing5", "losing10")
LEAST_CELL = 0.02
"""Share of the reps counted that a group must have to be named as the largest winner or loser."""


@dataclass(frozen=True, eq=False)
class StaticPrice:
    """Static prices of all policies beside lived ones, and who loses.

    `policies` has one row a policy (index) and the columns `<figure>_mean|_low|_high`, 95% over seeds: `static`, `lived`,
    `wedge`, and the two differences from the baseline `change_static` and `change_lived` [usd a year]; of the reps counted,
    those who would earn at least 5% or 10% less or more, `losing5`, `losing10`, `gaining5`, `gaining10`, and the part of sales
    that those who lose bring, `sales5`, `sales10` [1]; `reps` counted a seed, and `wedge_decided` against the smallest
    difference of pay cost that counts.

    `groups` has one row a policy, band of tenure and motive segment ("all" for totals): `share` of the reps counted, and with
    intervals the `change` of pay [usd a rep a year], the `relative` change, `losing5` and `losing10`.

    `seeds` are the first so many of the study, `year` the months behind who loses. `deferred` says whether any of the plans
    has pay that is booked over time.
    """

    policies: DataFrame
    groups: DataFrame
    seeds: int
    months: int
    year: int
    deferred: bool

    def table(self) -> DataFrame:
        """One row a policy."""
        return self.policies.reset_index()

    def extremes(self, policy: str, *, losers: bool) -> DataFrame:
        """Groups of tenure and segment that lose, or gain, the largest part of pay, the largest first; groups of few left out."""
        rows = self.groups[self.groups["policy"] == policy]
        cells = rows[(rows["tenure"] != ALL) & (rows["segment"] != ALL) & (rows["share"] >= LEAST_CELL)]
        moved = cells[cells["relative_mean"] < 0.0] if losers else cells[cells["relative_mean"] > 0.0]
        return moved.sort_values("relative_mean", ascending=losers, kind="stable")


@dataclass(frozen=True, eq=False)
class _Found:
    """Figures of one set of records: of money and of shares (policy, seed), of groups (policy, cell, seed).

    `deferred` is the part of the static price that is booked over time, (policy, seed) [usd a year].
    """

    figures: dict[str, Array]
    cells: dict[str, Array]
    deferred: Array


def static_price(records: Records) -> StaticPrice:
    """Pay the baseline's sales under every policy's plan; records must hold its ledger.

    Raises
    ------
    NotKeptError
        When a lever of the user's own pays by something that the ledger does not hold.
    """
    found = _found(records)
    point = _found(records.point) if records.point else None
    scenario, seeds = records.scenario, _seeds(records)
    return StaticPrice(
        policies=_policies(records, found, point),
        groups=_groups(records, found, point),
        seeds=seeds,
        months=scenario.months,
        year=min(MONTHS_A_YEAR, scenario.months),
        deferred=bool(np.any(found.deferred)),
    )


def _seeds(records: Records) -> int:
    return len(records.ledger["filled"])


def _found(records: Records) -> _Found:
    """Replay in parts of some policies each, as many as fit the cache."""
    scenario, ledger, seeds = records.scenario, records.ledger, _seeds(records)
    reps = roster(ledger, min(MONTHS_A_YEAR, scenario.months))
    courses = [Course.of(policy) for policy in scenario.policies]
    step = max(BLOCK_ELEMENTS // (seeds * scenario.seats), 1)
    parts = [_paid(records, courses[k : k + step], reps) for k in range(0, len(courses), step)]
    paid, after = (np.concatenate(found, axis=axis) for found, axis in zip(zip(*parts, strict=True), (1, 0), strict=True))
    static = paid.sum(axis=0)
    baseline = _baseline(records)
    lived = sum(records.sums[key][:, :seeds].sum(axis=2) * (MONTHS_A_YEAR / scenario.months) for key in PAY)
    money = {
        "static": static, "lived": lived, "wedge": lived - static,
        "change_static": static - static[baseline], "change_lived": lived - lived[baseline],
    }  # fmt: skip
    before = after[baseline]
    return _Found(money | shares_of_reps(before, after, reps), by_cell(before, after, reps), paid[1])


def _paid(records: Records, courses: Sequence[Course], reps: Roster) -> tuple[Array, Array]:
    """Of some plans: pay in an average year in cash and as booked, (2, policy, seed), and pay of last year's reps."""
    price, after = _walked(records, courses, reps)
    always = [replace(course, starts=0, ends=None) for course in courses]
    return price, after if always == courses else _walked(records, always, reps)[1]


def _walked(records: Records, courses: Sequence[Course], reps: Roster) -> tuple[Array, Array]:
    """Sums of one replay: pay in an average year, (2, policy, seed), and each counted rep's of the last, (policy, seed, seat)."""
    scenario, seeds = records.scenario, _seeds(records)
    used = levers_used([policy.levers for policy in scenario.policies])
    baseline, p = scenario.policy(scenario.baseline).levers, scenario.parameters_at(scenario.seeds[:seeds])
    sums = np.zeros((len(PAY), len(courses), seeds, scenario.months))
    after = np.zeros((len(courses), seeds, scenario.seats))
    for day in replay(records.ledger, courses, baseline, used, p, scenario.months):
        sums[:, :, :, day.month] = [np.add.reduce(paid, axis=-1) for paid in (day.cash, day.deferred)]
        after += year_pay(day.cash + day.deferred, day.month, reps)
    return sums.sum(axis=3) * (MONTHS_A_YEAR / scenario.months), after


def _baseline(records: Records) -> int:
    return [policy.key for policy in records.scenario.policies].index(records.scenario.baseline)


def _policies(records: Records, found: _Found, point: _Found | None) -> DataFrame:
    from pandas import DataFrame

    scenario = records.scenario
    columns: dict[str, Any] = {"label": [policy.label for policy in scenario.policies]}
    for key in (*MONEY, *SHARES):
        columns |= _interval(key, found.figures[key], point.figures[key] if point else None)
    least = material_amount(scenario.material.get("pay_cost"), float(columns["lived_mean"][_baseline(records)]))
    columns["wedge_decided"] = [
        decide(low, high, least, "none") for low, high in zip(columns["wedge_low"], columns["wedge_high"], strict=True)
    ]
    columns["reps"] = found.figures["reps"].mean(axis=-1)
    table = DataFrame(columns, index=[policy.key for policy in scenario.policies])
    table.index.name = "policy"
    return table


def _groups(records: Records, found: _Found, point: _Found | None) -> DataFrame:
    from pandas import DataFrame

    keys = [policy.key for policy in records.scenario.policies]
    columns: dict[str, Any] = {
        "policy": np.repeat(keys, len(CELLS)),
        "tenure": [band for _ in keys for band, _ in CELLS],
        "segment": [motive for _ in keys for _, motive in CELLS],
        "share": found.cells["share"].mean(axis=-1).ravel(),
    }
    for key in BY_CELL:
        columns |= _interval(key, found.cells[key], point.cells[key] if point else None)
    return DataFrame(columns)


def _interval(key: str, values: Array, point: Array | None) -> dict[str, Any]:
    """Mean and limits of a figure by column; limits of a share of reps or sales stay in 0 to 1."""
    mean, low, high, _ = joint_interval(values, point)
    if key in SHARES:
        low, high = np.maximum(low, 0.0), np.minimum(high, 1.0)
    return {f"{key}_{side}": part.ravel() for side, part in zip(("mean", "low", "high"), (mean, low, high), strict=True)}

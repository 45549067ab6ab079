"""A made-up company whose truth is known: people and deals as tables, and what they were drawn from.

    python -m simulation.calibration.company.synthetic scenarios/company

The engine lives through some years of a mid-market SaaS firm that differs from the pack in its labour market, its profile of
quits over tenure, its ramp, the spread of its reps, its deals and its plan. Its monthly flows are then expanded into rows.
What the fit does not assume: opportunities stay open for gamma times (shape 1.5), not exponential ones; deals of vacant
seats go to colleagues; reps are transferred and come back; rows on leave and part-time stand among the others.
How many customers could be won stands in no table; the company has about as many, in money, as the pack.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import tomlkit

from simulation.calibration.company.history import LONGEST
from simulation.calibration.company.lifelike import live
from simulation.calibration.company.mapping import Values
from simulation.calibration.company.moments import EDGES, YEAR
from simulation.calibration.solve import Ask, headline_numbers, solve
from simulation.draws import Draws
from simulation.engine import Course, Settings, board, levers_used, run_block, warm_up
from simulation.evidence.read import Parameters, shipped_parameters
from simulation.experiment.writing import replace_file
from simulation.levers import catalogue
from simulation.month import Now, advance_month
from simulation.scenario.faults import Faults
from simulation.scenario.world import overlay, read_world, shipped_worlds

PACK = "saas_mid_market"
TRUTH: Mapping[tuple[str, str], Any] = {
    ("labour", "quit_intercept"): -4.6,
    ("labour", "dismissal_intercept"): -4.7,
    ("leaving", "quit_profile"): [
        [1, 0.9], [3, 1.5], [6, 1.8], [12, 1.3], [18, 1.0], [24, 0.85], [36, 0.7], [60, 0.6], [120, 0.5], [240, 0.45],
    ],
    ("people", "ability_sigma"): 0.5,
    ("market", "territory_sigma"): 0.3125,
    ("market", "lead_rate"): 2.5,
    ("market", "win_intercept"): -0.75,
    ("market", "close_rate"): 0.24,
    ("market", "deal_value"): 98_000.0,
    ("market", "addressable"): 450.0,
    ("contract", "ramp_tau"): 4.0,
    ("contract", "ramp_months"): 7.0,
    ("contract", "ote"): 160_000.0,
    ("contract", "quota"): 800_000.0,
    ("contract", "renewal_intercept"): 2.0,
}  # fmt: skip
"""Parameters in which the company differs from its pack."""
BASE_SHARE = 0.6
SHAPE = 1.5
"""Of the gamma time for which an opportunity is open."""
STARTS = np.datetime64("2021-07-01")
EXPECTED_SEEDS = range(301, 331)
TOLD = ("quits_rate", "dismissals_rate", "at_quota", "win_rate", "cycle_days", "deal_size", "renewal_rate", "ramp_months")


@dataclass(eq=False)
class Made:
    """A company under way: rows so far, who sits where, and how many there have been."""

    rng: Any
    people: list[dict[str, Any]] = field(default_factory=list)
    deals: list[tuple[Any, ...]] = field(default_factory=list)
    sitting: list[int] = field(default_factory=list)
    count: int = 0

    def sit(self, seat: Any, hired: Any, quota: float, *, again: bool) -> None:
        """Someone new in a seat; now and then somebody who had left."""
        gone = [row for row in self.people if row["left"] is not None and row["cause"] == "voluntary" and not row["back"]]
        self.count += 1
        name = f"R{self.count:04d}"
        if again and gone:
            old = gone[int(self.rng.integers(len(gone)))]
            old["back"], name = True, old["rep"]
        base = round(160_000 * BASE_SHARE * float(np.exp(0.04 * self.rng.standard_normal())), -2)
        self.people.append({
            "rep": name, "team": f"T{seat // 7 + 1:02d}", "hired": hired, "left": None, "cause": "",
            "status": "active", "fte": 1.0,
            "base_pay": base, "variable_pay": round(base * (1.0 - BASE_SHARE) / BASE_SHARE, -2), "quota": round(quota, -3),
            "attainment": [], "back": False,
        })  # fmt: skip
        self.sitting[seat] = len(self.people) - 1


def parameters() -> tuple[Parameters, Settings]:
    """The truth: the pack with `TRUTH` laid over it, its scales solved under its plan, and the plan."""
    faults = Faults(PACK)
    world = read_world(shipped_worlds()[PACK], PACK, faults)
    base = overlay(shipped_parameters(), world, faults)
    faults.raise_any()
    commission: Any = world.ordinary["commission"]
    plan = {key: world.ordinary.get(key, kind()) for key, kind in catalogue().items()}
    plan["commission"] = commission.model_copy(update={"base_share": BASE_SHARE, "rate": None})
    p = base.with_values(TRUTH)
    return p.with_values(solve(Ask("synthetic", p, plan, {}, 210)).solved), plan


def company(
    p: Parameters, plan: Settings, *, seed: int = 7, seats: int = 160, months: int = 48, deal_months: int = 24
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """People and deals of one company, drawn from parameters and a plan; deals of its last months only."""
    used = levers_used([plan])
    s = warm_up(plan, used, p, [seed], seats)
    draws, levers = Draws([seed], seats, s.demand.shape[-1], "run"), board([plan], used, p, s.memory)
    made = Made(np.random.default_rng(seed), sitting=[-1] * seats)
    quota = s.standard_quota[0, 0] * YEAR
    for seat in np.flatnonzero(s.filled[0, 0]):
        made.sit(seat, _month(STARTS, -int(s.tenure[0, 0, seat])), quota[seat], again=False)
    flows = []
    for month in range(months):
        now = Now(month, month, levers, levers, p.at(month), draws)
        owners = _owners(made)
        advance_month(s, now)
        if month >= months - deal_months:
            flows.append((month, owners, _flows(s, now)))
        _attain(made, s, now)
        _turn_over(made, s, month, quota)
    _expand(made, flows, s, months)
    _transfer(made)
    people = _people(made, months)
    deals = _deals(made)
    return people, deals[deals["owner"].isin(people["rep"])]


def _month(day: Any, months: int) -> Any:
    return (day.astype("datetime64[M]") + months).astype("datetime64[D]")


def _within(made: Made, month: int) -> Any:
    """A random day of a month of the run."""
    first, last = _month(STARTS, month), _month(STARTS, month + 1)
    return first + np.timedelta64(int(made.rng.integers((last - first).astype(int))), "D")


def _owners(made: Made) -> list[str]:
    """Who works each seat's opportunities this month: its rep, or a colleague of the team while it is vacant."""
    found = []
    for seat, place in enumerate(made.sitting):
        team = [k for k in made.sitting[seat // 7 * 7 : seat // 7 * 7 + 7] if k >= 0] or [k for k in made.sitting if k >= 0]
        chosen = place if place >= 0 else team[int(made.rng.integers(len(team)))]
        found.append(made.people[chosen]["rep"])
    return found


def _flows(s: Any, now: Any) -> dict[str, Values]:
    fields = {
        "deals": s.deals, "closings": now.closings, "stale": now.stale, "stock": now.mean_stock, "bookings": s.bookings,
        "discount": s.discount, "due": now.customers_due, "renewed": now.renewed_customers, "value": now.value_due,
    }  # fmt: skip
    return {name: np.array(np.broadcast_to(values, s.filled.shape)[0, 0]) for name, values in fields.items()}


def _attain(made: Made, s: Any, now: Any) -> None:
    """At the end of a quarter, what each ramped rep attained."""
    if not np.any(now.ended):
        return
    attained, ramped = np.broadcast_to(now.attainment, s.filled.shape)[0, 0], now.was_ramped[0, 0]
    for seat, place in enumerate(made.sitting):
        if place >= 0:
            made.people[place]["attainment"].append(round(float(attained[seat]), 3) if ramped[seat] else None)


def _turn_over(made: Made, s: Any, month: int, quota: Values) -> None:
    """Leavers get a day of exit and a cause, newcomers a row."""
    for cause, left in (("voluntary", s.quits), ("involuntary", s.dismissals)):
        for seat in np.flatnonzero(left[0, 0]):
            row = made.people[made.sitting[seat]]
            row["left"], row["cause"] = max(_within(made, month), row["hired"]), cause
            made.sitting[seat] = -1
    for seat in np.flatnonzero(s.newcomer[0, 0]):
        made.sit(seat, _month(STARTS, month + 1), quota[seat], again=made.rng.random() < 0.03)


def _expand(made: Made, flows: list[Any], s: Any, months: int) -> None:
    """Monthly flows of a seat as opportunities with days, stages and amounts."""
    total = {name: sum(flow[name].sum() for _, _, flow in flows) for name in ("deals", "closings", "stale", "stock")}
    won_share, mean = total["deals"] / total["closings"], total["stock"] / (total["closings"] + total["stale"]) * 30.4
    rng = made.rng
    for month, owners, flow in flows:
        lost, stale = (rng.poisson(flow[a] * b) for a, b in (("closings", 1.0 - won_share), ("stale", 1.0)))
        for seat, owner in enumerate(owners):
            won = int(flow["deals"][seat])
            parts = rng.lognormal(0.0, 0.4, won)
            sold = flow["bookings"][seat] * parts / max(parts.sum(), 1e-9)
            for stage, amounts in (("won", sold), ("lost", np.zeros(lost[seat])), ("no decision", np.zeros(stale[seat]))):
                for amount in amounts:
                    closed = _within(made, month)
                    opened = closed - np.timedelta64(round(rng.gamma(SHAPE, mean / SHAPE)), "D")
                    off = float(np.clip(flow["discount"][seat] + 0.005 * rng.standard_normal(), 0.0, 0.4))
                    made.deals.append((owner, opened, closed, stage, amount, off, "new"))
            _renew(made, owner, month, {name: flow[name][seat] for name in ("due", "renewed", "value")})
    stock, owners = s.pipeline[0, 0] + s.key_pipeline[0, 0], _owners(made)
    for seat, count in enumerate(rng.poisson(stock)):
        for _ in range(count):
            age = rng.random() * rng.gamma(SHAPE + 1.0, mean / SHAPE)
            opened = _month(STARTS, months) - np.timedelta64(1 + int(age), "D")
            made.deals.append((owners[seat], opened, None, "open", 0.0, 0.0, "new"))


def _renew(made: Made, owner: str, month: int, flow: Mapping[str, float]) -> None:
    """Contracts that fall due in a month."""
    if flow["due"] <= 0.0:
        return
    due = int(made.rng.poisson(flow["due"]))
    renewed = int(made.rng.binomial(due, min(flow["renewed"] / flow["due"], 1.0)))
    for k in range(due):
        closed = _within(made, month)
        opened = closed - np.timedelta64(60, "D")
        made.deals.append((owner, opened, closed, "won" if k < renewed else "lost", flow["value"] / flow["due"], 0.0, "renewal"))


def _transfer(made: Made) -> None:
    """A few stays are cut in two: a transfer, and a stay in another team."""
    rows = [row for row in made.people if row["left"] is None and row["hired"] < STARTS][:5]
    for row in rows:
        day = _month(STARTS, int(made.rng.integers(6, 40)))
        made.people.append(row | {"hired": day, "team": "T01"})
        row.update(left=day, cause="transfer", attainment=[])


def _people(made: Made, months: int) -> pd.DataFrame:
    """People as a table, with some who are on leave or part-time."""
    for k in range(8):
        leave = k % 2 == 0
        made.people.append(made.people[k] | {
            "rep": f"L{k:04d}", "left": None, "cause": "", "status": "parental leave" if leave else "active",
            "fte": 1.0 if leave else 0.6, "attainment": [],
        })  # fmt: skip
    end = _month(STARTS, months)
    found = pd.DataFrame(made.people).drop(columns=["attainment", "back"])
    for k in range(4):
        found[f"attainment_{k + 1}"] = [
            row["attainment"][k - 4] if row["left"] is None and len(row["attainment"]) >= 4 - k else None for row in made.people
        ]
    return found[found["hired"] < end].sort_values(["hired", "rep"]).reset_index(drop=True)


def _deals(made: Made) -> pd.DataFrame:
    columns = ["owner", "opened", "closed", "stage", "amount", "discount", "kind"]
    found = pd.DataFrame(made.deals, columns=columns).sort_values(["opened", "owner"], kind="stable").reset_index(drop=True)
    found["amount"] = found["amount"].round(-1).where(found["amount"] > 0.0)
    found["discount"] = found["discount"].round(3).where(found["stage"] == "won")
    found.insert(0, "deal", [f"D{k:06d}" for k in range(1, len(found) + 1)])
    return found


def expected(p: Parameters, plan: Settings, *, seats: int = 160, months: int = 48) -> dict[str, float]:
    """What a company of these parameters shows on average over many lives, by the names of the figures."""
    used, seeds = levers_used([plan]), EXPECTED_SEEDS
    s = warm_up(plan, used, p, seeds, seats)
    block = run_block(s, [Course(plan)], plan, used, p, seeds=seeds, months=months)
    shown = {key: float(values.mean()) for key, values in headline_numbers(block, dict.fromkeys(TOLD, 0.0)).items()}
    seen = live([p], plan, seats=seats, seeds=seeds, months=months)
    shown |= {"rep_spread": float(seen.rep_spread[0]), "early_sales": float(seen.early_sales[0])}
    for low, high in pairwise(EDGES):
        part = slice(int(low), int(min(high, LONGEST + 1)))
        gone = seen.quits[0, part].sum() + seen.dismissals[0, part].sum()
        name = f"leaving_{low:.0f}_{high:.0f}" if np.isfinite(high) else f"leaving_{low:.0f}_on"
        shown[name] = float(YEAR * gone / seen.months[0, part].sum())
    return shown


def write(folder: Path, *, seed: int = 7, seats: int = 160, months: int = 48) -> None:
    """The two tables and the truth beside them."""
    p, plan = parameters()
    people, deals = company(p, plan, seed=seed, seats=seats, months=months)
    folder.mkdir(parents=True, exist_ok=True)
    replace_file(folder / "people.csv", people.to_csv(index=False).encode())
    replace_file(folder / "deals.csv", deals.to_csv(index=False).encode())
    document = tomlkit.document()
    document.add(tomlkit.comment("What people.csv and deals.csv were drawn from; written by"))
    document.add(tomlkit.comment("python -m simulation.calibration.company.synthetic scenarios/company"))
    document.add(tomlkit.comment("[moments] are averages over many lives of such a company; the tables are one life."))
    document["moments"] = {key: round(value, 5) for key, value in expected(p, plan, seats=seats, months=months).items()}
    own = {f"{group}.{name}": p.rows[group, name].value for group, name in TRUTH}
    document["parameters"] = own | {"commission.base_share": BASE_SHARE}
    replace_file(folder / "truth.toml", tomlkit.dumps(document).encode())


if __name__ == "__main__":
    write(Path(sys.argv[1]))

"""Lives made by hand: a seat's months with figures that a reader can check."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from simulation.evidence.reasons import TERMS
from simulation.living import Life
from simulation.seat_months import PERSON, POST
from simulation.statistics.lived import Whose, months_of, stays_of

USUAL = {
    "talent": 0.0, "segment": 0.0, "weight_money": 0.4, "weight_security": 0.2, "weight_mastery": 0.1, "weight_autonomy": 0.1,
    "weight_recognition": 0.1, "weight_belonging": 0.1, "ramp": 1.0, "effort": 1.0, "effort_hunt": 0.6, "effort_farm": 0.2,
    "effort_share": 0.1, "effort_explore": 0.1, "salary": 5_000.0, "variable": 5_000.0, "cash_pay": 10_000.0,
    "expected_pay": 10_000.0, "outside_pay": 10_000.0, "quota": 100_000.0, "credited": 30_000.0, "attainment": 0.9,
    "record": 0.8, "quit_chance": 0.02, "leave_chance": 0.02, "market_pay": 10_000.0, "deals": 2.0, "customers": 40.0,
}  # fmt: skip
"""What a month shows that says nothing else; all that is not named is 0."""


def made_life(
    stays: Sequence[tuple[int, int, str]], *, months: int = 24, label: str = "Plan A", against: Life | None = None,
    starts: int = 0, tenure: int = 5, seat: int = 3, **changes: Any,
) -> Life:  # fmt: skip
    """A seat where reps sat from one month to another, each time with how it ended: quit, dismissed or nothing.

    `changes` are figures by name, one for all months or one a month.
    """
    figures = {name: np.zeros(months) for name in (*PERSON, *POST)}
    for name, value in (USUAL | changes).items():
        figures[name] = np.broadcast_to(np.asarray(value, dtype=float), (months,)).copy()
    there = np.zeros(months, dtype=bool)
    figures["period_ended"] = (np.arange(months) % 3 == 2).astype(float)
    for begin, end, how in stays:
        there[begin : end + 1] = True
        figures["tenure"][begin : end + 1] = np.arange(end + 1 - begin) + (tenure if begin == 0 else 0)
        figures["quits"][end], figures["dismissals"][end] = float(how == "quit"), float(how == "dismissed")
    for name in PERSON:
        figures[name][~there] = np.nan
    figures["filled"] = there.astype(float)
    frame = months_of({name: figures[name] for name in (*PERSON, *POST)})
    whose = Whose(
        title="Made by hand", name="made", policy="a", label=label, baseline=False, seat=seat, seats=10, seed=1, starts=starts,
        currency="usd", drawn=False,
    )  # fmt: skip
    return Life(frame, stays_of(frame), whose, against)


def term(name: str) -> str:
    """The column of a term of the quitting rule."""
    assert name in TERMS
    return f"term_{name}"

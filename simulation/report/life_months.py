"""The months of a life as a table for people: what the seat's rep did, earned and risked, month by month."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from simulation.report.behind import Behind
from simulation.report.style import MISSING, Scale
from simulation.report.words.stay import CHANCE, SHARE, money

if TYPE_CHECKING:
    from simulation.statistics.lived import Lived

FIT = Scale(1.0, 1, "sd", "sd")
TIMES = Scale(1.0, 2, "", "")
COUNT = Scale(1.0, 0, "", "")


def months_table(life: Lived) -> Behind:
    """A row a month; where another policy is lived beside it, its months follow."""
    pay = money(life)
    columns = (
        ("effort (of an ordinary rep's)", "effort", TIMES), (f"pay ({pay.unit})", "cash_pay", pay),
        (f"pay expected ({pay.unit})", "expected_pay", pay), (f"offered elsewhere ({pay.unit})", "outside_pay", pay),
        (f"quota ({pay.unit})", "quota", pay), ("attainment (%)", "attainment", SHARE), ("deals", "deals", COUNT),
        ("customers", "customers", COUNT), ("fit (sd)", "fit", FIT), ("chance to quit (%)", "quit_chance", CHANCE),
        ("chance to leave (%)", "leave_chance", CHANCE),
    )  # fmt: skip
    lives = [life, *([life.against] if life.against else [])]
    rows = [(one.whose.label, *row) for one in lives for row in _rows(one, columns)]
    return Behind(("policy", "month", "rep", *(head for head, _, _ in columns), "end"), tuple(rows), 3)


def _rows(life: Lived, columns: tuple[tuple[str, str, Scale], ...]) -> Iterator[tuple[str, ...]]:
    for row in life.months.to_dict("records"):
        rep = str(row["rep"]) if row["rep"] else "vacant"
        yield (str(row["month"]), rep, *(_shown(row[name], scale) for _, name, scale in columns), str(row["left"]))


def _shown(value: Any, scale: Scale) -> str:
    return scale.show(value) if math.isfinite(value) else MISSING

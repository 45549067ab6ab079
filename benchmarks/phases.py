"""Where a rep-month's time goes: nanoseconds by phase of the month, for the warm-up and for two blocks.

One block is the shipped study's five policies at many seeds; the other is what a sweep runs, many policies at few seeds.

    python benchmarks/phases.py

The phases are timed from outside: nothing in the model knows of it. Shares hold where absolute figures drift.
"""

from __future__ import annotations

import ast
import time
from collections.abc import Callable
from inspect import getsource
from typing import Any

from shipped_study import Study, study, swept

from simulation import engine, month

SEEDS, MONTHS = 40, 24
SWEPT = 64, 3
"""Policies and seeds of a block of a sweep."""
RECORDS = ("tally", "_keep", "ended_spells", "spells_table")
WHOLE = "all"


def phases() -> list[str]:
    """Names of the functions that the month calls, in order."""
    schedule = ast.parse(getsource(month.advance_month))
    return [call.func.id for call in ast.walk(schedule) if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)]


def timed(spent: dict[str, float], name: str, work: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, adding its processor time to `spent`."""

    def run(*given: Any, **named: Any) -> Any:
        began = time.process_time()
        result = work(*given, **named)
        spent[name] = spent.get(name, 0.0) + time.process_time() - began
        return result

    return run


def main() -> None:
    """Measure and print."""
    study(5, 4).walk(3)
    spent: dict[str, float] = {}
    for name in phases():
        setattr(month, name, timed(spent, name, getattr(month, name)))
    for name in RECORDS:
        setattr(engine, name, timed(spent, name, getattr(engine, name)))
    columns = {}
    for title, prepare in (("5 policies", lambda: study(5, SEEDS)), (f"{SWEPT[0]} policies", lambda: swept(*SWEPT))):
        block: Study = timed(spent, WHOLE, prepare)()
        columns[f"warm-up, {len(block.seeds)} seeds"] = {
            k: 1e9 * v / (block.start.filled.size * engine.WARM_UP) for k, v in spent.items()
        }
        spent.clear()
        timed(spent, WHOLE, block.walk)(MONTHS)
        columns[f"{title}, {len(block.seeds)} seeds"] = {k: 1e9 * v / block.rep_months(MONTHS) for k, v in spent.items()}
        spent.clear()
    print(f"{'ns a rep-month':16s}" + "".join(f"{title:>24s} {'share':>6s}" for title in columns))
    for name in [*phases(), *RECORDS, "the rest", WHOLE]:
        line = f"{name:16s}"
        for column in columns.values():
            whole = column[WHOLE]
            rest = 2.0 * whole - sum(column.values())
            value = rest if name == "the rest" else column.get(name, 0.0)
            line += f"{value:24,.0f} {value / whole:6.0%}"
        print(line)


if __name__ == "__main__":
    main()

"""Tables of made-up companies for tests: a few rows by hand, or many by rule."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from simulation.calibration.company.calibrate import read_company
from simulation.calibration.company.found import Company

PEOPLE = "rep,team,hired,left,cause,base_pay,variable_pay"
DEALS = "deal,owner,opened,closed,stage,amount,discount"


def write(path: Path, header: str, *rows: str, encoding: str = "utf-8") -> Path:
    """A table of lines as they stand."""
    path.write_text("\n".join([header, *rows]) + "\n", encoding=encoding)
    return path


def staff(count: int = 30) -> list[str]:
    """Stays that are fine: every third has quit, every fifth of the others was dismissed."""
    rows = []
    for k in range(count):
        cause = "voluntary" if k % 3 == 0 else "involuntary" if k % 5 == 0 else ""
        left = f"2023-{k % 12 + 1:02d}-15" if cause else ""
        rows.append(f"P{k:03d},T{k % 4},2022-{k % 12 + 1:02d}-01,{left},{cause},90000,60000")
    return rows


def pipeline(count: int = 60, owners: int = 30) -> list[str]:
    """Deals that are fine: every third is won; each is open for 60 days."""
    rows = []
    for k in range(count):
        month, stage = k % 9 + 1, "won" if k % 3 == 0 else "lost"
        rows.append(f"D{k:04d},P{k % owners:03d},2023-{month:02d}-01,2023-{month + 2:02d}-01,{stage},{20000 + 100 * k},0.05")
    return rows


def read(folder: Path, people: Sequence[str] | None = None, deals: Sequence[str] | None = None, **how: Any) -> Company:
    """A company read from rows, under the usual headers."""
    files = {
        "people": write(folder / "people.csv", PEOPLE, *people) if people is not None else None,
        "deals": write(folder / "deals.csv", DEALS, *deals) if deals is not None else None,
    }
    return read_company(files["people"], files["deals"], ramp=5.0, **how)


def mapping(folder: Path, text: str) -> Path:
    """A mapping file."""
    path = folder / "map.toml"
    path.write_text(text, encoding="utf-8")
    return path

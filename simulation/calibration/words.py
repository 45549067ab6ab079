"""Asked and reached, as a table and as sentences: for packs and for firms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table
from rich.text import Text

from simulation.calibration.solve import Ask, Solution
from simulation.evidence.headlines import Headline

PULLS = 0.15
"""Part of a number's answer to its own parameter from which on another parameter is said to pull on it."""


def print_rows(rows: Mapping[str, Mapping[str, Any]], title: str, console: Console) -> None:
    """The table of asked and reached, with the parameters that own the numbers."""
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="dim")
    for name in ("number", "asked", "reached", "± noise", "owned by", "value"):
        table.add_column(name, justify="left" if name in ("number", "owned by") else "right", overflow="fold")
    for key, row in rows.items():
        value = "" if row["value"] is None else f"{row['value']:.5g}"
        table.add_row(key, shown(row["asked"]), shown(row["reached"]), f"{row['error']:.2g}", row["owned_by"], value)
    console.print(Text(title, style="bold"))
    console.print(table)


def shown(value: float) -> str:
    """Four significant digits, and never fewer than the whole ones."""
    return f"{value:,.0f}" if abs(value) >= 1e4 else f"{value:,.4g}"


def missed_sentences(found: Solution, ask: Ask) -> list[str]:
    """A sentence for every number that is not reached: how far off it is, and what stands in its way."""
    by_key = {unknown.key: unknown for unknown in found.unknowns}
    said = []
    for key in found.missed():
        asked, reached = shown(found.asked[key]), shown(found.reached[key])
        text = f"{key} is not reached: asked {asked}, reached {reached} ± {found.error[key]:.2g}"
        reason = _bound(by_key[key], found, ask) or _conflict(by_key[key], found)
        said.append(f"{text}; {reason}" if reason else text)
    return said


def _bound(unknown: Headline, found: Solution, ask: Ask) -> str:
    """That the number's own parameter has come to the end of its range."""
    row = ask.start.rows[unknown.owner]
    value = found.solved[unknown.owner]
    if row.low < value < row.high:
        return ""
    return f"{row.path} stands at {value:.4g} {row.unit}, the end of its range [{row.low:g}, {row.high:g}]"


def _conflict(unknown: Headline, found: Solution) -> str:
    """The other numbers whose parameters move this one most, if any does to speak of."""
    if found.pulls is None:
        return ""
    place = found.unknowns.index(unknown)
    pulls = np.abs(found.pulls[place])
    own = pulls[place]
    order = [k for k in np.argsort(-pulls) if k != place and pulls[k] > PULLS * own and found.unknowns[k].standard is None]
    names = [found.unknowns[k].key for k in order[:2]]
    return f"what it must show for {' and '.join(names)} pulls on it most" if names else ""

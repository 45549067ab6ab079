"""A calibration on a screen of 80 to 100 columns, and as one JSON document."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from simulation.report.streams import BAD, GOOD
from simulation.report.units import band, figure, plain
from simulation.statistics.summary import counted

if TYPE_CHECKING:
    from pandas import DataFrame
    from rich.console import Console
    from rich.table import Table

    from simulation.statistics.fitted import Fitted

WIDEST = 100
SURE = 0.05
"""p-value from which on figures and targets are said to agree."""
BROAD = 96
"""Columns from which the targets that inform a parameter have a column of their own; below it they stand under its name."""
PARAMETERS = {"declared": 8, "fitted": 8, "90% interval": 18}
BY = "informed most by"
BY_WIDTH = 24
FIGURES = {"declared": 8, "fitted": 8, "band": 16, "off by": 7, "grade": 6}
"""Columns of the two tables and their widths; what is left is for words."""
LEGEND = (
    "off by: distance from the target in standard deviations of its band and its noise, by the root of the grade's weight. "
    "90% interval: of targets and prior together."
)
PAIRS_SHOWN = 6


def print_fitted(fitted: Fitted, console: Console) -> None:
    """Print parameters, figures, how well they agree, what stayed unknown, and the ensemble."""
    _say(console, f"Parameters that the targets inform: {len(fitted.informed)} of {len(fitted.parameters)}", style="bold")
    if fitted.informed:
        console.print(_parameters(fitted, min(console.width, WIDEST)))
    console.print()
    _say(console, f"Figures fitted to: {fitted.size}", style="bold")
    console.print(_figures(fitted, min(console.width, WIDEST)))
    _say(console, LEGEND, style="dim")
    console.print()
    for text in sentences(fitted):
        _say(console, text)


def sentences(fitted: Fitted) -> list[str]:
    """What to know of a fit: agreement, figures in their bands, what is not informed, what moves together, draws kept."""
    count = len(fitted.targets)
    before, after = fitted.in_band("before"), fitted.in_band("value")
    said = [agreement(fitted), f"In their bands: {before} of {count} with declared values, {after} of {count} with fitted ones."]
    if fitted.uninformed:
        names = ", ".join(fitted.uninformed)
        said.append(f"Not informed by these targets, kept at the declared value and carried as uncertainty: {names}.")
    pairs = list(fitted.pairs())
    if pairs:
        named = "; ".join(f"{one} and {other} {figure(r, 'ratio')}" for one, other, r in pairs[:PAIRS_SHOWN])
        more = f"; {len(pairs) - PAIRS_SHOWN} more in calibrated.toml" if len(pairs) > PAIRS_SHOWN else ""
        said.append(f"Known together rather than alone (correlation): {named}{more}.")
    out = "; the targets rule the others out" if len(fitted.draws) < fitted.tried else ""
    said.append(f"The ensemble keeps {len(fitted.draws)} of {counted(fitted.tried, 'draw')}{out}.")
    return said


def agreement(fitted: Fitted) -> str:
    """The J statistic in a sentence."""
    head = f"J statistic {plain(fitted.j_statistic)} from {counted(len(fitted.targets), 'figure')}"
    if not math.isfinite(fitted.p_value):
        informed = counted(len(fitted.informed), "informed parameter")
        return f"{head} and {informed}: no degrees of freedom are left to test the fit with."
    chance = "p < 0.001" if fitted.p_value < 0.001 else f"p = {fitted.p_value:.2g}"
    said = "no further from their targets than bands and noise allow" if fitted.p_value >= SURE else (
        "further from their targets than bands and noise allow"
    )  # fmt: skip
    return f"{head} with {counted(fitted.freedom, 'degree')} of freedom, {chance}: taken together the figures lie {said}."


def as_json(fitted: Fitted) -> dict[str, Any]:
    """Everything but draws and levels as a document; no figure is null."""
    return {
        "run": fitted.run, "size": fitted.size,
        "j_statistic": _plain(fitted.j_statistic), "freedom": fitted.freedom, "p_value": _plain(fitted.p_value),
        "parameters": _records(fitted.parameters), "uninformed": fitted.uninformed,
        "targets": _records(fitted.targets),
        "in_band": {"declared": fitted.in_band("before"), "fitted": fitted.in_band("value"), "of": len(fitted.targets)},
        "correlation": [list(pair) for pair in fitted.pairs()],
        "draws": {"kept": len(fitted.draws), "tried": fitted.tried},
    }  # fmt: skip


def _records(table: DataFrame) -> list[dict[Any, Any]]:
    return [{key: _plain(value) for key, value in row.items()} for row in table.to_dict("records")]


def _plain(value: Any) -> Any:
    """A value as JSON holds it."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _parameters(fitted: Fitted, width: int) -> Table:
    from rich.text import Text

    broad = width >= BROAD
    table = _columns("parameter", PARAMETERS, width)
    if broad:
        table.add_column(BY, width=BY_WIDTH)
    rows: list[dict[Any, Any]] = fitted.parameters[fitted.parameters["informed"]].to_dict("records")
    for row in rows:
        under = row["unit"] if broad or not row["informed_by"] else f"{row['unit']}; {BY} {row['informed_by']}"
        table.add_row(
            Text.assemble(row["name"], (f"\n{under}", "dim")), plain(row["declared"]), plain(row["fitted"]),
            f"{plain(row['low'])} to {plain(row['high'])}", *([row["informed_by"]] if broad else []),
        )  # fmt: skip
    return table


def _figures(fitted: Fitted, width: int) -> Table:
    from rich.text import Text

    table = _columns("target", FIGURES, width)
    rows: list[dict[Any, Any]] = fitted.targets.to_dict("records")
    for row in rows:
        hit, unit = row["passes"] == "pass", row["unit"]
        table.add_row(
            Text.assemble(row["id"], (f"\n{row['label']}", "" if not hit else "dim")), figure(row["before"], unit),
            figure(row["value"], unit), band(row["band_low"], row["band_high"], unit), figure(row["residual"], "ratio"),
            Text(f"{'pass' if hit else 'MISS'} {row['grade']}", style=GOOD if hit else ""),
            style="" if hit else f"bold {BAD}",
        )  # fmt: skip
    return table


def _columns(first: str, widths: Mapping[str, int], width: int) -> Table:
    from rich.table import Table

    table = Table(box=None, padding=(0, 1, 0, 0), width=width, header_style="dim")
    table.add_column(first, ratio=1, overflow="fold")
    for name, wide in widths.items():
        table.add_column(name, justify="right", width=wide, no_wrap=True)
    return table


def _say(console: Console, text: str, style: str = "") -> None:
    from rich.padding import Padding
    from rich.text import Text

    console.print(Padding(Text(text, style=style), 0, expand=False), width=min(console.width, WIDEST))

"""What a figure hangs on: shares of its variance as ranked dots with intervals, and what a screening saw of everything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.report.style import COLOURS, FAINT, INK, MARKS, PAPER, SIZES, SOFT, dress
from simulation.statistics.sensitivity.analyse import NOISE
from simulation.statistics.sensitivity.converged import NOT_CONVERGED

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from pandas import DataFrame

    from simulation.report.style import Scale

KINDS = {"policies": 0, "parameters": 1, "world": 2}
"""Colour and mark of a setting, a parameter of people, and one of the world, by the root of the path."""
LEAST_X, LEAST_WIDE, MOST_X = -30.0, 20.0, 120.0
"""[%] How far the picture reaches: at most down, at least up, at most up."""
APART = 0.17
"""Rows between the dot of the total and that of the first order."""


def look_of_path(path: str) -> tuple[str, str]:
    """Colour and mark of what a path names; ink and a bar for luck."""
    place = KINDS.get(path.split(".", maxsplit=1)[0])
    return (INK, "|") if place is None else (COLOURS[place], MARKS[place])


def draw_sensitivity_ranks(ax: Axes, indices: DataFrame, *, title: str) -> Axes:
    """Total shares of the variance as full marks, first orders as hollow ones below, with intervals; luck in the last row.

    Parameters
    ----------
    ax : Axes
        Drawn on and nothing else.
    indices : DataFrame
        Rows of one measure of `Sensitivity.indices_table`, from the top down, with the column `name`.
    title : str
        The message.

    Returns
    -------
    Axes
        The same. An index that has not converged is that word and a pale interval.
    """
    rows = indices.to_dict("records")
    for place, row in enumerate(rows):
        colour, mark = look_of_path(str(row["path"]))
        _dot(ax, row, "total", place - APART, dict(color=colour, marker=mark, markersize=7.5))
        if isinstance(row.get("first_state"), str):
            _dot(ax, row, "first", place + APART, dict(color=colour, marker=mark, markersize=5.5, markerfacecolor=PAPER))
    ax.axvline(0.0, color=SOFT, lw=0.8, zorder=1)
    ends = 100.0 * indices[["total_low", "total_high", "first_low", "first_high"]].to_numpy(dtype=float)
    ax.set_xlim(max(min(np.nanmin(ends), 0.0), LEAST_X) - 2.0, min(max(np.nanmax(ends), LEAST_WIDE), MOST_X) + 3.0)
    dress(ax, title, x="Share of the variance, %", y="")
    _rows(ax, rows)
    ax.grid(axis="x", color=FAINT, lw=0.6)
    return ax


def _dot(ax: Axes, row: dict[Any, Any], part: str, height: float, look: dict[str, Any]) -> None:
    low, high, told = 100.0 * row[f"{part}_low"], 100.0 * row[f"{part}_high"], row[f"{part}_state"] != NOT_CONVERGED
    if row["path"] == NOISE:
        low, high = max(low, 0.0), min(high, 100.0)
    line = dict(color=look["color"], solid_capstyle="butt", zorder=2)
    ax.plot([low, high], [height, height], lw=1.8 if told else 1.0, alpha=0.85 if told else 0.35, **line)
    if told:
        ax.plot(100.0 * row[part], height, ls="", markeredgewidth=1.2, zorder=3, **look)
    elif np.isfinite([low, high]).all():
        middle = 0.5 * (max(low, 0.0) + min(high, 100.0))
        ax.text(
            middle, height, f"{part} {NOT_CONVERGED}", ha="center", va="center", fontsize=SIZES["note"], color=SOFT, clip_on=True,
            bbox=dict(facecolor=PAPER, edgecolor="none", pad=1.0), zorder=4,
        )  # fmt: skip


def draw_screening(ax: Axes, effects: DataFrame, *, title: str, scale: Scale) -> Axes:
    """Mean size of an effect over the range of each factor with its interval; a grey tick is what luck alone would show.

    Parameters
    ----------
    ax : Axes
        Drawn on and nothing else.
    effects : DataFrame
        Rows of one measure of `Sensitivity.screening_table`, from the top down, with the column `name`.
    title : str
        The message.
    scale : Scale
        On which the measure is written.

    Returns
    -------
    Axes
        The same. Full marks went on to the shares of variance, hollow ones did not.
    """
    rows = effects.to_dict("records")
    for place, row in enumerate(rows):
        colour, mark = look_of_path(str(row["path"]))
        low, high = scale.of(row["mu_star_low"]), scale.of(row["mu_star_high"])
        ax.plot([low, high], [place, place], color=colour, lw=1.6, alpha=0.8, solid_capstyle="butt", zorder=2)
        ax.plot(
            scale.of(row["mu_star"]), place, ls="", color=colour, marker=mark, markersize=6.5, markeredgewidth=1.2, zorder=3,
            markerfacecolor=colour if row["kept"] else PAPER,
        )  # fmt: skip
        ax.plot(scale.of(row["luck"]), place, ls="", color=SOFT, marker="|", markersize=9.0, markeredgewidth=1.4, zorder=2.5)
    ax.set_xlim(left=0.0)
    dress(ax, title, x=f"Mean size of the effect over the whole range ({scale.difference_unit})", y="")
    _rows(ax, rows)
    ax.grid(axis="x", color=FAINT, lw=0.6)
    return ax


def _rows(ax: Axes, rows: list[dict[Any, Any]]) -> None:
    """Names of the rows, from the top down, in the colours of their kinds."""
    ax.set_yticks(range(len(rows)), [str(row["name"]) for row in rows])
    ax.set_ylim(len(rows) - 0.4, -0.6)
    for label, row in zip(ax.get_yticklabels(), rows, strict=True):
        label.set_color(look_of_path(str(row["path"]))[0])

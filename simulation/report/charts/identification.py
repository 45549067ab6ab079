"""Which target says how much of which parameter, and how much of the prior's width is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulation.report.style import INK, LEAST_TYPE, PAPER, SIZES, SOFT, dress

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from pandas import DataFrame

SEQUENTIAL = "Blues"
DARK = 0.55
"""Share from which on a cell's number is white."""
TOLD = 0.10
"""Share from which on a cell has a number."""
GAP = 0.5
"""Rows between the strip at the top and the cells."""


def draw_identification(ax: Axes, contributions: DataFrame, parameters: DataFrame, title: str) -> Axes:
    """Cells: share of a target in what is known of a parameter beyond its prior, percent; above, the prior's width that is left.

    Parameters
    ----------
    ax : Axes
        Drawn on and nothing else.
    contributions : DataFrame
        (target, parameter), columns sum to 1, as in `Fitted.contributions`.
    parameters : DataFrame
        `name`, `shrinkage` and `informed`, a row a column of `contributions`.
    title : str
        The message.

    Returns
    -------
    Axes
        The same. Parameters that are not informed are written in grey.
    """
    shares = contributions.to_numpy(dtype=float)
    left = parameters["shrinkage"].to_numpy(dtype=float)
    rows, columns = shares.shape
    edges = (-0.5, columns - 0.5)
    top = -1.0 - GAP
    ax.imshow(shares, cmap=SEQUENTIAL, vmin=0.0, vmax=1.0, aspect="auto")
    ax.imshow(left[None, :], cmap="Greys", vmin=0.0, vmax=1.6, aspect="auto", extent=(*edges, top + 0.5, top - 0.5))
    for (row, column), share in np.ndenumerate(shares):
        if share >= TOLD:
            colour = PAPER if share > DARK else INK
            ax.text(column, row, f"{100 * share:.0f}", fontsize=LEAST_TYPE, ha="center", va="center", color=colour)
    informed = list(parameters["informed"])
    for column, share in enumerate(left):
        weight = "bold" if informed[column] else "normal"
        ax.text(column, top, f"{100 * share:.0f}", fontsize=LEAST_TYPE, ha="center", va="center", color=INK, fontweight=weight)
    dress(ax, title, x="", y="")
    ax.set_xlim(*edges)
    ax.set_ylim(rows - 0.5, top - 0.5)
    ax.set_xticks(range(columns), list(contributions.columns), rotation=40, ha="right", rotation_mode="anchor")
    ax.set_yticks([top, *range(rows)], ["prior's width left, %", *contributions.index])
    ax.set_xticks(np.arange(columns + 1) - 0.5, minor=True)
    ax.set_yticks(np.arange(rows + 1) - 0.5, minor=True)
    ax.grid(which="minor", color=PAPER, lw=1.0)
    ax.tick_params(which="both", length=0, labelsize=SIZES["note"])
    for label, known in zip(ax.get_xticklabels(), informed, strict=True):
        label.set_color(INK if known else SOFT)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
    return ax

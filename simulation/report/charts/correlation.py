"""Which parameters the targets know together rather than alone: the posterior's correlations as a triangle of cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulation.report.style import INK, LEAST_TYPE, PAPER, SIZES, dress
from simulation.statistics.fitted import CORRELATED

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from pandas import DataFrame

DIVERGING = "RdBu"
DARK = 0.6
"""Size from which on a cell's number is white."""


def draw_correlation(ax: Axes, correlation: DataFrame, title: str) -> Axes:
    """Cells below the diagonal, with a number where a pair is worth a word.

    Parameters
    ----------
    ax : Axes
        Drawn on and nothing else.
    correlation : DataFrame
        (parameter, parameter), symmetric.
    title : str
        The message.
    """
    values = correlation.to_numpy(dtype=float)[1:, :-1]  # row one and the last column hold no cell below the diagonal
    below = np.where(np.tri(len(values), dtype=bool), values, np.nan)
    ax.imshow(below, cmap=DIVERGING, vmin=-1.0, vmax=1.0, aspect="auto")
    for (row, column), r in np.ndenumerate(below):
        if abs(r) >= CORRELATED:
            text = f"{r:.1f}".replace("-", "−")
            ax.text(column, row, text, fontsize=LEAST_TYPE, ha="center", va="center", color=PAPER if abs(r) > DARK else INK)
    dress(ax, title, x="", y="")
    names = list(correlation.columns)
    ax.set_xticks(range(len(values)), names[:-1], rotation=40, ha="right", rotation_mode="anchor")
    ax.set_yticks(range(len(values)), names[1:])
    ax.tick_params(length=0, labelsize=SIZES["note"])
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
    return ax

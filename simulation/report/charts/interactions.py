"""Which pairs of factors explain something only together, as a triangle of cells; each alone on the diagonal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulation.report.style import INK, PAPER, SIZES, SOFT, dress
from simulation.statistics.sensitivity.converged import NOT_CONVERGED

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from pandas import DataFrame

SEQUENTIAL = "Blues"
DARK = 0.55
LEAST = 0.1
"""The scale reaches to this share at least, so that noise does not fill it."""
WORDS = NOT_CONVERGED.replace(" ", "\n")


def draw_cells(ax: Axes, indices: DataFrame, interactions: DataFrame, *, title: str = "") -> Axes:
    """Cells below the diagonal: share of the variance that a pair explains beyond each alone; on it, first orders, in grey.

    Parameters
    ----------
    ax : Axes
        Drawn on and nothing else.
    indices : DataFrame
        Rows of one measure of `Sensitivity.indices_table`, without that of luck, in the order of the cells; with `name`.
    interactions : DataFrame
        Rows of the same measure of `Sensitivity.interactions_table`.
    title : str
        The message; none where it is empty.

    Returns
    -------
    Axes
        The same. Bold where the interval lies above zero.
    """
    paths, names = list(indices["path"]), list(indices["name"])
    count = len(paths)
    cells = np.full((count, count), np.nan)
    texts: dict[tuple[int, int], tuple[str, bool]] = {}
    for pair in interactions.to_dict("records"):
        left, below = sorted((paths.index(pair["one"]), paths.index(pair["other"])))
        if pair["second_state"] == NOT_CONVERGED:
            texts[below, left] = (WORDS, False)
        else:
            cells[below, left] = max(pair["second"], 0.0)
            texts[below, left] = (f"{100.0 * cells[below, left]:.0f}", pair["second_low"] > 0.0)
    reach = max(float(np.nanmax(cells)) if np.isfinite(cells).any() else 0.0, LEAST)
    ax.imshow(cells, cmap=SEQUENTIAL, vmin=0.0, vmax=reach, aspect="auto")
    for (below, left), (text, bold) in texts.items():
        share = cells[below, left]
        colour = SOFT if np.isnan(share) else PAPER if share > DARK * reach else INK
        weight = "bold" if bold else "normal"
        _write(ax, left, below, text, color=colour, fontweight=weight)
    for place, row in enumerate(indices.to_dict("records")):
        told = row["first_state"] != NOT_CONVERGED
        text = f"{100.0 * max(row['first'], 0.0):.0f}" if told else WORDS
        _write(ax, place, place, text, color=SOFT, fontstyle="italic")
    dress(ax, title, x="", y="")
    ax.set_xticks(range(count), names, rotation=35, ha="right", rotation_mode="anchor")
    ax.set_yticks(range(count), names)
    ax.set_xticks(np.arange(count + 1) - 0.5, minor=True)
    ax.set_yticks(np.arange(count + 1) - 0.5, minor=True)
    ax.grid(which="minor", color=PAPER, lw=1.0)
    ax.tick_params(which="both", length=0)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
    return ax


def _write(ax: Axes, column: int, row: int, text: str, **look: str) -> None:
    """Words in a cell."""
    ax.text(column, row, text, ha="center", va="center", fontsize=SIZES["note"], linespacing=0.95, **look)  # type: ignore[arg-type]

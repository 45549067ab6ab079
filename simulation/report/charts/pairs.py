"""What two levers bring together against the sum of what each brings alone, as a triangle of cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulation.report.style import INK, SIZES, SOFT, dress

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from pandas import DataFrame

    from simulation.report.style import Scale

DIVERGING = "RdBu"
DARK = 0.6
"""Share of the scale beyond which a cell's number is white."""


def draw_pairs(ax: Axes, singles: DataFrame, pairs: DataFrame, *, measure: str, title: str, scale: Scale) -> Axes:
    """Cells below the diagonal: gain of both less the sum of the single gains; on the diagonal the single gain, framed.

    Parameters
    ----------
    ax : Axes
        Drawn on and nothing else.
    singles, pairs : DataFrame
        From `pair_table`, with the column `title` of names to show in `singles`.
    measure : "contribution" or "turnover"
        Whose gains; more is better in both.
    title : str
        The message.
    scale : Scale
        On which figures are written.

    Returns
    -------
    Axes
        The same. A bold number's interval excludes zero.
    """
    names = list(singles["lever"])
    count = len(names)
    cells = np.full((count, count), np.nan)
    bold = set()
    for pair in pairs.to_dict("records"):
        low, high = sorted((names.index(pair["first"]), names.index(pair["second"])))
        cells[high, low] = pair[f"{measure}_interaction"]
        if pair[f"{measure}_verdict"] != "open":
            bold.add((high, low))
    reach = max(float(np.nanmax(np.abs(cells))), 1e-12)
    ax.imshow(cells, cmap=DIVERGING, vmin=-reach, vmax=reach, aspect="auto")
    size = SIZES["note"]
    for (row, place), value in np.ndenumerate(cells):
        if np.isfinite(value):
            ink = "white" if abs(value) > DARK * reach else INK
            weight = "bold" if (row, place) in bold else "normal"
            text = scale.show(value, sign=True)
            ax.text(place, row, text, ha="center", va="center", fontsize=size, color=ink, fontweight=weight)
    for place, gain in enumerate(singles[f"{measure}_gain"]):
        text = scale.show(gain, sign=True)
        ax.text(place, place, text, ha="center", va="center", fontsize=size, color=SOFT, fontstyle="italic")
    dress(ax, title, x="", y="")
    labels = list(singles["title"])
    ax.set_xticks(range(count), labels, rotation=35, ha="right", rotation_mode="anchor")
    ax.set_yticks(range(count), labels)
    ax.tick_params(length=0)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
    return ax

"""Points of a sweep by their difference from the baseline: the best and the worst, with intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.report.lettering import columns, lettering, shorten_apart, shown
from simulation.report.style import FAINT, GAIN, INK, LEAST_TYPE, LOSS, PAPER, SIZES, SOFT, dress
from simulation.report.words.sweep import settings_text
from simulation.report.words.sweep_titles import baseline_label, difference_scale, ranked_title

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from pandas import DataFrame

    from simulation.statistics.swept import Swept

ENDS = 12
"""Points of either end that are shown."""
NAMES, GAP = 0.45, 0.02
"""Shares of the axes' width: what the points' settings may take, and the room beside them."""
FEWEST = 12
"""Columns that the settings of a point have at least."""
BROKEN = "breaks a requirement"
COLOURS = {"better": GAIN, "higher": GAIN, "worse": LOSS, "lower": LOSS}


def ranked_rows(swept: Swept, measure: str) -> DataFrame:
    """The rows that are compared by their difference, the best first, and whether they are `allowed`."""
    rows = swept.run.assign(allowed=swept.allowed())[swept.different]
    rows = rows[np.isfinite(rows[f"{measure}_diff"].to_numpy(dtype=float))]
    ascending = swept.measures[measure].better == "lower"
    return rows.sort_values(f"{measure}_diff", ascending=ascending, kind="stable")


def draw_ranked(ax: Axes, swept: Swept, measure: str | None = None, *, title: bool = True) -> Axes:
    """A dot with its 95% interval a point: the twelve best and the twelve worst, coloured where they are decided.

    Those that break what is required are hollow and pale.

    Parameters
    ----------
    ax : Axes
        Drawn on and nothing else.
    swept : Swept
        From `sweep_table`.
    measure : str, optional
        The objective without it.
    title : bool
        Whether the message stands above the axes.
    """
    measure = measure or swept.facts.objective
    rows, scale = ranked_rows(swept, measure), difference_scale(swept, measure)
    gap = len(rows) > 2 * ENDS
    shown: Any = rows if not gap else rows.iloc[[*range(ENDS), *range(len(rows) - ENDS, len(rows))]]
    heights = [place + (1 if gap and place >= ENDS else 0) for place in range(len(shown))]
    for height, (_, row) in zip(heights, shown.iterrows(), strict=True):
        _dot(ax, height, row, measure, scale)
    ax.axvline(0.0, color=INK, lw=0.9, zorder=2)
    ax.set_ylim((heights[-1] if heights else 0) + 0.7, -0.7)
    ax.set_yticks([])
    texts = (settings_text(swept, row) for _, row in shown.iterrows())
    names: list[tuple[float, str]] = list(zip(heights, texts, strict=True))
    if gap:
        names.append((ENDS, f"{len(rows) - 2 * ENDS:,} more between them"))
    low = _write_names(ax, names)
    x = f"{swept.measures[measure].label}: difference from {baseline_label(swept)} ({scale.difference_unit})"
    dress(ax, ranked_title(swept, rows, measure) if title else "", x=x, y="")
    ax.set_xticks([tick for tick in ax.get_xticks() if low <= tick <= ax.get_xlim()[1]])
    ax.grid(axis="x", color=FAINT, lw=0.6)
    ax.spines["left"].set_visible(False)
    return ax


def _dot(ax: Axes, height: float, row: Any, measure: str, scale: Any) -> None:
    middle, low, high = (scale.of(row[f"{measure}_{side}"]) for side in ("diff", "diff_low", "diff_high"))
    colour = COLOURS.get(row[f"{measure}_decided"], SOFT)
    meets = bool(row["allowed"])
    strong, inside, name = (0.6, colour, "allowed") if meets else (0.25, PAPER, BROKEN)
    ax.plot([low, high], [height, height], color=colour, lw=2.0, alpha=strong, solid_capstyle="butt", zorder=3)
    ax.plot([middle], [height], "o", color=colour, markerfacecolor=inside, markersize=5.5, zorder=4, label=name)


def _write_names(ax: Axes, names: list[tuple[float, str]]) -> float:
    """The points' settings at the left, in a margin made for them; returns where it ends, in the axis's unit."""
    frame, size = ax.get_window_extent(), SIZES["tick"] if len(names) <= ENDS else SIZES["note"]
    texts = [
        ax.text(
            0.0, height, shown(name), transform=ax.get_yaxis_transform(), va="center", fontsize=size, color=INK, **lettering(),
        )
        for height, name in names
    ]  # fmt: skip
    room = NAMES * frame.width
    size *= min(room / max(text.get_window_extent().width for text in texts), 1.0)
    for text in texts:  # all in one size, and cut where that is not enough
        text.set_fontsize(max(size, LEAST_TYPE))
    most = max(columns(name) for _, name in names)
    while (width := max(text.get_window_extent().width for text in texts)) > room and most > FEWEST:
        most = max(min(most - 1, int(most * room / width) + 2), FEWEST)
        for text, name in zip(texts, shorten_apart([name for _, name in names], most), strict=True):
            text.set_text(shown(name))
    share = width / frame.width + GAP
    ax.autoscale_view(scaley=False)
    low, high = ax.dataLim.intervalx
    low, high = (min(low, 0.0), max(high, 0.0)) if low < high else (-0.5, 0.5)
    width = (high - low) / (1.0 - share - GAP)
    ax.set_xlim(low - share * width, high + GAP * width)
    return float(low)

"""Rows named inside the axes: a policy a row, the name in a margin made for it at the left, a line at zero, a key above."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import TYPE_CHECKING

from simulation.report.style import FAINT, INK, SIZES, shorten

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAME_WIDTH = 26
"""[characters] Of a line of a name."""
ROOMY = 8
"""Up to so many rows a name may take two lines."""
WIDEST_NAMES, WIDEST_FIGURES = 0.4, 0.3
"""Shares of the axes that names, and figures at the right, may take."""
LEAST_REACH = 1e-9
SLACK = 0.01
FIRST = -0.5
"""Row at which the lines of ticks begin: above is the key."""


def name_rows(ax: Axes, names: Sequence[str], reach: tuple[float, float], *, figures: float) -> None:
    """Write names beside rows 0, 1, ..., set the limits so that what is drawn keeps off them, and draw the lines of the ticks.

    Parameters
    ----------
    ax : Axes
        Its y axis counts rows downwards from here on.
    names : one a row
    reach : the least and the most of what is drawn along x, zero among it
    figures : [points] room that figures behind the right end take
    """
    lines = 2 if len(names) <= ROOMY else 1
    size = SIZES["label"] if len(names) <= ROOMY else SIZES["note"]
    ax.set_ylim(len(names) - 0.4, -1.0)
    ax.set_yticks([])
    written = [
        ax.text(
            0.0, place, "\n".join(wrap(shorten(name, lines * NAME_WIDTH - 2 * (lines - 1)), NAME_WIDTH)[:lines]),
            transform=ax.get_yaxis_transform(), fontsize=size, va="center", color=INK, parse_math=False, linespacing=1.05,
        )
        for place, name in enumerate(names)
    ]  # fmt: skip
    frame = ax.get_window_extent()
    left = min(max(text.get_window_extent().width for text in written) / frame.width + 0.03, WIDEST_NAMES)
    right = min(figures * ax.figure.dpi / 72.0 / frame.width, WIDEST_FIGURES)
    low, high = reach
    if high - low < LEAST_REACH:
        low, high = low - 0.5, high + 0.5
    width = (high - low) / (1.0 - left - right)
    ax.set_xlim(low - left * width, high + right * width)
    ax.set_xticks([tick for tick in ax.get_xticks() if low - SLACK * width <= tick <= high + right * width])
    ax.vlines(ax.get_xticks(), FIRST, len(names) - 0.4, color=FAINT, lw=0.6, zorder=0)
    ax.vlines(0.0, FIRST, len(names) - 0.4, color=INK, lw=0.9, zorder=2)
    ax.spines["left"].set_visible(False)

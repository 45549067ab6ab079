"""Rows named inside the axes: a policy a row, its name in a margin made for it at the left, a line at zero, a key above."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from simulation.report.lettering import fold, lettering, shorten_apart, shown
from simulation.report.style import FAINT, INK, SIZES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAME_WIDTH = 26
"""[characters] Of a line of a name."""
ROOMY = 8
"""Up to so many rows a name may take two lines."""
WIDEST_NAMES, WIDEST_FIGURES = 0.4, 0.32
"""Shares of the axes that names, and figures at the right, may take."""
KEY_ROOM = 26.0
"""[points] Above the first row, for the key."""
MOST_ROWS = 20
"""Of more policies only those that the picture is about are drawn."""
LEAST_REACH = 1e-9
SLACK = 0.01
"""Share of the width by which a tick may lie left of what is drawn."""


def rows_shown(policies: Sequence[str], weight: Mapping[str, float]) -> tuple[list[str], str]:
    """At most `MOST_ROWS` policies, those of the largest weight, in their own order; and what to add to the label of an axis."""
    largest = sorted(policies, key=lambda policy: -weight[policy])[:MOST_ROWS]
    kept = [policy for policy in policies if policy in largest]
    return kept, f"; {len(kept)} of {len(policies)} policies" if len(kept) < len(policies) else ""


def name_rows(
    ax: Axes, names: Sequence[str], reach: tuple[float, float], *, before: float = 0.0, behind: float, above: float = KEY_ROOM,
    ticks: Sequence[float] | None = None,
) -> float:  # fmt: skip
    """Write names beside rows 0, 1, ..., set the limits so that what is drawn keeps off them, and draw the lines of the ticks.

    Parameters
    ----------
    ax : Axes
        Its y axis counts rows downwards from here on.
    names : one a row
    reach : the least and the most of what is drawn along x, zero among it
    before, behind : [points] room that figures take left and right of it
    above : [points] room for the key above the first row
    ticks : where the axis has them; where matplotlib finds them good when left out

    Returns
    -------
    float
        Share of the axes that the names take.
    """
    frame, (first, last) = ax.get_window_extent(), (-0.5, len(names) - 0.5)
    names_take = rows_down(ax, names, above)
    more, right = (min(points * ax.figure.dpi / 72.0 / frame.width, WIDEST_FIGURES) for points in (before, behind))
    left = names_take + more
    low, high = reach
    if high - low < LEAST_REACH:
        low, high = low - 0.5, high + 0.5
    width = (high - low) / (1.0 - left - right)
    ax.set_xlim(low - left * width, high + right * width)
    places = ax.get_xticks() if ticks is None else ticks
    ax.set_xticks([tick for tick in places if low - SLACK * width <= tick <= high + right * width])
    ax.vlines(ax.get_xticks(), first, last, color=FAINT, lw=0.6, zorder=0)
    ax.vlines(0.0, first, last, color=INK, lw=0.9, zorder=2)
    ax.spines["left"].set_visible(False)
    return names_take


def rows_down(ax: Axes, names: Sequence[str], above: float = KEY_ROOM) -> float:
    """Let the y axis count rows downwards, with room for a key above them, and name them; returns the share the names take."""
    keep_above(ax, len(names), above)
    ax.set_yticks([])
    return _write(ax, names)


def keep_above(ax: Axes, rows: int, points: float) -> None:
    """Set the limits of so many rows so that there is room above the first."""
    key = points * ax.figure.dpi / 72.0 / ax.get_window_extent().height
    ax.set_ylim(rows - 0.5, -0.5 - rows * key / (1.0 - key))


def _write(ax: Axes, names: Sequence[str]) -> float:
    """Write the names; returns the share of the axes that they take."""
    lines = 2 if len(names) <= ROOMY else 1
    size = SIZES["label"] if len(names) <= ROOMY else SIZES["note"]
    written = [
        ax.text(
            0.0, place, "\n".join(fold(shown(name), NAME_WIDTH)[:lines]),
            transform=ax.get_yaxis_transform(), fontsize=size, va="center", color=INK, linespacing=1.05, **lettering(),
        )
        for place, name in enumerate(shorten_apart(names, lines * NAME_WIDTH - 2 * (lines - 1)))
    ]  # fmt: skip
    widest = max(text.get_window_extent().width for text in written)
    return min(float(widest) / ax.get_window_extent().width + 0.03, WIDEST_NAMES)

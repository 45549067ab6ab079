"""Published figures against simulated ones: a row a figure, its band as a bar, the same width for all."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.report.style import FAINT, GAIN, INK, LOSS, PAPER, SOFT, dress, in_type
from simulation.report.units import band, figure, interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from pandas import DataFrame

LEFT, RIGHT = -1.0, 2.0
"""Ends of the part that is drawn to scale, in widths of a band: it begins at 0 and ends at 1."""
COLUMNS: Mapping[str, tuple[float, str]] = {
    "id": (-5.0, "left"), "label": (-3.6, "left"), "simulated": (2.75, "right"), "95% interval": (3.95, "right"),
    "band": (5.35, "right"), "grade": (5.8, "right"),
}  # fmt: skip
"""Where words and figures stand, on the same scale."""
ENDS = (-5.05, 5.85)
BAND = "#dbe7f0"
FADING = ((0.5, 0.6), (1.0, 0.3))
"""Where an open band fades, in widths beyond the closed part, and how much of its colour is left."""
HEIGHT = 0.62
SMALL = 8.0
PACKS = "pack."
PACKS_HEAD = "Industry packs: largest distance from the headline numbers asked for"


def draw_targets(ax: Axes, table: DataFrame, title: str = "") -> Axes:
    """Plot simulated figures in or beside their bands.

    Parameters
    ----------
    ax : Axes
        Drawn on and nothing else.
    table : DataFrame
        One row a target, as `statistics.shown.verdict_table` makes it; those that cannot be asked are left out before.
        With a column `before`, that figure is drawn too, hollow, tied to the other.
    title : str
        The message; none where it is empty.

    Returns
    -------
    Axes
        The same. The artists of row k have the gid `mark:ID`, `interval:ID`, `published:ID` and `before:ID`.
    """
    place = 0.0
    packs = False
    rows: list[dict[Any, Any]] = table.to_dict("records")
    for row in rows:
        if row["id"].startswith(PACKS) and not packs:
            packs = True
            if place:
                ax.text(COLUMNS["id"][0], place, PACKS_HEAD, fontsize=SMALL, color=SOFT, fontweight="bold", va="center")
                place += 1.0
        _row(ax, place, row)
        place += 1.0
    for name, (x, side) in COLUMNS.items():
        ax.text(x, -1.0, "" if name in ("id", "label") else name, fontsize=SMALL, color=SOFT, ha=side, va="center")
    ax.set_xlim(*ENDS)
    ax.set_ylim(place - 0.4, -1.5)
    dress(ax, title, x="", y="")
    ax.set_xticks([])
    ax.set_yticks([])
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
    return ax


def placed(row: Mapping[Any, Any], values: Any) -> Any:
    """Values on the scale of a row's band, which begins at 0 and ends at 1.

    An open band has no width: the simulated figure is put half a width from the end that there is.
    """
    low, high = row["band_low"], row["band_high"]
    values = np.asarray(values, dtype=float)
    if math.isfinite(low) and math.isfinite(high):
        return (values - low) / (high - low)
    edge, at = (low, 0.0) if math.isfinite(low) else (high, 1.0)
    away = [abs(float(x) - edge) for x in (row["value"], row.get("before", math.nan)) if math.isfinite(x)]
    return at + 0.5 * (values - edge) / max([1e-12, *away])


def _row(ax: Axes, place: float, row: Mapping[Any, Any]) -> None:
    """One target: its words, its band, what was published and what is simulated, and the figures."""
    hit = row["passes"] == "pass"
    colour = GAIN if hit else LOSS
    _band(ax, place, row)
    if math.isfinite(row["published"]):
        x = float(placed(row, row["published"]))
        ax.plot([x, x], [place - HEIGHT / 2, place + HEIGHT / 2], color=INK, lw=1.6, zorder=3, gid=f"published:{row['id']}")
    if math.isfinite(row.get("before", math.nan)):
        _before(ax, place, row, colour)
    if math.isfinite(row["value"]):
        x = float(placed(row, row["value"]))
        if math.isfinite(row["low"]):
            span = np.clip(placed(row, [row["low"], row["high"]]), LEFT, RIGHT)
            ax.plot(span, [place, place], color=colour, lw=1.3, zorder=4, gid=f"interval:{row['id']}")
        inside = LEFT <= x <= RIGHT
        mark = ("o" if hit else "D") if inside else ("<" if x < LEFT else ">")
        ax.plot(
            [min(max(x, LEFT), RIGHT)], [place], mark, color=colour, ms=5.5 if inside else 7.5, mec=PAPER, mew=0.6,
            zorder=5, clip_on=False, gid=f"mark:{row['id']}",
        )  # fmt: skip
    _write(ax, place, row, hit=hit)


def _before(ax: Axes, place: float, row: Mapping[Any, Any], colour: str) -> None:
    """The figure before, hollow, and the way from it."""
    was, now = (min(max(float(placed(row, row[key])), LEFT), RIGHT) for key in ("before", "value"))
    ax.plot([was, now], [place, place], color=colour, lw=0.8, ls=(0, (1, 1.5)), zorder=3)
    ax.plot([was], [place], "o", color=SOFT, mfc=PAPER, ms=4.5, zorder=4, clip_on=False, gid=f"before:{row['id']}")


def _band(ax: Axes, place: float, row: Mapping[Any, Any]) -> None:
    """The band as a bar, fading out to an open side; a hairline through the row."""
    ax.plot([LEFT, RIGHT], [place, place], color=FAINT, lw=0.6, zorder=0)
    pieces = [(0.0, 1.0, 1.0)]
    for end, sign, start in ((row["band_low"], -1.0, 0.0), (row["band_high"], 1.0, 1.0)):
        if not math.isfinite(end):
            before = 0.0
            for until, left in FADING:
                pieces.append((start + sign * before, start + sign * until, left))
                before = until
    for first, last, left in pieces:
        ax.barh(place, last - first, left=first, height=HEIGHT, color=BAND, alpha=left, lw=0, zorder=1)


def _write(ax: Axes, place: float, row: Mapping[Any, Any], *, hit: bool) -> None:
    unit = row["unit"]
    words = {
        "id": row["id"], "label": row["label"], "simulated": figure(row["value"], unit),
        "95% interval": interval(row["low"], row["high"], unit), "band": band(row["band_low"], row["band_high"], unit),
        "grade": row["grade"],
    }  # fmt: skip
    for name, text in words.items():
        x, side = COLUMNS[name]
        strong = not hit and name in ("label", "simulated")
        ax.text(
            x, place, text, fontsize=SMALL, color=SOFT if name == "id" else in_type(LOSS) if strong else INK,
            fontweight="bold" if strong else "normal", ha=side, va="center", parse_math=False,
        )  # fmt: skip

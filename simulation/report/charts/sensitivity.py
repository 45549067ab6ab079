"""What a figure hangs on: shares of its variance as ranked dots with intervals, and what a screening saw of everything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulation.report.lettering import lettering, shown
from simulation.report.style import COLOURS, FAINT, INK, MARKS, PAPER, SIZES, SOFT, dress, in_type
from simulation.report.words.sensitivity import within
from simulation.statistics.sensitivity.analyse import CLEAR, NOISE
from simulation.statistics.sensitivity.converged import NOT_CONVERGED

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Annotation
    from pandas import DataFrame

    from simulation.report.style import Scale

KINDS = {"policies": 0, "parameters": 1, "world": 2}
"""Colour and mark of a setting, a parameter of people, and one of the world, by the root of the path."""
LEAST_WIDE = 20.0
"""[%] How far the picture reaches at least."""
OFF = 5.0
"""[points] Between what is drawn and words behind it."""
LEAST_ROOM = 0.2
"""Share of the axes that is left to what is drawn, however long words are."""
APART = 0.17
"""Rows between the dot of the total and that of the first order."""


def look_of_path(path: str) -> tuple[str, str]:
    """Colour and mark of what a path names; ink and a bar for luck."""
    place = KINDS.get(path.split(".", maxsplit=1)[0])
    return (INK, "|") if place is None else (COLOURS[place], MARKS[place])


def draw_ranks(ax: Axes, indices: DataFrame, *, title: str = "") -> Axes:
    """Total shares of the variance as full marks, first orders as hollow ones below, with intervals; luck in the last row.

    Parameters
    ----------
    ax : Axes
        Drawn on and nothing else.
    indices : DataFrame
        Rows of one measure of `Sensitivity.indices_table`, from the top down, with the column `name`.
    title : str
        The message; none where it is empty.

    Returns
    -------
    Axes
        The same. An index that has not converged is that word, and a pale interval where that says something.
    """
    rows = indices.to_dict("records")
    ends: list[tuple[float, ...]] = []
    for place, row in enumerate(rows):
        colour, mark = look_of_path(str(row["path"]))
        look = dict(color=colour, marker=mark, markeredgewidth=1.2)
        if row["path"] == NOISE:
            ends.append((_dot(ax, row, "total", place, look | dict(markersize=9.0)),))
            continue
        total = _dot(ax, row, "total", place - APART, look | dict(markersize=7.5))
        ends.append((total, _dot(ax, row, "first", place + APART, look | dict(markersize=5.5, markerfacecolor=PAPER))))
    ax.axvline(0.0, color=SOFT, lw=0.8, zorder=1)
    ax.set_xlim(-2.0, max(*(max(pair) for pair in ends), LEAST_WIDE) + 3.0)
    dress(ax, title, x="Share of the variance, %", y="")
    _rows(ax, rows)
    _open_words(ax, rows, ends)
    ax.grid(axis="x", color=FAINT, lw=0.6)
    return ax


def _dot(ax: Axes, row: dict[Any, Any], part: str, height: float, look: dict[str, Any]) -> float:
    """A share and its interval, pale where it has not converged, within 0 to 100; returns how far right that reaches."""
    told, ends = row[f"{part}_state"] != NOT_CONVERGED, within(row[f"{part}_low"], row[f"{part}_high"])
    if ends:
        ax.plot(
            [100.0 * end for end in ends], [height, height], lw=1.8 if told else 1.0, alpha=0.85 if told else 0.35,
            color=look["color"], solid_capstyle="butt", zorder=2,
        )  # fmt: skip
    if told:
        ax.plot(100.0 * min(max(row[part], 0.0), 1.0), height, ls="", zorder=3, **look)
    return 100.0 * max(ends[1] if ends else 0.0, min(row[part], 1.0) if told else 0.0)


def _open_words(ax: Axes, rows: list[dict[Any, Any]], ends: list[tuple[float, ...]]) -> None:
    """Behind what has not converged the words for it; the axis becomes as long as they need, its ticks stay shares."""
    low, high = ax.get_xlim()
    frame, dots = ax.get_window_extent(), ax.figure.dpi / 72.0
    for place, (row, reach) in enumerate(zip(rows, ends, strict=True)):
        total, first = (row.get(f"{part}_state") == NOT_CONVERGED for part in ("total", "first"))
        if total and first:
            text = _word(ax, NOT_CONVERGED, max(reach), place)
        elif total or first:
            height = place + (APART if first else -APART)
            text = _word(ax, f"{'first' if first else 'total'} {NOT_CONVERGED}", reach[int(first)], height)
        else:
            continue
        room = 1.0 - (text.get_window_extent().width + 2.0 * OFF * dots) / frame.width
        high = max(high, low + (text.xy[0] - low) / max(room, LEAST_ROOM))
    ax.set_xlim(low, high)
    ax.set_xticks([tick for tick in ax.get_xticks() if 0.0 <= tick <= min(high, 100.0)])


def _word(ax: Axes, words: str, right: float, height: float) -> Annotation:
    """Words behind what reaches so far right."""
    return ax.annotate(
        words, (right, height), xytext=(OFF, 0.0), textcoords="offset points", va="center", fontsize=SIZES["note"], color=SOFT,
        zorder=4, bbox=dict(facecolor=PAPER, edgecolor="none", pad=0.5),
    )  # fmt: skip


def draw_screening(ax: Axes, effects: DataFrame, *, title: str = "", scale: Scale) -> Axes:
    """Mean size of an effect over the range of each factor with its interval; beyond the grey tick it is clear of luck.

    Parameters
    ----------
    ax : Axes
        Drawn on and nothing else.
    effects : DataFrame
        Rows of one measure of `Sensitivity.screening_table`, from the top down, with the column `name`.
    title : str
        The message; none where it is empty.
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
        clear = scale.of(CLEAR * row["luck"])
        ax.plot(clear, place, ls="", color=SOFT, marker="|", markersize=9.0, markeredgewidth=1.4, zorder=2.5)
    ax.set_xlim(left=0.0)
    dress(ax, title, x=f"Mean size of the effect over the whole range ({scale.difference_unit})", y="")
    _rows(ax, rows)
    ax.grid(axis="x", color=FAINT, lw=0.6)
    return ax


def _rows(ax: Axes, rows: list[dict[Any, Any]]) -> None:
    """Names of the rows, from the top down, in the colours of their kinds."""
    ax.set_yticks(range(len(rows)), [shown(str(row["name"])) for row in rows], **lettering())
    ax.set_ylim(len(rows) - 0.4, -0.6)
    for label, row in zip(ax.get_yticklabels(), rows, strict=True):
        label.set_color(in_type(look_of_path(str(row["path"]))[0]))

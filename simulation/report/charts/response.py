"""One factor of a sweep against a measure: a curve with its band, a line a level of a second factor that has few."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.report.charts.steps import put_log_ticks, put_ticks
from simulation.report.labels import Tag, label_ends
from simulation.report.lettering import shorten
from simulation.report.style import COLOURS, DASHES, FAINT, INK, MARKS, SOFT, dress
from simulation.report.words.sweep import NO_BREAK, axis_label, unbroken
from simulation.report.words.sweep_titles import baseline_name, line_name, measure_scale, response_title
from simulation.statistics.swept_views import Response, is_number, response_lines

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from simulation.experiment.design.factors import Factor
    from simulation.report.style import Scale
    from simulation.statistics.swept import Swept
    from simulation.vocabulary import Array

NEAR = 0.25
"""Of the height of what is shown: so far away a limit is still drawn."""
SLACK = 0.01
"""Of the width of what is shown: so far right of it a tick may lie."""
MOST_MARKS = 40
"""Points of a line that carry a mark."""
RASTER_FROM = 1_000
"""Points from which on they are drawn as a picture within the picture, so that files stay small."""


def draw_response(
    ax: Axes, swept: Swept, measure: str | None = None, *, along: Factor | None = None, by: Factor | None = None,
    title: bool = True,
) -> Axes:  # fmt: skip
    """Lines of means with 95% bands of the difference from the baseline; the baseline under the same parameters dashed.

    Samples that are too few for means over parts of the range stand by themselves, each with its interval, and are not joined.

    Parameters
    ----------
    ax : Axes
        Drawn on and nothing else.
    swept : Swept
        From `sweep_table`.
    measure : str, optional
        The objective without it.
    along, by : Factor, optional
        The first factor of numbers, and the first other one of at most six levels, without them.
    title : bool
        Whether the message stands above the axes.

    Raises
    ------
    ScenarioError
        When no factor has more than one value.
    """
    measure = measure or swept.facts.objective
    found = response_lines(swept, measure, along, by)
    scale, about = measure_scale(swept, measure), swept.measures[measure]
    continuous = _continuous(found)
    if found.along.edges is not None:
        _cloud(ax, swept, found, measure, scale)
    tags = [_line(ax, found, line, scale, line_name(swept, found, line)) for line in sorted(set(found.lines["line"]))]
    below = found.lines.groupby("place").agg({"x": "first", "baseline": "mean"}).reset_index()
    places = below["x" if continuous else "place"].to_numpy(dtype=float)
    apart = swept.worlds and not found.joined  # each sample has a baseline of its own
    line: dict[str, Any] = {"ls": "none", "marker": "_", "markersize": 9} if apart else {"lw": 1.0, "ls": (0, (6, 2))}
    ax.plot(places, scale.of(below["baseline"]), color=INK, zorder=2, label="baseline", **line)
    if continuous and found.along.factor.log:
        ax.set_xscale("log")
        put_log_ticks(ax.xaxis, found.along)
    if not continuous:
        put_ticks(ax.xaxis, found.along, slant=True)
        ax.set_xlim(-0.4, len(found.along.levels) - 0.6)
    required = _limit(ax, swept, measure, scale, places)
    ax.margins(y=0.12)
    better = {"higher": "  –  higher is better", "lower": "  –  lower is better", "none": ""}[about.better]
    unit = f" ({scale.unit})" if scale.unit else ""
    said = response_title(swept, found, measure) if title else ""
    dress(ax, said, x=axis_label(swept, found.along.factor), y=f"{about.label}{unit}{better}")
    ax.grid(color=FAINT, lw=0.6)
    end = Tag(float(places[-1]), float(scale.of(below["baseline"].iloc[-1])), baseline_name(swept), INK)
    label_ends(ax, [*(tag for tag in tags if tag.text), *required, end])
    if continuous and not found.along.factor.log:
        ax.set_xticks([tick for tick in ax.get_xticks() if tick <= places.max() + SLACK * np.ptp(places)])
    return ax


def _continuous(found: Response) -> bool:
    """Whether the axis is one of numbers and not of levels."""
    return all(is_number(level) for level in found.along.levels)


def _line(ax: Axes, found: Response, line: int, scale: Scale, name: str) -> Tag:
    """A line with its band; levels that are words stand beside it, each with its bar."""
    continuous, rows = _continuous(found), found.lines[found.lines["line"] == line]
    x = rows["x" if continuous else "place"].to_numpy(dtype=float)
    mean, low, high = (scale.of(rows[side].to_numpy(dtype=float)) for side in ("mean", "low", "high"))
    colour, mark, label = COLOURS[line % len(COLOURS)], MARKS[line % len(MARKS)], shorten(name, 28)
    first = next((k for k, level in enumerate(rows["x"]) if is_number(level)), len(x))
    shown = mark if len(x) <= MOST_MARKS else ""
    ax.plot(x, mean, ls="none", marker=shown, color=colour, markersize=5, zorder=4, label=label or "mean")
    if found.joined:
        ax.plot(x[first:], mean[first:], color=colour, ls=DASHES[line % len(DASHES)], lw=1.8, zorder=4)
        ax.fill_between(x[first:], low[first:], high[first:], color=colour, alpha=0.18, lw=0, zorder=1)
    alone = slice(0, first if found.joined and len(x) - first > 1 else None)
    ax.vlines(x[alone], low[alone], high[alone], color=colour, lw=1.6, alpha=0.7, zorder=3)
    return Tag(float(x[-1]), float(mean[-1]), unbroken(label), colour)


def _cloud(ax: Axes, swept: Swept, found: Response, measure: str, scale: Scale) -> None:
    """Every sample as a pale dot."""
    rows = swept.run.iloc[found.rows]
    colours = [COLOURS[k % len(COLOURS)] for k in found.line]
    x = np.array(rows[found.along.factor.path] if _continuous(found) else found.along.place, dtype=float)
    y = scale.of(rows[f"{measure}_mean"].to_numpy(dtype=float))
    ax.scatter(x, y, s=7, c=colours, alpha=0.3, lw=0, zorder=1, rasterized=len(x) > RASTER_FROM, label="points")


def _limit(ax: Axes, swept: Swept, measure: str, scale: Scale, places: Array) -> list[Tag]:
    """What is required of the measure, where it is near what is shown; returns its label for the right end."""
    if measure not in swept.facts.require:
        return []
    sign, limit = swept.facts.require[measure]
    low, high = ax.get_ylim()
    near = low - NEAR * (high - low) <= scale.of(limit) <= high + NEAR * (high - low)
    if not near:
        return []
    ends, height = [float(places[0]), float(places[-1])], float(scale.of(limit))
    ax.plot(ends, [height, height], color=SOFT, lw=1.0, ls=":", zorder=2, label="required")
    figure = f"{height:,.4g}{'%' if scale.factor == 100 else ''}"
    return [Tag(ends[1], height, f"required {'≤' if sign == '<=' else '≥'}{NO_BREAK}{figure}", SOFT)]

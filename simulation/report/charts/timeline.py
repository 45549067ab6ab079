"""How a measure goes over the months of the run under each policy."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from simulation.report.charts.curves import draw_curves
from simulation.report.labels import label_ends
from simulation.report.style import FAINT, dress, say_nothing, summary_scale
from simulation.report.words.phrases import called, difference_note, focus, with_unit
from simulation.report.words.quotes import quote
from simulation.statistics.series import smoothing_months

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from simulation.statistics.summary import Summary

SHARES = ("1", "1/year")
"""Units of measures that cannot be negative, so that their bands end at zero."""


def draw_timeline(ax: Axes, summary: Summary, measure: str = "turnover", *, title: bool = True) -> Axes:
    """Plot a measure over the run, a line a policy with a band (see `style.band_of`).

    Parameters
    ----------
    ax : Axes
        Drawn on and nothing else.
    summary : Summary
        `series["timeline"]` holds the numbers; each month is averaged with those before it.
    measure : str
        One of the measures of that series.
    title : bool
        Whether the message stands above the axes.
    """
    frame = summary.series["timeline"]
    frame = frame[frame["measure"] == measure]
    scale = summary_scale(summary, measure)
    least = 0.0 if summary.measures[measure].unit in SHARES else -math.inf
    tags = draw_curves(ax, summary, frame, "month", scale, within=(least, math.inf))
    back = smoothing_months(summary.facts.months)
    months = frame["month"]
    ax.set_xlim(months.min() - 0.5, months.max() + 0.5)
    name = summary.measures[measure].label
    looks_back = f"month of the run; each point: the {back} months up to it" if back > 1 else "month of the run"
    dress(ax, timeline_title(summary, measure) if title else "", x=looks_back.capitalize(), y=f"{name} ({scale.unit})")
    ax.grid(axis="y", color=FAINT, lw=0.6)
    if tags:
        label_ends(ax, tags)
    else:
        say_nothing(ax, f"no policy has a figure of {name.lower()}")
    ax.set_xticks(_ticks(int(months.min()), int(months.max())))
    ax.spines["bottom"].set_bounds(ax.get_xlim()[0], months.max())
    return ax


def _ticks(first: int, last: int) -> list[int]:
    step = 12 if last >= 24 else 3
    while (last - first) / step > 10:
        step *= 2
    return [month for month in range(0, last + 1, step) if month >= first] or [last]


def timeline_title(summary: Summary, measure: str = "turnover") -> str:
    """What a measure is at the end of the run under the leading policy and the baseline."""
    scale, name = summary_scale(summary, measure), summary.measures[measure].label
    policy = focus(summary)
    shown = [summary.baseline] if policy is None else [policy, summary.baseline]
    units = (scale.unit, "%" if scale.unit.startswith("%") else "")
    at_end = {
        p: with_unit(quote(summary, measure, p, "timeline.last.mean", scale=scale), unit)
        for p, unit in zip(shown, units, strict=False)
    }
    levels = ", ".join(f"{at_end[p]} under {called(summary, p)}" for p in shown)
    note = "" if policy is None else difference_note(summary, measure, policy, "timeline.last", scale)
    back = quote(summary, "", "", "timeline.months")
    when = "the last month" if back == "1" else f"the last {back} months of the run"
    return f"{name} in {when}: {levels}{note}"

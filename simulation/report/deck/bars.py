"""Native bar charts that lie on their side: names at the left, figures at the ends, intervals as error bars."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from simulation.report.deck import native
from simulation.report.deck.fit import cut, width_of
from simulation.report.deck.page import LINE, POINTS, SMALL_TYPE, Box
from simulation.report.deck.text import clean
from simulation.report.style import INK

NAMES_TAKE = 0.42
"""Most of a chart's width that names may take."""
BESIDE = 0.15
"""[inches] Between names and bars."""
LEAST_REACH = 5e-3
"""Bars of less, in shown units, are none."""
MOST_BESIDE = 0.3
"""Most of an axis that figures beyond bars may take on either side."""
STEPS = (6, 5, 4)
"""Into how many steps an axis is divided, about, the first whose ticks have room."""
WIDENED = 5
"""How often an axis is widened for them at most."""
GAP_WIDTH, WIDEST_GAP = 60, 400
"""Room between bars, in percent of a bar: as a rule, and where there are few, so that none is thicker than `THICKEST`."""
THICKEST = 0.45
"""[inches] Of a bar."""


@dataclass(frozen=True)
class Part:
    """A series of bars: its name, its values in shown units, and how it is filled; without a colour it is not seen.

    `labels` stand at the ends of its bars, or in their middle when `inside`; `fills` are colours and patterns bar by bar.
    """

    name: str
    values: Sequence[float]
    colour: str | None = None
    pattern: str | None = None
    minus: Sequence[float] = ()
    plus: Sequence[float] = ()
    labels: Sequence[str] = ()
    inside: bool = False
    fills: Sequence[tuple[str, str | None]] = ()


@dataclass(frozen=True)
class Bars:
    """A chart: names of its bars from the top down, their parts, and the name of the axis; `key` adds a legend."""

    names: Sequence[str]
    parts: Sequence[Part]
    axis: str
    stacked: bool = False
    key: bool = False


def insert_bars(placeholder: Any, box: Box, bars: Bars, language: str) -> Any:
    """Put bars into a placeholder; returns the frame of the chart."""
    names = short_names(bars.names, box)
    rows = [
        native.Row(part.name, list(part.values)[::-1], list(part.minus)[::-1], list(part.plus)[::-1]) for part in bars.parts
    ]
    frame = native.insert_categories(placeholder, "BAR_STACKED" if bars.stacked else "BAR_CLUSTERED", names[::-1], rows)
    chart = frame.chart
    plot = _plot(names, box, rows=_key_rows(bars, box))
    low, high, step = _limits(bars, plot.w * box.w)
    native.dress(chart, plot, language)
    form = native.step_format(step)
    native.axis_look(chart.value_axis, form=form, limits=(low, high), step=step, grid=True, title=bars.axis)
    native.axis_look(chart.category_axis)
    chart.category_axis.tick_labels.font.color.rgb = native.rgb(INK)
    chart.plots[0].gap_width = _gap(bars, plot.h * box.h)
    chart.plots[0].overlap = 100 if bars.stacked else 0
    for series, part in zip(chart.plots[0].series, bars.parts, strict=True):
        native.fill_series(series, part.colour, pattern=part.pattern) if part.colour else native.hide_series(series)
        for place, (colour, pattern) in enumerate(reversed(part.fills)):  # in the order of their numbers, as programs write them
            native.fill_series(series.points[place], colour, pattern=pattern)
        _write_labels(series, part, plot, (low, high), bars, language)
    if bars.key:
        _key(chart)
    return frame


def short_names(names: Sequence[str], box: Box) -> list[str]:
    """Names cut to one line that leaves room for bars: not every program breaks the names of an axis."""
    room = NAMES_TAKE * box.w - BESIDE
    found = []
    for name in names:
        text = clean(name)
        fits = width_of(text, SMALL_TYPE) <= room
        found.append(text if fits else cut(text, (room, SMALL_TYPE * LINE / POINTS), SMALL_TYPE))
    return found


def _gap(bars: Bars, high: float) -> int:
    """Room between bars, or pairs of them, on an axis so high [inches]."""
    beside = 1 if bars.stacked else len(bars.parts)
    wanted = 100.0 * (high / len(bars.names) / THICKEST - beside)
    return round(min(max(wanted, GAP_WIDTH), WIDEST_GAP))


def _key_rows(bars: Bars, box: Box) -> int:
    """Lines that the legend takes."""
    if not bars.key:
        return 0
    return math.ceil(sum(width_of(part.name, SMALL_TYPE) + 0.35 for part in bars.parts) / (0.75 * box.w))


def _plot(names: Sequence[str], box: Box, *, rows: int) -> native.Frame:
    left = max(width_of(name, SMALL_TYPE) for name in names) + BESIDE
    below, above, right = 0.7, 0.12 + 0.28 * rows, 0.12
    return native.Frame(left / box.w, above / box.h, (box.w - left - right) / box.w, (box.h - below - above) / box.h)


def _limits(bars: Bars, axis: float) -> tuple[float, float, float]:
    """Limits that hold bars, their intervals, and the figures beyond them on an axis so wide [inches]."""
    ends = [0.0, *(_stacked(bars) if bars.stacked else _reached(bars))]
    low, high = min(ends), max(ends)
    if high - low < LEAST_REACH:
        return 0.0, 1.0, 0.25
    labels = [width_of(text, SMALL_TYPE) for part in bars.parts for text in part.labels if not part.inside]
    share = min((max(labels) + BESIDE) / axis, MOST_BESIDE) if labels else 0.0
    for steps in STEPS:
        found = _widened((low, high), share, steps)
        if _ticks_fit(found, axis):
            break
    return found


def _widened(ends: tuple[float, float], share: float, steps: int) -> tuple[float, float, float]:
    """Limits in so many steps, about, that leave a share of the axis for figures beyond the bars."""
    low, high = ends
    found = native.nice_limits(ends, margin=0.0, zero=True, steps=steps)
    for _ in range(WIDENED):
        need = share * (found[1] - found[0])
        wanted = low - need * (low < 0.0), high + need * (high > 0.0)
        if found[0] <= wanted[0] and wanted[1] <= found[1]:
            break
        found = native.nice_limits(wanted, margin=0.0, zero=True, steps=steps)
    return found


def _ticks_fit(limits: tuple[float, float, float], axis: float) -> bool:
    """Whether figures beside the ticks have room on an axis so wide [inches]."""
    low, high, step = limits
    scale = native.as_fine_as(step)
    widest = max(width_of(scale.show(end), SMALL_TYPE) for end in (low, high)) + BESIDE
    return widest * ((high - low) / step + 1.0) <= axis


def _reached(bars: Bars) -> list[float]:
    """The ends of bars and of their intervals."""
    ends = []
    for part in bars.parts:
        ends += list(part.values)
        for sign, side in ((-1.0, part.minus), (1.0, part.plus)):
            ends += [value + sign * length for value, length in zip(part.values, side, strict=False)]
    return [end for end in ends if math.isfinite(end)]


def _stacked(bars: Bars) -> list[float]:
    """The ends of stacks: parts below zero and above it stack apart."""
    ends = []
    for place in range(len(bars.names)):
        drawn = [part.values[place] for part in bars.parts if math.isfinite(part.values[place])]
        ends += [sum(value for value in drawn if value < 0.0), sum(value for value in drawn if value > 0.0)]
    return ends


def _write_labels(
    series: Any, part: Part, plot: native.Frame, limits: tuple[float, float], bars: Bars, language: str
) -> None:
    """Figures at the ends of bars, beyond their intervals."""
    count = len(bars.names)
    if not part.labels:
        return
    for place, text in enumerate(part.labels):
        value = part.values[place]
        if not text or not math.isfinite(value):
            continue
        side = part.minus if value < 0.0 else part.plus
        beyond = side[place] if side and math.isfinite(side[place]) else 0.0
        moved = beyond / (limits[1] - limits[0]) * plot.w * (-1.0 if value < 0.0 else 1.0)
        position = "CENTER" if part.inside else "INSIDE_BASE" if bars.stacked else "OUTSIDE_END"
        native.label_point(
            series, count - 1 - place, text, position=position, language=language,
            offset=(moved, 0.0) if beyond and not bars.stacked else None,
        )  # fmt: skip
    native.without_leaders(series)


def _key(chart: Any) -> None:
    """A legend above the bars."""
    from pptx.enum.chart import XL_LEGEND_POSITION
    from pptx.util import Pt

    chart.has_legend = True
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    chart.legend.font.size = Pt(SMALL_TYPE)

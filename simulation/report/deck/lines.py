"""Native line charts with names at the ends of the lines instead of a legend."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.report.deck import native
from simulation.report.deck.fit import cut, width_of, wrapped
from simulation.report.deck.page import LINE, POINTS, SMALL_TYPE, Box
from simulation.report.deck.text import clean
from simulation.report.labels import spread
from simulation.report.style import DASHES as PICTURE_DASHES
from simulation.report.style import Scale, band_of, look_of
from simulation.report.words.phrases import focus

if TYPE_CHECKING:
    from pandas import DataFrame

    from simulation.report.deck.book import Book
    from simulation.statistics.summary import Summary

NAMES_TAKE = 0.36
"""Most of a chart's width that names at the ends may take."""
BAND = "ROUND_DOT"
"""The dash of the ends of intervals; no policy has it."""
FROM_END = 0.08
"""[inches] From the end of a line to its name."""
YEAR = 12


@dataclass(frozen=True)
class Axes:
    """The axes of a line chart: the column of the steps and their name, the name of the values, their scale and limits."""

    step: str
    across: str
    up: str
    scale: Scale
    limits: tuple[float, float] | None = None
    floor: float | None = None


def insert_lines(placeholder: Any, box: Box, book: Book, frame: DataFrame, axes: Axes) -> Any:
    """A line a policy over the steps of a series, with the band of the policy of the title; without one, of the baseline.

    Bands are thin dotted lines at their edges: a native line chart has no filled band that survives an edit.
    """
    summary = book.summary
    rows, steps = _rows(summary, frame, axes)
    chart_frame = _insert(placeholder, axes, steps, [row for row, _ in rows])
    chart = chart_frame.chart
    ends = _ends(summary, frame, axes)
    names = _names(summary, ends, box)
    take = max((width_of(line, SMALL_TYPE) for text in names.values() for line in text.split("\n")), default=0.0)
    plot = _plot(box, take + FROM_END + 0.12)
    native.dress(chart, plot, book.language)
    drawn = [value for row, _ in rows for value in row.values]
    limits = axes.limits or native.nice_limits(drawn, zero=axes.floor == 0.0)[:2]
    low, high, unit = native.nice_limits(limits, margin=0.0)
    form = native.step_format(unit)
    native.axis_look(chart.value_axis, form=form, limits=(low, high), step=unit, grid=True, title=axes.up)
    native.axis_look(chart.category_axis, title=axes.across, limits=(steps[0], max(steps[-1], steps[0] + 1)), step=_step(steps))
    for series, (_, (policy, part)) in zip(chart.plots[0].series, rows, strict=True):
        _line(series, summary, policy, band=part != "mean")
    offsets = _offsets(names, ends, box, plot, (low, high))
    for series, (row, (policy, part)) in zip(chart.plots[0].series, rows, strict=True):
        if part == "mean" and policy in names:
            _label(series, row, names[policy], offsets[policy], book, policy)
    return chart_frame


def _insert(placeholder: Any, axes: Axes, steps: Sequence[int], rows: Sequence[native.Row]) -> Any:
    """The chart and its workbook: steps in the first column, a column a line."""
    body = [[step, *(native.finite(row.values[place]) for row in rows)] for place, step in enumerate(steps)]
    series = [
        native.Points(row.name, f"{native.SHEET}!${native.column_name(place)}$1", (1, 2, steps), (place, 2, row.values))
        for place, row in enumerate(rows, 2)
    ]  # fmt: skip
    head = [axes.across, *(row.name for row in rows)]
    return native.insert_scatter(placeholder, "XY_SCATTER_LINES_NO_MARKERS", [head, *body], series)


def _rows(summary: Summary, frame: DataFrame, axes: Axes) -> tuple[list[tuple[native.Row, tuple[str, str]]], list[int]]:
    """Series of lines and bands with the policy and part that each is, and the steps."""
    named, steps = focus(summary), sorted(int(x) for x in frame[axes.step].unique())
    rows = []
    for policy, label in summary.labels.items():
        line = frame[frame["policy"] == policy].set_index(axes.step).reindex(steps)
        rows.append((native.Row(label, list(axes.scale.of(line["mean"]))), (policy, "mean")))
        if policy == (named or summary.baseline):
            edges = [axes.scale.of(np.asarray(edge, dtype=float)) for edge in band_of(summary, policy, frame)]
            for part, edge in zip(("low", "high"), edges, strict=True):
                kept = np.maximum(edge, axes.floor) if axes.floor is not None else edge
                rows.append((native.Row(f"{label}: {part} end of interval", list(kept)), (policy, part)))
    return rows, steps


def _ends(summary: Summary, frame: DataFrame, axes: Axes) -> dict[str, float]:
    """The last value of each policy's line that there is, in shown units."""
    found = {}
    for policy in summary.labels:
        line = frame[frame["policy"] == policy]["mean"].to_numpy(dtype=float)
        seen = line[np.isfinite(line)]
        if len(seen):
            found[policy] = float(axes.scale.of(seen[-1]))
    return found


def _names(summary: Summary, ends: dict[str, float], box: Box) -> dict[str, str]:
    """Names at the ends, in one line or two, no wider than their room."""
    room = NAMES_TAKE * box.w
    most = 2 if len(ends) * 2 * SMALL_TYPE * LINE / POINTS < 0.7 * box.h else 1
    found = {}
    for policy in ends:
        text = clean(summary.labels[policy])
        lines = wrapped(text, room, SMALL_TYPE)
        if len(lines) > most:
            lines = wrapped(cut(text, (room, most * SMALL_TYPE * LINE / POINTS), SMALL_TYPE), room, SMALL_TYPE)
        found[policy] = "\n".join(lines)
    return found


def _plot(box: Box, names: float) -> native.Frame:
    """Where the lines stand: room left for figures and the name of the axis, below for steps, right for names."""
    left, below, above = 0.95, 0.72, 0.12
    return native.Frame(left / box.w, above / box.h, (box.w - left - names) / box.w, (box.h - below - above) / box.h)


def _step(steps: Sequence[int]) -> int:
    """Labels a year apart, or as far as there is room."""
    length = steps[-1] - steps[0]
    return YEAR * max(1, round(length / (6 * YEAR))) if length > YEAR else max(length // 4, 1)


def _line(series: Any, summary: Summary, policy: str, *, band: bool) -> None:
    from pptx.enum.chart import XL_MARKER_STYLE
    from pptx.enum.dml import MSO_LINE
    from pptx.util import Pt

    look = look_of(summary, policy)
    strong = policy in (summary.baseline, focus(summary))
    series.smooth = False
    series.marker.style = XL_MARKER_STYLE.NONE
    line = series.format.line
    line.color.rgb = native.rgb(look.colour)
    line.width = Pt(0.75 if band else 2.5 if strong else 1.5)
    line.dash_style = getattr(MSO_LINE, BAND if band else native.DASHES[PICTURE_DASHES.index(look.dash) % len(native.DASHES)])


def _offsets(
    names: Mapping[str, str], ends: Mapping[str, float], box: Box, plot: native.Frame, limits: tuple[float, float]
) -> dict[str, tuple[float, float, float]]:
    """How far names stand right of and below the ends of their lines, in shares of the chart, so that none lies on another.

    The third is the width of the lines, by which a line that ends early is too short.
    """
    low, high = limits
    policies = sorted(names, key=lambda policy: ends[policy])
    tall = np.array([(names[policy].count("\n") + 1) * SMALL_TYPE * LINE / POINTS + 0.02 for policy in policies])
    bottom, top = (1.0 - plot.y - plot.h) * box.h, (1.0 - plot.y) * box.h
    at = np.array([bottom + (min(max(ends[p], low), high) - low) / (high - low) * (top - bottom) for p in policies])
    moved = (at - spread(at, tall, bottom, box.h)) / box.h
    return {policy: (FROM_END / box.w, float(down), plot.w) for policy, down in zip(policies, moved, strict=True)}


def _label(series: Any, row: native.Row, name: str, offset: tuple[float, float, float], book: Book, policy: str) -> None:
    """A name at the end of a line."""
    seen = [place for place, value in enumerate(row.values) if math.isfinite(value)]
    right, down, wide = offset
    right += (len(row.values) - 1 - seen[-1]) / max(len(row.values) - 1, 1) * wide
    strong = policy in (book.summary.baseline, focus(book.summary))
    colour = look_of(book.summary, policy).colour
    native.label_point(
        series, seen[-1], name, position="RIGHT", colour=colour, offset=(right, down), language=book.language, bold=strong
    )  # fmt: skip
    native.without_leaders(series)

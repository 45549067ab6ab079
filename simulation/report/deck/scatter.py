"""The native scatter of policies: marks as in pictures, intervals as error bars, names that do not lie on each other."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.report.deck import native
from simulation.report.deck.page import POINTS, SMALL_TYPE, Box
from simulation.report.deck.text import clean
from simulation.report.figures import blank
from simulation.report.labels import Tag, label_marks
from simulation.report.lettering import shorten
from simulation.report.style import MANY, PAPER, drawing, look_of, summary_scale
from simulation.report.words.phrases import focus

if TYPE_CHECKING:
    from simulation.statistics.summary import Summary

X, Y = "turnover", "revenue"
HINTS = ("further left is better", "higher is better")
HEAD = ("policy", X, Y, f"{X}: below", f"{X}: above", f"{Y}: below", f"{Y}: above")
TRIALS = (9.0, 8.0, 7.5, 7.0)
"""Sizes of type that the placing of labels may choose; each in turn stands for the deck's."""
ALONE, CROWD = 80, 24
"""[characters] Of labels, with few policies and with many."""
MARK = 10
PALE = "#b0b0b0"
"""Of the baseline's own interval, which is luck that all policies meet."""
Limits = tuple[float, float, float]


@dataclass(frozen=True)
class Dot:
    """A policy's mark and the ends of its intervals along x and y, in shown units."""

    at: tuple[float, float]
    ends: tuple[tuple[float, float], tuple[float, float]]


def insert_tradeoff(placeholder: Any, box: Box, summary: Summary, language: str) -> Any:
    """A series a policy, the baseline last, so that it is drawn above the others; returns the frame of the chart."""
    dots = {policy: _dot(summary, policy) for policy in (*summary.others, summary.baseline)}
    body = [[summary.labels[policy], *dot.at, *_lengths(dot)] for policy, dot in dots.items()]
    series = [
        native.Points(summary.labels[policy], f"{native.SHEET}!$A${row}", (2, row, dot.at[:1]), (3, row, dot.at[1:]))
        for row, (policy, dot) in enumerate(dots.items(), 2)
    ]
    frame = native.insert_scatter(placeholder, "XY_SCATTER", [HEAD, *body], series)
    plot = native.Frame(0.95 / box.w, 0.1 / box.h, (box.w - 1.05) / box.w, (box.h - 0.82) / box.h)
    limits = _axes(frame.chart, summary, dots, plot, language)
    labels = _placed(summary, dots, limits, (box, plot), language)
    for row, (one, policy) in enumerate(zip(frame.chart.plots[0].series, dots, strict=True), 2):
        _mark(one, summary, policy)
        text, offset = labels[policy]
        strong = len(dots) <= MANY and policy in (summary.baseline, focus(summary))
        colour = look_of(summary, policy).colour
        native.label_point(one, 0, text, position="CENTER", colour=colour, bold=strong, offset=offset, language=language)
        native.without_leaders(one)
        _bars(one, dots[policy], row, PALE if policy == summary.baseline else colour)
    return frame


def _dot(summary: Summary, policy: str) -> Dot:
    """The interval around a mark is of its own figure for the baseline, of the difference for the others."""
    at, ends = [], []
    for key in (X, Y):
        scale = summary_scale(summary, key)
        at.append(float(scale.of(summary.value(policy, key))))
        if policy == summary.baseline:
            low, high = (summary.value(policy, key, side) for side in ("low", "high"))
        else:
            start = summary.value(summary.baseline, key)
            low, high = (start + summary.value(policy, key, f"diff_{side}") for side in ("low", "high"))
        ends.append((float(scale.of(low)), float(scale.of(high))))
    return Dot((at[0], at[1]), (ends[0], ends[1]))


def _lengths(dot: Dot) -> list[float | None]:
    """Below and above the mark along x, and the same along y."""
    lengths = [(middle - low, high - middle) for middle, (low, high) in zip(dot.at, dot.ends, strict=True)]
    return [native.finite(length) for pair in lengths for length in pair]


def _axes(chart: Any, summary: Summary, dots: Mapping[str, Dot], plot: native.Frame, language: str) -> tuple[Limits, Limits]:
    """Axes from zero up that hold all marks and intervals of differences; the baseline's own is cut where it leaves them."""
    native.dress(chart, plot, language)
    found = _limits(summary, dots)
    for k, (axis, key) in enumerate(((chart.category_axis, X), (chart.value_axis, Y))):
        low, high, step = found[k]
        title = f"{summary.measures[key].label} ({summary_scale(summary, key).unit}): {HINTS[k]}"
        native.axis_look(axis, form=native.step_format(step), limits=(low, high), step=step, grid=True, title=title)
    return found


def _limits(summary: Summary, dots: Mapping[str, Dot]) -> tuple[Limits, Limits]:
    found = []
    for k in range(2):
        drawn = [dot.at[k] for dot in dots.values()]
        drawn += [end for policy in summary.others or summary.policies for end in dots[policy].ends[k]]
        low, high, step = native.nice_limits(drawn, margin=0.08)
        low = max(low, 0.0) if all(not dot.at[k] < 0.0 for dot in dots.values()) else low  # neither can be negative
        found.append((low, high, step))
    return found[0], found[1]


def cuts_baseline(summary: Summary) -> bool:
    """Whether the interval of the baseline's own figures leaves the chart."""
    dots = {policy: _dot(summary, policy) for policy in summary.policies}
    limits = _limits(summary, dots)
    return any(low < at[0] or high > at[1] for at, (low, high) in zip(limits, dots[summary.baseline].ends, strict=True))


def _mark(series: Any, summary: Summary, policy: str) -> None:
    from pptx.enum.chart import XL_MARKER_STYLE
    from pptx.util import Pt

    look = look_of(summary, policy)
    kind = native.MARKS[look.mark]
    series.format.line.fill.background()
    series.marker.style, series.marker.size = getattr(XL_MARKER_STYLE, kind.upper()), MARK
    series.marker.format.fill.solid()
    series.marker.format.fill.fore_color.rgb = native.rgb(look.colour)
    line = series.marker.format.line
    line.color.rgb = native.rgb(look.colour if kind in native.STROKES else PAPER)
    line.width = Pt(2.0 if kind in native.STROKES else 0.75)


def _bars(series: Any, dot: Dot, row: int, colour: str) -> None:
    for k, direction in enumerate(("x", "y")):
        low, high = dot.ends[k]
        if math.isfinite(high - low):
            ends = [("minus", 4 + 2 * k, row, [dot.at[k] - low]), ("plus", 5 + 2 * k, row, [high - dot.at[k]])]
            native.add_error_bars(series._element, direction, ends, colour=colour)  # noqa: SLF001 - the library has no error bars


def _placed(
    summary: Summary, dots: Mapping[str, Dot], limits: tuple[Limits, Limits], place: tuple[Box, native.Frame], language: str
) -> dict[str, tuple[str, tuple[float, float]]]:
    """Text of each label and its offset from its mark in shares of the chart, found by the placing of pictures.

    It works on axes of the same shape, so small that the size of type it chooses stands for the deck's.
    """
    box, plot = place
    longest = CROWD if len(dots) > MANY else ALONE
    tags = [Tag(*dot.at, shorten(clean(summary.labels[policy]), longest), PAPER) for policy, dot in dots.items()]
    for trial in TRIALS:
        scale = trial / SMALL_TYPE
        with drawing(language):
            figure = blank(box.w * scale, box.h * scale)
            ax = figure.add_axes((plot.x, 1.0 - plot.y - plot.h, plot.w, plot.h))
            ax.set_xlim(*limits[0][:2])
            ax.set_ylim(*limits[1][:2])
            ax.set_autoscale_on(False)
            notes: Sequence[Any] = label_marks(ax, tags, _boxes(dots))
        if min(note.get_fontsize() for note in notes) >= trial:
            break
    found = {}
    for policy, note in zip(dots, notes, strict=True):
        x, y = (part / scale / POINTS for part in note.xyann)
        found[policy] = note.get_text(), (x / box.w, -y / box.h)
    return found


def _boxes(dots: Mapping[str, Dot]) -> Any:
    """What labels had better not be written on, (bar, 4)."""
    boxes = []
    for dot in dots.values():
        (x, y), ((left, right), (bottom, top)) = dot.at, dot.ends
        boxes += [(left, y, right, y), (x, bottom, x, top)]
    return np.array([box for box in boxes if np.isfinite(box).all()], dtype=float).reshape(-1, 4)

"""The native scatter of policies: marks as in pictures, intervals as error bars, names that do not lie on each other."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.report.deck.bars import _digits
from simulation.report.deck.native import (
    MARKS,
    SHEET,
    STROKES,
    Frame,
    Points,
    axis_look,
    dress,
    error_bars,
    finite,
    insert_scatter,
    label_point,
    nice_limits,
    number_format,
    rgb,
    without_leaders,
)  # fmt: skip
from simulation.report.deck.page import POINTS, SMALL_TYPE, Box
from simulation.report.labels import Tag, label_marks
from simulation.report.style import MANY, PAPER, Scale, drawing, look_of, summary_scale
from simulation.report.words import focus

if TYPE_CHECKING:
    from simulation.statistics.summary import Summary

X, Y = "turnover", "revenue"
HEAD = ("policy", X, Y, f"{X}: below", f"{X}: above", f"{Y}: below", f"{Y}: above")
TRIALS = (9.0, 8.0, 7.5, 7.0)
"""Sizes of type that the placing of labels may choose; each in turn stands for the deck's."""
MARK = 10
PALE = "#b0b0b0"
"""Of the baseline's own interval, which is luck that all policies meet."""


def insert_tradeoff(placeholder: Any, box: Box, summary: Summary, language: str) -> Any:
    """A series a policy, the baseline hollow and last, so that it is drawn above the others."""
    order = [*summary.others, summary.baseline]
    scales = [summary_scale(summary, key) for key in (X, Y)]
    at = {policy: [float(s.of(summary.value(policy, key))) for key, s in zip((X, Y), scales, strict=True)] for policy in order}
    spans = {policy: [_ends(summary, policy, key, s) for key, s in zip((X, Y), scales, strict=True)] for policy in order}
    body = [
        [summary.labels[p], *at[p], *(finite(x) for (m, (low, high)) in zip(at[p], spans[p], strict=True) for x in (m - low, high - m))]
        for p in order
    ]  # fmt: skip
    series = [
        Points(summary.labels[p], f"{SHEET}!$A${row}", (2, row, at[p][:1]), (3, row, at[p][1:])) for row, p in enumerate(order, 2)
    ]
    frame = insert_scatter(placeholder, "XY_SCATTER", [HEAD, *body], series)
    chart = frame.chart
    limits = [_limits(summary, [at[p][k] for p in order], [spans[p][k] for p in summary.others], spans[order[-1]][k]) for k in (0, 1)]
    plot = Frame(0.95 / box.w, 0.1 / box.h, (box.w - 1.05) / box.w, (box.h - 0.82) / box.h)
    dress(chart, plot, language)
    names = [f"{summary.measures[key].label} ({scale.unit})" for key, scale in zip((X, Y), scales, strict=True)]
    hints = "further left is better", "higher is better"
    for axis, (low, high, step), name, hint in zip((chart.category_axis, chart.value_axis), limits, names, hints, strict=True):
        form = number_format(Scale(1.0, _digits(step), "", ""))
        axis_look(axis, form=form, limits=(low, high), step=step, grid=True, title=f"{name}: {hint}")
    labels = _placed(summary, at, spans, limits, (box, plot))
    for row, (one, policy) in enumerate(zip(chart.plots[0].series, order, strict=True), 2):
        _mark(one, summary, policy)
        look = look_of(summary, policy)
        text, offset = labels[policy]
        label_point(
            one, 0, text, position="CENTER", colour=look.colour, offset=offset, language=language,
            bold=len(order) <= MANY and policy in (summary.baseline, focus(summary)),
        )  # fmt: skip
        without_leaders(one)
        _bars(one, at[policy], spans[policy], row, PALE if policy == summary.baseline else look.colour)
    return frame


def _ends(summary: Summary, policy: str, key: str, scale: Scale) -> tuple[float, float]:
    """The interval around a mark: of its own figure for the baseline, of the difference for the others."""
    if policy == summary.baseline:
        return tuple(float(scale.of(summary.value(policy, key, side))) for side in ("low", "high"))  # type: ignore[return-value]
    start = summary.value(summary.baseline, key)
    return tuple(float(scale.of(start + summary.value(policy, key, f"diff_{side}"))) for side in ("low", "high"))  # type: ignore[return-value]


def _limits(summary, marks, others, own):
    """Axes that hold all marks and the intervals of differences; the baseline's own interval is cut where it leaves them."""
    drawn = [*marks, *(end for pair in others for end in pair)] if others else [*marks, *own]
    return nice_limits(drawn, margin=0.08)


def _mark(series: Any, summary: Summary, policy: str) -> None:
    from pptx.enum.chart import XL_MARKER_STYLE
    from pptx.util import Pt

    look = look_of(summary, policy)
    series.format.line.fill.background()
    kind = MARKS[look.mark]
    series.marker.style = getattr(XL_MARKER_STYLE, kind.upper())
    series.marker.size = MARK
    fill = series.marker.format.fill
    fill.solid()
    fill.fore_color.rgb = rgb(look.colour)
    line = series.marker.format.line
    line.color.rgb = rgb(look.colour if kind in STROKES else PAPER)
    line.width = Pt(2.0 if kind in STROKES else 0.75)


def _bars(series: Any, at, spans, row: int, colour: str) -> None:
    from simulation.report.deck.native import _before

    for k, direction in ((0, "x"), (1, "y")):
        low, high = spans[k]
        if not math.isfinite(low):
            continue
        ends = [("minus", 4 + 2 * k, row, [at[k] - low]), ("plus", 5 + 2 * k, row, [high - at[k]])]
        element = series._element
        element.insert(_before(element, "xVal"), error_bars(direction, ends, colour=colour))


def _placed(summary, at, spans, limits, where):
    """Text and offset of each label, as the placing of pictures finds them on axes of the same size."""
    from simulation.report.figures import blank

    box, plot = where
    for trial in TRIALS:
        scale = trial / SMALL_TYPE
        with drawing():
            figure = blank(box.w * scale, box.h * scale)
            ax = figure.add_axes((plot.x, 1.0 - plot.y - plot.h, plot.w, plot.h))
            ax.set_xlim(*limits[0][:2])
            ax.set_ylim(*limits[1][:2])
            ax.set_autoscale_on(False)
            tags = [Tag(*at[p], summary.labels[p], "k") for p in at]
            ends = [
                box_ for p in at for box_ in (
                    (spans[p][0][0], at[p][1], spans[p][0][1], at[p][1]), (at[p][0], spans[p][1][0], at[p][0], spans[p][1][1]),
                ) if np.isfinite(box_).all()
            ]
            notes = label_marks(ax, tags, np.array(ends, dtype=float).reshape(-1, 4))
        if min(note.get_fontsize() for note in notes) >= trial:
            break
    found = {}
    for policy, note in zip(at, notes, strict=True):
        x, y = note.xyann
        found[policy] = note.get_text(), (x / scale / POINTS / box.w, -y / scale / POINTS / box.h)
    return found

"""How quotas are met: the distribution of attainment, a row a policy, and who reaches quota."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from simulation.report.charts.groups import PERCENT, pair_named, span_said
from simulation.report.charts.rows import name_rows, rows_shown
from simulation.report.lettering import in_order, lettering, shorten, shown
from simulation.report.style import INK, MANY, PAPER, SIZES, SOFT, band_of, dress, look_of
from simulation.report.words.phrases import focus
from simulation.report.words.quotes import quote
from simulation.vocabulary import ATTAINMENT_EDGES, Array

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text
    from pandas import DataFrame

    from simulation.statistics.summary import Summary

WIDTH = 20.0
"""[% of quota] Of a bin; the open ones are drawn as wide."""
QUOTA = 100.0
HIGH, LOWER = 0.78, 0.64
"""Rows that the tallest bar takes, and that it takes under a figure."""
FOOT = 0.42
"""Rows from the middle of a row down to where its bars stand."""
LEAST_BIN = 14.0
"""[points] Narrower bars carry no figures."""
PALE = 0.38
BEHIND, ABOVE = 118.0, 30.0
"""[points] Right of the bars for the share at quota, and above the rows for what it is called."""
MEASURE = "at_quota"


def draw_attainment(ax: Axes, summary: Summary, *, title: bool = True) -> Axes:
    """Plot the distribution of attainment over completed quota periods of ramped reps, a row of bars a policy.

    Bars from quota on are full, those below it pale; the outline over them is the baseline's distribution. Up to six policies
    carry 95% intervals (see `style.band_of`) and, where bars are wide enough for them, figures. At the right stands the share
    of periods that reach quota, and the interval of its difference from the baseline.

    Parameters
    ----------
    ax : Axes
        Drawn on and nothing else.
    summary : Summary
        `series["attainment"]` holds the distribution, the table the shares at quota.
    title : bool
        Whether the message stands above the axes.
    """
    frame = summary.series["attainment"]
    named = focus(summary)
    weight = {policy: float(policy in (named, summary.baseline)) for policy in summary.policies}
    shown, of_all = rows_shown(summary.policies, weight)
    dress(ax, _title(summary, named) if title else "", x=f"Attainment (% of quota; last bar: 200% and more{of_all})", y="")
    tallest = max([float(frame["mean"].max(skipna=True)), 1e-9])
    bands = {policy: band_of(summary, policy, frame) for policy in shown} if len(shown) <= MANY else {}
    if bands:
        tallest = max([tallest, *(float(end) for _, high in bands.values() for end in high if np.isfinite(end))])
    places = np.arange(len(ATTAINMENT_EDGES) + 1) * WIDTH
    names = [summary.labels[policy] for policy in shown]
    name_rows(ax, names, (0.0, places[-1] + WIDTH), behind=BEHIND, above=ABOVE, ticks=range(0, 201, 50))
    up = (LOWER if bands else HIGH) / tallest
    heights = {policy: np.nan_to_num(rows["mean"].to_numpy()) * up for policy, rows in frame.groupby("policy")}
    for row, policy in enumerate(shown):
        _bars(ax, row + FOOT, heights[policy], look_of(summary, policy).colour)
        if policy != summary.baseline:
            edges = [*places, places[-1] + WIDTH]
            ax.stairs(row + FOOT - heights[summary.baseline], edges, baseline=None, color=INK, lw=0.8, zorder=3.5)
        if bands:
            _figures(ax, row + FOOT, up, frame[frame["policy"] == policy], (*bands[policy], heights[summary.baseline] / up))
        _reached(ax, row, summary, policy, two_lines=len(shown) <= 2 * MANY - 2)
    _head(ax, summary, len(shown))
    return ax


def _bars(ax: Axes, foot: float, heights: Array, colour: str) -> None:
    """One row of bars that stand on `foot`; rows count downwards."""
    places = (np.arange(len(heights)) + 0.5) * WIDTH
    below = places < QUOTA
    for some, alpha in ((below, PALE), (~below, 1.0)):
        ax.bar(
            places[some], -heights[some], bottom=foot, width=WIDTH, color=colour, alpha=alpha, edgecolor=PAPER, lw=0.8, zorder=3
        )


def _figures(ax: Axes, foot: float, up: float, rows: DataFrame, around: tuple[Any, Any, Any]) -> None:
    """Each bin's interval, and its share [%] above what is drawn of it if there is room; `around`: the limits, the outline."""
    wide = float(np.diff(ax.transData.transform([(0.0, 0.0), (WIDTH, 0.0)])[:, 0])[0]) * 72.0 / ax.figure.dpi
    for k, (share, low, high, outline) in enumerate(zip(rows["mean"], *around, strict=True)):
        at = (k + 0.5) * WIDTH
        if np.isfinite([low, high]).all():
            ax.plot([at, at], [foot - max(float(end), 0.0) * up for end in (low, high)], color=INK, lw=0.9, zorder=4)
        if np.isfinite(share) and wide >= LEAST_BIN:
            top = np.nanmax([share, high, outline])
            ax.annotate(
                f"{100 * share:.0f}", (at, foot - top * up), xytext=(0.0, 1.5), textcoords="offset points", ha="center",
                va="bottom", fontsize=SIZES["note"], color=SOFT, zorder=5,
            )  # fmt: skip


def _reached(ax: Axes, row: int, summary: Summary, policy: str, *, two_lines: bool) -> None:
    """The share at quota right of a row, and the interval of its difference."""
    share = f"{quote(summary, MEASURE, policy, scale=PERCENT)}%"
    words = share
    if policy != summary.baseline and np.isfinite(summary.value(policy, MEASURE, "diff_low")):
        words = f"{share}{chr(10) if two_lines else '  '}({span_said(summary, MEASURE, policy)})"
    right = len(ATTAINMENT_EDGES) * WIDTH + WIDTH
    ax.annotate(
        words, (right, row), xytext=(8.0, 0.0), textcoords="offset points", ha="left", va="center", fontsize=SIZES["note"],
        color=INK, linespacing=1.15, zorder=5,
    )  # fmt: skip


def _head(ax: Axes, summary: Summary, rows: int) -> None:
    """The line at quota, and over the rows what it is, what the outline is, and what the figures at the right are."""
    ax.vlines(QUOTA, -0.5, rows - 0.5, color=INK, lw=1.2, ls=(0, (4, 2)), zorder=4)
    quota = _over(ax, "Quota", QUOTA, 0.0, "center")
    right = len(ATTAINMENT_EDGES) * WIDTH + WIDTH
    _over(ax, "At quota (difference, points)" if summary.others else "At quota", right, 8.0, "left")
    if not summary.others:
        return
    outline = _over(ax, "", ax.get_xlim()[0], 0.0, "left")
    for most in range(36, 8, -1):
        outline.set_text(in_order([shown(f"Outline: {shorten(summary.labels[summary.baseline], most)}")])[0])
        if outline.get_window_extent().x1 < quota.get_window_extent().x0 - 6.0:
            return


def _over(ax: Axes, words: str, at: float, off: float, align: Literal["left", "center"]) -> Text:
    """Words over the first row, at a place along x and so many points right of it."""
    return ax.annotate(
        words, (at, -0.5), xytext=(off, 3.0), textcoords="offset points", ha=align, va="bottom", fontsize=SIZES["note"],
        color=SOFT, **lettering(),
    )  # fmt: skip


def _title(summary: Summary, policy: str | None) -> str:
    """The share of periods that reach quota, and what is known of the difference."""
    baseline = summary.baseline
    own = quote(summary, MEASURE, baseline, scale=PERCENT)
    if policy is None:
        return f"{shorten(summary.labels[baseline])}: {own}% of completed quota periods reach quota"
    share = quote(summary, MEASURE, policy, scale=PERCENT)
    text = f"{pair_named(summary, policy)}: {share}% of completed quota periods reach quota, against {own}%"
    low, high = (float(summary.value(policy, MEASURE, side)) for side in ("diff_low", "diff_high"))
    if not np.isfinite(low):
        return text
    if low == high == 0.0:
        return f"{text} (no difference)"
    if low <= 0.0 <= high:
        return f"{text} (difference not decided)"
    return f"{text} (difference {span_said(summary, MEASURE, policy)} points)"

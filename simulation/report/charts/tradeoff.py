"""The one chart a board asks for: what each policy does to turnover and to revenue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulation.report.labels import Tag, label_marks
from simulation.report.style import FAINT, INK, MANY, PAPER, dress, look_of, summary_scale
from simulation.report.words import tradeoff_title

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from simulation.report.style import Scale
    from simulation.statistics.summary import Summary

X, Y = "turnover", "revenue"


def draw_tradeoff(ax: Axes, summary: Summary) -> Axes:
    """Plot yearly turnover against yearly revenue, one mark a policy, the baseline hollow.

    Pale bars are the 95% interval of a policy's own figure, luck and all.
    Strong bars are the 95% interval of its paired difference from the baseline, drawn around its mark.

    Parameters
    ----------
    ax : Axes
        Drawn on and nothing else: no figure is made, saved or closed here.
    summary : Summary
        From `compare`; no statistics are done here.

    Returns
    -------
    Axes
        The same.
    """
    x, y = summary_scale(summary, X), summary_scale(summary, Y)
    bars = []
    for policy in summary.policies:
        if policy == summary.baseline or len(summary.labels) <= MANY:
            bars += [_interval_bars(ax, summary, policy, (x, y), paired=False)]
        if policy != summary.baseline:
            bars += [_interval_bars(ax, summary, policy, (x, y), paired=True)]
    tags = []
    for policy, label in summary.labels.items():
        look, hollow = look_of(summary, policy), policy == summary.baseline
        at = x.of(summary.value(policy, X)), y.of(summary.value(policy, Y))
        ax.plot(
            *at, look.mark, markersize=8, color=look.colour, markerfacecolor=PAPER if hollow else look.colour,
            markeredgecolor=INK if hollow else PAPER, markeredgewidth=1.6 if hollow else 0.8, zorder=4.5 if hollow else 4, label=label,
        )  # fmt: skip
        tags.append(Tag(*at, label, look.colour))
    ax.margins(0.18)
    dress(
        ax, tradeoff_title(summary),
        x=f"Turnover ({x.unit})  –  further left is better", y=f"Revenue ({y.unit})  –  higher is better",
    )  # fmt: skip
    ax.grid(color=FAINT, lw=0.6)
    label_marks(ax, tags, np.concatenate(bars))
    return ax


def _interval_bars(ax: Axes, summary: Summary, policy: str, scales: tuple[Scale, Scale], *, paired: bool) -> np.ndarray:
    """Two bars through a mark; returns their boxes (bar, 4) for the labels to keep off."""
    (left, right), (bottom, top) = (
        _limits(summary, policy, key, scale, paired=paired) for key, scale in zip((X, Y), scales, strict=True)
    )
    x, y = (scale.of(summary.value(policy, key)) for key, scale in zip((X, Y), scales, strict=True))
    ends = np.array([[left, y, right, y], [x, bottom, x, top]], dtype=float)
    if not np.isfinite(ends).all():
        return np.empty((0, 4))
    colour = look_of(summary, policy).colour
    fine = len(summary.labels) > MANY
    style = {"lw": 1.1 if fine else 2.0, "alpha": 0.6 if fine else 0.9} if paired else {"lw": 1.0, "alpha": 0.35}
    ax.plot([left, right], [y, y], color=colour, zorder=3 if paired else 2, solid_capstyle="butt", **style)
    ax.plot([x, x], [bottom, top], color=colour, zorder=3 if paired else 2, solid_capstyle="butt", **style)
    return ends


def _limits(summary: Summary, policy: str, key: str, scale: Scale, *, paired: bool) -> tuple[float, float]:
    if not paired:
        return scale.of(summary.value(policy, key, "low")), scale.of(summary.value(policy, key, "high"))
    start = summary.value(summary.baseline, key)
    return tuple(scale.of(start + summary.value(policy, key, side)) for side in ("diff_low", "diff_high"))

"""The one chart a board asks for: what each policy does to turnover and to revenue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulation.report.labels import Tag, label_marks
from simulation.report.style import FAINT, INK, MANY, PAPER, dress, look_of, say_nothing, summary_scale
from simulation.report.words.phrases import tradeoff_title
from simulation.vocabulary import Array

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from simulation.report.style import Scale
    from simulation.statistics.summary import Summary

X, Y = "turnover", "revenue"


def draw_tradeoff(ax: Axes, summary: Summary, *, title: bool = True) -> Axes:
    """Plot yearly turnover against yearly revenue, one mark a policy, the baseline hollow.

    Strong bars are the 95% interval of a policy's paired difference from the baseline, drawn around its mark.
    The baseline's pale bars are the 95% interval of its own figure, luck and all; they do not widen the picture.

    Parameters
    ----------
    ax : Axes
        Drawn on and nothing else: no figure is made, saved or closed here.
    summary : Summary
        From `compare`; no statistics are done here.
    title : bool
        Whether the message stands above the axes.

    Returns
    -------
    Axes
        The same.
    """
    x, y = summary_scale(summary, X), summary_scale(summary, Y)
    bars = [_interval_bars(ax, summary, policy, (x, y)) for policy in summary.others]
    tags = []
    for policy, label in summary.labels.items():
        look, hollow = look_of(summary, policy), policy == summary.baseline
        at = x.of(summary.value(policy, X)), y.of(summary.value(policy, Y))
        ax.plot(
            *at, look.mark, label=label, markersize=8, color=look.colour, zorder=4.5 if hollow else 4,
            markerfacecolor=PAPER if hollow else look.colour,
            markeredgecolor=INK if hollow else PAPER, markeredgewidth=1.6 if hollow else 0.8,
        )  # fmt: skip
        tags.append(Tag(*at, label, look.colour))
    ax.margins(0.2)
    limits = *ax.get_xlim(), *ax.get_ylim()
    bars.append(_interval_bars(ax, summary, summary.baseline, (x, y)))
    if summary.others:
        ax.axis(limits)
    dress(
        ax, tradeoff_title(summary) if title else "",
        x=f"Turnover ({x.unit})  –  further left is better", y=f"Revenue ({y.unit})  –  higher is better",
    )  # fmt: skip
    ax.grid(color=FAINT, lw=0.6)
    if not np.isfinite([(tag.x, tag.y) for tag in tags]).all(axis=1).any():
        say_nothing(ax, "no policy has both figures")
    label_marks(ax, tags, np.concatenate(bars))
    return ax


def _interval_bars(ax: Axes, summary: Summary, policy: str, scales: tuple[Scale, Scale]) -> Array:
    """Two bars through a mark; returns their boxes (bar, 4) for the labels to keep off."""
    (left, right), (bottom, top) = (_limits(summary, policy, key, scale) for key, scale in zip((X, Y), scales, strict=True))
    x, y = (scale.of(summary.value(policy, key)) for key, scale in zip((X, Y), scales, strict=True))
    ends = np.array([[left, y, right, y], [x, bottom, x, top]], dtype=float)
    if not np.isfinite(ends).all():
        return np.empty((0, 4))
    fine = len(summary.labels) > MANY
    width, alpha = (1.1, 0.4) if policy == summary.baseline else (1.1, 0.6) if fine else (2.0, 0.9)
    for across, up in (([left, right], [y, y]), ([x, x], [bottom, top])):
        ax.plot(across, up, color=look_of(summary, policy).colour, lw=width, alpha=alpha, zorder=3, solid_capstyle="butt")
    return ends


def _limits(summary: Summary, policy: str, key: str, scale: Scale) -> tuple[float, float]:
    if policy == summary.baseline:
        return scale.of(summary.value(policy, key, "low")), scale.of(summary.value(policy, key, "high"))
    start = summary.value(summary.baseline, key)
    return scale.of(start + summary.value(policy, key, "diff_low")), scale.of(start + summary.value(policy, key, "diff_high"))

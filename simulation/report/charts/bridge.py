"""Where a policy's gain or loss in contribution comes from, line by line, against the baseline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.errors import ScenarioError
from simulation.report.lettering import shorten
from simulation.report.style import FAINT, GAIN, INK, LOSS, PAPER, SIZES, SOFT, dress, scale_of
from simulation.report.words.phrases import called, change, focus, with_unit
from simulation.report.words.quotes import quote

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from pandas import DataFrame

    from simulation.report.style import Scale
    from simulation.statistics.summary import Summary

NAMES: Mapping[str, str] = {
    "revenue": "Revenue",
    "cogs": "Cost of goods",
    "pay": "Pay, with equity",
    "programme": "Programmes",
    "hiring_training": "Hiring and training",
    "marketing": "Marketing",
    "service": "Service",
    "contribution": "Contribution",
}
"""What each line of the bridge is called; `contribution` is the sum of the others."""
HEIGHT = 0.62
LEAST_WIDTH = 1e-6
"""A bridge narrower than this, in the units of its axis, is none: every line is the same under both policies."""


def draw_bridge(ax: Axes, summary: Summary, policy: str | None = None, *, title: bool = True) -> Axes:
    """Plot the difference in contribution between a policy and the baseline as steps that add up to it.

    A step to the right adds to contribution. Thin bars are the 95% intervals of each line's paired difference.

    Parameters
    ----------
    ax : Axes
        Drawn on and nothing else.
    summary : Summary
        `series["bridge"]` holds the lines.
    policy : str, optional
        Key of the policy; the one that leads by the scenario's objective when left out.
    title : bool
        Whether the message stands above the axes.

    Raises
    ------
    ScenarioError
        When there is no policy but the baseline.
    """
    policy = policy or focus(summary)
    if policy is None or policy == summary.baseline:
        raise ScenarioError("a bridge leads from the baseline to another policy; the scenario has none, add one")
    lines = bridge_lines(summary, policy)
    scale = scale_of(summary.measures["contribution"], lines["mean"])
    steps: dict[Any, dict[Any, Any]] = lines[["mean", "low", "high"]].to_dict("index")
    start = 0.0
    for place, line in enumerate(NAMES):
        step = steps[line]
        begin = 0.0 if line == "contribution" else start
        start = begin + step["mean"]
        _step(ax, place, (begin, step), scale, total=line == "contribution")
        if place + 1 < len(lines):
            ax.plot([scale.of(start)] * 2, [place + HEIGHT / 2, place + 1 - HEIGHT / 2], color=SOFT, lw=0.8, zorder=1)
    ax.axvline(0.0, color=INK, lw=0.9, zorder=2)
    ax.set_ylim(len(lines) - 0.45, -0.55)
    ax.set_yticks([])
    _name_lines(ax)
    baseline = shorten(summary.labels[summary.baseline])
    said = bridge_title(summary, policy) if title else ""
    dress(ax, said, x=f"Difference in contribution from {baseline} ({scale.unit})", y="")
    ax.xaxis.label.set_parse_math(False)
    ax.grid(axis="x", color=FAINT, lw=0.6)
    ax.spines["left"].set_visible(False)
    return ax


def _step(ax: Axes, place: int, step: tuple[float, Mapping[Any, float]], scale: Scale, *, total: bool) -> None:
    from matplotlib.patheffects import withStroke

    begin, row = step
    mean = row["mean"]
    colour = INK if total else GAIN if mean >= 0 else LOSS
    ax.barh(
        place, scale.of(mean), left=scale.of(begin), height=HEIGHT, color=colour, edgecolor=PAPER, lw=0,
        hatch="////" if mean < 0 and not total else None, zorder=3,
    )  # fmt: skip
    low, high = (scale.of(begin + row[side]) for side in ("low", "high"))
    right = max(scale.of(begin), scale.of(begin + mean))
    if np.isfinite(low):
        ax.plot([low, high], [place, place], color=SOFT if total else INK, lw=1.1, zorder=4)
        right = max(right, high)
    ax.annotate(
        scale.show(mean, sign=True), (right, place), xytext=(5, 0), textcoords="offset points", va="center", ha="left",
        fontsize=SIZES["tick"], fontweight="bold" if total else "normal", color=INK, zorder=5,
        path_effects=[withStroke(linewidth=2.5, foreground=PAPER)],
    )  # fmt: skip


def _name_lines(ax: Axes) -> None:
    """The lines' names inside the axes, in a margin made for them at the left; room for the figures at the right."""
    names = [
        ax.text(0.0, place, name, transform=ax.get_yaxis_transform(), fontsize=SIZES["label"], va="center", color=INK)
        for place, name in enumerate(NAMES.values())
    ]
    frame = ax.get_window_extent()
    share = min(max(name.get_window_extent().width for name in names) / frame.width + 0.02, 0.5)
    figures = min(55.0 * ax.figure.dpi / 72.0 / frame.width, 0.3)
    ax.autoscale_view(scaley=False)
    low, high = ax.dataLim.intervalx
    if high - low < LEAST_WIDTH:
        low, high = -0.5, 0.5
    width = (high - low) / (1.0 - share - figures)
    ax.set_xlim(low - share * width, high + figures * width)


def bridge_title(summary: Summary, policy: str) -> str:
    """What a policy does to contribution, and the largest part of it."""
    lines = bridge_lines(summary, policy)
    names = f"{called(summary, policy)} against {called(summary, summary.baseline)}"
    if not lines[["mean", "low", "high"]].fillna(0.0).to_numpy().any():
        return f"{names}: no difference"
    scale = scale_of(summary.measures["contribution"], lines["mean"])
    line = largest_line(lines)
    largest = quote(summary, "contribution", policy, f"bridge.{line}.mean", form="signed", scale=scale)
    said = change(summary, policy, "contribution", scale)
    if summary.value(policy, "contribution", "decided") == "same":
        largest = with_unit(largest, scale.unit)
    return f"{names}: {said}; largest part: {NAMES[line].lower()} {largest}"


def bridge_lines(summary: Summary, policy: str) -> DataFrame:
    """The steps of a policy's bridge, in the order of `NAMES`, by line."""
    frame = summary.series["bridge"]
    return frame[frame["policy"] == policy].set_index("line").loc[list(NAMES)]


def largest_line(lines: DataFrame) -> str:
    """The step that moves contribution most, either way."""
    return str(lines["mean"].drop("contribution").abs().idxmax())

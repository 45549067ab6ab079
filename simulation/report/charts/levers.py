"""What each lever of a policy contributes to its difference from the baseline: shares that add up to the whole."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from simulation.errors import ScenarioError
from simulation.levers import catalogue
from simulation.report.charts.reasons import explained
from simulation.report.charts.rows import KEY_ROOM, keep_above, rows_down
from simulation.report.lettering import columns, families, fold, lettering, shorten, shown
from simulation.report.reasons import rounded_together
from simulation.report.style import (
    CHARACTER,
    FAINT,
    GAIN,
    INK,
    LINE_HEIGHT,
    LOSS,
    PAPER,
    SIZES,
    SOFT,
    Scale,
    dress,
    plain_ticks,
    scale_of,
)
from simulation.report.words.phrases import change, with_unit
from simulation.report.words.quotes import quote
from simulation.statistics.reasons import MEASURES_SPLIT, REST, WHOLE, Estimate

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from simulation.statistics.summary import Summary

SHOWN = ("contribution", "revenue", "turnover")
"""The panels from left to right."""
NO_LEVER = "there is no lever to draw: {label} differs from the baseline in no setting; choose another policy"
HEIGHT = 0.6
PALE = 0.4
EDGE = 0.03
"""Share of what is drawn that is kept free left of it."""
GAP = 0.02
"""Share of the width between two panels."""
FIGURES, BESIDE = 44.0, 8.0
"""[points] Room right of the bars for a figure, at least, and what keeps it off what is beside it."""
LEAST_BARS = 20.0
"""[points] That the bars take at least."""
HEAD_LINES, LEAST_HEAD = 2, 6
"""Lines of a panel's head for which there is room anyway, and the columns that one has at least."""
FEWEST_TOGETHER = 3
"""Levers from which on something may be left that they do only jointly."""
LEAST_WIDTH = 1e-9


class Part(NamedTuple):
    """A share in a difference: the lever's key (`together`, `whole`), its name, and the figure."""

    key: str
    name: str
    found: Estimate


def lever_parts(summary: Summary, policy: str, measure: str) -> list[Part]:
    """The levers' shares in the order of the catalogue, what is left of the difference with three or more, and the whole."""
    assert summary.reasons is not None  # noqa: S101 - the caller has looked
    found = summary.reasons.by_lever[policy][measure]
    parts = [Part(lever, catalogue()[lever].title, one.share) for lever, one in found.levers.items()]
    if len(parts) >= FEWEST_TOGETHER:
        parts.append(Part(REST, "Only together", found.together))
    return [*parts, Part(WHOLE, "Whole difference", found.whole)]


def draw_levers(
    ax: Axes, summary: Summary, policy: str | None = None, measure: str | None = None, *, title: bool = True
) -> Axes:
    """Plot the share of each lever in a policy's difference from the baseline, as steps that add up to the whole.

    Thin lines are 95% intervals, paired by seed; where one holds zero its step is pale. Blue is the better way for the measure.

    Parameters
    ----------
    ax : Axes
        Drawn on and nothing else; its panels stand within it.
    summary : Summary
        `reasons` holds the shares.
    policy : str, optional
        Key of the policy; the one that leads by the scenario's objective when left out.
    measure : str, optional
        One of contribution, revenue and turnover; all three beside each other when left out.
    title : bool
        Whether the message stands above the axes.

    Raises
    ------
    ScenarioError
        When the summary has no reasons, there is no policy but the baseline, the policy differs in no setting, or the measure
        is none of the three.
    """
    policy = explained(summary, policy)
    if measure is not None and measure not in MEASURES_SPLIT:
        raise ScenarioError(f'differences in "{measure}" are not divided among levers; choose one of {", ".join(SHOWN)}')
    keys = (measure,) if measure else SHOWN
    parts = {key: lever_parts(summary, policy, key) for key in keys}
    if len(parts[keys[0]]) == 1:
        raise ScenarioError(NO_LEVER.format(label=f'"{summary.labels[policy]}"'))
    said = levers_title(summary, policy, keys[0]) if title else ""
    dress(ax, said, x=f"Difference from {shorten(summary.labels[summary.baseline])}", y="")
    names = [part.name for part in parts[keys[0]]]
    left = rows_down(ax, names)
    ax.set_xticks([])
    ax.spines["left"].set_visible(False)
    ax.spines["bottom"].set_visible(False)
    ax.xaxis.labelpad = 20.0
    ax.axhline(len(names) - 1.5, color=SOFT, lw=0.6, zorder=1)
    width = (1.0 - left - GAP * (len(keys) - 1)) / len(keys)
    panels = {key: ax.inset_axes((left + place * (width + GAP), 0.0, width, 1.0)) for place, key in enumerate(keys)}
    scales = {key: scale_of(summary.measures[key], [part.found.mean for part in parts[key]]) for key in keys}
    lines = max(_head(panel, summary.measures[key].label, scales[key]) for key, panel in panels.items())
    keep_above(ax, len(names), KEY_ROOM + max(lines - HEAD_LINES, 0) * LINE_HEIGHT * SIZES["note"])
    for key, panel in panels.items():
        panel.set_ylim(ax.get_ylim())
        _panel(panel, parts[key], scales[key], lower=summary.measures[key].better == "lower")
    return ax


def _head(ax: Axes, label: str, scale: Scale) -> int:
    """A measure and what it is counted in, above the rows, in lines as wide as the panel; returns how many."""
    text = ax.text(
        0.0, 1.0, "", transform=ax.transAxes, va="top", fontsize=SIZES["note"], color=INK, linespacing=1.1, **lettering()
    )
    words = [shown(label), shown(scale.difference_unit)]
    for most in range(max(map(columns, words)), LEAST_HEAD, -1):
        lines = [line for part in words for line in fold(part, most)]
        text.set_text("\n".join(lines))
        if text.get_window_extent().width <= ax.get_window_extent().width:
            break
    return len(lines)


def _panel(ax: Axes, parts: Sequence[Part], scale: Scale, *, lower: bool) -> None:
    """One measure, which may be better lower: steps that add up to the last, and their figures."""
    starts = [0.0, *accumulate(part.found.mean for part in parts[:-2]), 0.0]
    steps = [[scale.of(start + end) for end in (0.0, *part.found)] for start, part in zip(starts, parts, strict=True)]
    figures = rounded_together([scale.of(p.found.mean) for p in parts[:-1]], scale.of(parts[-1].found.mean), scale.digits)
    plain = Scale(1.0, scale.digits, "", "")
    better = -1.0 if lower else 1.0
    words = [plain.show(figure, sign=True) for figure in (*figures, steps[-1][1])]
    _furnish(ax, [end for step in steps for end in step if math.isfinite(end)], max(map(len, words)))
    for place, (part, step, figure) in enumerate(zip(parts, steps, words, strict=True)):
        _step(ax, place, part, step, good=better * part.found.mean >= 0)
        ax.annotate(
            figure, (max(end for end in step if math.isfinite(end)), place), xytext=(4, 0),
            textcoords="offset points", va="center", fontsize=SIZES["note"], color=INK, zorder=5,
            fontweight="bold" if part.key == WHOLE else "normal", bbox=dict(facecolor=PAPER, edgecolor="none", pad=0.5),
        )  # fmt: skip
        if place + 2 < len(parts):
            ax.plot([step[1]] * 2, [place + HEIGHT / 2, place + 1 - HEIGHT / 2], color=SOFT, lw=0.7, zorder=1)


def _step(ax: Axes, place: int, part: Part, step: Sequence[float], *, good: bool) -> None:
    """A bar from its start to its end, and the interval of its end."""
    start, end, low, high = step
    whole = part.key == WHOLE
    open_ = math.isfinite(low) and part.found.low <= 0.0 <= part.found.high
    ax.barh(
        place, end - start, left=start, height=HEIGHT, color=INK if whole else GAIN if good else LOSS,
        alpha=PALE if open_ else 1.0, edgecolor=PAPER, lw=0, hatch=None if whole or good else "////", zorder=3,
    )  # fmt: skip
    if math.isfinite(low):
        ax.plot([low, high], [place, place], color=SOFT if whole else INK, lw=1.1, zorder=4)


def _furnish(ax: Axes, ends: Sequence[float], longest: int) -> None:
    """Limits with room for figures of so many characters, a few ticks, and a line at zero."""
    from matplotlib.ticker import MaxNLocator

    inches = ax.get_window_extent().width / ax.figure.dpi
    low, high = min(0.0, *ends), max(0.0, *ends)
    if high - low < LEAST_WIDTH:
        low, high = low - 0.5, high + 0.5
    low -= EDGE * (high - low)
    room = max(FIGURES, BESIDE + longest * CHARACTER * SIZES["note"])
    bars = max(72.0 * inches - room, LEAST_BARS)
    ax.set_xlim(low, high + (high - low) * room / bars)
    ax.tick_params(labelsize=SIZES["note"], colors=SOFT, length=3, labelfontfamily=families())
    plain_ticks(ax.xaxis)
    for most in range(max(int(inches), 2), 0, -1):
        ticks = [tick for tick in MaxNLocator(most).tick_values(low, high) if low <= tick <= high]
        widest = max(map(len, ax.xaxis.get_major_formatter().format_ticks(ticks)), default=0)
        if len(ticks) < 2 or (ticks[1] - ticks[0]) * bars / (high - low) > (widest + 1) * CHARACTER * SIZES["note"]:
            break
    else:
        ticks = [0.0]
    ax.set_xticks(ticks)
    ax.set_yticks([])
    ax.patch.set_alpha(0.0)
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)
    ax.spines["bottom"].set_color(SOFT)
    ax.vlines(ax.get_xticks(), *_rows(ax), color=FAINT, lw=0.6, zorder=0)
    ax.vlines(0.0, *_rows(ax), color=INK, lw=0.9, zorder=2)


def _rows(ax: Axes) -> tuple[float, float]:
    """From above the first row to below the last."""
    return -0.5, ax.get_ylim()[0]


def levers_title(summary: Summary, policy: str, measure: str) -> str:
    """The message: what the policy does to the measure, and the lever with the largest share, as far as it is decided."""
    *parts, _ = lever_parts(summary, policy, measure)
    found = [part for part in parts if part.key != REST]
    scale = scale_of(summary.measures[measure], [part.found.mean for part in parts])
    said = f"{shorten(summary.labels[policy])} against {shorten(summary.labels[summary.baseline])}: "
    said += change(summary, policy, measure, scale)
    if len(found) == 1:
        return f"{said}; its only lever is {found[0].name}"
    shown = [part for part in found if math.isfinite(part.found.low) and not part.found.low <= 0.0 <= part.found.high]
    if not shown:
        return f"{said}; no lever's share is shown to be there"
    largest = max(shown, key=lambda part: abs(part.found.mean))
    share = quote(summary, measure, policy, f"lever.{largest.key}.share.mean", form="signed", scale=scale)
    return f"{said}; largest share: {largest.name}, {with_unit(share, scale.difference_unit)}"

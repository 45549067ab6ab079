"""Gaming and fairness: what policies do to the measures that are seldom an objective and may still sink a plan."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from simulation.errors import ScenarioError
from simulation.report.charts.rows import KEY_ROOM
from simulation.report.lettering import in_order, lettering, shorten, shown
from simulation.report.style import FAINT, INK, MANY, PAPER, SIZES, SOFT, dress, look_of, summary_scale, write_key
from simulation.report.words.phrases import with_unit
from simulation.report.words.quotes import quote

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from simulation.report.style import Look
    from simulation.statistics.summary import Summary

SHOWN = (
    "value_moved", "last_month_share", "extra_discount", "satisfaction", "regretted_quits_rate", "pay_spread", "income_risk_low",
    "top_fifth_share",
)  # fmt: skip
"""The measures, from gaming over customers to fairness among reps."""
NOTHING = "there is nothing to compare in gaming and fairness: the scenario has no policy but the baseline, add one"
SETTLED = ("better", "worse", "higher", "lower")
"""What a difference may be called that is decided and material."""
LIMIT = 1.0
"""Changes beyond this share of the baseline's figure, and changes of a figure that is zero, stand at the edge as arrows."""
LEAST_LIMIT = 0.05
NAMES, FIGURES = 160.0, 190.0
"""[points] Columns at the left, for the measure and the baseline's figure, and at the right, for the largest change."""
TICK = 36.0
"""[points] From a tick to the next, at least."""
SPREAD = 0.62
"""Share of a row's height over which the policies' marks are spread."""
TIGHT = 20.0
"""[points] In lower rows names and figures take one line."""
LONGEST = 24
"""[characters] Of a label at the right."""
NAMED = 2
"""Measures named in the title."""
KEY_LINES = 2
"""Of the key, where one line does not hold the names."""
TINT = "#e3eff7"
PALE = "#b5b5b5"


class Change(NamedTuple):
    """A policy's difference from the baseline, as a share of the baseline's figure; infinite where that is zero."""

    policy: str
    mean: float
    low: float
    high: float
    settled: bool


def panel_changes(summary: Summary, key: str) -> list[Change]:
    """What each policy does to a measure; a policy without a figure is left out."""
    base = abs(float(summary.value(summary.baseline, key)))
    found = []
    for policy in summary.others:
        sides = [float(summary.value(policy, key, side)) for side in ("diff", "diff_low", "diff_high")]
        if math.isfinite(sides[0]) and math.isfinite(base):
            mean, low, high = (_relative(side, base) for side in sides)
            found.append(Change(policy, mean, low, high, summary.value(policy, key, "decided") in SETTLED))
    return found


def _relative(difference: float, base: float) -> float:
    if base > 0.0:
        return difference / base
    return math.copysign(math.inf, difference) if difference else 0.0


def draw_panel(ax: Axes, summary: Summary, *, title: bool = True) -> Axes:
    """Plot what policies do to gaming, customers and fairness: a row a measure, a mark a policy.

    Marks stand at the difference from the baseline as a percentage of the baseline's own figure, lines are 95% intervals of it,
    paired by seed. The better side of a row is tinted. Decided and material changes have the policy's colour, others are pale.
    Behind each row stand the policy with the largest of the former, its figure and its difference.

    Parameters
    ----------
    ax : Axes
        Drawn on and nothing else.
    summary : Summary
        `table` holds the figures.
    title : bool
        Whether the message stands above the axes.

    Raises
    ------
    ScenarioError
        When there is no policy but the baseline.
    """
    if not summary.others:
        raise ScenarioError(NOTHING)
    rows = {key: panel_changes(summary, key) for key in SHOWN}
    baseline = shorten(summary.labels[summary.baseline])
    dress(ax, panel_title(summary) if title else "", x=f"Difference from {baseline} (% of its own figure)", y="")
    limit = _limits(ax, [change for changes in rows.values() for change in changes])
    for place, (key, changes) in enumerate(rows.items()):
        _background(ax, place, summary.measures[key].better, limit)
        for number, change in enumerate(changes):
            lift = SPREAD * ((number + 0.5) / len(changes) - 0.5)
            _mark(ax, place + lift, change, look_of(summary, change.policy), limit, fine=len(changes) > MANY)
        _name(ax, place, summary, key)
        _figure(ax, place, summary, key, changes, limit)
    _key(ax, summary, rows)
    return ax


def _limits(ax: Axes, changes: Sequence[Change]) -> float:
    """Set the limits so that columns of words stand left and right of the marks; returns how far the marks reach [%]."""
    from matplotlib.ticker import MaxNLocator

    ends = [abs(end) for change in changes for end in change[1:4] if math.isfinite(end)]
    limit = 100.0 * min(max([LEAST_LIMIT, *(1.05 * end for end in ends)]), LIMIT)
    points = ax.get_window_extent().width * 72.0 / ax.figure.dpi
    left, right = (min(column / points, 0.36) for column in (NAMES, FIGURES))
    width = 2.0 * limit / (1.0 - left - right)
    ax.set_xlim(-limit - left * width, limit + right * width)
    marks = points * (1.0 - left - right)
    ticks = MaxNLocator(max(2 * int(marks / (2.0 * TICK)), 2), symmetric=True).tick_values(-limit, limit)
    ax.set_xticks([tick for tick in ticks if abs(tick) <= limit])
    ax.xaxis.set_major_formatter(lambda x, _: f"{x:+g}".replace("-", "−") if x else "0")
    ax.spines["left"].set_visible(False)
    key = KEY_ROOM * ax.figure.dpi / 72.0 / ax.get_window_extent().height
    last = len(SHOWN) - 0.5
    ax.set_ylim(last, -0.5 - len(SHOWN) * key / (1.0 - key))
    ax.set_yticks([])
    ax.vlines(ax.get_xticks(), -0.5, last, color=FAINT, lw=0.6, zorder=1)
    ax.vlines(0.0, -0.5, last, color=INK, lw=0.9, zorder=2)
    ax.hlines(np.arange(len(SHOWN) - 1) + 0.5, *ax.get_xlim(), color=FAINT, lw=0.6, zorder=1)
    return limit


def _background(ax: Axes, place: int, better: str, limit: float) -> None:
    """A tint on the better side of a row."""
    if better != "none":
        ax.barh(place, limit if better == "higher" else -limit, height=0.96, color=TINT, lw=0, zorder=0)


def _mark(ax: Axes, place: float, change: Change, look: Look, limit: float, *, fine: bool) -> None:
    """A policy's mark and interval; beyond the limits an arrow at the edge."""
    mean, low, high = (float(np.clip(100.0 * side, -limit, limit)) for side in change[1:4])
    colour = look.colour if change.settled else PALE
    beyond = abs(100.0 * change.mean) > limit
    mark = (">" if mean > 0 else "<") if beyond else look.mark
    if math.isfinite(low) and (change.settled or not fine):
        ax.plot([low, high], [place, place], color=colour, lw=1.4 if change.settled else 0.9, zorder=3 + change.settled)
    ax.plot(
        mean, place, mark, color=colour, markersize=(4.5 if fine else 6.5) if change.settled else 3.5, markeredgecolor=PAPER,
        markeredgewidth=0.5, zorder=4 + change.settled, clip_on=False, label=f"{change.policy}",
    )  # fmt: skip


def _name(ax: Axes, place: int, summary: Summary, key: str) -> None:
    """The measure, the baseline's figure and the better side, at the left of a row; in a low row without the last."""
    measure, figure = summary.measures[key], _level(summary, summary.baseline, key)
    better = "" if measure.better == "none" else f", {measure.better} is better"
    words = f"{measure.label}: {figure}" if _tight(ax) else f"{measure.label}\n{figure}{better}"
    ax.text(
        0.0, place, words, transform=ax.get_yaxis_transform(), fontsize=SIZES["note"], va="center", color=INK,
        linespacing=1.15, **lettering(),
    )  # fmt: skip


def _figure(ax: Axes, place: int, summary: Summary, key: str, changes: Sequence[Change], limit: float) -> None:
    """At the right of a row: the largest change that is decided and material, with its policy's mark; or that there is none."""
    settled = [change for change in changes if change.settled]
    text = ax.annotate(
        "", (limit, place), xytext=(20, 0), textcoords="offset points", va="center", fontsize=SIZES["note"], color=INK,
        linespacing=1.15, **lettering(),
    )  # fmt: skip
    if not settled:
        same = bool(changes) and all(summary.value(c.policy, key, "decided") == "same" for c in changes)
        text.set(text="no material difference" if same else "no change is decided" if changes else "no figures", color=SOFT)
        return
    policy = max(settled, key=lambda change: abs(change.mean)).policy
    scale = summary_scale(summary, key)
    difference = quote(summary, key, policy, "diff", form="signed")
    span = " to ".join(quote(summary, key, policy, side, form="signed") for side in ("diff_low", "diff_high"))
    below = "" if _tight(ax) else f"\n{with_unit(difference, scale.difference_unit)} ({span})"
    room = ax.transAxes.transform((1.0, 0.0))[0] - ax.transData.transform((limit, 0.0))[0] - 20.0 * ax.figure.dpi / 72.0
    for most in range(LONGEST, 3, -1):
        words = shown(f"{shorten(summary.labels[policy], most)}: {_level(summary, policy, key)}{below}")
        text.set_text("\n".join(in_order(words.split("\n"))))
        if text.get_window_extent().width <= room:
            break
    look = look_of(summary, policy)
    dot = 12.0 * ax.figure.dpi / 72.0 * (ax.get_xlim()[1] - ax.get_xlim()[0]) / ax.get_window_extent().width
    ax.plot(
        limit + dot, place, look.mark, color=look.colour, markersize=6.0, markeredgewidth=0.5, markeredgecolor=PAPER, zorder=5
    )


def _key(ax: Axes, summary: Summary, rows: Mapping[str, Sequence[Change]]) -> None:
    """The marks of the policies that have a decided change, above the rows, with as much of their names as there is room for."""
    from matplotlib.lines import Line2D

    named = [policy for policy in summary.others if any(c.policy == policy and c.settled for cs in rows.values() for c in cs)]
    pale = Line2D([], [], marker="o", ls="", ms=3.5, color=PALE, label="pale: open or not material")
    for most, lines in product((36, 26, 20, 16, 13, 10, 8, 6), (1, KEY_LINES)):
        handles = [
            Line2D([], [], marker=look.mark, ls="", ms=6.0, color=look.colour, label=shorten(summary.labels[policy], most))
            for policy in named
            for look in (look_of(summary, policy),)
        ]
        legend = write_key(
            ax, [*handles, pale], size=SIZES["note"], loc="upper left", ncols=math.ceil((len(named) + 1) / lines), borderpad=0.0,
            labelcolor=INK, handletextpad=0.2, columnspacing=1.2, labelspacing=0.25,
        )  # fmt: skip
        if legend.get_window_extent().width <= ax.get_window_extent().width:
            return


def _tight(ax: Axes) -> bool:
    """Whether a row is too low for two lines."""
    rows = ax.transData.transform([(0.0, 0.0), (0.0, 1.0)])[:, 1]
    return bool(abs(rows[1] - rows[0]) * 72.0 / ax.figure.dpi < TIGHT)


def _level(summary: Summary, policy: str, key: str) -> str:
    return with_unit(quote(summary, key, policy), summary_scale(summary, key).unit)


def panel_title(summary: Summary) -> str:
    """The message: which policy is decided to be worse in most of these measures, and in which; or that none is."""
    baseline = shorten(summary.labels[summary.baseline])
    worse: dict[str, list[str]] = {policy: [] for policy in summary.others}
    for key in SHOWN:
        for change in panel_changes(summary, key):
            if summary.value(change.policy, key, "decided") == "worse":
                worse[change.policy].append(key)
    policy = max(summary.others, key=lambda one: len(worse[one]))
    if not worse[policy]:
        return f"No policy is shown to be materially worse than {baseline} in gaming, for customers or in fairness"
    size = {key: abs(change.mean) for key in worse[policy] for change in panel_changes(summary, key) if change.policy == policy}
    ordered = sorted(worse[policy], key=lambda key: -size[key])
    told = [
        f"{summary.measures[key].label.lower()} ({_level(summary, policy, key)} against {_level(summary, summary.baseline, key)})"
        for key in ordered[:NAMED]
    ]
    more = len(ordered) - NAMED
    rest = f", and in {more} more" if more > 0 else ""
    return f"{shorten(summary.labels[policy])} is worse than {baseline} in {' and '.join(told)}{rest}"

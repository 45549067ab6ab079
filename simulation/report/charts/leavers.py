"""Who leaves: regretted quits, other quits and dismissals by group of reps, a policy beside the baseline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.errors import ScenarioError
from simulation.report.charts.groups import PERCENT, pair_named, pair_of, shift, shifts_said
from simulation.report.charts.rows import name_rows
from simulation.report.lettering import in_order, lettering, shorten, shown
from simulation.report.style import GAIN, INK, LOSS, MISSING, PAPER, SIZES, SOFT, dress, write_key
from simulation.report.words.quotes import quote
from simulation.vocabulary import Array

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from pandas import DataFrame

    from simulation.statistics.summary import Summary

KINDS: Mapping[str, tuple[str, str, str]] = {
    "regretted": ("Regretted quits", LOSS, "////"),
    "quits": ("Other quits", GAIN, ""),
    "dismissals": ("Dismissals", "#b8b8b8", "...."),
}
"""From the line at zero: what each kind is called, its colour and its hatch."""
OF: Mapping[str, str] = {"segment": "of those moved most by", "performance": "of"}
"""What stands before the name of a group in a title."""
MEASURE = "turnover"
TOGETHER = "\N{NO-BREAK SPACE}"
HEIGHT, APART = 0.32, 0.19
"""Of a bar, and from the middle of its row where two share it [rows]."""
PALE = 0.5
ONE_KEY, TWO_KEYS, LINE = 24.0, 40.0, 15.0
"""[points] Above the rows, for one line of the key or two, and between the lines."""
BEHIND = 44.0
LEAST_REACH = 5.0
"""[% a year] That the axis reaches at least."""


def draw_leavers(ax: Axes, summary: Summary, policy: str | None = None, *, by: str = "segment", title: bool = True) -> Axes:
    """Plot leavers a year by group as stacked bars, the baseline's above and paler, the policy's below.

    Thin bars are 95% intervals of the total: the baseline's of its own figure, the policy's of the paired difference, drawn from
    the baseline's total. Names say which part of reps a group is under the baseline.

    Parameters
    ----------
    ax : Axes
        Drawn on and nothing else.
    summary : Summary
        `series["leavers"]` and `series["leavers_total"]` hold the numbers.
    policy : str, optional
        Key of the policy; the one of the titles when left out (`phrases.focus`), and the baseline alone where there is no other.
    by : "segment" (what moves reps most) or "performance" (their sales over territory beside the others')
    title : bool
        Whether the message stands above the axes.

    Raises
    ------
    ScenarioError
        When `by` is another word, or the summary has no such policy.
    """
    if by not in OF:
        raise ScenarioError(f"by = {by!r} is no way to group reps; use {' or '.join(OF)}")
    policies = pair_of(summary, policy)
    other = policies[-1]
    rows, totals = (_rows(summary.series[name], by) for name in ("leavers", "leavers_total"))
    groups = list(dict.fromkeys(totals.index.get_level_values("group")))
    groups = groups[::-1] if by == "performance" else groups
    dress(ax, leavers_title(summary, other, by) if title else "", x="Leavers a year (% of the group's reps)", y="")
    names = [_name(totals.loc[(summary.baseline, group)]) for group in groups]
    spans = {(group, key): _span(totals, group, key, summary.baseline) for group in groups for key in policies}
    ends = [PERCENT.of(end) for span in spans.values() for end in span if np.isfinite(end)]
    name_rows(ax, names, (0.0, max([LEAST_REACH, *ends])), behind=BEHIND, above=TWO_KEYS if len(policies) > 1 else ONE_KEY)
    for key in policies:
        beside = (policies.index(key) - 0.5) * 2.0 * APART * (len(policies) > 1)
        places = [place + beside for place in range(len(groups))]
        pale = len(policies) > 1 and key == summary.baseline
        parts = np.array([[rows.loc[(key, group, kind), "mean"] for group in groups] for kind in KINDS], dtype=float)
        _bars(ax, places, np.nan_to_num(PERCENT.of(parts)), pale=pale)
        for place, group in zip(places, groups, strict=True):
            _total(ax, place, spans[group, key], bold=not pale)
    _key(ax, [summary.labels[policy] for policy in policies])
    return ax


def _rows(frame: DataFrame, by: str) -> Any:
    """The rows of one grouping, by policy, group and kind."""
    steps = ["policy", "group", *(["kind"] if "kind" in frame else [])]
    return frame[frame["by"] == by].set_index(steps)


def _name(row: Any) -> str:
    share = row["share"]
    return f"{row['label']} ({f'{100 * share:.0f}%{TOGETHER}of' if share > 0.0 else 'no'}{TOGETHER}reps)"


def _span(totals: Any, group: str, policy: str, baseline: str) -> tuple[float, float, float]:
    """A group's total under a policy, and the limits drawn for it."""
    row, start = totals.loc[(policy, group)], totals.loc[(baseline, group)]
    if policy == baseline:
        return float(row["mean"]), float(row["low"]), float(row["high"])
    return float(row["mean"]), float(start["mean"] + row["diff_low"]), float(start["mean"] + row["diff_high"])


def _bars(ax: Axes, places: Sequence[float], parts: Array, *, pale: bool) -> None:
    """Stacked bars from the line at zero, one a group; parts are (kind, group)."""
    lefts = np.cumsum(parts, axis=0) - parts
    for (_, colour, hatch), wide, left in zip(KINDS.values(), parts, lefts, strict=True):
        ax.barh(
            places, wide, left=left, height=HEIGHT, color=colour, alpha=PALE if pale else 1.0, hatch=hatch or None,
            edgecolor=PAPER, lw=0, zorder=3,
        )  # fmt: skip


def _total(ax: Axes, place: float, span: tuple[float, float, float], *, bold: bool) -> None:
    """The interval of a total, and its figure behind it."""
    mean, low, high = span
    if np.isfinite([low, high]).all():
        ax.plot([max(float(PERCENT.of(low)), 0.0), PERCENT.of(high)], [place, place], color=INK, lw=1.1, zorder=4)
    right = max((float(PERCENT.of(end)) for end in (mean, high) if np.isfinite(end)), default=0.0)
    words = f"{PERCENT.show(mean)}%" if np.isfinite(mean) else MISSING
    ax.annotate(
        words, (max(right, 0.0), place), xytext=(4.0, 0.0), textcoords="offset points", va="center", ha="left",
        fontsize=SIZES["note"], fontweight="bold" if bold else "normal", color=INK, zorder=5,
    )  # fmt: skip


def _key(ax: Axes, names: Sequence[str]) -> None:
    """Which fill is which kind, and, of two policies, which bar is whose."""
    from matplotlib.patches import Patch

    handles = [Patch(facecolor=c, hatch=h or None, edgecolor=PAPER, lw=0, label=text) for text, c, h in KINDS.values()]
    write_key(
        ax, handles, size=SIZES["note"], loc="upper left", ncols=len(KINDS), handlelength=1.4, columnspacing=1.4, labelcolor=SOFT
    )
    if len(names) == 1:
        return
    text = ax.annotate(
        "", (0.0, 1.0), xycoords="axes fraction", xytext=(2.0, -LINE), textcoords="offset points", va="top", ha="left",
        fontsize=SIZES["note"], color=SOFT, **lettering(),
    )  # fmt: skip
    for most in range(40, 8, -1):
        above, below = (shorten(name, most) for name in names)
        text.set_text(in_order([shown(f"Upper, paler bars: {above}; lower bars: {below}")])[0])
        if text.get_window_extent().width <= ax.get_window_extent().width:
            return


def leavers_title(summary: Summary, policy: str, by: str = "segment") -> str:
    """Of which groups fewer or more leave, or, of the baseline, of which most leave; `by` is as for `draw_leavers`."""
    totals = _rows(summary.series["leavers_total"], by)
    groups = [group for group in totals.loc[summary.baseline].index if np.isfinite(totals.loc[(policy, group), "mean"])]
    if not groups:
        return f"{shorten(summary.labels[policy])}: no reps in any group"
    named = {group: _spoken(by, group, str(totals.loc[(policy, group), "label"])) for group in groups}
    address = f"leavers_total.{by}.{{}}"
    if policy == summary.baseline:
        least, most = (pick(groups, key=lambda group: totals.loc[(policy, group), "mean"]) for pick in (min, max))
        figure = lambda group: quote(summary, MEASURE, policy, f"{address.format(group)}.mean", scale=PERCENT)  # noqa: E731
        first, *others = [f"{figure(group)}% {OF[by]} {named[group]}" for group in dict.fromkeys((most, least))]
        return ", and ".join([f"{shorten(summary.labels[policy])}: {first} leave in a year", *others])
    shifts = [
        shift(summary, MEASURE, policy, address.format(group), named[group], totals.loc[(policy, group)].to_dict())
        for group in groups
    ]
    return f"{pair_named(summary, policy)}: {shifts_said(shifts, 'leave', OF[by])}"


def _spoken(by: str, group: str, label: str) -> str:
    """A group in a sentence: "money", "the top quarter", "reps not ranked yet"."""
    if by == "segment":
        return group
    return f"the {label.lower()}" if label.endswith("quarter") else f"reps {label.lower()}"

"""Who would lose and who would gain under each plan if sales stayed as they were."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from simulation.errors import ScenarioError
from simulation.report.charts.rows import name_rows, rows_shown
from simulation.report.charts.static_price import NOTHING
from simulation.report.static_price import extremes_words, share
from simulation.report.style import GAIN, INK, LOSS, PAPER, SIZES, SOFT, dress, shorten

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text

    from simulation.statistics.summary import Summary

HEIGHT = 0.38
LIFT = 0.14
"""Rows by which a bar stands above the middle of its row, to make room for the line under it."""
UNDER = 0.26
"""Rows by which that line lies below the middle."""
PALE = 0.45
BEFORE, BEHIND = 100.0, 36.0
"""[points] Room left and right of the bars for their figures."""
MOST_LINES = 14
"""With more policies than this, or in axes too narrow, the groups hit hardest are not written under the bars."""


def draw_losers(ax: Axes, summary: Summary) -> Axes:
    """Plot shares of reps whose pay would fall, left, or rise, right, by at least 5% (pale) and 10% (full), a row a policy.

    Behind the left end stand the reps who lose 5% or more and their part of sales; under the bar, where there is room for it, the
    groups hit hardest and best off, as far as intervals are that sure. Of many policies those under which most would lose.

    Parameters
    ----------
    ax : Axes
        Drawn on and nothing else.
    summary : Summary
        `static` holds the figures.

    Raises
    ------
    ScenarioError
        When the summary has no static price, or no policy but the baseline.
    """
    found = summary.static
    if found is None or not summary.others:
        raise ScenarioError(NOTHING)
    rows: Mapping[Any, Mapping[Any, float]] = found.policies.to_dict("index")
    shown, of_all = rows_shown(summary.others, {policy: rows[policy]["losing5_mean"] for policy in summary.others})
    most = {side: max(100.0 * rows[policy][f"{side}5_mean"] for policy in shown) for side in ("losing", "gaining")}
    dress(ax, losers_title(summary, rows), x=f"Share of reps whose pay would be lower (left) or higher (right), %{of_all}", y="")
    names, reach = [summary.labels[policy] for policy in shown], (-most["losing"], most["gaining"])
    left = name_rows(ax, names, reach, before=BEFORE, behind=BEHIND)
    ax.xaxis.set_major_formatter(lambda x, _: f"{abs(x):g}")
    words = [extremes_words(summary, policy) for policy in shown]
    told = len(words) <= MOST_LINES and all(_width(ax, text) < 0.97 - left for text in words)
    for place, policy in enumerate(shown):
        _bars(ax, place - LIFT * told, rows[policy])
        if told and words[place]:
            _under(ax, place + UNDER, words[place])
    _key(ax)
    return ax


def _bars(ax: Axes, place: float, row: Mapping[Any, float]) -> None:
    """Losers to the left, gainers to the right, with their figures behind the ends."""
    for side, sign, colour in (("losing", -1.0, LOSS), ("gaining", 1.0, GAIN)):
        five, ten = (100.0 * row[f"{side}{limit}_mean"] for limit in ("5", "10"))
        hatch = "////" if sign < 0 else None
        ax.barh(place, sign * five, height=HEIGHT, color=colour, alpha=PALE, edgecolor=PAPER, lw=0, zorder=2)
        ax.barh(place, sign * ten, height=HEIGHT, color=colour, edgecolor=PAPER, lw=0, hatch=hatch, zorder=3)
        words = share(five / 100.0)
        if side == "losing":
            words = f"{words} ({share(row['sales5_mean'])} of sales)" if five > 0 else "nobody loses 5%"
        ax.annotate(
            words, (sign * five, place), xytext=(4.0 * sign, 0), textcoords="offset points", va="center",
            ha="right" if sign < 0 else "left", fontsize=SIZES["note"], color=INK, zorder=5,
        )  # fmt: skip


def _under(ax: Axes, place: float, words: str) -> Text:
    """Words below a bar, on a halo, for they may cross the line at zero."""
    from matplotlib.patheffects import withStroke

    return ax.text(
        0.99, place, words, transform=ax.get_yaxis_transform(), fontsize=SIZES["note"] - 0.5, va="center", ha="right",
        color=SOFT, zorder=5, parse_math=False, path_effects=[withStroke(linewidth=2.5, foreground=PAPER)],
    )  # fmt: skip


def _width(ax: Axes, words: str) -> float:
    """Share of the axes that such words would take."""
    trial = _under(ax, 0.0, words)
    width = trial.get_window_extent().width / ax.get_window_extent().width
    trial.remove()
    return float(width)


def _key(ax: Axes) -> None:
    """Which fill stands for which loss or gain, in the row above the first."""
    keys = (
        ("lose 10% or more", LOSS, 1.0, "////"), ("lose 5 to 10%", LOSS, PALE, None),
        ("gain 5 to 10%", GAIN, PALE, None), ("gain 10% or more", GAIN, 1.0, None),
    )  # fmt: skip
    from matplotlib.patches import Patch

    ax.legend(
        handles=[Patch(facecolor=c, alpha=a, hatch=h, edgecolor=PAPER, lw=0, label=text) for text, c, a, h in keys],
        loc="upper right", ncols=4, frameon=False, fontsize=SIZES["note"], handlelength=1.4, columnspacing=1.4,
        borderaxespad=0.0, labelcolor=SOFT,
    )  # fmt: skip


def losers_title(summary: Summary, rows: Mapping[Any, Mapping[Any, float]]) -> str:
    """The message: under which plan most reps would lose, and what they bring."""
    baseline = shorten(summary.labels[summary.baseline])
    policy = max(summary.others, key=lambda key: rows[key]["losing5_mean"])
    row = rows[policy]
    if row["losing5_mean"] <= 0.0:
        return f"At the sales of {baseline} no rep would earn 5% less under any of the plans"
    return (
        f"{shorten(summary.labels[policy])}: at the sales of {baseline} {share(row['losing5_mean'])} of reps, "
        f"who bring {share(row['sales5_mean'])} of sales, would earn at least 5% less; {share(row['losing10_mean'])} at least 10%"
    )

"""Who would lose and who would gain under each plan if sales stayed as they were."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from simulation.report.charts.rows import name_rows, rows_shown
from simulation.report.charts.static_price import priced_rows
from simulation.report.static_price import extremes_parts, share, share_of
from simulation.report.style import GAIN, INK, LOSS, PAPER, SIZES, SOFT, dress
from simulation.report.words.phrases import called
from simulation.report.words.quotes import PERCENT, quote

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
UNDER_HIGH = 0.4
"""Rows that the lines under a bar may take."""
MOST_LINES = 14
"""With more policies than this, or in axes too narrow, the groups hit hardest are not written under the bars."""
OFF = 4.0
"""[points] Between the line at zero and words beside it."""


def draw_losers(ax: Axes, summary: Summary, *, title: bool = True) -> Axes:
    """Plot shares of reps whose pay would fall, left, or rise, right, by at least 5% (pale) and 10% (full), a row a policy.

    Behind the left end stand the reps who lose 5% or more and their part of sales; under the bar, where there is room for it, the
    groups hit hardest and best off, as far as intervals are that sure. Of many policies those under which most would lose.

    Takes what `draw_static_price` takes, and raises what it raises.
    """
    rows = priced_rows(summary)
    shown, of_all = rows_shown(summary.others, {policy: rows[policy]["losing5_mean"] for policy in summary.others})
    most = {side: max(100.0 * rows[policy][f"{side}5_mean"] for policy in shown) for side in ("losing", "gaining")}
    said = losers_title(summary, rows) if title else ""
    dress(ax, said, x=f"Share of reps whose pay would be lower (left) or higher (right), %{of_all}", y="")
    names, reach = [summary.labels[policy] for policy in shown], (-most["losing"], most["gaining"])
    left = name_rows(ax, names, reach, before=BEFORE, behind=BEHIND)
    ax.xaxis.set_major_formatter(lambda x, _: f"{abs(x):g}")
    lines = [_beside(ax, _brief(extremes_parts(summary, policy)), left) for policy in shown]
    told = len(lines) <= MOST_LINES and None not in lines
    for place, policy in enumerate(shown):
        _bars(ax, place - LIFT * told, rows[policy])
        for side, words in (lines[place] or ()) if told else ():
            _under(ax, place + UNDER, side, words)
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


def _brief(parts: tuple[str, str]) -> tuple[str, str]:
    """The same without the words that the axis says already: "hardest hit: 25+ months led by money (−0.8%)"."""
    hit, off = (part.replace(" are reps of ", ": ") for part in parts)
    return hit, off


def _beside(ax: Axes, parts: tuple[str, str], names: float) -> list[tuple[int, str]] | None:
    """Which words stand left (−1) and right (+1) of the line at zero, so that it runs through none; None where they find no room.

    Losers' words left and winners' right; else all where there is more room, in one line or in two.
    """
    said = [part for part in parts if part]
    zero = float(ax.transAxes.inverted().transform(ax.transData.transform((0.0, 0.0)))[0])
    rooms = (zero - names, 1.0 - zero)
    if all(_share(ax, part)[0] < room for part, room in zip(parts, rooms, strict=True)):
        return [(side, part) for side, part in zip((-1, 1), parts, strict=True) if part]
    wider = 0 if rooms[0] > rooms[1] else 1
    for words in (", ".join(said), ",\n".join(said)):
        width, rows = _share(ax, words)
        if width < rooms[wider] and rows < UNDER_HIGH:
            return [(2 * wider - 1, words)]
    return None


def _under(ax: Axes, place: float, side: int, words: str) -> Text:
    """Words below a bar, on one side of the line at zero; on a halo, for lines of ticks cross them."""
    from matplotlib.patheffects import withStroke

    return ax.annotate(
        words, (0.0, place), xytext=(side * OFF, 0.0), textcoords="offset points", fontsize=SIZES["note"], va="center",
        ha="right" if side < 0 else "left", color=SOFT, zorder=5, parse_math=False, linespacing=1.1,
        path_effects=[withStroke(linewidth=2.5, foreground=PAPER)],
    )  # fmt: skip


def _share(ax: Axes, words: str) -> tuple[float, float]:
    """Share of the axes' width that such words and what keeps them off would take, and rows that they are high."""
    trial = _under(ax, 0.0, 1, words)
    box = trial.get_window_extent()
    trial.remove()
    row = abs(float(ax.transData.transform((0.0, 1.0))[1] - ax.transData.transform((0.0, 0.0))[1]))
    width = box.width + 2.0 * OFF * ax.figure.dpi / 72.0 if words else 0.0
    return float(width / ax.get_window_extent().width), float(box.height / row)


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
    baseline = called(summary, summary.baseline)
    policy = max(summary.others, key=lambda key: rows[key]["losing5_mean"])
    five, ten = (f"{quote(summary, '', '', f'limit.{name}', scale=PERCENT)}%" for name in ("lose", "lose_much"))
    if rows[policy]["losing5_mean"] <= 0.0:
        return f"At the sales of {baseline} no rep would earn {five} less under any of the plans"
    some, sales, many = (share_of(summary, policy, key) for key in ("losing5", "sales5", "losing10"))
    return (
        f"{called(summary, policy)}: at the sales of {baseline} {some} of reps, "
        f"who bring {sales} of sales, would earn at least {five} less; {many} at least {ten}"
    )

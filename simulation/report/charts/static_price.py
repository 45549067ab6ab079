"""What each plan's change of pay cost would be if nobody changed behaviour, and what it is as lived."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from simulation.errors import ScenarioError
from simulation.report.charts.rows import name_rows
from simulation.report.style import INK, MISSING, PAPER, SIZES, SOFT, dress, look_of, scale_of, shorten
from simulation.report.words import with_unit

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from simulation.report.style import Scale
    from simulation.statistics.summary import Summary

NOTHING = "there is no static price to draw: it needs records with the baseline's rep-months and a policy beside the baseline"
FIGURES = 24.0
"""[points] Room behind the marks."""
LEAST_ARROW = 14.0
"""[points] Marks nearer to each other have no arrow between them."""
KEY = -0.72
"""Row of the key."""


def draw_static_price(ax: Axes, summary: Summary) -> Axes:
    """Plot the change of yearly pay cost from the baseline's, a row a policy: hollow at the baseline's sales, filled as lived.

    The arrow between them is the wedge, with its 95% interval in words.

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
    ends = {policy: (rows[policy]["change_static_mean"], rows[policy]["change_lived_mean"]) for policy in summary.others}
    scale = scale_of(summary.measures["pay_cost"], [x for pair in ends.values() for x in pair])
    reach = [0.0, *(scale.of(x) for pair in ends.values() for x in pair)]
    baseline = shorten(summary.labels[summary.baseline])
    dress(ax, static_title(summary, rows), x=f"Change of pay cost from {baseline} ({scale.unit})", y="")
    name_rows(ax, [summary.labels[policy] for policy in summary.others], (min(reach), max(reach)), figures=FIGURES)
    for place, policy in enumerate(summary.others):
        _wedge(ax, place, (scale.of(ends[policy][0]), scale.of(ends[policy][1])), look_of(summary, policy).colour)
        _say(ax, place, sum(map(scale.of, ends[policy])) / 2, _words(rows[policy], scale))
    _key(ax, baseline)
    return ax


def _wedge(ax: Axes, place: int, ends: tuple[float, float], colour: str) -> None:
    """A ring, a smaller disc, and where there is room between them an arrow from one to the other."""
    static, lived = ends
    apart = abs(ax.transData.transform((lived, place))[0] - ax.transData.transform((static, place))[0])
    if apart * 72.0 / ax.figure.dpi > LEAST_ARROW:
        ax.annotate(
            "", (lived, place), xytext=(static, place), zorder=3,
            arrowprops={"arrowstyle": "-|>", "color": colour, "lw": 1.6, "shrinkA": 4.0, "shrinkB": 3.0},
        )  # fmt: skip
    ax.plot(static, place, "o", markersize=10, color=colour, markerfacecolor=PAPER, markeredgewidth=1.6, zorder=4)
    ax.plot(lived, place, "o", markersize=6, color=colour, zorder=5)


def _words(row: Mapping[Any, float], scale: Scale) -> str:
    """The wedge and its interval: "+0.44 (+0.31 to +0.56)"."""
    span = " to ".join(scale.show(row[f"wedge_{side}"], sign=True) for side in ("low", "high"))
    return f"{scale.show(row['wedge_mean'], sign=True)} ({span if math.isfinite(row['wedge_low']) else MISSING})"


def _say(ax: Axes, place: int, middle: float, text: str) -> None:
    """Words over an arrow, moved sideways as far as the axes ask for."""
    from matplotlib.patheffects import withStroke

    note = ax.annotate(
        text, (middle, place), xytext=(0, 7), textcoords="offset points", ha="center", va="bottom", fontsize=SIZES["note"],
        color=INK, parse_math=False, zorder=6, path_effects=[withStroke(linewidth=2.5, foreground=PAPER)],
    )  # fmt: skip
    frame = ax.get_window_extent()
    over = note.get_window_extent().x1 - frame.x1
    if over > 0:
        note.set_position((-over * 72.0 / ax.figure.dpi, 7))


def _key(ax: Axes, baseline: str) -> None:
    """What the two marks stand for, in the row above the first."""
    across = ax.get_yaxis_transform()
    keys = ((0.012, 10, PAPER, f"price at the sales of {baseline}"), (0.48, 6, SOFT, "as lived; the figure is the wedge"))
    for x, size, face, text in keys:
        ax.plot(x, KEY, "o", transform=across, markersize=size, color=SOFT, markerfacecolor=face, markeredgewidth=1.4)
        ax.text(
            x + 0.018, KEY, text, transform=across, fontsize=SIZES["note"], va="center", color=SOFT, parse_math=False,
        )  # fmt: skip


def static_title(summary: Summary, rows: Mapping[Any, Mapping[Any, Any]]) -> str:
    """The message: the largest material wedge, or that there is none."""
    baseline = shorten(summary.labels[summary.baseline])
    material = [policy for policy in summary.others if rows[policy]["wedge_decided"] in ("higher", "lower")]
    if not material:
        return f"Lived, no plan is shown to cost materially more or less than its price at the sales of {baseline}"
    policy = max(material, key=lambda key: abs(rows[key]["wedge_mean"]))
    row = rows[policy]
    scale = scale_of(summary.measures["pay_cost"], [row[f"{key}_mean"] for key in ("change_static", "change_lived", "wedge")])
    static, lived = (scale.show(row[f"change_{key}_mean"], sign=True) for key in ("static", "lived"))
    wedge = with_unit(scale.show(abs(row["wedge_mean"])), scale.unit)
    does = "adds" if row["wedge_mean"] > 0 else "saves"
    return (
        f"{shorten(summary.labels[policy])}: {static} in pay cost at the sales of {baseline}, {lived} as lived; "
        f"people's answer {does} {wedge}"
    )

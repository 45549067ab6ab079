"""What each plan's change of pay cost would be if nobody changed behaviour, and what it is as lived."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from simulation.errors import ScenarioError
from simulation.report.charts.rows import name_rows, rows_shown
from simulation.report.lettering import shorten
from simulation.report.style import INK, MISSING, PAPER, SIZES, SOFT, dress, look_of, scale_of
from simulation.report.words.phrases import called, with_unit
from simulation.report.words.quotes import quote

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from simulation.report.style import Scale
    from simulation.statistics.summary import Summary

NOTHING = "there is no static price to draw: it needs records with the baseline's rep-months and a policy beside the baseline"
FIGURES = 128.0
"""[points] Room behind the marks, for the wedge and its interval."""
LEAST_ARROW = 14.0
"""[points] Marks nearer to each other have no arrow between them."""
RING, DISC = 10, 6
"""[points] Sizes of the two marks: the smaller is seen within the larger."""


def priced_rows(summary: Summary) -> Mapping[Any, Mapping[Any, float]]:
    """Static prices by policy. Raises ScenarioError when there are none, or no policy but the baseline."""
    found = summary.static
    if found is None or not summary.others:
        raise ScenarioError(NOTHING)
    rows: Mapping[Any, Mapping[Any, float]] = found.policies.to_dict("index")
    return rows


def draw_static_price(ax: Axes, summary: Summary, *, title: bool = True) -> Axes:
    """Plot the change of yearly pay cost from the baseline's, a row a policy: hollow at the baseline's sales, filled as lived.

    The arrow between them is the wedge; behind it stand its size and 95% interval. Of many policies those of the largest wedges.

    Parameters
    ----------
    ax : Axes
        Drawn on and nothing else.
    summary : Summary
        `static` holds the figures.
    title : bool
        Whether the message stands above the axes.

    Raises
    ------
    ScenarioError
        When the summary has no static price, or no policy but the baseline.
    """
    rows = priced_rows(summary)
    shown, of_all = rows_shown(summary.others, {policy: abs(rows[policy]["wedge_mean"]) for policy in summary.others})
    ends = {policy: (rows[policy]["change_static_mean"], rows[policy]["change_lived_mean"]) for policy in shown}
    scale = scale_of(summary.measures["pay_cost"], [x for pair in ends.values() for x in pair])
    reach = [0.0, *(scale.of(x) for pair in ends.values() for x in pair)]
    baseline = shorten(summary.labels[summary.baseline])
    dress(ax, static_title(summary, rows) if title else "", x=f"Change of pay cost from {baseline} ({scale.unit}){of_all}", y="")
    name_rows(ax, [summary.labels[policy] for policy in shown], (min(reach), max(reach)), behind=FIGURES)
    for place, policy in enumerate(shown):
        drawn = scale.of(ends[policy][0]), scale.of(ends[policy][1])
        _wedge(ax, place, drawn, look_of(summary, policy).colour)
        ax.annotate(
            _words(rows[policy], scale), (max(drawn), place), xytext=(9, 0), textcoords="offset points", va="center",
            fontsize=SIZES["note"], color=INK, parse_math=False, zorder=6,
            bbox=dict(facecolor=PAPER, edgecolor="none", pad=1.0),
        )  # fmt: skip
    _key(ax)
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
    ax.plot(static, place, "o", markersize=RING, color=colour, markerfacecolor=PAPER, markeredgewidth=1.6, zorder=4)
    ax.plot(lived, place, "o", markersize=DISC, color=colour, zorder=5)


def _words(row: Mapping[Any, float], scale: Scale) -> str:
    """The wedge and its interval: "+0.44 (+0.31 to +0.56)"."""
    span = " to ".join(scale.show(row[f"wedge_{side}"], sign=True) for side in ("low", "high"))
    return f"{scale.show(row['wedge_mean'], sign=True)} ({span if math.isfinite(row['wedge_low']) else MISSING})"


def _key(ax: Axes) -> None:
    """What the two marks stand for, above the first row."""
    from matplotlib.lines import Line2D

    marks = (("baseline's sales under the plan", RING, PAPER), ("as lived", DISC, SOFT))
    ax.legend(
        handles=[
            Line2D([], [], marker="o", ls="", ms=size, color=SOFT, markerfacecolor=face, markeredgewidth=1.4, label=text)
            for text, size, face in marks
        ],
        loc="upper right", ncols=2, frameon=False, fontsize=SIZES["note"], borderaxespad=0.0, labelcolor=SOFT, handletextpad=0.3,
    )  # fmt: skip


def static_title(summary: Summary, rows: Mapping[Any, Mapping[Any, Any]]) -> str:
    """The message: the largest material wedge, or that there is none."""
    baseline = called(summary, summary.baseline)
    material = [policy for policy in summary.others if rows[policy]["wedge_decided"] in ("higher", "lower")]
    if not material:
        return "As lived, no plan is shown to cost materially more or less than its static price"
    policy = max(material, key=lambda key: abs(rows[key]["wedge_mean"]))
    row = rows[policy]
    scale = scale_of(summary.measures["pay_cost"], [row[f"{key}_mean"] for key in ("change_static", "change_lived", "wedge")])
    written = partial(quote, summary, "pay_cost", policy, scale=scale)
    static = with_unit(written("static.change_static_mean", form="signed"), scale.unit)
    lived, wedge = written("static.change_lived_mean", form="signed"), written("static.wedge_mean", form="size")
    return (
        f"{called(summary, policy)}: {static} in pay cost at the sales of {baseline}, {lived} as lived; "
        f"people's answer {'adds' if row['wedge_mean'] > 0 else 'saves'} {wedge}"
    )

"""The trade-off of a sweep: every point's turnover against its money, and the points that no other beats on both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.report.labels import Tag, label_marks
from simulation.report.lettering import shorten
from simulation.report.style import FAINT, GAIN, INK, PAPER, SOFT, dress
from simulation.report.words.sweep import settings_text
from simulation.report.words.sweep_titles import baseline_name, difference_scale, front_title, measure_scale
from simulation.statistics.swept_views import undominated

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from pandas import DataFrame

    from simulation.report.style import Scale
    from simulation.statistics.swept import Swept

X = "turnover"
LABELLED = 5
"""Points of the front that are named."""
BARS = 30
"""Points of a front that carry their intervals; more would cover each other."""
MOST_DOTS = 300
PIECES = 8
"""Pieces of the line between two points of the front, when labels look for room."""
RASTER_FROM = 1_000
LONGEST = 60


def barred(front: DataFrame) -> bool:
    """Whether points of this front carry their intervals."""
    return 0 < len(front) <= BARS


def money_of(swept: Swept) -> str:
    """The measure against turnover: the objective where more of it is better, else revenue."""
    objective = swept.facts.objective
    return objective if objective != X and swept.measures[objective].better == "higher" else "revenue"


def _column(swept: Swept) -> str:
    """What is compared: figures, or where parameters are varied differences from the baseline under the same ones."""
    return "diff" if swept.worlds else "mean"


def _baseline(swept: Swept, key: str) -> float:
    return 0.0 if swept.worlds else float(swept.baseline[key]["mean"])


def _baseline_allowed(swept: Swept) -> bool:
    means = {key: swept.baseline[key]["mean"] for key in swept.facts.require}
    return all(means[key] <= limit if sign == "<=" else means[key] >= limit for key, (sign, limit) in swept.facts.require.items())


def front_rows(swept: Swept, money: str) -> DataFrame:
    """The rows that meet what is required and that neither the baseline nor another of them beats, least turnover first."""
    return _front(swept, money)[0]


def _front(swept: Swept, money: str) -> tuple[DataFrame, bool]:
    """The same, and whether the baseline stands on the front as well; it counts where it meets what is required itself."""
    rows = swept.run[swept.different & swept.allowed()]
    x, y = (np.append(_baseline(swept, key), rows[f"{key}_{_column(swept)}"].to_numpy(dtype=float)) for key in (X, money))
    best = undominated(x if _baseline_allowed(swept) else np.append(np.nan, x[1:]), y)
    return rows[best[1:]].sort_values(f"{X}_{_column(swept)}"), bool(best[0])


def draw_front(ax: Axes, swept: Swept, *, title: bool = True) -> Axes:
    """All points in grey, hollow where one breaks a requirement; those that no other beats joined; the baseline hollow.

    Where parameters are varied points stand in different worlds, and the axes are differences from the baseline in the same one.
    Bars of points on the front are 95% intervals of their paired differences from the baseline.

    Parameters
    ----------
    ax : Axes
        Drawn on and nothing else.
    swept : Swept
        From `sweep_table`.
    title : bool
        Whether the message stands above the axes.
    """
    money = money_of(swept)
    x, y = (difference_scale(swept, key) if swept.worlds else measure_scale(swept, key) for key in (X, money))
    rows, allowed, side = swept.run[swept.different], swept.allowed()[swept.different], _column(swept)
    for kept, inside, name in ((allowed, SOFT, "allowed"), (np.logical_not(allowed), "none", "breaks a requirement")):
        ax.scatter(
            x.of(rows[f"{X}_{side}"].to_numpy(dtype=float)[kept]), y.of(rows[f"{money}_{side}"].to_numpy(dtype=float)[kept]),
            s=15, facecolors=inside, edgecolors=SOFT, alpha=0.55, lw=0.7, zorder=2, label=name,
            rasterized=len(rows) > RASTER_FROM,
        )  # fmt: skip
    front, counts = _front(swept, money)
    at = x.of(front[f"{X}_{side}"].to_numpy(dtype=float)), y.of(front[f"{money}_{side}"].to_numpy(dtype=float))
    ax.plot(*at, "o-", color=GAIN, lw=1.2, markersize=5, markeredgecolor=PAPER, markeredgewidth=0.6, zorder=4, label="front")
    bars = _bars(ax, front, {X: x, money: y}, side) if barred(front) else np.empty((0, 4))
    base = x.of(_baseline(swept, X)), y.of(_baseline(swept, money))
    ax.plot(*base, "o", markersize=9, color=INK, markerfacecolor=PAPER, markeredgewidth=1.6, zorder=5, label="baseline")
    ax.margins(0.14)
    units = (f": difference ({x.difference_unit})", f": difference ({y.difference_unit})")
    across, up = units if swept.worlds else (f" ({x.unit})", f" ({y.unit})")
    dress(
        ax, front_title(swept, front, money, baseline=counts) if title else "",
        x=f"Turnover{across}  –  further left is better", y=f"{swept.measures[money].label}{up}  –  higher is better",
    )  # fmt: skip
    ax.grid(color=FAINT, lw=0.6)
    name = f"{baseline_name(swept)}{'' if _baseline_allowed(swept) else ' (breaks what is required)'}"
    tags = [*_tags(swept, front, at), Tag(*base, name, INK)]
    label_marks(ax, tags, np.concatenate([bars, _pieces(*at), _dots(swept, money, (x, y))]))
    return ax


def _pieces(x: Any, y: Any) -> Any:
    """The line of the front in short pieces, as boxes (piece, 4) for labels to keep off."""
    if not len(x):
        return np.empty((0, 4))
    place = np.linspace(0, len(x) - 1, PIECES * (len(x) - 1) + 1)
    across, up = (np.interp(place, range(len(x)), values) for values in (x, y))
    return np.stack([across[:-1], up[:-1], across[1:], up[1:]], axis=1)


def _dots(swept: Swept, money: str, scales: tuple[Scale, Scale]) -> Any:
    """Some of the dots, evenly taken, as boxes (dot, 4) for labels to keep off."""
    some = swept.run[swept.different].iloc[:: len(swept.run) // MOST_DOTS + 1]
    both = zip((X, money), scales, strict=True)
    x, y = (scale.of(some[f"{key}_{_column(swept)}"].to_numpy(dtype=float)) for key, scale in both)
    return np.stack([x, y, x, y], axis=1)


def _tags(swept: Swept, front: Any, at: tuple[Any, Any]) -> list[Tag]:
    """Names of some points of the front: its ends, and evenly between."""
    places = sorted({round(k) for k in np.linspace(0, len(front) - 1, min(LABELLED, len(front)))})
    texts = [shorten(settings_text(swept, front.iloc[k], whole=True), LONGEST) for k in places]
    return [Tag(float(at[0][k]), float(at[1][k]), text, GAIN) for k, text in zip(places, texts, strict=True)]


def _bars(ax: Axes, front: Any, scales: Mapping[str, Scale], side: str) -> Any:
    """Two bars through each point of the front; returns their boxes (bar, 4)."""
    boxes = []
    for _, row in front.iterrows():
        ends = []
        for key, scale in scales.items():
            start = row[f"{key}_{side}"] - row[f"{key}_diff"]  # the baseline, or nothing from it
            ends.append([scale.of(start + row[f"{key}_{end}"]) for end in ("diff_low", "diff", "diff_high")])
        (left, x, right), (bottom, y, top) = ends
        ax.plot([left, right], [y, y], color=GAIN, lw=1.0, alpha=0.45, zorder=3)
        ax.plot([x, x], [bottom, top], color=GAIN, lw=1.0, alpha=0.45, zorder=3)
        boxes += [[left, y, right, y], [x, bottom, x, top]]
    found = np.array(boxes, dtype=float).reshape(-1, 4)
    return found[np.isfinite(found).all(axis=1)]

"""The trade-off of a sweep: every point's turnover against its money, and the points that no other beats on both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.report.labels import Tag, label_marks
from simulation.report.style import FAINT, GAIN, INK, PAPER, SOFT, dress, shorten
from simulation.report.sweep_titles import baseline_name, front_title, measure_scale
from simulation.report.sweep_words import settings_text
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


def money_of(swept: Swept) -> str:
    """The measure against turnover: the objective where more of it is better, else revenue."""
    objective = swept.facts.objective
    return objective if objective != X and swept.measures[objective].better == "higher" else "revenue"


def front_rows(swept: Swept, money: str) -> DataFrame:
    """The rows that no other beats on both, least turnover first."""
    rows = swept.run
    best = undominated(rows[f"{X}_mean"].to_numpy(dtype=float), rows[f"{money}_mean"].to_numpy(dtype=float))
    return rows[best].sort_values(f"{X}_mean")


def draw_front(ax: Axes, swept: Swept) -> Axes:
    """All points in grey, pale where one breaks a requirement; those that no other beats joined; the baseline hollow.

    Bars of points on the front are 95% intervals of their paired differences from the baseline.

    Parameters
    ----------
    ax : Axes
        Drawn on and nothing else.
    swept : Swept
        From `sweep_table`.
    """
    money = money_of(swept)
    x, y = measure_scale(swept, X), measure_scale(swept, money)
    rows, allowed = swept.run, swept.allowed()
    for kept, alpha, name in ((allowed, 0.55, "allowed"), (np.logical_not(allowed), 0.22, "breaks a requirement")):
        ax.scatter(
            x.of(rows[f"{X}_mean"].to_numpy(dtype=float)[kept]), y.of(rows[f"{money}_mean"].to_numpy(dtype=float)[kept]),
            s=13, color=SOFT, alpha=alpha, lw=0, zorder=2, rasterized=len(rows) > RASTER_FROM, label=name,
        )  # fmt: skip
    front = front_rows(swept, money)
    at = x.of(front[f"{X}_mean"].to_numpy(dtype=float)), y.of(front[f"{money}_mean"].to_numpy(dtype=float))
    ax.plot(*at, "o-", color=GAIN, lw=1.2, markersize=5, markeredgecolor=PAPER, markeredgewidth=0.6, zorder=4, label="front")
    bars = _bars(ax, front, money, (x, y)) if len(front) <= BARS else np.empty((0, 4))
    base = x.of(swept.baseline[X]["mean"]), y.of(swept.baseline[money]["mean"])
    ax.plot(*base, "o", markersize=9, color=INK, markerfacecolor=PAPER, markeredgewidth=1.6, zorder=5, label="baseline")
    ax.margins(0.14)
    dress(
        ax, front_title(swept, front, money),
        x=f"Turnover ({x.unit})  –  further left is better",
        y=f"{swept.measures[money].label} ({y.unit})  –  higher is better",
    )  # fmt: skip
    ax.grid(color=FAINT, lw=0.6)
    tags = [*_tags(swept, front, at), Tag(*base, baseline_name(swept), INK)]
    label_marks(ax, tags, np.concatenate([bars, _pieces(*at), _dots(swept, money, (x, y))]))
    return ax


def _pieces(x: Any, y: Any) -> Any:
    """The line of the front in short pieces, as boxes (piece, 4) for labels to keep off."""
    place = np.linspace(0, len(x) - 1, PIECES * (len(x) - 1) + 1)
    across, up = (np.interp(place, range(len(x)), values) for values in (x, y))
    return np.stack([across[:-1], up[:-1], across[1:], up[1:]], axis=1)


def _dots(swept: Swept, money: str, scales: tuple[Scale, Scale]) -> Any:
    """Some of the dots, evenly taken, as boxes (dot, 4) for labels to keep off."""
    some = swept.run.iloc[:: len(swept.run) // MOST_DOTS + 1]
    x, y = (scale.of(some[f"{key}_mean"].to_numpy(dtype=float)) for key, scale in zip((X, money), scales, strict=True))
    return np.stack([x, y, x, y], axis=1)


def _tags(swept: Swept, front: Any, at: tuple[Any, Any]) -> list[Tag]:
    """Names of some points of the front: its ends, and evenly between."""
    places = sorted({round(k) for k in np.linspace(0, len(front) - 1, min(LABELLED, len(front)))})
    texts = [shorten(settings_text(swept, front.iloc[k]), LONGEST) for k in places]
    return [Tag(float(at[0][k]), float(at[1][k]), text, GAIN) for k, text in zip(places, texts, strict=True)]


def _bars(ax: Axes, front: Any, money: str, scales: tuple[Scale, Scale]) -> Any:
    """Two bars through each point of the front; returns their boxes (bar, 4)."""
    boxes = []
    for _, row in front.iterrows():
        ends = []
        for key, scale in zip((X, money), scales, strict=True):
            start = row[f"{key}_mean"] - row[f"{key}_diff"]  # the baseline under the same parameters
            ends.append([scale.of(start + row[f"{key}_{side}"]) for side in ("diff_low", "diff", "diff_high")])
        (left, x, right), (bottom, y, top) = ends
        ax.plot([left, right], [y, y], color=GAIN, lw=1.0, alpha=0.45, zorder=3)
        ax.plot([x, x], [bottom, top], color=GAIN, lw=1.0, alpha=0.45, zorder=3)
        boxes += [[left, y, right, y], [x, bottom, x, top]]
    found = np.array(boxes, dtype=float)
    return found[np.isfinite(found).all(axis=1)]

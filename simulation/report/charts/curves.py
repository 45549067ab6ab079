"""A curve a policy with its band: what survival and timeline have in common."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from simulation.report.labels import Tag
from simulation.report.style import MANY, band_of, look_of
from simulation.report.words.phrases import focus

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from pandas import DataFrame

    from simulation.report.style import Scale
    from simulation.statistics.summary import Summary


def draw_curves(
    ax: Axes, summary: Summary, frame: DataFrame, x: str, scale: Scale, *, within: tuple[float, float] = (-math.inf, math.inf)
) -> list[Tag]:
    """Plot the means of a frame along its column `x`, and return what is to stand at the curves' ends.

    The baseline and the policy that titles speak of are thick; of many policies only they have bands (see `style.band_of`).

    Parameters
    ----------
    ax : Axes
        Drawn on and nothing else.
    summary : Summary
        Which policies there are, and how they look.
    frame : one row a policy and `x`, as in `summary.series`
    scale : Scale
        How the means are written.
    within : the least and the largest that a band may reach, as written
    """
    named, tags = focus(summary), []
    for policy, label in summary.labels.items():
        line, look = frame[frame["policy"] == policy], look_of(summary, policy)
        strong = policy in (summary.baseline, named)
        if strong or len(summary.labels) <= MANY:
            low, high = (np.clip(scale.of(edge), *within) for edge in band_of(summary, policy, frame))
            ax.fill_between(line[x], low, high, color=look.colour, alpha=0.14, lw=0, zorder=1)
        ax.plot(
            line[x], scale.of(line["mean"]), label=label, marker=look.mark if len(line) == 1 else None,
            color=look.colour, ls=look.dash, lw=2.2 if strong else 1.5, zorder=3,
        )  # fmt: skip
        seen = line[np.isfinite(line["mean"])]
        if len(seen):  # there may be nobody left to count
            end = seen.iloc[-1]
            tags.append(Tag(float(end[x]), float(scale.of(end["mean"])), label, look.colour))
    return tags

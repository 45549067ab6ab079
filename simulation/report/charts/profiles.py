"""How much worse the fit gets along one parameter, against what a straight-line model near the fit expects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.report.lettering import lettering
from simulation.report.style import FAINT, GAIN, INK, LEAST_TYPE, LOSS, PAPER, SOFT, fit_width
from simulation.report.units import plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from pandas import DataFrame

FLOOR, CEILING = -1.5, 9.5
"""Of the objective's excess that is drawn; what is higher ends in a triangle."""
CURVE = 60
PAD = 14.0
"""[points] From the axes to the name above them, with the unit between."""
EXPECTED = (1.0, 4.0)
"""Excess of a quadratic objective at one and two standard deviations."""


def draw_profile(ax: Axes, profile: DataFrame, parameter: dict[Any, Any]) -> Axes:
    """Plot the profile of one parameter.

    Parameters
    ----------
    ax : Axes
        Drawn on and nothing else.
    profile : DataFrame
        Columns `value`, `excess`, `expected`, a row a point, as in `Fitted.profiles`.
    parameter : a row of `Fitted.parameters`

    Returns
    -------
    Axes
        The same; the line through the simulated points has the gid `profile`, the dashed expectation `expected`.
    """
    informed = bool(parameter["informed"])
    colour = GAIN if informed else SOFT
    fitted = parameter["fitted"]
    points = sorted([*zip(profile["value"], profile["excess"], strict=True), (fitted, 0.0)])
    x, y = (np.array(side, dtype=float) for side in zip(*points, strict=True))
    curve = np.linspace(x.min(), x.max(), CURVE)
    ax.axhline(0.0, color=FAINT, lw=0.8, zorder=0)
    ax.plot(curve, _quadratic(profile, fitted, curve), color=INK, lw=0.9, ls=(0, (3, 2)), zorder=2, gid="expected")
    ax.plot(x, np.clip(y, FLOOR, CEILING), color=colour, lw=1.5, zorder=3, gid="profile")
    for value, excess in points:
        off = "^" if excess > CEILING else "v" if excess < FLOOR else "o"
        ax.plot([value], [min(max(excess, FLOOR), CEILING)], off, color=colour, ms=4, mec=PAPER, mew=0.5, zorder=4, clip_on=False)
    ax.axvline(parameter["declared"], color=LOSS, lw=0.9, ls=(0, (1, 1)), zorder=1)
    ax.set_ylim(FLOOR, CEILING)
    name = ax.set_title(
        parameter["name"], fontsize=LEAST_TYPE, loc="left", pad=PAD,
        color=INK if informed else SOFT, fontweight="bold" if informed else "normal", parse_math=False,
    )  # fmt: skip
    _dress(ax, x)
    fit_width(name, ax.get_position().width)
    ax.annotate(
        parameter["unit"], (0.0, 1.0), xycoords="axes fraction", xytext=(0.0, 3.0), textcoords="offset points",
        fontsize=LEAST_TYPE, color=SOFT, va="bottom", **lettering(),
    )  # fmt: skip
    return ax


def _quadratic(profile: DataFrame, fitted: float, at: Any) -> Any:
    """The expectation between its points: excess is the square of a distance, which is read off along the points."""
    side = np.sign(profile["value"].to_numpy(dtype=float) - fitted)
    known = sorted([*zip(profile["value"], side * np.sqrt(profile["expected"]), strict=True), (fitted, 0.0)])
    x, distance = (np.array(part, dtype=float) for part in zip(*known, strict=True))
    return np.interp(at, x, distance) ** 2


def _dress(ax: Axes, x: Any) -> None:
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        ax.spines[side].set_color(SOFT)
    ends = [float(x.min()), float(x.max())]
    ax.set_xticks(ends, [plain(end) for end in ends])
    ax.get_xticklabels()[0].set_horizontalalignment("left")
    ax.get_xticklabels()[-1].set_horizontalalignment("right")
    ax.set_yticks([0.0, *EXPECTED], ["0", "", "4"])  # the one between has no room for its figure
    ax.tick_params(labelsize=LEAST_TYPE, colors=SOFT, length=2, pad=2)

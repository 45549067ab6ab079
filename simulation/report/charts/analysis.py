"""The charts of a sensitivity analysis, drawn from the analysis itself: what a figure hangs on, and what acts only together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.errors import ScenarioError
from simulation.report.charts.interactions import draw_cells
from simulation.report.charts.sensitivity import draw_ranks
from simulation.report.words.sensitivity import (
    interactions_title,
    names_of,
    ordered,
    pairs_told,
    ranks_title,
    undrawn,
    with_names,
)
from simulation.statistics.sensitivity.analyse import NOISE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from pandas import DataFrame

    from simulation.statistics.sensitivity.analyse import Sensitivity


def draw_sensitivity(ax: Axes, found: Sensitivity, measure: str | None = None, *, title: bool = True) -> Axes:
    """Shares of the variance that a figure hangs on, the largest first, with 95% intervals, and that of luck.

    Parameters
    ----------
    ax : Axes
        Drawn on and nothing else; names of the factors stand left of it, so it needs room there.
    found : Sensitivity
        From `run_sensitivity`.
    measure : str, optional
        One of those analysed; the first without it.
    title : bool
        Whether the message stands above the axes.

    Raises
    ------
    ScenarioError
        When the measure was not analysed, or no share of its variance has converged.
    """
    key = _analysed(found, measure)
    ranks = _ranks(found, key)
    return draw_ranks(ax, ranks, title=ranks_title(found, key, ranks) if title else "")


def draw_interactions(ax: Axes, found: Sensitivity, measure: str | None = None, *, title: bool = True) -> Axes:
    """Shares of the variance that two factors explain only together, a cell a pair, and each alone on the diagonal.

    Parameters and errors are those of `draw_sensitivity`; names stand left of the axes and below.
    """
    key = _analysed(found, measure)
    if len(found.kept) < 2 or not pairs_told(found, key):
        raise ScenarioError(undrawn(found, key) or "one factor alone was analysed, so there are no pairs; vary another")
    pairs = with_names(found.interactions_table(), _names(found))
    cells, ranks = pairs[pairs["measure"] == key], _ranks(found, key)
    said = interactions_title(found, key, cells) if title else ""
    return draw_cells(ax, ranks[ranks["path"] != NOISE], cells, title=said)


def _analysed(found: Sensitivity, measure: str | None) -> str:
    """The measure, of which there must be shares that have converged."""
    keys = list(found.screening)
    key = keys[0] if measure is None else measure
    if key not in keys:
        raise ScenarioError(f"measure: {key!r} was not analysed; it takes one of {', '.join(keys)}")
    if key not in found.indices:
        raise ScenarioError(f"measure: {key!r} has no shares of variance, since no factor moved it; draw another, or vary more")
    if not found.told[key].anything:
        raise ScenarioError(undrawn(found, key))
    return key


def _names(found: Sensitivity) -> dict[str, str]:
    return names_of([factor.path for factor in found.factors])


def _ranks(found: Sensitivity, key: str) -> DataFrame:
    indices = with_names(found.indices_table(), _names(found))
    return ordered(indices[indices["measure"] == key])

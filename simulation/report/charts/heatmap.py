"""Two factors of a sweep against each other: what each combination does to a measure, against the baseline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulation.report.charts.steps import put_ticks
from simulation.report.style import INK, PAPER, SIZES, SOFT, dress, fit_width
from simulation.report.words.sweep import axis_label
from simulation.report.words.sweep_titles import difference_scale, heat_title
from simulation.statistics.intervals import material_amount
from simulation.statistics.swept_views import heat_cells

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.image import AxesImage
    from matplotlib.transforms import Affine2D

    from simulation.experiment.design.factors import Factor
    from simulation.report.style import Scale
    from simulation.statistics.swept import Swept
    from simulation.statistics.swept_views import Heat

DIVERGING = "RdBu"
DARK = 0.6
"""Share of the scale beyond which a cell's number is white."""
MOST_NUMBERS = 150
"""Cells that hold their number; of more only the colours are shown."""
EMPTY, BROKEN, BEST = "no point", "breaks a requirement", "best"
"""What a cell's frame or hatching is labelled."""
LEAST_CELL = (38.0, 13.0)
"""[points] Width and height of a cell that holds a number."""


def draw_heatmap(
    ax: Axes, swept: Swept, measure: str | None = None, *, across: Factor | None = None, up: Factor | None = None,
    title: bool = True,
) -> Axes:  # fmt: skip
    """Cells coloured by the mean difference from the baseline; blue is better, or more where neither side is better.

    The scale of colours reaches at least to the smallest difference that counts, so that what does not count stays pale.
    Factors that are not on the axes are averaged over. A frame marks the cell of the best point that meets what is
    required. Cells without a point are hatched, and dotted those in which no point meets what is required.

    Parameters
    ----------
    ax : Axes
        Drawn on and nothing else; a key of colours stands inside its right edge.
    swept : Swept
        From `sweep_table`.
    measure : str, optional
        The objective without it.
    across, up : Factor, optional
        The first two that have more than one value without them.
    title : bool
        Whether the message stands above the axes.

    Raises
    ------
    ScenarioError
        When fewer than two factors have more than one value.
    """
    measure = measure or swept.facts.objective
    heat = heat_cells(swept, measure, across, up)
    scale = difference_scale(swept, measure)
    material = material_amount(swept.facts.material.get(measure), swept.baseline[measure]["mean"])
    reach = max(float(np.nanmax(np.abs(heat.mean))), float(material), 1e-12)
    worse_up = swept.measures[measure].better == "lower"
    picture = ax.imshow(
        heat.mean, cmap=f"{DIVERGING}_r" if worse_up else DIVERGING, vmin=-reach, vmax=reach, aspect="auto", origin="lower"
    )
    put_ticks(ax.xaxis, heat.across, slant=True)
    put_ticks(ax.yaxis, heat.up, slant=False)
    _hatch(ax, heat)
    said = heat_title(swept, heat, measure) if title else ""
    dress(ax, said, x=axis_label(swept, heat.across.factor), y=axis_label(swept, heat.up.factor))
    _numbers(ax, heat, scale, picture)
    _mark(ax, heat)
    _key(ax, picture, scale)
    ax.tick_params(length=0)
    ax.tick_params(axis="x", pad=6)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
    return ax


def _hatch(ax: Axes, heat: Heat) -> None:
    """Cells without a point, and those in which every point breaks a requirement: each kind as one shape, or files grow large."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    kinds = ((heat.points == 0, "////", "#c4c4c4", EMPTY), ((heat.points > 0) & ~heat.allowed, "...", "#8a8a8a", BROKEN))
    for where, hatch, colour, name in kinds:
        squares = [Path.unit_rectangle().transformed(_at(column - 0.5, row - 0.5)) for row, column in np.argwhere(where)]
        if squares:
            shape = Path.make_compound_path(*squares)
            ax.add_patch(PathPatch(shape, fill=False, hatch=hatch, edgecolor=colour, lw=0, label=name))


def _at(x: float, y: float) -> Affine2D:
    from matplotlib.transforms import Affine2D

    return Affine2D().translate(x, y)


def _numbers(ax: Axes, heat: Heat, scale: Scale, picture: AxesImage) -> None:
    """A cell's number, where there is room for it, on ground of the cell's own colour that keeps dots off it."""
    from matplotlib.patheffects import withStroke

    frame = ax.get_window_extent()
    per_point = 72.0 / ax.figure.dpi
    cell = frame.width * per_point / heat.mean.shape[1], frame.height * per_point / heat.mean.shape[0]
    if heat.mean.size > MOST_NUMBERS or cell[0] < LEAST_CELL[0] or cell[1] < LEAST_CELL[1]:
        return
    reach = float(picture.get_clim()[1] or 0.0)
    for (row, column), value in np.ndenumerate(heat.mean):
        if np.isfinite(value):
            ax.text(
                column, row, scale.show(value, sign=True), ha="center", va="center", fontsize=SIZES["note"], zorder=5,
                color=PAPER if abs(value) > DARK * reach else INK,
                path_effects=[withStroke(linewidth=3.5, foreground=picture.to_rgba(np.array(value)))],
            )  # fmt: skip


def _mark(ax: Axes, heat: Heat) -> None:
    from matplotlib.patches import Rectangle

    if heat.best is None:
        return
    row, column = heat.best
    ax.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, edgecolor=INK, lw=2.2, zorder=6, label=BEST))


def _key(ax: Axes, picture: AxesImage, scale: Scale) -> None:
    """A strip of the colours with their figures, right of the cells."""
    from matplotlib.ticker import FuncFormatter

    inside = ax.inset_axes((1.015, 0.0, 0.018, 1.0))
    bar = ax.figure.colorbar(picture, cax=inside, format=FuncFormatter(lambda value, _: scale.show(value, sign=True)))
    bar.outline.set_visible(False)
    inside.tick_params(labelsize=SIZES["note"], colors=SOFT, length=2)
    inside.set_ylabel(f"difference from the baseline ({scale.difference_unit})", fontsize=SIZES["note"], color=SOFT)
    fit_width(inside.yaxis.label, ax.get_position().height, upright=True)
    drawn = inside.get_tightbbox()
    beyond = drawn.x1 - ax.figure.bbox.x1 if drawn else 0.0
    if beyond > 0.0:  # there is no room right of the axes, so they give some
        box = ax.get_position()
        ax.set_position((box.x0, box.y0, box.width - 1.1 * beyond / ax.figure.bbox.width, box.height))

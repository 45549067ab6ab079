"""What a sensitivity analysis leaves: tables as CSV, everything as JSON, and its pictures.

    <folder>/   screening.csv  indices.csv  interactions.csv  sensitivity.json  manifest.json
                figures/   ranks_<measure>  screening_<measure>  interactions_<measure>      each as png, svg and csv
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation import __version__
from simulation.experiment.digests import engine_digest, fingerprint, value_of
from simulation.experiment.sheets import frame_as_csv
from simulation.experiment.store import MANIFEST, open_folder
from simulation.experiment.writing import replace_file, writing
from simulation.report.charts.interactions import draw_cells
from simulation.report.charts.sensitivity import draw_ranks, draw_screening
from simulation.report.figures import blank, save, write_under
from simulation.report.language import language_of_study
from simulation.report.sensitivity import as_json
from simulation.report.style import drawing
from simulation.report.words.sensitivity import (
    effect_scale,
    interactions_title,
    names_of,
    ordered,
    pairs_told,
    ranks_title,
    screening_title,
    size_text,
    with_names,
)
from simulation.statistics.sensitivity.analyse import CLEAR, NOISE
from simulation.statistics.sensitivity.steps import shown

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from pandas import DataFrame

    from simulation.statistics.sensitivity.analyse import Sensitivity

SHOWN = 20
"""Factors in the picture of a screening."""
WIDTH = 10.0
ABOVE, BELOW, ROW = 0.85, 1.0, 0.36
UNDER = 0.65
"""[inches] above and below what is drawn, and of a row; below the tilted names of columns."""
CHARACTER, LEAST_LEFT, RIGHT = 0.082, 1.2, 0.25
"""[inches] for a character of a name, for the names of rows at least, and at the right."""
CELL = (0.82, 0.5)
TILTED = 0.5
"""Height of a column's tilted name over its length."""
KINDS = "Blue circles: settings of the policy; orange squares: parameters of people and levers; green triangles: the world."
NOTES = {
    "ranks": (
        "Full marks: total share, with all that a factor does together with others; hollow: alone. Bars: 95% interval, "
        "as far as it lies in 0 to 100%; none where all of that is open. "
        f"Shares are of the variance without luck, luck's of the variance with it. {KINDS}"
    ),
    "screening": (
        f"Bars: 95% interval over trajectories. Grey tick: {CLEAR:g} times what luck alone would show; a factor moves the figure "
        f"clearly where its mark lies right of it. Full marks: analysed further, for this figure or another. {KINDS}"
    ),
    "interactions": (
        "Cells: share of the variance, %, that two factors explain only together; bold where the interval lies above zero. "
        "Diagonal: each alone."
    ),
}


def write_sensitivity(found: Sensitivity, run: str, folder: Path) -> Path:
    """Write tables, document and pictures into the folder, and return it. Raises RunError when it cannot be written."""
    import matplotlib as mpl

    tables = {
        "screening": found.screening_table(), "indices": found.indices_table(), "interactions": found.interactions_table(),
    }  # fmt: skip
    with writing(folder):
        open_folder(folder)
        (folder / "figures").mkdir(exist_ok=True)
        for name, table in tables.items():
            replace_file(folder / f"{name}.csv", frame_as_csv(table))
        with drawing(language_of_study(found.scenario)), mpl.rc_context({"svg.hashsalt": run}):
            for name, kind, draw, data in pictures(found):
                figure = draw()
                write_under(figure, NOTES[kind], f"{_size(found)}  Run {run}, orgsim {__version__}")
                save(figure, folder / "figures" / name, data)
        replace_file(folder / "sensitivity.json", _json(as_json(found, run=run)))
        replace_file(folder / MANIFEST, _json(_manifest(found, run)))
    return folder


def _json(content: Any) -> bytes:
    return (json.dumps(content, indent=2, allow_nan=False, default=value_of) + "\n").encode()


def _manifest(found: Sensitivity, run: str) -> dict[str, Any]:
    """What the analysis was; a folder that has it is complete."""
    request = asdict(found.request) | {"factors": {factor.path: shown(factor) for factor in found.factors}}
    return {
        "run": run, "what": "sensitivity", "scenario": found.scenario.resolved(), "policy": found.policy.key, "request": request,
        "digests": {"engine": engine_digest()}, "floating_point": fingerprint(),
        "seeds": {"first": found.scenario.first_seed, "count": found.scenario.seed_count},
        "times": {"written": datetime.now(UTC).isoformat(timespec="seconds")},
    }  # fmt: skip


def _size(found: Sensitivity) -> str:
    design = f"{found.request.trajectories} trajectories"
    if found.indices:
        design += f", {found.request.samples} samples"
    return f"{size_text(found)}; {design}; {found.points:,} points."


def pictures(found: Sensitivity) -> Iterator[tuple[str, str, Callable[[], Figure], DataFrame]]:
    """File name, kind, drawing and numbers of each picture."""
    names = names_of([factor.path for factor in found.factors])
    effects = with_names(found.screening_table(), names)
    indices = with_names(found.indices_table(), names) if found.indices else None
    pairs = with_names(found.interactions_table(), names) if len(found.kept) > 1 and found.indices else None
    for key in found.screening:
        own = effects[effects["measure"] == key].sort_values("mu_star", ascending=False, kind="stable")
        largest = own[np.isfinite(own["mu_star"])].head(SHOWN)
        if not largest.empty:
            yield f"screening_{key}", "screening", partial(screening_figure, found, key, largest), own
        if indices is None or key not in found.indices or not found.told[key].anything:
            continue
        ranks = ordered(indices[indices["measure"] == key])
        yield f"ranks_{key}", "ranks", partial(ranks_figure, found, key, ranks), ranks
        if pairs is not None and pairs_told(found, key):
            cells = pairs[pairs["measure"] == key]
            yield f"interactions_{key}", "interactions", partial(interactions_figure, found, key, ranks, cells), cells


def ranks_figure(found: Sensitivity, key: str, ranks: DataFrame) -> Figure:
    """Totals and first orders."""
    figure, ax = _rows(list(ranks["name"]), 1.3)
    draw_ranks(ax, ranks, title=ranks_title(found, key, ranks))
    return figure


def screening_figure(found: Sensitivity, key: str, largest: DataFrame) -> Figure:
    """The largest effects of the screening."""
    figure, ax = _rows(list(largest["name"]), 0.75)
    draw_screening(ax, largest, title=screening_title(found, key), scale=effect_scale(found, key))
    return figure


def interactions_figure(found: Sensitivity, key: str, ranks: DataFrame, cells: DataFrame) -> Figure:
    """Second orders."""
    factors = ranks[ranks["path"] != NOISE]
    names = list(factors["name"])
    left = max(CHARACTER * max(map(len, names)) + 0.15, LEAST_LEFT)
    tilted = TILTED * CHARACTER * max(map(len, names)) + 0.2
    width = max(left + CELL[0] * len(names) + RIGHT, WIDTH)
    height = ABOVE + UNDER + tilted + CELL[1] * len(names)
    figure = blank(width, height)
    box = (left / width, (UNDER + tilted) / height, 1.0 - (left + RIGHT) / width, CELL[1] * len(names) / height)
    draw_cells(figure.add_axes(box), factors, cells, title=interactions_title(found, key, cells))
    return figure


def _rows(names: list[str], tall: float) -> tuple[Figure, Axes]:
    """A figure with axes for so many rows."""
    left = max(CHARACTER * max(map(len, names)) + 0.15, LEAST_LEFT)
    drawn = max(ROW * tall * len(names), 1.4)
    height = ABOVE + BELOW + drawn
    figure = blank(WIDTH, height)
    return figure, figure.add_axes((left / WIDTH, BELOW / height, 1.0 - (left + RIGHT) / WIDTH, drawn / height))

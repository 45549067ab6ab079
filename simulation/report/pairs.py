"""The design `pairs` as files and as a table on screen."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from simulation import __version__
from simulation.errors import RunError
from simulation.evidence.measures import MEASURES
from simulation.experiment.digests import engine_digest
from simulation.experiment.sheets import frame_as_csv
from simulation.experiment.store import MANIFEST, open_folder, replace_file, run_folder, run_id
from simulation.levers import catalogue
from simulation.report.charts.pairs import draw_pairs
from simulation.report.style import INK, SIZES, SOFT, Scale, drawing, fit_width, scale_of
from simulation.statistics.pairs import GAINS

if TYPE_CHECKING:
    from pathlib import Path

    from pandas import DataFrame
    from rich.console import Console

    from simulation.scenario import Scenario

SIZE = (13.3, 7.5)
FRAME = (0.155, 0.235, 0.835, 0.69)
DPI = 160
WORDS = {"contribution": "contribution", "turnover": "fall in turnover"}
COLUMNS = ("pair", "sum", "both", "difference", "95% interval", "verdict", "source")
SHOWN = 6
"""Pairs of each kind that are printed."""


def write_pairs(scenario: Scenario, singles: DataFrame, pairs: DataFrame, out: Path) -> Path:
    """Tables as CSV, heatmaps as PNG and SVG, and last a manifest; returns the folder.

    Raises RunError when the folder cannot be written.
    """
    folder = run_folder(scenario, out)
    about = {"run": run_id(scenario), "design": "pairs", "scenario": scenario.resolved(), "engine": engine_digest()}
    try:
        open_folder(folder)
        replace_file(folder / "singles.csv", frame_as_csv(singles))
        replace_file(folder / "pairs.csv", frame_as_csv(pairs))
        for measure in GAINS:
            _draw(scenario, _named(singles), pairs, measure, folder)
        replace_file(folder / MANIFEST, json.dumps(about, indent=2).encode())
    except OSError as problem:
        raise RunError(f"cannot write {folder}: {problem.strerror or problem}; choose another folder with --out") from problem
    return folder


def pairs_title(pairs: DataFrame, measure: str) -> str:
    """The message: how many pairs bring less than the sum of their parts, how many more, how many cannot be told."""
    counts = pairs[f"{measure}_verdict"].value_counts()
    less, more = (int(counts.get(f"{word} than the sum", 0)) for word in ("less", "more"))
    brings = [f"{number} {'brings' if number == 1 else 'bring'}" for number in (less, more)]
    return f"Of {len(pairs)} pairs of levers, {brings[0]} less {WORDS[measure]} than the sum of their parts, {brings[1]} more"


def _named(singles: DataFrame) -> DataFrame:
    known = catalogue()
    return singles.assign(title=[known[key].title for key in singles["lever"]])


def _scale(pairs: DataFrame, singles: DataFrame, measure: str) -> Scale:
    return scale_of(MEASURES[measure], [*pairs[f"{measure}_interaction"], *singles[f"{measure}_gain"]])


def _draw(scenario: Scenario, singles: DataFrame, pairs: DataFrame, measure: str, folder: Path) -> None:
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    scale = _scale(pairs, singles, measure)
    with drawing(), mpl.rc_context({"svg.hashsalt": run_id(scenario)}):
        figure = Figure(figsize=SIZE, facecolor="white")
        FigureCanvasAgg(figure)
        draw_pairs(
            figure.add_axes(FRAME), singles, pairs, measure=measure, title=pairs_title(pairs, measure), scale=scale
        )  # fmt: skip
        note = (
            f"Cells: {WORDS[measure]} of both levers less the sum of each alone, {scale.difference_unit}; "
            "bold where the 95% interval over seeds excludes zero. Diagonal: each lever alone."
        )
        about = (
            f"Typical settings on top of the baseline; {scenario.seed_count} seeds, {scenario.months} months, "
            f"{scenario.seats} seats. Assumed strengths are not varied. Run {run_id(scenario)}, orgsim {__version__}"
        )
        for height, text, colour in ((0.045, note, INK), (0.017, about, SOFT)):
            fit_width(figure.text(0.012, height, text, fontsize=SIZES["note"], color=colour, parse_math=False), 0.976)
        for ending, meta in (("png", {"Software": "orgsim"}), ("svg", {"Date": None, "Creator": "orgsim"})):
            part = folder / f".pairs_{measure}.{ending}.part"
            figure.savefig(part, format=ending, dpi=DPI, metadata=meta)
            part.replace(folder / f"pairs_{measure}.{ending}")


def print_pairs(scenario: Scenario, singles: DataFrame, pairs: DataFrame, console: Console) -> None:
    """The message for each measure, the strongest pairs either way, and what a study says of them."""
    from rich.table import Table

    console.print(f"{scenario.title}: each pair of {len(singles)} levers at typical settings on top of the baseline")
    for measure in GAINS:
        scale = _scale(pairs, singles, measure)
        ordered = pairs.sort_values(f"{measure}_interaction")
        table = Table(title=pairs_title(pairs, measure), title_justify="left", box=None, title_style="bold")
        for head in COLUMNS:
            table.add_column(head, justify="left" if head in ("pair", "verdict", "source") else "right")
        ends = ordered if len(ordered) <= 2 * SHOWN else ordered.iloc[[*range(SHOWN), *range(-SHOWN, 0)]]
        for place in range(len(ends)):
            table.add_row(*_cells(ends.iloc[place], measure, scale))
        console.print(table)
        ends_of = f"the {SHOWN} lowest and highest of {len(pairs)}; all in pairs.csv"
        console.print(f"({WORDS[measure]}, {scale.difference_unit}; {ends_of})")


def _cells(pair: Any, measure: str, scale: Scale) -> list[str]:
    low, high = (scale.show(pair[f"{measure}_{side}"], sign=True) for side in ("low", "high"))
    figures = [scale.show(pair[f"{measure}_{part}"], sign=True) for part in ("sum", "joint", "interaction")]
    return [f"{pair['first']} + {pair['second']}", *figures, f"{low} to {high}", pair[f"{measure}_verdict"], pair["source"]]

"""All pictures of a run as files: PNG and SVG, and beside each the numbers it shows as CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from simulation import __version__
from simulation.errors import RunError
from simulation.experiment.sheets import frame_as_csv
from simulation.report.charts.bridge import draw_bridge
from simulation.report.charts.survival import draw_survival
from simulation.report.charts.timeline import draw_timeline
from simulation.report.charts.tradeoff import draw_tradeoff
from simulation.report.style import INK, MANY, SIZES, SOFT
from simulation.statistics.summary import counted

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from pandas import DataFrame

    from simulation.records import Records
    from simulation.statistics.summary import Summary

SIZE = (10.0, 6.0)
FRAME = (0.09, 0.155, 0.885, 0.70)
DPI = 160
TIMELINES = ("turnover", "revenue")
NOTES = {
    "tradeoff": "Pale bars: 95% interval of a policy's own figure. Strong bars: 95% interval of its difference from the baseline, which meets the same luck.",
    "timeline": "Bands: 95% interval of the difference from the baseline, which meets the same luck; the baseline's own band: of its figure.",
    "survival": "Kaplan-Meier, incumbents counted from their tenure at the start. Bands: 95% interval of the difference from the baseline; the baseline's own: of its curve.",
    "bridge": "Right adds to contribution, left takes from it; the steps add up. Thin bars: 95% intervals of the differences, paired by seed.",
}

Drawing = tuple[str, str, Callable[["Axes"], "Axes"], "DataFrame"]


def draw_all(records: Records, summary: Summary, folder: Path) -> list[Path]:
    """Draw every chart into `folder`, and return the pictures' paths.

    Raises
    ------
    RunError
        When the folder cannot be written.
    """
    import matplotlib

    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with matplotlib.rc_context({"svg.hashsalt": summary.facts.run, "axes.unicode_minus": True}):
            for name, kind, draw, data in _drawings(summary):
                figure = framed(summary, kind, draw)
                for ending, about in (("png", {"Software": "orgsim"}), ("svg", {"Date": None, "Creator": "orgsim"})):
                    path = folder / f"{name}.{ending}"
                    figure.savefig(path, dpi=DPI, metadata=about)
                    written.append(path)
                (folder / f"{name}.csv").write_bytes(frame_as_csv(data))
    except OSError as problem:
        raise RunError(f"cannot write {folder}: {problem.strerror or problem}; choose another folder with --out") from problem
    return written


def framed(summary: Summary, kind: str, draw: Callable[[Axes], Axes]) -> Figure:
    """One chart on a figure of its own, with the note and the caption under it."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=SIZE, facecolor="white")
    FigureCanvasAgg(figure)
    draw(figure.add_axes(FRAME))
    figure.text(0.012, 0.042, _note(summary, kind), fontsize=SIZES["note"], color=INK)
    figure.text(0.012, 0.015, caption(summary), fontsize=SIZES["note"], color=SOFT, parse_math=False)
    return figure


def caption(summary: Summary) -> str:
    """What stands under every picture: how much was simulated, what the intervals leave out, and which run it was."""
    facts = summary.facts
    return (
        f"{counted(facts.seeds, 'seed')}, {counted(facts.months, 'month')}, {counted(facts.seats, 'seat')}; figures are an average year.  "
        f"{summary.intervals.capitalize()}.  Run {facts.run}, orgsim {__version__}"
    )


def _note(summary: Summary, kind: str) -> str:
    few_bands = len(summary.labels) > MANY and kind in ("timeline", "survival")
    return NOTES[kind] + (" Only two bands are drawn." if few_bands else "")


def _drawings(summary: Summary) -> Iterator[Drawing]:
    """Name, kind, drawing and data of each picture."""
    series = summary.series
    points = [f"{key}_{side}" for key in ("turnover", "revenue") for side in ("mean", "low", "high", "diff", "diff_low", "diff_high")]
    yield "tradeoff", "tradeoff", lambda ax: draw_tradeoff(ax, summary), summary.table[["label", *points]].reset_index()
    for key in TIMELINES:
        timeline = series["timeline"]
        yield f"timeline_{key}", "timeline", lambda ax, k=key: draw_timeline(ax, summary, k), timeline[timeline["measure"] == key]
    yield "survival", "survival", lambda ax: draw_survival(ax, summary), series["survival"]
    for policy in summary.others:
        bridge = series["bridge"]
        yield f"bridge_{policy}", "bridge", lambda ax, p=policy: draw_bridge(ax, summary, p), bridge[bridge["policy"] == policy]

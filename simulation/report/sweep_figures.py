"""The pictures of a sweep as files: PNG and SVG, and beside each the numbers it shows as CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

from simulation import __version__
from simulation.errors import RunError
from simulation.experiment.design import ALONE
from simulation.report.charts.front import draw_front, front_rows, money_of
from simulation.report.charts.heatmap import draw_heatmap
from simulation.report.charts.ranked import draw_ranked, ranked_rows
from simulation.report.charts.response import draw_response
from simulation.report.figures import Picture, blank, save, write_under
from simulation.report.style import drawing
from simulation.report.sweep_words import plain_frame, requirement_text, size_text
from simulation.statistics.summary import counted
from simulation.statistics.swept_views import heat_cells, response_lines, shown_factors

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.figure import Figure
    from pandas import DataFrame

    from simulation.statistics.swept import Swept

SIZE = (10.0, 6.0)
FRAMES: Mapping[str, tuple[float, float, float, float]] = {
    "heatmap": (0.155, 0.2, 0.735, 0.66),
    "response": (0.09, 0.2, 0.885, 0.66),
    "front": (0.09, 0.165, 0.885, 0.69),
    "ranked": (0.015, 0.17, 0.965, 0.695),
}
"""Where axes stand on the page, by kind of chart."""
MOST_RESPONSES = 6
"""Response charts of one measure, where factors are moved one at a time."""
LEAD = ("mean", "low", "high", "diff", "diff_low", "diff_high", "decided")


def draw_sweep(swept: Swept, folder: Path) -> list[Path]:
    """Draw every chart that the design allows into `folder`, and return the pictures' paths.

    Raises
    ------
    RunError
        When the folder cannot be written.
    """
    import matplotlib as mpl

    written: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with drawing(), mpl.rc_context({"svg.hashsalt": swept.facts.run}):
            for picture in sweep_pictures(swept):
                written += save(framed(swept, picture), folder / picture.name, plain_frame(picture.data))
    except OSError as problem:
        raise RunError(f"cannot write {folder}: {problem.strerror or problem}; choose another folder with --out") from problem
    return written


def framed(swept: Swept, picture: Picture) -> Figure:
    """One chart on a figure of its own, with the note and the caption under it."""
    figure = blank(*SIZE)
    picture.draw(figure.add_axes(FRAMES[picture.kind]))
    write_under(figure, NOTES[picture.kind](swept), caption(swept))
    return figure


def caption(swept: Swept) -> str:
    """What stands under every picture: how much was simulated, of how many points, and which run it was."""
    points, draws = counted(swept.run["point"].nunique(), "point"), swept.facts.draws
    drawn = f", {counted(len(draws.drawn), 'drawn parameter')}" if draws else ""
    return (
        f"{swept.kind}, {points}; {size_text(swept)}; figures are an average year.  "
        f"Intervals: luck of the seeds{drawn}.  Run {swept.facts.run}, orgsim {__version__}"
    )


def sweep_pictures(swept: Swept) -> Iterator[Picture]:
    """The pictures of a sweep; a heatmap of two factors that vary together, and one at a time a response a factor."""
    if swept.ranked(allowed=False).empty:
        return
    key, money = swept.facts.objective, money_of(swept)
    factors = shown_factors(swept)
    alone = swept.kind == ALONE
    if len(factors) > 1 and not alone:
        yield Picture("heatmap", "heatmap", partial(draw_heatmap, swept=swept), _heat_data(swept))
    for measure in dict.fromkeys((key, *swept.facts.require)) if factors else ():
        for place, along in enumerate(factors[:MOST_RESPONSES] if alone else (None,), 1):
            draw = partial(draw_response, swept=swept, measure=measure, along=along)
            name = f"response_{measure}{f'_{place}' if place > 1 else ''}"
            yield Picture(name, "response", draw, response_lines(swept, measure, along).lines)
    columns = ["point", "policy", *swept.paths]
    both = [f"{measure}_{side}" for measure in ("turnover", money) for side in LEAD]
    yield Picture("front", "front", partial(draw_front, swept=swept), front_rows(swept, money)[[*columns, *both]])
    one = [f"{key}_{side}" for side in LEAD]
    yield Picture("ranked", "ranked", partial(draw_ranked, swept=swept), ranked_rows(swept, key)[[*columns, *one]])


def _heat_data(swept: Swept) -> DataFrame:
    """A row a cell."""
    from pandas import DataFrame

    heat = heat_cells(swept, swept.facts.objective)
    return DataFrame(
        {
            heat.across.factor.path: across, heat.up.factor.path: up, "difference": heat.mean[row, column],
            "points": heat.points[row, column], "allowed": bool(heat.allowed[row, column]),
        }
        for row, up in enumerate(heat.up.levels) for column, across in enumerate(heat.across.levels)
    )  # fmt: skip


def _averaged(swept: Swept, shown: int) -> str:
    """What is said of the factors that are not on a chart."""
    others = len(shown_factors(swept)) - shown
    if swept.kind == ALONE:
        return "All else as the scenario has it. "
    return f"Means over {others} other {'setting' if others == 1 else 'settings'}. " if others > 0 else ""


def _heat_note(swept: Swept) -> str:
    heat = heat_cells(swept, swept.facts.objective)
    label, owner = swept.measures[swept.facts.objective].label.lower(), swept.scenario.policy(heat.policy).label
    of = f" of {owner}" if len(swept.policies) > 1 else ""
    told = [f"Cells: difference in {label}{of} from the baseline, paired by seed."]
    told += [_averaged(swept, 2)] if _averaged(swept, 2) else []
    told += ["Framed: the cell of the best point."] if heat.best else []
    told += [f"Dotted: no point meets {requirement_text(swept)}."] if (~heat.allowed & (heat.points > 0)).any() else []
    told += ["Hatched: no point."] if (heat.points == 0).any() else []
    return " ".join(text.strip() for text in told)


def _response_note(swept: Swept) -> str:
    found = response_lines(swept, swept.facts.objective)
    dashed = "Dashed: the baseline."
    if found.along.edges is not None:
        return f"Dots: points. Lines: means of parts of the range; bands: 95% intervals over the points of a part. {dashed}"
    shown = 1 + (found.by is not None)
    if len(swept.policies) > 1 and len(found.policies) == 1:
        dashed = f"{dashed} Policy: {swept.scenario.policy(found.policies[0]).label}."
    bands = "Bands: 95% interval of the difference from the baseline, paired by seed."
    return f"{_averaged(swept, shown)}{bands} {dashed}"


def _front_note(swept: Swept) -> str:
    pale = f" Pale dots break what is required: {requirement_text(swept)}." if not swept.allowed().all() else ""
    if any(factor.slot.parameter for factor in swept.factors):
        pale += " Points with other parameters stand in other worlds; the baseline is shown in the scenario's."
    return (
        "Each dot is a point. Blue: no other has both less turnover and more of the other axis; "
        f"bars: 95% intervals of differences from the baseline, paired by seed.{pale}"
    )


def _ranked_note(_swept: Swept) -> str:
    return (
        "Bars: 95% intervals of the difference from the baseline, paired by seed; coloured where wholly beyond the material "
        "difference. The best of many points is partly the luckiest."
    )


NOTES: Mapping[str, Callable[[Swept], str]] = {
    "heatmap": _heat_note, "response": _response_note, "front": _front_note, "ranked": _ranked_note,
}  # fmt: skip
"""What stands under each kind of picture."""

"""The pictures of a sweep as files: PNG and SVG, and beside each the numbers it shows as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from simulation import __version__
from simulation.experiment.design.design import ALONE, SAMPLED
from simulation.experiment.writing import writing
from simulation.report.charts.front import barred, draw_front, front_rows, money_of
from simulation.report.charts.heatmap import draw_heatmap
from simulation.report.charts.ranked import draw_ranked, ranked_rows
from simulation.report.charts.response import draw_response
from simulation.report.figures import FORMATS, Picture, blank, save, write_under
from simulation.report.language import language_of_study
from simulation.report.lettering import shorten
from simulation.report.style import drawing
from simulation.report.words.sweep import plain_frame, requirement_text, size_text
from simulation.report.words.sweep_titles import amount_text
from simulation.statistics.intervals import material_amount
from simulation.statistics.summary import counted
from simulation.statistics.swept_views import dense, heat_cells, is_number, owners, response_lines, shown_factors

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.figure import Figure
    from pandas import DataFrame

    from simulation.statistics.swept import Swept
    from simulation.statistics.swept_views import Heat, Response

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


def draw_sweep(swept: Swept, folder: Path, *, formats: Sequence[str] = FORMATS) -> list[Path]:
    """Draw every chart that the design allows into `folder`, and return the pictures' paths.

    Raises
    ------
    RunError
        When the folder cannot be written.
    """
    import matplotlib as mpl

    written: list[Path] = []
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with drawing(language_of_study(swept.scenario)), mpl.rc_context({"svg.hashsalt": swept.facts.run}):
            for picture in sweep_pictures(swept):
                written += save(framed(swept, picture), folder / picture.name, plain_frame(picture.data), formats)
    return written


def framed(swept: Swept, picture: Picture) -> Figure:
    """One chart on a figure of its own, with the note and the caption under it."""
    figure = blank(*SIZE)
    picture.draw(figure.add_axes(FRAMES[picture.kind]))
    write_under(figure, picture.note, caption(swept))
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
    """The pictures of a sweep; a heatmap of two factors that vary together, and one at a time a response a factor.

    Where settings of several policies are varied each has its own.
    """
    if swept.ranked(allowed=False).empty:
        return
    key, money = swept.facts.objective, money_of(swept)
    for place, policy in enumerate(owners(swept) or [None]):
        yield from _of_policy(swept, policy, f"_{policy}" if place else "")
    columns = ["point", "policy", *swept.paths]
    both = [f"{measure}_{side}" for measure in ("turnover", money) for side in LEAD]
    front = front_rows(swept, money)[[*columns, *both]]
    yield Picture("front", "front", partial(draw_front, swept=swept), front, _front_note(swept, bars=barred(front)))
    one = [f"{key}_{side}" for side in LEAD]
    ranked = ranked_rows(swept, key)[[*columns, "allowed", *one]]
    yield Picture("ranked", "ranked", partial(draw_ranked, swept=swept), ranked, _ranked_note(swept))


def _of_policy(swept: Swept, policy: str | None, ending: str) -> Iterator[Picture]:
    """Heatmap and responses of the settings of one policy, and of parameters."""
    key, alone = swept.facts.objective, swept.kind == ALONE
    factors = shown_factors(swept, policy)
    if len(factors) > 1 and not alone and dense(swept, factors):
        heat = heat_cells(swept, key, factors[0])
        draw = partial(draw_heatmap, swept=swept, across=factors[0])
        yield Picture(f"heatmap{ending}", "heatmap", draw, _heat_data(heat), _heat_note(swept, heat, len(factors)))
    first = next((factor for factor in factors if factor.slot.numeric and factor.slot.policy == policy), None)
    for measure in dict.fromkeys((key, *swept.facts.require)) if factors else ():
        for place, along in enumerate(factors[:MOST_RESPONSES] if alone else (first or factors[0],), 1):
            draw = partial(draw_response, swept=swept, measure=measure, along=along)
            found = response_lines(swept, measure, along)
            name = f"response_{measure}{ending}{f'_{place}' if place > 1 else ''}"
            yield Picture(name, "response", draw, found.lines, _response_note(swept, found, len(factors)))


def _heat_data(heat: Heat) -> DataFrame:
    """A row a cell."""
    from pandas import DataFrame

    return DataFrame(
        {
            heat.across.factor.path: across, heat.up.factor.path: up, "difference": heat.mean[row, column],
            "points": heat.points[row, column], "allowed": bool(heat.allowed[row, column]),
        }
        for row, up in enumerate(heat.up.levels) for column, across in enumerate(heat.across.levels)
    )  # fmt: skip


def _averaged(swept: Swept, others: int) -> str:
    """What is said of so many factors that are not on a chart."""
    if swept.kind == ALONE:
        return "All else as the scenario has it. "
    return f"Means over {others} other {'setting' if others == 1 else 'settings'}. " if others > 0 else ""


def _heat_note(swept: Swept, heat: Heat, varied: int) -> str:
    objective = swept.facts.objective
    label, owner = swept.measures[objective].label.lower(), shorten(swept.scenario.policy(heat.policy).label, 80)
    of = f" of {owner}" if len(swept.policies) > 1 else ""
    least = material_amount(swept.facts.material.get(objective), swept.baseline[objective]["mean"])
    same = " under the same parameters" if swept.worlds else ""
    told = [f"Cells: difference in {label}{of} from the baseline{same}, paired by seed."]
    told += [f"Less than {amount_text(swept, objective, least)} is not material."] if least else []
    told += [_averaged(swept, varied - 2)] if _averaged(swept, varied - 2) else []
    told += ["Framed: the cell of the best point."] if heat.best else []
    told += [f"Dotted: no point meets {requirement_text(swept)}."] if (~heat.allowed & (heat.points > 0)).any() else []
    told += ["Hatched: no point."] if (heat.points == 0).any() else []
    return " ".join(text.strip() for text in told)


def _response_note(swept: Swept, found: Response, varied: int) -> str:
    base = "the baseline under the same parameters" if swept.worlds else "the baseline"
    one = len(swept.policies) > len(found.policies) == 1
    owner = f" Policy: {shorten(swept.scenario.policy(found.policies[0]).label, 80)}." if one else ""
    dashed = f"Thin black dashes: {base}.{owner}"
    if not found.joined:
        return f"Each mark is one sampled point, whose other settings differ too; bars: 95% intervals over seeds. {dashed}"
    if swept.kind in SAMPLED:
        what = "Dots: points. Lines: means of parts of the range" if found.along.edges is not None else "Marks: means of points"
        return f"{what}; {_ranges(found)}: 95% intervals over the points of a part, whose other settings differ. {dashed}"
    averaged = _averaged(swept, varied - 1 - (found.by is not None))
    if swept.facts.seeds == 1:
        return f"{averaged}With one seed there is no interval. {dashed}"
    ranges = _ranges(found).capitalize()
    return f"{averaged}{ranges}: 95% interval of the difference from the baseline, paired by seed. {dashed}"


def _ranges(found: Response) -> str:
    """What intervals are drawn as: bands along numbers, bars at words and where a level stands alone."""
    numbers = sum(map(is_number, found.along.levels))
    if numbers < 2:
        return "bars"
    return "bands" if numbers == len(found.along.levels) else "bands and bars"


def _front_note(swept: Swept, *, bars: bool) -> str:
    meeting = " of those that meet what is required" if not swept.allowed().all() else ""
    axes = " Axes: differences from the baseline under the same parameters." if swept.worlds else ""
    intervals = "; bars: 95% intervals of differences from the baseline, paired by seed" if bars else ""
    hollow = f" Hollow dots break what is required: {requirement_text(swept)}." if not swept.allowed().all() else ""
    return (
        f"Each dot is a point. Blue: no other{meeting}, nor the baseline, has both less turnover and more of the other axis"
        f"{intervals}."
        f"{axes}{hollow}"
    )


def _ranked_note(swept: Swept) -> str:
    same = " under the same parameters" if swept.worlds else ""
    hollow = f" Hollow: breaks what is required, {requirement_text(swept)}." if not swept.allowed().all() else ""
    return (
        f"Bars: 95% intervals of the difference from the baseline{same}, paired by seed; coloured where wholly beyond the "
        f"material difference.{hollow} The best of many points is partly the luckiest."
    )

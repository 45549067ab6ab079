"""The design `pairs` as files and as a table on screen."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from simulation import __version__
from simulation.evidence.measures import MEASURES
from simulation.experiment.digests import engine_digest
from simulation.experiment.sheets import frame_as_csv
from simulation.experiment.store import MANIFEST, open_folder, run_folder, run_id
from simulation.experiment.writing import replace_file, writing
from simulation.levers import catalogue
from simulation.report.charts.pairs import draw_pairs
from simulation.report.figures import blank, save, write_under
from simulation.report.language import language_of_study
from simulation.report.style import MISSING, Scale, drawing, scale_of
from simulation.statistics.pairs import GAINS, decided_by_luck
from simulation.statistics.summary import counted

if TYPE_CHECKING:
    from pathlib import Path

    from pandas import DataFrame
    from rich.console import Console

    from simulation.scenario import Scenario

SIZE = (13.3, 7.5)
FRAME = (0.155, 0.235, 0.835, 0.69)
WORDS = {"contribution": "contribution", "turnover": "reduction of turnover"}
COUNTED = {
    "contribution": ("brings", "bring", "{less} {does} less contribution than the sum of their parts, {more} more"),
    "turnover": ("lowers", "lower", "{less} {does} turnover by less than the sum of their parts, {more} by more"),
}
"""What one pair does, and several do, and what a title says of how many."""
COLUMNS = ("pair", "sum", "both", "difference", "95% interval", "than the sum", "study")
LEGEND = (
    "sum: of what each lever brings alone; difference: both less sum. than the sum: less or more where the 95% interval over "
    f"seeds excludes zero. study: what studies say of the pair, {MISSING} where none does."
)
SHOWN = 6
"""Pairs of each kind that are printed."""


def write_pairs(scenario: Scenario, singles: DataFrame, pairs: DataFrame, out: Path) -> Path:
    """Tables as CSV, heatmaps as PNG and SVG, and last a manifest; returns the folder.

    Raises RunError when the folder cannot be written.
    """
    folder = run_folder(scenario, out)
    about = {"run": run_id(scenario), "design": "pairs", "scenario": scenario.resolved(), "engine": engine_digest()}
    with writing(folder):
        open_folder(folder)
        replace_file(folder / "singles.csv", frame_as_csv(singles))
        replace_file(folder / "pairs.csv", frame_as_csv(pairs))
        for measure in GAINS:
            _draw(scenario, _named(singles), pairs, measure, folder)
        replace_file(folder / MANIFEST, json.dumps(about, indent=2).encode())
    return folder


def pairs_title(pairs: DataFrame, measure: str) -> str:
    """The message: how many pairs bring less than the sum of their parts, how many more, and how many luck alone would show."""
    counts = pairs[f"{measure}_verdict"].value_counts()
    less, more = (int(counts.get(f"{word} than the sum", 0)) for word in ("less", "more"))
    chance = round(decided_by_luck(pairs, measure))
    one, several, text = COUNTED[measure]
    said = text.format(less=less, more=more, does=one if less == 1 else several)
    few = less + more <= chance
    luck = f"no more than luck alone would show, about {chance}" if few else f"luck alone would show about {chance}"
    return f"Of {counted(len(pairs), 'pair')} of levers, {said}; {luck}"


def own_levers(scenario: Scenario) -> str:
    """Why some levers of the catalogue are not paired: "Commission plan is the baseline's own and part of every combination"."""
    known = catalogue()
    own = [known[key].title for key, lever in scenario.policies[0].levers.items() if not lever.is_neutral()]
    verb, part = ("is", "part") if len(own) == 1 else ("are", "parts")
    return f"{', '.join(own)} {verb} the baseline's own and {part} of every combination" if own else ""


def _named(singles: DataFrame) -> DataFrame:
    known = catalogue()
    return singles.assign(title=[known[key].title for key in singles["lever"]])


def _scale(pairs: DataFrame, singles: DataFrame, measure: str) -> Scale:
    return scale_of(MEASURES[measure], [*pairs[f"{measure}_interaction"], *singles[f"{measure}_gain"]])


def _draw(scenario: Scenario, singles: DataFrame, pairs: DataFrame, measure: str, folder: Path) -> None:
    import matplotlib as mpl

    scale = _scale(pairs, singles, measure)
    with drawing(language_of_study(scenario)), mpl.rc_context({"svg.hashsalt": run_id(scenario)}):
        figure = blank(*SIZE)
        draw_pairs(
            figure.add_axes(FRAME), singles, pairs, measure=measure, title=pairs_title(pairs, measure), scale=scale
        )  # fmt: skip
        note = (
            f"Cells: {WORDS[measure]} of both levers less the sum of each alone, {scale.difference_unit}; blue: more than the "
            "sum, red: less; bold where the 95% interval over seeds excludes zero. Diagonal: each lever alone."
        )
        sizes = [counted(scenario.seed_count, "seed"), counted(scenario.months, "month"), counted(scenario.seats, "seat")]
        about = [
            f"Typical settings on top of the baseline; {', '.join(sizes)}", own_levers(scenario),
            "Assumed strengths are not varied", f"Run {run_id(scenario)}, orgsim {__version__}",
        ]  # fmt: skip
        write_under(figure, note, ". ".join(part for part in about if part))
        save(figure, folder / f"pairs_{measure}", pairs.filter(regex=f"^(first|second)$|^{measure}_"))


def print_pairs(scenario: Scenario, singles: DataFrame, pairs: DataFrame, console: Console) -> None:
    """The message for each measure, the strongest pairs either way, and what a study says of them."""
    from rich.table import Table

    own, levers = own_levers(scenario), f"{len(singles)} of {len(catalogue())} levers"
    base = f"at typical settings on top of the baseline{f'; {own}' if own else ''}"
    console.print(f"{scenario.title}: each pair of {levers} {base}")
    titles = dict(zip(*(_named(singles)[column] for column in ("lever", "title")), strict=True))
    for measure in GAINS:
        scale = _scale(pairs, singles, measure)
        ordered = pairs.sort_values(f"{measure}_interaction", kind="stable")
        console.print()
        console.print(pairs_title(pairs, measure), style="bold")
        table = Table(box=None, padding=(0, 1, 0, 0), header_style="dim")
        for head in COLUMNS:
            left = head in ("pair", "than the sum", "study")
            table.add_column(head, justify="left" if left else "right", overflow="fold", no_wrap=not left)
        few = len(ordered) <= 2 * SHOWN
        ends = ordered if few else ordered.iloc[[*range(SHOWN), *range(-SHOWN, 0)]]
        for place in range(len(ends)):
            table.add_row(*_cells(ends.iloc[place], titles, measure, scale))
        console.print(table)
        which = f"all {len(pairs)}" if few else f"the {SHOWN} lowest and highest of {len(pairs)}; all in pairs.csv"
        console.print(f"({WORDS[measure]}, {scale.difference_unit}; {which})", style="dim")
    console.print()
    console.print(LEGEND, style="dim")


def _cells(pair: Any, titles: Mapping[str, str], measure: str, scale: Scale) -> list[str]:
    low, high = (scale.show(pair[f"{measure}_{side}"], sign=True) for side in ("low", "high"))
    figures = [scale.show(pair[f"{measure}_{part}"], sign=True) for part in ("sum", "joint", "interaction")]
    verdict, said = (pair[key].partition(" ")[0] for key in (f"{measure}_verdict", "evidence"))
    study = f"{said}: {pair['source']}" if said else MISSING
    return [f"{titles[pair['first']]} + {titles[pair['second']]}", *figures, f"{low} to {high}", verdict, study]

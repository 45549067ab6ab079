"""A sensitivity analysis on a screen, and as one JSON document."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation import __version__
from simulation.report.lettering import shorten
from simulation.report.streams import UNSURE
from simulation.report.words.sensitivity import (
    caveats,
    direction,
    effect_scale,
    figure_words,
    luck_sentence,
    measure_of,
    names_of,
    ordered,
    size_text,
    span_text,
    sum_sentence,
    undrawn,
    undrawn_notes,
    with_names,
)
from simulation.report.words.sweep import value_text
from simulation.statistics.sensitivity.analyse import CLEAR, NOISE
from simulation.statistics.sensitivity.converged import NOT_CONVERGED
from simulation.statistics.sensitivity.steps import unit_of
from simulation.statistics.summary import counted

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from simulation.experiment.design.factors import Factor
    from simulation.statistics.sensitivity.analyse import Sensitivity

WIDEST = 120
WITH_RANGES = 100
"""Columns from which on ranges are shown."""
MOST_RANGE, MOST_UNIT = 28, 18
"""[characters] of listed values, and of a unit behind a range."""
LEGEND = (
    "first: share of the variance that a factor explains alone; total: with everything it does together with others; "
    "95% intervals, as far as they lie in 0 to 100%. moves it by: mean size of the effect over the whole range in the screening, "
    "+ where more means more, − where it means less, ± where it depends, as luck where that is not beyond "
    f"{CLEAR:g} times what luck alone would show. "
    "All that varied is in screening.csv."
)
NOTHING = "Nothing that was varied moves {what} clearly more than luck does."


def print_sensitivity(found: Sensitivity, console: Console) -> None:
    """Print a table a measure, what luck makes of it, and what to keep in mind.

    Parameters
    ----------
    found : Sensitivity
        From `run_analysis`.
    console : rich.console.Console
        Written to; its width is respected.
    """
    names = names_of([factor.path for factor in found.factors])
    settings = sum(factor.slot.policy is not None for factor in found.factors)
    varied = f"{counted(settings, 'setting')} of {found.policy.label} and {counted(len(found.factors) - settings, 'parameter')}"
    console.print(f"{found.scenario.title}: {varied} vary; {size_text(found)}", style="bold")
    for key in found.screening:
        console.print()
        own = found.screening[key]
        clear = int(np.nansum(own.mu_star > CLEAR * np.nan_to_num(own.luck)))
        what, unit = figure_words(found, key), effect_scale(found, key).difference_unit
        moves = "moves" if clear == 1 else "move"
        head = f"{what[0].upper()}{what[1:]}: {clear} of {len(found.factors)} {moves} it clearly"
        console.print(f"{head}; effects in {unit}" if unit else head, style="bold")
        if key in found.indices:
            console.print(_table(found, key, names, console.width))
            reasons = (*(found.told[key].reasons if found.told[key].anything else ()), undrawn(found, key))
            for text in (luck_sentence(found, key), sum_sentence(found, key), *reasons):
                if text:
                    console.print(f"{text[0].upper()}{text[1:]}.", style=UNSURE if text in reasons else None)
        elif not found.kept:
            console.print(NOTHING.format(what=figure_words(found, key)), style=UNSURE)
    console.print()
    console.print(LEGEND, style="dim")
    for text in caveats(found):
        console.print(f"{text[0].upper()}{text[1:]}.")


def _table(found: Sensitivity, key: str, names: dict[str, str], width: int) -> Table:
    from rich.table import Table
    from rich.text import Text

    scale, own = effect_scale(found, key), found.screening[key]
    places = {factor.path: place for place, factor in enumerate(found.factors)}
    wide, anything = width >= WITH_RANGES, found.told[key].anything
    most = WIDEST if anything else WITH_RANGES
    table = Table(box=None, padding=(0, 1, 0, 0), width=min(width, most), header_style="dim")
    table.add_column("", ratio=1, overflow="fold", min_width=12)
    shares = ("first", "", "total", "") if anything else ()
    for head in (*(("range",) if wide else ()), *shares, "moves it by"):
        table.add_column(head, justify="right", no_wrap=True)
    frame = found.indices_table()
    for row in with_names(ordered(frame[frame["measure"] == key]), names).to_dict("records"):
        if row["path"] == NOISE:
            continue
        place = places[row["path"]]
        mu, size = float(own.mu[place]), float(own.mu_star[place])
        cells = [cell for part in ("first", "total") for cell in _share(row, part)] if anything else []
        clear = size > CLEAR * np.nan_to_num(own.luck[place])
        effect = Text(f"{direction(mu, size)}{scale.show(size)}") if clear else Text("as luck", style="dim")
        between = [Text(_range(found.factors[place]), style="dim")] if wide else []
        table.add_row(Text(str(row["name"])), *between, *cells, effect)
    return table


def _range(factor: Factor) -> str:
    """Between which values a factor varied, in which unit."""
    if factor.low is None or factor.high is None:
        values = shorten(", ".join(value_text(value) for value in factor.values), MOST_RANGE)
    else:
        values = f"{_number(factor.low)} to {_number(factor.high)}"
    return f"{values} {shorten(unit_of(factor), MOST_UNIT)}".rstrip()


def _number(value: float) -> str:
    """A number in three digits, large ones in full."""
    return f"{value:,.0f}" if abs(value) >= 1000.0 else f"{value:.3g}"


def _share(row: dict[Any, Any], part: str) -> list[Any]:
    """A share and its interval, cut to what a share can be, or that it has not converged."""
    from rich.text import Text

    told = row[f"{part}_state"] != NOT_CONVERGED
    share = f"{100 * min(max(row[part], 0.0), 1.0):.0f}%" if told else Text(NOT_CONVERGED, style=UNSURE)
    return [share, Text(span_text(row[f"{part}_low"], row[f"{part}_high"]), style="dim")]


def as_json(found: Sensitivity, *, run: str) -> dict[str, Any]:
    """Everything as one document: what varied, the screening, the shares, the pairs, luck, and what to keep in mind."""
    tables = {
        "screening": found.screening_table(), "indices": found.indices_table(), "interactions": found.interactions_table(),
    }  # fmt: skip
    return {
        "orgsim": __version__,
        "run": run,
        "scenario": found.scenario.name,
        "title": found.scenario.title,
        "policy": found.policy.key,
        "baseline": None if found.request.level else found.scenario.baseline,
        "size": {"seats": found.scenario.seats, "months": found.scenario.months, "seeds": found.scenario.seed_count},
        "measures": {
            key: {"label": measure.label, "unit": measure.shown_unit}
            for key, measure in ((key, measure_of(found, key)) for key in found.screening)
        },
        "design": {
            "factors": len(found.factors), "trajectories": found.request.trajectories, "samples": found.request.samples,
            "points": found.points, "points_without_figure": found.refused,
        },
        **{name: [_plain(row) for row in table.to_dict("records")] for name, table in tables.items()},
        "luck": {key: _estimate(own.noise) for key, own in found.indices.items()},
        "sum_of_first": {key: _estimate(own.summed) for key, own in found.indices.items()},
        "not_converged": {key: list(told.reasons) for key, told in found.told.items()},
        "screened_out": {key: found.left[key] for key in found.indices},
        "held": list(found.held),
        "notes": [*caveats(found), *undrawn_notes(found)],
    }  # fmt: skip


def _plain(row: dict[Any, Any]) -> dict[str, Any]:
    return {str(name): None if isinstance(value, float) and not math.isfinite(value) else value for name, value in row.items()}


def _estimate(estimate: Any) -> dict[str, float | None]:
    return _plain({side: float(getattr(estimate, side)) for side in ("value", "low", "high")})

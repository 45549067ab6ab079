"""A sweep and a sensitivity analysis as a notebook shows them; see `notebook`."""

from __future__ import annotations

from typing import Any

import numpy as np

from simulation.report.html.markup import heading, lines, notes, pale, picture, table, verdict
from simulation.report.language import language_of_study
from simulation.report.style import MISSING, drawing, scale_of
from simulation.report.sweep_stopping import row_sentences
from simulation.report.words.sensitivity import (
    caveats,
    direction,
    effect_scale,
    figure_words,
    luck_sentence,
    names_of,
    size_text,
    span_text,
    undrawn,
    with_names,
)
from simulation.report.words.sweep import moved_sentence, requirement_text, rows_text, settings_text
from simulation.report.words.sweep import size_text as sweep_size_text
from simulation.statistics.sensitivity.analyse import CLEAR, Sensitivity
from simulation.statistics.sensitivity.converged import NOT_CONVERGED
from simulation.statistics.summary import counted
from simulation.statistics.swept import Swept

BEST = 8
"""Points of a sweep, and factors of a screening, that are shown."""


def sweep_html(swept: Swept) -> str:
    """The best points by the objective that meet what is required, and the heatmap or the first response curve."""
    from simulation.report.sweep_figures import framed, sweep_pictures

    key = swept.facts.objective
    measure, ranked, required = swept.measures[key], swept.ranked(), requirement_text(swept)
    scale = scale_of(measure, [*swept.run[f"{key}_mean"], swept.baseline[key]["mean"]])
    head = [lines(f"Best by {measure.label.lower()}", scale.unit), "mean", "difference", "95% interval", "verdict"]
    base = swept.scenario.policy(swept.scenario.baseline).label
    rows = [[lines(base), lines(scale.show(swept.baseline[key]["mean"])), pale("baseline"), "", ""]]
    for row in ranked.head(BEST).to_dict("records"):
        shown = [lines(scale.show(row[f"{key}_mean"])), lines(scale.show(row[f"{key}_diff"], sign=True))]
        ends = [row[f"{key}_{side}"] for side in ("diff_low", "diff_high")]
        span = " to ".join(scale.show(end, sign=True) for end in ends) if np.isfinite(ends).all() else MISSING
        rows.append([lines(settings_text(swept, row)), *shown, pale(span), verdict(row[f"{key}_decided"])])
    count, refused = len(ranked), len(swept.refused)
    said = [f"{rows_text(swept, count - BEST)} more in the sweep's table" if count > BEST else ""]
    said += [f"{rows_text(swept, count)} of {int(swept.different.sum()):,} as required: {required}" if required else ""]
    said += [*row_sentences(swept), moved_sentence(swept)]
    said += [f"{counted(refused, 'point')} refused; the table's column refused says why" if refused else ""]
    said += ["The best of many points is partly the luckiest: run it again with other seeds"]
    with drawing(language_of_study(swept.scenario)):
        chart = "".join(picture(framed(swept, one)) for one in list(sweep_pictures(swept))[:1])
    size = f"{counted(swept.run['point'].nunique(), 'point')}; {sweep_size_text(swept)}; figures are an average year"
    return heading(swept.facts.title, size) + table(head, rows) + notes(said) + chart


def sensitivity_html(found: Sensitivity) -> str:
    """What moves each figure, the strongest first, and for the first of the figures the picture of the ranks."""
    from simulation.report.figures import write_under
    from simulation.report.sensitivity_files import NOTES, pictures

    size, first = f"{size_text(found)}; {found.points:,} points", next(iter(found.screening))
    parts = [heading(found.scenario.title, size)]
    for key in found.screening:
        told = (luck_sentence(found, key), undrawn(found, key)) if key in found.indices else ()
        parts += [_effects(found, key), notes(told)]
    with drawing(language_of_study(found.scenario)):
        drawn = {name: (kind, draw) for name, kind, draw, _ in pictures(found)}
        name = next((name for name in (f"ranks_{first}", f"screening_{first}") if name in drawn), None)
        if name:
            kind, draw = drawn[name]
            figure = draw()
            write_under(figure, NOTES[kind], size)
            parts.append(picture(figure))
    return "".join(parts) + notes(caveats(found))


def _effects(found: Sensitivity, key: str) -> str:
    """Size and direction of the strongest effects on one figure, and the shares of the variance that have converged."""
    scale, what = effect_scale(found, key), figure_words(found, key)
    effects = found.screening_table()
    own = with_names(effects[effects["measure"] == key], names_of([factor.path for factor in found.factors]))
    strongest: list[dict[Any, Any]] = own.sort_values("mu_star", ascending=False, kind="stable").head(BEST).to_dict("records")
    shares: dict[Any, dict[Any, Any]] = {}
    if key in found.indices:
        indices = found.indices_table()
        shares = {row["path"]: row for row in indices[indices["measure"] == key].to_dict("records")}
    rows = []
    for row in strongest:
        clear = row["mu_star"] > CLEAR * np.nan_to_num(row["luck"])
        size = lines(f"{direction(row['mu'], row['mu_star'])}{scale.show(row['mu_star'])}") if clear else pale("as luck")
        rows.append([lines(row["name"]), pale(str(row["range"])), size, _share(shares.get(row["path"]))])
    head = [lines(f"What moves {what}"), "range", lines("moves it by", scale.difference_unit), "share of variance"]
    return table(head, rows)


def _share(row: dict[Any, Any] | None) -> str:
    """A total share with its interval, that it has not converged, or that it was not analysed further."""
    if row is None:
        return pale("not analysed")
    if row["total_state"] == NOT_CONVERGED:
        return pale(NOT_CONVERGED)
    share = 100 * min(max(float(row["total"]), 0.0), 1.0)
    return lines(f"{share:.0f}%", span_text(row["total_low"], row["total_high"]))

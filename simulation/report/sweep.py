"""A sweep on a screen, and as one JSON document."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from simulation.report.stopping import stopping_document
from simulation.report.streams import UNSURE
from simulation.report.style import MISSING, Scale, scale_of
from simulation.report.sweep_stopping import row_sentences
from simulation.report.table import COLOURS
from simulation.report.uncertainty import shares_json
from simulation.report.words.sweep import (
    broken_sentence,
    edge_sentences,
    moved_sentence,
    requirement_text,
    rows_text,
    settings_text,
    size_text,
    worth_sentence,
)
from simulation.scenario.settings import as_plain
from simulation.statistics.summary import counted
from simulation.statistics.swept import COLUMNS as FIGURES
from simulation.statistics.swept import DRAWN_COLUMNS, MOVED, MOVED_TO, SEEDS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from rich.console import Console
    from rich.table import Table

    from simulation.statistics.swept import Swept

BEST, WORST = 10, 2
"""Rows that are printed of either end."""
REASONS = 5
"""Kinds of refusals that are told in full."""
NUMBER = re.compile(r"\d[\d.,]*")
WIDEST = 120
LUCKIEST = "The best of many points is partly the luckiest: run it again with more or other seeds."
COLUMNS = (("difference", "right"), ("95% interval", "right"), ("verdict", "left"))


def print_sweep(swept: Swept, console: Console) -> None:
    """Print the best points by the objective that meet what is required, the baseline, the worst, and what was refused.

    Parameters
    ----------
    swept : Swept
        From `sweep_table`.
    console : rich.console.Console
        Written to; its width is respected.
    """
    run, facts = swept.run, swept.facts
    measure = swept.measures[facts.objective]
    points = counted(run["point"].nunique(), "point")
    _say(console, facts.title, "bold")
    _say(console, f"{_design_text(swept)}, {points}{_rows_of_points(swept)}; {size_text(swept)}.")
    for path in swept.paths:
        _say(console, f"  {path}", "dim")
    for note in swept.notes:
        _say(console, f"{note[0].upper()}{note[1:]}.")
    console.print()
    ranked, scale = swept.ranked(), scale_of(measure, [*run[f"{facts.objective}_mean"], swept.baseline[facts.objective]["mean"]])
    required = requirement_text(swept)
    if run.empty:
        _say(console, "No point could be run.", UNSURE)
    elif ranked.empty:
        _say(console, f"No point meets what is required: {required}.", UNSURE)
        ranked = swept.ranked(allowed=False)
    elif required:
        every = rows_text(swept, int(swept.different.sum()))
        _say(console, f"{len(ranked):,} of {every} {'meets' if len(ranked) == 1 else 'meet'} what is required: {required}.")
        _say(console, broken_sentence(swept))
    console.print(_table(swept, ranked, scale, console.width))
    for text in row_sentences(swept):
        _say(console, text)
    _say(console, moved_sentence(swept))
    _say(console, worth_sentence(swept), "dim")
    for text in (*edge_sentences(swept), *_refusals(swept)):
        _say(console, text, UNSURE)
    label = swept.scenario.policy(swept.scenario.baseline).label
    of = f"{label} under the same parameters (column baseline)" if swept.worlds else label
    _say(console, f"Figures are an average year; differences are from {of}, paired by seed. {LUCKIEST}", "dim")


def _design_text(swept: Swept) -> str:
    return f"Design: {swept.kind} of {counted(len(swept.factors), 'path')}"


def _rows_of_points(swept: Swept) -> str:
    """How many different rows the points make, where several policies were run."""
    if len(swept.policies) == 1:
        return ""
    return f" of {len(swept.policies)} policies, {counted(int(swept.different.sum()), 'row')} to compare"


def _table(swept: Swept, ranked: Any, scale: Scale, width: int) -> Table:
    """The baseline, the best rows and the last; what is left out between them is said."""
    from rich.text import Text

    key, base = swept.facts.objective, swept.baseline
    table = _head(swept, scale, width)
    scales = {name: scale_of(swept.measures[name], swept.run[f"{name}_mean"]) for name in _beside(swept)}
    last = [_with_unit(scales[name], base[name]["mean"]) for name in scales]
    span = _span(scale, [base[key][side] for side in ("low", "high")])
    label = f"{swept.scenario.policy(swept.scenario.baseline).label}, as it is"
    under = [MISSING] if swept.worlds else []
    table.add_row("", Text(label), scale.show(base[key]["mean"]), *under, "baseline", span, "", *last, style="bold")
    count = len(ranked)
    ends = range(min(BEST, count)), range(max(BEST, count - WORST), count)
    for place in ends[0]:
        table.add_row(*_row(swept, ranked.iloc[place], scale, scales))
    if count > BEST + WORST:
        gap = f"{count - BEST - WORST:,} more in points.csv, then the last"
        table.add_row("…", Text(gap, style="dim"), *[""] * (len(table.columns) - 2))
    for place in ends[1]:
        table.add_row(*_row(swept, ranked.iloc[place], scale, scales))
    return table


def _head(swept: Swept, scale: Scale, width: int) -> Table:
    from rich.table import Table
    from rich.text import Text

    unit = f" ({scale.unit})" if scale.unit else ""
    table = Table(box=None, padding=(0, 1, 0, 0), width=min(width, WIDEST), header_style="dim")
    table.add_column("point", justify="right", no_wrap=True)
    best = f"best by {swept.measures[swept.facts.objective].label.lower()}{unit}"
    table.add_column(Text(best), ratio=1, overflow="fold")
    for name in ("mean", "baseline") if swept.worlds else ("mean",):
        table.add_column(name, justify="right", no_wrap=True)
    for name, justify in COLUMNS:
        table.add_column(name, justify="left" if justify == "left" else "right", no_wrap=True)
    for name in _beside(swept):
        table.add_column(Text(swept.measures[name].label.lower()), justify="right")
    return table


def _beside(swept: Swept) -> list[str]:
    """Measures that something is required of, which stand beside the objective."""
    return [name for name in swept.facts.require if name != swept.facts.objective]


def _row(swept: Swept, row: Any, scale: Scale, scales: Mapping[str, Scale]) -> list[Any]:
    from rich.text import Text

    key = swept.facts.objective
    decided = row[f"{key}_decided"]
    under = [scale.show(row[f"{key}_mean"] - row[f"{key}_diff"])] if swept.worlds else []
    return [
        str(row["point"]), Text(settings_text(swept, row)), scale.show(row[f"{key}_mean"]), *under,
        scale.show(row[f"{key}_diff"], sign=True),
        _span(scale, [row[f"{key}_{side}"] for side in ("diff_low", "diff_high")], sign=True),
        Text(decided, style=COLOURS.get(decided, "")),
        *(_with_unit(own, row[f"{name}_mean"]) for name, own in scales.items()),
    ]  # fmt: skip


def _span(scale: Scale, ends: list[float], *, sign: bool = False) -> str:
    """An interval; a dash where there is none, as of one seed."""
    return MISSING if any(map(math.isnan, ends)) else " to ".join(scale.show(end, sign=sign) for end in ends)


def _with_unit(scale: Scale, value: float) -> str:
    return f"{scale.show(value)}{'%' if scale.factor == 100 else ''}"


def _refusals(swept: Swept) -> list[str]:
    """How many points were refused, and why: one sentence of each kind, kinds being those that differ in numbers alone."""
    kinds: dict[str, list[str]] = {}
    for sentence in swept.refused["refused"]:
        kinds.setdefault(NUMBER.sub("#", sentence), []).append(sentence)
    if not kinds:
        return []
    number = len(swept.refused)
    shown = sorted(kinds.values(), key=len, reverse=True)[:REASONS]
    told = [f"  {some[0]}{f' (and {len(some) - 1:,} like it)' if len(some) > 1 else ''}" for some in shown]
    more = len(kinds) - len(shown)
    rest = [f"  {counted(more, 'other reason')}: the column refused of points.csv has them all."] if more else []
    return [f"{counted(number, 'point')} of the design {'was' if number == 1 else 'were'} refused and not run:", *told, *rest]


def as_json(swept: Swept, *, started: str, finished: str, seconds: float, out: str | Path) -> dict[str, Any]:
    """The sweep as a document; a figure that does not exist, and a setting that does not apply, is null.

    Parameters
    ----------
    swept : Swept
        From `sweep_table`.
    started, finished : times as text
    seconds : how long it took [s]
    out : where files were written

    Returns
    -------
    dict
        Nothing in it but the first five keys depends on how or when the sweep was run.
        A point that was refused has no measures, and says why in `refused`; one that keeps a promise of equal cost says what was
        moved.
    """
    drawn = [name for name in DRAWN_COLUMNS if any(column.endswith(f"_{name}") for column in swept.table.columns)]
    return {
        "run": swept.facts.run,
        "started": started,
        "finished": finished,
        "seconds": seconds,
        "out": str(out),
        "baseline": swept.scenario.baseline,
        "seeds": swept.facts.seeds,
        "points": [_point(swept, row, drawn) for row in swept.table.to_dict("records")],
        "stopping": stopping_document(swept.stopping),
    }


def _point(swept: Swept, row: Mapping[Any, Any], drawn: list[str]) -> dict[str, Any]:
    settings = {path: _plain(row[path]) for path in swept.paths}
    if row["refused"]:
        return {"settings": settings, "policy": row["policy"] or None, "refused": row["refused"], "measures": {}}
    moved = {"moved": {"setting": row[MOVED], "to": _number(row[MOVED_TO])}} if row.get(MOVED) else {}
    measures = {key: _figure(row, key, drawn) for key in swept.measures}
    return {"settings": settings, "policy": row["policy"], "seeds": row[SEEDS], **moved, "measures": measures}


def _figure(row: Mapping[Any, Any], key: str, drawn: list[str]) -> dict[str, Any]:
    mean, low, high, diff, diff_low, diff_high, chance = (_number(row[f"{key}_{name}"]) for name in FIGURES[:7])
    difference: dict[str, Any] = {
        "mean": diff, "low": diff_low, "high": diff_high, "p_better": chance, "decided": row[f"{key}_decided"],
        "effective_seeds": _number(row[f"{key}_effective_seeds"]),
    }  # fmt: skip
    if drawn:
        difference["shares"] = shares_json(row[f"{key}_diff_chance"])
    return {"mean": mean, "low": low, "high": high, "difference": difference}


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and math.isnan(value) else as_plain(value)


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _say(console: Console, text: str, style: str = "") -> None:
    from rich.text import Text

    if text:
        console.print(Text(text, style=style))

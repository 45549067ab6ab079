"""The comparison on a screen, and as one JSON document.

One block a measure: policies under each other, so that they can be compared, and units in the block's head.
It is laid out for 80 columns and takes no harm from more. Labels are a user's text and are never read as markup.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, is_dataclass
from typing import TYPE_CHECKING, Any

from simulation.evidence.measures import MEASURES
from simulation.report.assumptions import assumption_sentences, assumptions_json, named_moves, reach_words
from simulation.report.reasons import print_reasons, reasons_document
from simulation.report.static_price import print_static, static_document
from simulation.report.stays import stays_document, stays_sentences
from simulation.report.stopping import gain_legend, gain_lines, stopping_document, stopping_sentences
from simulation.report.streams import BAD, GOOD, UNSURE
from simulation.report.style import MISSING, Scale, missing_glyphs, scale_of, summary_scale
from simulation.report.uncertainty import draw_sentences, draws_json, rank_sentences, ranks_json, share_lines, shares_json
from simulation.report.words.cautions import warnings_of
from simulation.report.words.equal_cost import moved_sentences
from simulation.report.words.headline import recommendation_sentence
from simulation.report.words.phrases import with_unit
from simulation.report.words.stress import stress_sentence
from simulation.statistics.intervals import material_amount
from simulation.statistics.summary import counted

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from simulation.statistics.summary import Summary

WIDEST = 110
"""Columns a table fills at most; a wider screen does not pull its columns apart."""
YEAR_WIDTH = 8
LABEL_WIDTH = 24
INDENT = (0, 0, 0, 2)
SECOND = (0, 0, 0, 4)
COLUMNS: Mapping[str, int] = {"mean": 8, "difference": 10, "95% interval": 18, "better in": 9, "verdict": 7}
"""Columns of a block and their widths."""
LEGEND = (
    "difference: from the baseline, paired by seed. better in: share of seeds in which the policy is better. "
    "verdict: better or worse (higher or lower where neither side is better) = the whole interval lies beyond the material "
    "difference; same = within the material difference; open = not decided."
)
LEFT_OUT = "That is the luck of the draw alone; where an assumed parameter is wrong, figures can be off by more."
NOT_DRAWN = "Where a parameter that is not drawn is wrong, figures can be off by more."
COLOURS: Mapping[str, str] = {"better": GOOD, "worse": BAD, "open": UNSURE, "same": "dim", "flips": BAD}
ENDS = ("?", "!", ".", ":")
"""A title that ends so takes no colon after it."""
NO_STRESS: Mapping[str, Summary] = {}


def print_comparison(summary: Summary, console: Console, *, stress: Mapping[str, Summary] = NO_STRESS) -> None:
    """Print the recommendation, the table, what was moved, the warnings, what the intervals leave out, and the reasons.

    The recommendation stands above the table, for who reads on paper or in a pager, and again at the end, where a terminal stops.

    Parameters
    ----------
    summary : Summary
        From `compare`.
    console : rich.console.Console
        Written to; its width is respected.
    stress : summaries by world
        The same policies in other worlds.
    """
    facts = summary.facts
    size = f"{counted(facts.seats, 'seat')}, {counted(facts.months, 'month')}, {summary.seeds}"
    colon = "" if facts.title.endswith(ENDS) else ":"
    _say(console, f"{facts.title}{colon} {size}; figures are an average year", style="bold")
    if facts.question:
        _say(console, facts.question)
    advice = recommendation_sentence(summary)
    console.print()
    _say(console, advice, style="bold")
    _print_blocks(summary, console)
    console.print()
    for text in (LEGEND, *gain_legend(summary)):
        _say(console, text, style="dim")
    for text in _said(summary):
        _say(console, text)
    glyphs = missing_glyphs(summary.labels.values())
    for text in (*warnings_of(summary), *([f"{glyphs}."] if glyphs else [])):
        _say(console, f"Warning: {text}", style=UNSURE)
    _say(console, summary.intervals)
    if facts.assumed and not (summary.assumptions and summary.assumptions.moved):
        _say(console, LEFT_OUT if facts.draws is None else NOT_DRAWN, style="dim")
    print_static(summary, console)
    print_reasons(summary, console)
    for text in stays_sentences(summary):
        _say(console, text)
    if stress or summary.reasons:
        console.print()
    if stress:
        _say(console, stress_sentence(summary, stress))
    for text in rank_sentences(summary):
        _say(console, text)
    console.print()
    _say(console, advice, style="bold")


def _said(summary: Summary) -> list[str]:
    """How sampling stopped, what was drawn, what was moved."""
    parts = (stopping_sentences, draw_sentences, assumption_sentences, moved_sentences)
    return [text for part in parts for text in part(summary)]


def _print_blocks(summary: Summary, console: Console) -> None:
    """A block a measure: policies, what stands behind their intervals, and the assumptions that could turn them."""
    from rich.padding import Padding
    from rich.text import Text

    blocks = shown_measures(summary)
    for key in blocks:
        console.print()
        _say(console, block_heading(summary, key), style="bold")
        console.print(_comparison(summary, key, console.width, header=key == blocks[0]))
        for text in (*share_lines(summary, key), *gain_lines(summary, key)):
            console.print(Padding(Text(text, style="dim"), INDENT))
        for text in named_moves(summary, key):
            console.print(Padding(Text(text, style=UNSURE), INDENT))


def print_by_year(summary: Summary, console: Console) -> None:
    """Print the leading measures year by year; under each figure its paired difference from the baseline's."""
    frame = summary.series["years"]
    years = sorted(set(frame["year"]))
    room = max((min(console.width, WIDEST) - LABEL_WIDTH) // (YEAR_WIDTH + 1), 1)
    for key in summary.headlines:
        rows = frame[frame["measure"] == key].set_index(["policy", "year"])
        scale = scale_of(summary.measures[key], rows["mean"])
        for first in range(0, len(years), room):
            console.print(_by_year(summary, key, scale, rows.loc[(slice(None), years[first : first + room]), :]))
    if summary.facts.months % 12:
        _say(console, f"The last year has {summary.facts.months % 12} months; its figures are brought to twelve.", style="dim")


@dataclass(frozen=True)
class Line:
    """A policy's line in a measure's block: its cells as `COLUMNS` names them, and below it the range under other assumptions."""

    policy: str
    label: str
    cells: tuple[str, ...]
    below: tuple[str, str] | None


@dataclass(frozen=True)
class Block:
    """One measure of the comparison: its heading, a line a policy, and what its intervals hold and hang on."""

    measure: str
    heading: str
    lines: tuple[Line, ...]
    notes: tuple[str, ...]


def table_blocks(summary: Summary) -> list[Block]:
    """The comparison as it is printed, for other reports that show it; without what seeds are worth."""
    return [
        Block(
            key,
            block_heading(summary, key),
            tuple(
                Line(policy, label, tuple(map(str, _cells(summary, policy, key))), reach_words(summary, policy, key))
                for policy, label in summary.labels.items()
            ),
            (*share_lines(summary, key), *named_moves(summary, key)),
        )
        for key in shown_measures(summary)
    ]


def as_json(summary: Summary, *, stress: Mapping[str, Summary] = NO_STRESS) -> dict[str, Any]:
    """The comparison as a document; a figure that does not exist is null, and the baseline has no `difference`."""
    facts = summary.facts
    return {
        "run": facts.run,
        "baseline": summary.baseline,
        "seeds": facts.seeds,
        "months": facts.months,
        "world": list(facts.world),
        "objective": facts.objective,
        "labels": dict(summary.labels),
        "measures": {key: {"unit": m.shown_unit, "better": m.better, "label": m.label} for key, m in summary.measures.items()},
        "warnings": list(summary.warnings),
        "moved": {policy: asdict(m) if is_dataclass(m) and not isinstance(m, type) else m for policy, m in summary.moved.items()},
        "policies": _figures(summary),
        "draws": draws_json(summary),
        "ranks": ranks_json(summary),
        "assumptions": assumptions_json(summary),
        "stress": {world: _figures(result) for world, result in stress.items()},
        "reasons": reasons_document(summary.reasons) if summary.reasons else None,
        "stays": stays_document(summary),
        "static": static_document(summary),
        "stopping": stopping_document(summary.stopping),
    }


def shown_measures(summary: Summary) -> tuple[str, ...]:
    """The measures shown; total cost beside pay cost where policies were made to cost the same, so that it can be seen."""
    keys = summary.headlines
    if not summary.moved or "total_cost" in keys:
        return keys
    place = keys.index("pay_cost") + 1
    return (*keys[:place], "total_cost", *keys[place:])


def _comparison(summary: Summary, key: str, width: int, *, header: bool) -> Table:
    """One measure's block; all blocks have columns of the same width."""
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 1, 0, 0), width=min(width, WIDEST), show_header=header, header_style="dim")
    table.add_column("", ratio=1, overflow="fold")
    for name, wide in COLUMNS.items():
        table.add_column(name, justify="left" if name == "verdict" else "right", no_wrap=True, width=wide)
    for policy, label in summary.labels.items():
        table.add_row(Padding(Text(label), INDENT), *_cells(summary, policy, key))
        words = reach_words(summary, policy, key)
        if words:
            span, standing = words
            cells = (Padding(Text("assumptions"), SECOND), "", "", span, "", Text(standing, style=COLOURS.get(standing, "")))
            table.add_row(*cells, style="dim")
    return table


def block_heading(summary: Summary, key: str) -> str:
    """A measure with its unit and what the scenario asks of it: "Turnover (% a year, required ≤ 40%, material 1.0)"."""
    scale, measure = summary_scale(summary, key), summary.measures[key]
    notes = [scale.unit] if scale.unit else []
    if key == summary.facts.objective:
        notes.append("objective")
    if key in summary.facts.require:
        sign, limit = summary.facts.require[key]
        notes.append(f"required {sign} {with_unit(scale.show(limit), '%' if scale.factor == 100 else '')}")
    least = material_amount(summary.facts.material.get(key), float(summary.value(summary.baseline, key)))
    if least:
        notes.append(f"material {scale.show(least)}")
    return f"{measure.label} ({', '.join(notes)})" if notes else measure.label


def _cells(summary: Summary, policy: str, key: str) -> list[Any]:
    from rich.text import Text

    scale = summary_scale(summary, key)
    mean = scale.show(summary.value(policy, key))
    if policy == summary.baseline:
        return [mean, "baseline", interval_text(scale, summary, policy, key, sides=("low", "high")), "", ""]
    chance = summary.value(policy, key, "p_better")
    decided = summary.value(policy, key, "decided")
    return [
        mean,
        scale.show(summary.value(policy, key, "diff"), sign=True),
        interval_text(scale, summary, policy, key, sides=("diff_low", "diff_high")),
        MISSING if math.isnan(chance) else f"{100 * chance:.0f}%",
        Text(decided, style=COLOURS.get(decided, "")),
    ]


def interval_text(scale: Scale, summary: Summary, policy: str, key: str, *, sides: tuple[str, str]) -> str:
    """Two ends of an interval, those of a difference with their signs; a dash where there are none."""
    low, high = (summary.value(policy, key, side) for side in sides)
    if not math.isfinite(low):
        return MISSING
    return " to ".join(scale.show(limit, sign=sides[0] == "diff_low") for limit in (low, high))


def _by_year(summary: Summary, key: str, scale: Scale, rows: Any) -> Table:
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    measure = summary.measures[key]
    years = sorted(set(rows.index.get_level_values("year")))
    table = Table(box=None, padding=(0, 1, 0, 0), show_edge=False, header_style="dim")
    unit = f" ({scale.unit})" if scale.unit else ""
    table.add_column(Text(f"{measure.label}{unit}", style="bold"), width=LABEL_WIDTH, overflow="fold")
    for year in years:
        table.add_column(f"year {year}", justify="right", min_width=YEAR_WIDTH, no_wrap=True)
    for policy, label in summary.labels.items():
        found = [rows.loc[(policy, year)] for year in years]
        below = [f"\n{scale.show(row['diff'], sign=True)}" if policy != summary.baseline else "" for row in found]
        cells = [Text.assemble(scale.show(row["mean"]), (text, "dim")) for row, text in zip(found, below, strict=True)]
        table.add_row(Padding(Text(label), INDENT), *cells)
    table.add_row("")
    return table


def _figures(summary: Summary) -> dict[str, dict[str, Any]]:
    return {policy: {key: _figure(summary, policy, key) for key in MEASURES} for policy in summary.labels}


def _figure(summary: Summary, policy: str, key: str) -> dict[str, Any]:
    found: dict[str, Any] = {side: _number(summary.value(policy, key, side)) for side in ("mean", "low", "high")}
    if policy != summary.baseline:
        names = {"mean": "diff", "low": "diff_low", "high": "diff_high", "p_better": "p_better"}
        found["difference"] = {name: _number(summary.value(policy, key, column)) for name, column in names.items()}
        found["difference"]["decided"] = summary.value(policy, key, "decided")
        found["difference"]["effective_seeds"] = _number(summary.value(policy, key, "effective_seeds"))
        if summary.facts.draws is not None:
            found["difference"]["shares"] = shares_json(summary.value(policy, key, "diff_chance"))
    return found


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _say(console: Console, text: str, style: str = "") -> None:
    from rich.text import Text

    console.print(Text(text, style=style))

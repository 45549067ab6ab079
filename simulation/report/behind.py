"""The numbers behind a picture as a table for people: names in words, figures on the house's scales, units in the heads.

Every figure that a picture shows stands in it, in a row of its own with its interval and its difference from the baseline.
The same numbers for machines are the picture's CSV.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from simulation.evidence.measures import MEASURES
from simulation.report.charts.bridge import NAMES
from simulation.report.charts.leavers import KINDS
from simulation.report.reasons import LOG_ODDS
from simulation.report.static_price import price_scale
from simulation.report.style import MISSING, Scale, scale_of, summary_scale
from simulation.report.words.quotes import TENTHS

if TYPE_CHECKING:
    from simulation.report.figures import Picture
    from simulation.statistics.summary import Summary

Record = Mapping[Any, Any]
Line = tuple[tuple[str, ...], Scale, Record]
"""What a row is of, the scale of its figures, and the figures: `mean, low, high, diff, diff_low, diff_high` and more; with
`signed` the first three have a sign too."""

FIGURES: Mapping[str, tuple[str, ...]] = {
    "figure": ("mean",),
    "95% interval": ("low", "high"),
    "difference from the baseline": ("diff",),
    "95% interval of the difference": ("diff_low", "diff_high"),
    "alone on the baseline": ("alone",),
    "lost without it": ("without",),
    "verdict": ("decided",),
}
"""Columns of figures and what they are made of; a table has those that its rows have."""
SIGNED = ("diff", "diff_low", "diff_high", "alone", "without")
SHARE = replace(TENTHS, unit="%")
YEARLY = replace(TENTHS, unit="% a year")
PRICES: Mapping[str, str] = {
    "static": "Pay cost, the baseline's sales under the plan",
    "lived": "Pay cost, as lived",
    "wedge": "Wedge: lived less static",
    "change_static": "Change of pay cost, at the baseline's sales",
    "change_lived": "Change of pay cost, as lived",
}
PARTS: Mapping[str, str] = {
    "losing": "Reps who lose {limit}% of pay or more",
    "gaining": "Reps who gain {limit}% of pay or more",
    "sales": "Part of sales of those who lose {limit}% or more",
}


@dataclass(frozen=True)
class Behind:
    """A table: heads, rows of cells, and how many columns at the left hold words."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: int


def numbers_behind(summary: Summary, picture: Picture) -> Behind:
    """The numbers that a picture of a summary shows."""
    heads, lines_of = SHAPES[picture.kind]
    lines = list(lines_of(summary, picture.data.to_dict("records")))
    units = list(dict.fromkeys(scale.unit for _, scale, _ in lines))
    columns = [name for name, parts in FIGURES.items() if any(part in row for _, _, row in lines for part in parts)]
    one = units[0] if len(units) == 1 else ""
    named = [_head(name, one, lines[0][1]) if one else name for name in columns]
    heads = (*heads, *(() if one or not any(units) else ("unit",)))
    rows = [
        (*of, *(() if one or not any(units) else (scale.unit,)), *(_cell(row, FIGURES[name], scale) for name in columns))
        for of, scale, row in lines
    ]
    return Behind((*heads, *named), tuple(rows), len(heads))


def _head(name: str, unit: str, scale: Scale) -> str:
    """A column's head with its unit: differences of shares are points."""
    if name in ("verdict", "95% interval", "95% interval of the difference"):
        return name
    return f"{name} ({unit if name == 'figure' else scale.difference_unit})"


def _cell(row: Record, parts: Sequence[str], scale: Scale) -> str:
    """A figure, two ends, or a word; a dash where there is none."""
    if any(row.get(part) is None for part in parts):
        return ""
    values = [row[part] for part in parts]
    if isinstance(values[0], str):
        return values[0]
    if not all(map(math.isfinite, values)):
        return MISSING
    signed = bool(row.get("signed"))
    return " to ".join(scale.show(value, sign=signed or part in SIGNED) for part, value in zip(parts, values, strict=True))


def _own(summary: Summary, row: Record) -> Record:
    """A row without differences where it is the baseline's, which has none from itself."""
    if row.get("policy") != summary.baseline:
        return row
    return {key: value for key, value in row.items() if not str(key).startswith(("diff", "decided"))}


def _measures(summary: Summary, rows: Sequence[Record]) -> Iterator[Line]:
    """A row a policy with columns `<measure>_mean` and so on, measure after measure."""
    ends = ("mean", "low", "high", "diff", "diff_low", "diff_high", "decided")
    for key in [str(name).removesuffix("_mean") for name in rows[0] if str(name).endswith("_mean")] if rows else []:
        scale, label = summary_scale(summary, key), summary.measures[key].label
        for row in rows:
            own = {end: row[f"{key}_{end}"] for end in ends if f"{key}_{end}" in row} | {"policy": row["policy"]}
            yield (label, summary.labels[row["policy"]]), scale, _own(summary, own)


def _timeline(summary: Summary, rows: Sequence[Record]) -> Iterator[Line]:
    scales = {key: scale_of(summary.measures[key], [row["mean"] for row in rows]) for key in {row["measure"] for row in rows}}
    for row in rows:
        yield (summary.labels[row["policy"]], str(row["month"])), scales[row["measure"]], _own(summary, row)


def _survival(summary: Summary, rows: Sequence[Record]) -> Iterator[Line]:
    for row in rows:
        motive = (str(row["segment"]),) if "segment" in row else ()
        yield (summary.labels[row["policy"]], *motive, str(row["tenure"])), SHARE, _own(summary, row)


def _leavers(summary: Summary, rows: Sequence[Record]) -> Iterator[Line]:
    kinds = {kind: words for kind, (words, *_) in KINDS.items()} | {"turnover": "All leavers"}
    for row in rows:
        yield (summary.labels[row["policy"]], str(row["label"]), kinds[row["kind"]]), YEARLY, _own(summary, row)
        if math.isfinite(row["share"]):
            yield (summary.labels[row["policy"]], str(row["label"]), "Part of all reps"), SHARE, {"mean": row["share"]}


def _attainment(summary: Summary, rows: Sequence[Record]) -> Iterator[Line]:
    for row in rows:
        low, high = (f"{100 * row[end]:.0f}%" if math.isfinite(row[end]) else "" for end in ("start", "stop"))
        named = f"{low} to {high}" if low and high else f"below {high}" if high else f"{low} and more"
        yield (summary.labels[row["policy"]], named), SHARE, _own(summary, row)


def _bridge(summary: Summary, rows: Sequence[Record]) -> Iterator[Line]:
    scale = scale_of(summary.measures["contribution"], [row["mean"] for row in rows])
    for row in rows:
        yield (NAMES[row["line"]],), scale, {"diff": row["mean"], "diff_low": row["low"], "diff_high": row["high"]}


def _reasons(_: Summary, rows: Sequence[Record]) -> Iterator[Line]:
    for row in rows:
        yield (str(row["name"]),), LOG_ODDS, _renamed(row, "mean")


def _levers(summary: Summary, rows: Sequence[Record]) -> Iterator[Line]:
    for row in rows:
        key = str(row["measure"])
        own = [abs(other["difference"]) for other in rows if other["measure"] == key]
        scale = scale_of(summary.measures.get(key, MEASURES[key]), own)
        scale = replace(scale, unit=scale.difference_unit)
        yield (summary.measures[key].label, str(row["name"])), scale, _renamed(row, "alone", "without")


def _renamed(row: Record, *more: str) -> Record:
    ends = {"diff": row["difference"], "diff_low": row["difference_low"], "diff_high": row["difference_high"]}
    return ends | {name: row[name] for name in more}


def _static(summary: Summary, rows: Sequence[Record]) -> Iterator[Line]:
    assert summary.static is not None  # noqa: S101 - the picture is of it
    scale = price_scale(summary, summary.static)
    for key, words in PRICES.items():
        for row in rows:
            own = {end: row[f"{key}_{end}"] for end in ("mean", "low", "high")} | {"signed": key not in ("static", "lived")}
            verdict = {"decided": row["wedge_decided"]} if key == "wedge" and row["policy"] != summary.baseline else {}
            yield (words, summary.labels[row["policy"]]), scale, own | verdict


def _losers(summary: Summary, rows: Sequence[Record]) -> Iterator[Line]:
    for key in [str(name).removesuffix("_mean") for name in rows[0] if str(name).endswith("_mean")] if rows else []:
        kind, limit = re.fullmatch(r"([a-z]+)(\d+)", key).groups()  # type: ignore[union-attr]
        for row in rows:
            if row["policy"] != summary.baseline:
                own = {end: row[f"{key}_{end}"] for end in ("mean", "low", "high")}
                yield (PARTS[kind].format(limit=limit), summary.labels[row["policy"]]), SHARE, own


SHAPES: Mapping[str, tuple[tuple[str, ...], Callable[[Summary, Sequence[Record]], Iterator[Line]]]] = {
    "tradeoff": (("measure", "policy"), _measures),
    "timeline": (("policy", "month"), _timeline),
    "survival": (("policy", "months since hire"), _survival),
    "survival_segments": (("policy", "moved most by", "months since hire"), _survival),
    "leavers": (("policy", "reps", "leavers"), _leavers),
    "attainment": (("policy", "attainment"), _attainment),
    "bridge": (("line",), _bridge),
    "reasons": (("reason",), _reasons),
    "levers": (("measure", "lever"), _levers),
    "panel": (("measure", "policy"), _measures),
    "static": (("price", "policy"), _static),
    "losers": (("who", "policy"), _losers),
}
"""By the kind of picture: the heads of what its rows are of, and its rows."""

"""What plans would cost if nobody changed behaviour, beside what they cost as lived, and who would lose: lines under the table,
and an entry of the document.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from simulation.report.style import MISSING, Scale, scale_of
from simulation.report.words.addresses import extreme_group
from simulation.report.words.phrases import with_unit
from simulation.report.words.quotes import PERCENT, quote, written
from simulation.statistics.summary import counted

if TYPE_CHECKING:
    from rich.console import Console

    from simulation.statistics.static_price import StaticPrice
    from simulation.statistics.summary import Summary

PRICE_COLUMNS: Mapping[str, int] = {"static": 9, "lived": 9, "wedge": 9, "95% interval": 18, "verdict": 7}
LOSER_COLUMNS: Mapping[str, int] = {"lose 5%": 9, "of sales": 9, "lose 10%": 9, "of sales ": 9, "gain 5%": 9}
RELATIVE = Scale(100.0, 1, "%", "%")
SAID = ("change_static_mean", "change_lived_mean", "wedge_mean", "wedge_low", "wedge_high")
"""What a sentence on a wedge names."""
NAMED = 3
"""Groups of winners and of losers in the document."""
PRICE_LEGEND = (
    "static: the baseline's sales paid under the plan, with nobody changing behaviour, as compensation tools price a plan. "
    "lived: pay cost as simulated, cash and deferred pay as it is booked; programmes stand in neither. "
    "wedge: lived less static, paired by seed: what people's answer to the plan adds to the bill."
)
LOSER_LEGEND = (
    "lose 5%: share of reps who would earn at least 5% less than under the baseline's plan, at the baseline's sales of the last "
    "{months} and with the plan in force since month 0. of sales: what part of sales these reps bring. Counted are reps who are "
    "there at the end and have been for half of these months, {reps:.0f} a seed."
)
BOOKED = "Grants and balances count as they are booked, over their vesting, so a young grant counts in part."


def print_static(summary: Summary, console: Console) -> None:
    """Print both blocks and a sentence for each material wedge, where there is another policy to price."""
    found = summary.static
    if found is None or not summary.others:
        return
    from rich.text import Text

    scale = price_scale(summary, found)
    console.print()
    console.print(Text(f"Static price beside the lived one: pay cost ({scale.unit}; {_seeds(summary, found)})", style="bold"))
    console.print(_prices(summary, found, scale))
    console.print(Text(PRICE_LEGEND, style="dim"))
    for sentence in wedge_sentences(summary):
        console.print(Text(sentence))
    console.print()
    console.print(Text("Who would gain and lose if sales stayed as they were", style="bold"))
    console.print(_losers(summary, found))
    for sentence in group_sentences(summary):
        console.print(Text(sentence))
    reps = float(found.policies["reps"].iloc[0])
    console.print(Text(LOSER_LEGEND.format(months=counted(found.year, "month"), reps=reps), style="dim"))
    if found.deferred:
        console.print(Text(BOOKED, style="dim"))


def wedge_sentences(summary: Summary) -> list[str]:
    """For each policy with a material wedge: what a replay says its plan changes, what is lived, and the difference."""
    found = summary.static
    if found is None:
        return []
    rows, scale = _rows(found), price_scale(summary, found)
    baseline, said = summary.labels[summary.baseline], []
    for policy in summary.others:
        if rows[policy]["wedge_decided"] in ("higher", "lower"):
            static, lived, wedge, low, high = (
                quote(summary, "pay_cost", policy, f"static.{column}", form="signed", scale=scale) for column in SAID
            )
            said.append(
                f"{summary.labels[policy]}: at the sales of {baseline} its plan changes pay cost by "
                f"{static}, lived it does by {with_unit(lived, scale.unit)}; people's answer is {wedge} ({low} to {high})."
            )
    return said


def price_scale(summary: Summary, found: StaticPrice) -> Scale:
    """The scale of pay cost, as fine as the largest figure allows."""
    return scale_of(summary.measures["pay_cost"], found.policies["lived_mean"])


def group_name(tenure: str, segment: str) -> str:
    """A group of reps in words: "25+ months, led by money"."""
    return f"{tenure} months led by {segment}"


def group_sentences(summary: Summary) -> list[str]:
    """For each policy the group of reps that would lose most and the one that would gain most, where intervals are that sure."""
    words = {policy: extremes_words(summary, policy) for policy in summary.others}
    return [f"{summary.labels[policy]}: {text}." for policy, text in words.items() if text]


def extremes_words(summary: Summary, policy: str) -> str:
    """Groups hit hardest and best off: "hardest hit are reps of 25+ months led by money (−0.8%), best off are ..."."""
    return ", ".join(part for part in extremes_parts(summary, policy) if part)


def extremes_parts(summary: Summary, policy: str) -> tuple[str, str]:
    """The group hit hardest and the one best off, each in words; empty where no interval is that sure."""
    return _extreme(summary, policy, "losers", "hardest hit"), _extreme(summary, policy, "gainers", "best off")


def _extreme(summary: Summary, policy: str, side: str, words: str) -> str:
    """"hardest hit are reps of 25+ months led by money (−0.7%)"."""
    row = extreme_group(summary, policy, losers=side == "losers")
    if row is None:
        return ""
    tenure = quote(summary, "", policy, f"static.{side}.tenure")
    change = quote(summary, "", policy, f"static.{side}.relative_mean", form="signed", scale=RELATIVE)
    return f"{words} are reps of {group_name(tenure, row['segment'])} ({with_unit(change, '%')})"


def static_document(summary: Summary) -> dict[str, Any] | None:
    """Figures by policy for the JSON document, unrounded; a figure that does not exist is null. None without a static price."""
    found = summary.static
    if found is None:
        return None
    return {policy: _document(found, policy) for policy in summary.labels}


def _document(found: StaticPrice, policy: str) -> dict[str, Any]:
    row = _rows(found)[policy]
    of = lambda key: {side: _number(row[f"{key}_{side}"]) for side in ("mean", "low", "high")}  # noqa: E731
    return {
        "static": of("static"),
        "lived": of("lived"),
        "wedge": of("wedge") | {"decided": row["wedge_decided"]},
        "change": {"static": of("change_static"), "lived": of("change_lived")},
        "losing": {limit: {"reps": of(f"losing{limit[:-1]}"), "sales": of(f"sales{limit[:-1]}")} for limit in ("5%", "10%")},
        "gaining": {limit: {"reps": of(f"gaining{limit[:-1]}")} for limit in ("5%", "10%")},
        "losers": _extremes(found, policy, losers=True),
        "winners": _extremes(found, policy, losers=False),
        "reps": _number(row["reps"]),
        "seeds": found.seeds,
        "months": found.months,
        "year": found.year,
    }


def _extremes(found: StaticPrice, policy: str, *, losers: bool) -> list[dict[str, Any]]:
    """The groups that lose or gain most, each with its figures."""
    rows = found.extremes(policy, losers=losers).head(NAMED).to_dict("records")
    return [
        {"tenure": row["tenure"], "segment": row["segment"], "share": _number(row["share"])}
        | {key: {side: _number(row[f"{key}_{side}"]) for side in ("mean", "low", "high")} for key in ("change", "relative")}
        for row in rows
    ]


def _rows(found: StaticPrice) -> Mapping[str, Mapping[str, Any]]:
    """The figures of every policy, by its key."""
    rows: Mapping[Any, Any] = found.policies.to_dict("index")
    return rows


def _prices(summary: Summary, found: StaticPrice, scale: Scale) -> Any:
    from rich.text import Text

    table, rows = _table(PRICE_COLUMNS), _rows(found)
    for policy, label in summary.labels.items():
        row = rows[policy]
        cells = [scale.show(row["static_mean"]), scale.show(row["lived_mean"])]
        span = " to ".join(scale.show(row[f"wedge_{side}"], sign=True) for side in ("low", "high"))
        span = span if math.isfinite(row["wedge_low"]) else MISSING
        last = ["", "baseline", ""]
        if policy != summary.baseline:
            last = [scale.show(row["wedge_mean"], sign=True), span, row["wedge_decided"]]
        table.add_row(Text(label), *cells, *last)
    return table


def _losers(summary: Summary, found: StaticPrice) -> Any:
    from rich.text import Text

    table, rows = _table(LOSER_COLUMNS), _rows(found)
    for policy in summary.others:
        cells = (share(rows[policy][f"{key}_mean"]) for key in ("losing5", "sales5", "losing10", "sales10", "gaining5"))
        table.add_row(Text(summary.labels[policy]), *cells)
    return table


def share(value: float) -> str:
    """A share of reps in whole percent: a few are not none."""
    return with_unit(written(value, "part", PERCENT), "%")


def share_of(summary: Summary, policy: str, key: str) -> str:
    """The same of a policy, within a sentence: `losing5`, `sales5` and the like."""
    return with_unit(quote(summary, "", policy, f"static.{key}_mean", form="part", scale=PERCENT), "%")


def _table(columns: Mapping[str, int]) -> Any:
    from rich.table import Table

    table = Table(box=None, padding=(0, 1, 0, 0), header_style="dim")
    table.add_column("", min_width=20, overflow="fold")
    for name, wide in columns.items():
        table.add_column(name, justify="left" if name == "verdict" else "right", no_wrap=True, width=wide)
    return table


def _seeds(summary: Summary, found: StaticPrice) -> str:
    return f"{'first ' if found.seeds < summary.facts.seeds else ''}{counted(found.seeds, 'seed')}"


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None

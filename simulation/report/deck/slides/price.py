"""Price and lived price, and who would lose: what a compensation tool would say beside what people make of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulation.report.deck.bars import Bars, Part, insert_bars
from simulation.report.deck.book import Book, Slide
from simulation.report.deck.native import without_sign
from simulation.report.deck.notes import from_files
from simulation.report.style import GAIN, INK, LOSS, SOFT, Scale, scale_of
from simulation.report.words.phrases import focus
from simulation.report.words.quotes import Sentence, quote
from simulation.report.words.titles import title_of

Rows = Mapping[Any, Mapping[Any, float]]
PERCENT = Scale(100.0, 0, "%", "%")
MOST = 6
"""Policies that are drawn, those of the largest figures."""
LOSERS = (
    ("Lose 5 to 10%", LOSS, "WIDE_UPWARD_DIAGONAL"), ("Lose 10% or more", LOSS, None),
    ("Gain 5 to 10%", GAIN, "WIDE_DOWNWARD_DIAGONAL"), ("Gain 10% or more", GAIN, None),
)  # fmt: skip
HOW = (
    "At the baseline's sales: nobody changes behaviour, as compensation tools price a plan. As lived: as simulated. "
    "Who loses is found at the sales of the last twelve months, with the plan in force all the time."
)


SEEDS = ("prices on the first", "facts.static_seeds")


def add(book: Book) -> None:
    """Put the slide into the book, where plans have been priced."""
    summary = book.summary
    if summary.static is None or not summary.others:
        return
    slide = book.slide("Two charts", "Price and lived price", title_of(book.findings, "static"), SEEDS)
    rows: Rows = summary.static.policies.to_dict("index")
    _prices(book, slide, rows)
    _losers(book, slide, rows)
    slide.say(18, [Sentence(HOW)])
    slide.notes([
        HOW, "Pay is cash and deferred pay as it is booked; programmes stand in neither.",
        "The wedge between both is what people's answer to the plan adds to the bill, or saves.",
        from_files("static.csv", "static_groups.csv"),
    ])  # fmt: skip


def _shown(book: Book, weight: Mapping[str, float]) -> list[str]:
    """The policies that are drawn: that of the title, and those of the largest weight."""
    summary = book.summary
    named = focus(summary)
    largest = sorted(summary.others, key=lambda policy: (policy != named, -weight[policy]))[:MOST]
    return [policy for policy in summary.others if policy in largest]


def _prices(book: Book, slide: Slide, rows: Rows) -> None:
    """The change of pay cost, priced and lived."""
    summary = book.summary
    shown = _shown(book, {policy: abs(rows[policy]["wedge_mean"]) for policy in summary.others})
    values = {key: [rows[policy][f"change_{key}_mean"] for policy in shown] for key in ("static", "lived")}
    scale = scale_of(summary.measures["pay_cost"], [x for column in values.values() for x in column])
    labels = {
        key: [quote(summary, "pay_cost", policy, f"static.change_{key}_mean", form="signed", scale=scale) for policy in shown]
        for key in values
    }
    parts = [
        Part("As lived", [float(scale.of(x)) for x in values["lived"]], INK, labels=labels["lived"]),
        Part(
            "At the baseline's sales", [float(scale.of(x)) for x in values["static"]], SOFT, "WIDE_UPWARD_DIAGONAL",
            labels=labels["static"],
        ),
    ]
    names = [summary.labels[policy] for policy in shown]
    axis = f"Change of pay cost ({scale.unit})"
    slide.say(22, [Sentence("What the plan adds to pay cost" + _part(book, shown))])
    chart = insert_bars(slide.place(14), slide.holders[14].box, Bars(names, parts, axis, key=True), book.language)
    slide.charted(14, chart, f"Bars of the change of pay cost at the baseline's sales and as lived, for {', '.join(names)}.")


def _losers(book: Book, slide: Slide, rows: Rows) -> None:
    """Shares of reps by what they would lose and gain."""
    summary = book.summary
    shown = _shown(book, {policy: rows[policy]["losing5_mean"] for policy in summary.others})
    parts = []
    for (name, colour, pattern), sign in zip(LOSERS, (-1, -1, 1, 1), strict=True):
        side = "losing" if sign < 0 else "gaining"
        ten = [rows[policy][f"{side}10_mean"] for policy in shown]
        five = [rows[policy][f"{side}5_mean"] for policy in shown]
        own = ten if "more" in name else [max(f - t, 0.0) for f, t in zip(five, ten, strict=True)]
        parts.append(Part(name, [sign * float(PERCENT.of(x)) for x in own], colour, pattern))
    parts = [parts[1], parts[0], parts[3], parts[2]]
    names = [summary.labels[policy] for policy in shown]
    slide.say(23, [Sentence("Who would earn less (left) or more (right)" + _part(book, shown))])
    bars = Bars(names, parts, "Reps (%)", stacked=True, key=True)
    chart = insert_bars(slide.place(15), slide.holders[15].box, bars, book.language)
    axis = chart.chart.value_axis
    axis.tick_labels.number_format = without_sign(axis.major_unit)
    slide.charted(15, chart, f"Stacked bars of the shares of reps who would lose or gain 5% or 10% of pay: {', '.join(names)}.")


def _part(book: Book, shown: Sequence[str]) -> str:
    return " (the largest)" if len(shown) < len(book.summary.others) else ""

"""What each policy costs and earns: the bridge from the baseline's contribution to the policy's, and all policies beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from simulation.report.charts.bridge import NAMES
from simulation.report.deck.bars import Bars, Part, insert_bars
from simulation.report.deck.book import Book
from simulation.report.deck.notes import defined, from_files
from simulation.report.deck.tables import LABELS, Sheet, first_that_fits, number_cell, words_cell
from simulation.report.deck.verdicts import NOT_MATERIAL, verdict_cell
from simulation.report.style import GAIN, INK, LOSS, scale_of, summary_scale
from simulation.report.words.phrases import focus, short_label
from simulation.report.words.quotes import Sentence, quote
from simulation.report.words.titles import title_of

KEYS = ("revenue", "total_cost", "contribution")
HOW = (
    "Right adds to contribution, left (hatched) takes from it; the steps add up to the last bar. "
    "Each is a mean difference, paired by seed."
)
SIGNS = (
    "Lines with their sign add up to contribution: revenue, less cost of goods, pay with equity, programmes, hiring and "
    "training, marketing and service."
)
LABEL_ROOM = 0.001
"""Of the whole width: the unseen part that a figure stands in, beside its step."""


def add(book: Book) -> None:
    """Put the slide into the book, where there is a policy to compare."""
    summary = book.summary
    policy = focus(summary)
    if policy is None:
        return
    slide = book.slide("Chart and table", "What it costs and earns", title_of(book.findings, "bridge", policy))
    frame = summary.series["bridge"]
    lines = frame[frame["policy"] == policy].set_index("line").loc[list(NAMES)]
    scale = scale_of(summary.measures["contribution"], lines["mean"])
    means = {line: float(scale.of(value)) for line, value in lines["mean"].items()}
    labels = [quote(summary, "contribution", policy, f"bridge.{line}.mean", form="signed", scale=scale) for line in NAMES]
    bars = Bars(list(NAMES.values()), _parts(means, labels), f"Difference in contribution ({scale.unit})", stacked=True)
    chart = insert_bars(slide.place(14), slide.holders[14].box, bars, book.language)
    names = f"{summary.labels[summary.baseline]} to {summary.labels[policy]}"
    slide.charted(14, chart, f"Bridge of the difference in contribution from {names}, line by line: stacked bars that add up.")
    sheet = first_that_fits((_table(book, longest) for longest in LABELS), slide.holders[16].box)
    slide.table(16, sheet, "Table of the differences of all policies from the baseline in revenue, total cost and contribution.")
    slide.say(18, [Sentence(HOW)])
    slide.notes([
        HOW, f"The chart leads from {names}. An unseen part of each bar holds it in place, another holds its figure.",
        SIGNS,
        NOT_MATERIAL, *defined(summary, KEYS), from_files(f"figures/bridge_{policy}.csv", "summary.csv"),
    ])  # fmt: skip


def _parts(means: Mapping[Any, float], labels: Sequence[str]) -> list[Part]:
    """Steps as stacked bars: an unseen part up to where a step begins, the step, and an unseen one that holds its figure.

    Bars of two signs stack apart, so a step across zero has a part on either side of it.
    """
    spans, start = [], 0.0
    for line, mean in means.items():
        begin = 0.0 if line == "contribution" else start
        start = begin + mean
        spans.append((min(begin, start), max(begin, start), mean, line == "contribution"))
    whole = max(high for _, high, _, _ in spans) - min(low for low, _, _, _ in spans) or 1.0
    base = [low if low > 0.0 else min(0.0, high) for low, high, _, _ in spans]
    above = [max(high, 0.0) - max(low, 0.0) for low, high, _, _ in spans]
    below = [min(low, 0.0) - min(high, 0.0) for low, high, _, _ in spans]
    kinds = (
        ("Adds", GAIN, None, lambda mean, total: mean >= 0.0 and not total),
        ("Takes", LOSS, "WIDE_UPWARD_DIAGONAL", lambda mean, total: mean < 0.0 and not total),
        ("All together", INK, None, lambda _, total: total),
    )
    parts = [Part("Up to here", base)]
    for name, colour, pattern, of in kinds:
        for side, values in (("", above), (", below zero", below)):
            own = [value if of(mean, total) else 0.0 for value, (_, _, mean, total) in zip(values, spans, strict=True)]
            if any(own) or not side:
                parts.append(Part(name + side, own, colour, pattern))
    room = [LABEL_ROOM * whole * (-1.0 if high <= 0.0 and low < 0.0 else 1.0) for low, high, _, _ in spans]
    return [*parts, Part("Room for figures", room, labels=labels)]


def _table(book: Book, longest: int) -> Sheet:
    """Differences of all policies, and what may be said of contribution; the policy of the title first."""
    summary = book.summary
    units = {key: summary_scale(summary, key).difference_unit for key in KEYS}
    same = len(set(units.values())) == 1
    head = [f"Difference, {units[KEYS[0]]}" if same else "Difference"]
    head += [summary.measures[key].label + ("" if same else f" ({units[key]})") for key in KEYS]
    rows = []
    for policy in sorted(summary.others, key=lambda policy: policy != focus(summary)):
        strong = policy == focus(summary)
        figures = [number_cell(partial(quote, summary, key, policy, "diff", form="signed"), bold=strong) for key in KEYS]
        name = words_cell(short_label(summary, policy, longest), bold=strong)
        rows.append([name, *figures, verdict_cell(summary, policy, "contribution")])
    return Sheet((*head, "Verdict"), rows, text=(0, 4))

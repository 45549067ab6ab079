"""Why a policy does what it does: both answers on a screen, and as part of the JSON document.

Printed figures of one column are rounded together, so that what adds up does so on the page too.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from simulation.evidence.measures import MEASURES
from simulation.evidence.reasons import TERMS
from simulation.levers import catalogue
from simulation.report.style import MISSING, Scale, scale_of
from simulation.statistics.reasons import MEASURES_SPLIT
from simulation.statistics.summary import counted

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from simulation.statistics.reasons import Estimate, Reasons, Share, Shift, Split
    from simulation.statistics.summary import Summary

WIDEST = 130
"""Columns a table fills at most."""
NAME_WIDTH, LEVER_WIDTH, COLUMN_WIDTH = 28, 24, 17
"""Columns of a term's name, of a lever's, and of one policy or measure."""
NEGLIGIBLE = 0.01
"""[log-odds] A term that moves less than this under every policy, one percent on the odds, is not shown by itself."""
LOG_ODDS = Scale(1.0, 2, "log-odds", "log-odds")
BY_LEVER = "Which lever does it: each lever's share in the difference from {baseline}"
BY_REASON = "Why reps quit more or less: terms of the quitting rule against {baseline}, in log-odds of quitting a month"
LEVER_LEGEND = (
    "{seeds}; ± is the 95% interval, paired by seed. share: the mean "
    "of what a lever does alone on the baseline and of what the policy loses without it. together: the rest, which comes from "
    "what three or more levers do only jointly; none with two. Rounded so that shares and together add up. Settings are as they "
    "were run, and costs are not made equal again: what pays for a policy counts with the lever that it was moved in."
)
REASON_LEGEND = (
    "Means over all rep-months, ± the 95% interval paired by seed; × is the factor on the odds. A minus means that reps are less "
    "inclined to quit. These are the reps present, and a policy changes who is present; a mean of log-odds is not the log-odds "
    "of the mean. So this is no decomposition: what quits and dismissals did in the end stands below the terms."
)
OUTCOMES = {"quits_rate": "quits, points a year", "dismissals_rate": "dismissals, points a year"}
"""What came of it: rows under the terms, in reps a year per hundred."""
POINTS = Scale(100.0, 1, "", "")
FACTORLESS = " " * len(" ×1.00")
"""Keeps rows without a factor on the odds in line."""


def print_reasons(summary: Summary, console: Console) -> None:
    """Print both answers, as far as the summary has them and there is another policy to ask about."""
    reasons = summary.reasons
    if reasons is None or not summary.others:
        return
    console.print()
    _by_lever(summary, reasons, console)
    console.print()
    _by_reason(summary, reasons, console)


def reasons_document(reasons: Reasons) -> dict[str, Any]:
    """Both answers for the JSON document: unrounded; a figure that does not exist is null."""
    return {
        "by_reason": {
            policy: {term: _shift(shift) for term, shift in terms.items()} for policy, terms in reasons.by_reason.items()
        },
        "of_all_terms": {policy: _shift(shift) for policy, shift in reasons.of_all.items()},
        "by_lever": {
            policy: {key: _split(found) for key, found in measures.items()} for policy, measures in reasons.by_lever.items()
        },
        "seeds": reasons.seeds,
    }


def rounded_together(values: Sequence[float], total: float, digits: int) -> list[float]:
    """Values that add up to a total, rounded so that they add up to the rounded total: the largest remainders round up."""
    if not all(map(math.isfinite, (*values, total))):
        return list(values)
    unit = 10.0**digits
    down = [math.floor(value * unit) for value in values]
    missing = round(total * unit) - sum(down)
    order = sorted(range(len(values)), key=lambda k: down[k] - values[k] * unit)
    for step in range(abs(missing)):
        place = order[step % len(order)] if missing > 0 else order[-1 - step % len(order)]
        down[place] += 1 if missing > 0 else -1
    return [count / unit for count in down]


def _by_lever(summary: Summary, reasons: Reasons, console: Console) -> None:
    """Policies with several levers as a table, the others as sentences."""
    from rich.text import Text

    console.print(Text(BY_LEVER.format(baseline=summary.labels[summary.baseline]), style="bold"))
    several = [policy for policy in summary.others if len(_levers(reasons, policy)) > 1]
    if several:
        scales = {
            key: scale_of(MEASURES[key], [reasons.by_lever[policy][key].whole.mean for policy in several])
            for key in MEASURES_SPLIT
        }
        console.print(_lever_table(summary, reasons, several, scales))
    for sentence in _one_lever(summary, reasons):
        console.print(Text(sentence))
    if several:
        console.print(Text(LEVER_LEGEND.format(seeds=_seeds(summary, reasons)), style="dim"))


def _seeds(summary: Summary, reasons: Reasons) -> str:
    if reasons.seeds == summary.facts.seeds:
        return f"On all {reasons.seeds} seeds of the study" if reasons.seeds > 1 else "On the one seed of the study"
    return f"On the first {counted(reasons.seeds, 'seed')} of the study, so whole differences need not be those above"


def _lever_table(summary: Summary, reasons: Reasons, policies: Sequence[str], scales: dict[str, Scale]) -> Table:
    from rich.padding import Padding
    from rich.text import Text

    heads = [Text(f"{MEASURES[key].label}\n{scales[key].difference_unit}") for key in MEASURES_SPLIT]
    table = _table(heads, LEVER_WIDTH)
    for policy in policies:
        splits = [reasons.by_lever[policy][key] for key in MEASURES_SPLIT]
        columns = [_lever_column(found, scale) for found, scale in zip(splits, scales.values(), strict=True)]
        names = [catalogue()[lever].title for lever in splits[0].levers]
        rows = zip(*columns, strict=True)
        table.add_row(Padding(Text(summary.labels[policy]), (0, 1, 0, 0)), *map(Text, next(rows)))
        for name, row in zip([*names, "together"], rows, strict=True):
            table.add_row(Padding(Text(name), (0, 0, 0, 2)), *map(Text, row))
    return table


def _lever_column(found: Split, scale: Scale) -> list[str]:
    """The whole difference, the shares and what is left, as they are printed."""
    parts = [*(one.share for one in found.levers.values()), found.together]
    digits = scale.digits
    shown = rounded_together([scale.of(part.mean) for part in parts], scale.of(found.whole.mean), digits)
    figures = [(found.whole, scale.of(found.whole.mean)), *zip(parts, shown, strict=True)]
    plain = Scale(1.0, digits, "", "")
    return [_with_half(plain.show(value, sign=True), part, scale) for part, value in figures]


def _with_half(figure: str, part: Estimate, scale: Scale) -> str:
    """A figure and the half-width of its interval, the second in columns of its own."""
    return _plus_minus(figure, (part.high - part.low) / 2, scale)


def _plus_minus(figure: str, half: float, scale: Scale) -> str:
    return f"{figure} ±{scale.show(half) if math.isfinite(half) else MISSING:<4}"


def _one_lever(summary: Summary, reasons: Reasons) -> Iterator[str]:
    """Sentences on policies that have nothing to divide."""
    by_lever: dict[str, list[str]] = {}
    for policy in summary.others:
        levers = _levers(reasons, policy)
        if len(levers) < 2:
            by_lever.setdefault(catalogue()[levers[0]].title if levers else "", []).append(summary.labels[policy])
    for title, labels in by_lever.items():
        verb = "differ" if len(labels) > 1 else "differs"
        if title:
            yield f"Only lever: {', '.join(labels)} {verb} in {title} alone, so all of the difference above is its doing."
        else:
            yield f"No lever: {', '.join(labels)} {verb} in no setting."


def _levers(reasons: Reasons, policy: str) -> list[str]:
    return list(reasons.by_lever[policy][MEASURES_SPLIT[0]].levers)


def _by_reason(summary: Summary, reasons: Reasons, console: Console) -> None:
    """Terms under each other, policies side by side; as many tables as the width asks for."""
    from rich.text import Text

    console.print(Text(BY_REASON.format(baseline=summary.labels[summary.baseline]), style="bold"))
    terms, small = _sorted_terms(summary, reasons)
    room = max((min(console.width, WIDEST) - NAME_WIDTH) // (COLUMN_WIDTH + 1), 1)
    for first in range(0, len(summary.others), room):
        console.print(_reason_table(summary, reasons, summary.others[first : first + room], (terms, small)))
    if small:
        names = ", ".join(TERMS[term].label.lower() for term in small)
        console.print(Text(f"others: {names}; each below {NEGLIGIBLE:g} under every policy.", style="dim"))
    console.print(Text(REASON_LEGEND, style="dim"))


def _sorted_terms(summary: Summary, reasons: Reasons) -> tuple[list[str], list[str]]:
    """Terms by their largest difference, and those that are negligible under every policy."""
    size = {term: max(abs(_difference(reasons.by_reason[policy][term]).mean) for policy in summary.others) for term in TERMS}
    ordered = sorted(TERMS, key=lambda term: -size[term])
    return [t for t in ordered if not size[t] < NEGLIGIBLE], [t for t in ordered if size[t] < NEGLIGIBLE]


def _reason_table(
    summary: Summary, reasons: Reasons, policies: Sequence[str], terms: tuple[list[str], list[str]]
) -> Table:
    from rich.padding import Padding
    from rich.text import Text

    table = _table([Text(summary.labels[policy]) for policy in policies], NAME_WIDTH)
    columns = [[*_reason_column(reasons, policy, *terms), *_outcomes(summary, policy)] for policy in policies]
    names = [*(TERMS[term].label for term in terms[0]), *(["others"] if terms[1] else []), "all terms", *OUTCOMES.values()]
    for name, row in zip(names, zip(*columns, strict=True), strict=True):
        style = "bold" if name == "all terms" else ""
        table.add_row(Padding(Text(name, style=style), (0, 0, 0, 2)), *(Text(cell, style=style) for cell in row))
    return table


def _reason_column(reasons: Reasons, policy: str, large: list[str], small: list[str]) -> list[str]:
    """One policy's differences with half-widths and factors on the odds; the small ones as one figure, and the sum of all."""
    shifts = {term: _difference(shift) for term, shift in reasons.by_reason[policy].items()}
    whole = _difference(reasons.of_all[policy])
    means = [shifts[term].mean for term in large] + ([sum(shifts[term].mean for term in small)] if small else [])
    shown = rounded_together(means, whole.mean, LOG_ODDS.digits)
    cells = [_reason_cell(value, shifts[term]) for value, term in zip(shown, large, strict=False)]
    cells += [f"{LOG_ODDS.show(shown[-1], sign=True)}      ×{math.exp(means[-1]):.2f}"] if small else []
    return [*cells, _reason_cell(whole.mean, whole)]


def _outcomes(summary: Summary, policy: str) -> Iterator[str]:
    """By how much quits and dismissals differ from the baseline's."""
    for key in OUTCOMES:
        mean, low, high = (float(str(summary.table.loc[policy, f"{key}_diff{end}"])) for end in ("", "_low", "_high"))
        yield _plus_minus(POINTS.show(mean, sign=True), (high - low) / 2, POINTS) + FACTORLESS


def _reason_cell(shown: float, found: Estimate) -> str:
    if not math.isfinite(found.mean):
        return MISSING
    return f"{_with_half(LOG_ODDS.show(shown, sign=True), found, LOG_ODDS)} ×{math.exp(found.mean):.2f}"


def _difference(shift: Shift) -> Estimate:
    if shift.difference is None:
        raise ValueError("the baseline does not differ from itself")
    return shift.difference


def _table(heads: Sequence[Any], name_width: int) -> Table:
    """An empty table whose rows have a name and one cell a head."""
    from rich.table import Table

    table = Table(box=None, padding=(0, 1, 0, 0), show_edge=False, header_style="dim")
    table.add_column("", width=name_width - 1, overflow="fold")
    for head in heads:
        table.add_column(head, justify="right", width=COLUMN_WIDTH, overflow="fold", vertical="bottom")
    return table


def _shift(shift: Shift) -> dict[str, Any]:
    found: dict[str, Any] = {"mean": _number(shift.mean)}
    if shift.difference is not None:
        found["difference"] = {side: _number(value) for side, value in shift.difference._asdict().items()}
    return found


def _split(found: Split) -> dict[str, Any]:
    return {
        **_named("whole", found.whole),
        "levers": {lever: _share(one) for lever, one in found.levers.items()},
        **_named("together", found.together),
    }


def _share(one: Share) -> dict[str, Any]:
    figures = {"share": one.share.mean, "low": one.share.low, "high": one.share.high, "alone": one.alone, "without": one.without}
    return {name: _number(value) for name, value in figures.items()}


def _named(name: str, found: Estimate) -> dict[str, Any]:
    return {name: _number(found.mean), f"{name}_low": _number(found.low), f"{name}_high": _number(found.high)}


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None

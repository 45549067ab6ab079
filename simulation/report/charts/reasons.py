"""Why people quit more or less under a policy, reason by reason: the terms of the quitting rule against the baseline's."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from simulation.errors import ScenarioError
from simulation.evidence.reasons import TERMS
from simulation.report.charts.rows import name_rows
from simulation.report.lettering import lettering, shorten
from simulation.report.reasons import LOG_ODDS, NEGLIGIBLE, rounded_together
from simulation.report.style import GAIN, INK, LOSS, MISSING, PAPER, SIZES, SOFT, Scale, dress
from simulation.report.words.phrases import focus
from simulation.report.words.quotes import quote
from simulation.statistics.reasons import ALL, Estimate

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from simulation.statistics.summary import Summary

NOTHING = "there are no reasons to draw: they need a comparison by run_study or with_reasons, and a policy beside the baseline"
ODDS = Scale(100.0, 0, "%", "%")
HEIGHT = 0.6
PALE = 0.4
BEFORE, BEHIND = 8.0, 118.0
"""[points] Room left of the bars, and right of them for the figures."""
OUT, STAY = "pushes people out ▶", "◀ holds people"


class Row(NamedTuple):
    """A line of the picture: the term's key, its name, and its difference from the baseline [log-odds]; small ones as one."""

    term: str
    name: str
    found: Estimate


def explained(summary: Summary, policy: str | None) -> str:
    """The policy whose reasons are drawn. Raises ScenarioError when the summary has none, or no policy but the baseline."""
    policy = policy or focus(summary)
    if summary.reasons is None or policy is None or policy == summary.baseline:
        raise ScenarioError(NOTHING)
    return policy


def reason_rows(summary: Summary, policy: str) -> list[Row]:
    """The terms by the size of their difference, largest first, those too small to be seen as one, and the sum of all."""
    assert summary.reasons is not None  # noqa: S101 - the caller has looked
    found = {term: shift.difference for term, shift in summary.reasons.by_reason[policy].items()}
    known = {term: one for term, one in found.items() if one is not None and math.isfinite(one.mean)}
    large = sorted((t for t in known if abs(known[t].mean) >= NEGLIGIBLE), key=lambda term: -abs(known[term].mean))
    small = [known[term].mean for term in known if term not in large]
    rows = [Row(term, TERMS[term].label, known[term]) for term in large]
    if small:
        name = f"{len(small)} other{'s' if len(small) > 1 else ''}, each below {NEGLIGIBLE:g}"
        rows.append(Row("", name, Estimate(sum(small), math.nan, math.nan)))
    whole = summary.reasons.of_all[policy].difference
    return [*rows, Row(ALL, "All reasons", whole)] if whole else rows


def draw_reasons(ax: Axes, summary: Summary, policy: str | None = None, *, title: bool = True) -> Axes:
    """Plot by how much each term of the quitting rule differs from the baseline's [log-odds of quitting a month].

    A bar to the right pushes people out, one to the left holds them. Thin lines are 95% intervals, paired by seed; where one
    holds zero its bar is pale. Behind the bars stand the differences, and what each does to the odds of quitting.
    It compares the reps present and does not divide the difference in turnover.

    Parameters
    ----------
    ax : Axes
        Drawn on and nothing else.
    summary : Summary
        `reasons` holds the terms.
    policy : str, optional
        Key of the policy; the one that leads by the scenario's objective when left out.
    title : bool
        Whether the message stands above the axes.

    Raises
    ------
    ScenarioError
        When the summary has no reasons, or no policy but the baseline.
    """
    policy = explained(summary, policy)
    rows = reason_rows(summary, policy)
    ends = [end for row in rows for end in row.found if math.isfinite(end)]
    baseline = shorten(summary.labels[summary.baseline], 24)
    said = reasons_title(summary, policy) if title else ""
    dress(ax, said, x=f"Difference in log-odds of quitting a month from {baseline}", y="")
    name_rows(ax, [row.name for row in rows], (min(0.0, *ends), max(0.0, *ends)), before=BEFORE, behind=BEHIND)
    right = ax.get_xlim()[1] - BEHIND * ax.figure.dpi / 72.0 * _per_pixel(ax)
    parts = [row.found.mean for row in rows[:-1]]
    shown = [*rounded_together(parts, rows[-1].found.mean, LOG_ODDS.digits), rows[-1].found.mean]
    for place, (row, figure) in enumerate(zip(rows, shown, strict=True)):
        _bar(ax, place, row)
        odds = f"odds {ODDS.show(math.expm1(row.found.mean), sign=True)}%"
        ax.annotate(
            f"{LOG_ODDS.show(figure, sign=True)} ({odds})", (right, place), xytext=(10, 0), textcoords="offset points",
            va="center", fontsize=SIZES["note"], color=INK, fontweight="bold" if row.term == ALL else "normal",
            bbox=dict(facecolor=PAPER, edgecolor="none", pad=1.0), zorder=6,
        )  # fmt: skip
    ax.axhline(len(rows) - 1.5, color=SOFT, lw=0.6, zorder=1)
    for words, side in ((OUT, "left"), (STAY, "right")):
        ax.annotate(
            words, (0.0, ax.get_ylim()[1]), xytext=(6 if side == "left" else -6, -6), textcoords="offset points",
            ha=side, va="top", fontsize=SIZES["label"], color=LOSS if words == OUT else GAIN, fontweight="bold", **lettering(),
        )  # fmt: skip
    return ax


def _per_pixel(ax: Axes) -> float:
    """Width of a pixel in the units of the x axis."""
    low, high = ax.get_xlim()
    return float((high - low) / ax.get_window_extent().width)


def _bar(ax: Axes, place: int, row: Row) -> None:
    mean, low, high = row.found
    open_ = math.isfinite(low) and low <= 0.0 <= high
    colour = INK if row.term == ALL else SOFT if not row.term else LOSS if mean > 0 else GAIN
    ax.barh(
        place, mean, height=HEIGHT, color=colour, alpha=PALE if open_ else 1.0, edgecolor=PAPER, lw=0,
        hatch="////" if mean > 0 and row.term not in ("", ALL) else None, zorder=3,
    )  # fmt: skip
    if math.isfinite(low):
        ax.plot([low, high], [place, place], color=SOFT if row.term == ALL else INK, lw=1.2, zorder=4)


def reasons_title(summary: Summary, policy: str) -> str:
    """The message: whether those present are more or less inclined to quit, and the largest reason, as far as decided."""
    *terms, whole = reason_rows(summary, policy)
    names = f"{shorten(summary.labels[policy])} against {shorten(summary.labels[summary.baseline])}"
    if not _decided(whole.found):
        said = "whether those present are more or less inclined to quit is open"
    else:
        way = "more" if whole.found.mean > 0 else "less"
        said = f"those present are {way} inclined to quit (odds {_odds(summary, policy, ALL)})"
    largest = next((row for row in terms if row.term and _decided(row.found)), None)
    if largest is None:
        return f"{names}: {said}; no reason is shown to be stronger or weaker"
    does = "pushes people out" if largest.found.mean > 0 else "holds people"
    return f"{names}: {said}; largest reason: {largest.name.lower()} {does} (odds {_odds(summary, policy, largest.term)})"


def _odds(summary: Summary, policy: str, term: str) -> str:
    number = quote(summary, "quits_rate", policy, f"reason.{term}.odds.mean", form="signed", scale=ODDS)
    return MISSING if number == MISSING else f"{number}%"


def _decided(found: Estimate) -> bool:
    """Whether the interval leaves zero out."""
    return math.isfinite(found.low) and not found.low <= 0.0 <= found.high

"""Who stays: the share of reps still there, by months of tenure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.report.charts.curves import draw_curves
from simulation.report.labels import label_ends
from simulation.report.style import FAINT, SOFT, dress
from simulation.report.words.phrases import called, difference_note, focus
from simulation.report.words.quotes import TENTHS, quote

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from simulation.statistics.summary import Summary

YEAR = 12


def draw_survival(ax: Axes, summary: Summary, *, title: bool = True) -> Axes:
    """Plot Kaplan-Meier curves of reps, a line a policy with a band (see `style.band_of`).

    Parameters
    ----------
    ax : Axes
        Drawn on and nothing else.
    summary : Summary
        `series["survival"]` holds the numbers.
    title : bool
        Whether the message stands above the axes.
    """
    frame = summary.series["survival"]
    tags = draw_curves(ax, summary, frame, "tenure", TENTHS, within=(0.0, 100.0))
    longest = int(frame["tenure"].max())
    ax.set_xlim(0, max(longest, 1))
    ax.set_ylim(0, 102)
    dress(ax, survival_title(summary) if title else "", x="Months since hire", y="Reps still there (%)")
    ax.grid(axis="y", color=FAINT, lw=0.6)
    for year in range(YEAR, longest + 1, YEAR):
        ax.axvline(year, color=SOFT, lw=0.5, ls=(0, (1, 3)), zorder=0)
    label_ends(ax, tags)
    ax.set_xticks(range(0, longest + 1, YEAR))
    ax.spines["bottom"].set_bounds(0, longest)
    return ax


def survival_title(summary: Summary) -> str:
    """The share that stays two years, or as long as the curves reach."""
    policy, baseline = focus(summary), summary.baseline
    shown = [baseline] if policy is None else [policy, baseline]
    tenure = quote(summary, "", "", "survival.months")
    place = f"survival.{tenure}"
    share = {p: quote(summary, "", p, f"{place}.mean", scale=TENTHS) for p in shown}
    shares = ", ".join(f"{share[p]}% under {called(summary, p)}" for p in shown)
    title = f"Reps still there after {tenure} months: {shares}"
    return title if policy is None else title + difference_note(summary, "", policy, place, TENTHS)

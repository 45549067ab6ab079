"""Who stays, by what moves them most: a small picture a motive, a policy beside the baseline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.report.charts.groups import PERCENT, pair_named, pair_of, shift, shifts_said, span_said
from simulation.report.lettering import shorten
from simulation.report.quotes import quote
from simulation.report.style import FAINT, INK, SIZES, SOFT, band_of, dress, look_of
from simulation.vocabulary import MOTIVES_IN_ORDER

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from pandas import DataFrame

    from simulation.statistics.summary import Summary

YEAR = 12
ACROSS, DOWN = 3, 2
KEY, HEAD, FOOT, EDGE, GAP = 20.0, 26.0, 16.0, 24.0, 14.0
"""[points] Above all panels, above each, below the rows of panels for ticks, left of them, and between columns."""
WIDE, NARROW = 2.6, 1.4
"""[points] Of the baseline's line, and of the policy's on it: both are seen where they are one."""
MEASURE = "survival_24"
ROOM = 30
"""[characters] Of a name in the key."""


@dataclass(frozen=True)
class _Drawn:
    """What is drawn of a summary: these policies, and the month of tenure that words speak of."""

    summary: Summary
    frame: DataFrame
    policies: tuple[str, ...]
    month: int


def draw_survival_segments(ax: Axes, summary: Summary, policy: str | None = None, *, title: bool = True) -> Axes:
    """Plot Kaplan-Meier curves by motive segment in panels within the axes, a policy's beside the baseline's.

    Bands are as in `style.band_of`. Over each panel stand the segment, its part of reps under the baseline, and what is known of
    the difference after two years, or as long as any curve reaches.

    Parameters
    ----------
    ax : Axes
        Drawn on and nothing else; its panels are inset axes.
    summary : Summary
        `series["survival_segments"]` and `series["leavers_total"]` hold the numbers.
    policy : str, optional
        Key of the policy; the one of the titles when left out (`words.focus`), and the baseline alone where there is no other.
    title : bool
        Whether the message stands above the axes.

    Raises
    ------
    ScenarioError
        When the summary has no such policy.
    """
    frame = summary.series["survival_segments"]
    month = min(2 * YEAR, int(frame["tenure"].max()) if len(frame) else 0)
    drawn = _Drawn(summary, frame, pair_of(summary, policy), month)
    dress(ax, _title(drawn) if title else "", x="Months since hire", y="Reps still there (%)")
    ax.set_xticks([])
    ax.set_yticks([])
    for spine in ax.spines.values():
        spine.set_visible(False)
    frame_box = ax.get_window_extent()
    wide, high = (side * 72.0 / ax.figure.dpi for side in (frame_box.width, frame_box.height))
    width, height = (wide - EDGE - (ACROSS - 1) * GAP) / ACROSS, (high - KEY - DOWN * (HEAD + FOOT)) / DOWN
    for place, segment in enumerate(MOTIVES_IN_ORDER):
        down, across = divmod(place, ACROSS)
        left, bottom = EDGE + across * (width + GAP), FOOT + (DOWN - 1 - down) * (height + HEAD + FOOT)
        panel = ax.inset_axes((left / wide, bottom / high, width / wide, height / high))
        _panel(panel, drawn, segment)
        panel.tick_params(labelleft=across == 0)
    _key(ax, drawn)
    return ax


def _panel(panel: Axes, drawn: _Drawn, segment: str) -> None:
    """One segment: its curves, and what is known of it above them."""
    summary, lines = drawn.summary, drawn.frame[drawn.frame["segment"] == segment]
    for policy in drawn.policies if len(lines) else ():
        line, look = lines[lines["policy"] == policy], look_of(summary, policy)
        low, high = (np.clip(PERCENT.of(edge), 0.0, 100.0) for edge in band_of(summary, policy, lines))
        panel.fill_between(line["tenure"], low, high, color=look.colour, alpha=0.16, lw=0, zorder=1)
        panel.plot(
            line["tenure"], PERCENT.of(line["mean"]), color=look.colour, ls=look.dash, zorder=3,
            lw=WIDE if policy == summary.baseline else NARROW, label=summary.labels[policy],
        )  # fmt: skip
    longest = int(drawn.frame["tenure"].max()) if len(drawn.frame) else YEAR
    panel.set_xlim(0, max(longest, 1))
    panel.set_ylim(0, 102)
    panel.set_yticks([0, 50, 100])
    panel.set_xticks(range(0, longest + 1, YEAR if longest <= 4 * YEAR else 2 * YEAR))
    panel.tick_params(labelsize=SIZES["note"], colors=SOFT, length=2, pad=2)
    panel.grid(axis="y", color=FAINT, lw=0.6)
    panel.set_axisbelow(True)
    for side in ("top", "right"):
        panel.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        panel.spines[side].set_color(SOFT)
    if drawn.month:
        panel.axvline(drawn.month, color=SOFT, lw=0.6, ls=(0, (1, 3)), zorder=0)
    _write(panel, [f"{segment.capitalize()}{_share(summary, segment)}"], 12.0, weight="bold", colour=INK)
    _write(panel, _notes(drawn, segment), 2.0, weight="normal", colour=SOFT)


def _write(panel: Axes, words: Sequence[str], up: float, *, weight: str, colour: str) -> None:
    """The first words that are no wider than the panel, over it by so many points; the last if none are."""
    text = panel.annotate(
        "", (0.0, 1.0), xycoords="axes fraction", xytext=(0.0, up), textcoords="offset points", va="bottom", ha="left",
        fontsize=SIZES["note"], fontweight=weight, color=colour,
    )  # fmt: skip
    for some in words:
        text.set_text(some)
        if text.get_window_extent().width <= panel.get_window_extent().width:
            return


def _share(summary: Summary, segment: str) -> str:
    total = summary.series["leavers_total"]
    here = (total["policy"] == summary.baseline) & (total["by"] == "segment") & (total["group"] == segment)
    return "".join(f" ({100 * share:.0f}% of reps)" for share in total.loc[here, "share"] if np.isfinite(share))


def _row(drawn: _Drawn, segment: str, policy: str) -> dict[Any, Any] | None:
    """The numbers of a segment at the month that words speak of; None where its curve does not reach so far."""
    frame = drawn.frame
    here = (frame["segment"] == segment) & (frame["policy"] == policy) & (frame["tenure"] == drawn.month)
    return next(iter(frame[here].to_dict("records")), None)


def _notes(drawn: _Drawn, segment: str) -> list[str]:
    """The line above a panel: the difference after so many months, the share that stays where there is no other policy.

    The same in ever fewer words.
    """
    policy, own = drawn.policies[-1], drawn.frame[drawn.frame["segment"] == segment]["tenure"]
    row = _row(drawn, segment, policy) if drawn.month else None
    if not len(own):
        return ["too few to follow"]
    if row is None:
        return [f"followed for {int(own.max())} months only", f"{int(own.max())} months only"]
    address = f"survival_segments.{segment}.{drawn.month}."
    if len(drawn.policies) == 1:
        said = f"{quote(drawn.summary, MEASURE, policy, f'{address}mean', scale=PERCENT)}% stay"
    elif row["diff_low"] == row["diff_high"] == 0.0:
        said = "no difference"
    elif np.isfinite(row["diff_low"]):
        said = f"{span_said(drawn.summary, MEASURE, policy, address)} points"
    else:
        said = "no interval"
    return [f"{drawn.month} months: {said}", said]


def _key(ax: Axes, drawn: _Drawn) -> None:
    """Which line is whose, above the panels."""
    from matplotlib.lines import Line2D

    looks = [(shorten(drawn.summary.labels[policy], ROOM), look_of(drawn.summary, policy)) for policy in drawn.policies]
    legend = ax.legend(
        handles=[
            Line2D([], [], color=look.colour, ls=look.dash, lw=width, label=name)
            for (name, look), width in zip(looks, (WIDE, NARROW), strict=False)
        ],
        loc="upper left", ncols=len(looks), frameon=False, fontsize=SIZES["tick"], handlelength=2.0, borderaxespad=0.0,
        borderpad=0.0, columnspacing=1.6,
    )  # fmt: skip
    for text, (_, look) in zip(legend.get_texts(), looks, strict=True):
        text.set_color(look.colour)
        text.set_parse_math(False)


def _title(drawn: _Drawn) -> str:
    """In which segments the policy keeps more reps, and for which that is not decided."""
    summary, policy = drawn.summary, drawn.policies[-1]
    rows = {segment: row for segment in MOTIVES_IN_ORDER if drawn.month and (row := _row(drawn, segment, policy))}
    if not rows:
        return "No segment has enough reps to follow how long they stay"
    address = f"survival_segments.{{}}.{drawn.month}"
    if len(drawn.policies) == 1:
        least, most = (pick(rows, key=lambda segment: rows[segment]["mean"]) for pick in (min, max))
        ends = " to ".join(
            f"{quote(summary, MEASURE, policy, f'{address.format(one)}.mean', scale=PERCENT)}% of those moved most by {one}"
            for one in dict.fromkeys((least, most))
        )
        return f"{shorten(summary.labels[policy])}: after {drawn.month} months {ends} are still there"
    shifts = [shift(summary, MEASURE, policy, address.format(segment), segment, row) for segment, row in rows.items()]
    return f"{pair_named(summary, policy)}, after {drawn.month} months: {shifts_said(shifts, 'stay', 'of those moved most by')}"

"""Who stays, by what moves them most: a small picture a motive, a policy beside the baseline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.report.charts.groups import PERCENT, pair_named, pair_of, shift, shifts_said, span_said
from simulation.report.lettering import lettering, shorten
from simulation.report.style import FAINT, INK, SIZES, SOFT, band_of, dress, in_type, look_of, write_key
from simulation.report.words.addresses import stay_months
from simulation.report.words.quotes import count, quote
from simulation.statistics.summary import counted
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
MEASURE, MONTHS = "survival_24", "survival_segments.months"
ROOMS = range(30, 8, -1)
"""[columns] Of a name in the key; the most that fit are taken."""
OVER = 4.0
"""[points] By which words over a panel may be wider than it."""


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
        Key of the policy; the one of the titles when left out (`phrases.focus`), and the baseline alone where there is no other.
    title : bool
        Whether the message stands above the axes.

    Raises
    ------
    ScenarioError
        When the summary has no such policy.
    """
    drawn = _drawn(summary, policy)
    dress(ax, _title(drawn) if title else "", x="Months since hire", y="Reps still there (%)")
    ax.set_xticks([])
    ax.set_yticks([])
    for spine in ax.spines.values():
        spine.set_visible(False)
    frame_box = ax.get_window_extent()
    wide, high = (side * 72.0 / ax.figure.dpi for side in (frame_box.width, frame_box.height))
    width, height = (wide - EDGE - (ACROSS - 1) * GAP) / ACROSS, (high - KEY - DOWN * (HEAD + FOOT)) / DOWN
    panels: dict[str, Axes] = {}
    for place, segment in enumerate(MOTIVES_IN_ORDER):
        down, across = divmod(place, ACROSS)
        left, bottom = EDGE + across * (width + GAP), FOOT + (DOWN - 1 - down) * (height + HEAD + FOOT)
        panel = ax.inset_axes((left / wide, bottom / high, width / wide, height / high))
        _panel(panel, drawn, segment)
        panel.tick_params(labelleft=across == 0)
        panels[segment] = panel
    _head(panels, {segment: _names(summary, segment) for segment in panels}, 12.0, weight="bold", colour=INK)
    _head(panels, {segment: _notes(drawn, segment) for segment in panels}, 2.0, weight="normal", colour=SOFT)
    _key(ax, drawn)
    return ax


def survival_segments_title(summary: Summary, policy: str | None = None) -> str:
    """In which segments the policy keeps more reps, and for which that is not decided; without one that of the titles."""
    return _title(_drawn(summary, policy))


def _drawn(summary: Summary, policy: str | None) -> _Drawn:
    frame = summary.series["survival_segments"]
    return _Drawn(summary, frame, pair_of(summary, policy), stay_months(summary, "survival_segments"))


def _panel(panel: Axes, drawn: _Drawn, segment: str) -> None:
    """The curves of one segment."""
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


def _head(panels: Mapping[str, Axes], words: Mapping[str, Sequence[str]], up: float, *, weight: str, colour: str) -> None:
    """Words over each panel by so many points: of each list that which is as far down as it must be for all to find room."""
    texts = {
        segment: panel.annotate(
            "", (0.0, 1.0), xycoords="axes fraction", xytext=(0.0, up), textcoords="offset points", va="bottom", ha="left",
            fontsize=SIZES["note"], fontweight=weight, color=colour, **lettering(),
        )
        for segment, panel in panels.items()
    }  # fmt: skip
    for place in range(max(map(len, words.values()))):
        for segment, text in texts.items():
            text.set_text(words[segment][min(place, len(words[segment]) - 1)])
        if all(text.get_window_extent().width <= _room(panels[segment]) for segment, text in texts.items()):
            return


def _room(panel: Axes) -> float:
    """[pixels] For words over a panel."""
    return float(panel.get_window_extent().width + OVER * panel.figure.dpi / 72.0)


def _names(summary: Summary, segment: str) -> list[str]:
    """A segment and its part of reps, in ever fewer words."""
    total, name = summary.series["leavers_total"], segment.capitalize()
    here = (total["policy"] == summary.baseline) & (total["by"] == "segment") & (total["group"] == segment)
    share = next((f"{100 * share:.0f}%" for share in total.loc[here, "share"] if np.isfinite(share)), "")
    return [f"{name} ({share} of reps)", f"{name} ({share})", name] if share else [name]


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
        followed = counted(int(own.max()), "month")
        return [f"followed for {followed} only", f"{followed} only", followed]
    address = f"survival_segments.{segment}.{drawn.month}."
    if len(drawn.policies) == 1:
        said, unit = f"{quote(drawn.summary, MEASURE, policy, f'{address}mean', scale=PERCENT)}%", " stay"
    elif row["diff_low"] == row["diff_high"] == 0.0:
        said, unit = "no difference", ""
    elif np.isfinite(row["diff_low"]):
        said, unit = span_said(drawn.summary, MEASURE, policy, address), " points"
    else:
        said, unit = "no interval", ""
    return [f"{counted(drawn.month, 'month')}: {said}{unit}", f"{said}{unit}", said]


def _key(ax: Axes, drawn: _Drawn) -> None:
    """Which line is whose, above the panels."""
    from matplotlib.lines import Line2D

    labels, looks = drawn.summary.labels, [look_of(drawn.summary, policy) for policy in drawn.policies]
    for most in ROOMS:
        handles = [
            Line2D([], [], color=look.colour, ls=look.dash, lw=width, label=shorten(labels[policy], most))
            for policy, look, width in zip(drawn.policies, looks, (WIDE, NARROW), strict=False)
        ]
        key = write_key(
            ax, handles, size=SIZES["tick"], loc="upper left", ncols=len(looks), handlelength=2.0, borderpad=0.0,
            columnspacing=1.6, labelcolor=[in_type(look.colour) for look in looks],
        )  # fmt: skip
        if key.get_window_extent().width <= ax.get_window_extent().width:
            return


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
        return f"{shorten(summary.labels[policy])}: after {count(summary, MONTHS, 'month')} {ends} are still there"
    shifts = [shift(summary, MEASURE, policy, address.format(segment), segment, row) for segment, row in rows.items()]
    after = f"{pair_named(summary, policy)}, after {count(summary, MONTHS, 'month')}"
    return f"{after}: {shifts_said(shifts, 'stay', 'of those moved most by')}"

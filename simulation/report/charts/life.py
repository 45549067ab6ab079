"""One seat's life: what its reps did, earned and missed, and their chance of leaving, month by month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.report.labels import spread
from simulation.report.lettering import columns, families, in_order, lettering, shorten, shown
from simulation.report.style import COLOURS, FAINT, INK, LINE_HEIGHT, LOSS, PAPER, SIZES, SOFT, Scale, dress, plain_ticks
from simulation.report.words.life import headline
from simulation.report.words.stay import CHANCE, SHARE, TASKS, money, percentile

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Annotation

    from simulation.statistics.lived import Lived

PANELS: Mapping[str, float] = {"effort": 0.26, "pay": 0.26, "motives": 0.245, "chance": 0.235}
"""Each panel's share of the height that is left for them, from above."""
REPS, GAP = 33.0, 20.0
"""[points] Above the first panel, for its heading and the names of reps, and between panels, for the heading of the lower."""
LEAST_SPAN = 0.02
"""[points of how far a motive is met] That its panel shows at least."""
BESIDE = 1.022
"""Where names stand beside a panel, in its widths."""
ABOVE = 3.0
"""[points] From a panel to what it shows, and from that to the names of reps."""
BELOW = 16.0
"""[points] Room for the months' numbers, above the name of their axis."""
MARGIN = 0.17
"""Share of the axes to the right of the panels, for names."""
FILLS = {"hunt": COLOURS[0], "farm": COLOURS[5], "share": "#b9dcef", "explore": COLOURS[4]}
MOTIVES: Mapping[str, tuple[str, Any]] = {
    "security": (COLOURS[6], "-"), "mastery": (COLOURS[0], "-"), "autonomy": (COLOURS[2], (0, (5, 1.5))),
    "recognition": (COLOURS[1], "-"), "belonging": (COLOURS[3], (0, (1.5, 1.2))),
}  # fmt: skip
VACANT = "#ececec"
THICK = 7.0
"""[points] Width of a motive's line for a rep whom nothing else moves."""
TALL = 0.97
"""Share of the months whose pay is shown in full; the tallest bars are cut."""
NAME_LINES = 1.45
"""From a name at the right to the next, in heights of its type."""
BEGINS = ("policy begins", "policy")
"""At the line where the policy begins; the second where a panel is too low for the first."""


def draw_life(ax: Axes, life: Lived, *, title: bool = True) -> Axes:
    """Plot a seat's months in four panels that share them: effort by task, pay, motives met, chances of leaving.

    Parameters
    ----------
    ax : Axes
        Drawn on and nothing else; it holds the panels.
    life : Lived
        From `live`. Where it was lived under another policy too, that policy's pay and chance are thin dashed lines.
    title : bool
        Whether the message stands above the axes.
    """
    dress(ax, headline(life) if title else "", x="Month of the run", y="")
    ax.xaxis.labelpad = BELOW
    ax.xaxis.label.set_x((1.0 - MARGIN) / 2.0)
    ax.set_xticks([])
    ax.set_yticks([])
    for side in ax.spines.values():
        side.set_visible(False)
    panels = _panels(ax)
    for name, draw in (("effort", _effort), ("pay", _pay), ("motives", _motives), ("chance", _chance)):
        _frame(panels[name], life, last=name == "chance")
        draw(panels[name], life)
        _keep_ticks_inside(panels[name])
    _turns(panels, life)
    _reps(panels["effort"], life)
    return ax


def _panels(ax: Axes) -> dict[str, Axes]:
    """The panels below each other, with room for words that depends on no size of the axes."""
    points = ax.get_window_extent().height * 72.0 / ax.figure.dpi
    left = points - REPS - (len(PANELS) - 1) * GAP
    found, top = {}, points - REPS
    for name, share in PANELS.items():
        found[name] = ax.inset_axes((0.0, (top - share * left) / points, 1.0 - MARGIN, share * left / points))
        top -= share * left + GAP
    return found


def _frame(panel: Axes, life: Lived, *, last: bool) -> None:
    """The months below each other, and grey where nobody sits there."""
    months = life.months["month"]
    panel.set_xlim(-0.5, months.iloc[-1] + 0.5)
    step = 12 if len(months) > 24 else 3
    while len(months) / step > 10:
        step *= 2
    panel.set_xticks(range(0, len(months), step))
    panel.tick_params(labelsize=SIZES["note"], colors=SOFT, length=3, labelbottom=last, labelfontfamily=families())
    plain_ticks(panel.yaxis)
    for side in ("top", "right"):
        panel.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        panel.spines[side].set_color(SOFT)
    panel.patch.set_alpha(0.0)
    for begin, end in _spans(life.months["rep"] == 0):
        panel.axvspan(begin - 0.5, end + 0.5, color=VACANT, lw=0, zorder=0)


def _spans(where: Any) -> list[tuple[int, int]]:
    """First and last place of each run of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], np.asarray(where, dtype=int), [0]])))
    return [(int(a), int(b) - 1) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _keep_ticks_inside(panel: Axes) -> None:
    """No tick beyond either end, where it would only stand in the way."""
    low, high = panel.get_ylim()
    panel.set_yticks([tick for tick in panel.get_yticks() if low <= tick <= high])
    panel.set_ylim(low, high)


def _headed(panel: Axes, *texts: str) -> None:
    """What a panel shows and in which unit, above its left corner: the first text that ends left of the names beside it."""
    written = panel.annotate(
        shown(texts[0]), (0.0, 1.0), xycoords="axes fraction", xytext=(0.0, ABOVE), textcoords="offset points",
        fontsize=SIZES["note"], color=INK, va="bottom", ha="left", **lettering(),
    )  # fmt: skip
    for text in texts[1:]:
        if written.get_window_extent().width <= BESIDE * panel.get_window_extent().width:
            return
        written.set_text(shown(text))


def _effort(panel: Axes, life: Lived) -> None:
    months = life.months
    names = []
    panel.set_ylim(0.0, 100.0)
    for begin, end in _stays(life):
        own = months.iloc[begin : end + 1]
        edges = np.arange(begin, end + 2) - 0.5
        low = np.zeros(len(own))
        for task, colour in FILLS.items():
            high = low + SHARE.of(own[f"effort_{task}"].to_numpy())
            panel.fill_between(
                edges, np.append(low, low[-1]), np.append(high, high[-1]), step="post", color=colour, lw=0, zorder=2, label=task
            )
            panel.step(edges, np.append(high, high[-1]), where="post", color=PAPER, lw=0.8, zorder=3)
            names.append((float(low[-1] + high[-1]) / 2.0, TASKS[task], INK))
            low = high
    vacant = "; grey: nobody sits there" if (months["rep"] == 0).any() else ""
    _headed(panel, f"Effort by task (% of the whole){vacant}")
    _name_ends(panel, names[-len(FILLS) :])


def _stays(life: Lived) -> list[tuple[int, int]]:
    """First and last month of each rep, by place."""
    found = [life.of(int(rep))["month"] for rep in life.stays.index]
    return [(int(own.iloc[0]), int(own.iloc[-1])) for own in found]


def _pay(panel: Axes, life: Lived) -> None:
    months, scale = life.months, money(life)
    names: list[tuple[float, str, str]] = []
    for begin, end in _stays(life):
        own = months.iloc[begin : end + 1]
        panel.bar(own["month"], scale.of(own["cash_pay"]), width=0.85, color=FAINT, lw=0, zorder=1)
        panel.bar(own["month"], scale.of(np.minimum(own["salary"], own["cash_pay"])), width=0.85, color="#bdbdbd", lw=0, zorder=1)
    lines = (("expected_pay", "expected here", COLOURS[0], "-", 2.0), ("outside_pay", "offered elsewhere", LOSS, "-.", 1.5))
    for column, word, colour, dash, width in lines:
        panel.plot(months["month"], scale.of(months[column]), color=colour, ls=dash, lw=width, zorder=4, label=word)
        names.append((_final(scale.of(months[column])), word, colour))
    names += _other(panel, life, "expected_pay", scale)
    shown = np.concatenate([np.asarray(line.get_ydata(), dtype=float) for line in panel.lines])
    paid = scale.of(months["cash_pay"].dropna())
    tops = [*shown[np.isfinite(shown)], *([float(np.quantile(paid, TALL))] if len(paid) else [1.0])]
    panel.set_ylim(min([0.0, *paid]), 1.08 * max(tops))
    _headed(panel, f"Pay ({scale.unit} a month); bars: paid, the dark part salary; tall bars are cut")
    _name_ends(panel, names)


def _final(values: Any) -> float:
    """The last figure there is."""
    known = np.asarray(values, dtype=float)
    known = known[np.isfinite(known)]
    return float(known[-1]) if len(known) else float("nan")


def _motives(panel: Axes, life: Lived) -> None:
    names = []
    stays = _stays(life)
    for motive, (colour, dash) in MOTIVES.items():
        for begin, end in stays:
            own = life.months.iloc[begin : end + 1]
            width = max(THICK * float(own[f"weight_{motive}"].iloc[0]), 0.6)
            panel.plot(
                own["month"], own[f"met_{motive}"], color=colour, ls=dash, lw=width, zorder=3, label=motive,
                marker="o" if begin == end else None, ms=3,
            )  # fmt: skip
        if stays:
            last = life.months.iloc[stays[-1][1]]
            weight = SHARE.show(float(last[f"weight_{motive}"]))
            names.append((float(last[f"met_{motive}"]), f"{motive} ({weight}%)", colour))
    panel.axhline(0.0, color=FAINT, lw=0.8, zorder=1)
    panel.autoscale(axis="y")
    low, high = panel.get_ylim()
    if high - low < LEAST_SPAN:
        panel.set_ylim((low + high - LEAST_SPAN) / 2.0, (low + high + LEAST_SPAN) / 2.0)
    _headed(
        panel, "How far the job meets each motive (points); thick lines and %: what moves the rep",
        "Motives met (points); thick lines and %: what moves the rep", "Motives met (points)",
    )  # fmt: skip
    _name_ends(panel, names)


def _chance(panel: Axes, life: Lived) -> None:
    months = life.months
    names = []
    review = months["dismissal_chance"] > 0.0
    panel.bar(
        months.loc[review, "month"], CHANCE.of(months.loc[review, "dismissal_chance"]), width=0.5, color=SOFT, lw=0, zorder=2,
        label="dismissal",
    )  # fmt: skip
    panel.plot(
        months["month"], CHANCE.of(months["quit_chance"]), color=LOSS, lw=1.8, zorder=4, label="quit",
        marker="o" if len(months) == 1 else None,
    )  # fmt: skip
    names.append((_final(CHANCE.of(months["quit_chance"])), "quitting", LOSS))
    if review.any():
        names.append((_final(CHANCE.of(months.loc[review, "dismissal_chance"])), "dismissal, at reviews", SOFT))
    names += _other(panel, life, "quit_chance", CHANCE)
    offers = months.loc[months["offer"] > 0.0, "month"]
    panel.set_ylim(0.0, max(panel.get_ylim()[1], 0.1) * (1.12 if len(offers) else 1.0))
    if len(offers):
        height = np.full(len(offers), 0.96 * panel.get_ylim()[1])
        panel.plot(offers, height, ls="", marker="v", ms=4.5, color=INK, zorder=5, label="offer")
    told = "; triangles: an outside approach stands" if len(offers) else ""
    _headed(panel, f"Chance of leaving (% a month){told}")
    _name_ends(panel, names)


def _other(panel: Axes, life: Lived, column: str, scale: Scale) -> list[tuple[float, str, str]]:
    """The same under the other policy, a cross where a stay ends there, and its name."""
    if life.against is None:
        return []
    other = life.against.months
    values, gone = scale.of(other[column]), other["left"] != ""
    panel.plot(other["month"], values, color=INK, ls=(0, (3, 1.5)), lw=1.1, zorder=5, label="other")
    panel.plot(other.loc[gone, "month"], values[gone], color=INK, ls="", marker="x", ms=6, mew=1.4, zorder=6)
    return [(_final(values), f"under {shorten(life.against.whose.label, 14)}", INK)]


def _name_ends(panel: Axes, names: Sequence[tuple[float, str, str]]) -> None:
    """Names to the right of a panel, each at the height of its line's end or near it."""
    known = sorted((name for name in names if np.isfinite(name[0])), key=lambda name: name[0])
    if not known:
        return
    per_point = panel.figure.dpi / 72.0
    frame = panel.get_window_extent()
    ends = np.array([panel.transData.transform((0.0, y))[1] for y, _, _ in known]) / per_point
    ends = np.clip(ends, frame.y0 / per_point, frame.y1 / per_point)
    room = np.full(len(known), SIZES["note"] * NAME_LINES)
    over = max(room.sum() - frame.height / per_point, 0.0) / 2.0
    heights = spread(ends, room, frame.y0 / per_point - over, frame.y1 / per_point + over)
    for (_, word, colour), end, height in zip(known, ends, heights, strict=True):
        at = ((height * per_point) - frame.y0) / frame.height
        name = panel.annotate(
            in_order([shown(word)])[0], (1.0, (end * per_point - frame.y0) / frame.height), (BESIDE, at),
            xycoords="axes fraction", textcoords="axes fraction", fontsize=SIZES["note"], color=_dark(colour), va="center",
            ha="left", **lettering(), annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": FAINT, "lw": 0.7, "shrinkA": 1, "shrinkB": 0},
        )  # fmt: skip
        _cut(name, word, panel.figure.bbox.x1 - frame.x0 - BESIDE * frame.width)


def _cut(name: Annotation, whole: str, room: float) -> None:
    """Take signs off a name until it is no wider than the room [pixels]."""
    from matplotlib.text import Text

    for most in range(columns(whole) - 1, 1, -1):
        if Text.get_window_extent(name).width < room:
            return
        name.set_text(in_order([shown(shorten(whole, most))])[0])


def _dark(colour: str) -> str:
    """A colour that words can be read in."""
    return INK if colour in (SOFT, FAINT) else colour


def _turns(panels: Mapping[str, Axes], life: Lived) -> None:
    """A line and a word where a stay ends, and where the policy begins."""
    months = life.months
    last = len(months) - 1
    words = [(int(month) + 0.5, str(word)) for month, word in months.loc[months["left"] != "", ["month", "left"]].to_numpy()]
    if 0 < life.whose.starts <= last:
        words.append((life.whose.starts - 0.5, BEGINS[0]))
    frame = panels["pay"].get_window_extent()
    a_month = frame.width / len(months)
    needed = SIZES["note"] * 1.25 * panels["pay"].figure.dpi / 72.0
    before = -needed
    for at, word in sorted(words):
        starts = word == BEGINS[0]
        for panel in panels.values():
            panel.axvline(at, color=SOFT if starts else INK, lw=0.9, ls=(0, (2, 2)) if starts else "-", zorder=6)
        place = at * a_month
        if place - before < needed:
            continue
        before = place
        late = (last + 0.5 - at) * a_month < needed
        text = panels["motives"].annotate(
            word, (at, 0.97), xycoords=("data", "axes fraction"), xytext=(-1.5 if late else 1.5, 0), textcoords="offset points",
            rotation=90, fontsize=SIZES["note"], color=INK, va="top", ha="right" if late else "left", zorder=7,
            bbox={"facecolor": PAPER, "alpha": 0.75, "lw": 0, "pad": 0.4} if starts else None,
        )  # fmt: skip
        if starts and text.get_window_extent().height > panels["motives"].get_window_extent().height:
            text.set_text(BEGINS[1])


def _reps(panel: Axes, life: Lived) -> None:
    """Who sits there, above the panels: as much as there is room for."""
    months = len(life.months)
    a_month = panel.get_window_extent().width / months
    for (begin, end), rep in zip(_stays(life), life.stays.index, strict=True):
        profile, able = life.stays.loc[rep, "profile"], percentile(life, int(rep))
        room = (end - begin + 1) * a_month - 4.0
        for words in (f"Rep {rep}: {profile} first, abler than {able}%", f"Rep {rep}: {profile}", f"Rep {rep}", f"{rep}"):
            text = panel.annotate(
                words, ((begin + end) / 2.0, 1.0), xycoords=("data", "axes fraction"),
                xytext=(0.0, 2.0 * ABOVE + SIZES["note"] * LINE_HEIGHT), textcoords="offset points", fontsize=SIZES["tick"],
                color=INK, fontweight="bold", ha="center", va="bottom", **lettering(),
            )  # fmt: skip
            if text.get_window_extent().width <= room:
                break
            text.remove()

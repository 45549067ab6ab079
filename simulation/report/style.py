"""One style for every picture and table: how figures are written, and which colours and marks policies have.

Percent and millions exist only in this folder; everything below it counts in shares and dollars.
Colours keep apart for the colour-blind and differ in lightness; marks and dashes differ too, so that grey prints can be read.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simulation.evidence.measures import Measure
from simulation.report.language import OTHERWISE, glyphs_of
from simulation.report.lettering import (
    BOXES,
    INSTALL,
    columns,
    families,
    fold,
    fonts,
    in_order,
    lettering,
    shorten,
    shown,
    unknown,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.legend import Legend
    from matplotlib.text import Text
    from pandas import DataFrame

    from simulation.statistics.summary import Summary

INK = "#1a1a1a"
SOFT = "#6b6b6b"
FAINT = "#d9d9d9"
PAPER = "#ffffff"
GAIN, LOSS = "#0072b2", "#d55e00"
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#aa4499", "#e69f00", "#3aa5d9", "#7a4b1e", "#9090f0")
MARKS = ("o", "s", "^", "D", "v", "P", "X", "h")
DASHES: tuple[Any, ...] = ("-", (0, (5, 1.5)), (0, (1.5, 1.2)), (0, (5, 1.2, 1.2, 1.2)))
NOTHING = "\N{ZERO WIDTH SPACE}"
"""Before a label that begins with an underscore, which matplotlib would leave out of a key."""
LEAST_CONTRAST = 4.6
"""Of words to the paper: WCAG 2 asks for 4.5."""
MANY = 6
"""With more policies than this only the baseline and the policy of the title keep their bands, and bars are drawn fine."""
SIZES = {"title": 11.5, "label": 9.5, "tick": 9.0, "note": 8.0}
MISSING = "–"
MONEY = ((1e13, 1e-12, "trillion"), (1e10, 1e-9, "billion"), (1e6, 1e-6, "million"), (1e3, 1e-3, "thousand"))
"""From which size on money is counted in what; below the last in whole units, with as many digits as it takes."""
MOST_DIGITS = 6
TITLE_PAD = 8.0
LINE_HEIGHT = 1.25
LEAST_TYPE = 8.0
"""[points] The smallest type that is read on paper."""
CHARACTER = 0.6
"""Mean width of a character over its height in bold DejaVu Sans, which matplotlib ships; generous."""


@dataclass(frozen=True)
class Scale:
    """How a measure is written for people: multiplied, rounded, with a unit for figures and one for differences."""

    factor: float
    digits: int
    unit: str
    difference_unit: str

    def show(self, value: float, *, sign: bool = False) -> str:
        """A figure without its unit; a true minus, and a dash where there is none."""
        if not math.isfinite(value):
            return MISSING
        text = f"{value * self.factor:{'+' if sign else ''},.{self.digits}f}"
        if not text.strip("+-0.,"):
            text = text.lstrip("+-")
        return text.replace("-", "−")

    def of(self, values: Any) -> Any:
        """Numbers as they are drawn."""
        return values * self.factor


def scale_of(measure: Measure, values: Iterable[float]) -> Scale:
    """The scale on which figures of a measure, of about the size of `values`, are easy to read."""
    if measure.is_money:
        return _money_scale(max((abs(v) for v in values if math.isfinite(v)), default=0.0), measure)
    known = {
        "1/year": Scale(100.0, 1, "% a year", "points"),
        "1": Scale(100.0, 1, "%", "points"),
        "count/year": Scale(1.0, 0, "a year", "a year"),
        "hands/deal": Scale(1.0, 2, "hands a deal", "hands a deal"),
        "ratio": Scale(1.0, 2, "", ""),
    }
    return known.get(measure.unit) or Scale(1.0, 1, measure.unit, measure.unit)


def _money_scale(size: float, measure: Measure) -> Scale:
    """Of figures of this size; nothing at all counts in thousands."""
    size = size or 1e3
    factor, times = next(((factor, times) for least, factor, times in MONEY if size >= least), (1.0, ""))
    unit = f"{times} {measure.currency}{' a year' if measure.unit.endswith('/year') else ''}".lstrip()
    digits = (1 if size * factor >= 100 else 2) - (factor == 1e-3)
    if factor == 1.0:
        digits = min(max(2 - math.floor(math.log10(size)), 0), MOST_DIGITS)
    return Scale(factor, digits, unit, unit)


def summary_scale(summary: Summary, key: str) -> Scale:
    """The scale for one measure of a summary, the same for all its policies."""
    return scale_of(summary.measures[key], summary.table[f"{key}_mean"])


@dataclass(frozen=True)
class Look:
    """Colour, mark and dash of one policy, the same in every picture of a summary."""

    colour: str
    mark: str
    dash: Any


def look_of(summary: Summary, policy: str) -> Look:
    """How a policy is drawn: the baseline in ink, the others in the order of the scenario."""
    if policy == summary.baseline:
        return Look(INK, "o", "-")
    place = summary.others.index(policy)
    again = place + 2 * (place // len(COLOURS))  # where colours come again, marks and dashes are others
    return Look(COLOURS[place % len(COLOURS)], MARKS[again % len(MARKS)], DASHES[again % len(DASHES)])


def in_type(colour: str) -> str:
    """A colour as dark as words on paper need: the same hue with ink in it until its contrast is `LEAST_CONTRAST`."""
    parts = [int(colour[k : k + 2], 16) / 255.0 for k in (1, 3, 5)]
    while 1.05 / (_luminance(parts) + 0.05) < LEAST_CONTRAST:
        parts = [0.96 * part for part in parts]
    return "#" + "".join(f"{round(255.0 * part):02x}" for part in parts)


def _luminance(parts: Sequence[float]) -> float:
    """Relative luminance of a colour of sRGB, 0 to 1 (WCAG 2)."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def band_of(summary: Summary, policy: str, lines: DataFrame) -> tuple[Any, Any]:
    """Lower and upper edge of a line's band, for lines that hold `mean, low, high, diff_low, diff_high` of each policy.

    The baseline's band is the interval of its own figure. Another policy's is the interval of its difference from the
    baseline, drawn around its line: luck that both meet would only hide what the policy does.
    """
    line = lines[lines["policy"] == policy]
    if policy == summary.baseline:
        return line["low"].to_numpy(), line["high"].to_numpy()
    start = lines.loc[lines["policy"] == summary.baseline, "mean"].to_numpy()
    return start + line["diff_low"].to_numpy(), start + line["diff_high"].to_numpy()


@contextmanager
def drawing(language: str = OTHERWISE) -> Iterator[None]:
    """Within it pictures use `fonts` alone, and a box for what none of them has is no warning (see `missing_glyphs`).

    `language` is the checked tag of the labels'; East-Asian characters have its forms where a font has them.
    """
    import matplotlib as mpl

    with mpl.rc_context({"font.family": fonts(glyphs_of(language).ending)}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=BOXES)
        yield


def missing_glyphs(labels: Iterable[str]) -> str:
    """A sentence naming a label that pictures cannot show in full, and what to install; empty when all can be shown."""
    label = next((label for label in labels if unknown(label)), "")
    return f'{BOXES}in "{shorten(label)}": {INSTALL}' if label else ""


def dress(ax: Axes, title: str, *, x: str, y: str) -> None:
    """Give axes the house look, with a title as wide as they are."""
    text, size = _fitted(ax, shown(title))
    ax.set_title(text, loc="left", fontsize=size, fontweight="bold", color=INK, pad=TITLE_PAD, **lettering())
    x, y = (in_order([shown(label)])[0] for label in (x, y))
    ax.set_xlabel(x, fontsize=SIZES["label"], color=INK, **lettering())
    ax.set_ylabel(y, fontsize=SIZES["label"], color=INK, **lettering())
    fit_width(ax.xaxis.label, ax.get_position().width)
    fit_width(ax.yaxis.label, ax.get_position().height, upright=True)
    ax.tick_params(labelsize=SIZES["tick"], colors=SOFT, length=3, labelfontfamily=families())
    for axis in (ax.xaxis, ax.yaxis):
        plain_ticks(axis)
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        ax.spines[side].set_color(SOFT)
    ax.set_axisbelow(True)


def plain_ticks(axis: Axis) -> None:
    """Numbers at ticks as they stand in sentences: with commas and a true minus, never as a power of ten beside the axis."""
    from matplotlib.ticker import FuncFormatter, ScalarFormatter

    if isinstance(axis.get_major_formatter(), ScalarFormatter):
        axis.set_major_formatter(FuncFormatter(lambda value, _place: f"{value:,.10g}".replace("-", "−")))


def say_nothing(ax: Axes, words: str) -> None:
    """In place of a picture of nothing, why there is none."""
    ax.grid(visible=False)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.text(
        0.5, 0.5, shown(words), transform=ax.transAxes, ha="center", va="center", fontsize=SIZES["label"], color=SOFT,
        **lettering(),
    )  # fmt: skip


def write_key(ax: Axes, handles: Iterable[Any], *, size: float, **how: Any) -> Legend:
    """A key of handles with labels, which may be a user's words, in type of a size [points]; `how` is as for `Axes.legend`."""
    handles = list(handles)
    for handle in handles:
        label = shown(str(handle.get_label()))
        handle.set_label(f"{NOTHING}{label}" if label.startswith("_") else label)
    key = ax.legend(handles=handles, frameon=False, borderaxespad=0.0, prop={"family": families(), "size": size}, **how)
    for text in key.get_texts():
        text.set_parse_math(False)
    return key


def fit_width(text: Text, share: float, *, upright: bool = False) -> None:
    """Set a line smaller, and then cut it before its unit, until it takes a share of its figure's width, or height, at most."""
    figure: Any = text.get_figure()
    room, whole = share * (figure.bbox.height if upright else figure.bbox.width), text.get_text()
    width = _width(text, upright=upright)
    if width <= room:
        return
    text.set_fontsize(max(text.get_fontsize() * room / width, LEAST_TYPE))
    head, bracket, unit = whole.rpartition(" (") if whole.endswith(")") else (whole, "", "")
    most = columns(head)
    while (width := _width(text, upright=upright)) > room and most > 1:
        most = max(min(most - 1, int(most * room / width) + 1), 1)
        text.set_text(f"{shorten(head, most)}{bracket}{unit}")


def _fitted(ax: Axes, title: str) -> tuple[str, float]:
    """The title in lines as wide as the axes, in the largest type whose lines fit between the axes and the figure's edge.

    In the smallest type too many lines are cut.
    """
    frame, edge = ax.get_window_extent(), ax.figure.bbox.y1
    height = (edge - frame.y1) * 72.0 / ax.figure.dpi - TITLE_PAD
    size = SIZES["title"]
    while True:
        lines = _lines(ax, title, size)
        most = max(int(height / (size * LINE_HEIGHT)), 1)
        if len(lines) <= most:
            return "\n".join(in_order(lines)), size
        if size <= LEAST_TYPE:
            return "\n".join(in_order([*lines[: most - 1], f"{lines[most - 1][:-1].rstrip()}…"])), size
        size -= 0.5


def _lines(ax: Axes, title: str, size: float) -> list[str]:
    """The title in lines that are measured to be no wider than the axes."""
    room = ax.get_window_extent().width
    trial = ax.text(0.0, 0.0, "", fontsize=size, fontweight="bold", **lettering())
    most = max(int(room * 72.0 / ax.figure.dpi / (size * CHARACTER)), 20)
    while True:
        lines = fold(title, most)
        trial.set_text("\n".join(lines))
        width = _width(trial)
        if width <= room or most <= 8:
            break
        most = max(min(int(most * room / width), most - 1), 8)
    trial.remove()
    return lines


def _width(text: Text, *, upright: bool = False) -> float:
    box = text.get_window_extent()
    return float(box.height if upright else box.width)

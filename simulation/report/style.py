"""One style for every picture and table: how figures are written, and which colours and marks policies have.

Percent and millions exist only in this folder; everything below it counts in shares and dollars.
Colours keep apart for the colour-blind and differ in lightness; marks and dashes differ too, so that grey prints can be read.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from simulation.evidence.measures import Measure
from simulation.report.language import OTHERWISE, forms_first

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text
    from pandas import DataFrame

    from simulation.statistics.summary import Summary

INK = "#1a1a1a"
SOFT = "#6b6b6b"
FAINT = "#d9d9d9"
PAPER = "#ffffff"
GAIN, LOSS = "#0072b2", "#d55e00"
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#aa4499", "#e69f00", "#3aa5d9", "#7a4b1e", "#5b5bd6")
MARKS = ("o", "s", "^", "D", "v", "P", "X", "h")
DASHES: tuple[Any, ...] = ("-", (0, (5, 1.5)), (0, (1.5, 1.2)))
MANY = 6
"""With more policies than this only the baseline and the policy of the title keep their bands, and bars are drawn fine."""
SIZES = {"title": 11.5, "label": 9.5, "tick": 9.0, "note": 8.0}
MISSING = "–"
TITLE_PAD = 8.0
LINE_HEIGHT = 1.25
LEAST_TYPE = 6.0
FONTS = (
    "DejaVu Sans", "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans SC", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei",
    "Source Han Sans SC", "Source Han Sans", "Arial Unicode MS", "Microsoft YaHei", "PingFang SC", "Hiragino Sans GB",
)  # fmt: skip
"""Fonts that glyphs are looked for in, in this order, as far as they are installed; the first comes with matplotlib."""
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
    factor, times = (1e-6, "million") if size >= 1e6 else (1e-3, "thousand")
    unit = f"{times} {measure.currency}{' a year' if measure.unit.endswith('/year') else ''}"
    digits = (1 if size * factor >= 100 else 2) - (factor == 1e-3)
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
    return Look(COLOURS[place % len(COLOURS)], MARKS[place % len(MARKS)], DASHES[place % len(DASHES)])


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


def fonts() -> list[str]:
    """Those of `FONTS` that matplotlib finds."""
    from matplotlib.font_manager import fontManager

    installed = set(fontManager.get_font_names())
    return [name for name in FONTS if name in installed]


@contextmanager
def drawing(language: str = OTHERWISE) -> Iterator[None]:
    """Within it pictures use `fonts`, and a glyph that none of them has is a box without a warning (see `missing_glyphs`).

    `language` is the checked tag of the labels'; East-Asian characters have its forms where a font has them.
    """
    import matplotlib as mpl

    with mpl.rc_context({"font.family": forms_first(fonts(), language)}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        yield


def missing_glyphs(labels: Iterable[str]) -> str:
    """A sentence naming a label that pictures cannot show in full, and what to install; empty when all can be shown."""
    foreign = [label for label in labels if not label.isascii()]
    if not foreign:
        return ""
    from matplotlib.font_manager import findfont, get_font

    faces = [get_font(findfont(name)) for name in fonts()]
    for label in foreign:
        if not all(any(face.get_char_index(ord(sign)) for face in faces) for sign in label if not sign.isspace()):
            return f'pictures show boxes in "{shorten(label)}": no font has its characters; install one, on Debian fonts-noto-cjk'
    return ""


def shorten(label: str, most: int = 36) -> str:
    """A label cut to fit a sentence."""
    return label if len(label) <= most else f"{label[: most - 1].rstrip()}…"


def dress(ax: Axes, title: str, *, x: str, y: str) -> None:
    """Give axes the house look, with a title as wide as they are."""
    text, size = _fitted(ax, title)
    ax.set_title(text, loc="left", fontsize=size, fontweight="bold", color=INK, pad=TITLE_PAD, parse_math=False)
    ax.set_xlabel(x, fontsize=SIZES["label"], color=INK, parse_math=False)
    fit_width(ax.xaxis.label, ax.get_position().width)
    ax.set_ylabel(y, fontsize=SIZES["label"], color=INK)
    ax.tick_params(labelsize=SIZES["tick"], colors=SOFT, length=3)
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        ax.spines[side].set_color(SOFT)
    ax.set_axisbelow(True)


def fit_width(text: Text, share: float) -> None:
    """Set a line smaller, and then cut it, until it takes at most a share of its figure's width."""
    figure: Any = text.get_figure()
    room, whole = share * figure.bbox.width, text.get_text()
    width = _width(text)
    if width <= room:
        return
    text.set_fontsize(max(text.get_fontsize() * room / width, LEAST_TYPE))
    for most in range(len(whole) - 1, 0, -1):
        if _width(text) <= room:
            return
        text.set_text(shorten(whole, most))


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
            return "\n".join(lines), size
        if size <= SIZES["note"]:
            return "\n".join([*lines[: most - 1], f"{lines[most - 1][:-1].rstrip()}…"]), size
        size -= 0.5


def _lines(ax: Axes, title: str, size: float) -> list[str]:
    """The title in lines that are measured to be no wider than the axes."""
    room = ax.get_window_extent().width
    trial = ax.text(0.0, 0.0, "", fontsize=size, fontweight="bold", parse_math=False)
    most = max(int(room * 72.0 / ax.figure.dpi / (size * CHARACTER)), 20)
    while True:
        lines = wrap(title, most)
        trial.set_text("\n".join(lines))
        width = _width(trial)
        if width <= room or most <= 8:
            break
        most = max(min(int(most * room / width), most - 1), 8)
    trial.remove()
    return lines


def _width(text: Text) -> float:
    return float(text.get_window_extent().width)

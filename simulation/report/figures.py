"""All pictures of a run as files: PNG and SVG, and beside each the numbers it shows as CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulation import __version__
from simulation.errors import RunError
from simulation.experiment.sheets import frame_as_csv
from simulation.experiment.writing import replace_file, writing
from simulation.report.charts.attainment import draw_attainment
from simulation.report.charts.bridge import draw_bridge
from simulation.report.charts.leavers import OF, draw_leavers
from simulation.report.charts.levers import draw_levers
from simulation.report.charts.losers import draw_losers
from simulation.report.charts.panel import SHOWN, draw_panel
from simulation.report.charts.reasons import draw_reasons
from simulation.report.charts.static_price import draw_static_price
from simulation.report.charts.survival import draw_survival
from simulation.report.charts.survival_segments import draw_survival_segments
from simulation.report.charts.timeline import draw_timeline
from simulation.report.charts.tradeoff import draw_tradeoff
from simulation.report.language import OTHERWISE
from simulation.report.lettering import columns, fold, in_order, lettering, shown
from simulation.report.style import INK, MANY, SIZES, SOFT, drawing
from simulation.report.words.phrases import focus
from simulation.statistics.frames import joined
from simulation.statistics.summary import counted

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text
    from pandas import DataFrame

    from simulation.statistics.summary import Summary

SIZE = (10.0, 6.0)
FRAME = (0.09, 0.155, 0.885, 0.70)
EDGE = 0.012
FOOT, BETWEEN = 0.09, 0.05
"""[inches] Below the words under a picture, and between them and what is above."""
DPI = 160
FORMATS = ("png", "svg")
"""What pictures are written as where nothing else is asked for."""
ABOUT: Mapping[str, Mapping[str, str | None]] = {
    "png": {"Software": "orgsim"},
    "svg": {"Date": None, "Creator": "orgsim"},
    "pdf": {"CreationDate": None, "Creator": "orgsim", "Producer": "orgsim"},
}
"""Formats of pictures, and what each file says of itself: never when it was made."""
TOGETHER = "Run\N{NO-BREAK SPACE}"
TIMELINES = ("turnover", "revenue")
NOTES: Mapping[str, str] = {
    "tradeoff": (
        "Bars: 95% interval of the difference from the baseline, which meets the same luck. "
        "The baseline's pale bars: of its own figure; cut where they leave the picture."
    ),
    "timeline": (
        "Bands: 95% interval of the difference from the baseline, which meets the same luck; the baseline's own: of its figure."
    ),
    "survival": (
        "Kaplan-Meier, incumbents counted from their tenure at the start. "
        "Bands: 95% interval of the difference from the baseline; the baseline's own: of its curve."
    ),
    "survival_segments": (
        "Kaplan-Meier by the motive that moves reps most; in brackets: part of reps under the baseline. Bands and figures: 95% "
        "interval of the difference, each by itself; the baseline's own: of its curve. A curve ends where too few seeds see any."
    ),
    "leavers": (
        "In brackets: part of reps under the baseline. Thin bars: 95% interval of the difference in all leavers, drawn from the "
        "baseline's; the baseline's own: of its figure. Regretted: of the top quarter by a year's sales over territory."
    ),
    "attainment": (
        "Quota periods completed by ramped reps; the bars of a policy add up to 100%. Full colour: quota reached. "
        "Thin bars and brackets: 95% interval of the difference from the baseline; the baseline's own: of its figure."
    ),
    "bridge": (
        "Right adds to contribution, left takes from it; the steps add up. "
        "Thin bars: 95% intervals of the differences, paired by seed."
    ),
    "reasons": (
        "Means over all rep-months; thin lines: 95% intervals, paired by seed, pale where they hold zero. It compares the reps "
        "present, and a policy changes who is present: it does not divide the difference in turnover."
    ),
    "levers": (
        "Steps add up to the whole. A share is the mean of what a lever does alone on the baseline and of what the policy loses "
        "without it. Thin lines: 95% intervals, paired by seed, pale where they hold zero. Blue is the better way."
    ),
    "panel": (
        "Marks: difference from the baseline over the baseline's own figure; lines: its 95% interval, paired by seed. "
        "Tinted: the better side. Pale: open or not material. An arrow at the edge: beyond 100%. "
        "At the right: the largest decided change."
    ),
    "static": (
        "Hollow: the baseline's sales paid under the plan, as compensation tools price it. Filled: as simulated. "
        "In brackets: 95% interval of the wedge, paired by seed. Pay is cash and deferred pay as booked."
    ),
    "losers": (
        "Reps there at the end of the run, at their sales of the last twelve months (of the run where that is shorter), with the "
        "plan in force since month 0; grants and balances count as they are booked."
    ),
}
"""What stands under each kind of picture."""
MONEY, REPS = r"^policy|^label|^static|^lived|^wedge|^change", r"^policy|^label|^losing|^gaining|^sales|^reps"
"""Columns of the static prices that either of their pictures shows."""
SIDES = ("mean", "low", "high", "diff", "diff_low", "diff_high")


@dataclass(frozen=True, eq=False)
class Picture:
    """One picture: the name of its files, its kind, how it is drawn, the numbers it shows, and its note if it has its own."""

    name: str
    kind: str
    draw: Callable[[Axes], Axes]
    data: DataFrame
    note: str = ""


def draw_all(
    summary: Summary, folder: Path, *, formats: Sequence[str] = FORMATS, language: str = OTHERWISE
) -> list[Path]:  # fmt: skip
    """Draw every chart into `folder`, and return the pictures' paths.

    Parameters
    ----------
    formats : "png", "svg", "pdf", some of them
    language : the checked tag of the labels', which decides between forms of East-Asian characters

    Raises
    ------
    RunError
        When the folder cannot be written, or a format is none of these.
    """
    import matplotlib as mpl

    written = []
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with drawing(language), mpl.rc_context({"svg.hashsalt": summary.facts.run}):
            for picture in pictures(summary):
                written += save(framed(summary, picture), folder / picture.name, picture.data, formats)
    return written


def save(figure: Figure, path: Path, data: DataFrame, formats: Sequence[str] = FORMATS) -> list[Path]:
    """A figure as PNG and SVG, and beside them the numbers it shows as CSV; `path` has no ending. Returns the pictures' paths.

    Written twice, files have the same bytes: they hold no date. Raises RunError for a format that is not one of `ABOUT`.
    """
    written = []
    for ending in formats:
        if ending not in ABOUT:
            raise RunError(f'pictures cannot be written as "{ending}"; choose among {", ".join(ABOUT)}')
        picture = path.with_name(f"{path.name}.{ending}")
        replace_file(picture, as_bytes(figure, ending))
        written.append(picture)
    replace_file(path.with_name(f"{path.name}.csv"), frame_as_csv(data))
    return written


def blank(width: float, height: float) -> Figure:
    """An empty figure [inches] that needs no screen, and on which words are measured as they are saved."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def write_under(figure: Figure, note: str, about: str) -> None:
    """The note and the caption under a picture, each in as many lines as it takes; axes keep their size, the figure grows."""
    inch = 1.0 / figure.get_figheight()
    words = [_paragraph(figure, about, FOOT * inch, SOFT)]
    words.append(_paragraph(figure, note, _top(words[0]) + BETWEEN * inch, INK))
    _grow(figure, _top(words[1]) / inch + BETWEEN, words)


def _paragraph(figure: Figure, words: str, height: float, colour: str) -> Text:
    """Words in lines as wide as the figure, up from a height [share of the figure's]; a run's id stays with its word."""
    words = shown(words)
    text = figure.text(EDGE, height, words, fontsize=SIZES["note"], color=colour, linespacing=1.3, **lettering())
    room = (1.0 - 2 * EDGE) * figure.bbox.width
    width = columns(words)
    while (taken := text.get_window_extent().width) > room and width > 1:
        width = min(width - 1, int(width * room / taken) + 1)
        lines = fold(words.replace("Run ", TOGETHER), width)
        text.set_text("\n".join(in_order(lines)).replace(TOGETHER, "Run "))
    return text


def _top(text: Text) -> float:
    """Where a text ends above [share of the figure's height]."""
    figure: Any = text.get_figure()
    return float(text.get_window_extent().y1 / figure.bbox.height)


def _grow(figure: Figure, taken: float, words: Sequence[Text]) -> None:
    """Make a figure higher at its foot, as far as words that take so many inches there would run into what axes have below."""
    canvas: Any = figure.canvas
    boxes = [box for ax in figure.axes if (box := ax.xaxis.get_tightbbox(canvas.get_renderer())) is not None]
    more = taken - min((box.y0 for box in boxes), default=figure.bbox.height) / figure.dpi
    if more <= 0.0:
        return
    before = figure.get_figheight()
    after = before + more
    figure.set_figheight(after)
    for ax in figure.axes:
        box = ax.get_position(original=True)
        ax.set_position((box.x0, (box.y0 * before + more) / after, box.width, box.height * before / after))
    for text in words:
        text.set_y(text.get_position()[1] * before / after)


def as_bytes(figure: Figure, kind: str, **how: Any) -> bytes:
    """A figure as the content of a file, without a time in it; `how` goes to matplotlib's `savefig`."""
    target = BytesIO()
    figure.savefig(target, format=kind, metadata=ABOUT[kind], **({"dpi": DPI} | how))
    return target.getvalue()


def framed(summary: Summary, picture: Picture) -> Figure:
    """One chart on a figure of its own, with the note and the caption under it."""
    figure = blank(*SIZE)
    picture.draw(figure.add_axes(FRAME))
    write_under(figure, note_of(summary, picture.kind), caption(summary))
    return figure


def caption(summary: Summary) -> str:
    """What stands under every picture: how much was simulated, what the intervals leave out, and which run it was."""
    facts = summary.facts
    size = f"{summary.seeds}, {counted(facts.months, 'month')}, {counted(facts.seats, 'seat')}"
    left_out = summary.luck.capitalize()
    return f"{size}; figures are an average year.  {left_out}.  Run {facts.run}, orgsim {__version__}"


def pictures(summary: Summary, people: str | None = None) -> Iterator[Picture]:
    """All pictures of a summary, in the order of a report.

    Parameters
    ----------
    people : the policy whose leavers stand beside the baseline's; that of the titles (`phrases.focus`) when left out
    """
    series = summary.series
    columns = ["label", *(f"{key}_{side}" for key in ("turnover", "revenue") for side in SIDES)]
    yield Picture("tradeoff", "tradeoff", partial(draw_tradeoff, summary=summary), summary.table[columns].reset_index())
    for key in TIMELINES:
        rows = series["timeline"][series["timeline"]["measure"] == key]
        yield Picture(f"timeline_{key}", "timeline", partial(draw_timeline, summary=summary, measure=key), rows)
    yield Picture("survival", "survival", partial(draw_survival, summary=summary), series["survival"])
    yield from _people(summary, people or focus(summary) or summary.baseline)
    for policy in summary.others:
        rows = series["bridge"][series["bridge"]["policy"] == policy]
        yield Picture(f"bridge_{policy}", "bridge", partial(draw_bridge, summary=summary, policy=policy), rows)
    yield from _why(summary)
    if summary.static is not None and summary.others:
        priced = summary.static.table()
        yield Picture("static_price", "static", partial(draw_static_price, summary=summary), priced.filter(regex=MONEY))
        yield Picture("losers", "losers", partial(draw_losers, summary=summary), priced.filter(regex=REPS))


def _why(summary: Summary) -> Iterator[Picture]:
    """Why policies differ, as far as that has been asked, and what they do to gaming and fairness."""
    for policy in summary.others if summary.reasons else ():
        assert summary.reasons is not None  # noqa: S101 - asked above
        table = summary.reasons.table[summary.reasons.table["policy"] == policy]
        rows = {answer: table[table["answer"] == answer] for answer in ("reason", "lever")}
        yield Picture(f"reasons_{policy}", "reasons", partial(draw_reasons, summary=summary, policy=policy), rows["reason"])
        if any(len(found.levers) > 1 for found in summary.reasons.by_lever[policy].values()):
            yield Picture(f"levers_{policy}", "levers", partial(draw_levers, summary=summary, policy=policy), rows["lever"])
    if summary.others:
        columns = ["label", *(f"{key}_{side}" for key in SHOWN for side in (*SIDES, "decided"))]
        yield Picture("panel", "panel", partial(draw_panel, summary=summary), summary.table[columns].reset_index())


def _people(summary: Summary, policy: str) -> Iterator[Picture]:
    """Who stays and who leaves under a policy beside the baseline, and how quotas are met under all."""
    shown = ("survival_segments", "leavers", "leavers_total")
    frames = {name: summary.series[name] for name in shown}
    both = {name: frame[frame["policy"].isin((summary.baseline, policy))] for name, frame in frames.items()}
    draw = partial(draw_survival_segments, summary=summary, policy=policy)
    yield Picture("survival_segments", "survival_segments", draw, both["survival_segments"])
    leavers = joined([both["leavers"], both["leavers_total"].assign(kind="turnover")])
    for by in OF:
        draw = partial(draw_leavers, summary=summary, policy=policy, by=by)
        yield Picture(f"leavers_{by}", "leavers", draw, leavers[leavers["by"] == by])
    yield Picture("attainment", "attainment", partial(draw_attainment, summary=summary), summary.series["attainment"])


def note_of(summary: Summary, kind: str) -> str:
    """What stands under a kind of picture."""
    few_bands = len(summary.labels) > MANY and kind in ("timeline", "survival")
    static = summary.static if kind in ("static", "losers") else None
    asked = summary.reasons if kind == "levers" else static
    part = f" On the first {counted(asked.seeds, 'seed')}." if asked and asked.seeds < summary.facts.seeds else ""
    return NOTES[kind] + (" Only two bands are drawn." if few_bands else "") + part

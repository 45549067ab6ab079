"""Pictures: what is drawn equals the summary, labels keep apart, and files are complete."""

from __future__ import annotations

import csv
import warnings
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Annotation, Text
from synthetic import LABELS, LONG_LABELS, made_records

from simulation.errors import RunError, ScenarioError
from simulation.report import figures
from simulation.report.charts.bridge import NAMES, draw_bridge
from simulation.report.charts.survival import draw_survival
from simulation.report.charts.timeline import draw_timeline
from simulation.report.charts.tradeoff import draw_tradeoff
from simulation.report.figures import DPI, caption, draw_all, framed, pictures
from simulation.report.labels import spread
from simulation.report.style import PAPER, fit_width, look_of, missing_glyphs
from simulation.statistics.compare import compare

DRAWINGS = {"tradeoff": draw_tradeoff, "timeline": draw_timeline, "survival": draw_survival, "bridge": draw_bridge}
every_drawing = pytest.mark.parametrize("draw", DRAWINGS.values(), ids=DRAWINGS)


@cache
def compared(labels=LABELS[:5], seeds=3, months=24, effect=1.0):
    """The comparison of policies with these labels."""
    return compare(made_records(labels, seeds=seeds, months=months, effect=effect))


@pytest.fixture(scope="module")
def summary():
    """Five policies over three years."""
    return compared(seeds=8, months=36)


@pytest.fixture
def few(monkeypatch):
    """Only two of all pictures are there to be written, one of them of panels within its axes."""
    few = ("tradeoff", "survival_segments")
    monkeypatch.setattr(figures, "pictures", lambda summary: (p for p in pictures(summary) if p.name in few))
    return few


def axes(width=10.0, height=6.0):
    """Axes on a figure of their own."""
    figure = Figure(figsize=(width, height))
    FigureCanvasAgg(figure)
    return figure.add_axes((0.09, 0.155, 0.885, 0.70))


def line_of(ax, label):
    """The line drawn for a policy."""
    return next(line for line in ax.lines if line.get_label() == label)


@every_drawing
def test_drawings_return_their_axes_and_touch_no_other(draw, summary):
    """A draw function adds to the axes it is given, returns them, and makes no further axes."""
    ax = axes()

    assert draw(ax, summary) is ax
    assert ax.figure.axes == [ax]


def test_tradeoff_shows_the_means(summary):
    """Each mark stands at turnover in percent and revenue in millions; the baseline alone is hollow."""
    ax = draw_tradeoff(axes(), summary)
    for policy, label in summary.labels.items():
        x, y = (line_of(ax, label).get_xdata()[0], line_of(ax, label).get_ydata()[0])
        hollow = to_hex(line_of(ax, label).get_markerfacecolor()) == PAPER

        np.testing.assert_allclose([x, y], [100 * summary.value(policy, "turnover"), summary.value(policy, "revenue") / 1e6])
        assert hollow == (policy == summary.baseline)


def test_tradeoff_bars_are_paired_intervals(summary):
    """A policy's bars reach from the lower to the upper limit of its difference, counted from the baseline's mean."""
    ax = draw_tradeoff(axes(), summary)
    policy = summary.others[0]
    colour = look_of(summary, policy).colour
    spans = [np.ptp(line.get_xdata()) for line in ax.lines if line.get_color() == colour and np.ptp(line.get_xdata()) > 0]
    expected = 100 * (summary.value(policy, "turnover", "diff_high") - summary.value(policy, "turnover", "diff_low"))

    np.testing.assert_allclose(spans, [expected])


def test_timeline_shows_the_series(summary):
    """Lines are the series in percent, bands its paired intervals."""
    ax = draw_timeline(axes(), summary, "turnover")
    frame = summary.series["timeline"]
    rows = frame[(frame["measure"] == "turnover") & (frame["policy"] == summary.others[1])]
    line = line_of(ax, summary.labels[summary.others[1]])

    np.testing.assert_allclose(line.get_xdata(), rows["month"])
    np.testing.assert_allclose(line.get_ydata(), 100 * rows["mean"])
    assert len(ax.collections) == len(summary.labels)


def test_survival_shows_the_series(summary):
    """Curves start at 100% and follow the series."""
    ax = draw_survival(axes(), summary)
    frame = summary.series["survival"]
    for policy, label in summary.labels.items():
        y = line_of(ax, label).get_ydata()

        np.testing.assert_allclose(y, 100 * frame.loc[frame["policy"] == policy, "mean"])
        assert y[0] == 100


def test_bridge_bars_add_up_to_the_last(summary):
    """Each step begins where the one before ended; the last bar, from zero, is their sum and the table's difference."""
    policy = summary.others[2]
    bars = draw_bridge(axes(), summary, policy).patches
    widths = np.array([bar.get_width() for bar in bars])
    starts = np.array([bar.get_x() for bar in bars])
    factor = widths[-1] / summary.value(policy, "contribution", "diff")

    assert len(bars) == len(NAMES)
    np.testing.assert_allclose(starts[1:-1], np.cumsum(widths)[:-2], atol=1e-9)
    np.testing.assert_allclose(widths[:-1].sum(), widths[-1], rtol=1e-9)
    assert any(np.isclose(factor, known) for known in (1e-6, 1e-3))


def test_a_bridge_needs_a_second_policy():
    """With the baseline alone there is nothing to bridge, and the refusal says what to do."""
    with pytest.raises(ScenarioError, match="add one"):
        draw_bridge(axes(), compare(made_records(LABELS[:1], seeds=2, months=6)))


FEW_LABELS = pytest.param(LABELS[:1], id="1", marks=pytest.mark.slow), pytest.param(LABELS[:5], id="5", marks=pytest.mark.slow)
SAVED = pytest.param((10.0, 6.0), id="saved", marks=pytest.mark.slow)


@pytest.mark.parametrize("labels", [*FEW_LABELS, pytest.param(LABELS, id="12"), pytest.param(LONG_LABELS, id="12 long")])
@pytest.mark.parametrize("draw", [draw_tradeoff, draw_timeline, draw_survival])
@pytest.mark.parametrize("size", [SAVED, pytest.param((6.4, 4.8), id="notebook")])
def test_labels_keep_apart_and_inside(labels, draw, size):
    """No label lies on another or leaves the figure, with one policy or twelve, short labels or of 80 characters."""
    ax = draw(axes(*size), compared(labels, effect=0.3))
    ax.figure.draw_without_rendering()
    boxes = [Text.get_window_extent(note).padded(-0.5) for note in ax.texts if isinstance(note, Annotation)]
    frame = ax.figure.bbox

    assert len(boxes) == len(labels)
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])
    assert all(frame.x0 <= b.x0 and b.x1 <= frame.x1 and frame.y0 <= b.y0 and b.y1 <= frame.y1 for b in boxes)


@every_drawing
def test_titles_fit_over_their_axes(draw):
    """A title of long labels stays inside the figure, in a notebook's small figure too."""
    ax = draw(axes(6.4, 4.8), compared(LONG_LABELS[:3]))
    ax.figure.draw_without_rendering()
    box = ax._left_title.get_window_extent()

    assert box.y1 <= ax.figure.bbox.y1
    assert box.x1 <= ax.figure.bbox.x1


@every_drawing
def test_user_text_is_never_mathematics(draw):
    """A label with dollar signs or underscores is drawn as it stands."""
    labels = ("Pay $5 & $6 a_b", "50% ^up$ \\frac{x}$", "_hidden")
    ax = draw(axes(), compared(labels, seeds=2, months=6))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ax.figure.draw_without_rendering()

    assert not any(text.get_parse_math() for text in (*ax.texts, ax._left_title) if "$" in text.get_text())


def test_spread_moves_as_little_as_possible():
    """Two boxes of height 2 at 5.0 and 5.5 part around their middle; one at the edge is pushed in; one apart stays."""
    np.testing.assert_allclose(spread(np.array([5.0, 5.5]), np.array([2.0, 2.0]), 0.0, 20.0), [4.25, 6.25])
    np.testing.assert_allclose(spread(np.array([0.0, 9.0]), np.array([2.0, 2.0]), 0.0, 20.0), [1.0, 9.0])


def test_a_comparison_has_these_pictures():
    """One of each kind, of each measure where there are more, and a bridge of each policy but the baseline."""
    summary = compared(LABELS[:2])
    people = {"survival", "survival_segments", "leavers_segment", "leavers_performance", "attainment"}
    alike = {"tradeoff", "timeline_turnover", "timeline_revenue", "panel", *people}
    expected = {*alike, *(f"bridge_{p}" for p in summary.others)}

    assert {picture.name for picture in pictures(summary)} == expected


def test_every_picture_is_kept_with_its_numbers(tmp_path, few):
    """Each picture is a PNG of 150 dots an inch or more, an SVG, and a CSV of what it shows."""
    summary = compared(LABELS[:2])
    written = draw_all(summary, tmp_path / "figures")

    assert DPI >= 150
    assert {path.stem for path in written} == set(few)
    assert {path.suffix for path in written} == {".png", ".svg"}
    assert all(path.stat().st_size > 10_000 and path.with_suffix(".csv").exists() for path in written)
    with (tmp_path / "figures" / "tradeoff.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [float(row["turnover_mean"]) for row in rows] == list(summary.table["turnover_mean"])


@pytest.mark.usefixtures("few")
def test_drawing_twice_gives_the_same_bytes(tmp_path):
    """Pictures hold no time and no random ids."""
    summary = compared(LABELS[:2])
    first, second = (draw_all(summary, tmp_path / name) for name in ("a", "b"))

    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


@pytest.mark.usefixtures("few")
def test_pictures_are_written_as_asked(tmp_path):
    """PDF alone, twice the same bytes, without a date; the numbers stand beside; an unknown format is refused by its name."""
    summary = compare(made_records(("\u73b0\u72b6",), seeds=2, months=6))
    first, second = (draw_all(summary, tmp_path / name, formats=("pdf",)) for name in ("a", "b"))

    assert {path.suffix for path in first} == {".pdf"}
    assert all(path.read_bytes().startswith(b"%PDF") and path.with_suffix(".csv").exists() for path in first)
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    assert not any(b"CreationDate" in path.read_bytes() for path in first)
    with pytest.raises(RunError, match=r'"gif"; choose among png, svg, pdf'):
        draw_all(summary, tmp_path, formats=("gif",))


def test_an_unwritable_folder_is_a_sentence(summary, tmp_path):
    """A file where the folder should be is refused with what to do."""
    (tmp_path / "file").write_text("")

    with pytest.raises(RunError, match="choose another folder with --out"):
        draw_all(summary, tmp_path / "file" / "figures")


def test_every_picture_says_what_it_rests_on():
    """Under each saved picture stand seeds, unit of time, assumed parameters, run and version."""
    summary = compared(LABELS[:2])
    text = caption(summary)
    parts = ("3 seeds", "24 months", "2 assumed parameters", summary.facts.run, "orgsim", "average year")

    assert all(part in text for part in parts)
    assert all(text in [t.get_text() for t in framed(summary, picture).texts] for picture in pictures(summary))


def test_titles_are_made_from_numbers(summary):
    """A title names a policy, the baseline and a figure."""
    for draw in DRAWINGS.values():
        title = draw(axes(), summary)._left_title.get_text()

        assert any(character.isdigit() for character in title) or "no material difference" in title
        assert "Status quo" in title


def test_a_timeline_title_says_whether_its_difference_is_decided(summary):
    """The two figures of a title come with the interval of their difference, or with "not decided"."""
    frame = summary.series["timeline"].copy()
    limits = {"(difference not decided)": (-0.1, 0.1), "(difference −3.0 to −1.0 points)": (-0.03, -0.01)}
    for note, span in limits.items():
        frame[["diff_low", "diff_high"]] = span
        title = draw_timeline(axes(), replace(summary, series={**summary.series, "timeline": frame}))._left_title

        assert title.get_text().replace("\n", " ").endswith(note)


def test_a_line_without_an_end_is_named_where_it_was_last_seen(summary):
    """Where nobody is left to count, a line's name stands by its last point, and a line of nothing has none."""
    frame = summary.series["timeline"].copy()
    one, other = summary.others[:2]
    late = frame["month"] > frame["month"].max() - 3
    frame.loc[(frame["policy"] == one) & late | (frame["policy"] == other), ["mean", "diff_low", "diff_high"]] = np.nan
    ax = draw_timeline(axes(), replace(summary, series={**summary.series, "timeline": frame}))
    ax.figure.draw_without_rendering()
    named = {note.get_text().replace("\n", " "): note.xy[0] for note in ax.texts if isinstance(note, Annotation)}

    assert named[summary.labels[one]] == frame["month"].max() - 3
    assert summary.labels[other] not in named


def test_bands_of_shares_end_at_zero(summary):
    """Turnover is never negative, and neither is its band."""
    frame = summary.series["timeline"].copy()
    frame[["low", "diff_low"]] = -5.0
    ax = draw_timeline(axes(), replace(summary, series={**summary.series, "timeline": frame}))

    assert all(band.get_paths()[0].vertices[:, 1].min() >= 0.0 for band in ax.collections)


def test_a_bridge_to_the_same_policy_is_flat(summary):
    """Of a policy equal to the baseline no largest part is named, and the axis is not stretched over rounding."""
    frame = summary.series["bridge"].copy()
    frame[["mean", "low", "high"]] = 0.0
    ax = draw_bridge(axes(), replace(summary, series={**summary.series, "bridge": frame}))

    assert ax._left_title.get_text().endswith("no difference")
    assert 1.0 <= np.ptp(ax.get_xlim()) <= 3.0


def test_an_interrupt_leaves_no_half_picture(summary, tmp_path, monkeypatch):
    """What stops a picture while it is written leaves neither it nor its temporary file."""

    def stop(_file):
        raise KeyboardInterrupt

    monkeypatch.setattr("simulation.experiment.writing.os.fsync", stop)
    with pytest.raises(KeyboardInterrupt):
        draw_all(summary, tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_missing_glyphs_are_one_sentence(tmp_path, monkeypatch):
    """Labels that no font can show are named once, with what to install; drawing them warns of nothing."""
    monkeypatch.setattr("simulation.report.lettering.FONTS", (("DejaVu Sans",),))
    labels = ("Base", "\u73b0\u72b6\u65b9\u6848" * 15)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        draw_all(compare(made_records(labels, seeds=2, months=6)), tmp_path, formats=("svg",))

    assert "fonts-noto-cjk" in missing_glyphs(labels)
    assert missing_glyphs(("Base", "Größe")) == ""


def test_long_lines_are_fitted():
    """A line too wide for its figure is set smaller, and then cut."""
    figure = axes().figure
    line = figure.text(0.0, 0.0, "x" * 400, fontsize=8.0)
    fit_width(line, 0.9)

    assert line.get_window_extent().width <= 0.9 * figure.bbox.width
    assert line.get_text().endswith("…")

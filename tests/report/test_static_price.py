"""Static prices on screen, in the document, in files and as pictures."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from functools import cache
from io import StringIO

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Annotation, Text
from priced import made_price
from rich.console import Console
from synthetic import LABELS, LONG_LABELS, made_records

from simulation.errors import ScenarioError
from simulation.experiment.store import write_run
from simulation.report.charts.losers import draw_losers
from simulation.report.charts.static_price import draw_static_price
from simulation.report.figures import blank, framed, pictures, write_under
from simulation.report.static_price import print_static, share, static_document, wedge_sentences
from simulation.report.table import as_json, print_comparison
from simulation.statistics.compare import compare

DRAWINGS = {"static_price": draw_static_price, "losers": draw_losers}
every_drawing = pytest.mark.parametrize("draw", DRAWINGS.values(), ids=DRAWINGS)


@cache
def compared(labels):
    """A comparison of made-up records."""
    return compare(made_records(labels, seeds=2, months=12))


def priced(labels=LABELS[:5], **how):
    """The same with made-up static prices."""
    summary = compared(labels)
    return replace(summary, static=made_price(summary.policies, labels, **how))


@pytest.fixture(scope="module")
def summary():
    """Five policies."""
    return priced()


def printed(summary, width=80, what=print_static):
    """What is printed on a screen of some width."""
    text = StringIO()
    what(summary, Console(file=text, width=width, markup=False, highlight=False))
    return text.getvalue()


def axes(width=10.0, height=6.0):
    """Axes on a figure of their own."""
    figure = Figure(figsize=(width, height))
    FigureCanvasAgg(figure)
    return figure.add_axes((0.09, 0.155, 0.885, 0.70))


def test_the_table_shows_price_pay_and_wedge(summary):
    """Each policy has static and lived pay cost and the wedge in millions; the seeds are named, and that lines are in order."""
    text = printed(summary)
    row = summary.static.policies.loc["p2_steeper"]

    assert "first 16 seeds" not in text  # of two seeds the study has, no fewer are priced
    for key in ("static", "lived"):
        assert f"{row[f'{key}_mean'] / 1e6:.2f}" in text
    assert f"{row['wedge_mean'] / 1e6:+.2f}".replace("-", "−") in text
    assert "baseline" in text
    assert max(map(len, text.splitlines())) <= 80


def test_the_whole_table_has_the_block(summary):
    """`orgsim compare` prints the block, and none without static prices."""
    assert "Static price beside the lived one" in printed(summary, what=print_comparison)
    assert "Static price" not in printed(replace(summary, static=None), what=print_comparison)


def test_a_material_wedge_is_a_sentence():
    """Price, pay and wedge of a policy are said where the wedge is material, and only there."""
    sentences = wedge_sentences(priced(LABELS[:3]))

    assert len(sentences) == 2
    assert "at the sales of Status quo its plan changes pay cost by" in sentences[0]
    assert wedge_sentences(priced(LABELS[:3], wedge=0.0)) == []


@pytest.mark.parametrize(("value", "says"), [(0.0, "0%"), (0.004, "< 1%"), (0.005, "0%"), (0.256, "26%"), (1.0, "100%")])
def test_a_few_are_not_none(value, says):
    """A share that would round to nothing and is something is said to be below 1%."""
    assert share(value).replace("1%" if value == 0.005 else "\0", "0%") == says


def test_the_document_has_every_policy(summary):
    """Under `static` stand price, pay, wedge, change, losers and winners by policy; without static prices it is null."""
    document = json.loads(json.dumps(as_json(summary), allow_nan=False))["static"]
    policy = document["p1_cut_a_fifth"]
    row = summary.static.policies.loc["p1_cut_a_fifth"]

    assert list(document) == list(summary.labels)
    assert list(policy) == [
        "static", "lived", "wedge", "change", "losing", "gaining", "losers", "winners", "reps", "seeds", "months", "year",
    ]  # fmt: skip
    assert policy["wedge"]["mean"] == row["wedge_mean"]
    assert policy["losing"]["10%"]["sales"]["high"] == row["sales10_high"]
    assert [len(policy[side]) for side in ("losers", "winners")] == [3, 3]
    assert policy["losers"][0]["relative"]["mean"] < policy["losers"][1]["relative"]["mean"] < 0.0
    assert static_document(replace(summary, static=None)) is None


def test_a_run_keeps_both_tables(tmp_path, summary):
    """`static.csv` has a row a policy, `static_groups.csv` one a policy and group; a run without leaves none behind."""
    records = made_records(seeds=2, months=12)
    folder = write_run(records, summary, tmp_path)
    with (folder / "static.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["policy"]: row for row in csv.DictReader(file)}
    with (folder / "static_groups.csv").open(encoding="utf-8", newline="") as file:
        groups = list(csv.DictReader(file))

    assert float(rows["p2_steeper"]["wedge_mean"]) == summary.static.policies.loc["p2_steeper", "wedge_mean"]
    assert {"label", "losing5_mean", "sales10_high", "wedge_decided", "reps"} < set(rows["p2_steeper"])
    assert len(groups) == 5 * 35
    assert {"tenure", "segment", "share", "relative_low"} < set(groups[0])

    write_run(records, replace(summary, static=None), tmp_path)
    assert not list(folder.glob("static*"))


@every_drawing
def test_drawings_return_their_axes_and_touch_no_other(draw, summary):
    """A draw function adds to the axes it is given, returns them, and makes no further axes."""
    ax = axes()

    assert draw(ax, summary) is ax
    assert ax.figure.axes == [ax]


@every_drawing
def test_there_must_be_something_to_draw(draw, summary):
    """Without static prices, or without a second policy, the refusal says what is needed."""
    for nothing in (replace(summary, static=None), priced(LABELS[:1])):
        with pytest.raises(ScenarioError, match="needs records with the baseline's rep-months"):
            draw(axes(), nothing)


def test_marks_stand_at_price_and_pay(summary):
    """A policy's ring stands at the change priced, its disc at the change lived, in millions."""
    ax = draw_static_price(axes(), summary)
    rows = summary.static.policies
    marks = [line.get_xdata()[0] for line in ax.lines if line.get_marker() == "o" and line.get_transform() == ax.transData]
    expected = [rows.loc[policy, f"change_{key}_mean"] / 1e6 for policy in summary.others for key in ("static", "lived")]

    np.testing.assert_allclose(marks, expected)


def test_bars_are_shares_of_reps(summary):
    """Left of zero stand those who lose, right those who gain, both limits, in percent."""
    bars = draw_losers(axes(), summary).patches
    rows = summary.static.policies
    keys = (("losing5", -100), ("losing10", -100), ("gaining5", 100), ("gaining10", 100))
    expected = [sign * rows.loc[policy, f"{key}_mean"] for policy in summary.others for key, sign in keys]

    np.testing.assert_allclose([bar.get_width() for bar in bars], expected)


@pytest.mark.parametrize(
    ("labels", "size"),
    [pytest.param(LABELS, (10.0, 6.0), marks=pytest.mark.slow), (LABELS[:2], (6.4, 4.8)), (LONG_LABELS, (6.4, 4.8))],
    ids=["12 saved", "2 in a notebook", "12 long in a notebook"],
)  # fmt: skip
@every_drawing
def test_words_keep_apart_and_inside(draw, labels, size):
    """No words lie on others, on a ring or outside the figure, with one policy or eleven, labels short or of 80 characters."""
    ax = draw(axes(*size), priced(labels))
    ax.figure.draw_without_rendering()
    words = [text for text in ax.texts if text.get_text()]
    boxes = [Text.get_window_extent(text).padded(-0.5) for text in words]
    frame = ax.figure.bbox

    assert sum(isinstance(text, Annotation) for text in words) >= len(labels) - 1
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])
    assert all(frame.x0 <= b.x0 and b.x1 <= frame.x1 and frame.y0 <= b.y0 and b.y1 <= frame.y1 for b in boxes)


@every_drawing
def test_of_many_policies_the_telling_ones_are_drawn(draw):
    """Of thirty policies twenty rows are drawn, in their own order, and the axis says so."""
    labels = tuple(f"Plan {n}" for n in range(31))
    ax = draw(axes(), priced(labels))
    named = [text.get_text() for text in ax.texts if text.get_text().startswith("Plan")]

    assert len(named) == 20
    assert named == sorted(named, key=labels.index)
    assert ax.get_xlabel().endswith("; 20 of 30 policies")


def test_titles_say_what_is_shown(summary):
    """Titles name the policy with the largest wedge and the one with most losers; where there is neither, they say so."""
    rows = summary.static.policies
    wedge, lost = rows["wedge_mean"].abs().idxmax(), rows["losing5_mean"].idxmax()
    calm = priced(wedge=0.0, losing=0.0)

    assert draw_static_price(axes(), summary)._left_title.get_text().startswith(summary.labels[wedge])
    assert draw_losers(axes(), summary)._left_title.get_text().startswith(summary.labels[lost])
    assert "no plan is shown" in draw_static_price(axes(), calm)._left_title.get_text()
    assert "no rep would earn 5% less" in draw_losers(axes(), calm)._left_title.get_text().replace("\n", " ")


def test_pictures_say_that_they_stand_for_fewer_seeds(summary):
    """Under a picture of static prices stands how many seeds they are of, where the study has more."""
    fewer = replace(summary, static=replace(summary.static, seeds=1))
    notes = {
        picture.name: [text.get_text().replace("\n", " ") for text in framed(fewer, picture).texts]
        for picture in pictures(fewer) if picture.name in DRAWINGS
    }  # fmt: skip

    assert all(any("On the first 1 seed." in text for text in texts) for texts in notes.values())
    assert len(notes) == 2


def test_both_pictures_are_among_a_runs(summary):
    """Static prices bring two pictures with the numbers that they show; without them there are none."""
    found = {picture.name: list(picture.data.columns) for picture in pictures(summary)}

    assert {"static_price", "losers"} <= set(found)
    assert "wedge_low" in found["static_price"]
    assert "sales5_mean" in found["losers"]
    assert "static_price" not in {picture.name for picture in pictures(replace(summary, static=None))}


@pytest.mark.parametrize("labels", [LABELS[:5], pytest.param(LABELS, marks=pytest.mark.slow)], ids=["4 plans", "11 plans"])
@pytest.mark.parametrize("losing", [0.02, 1.0])
def test_the_line_at_zero_runs_through_no_words(labels, losing):
    """Words under bars stand left or right of zero, losers' left and winners' right where both find room."""
    ax = draw_losers(axes(), priced(labels, losing=losing))
    zero = ax.transData.transform((0.0, 0.0))[0]
    groups = [text for text in ax.texts if "led by" in text.get_text()]
    boxes = [(text.get_text(), text.get_window_extent()) for text in groups]

    assert len(groups) == 2 * (len(labels) - 1)
    assert all(box.x1 < zero if words.startswith("hardest hit") else box.x0 > zero for words, box in boxes)


def test_where_one_side_is_narrow_words_go_to_the_other():
    """With losers only, the words on winners find no room right of zero: all stand left of it."""
    summary = priced(LABELS[:4])
    rows = summary.static.policies.copy()
    rows.loc[:, [column for column in rows if column.startswith("gaining")]] = 0.0
    rows.loc[:, "losing5_mean"] = 1.0
    ax = draw_losers(axes(), replace(summary, static=replace(summary.static, policies=rows)))
    zero = ax.transData.transform((0.0, 0.0))[0]
    boxes = [text.get_window_extent() for text in ax.texts if "led by" in text.get_text()]

    assert len(boxes) == 3
    assert all(box.x1 < zero for box in boxes)


@pytest.mark.parametrize("words", ["Short.", "A sentence of some length. " * 30])
def test_nothing_under_a_picture_is_cut_or_in_the_way(summary, words):
    """Note and caption are whole, inside the figure, apart from each other and from the axis, whose axes keep their size."""
    figure = blank(10.0, 6.0)
    ax = draw_losers(figure.add_axes((0.09, 0.155, 0.885, 0.70)), summary)
    before, top = ax.get_window_extent().frozen(), figure.bbox.y1
    write_under(figure, words, words)
    note, about = sorted(figure.texts, key=lambda text: -text.get_window_extent().y0)
    boxes = [ax.xaxis.get_tightbbox(), note.get_window_extent(), about.get_window_extent()]

    assert [text.get_text().replace("\n", " ") for text in figure.texts] == [words.strip(), words.strip()]
    assert boxes[0].y0 > boxes[1].y1 > boxes[1].y0 > boxes[2].y1 > boxes[2].y0 > 0.0
    assert all(box.x1 < figure.bbox.x1 for box in boxes)
    assert (before.width, before.height) == pytest.approx(ax.get_window_extent().size)
    assert figure.bbox.y1 - ax.get_window_extent().y1 == pytest.approx(top - before.y1)

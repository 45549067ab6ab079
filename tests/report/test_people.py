"""Charts about people: artists show the series, titles claim nothing that is open, and hard cases stay legible."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache, partial

import numpy as np
import pytest
from legible import assert_legible
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from synthetic import LABELS, LONG_LABELS, made_records

from simulation.errors import ScenarioError
from simulation.report.charts.attainment import draw_attainment
from simulation.report.charts.groups import Shift, shifts_said
from simulation.report.charts.leavers import KINDS, draw_leavers
from simulation.report.charts.survival_segments import draw_survival_segments
from simulation.report.figures import pictures
from simulation.report.style import drawing
from simulation.report.words.quotes import cell, told
from simulation.statistics.compare import compare
from simulation.vocabulary import ATTAINMENT_EDGES, MOTIVES_IN_ORDER, STANDINGS

CHINESE = ("\u73b0\u72b6", "\u589e\u957f\u7ec4\u5408", "\u80a1\u6743\u66f4\u65b0")
SIGNS = ("Pay $5 & $6 a_b", "50% ^up$ \\frac{x}$", "Größe \u05ea\u05d5\u05db\u05e0\u05d9\u05ea")
DRAWINGS = {
    "survival": draw_survival_segments,
    "segment": partial(draw_leavers, by="segment"),
    "performance": partial(draw_leavers, by="performance"),
    "attainment": draw_attainment,
}
SLOW = pytest.mark.slow
every_drawing = pytest.mark.parametrize("draw", DRAWINGS.values(), ids=DRAWINGS)


@lru_cache(maxsize=8)
def compared(labels, seeds=2, months=12):
    """The comparison of policies with these labels."""
    return compare(made_records(labels, seeds=seeds, months=months))


@pytest.fixture(scope="module")
def summary():
    """Three policies over three years."""
    return compared(LABELS[:3], seeds=6, months=36)


def axes(width=10.0, height=6.0):
    """Axes on a figure of their own."""
    figure = Figure(figsize=(width, height))
    FigureCanvasAgg(figure)
    return figure.add_axes((0.09, 0.155, 0.885, 0.70))


def changed(summary, name, **columns):
    """The summary with columns of a series set."""
    return replace(summary, series={**summary.series, name: summary.series[name].assign(**columns)})


def without(summary, name, column, value):
    """The summary whose series has no row with a value."""
    frame = summary.series[name]
    return replace(summary, series={**summary.series, name: frame[frame[column] != value]})


def title_of(ax):
    """The title in one line."""
    return ax._left_title.get_text().replace("\n", " ")


@every_drawing
def test_drawings_return_their_axes_and_touch_no_other(draw, summary):
    """A draw function adds to the axes it is given, returns them, and makes no other; the title names the baseline."""
    ax = axes()

    assert draw(ax, summary) is ax
    assert ax.figure.axes == [ax]
    assert "Status quo" in title_of(ax)


@every_drawing
def test_a_title_can_be_left_out(draw, summary):
    """Without it the axes have no title."""
    assert title_of(draw(axes(), summary, title=False)) == ""


def test_panels_show_the_curves(summary):
    """Each panel has a line for the baseline and one for the policy, in percent, with a band each."""
    policy = summary.others[1]
    panels = draw_survival_segments(axes(), summary, policy).child_axes
    frame = summary.series["survival_segments"]

    assert len(panels) == len(MOTIVES_IN_ORDER)
    for panel, segment in zip(panels, MOTIVES_IN_ORDER, strict=True):
        for key in (summary.baseline, policy):
            rows = frame[(frame["policy"] == key) & (frame["segment"] == segment)]
            line = next(line for line in panel.lines if line.get_label() == summary.labels[key])

            np.testing.assert_allclose(line.get_ydata(), 100 * rows["mean"])
            np.testing.assert_allclose(line.get_xdata(), rows["tenure"])
        assert len(panel.collections) == 2


@pytest.mark.parametrize("by", ["segment", "performance"])
def test_bars_are_the_leavers_and_end_at_their_total(summary, by):
    """A bar's parts are the kinds in percent, one after the other; its figure and its interval are those of the total."""
    policy = summary.others[0]
    ax = draw_leavers(axes(), summary, policy, by=by)
    parts = summary.series["leavers"].query("by == @by").set_index(["group", "policy", "kind"])["mean"]
    totals = summary.series["leavers_total"].query("by == @by").set_index(["group", "policy"])
    groups = MOTIVES_IN_ORDER if by == "segment" else STANDINGS[::-1]
    lines, figures = iter(ax.lines), iter(text.get_text() for text in ax.texts if text.get_text().endswith("%"))
    widths, starts = (
        np.array([getattr(bar, f"get_{what}")() for bar in ax.patches]).reshape(2, len(KINDS), len(groups))
        for what in ("width", "x")
    )
    for side, key in enumerate((summary.baseline, policy)):
        for place, group in enumerate(groups):
            own, start, row = widths[side, :, place], totals.loc[(group, summary.baseline)], totals.loc[(group, key)]
            limits = (row["low"], row["high"]) if key == summary.baseline else start["mean"] + row[["diff_low", "diff_high"]]

            np.testing.assert_allclose(own, [100 * parts[group, key, kind] for kind in KINDS])
            np.testing.assert_allclose(starts[side, :, place], [0.0, own[0], own[0] + own[1]], atol=1e-12)
            np.testing.assert_allclose(own.sum(), 100 * row["mean"])
            np.testing.assert_allclose(next(lines).get_xdata(), np.maximum(100 * np.array(limits, dtype=float), 0.0))
            assert next(figures) == f"{100 * row['mean']:.1f}%"


def test_kinds_are_told_apart_without_colour(summary):
    """Each kind of leaving has a hatch of its own, and the baseline's bars are paler."""
    bars = draw_leavers(axes(), summary, summary.others[0]).patches
    half = len(bars) // 2

    assert len({bar.get_hatch() for bar in bars[:half]}) == len(KINDS)
    assert [{bar.get_alpha() < 1.0 for bar in some} for some in (bars[:half], bars[half:])] == [{True}, {False}]


def test_bars_of_attainment_are_the_distribution(summary):
    """A row has a bar a bin, as high as its share; those from quota on are full, and the figures at the right are the table's."""
    ax = draw_attainment(axes(), summary)
    frame = summary.series["attainment"]
    bins = len(ATTAINMENT_EDGES) + 1
    bars = [bar for bar in ax.patches if hasattr(bar, "get_height")]
    heights = -np.array([bar.get_height() for bar in bars]).reshape(len(summary.policies), bins)
    shares = np.array([frame.loc[frame["policy"] == policy, "mean"] for policy in summary.policies])

    np.testing.assert_allclose(heights / heights[0, 0], shares / shares[0, 0])
    assert [bar.get_alpha() == 1.0 for bar in bars[:bins]] == [k >= 1 + ATTAINMENT_EDGES.index(1.0) for k in range(bins)]
    for policy in summary.policies:
        words = f"{100 * summary.value(policy, 'at_quota'):.1f}%"
        assert any(text.get_text().startswith(words) for text in ax.texts)


def test_titles_are_quoted_from_the_series(summary):
    """Every number in a title is noted with its address, and that cell holds it."""
    policy = summary.others[0]
    frame = summary.series["leavers_total"]
    shown = changed(summary, "leavers_total", diff=frame["diff"] - 1.0, diff_low=frame["diff"] - 1.1, diff_high=-0.5)
    sentence = told(lambda: title_of(draw_leavers(axes(), shown, policy, by="performance")))

    assert len(sentence.quotes) == 1
    for number in sentence.quotes:
        value = cell(shown, number.measure, number.policy, number.statistic)
        assert number.text == f"{100 * value:+.1f}".replace("-", "\u2212")


@every_drawing
def test_what_is_open_is_not_claimed(draw, summary):
    """Where every interval holds zero, no title says more, fewer, or by how much."""
    for name in ("survival_segments", "leavers", "leavers_total"):
        summary = changed(summary, name, diff_low=-0.1, diff_high=0.1)
    table = summary.table.assign(at_quota_diff_low=-0.1, at_quota_diff_high=0.1)
    title = title_of(draw(axes(), replace(summary, table=table)))

    assert "decided" in title
    assert not any(word in title for word in ("more", "fewer", "points"))


def test_no_interval_is_no_claim():
    """With one seed there are no intervals: charts are drawn, and titles claim nothing."""
    for draw in DRAWINGS.values():
        title = title_of(draw(axes(), compared(LABELS[:2], seeds=1)))

        assert not any(word in title for word in ("more", "fewer", "points"))


def test_sentences_on_groups():
    """Both directions, the undecided, all groups alike, nothing decided, no difference."""
    up, down, more = (Shift(name, *size, said) for name, size, said in (
        ("money", (0.04, 0.01, 0.07), "+4.0 points"), ("belonging", (-0.06, -0.09, -0.03), "\u22126.0 points"),
        ("mastery", (0.05, 0.01, 0.09), "+5.0 points"),
    ))  # fmt: skip
    open_, none = Shift("security", 0.1, -0.1, 0.3, "+10.0 points"), Shift("autonomy", 0.0, 0.0, 0.0, "0.0 points")
    say = partial(shifts_said, does="stay", of="of")

    assert say([up, down, open_]) == (
        "more stay of money (+4.0 points); fewer stay of belonging (\u22126.0 points); not decided for the other one group"
    )
    assert say([up, more, replace(more, size=0.06, name="security"), open_]).startswith(
        "more stay of security (+5.0 points), mastery (+5.0 points) and one more group; not decided"
    )
    assert say([up, more, up]) == "more stay in all three groups (largest difference: mastery, +5.0 points)"
    assert say([open_, open_]) == "in no group is the difference decided"
    assert say([none, none]) == "no difference in any group"


def test_a_missing_segment_is_said(summary):
    """A segment that nobody could follow has an empty panel that says so, and no number in the title."""
    shown = without(summary, "survival_segments", "segment", "belonging")
    ax = draw_survival_segments(axes(), shown)
    words = [text.get_text() for text in ax.child_axes[-1].texts]

    assert "too few to follow" in words
    assert ax.child_axes[-1].lines[0].get_label().startswith("_")
    assert "belonging" not in title_of(ax)
    assert_legible(ax.figure)


def test_no_segment_at_all_is_said(summary):
    """Where no segment could be followed, the title says that, and nothing else fails."""
    nothing = replace(summary, series={**summary.series, "survival_segments": summary.series["survival_segments"].iloc[:0]})
    ax = draw_survival_segments(axes(), nothing)

    assert title_of(ax) == "No segment has enough reps to follow how long they stay"
    assert_legible(ax.figure)


def test_nobody_leaves():
    """Without a leaver bars are empty, figures are zero, and the title says that there is no difference."""
    records = made_records(LABELS[:2], seeds=3, months=12)
    still = {key: 0.0 * values for key, values in records.sums.items() if key.startswith(("quits", "dismissals", "regretted"))}
    groups = {key: 0.0 * values for key, values in records.groups.items() if key in still}
    summary = compare(replace(records, sums=records.sums | still, groups=records.groups | groups))
    for by in ("segment", "performance"):
        ax = draw_leavers(axes(), summary, by=by)

        assert all(bar.get_width() == 0.0 for bar in ax.patches)
        assert title_of(ax).endswith("no difference in any group")
        assert ax.get_xlim()[1] > 4.0
        assert_legible(ax.figure)


def test_a_group_of_nobody_has_no_figure(summary):
    """A group without reps is named as such, has no bar, and a dash for a figure."""
    frame = summary.series["leavers_total"].copy()
    gone = frame["group"] == "third"
    frame.loc[gone, ["mean", "low", "high", "diff", "diff_low", "diff_high"]] = np.nan
    frame.loc[gone, "share"] = 0.0
    parts = summary.series["leavers"].copy()
    parts.loc[parts["group"] == "third", "mean"] = np.nan
    ax = draw_leavers(
        axes(), replace(summary, series={**summary.series, "leavers_total": frame, "leavers": parts}), by="performance"
    )
    words = [text.get_text() for text in ax.texts]

    assert words.count("\u2013") == 2
    assert any("no\N{NO-BREAK SPACE}reps" in text for text in words)
    assert_legible(ax.figure)


def test_another_grouping_is_refused(summary):
    """A word that is no grouping is refused with those that are."""
    with pytest.raises(ScenarioError, match="use segment or performance"):
        draw_leavers(axes(), summary, by="age")


@pytest.mark.parametrize("draw", [draw_survival_segments, draw_leavers])
def test_an_unknown_policy_is_refused(draw, summary):
    """A key that was not compared is refused with those that were."""
    with pytest.raises(ScenarioError, match=f"use one of {summary.baseline}"):
        draw(axes(), summary, "nobody")


@every_drawing
def test_twelve_long_labels_are_legible(draw):
    """Twelve policies with labels of eighty characters, as small as in a notebook: nothing overlaps, leaves or is too small."""
    assert_legible(draw(axes(6.4, 4.8), compared(LONG_LABELS, seeds=3, months=24)).figure)


@every_drawing
@pytest.mark.parametrize(
    "labels",
    [pytest.param(LABELS[:1], id="one", marks=SLOW), pytest.param(CHINESE, id="zh", marks=SLOW), pytest.param(SIGNS, id="signs")],
)
def test_hard_labels_are_legible_and_stand_as_they_are(draw, labels):
    """One policy, Chinese labels and labels that look like mathematics are drawn as they stand."""
    with drawing():
        ax = draw(axes(), compared(labels))
        assert_legible(ax.figure)

    assert not any(text.get_parse_math() for text in (*ax.texts, ax._left_title) if "$" in text.get_text())


def test_pictures_carry_the_numbers_they_show(summary):
    """Beside each picture about people stand the rows that it shows."""
    found = {picture.name: picture.data for picture in pictures(summary)}
    both = {summary.baseline, *found["survival_segments"]["policy"]}

    assert len(both) == 2
    assert set(found["leavers_segment"]["kind"]) == {"quits", "regretted", "dismissals", "turnover"}
    assert set(found["leavers_performance"]["group"]) == set(STANDINGS)
    assert set(found["attainment"]["policy"]) == set(summary.policies)

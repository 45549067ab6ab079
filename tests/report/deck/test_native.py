"""Native charts: what they show, and the workbooks behind them, are the summary's figures in shown units."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from io import BytesIO
from math import isclose

import numpy as np
import openpyxl
import pytest
from boards import made_board
from decks import CASES_BY_COST, HEAVY, chart_named, charts, findings, opened
from lxml import etree
from pptx import Presentation
from synthetic import LABELS

from simulation.report.charts.bridge import NAMES as LINES
from simulation.report.deck.bars import GAP_WIDTH, Bars, Part, _gap, _limits
from simulation.report.deck.deck import write_deck
from simulation.report.deck.native import C, nice_limits
from simulation.report.deck.slides.survival import _segments
from simulation.report.reasons import NEGLIGIBLE
from simulation.report.style import look_of, summary_scale
from simulation.report.words.phrases import focus

every_deck = pytest.mark.parametrize("name", CASES_BY_COST)
every_heavy = pytest.mark.parametrize("name", HEAVY)
SCATTER = ("idx", "order", "tx", "spPr", "marker", "dPt", "dLbls", "trendline", "errBars", "xVal", "yVal", "smooth", "extLst")
BAR = (
    "idx", "order", "tx", "spPr", "invertIfNegative", "pictureOptions", "dPt", "dLbls", "trendline", "errBars", "cat", "val",
    "shape", "extLst",
)  # fmt: skip
"""The one order that the schema of the format has for parts of a series."""


def sheet_of(chart):
    """The rows of the workbook behind a chart."""
    book = openpyxl.load_workbook(BytesIO(chart.part.chart_workbook.xlsx_part.blob))
    return [[cell.value for cell in row] for row in book.active.iter_rows()]


def cells_at(rows, reference):
    """Values at a reference such as Sheet1!$B$2:$B$9, in order."""
    first, _, last = reference.rpartition("!")[2].replace("$", "").partition(":")
    cell = openpyxl.utils.cell.coordinate_from_string
    (column, top), (_, bottom) = cell(first), cell(last or first)
    place = openpyxl.utils.column_index_from_string(column) - 1
    return [rows[row][place] if row < len(rows) else None for row in range(top - 1, bottom)]


@every_heavy
def test_charts_show_what_their_workbooks_hold(name):
    """Every number and name that a chart has cached is that of the cell it refers to."""
    for _, shape in charts(opened(name)):
        rows = sheet_of(shape.chart)
        for ref in shape.chart._chartSpace.iter(f"{C}numRef", f"{C}strRef"):
            cells = cells_at(rows, ref.find(f"{C}f").text)
            cached = {int(pt.get("idx")): pt.find(f"{C}v").text for pt in ref.iter(f"{C}pt")}
            for place, cell in enumerate(cells):
                held = cached.get(place)
                assert (cell is None and held is None) or str(cell) == held or isclose(cell, float(held), rel_tol=1e-14)


@every_deck
def test_parts_of_series_stand_in_the_order_of_the_schema(name):
    """Error bars, labels and points stand where the format wants them, so that no program repairs the file."""
    for _, shape in charts(opened(name)):
        for series in shape.chart._chartSpace.iter(f"{C}ser"):
            order = SCATTER if series.find(f"{C}xVal") is not None else BAR
            places = [order.index(etree.QName(child).localname) for child in series]

            assert places == sorted(places)


def test_tradeoff_has_marks_and_intervals_of_the_summary():
    """Marks are turnover and revenue in shown units, bars the interval of the difference around them, looks those of pictures."""
    summary = findings("five").summary
    chart, keys = chart_named("five", "Turnover against revenue"), ("turnover", "revenue")
    order = (*summary.others, summary.baseline)
    for row, policy in zip(sheet_of(chart)[1:], order, strict=True):
        side = "" if policy == summary.baseline else "diff_"
        of = {key: (summary_scale(summary, key).of, partial(summary.value, policy, key)) for key in keys}
        halves = [of[key][0](of[key][1](f"{side}high") - of[key][1](f"{side}low")) / 2 for key in keys]

        assert row[0] == summary.labels[policy]
        np.testing.assert_allclose(row[1:3], [scaled(value()) for scaled, value in of.values()])
        np.testing.assert_allclose(row[3:], np.repeat(halves, 2))
    for series, policy in zip(chart.plots[0].series, order, strict=True):
        bars = series._element.findall(f"{C}errBars")

        assert str(series.marker.format.fill.fore_color.rgb) == look_of(summary, policy).colour.lstrip("#").upper()
        assert [bar.find(f"{C}errDir").get("val") for bar in bars] == ["x", "y"]


def test_names_of_the_tradeoff_do_not_collide():
    """Labels are moved from their marks, each to a place of its own."""
    chart = chart_named("five", "Turnover against revenue")
    moved = [label.find(f".//{C}manualLayout") for label in chart._chartSpace.iter(f"{C}dLbl")]
    places = [tuple(float(axis.get("val")) for axis in place) for place in moved]

    assert len(places) == len(findings("five").summary.labels)
    assert len(set(places)) == len(places)


def test_the_bridge_adds_up():
    """Steps are the lines of the bridge in shown units, each begins where the last one ended, and the last is their sum."""
    summary = findings("five").summary
    head, *rows = sheet_of(chart_named("five", "What it costs and earns"))
    lines = summary.series["bridge"]
    means = lines[lines["policy"] == focus(summary)].set_index("line").loc[list(LINES)]["mean"].to_numpy()
    unseen = ("", "Up to here", "Room for figures")
    steps = [sum(abs(value) for value, name in zip(row, head, strict=True) if name and name not in unseen) for row in rows][::-1]
    takes = [place for place, name in enumerate(head) if name and name.startswith("Takes")]
    signs = [-1.0 if any(row[place] for place in takes) else 1.0 for row in rows][::-1]

    assert [row[0] for row in rows][::-1] == list(LINES.values())
    np.testing.assert_allclose(np.array(steps) / steps[0], np.abs(means) / np.abs(means[0]), atol=1e-9)
    assert [sign > 0 for sign in signs[:-1]] == [mean >= 0 for mean in means[:-1]]


def test_lines_are_the_series():
    """Lines of survival are the summary's in percent, and the band is that of the policy of the title."""
    summary = findings("five").summary
    head, *rows = sheet_of(chart_named("five", "Who stays", "Left chart"))
    frame = summary.series["survival"]
    columns = dict(zip(head, zip(*rows, strict=True), strict=True))
    policy = focus(summary)
    start = frame.loc[frame["policy"] == summary.baseline, "mean"].to_numpy()
    own = frame[frame["policy"] == policy]
    for key, label in summary.labels.items():
        np.testing.assert_allclose(columns[label], 100 * frame[frame["policy"] == key]["mean"])
    wanted = np.maximum(100 * (start + own["diff_low"]), 0.0)

    np.testing.assert_allclose(columns[f"{summary.labels[policy]}: low end of interval"], wanted)


def test_bars_of_motives_are_survival_by_segment():
    """Bars of the second chart are the shares still there after two years, and their ends those of the differences."""
    summary = findings("five").summary
    head, *rows = sheet_of(chart_named("five", "Who stays", "Right chart"))
    frame = summary.series["survival_segments"]
    policy = focus(summary)
    at = frame[frame["tenure"] == 24].set_index(["policy", "segment"])

    assert head[1:3] == [summary.labels[policy], summary.labels[summary.baseline]]
    for name, own, start, below, above in rows:
        row = at.loc[policy, name.lower()]
        wanted = [row["mean"], at.loc[(summary.baseline, name.lower()), "mean"], row["diff"] - row["diff_low"]]
        np.testing.assert_allclose([own, start, below, above], 100 * np.array([*wanted, row["diff_high"] - row["diff"]]))


def test_motives_are_followed_for_a_year_where_more_of_them_can_be():
    """The chart by motive goes back to a year where fewer groups are followed for two, and is left out where none is."""
    summary = findings("five").summary
    frame = summary.series["survival_segments"]
    kept = frame[(frame["segment"] == "money") | (frame["tenure"] < 20)]
    short = replace(summary, series={**summary.series, "survival_segments": kept})
    month, rows = _segments(short)
    none = replace(summary, series={**summary.series, "survival_segments": frame.iloc[:0]})

    assert _segments(summary)[0] == 24
    assert (month, set(rows)) == (12, set(frame["segment"]))
    assert _segments(none)[1] == {}


def test_turnover_is_never_drawn_below_zero(tmp_path):
    """An axis of what is never negative begins at zero at the lowest, however wide an interval is."""
    board = made_board(LABELS[:1], seeds=2, months=12, whole=False)
    deck = Presentation(write_deck(board, tmp_path / "deck.pptx"))
    [chart] = [shape.chart for shape in deck.slides[1].shapes if shape.has_chart]

    assert board.summary.value(board.summary.baseline, "turnover", "low") < 0.0
    assert chart.category_axis.minimum_scale == 0.0


def test_an_axis_of_shares_ends_at_a_hundred():
    """Bars without figures beside them need no room, and few bars are no thicker than many."""
    shares = Bars(["a", "b"], [Part("lose", [-100.0, 0.0]), Part("gain", [0.0, 46.0])], "Reps (%)", stacked=True)

    assert _limits(shares, 3.0)[:2] == (-100.0, 50.0)
    assert [_gap(Bars(["a"] * n, [Part("x", [1.0] * n)], ""), 3.0) for n in (1, 12)] == [400, GAP_WIDTH]


def test_levers_have_error_bars_of_their_intervals():
    """Lengths of error bars are the halves of the intervals of shares, tied to cells."""
    summary = findings("five").summary
    chart = chart_named("five", "What drives it", "Left chart")
    head, *rows = sheet_of(chart)
    found = summary.reasons.by_lever[focus(summary)]["contribution"]
    estimates = sorted((one.share for one in found.levers.values()), key=lambda share: -abs(share.mean))
    values = np.array([row[1:4] for row in rows][::-1][:-1], dtype=float)
    wanted = np.array([(one.mean, one.mean - one.low, one.high - one.mean) for one in estimates])

    assert head == [None, "Difference", "Difference: below", "Difference: above"]
    np.testing.assert_allclose(values / values[0, 0], wanted / wanted[0, 0])


def test_reasons_are_the_largest_terms():
    """Bars of reasons are differences in the terms of the quitting rule, the largest first, and none that is negligible."""
    summary = findings("five").summary
    rows = sheet_of(chart_named("five", "What drives it", "Right chart"))[1:][::-1]
    found = summary.reasons.by_reason[focus(summary)]
    wanted = sorted((shift.difference.mean for shift in found.values()), key=abs, reverse=True)

    np.testing.assert_allclose([row[1] for row in rows], wanted[: len(rows)])
    assert min(abs(row[1]) for row in rows) >= NEGLIGIBLE


def test_leavers_add_up_by_group():
    """Parts of a bar are the rates of its group and policy in percent a year, so that the bar is its turnover."""
    summary = findings("five").summary
    frame = summary.series["leavers"]
    rows = sheet_of(chart_named("five", "Who leaves", "Left chart"))[1:][::-1]
    own = frame[(frame["by"] == "segment") & frame["policy"].isin([summary.baseline, focus(summary)])]
    wanted = 100 * own.groupby(["policy", "group"], sort=False)["mean"].sum()
    order = [wanted[policy, group] for group in own["group"].unique() for policy in (summary.baseline, focus(summary))]

    np.testing.assert_allclose([sum(row[1:]) for row in rows], order)


def test_prices_and_losers_are_those_of_the_replay():
    """Bars of pay cost are the two changes of each plan; losers stand left of zero, gainers right, and parts add up to 5%."""
    summary = findings("five").summary
    found = summary.static.policies
    head, *prices = sheet_of(chart_named("five", "Price and lived price", "Left chart"))
    losers = sheet_of(chart_named("five", "Price and lived price", "Right chart"))[1:]
    for row, shares in zip(prices, losers, strict=True):
        own = found[found["label"] == row[0]].iloc[0]

        assert head[1:] == ["As lived", "At the baseline's sales"]
        np.testing.assert_allclose(row[1] / row[2], own["change_lived_mean"] / own["change_static_mean"])
        np.testing.assert_allclose(sum(x for x in shares[1:] if x < 0), -100 * own["losing5_mean"])
        np.testing.assert_allclose(sum(x for x in shares[1:] if x > 0), 100 * own["gaining5_mean"])


def test_parameters_are_counted_by_status():
    """Bars of the evidence are the numbers of parameters of each status."""
    frame = findings("five").assumptions
    rows = sheet_of(chart_named("five", "What it rests on"))[1:]

    assert {row[0].partition(" ")[0].lower(): sum(row[1:]) for row in rows} == {
        status: (frame["status"] == status).sum() for status in ("measured", "estimated", "calibrated", "assumed")
    }


def test_axes_are_round_and_hold_what_is_drawn():
    """Limits are multiples of the step and lie around the values, negative ones and a single one too."""
    for values in ([3.2, 9.9], [-7e6, -1e6], [0.0, 0.0], [241.3], [-0.4, 0.6]):
        low, high, step = nice_limits(values)

        assert low <= min(values) <= max(values) <= high
        np.testing.assert_allclose([low / step % 1, high / step % 1], [0.0, 0.0], atol=1e-6)

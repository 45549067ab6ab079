"""A sweep on screen, as JSON, as files and as pictures: what is shown equals the table."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace

import numpy as np
import openpyxl
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.text import Annotation, Text
from rich.console import Console
from sweeps import BASE, EQUITY, GRANT, PERIOD, RATE, SLOPE, STUDY, TIERS, made_sweep, study

from simulation.errors import RunError
from simulation.evidence.measures import MEASURES
from simulation.report import figures
from simulation.report.charts.front import draw_front, front_rows
from simulation.report.charts.heatmap import BEST, BROKEN, EMPTY, draw_heatmap
from simulation.report.charts.ranked import ENDS, draw_ranked, ranked_rows
from simulation.report.charts.response import draw_response
from simulation.report.style import drawing
from simulation.report.sweep import as_json, print_sweep
from simulation.report.sweep_figures import framed, sweep_pictures
from simulation.report.sweep_files import write_sweep
from simulation.report.words.sweep import moved_sentence, short_names, value_text
from simulation.statistics.swept_views import heat_cells, response_lines

DRAWINGS = {"heatmap": draw_heatmap, "response": draw_response, "front": draw_front, "ranked": draw_ranked}
LIMITS = ("mean", "low", "high", "diff", "diff_low", "diff_high", "p_better")
TIMES = {"started": "then", "finished": "now", "seconds": 1.0, "out": "results"}
FORMULA = '=HYPERLINK("http://example.org")'


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    """Three policies, eight seeds, turnover required to be at most 40%."""
    return study(tmp_path_factory.mktemp("sweep"))


@pytest.fixture(scope="module")
def swept(scenario):
    """Ten rates by three periods."""
    return made_sweep(scenario, [f"{RATE}=0.02:0.2:10", f"{PERIOD}=month,quarter,year"])


@pytest.fixture(scope="module")
def mixed(scenario):
    """Settings that do not apply, are left out, are tables or words, and points that were refused."""
    texts = [f"{EQUITY}=off,typical", f"{GRANT}=0.1,0.2", f"{RATE}=none,0.1", f"{TIERS}=[[1,1.5]];[]", "policies.mix.ends=none,6"]
    return made_sweep(scenario, texts)


def axes(width=10.0, height=6.0):
    """Axes on a figure of their own."""
    figure = Figure(figsize=(width, height))
    FigureCanvasAgg(figure)
    return figure.add_axes((0.15, 0.2, 0.74, 0.66))


def printed(swept, width=100):
    """What is printed."""
    console = Console(file=io.StringIO(), width=width, markup=False, highlight=False)
    print_sweep(swept, console)
    return console.file.getvalue()


# ------------------------------------------------------------------ JSON
def test_the_document_is_that_of_the_interface(swept):
    """Nine keys in order; a point has settings, policy, and every measure with its paired difference, as in the table."""
    document = as_json(swept, **TIMES)
    row = swept.table.iloc[3]
    point = document["points"][3]
    found = point["measures"]["turnover"]

    assert list(document) == ["run", "started", "finished", "seconds", "out", "baseline", "seeds", "points", "stopping"]
    assert (document["baseline"], document["seeds"], len(document["points"])) == ("today", 8, 30)
    assert point["settings"] == {RATE: row[RATE], PERIOD: row[PERIOD]}
    assert (point["policy"], list(point["measures"])) == ("mix", list(MEASURES))
    assert [found[side] for side in ("mean", "low", "high")] == [row[f"turnover_{side}"] for side in ("mean", "low", "high")]
    assert list(found["difference"]) == ["mean", "low", "high", "p_better", "decided", "effective_seeds"]
    columns = ("diff", "diff_low", "diff_high", "p_better", "decided", "effective_seeds")
    assert list(found["difference"].values()) == [row[f"turnover_{column}"] for column in columns]


def test_what_does_not_exist_is_null(mixed):
    """Settings that do not apply are null, tables are lists, a refused point says why and has no measures; no NaN in it."""
    document = as_json(mixed, **TIMES)
    text = json.dumps(document, allow_nan=False)
    off = document["points"][0]["settings"]
    refused = [point for point in document["points"] if "refused" in point]

    assert (off[EQUITY], off[GRANT], off[RATE], off[TIERS]) == ("off", None, "none", [[1, 1.5]])
    assert len(refused) == len(mixed.refused) > 0
    assert all(point["measures"] == {} and point["refused"] for point in refused)
    assert json.loads(text) == document


# ------------------------------------------------------------------ screen
@pytest.mark.parametrize("name", ["swept", "mixed"])
def test_what_is_printed_fits_a_hundred_columns(name, request):
    """No line is wider than the screen, and no figure is cut."""
    text = printed(request.getfixturevalue(name))

    assert max(map(len, text.splitlines())) <= 100
    assert "…" not in text.replace("… ", "").replace("[2,…", "")


def test_the_best_the_baseline_and_the_worst_are_printed(swept):
    """Ten best of those that meet what is required, the baseline as it is, and the two worst."""
    text, ranked = printed(swept), swept.ranked()
    lines = text[text.index("best by") :].splitlines()
    points = [line.split()[0] for line in lines if line.strip()[:1].isdigit() and "rate" in line]

    assert points == [str(point) for point in [*ranked["point"][:10], *ranked["point"][-2:]]]
    assert "Today, as it is" in text
    assert re.search(r"8 paired seeds are worth about \d[\d,]* of their own", text)
    assert f"{len(ranked)} of 30 points meet what is required: turnover ≤ 40%." in text
    assert "partly the luckiest" in text


def test_a_best_point_at_an_end_says_so(scenario):
    """Where more may lie beyond what was varied, it is said; not where the setting's own bound ends it."""
    assert "the highest rate, 0.12: a better one may lie beyond" in printed(made_sweep(scenario, [f"{RATE}=0.1:0.12:3"]))
    assert "may lie beyond" not in printed(made_sweep(scenario, [f"{RATE}=0.1:0.14:3"]))
    assert "may lie beyond" not in printed(made_sweep(scenario, [f"{BASE}=0.6:1:3"]))


def test_refusals_of_a_kind_are_told_once(scenario):
    """Sentences that differ in numbers alone are one, with how many are like it."""
    text = printed(made_sweep(scenario, ["policies.mix.starts=0,6,12,18", "policies.mix.ends=none,5"]))

    assert "3 points of the design were refused and not run:" in text
    assert text.count("is not after its start") == 1
    assert "(and 2 like it)" in text


@pytest.mark.parametrize("seeds", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_few_seeds_and_no_points_are_no_trouble(scenario, tmp_path, monkeypatch, seeds):
    """One seed has no intervals; a sweep whose points all failed has no figures: both are printed, written and drawn."""
    monkeypatch.setattr(figures, "DPI", 50)  # coarse pictures are written sooner
    few = made_sweep(replace(scenario, seed_count=seeds), [f"{RATE}=0.1,0.12,0.15", f"{EQUITY}=off,typical"])
    gone = {f"{key}_{side}": np.nan for key in MEASURES for side in LIMITS}
    none = replace(few, table=few.table.assign(refused="no steady start", **gone))
    for name, swept, lines in (("few", few, "rate 0.12"), ("none", none, "No point could be run.")):
        written = write_sweep(swept, tmp_path / name)

        assert lines in printed(swept)
        assert len(written) == 3 + 2 * len(list(sweep_pictures(swept)))
        assert json.dumps(as_json(swept, **TIMES), allow_nan=False)


def test_no_point_that_meets_what_is_required(scenario):
    """It is said, and the best of all are shown."""
    text = printed(made_sweep(scenario, [f"{RATE}=0.02,0.03"]))

    assert "No point meets what is required: turnover ≤ 40%." in text
    assert "rate 0.03" in text


# ------------------------------------------------------------------ words
def test_names_are_as_short_as_they_can_be():
    """The last word where it tells paths apart, more where it does not."""
    paths = ["policies.a.commission.rate", "policies.a.equity.grant", "policies.b.equity.grant", "world.market.lead_rate"]

    assert list(short_names(paths).values()) == ["rate", "a equity grant", "b equity grant", "lead rate"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1, "0.1"), (0.123456, "0.1235"), (12_500.0, "12,500"), (-3, "−3"), (None, "–"), (np.nan, "–"), (True, "true"),
        ("off", "off"), (((1.0, 1.5),), "[[1, 1.5]]"), ((), "[]"),
    ],
)  # fmt: skip
def test_values_are_written_as_a_file_has_them(value, text):
    """Numbers in four digits, words as they are, a dash for what does not apply."""
    assert value_text(value) == text


# ------------------------------------------------------------------ files
def test_three_files_hold_the_same_table(mixed, tmp_path):
    """Parquet, CSV and the workbook have a row a point, the same columns and the same numbers; nothing else is left behind."""
    write_sweep(mixed, tmp_path / "run", charts=False)
    parquet = pd.read_parquet(tmp_path / "run" / "points.parquet")
    with (tmp_path / "run" / "points.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))
    sheet = openpyxl.load_workbook(tmp_path / "run" / "points.xlsx")["results"]
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    place = lines[0].index("contribution_diff")

    assert lines[0] == cells[0] == list(parquet.columns) == list(mixed.table.columns)
    assert len(lines) == len(cells) == len(parquet) + 1 == len(mixed.table) + 1
    for column in ("point", "contribution_diff", "turnover_p_better"):
        place = lines[0].index(column)
        own = mixed.table[column].tolist()

        assert parquet[column].tolist() == pytest.approx(own, nan_ok=True)
        assert [float(line[place] or "nan") for line in lines[1:]] == pytest.approx(own, nan_ok=True)
        assert [np.nan if row[place] is None else row[place] for row in cells[1:]] == pytest.approx(own, nan_ok=True)
    assert cells[1][lines[0].index(TIERS)] == lines[1][lines[0].index(TIERS)] == "[[1, 1.5]]"
    assert (cells[1][lines[0].index(GRANT)], lines[1][lines[0].index(GRANT)]) == (None, "")
    assert sorted(path.name for path in (tmp_path / "run").iterdir()) == ["points.csv", "points.parquet", "points.xlsx"]


def test_the_workbook_shows_figures_as_what_they_are(swept, tmp_path):
    """Shares in percent, money in whole units, a fixed head with a filter over all rows, and what was varied beside it."""
    write_sweep(swept, tmp_path, charts=False)
    book = openpyxl.load_workbook(tmp_path / "points.xlsx")
    sheet = book["results"]
    formats = {cell.value: sheet.cell(2, cell.column).number_format for cell in sheet[1]}

    assert book.sheetnames == ["results", "factors", "settings", "assumptions"]
    assert (formats["turnover_diff"], formats["revenue_mean"], formats["turnover_p_better"]) == ("0.0%", "#,##0", "0%")
    assert (sheet.freeze_panes, sheet.auto_filter.ref.endswith(str(len(swept.table) + 1))) == ("A2", True)
    assert [row[0].value for row in book["factors"].iter_rows(min_row=2)] == [RATE, PERIOD]


def test_text_that_a_spreadsheet_would_run_stays_text(tmp_path):
    """Reasons and labels that begin like a formula are quoted in CSV, and text in the workbook."""
    text = STUDY.replace('label = "Mix"', f"label = '{FORMULA}'")
    swept = made_sweep(study(tmp_path, text), ["policies.mix.starts=0,12", "policies.mix.ends=none,6"])
    swept.table.loc[3, "refused"] = FORMULA
    write_sweep(swept, tmp_path, charts=False)
    with (tmp_path / "points.csv").open(encoding="utf-8", newline="") as file:
        last = list(csv.reader(file))[-1]
    book = openpyxl.load_workbook(tmp_path / "points.xlsx")
    cells = [book["results"].cell(5, swept.table.columns.get_loc("refused") + 1)]
    cells += [cell for row in book["settings"].iter_rows() for cell in row if cell.value == FORMULA]

    assert last[-1] == f"'{FORMULA}"
    assert {cell.value for cell in cells} == {FORMULA}
    assert all(cell.data_type != "f" and cell.quotePrefix for cell in cells)


def test_the_same_sweep_gives_the_same_bytes(swept, tmp_path):
    """Nothing in the tables depends on when they were written."""
    for name in ("one", "two"):
        write_sweep(swept, tmp_path / name, charts=False)
    endings = ("csv", "parquet", "xlsx")
    one, two = ([(tmp_path / name / f"points.{ending}").read_bytes() for ending in endings] for name in ("one", "two"))

    assert one == two


def test_a_folder_that_cannot_be_written_is_a_sentence(swept, tmp_path):
    """A file where the folder should be."""
    (tmp_path / "taken").write_text("")
    with pytest.raises(RunError, match="choose another folder with --out"):
        write_sweep(swept, tmp_path / "taken", charts=False)


def test_a_folder_that_is_written_again_is_not_complete_until_it_is_done(swept, tmp_path, monkeypatch):
    """A process that dies while it replaces files leaves a folder without a manifest, and the old files."""
    write_sweep(swept, tmp_path, charts=False)
    (tmp_path / "manifest.json").write_text("{}")
    monkeypatch.setattr("simulation.report.sweep_files.replace_file", dies)
    with pytest.raises(KeyboardInterrupt):
        write_sweep(swept, tmp_path, charts=False)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["points.csv", "points.parquet", "points.xlsx"]


def dies(*_):
    """A process that ends here."""
    raise KeyboardInterrupt


# ------------------------------------------------------------------ pictures
@pytest.mark.parametrize("draw", DRAWINGS.values(), ids=DRAWINGS)
def test_drawings_return_their_axes_and_touch_no_other(draw, swept):
    """A draw function adds to the axes it is given, returns them, and makes no further axes of the figure."""
    ax = axes()

    assert draw(ax, swept) is ax
    assert ax.figure.axes == [ax]


def test_the_heatmap_shows_the_cells(swept):
    """Colours and numbers are the mean differences; the best cell is framed, and dotted are those that break a requirement."""
    ax = draw_heatmap(axes(), swept)
    heat = heat_cells(swept, "contribution")
    shown = np.asarray(ax.images[0].get_array(), dtype=float)
    numbers = [text.get_text() for text in ax.texts]
    frame = next(patch for patch in ax.patches if isinstance(patch, Rectangle) and patch.get_label() == BEST)
    dotted = next(patch for patch in ax.patches if isinstance(patch, PathPatch) and patch.get_label() == BROKEN)

    np.testing.assert_array_equal(shown, heat.mean)
    assert numbers == [f"{value / 1e6:+.2f}".replace("-", "−") for value in heat.mean.ravel()]
    assert (frame.get_y() + 0.5, frame.get_x() + 0.5) == heat.best
    assert len(dotted.get_path().vertices) == 5 * int((~heat.allowed).sum())
    assert "Contribution is best at rate 0.12, period year: +0." in ax.get_title(loc="left").replace("\n", " ")


def test_the_heatmap_hatches_what_no_point_reaches(scenario):
    """Equity that is off has no cell at any grant: three of six cells are hatched."""
    ax = draw_heatmap(axes(), made_sweep(scenario, [f"{EQUITY}=off,typical", f"{GRANT}=0.1,0.2"]))
    hatched = next(patch for patch in ax.patches if patch.get_label() == EMPTY)

    assert len(hatched.get_path().vertices) == 5 * 3
    assert [label.get_text() for label in ax.get_yticklabels()] == ["(off)", "0.1", "0.2"]


def test_the_response_shows_lines_bands_and_the_baseline(swept):
    """Each line is the means in millions over its rates, its band the interval of the difference, the baseline level."""
    ax = draw_response(axes(), swept)
    found = response_lines(swept, "contribution")
    lines = [line for line in ax.lines if line.get_label() in ("period month", "period quarter", "period year")]
    level = next(line for line in ax.lines if line.get_label() == "baseline")
    for place, line in enumerate(lines):
        rows = found.lines[found.lines["line"] == place]

        np.testing.assert_allclose(line.get_xdata(), rows["x"])
        np.testing.assert_allclose(line.get_ydata(), rows["mean"] / 1e6)
        edge = ax.collections[2 * place].get_paths()[0].vertices
        assert (edge[:, 1].min(), edge[:, 1].max()) == pytest.approx((rows["low"].min() / 1e6, rows["high"].max() / 1e6))
    np.testing.assert_allclose(level.get_ydata(), swept.baseline["contribution"]["mean"] / 1e6)


def test_the_front_shows_every_point_and_the_baseline(swept):
    """All points are there, those that none beats are joined, the baseline stands where it is."""
    ax = draw_front(axes(), swept)
    dots = np.concatenate([c.get_offsets() for c in ax.collections if c.get_label() in ("allowed", "breaks a requirement")])
    front = next(line for line in ax.lines if line.get_label() == "front")
    base = next(line for line in ax.lines if line.get_label() == "baseline")
    rows = front_rows(swept, "contribution")

    every = np.stack([100 * swept.run["turnover_mean"], swept.run["contribution_mean"] / 1e6], axis=1)
    np.testing.assert_allclose(dots[dots[:, 0].argsort()], every[every[:, 0].argsort()])
    np.testing.assert_allclose(front.get_xdata(), 100 * rows["turnover_mean"])
    np.testing.assert_allclose(front.get_ydata(), rows["contribution_mean"] / 1e6)
    np.testing.assert_allclose(base.get_xdata(), 100 * swept.baseline["turnover"]["mean"])
    np.testing.assert_allclose(base.get_ydata(), swept.baseline["contribution"]["mean"] / 1e6)


def test_the_ranking_shows_both_ends(swept):
    """The twelve best and the twelve worst differences with their intervals, and how many lie between."""
    ax = draw_ranked(axes(), swept)
    rows = ranked_rows(swept, "contribution")
    ends = rows.iloc[[*range(ENDS), *range(len(rows) - ENDS, len(rows))]]
    dots = [line.get_xdata()[0] for line in ax.lines if line.get_marker() == "o"]
    bars = [line.get_xdata() for line in ax.lines if line.get_marker() == "None" and len(set(line.get_ydata())) == 1]

    assert dots == pytest.approx((ends["contribution_diff"] / 1e6).tolist())
    np.testing.assert_allclose(bars, ends[["contribution_diff_low", "contribution_diff_high"]] / 1e6)
    assert f"{30 - 2 * ENDS} more between them" in [text.get_text() for text in ax.texts]


HARD = {
    "words": ([f"{RATE}=0.02:0.2:10", f"{PERIOD}=month,quarter,year"], {}),
    "two levels": ([f"{EQUITY}=off,typical"], {}),
    "fifty levels": ([f"{RATE}=0.02:0.2:50", f"{BASE}=0.2:0.8:4"], {}),
    "one point": ([f"{RATE}=0.1"], {}),
    "conditional": ([f"{EQUITY}=off,typical", f"{GRANT}=0.05:0.3:6", f"{TIERS}=[[1,1.5]];[[1,2],[1.5,3],[2,4]];[]"], {}),
    "losses": ([f"{RATE}=none,0.02,0.1", f"{SLOPE}=2.5:4:4", "policies.other.equity.grant=0.1,0.2"], {"level": -2e6}),
    "parameters": ([f"{SLOPE}=2:4.5:6"], {}),
    "alone": ([f"{RATE}=0.02:0.2:5", f"{PERIOD}=month,year", f"{EQUITY}=off,typical"], {"kind": "one-at-a-time"}),
    "samples": ([f"{RATE}=0.02:0.2", f"{BASE}=log:0.1:0.8", f"{PERIOD}=month,year"], {"kind": "lhs", "samples": 60}),
}


QUICK = ("one point", "conditional")
cases = [case if case in QUICK else pytest.param(case, marks=pytest.mark.slow) for case in HARD]


@pytest.mark.parametrize("case", cases)
def test_nothing_written_leaves_the_page_or_overlaps(scenario, case):
    """In easy and hard cases every text of every picture lies on the page, and labels at marks keep off each other."""
    texts, options = HARD[case]
    swept = made_sweep(scenario, texts, **options)
    with drawing():
        for picture in sweep_pictures(swept):
            figure = framed(swept, picture)
            figure.canvas.draw()
            drawn, page = figure.get_tightbbox(), figure.bbox_inches
            tags = [Text.get_window_extent(text) for text in figure.findobj(Annotation) if text.get_text()]
            crossing = sum(one.overlaps(other) for k, one in enumerate(tags) for other in tags[:k])

            assert min(drawn.x0, drawn.y0) >= 0.0, picture.name
            assert (drawn.x1 <= page.x1, drawn.y1 <= page.y1) == (True, True), picture.name
            assert (picture.name, crossing) == (picture.name, 0)


def test_what_was_moved_is_told(swept):
    """A sweep whose policy keeps its cost says between which values it was moved, and each point's in the document."""
    rows = len(swept.table)
    table = swept.table.assign(moved="commission.pay_level", moved_to=[0.9 + 0.01 * row for row in range(rows)])
    moved = replace(swept, table=table)
    point = as_json(moved, **TIMES)["points"][1]

    last = f"{0.9 + 0.01 * (rows - 1):.3g}"
    assert moved_sentence(moved).startswith(f"Moved for equal cost, point by point: commission.pay_level between 0.9 and {last}")
    assert point["moved"] == {"setting": "commission.pay_level", "to": 0.91}
    assert moved_sentence(swept) == ""
    assert "moved" not in as_json(swept, **TIMES)["points"][1]

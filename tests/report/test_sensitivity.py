"""A sensitivity analysis as pictures, files, a table on screen and a command line."""

from __future__ import annotations

import json
from dataclasses import replace
from io import StringIO
from itertools import pairwise

import numpy as np
import pytest
from analyses import AUTONOMY, RATE, STUDY, VARIED, analysed, study
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from rich.console import Console
from typer.testing import CliRunner

from simulation import cli
from simulation.errors import RunError, ScenarioError
from simulation.report.charts.analysis import draw_interactions, draw_sensitivity
from simulation.report.charts.interactions import draw_cells
from simulation.report.charts.sensitivity import draw_ranks
from simulation.report.sensitivity import as_json, print_sensitivity
from simulation.report.sensitivity_files import NOTES, pictures, write_sensitivity
from simulation.report.words.sensitivity import names_of, ordered, ranks_title, screening_title, span_text, with_names, within
from simulation.statistics.sensitivity.analyse import NOISE
from simulation.statistics.sensitivity.converged import NOT_CONVERGED


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """An analysis with a measure that factors move, and one that is luck."""
    scenario = study(tmp_path_factory.mktemp("study"))
    return analysed(scenario, *VARIED, measures=("contribution", "turnover"), noise=1.0)[0]


def rows(found, key):
    """The rows of a measure as its picture has them."""
    frame = with_names(found.indices_table(), names_of([factor.path for factor in found.factors]))
    return ordered(frame[frame["measure"] == key])


def axes():
    """Axes on a figure of their own."""
    figure = Figure(figsize=(9.0, 5.0))
    FigureCanvasAgg(figure)
    return figure.add_axes((0.25, 0.2, 0.7, 0.6))


def shown(found, width=120):
    """The table on screen."""
    console = Console(width=width, record=True, markup=False, highlight=False, file=StringIO())
    print_sensitivity(found, console)
    return console.export_text()


def test_ranks_show_the_table(found):
    """Marks stand at the shares of the table, the largest at the top and luck at the bottom."""
    frame = rows(found, "contribution")
    ax = draw_ranks(axes(), frame, title="A message")
    marks = [float(np.ravel(line.get_xdata())[0]) for line in ax.lines if len(np.ravel(line.get_xdata())) == 1]
    told = frame.to_dict("records")
    expected = [100.0 * max(row[part], 0.0) for row in told for part in ("total", "first") if np.isfinite(row[part])]

    assert sorted(marks) == pytest.approx(sorted(expected))
    assert ax.get_yticklabels()[0].get_text() == "commission rate"
    assert frame["path"].iloc[0] == RATE
    assert frame["path"].iloc[-1] == NOISE


def test_charts_of_an_analysis_are_drawn_from_it(found):
    """By the measure's name, with the message or without it; what was not analysed is refused by name."""
    told, bare = draw_sensitivity(axes(), found), draw_sensitivity(axes(), found, "contribution", title=False)

    assert told.get_title(loc="left") != ""
    assert bare.get_title(loc="left") == ""
    assert [label.get_text() for label in told.get_yticklabels()] == list(rows(found, "contribution")["name"])
    with pytest.raises(ScenarioError, match="'luck' was not analysed; it takes one of contribution, turnover"):
        draw_interactions(axes(), found, "luck")


def test_what_has_not_converged_is_words(found):
    """Of a measure that is luck the picture has the words and no mark, the title says so, and so do table and cells."""
    frame = rows(found, "turnover")
    ax = draw_ranks(axes(), frame, title="A message")
    said = [text.get_text() for text in ax.texts]
    pairs = with_names(found.interactions_table(), names_of([factor.path for factor in found.factors]))
    cells = draw_cells(axes(), frame[frame["path"] != NOISE], pairs[pairs["measure"] == "turnover"], title="A message")

    assert said == [NOT_CONVERGED for _ in found.kept]
    assert NOT_CONVERGED in ranks_title(found, "turnover", frame)
    assert {text.get_text() for text in cells.texts} == {NOT_CONVERGED.replace(" ", "\n")}


def opened(found, **states):
    """The rows of contribution with open shares: `path=(low, high)` of totals and first orders, or of one with its name."""
    frame = rows(found, "contribution").copy()
    frame.loc[:, ["first_low", "first_high", "total_low", "total_high"]] = frame[["first", "first", "total", "total"]].to_numpy()
    for place, (part, low, high) in enumerate(states.values()):
        for own in (part,) if part else ("total", "first"):
            columns = [f"{own}{end}" for end in ("", "_low", "_high", "_state")]
            frame.loc[frame.index[place], columns] = [np.nan, low, high, NOT_CONVERGED]
    return frame


def test_words_for_what_is_open_stay_in_the_axes(found):
    """Words stand behind intervals that are cut to 0 to 100%, inside the axes; ticks stay shares; there is no interval of all."""
    frame = opened(found, one=("", 0.7, 1.6), two=("first", -0.2, 0.4), three=("", -2.0, 3.0))
    ax = draw_ranks(axes(), frame, title="A message")
    ax.figure.canvas.draw()
    edge = ax.get_window_extent()
    bars = sorted(tuple(float(x) for x in line.get_xdata()) for line in ax.lines if len(line.get_xdata()) == 2)

    assert [text.get_text() for text in ax.texts] == [NOT_CONVERGED, f"first {NOT_CONVERGED}", NOT_CONVERGED]
    assert all(edge.x0 < text.get_window_extent().x0 and text.get_window_extent().x1 < edge.x1 for text in ax.texts)
    assert bars.count((70.0, 100.0)) == 2
    assert (0.0, 40.0) in bars
    assert all(0.0 <= end <= 100.0 for bar in bars[:-1] for end in bar)
    assert max(ax.get_xticks()) <= 100.0


@pytest.mark.parametrize(
    ("low", "high", "cut", "text"),
    [
        (-0.26, 0.4, (0.0, 0.4), "0 to 40%"), (0.19, 1.52, (0.19, 1.0), "19 to 100%"), (-0.3, 1.2, None, ""),
        (1.01, 1.4, None, ""), (-0.4, -0.1, None, ""), (0.996, 1.3, (0.996, 1.0), "99.6 to 100.0%"),
        (np.nan, np.nan, None, ""), (0.0, 0.0, (0.0, 0.0), ""), (0.9999, 1.0, (0.9999, 1.0), ""),
    ],
)  # fmt: skip
def test_intervals_of_shares_are_shares(low, high, cut, text):
    """An interval is what of it lies in 0 to 100%; where that is nothing, or all, there is none, and none reads "100 to 100%"."""
    assert within(low, high) == cut
    assert span_text(low, high) == text


def test_a_measure_without_any_share_has_a_sentence_and_no_sheet(found):
    """Of a measure that is luck neither shares nor pairs are drawn or printed; screen and document say why."""
    drawn = [name for name, *_ in pictures(found)]
    text = " ".join(shown(found).split())
    part = text[text.index("The difference in turnover") : text.index("first: share")]

    assert [name for name in drawn if name.endswith("turnover")] == ["screening_turnover"]
    assert {"ranks_contribution", "interactions_contribution"} <= set(drawn)
    assert "No share of the variance has converged, so none is shown: what the factors do cannot be told from luck" in part
    assert "total" not in part
    assert any(note.startswith("Turnover: no share of the variance has converged") for note in as_json(found, run="0")["notes"])


def test_pairs_that_are_open_are_not_drawn(found):
    """Where shares are told and no pair's is, the picture of pairs is left out, and that is said."""
    told = found.told["contribution"]
    bare = replace(found, told={**found.told, "contribution": replace(told, second=np.zeros_like(told.second))})

    assert "interactions_contribution" not in [name for name, *_ in pictures(bare)]
    assert "has not converged for any pair" in " ".join(shown(bare).split())
    assert "has not converged for any pair" not in " ".join(shown(found).split())


def test_the_tick_is_the_rule(found):
    """In the screening a grey tick stands at twice the luck; marks right of it are those that the title counts, as is said."""
    own = found.screening["contribution"]
    figure = next(draw() for name, _, draw, _ in pictures(found) if name == "screening_contribution")
    points = [float(line.get_xdata()[0]) for line in figure.axes[0].lines if len(line.get_xdata()) == 1]
    marks, ticks = np.array(points[::2]), np.array(points[1::2])
    order = np.argsort(-own.mu_star, kind="stable")
    scale = marks[0] / own.mu_star.max()

    assert ticks == pytest.approx(2.0 * own.luck[order] * scale)
    assert screening_title(found, "contribution").startswith(f"{int((marks > ticks).sum())} of {len(marks)} ")
    assert "a factor moves the figure clearly where its mark lies right of it" in NOTES["screening"]


def test_ranges_have_units(found):
    """On screen and in the tables stands in what unit a factor varied; words have none."""
    assert "0.06 to 0.1 share" in shown(found)
    assert set(found.screening_table()["range"]) == {"0.06 to 0.1 share", "month, quarter, year", "off, on"}


def test_pictures_keep_their_words_inside(found):
    """Every text of every picture lies inside the figure, and rows' names do not lie on each other."""
    for name, _, draw, _ in pictures(found):
        figure = draw()
        figure.canvas.draw()
        edge = figure.bbox
        ax = figure.axes[0]
        least, most = sorted(ax.get_xlim())
        below = [label for place, label in zip(ax.get_xticks(), ax.get_xticklabels(), strict=True) if least <= place <= most]
        for text in (*ax.get_yticklabels(), *below, ax.title, *ax.texts, *figure.texts):
            box = text.get_window_extent()
            inside = box.x0 >= -1 and box.x1 <= edge.x1 + 1 and box.y0 >= -1 and box.y1 <= edge.y1 + 1
            assert inside or not text.get_text(), f"{name}: {text.get_text()}"
        heights = sorted(label.get_window_extent().extents[[1, 3]].tolist() for label in ax.get_yticklabels())
        assert all(one[1] <= other[0] for one, other in pairwise(heights)), name


def test_the_table_says_what_matters(found):
    """On screen stand the largest share first, the direction of an effect, how much is luck, and what is not varied."""
    text = shown(found)
    lines = [line for line in text.splitlines() if "commission rate" in line]

    assert "0.06 to 0.1" in lines[0]
    assert "+" in lines[0]
    assert "Luck makes" in text
    assert "One by one the factors explain" in text


def test_files_hold_everything(found, tmp_path, monkeypatch):
    """Tables as CSV, a JSON document without any number that is none, and each picture as PNG, SVG and CSV."""
    monkeypatch.setattr("simulation.report.figures.DPI", 30)
    folder = write_sensitivity(found, "0123456789ab", tmp_path / "run")
    document = json.loads((folder / "sensitivity.json").read_text())
    names = {path.name for path in (folder / "figures").iterdir()}

    assert {path.name for path in folder.iterdir()} == {
        "screening.csv", "indices.csv", "interactions.csv", "sensitivity.json", "manifest.json", "figures",
    }  # fmt: skip
    drawn = ("ranks_contribution", "interactions_contribution", "screening_contribution", "screening_turnover")
    assert {f"{name}.{ending}" for name in drawn for ending in ("png", "svg", "csv")} == names
    assert document["indices"][0]["path"] in VARIED[0]
    assert document["not_converged"]["turnover"]
    assert [row["total"] for row in document["indices"] if row["measure"] == "turnover" and row["path"] != NOISE] == [None] * 3
    assert document == json.loads(json.dumps(as_json(found, run="0123456789ab")))


def test_a_folder_that_is_written_again_is_not_complete_until_it_is_done(found, tmp_path, monkeypatch):
    """A process that dies while it replaces files leaves a folder without a manifest."""
    (tmp_path / "manifest.json").write_text("{}")
    monkeypatch.setattr("simulation.report.sensitivity_files.replace_file", dies)
    with pytest.raises(KeyboardInterrupt):
        write_sensitivity(found, "0123456789ab", tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["figures"]


def dies(*_):
    """A process that ends here."""
    raise KeyboardInterrupt


def test_a_folder_that_cannot_be_written_is_told(found, tmp_path):
    """A file where the folder should be is a sentence that names --out."""
    (tmp_path / "run").write_text("")
    with pytest.raises(RunError, match="choose another folder with --out"):
        write_sensitivity(found, "0123456789ab", tmp_path / "run")


def orgsim(*words):
    """The result of one command line."""
    return CliRunner(env={"COLUMNS": "160"}).invoke(cli.app, list(words))


def test_the_command(tmp_path):
    """`orgsim sensitivity` prints and keeps an analysis; the same command again finds all its cells and prints the same."""
    file = tmp_path / "study.toml"
    file.write_text(STUDY, encoding="utf-8")
    words = [
        "sensitivity", str(file), "--policy", "mix", "--vary", f"{RATE}=0.04:0.16", "--vary", f"{AUTONOMY}=off,on", "--vary-only",
        "--measure", "pay_cost", "--trajectories", "2", "--samples", "8", "--months", "3", "--seeds", "3",
        "--out", str(tmp_path / "r"), "--processes", "1", "--json",
    ]  # fmt: skip
    first, again = orgsim(*words), orgsim(*words)
    document = json.loads(first.stdout)

    assert first.exit_code == again.exit_code == 0, first.stderr
    assert document == json.loads(again.stdout)
    kept = {row["path"] for row in document["screening"] if row["kept"]}
    assert RATE in kept
    assert document["design"]["points"] == 2 * 3 + 8 * (2 * len(kept) + 2)
    assert "nothing was simulated again" in again.stderr
    assert (tmp_path / "r" / "study" / document["run"] / "sensitivity.json").is_file()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--policy", "nobody"], '--policy: "nobody" is no policy of'),
        (["--policy", "mxi"], "the nearest is mix"),
        (["--samples", "100"], "power of two"),
        (["--measure", "profits"], "profits"),
        (["--vary", "policies.mix.commission.rat=0.1:0.2"], "the nearest is rate"),
        (["--vary-only"], "nothing varies"),
    ],
)
def test_requests_are_refused(tmp_path, words, said):
    """A request that makes no sense ends with exit code 2 and a sentence, and without a traceback."""
    file = tmp_path / "study.toml"
    file.write_text(STUDY, encoding="utf-8")
    result = orgsim("sensitivity", str(file), "--out", str(tmp_path / "r"), *words)

    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""

"""Every picture is legible in hard cases, saved and in a notebook's small figure, and says its units and its seeds."""

from __future__ import annotations

import math
import re
import warnings
from dataclasses import replace
from itertools import combinations

import analyses
import numpy as np
import pandas as pd
import pytest
import sweeps
from calibrations import fitted
from hard_cases import CASES, CHINESE, LONG_LABELS, RIGHT_TO_LEFT, notebook_axes, summary_of
from legible import drawn, problems
from sweeps import BASE, EQUITY, PERIOD, RATE, SLOPE, TIERS, made_sweep

from simulation.errors import ScenarioError
from simulation.evidence.targets import Target
from simulation.levers import catalogue
from simulation.report import figures, fitted_files, pairs, sensitivity_files, sweep_figures, validation_files
from simulation.report.charts.front import draw_front
from simulation.report.charts.heatmap import draw_heatmap
from simulation.report.charts.ranked import draw_ranked
from simulation.report.charts.response import draw_response
from simulation.report.sensitivity_files import write_sensitivity
from simulation.report.style import BOXES, drawing
from simulation.statistics.shown import Verdict

UNITS = re.compile(r"%|\b(usd|months?|shares?|percent|points?|ratio|log-odds|1/month|[Cc]orrelation)\b")
SEEDS = re.compile(r"\d seeds?\b")
SWEEPS = {
    "grid": {"texts": [f"{RATE}=0.02:0.2:10", f"{PERIOD}=month,quarter,year"]},
    "three factors": {"texts": [f"{RATE}=0.02:0.2:10", f"{BASE}=0.3:0.8:10", f"{EQUITY}=off,typical"]},
    "one point": {"texts": [f"{RATE}=0.12"]},
    "many points": {"texts": [f"{RATE}=0.02:0.2", f"{BASE}=0.3:0.8"], "kind": "lhs", "samples": 1500},
    "few samples": {"texts": [f"{RATE}=0.02:0.2", f"{BASE}=0.3:0.8"], "kind": "lhs", "samples": 8},
    "alone": {"texts": [f"{RATE}=0.05,0.2", f"{TIERS}=[[1,1.5]];[[1,2],[1.2,3],[1.4,4.5]]"], "kind": "one-at-a-time"},
    "worlds": {"texts": [f"{SLOPE}=2:4:5", f"{RATE}=0.02:0.2:5"], "good": 5e6},
    "tables": {"texts": [f"{TIERS}=[[1,1.5]];[[1,2],[1.2,3],[1.4,4.5]];[[0.5,1.1]]", f"{PERIOD}=month,quarter,year"]},
    "negative": {"texts": [f"{RATE}=0.05:0.2:6", f"{BASE}=0.3:0.8:3"], "level": -5e7},
    "huge": {"texts": [f"{RATE}=0.05:0.2:6"], "effect": lambda settings, _: (1e12 * settings[RATE], 0.0), "noise": 1e11},
    "no difference": {"texts": [f"{RATE}=0.05:0.2:6", f"{BASE}=0.3:0.8:3"], "effect": lambda *_: (0.0, 0.0), "noise": 0.0},
}  # fmt: skip
TWO = [f"{RATE}=0.02:0.2:4", f"{PERIOD}=month,quarter,year"]
SOME = {"grid": True, "many points": False}
"""Sweeps, and whether the points of their fronts carry intervals."""
NAMED = {"long": LONG_LABELS[0], "chinese": CHINESE[1], "right to left": RIGHT_TO_LEFT[4]}
VARIED = (
    *analyses.VARIED, "policies.mix.commission.cap=1.5:3", "policies.mix.failure_tolerance.cost_cover=0.1:1",
    "parameters.leaving.pay_slope=2:4.5", "policies.mix.commission.ramp_quota=true,false",
)  # fmt: skip


def judged(picture, framed):
    """What is wrong with a picture as it is saved, and on the axes of a notebook."""
    with drawing():
        saved = problems(framed(picture))
    ax = notebook_axes()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=BOXES)
        picture.draw(ax)
    return [*saved, *(f"notebook: {line}" for line in problems(ax.figure))]


def of_summary(summary):
    """One picture of each kind and measure; those that there are of each policy, of one."""
    found = list(figures.pictures(summary))
    of_each = {kind: [picture for picture in found if picture.kind == kind] for kind in ("bridge", "reasons", "levers")}
    return [picture for picture in found if picture not in of_each.get(picture.kind, [])[1:]]


def swept(folder, name):
    """A sweep as a hard case makes it."""
    if name not in NAMED:
        how = dict(SWEEPS[name])
        return made_sweep(sweeps.study(folder), how.pop("texts"), **how)
    text = sweeps.STUDY.replace('label = "Mix"', f'label = "{NAMED[name]}"')
    return made_sweep(sweeps.study(folder, text), TWO, policies=["mix", "other"])


@pytest.mark.parametrize("case", ["long", "right to left"])
def test_the_main_pictures_are_legible(case):
    """The trade-off, a timeline and a bridge or static price of a few hard cases."""
    summary = summary_of(case)
    kinds = {picture.kind: picture for picture in of_summary(summary)}
    some = [kinds[kind] for kind in ("tradeoff", "timeline", "static") if kind in kinds]

    assert {p.name: found for p in some if (found := judged(p, lambda p: figures.framed(summary, p)))} == {}


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_every_picture_of_a_comparison_is_legible(case):
    """No words overlap, leave the figure, are cut, covered or smaller than 8 points, whatever labels and figures are."""
    summary = summary_of(case)

    assert {p.name: found for p in of_summary(summary) if (found := judged(p, lambda p: figures.framed(summary, p)))} == {}


@pytest.mark.parametrize("name", ["long"])
def test_pictures_of_a_long_named_sweep_are_legible(name, tmp_path):
    """The same of the pictures of a sweep of two policies."""
    table = swept(tmp_path, name)

    for picture in sweep_figures.sweep_pictures(table):
        assert judged(picture, lambda p: sweep_figures.framed(table, p)) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", [*SWEEPS, *NAMED])
def test_every_picture_of_a_sweep_is_legible(name, tmp_path):
    """The same of every picture of a sweep: one point and many, tables as settings, huge and negative money."""
    table = swept(tmp_path, name)
    for one in (table, swept_again(tmp_path, name)) if name == "negative" else (table,):
        for picture in sweep_figures.sweep_pictures(one):
            assert judged(picture, lambda p, one=one: sweep_figures.framed(one, p)) == []


def swept_again(folder, name):
    """The same sweep with one seed, so without intervals."""
    how = dict(SWEEPS[name])
    return made_sweep(replace(sweeps.study(folder), seed_count=1), how.pop("texts"), **how)


def test_titles_of_sweeps_can_be_left_out(tmp_path):
    """Without its title a chart of a sweep is the same chart; the note of a front speaks of bars only where there are some."""
    table = swept(tmp_path, "grid")
    for draw in (draw_heatmap, draw_response, draw_front, draw_ranked):
        with_title, without = (draw(notebook_axes(), table, title=title) for title in (True, False))

        assert with_title._left_title.get_text()
        assert without._left_title.get_text() == ""
        assert without.get_xlabel() == with_title.get_xlabel()
    notes = {name: [p.note for p in sweep_figures.sweep_pictures(swept(tmp_path, name)) if p.name == "front"] for name in SOME}
    assert {name: "bars:" in note for name, (note,) in notes.items()} == SOME


def test_one_point_has_no_curve(tmp_path):
    """Where a picture makes no sense it is refused with a sentence."""
    with pytest.raises(ScenarioError, match="more than one value"):
        draw_response(notebook_axes(), swept(tmp_path, "one point"))


@pytest.fixture
def kept(monkeypatch):
    """The figures that are written from here on, by name; no files are made of them."""
    found = {}

    def keep(figure, path, _data, *_formats):
        found[path.name] = figure
        return []

    for module in (figures, sweep_figures, sensitivity_files, validation_files, fitted_files, pairs):
        monkeypatch.setattr(module, "save", keep)
    return found


def sensitivity(folder, *vary):
    """An analysis of many factors, or of those given."""
    return analyses.analysed(analyses.study(folder), *(vary or VARIED), measures=("contribution", "turnover"), noise=5.0)[0]


def whole(figure):
    """All that a figure says."""
    return " ".join(word.said for word in drawn(figure)[0])


def check(kept):
    """Every figure is legible, and says units and seeds."""
    assert kept
    with drawing():
        assert {name: found for name, figure in kept.items() if (found := problems(figure))} == {}
        said = {name: whole(figure) for name, figure in kept.items()}
    assert [name for name, words in said.items() if not UNITS.search(words)] == []
    assert [name for name, words in said.items() if not SEEDS.search(words)] == []


@pytest.mark.slow
def test_pictures_of_an_analysis_say_units_and_seeds(kept, tmp_path):
    """Ranks, screenings and interactions, of many factors and of one."""
    write_sensitivity(sensitivity(tmp_path), "0123456789ab", tmp_path / "many")
    check(kept)
    kept.clear()
    write_sensitivity(sensitivity(tmp_path, analyses.RATES), "0123456789ab", tmp_path / "one")
    check(kept)


@pytest.mark.slow
def test_pictures_of_a_calibration_say_units_and_seeds(kept, tmp_path):
    """Targets, profiles, identification; of two parameters, and of two known together."""
    fitted_files.draw_fitted(fitted(), tmp_path)
    check(kept)
    kept.clear()
    fitted_files.draw_fitted(fitted(((2.0, 2.0), (0.5, 0.6))), tmp_path)
    check(kept)


@pytest.mark.slow
def test_pictures_of_a_validation_say_units_and_seeds(kept, tmp_path):
    """Targets in and out of their bands, with open ones, packs, long words, and as many as a picture holds."""
    target = Target(
        "comp.T90", "A sentence.", "accelerator: extra discount", "A setting.", "B", "calibrate", ("lazear2000",), note="A note.",
        scenario="accelerator", of="extra_discount", target=0.07, low=0.04, high=0.10, unit="share",
    )  # fmt: skip
    changes = [
        {}, {"low": 0.05, "high": math.inf, "target": None}, {"id": "pack.saas_mid_market", "low": 0.0},
        {"unit": "share of list value"}, {"unit": "days", "low": 45.0, "high": 1_000.0},
    ]  # fmt: skip
    values = np.linspace(-0.2, 0.4, validation_files.MOST_ROWS + 3)
    several = [{"id": f"comp.T{place:03d}.held", **changes[place % len(changes)]} for place in range(len(values))]
    verdicts = [
        Verdict(replace(target, **own), value, value - 0.02, value + 0.02, 8)
        for own, value in zip(several, values, strict=True)
    ]
    validation_files.write_validation(verdicts, tmp_path)
    check(kept)


@pytest.mark.slow
def test_pictures_of_pairs_say_units_and_seeds(kept, tmp_path):
    """Every pair of every lever of the catalogue."""
    keys, luck = list(catalogue()), np.random.default_rng(2)
    both = list(combinations(keys, 2))
    singles, found = pd.DataFrame({"lever": keys}), pd.DataFrame(both, columns=["first", "second"])
    for measure, size in (("contribution", 4e6), ("turnover", 0.03)):
        singles[f"{measure}_gain"] = size * luck.normal(size=len(keys))
        middle = size * luck.normal(size=len(both))
        ends = {f"{measure}_interaction": middle, f"{measure}_low": middle - size, f"{measure}_high": middle + size}
        found = found.assign(**ends)
        sure = [middle > size, middle < -size]
        found[f"{measure}_verdict"] = np.select(sure, ["more than the sum", "less than the sum"], "open")
    pairs.write_pairs(sweeps.study(tmp_path), singles, found, tmp_path)
    check(kept)


def test_pictures_of_a_comparison_say_units_and_seeds(kept, tmp_path):
    """Every picture of a comparison, as it is saved; axes that carry figures have a unit in brackets or a percent sign."""
    summary = summary_of("two")
    figures.draw_all(summary, tmp_path)
    check(kept)
    for name, figure in kept.items():
        labels = [axis.label.get_text() for ax in figure.axes for axis in (ax.xaxis, ax.yaxis) if axis.label.get_text()]
        labels += [text.get_text() for ax in figure.axes for panel in ax.child_axes for text in panel.texts]

        assert any(UNITS.search(label) for label in labels), name

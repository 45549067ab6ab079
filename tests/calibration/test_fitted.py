"""A calibration's tables, files, sentences and pictures, from fits to a made-up linear model."""

from __future__ import annotations

import csv
import io
import json
import math
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from calibrations import GAIN, HAZARD, configuration, fitted, linear
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from rich.console import Console

import simulation
from simulation.calibration import written
from simulation.calibration.fit import NORMAL_90
from simulation.calibration.published import asked_of
from simulation.calibration.tables import calibration_digest, fitted_tables
from simulation.calibration.written import evidence_folder, overlay_text, write_evidence, write_fitted
from simulation.errors import RunError, ScenarioError
from simulation.evidence.read import NOT_ROWS, declared_parameters, overlay_rows, shipped_parameters
from simulation.report.charts.identification import draw_identification
from simulation.report.charts.profiles import draw_profile
from simulation.report.fitted import agreement, as_json, print_fitted, sentences
from simulation.report.fitted_files import bent_profiles, draw_fitted, profiles_title
from simulation.scenario import read_scenario

KEYS = tuple(tuple(name.split(".")) for name in (GAIN, HAZARD))


@pytest.fixture(scope="module")
def found():
    """Two figures, two parameters: the first is moved by two standard deviations of the band, the second hardly."""
    return fitted()


def said(tables, width=100):
    """What is printed."""
    text = io.StringIO()
    print_fitted(tables, Console(file=text, width=width, markup=False, highlight=False, emoji=False))
    return text.getvalue().splitlines()


def test_width_left_of_the_prior_is_that_of_the_closed_form(found):
    """Alone, a figure that moves by a standard deviations leaves 1 / sqrt(1 + a^2 w) of the prior, w the grade's weight."""
    weights = list(found.targets["weight"])

    assert list(found.targets["id"]) == ["comp.T04", "turn.T21"]
    assert list(found.parameters["shrinkage"]) == pytest.approx(
        [1 / math.sqrt(1 + 4.0 * weights[0]), 1 / math.sqrt(1 + 0.01 * weights[1])], rel=1e-6
    )
    assert found.informed == [GAIN]
    assert found.uninformed == [HAZARD]


def test_the_fit_is_that_of_the_closed_form(found):
    """One figure off by one and moved by two, of weight w: the best place is -2 w / (1 + 4 w) prior sds from the start."""
    unknown = configuration().unknowns[0]
    weight = found.targets["weight"][0]
    expected = unknown.value(unknown.prior[0] - unknown.prior[1] * 2.0 * weight / (1.0 + 4.0 * weight))
    low, high = found.parameters.loc[0, ["low", "high"]]
    sd = found.parameters["posterior_sd"][0]

    assert found.parameters["fitted"][0] == pytest.approx(expected, rel=1e-4)
    assert [low, high] == pytest.approx(expected * np.exp(np.array([-1.0, 1.0]) * NORMAL_90 * sd), rel=1e-4)
    assert found.parameters["fitted"][1] == found.parameters["declared"][1]
    assert found.parameters["informed_by"][0] == "comp.T04"


def test_figures_before_are_those_of_declared_values(found):
    """Declared, the first figure is a standard deviation above its goal, and the second on it."""
    targets = found.targets
    sd = (targets["band_high"] - targets["goal"]) / 2.0

    assert list((targets["before"] - targets["goal"]) / sd) == pytest.approx([1.0, 0.0], abs=1e-9)
    assert (found.in_band("before"), found.in_band("value")) == (2, 2)


def test_the_p_value_is_that_of_chi_square():
    """With two degrees of freedom the chance of a larger J is exp(-J / 2); three figures, one informed parameter."""
    names = ("comp.T04", "turn.T21", "turn.T08")
    calibration = linear([[2.0], [0.0], [0.0]], [1.0, 1.0, 1.0], names=names, parameters=[GAIN])
    tables = fitted_tables(calibration)

    assert tables.freedom == 2
    assert tables.p_value == pytest.approx(math.exp(-tables.j_statistic / 2.0))


def test_a_profile_of_a_linear_model_is_the_expected_parabola(found):
    """Where figures are straight lines the excess is the square of the distance."""
    own = found.profiles[found.profiles["parameter"] == GAIN]

    assert list(own["excess"]) == pytest.approx(list(own["expected"]), abs=0.02)
    assert list(own["expected"]) == pytest.approx([4.0, 1.0, 1.0, 4.0], rel=1e-6)
    assert bent_profiles(found) == []
    assert profiles_title(found) == "The fit gets worse as expected along 1 of 1 informed parameter"


def test_draws_are_those_kept_in_an_order_fixed_by_the_seed():
    """All unknowns have a column, uninformed ones too; the same draws in the same order each time, on the parameters' scale."""
    calibration = linear([[2.0, 0.0], [0.0, 0.1]])
    one, two = fitted_tables(calibration), fitted_tables(calibration)
    unknowns = calibration.fit.problem.unknowns
    expected = {tuple(float(f"{u.value(z):.6g}") for u, z in zip(unknowns, row, strict=True)) for row in calibration.draws.kept}

    assert list(one.draws.columns) == [GAIN, HAZARD]
    assert one.draws.equals(two.draws)
    assert set(one.draws.itertuples(index=False, name=None)) == expected
    assert len(one.draws) == len(calibration.draws.kept)


def test_the_overlay_lies_over_the_declared_rows(found):
    """It holds the informed parameter alone, with its value, interval, source and status, and tells how the fit went."""
    tables = tomllib.loads(overlay_text(found))
    parameters, faults = overlay_rows(
        declared_parameters(), {group: rows for group, rows in tables.items() if group not in NOT_ROWS}, "calibrated.toml"
    )
    row, declared = parameters.rows[KEYS[0]], declared_parameters().rows[KEYS[0]]

    assert faults == []
    assert (row.value, row.status, row.source, row.unit) == (
        found.parameters["fitted"][0], "calibrated", declared.source, declared.unit,
    )  # fmt: skip
    assert row.interval == pytest.approx(tuple(found.parameters.loc[0, ["low", "high"]]), rel=1e-5)
    assert row.note == f"{declared.note} Declared {declared.value:g}; informed most by comp.T04."
    assert parameters.rows[KEYS[1]] == declared_parameters().rows[KEYS[1]]
    assert tables["fitted"]["uninformed"] == [HAZARD]
    assert (tables["fitted"]["run"], tables["fitted"]["freedom"]) == (found.run, 1)


def test_the_overlay_can_be_a_world(found, tmp_path: Path):
    """A scenario names it beside its pack, and every policy has the fitted value."""
    (tmp_path / "fitted.toml").write_text(overlay_text(found), encoding="utf-8")
    study = tmp_path / "study.toml"
    study.write_text(
        'world = ["worlds/saas_mid_market.toml", "fitted.toml"]\nbaseline = "now"\nmonths = 3\nseats = 14\n'
        'seeds = { first = 1, count = 2 }\n[policies.now]\nlabel = "Now"\n', encoding="utf-8",
    )  # fmt: skip

    assert read_scenario(study).parameters.rows[KEYS[0]].value == found.parameters["fitted"][0]


def test_the_overlay_can_be_the_shipped_one(found, monkeypatch: pytest.MonkeyPatch):
    """In the place of `calibrated.toml` it gives the shipped parameters."""
    tables = tomllib.loads(overlay_text(found))
    monkeypatch.setattr("simulation.evidence.read.evidence_table", lambda _: tables)
    shipped_parameters.cache_clear()
    value = shipped_parameters().rows[KEYS[0]].value
    shipped_parameters.cache_clear()

    assert value == found.parameters["fitted"][0]


def test_correlated_parameters_are_named():
    """One figure moved by both alike: the sum is known and neither alone, so they are correlated negatively by a closed form."""
    tables = fitted_tables(linear([[2.0, 2.0], [0.0, 0.0]]))
    weight = tables.targets["weight"][0]
    expected = -4.0 * weight / (1.0 + 4.0 * weight)
    [[one, other, r]] = tomllib.loads(overlay_text(tables))["fitted"]["correlation"]

    assert {one, other} == {GAIN, HAZARD}
    assert r == pytest.approx(expected, abs=1e-3)
    assert any(f"(correlation): {HAZARD} and {GAIN} −" in text for text in sentences(tables))


@pytest.mark.parametrize("width", [80, 100])
def test_the_screen_keeps_to_its_columns(found, width: int):
    """Parameters with interval and what informs them, figures before and after, and the sentences; no line is too wide."""
    lines = said(found, width)
    text = " ".join(" ".join(lines).split())

    assert max(map(len, lines)) <= width
    assert "Parameters that the targets inform: 1 of 2" in text
    assert f"Not informed by these targets, kept at the declared value and carried as uncertainty: {HAZARD}." in text
    assert "comp.T04" in text.split("Figures fitted to")[0]
    assert "no further from their targets than bands and noise allow" in text


def test_agreement_is_told_as_it_is(found):
    """A fit that is too far off says so; one without degrees of freedom cannot be tested."""
    bad = replace(found, j_statistic=40.0, p_value=3e-10)
    none = replace(found, freedom=0, p_value=math.nan)

    assert "1 degree of freedom, p < 0.001: taken together the figures lie further from their targets than" in agreement(bad)
    assert "no degrees of freedom are left" in agreement(none)
    assert "p_value" not in tomllib.loads(overlay_text(none))["fitted"]


def test_draws_ruled_out_are_counted(found):
    """How many of how many were kept; nothing is said of others where there are none."""
    fewer = replace(found, tried=len(found.draws) + 3)
    kept = len(found.draws)

    assert sentences(fewer)[-1] == f"The ensemble keeps {kept} of {kept + 3} draws; the targets rule the others out."
    assert sentences(replace(found, tried=kept))[-1] == f"The ensemble keeps {kept} of {kept} draws."


def test_json_holds_no_figure_that_is_none(found):
    """A strict reader takes it, whatever is missing."""
    document = json.loads(json.dumps(as_json(replace(found, p_value=math.nan)), allow_nan=False))

    assert document["p_value"] is None
    assert [row["name"] for row in document["parameters"]] == [GAIN, HAZARD]
    assert document["draws"] == {"kept": len(found.draws), "tried": found.tried}


def test_the_run_folder_is_complete(found, tmp_path: Path):
    """Every file is there, and the ensemble has a head of parameters and a row a draw."""
    write_fitted(found, tmp_path)
    rows = list(csv.reader((tmp_path / "ensemble.csv").read_text(encoding="utf-8").splitlines()))
    levels = (tmp_path / "levels.csv").read_text(encoding="utf-8").splitlines()

    assert {path.name for path in tmp_path.iterdir()} == {
        "calibrated.toml", "ensemble.csv", "levels.csv", "fit.csv", "parameters.csv", "profiles.csv", "contributions.csv",
        "correlation.csv",
    }  # fmt: skip
    assert rows[0] == [GAIN, HAZARD]
    assert len(rows) == 1 + len(found.draws)
    assert levels == ["pack,owner,parameter,response", f"saas_mid_market,market.turnover_level,{GAIN},0.25"]


def test_a_run_folder_that_cannot_be_written_is_refused(found, tmp_path: Path):
    """The sentence says what to do, for tables as for pictures."""
    blocked = tmp_path / "file"
    blocked.write_text("a file", encoding="utf-8")

    with pytest.raises(RunError, match="choose another folder with --out"):
        write_fitted(found, blocked / "run")
    with pytest.raises(RunError, match="choose another folder with --out"):
        draw_fitted(found, blocked / "figures")


def test_only_a_checkout_is_written_to(found, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """An installed package and files that cannot be written to are refused in a sentence; a checkout gets the three files."""
    package = tmp_path / "site" / "simulation"
    (package / "evidence").mkdir(parents=True)
    monkeypatch.setattr(simulation, "__file__", str(package / "__init__.py"))

    with pytest.raises(ScenarioError, match=r"--write: .* belongs to an installed package; run it in a checkout"):
        evidence_folder()
    (tmp_path / "site" / "pyproject.toml").write_text("", encoding="utf-8")
    write_evidence(found, evidence_folder())

    assert {path.name for path in (package / "evidence").iterdir()} == set(written.SHIPPED)
    monkeypatch.setattr("os.access", lambda path, _: not str(path).endswith("ensemble.csv"))
    with pytest.raises(ScenarioError, match=r"--write: .*ensemble\.csv cannot be written to"):
        evidence_folder()


def test_a_run_is_found_again_after_its_results_are_shipped(monkeypatch: pytest.MonkeyPatch):
    """Neither the run's name nor what is remembered hangs on the fitted values; a declared range or a configuration does."""
    before, narrower = configuration(), configuration(draws=9)
    scenario = before.findings[0].scenario
    digest = calibration_digest(before)
    moved = shipped_parameters().with_values({KEYS[0]: 12.5}, status="calibrated")
    refitted = replace(scenario, parameters=scenario.parameters.with_values({KEYS[0]: 12.5}, status="calibrated"))
    same = asked_of(scenario, before.values)
    monkeypatch.setattr("simulation.calibration.published.shipped_parameters", lambda: moved)

    assert asked_of(refitted, before.values) == same
    assert asked_of(refitted, {}) != same
    assert calibration_digest(narrower) != digest


def test_pictures_are_complete(found, tmp_path: Path):
    """Targets, profiles and identification, each as PNG and SVG with its numbers; no picture of correlation without any."""
    draw_fitted(found, tmp_path)

    assert {path.name for path in tmp_path.iterdir()} == {
        f"{name}.{ending}" for name in ("targets", "profiles", "identification") for ending in ("png", "svg", "csv")
    }  # fmt: skip


def axes():
    """Axes on a figure of their own."""
    figure = Figure(figsize=(8, 5))
    FigureCanvasAgg(figure)
    return figure.add_axes((0.2, 0.3, 0.75, 0.55))


def test_a_profile_shows_its_points(found):
    """The line goes through the simulated points and the fit, the dashes through what is expected there."""
    own = found.profiles[found.profiles["parameter"] == GAIN]
    row = found.parameters.to_dict("records")[0]
    ax = draw_profile(axes(), own, row)
    lines = {line.get_gid(): line for line in ax.lines if line.get_gid()}
    expected = sorted([*zip(own["value"], own["excess"], strict=True), (row["fitted"], 0.0)])

    np.testing.assert_allclose(lines["profile"].get_xydata(), expected, atol=1e-9)
    assert lines["expected"].get_ydata()[[0, -1]] == pytest.approx([4.0, 4.0])


def test_what_is_far_off_a_profile_ends_in_a_triangle(found):
    """An excess beyond the picture is drawn at its edge, as a triangle that points out of it."""
    own = found.profiles[found.profiles["parameter"] == GAIN].assign(excess=[50.0, 1.0, -9.0, 4.0])
    ax = draw_profile(axes(), own, found.parameters.to_dict("records")[0])

    assert [line.get_marker() for line in ax.lines if line.get_marker() in ("^", "v")] == ["^", "v"]


def test_identification_shows_shares_and_what_is_left_of_priors(found):
    """Cells hold the contributions, the strip above the shrinkage, and the numbers are those in percent."""
    ax = draw_identification(axes(), found.contributions, found.parameters, "A title")
    cells, strip = (image.get_array() for image in ax.images)

    np.testing.assert_allclose(cells, found.contributions.to_numpy())
    np.testing.assert_allclose(np.ravel(strip), found.parameters["shrinkage"])
    assert f"{100 * found.parameters['shrinkage'][0]:.0f}" in [text.get_text() for text in ax.texts]

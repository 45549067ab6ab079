"""From files to a world: the command, what it refuses, and what it leaves behind; then, slowly, whether the truth comes back."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from company_files import DEALS, PEOPLE, pipeline, staff, write
from typer.testing import CliRunner, Result

from simulation import cli
from simulation.calibration.company import fit as fitting
from simulation.calibration.company.backtest import Score
from simulation.calibration.company.calibrate import calibrate_company
from simulation.calibration.solve import Ask, Solution
from simulation.rules.leaving import tenure_profile
from simulation.scenario import read_scenario
from simulation.scenario.files import shipped_scenarios

SHIPPED = shipped_scenarios() / "company"
STUDY = """
title = "Ours"
world = ["acme.toml"]
baseline = "today"
months = 12
seats = 42
seeds = { first = 1, count = 2 }
[policies.today]
commission = { base_share = 0.6 }
"""


def orgsim(*words: Any) -> Result:
    """The result of one command line."""
    return CliRunner(env={"COLUMNS": "100"}).invoke(cli.app, ["calibrate", *map(str, words)])


def at_once(ask: Ask, _: Any = None) -> Solution:
    """In place of the solver, which has tests of its own: every number is met, and each answers to its own parameter alone."""
    start = {h.owner: float(ask.start.rows[h.owner].value) for h in ask.unknowns}
    return Solution(ask.unknowns, ask.goals, dict(ask.goals), dict.fromkeys(ask.goals, 1e-3), start, np.eye(len(start)))


@pytest.fixture(scope="module")
def small() -> Any:
    """A solver that knows, and shapes at a size for tests; the slow test has neither."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fitting, "solve", at_once)
        patch.setattr(fitting, "SEATS", 42)
        patch.setattr(fitting, "LIVES", range(201, 203))
        patch.setattr(fitting, "LIFE", 12)
        yield


@pytest.fixture(scope="module")
def done(small: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, Path]:  # noqa: ARG001 - in force while it runs
    """The command on the shipped company, once."""
    folder = tmp_path_factory.mktemp("acme")
    result = orgsim("--people", SHIPPED / "people.csv", "--deals", SHIPPED / "deals.csv", "--name", "acme", "--out", folder)
    return result, folder


def test_the_command_prints_tables(done: tuple[Result, Path]):
    """It says what was left out, what the tables show, what was fitted and how it did on held-out months, in 100 columns."""
    result, folder = done
    lines = [line for line in result.stdout.splitlines() if line and line[0] in "┏┃┡│└"]

    assert result.exit_code == 0
    assert max(len(line) for line in lines) <= 100
    for text in ("Left out", "What your tables show", "Fitted; all else stands", "Back-test on the last 12 months"):
        assert text in result.stdout
    assert "not for decisions about a person" in result.stdout
    assert f"{folder / 'acme.toml'} is written" in result.stderr


def test_the_world_can_be_used(done: tuple[Result, Path]):
    """A scenario beside the world names it and reads; its rows say how sure they are, and what was asked stands in it."""
    _, folder = done
    (folder / "ours.toml").write_text(STUDY, encoding="utf-8")
    p = read_scenario(folder / "ours.toml").parameters
    world = tomllib.loads((folder / "acme.toml").read_text(encoding="utf-8"))

    assert p.rows["market", "close_rate"].status == "calibrated"
    assert "95% interval" in p.rows["market", "close_rate"].note
    assert world["asked"]["win_rate"]["source"] == ["company"]
    assert world["asked"]["nrr"]["source"] == ["saascapital2022"]
    assert world["ordinary"]["commission"]["base_share"] == pytest.approx(0.6, abs=0.01)
    assert p.contract.ote == pytest.approx(160_000, rel=0.01)


def test_no_file_names_a_rep(done: tuple[Result, Path]):
    """None of the files written, nor anything printed, holds an id of the input."""
    result, folder = done
    ids = {line.split(",")[0] for line in (SHIPPED / "people.csv").read_text(encoding="utf-8").splitlines()[1:]}
    text = result.stdout + result.stderr + "".join(file.read_text(encoding="utf-8") for file in folder.iterdir())

    assert sorted(file.name for file in folder.glob("acme*")) == [
        "acme.toml", "acme_figures.csv", "acme_left_out.csv", "acme_report.json",
    ]  # fmt: skip
    assert [name for name in ids if name in text] == []


def test_the_report_is_json(done: tuple[Result, Path]):
    """The report holds figures with errors, asked and reached, what was fitted, the back-test and what was left out."""
    report = json.loads((done[1] / "acme_report.json").read_text(encoding="utf-8"))

    assert {"figures", "asked", "fitted", "backtest", "left_out", "warnings"} <= report.keys()
    assert report["rows"]["people"]["left_out"] == 8
    assert {score["name"] for score in report["backtest"]["scores"]} >= {"log score, rep and month", "exits a month, gap"}


@pytest.mark.usefixtures("small")
def test_people_alone_work(tmp_path: Path):
    """With people alone turnover is fitted, deals stay the pack's and that is said; too short a history is not back-tested."""
    write(tmp_path / "people.csv", PEOPLE, *staff(60))
    found = calibrate_company(tmp_path / "people.csv", out=tmp_path, name="people_only")

    assert found.fit.own == ("quits_rate", "dismissals_rate")
    assert found.tested.reason == "people are watched for 11 months; 18 are needed"
    assert (tmp_path / "people_only.toml").is_file()


@pytest.mark.usefixtures("small")
def test_deals_alone_work(tmp_path: Path):
    """With deals alone win rate, cycle and deal size are fitted, turnover stays the pack's, and JSON says so."""
    write(tmp_path / "deals.csv", DEALS, *pipeline(120))
    result = orgsim("--deals", tmp_path / "deals.csv", "--out", tmp_path, "--json")
    report = json.loads(result.stdout)

    assert set(report["fitted"]) >= {"market.win_intercept", "market.close_rate", "market.deal_value"}
    assert report["backtest"]["reason"] == "without people there are no exits to hold out"
    assert any(text.startswith("as in the pack") and "quits_rate" in text for text in report["warnings"])


@pytest.mark.parametrize(("words", "said"), [
    (("--mapping", "map.toml"), "--mapping: says nothing without --people or --deals; give one of them"),
    (("--people", "none.csv"), "--people: none.csv is no file; name a CSV, Parquet or Excel file"),
    (("--deals", "none.csv"), "--deals: none.csv is no file; name a CSV, Parquet or Excel file"),
    (("--people", "none.csv", "--name", "Our Firm"), '--name: "Our Firm" is refused; it takes small letters, digits and _'),
    (("--people", "none.csv", "--world", "saas"), "is no file and no shipped world"),
    (("--people", "none.csv", "--world", "steady"), "asked is missing: --world takes an industry pack"),
    (("--people", SHIPPED / "people.csv", "--mapping", "none.toml"), "none.toml: file does not exist"),
])  # fmt: skip
def test_a_wrong_request_is_refused(tmp_path: Path, words: tuple[Any, ...], said: str):
    """A request that cannot be met ends with exit code 2 and one sentence."""
    result = orgsim(*words, "--out", tmp_path)

    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr


def test_tables_that_inform_nothing_are_refused(tmp_path: Path):
    """A handful of rows is refused with what is needed at least, and the reports are there all the same."""
    write(tmp_path / "people.csv", "rep,hired", "A,2022-01-01", "B,2022-01-01")
    result = orgsim("--people", tmp_path / "people.csv", "--out", tmp_path / "out")

    assert result.exit_code == 2
    assert "the tables inform nothing that can be fitted (2 reps; 5 exits, 20 deals" in result.stderr
    assert (tmp_path / "out" / "company_left_out.csv").is_file()


def test_an_interrupt_loses_nothing_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Stopped while it fits, the command ends with 130, and figures and what was left out are there."""

    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(fitting, "solve", interrupted)
    write(tmp_path / "people.csv", PEOPLE, *staff(60))
    result = orgsim("--people", tmp_path / "people.csv", "--out", tmp_path / "out")

    assert result.exit_code == 130
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == ["company_figures.csv", "company_left_out.csv"]


@pytest.mark.parametrize(("low", "high", "higher", "verdict"), [
    (0.1, 0.2, True, "better"), (0.1, 0.2, False, "worse"), (-0.2, -0.1, False, "better"), (-0.1, 0.1, True, "no better"),
])  # fmt: skip
def test_a_verdict_needs_the_whole_interval(low: float, high: float, higher: bool, verdict: str):
    """The model is called better only when the interval of the difference lies wholly on its side."""
    assert Score("x", 1.0, 1.0, low, high, higher).verdict == verdict


@pytest.mark.slow
def test_the_truth_comes_back(tmp_path: Path):
    """Of the shipped company's true figures nine in ten lie in the 95% intervals, and so do its parameters, shapes included."""
    truth = tomllib.loads((SHIPPED / "truth.toml").read_text(encoding="utf-8"))
    found = calibrate_company(SHIPPED / "people.csv", SHIPPED / "deals.csv", out=tmp_path, name="acme")
    fit, shown = found.fit, found.company.moments.shown
    true = truth["moments"]
    figures = {key: m.interval[0] <= true[key] <= m.interval[1] for key, m in shown.items() if key in true}
    simple = {key: value for key, value in truth["parameters"].items() if isinstance(value, float)}
    known = {f"{group}.{name}": fitted for (group, name), fitted in fit.fitted.items()}
    inside = {key: known[key].low <= simple[key] <= known[key].high for key in known.keys() & simple.keys()}
    pack = found.pack.parameters.leaving.quit_profile
    true_profile, fitted_profile = truth["parameters"]["leaving.quit_profile"], known["leaving.quit_profile"].value
    bends = [tenure_profile(knots)[[6, 36]] for knots in (true_profile, fitted_profile, pack)]
    true_fall, fitted_fall, usual_fall = (early - late for early, late in bends)

    assert len(inside) >= 8
    assert np.mean([*figures.values(), *inside.values()]) >= 0.9, (figures, inside)
    assert abs(fitted_fall - true_fall) < abs(usual_fall - true_fall)
    assert fit.solution.missed() == []

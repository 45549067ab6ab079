"""Claims judged on a tiny organisation; every figure is met again by plain runs of the study with the row set by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from simulation import cli
from simulation.experiment.execute import run
from simulation.scenario import Scenario, read_expected, read_scenario, within
from simulation.statistics.claims import judge, judge_all
from simulation.statistics.intervals import t_interval
from simulation.statistics.measures import measure

STUDY = """
title    = "A tiny study"
world    = ["worlds/saas_mid_market.toml"]
baseline = "without"
months   = 6
seats    = 28
seeds    = { first = 7, count = 3 }
%s
[policies.without]
label      = "Without"
commission = { base_share = 0.5, rate = 0.10 }
[policies.with]
label      = "With"
like       = "without"
autonomy   = { discount_authority = 0.10 }
"""
CLAIM = """
[[expect]]
id       = "S9"
text     = "More is sold where reps may decide"
metric   = "bookings"
contrast = { with = 1, without = -1 }
change   = "relative"
claimed  = 5.0
vary     = ["selling.price_slope", "selling.private_gain"]
"""
STATEMENT = """
[[expect]]
id            = "G4"
text          = "More so in a downturn"
metric        = "extra_discount"
contrast      = { with = 1, without = -1 }
direction     = "higher"
least         = 0.001
against_world = ["worlds/downturn.toml"]
"""
ENDS = {"selling.price_slope": (0.7, 2.6), "selling.private_gain": (0.07, 0.28)}


def study(folder: Path, expect: str, *settings: str) -> Scenario:
    """The tiny study with expectations, and values set by hand."""
    file = folder / "tiny.toml"
    file.write_text(STUDY % expect, encoding="utf-8")
    return read_scenario(file, settings=settings)


def contrast(scenario: Scenario, key: str) -> Any:
    """With less without by seed, and the mean without: from a run of its own."""
    without, with_ = measure(run(scenario), key)
    return with_ - without, without.mean()


def share(scenario: Scenario) -> float:
    """The mean change of bookings, as a share."""
    difference, level = contrast(scenario, "bookings")
    return float(difference.mean() / level)


def test_the_effect_is_the_paired_contrast_over_the_policy_it_is_relative_to(tmp_path: Path) -> None:
    """Mean and interval are those of the differences by seed, over the mean without; other measures are in their units."""
    scenario = study(tmp_path, CLAIM)
    [one] = judge(scenario)
    difference, level = contrast(scenario, "bookings")
    expected = t_interval(difference / level)
    cost, _ = contrast(scenario, "total_cost")
    again = CLAIM.replace('"bookings"', '"revenue"').replace("S9", "S4")
    [revenue] = judge(study(tmp_path, again))
    added, _ = contrast(scenario, "revenue")

    assert (one.effect.mean, one.effect.low, one.effect.high) == pytest.approx(tuple(map(float, expected)), rel=1e-12)
    assert one.others["total_cost"].mean == pytest.approx(float(cost.mean()), rel=1e-12)
    assert one.verdict == "not reachable"
    assert revenue.others["revenue"].mean == pytest.approx(float(added.mean()), rel=1e-9)


def test_a_moved_row_gives_what_a_run_with_that_row_gives(tmp_path: Path) -> None:
    """Each row alone at each end, then together at the ends that raised and lowered the effect, as if set in the file."""
    [one] = judge(study(tmp_path, CLAIM))
    expected = {
        (row, end): share(study(tmp_path, CLAIM, f"parameters.{row}={end}")) for row, ends in ENDS.items() for end in ends
    }
    corners = []
    for pick in (max, min):
        chosen = [pick(ends, key=lambda end, row=row: expected[row, end]) for row, ends in ENDS.items()]
        corners.append(share(study(tmp_path, CLAIM, *(f"parameters.{r}={e}" for r, e in zip(ENDS, chosen, strict=True)))))

    assert {(move.row, move.value): move.effect.mean for move in one.moved} == pytest.approx(expected, rel=1e-9)
    assert one.plausible.high == pytest.approx(max(*corners, *expected.values()), rel=1e-9)
    assert one.plausible.low == pytest.approx(min(*corners, *expected.values()), rel=1e-9)


def test_against_another_world_the_effect_is_the_difference_of_two_contrasts(tmp_path: Path) -> None:
    """The contrast in the scenario's own world less that in the world named, by seed."""
    scenario = study(tmp_path, STATEMENT)
    [one] = judge(scenario)
    here, _ = contrast(scenario, "extra_discount")
    there, _ = contrast(within(scenario, ["worlds/downturn.toml"], "world"), "extra_discount")

    assert one.effect.mean == pytest.approx(float((here - there).mean()), rel=1e-9)
    assert np.abs(there).max() > 0.0


def test_a_level_is_the_metric_itself_and_what_else_moved_a_difference(tmp_path: Path) -> None:
    """Under the policy of weight 1; alone, that policy is told against the baseline."""
    level = CLAIM.replace('"relative"', '"level"').replace("{ with = 1, without = -1 }", "{ with = 1 }")
    scenario = study(tmp_path, level)
    [one] = judge(scenario)
    _, with_ = measure(run(scenario), "bookings")
    turnover, _ = contrast(scenario, "turnover")

    assert one.effect.mean == pytest.approx(float(with_.mean()), rel=1e-12)
    assert one.others["turnover"].mean == pytest.approx(float(turnover.mean()), rel=1e-9)


def test_rows_that_cannot_move_are_told(tmp_path: Path) -> None:
    """A table has no ends: it is named, and the range is that of the defaults."""
    [one] = judge(study(tmp_path, CLAIM.replace('"selling.price_slope", "selling.private_gain"', '"leaving.quit_profile"')))

    assert "leaving.quit_profile" in one.left_out[0]
    assert (one.moved, one.plausible.low, one.plausible.high) == ((), one.effect.mean, one.effect.mean)


@pytest.mark.parametrize(
    ("expect", "verdict"),
    [
        (CLAIM, "not reached with defaults"),
        (CLAIM.replace("5.0", "-0.5"), "not reached with defaults"),
        (CLAIM.replace("5.0", "-0.0001").replace('"bookings"', '"extra_discount"').replace('"relative"', '"absolute"'), ""),
        (STATEMENT, "with defaults"),
    ],
)
def test_without_the_range_the_effect_is_the_same_and_words_speak_of_defaults(
    tmp_path: Path, expect: str, verdict: str
) -> None:
    """Nothing is moved, so nothing is said of what could be reached; whether it counts as met does not change."""
    scenario = study(tmp_path, expect)
    [quick], [full] = judge(scenario, ranges=False), judge(scenario)

    assert (quick.effect, quick.others) == (full.effect, full.others)
    assert (quick.plausible, quick.moved, quick.seeds) == (None, (), 0)
    assert verdict in quick.verdict
    assert full.verdict.startswith("depends on") or quick.passes == full.passes


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of one claim and one statement, in the place of those that orgsim ships."""
    for name, expect in (("claims", CLAIM), ("statements", STATEMENT)):
        (tmp_path / name).mkdir()
        study(tmp_path / name, expect)
    monkeypatch.setattr("simulation.scenario.expected.shipped_scenarios", lambda: tmp_path)
    return tmp_path


@pytest.mark.usefixtures("shipped")
def test_validate_prints_json_with_every_field() -> None:
    """One document: a summary of claims and statements, and a target each with claim, effect, range, verdict and the rest."""
    result = CliRunner().invoke(cli.app, ["validate", "--claims", "--json", "--processes", "1"])
    document = json.loads(result.stdout)
    claim, statement = document["targets"]

    assert result.exit_code == 0
    assert document["summary"]["claims"] == [0, 1]
    assert document["summary"]["statements"][1] == 1
    assert set(claim) >= {
        "id", "text", "metric", "target", "band", "value", "low", "high", "pass", "grade", "role", "source", "note",
        "plausible", "verdict", "moved",
    }  # fmt: skip
    assert (claim["id"], claim["target"], claim["band"], claim["grade"], claim["role"]) == ("S9", 5.0, [5.0, None], "D", "claim")
    assert claim["plausible"]["low"] <= claim["value"] <= claim["plausible"]["high"]
    assert set(claim["moved"]) == {"turnover", "revenue", "total_cost", "contribution"}
    assert (statement["id"], statement["target"], statement["band"]) == ("G4", None, [0.001, None])


@pytest.mark.usefixtures("shipped")
def test_validate_prints_a_table_of_a_hundred_columns() -> None:
    """Claims and statements stand in tables of their own, with the verdict in words; no line is wider than 100."""
    result = CliRunner().invoke(cli.app, ["validate", "--claims", "--processes", "1"])
    lines = result.stdout.splitlines()

    assert result.exit_code == 0
    assert max(map(len, lines)) <= 100
    assert any(line.startswith("Claims of a management essay: 0 of 1") for line in lines)
    assert any(line.startswith("General statements") for line in lines)
    assert any("not reachable" in line and line.rstrip().endswith("D") for line in lines)
    assert any("also: turnover" in line for line in lines)


@pytest.mark.usefixtures("shipped")
def test_validate_refuses_in_sentences() -> None:
    """An unknown id gets the nearest one, and an absurd number of processes its range; both exit with 2."""
    claims = ["--claims", "--only", "S99"], ["--claims", "--processes", "0"]
    for words, said in ((claims[0], "the nearest is S9"), (claims[1], "--processes = 0")):
        result = CliRunner().invoke(cli.app, ["validate", *words])

        assert result.exit_code == 2
        assert said in result.stderr
        assert "Traceback" not in result.stderr


@pytest.mark.slow
def test_workers_change_no_bit(shipped: Path) -> None:
    """Two processes judge as one does."""
    scenarios = [replace(scenario, months=3) for scenario in read_expected(folder=shipped)]
    one, two = (judge_all(scenarios, processes=count) for count in (1, 2))

    assert [(x.effect, x.plausible, x.others) for x in one] == [(x.effect, x.plausible, x.others) for x in two]

"""`orgsim validate`: what may be asked, what is printed and written, and exit codes."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from simulation import cli
from simulation.calibration.validate import chosen_targets, validate
from simulation.errors import ScenarioError
from simulation.evidence.targets import targets
from simulation.experiment.work.workers import Workers
from simulation.report.targets import as_json
from simulation.scenario import expected_names, read_expected
from simulation.statistics.claims import judge_all
from simulation.statistics.shown import Verdict
from simulation.study import _asked, run_validation

LAST = re.compile(r"calibrate \d+ of \d+, validate \d+ of \d+, claims \d+ of \d+")


def orgsim(*words: str) -> Result:
    """The result of one command line."""
    return CliRunner(env={"COLUMNS": "160"}).invoke(cli.app, ["validate", *words])


def missed(names: Sequence[str] = ()) -> tuple[Verdict, ...]:
    """Verdicts on targets, or on all: each that can be asked is a miss."""
    return tuple(
        Verdict(one, one.centre + 1e6, 0.0, 2e6, 8) if one.expressed else Verdict(one) for one in chosen_targets(names)
    )  # fmt: skip


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three findings missed, and no claims: what prints and writes is tested without a simulation."""
    verdicts = missed(["comp.T04", "comp.T07", "comp.T23"])
    monkeypatch.setattr("simulation.study.run_validation", lambda *_, **__: (verdicts, ()))


def test_a_finding_is_shown_with_all_its_figures(tmp_path: Path) -> None:
    """A real one: its two figures, its words, the last line, and no files, because not all was asked for."""
    result = orgsim("--only", "comp.T23", "--processes", "1", "--out", str(tmp_path))
    lines = result.stdout.splitlines()

    assert result.exit_code == 0
    assert [line.split()[0] for line in lines if " pass A" in line or " MISS A" in line] == ["comp.T23", "comp.T23.lift"]
    assert any("Outreach to those who can be won back is strictly better." in line for line in lines)
    assert LAST.fullmatch(lines[-1])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("quick")
def test_misses_are_no_error(tmp_path: Path) -> None:
    """With every target missed it exits with 0, ends in the counts, and leaves table and pictures."""
    result = orgsim("--out", str(tmp_path))
    last = result.stdout.splitlines()[-1]

    assert result.exit_code == 0
    assert LAST.fullmatch(last)
    assert last == "calibrate 0 of 1, validate 0 of 2, claims 0 of 0"
    assert "Kept in" in result.stderr
    assert {path.suffix for path in (tmp_path / "validation").iterdir()} == {".csv", ".png", ".svg"}


@pytest.mark.usefixtures("quick")
def test_json_is_one_document(tmp_path: Path) -> None:
    """Stdout holds nothing else, and every target has an entry."""
    document = json.loads(orgsim("--json", "--out", str(tmp_path)).stdout)

    assert [entry["id"] for entry in document["targets"]] == ["comp.T04", "comp.T07", "comp.T23", "comp.T23.lift"]
    assert document["summary"] == {"calibrate": [0, 1], "validate": [0, 2], "claims": [0, 0]}


def test_every_target_has_an_entry() -> None:
    """All of the file, in its order; what cannot be asked neither passes nor misses, and no number is infinite."""
    document = json.loads(json.dumps(as_json(missed(), ()), allow_nan=False))

    assert [entry["id"] for entry in document["targets"]] == list(targets())
    assert all((entry["pass"] is None) == bool(entry["not_expressible"]) for entry in document["targets"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--only", "comp.T999"), '--only: "comp.T999" is the id of no target, claim or statement; the nearest is comp.T'),
        (("--only", "comp.T23", "--only", "S99"), '"S99" is the id of no target, claim or statement; the nearest is S9'),
    ],
)
def test_an_unknown_id_is_refused(words: tuple[str, ...], said: str) -> None:
    """A sentence on stderr, nothing on stdout, exit code 2."""
    result = orgsim(*words)

    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_a_targets_id_that_is_none_is_refused_in_python() -> None:
    """`validate` names the nearest id as well."""
    with pytest.raises(ScenarioError, match=r'"comp\.T9x" is no target\'s id; the nearest is comp\.T'):
        validate(["comp.T9x"])


def test_what_may_be_named() -> None:
    """A target, a finding with its parts, a twin for its owner, claims and statements; left out, all targets and the claims."""
    shipped = read_expected()
    names, scenarios = _asked(["turn.T20.later", "S7", "G1a"])
    everything, claims = _asked([])

    assert [one.id for one in chosen_targets(["comp.T23"])] == ["comp.T23", "comp.T23.lift"]
    assert [one.id for one in chosen_targets(["turn.T04"])] == ["comp.T03b"]
    assert names == ["turn.T20.later"]
    assert [one.id for scenario in scenarios for one in scenario.expect] == ["S7", "G1a"]
    assert everything == []
    assert not any(one.is_statement for scenario in claims for one in scenario.expect)
    assert {"S2", "S2a", "G1"} <= expected_names(shipped)


def test_targets_and_claims_share_one_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """Progress rises to its end under one name, whatever is asked for together, and the workers are shared."""
    told: list[tuple[int, int, str]] = []
    crews: list[Any] = []
    small = tuple(replace(one, seed_count=2, seats=28, months=3) for one in read_expected(["S7"]))
    monkeypatch.setattr("simulation.study._asked", lambda _: (["comp.T23"], small))
    for name, own in (("simulation.calibration.validate.validate", validate), ("simulation.study.judge_all", judge_all)):
        monkeypatch.setattr(name, lambda *args, own=own, **how: (crews.append(how["processes"]), own(*args, **how))[1])
    verdicts, judged = run_validation(["comp.T23", "S7"], lambda *step: told.append(step), processes=1)

    assert [one.target.id for one in verdicts] == ["comp.T23", "comp.T23.lift"]
    assert [one.expectation.id for one in judged] == ["S7"]
    assert len({step[1:] for step in told}) == 1
    assert [step[0] for step in told] == sorted(step[0] for step in told)
    assert told[-1][0] == told[-1][1]
    assert isinstance(crews[0], Workers)
    assert crews[0] is crews[1]

"""`orgsim calibrate` on published findings: what is refused, printed and kept, and going on where it stopped."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from calibrations import GAIN, HAZARD, configuration, fitted
from typer.testing import CliRunner, Result

import simulation
from simulation import cli
from simulation.calibration.configuration import Configuration
from simulation.calibration.ledger import Ledger
from simulation.calibration.written import calibration_folder, evaluations_in


def orgsim(*words: str) -> Result:
    """The result of one command line."""
    return CliRunner(env={"COLUMNS": "160"}).invoke(cli.app, ["calibrate", *words])


def tiny() -> Configuration:
    """Two parameters and one finding, of few seats and seeds, in no pack that would have to be anchored."""
    found = configuration(("comp.T04",), packs=[], draws=4)
    size = {"seats": 28, "seed_count": 2, "months": 24}
    vars(found)["findings"] = tuple(replace(one, scenario=replace(one.scenario, **size)) for one in found.findings)
    return found


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Configuration:
    """The tiny configuration in the place of the committed one."""
    found = tiny()
    monkeypatch.setattr("simulation.calibration.configuration.read_configuration", lambda: found)
    return found


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch, asked: Configuration) -> Configuration:
    """A fit that takes no simulation."""
    tables = fitted()
    monkeypatch.setattr("simulation.study.run_calibration", lambda *_, **__: tables)
    return asked


def test_write_is_refused_before_the_work_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Outside a checkout the refusal comes at once, not after a quarter of an hour."""
    monkeypatch.setattr(simulation, "__file__", str(tmp_path / "simulation" / "__init__.py"))
    monkeypatch.setattr("simulation.study.run_calibration", lambda *_, **__: pytest.fail("it was calibrated"))
    result = orgsim("--write", "--out", str(tmp_path))

    assert (result.exit_code, result.stdout) == (2, "")
    assert "--write: " in result.stderr
    assert "belongs to an installed package" in result.stderr


def test_what_was_found_is_printed_and_drawn(quick: Configuration, tmp_path: Path) -> None:
    """Tables and sentences on stdout, pictures in the run's folder, whose name stands on stderr."""
    folder = calibration_folder(quick, tmp_path)
    Ledger(folder / "evaluations.jsonl").keep({"a": ([0.1], [[0.01]]), "b": ([0.2], [[0.01]])})
    result = orgsim("--out", str(tmp_path))

    assert result.exit_code == 0
    assert f"2 evaluations found in {folder}; they are not simulated again." in result.stderr
    assert f"Kept in {folder}." in result.stderr
    assert "Parameters that the targets inform: 1 of 2" in result.stdout
    assert (folder / "figures" / "identification.png").is_file()


@pytest.mark.usefixtures("quick")
def test_json_is_one_document(tmp_path: Path) -> None:
    """Stdout holds nothing else."""
    document = json.loads(orgsim("--json", "--out", str(tmp_path)).stdout)

    assert [row["name"] for row in document["parameters"]] == [GAIN, HAZARD]
    assert document["uninformed"] == [HAZARD]


@pytest.mark.usefixtures("quick")
def test_write_makes_it_the_shipped_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a checkout the three files of the evidence folder are written."""
    (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")
    (tmp_path / "simulation" / "evidence").mkdir(parents=True)
    monkeypatch.setattr(simulation, "__file__", str(tmp_path / "simulation" / "__init__.py"))
    result = orgsim("--write", "--out", str(tmp_path / "results"))

    assert f"Written to {tmp_path / 'simulation' / 'evidence'}." in result.stderr
    assert (tmp_path / "simulation" / "evidence" / "calibrated.toml").is_file()


@pytest.mark.slow
def test_it_goes_on_where_it_was_stopped(asked: Configuration, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Interrupted after three writes it says how to go on; the second start finds them, and ends as if it had never stopped."""
    keep, writes = Ledger.keep, []

    def stopped(ledger: Ledger, entries: dict[str, tuple[list[float], list[float]]]) -> None:
        if len(writes) == 3:
            raise KeyboardInterrupt
        writes.append(len(entries))
        keep(ledger, entries)

    monkeypatch.setattr(Ledger, "keep", stopped)
    first = orgsim("--out", str(tmp_path / "a"), "--processes", "1")
    monkeypatch.setattr(Ledger, "keep", keep)
    second, whole = (orgsim("--json", "--out", str(tmp_path / name), "--processes", "1") for name in ("a", "b"))
    found = evaluations_in(calibration_folder(asked, tmp_path / "b"))
    third = orgsim("--json", "--out", str(tmp_path / "a"), "--processes", "1")

    assert first.exit_code == 130
    assert "Interrupted; the same command goes on where it stopped." in first.stderr
    assert f"{sum(writes)} evaluations found" in second.stderr
    assert second.stdout == whole.stdout == third.stdout
    assert f"{found} evaluations found" in third.stderr
    assert found > sum(writes)


@pytest.mark.usefixtures("asked")
def test_a_library_that_swallows_the_interrupt_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error that an interrupt was turned into is told as the interrupt itself; any other error is not."""

    def stopped_by(error: BaseException) -> Result:
        def stop(*_: object, **__: object) -> None:
            raise error

        monkeypatch.setattr("simulation.study.run_calibration", stop)
        return orgsim("--out", str(tmp_path))

    plain, other = stopped_by(KeyboardInterrupt()), stopped_by(ValueError("broken"))
    monkeypatch.setattr(cli.interrupt, "heard", True)
    heard = stopped_by(ValueError("broken"))

    assert isinstance(other.exception, ValueError)
    assert (plain.exit_code, heard.exit_code) == (130, 130)
    assert plain.stderr == heard.stderr == "Interrupted; the same command goes on where it stopped.\n"

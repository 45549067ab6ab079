"""What commands have in common: results shown and kept whatever becomes of stdout, runs that are listed, options alike."""

from __future__ import annotations

import errno
import json
from pathlib import Path

import pytest
import typer.main
from typer.testing import CliRunner, Result

from simulation import cli
from simulation.commands.common import RESUMED, now, show_and_keep
from simulation.experiment.cells.cells import Cells

FULL = OSError(errno.ENOSPC, "No space left on device")
TINY = ("--seats", "6", "--months", "1", "--seeds", "3", "--processes", "1")
RATE = ("--vary", "policies.steeper.commission.rate=0.08,0.1")
SCREEN = ("--policy", "steeper", "--vary-only", *RATE, "--trajectories", "2", "--samples", "8", "--measure", "turnover")
COMMANDS = {
    "compare": (("compare", "--luck-only", "--no-deck"), "commands.comparing.print_study", "experiment.store.write_run"),
    "sweep": (("sweep", *RATE), "report.sweep.print_sweep", "report.sweep_files.write_sweep_run"),
    "pairs": (("sweep", "--design", "pairs"), "report.pairs.print_pairs", "report.pairs.write_pairs"),
    "sensitivity": (
        ("sensitivity", *SCREEN), "report.sensitivity.print_sensitivity", "report.sensitivity_files.write_sensitivity",
    ),
}  # fmt: skip
"""A small command line for each command that keeps cells, what prints its results, and what writes its files."""


def orgsim(*words: str) -> Result:
    """The result of one command line."""
    return CliRunner(env={"COLUMNS": "160"}).invoke(cli.app, list(words))


def fail(problem: BaseException):
    """A function that raises, whatever it is given."""

    def failing(*_: object, **__: object) -> None:
        raise problem

    return failing


# ---------------------------------------------------------------------- shown and kept
def test_files_are_written_though_nobody_takes_the_results(capsys):
    """A full device is an error only after the files are there, and it is said where."""
    with pytest.raises(OSError, match="No space left"):
        show_and_keep(fail(FULL), lambda: Path("results/x"), now())

    assert "Kept in results/x after 0 seconds." in capsys.readouterr().err


def test_a_closed_pipe_keeps_the_files_and_says_nothing(capsys):
    """`orgsim sweep | head` is no reason to lose the run, nor to complain."""
    kept = []
    with pytest.raises(BrokenPipeError):
        show_and_keep(fail(BrokenPipeError()), lambda: kept.append(True) or Path("x"), now())

    assert (kept, capsys.readouterr().err) == ([True], "")


@pytest.mark.usefixtures("one_picture")
@pytest.mark.parametrize(("words", "printer", "writer"), COMMANDS.values(), ids=COMMANDS)
def test_writing_goes_on_with_the_same_command(words, printer, writer, tmp_path, monkeypatch):
    """Results that cannot be printed are written all the same, and Ctrl-C while they are says that nothing starts again."""
    monkeypatch.setattr(f"simulation.{printer}", fail(FULL))
    monkeypatch.setattr(f"simulation.{writer}", fail(KeyboardInterrupt()))
    result = orgsim(*words, *TINY, "--out", str(tmp_path))

    assert (result.exit_code, result.stdout) == (130, ""), result.stderr
    assert result.stderr.splitlines()[-1] == RESUMED


# ---------------------------------------------------------------------- pairs
def test_pairs_are_kept_and_found_again(tmp_path, monkeypatch):
    """The same command simulates nothing again, the run is listed, and progress is told as asked."""
    monkeypatch.setattr("simulation.report.pairs._draw", lambda *_: None)
    words = ("sweep", "--design", "pairs", *TINY, "--progress", "json", "--json", "--out", str(tmp_path))
    first, again = orgsim(*words), orgsim(*words)
    [listed] = json.loads(orgsim("runs", "--json", "--out", str(tmp_path)).stdout)["runs"]

    assert first.exit_code == 0, first.stderr
    assert again.stdout == first.stdout
    assert "cells were found" in again.stderr
    assert "nothing was simulated again" in again.stderr
    assert json.loads(first.stderr.splitlines()[0])["what"] == "simulating"
    assert (listed["what"], listed["seeds"], listed["complete"]) == ("pairs", 3, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--samples", "0"), "--samples: cannot go with --design pairs"),
        (("--until", "revenue=1%", "--draws"), "--draws, --until: cannot go with --design pairs"),
        (("--until-decided",), "leave it out"),
        (("--keep", "months", "--policy", "steeper"), "--policy, --keep months: cannot go with"),
        (RATE, "--vary: cannot go with --design pairs, which puts every lever, and every two, at typical settings"),
        (("--out", ""), "--out: the folder's name is empty"),
        (("--scheduler", "here"), "is no address"),
    ],
)
def test_what_does_not_go_with_pairs_is_refused(words, said, tmp_path, monkeypatch):
    """No option is taken and left unheard, and nothing is written into the folder one stands in."""
    monkeypatch.chdir(tmp_path)
    result = orgsim("sweep", "--design", "pairs", *words)

    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert list(tmp_path.iterdir()) == []


# ---------------------------------------------------------------------- the list of runs
@pytest.mark.parametrize(
    "words",
    [("sweep", *RATE), pytest.param(("compare", "--luck-only", "--no-deck"), marks=pytest.mark.slow)],
    ids=["sweep", "compare"],
)
def test_a_run_that_is_decided_is_listed_with_the_seeds_it_took(words, tmp_path, monkeypatch):
    """Seeds are those that were run, and while it runs those of the first look, not those of the scenario."""
    heard = []

    def heard_by(own):
        return lambda cells, run, about: heard.append(about["seeds"]) or own(cells, run, about)

    for name in ("begin", "rename"):
        monkeypatch.setattr(Cells, name, heard_by(getattr(Cells, name)))
    monkeypatch.setattr("simulation.report.figures.draw_all", lambda *_, **__: None)
    monkeypatch.setattr("simulation.report.sweep_figures.draw_sweep", lambda *_: [])
    few = ("--seats", "6", "--months", "13", "--processes", "1", "--until-decided", "--most-seeds", "21")
    result = orgsim(*words, *few, "--json", "--out", str(tmp_path))
    [listed] = json.loads(orgsim("runs", "--json", "--out", str(tmp_path)).stdout)["runs"]

    assert result.exit_code == 0, result.stderr
    assert heard == [16, listed["seeds"]]
    assert listed["seeds"] == json.loads(result.stdout)["seeds"] > 16


# ---------------------------------------------------------------------- options
def test_every_command_takes_levers_of_your_own():
    """`--levers` stands at any command, as is promised."""
    every = typer.main.get_command(cli.app).commands
    without = [name for name, command in every.items() if not any("--levers" in option.opts for option in command.params)]

    assert "runs" in every
    assert without == []

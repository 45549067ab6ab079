"""The command line: what goes to stdout and stderr, exit codes, refusals, and what starting it does not import."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from simulation import cli
from simulation.commands import common as commands
from simulation.commands import comparing
from simulation.errors import RunError
from simulation.evidence.measures import MEASURES
from simulation.evidence.read import CONDITIONS, shipped_parameters
from simulation.levers import catalogue
from simulation.scenario import Material, Scenario, read_scenario
from simulation.scenario.settings import settings_of
from simulation.scenario.until import Until

HEAVY = ("mesa", "matplotlib", "scipy", "pandas", "numpy", "pydantic", "rich")


def orgsim(*words: str) -> Result:
    """The result of one command line."""
    return CliRunner(env={"COLUMNS": "160"}).invoke(cli.app, list(words))


def started(*words: str, **how: Any) -> subprocess.CompletedProcess[str]:
    """A command line as a process of its own."""
    return subprocess.run([sys.executable, "-m", "simulation", *words], check=False, stderr=subprocess.PIPE, text=True, **how)


def test_help_imports_nothing_heavy() -> None:
    """`--help` starts at once because it loads no library of numbers, charts, models or coloured text."""
    loaded = f"print([m for m in {HEAVY} if m in sys.modules])"
    script = f"import sys; sys.argv = ['orgsim', '--help']\nfrom simulation.cli import main\ntry: main()\nfinally: {loaded}"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "[]"


def test_the_module_is_the_command() -> None:
    """`python -m simulation` shows the same commands."""
    done = subprocess.run([sys.executable, "-m", "simulation", "--help"], capture_output=True, text=True, check=True)

    assert all(name in done.stdout for name in ("compare", "levers", "explain", "schema", "new", "anchor", "validate"))
    assert done.stderr == ""


def test_schema_is_one_json_document() -> None:
    """`orgsim schema > scenario.schema.json` is a file an editor can read."""
    result = orgsim("schema")

    assert result.exit_code == 0
    assert set(json.loads(result.stdout)["properties"]) >= {"world", "policies", "seeds"}


def test_new_writes_a_scenario_once(tmp_path: Path) -> None:
    """`orgsim new` writes a file that reads; a second time it keeps what is there and says so."""
    file = tmp_path / "mine.toml"
    first, second = orgsim("new", str(file)), orgsim("new", str(file))

    assert (first.exit_code, first.stdout) == (0, "")
    assert read_scenario(file).baseline == "today"
    assert second.exit_code == 2
    assert "file exists already" in second.stderr


def test_new_says_where_it_cannot_write(tmp_path: Path) -> None:
    """A folder that does not exist is a refusal, not a traceback."""
    result = orgsim("new", str(tmp_path / "none" / "mine.toml"))

    assert result.exit_code == 2
    assert "file cannot be written" in result.stderr


def test_levers_shows_every_setting() -> None:
    """`orgsim levers` names every setting of every lever."""
    result = orgsim("levers")

    assert result.exit_code == 0
    assert all(name in result.stdout for lever in catalogue().values() for name in settings_of(lever))


@pytest.mark.parametrize("key", list(catalogue()))
def test_levers_shows_one_lever_alone(key: str) -> None:
    """With a name it shows unit, neutral, typical, bounds and sentence of that lever's settings, and no other lever."""
    result = orgsim("levers", key)
    others = [other for other in catalogue() if other != key]

    assert all(heading in result.stdout for heading in ("setting", "unit", "neutral", "typical", "bounds"))
    assert all(f"\n{setting.name}: {setting.doc[:30]}" in result.stdout for setting in settings_of(catalogue()[key]).values())
    assert not any(f"{other} (" in result.stdout for other in others)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("levers", "comission"), '"comission" is no lever; the nearest is commission'),
        (("explain", "leavin"), '"leavin" names nothing in the model; the nearest is leaving'),
        (("compare", "none.toml"), "none.toml: file does not exist; `orgsim new none.toml` writes a starter"),
        (("compare", "--set", "policies.status_qou.commission.rate=0.1"), "--set: policies.status_qou is no policy"),
        (("compare", "--months", "0"), "--months: months = 0 months is refused; it takes a whole number in [1, 600]"),
        (("compare", "--baseline", "steper"), 'baseline = "steper" is no policy of this file; the nearest is steeper'),
        (("compare", "--json", "--by-year"), "--by-year: cannot go with --json"),
        (("compare", "growth_mxi"), "growth_mxi: file does not exist, and it is no shipped study; the nearest is growth_mix"),
        (("life", "--world", "downtrun"), '--world: world[0] = "worlds/downtrun.toml" is no world that can be found'),
        (("sweep", "growth_mxi"), "the nearest is growth_mix"),
        (("sensitivity", "growth_mxi"), "the nearest is growth_mix"),
        (("anchor", "downtrun"), "the nearest is downturn"),
        (("compar",), "compare"),
        (("compare", "--moths", "3"), "--months"),
        (("compare", "--months", "three"), "--months"),
    ],
)
def test_wrong_requests_end_with_2_and_the_nearest_name(words: tuple[str, ...], said: str) -> None:
    """A wrong word gives a sentence on stderr, nothing on stdout, and exit code 2."""
    result = orgsim(*words)

    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("command", ["compare", "calibrate", "validate"])
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--out", "/dev/null/x"), "--out: /dev/null/x cannot be a folder"),
        (("--out", ""), "--out: the folder's name is empty"),
        (("--processes", "0"), "--processes = 0 is refused; on this machine it takes a whole number in [1, "),
        (("--processes", "9999"), "--processes = 9999 is refused"),
    ],
)
def test_folder_and_processes_are_refused_alike(command: str, words: tuple[str, ...], said: str) -> None:
    """Every command that runs long refuses a folder or a number of processes in the same sentence."""
    result = orgsim(command, *words)

    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


@pytest.mark.parametrize(
    "name", ["leaving", "commission", "turnover", "demand", "leaving.floor", "parameters.leaving.floor", "market"]
)
def test_explain_takes_any_name(name: str) -> None:
    """A rule, lever, measure, condition, parameter or group of parameters is explained."""
    result = orgsim("explain", name)

    assert result.exit_code == 0
    assert name.rpartition(".")[2] in result.stdout


def test_explain_knows_every_measure_condition_and_parameter() -> None:
    """What a scenario or a table can name, `orgsim explain` can explain."""
    from simulation.report.catalogue import explain

    said = []
    console = type("Heard", (), {"is_terminal": True, "print": lambda _, text="", **__: said.append(text)})()
    for name in [*MEASURES, *CONDITIONS, *(row.path for row in shipped_parameters().rows.values())]:
        before = len(said)
        explain(console, name)

        assert len(said) > before


def test_explain_shows_a_rule_with_parameters_and_sources() -> None:
    """A rule is explained by its equation, its parameters with unit, range and status, and the sources they cite."""
    result = orgsim("explain", "leaving")
    rows = [row for row in shipped_parameters().rows.values() if row.group == "leaving"]

    assert "x = intercept + tenure" in result.stdout
    assert all(row.name in result.stdout for row in rows)
    assert all(f"[{key}] " in result.stdout for row in rows for key in row.source)


@pytest.mark.parametrize(
    ("error", "code", "said"), [(KeyboardInterrupt(), 130, "Interrupted"), (RunError("stopped"), 3, "stopped")]
)
def test_a_stopped_run_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: BaseException, code: int, said: str
) -> None:
    """Interrupted is 130, stopped is 3; each with a sentence and no traceback."""

    def stop(_: Scenario, __: Path, **___: bool) -> None:
        raise error

    monkeypatch.setattr(comparing, "compare", stop)
    result = orgsim("compare", "--out", str(tmp_path))

    assert result.exit_code == code
    assert said in result.stderr


def test_options_of_compare_reach_the_scenario(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What the command line says is what is run."""
    asked: list[tuple[Scenario, Path, dict[str, object]]] = []
    monkeypatch.setattr(comparing, "compare", lambda scenario, out, **how: asked.append((scenario, out, how)))
    result = orgsim(
        "compare", "--months", "24", "--seats", "30", "--seeds", "3", "--baseline", "steeper", "--out", str(tmp_path),
        "--set", "policies.steeper.commission.rate=0.11", "--set", "policies.status_quo.commission.cap=3", "--by-year",
        "--processes", "1", "--scheduler", "local", "--progress", "json", "--no-deck",
    )  # fmt: skip
    scenario, out, how = asked[0]

    assert result.exit_code == 0, result.stderr
    assert (scenario.months, scenario.seats, scenario.seed_count, scenario.baseline) == (24, 30, 3, "steeper")
    assert scenario.policy("steeper").levers["commission"].rate == 0.11
    asked_how = {
        "processes": 1, "scheduler": "local", "progress": "json", "json": False, "by_year": True, "luck_only": False,
        "until": None, "deck": False,
        "command": (
            "orgsim compare --set policies.steeper.commission.rate=0.11 --set policies.status_quo.commission.cap=3 --months 24 "
            "--seats 30 --seeds 3 --baseline steeper"
        ),
    }  # fmt: skip
    assert (out, how) == (tmp_path, asked_how)


def test_study_and_world_go_by_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """`compare` and `life` take a shipped study and shipped worlds by their names, and the command kept says them again."""
    asked: list[Scenario] = []
    said: list[str] = []
    monkeypatch.setattr(comparing, "compare", lambda scenario, _, command, **__: (asked.append(scenario), said.append(command)))
    words = ("growth_mix", "--world", "medtech", "--world", "downturn", "--out", str(tmp_path))
    orgsim("compare", *words)
    lived = orgsim("life", *words, "--months", "3", "--seats", "4", "--seeds", "1", "--luck-only", "--policy", "none")

    assert (asked[0].name, asked[0].world) == ("growth_mix", ("worlds/medtech.toml", "worlds/downturn.toml"))
    assert said == ["orgsim compare growth_mix --world medtech --world downturn"]
    assert (lived.exit_code, lived.stdout) == (2, "")
    assert "policies.none is no policy" in lived.stderr


def test_what_seeds_are_added_for_reaches_the_study(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With --until-decided the number of seeds is that of the first look; with --until, what is asked of intervals."""
    asked: list[Until] = []
    monkeypatch.setattr(comparing, "compare", lambda *_, until, **__: asked.append(until))
    orgsim("compare", "--until-decided", "--seeds", "24", "--most-seeds", "200", "--out", str(tmp_path))
    orgsim("compare", "--until", "turnover=0.005", "--until", "revenue=1%", "--out", str(tmp_path))

    assert asked == [
        Until({}, 24, 200), Until({"turnover": Material(0.005, relative=False), "revenue": Material(0.01, relative=True)}),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--until", "turnovr=0.01"), "the nearest is turnover"), (("--most-seeds", "50"), "give --until-decided or --until"),
        (("--until", "turnover=1%", "--until-decided"), "leave one of them out"),
    ],
)  # fmt: skip
def test_a_wrong_wish_for_seeds_is_refused(words: tuple[str, ...], said: str) -> None:
    """Before anything is simulated, with 2 and a sentence."""
    result = orgsim("compare", *words)

    assert result.exit_code == 2
    assert said in result.stderr


@pytest.mark.slow
def test_a_study_is_decided_from_the_command_line(tmp_path: Path) -> None:
    """The document says what was settled, and the run folder how many seeds each policy has."""
    words = ("--months", "12", "--seats", "20", "--until-decided", "--most-seeds", "36", "--luck-only", "--json", "--no-deck")
    result = orgsim("compare", *words, "--out", str(tmp_path))
    document = json.loads(result.stdout)
    manifest = json.loads(next(tmp_path.glob("status_quo/*/manifest.json")).read_text(encoding="utf-8"))

    assert document["stopping"]["verdict"] in ("best", "tie", "open")
    assert document["seeds"] == max(document["stopping"]["seeds"].values()) == manifest["scenario"]["seeds"]["count"]
    assert manifest["stopping"]["seeds"] == document["stopping"]["seeds"]


def test_progress_is_told_in_a_few_plain_lines_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """In a log, progress is the last line of each piece of work, not a line a step."""
    with commands.progress_bar() as progress:
        for done in [*range(1, 101), 100]:
            progress(done, 100, "simulating")

    assert capsys.readouterr().err.splitlines() == ["simulating: 100%"]


def test_progress_as_json_is_a_line_a_second(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Two pieces of work, eight reports a second: a line a second and the last of each, with the time left at this pace."""
    now = [100.0]
    monkeypatch.setattr("simulation.report.progress.time.monotonic", lambda: now[0])
    with commands.progress_bar("json") as progress:
        for what, total in (("anchoring", 2), ("simulating", 40)):
            for done in range(1, total + 1):
                progress(done, total, what)
                now[0] += 0.125
        progress(40, 40, "simulating")
        progress(1, 9, "drawing")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]

    assert [(line["what"], line["done"]) for line in lines] == [
        ("anchoring", 2), *(("simulating", done) for done in (8, 16, 24, 32, 40)), ("drawing", 1),
    ]  # fmt: skip
    expected = {"what": "simulating", "done": 8, "total": 40, "share": 0.2, "seconds": 1.0, "seconds_left": 4.0}
    assert lines[1] == expected


def test_wrong_ways_to_tell_progress_and_to_reach_dask_are_refused() -> None:
    """A word that is neither bar nor json, and an address that is none, end with 2 and a sentence."""
    for words, said in ((("--progress", "loud"), "bar or json"), (("--scheduler", "here"), "is no address")):
        result = orgsim("compare", *words)

        assert result.exit_code == 2
        assert said in result.stderr


def test_an_open_scheduler_is_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """An address without TLS is a warning on stderr, one line, before anything runs."""
    monkeypatch.setattr(comparing, "compare", lambda *_, **__: None)
    result = orgsim("compare", "--scheduler", "tcp://192.0.2.1:8786")

    assert result.stderr.count("without TLS") == 1


def test_an_error_after_an_interrupt_is_the_interrupt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Libraries turn Ctrl-C into errors of their own; the command still ends with 130 and the sentence."""

    def drawing(*_: object, **__: object) -> None:
        with contextlib.suppress(KeyboardInterrupt):
            heard()
        raise ValueError("half a picture")

    heard = commands.Interrupt()
    monkeypatch.setattr(cli, "interrupt", heard)
    monkeypatch.setattr(comparing, "compare", drawing)
    result = orgsim("compare")

    assert (result.exit_code, result.stdout) == (130, "")
    assert "Interrupted" in result.stderr


@pytest.mark.parametrize("words", [("--help",), ("levers",), ("schema",)])
def test_output_that_cannot_be_written_is_a_sentence(words: tuple[str, ...]) -> None:
    """A full device ends with 3 and one sentence, whatever was to be printed."""
    with Path("/dev/full").open("w") as full:
        done = started(*words, stdout=full)

    assert done.returncode == 3
    assert "output cannot be written" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("words", [("levers",), ("schema",)])
def test_a_closed_pipe_ends_quietly(words: tuple[str, ...]) -> None:
    """`orgsim levers | head` says nothing on stderr."""
    reading, writing = os.pipe()
    os.close(reading)
    done = started(*words, stdout=writing)
    os.close(writing)

    assert (done.returncode, done.stderr) == (141, "")


def test_a_stdout_of_few_characters_is_enough() -> None:
    """What it cannot encode is replaced, not refused."""
    poor = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = started("levers", stdout=subprocess.DEVNULL, env=poor)

    assert (done.returncode, done.stderr) == (0, "")


def test_version_and_short_help() -> None:
    """Both stand before any command."""
    assert orgsim("--version").stdout.startswith("orgsim ")
    assert "--set" in orgsim("compare", "-h").stdout


def test_a_world_without_a_pack_is_warned_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Levels are then nobody's; the run goes on, its table comes before its charts, and its manifest comes last."""
    order = []

    def draw(_: object, folder: Path, **__: object) -> None:
        order.append(("draw", (folder.parent / "manifest.json").exists()))

    monkeypatch.setattr("simulation.report.figures.draw_all", draw)
    monkeypatch.setattr("simulation.report.table.print_comparison", lambda *_, **__: order.append(("print", False)))
    file = tmp_path / "tiny.toml"
    file.write_text('baseline = "a"\n[policies.a]\n[policies.b]\n', encoding="utf-8")
    sizes = ("--months", "13", "--seats", "4", "--seeds", "2", "--luck-only", "--no-deck")
    result = orgsim("compare", str(file), *sizes, "--out", str(tmp_path / "out"))

    assert result.exit_code == 0, result.stderr
    assert "no industry pack: levels are not anchored" in result.stderr
    assert order == [("print", False), ("draw", False)]
    assert len(list(tmp_path.glob("out/tiny/*/manifest.json"))) == 1

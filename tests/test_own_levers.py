"""A sixteenth lever: the two files that CONTRIBUTING.md shows, in a folder of somebody's own, and nothing else edited."""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap
from pathlib import Path

import crews
import pytest
import source
from typer.testing import CliRunner

from simulation.cli import app
from simulation.evidence.read import shipped_parameters
from simulation.experiment.digests import engine_digest
from simulation.experiment.work.workers import LARGE, workers
from simulation.levers import add_folder, catalogue, forget_outside
from simulation.scenario import read_scenario

CONTRIBUTING = (source.ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
KEY = "team_breakfast"
STUDY = """
title = "Breakfast"
question = "Does it pay?"
world = ["worlds/saas_mid_market.toml"]
baseline = "without"
months = 3
seats = 16
seeds = { first = 1, count = 2 }
[policies.without]
label = "Without"
commission = { base_share = 0.5, rate = 0.1 }
[policies.with]
label = "With"
like = "without"
team_breakfast = { often = 4 }
"""


def printed(language: str) -> str:
    """The one block of a language that CONTRIBUTING.md prints, without its indentation."""
    [block] = re.findall(rf"^ *```{language}\n(.*?)^ *```$", CONTRIBUTING, re.DOTALL | re.MULTILINE)
    return textwrap.dedent(block)


@pytest.fixture
def folder(tmp_path: Path):
    """The two files as CONTRIBUTING.md prints them; whatever is added to the catalogue is taken out again."""
    own = tmp_path / "own"
    own.mkdir()
    (own / f"{KEY}.py").write_text(printed("python"), encoding="utf-8")
    (own / f"{KEY}.toml").write_text(printed("toml lever"), encoding="utf-8")
    yield own
    forget_outside()


def orgsim(*words: str | Path) -> tuple[int, str]:
    """Exit code and everything said."""
    result = CliRunner().invoke(app, [str(word) for word in words])
    return result.exit_code, result.output


def test_it_is_listed_and_in_the_schema(folder: Path):
    """`orgsim levers`, `explain` and `schema` know the lever as they know those that are shipped."""
    assert "Breakfasts of each team" in orgsim("levers", KEY, "--levers", folder)[1]
    assert "belonging" in orgsim("explain", KEY, "--levers", folder)[1]
    assert f'"{KEY}"' in orgsim("schema", "--levers", folder)[1]


@pytest.mark.usefixtures("one_picture")
def test_a_study_may_set_it(folder: Path, tmp_path: Path):
    """A scenario that sets the lever runs with the option, and is refused with a sentence without it."""
    file = tmp_path / "study.toml"
    file.write_text(STUDY, encoding="utf-8")
    command = ("compare", file, "--luck-only", "--no-deck", "--out", tmp_path / "out")
    refused, said = orgsim(*command)
    done, _ = orgsim(*command, "--levers", folder)

    assert refused == 2
    assert KEY in said
    assert done == 0


COFFEE = """
from simulation.levers.base import Lever, setting


class Coffee(Lever):
    '''Coffee for everybody.'''

    key, family, title = "coffee", "culture", "Coffee"
    cups: float = setting(0.0, typical=2.0, unit="cups a day", ge=0, le=9, doc="Cups a rep.")

    def programme_cost(self, s, p):
        '''Beans.'''
        return 20.0 * self.cups
"""


@pytest.mark.usefixtures("one_picture")
def test_a_lever_without_parameters_has_an_empty_file(tmp_path: Path):
    """What needs no number about people runs all the same."""
    (tmp_path / "coffee.py").write_text(COFFEE, encoding="utf-8")
    (tmp_path / "coffee.toml").write_text("", encoding="utf-8")
    study = tmp_path / "study.toml"
    study.write_text(STUDY.replace("team_breakfast = { often = 4 }", "coffee = { cups = 2 }"), encoding="utf-8")
    try:
        how = ("--luck-only", "--no-deck", "--processes", 1)
        code, said = orgsim("compare", study, "--levers", tmp_path, *how, "--out", tmp_path / "out")
    finally:
        forget_outside()

    assert code == 0, said


def test_it_is_among_the_pairs(folder: Path, tmp_path: Path):
    """The design of pairs combines it with each lever that is shipped."""
    small = ("--seeds", "2", "--seats", "14", "--months", "1", "--json", "--out", tmp_path)
    code, said = orgsim("sweep", "--design", "pairs", *small, "--levers", folder)

    assert code == 0
    assert len(re.findall(rf'"(?:first|second)": "{KEY}"', said)) == len(catalogue()) - 2


def test_a_run_knows_the_lever_it_was_run_with(folder: Path):
    """The engine's digest, and so the run, changes with the lever's file."""
    before = engine_digest()
    add_folder(folder)
    first = engine_digest()
    forget_outside()
    rows = (folder / f"{KEY}.toml").read_text(encoding="utf-8")
    (folder / f"{KEY}.toml").write_text(rows.replace("value = 0.2", "value = 0.3"), encoding="utf-8")
    add_folder(folder)

    assert len({before, first, engine_digest()}) == 3


def test_a_lever_edited_meanwhile_is_the_one_that_was_loaded(folder: Path, tmp_path: Path):
    """What is edited after it was loaded changes neither the digest nor a parameter, here or in worker processes.

    Another folder of levers may come in between, which reads all parameters anew.
    """
    add_folder(folder)
    before, value = engine_digest(), shipped_parameters().rows[KEY, "points"].value
    with workers(2, rep_months=LARGE) as crew:
        (folder / f"{KEY}.py").write_text("raise SystemExit", encoding="utf-8")
        rows = (folder / f"{KEY}.toml").read_text(encoding="utf-8")
        (folder / f"{KEY}.toml").write_text(rows.replace("value = 0.2", "value = 0.3"), encoding="utf-8")
        found = crew.each(crews.lever_value, [(KEY, "points")] * 2)
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "coffee.py").write_text(COFFEE, encoding="utf-8")
    (tmp_path / "more" / "coffee.toml").write_text("", encoding="utf-8")
    after = engine_digest()
    add_folder(tmp_path / "more")

    assert found == [(before, value)] * 2
    assert after == before != engine_digest()
    assert shipped_parameters().rows[KEY, "points"].value == value == 0.2


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda own: (own / f"{KEY}.toml").unlink(), "stands without"),
        (lambda own: (own / f"{KEY}.py").write_text("import nothing_of_the_kind"), "fails to load"),
        (lambda own: (own / f"{KEY}.py").write_text("x = 1"), "defines no Lever"),
        (lambda own: (own / f"{KEY}.py").rename(own / "equity.py"), "is taken"),
        (lambda own: (own / f"{KEY}.toml").write_text("[points"), "cannot be read as TOML"),
        (lambda own: (own / f"{KEY}.py").unlink(), "holds no lever"),
    ],
)
def test_a_spoilt_folder_is_refused_in_a_sentence(folder: Path, spoil, told: str):
    """Whatever is wrong with the folder ends in one sentence, exit code 2, and the catalogue as it was."""
    spoil(folder)
    code, said = orgsim("levers", "--levers", folder)

    assert code == 2
    assert told in said
    assert KEY not in catalogue()
    assert read_scenario().policies


@pytest.mark.slow
def test_the_contract_suite_holds_it_to_account(folder: Path):
    """The suite finds the lever by the option and passes it; a lever whose use is free it refuses."""
    suite = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/levers/test_contract.py", "-k", KEY]
    command = [*suite, "--levers", str(folder)]
    passed = subprocess.run(command, cwd=source.ROOT, capture_output=True, text=True, check=False)
    code = (folder / f"{KEY}.py").read_text(encoding="utf-8")
    (folder / f"{KEY}.py").write_text(code.replace("return self.cost * self.often * s.filled", "return 0.0 * self.often"))
    refused = subprocess.run(command, cwd=source.ROOT, capture_output=True, text=True, check=False)

    assert passed.returncode == 0, passed.stdout
    assert "test_typical_costs_money" in refused.stdout


@pytest.mark.slow
def test_worker_processes_know_it(folder: Path, tmp_path: Path):
    """Two processes give the figures that one gives."""
    file = tmp_path / "study.toml"
    file.write_text(STUDY, encoding="utf-8")
    said, how = [], ("--luck-only", "--no-deck")
    for processes in ("1", "2"):
        command = [sys.executable, "-m", "simulation", "compare", str(file), *how, "--json", "--processes", processes]
        command += ["--levers", str(folder), "--out", str(tmp_path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        said.append(done.stdout)

    assert said[0] == said[1] != ""

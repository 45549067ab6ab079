"""What README.md and CONTRIBUTING.md print is run: Python as a script, the example lever and row, the set-up commands by CI."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import textwrap
import tomllib
from pathlib import Path

import pytest
import source
import typer.main

import simulation
from simulation import cli
from simulation.evidence.read import declared_parameters, parse_rows
from simulation.levers import catalogue

README = (source.ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
CONTRIBUTING = (source.ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
SET_UP = ("install -q -c constraints.txt -e .", "install -q -c constraints.txt -e '.[test]'")

every_block = pytest.mark.parametrize("block", BLOCKS, ids=[f"block {n}" for n, _ in enumerate(BLOCKS, 1)])


def test_readme_shows_python():
    """There is at least one block of Python to run."""
    assert BLOCKS != []


@every_block
def test_readme_uses_public_names(block: str):
    """README imports nothing from the package but its public names."""
    names = {
        alias.name
        for node in ast.walk(ast.parse(block))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("simulation")
        for alias in node.names
    }

    assert names <= set(simulation.__all__)


@pytest.mark.slow
@every_block
def test_readme_runs_as_a_script(block: str, tmp_path: Path):
    """Each block runs as a script where processes start by spawning, without a `__main__` guard and without a warning."""
    script = tmp_path / "readme.py"
    script.write_text(f"import multiprocessing\nmultiprocessing.set_start_method('spawn')\n{block}", encoding="utf-8")
    shutil.copytree(source.ROOT / "scenarios", tmp_path / "scenarios")
    done = subprocess.run(
        [sys.executable, "-W", "error", script], cwd=tmp_path,
        env=os.environ | {"MPLBACKEND": "Agg", "PYTHONPATH": str(source.ROOT)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (0, "")


def test_the_table_of_levers_is_the_catalogue():
    """README has a row for each family of levers, with all of its levers."""
    found = re.findall(r"^\| (\w+) \| (`.*) \|$", README, re.MULTILINE)
    rows = {family: set(re.findall(r"`(\w+)`", levers)) for family, levers in found}
    families: dict[str, set[str]] = {}
    for key, lever in catalogue().items():
        families.setdefault(lever.family, set()).add(key)

    assert {family: rows.get(family) for family in families} == families


def test_no_extra_is_asked_of_a_registry():
    """An extra is installed from the checkout: no sentence tells to install the package by its name alone."""
    files = (source.ROOT / "simulation").rglob("*.py")
    told = [path.name for path in files if "install 'orgsim" in path.read_text(encoding="utf-8")]

    assert "install 'orgsim" not in README
    assert told == []


@pytest.mark.parametrize("command", SET_UP)
def test_set_up_commands_are_those_of_ci(command: str):
    """The installs that README prints are those that CI runs."""
    script = (source.ROOT / ".ci" / "run").read_text(encoding="utf-8").replace('"$bin/pip"', "pip")

    assert f"pip {command}" in README
    assert f"pip {command}" in script


def test_every_row_of_the_commands_names_options_that_there_are():
    """A row of the table names no option twice, and none that its command does not take; those that run long name all."""
    commands = typer.main.get_command(cli.app).commands
    rows = re.findall(r"^\| `orgsim (\w+)([^|]*)\|(.*)\|$", README, re.MULTILINE)
    for name, usage, text in rows:
        taken = {option for one in commands[name].params for option in one.opts} - {"--levers"}
        named = re.findall(r"(?<!\w)--[a-z]+(?:-[a-z]+)*", text)

        assert len(named) == len(set(named)), name
        assert set(named) <= taken, name
        if name in {"compare", "sensitivity", "runs", "verify"} or (name == "sweep" and "--vary" in usage):
            assert {*named, *re.findall(r"--[a-z]+", usage)} >= {one for one in taken if one.startswith("--")}, name

    assert {name for name, *_ in rows} == set(commands)


def printed(language: str) -> str:
    """The one block of a language that CONTRIBUTING.md prints, without its indentation."""
    [block] = re.findall(rf"^ *```{language}\n(.*?)^ *```$", CONTRIBUTING, re.DOTALL | re.MULTILINE)
    return textwrap.dedent(block)


def test_the_example_row_is_one():
    """The parameter row that CONTRIBUTING.md shows can be read, and is one of those declared, word for word."""
    rows = parse_rows(tomllib.loads(printed("toml")), "CONTRIBUTING.md")
    declared = declared_parameters().rows

    assert rows
    assert rows == {key: declared[key] for key in rows}

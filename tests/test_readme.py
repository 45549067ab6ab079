"""What README.md prints is run: its Python as a script, its set-up commands by the script that CI runs."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import source

import simulation

README = (source.ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
SET_UP = ("install -q -c constraints.txt -e .", "install -q -c constraints.txt -e '.[test]'")

every_block = pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.strip().splitlines()[0])


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


@pytest.mark.parametrize("command", SET_UP)
def test_set_up_commands_are_those_of_ci(command: str):
    """The installs that README prints are those that CI runs."""
    script = (source.ROOT / ".ci" / "run").read_text(encoding="utf-8").replace('"$bin/pip"', "pip")

    assert f"pip {command}" in README
    assert f"pip {command}" in script

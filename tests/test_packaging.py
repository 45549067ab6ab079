"""The package as users get it: what the wheel carries, and that it runs in an environment that has nothing else of ours."""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest
import source

CARRIED = (
    "simulation/MODEL.md",
    "simulation/DECISIONS.md",
    "simulation/py.typed",
    "simulation/evidence/parameters.toml",
    "simulation/evidence/sources.bib",
    "simulation/levers/commission.toml",
    "simulation/report/html/templates/page.html.j2",
    "simulation/report/html/templates/page.css.j2",
    "simulation/report/deck/template.pptx",
    "simulation/shipped_scenarios/status_quo.toml",
    "simulation/shipped_scenarios/worlds/saas_mid_market.toml",
)


def said(*command: object, cwd: Path) -> str:
    """What a command prints; it must succeed."""
    done = subprocess.run([str(word) for word in command], cwd=cwd, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the checkout without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    said(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=source.ROOT)
    [built] = folder.glob("orgsim-*.whl")
    return built


@pytest.mark.slow
def test_the_wheel_carries_data_and_scenarios(wheel: Path):
    """Parameters, sources, model notes and the shipped scenarios travel in the wheel; tests and results do not."""
    with ZipFile(wheel) as archive:
        names = set(archive.namelist())

    assert set(CARRIED) - names == set()
    assert [name for name in names if not name.startswith(("simulation/", "orgsim-"))] == []


@pytest.mark.slow
def test_the_wheel_runs_in_an_empty_environment(wheel: Path, tmp_path: Path):
    """Installed alone, far from the checkout, `orgsim compare` runs the shipped study and keeps it."""
    venv.create(tmp_path / "env", with_pip=True)
    programs = tmp_path / "env" / ("Scripts" if sys.platform == "win32" else "bin")
    python = programs / "python"
    said(python, "-m", "pip", "install", "-q", "--no-deps", "--no-index", wheel, cwd=tmp_path)
    packages = Path(said(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=tmp_path).strip())
    ours = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (packages / "dependencies.pth").write_text("\n".join(sorted(ours)) + "\n", encoding="utf-8")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    home = said(python, "-c", "import simulation; print(simulation.__file__)", cwd=elsewhere)
    table = said(programs / "orgsim", "compare", "--seeds", 2, "--months", 6, "--seats", 14, cwd=elsewhere)

    assert Path(home.strip()).is_relative_to(packages)
    assert "Status quo" in table or "status_quo" in table
    assert list((elsewhere / "results").rglob("manifest.json")) != []


def test_constraints_pin_what_the_package_asks_for():
    """Every library named in `pyproject.toml` has its version in `constraints.txt`, which names no address."""
    project = tomllib.loads((source.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    text = (source.ROOT / "constraints.txt").read_text(encoding="utf-8")
    asked = [*project["build-system"]["requires"], *project["project"]["dependencies"]]
    asked += [line for extra in project["project"]["optional-dependencies"].values() for line in extra]
    names = {re.split(r"[<>=!\[ ]", line)[0].lower() for line in asked} - {"orgsim"}
    pinned = set(re.findall(r"^([a-z0-9-]+)==", text, re.MULTILINE))

    assert names - pinned == set()
    assert "://" not in text


def test_the_build_back_end_is_pinned_once():
    """The back end that builds the wheel is the one the tests build it with."""
    project = tomllib.loads((source.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    [back_end] = project["build-system"]["requires"]

    assert "==" in back_end
    assert back_end in project["project"]["optional-dependencies"]["test"]
    assert back_end in (source.ROOT / "constraints.txt").read_text(encoding="utf-8").split("\n")

"""The notebooks: chapters without output, that use public names alone and run from top to bottom in an empty folder."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest
import source

import simulation

FOLDER = source.ROOT / "notebooks"
BOOKS = sorted(FOLDER.glob("*.ipynb"))
README = (source.ROOT / "README.md").read_text(encoding="utf-8")
LONGEST = 120
"""[seconds] Where a cell hangs; a whole notebook takes less than 30 on an idle machine."""

LEFT_BEHIND = ("outputs", "execution_count", "metadata", "attachments")
"""Parts of a cell that running it or looking at it fills."""
EXTRA = "needs the extra notebook: pip install -c constraints.txt -e '.[notebook]'"

every_book = pytest.mark.parametrize("path", BOOKS, ids=[path.stem for path in BOOKS])


def content(path: Path) -> dict[str, Any]:
    """A notebook as it is stored."""
    return json.loads(path.read_text(encoding="utf-8"))


def text(cell: dict[str, Any]) -> str:
    """What a cell holds."""
    return "".join(cell["source"])


def code(path: Path) -> list[str]:
    """The code cells."""
    return [text(cell) for cell in content(path)["cells"] if cell["cell_type"] == "code"]


def title(path: Path) -> str:
    """What stands in the first line."""
    return text(content(path)["cells"][0]).splitlines()[0].removeprefix("# ")


def test_chapters_are_numbered_without_a_gap():
    """The notebooks are chapters 1, 2, 3, ..., by the names of their files and by their titles."""
    files = [path.name.split("_")[0] for path in BOOKS]

    assert files == [str(place) for place in range(1, 8)]
    assert [title(path).split()[0] for path in BOOKS] == files


@every_book
def test_readme_lists_it(path: Path):
    """README's table has a row for each chapter, with its title and a link that leads to it."""
    name = title(path).split(maxsplit=1)[1]

    assert f"[{name}](notebooks/{path.name})" in README


@every_book
def test_it_is_committed_without_output(path: Path):
    """No cell has output, a count, or metadata that changes by itself; ids are there, readable and unique."""
    book = content(path)
    ids = [cell["id"] for cell in book["cells"]]

    assert [cell["id"] for cell in book["cells"] if any(cell.get(part) for part in LEFT_BEHIND)] == []
    assert [name for name in ids if not re.fullmatch(r"[a-z][a-z0-9-]{1,30}", name)] == []
    assert len(set(ids)) == len(ids)
    assert (book["nbformat"], book["nbformat_minor"]) == (4, 5)
    assert book["metadata"] == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}, "language_info": {"name": "python"},
    }  # fmt: skip


@every_book
def test_it_names_no_place_of_one_machine(path: Path):
    """Nothing in it is a path of somebody's machine or an address of a service on it."""
    places = r"(?<![\w.])/(?:home|root|work|tmp|usr|Users|mnt)/|[A-Z]:\\\\|localhost|127\.0\.0\.1"
    found = re.findall(places, path.read_text("utf-8"))

    assert found == []


@every_book
def test_it_uses_public_names_alone(path: Path):
    """It imports nothing from the package but public names, and touches no name that begins with an underscore."""
    trees = [ast.parse(cell) for cell in code(path)]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    taken = [node for node in nodes if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("simulation")]
    hidden = [node.attr for node in nodes if isinstance(node, ast.Attribute) and re.match(r"_(?!_name__|replace)", node.attr)]

    assert {node.module for node in taken} == {"simulation"}
    assert {alias.name for node in taken for alias in node.names} <= set(simulation.__all__)
    assert hidden == []


@every_book
def test_it_asks_and_sets_exercises(path: Path):
    """It begins with a question and ends with what to look at and exercises."""
    cells = content(path)["cells"]

    assert "**The question.**" in text(cells[0])
    assert "## What to look at" in text(cells[-1])
    assert "## Exercises" in text(cells[-1])


@pytest.mark.slow
@every_book
def test_it_runs_from_top_to_bottom(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """In an empty folder every cell runs, none says anything on stderr, and tables or pictures come out."""
    nbclient, nbformat, _ = (pytest.importorskip(name, reason=EXTRA) for name in ("nbclient", "nbformat", "ipykernel"))
    monkeypatch.setenv("PYTHONPATH", str(source.ROOT))
    monkeypatch.delenv("MPLBACKEND", raising=False)  # the kernel draws into the notebook, whatever this process does
    monkeypatch.setenv("JUPYTER_PLATFORM_DIRS", "1")
    book = nbformat.read(path, as_version=4)
    nbformat.validate(book)
    place = {"metadata": {"path": str(tmp_path)}}
    nbclient.NotebookClient(book, timeout=LONGEST, kernel_name="python3", resources=place).execute()
    outputs = [(cell["id"], one) for cell in book.cells for one in cell.get("outputs", [])]
    shown = {kind for _, one in outputs for kind in one.get("data", {})}

    assert [(name, one["text"]) for name, one in outputs if one.get("name") == "stderr"] == []
    assert {"text/html", "image/png"} <= shown
    assert {left.name for left in tmp_path.iterdir()} <= {"results"}

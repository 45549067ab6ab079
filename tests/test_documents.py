"""What the documents and docstrings name is there: files, modules, commands and their options, parameters of functions."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib.util import find_spec

import pytest
import source
import typer.main

from simulation import cli

NAMES = ("README.md", "CONTRIBUTING.md", "simulation/MODEL.md", "simulation/DECISIONS.md", "simulation/evidence/README.md")
FOLDERS = ("", "simulation", "simulation/report", "simulation/statistics", "simulation/evidence", "scenarios", "scenarios/worlds")
"""Where a file may stand that a document names by the end of its path."""
MADE = ("team_breakfast", "my_study", "my_pack", "name.py", "NAME.toml", "KEY.")
"""What a recipe has its reader make."""
UNDERLINE = "----------"
"""What stands under the heading of a docstring's section."""
PATH = re.compile(r"(?<![\w/.*:])(?:\.\./)?[\w*]+(?:/[\w*.]+)*\.(?:py|toml|csv|bib|md|ipynb)\b")

every_document = pytest.mark.parametrize("name", NAMES)


def read(name: str) -> str:
    """A document by its path below the repository."""
    return (source.ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES[1:])
def test_every_file_that_a_document_names_is_there(name: str):
    """A file is named by its path from the repository, the package, or one of a few folders; a star stands for any name."""
    home = (source.ROOT / name).parent
    homes = [home, home.parent, *(source.ROOT / folder for folder in FOLDERS)]
    named = {path.removeprefix("../") for path in PATH.findall(read(name)) if not any(word in path for word in MADE)}

    assert named
    assert sorted(path for path in named if not any(any(folder.glob(path)) for folder in homes)) == []


@every_document
def test_every_module_that_a_document_runs_is_there(name: str):
    """What stands behind `python -m` can be imported, and what stands behind `python` is a file."""
    modules = re.findall(r"python -m (simulation[\w.]*)", read(name))
    scripts = re.findall(r"python3? ([\w/]+\.py)", read(name))

    assert [module for module in modules if find_spec(module) is None] == []
    assert [script for script in scripts if not (source.ROOT / script).is_file()] == []


@every_document
def test_every_command_that_a_document_gives_is_one(name: str):
    """`orgsim WORD --option` in code font names a command, and options that it takes."""
    commands = typer.main.get_command(cli.app).commands
    blocks = "\n".join(re.findall(r"^ *```\w*\n(.*?)^ *```", read(name), re.DOTALL | re.MULTILINE))
    given = re.findall(r"^ *(?:\$ )?orgsim (\w+)([^#\n]*)", blocks, re.MULTILINE)
    given += re.findall(r"`orgsim ([a-z]\w*)([^`\n]*)`", read(name))
    taken = {word: {option for one in command.params for option in one.opts} for word, command in commands.items()}

    assert [word for word, _ in given if word not in commands] == []
    wrong = [(word, one) for word, rest in given for one in re.findall(r"(?<!\S)--[a-z-]+", rest) if one not in taken[word]]
    assert wrong == []


def described(doc: str) -> Iterator[str]:
    """The parameters that a docstring's own section lists."""
    found = re.search(r"^Parameters\n-+\n(.*?)(?:\n\n|\n[A-Z]\w+\n-+\n|\Z)", doc, re.DOTALL | re.MULTILINE)
    for line in found[1].splitlines() if found else ():
        names = re.match(r"([a-z_]\w*(?:, [a-z_]\w*)*)(?: :|$)", line)
        yield from names[1].split(", ") if names else ()


def arguments(node: source.Definition) -> set[str]:
    """What a function, or the making of an object, takes by name."""
    if isinstance(node, ast.ClassDef):
        made = [own for own in node.body if isinstance(own, ast.FunctionDef) and own.name == "__init__"]
        if not made:
            return {own.target.id for own in node.body if isinstance(own, ast.AnnAssign) and isinstance(own.target, ast.Name)}
        [node] = made
    every = node.args
    further = [one for one in (every.vararg, every.kwarg) if one]
    return {one.arg for one in (*every.posonlyargs, *every.args, *every.kwonlyargs, *further)}


def test_docstrings_describe_parameters_that_there_are():
    """Whatever a docstring lists under Parameters is taken by the function or the class."""
    paths = [path for path in source.modules() if UNDERLINE in path.read_text(encoding="utf-8")]
    told = {
        f"{source.name_of(path)}: {name}": set(described(ast.get_docstring(node) or "")) - arguments(node)
        for path in paths for name, node in source.definitions(source.tree_of(path))
    }  # fmt: skip

    assert len(told) > len(paths)
    assert {name: wrong for name, wrong in told.items() if wrong} == {}


def test_a_wrong_parameter_is_seen():
    """A name that a docstring makes up is told from those that there are."""
    doc = "Do it.\n\nParameters\n----------\nsize, places : int\n    More words : here.\nleft\n    As that."
    doc += "\n\nReturns\n-------\nnone : int"
    made = ast.parse("def do(size, *, left): ...").body[0]

    assert set(described(doc)) == {"size", "places", "left"}
    assert set(described(doc)) - arguments(made) == {"places"}

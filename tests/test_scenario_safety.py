"""What a scenario file cannot do: leave its folder, fill the memory, print control characters, end in a traceback."""

from __future__ import annotations

import ast
import os
from pathlib import Path

import pytest
from source import PACKAGE

from simulation.errors import ScenarioError
from simulation.levers import catalogue
from simulation.scenario import read_scenario

STUDY = '{top}\nbaseline = "a"\n[policies.a]\nlabel = "A"\n'
CONDITION = "[demand]\nmultiple = [[0, 0.5]]\n"


def refusal(file: Path) -> str:
    """What is said against a file, one fault a line."""
    with pytest.raises(ScenarioError) as error:
        read_scenario(file)
    return str(error.value)


def study(folder: Path, top: str = "", policies: str = "") -> Path:
    """A study in its own folder, with further lines at its top or end."""
    file = folder / "own" / "study.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(STUDY.format(top=top) + policies, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    "name",
    ["../other.toml", "worlds/../../other.toml", "/etc/passwd", "~/w.toml", "C:/w.toml", "\\\\host\\w.toml", "a/..", ".."],
)
@pytest.mark.parametrize("key", ["world", "stress"])
def test_worlds_outside_the_folder_are_refused(tmp_path: Path, key: str, name: str) -> None:
    """No name leads above the scenario's folder, also not one that exists."""
    (tmp_path / "other.toml").write_text(CONDITION, encoding="utf-8")
    said = refusal(study(tmp_path, f"{key} = ['{name}']"))

    assert f"{key}[0]" in said
    assert "leaves the scenario's folder" in said


@pytest.mark.parametrize(
    "name", ["", "x", "W.toml", "a b.toml", "w.toml.bak", "w.TOML", "1.toml", "a//b.toml", "w.toml/", "ä.toml"]
)
def test_worlds_with_other_names_are_refused(tmp_path: Path, name: str) -> None:
    """A world's name is made of small letters, digits and _, so that it is safe as a file name anywhere."""
    assert "is no world's name" in refusal(study(tmp_path, f"world = ['{name}']"))


def test_links_out_of_the_folder_are_refused(tmp_path: Path) -> None:
    """A symbolic link does not lead out either, be it the file or its folder."""
    file = study(tmp_path, 'world = ["w.toml", "linked/other.toml"]')
    (tmp_path / "away").mkdir()
    (tmp_path / "away" / "other.toml").write_text(CONDITION, encoding="utf-8")
    (file.parent / "w.toml").symlink_to(tmp_path / "away" / "other.toml")
    (file.parent / "linked").symlink_to(tmp_path / "away")
    said = refusal(file)

    assert "world[0]" in said
    assert "world[1]" in said
    assert said.count("can be found") == 2


def test_a_link_to_itself_is_a_fault(tmp_path: Path) -> None:
    """A loop of links is a world that cannot be found."""
    file = study(tmp_path, 'world = ["w.toml"]')
    (file.parent / "w.toml").symlink_to(file.parent / "w.toml")

    assert "can be found" in refusal(file)


def test_own_worlds_come_before_shipped_ones(tmp_path: Path) -> None:
    """The scenario's folder is looked into first, the shipped worlds second."""
    file = study(tmp_path, 'world = ["worlds/downturn.toml"]')
    shipped = read_scenario(file).parameters.multiple("demand", 3)
    (file.parent / "worlds").mkdir()
    (file.parent / "worlds" / "downturn.toml").write_text(CONDITION, encoding="utf-8")

    assert shipped == 0.8
    assert read_scenario(file).parameters.multiple("demand", 0) == 0.5


def test_large_files_are_refused(tmp_path: Path) -> None:
    """More than a megabyte is not read, neither of a scenario nor of a world."""
    large = study(tmp_path, "# " + "x" * 60 + "\n# y" * 250_001)
    assert "larger than 1 MB" in refusal(large)

    file = study(tmp_path, 'world = ["w.toml"]')
    (file.parent / "w.toml").write_text("# x\n" * 250_001, encoding="utf-8")

    assert "w.toml: file is larger than 1 MB" in refusal(file)


@pytest.mark.parametrize(
    "top",
    [
        "x = " + "[" * 21 + "]" * 21,
        "x = " + "[" * 4_000 + "]" * 4_000,
        "x = " + "{a = " * 800 + "1" + "}" * 800,
        "a." * 21 + "b = 1",
        "[" + "a." * 4_000 + "b]",
    ],
)
def test_deep_files_are_refused(tmp_path: Path, top: str) -> None:
    """More than 20 levels are a fault, however they are written and however deep."""
    assert "20 levels deep" in refusal(study(tmp_path, "" if top[0] == "[" else top, top if top[0] == "[" else ""))


def test_endless_lines_are_refused(tmp_path: Path) -> None:
    """A line of half a million keys would keep the parser busy for minutes; it is refused at once."""
    assert "line 1 has more than 10,000 characters" in refusal(study(tmp_path, "a." * 300_000 + "b = 1"))


def test_endless_tables_are_refused(tmp_path: Path) -> None:
    """A thousand entries in one table are enough."""
    many = "".join(f"[policies.p{k}]\n" for k in range(1_001))

    assert "policies has 1,002 entries, more than 1,000" in refusal(study(tmp_path, "", many))


@pytest.mark.parametrize(
    "number", ["inf", "-inf", "nan", "1e999", "9" * 400, "9" * 5_000, "0x" + "f" * 5_000, "-9223372036854775809", "2026-01-01"]
)
@pytest.mark.parametrize("place", ["months = {}", "seeds = {{ first = {} }}", "material = {{ revenue = {} }}", "title = {}"])
def test_numbers_without_a_meaning_are_refused(tmp_path: Path, place: str, number: str) -> None:
    """Infinite, not a number, beyond 64 bits, or a date: a fault like another."""
    said = refusal(study(tmp_path, place.format(number)))

    assert said.startswith(str(tmp_path))
    assert len(said) < 1_000


@pytest.mark.parametrize("label", ["", "x" * 81, "two\\nlines", "\\u001b[31mred", "\\u202Eturned", "\\u0000", "tab\\t"])
def test_labels_that_do_not_print_are_refused(tmp_path: Path, label: str) -> None:
    """A label is one printable line of at most 80 characters, and its refusal is one too."""
    file = study(tmp_path)
    file.write_text(f'baseline = "a"\n[policies.a]\nlabel = "{label}"\n', encoding="utf-8")
    said = refusal(file)

    assert "policies.a.label" in said
    assert said.isprintable()


@pytest.mark.parametrize("key", ["A", "1a", "_a", "a-b", '"a b"', '"../a"', '"a\\nb"', '"a.b"', "a" * 41, '""', '"ä"'])
def test_other_keys_of_policies_are_refused(tmp_path: Path, key: str) -> None:
    """A policy's key becomes a file name: small letters, digits and _, at most 40."""
    said = refusal(study(tmp_path, "", f"[policies.{key}]\n"))

    assert "is no name" in said
    assert said.isprintable()


def test_names_of_files_become_safe_names_of_folders(tmp_path: Path) -> None:
    """Whatever a scenario's file is called, the folder of its results has a plain name."""
    text = STUDY.format(top="")
    names = {}
    for name in ("My Study (2).toml", "2026.toml", "ÄÖ.toml", "x" * 90 + ".toml", ".toml"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        names[name] = read_scenario(tmp_path / name).name

    assert names["My Study (2).toml"] == "my_study_2"
    assert all(name.isascii() and name.isidentifier() and name == name.lower() and len(name) <= 40 for name in names.values())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe", "line 1 is not UTF-8 text"),
        (b'title = "a"\ntitle = "b"\n', "line 2 is not TOML"),
        (b"title = ", "is not TOML"),
        (b"\x00", "line 1 is not TOML"),
        (b"", "baseline is missing"),
    ],
)
def test_what_is_no_toml_is_a_fault(tmp_path: Path, content: bytes, said: str) -> None:
    """The line is named where the file stops being TOML."""
    file = tmp_path / "study.toml"
    file.write_bytes(content)

    assert f"{file}: " in refusal(file)
    assert said in refusal(file)


@pytest.mark.parametrize("name", ["none.toml", "", ".", os.devnull, "a\0b", "x" * 5_000])
def test_files_that_cannot_be_read_are_faults(tmp_path: Path, name: str) -> None:
    """No file, a folder, a device, an impossible name: one sentence each."""
    said = refusal(tmp_path / name)

    assert ": file " in said
    assert "\n" not in said


def test_many_faults_are_counted_not_printed(tmp_path: Path) -> None:
    """After 200 faults the rest are counted."""
    said = refusal(study(tmp_path, "\n".join(f"x{k} = 1" for k in range(600)))).splitlines()

    assert len(said) == 201
    assert said[-1].endswith("file has 400 faults more; mend these first")


@pytest.mark.parametrize("name", ["scenario", "levers"])
def test_nothing_is_caught_that_is_not_understood(name: str) -> None:
    """The reader has no `except Exception`: a fault nobody thought of shall be found by the fuzz test, not hidden."""
    caught = {
        ast.unparse(handler.type) if handler.type else "everything"
        for path in (PACKAGE / name).rglob("*.py")
        for handler in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(handler, ast.ExceptHandler)
    }

    assert not caught & {"everything", "Exception", "BaseException"}


@pytest.mark.parametrize("key", list(catalogue()))
def test_levers_come_from_the_catalogue_alone(tmp_path: Path, key: str) -> None:
    """A scenario names levers; it cannot say where their code lies."""
    said = refusal(study(tmp_path, "levers = 'mine.py'", f"[policies.b.{key}]\nfile = 'mine.py'\n"))

    assert "levers is no key of a scenario" in said
    assert f"policies.b.{key}.file is no setting of {key}" in said

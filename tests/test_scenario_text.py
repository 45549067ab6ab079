"""A scenario from a text instead of a file, and a shipped study by its name: the same scenario, and no way out to other files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from simulation.errors import ScenarioError
from simulation.scenario import read_scenario, read_scenario_text, shipped_scenarios, shipped_studies

STUDY = '{top}\nbaseline = "a"\n[policies.a]\nlabel = "A"\n'
CONDITION = "[demand]\nmultiple = [[0, 0.5]]\n"


def refusal(text: str, name: str = "study", folder: Path | None = None) -> str:
    """What is said against a text, one fault a line."""
    with pytest.raises(ScenarioError) as error:
        read_scenario_text(text, name, folder=folder)
    return str(error.value)


@pytest.mark.parametrize("name", list(shipped_studies()))
def test_a_text_reads_as_its_file(name: str) -> None:
    """Every shipped study, by its name, as a file and as a text, is one scenario; its stress worlds are found."""
    file = shipped_studies()[name]
    size = {"months": 12, "seats": 10, "seeds": 2}
    scenario = read_scenario_text(file.read_text(encoding="utf-8"), name, **size)

    assert read_scenario(file, **size).resolved() == scenario.resolved() == read_scenario(name, **size).resolved()
    assert scenario.source is None


def test_the_studies_are_the_files_at_the_top_of_the_folder() -> None:
    """Claims, findings, statements and worlds are no studies."""
    assert set(shipped_studies()) >= {"status_quo", "growth_mix", "equity_or_cash"}
    assert all(file.parent == shipped_scenarios() and file.is_file() for file in shipped_studies().values())


def test_a_file_of_that_name_comes_before_the_study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a file is called as a study is, the file is meant; a folder of that name is no file."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "equity_or_cash").mkdir()
    (tmp_path / "growth_mix").write_text(STUDY.format(top=""), encoding="utf-8")

    assert read_scenario("growth_mix").baseline == "a"
    assert read_scenario("equity_or_cash").name == "equity_or_cash"


def test_a_word_that_is_no_study_gets_the_nearest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistyped study is named; a folder is told to be one, and a path without a file is told to be none."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "results").mkdir()

    with pytest.raises(ScenarioError) as study:
        read_scenario("growth_mxi")
    with pytest.raises(ScenarioError, match="this is a folder"):
        read_scenario("results")
    with pytest.raises(ScenarioError, match="file does not exist; `orgsim new"):
        read_scenario("growth_mix.toml")

    assert str(study.value) == "growth_mxi: file does not exist, and it is no shipped study; the nearest is growth_mix"


@pytest.mark.parametrize("key", ["world", "stress", "against_world"])
@pytest.mark.parametrize(
    "name",
    ["own.toml", "linked.toml", "../own.toml", "{folder}/own.toml", "/etc/passwd", "~/own.toml", "worlds/../own.toml", ""],
)
def test_a_text_reaches_no_file_but_shipped_worlds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str, name: str
) -> None:
    """Neither the current folder nor any other is looked into, by whatever key a world is named."""
    for folder in (tmp_path, tmp_path / "worlds"):
        folder.mkdir(exist_ok=True)
        (folder / "own.toml").write_text(CONDITION, encoding="utf-8")
    (tmp_path / "worlds" / "linked.toml").symlink_to(tmp_path / "own.toml")
    monkeypatch.chdir(tmp_path / "worlds")
    text = STUDY.format(top="" if key == "against_world" else f"{key} = ['{name.format(folder=tmp_path)}']")
    if key == "against_world":
        text += (
            '[[expect]]\nid = "S1"\ntext = "x"\nmetric = "turnover"\ncontrast = { a = 1 }\ndirection = "lower"\n'
            f"against_world = ['{name.format(folder=tmp_path)}']\n"
        )
    said = refusal(text)

    assert f"{key}[0]" in said
    assert "0.5" not in said


def test_links_beside_a_text_are_not_followed_out_of_its_folder(tmp_path: Path) -> None:
    """A text may have a folder; what is not below it is not found, be it linked."""
    (tmp_path / "here").mkdir()
    (tmp_path / "own.toml").write_text(CONDITION, encoding="utf-8")
    (tmp_path / "here" / "linked.toml").symlink_to(tmp_path / "own.toml")
    (tmp_path / "here" / "beside.toml").write_text(CONDITION, encoding="utf-8")

    assert "world[0]" in refusal(STUDY.format(top='world = ["linked.toml"]'), folder=tmp_path / "here")
    found = read_scenario_text(STUDY.format(top='world = ["beside.toml"]'), "study", folder=tmp_path / "here")
    assert found.parameters.multiple("demand", 0) == 0.5
    assert found.source == str(tmp_path / "here" / "study.toml")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# x\n" * 250_001, "study: file is larger than 1 MB"),
        ("# ä" * 350_000, "study: file is larger than 1 MB"),
        ("x = " + "[" * 4_000 + "]" * 4_000, "20 levels deep"),
        ("a." * 21 + "b = 1", "20 levels deep"),
        ("a." * 300_000 + "b = 1", "line 1 has more than 10,000 characters"),
        ("\n\ntitle = '\ud800'", "study: line 3 is not UTF-8 text"),
        ("title = ", "is not TOML"),
        ("", "study: baseline is missing"),
    ],
    ids=lambda text: ascii(text[:20]),
)
def test_a_text_has_the_limits_of_a_file(text: str, said: str) -> None:
    """Size, depth, long lines and what is no text are refused as in a file."""
    assert said in refusal(text)


def test_a_text_s_name_is_safe_wherever_it_goes() -> None:
    """A name as somebody's file has it is a plain name of a folder, and one line of a message."""
    text = STUDY.format(top="")

    assert read_scenario_text(text, "My Study (v1.2)").name == "my_study_v1_2"
    assert read_scenario_text(text, "../../etc/passwd").name == "etc_passwd"
    assert all(line.isprintable() for line in refusal("x = 1", "\x1b[31m\n" * 300).split("\n"))
    assert os.sep not in read_scenario_text(text, os.sep).name


def test_line_ends_and_a_byte_order_mark_are_no_fault() -> None:
    """A text as some editors save it reads the same."""
    text = STUDY.format(top="months = 12")

    assert read_scenario_text("\ufeff" + text.replace("\n", "\r\n"), "s").resolved() == read_scenario_text(text, "s").resolved()

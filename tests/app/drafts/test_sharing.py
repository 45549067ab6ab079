"""What is shared from the page: file, command and Python lines give its numbers to the last digit."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import source

from simulation import compare, run
from simulation.app.drafts.draft import Draft
from simulation.app.drafts.sharing import as_command, as_python, as_toml, file_name
from simulation.errors import ScenarioError
from simulation.evidence.ensemble import shipped_ensemble
from simulation.evidence.measures import MEASURES
from simulation.levers import Source
from simulation.scenario import read_scenario

SEEDS = 2
HOSTILE = "\"; touch hacked; '$(touch hacked)` \\ 100% 又一个"
OWN = """
baseline = "today"
seats = 20
[policies.today]
commission = { base_share = 0.5, rate = 0.1 }
[policies.more]
like = "today"
autonomy = { approval_days = 5 }
equal_cost = { to = "today", by = "commission.pay_level" }
"""


@pytest.fixture(autouse=True)
def _draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seeds carry draws of parameters, as they do in a process of its own."""
    monkeypatch.setattr("simulation.scenario.read.shipped_ensemble", shipped_ensemble)


def changed() -> Draft:
    """A small study with a change of each kind that a page makes."""
    world = ["worlds/saas_mid_market.toml", "worlds/downturn.toml"]
    small = Draft.of_study("growth_mix").with_choice(seats=20, months=12, world=world)
    draft = small.leave_out("autonomy_only").leave_out("tolerance_only").add_policy("growth_mix", HOSTILE)
    copy = draft.alternatives[-1]
    draft = draft.with_value(f"policies.{copy}.equal_cost", "off").with_value("policies.growth_mix.commission.rate", "0.09")
    return draft.with_value(f"policies.{copy}.autonomy", "off").with_value(f"policies.{copy}.starts", "3")


def headlines(draft: Draft) -> dict[str, dict[str, tuple[float, float, float]]]:
    """Mean and interval of every measure, by policy, as the page has them."""
    table = compare(run(draft.scenario(SEEDS))).table
    return {
        policy: {key: tuple(row[f"{key}_{part}"] for part in ("mean", "low", "high")) for key in MEASURES}
        for policy, row in table.iterrows()
    }


def told(words: list[str], folder: Path) -> dict[str, dict[str, tuple[float, float, float]]]:
    """The same from a command, run in a folder."""
    found = ran([*words, "--json", "--no-deck", "--out", str(folder / "out")], folder)
    return {
        policy: {key: tuple(figures[part] for part in ("mean", "low", "high")) for key, figures in measures.items()}
        for policy, measures in json.loads(found)["policies"].items()
    }


def ran(words: list[str], folder: Path) -> str:
    """What a process prints."""
    done = subprocess.run(
        words, cwd=folder, env={"PYTHONPATH": str(source.ROOT), "PATH": os.environ["PATH"]}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def same(one: object, other: object) -> bool:
    """Whether two nests of numbers are the same to the last digit, absent ones included."""
    return repr(one).replace("nan", "None") == repr(other).replace("nan", "None")


@pytest.mark.slow
def test_command_gives_the_pages_numbers(tmp_path: Path) -> None:
    """The command copied from the page, run as a process of its own, prints the page's figures to the last digit."""
    draft = changed()
    words = shlex.split(as_command(draft, SEEDS))

    assert words[:2] == ["orgsim", "compare"]
    assert same(told([sys.executable, "-m", "simulation", *words[1:]], tmp_path), headlines(draft))


@pytest.mark.slow
def test_python_gives_the_pages_numbers(tmp_path: Path) -> None:
    """The lines copied from the page, run as a script, have the page's figures to the last digit, and print two of them."""
    draft = changed()
    script = as_python(draft, SEEDS)
    figure = "tuple(float(row[f'{k}_{q}']) for q in ('mean', 'low', 'high'))"
    figures = f"{{p: {{k: {figure} for k in summary.measures}} for p, row in summary.table.iterrows()}}"
    (tmp_path / "lines.py").write_text(f"{script}print(repr({figures}))\n", encoding="utf-8")
    printed, _, last = ran([sys.executable, "lines.py"], tmp_path).rstrip("\n").rpartition("\n")

    assert "turnover_mean" in printed
    assert same(eval(last, {"nan": float("nan")}), headlines(draft))  # noqa: S307 - numbers of our own


@pytest.mark.slow
def test_own_files_give_the_pages_numbers(tmp_path: Path) -> None:
    """A study of one's own is saved from the page; command and Python then read that file and give the page's figures."""
    draft = Draft.opened(OWN, "Our plan.toml").with_choice(months=12, luck_only=True)
    draft = draft.with_value("policies.more.autonomy.approval_days", "4").add_policy("more", HOSTILE)
    (tmp_path / file_name(draft)).write_text(as_toml(draft, SEEDS), encoding="utf-8")
    words = shlex.split(as_command(draft, SEEDS))

    assert words == ["orgsim", "compare", "our_plan.toml", "--luck-only"]
    assert same(told([sys.executable, "-m", "simulation", *words[1:]], tmp_path), headlines(draft))
    assert "read_scenario('our_plan.toml', luck_only=True)" in as_python(draft, SEEDS)


def test_the_file_is_the_page(tmp_path: Path) -> None:
    """The scenario saved from the page, read again, is the page's in all that its figures depend on, labels and order too."""
    draft = changed()
    file = tmp_path / file_name(draft)
    file.write_text(as_toml(draft, SEEDS), encoding="utf-8")
    page, again = draft.scenario(SEEDS), read_scenario(file)

    assert HOSTILE in {policy.label for policy in again.policies}
    assert again.policies == page.policies
    assert again.resolved() == page.resolved()


def test_command_and_python_say_the_same_scenario() -> None:
    """Read as they say, the words of the command and the lines of Python make the scenario of the page."""
    draft = changed()
    words = shlex.split(as_command(draft, SEEDS))
    pairs = list(zip(words[3::2], words[4::2], strict=True))
    options = dict(pairs)
    given = {name: [value for flag, value in pairs if flag == f"--{name}"] for name in ("set", "world")}
    scenario = read_scenario(
        words[2], months=int(options["--months"]), seats=int(options["--seats"]), seeds=int(options["--seeds"]),
        settings=given["set"], world=given["world"],
    )  # fmt: skip
    lines = as_python(draft, SEEDS).partition("summary =")[0]
    found: dict[str, object] = {}
    exec(lines, found)  # noqa: S102 - what the page hands out

    assert scenario.resolved() == draft.scenario(SEEDS).resolved()
    assert found["scenario"].resolved() == draft.scenario(SEEDS).resolved()  # type: ignore[attr-defined]


def test_nothing_of_a_label_reaches_the_shell(tmp_path: Path) -> None:
    """A shell reads a label as one word, whatever it holds."""
    command = as_command(changed(), SEEDS)
    found = ran(["/bin/sh", "-c", f"printf '%s\\n' {command.removeprefix('orgsim compare ')}"], tmp_path)

    assert any(line.endswith(f".label={json.dumps(HOSTILE, ensure_ascii=False)}") for line in found.splitlines())
    assert list(tmp_path.iterdir()) == []


def test_changed_parameters_are_in_no_file() -> None:
    """Parameters changed by --set are in the command, and refused where a file is asked for."""
    draft = Draft.of_study("growth_mix").with_value("world.market.regions", "3")

    assert "--set world.market.regions=3" in as_command(draft, SEEDS)
    with pytest.raises(ScenarioError, match=r"world\.market\.regions"):
        as_toml(draft, SEEDS)
    with pytest.raises(ScenarioError, match=r"world\.market\.regions"):
        as_command(Draft.opened(OWN, "own.toml").with_value("world.market.regions", "3"), SEEDS)


def test_a_firm_is_settled_in_python() -> None:
    """Lines for a study with [firm] solve it before they run."""
    text = OWN.replace("seats = 20", 'world = ["worlds/saas_mid_market.toml"]')
    draft = Draft.opened(f"{text}[firm]\nreps = 20\n", "firm.toml")

    assert "scenario, firm = settle(scenario)" in as_python(draft, SEEDS)
    assert "settle" not in as_python(changed(), SEEDS)


def test_levers_of_ones_own_are_named_by_command_and_python(monkeypatch):
    """Whoever runs a copy has the same levers, or it could not be read."""
    own = Source("/home/us/our levers/breakfast.py", b"", b"")
    monkeypatch.setattr("simulation.app.drafts.sharing.outside_sources", lambda: (own,))
    draft = Draft.of_study("growth_mix")
    lines = as_python(draft, 32).splitlines()

    assert as_command(draft, 32).endswith(" --levers '/home/us/our levers'")
    read = next(number for number, line in enumerate(lines) if line.startswith("scenario = "))
    assert "add_folder(Path('/home/us/our levers'))" in lines[:read]
    compile("\n".join(lines), "copied", "exec")

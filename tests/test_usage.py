"""What `--help` shows: every command, in an order that is meant, with examples that can be typed, in 80 columns."""

from __future__ import annotations

import re
import shlex

import pytest
import typer.main
from typer.testing import CliRunner

from simulation import cli
from simulation.commands.usage import EXAMPLES, ORDER
from simulation.scenario import read_scenario, write_starter

COMMANDS = typer.main.get_command(cli.app).commands
LINES = [line for lines in EXAMPLES.values() for line in lines]


def orgsim(*words: str):
    """The result of one command line, on a screen of 80 columns."""
    return CliRunner(env={"COLUMNS": "80"}).invoke(cli.app, list(words))


def test_the_commands_stand_in_their_order_and_whole():
    """The first help lists every command as `ORDER` has them, and no summary is cut short."""
    text = orgsim("-h").stdout
    listed = re.findall(r"^  (\w+)  +\w", text.split("Commands:")[1], re.MULTILINE)

    assert set(listed) == set(COMMANDS)
    assert listed == [name for name in ORDER if name in listed]
    assert "..." not in text.split("Commands:")[1]


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_help_has_examples_and_fits(name: str):
    """A command's help shows its examples, a line each, and is no wider than 80 columns."""
    text = orgsim(name, "-h").stdout

    assert [line.strip() for line in text.split("Examples:")[1].splitlines() if line.strip()] == list(EXAMPLES[name])
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize("line", LINES)
def test_the_examples_can_be_typed(line: str):
    """The shell and the command take the words of an example: no option of it is unknown."""
    program, name, *words = shlex.split(line.partition(" > ")[0])
    COMMANDS[name].make_context(name, words, resilient_parsing=True)
    options = [word for word in words if word.startswith("--")]

    assert program == "orgsim"
    assert set(options) <= {option for one in COMMANDS[name].params for option in one.opts}


def test_examples_speak_of_what_new_writes(tmp_path):
    """Policies of `ours.toml` in the examples are those of the file that `orgsim new` writes."""
    file = tmp_path / "ours.toml"
    write_starter(file)
    known = {policy.key for policy in read_scenario(file).policies}
    ours = " ".join(line for line in LINES if "ours.toml" in line)

    assert set(re.findall(r"policies\.(\w+)|--(?:policy|against) (\w+)", ours)) <= {(key, "") for key in known} | {
        ("", key) for key in known
    }


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("compare", "--seeds", "abc"), '--seeds: "abc" is refused; it takes a whole number\n'),
        (("compare", "--seats", "2.5"), '--seats: "2.5" is refused; it takes a whole number\n'),
        (("sweep", "--error-rate", ""), '--error-rate: "" is refused; it takes a number\n'),
    ],
)
def test_what_is_no_number_is_refused_in_one_sentence(words: tuple[str, ...], said: str):
    """A word where a number belongs gives a sentence with option and word, and exit code 2."""
    done = orgsim(*words)

    assert (done.exit_code, done.stdout, done.stderr) == (2, "", said)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("explain", ""), 'orgsim explain: "" names nothing in the model; known: '),
        (("explain", "S6"), 'orgsim explain: "S6" names nothing in the model; known: '),
        (("levers", "zzz"), 'orgsim levers: "zzz" is no lever; known: autonomy, '),
        (("validate", "--only", "zzz"), '--only: "zzz" is the id of no target, claim or statement; known: '),
    ],
)
def test_what_is_like_nothing_is_told_what_there_is(words: tuple[str, ...], said: str):
    """A word that no name is close to is not said to be near one; some of what is known is named."""
    done = orgsim(*words)

    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
    assert "nearest" not in done.stderr


def test_a_bootstrap_has_no_negative_seed(tmp_path):
    """A negative seed of the bootstrap is refused in a sentence before any table is read."""
    done = orgsim("calibrate", "--people", "nobody.csv", "--seed", "-1", "--out", str(tmp_path))

    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == "--seed: -1 is refused; it takes a whole number from 0 on, the default is 1\n"

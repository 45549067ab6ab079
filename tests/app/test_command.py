"""`orgsim app` before anything is served: what is missing or wrong is a sentence."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from simulation import cli
from simulation.app import command


def asked(*words):
    """Exit code and what is said on stderr."""
    done = CliRunner().invoke(cli.app, ["app", "--no-browser", *words])
    return done.exit_code, done.stderr


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch):
    """Where the page's library is not installed, the answer is the command that installs it."""
    monkeypatch.setattr(command, "find_spec", lambda _: None)
    code, said = asked()
    assert code == cli.WRONG_REQUEST
    assert said == "orgsim app needs the extra app: pip install -c constraints.txt -e '.[app]' in the checkout\n"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("nowhere.toml",), "nowhere.toml: file does not exist"),
        (("growth_mxi",), "growth_mxi"),
        (("--port", "70000"), "--port"),
        (("--port", "x"), "--port"),
    ],
)
def test_a_wrong_request_is_refused_before_anything_is_served(words, told):
    """A file that is not there, a study that is none or an absurd port is told in a sentence."""
    pytest.importorskip("nicegui", reason="needs the extra app: pip install -e '.[app]'")
    code, said = asked(*words)
    assert code == cli.WRONG_REQUEST
    assert told in said
    assert "Traceback" not in said

"""The server of the page: where it listens, what it has, and how it ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

pytest.importorskip("nicegui", reason="needs the extra app: pip install -e '.[app]'")

from browsers import ADDRESS

from simulation.app.drafts.draft import Draft
from simulation.app.serve import serve
from simulation.errors import ScenarioError

DRAFT = Draft.of_study("status_quo")


def status(address):
    """What an address is answered."""
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310 - the page of the test
            return answer.status
    except urllib.error.HTTPError as refusal:
        refusal.close()
        return refusal.code


def test_an_empty_host_is_not_every_address():
    """A forgotten word must not open the page to a network."""
    with pytest.raises(ScenarioError, match=r"^--host is empty"):
        serve(DRAFT, host="", show=False)


def test_a_port_in_use_is_a_sentence():
    """The port that somebody else has is named."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(ScenarioError, match="is in use by another program"):
            serve(DRAFT, port=other.getsockname()[1], show=False)


@pytest.fixture(params=["SIGINT", "SIGTERM", "SIGHUP"])
def ended(request, tmp_path):
    """The page, asked for some addresses and ended by a signal: what it answered, its exit code, stderr, and what it left."""
    (work := tmp_path / "work").mkdir()
    (spare := tmp_path / "spare").mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "simulation", "app", "--no-browser"], cwd=work, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
        env={**os.environ, "TMPDIR": str(spare), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )  # fmt: skip
    with process, ThreadPoolExecutor(1) as reader:
        try:
            first = reader.submit(process.stderr.readline).result(60)
            address = ADDRESS.search(first)[0]
            answers = {path: status(address + path) for path in ("", "docs", "openapi.json", "nothing", "_nicegui/x")}
            process.send_signal(getattr(signal, request.param))
            process.send_signal(signal.SIGINT)
            code = process.wait(60)
        finally:
            process.kill()
        return answers, code, process.stderr.read(), [*work.iterdir(), *spare.iterdir()]


@pytest.mark.slow
def test_the_page_is_at_its_address_and_leaves_nothing(ended):
    """Only / is a page; however it is ended, and told twice, it says nothing, is no failure, and leaves no file anywhere."""
    answers, code, said, left = ended

    assert answers == {"": 200, "docs": 404, "openapi.json": 404, "nothing": 404, "_nicegui/x": 404}
    assert (code, said, left) == (0, "", [])

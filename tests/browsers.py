"""The page as people meet it: the command in a process of its own, and the system's Chromium in front of it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager

import pytest

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
LAPTOP, PROJECTOR, PHONE = (1280, 720), (1920, 1080), (390, 844)
"""Sizes of windows [pixels]."""
PATIENCE = 60_000
"""[ms] For what the page works out; a hang, not a measure."""
ADDRESS = re.compile(r"http://\S+/")


def needed() -> str:
    """The path of Chromium; skips where a browser or what drives it is missing."""
    pytest.importorskip("nicegui", reason="needs the extra app: pip install -e '.[app]'")
    pytest.importorskip("playwright", reason="needs the extra test: pip install -e '.[test]'")
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("needs Chromium: apt-get install chromium")
    return found


@contextmanager
def served(*arguments, folder=None):
    """`orgsim app` with these arguments, on a port of its own; yields the page's address. Ends as by Ctrl-C."""
    command = [sys.executable, "-m", "simulation", "app", *map(str, arguments), "--no-browser"]
    with tempfile.TemporaryFile("w+", encoding="utf-8") as out:
        process = subprocess.Popen(
            command, cwd=folder, stdout=out, stderr=subprocess.PIPE, text=True, start_new_session=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )  # fmt: skip
        try:
            lines = []
            for line in process.stderr:
                lines.append(line)
                if found := ADDRESS.search(line):
                    break
            else:
                pytest.fail(f"the page did not start: {''.join(lines)}")
            yield found[0]
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.communicate(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                raise


@contextmanager
def chromium():
    """A browser; each context made of it is another person's."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=needed(), args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def opened(browser, address, size=LAPTOP, **more):
    """A new person's page at an address; whatever it asks of another host is kept in `page.elsewhere`."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **more)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.elsewhere = []
    page.on("request", lambda request: None if request.url.startswith((address, "data:", "blob:", "ws")) else
            page.elsewhere.append(request.url))  # fmt: skip
    page.goto(address)
    return page

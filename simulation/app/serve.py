"""The server of the page: on this machine, until Ctrl-C.

Nothing is fetched from a network and nothing is sent to one: all that the page consists of comes with the packages installed.
"""

from __future__ import annotations

import errno
import socket
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from simulation.app.guard import HERE, Guard
from simulation.errors import RunError, ScenarioError

if TYPE_CHECKING:
    from simulation.app.drafts.draft import Draft

USUAL_PORT = 8420
TRIED = 20
"""Ports from the usual one on that are tried where none is asked for."""
WIDER = ("0.0.0.0", "::")  # noqa: S104 - compared with, not bound to
TITLE = "orgsim: what if"
PARTING = 1
"""[s] For open pages to be told that the server ends."""


def serve(
    draft: Draft, *, host: str = HERE[0], port: int | None = None, show: bool = True, say: Callable[[str], Any] = print
) -> None:
    """Serve the page until Ctrl-C.

    Parameters
    ----------
    draft : what a page shows whose address holds nothing else
    host : address of this machine to listen on; others than its own let the network in
    port : None takes the first that is free from `USUAL_PORT` on
    show : whether to open the page in a browser
    say : told the page's address, once it can be reached

    Raises
    ------
    ScenarioError
        When host or port cannot be had.
    RunError
        When the page cannot be served.
    """
    import uvicorn

    from simulation.app.answers.desk import Desk

    listening = _listen(host, port)
    address = _address(host, listening.getsockname()[1])
    with Desk() as desk:
        hosts = None if host in WIDER else (*HERE, host)

        def ready() -> None:
            # Not before: the library's start lists all objects there are, and a tuple that another thread is at work on breaks.
            Thread(target=desk.warm, args=(draft,), daemon=True).start()
            _ready(address, show=show, say=say)

        application = Guard(application_of(desk, draft, ready=ready), hosts)
        server = uvicorn.Server(
            uvicorn.Config(application, log_level="error", access_log=False, timeout_graceful_shutdown=PARTING, lifespan="on")
        )
        with suppress(KeyboardInterrupt):
            server.run(sockets=[listening])
        if not server.started:
            raise RunError(f"the page cannot be served at {address}; choose another port with --port")


def application_of(desk: Any, draft: Draft, *, ready: Callable[[], Any] = lambda: None) -> Any:
    """The web application; `ready` is called when it has started."""
    from fastapi import FastAPI
    from nicegui import app as nicegui_app
    from nicegui import ui

    from simulation.app.page import show_page

    application = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    nicegui_app.on_startup(ready)
    ui.run_with(
        application, root=lambda: show_page(desk, draft), title=TITLE, favicon=Path(__file__).with_name("icon.svg"),
        language="en-US", tailwind=False, show_welcome_message=False,
    )  # fmt: skip
    return application


def _listen(host: str, port: int | None) -> socket.socket:
    """A socket that nobody else has."""
    asked = [port] if port is not None else range(USUAL_PORT, USUAL_PORT + TRIED)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for number in asked:
        listening = socket.socket(family, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, number))
            listening.listen()
        except OSError as problem:
            listening.close()
            if problem.errno == errno.EADDRINUSE and port is None:
                continue
            raise ScenarioError(_refusal(host, number, problem)) from None
        return listening
    raise ScenarioError(f"--port: {asked[0]} to {asked[-1]} are all in use; name a free one, such as --port 9000")


def _refusal(host: str, port: int, problem: OSError) -> str:
    if problem.errno == errno.EADDRINUSE:
        return f"--port = {port} is in use by another program; name another, or leave it out for the first that is free"
    if problem.errno == errno.EACCES:
        return f"--port = {port} may not be used by you; name one from 1024 to 65535"
    return f"--host = {host} is no address of this machine ({problem.strerror or problem}); leave it out for {HERE[0]}"


def _address(host: str, port: int) -> str:
    shown = HERE[0] if host in WIDER else f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}/"


def _ready(address: str, *, show: bool, say: Callable[[str], Any]) -> None:
    say(address)
    if show:
        Thread(target=webbrowser.open, args=(address,), daemon=True).start()  # some browsers return only when they end

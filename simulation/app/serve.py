"""The server of the page: on this machine, until Ctrl-C.

Nothing is fetched from a network and nothing is sent to one: all that the page consists of comes with the packages installed.
"""

from __future__ import annotations

import errno
import signal
import socket
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from simulation.app.guard import HERE, Guard
from simulation.errors import RunError, ScenarioError

if TYPE_CHECKING:
    import uvicorn

    from simulation.app.drafts.draft import Draft

USUAL_PORT = 8420
TRIED = 20
"""Ports from the usual one on that are tried where none is asked for."""
WIDER = ("0.0.0.0", "::")  # noqa: S104 - compared with, not bound to
TITLE = "orgsim: what if"
NOTHING = "There is nothing here; the page is at /.\n"
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
    desk = Desk()

    def ready() -> None:
        # Not before: the library's start lists all objects there are, and a tuple that another thread is at work on breaks.
        Thread(target=desk.warm, args=(draft,), daemon=True).start()
        _ready(address, show=show, say=say)

    application = Guard(application_of(desk, draft, ready=ready), None if host in WIDER else (*HERE, host))
    server = uvicorn.Server(
        uvicorn.Config(application, log_level="error", access_log=False, timeout_graceful_shutdown=PARTING, lifespan="on")
    )
    with _ending(server), desk:
        server.run(sockets=[listening])
    if not server.started:
        raise RunError(f"the page cannot be served at {address}; choose another port with --port")


def application_of(desk: Any, draft: Draft, *, ready: Callable[[], Any] = lambda: None) -> Any:
    """The web application: the page at /, and elsewhere only what belongs to it; `ready` is called when it has started."""
    from fastapi import FastAPI
    from fastapi.responses import PlainTextResponse
    from nicegui import app as nicegui_app
    from nicegui import ui

    from simulation.app.page import show_page

    application = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    nicegui_app.on_startup(ready)
    nicegui_app.add_exception_handler(404, lambda *_: PlainTextResponse(NOTHING, 404))  # the library's own would be a page too
    ui.page("/")(lambda: show_page(desk, draft))
    ui.run_with(
        application, title=TITLE, favicon=Path(__file__).with_name("icon.svg"),
        language="en-US", tailwind=False, show_welcome_message=False,
    )  # fmt: skip
    return application


@contextmanager
def _ending(server: uvicorn.Server) -> Iterator[None]:
    """A stretch that ends as by Ctrl-C, too, where the process is told to end or its terminal is closed: nothing stays behind.

    Being told twice changes nothing, since the server and its processes end within seconds anyhow.
    """

    def end(*_: object) -> None:
        server.should_exit = True

    server.handle_exit = end  # type: ignore[method-assign,assignment]
    told = [signal.SIGINT, signal.SIGTERM]
    closed = getattr(signal, "SIGHUP", None)
    if closed is not None and signal.getsignal(closed) is signal.SIG_DFL:  # else it was to outlive its terminal
        told.append(closed)
    before = {number: signal.signal(number, end) for number in told}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _listen(host: str, port: int | None) -> socket.socket:
    """A socket that nobody else has."""
    if not host:
        raise ScenarioError(f"--host is empty, which would be every address of this machine; leave it out for {HERE[0]}")
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

"""Who may talk to the page: this machine's browser, from the page itself.

The server listens on one address, yet any page open in the same browser could send requests there, under a name of its own that
leads here (DNS rebinding) or by a socket, which browsers open across sites. So a request must name the address that is served,
and what says where it comes from must come from there; other sites may lead somebody here by a link, and no more. What is sent
must be said to be small before it is sent. The browser is told to fetch nothing from anywhere else.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

from simulation.scenario.files import LARGEST_FILE

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

HERE = ("127.0.0.1", "localhost", "[::1]")
"""Names of this machine as its own browser writes them."""
REFUSED = b"This page answers only to the address that `orgsim app` has printed.\n"
UNSIZED = b"Say the length of what you send.\n"
LARGEST_BODY = LARGEST_FILE + 64_000
"""Bytes that a request may bring: one scenario file, and what a browser wraps it in."""
LARGE = f"A request may bring {LARGEST_BODY:,} bytes at most.\n".encode()
CLOSED = 1008
"""What a socket is told that breaks a rule (RFC 6455)."""
POLICY = (
    "default-src 'self'; "
    "script-src 'self' 'unsafe-inline' 'unsafe-eval'; "  # the page's templates are compiled in the browser
    "style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; "
    "font-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Nothing is fetched from, or sent to, anywhere else, whatever a text holds."""
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)


class Guard:
    """An ASGI application before the page's own.

    Parameters
    ----------
    app : the page's application
    hosts : names that a request may give as its host; None where the page is served beyond this machine and may have any
    """

    def __init__(self, app: Any, hosts: tuple[str, ...] | None = HERE) -> None:
        self.app = app
        self.hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may pass."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        told = {name.lower(): value.decode("latin-1").lower() for name, value in scope["headers"]}
        if not self._may(told):
            await _refuse(scope, send, 403, REFUSED)
        elif b"transfer-encoding" in told:  # nobody knows where it ends before it does
            await _refuse(scope, send, 411, UNSIZED)
        elif _too_large(told.get(b"content-length", "0")):
            await _refuse(scope, send, 413, LARGE)
        else:
            await self.app(scope, receive, _with_headers(send))

    def _may(self, told: Mapping[bytes, str]) -> bool:
        """Whether a request names the served address and comes from its own page, or from no page at all."""
        host = told.get(b"host", "")
        if self.hosts is not None and _without_port(host) not in self.hosts:
            return False
        origin = told.get(b"origin")
        return (origin is None or origin.partition("://")[2] == host) and not _of_another_site(told)


def _of_another_site(told: Mapping[bytes, str]) -> bool:
    """Whether another site asks for something without anybody's having followed a link: as a picture, a frame, a script.

    Browsers send no origin with such a request, and the page would be worked out for it.
    """
    if told.get(b"sec-fetch-site", "none") in ("same-origin", "none"):
        return False
    return (told.get(b"sec-fetch-mode"), told.get(b"sec-fetch-dest")) != ("navigate", "document")


def _too_large(length: str) -> bool:
    return not length.isdecimal() or len(length) > len(str(LARGEST_BODY)) or int(length) > LARGEST_BODY


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdigit() else host


def _with_headers(send: Send) -> Send:
    async def sending(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *HEADERS]
        await send(message)

    return sending


async def _refuse(scope: Scope, send: Send, status: int, words: bytes) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": CLOSED})
        return
    head = [
        (b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(words)).encode()), (b"connection", b"close"),
    ]  # fmt: skip
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": words})

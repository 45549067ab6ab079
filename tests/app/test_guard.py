"""Who may talk to the page: only this machine's browser, from the page itself."""

from __future__ import annotations

import asyncio

import pytest

from simulation.app.guard import HERE, LARGEST_BODY, Guard


def asked(headers, *, kind="http", hosts=HERE):
    """What a request with these headers is answered: the messages sent."""
    sent = []

    async def page(scope, _, send):
        kind = "http.response.start" if scope["type"] == "http" else "websocket.accept"
        await send({"type": kind, "status": 200, "headers": []})

    async def receive():
        return {}

    async def send(message):
        sent.append(message)

    scope = {"type": kind, "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]}
    asyncio.run(Guard(page, hosts)(scope, receive, send))
    return sent


@pytest.mark.parametrize("host", ["127.0.0.1:8420", "localhost:8420", "[::1]:8420", "localhost"])
def test_this_machine_is_answered_and_told_to_fetch_nothing_elsewhere(host):
    """A request to the machine's own names passes, and the answer forbids every other source."""
    (start,) = asked({"host": host})
    assert start["status"] == 200
    policy = dict(start["headers"])[b"content-security-policy"].decode()
    assert "default-src 'self'" in policy
    assert "http" not in policy


@pytest.mark.parametrize("host", ["evil.example:8420", "evil.example", "", "127.0.0.1.evil.example:8420", "[::2]:8420"])
def test_another_name_that_leads_here_is_refused(host):
    """A name that somebody else has made lead to this machine gets nothing but a sentence."""
    start, body = asked({"host": host})
    assert start["status"] == 403
    assert b"orgsim app" in body["body"]


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize("origin", ["http://evil.example", "http://localhost:9999", "null", "http://127.0.0.1"])
def test_what_another_page_sends_is_refused(origin, kind):
    """A page from elsewhere, another port of this machine included, can neither ask nor open a socket."""
    first = asked({"host": "127.0.0.1:8420", "origin": origin}, kind=kind)[0]
    assert first.get("status") == 403 if kind == "http" else first["type"] == "websocket.close"


def test_the_pages_own_socket_is_opened():
    """The page itself opens its socket."""
    (first,) = asked({"host": "127.0.0.1:8420", "origin": "http://127.0.0.1:8420"}, kind="websocket")
    assert first["type"] == "websocket.accept"


def test_served_to_a_network_any_name_passes_but_no_other_page():
    """Beyond this machine its names are not known; what comes from another page is refused all the same."""
    assert asked({"host": "reps.example:8420"}, hosts=None)[0]["status"] == 200
    assert asked({"host": "reps.example:8420", "origin": "http://evil.example"}, hosts=None)[0]["status"] == 403


PICTURE = {"sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"}
FRAME = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"}
FOLLOWED = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize("how", [PICTURE, FRAME, {}], ids=["picture", "frame", "unsaid"])
def test_another_site_cannot_have_the_page_worked_out_as_a_picture_or_in_a_frame(site, how):
    """A browser sends no origin with these; what it says of the site is heeded instead."""
    assert asked({"host": "127.0.0.1:8420", "sec-fetch-site": site, **how})[0]["status"] == 403


@pytest.mark.parametrize("told", [{"sec-fetch-site": "cross-site", **FOLLOWED}, {"sec-fetch-site": "none", **FOLLOWED},
                                  {"sec-fetch-site": "same-origin", **PICTURE}], ids=["link", "typed", "own"])  # fmt: skip
def test_a_followed_link_and_the_pages_own_requests_pass(told):
    """Somebody may follow a link from a mail, type the address, or have the page fetch what belongs to it."""
    assert asked({"host": "127.0.0.1:8420", **told})[0]["status"] == 200


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"content-length": str(LARGEST_BODY)}, 200), ({"content-length": str(LARGEST_BODY + 1)}, 413),
        ({"content-length": "9" * 5_000}, 413), ({"content-length": "\u00b2"}, 413), ({"content-length": "-1"}, 413),
        ({"transfer-encoding": "chunked"}, 411), ({"transfer-encoding": "chunked", "content-length": "5"}, 411),
    ],
    ids=["fits", "large", "absurd", "no-number", "negative", "chunked", "both"],
)  # fmt: skip
def test_what_is_too_large_is_refused_before_it_is_sent(told, status):
    """A request says how much it brings, and no more than a scenario file is taken in; nothing of the rest is read."""
    assert asked({"host": "127.0.0.1:8420", **told})[0]["status"] == status

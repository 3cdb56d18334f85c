"""Strangers are refused by the web server: wrong keys, hosts and origins, for the page, its sockets and its files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp import ClientSession, CookieJar, WSServerHandshakeError

from apvweb.access import SECURITY_HEADERS
from tests.harness.apvtest import in_loop, poll_async
from tests.harness.time_limits import scaled

from .site import Site, serving


def client() -> ClientSession:
    """What a browser is in these tests: it keeps cookies, of addresses as well."""
    return ClientSession(cookie_jar=CookieJar(unsafe=True))


@dataclass(frozen=True)
class Answer:
    """What a server has answered."""

    status: int
    headers: Mapping[str, str]
    text: str


async def get(http: ClientSession, address: str, *, redirects: bool = True, **headers: str) -> Answer:
    """The answer to a request, read whole."""
    async with http.get(address, allow_redirects=redirects, headers=headers) as answer:
        return Answer(answer.status, answer.headers, (await answer.read()).decode(errors="replace"))


async def page_of(http: ClientSession, site: Site) -> str:
    """The address of a new page, with the cookie for it."""
    await get(http, site.link)
    answer = await get(http, site.base, redirects=False)
    assert answer.status == 302
    page = site.base + answer.headers["Location"]
    await poll_async(lambda: site.contents, deadline_s=30, what="what is on the page")
    while "vue.global.js" not in (shown := await get(http, page)).text:
        assert "Opening a session" in shown.text
    return page


async def socket_refused(http: ClientSession, address: str, **headers: str) -> int:
    """The status with which a web socket is refused."""
    try:
        socket = await http.ws_connect(address, headers=headers)
    except WSServerHandshakeError as error:
        return error.status
    await socket.close()
    return 101


@in_loop
async def test_nothing_is_answered_without_the_key() -> None:
    async with serving() as site, client() as http:
        for path in ("", "?key=wrong", "?key=", "s/some/", "vue.global.js", "index.html", "s/some/files/a"):
            answer = await get(http, site.base + path)
            assert answer.status == 403, path
            assert {name: answer.headers[name] for name in SECURITY_HEADERS} == dict(SECURITY_HEADERS)
            assert "apvweb has printed" in answer.text
        assert not http.cookie_jar
        own = site.base.rstrip("/")
        assert await socket_refused(http, f"{site.base}ws", Origin=own) == 403
        assert await socket_refused(http, f"{site.base}apv/some", Origin=own) == 403


@in_loop
async def test_the_key_becomes_a_cookie_that_scripts_and_other_sites_do_not_get() -> None:
    async with serving() as site, client() as http:
        answer = await get(http, site.link, redirects=False)
        cookie = answer.headers["Set-Cookie"]
        assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and site.server.access.key not in cookie
        assert site.server.access.key not in answer.text
        page = await page_of(http, site)
        assert site.server.access.key not in page
        assert (await get(http, f"{site.base}vue.global.js")).status == 200


@in_loop
async def test_other_hosts_and_origins_are_refused_also_with_the_cookie() -> None:
    async with serving() as site, client() as http:
        page = await page_of(http, site)
        own = site.base.rstrip("/")
        assert (await get(http, page)).status == 200
        for host in ("rebound.example.org", f"rebound.example.org:{site.server.port}", ""):
            assert (await get(http, page, Host=host)).status == 403, host
        assert (await get(http, page, Origin="https://example.org")).status == 403
        content = site.contents[0]
        for socket in (f"{page}ws", site.base + content.stage.live[0].address):
            assert await socket_refused(http, socket) == 403  # no origin
            assert await socket_refused(http, socket, Origin="https://example.org") == 403
            assert await socket_refused(http, socket, Origin="null") == 403
            assert await socket_refused(http, socket, Origin=own) == 101
        assert await socket_refused(http, f"{site.base}ws", Origin=own) == 403  # of the trame server that listens


@in_loop
async def test_a_page_cannot_end_the_program() -> None:
    """wslink offers to all who are connected to end the server; pages here must not."""
    import msgpack

    async with serving() as site, client() as http:
        page = await page_of(http, site)
        assert (await get(http, page)).status == 200
        async with http.ws_connect(f"{page}ws", headers={"Origin": site.base.rstrip("/")}) as socket:

            async def ask(number: int, method: str, *arguments: Any) -> dict[str, Any]:
                asked = {"wslink": "1.0", "id": f"rpc:{number}", "method": method, "args": list(arguments)}
                if number == 0:
                    asked["id"] = "system:c0:0"
                await socket.send_bytes(_whole(msgpack.packb(asked)))
                while True:
                    message = await socket.receive(timeout=scaled(20))
                    assert message.type is aiohttp.WSMsgType.BINARY, message
                    said: dict[str, Any] = msgpack.unpackb(message.data[12:])
                    if said.get("id") == asked["id"]:
                        return said

            assert "result" in await ask(0, "wslink.hello", {"secret": "wslink-secret"})
            assert "result" in await ask(1, "trame.state.get")
            for number, method in enumerate(("application.exit", "application.exit.later"), 2):
                assert "Unregistered method" in (await ask(number, method))["error"]["message"]
        assert (await get(http, page)).status == 200


def _whole(data: bytes) -> bytes:
    """A message of wslink in one chunk: its number, where it begins, and how long it is."""
    return (1).to_bytes(4, "little") + (0).to_bytes(4, "little") + len(data).to_bytes(4, "little") + data

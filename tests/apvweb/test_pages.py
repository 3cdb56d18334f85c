"""Pages, without a browser: how many there are, and for how long; their handlers; the server of one's own."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

import psutil
import pytest
from aiohttp import ClientSession, CookieJar

from apvweb.own_server import OwnServer
from apvweb.page.content import PageContent
from apvweb.pages import Page
from apvweb.parts.handling import handler
from apvweb.parts.publishing import plain
from apvweb.shelf import Shelf
from servermanager import connect
from services_core import ConfigurationError, ConnectionFailed
from tests.harness.apvtest import Ended, Server, in_loop, poll_async, run

from .site import Site, serving, sources_of


async def look(http: ClientSession, address: str) -> tuple[int, str]:
    """The status of a page, and its text."""
    async with http.get(address) as answer:
        return answer.status, await answer.text()


async def opened(http: ClientSession, site: Site) -> str:
    """A new page of a site, with all that is on it: its address."""
    before = len(site.contents)
    async with http.get(site.base) as answer:
        address = str(answer.url)
    await poll_async(lambda: len(site.contents) > before, deadline_s=30, what="a page")
    return address


@in_loop
async def test_there_are_so_many_pages_and_one_that_nobody_looks_at_ends() -> None:
    async with serving(grace_s=5.0, most=1) as site, ClientSession(cookie_jar=CookieJar(unsafe=True)) as http:
        await look(http, site.link)
        address = await opened(http, site)
        page = site.pages.find(address.rstrip("/").rpartition("/")[2])
        assert page is not None
        with page.watched():
            status, text = await look(http, site.base)
        assert status == 503 and "There are 1 pages open already" in text and "--max-pages" in text
        await poll_async(lambda: not site.pages.count, deadline_s=30, what="the end of all pages")
        status, text = await look(http, address)
        assert status == 404 and "This session has ended" in text
        await opened(http, site)  # there is room again


@in_loop
async def test_a_server_that_is_not_there_is_told_on_the_page() -> None:
    async with serving(url="tcp://127.0.0.1:9") as site, ClientSession(cookie_jar=CookieJar(unsafe=True)) as http:
        await look(http, site.link)
        async with http.get(site.base) as answer:
            address = str(answer.url)
        while (told := await look(http, address))[0] == 200:
            assert "Opening a session" in told[1]
            await asyncio.sleep(0.05)
        assert told[0] == 503 and "127.0.0.1:9" in told[1] and "Try once more" in told[1]


def content_of(page: Page) -> PageContent:
    """What is on the page of who may change things."""
    assert isinstance(page.content, PageContent)
    return page.content


@in_loop
async def test_who_has_joined_comes_along_when_what_was_in_a_lost_session_is_there_again() -> None:
    with Server("zmq") as server:
        async with serving(url=server.url) as site:
            host = site.pages.new()
            await host.opening
            link = await site.pages.invite(content_of(host).session, "editor")
            guest = site.pages.join(link.removeprefix("join/"))
            assert guest is not None
            await guest.opening
            lost = [one.content for one in (host, guest)]
            await content_of(host).work.add("Sphere").task
            await poll_async(lambda: b"Sphere" in (host.kept or b""), what="a state that is kept")
            await poll_async(lambda: b"Sphere" in (guest.kept or b""), what="that of the guest")
            server.kill()
            with Server("zmq", "--server-port", server.url.rpartition(":")[2]):
                await poll_async(
                    lambda: all(one.content not in lost for one in (host, guest)), deadline_s=40, what="other sessions"
                )
                await poll_async(lambda: sources_of(content_of(guest)) == ["Sphere1"], what="what was there, once")
                content_of(guest).work.add("Cone")
                await poll_async(
                    lambda: sources_of(content_of(host)) == ["Sphere1", "Cone1"], what="what the guest has made"
                )
                again = await site.pages.invite(content_of(host).session, "editor")
                assert again == link, "the same link leads there"


def test_handlers_take_what_they_expect_and_return_nothing_to_wait_for() -> None:
    called: list[Any] = []
    told: list[tuple[str, str]] = []

    async def later() -> None:
        raise AssertionError("nobody waits for it")

    def call(number: int, value: Any) -> Any:
        called.append((number, value))
        coroutine = later()
        coroutine.close()
        return coroutine

    handle = handler("try", call, int, object, refused=lambda what, why: told.append((what, why)))
    assert handle(1, {"a": [1.5, "b", None]}) is None
    assert called == [(1, {"a": [1.5, "b", None]})]
    for wrong in (
        (),
        (1,),
        ("1", 2),
        (True, 2),
        (1, b"bytes"),
        (1, [[[[[[[[1]]]]]]]]),
        (1, "x" * 2_000_000),
        (1, 2, 3),
    ):
        assert handle(*wrong) is None
    assert len(called) == 1 and len(told) == 8 and {what for what, _ in told} == {"try"}
    nothing: dict[str, str] = {}
    refusing = handler("try", lambda: nothing["absent"], refused=lambda what, why: told.append((what, why)))
    refusing()
    assert told[-1] == ("try", "absent")


def test_what_pages_are_told_is_plain() -> None:
    from servermanager import Choice

    assert plain([Choice("a", (1, 2.5)), {"b": ("c", None)}]) == [
        {"label": "a", "value": [1, 2.5], "why_not": ""},
        {"b": ["c", None]},
    ]


@in_loop
async def test_a_server_of_ones_own_is_started_again_and_ends_with_the_program() -> None:
    before = set(psutil.Process(os.getpid()).children())  # other tests' server of forks stays
    server = OwnServer()
    try:
        url = await server.url()
        (process,) = set(psutil.Process(os.getpid()).children()) - before
        secret = server.token_file.read_text().strip()
        assert server.token_file.stat().st_mode & 0o077 == 0 and not any(secret in one for one in process.cmdline())
        async with connect(url, token_file=server.token_file) as session:
            assert session.role == "owner"
        process.kill()
        await poll_async(lambda: not process.is_running() or process.status() == psutil.STATUS_ZOMBIE, what="its end")
        await poll_async(lambda: server.has_ended, what="that it is known")
        again = await server.url()
        async with connect(again, token_file=server.token_file) as session:
            assert session.connection.kind == "connected"
    finally:
        await server.close()
    assert set(psutil.Process(os.getpid()).children()) <= before and not server.token_file.exists()


@in_loop
async def test_a_server_of_ones_own_that_cannot_start_says_why() -> None:
    server = OwnServer(("--data-root", "/nowhere/at/all"))
    try:
        with pytest.raises((ConfigurationError, ConnectionFailed), match="exit code 2"):
            await server.url()
    finally:
        await server.close()


def test_states_of_pages_are_files_of_this_user_alone(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "pages")
    page = "Abc_defghij-12345"
    assert shelf.take(page) is None
    shelf.put(page, b'{"a": 1}')
    assert shelf.take(page) == b'{"a": 1}'
    (file,) = (tmp_path / "pages").iterdir()
    assert file.stat().st_mode & 0o077 == 0
    for wrong in ("../key", "", "a" * 15, "a/" * 10, "." * 20):
        assert shelf.take(wrong) is None
    shelf.remove(page)
    assert shelf.take(page) is None


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--host", "0.0.0.0"], "can be reached from elsewhere"),
        (["--tls-key", "key.pem"], "--tls-key needs --tls-cert"),
        (["--data-root", "/tmp", "--server-url", "tcp://127.0.0.1:1"], "--data-root is of the server"),
        (["--port", "70000"], "--port is 0 to 65535"),
        (["--max-pages", "0"], "--max-pages at least 1"),
    ],
)
def test_options_that_do_not_go_together_are_told(options: list[str], why: str) -> None:
    ended: Ended = run("apvweb", "--no-browser", *options)
    assert ended.code == 2 and why in ended.errors and ended.errors.startswith("apvweb: ")


def test_help_teaches_and_is_quick_to_ask_for() -> None:
    ended = run("apvweb", "--help")
    assert ended.code == 0
    for word in ("--data", "--server-url", "--key-file", "--tls-cert", "ssh -L 8080:127.0.0.1:8080 HOST", "cookie"):
        assert word in ended.output

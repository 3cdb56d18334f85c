"""A web server with pages in the loop of a test, which knows their sessions."""

from __future__ import annotations

import argparse
import asyncio
import json
import struct
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse, CookieJar, WSMsgType

from apvweb.access import Access, new_key
from apvweb.page.content import PageContent
from apvweb.page.furnishing import furnished
from apvweb.pages import Content, Page, Pages
from apvweb.running import Application
from apvweb.web_server import Listening, WebServer
from servermanager import RenderViewProxy, Session, connect
from tests.harness.apvtest import poll_async
from tests.harness.time_limits import scaled


@dataclass
class Site:
    """A web server that listens, and the pages that it has made, in order."""

    server: WebServer
    pages: Pages
    contents: list[PageContent]

    @property
    def link(self) -> str:
        """The link with the key."""
        return self.server.link

    @property
    def base(self) -> str:
        """Its address."""
        return self.link.partition("?")[0]


@asynccontextmanager
async def serving(
    *files: str, url: str | None = None, grace_s: float = 60.0, most: int = 8, listening: Listening | None = None
) -> AsyncIterator[Site]:
    """A web server whose pages have sessions of their own, in worker processes, or with the server at `url`."""
    contents: list[PageContent] = []

    def connecting(session: str) -> Awaitable[Session]:
        return connect(backend="zmq") if url is None else connect(url, session=session or None)

    async def furnish(pages: Pages, page: Page, session: Session) -> Content:
        content = await furnished(pages, page, session, files)
        if isinstance(content, PageContent):
            contents.append(content)
        return content

    pages = Pages(connecting, furnish, grace_s=grace_s, most=most)
    async with listening_server(WebServer(listening or Listening(), Access(new_key(), "127.0.0.1"), pages)) as server:
        yield Site(server, pages, contents)


@asynccontextmanager
async def listening_server(server: WebServer) -> AsyncIterator[WebServer]:
    """A web server that listens in the block."""
    running = asyncio.create_task(server.serve())
    ready = asyncio.create_task(server.ready.wait())
    try:
        await asyncio.wait([running, ready], return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            await running
        yield server
    finally:
        ready.cancel()
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


def sources_of(content: PageContent) -> Sequence[str]:
    """The names of what is in the pipeline of a page."""
    return [row.name for row in content.work.browser.rows]


def view_of(content: PageContent) -> RenderViewProxy:
    """The first view on a page."""
    view = content.stage.live[0].view
    assert isinstance(view, RenderViewProxy)
    return view


@asynccontextmanager
async def serving_application(application: Application) -> AsyncIterator[WebServer]:
    """A web server whose pages are those of an application, with sessions of their own in worker processes."""

    async def furnish(pages: Pages, page: Page, session: Session) -> Content:
        pages.sockets.share(page.server.trame)
        return await application(page.server.trame, session, argparse.Namespace())

    pages = Pages(lambda _: connect(backend="zmq"), furnish)
    async with listening_server(WebServer(Listening(), Access(new_key(), "127.0.0.1"), pages)) as server:
        yield server


class Window:
    """What a browser does with the socket of a view."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self.socket = socket

    async def say(self, kind: str, **more: Any) -> None:
        """Tell the server something."""
        await self.socket.send_str(json.dumps({"kind": kind, **more}))

    async def heard(self, kind: str) -> dict[str, Any]:
        """The next message of a kind."""
        while True:
            message = await self.socket.receive(timeout=scaled(20))
            assert message.type is not WSMsgType.CLOSE and message.type is not WSMsgType.CLOSED, message
            if message.type is WSMsgType.TEXT and (said := json.loads(message.data))["kind"] == kind:
                return dict(said)

    async def picture(self) -> tuple[dict[str, Any], bytes]:
        """The next picture: what is said of it, and its file."""
        while True:
            message = await self.socket.receive(timeout=scaled(20))
            assert message.type in (WSMsgType.BINARY, WSMsgType.TEXT), message
            if message.type is WSMsgType.BINARY:
                (length,) = struct.unpack_from("<I", message.data)
                return json.loads(message.data[4 : 4 + length]), message.data[4 + length :]

    async def still(self) -> tuple[dict[str, Any], bytes]:
        """The next exact picture, all up to it painted."""
        while True:
            said, file = await self.picture()
            await self.say("painted", sequence=said["sequence"])
            if said["still"]:
                return said, file


@asynccontextmanager
async def looking(site: Site, *, first: bool = True) -> AsyncIterator[Window]:
    """A window at the first page of a site."""
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as http:
        async with http.get(site.link) as answer:
            await answer.read()
        if first:
            async with http.get(site.base) as answer:
                assert answer.status == 200, await answer.text()
        await poll_async(lambda: site.contents, what="a page")
        address = site.base + site.contents[0].stage.live[0].address
        async with http.ws_connect(address, headers={"Origin": site.base.rstrip("/")}) as socket:
            yield Window(socket)

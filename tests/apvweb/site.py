"""A web server with pages in the loop of a test, which knows their sessions."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from apvweb.access import Access, new_key
from apvweb.page.content import PageContent
from apvweb.page.furnishing import furnished
from apvweb.pages import Content, Page, Pages
from apvweb.running import Application
from apvweb.web_server import Listening, WebServer
from servermanager import RenderViewProxy, Session, connect


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

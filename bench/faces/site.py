"""The web client in the loop of a measurement, which sees its sessions, feeds and stalls."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from servermanager import RenderViewProxy, Session, SourceProxy, connect
from servermanager.ui.pictures import PictureFeed

from .browser import require_browser

if TYPE_CHECKING:
    from apvweb.page.content import PageContent
    from apvweb.parts.live_view import LiveView

SIDE: Final = 40
"""Of the image whose contour is shown: about 40,000 triangles."""
LONG_S: Final = 5.0
BEAT_S: Final = 0.005


@dataclass
class Site:
    """A web server that listens, and what its pages have, in order."""

    link: str
    contents: list[PageContent]

    def session(self, page: int = 0) -> Session:
        """Return the session of a page."""
        return self.contents[page].session

    def view(self, page: int = 0) -> RenderViewProxy:
        """Return the view of a page."""
        view = self._live(page).view
        assert isinstance(view, RenderViewProxy)
        return view

    def feed(self, page: int = 0) -> PictureFeed:
        """Return what a page's pictures come from."""
        return self._live(page).feed

    def _live(self, page: int) -> LiveView:
        """Return the view of a page as its browser has it."""
        return self.contents[page].stage.live[0]


@asynccontextmanager
async def serving() -> AsyncIterator[Site]:
    """Serve pages, each of which shows a contour in a session of its own, in a worker process. Raises Absent."""
    require_browser()
    from apvweb.access import Access, new_key
    from apvweb.page.content import PageContent
    from apvweb.pages import Page, Pages
    from apvweb.web_server import Listening, WebServer

    contents: list[PageContent] = []

    async def furnish(pages: Pages, page: Page, session: Session) -> PageContent:
        content = await PageContent.make(pages, page, session, ())
        view = content.stage.live[0].view
        assert isinstance(view, RenderViewProxy)
        show_contour(session, view)
        contents.append(content)
        return content

    pages = Pages(lambda _: connect(backend="zmq"), furnish, grace_s=60.0, most=8)
    server = WebServer(Listening(), Access(new_key(), "127.0.0.1"), pages)
    running = asyncio.create_task(server.serve())
    ready = asyncio.create_task(server.ready.wait())
    try:
        await asyncio.wait([running, ready], return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            await running
        yield Site(server.link, contents)
    finally:
        ready.cancel()
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


def show_contour(session: Session, view: RenderViewProxy) -> None:
    """Show a contour of an image in a view that draws the mean of one drawing at rest."""
    wavelet = session.sources.Wavelet(WholeExtent=[-SIDE, SIDE] * 3)
    contour = session.filters.Contour(Input=wavelet, ContourBy=("POINTS", "RTData"), Isosurfaces=[150.0])
    view.update(StillSamples=1)
    session.show(contour, view)


async def long_filter(session: Session) -> SourceProxy:
    """Make a filter, shown nowhere, that executes for some 5 s without Python."""
    wavelet = session.sources.Wavelet(WholeExtent=[-64, 64] * 3)
    contour = session.filters.vtkContourFilter(Input=wavelet, Values=[150.0], FastMode=False)
    await wavelet.update_pipeline()
    began = time.perf_counter()
    await contour.update_pipeline()
    count = max(1, round(LONG_S / (time.perf_counter() - began)))
    contour.Values = [100 + 150 * index / count for index in range(count)]
    return contour


async def execute_for(contour: SourceProxy, seconds: float = LONG_S) -> None:
    """Execute a filter of `long_filter` again and again, until so many seconds have passed."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        await contour.update_pipeline()
        contour.Values = [value + 1e-3 for value in contour.Values]


class Stalls:
    """Measures, as a context, how late the loop comes to what is due."""

    def __init__(self) -> None:
        self.late_s: list[float] = []
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Stalls:
        self._task = asyncio.create_task(self._beat())
        return self

    async def __aexit__(self, *exception: object) -> None:
        assert self._task is not None
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    async def _beat(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + BEAT_S
            await asyncio.sleep(BEAT_S)
            self.late_s.append(max(0.0, loop.time() - due))

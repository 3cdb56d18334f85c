"""One trame server for one browser, below a path of a web server that listens already: a state of its own for each."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any, Final

from aiohttp import web
from trame_client.module import vue3
from trame_server import Server
from trame_server.protocol import CoreServer
from wslink.backends.aiohttp import AioHttpWsHandler

from services_core import ConfigurationError

_BASE: Final = re.compile(r'<base href="[^"]*" ?/>')
_VIEWPORT: Final = re.compile(r'content="width=device-width[^"]*"')
_INLINE: Final = re.compile(r"<script>.*?</script>", re.DOTALL)
_TITLE: Final = re.compile(r"<title>.*?</title>")
LAUNCHER: Final = "paraview/"
"""Where pages ask for a launcher of servers, below the same path as their files."""
TITLE_OF_TRAME: Final = "Trame"
"""What pages are called whose application says nothing else."""
_WAITING: Final = '<div id="app"><p role="status" style="font-family:sans-serif;padding:2rem">Opening…</p></div>'


def page_text(title: str, *, base: str, preloaded: tuple[str, ...] = ()) -> str:
    """Return the text of a page: trame's own, below its files, and of any size that its reader likes.

    `base` leads from the page to the files, `preloaded` are those of them that it will ask for, as far as is known. It
    has no script in it, which the headers forbid. Raises ConfigurationError for a trame whose page is another one.
    """
    text = (Path(vue3.www) / "index.html").read_text(encoding="utf-8")
    links = "".join(f'<link rel="preload" as="{_kind(one)}" href="{one}">' for one in preloaded)
    for pattern, new in (
        (re.compile("<html"), f'<html data-session-manager-url="{LAUNCHER}"'),
        (_BASE, f'<base href="{base}">'),
        (_VIEWPORT, 'content="width=device-width, initial-scale=1"'),
        (_TITLE, f"<title>{html.escape(title)}</title>{links}"),
        (re.compile('<div id="app"></div>'), _WAITING),
    ):
        text, found = pattern.subn(new, text, count=1)
        if not found:
            raise ConfigurationError(f"the page of this trame has no {pattern.pattern}: apvweb needs trame 4")
    return _INLINE.sub("", text)


def _kind(path: str) -> str:
    return "style" if path.endswith(".css") else "script"


class _PageProtocol(CoreServer):  # type: ignore[misc]  # trame has no types
    """What a page may ask of its trame server: anything but to end the program, which wslink offers to all."""

    def exit(self) -> None:
        """Do nothing: this is no method for pages any more."""

    def exitLater(self, secondsLater: int = 60) -> None:
        """Do nothing: this is no method for pages any more."""


class PageServer:
    """A trame server whose page and web socket are served by another one's application.

    `trame` is what layouts and widgets are made with, before `open` is called. Several browsers, or windows, that have
    the page have the same state.
    """

    def __init__(self, name: str) -> None:
        self.trame = Server(name)
        self.trame.client_type = "vue3"
        self._handler: AioHttpWsHandler | None = None
        self._text = ""

    def open(self, web_server: Any, root: Any, port: int, title: str) -> None:
        """Be ready for browsers: `web_server` and `root` are wslink's and trame's server which listen at `port`."""
        CoreServer.bind_server(self.trame)  # wslink makes protocols without arguments
        try:
            protocol = _PageProtocol()
        finally:
            CoreServer.bind_server(root)
        self._handler = AioHttpWsHandler(protocol, web_server)
        protocol.port_callback(port)
        state = self.trame.state
        if state.trame__title == TITLE_OF_TRAME:  # which would stand in the place of ours
            state.trame__title = title
        files = (*state.trame__scripts, *state.trame__styles)
        self._text = page_text(state.trame__title, base="../../", preloaded=files)

    async def page(self, request: web.Request) -> web.StreamResponse:
        """Answer with the page."""
        return web.Response(text=self._text, content_type="text/html", headers={"Cache-Control": "no-store"})

    async def socket(self, request: web.Request) -> web.StreamResponse:
        """Serve the web socket of the page's state until it is closed."""
        assert self._handler is not None, "the page server was not opened"
        response: web.StreamResponse = await self._handler.handleWsRequest(request)
        return response

    @property
    def browsers(self) -> int:
        """Return how many windows have the page now."""
        return 0 if self._handler is None else len(self._handler.connections)

    async def close(self) -> None:
        """Close the sockets of all windows."""
        if self._handler is not None:
            await self._handler.disconnectClients()

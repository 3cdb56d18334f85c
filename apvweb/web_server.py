"""The web server: it listens, lets browsers in that have the key, and gives each a page of its own."""

from __future__ import annotations

import asyncio
import logging
import os
import ssl
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from aiohttp import web
from trame_client.module import vue3
from trame_server import Server
from trame_vuetify.module import v3 as vuetify_module

from services_core import ConfigurationError

from .access import Access
from .guard import GUEST, NO_KEY, guard, onward, refused, small_page
from .page_server import LAUNCHER, PageServer
from .pages import Page, Pages
from .parts.view_sockets import ViewSockets

_log = logging.getLogger(__name__)

SHORT_WAIT_S: Final = 2.0
"""For so long a browser is kept waiting for a session; then a page says what it waits for, and asks again at once."""


@dataclass(frozen=True, slots=True)
class Listening:
    """Where a web server listens, and by which names browsers may know it."""

    host: str = "127.0.0.1"
    port: int = 0
    hosts: frozenset[str] = frozenset()
    tls_cert: Path | None = None
    tls_key: Path | None = None

    def tls(self) -> ssl.SSLContext | None:
        """Return what encrypts, None if nothing does. Raises ConfigurationError for files that are no certificate."""
        if self.tls_cert is None:
            return None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        try:
            context.load_cert_chain(self.tls_cert, self.tls_key)
        except (OSError, ssl.SSLError) as error:
            raise ConfigurationError(f"--tls-cert {self.tls_cert}: {error}") from error
        return context


@dataclass(eq=False)
class WebServer:
    """A web server with pages. `serve` runs it until it is cancelled."""

    listening: Listening
    access: Access
    pages: Pages
    cookie_path: str = "/"
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    _root: Any = None
    _web_server: Any = None

    async def serve(self) -> None:
        """Listen, and answer, until this is cancelled. Raises OSError if the port is taken, ConfigurationError."""
        tls = self.listening.tls()
        self._root = root = Server("apvweb")
        root.client_type = "vue3"
        root.enable_module(vuetify_module)
        self.pages.sockets = ViewSockets.of(root)
        root.controller.on_server_bind.add(lambda web_server: self._bind(web_server, tls))
        root.controller.on_server_ready.add(lambda **_: self._is_ready())
        with _trame_without_arguments():
            running = root.start(
                exec_mode="coroutine",
                host=self.listening.host,
                port=self.listening.port,
                open_browser=False,
                show_connection_info=False,
                disable_logging=True,
                thread=True,
                timeout=0,
            )
        try:
            await running
        finally:
            await self.pages.close()
            await self._web_server.runner.cleanup()

    @property
    def port(self) -> int:
        """Return where it listens, once `ready` is set."""
        return int(self._root.port)

    @property
    def link(self) -> str:
        """Return the link that lets a browser in."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.listening.host, self.listening.host)
        scheme = "https" if self.listening.tls_cert else "http"
        return f"{scheme}://{f'[{host}]' if ':' in host else host}:{self.port}/?key={self.access.key}"

    # --- inside

    def _bind(self, web_server: Any, tls: ssl.SSLContext | None) -> None:
        self._web_server = web_server
        if tls is not None:
            web_server.config["ssl"] = tls
        web_server.app.middlewares.append(guard(self.access))
        add = web_server.app.router.add_get
        add("/", self._door)
        add("/join/{token}", self._join)
        add("/loading.tpl", _loading)
        add("/favicon.ico", _icon)
        add("/s/{page}/", self._page)
        add("/s/{page}/index.html", self._page)
        add("/s/{page}/ws", self._socket)
        add("/s/{page}/files/{file}", self._file)
        web_server.app.router.add_post(f"/{LAUNCHER}", _nothing_to_launch)

    def _is_ready(self) -> None:
        self.pages.mount = self._mount
        self.pages.ended = self.access.forget_page
        self.ready.set()

    def _mount(self, page: PageServer, title: str) -> None:
        self.pages.sockets.share(page.trame)
        page.open(self._web_server, self._root, self.port, title)

    async def _door(self, request: web.Request) -> web.StreamResponse:
        if "key" in request.query:
            if not self.access.is_key(request.query["key"]):
                return refused("This is not the key of this server. " + NO_KEY)
            return self._let_in(request, self.access.admit(cookie=request.cookies.get(self.access.cookie_name)), "./")
        if not request[GUEST].owner:
            return refused(NO_KEY)
        return await self._lead_to(self.pages.new())

    async def _lead_to(self, page: Page) -> web.StreamResponse:
        await asyncio.wait([page.opening], timeout=SHORT_WAIT_S)
        raise web.HTTPFound(f"s/{page.id}/")

    async def _join(self, request: web.Request) -> web.StreamResponse:
        page = self.pages.join(request.match_info["token"])
        if page is None:
            return small_page("This invitation is over", "Ask for a new link: the session has ended.", status=404)
        cookie = self.access.admit(page=page.id, cookie=request.cookies.get(self.access.cookie_name))
        return self._let_in(request, cookie, f"../s/{page.id}/")

    def _let_in(self, request: web.Request, cookie: str, path: str) -> web.Response:
        response = onward(path)
        response.headers["Cache-Control"] = "no-store"
        secure = request.secure or request.headers.get("X-Forwarded-Proto") == "https"
        response.set_cookie(
            self.access.cookie_name, cookie, httponly=True, samesite="Strict", secure=secure, path=self.cookie_path
        )
        return response

    def _find(self, request: web.Request) -> Page | None:
        id_, guest = request.match_info["page"], request[GUEST]
        found = self.pages.find(id_) if guest.may_have(id_) else None
        return self.pages.again(id_) if found is None and guest.owner else found

    async def _page(self, request: web.Request) -> web.StreamResponse:
        page = self._find(request)
        if page is None:
            return _ended(owner=request[GUEST].owner)
        if page.is_told_to_wait:  # its browser shows that meanwhile
            await asyncio.wait([page.opening], timeout=SHORT_WAIT_S)
        if not page.opening.done():
            page.is_told_to_wait = True
            return _waiting(page.waits_for)
        if page.failure is not None:
            return small_page("No session", page.failure, link=("../../", "Try once more"), status=503)
        return await page.server.page(request)

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        page = self._find(request)
        if page is None or not page.is_open:
            raise web.HTTPNotFound(text="There is no such page.")
        with page.watched():
            return await page.server.socket(request)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        page = self._find(request)
        found = None if page is None else page.downloads.take(request.match_info["file"])
        if found is None:
            raise web.HTTPNotFound(text="This file is no longer there: ask for it again in the page.")
        return web.Response(
            body=found.data,
            content_type=found.content_type,
            headers={"Content-Disposition": f'attachment; filename="{found.name}"', "Cache-Control": "no-store"},
        )


async def _loading(_: web.Request) -> web.Response:
    return web.Response(text='<p role="status">Opening…</p>', content_type="text/html")


async def _nothing_to_launch(_: web.Request) -> web.Response:
    """Answer trame's page, which asks for a launcher of servers before it uses its socket: there is none."""
    return web.Response(status=204)


async def _icon(_: web.Request) -> web.FileResponse:
    return web.FileResponse(Path(vue3.www) / "logo.png")


def _waiting(what: str) -> web.Response:
    return small_page("Opening a session", what, more='<meta http-equiv="refresh" content="0">')


def _ended(*, owner: bool) -> web.Response:
    link = ("../../", "Open a new session") if owner else None
    return small_page("This session has ended", "Nobody has looked at it for a while.", link=link, status=404)


@contextmanager
def _trame_without_arguments() -> Iterator[None]:
    """Have trame, which reads the arguments of the program, find none: they are not meant for it."""
    arguments, variable = sys.argv, os.environ.pop("TRAME_ARGS", None)
    sys.argv = arguments[:1]
    try:
        yield
    finally:
        sys.argv = arguments
        if variable is not None:
            os.environ["TRAME_ARGS"] = variable

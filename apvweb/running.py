"""The program at work: a server of its own or another one, sessions for pages, and the link."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import webbrowser
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from async_paraview.credentials import AUTO
from servermanager import Session, connect
from servermanager.reach.address_check import check_server_url
from services_core import ServicesError

from .access import Access
from .launch_file import LaunchFile
from .own_server import OwnServer
from .page.furnishing import furnished
from .pages import Connect, Content, Page, Pages
from .shelf import Shelf
from .web_server import Listening, WebServer

_log = logging.getLogger(__name__)


Application = Callable[[Any, Session, argparse.Namespace], Awaitable[Content]]
"""Makes what is on a page: given a trame server for the page alone, its session, and the options of the program."""


async def run(
    options: argparse.Namespace, access: Access, own: OwnServer | None, application: Application | None = None
) -> None:
    """Serve pages until this is cancelled: those of an application, or else of the client.

    `own` is the server of this program, None where another one is named. Raises OSError if the port is taken,
    ConfigurationError.
    """
    if own is None and options.server_url != AUTO:  # the newest may begin later
        check_server_url(options.server_url, token_file=options.token_file)
    connecting = _remote(options) if own is None else _own(own)
    files = () if application else tuple(options.data)

    async def furnish(pages: Pages, page: Page, session: Session) -> Content:
        if application is not None:
            pages.sockets.share(page.server.trame)
            return await application(page.server.trame, session, options)
        return await furnished(pages, page, session, files)

    shelf = None if options.key_file is None else Shelf(options.key_file.with_name(f"{options.key_file.name}.pages"))
    limits = {"grace_s": options.grace, "most": options.max_pages}
    title = options.title or _title(files)
    pages = Pages(connecting, furnish, title=title, shelf=shelf, **limits)
    listening = Listening(options.host, options.port, access.hosts, options.tls_cert, options.tls_key)
    server = WebServer(listening, access, pages)
    pages.prepare()
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(_tell_when_ready(server, opens=not options.no_browser))
            await server.serve()
    except* (OSError, ServicesError) as errors:
        raise errors.exceptions[0] from None


def _remote(options: argparse.Namespace) -> Connect:
    def connecting(session: str) -> Awaitable[Session]:
        return connect(options.server_url, token_file=options.token_file, session=session or None)

    return connecting


def _own(server: OwnServer) -> Connect:
    async def connecting(session: str) -> Session:
        return await connect(await server.url(), token_file=server.token_file, session=session or None)

    return connecting


def _title(files: tuple[str, ...]) -> str:
    return f"{Path(files[0]).name} - ParaView" if files else "ParaView"


async def _tell_when_ready(server: WebServer, *, opens: bool) -> None:
    await server.ready.wait()
    server.pages.furnish_first()
    sys.stdout.write(f"apvweb ready at {server.link}\n")
    sys.stdout.flush()
    if not opens:
        return
    launch = LaunchFile(server.link)
    try:
        await asyncio.to_thread(webbrowser.open, launch.url)
        await asyncio.get_running_loop().create_future()  # the file has to be there until the program ends
    finally:
        launch.remove()

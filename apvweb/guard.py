"""The middleware in front of everything: wrong hosts, origins and keys are refused before anything is looked at."""

from __future__ import annotations

import html
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final

from aiohttp import web

from .access import SECURITY_HEADERS, Access, Guest, is_own_origin

_log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
GUEST: Final = web.RequestKey("apvweb guest", Guest)
"""Where a request has what its cookie allows."""

OPEN_PATHS: Final = ("/", "/join/")
"""What needs no cookie: there a key is given for one."""

CLOSED_PATH: Final = "/ws"
"""The socket of the trame server that listens: pages have sockets of their own."""

WRONG_HOST: Final = (
    "This server does not answer to the name {host}. If that is a name of it, start it with --allow-host {host}; "
    "behind a proxy, have the proxy hand on the Host header."
)
WRONG_ORIGIN: Final = "A page of {origin} has asked, which is not a page of this server: nothing is answered to it."
NO_KEY: Final = "Open the link that apvweb has printed when it was started: the key in it lets this browser in."


def guard(access: Access) -> Any:
    """Return the middleware that lets nobody in but those with a key, from pages of this server."""

    @web.middleware
    async def guarding(request: web.Request, handler: Handler) -> web.StreamResponse:
        refusal = _refusal(access, request, request.cookies.get(access.cookie_name))
        if refusal is not None:
            _log.info("refused %s %s: %s", request.method, request.path, refusal)
            response: web.StreamResponse = refused(refusal)
        else:
            request[GUEST] = access.guest(request.cookies.get(access.cookie_name)) or Guest(False)
            try:
                response = await handler(request)
            except web.HTTPException as error:
                with_headers(error)
                raise
        if not response.prepared:
            with_headers(response)
        return response

    return guarding


def _refusal(access: Access, request: web.Request, cookie: str | None) -> str | None:
    """Return why a request is refused; None: it is not."""
    host, origin = request.headers.get("Host"), request.headers.get("Origin")
    if not access.answers_to(host):
        return WRONG_HOST.format(host=host)
    upgrades = request.headers.get("Upgrade", "").lower() == "websocket"
    if (origin is not None or upgrades) and not is_own_origin(origin, host):
        return WRONG_ORIGIN.format(origin=origin or "no origin")
    if request.path == CLOSED_PATH:
        return NO_KEY
    is_open = request.path == OPEN_PATHS[0] or request.path.startswith(OPEN_PATHS[1])
    return None if is_open or access.guest(cookie) is not None else NO_KEY


def with_headers(response: web.StreamResponse) -> None:
    """Add the headers of every answer."""
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)


_PAGE: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>{more}<style>
body {{ font-family: system-ui, sans-serif; max-width: 36rem; margin: 18vh auto; padding: 0 1.5rem; line-height: 1.5;
  color-scheme: light dark; }} h1 {{ font-size: 1.3rem; }}
</style></head><body><main><h1>{title}</h1><p>{text}</p>{link}</main></body></html>
"""


def small_page(
    title: str, text: str, *, more: str = "", link: tuple[str, str] | None = None, status: int = 200
) -> web.Response:
    """Return a page with one paragraph, and a link: where it leads, and what it says. `more` is HTML of its head."""
    leads = "" if link is None else f'<p><a href="{html.escape(link[0])}">{html.escape(link[1])}</a></p>'
    body = _PAGE.format(title=html.escape(title), text=html.escape(text), more=more, link=leads)
    return web.Response(text=body, status=status, content_type="text/html")


def refused(why: str) -> web.Response:
    """Return the answer to who may not have what was asked for."""
    return small_page("Not allowed", why, status=403)


def onward(path: str) -> web.Response:
    """Return a page that leads to another one of this server, which the browser then opens as from here.

    A redirection would not do: a browser that comes by a link of somebody else's does not send a cookie of
    SameSite=Strict along with it.
    """
    return small_page("Opening", "One moment.", more=f'<meta http-equiv="refresh" content="0;url={html.escape(path)}">')

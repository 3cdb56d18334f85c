"""Which views of a web server browsers may open sockets to; and the files that pages need beside trame's."""

from __future__ import annotations

import weakref
from pathlib import Path
from typing import Any, Final

from aiohttp import web

from servermanager.ui import page
from services_core import __version__

from ..access import is_own_origin
from .live_view import ENDED, LiveView

PATH: Final = "/apv/{token}"
_FILES: Final = f"__apvweb_{__version__}"
_COMMON: Final = f"__apvweb_common_{__version__}"
MODULE: Final[dict[str, Any]] = {
    "serve": {_FILES: str(Path(__file__).parent.parent / "client"), _COMMON: str(page.FILES)},
    "scripts": [
        f"{_COMMON}/{page.SCRIPT}",
        *(f"{_FILES}/{name}.js" for name in ("view", "fields", "panel", "pipeline", "colors", "dialogs")),
    ],
    "styles": [f"{_FILES}/apvweb.css"],
    "vue_use": ["apvweb"],
}
"""What trame is to serve and load for pages with parts of here."""


class ViewSockets:
    """The views of one web server by their tokens."""

    def __init__(self) -> None:
        self._views: dict[str, LiveView] = {}

    @classmethod
    def of(cls, server: Any) -> ViewSockets:
        """Return those of a trame server; the first time, its web server is prepared for them. Before it starts."""
        found = _known.get(server)
        if found is None:
            found = _known[server] = cls()
            server.controller.on_server_bind.add(found.bind)
        server.enable_module(MODULE)
        return found

    def share(self, server: Any) -> None:
        """Have a further trame server, whose pages come from the same web server, use these."""
        _known[server] = self

    def bind(self, web_server: Any) -> None:
        """Add the route of the sockets to an application of aiohttp; `web_server` is wslink's."""
        web_server.app.router.add_get(PATH, self.serve)

    def add(self, view: LiveView) -> None:
        """Let browsers that know its address open a socket to a view."""
        self._views[view.token] = view

    def remove(self, view: LiveView) -> None:
        """Let nobody open it any more, and close it."""
        self._views.pop(view.token, None)
        view.close()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Serve the socket of the view that a path names."""
        if not is_own_origin(request.headers.get("Origin"), request.headers.get("Host")):
            raise web.HTTPForbidden(text="The socket of a view is for pages of this server alone.")
        view = self._views.get(request.match_info["token"])
        if view is not None:
            return await view.serve(request)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.close(code=ENDED, message=b"there is no such view")
        return socket


_known: weakref.WeakKeyDictionary[Any, ViewSockets] = weakref.WeakKeyDictionary()

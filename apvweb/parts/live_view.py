"""One view in one browser: its pictures, one under way, and what is done to it, over a web socket of its own."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import struct
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from aiohttp import WSCloseCode, WSMsgType, web

from servermanager import Image, InputEvent, PictureFeed, ViewProxy
from servermanager.ui.pointing.happenings import Happening
from services_core import ConnectionState

from .messages import Here, Painted, Resized, read_message

_log = logging.getLogger(__name__)

TAKEN_ELSEWHERE: Final = 4001
"""The code with which a socket is closed whose place another one has taken."""
ENDED: Final = 4004
"""The code with which a socket is closed, or refused, for a view that is no longer there."""
HEARTBEAT_S: Final = 15.0
"""A browser that does not answer for so long is gone."""
MOST_MESSAGE_BYTES: Final = 16 * 1024
"""What a browser tells at once is smaller by far."""
MOST_WRONG: Final = 20
"""After so many messages that mean nothing a socket is closed."""

TYPES: Final[Mapping[str, str]] = {"jpeg": "image/jpeg", "png": "image/png"}
"""What browsers call the formats of pictures."""


class Interaction(Protocol):
    """What makes of events what they mean in a view, as `servermanager.ViewInteraction` does."""

    @property
    def mode(self) -> str:
        """What a drag with the left button does."""

    def resize(self, width: float, height: float, pixel_ratio: float = 1.0) -> None:
        """Say how large the place is that shows the view."""

    def handle(self, event: InputEvent) -> bool:
        """Do what an event means."""

    def watch(self, watcher: Callable[[Happening], None]) -> Callable[[], None]:
        """Have what comes of events told."""

    def close(self) -> None:
        """Do nothing more."""


class LiveView:
    """A view as one browser has it. `address` is the path of its socket, which nobody can guess. Belongs to the loop.

    A socket that comes takes the place of the one before; while there is none nothing is drawn for it, and what was
    shown last is shown again to the next.
    """

    def __init__(
        self, view: ViewProxy, interaction: Interaction, *, quality: int | None = None, may_change: bool = True
    ) -> None:
        """Have a view shown, and moved by `interaction`; without `may_change` it is neither moved nor resized.

        `quality` is that of JPEGs, 1 to 100; None: as fits the link.
        """
        self._may_change = may_change
        self.moved: Callable[[], None] = lambda: None
        """Called after each event that may have moved the camera."""
        self.view = view
        self.interaction = interaction
        self.token = secrets.token_urlsafe(18)
        self.feed = PictureFeed(view, self._show, still_format="png", quality=quality)
        self._socket: web.WebSocketResponse | None = None
        self._sending: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._hovers = False
        self._closed = False
        self._unwatch = view.session.on_connection(self._connection_is)
        self.feed.watch(lambda state: _log.info("%r: pictures are %s %s", view, state.kind, state.reason))

    @property
    def address(self) -> str:
        """Return the path of its socket, below that of the files of the page."""
        return f"apv/{self.token}"

    @property
    def is_watched(self) -> bool:
        """Tell whether a browser has it open."""
        return self._socket is not None

    def close(self) -> None:
        """Show nothing more; its socket is closed."""
        self._closed = True
        self._unwatch()
        self.feed.close()
        self.interaction.close()
        if self._socket is not None:
            self._start(_close(self._socket, ENDED, b"the view was closed"))

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Serve a browser until its socket is closed, or another one has taken its place."""
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT_S, max_msg_size=MOST_MESSAGE_BYTES, compress=False)
        await socket.prepare(request)
        before, self._socket = self._socket, socket
        if before is not None:
            self._stop_sending()
            self._start(_close(before, TAKEN_ELSEWHERE, b"another window shows it"))
        try:
            self._begin(socket)
            await self._listen(socket)
        finally:
            if self._socket is socket:
                self._socket = None
                self._stop_sending()
                self.feed.pause()
                self.interaction.handle(InputEvent("cancel"))
        return socket

    # --- pictures

    def _begin(self, socket: web.WebSocketResponse) -> None:
        self._connection_is(self.view.session.connection)
        self.feed.start()
        self.feed.resume()
        self.feed.again()

    def _show(self, image: Image) -> None:
        if self._socket is not None:
            self._sending = self._start(_send_picture(self._socket, image))

    def _stop_sending(self) -> None:
        if self._sending is not None:
            self._sending.cancel()

    def _connection_is(self, state: ConnectionState) -> None:
        if self._socket is not None:
            self._tell(self._socket, {"kind": "server", "away": state.kind != "connected", "reason": state.reason})

    # --- what is done

    async def _listen(self, socket: web.WebSocketResponse) -> None:
        wrong = 0
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                wrong += 1
            elif (why := self._heard(socket, message.data)) is not None:
                wrong += 1
                self._tell(socket, {"kind": "wrong", "text": why})
            if wrong > MOST_WRONG:
                await _close(socket, WSCloseCode.POLICY_VIOLATION, b"what it says means nothing")
                return

    def _heard(self, socket: web.WebSocketResponse, text: str) -> str | None:
        """Do what a message says; returns what is wrong with it."""
        try:
            message = read_message(text)
        except ValueError as error:
            return str(error)
        if isinstance(message, Here):
            self._tell(socket, {"kind": "here"})
        elif isinstance(message, Painted):
            self.feed.painted(message.sequence)
        elif self._may_change:
            self._done(message)
        return None

    def _done(self, message: Resized | InputEvent) -> None:
        """Take what changes the view."""
        if isinstance(message, Resized):
            self.interaction.resize(message.width, message.height, message.pixel_ratio)
            self.feed.resize(message.width, message.height, message.pixel_ratio)
        else:
            self.feed.noticed()
            self.interaction.handle(message)
            self.moved()
            self._tell_hovered()

    def _tell_hovered(self) -> None:
        """Have the browser told when something that can be dragged comes under the pointer, or is there no more."""
        hovers = getattr(self.interaction, "hovered", None) is not None
        if hovers != self._hovers and self._socket is not None:
            self._hovers = hovers
            self._tell(self._socket, {"kind": "hovered", "on": hovers})

    # --- inside

    def _tell(self, socket: web.WebSocketResponse, message: Mapping[str, Any]) -> None:
        self._start(_send_text(socket, json.dumps(message)))

    def _start(self, work: Any) -> asyncio.Task[None]:
        task: asyncio.Task[None] = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def picture_message(image: Image) -> bytes:
    """Return a picture as it travels: the length of what is said of it (4 bytes, low first), that as JSON, the file."""
    said = {
        "sequence": image.sequence,
        "type": TYPES[image.format],
        "width": image.width,
        "height": image.height,
        "still": image.still,
    }
    text = json.dumps(said).encode()
    return b"".join((struct.pack("<I", len(text)), text, image.data))


async def _send_picture(socket: web.WebSocketResponse, image: Image) -> None:
    try:
        await socket.send_bytes(picture_message(image))
    except ConnectionError as error:
        _log.debug(
            "a picture did not reach its browser: %s", error
        )  # its socket is closed, and the next one asks again


async def _send_text(socket: web.WebSocketResponse, text: str) -> None:
    try:
        await socket.send_str(text)
    except ConnectionError as error:
        _log.debug("a message did not reach its browser: %s", error)


async def _close(socket: web.WebSocketResponse, code: int, why: bytes) -> None:
    await socket.close(code=code, message=why)

"""Opening a session at a server: who comes when it is full, or busy with others, waits in its line."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Final

from async_paraview.operations import sessions
from services_core import ConnectionFailed, DeadlineExceeded, RemoteError, ServiceEndpoint, ServicesError

_log = logging.getLogger(__name__)

WAIT_S: Final = 60.0
BEGINS_S: Final = 60.0
"""How long a session may take that is not waited for in a line."""

LINE_S: Final = 1.0
"""After so long without an answer the server is asked how long the line is."""

OnWaiting = Callable[[int], None]
"""Is told how many clients wait before this one."""


async def open_session(
    control: ServiceEndpoint, url: str, *, wait_s: float = WAIT_S, on_waiting: OnWaiting | None = None
) -> dict[str, Any]:
    """Return what a server says of a new session.

    If it has as many as it may have, one that ends is waited for, up to `wait_s`; 0: not at all. Raises
    ConnectionFailed.
    """
    limit_s = wait_s or BEGINS_S
    line = _Line(control, url, on_waiting)
    watching = asyncio.create_task(line.watch())
    try:
        reply = await control.send_request(sessions.Open(wait=wait_s > 0).packet(), deadline_s=limit_s)
    except RemoteError as error:
        raise ConnectionFailed(f"the server at {url} could not open a session: {error}") from error
    except DeadlineExceeded as error:
        raise ConnectionFailed(f"the server at {url} had no session within {limit_s:g} s{line.told()}") from error
    finally:
        watching.cancel()
    return {**reply.header, "url": url}


class _Line:
    """What is known of the line that this client stands in."""

    def __init__(self, control: ServiceEndpoint, url: str, on_waiting: OnWaiting | None) -> None:
        self._control = control
        self._url = url
        self._on_waiting = on_waiting
        self._ahead: int | None = None

    def told(self) -> str:
        """Return what to say of it when no session came."""
        if self._ahead is None:
            return "; it answers, but is very busy: try later"
        return f": it has as many as it may have, and {self._ahead} other clients waited before this one"

    async def watch(self) -> None:
        """Follow the place of this client, if it has to wait. Ends with its turn, or with the connection."""
        await asyncio.sleep(LINE_S)
        try:
            async for packet in self._control.subscribe(sessions.Line().packet(), newest=True):
                self._note(packet.header.get("ahead"))
        except ServicesError as error:  # a server of before 1.2 has no line; of others the reply tells more
            _log.debug("the line of the server at %s is not known: %s", self._url, error)

    def _note(self, ahead: object) -> None:
        if not isinstance(ahead, int) or ahead == self._ahead:
            return
        level = logging.WARNING if self._ahead is None else logging.INFO
        _log.log(level, "waiting for a session at %s: %d others come before", self._url, ahead)
        self._ahead = ahead
        if self._on_waiting is not None:
            self._on_waiting(ahead)

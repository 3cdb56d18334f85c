"""The line of clients that wait for a session: few begin at a time, the others are told how many come before them."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Final, NamedTuple

from async_paraview.records import dataclass
from services_core import Busy, Closed, IncomingCall, Packet, Refused, Reply, Service, ServiceClient, StreamWriter

AT_ONCE: Final = max(4, 2 * (os.cpu_count() or 1))
"""Sessions that begin at the same time: more would only begin later, all of them, and keep others waiting."""

LONGEST: Final = 1024
"""Clients that may wait."""

LOOK_S: Final = 0.5
"""So often the line is looked at: for sessions whose clients are away, and to tell who waits where they are."""


class NoRoom(Refused):
    """There are as many sessions as there may be, now."""


class _Waiting(NamedTuple):
    incoming: IncomingCall
    stays: bool
    """Whether the client waits for room, too."""
    since: float
    """In seconds since 1970."""


@dataclass(frozen=True, slots=True)
class LineState:
    """What operators are told of the line."""

    clients: int = 0
    since: float | None = None
    """Since when the first of them has waited, in seconds since 1970."""


class WaitingLine:
    """First come, first served. Everything happens on the thread of the service that it is made for.

    `begin(incoming)` begins a session and answers; it returns a reply that resolves when the session has begun, or
    raises NoRoom, or whatever else the client is to be told.
    """

    def __init__(
        self, service: Service, begin: Callable[[IncomingCall], Reply[None]], *, at_once: int = AT_ONCE
    ) -> None:
        self._service = service
        self._begin = begin
        self._at_once = at_once
        self._beginning = 0
        self._line: deque[_Waiting] = deque()
        self._streams: dict[ServiceClient, StreamWriter] = {}
        self._looking = False
        self.state = LineState()
        """Who waits now. May be read by any thread."""

    def join(self, incoming: IncomingCall, *, stays: bool) -> None:
        """Have a client wait its turn, which may come at once. It is refused if there is no room, unless it `stays`.

        Raises Refused if too many wait, or that client does already.
        """
        if any(one.incoming.client is incoming.client for one in self._line):
            raise Refused("this connection waits for a session already")
        if len(self._line) >= LONGEST:
            raise Refused(f"{len(self._line)} clients wait for a session already, as many as may")
        incoming.defer()
        self._line.append(_Waiting(incoming, stays, time.time()))
        self.go_on()

    def watch(self, client: ServiceClient, stream: StreamWriter) -> None:
        """Tell a stream where that client is in the line, now and as that changes; it ends with the client's turn."""
        self._streams[client] = stream
        self._tell()

    def left(self, client: ServiceClient) -> None:
        """Forget a client, whose connection is over."""
        self._streams.pop(client, None)
        self.go_on()

    def go_on(self) -> None:
        """Begin sessions for those who are first, as long as there is room."""
        while self._line and self._beginning < self._at_once:
            first = self._line.popleft()
            if first.incoming.over:  # its client has gone, or its deadline
                continue
            try:
                ready = self._begin(first.incoming)
            except NoRoom as error:
                if first.stays:
                    self._line.appendleft(first)
                self._refuse_others(error, first)
                break
            except Exception as error:
                first.incoming.fail(error)
            else:
                self._beginning += 1
                ready.add_done_callback(lambda: self._service.call_soon(self._begun))
        if self._line and not self._looking:
            self._looking = True
            self._service.call_later(LOOK_S, self._look)
        waiting = [one for one in self._line if not one.incoming.over]
        self.state = LineState(len(waiting), waiting[0].since if waiting else None)

    def _begun(self) -> None:
        self._beginning -= 1
        self.go_on()

    def _refuse_others(self, error: NoRoom, first: _Waiting) -> None:
        """Refuse those who do not wait for room."""
        for one in [first, *self._line]:
            if not one.stays:
                one.incoming.fail(Refused(str(error)))
        self._line = deque(one for one in self._line if one.stays)

    def _look(self) -> None:
        self._looking = False
        self._line = deque(one for one in self._line if not one.incoming.over)
        self.go_on()
        self._tell()

    def _tell(self) -> None:
        waiting = {one.incoming.client: ahead for ahead, one in enumerate(self._line)}
        for client, stream in list(self._streams.items()):
            ahead = waiting.get(client)
            if ahead is None:
                stream.end()
                del self._streams[client]
                continue
            with suppress(Busy, Closed):  # it does not read, or has left
                stream.put(Packet({"ahead": ahead}))

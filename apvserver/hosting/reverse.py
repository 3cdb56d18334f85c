"""Connections that the server makes to a client which waits: for machines that nobody can connect to."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final

from services_core import (
    Channel,
    ChannelReceiver,
    ConnectionFailed,
    Kind,
    Message,
    Refused,
    ServicesEngine,
    ServicesError,
    public_url,
)
from services_core.lasting.kept import IS_AWAY, IS_BACK

from .authentication import hello_info

_log = logging.getLogger(__name__)

SPARE: Final = 2
"""Connections that the client finds offered: it needs three at once, and each that it takes is followed by another."""

GIVE_UP_S: Final = 60.0
"""How long a client may not be there, before it comes or after it was lost."""

FIRST_PAUSE_S: Final = 0.1
LONGEST_PAUSE_S: Final = 0.7
"""A client that is back finds an offer so soon."""

ATTEMPT_S: Final = 1.5
"""How long an attempt may take: what swallows packets holds up one, and the next meets the link."""


class Presence:
    """The receiver of a new channel, which tells when the client that it brings comes, is away, and leaves.

    That is what its connection to the sessions service does. A channel that takes up an earlier connection brings
    nothing itself: this is about connections, not about the channels that carry them.
    """

    def __init__(self, receiver: ChannelReceiver, changed: Callable[[Presence], None]) -> None:
        self.here = False
        self.over = False
        self.in_peace = False
        """Whether the client has said that it leaves, once it is over."""
        self._receiver = receiver
        self._tell = changed
        self._begun = False
        self._counts = False

    def on_messages(self, messages: Sequence[Message]) -> None:
        """See ChannelReceiver.on_messages."""
        if not self._begun:
            self._begun, self._counts = True, hello_info(messages[0]).get("service") == "sessions"
            self._change(here=True)
        for message in messages:
            if message is IS_AWAY or message is IS_BACK:
                self._change(here=message is IS_BACK)
        self.in_peace = messages[-1].kind == Kind.GOODBYE
        self._receiver.on_messages(messages)

    def on_closed(self, error: ServicesError | None) -> None:
        """See ChannelReceiver.on_closed."""
        self._receiver.on_closed(error)
        self.over = True
        self.in_peace |= error is None
        self._change(here=False)

    def _change(self, *, here: bool) -> None:
        self.here = here
        if self._counts:
            self._tell(self)


class ReverseConnections:
    """Offers connections to the client that waits at `url`, on a thread of its own, until that client leaves.

    `receiver` returns what receives each, and `served()` tells whether a client has been let in so far: one that was
    refused is waited for again. `over(error)` is called once, from that thread, unless `close` came first: with None
    when a client that was served has left in peace, else with what has kept it from being reached for GIVE_UP_S and
    for as long as a client that was lost is kept, or with its refusal.
    """

    def __init__(
        self,
        engine: ServicesEngine,
        url: str,
        receiver: Callable[[Channel], ChannelReceiver],
        over: Callable[[ServicesError | None], None],
        *,
        served: Callable[[], bool],
    ) -> None:
        self.url = url
        self._engine = engine
        self._receiver = receiver
        self._tell_over = over
        self._served = served
        self._changed = threading.Condition()
        self._spare = 0
        self._clients: set[Presence] = set()
        """Those that are here, or away and kept."""
        self._begun: deque[tuple[float, Channel]] = deque(maxlen=4 * SPARE)
        """Offers that may not have reached anybody yet, and when they were made."""
        self._tells = False
        """Whether the backend tells when a channel has reached somebody."""
        self._failing_since: float | None = None
        self._pause_s = 0.0
        self._closed = False
        self._over = False
        self._error: ServicesError | None = None
        self._thread = threading.Thread(target=self._run, name="reverse-connection", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Offer no more. Waits for the thread."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._thread.join()

    def _client_changed(self, client: Presence) -> None:
        with self._changed:
            if client.over:
                self._clients.discard(client)
            else:
                self._clients.add(client)
            others = any(one.here for one in self._clients)
        if client.over and client.in_peace and not others and self._served():
            self._end(None)

    def _run(self) -> None:
        while self._is_next_wanted():
            try:
                channel = self._engine.offer(public_url(self.url), self._start, taken=self._taken, ended=self._ended)
            except ServicesError as error:
                self._end(error)
            else:
                self._begun.append((time.monotonic(), channel))
        if not self._closed:
            self._tell_over(self._error)

    def _is_next_wanted(self) -> bool:
        """Wait until another offer is to be made; False at the end."""
        while True:
            self._give_up_attempts(time.monotonic() - ATTEMPT_S)
            with self._changed:
                looks = self._tells and bool(self._begun)
                self._changed.wait_for(lambda: self._ending or self._spare < self._wanted, ATTEMPT_S if looks else None)
                if self._ending or self._spare < self._wanted:
                    self._changed.wait_for(lambda: self._ending, self._pause_s)
                    self._spare += 1
                    return not self._ending

    def _give_up_attempts(self, before: float) -> None:
        """Abandon offers that have reached nobody since then, where it is known which have."""
        while self._begun and (self._begun[0][1].is_connected() or (self._tells and self._begun[0][0] <= before)):
            _, channel = self._begun.popleft()
            if channel.is_connected():
                self._tells = True
            else:
                channel.abandon()

    def _start(self, channel: Channel) -> None:
        channel.start(Presence(self._receiver(channel), self._client_changed))

    @property
    def _ending(self) -> bool:
        return self._closed or self._over

    @property
    def _wanted(self) -> int:
        return SPARE if self._failing_since is None else 1

    def _taken(self) -> None:
        with self._changed:
            self._spare -= 1
            self._failing_since, self._pause_s = None, 0.0
            self._changed.notify_all()

    def _ended(self, error: ServicesError | None, taken: bool) -> None:
        if taken:
            return  # its connection may go on over another; if the client was lost, those that it has not taken tell
        if isinstance(error, Refused):
            self._end(error)
            return
        with self._changed:
            now, why = time.monotonic(), error or "it has left"
            if self._failing_since is None:
                self._failing_since = now
                _log.info("no client at %s, which is tried again: %s", self.url, why)
            self._spare -= 1
            self._pause_s = min(max(2 * self._pause_s, FIRST_PAUSE_S), LONGEST_PAUSE_S)
            patient = bool(self._clients) or now - self._failing_since < GIVE_UP_S
            self._changed.notify_all()
        if not patient:
            self._end(ConnectionFailed(f"no client waits at {self.url}, for {GIVE_UP_S:g} s now: {why}"))

    def _end(self, error: ServicesError | None) -> None:
        with self._changed:
            if not self._over:
                self._over, self._error = True, error
            self._changed.notify_all()

"""Where a client waits for servers: an address at which they offer connections, to be taken one by one."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import ClassVar, Final

from ..backend import Backend, Channel, Listener
from ..client.reply import Reply
from ..errors import ConfigurationError, ConnectionFailed
from ..limits import Limits
from ..timekeeper import Timekeeper
from .offer import Offer
from .taken_channel import TakenChannel

REVERSE: Final = "reverse+"
"""What a URL begins with that means to wait at an address, not to connect to it."""

MOST_OFFERS: Final = 8
"""Most connections that wait to be taken: of more, the oldest are closed."""


class WaitingPlace(Backend):
    """A backend whose connections are those that servers have offered at one address; `connect` takes the next.

    What takes one need not know how it came about. `arrived` resolves when the first was offered; `url` is what
    `ServicesEngine.endpoint` takes it by.
    """

    schemes: ClassVar[tuple[str, ...]] = ()
    crosses_processes: ClassVar[bool] = True

    def __init__(self, backend: Backend, url: str, *, limits: Limits, timekeeper: Timekeeper) -> None:
        super().__init__(limits)
        self.arrived: Reply[None] = Reply()
        self._timekeeper = timekeeper
        self._lock = threading.Lock()
        self._offers: deque[Offer] = deque()
        self._wanting: deque[TakenChannel] = deque()
        self._listener = backend.listen(url, self._accept)
        self.url = f"{REVERSE}{self._listener.url}"

    def connect(self, url: str) -> Channel:
        """Return a channel at once. If none is offered within `limits.connect_s`, it closes with ConnectionFailed."""
        taken = TakenChannel(self._give_up, self._timekeeper)
        with self._lock:
            offer = self._offers.pop() if self._offers else None  # the newest: older ones may be of a link that is down
            if offer is None:
                self._wanting.append(taken)
        if offer is not None:
            taken.bind(offer)
        else:
            error = ConnectionFailed(
                f"no server has offered a connection at {self._listener.url} for {self.limits.connect_s:g} s; the one "
                "that did before has ended, or the network has"
            )
            self._timekeeper.call_at(time.monotonic() + self.limits.connect_s, lambda _: taken.fail(error))
        return taken

    def listen(self, url: str, accept: Callable[[Channel], None]) -> Listener:
        """Raise ConfigurationError: others are waited for here, and nothing else."""
        raise ConfigurationError(f"{url!r}: nothing can be served at a place where servers are waited for")

    def private_url(self, *, other_processes: bool = False) -> str:
        """Raise ConfigurationError, as `listen` does."""
        raise ConfigurationError("a place where servers are waited for has no addresses of its own")

    def close(self, timeout_s: float = 10.0) -> None:
        """Accept no more, and close what was offered and not taken."""
        self._listener.close()
        with self._lock:
            offers, self._offers = self._offers, deque()
        for offer in offers:
            offer.channel.close()

    # --- inside

    def _accept(self, channel: Channel) -> None:
        channel.start(Offer(channel, self._offered, self._withdrawn))

    def _offered(self, offer: Offer) -> None:
        taken = surplus = None
        with self._lock:
            if self._wanting:
                taken = self._wanting.popleft()
            else:
                self._offers.append(offer)
                surplus = self._offers.popleft() if len(self._offers) > MOST_OFFERS else None
        self.arrived.resolve(None)
        if taken is not None:
            taken.bind(offer)
        elif surplus is not None:
            surplus.channel.close()

    def _withdrawn(self, offer: Offer) -> None:
        with self._lock:
            if offer in self._offers:
                self._offers.remove(offer)

    def _give_up(self, taken: TakenChannel) -> bool:
        """Return whether it was still waiting for an offer, which it does no more."""
        with self._lock:
            waiting = taken in self._wanting
            if waiting:
                self._wanting.remove(taken)
        return waiting

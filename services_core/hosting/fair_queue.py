"""What waits for a service: in the order in which it arrived, but that none waits for another's flood."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final

from .incoming_call import IncomingCall, ServiceClient

Work = Callable[[], object]
Item = IncomingCall | Work

AHEAD: Final = 256
"""So much of one client stands in the queue that all share; what it sends beyond waits until some of that is done."""

MANY: Final = 1024
"""When so much of a client waits beyond that, what was given up is taken out: it counts in no window any more."""


class FairQueue:
    """One queue for all, of which each client has a part. Thread-safe.

    What arrived first is done first, also of several clients: one may have told another to ask. Only who has AHEAD
    packets in the queue stands behind the others with the next ones.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._queue: deque[Item] = deque()
        self._ahead: dict[ServiceClient, int] = {}
        self._behind: dict[ServiceClient, deque[Item]] = {}
        self._many = MANY

    def __bool__(self) -> bool:
        """Return whether anything waits."""
        return bool(self._queue)  # nothing stands behind where nothing is ahead

    def __len__(self) -> int:
        """Return how much waits. From any thread."""
        with self._lock:
            return len(self._queue) + sum(map(len, self._behind.values()))

    def put(self, client: ServiceClient, calls: Sequence[IncomingCall]) -> None:
        """Append what has arrived from a client."""
        self._lock.acquire()  # by name: in half the time of `with`
        try:
            ahead = self._ahead.get(client, 0)
            after = ahead + len(calls)
            if after <= AHEAD:
                self._queue.extend(calls)
                self._ahead[client] = after
                return
            room = AHEAD - ahead
            if room:
                self._queue.extend(calls[:room])
                self._ahead[client] = AHEAD
            behind = self._behind.setdefault(client, deque())
            behind.extend(calls[room:])
            if len(behind) > self._many:
                self._drop_given_up(client, behind)
        finally:
            self._lock.release()

    def put_work(self, work: Work, client: ServiceClient | None = None) -> None:
        """Append work, after what that client has sent so far."""
        with self._lock:
            (self._queue if client is None else self._behind.get(client, self._queue)).append(work)

    def next(self) -> Item | None:
        """Take what is to be done next; None if nothing waits."""
        if not self._queue:
            return None
        self._lock.acquire()
        try:
            item = self._queue.popleft()
            if type(item) is IncomingCall:
                client = item.client
                if client not in self._behind or not self._move_up(client):
                    ahead = self._ahead[client] - 1
                    if ahead:
                        self._ahead[client] = ahead
                    else:
                        del self._ahead[client]
            return item
        finally:
            self._lock.release()

    def waiting(self) -> list[IncomingCall]:
        """Return what has arrived and was not begun: of each client in order."""
        with self._lock:
            every = [self._queue, *self._behind.values()]
            return [item for part in every for item in part if isinstance(item, IncomingCall) and not item.over]

    # --- inside, under the lock

    def _move_up(self, client: ServiceClient) -> bool:
        """Have the next of what stands behind take the place of what was taken; tells whether there was a packet."""
        behind = self._behind[client]
        moved = False
        while behind and not moved:
            item = behind.popleft()
            self._queue.append(item)
            moved = type(item) is IncomingCall
        if not behind:
            del self._behind[client]
        return moved

    def _drop_given_up(self, client: ServiceClient, behind: deque[Item]) -> None:
        """Take out what nobody wants any more, and look again when there is twice as much."""
        left = deque(item for item in behind if not (type(item) is IncomingCall and item.over and item.released))
        if left:
            self._behind[client] = left
        else:
            del self._behind[client]
        self._many = max(MANY, 2 * len(left))

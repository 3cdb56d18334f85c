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
"""So much of one client stands before what others send, at most; what it sends beyond waits until some is done."""

PART: Final = AHEAD // 2
"""So much is to be done next, whoever sent it, and so much of one client stands in the line behind that."""

MANY: Final = 1024
"""When so much of a client waits beyond that, what was given up is taken out: it counts in no window any more."""


class FairQueue:
    """What is to be done next, the line behind it, and what stands behind its own client's part of that line.

    What arrived first is done first, also of several clients: one may have told another to ask. Only who has PART
    packets in the line stands behind the others with the next ones.

    As long as little waits there is no line: what arrives is to be done next, and no lock is taken for it. Thread-safe,
    but for one thing: only the service takes from `now`, and `refill`s it.
    """

    def __init__(self) -> None:
        self.now: deque[Item] = deque()
        """What is to be done next."""
        self.lined_up = False
        """Whether more waits than is in `now`, and what arrives stands in line."""
        self._lock = threading.Lock()
        self._line: deque[Item] = deque()
        self._in_line: dict[ServiceClient, int] = {}
        self._behind: dict[ServiceClient, deque[Item]] = {}
        self._many = MANY

    def __len__(self) -> int:
        """Return how much waits. From any thread."""
        with self._lock:
            return len(self.now) + len(self._line) + sum(map(len, self._behind.values()))

    def put(self, calls: Sequence[IncomingCall]) -> None:
        """Append what has arrived from a client."""
        if not self.lined_up and len(self.now) + len(calls) <= PART:  # as in Service.submit
            self.now.extend(calls)
        else:
            self.put_in_line(calls)

    def put_in_line(self, calls: Sequence[IncomingCall]) -> None:
        """Append what has arrived from a client, where it is not to be done next with what is."""
        client = calls[0].client
        self._lock.acquire()  # by name: in half the time of `with`
        try:
            behind = self._behind.get(client)
            if behind is None:
                self._form_behind(client, calls)
            else:
                behind.extend(calls)
                if len(behind) > self._many:
                    self._drop_given_up(client, behind)
        finally:
            self._lock.release()

    def put_work(self, work: Work, client: ServiceClient | None = None) -> None:
        """Append work, after what that client has sent so far."""
        with self._lock:
            if not self.lined_up:
                self.now.append(work)
            else:
                (self._line if client is None else self._behind.get(client, self._line)).append(work)

    def refill(self) -> bool:
        """Have what stands in the line done next; tells whether there is anything to do. By the service."""
        with self._lock:
            if not self.now:  # or something has come to it just now, and then the line
                self.now.extend(self._line)
                self._form_line()
            return bool(self.now)

    def waiting(self) -> list[IncomingCall]:
        """Return what has arrived and was not begun: of each client in order."""
        with self._lock:
            every = [self.now.copy(), self._line, *self._behind.values()]
            return [item for part in every for item in part if isinstance(item, IncomingCall) and not item.over]

    # --- inside, under the lock

    def _form_behind(self, client: ServiceClient, calls: Sequence[IncomingCall]) -> None:
        """Append what has arrived of one of whom nothing stands behind yet: to `now`, to the line, the rest behind."""
        if not self.lined_up:
            room = max(0, PART - len(self.now))
            self.now.extend(calls[:room])
            calls = calls[room:]
        if not calls:
            return
        in_line = self._in_line.get(client, 0)
        room = PART - in_line
        self._line.extend(calls[:room])
        self._in_line[client] = min(PART, in_line + len(calls))
        self.lined_up = True
        if len(calls) > room:
            behind = self._behind[client] = deque(calls[room:])
            if len(behind) > self._many:
                self._drop_given_up(client, behind)

    def _form_line(self) -> None:
        """Have up to PART of what stands behind, of each client, be the line now: what was in it is to be done next."""
        self._line.clear()
        self._in_line.clear()
        for client, behind in list(self._behind.items()):
            self._in_line[client] = min(PART, len(behind))
            if len(behind) > PART:
                self._line.extend([behind.popleft() for _ in range(PART)])
            else:
                self._line.extend(behind)
                del self._behind[client]
        self.lined_up = bool(self._line)  # last: from here on others append to `now` without the lock

    def _drop_given_up(self, client: ServiceClient, behind: deque[Item]) -> None:
        """Take out what nobody wants any more, and look again when there is twice as much."""
        left = deque(item for item in behind if not (type(item) is IncomingCall and item.over and item.released))
        if left:
            self._behind[client] = left
        else:
            del self._behind[client]
        self._many = max(MANY, 2 * len(left))

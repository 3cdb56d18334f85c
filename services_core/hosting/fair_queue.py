"""What waits for a service: in order for each client, and clients in turn, so that none waits for another's flood."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Final

from .incoming_call import IncomingCall, ServiceClient

Work = Callable[[], object]
Item = IncomingCall | Work

TURN: Final = 16
"""Packets of one client that are done one after the other: their answers leave together ..."""

TURN_S: Final = 1e-3
"""... unless they take longer than this, and others wait."""

MANY: Final = 1024
"""A lane as long as this is looked through for what was given up: it counts in no window any more."""


class _AfterAll:
    """Work that is done when all lanes have come to it that there were."""

    __slots__ = ("lanes", "work")

    def __init__(self, work: Work, lanes: int) -> None:
        self.work = work
        self.lanes = lanes


class FairQueue:
    """A lane for each client that has something here. Thread-safe; but `next` is for one thread, the service's.

    Work of a client stands in its lane; other work is done after all that was there before it, whoever it is of.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lanes: dict[ServiceClient | None, deque[Item | _AfterAll]] = {}
        self._order: deque[ServiceClient | None] = deque()
        self._turn: deque[Item | _AfterAll] = deque()
        self._whose: ServiceClient | None = None
        self._ends = 0.0
        self._many = MANY

    def __bool__(self) -> bool:
        """Return whether anything waits."""
        return bool(self._turn or self._order)

    def __len__(self) -> int:
        """Return how much waits. From any thread."""
        with self._lock:
            return len(self._turn) + sum(map(len, self._lanes.values()))

    def put(self, client: ServiceClient, calls: Iterable[IncomingCall]) -> None:
        """Append what has arrived from a client."""
        self._lock.acquire()  # by name: in half the time of `with`
        try:
            lane = self._lanes.get(client)
            if lane is None:
                lane = self._lane(client)
            lane.extend(calls)
            if len(lane) > self._many:
                self._drop_given_up(client, lane)
        finally:
            self._lock.release()

    def put_work(self, work: Work, client: ServiceClient | None = None) -> None:
        """Append work: after what that client has sent so far, or after all that waits."""
        with self._lock:
            if client is not None:
                self._lane(client).append(work)
                return
            held = [*self._lanes.values(), *([self._turn] if self._turn and self._whose not in self._lanes else [])]
            if not held:
                self._lane(None).append(work)
                return
            item = _AfterAll(work, len(held))
            for lane in held:
                lane.append(item)

    def next(self) -> Item | None:
        """Take what is to be done next; None if nothing waits."""
        turn = self._turn
        while True:
            if not turn or (self._order and time.monotonic() > self._ends):
                self._begin_turn()
                if not turn:
                    return None
            item = turn.popleft()
            if type(item) is not _AfterAll:
                return item  # type: ignore[return-value]  # _AfterAll has no subclasses
            with self._lock:
                item.lanes -= 1
                if not item.lanes:
                    return item.work

    def waiting(self) -> list[IncomingCall]:
        """Return what has arrived and was not begun: of each client in order."""
        with self._lock:
            every = [self._turn.copy(), *self._lanes.values()]
            return [item for lane in every for item in lane if isinstance(item, IncomingCall) and not item.over]

    # --- inside

    def _lane(self, client: ServiceClient | None) -> deque[Item | _AfterAll]:
        """Return the lane of a client. Under the lock."""
        lane = self._lanes.get(client)
        if lane is None:
            lane = self._lanes[client] = deque()
            self._order.append(client)
        return lane

    def _drop_given_up(self, client: ServiceClient, lane: deque[Item | _AfterAll]) -> None:
        """Take out what nobody wants any more, and look again when there is twice as much. Under the lock."""
        left = deque(item for item in lane if not (type(item) is IncomingCall and item.over and item.released))
        self._lanes[client] = left
        self._many = max(MANY, 2 * len(left))

    def _begin_turn(self) -> None:
        """Give the next client its turn; what is left of the one before goes to the end of the line."""
        with self._lock:
            turn = self._turn
            if turn:
                self._lane(self._whose).extendleft(reversed(turn))
                turn.clear()
            while self._order and not turn:
                client = self._order.popleft()
                lane = self._lanes[client]
                for _ in range(min(TURN, len(lane))):
                    turn.append(lane.popleft())
                self._whose = client
                if lane:
                    self._order.append(client)
                else:
                    del self._lanes[client]
            if not turn:
                self._whose = None
            self._ends = time.monotonic() + TURN_S

"""What waits for a service: in order for each client, and clients in turn, so that none waits for another's flood."""

from __future__ import annotations

import contextlib
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


_Lane = deque[Item | _AfterAll]


class FairQueue:
    """A lane for each client that has something here. Thread-safe; but `next` is for one thread, the service's.

    Work of a client stands in its lane; other work is done after all that was there before it, whoever it is of. The
    lane whose turn it is belongs to no other: the service takes from its left end without the lock, all else is done
    under it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._turn: _Lane = deque()
        self._whose: ServiceClient | None = None
        self._lanes: dict[ServiceClient | None, _Lane] = {}
        self._order: deque[ServiceClient | None] = deque()
        self._left = 0
        self._ends = 0.0
        self._many = MANY
        self._looking = False

    def __bool__(self) -> bool:
        """Return whether anything waits."""
        return bool(self._turn or self._order)

    def __len__(self) -> int:
        """Return how much waits. From any thread."""
        with self._lock:
            return len(self._turn) + sum(map(len, self._lanes.values()))

    def put(self, client: ServiceClient, items: Iterable[Item]) -> None:
        """Append what has arrived from a client, or is to be done for it."""
        self._lock.acquire()  # by name: in half the time of `with`
        try:
            if client is self._whose:
                lane = self._turn
            elif not self._order and not self._turn:
                self._whose, lane = client, self._turn
            else:
                lane = self._lane(client)
            lane.extend(items)
            if len(lane) > self._many:
                self._drop_given_up(lane)
        finally:
            self._lock.release()

    def put_work(self, work: Work) -> None:
        """Append work that is done after all that waits now."""
        with self._lock:
            lanes = [*self._lanes.values(), *([self._turn] if self._turn else [])]
            if lanes:
                item = _AfterAll(work, len(lanes))
                for lane in lanes:
                    lane.append(item)
            else:
                self._turn.append(work)

    def next(self) -> Item | None:
        """Take what is to be done next; None if nothing waits, or what was put at this very moment is not seen yet."""
        while True:
            if self._order:
                self._left -= 1
                if self._left < 0 or time.monotonic() > self._ends:
                    self._change_turns()
            turn = self._turn
            if not turn and not self._order and not self._looking:
                return None
            try:
                item = turn.popleft()
            except IndexError:  # or all of it is being looked through for what was given up
                if not self._change_turns():
                    return None
                continue
            if type(item) is not _AfterAll:
                return item  # type: ignore[return-value]  # _AfterAll has no subclasses
            if self._came_to(item):
                return item.work

    def forget(self, client: ServiceClient) -> None:
        """Keep no hold of a client that has left, if nothing of it waits."""
        with self._lock:
            if client is self._whose and not self._turn:
                self._whose = None

    def waiting(self) -> list[IncomingCall]:
        """Return what has arrived and was not begun: of each client in order."""
        with self._lock:
            every = [self._turn.copy(), *self._lanes.values()]  # copied: its left end may be taken meanwhile
            return [item for lane in every for item in lane if isinstance(item, IncomingCall) and not item.over]

    # --- inside, under the lock

    def _lane(self, client: ServiceClient) -> _Lane:
        """Return the lane of a client whose turn it is not."""
        lane = self._lanes.get(client)
        if lane is None:
            lane = self._lanes[client] = deque()
            if not self._order:
                self._begin_turn()
            self._order.append(client)
        return lane

    def _begin_turn(self) -> None:
        self._left, self._ends = TURN, time.monotonic() + TURN_S

    def _drop_given_up(self, lane: _Lane) -> None:
        """Take out what nobody wants any more, and look again when there is twice as much.

        From the right end: the left one of the lane whose turn it is may be taken meanwhile.
        """
        kept: list[Item | _AfterAll] = []
        self._looking = True
        with contextlib.suppress(IndexError):
            while True:
                item = lane.pop()
                if not (type(item) is IncomingCall and item.over and item.released):
                    kept.append(item)
        lane.extend(reversed(kept))
        self._looking = False
        self._many = max(MANY, 2 * len(kept))

    # --- inside, by the service's thread

    def _change_turns(self) -> bool:
        """Give the next client its turn, the one before comes last in the line; tells whether there is anything."""
        with self._lock:
            if self._order:
                client = self._order.popleft()
                lane = self._lanes.pop(client)
                if self._turn:
                    self._lanes[self._whose] = self._turn
                    self._order.append(self._whose)
                self._turn, self._whose = lane, client
                self._begin_turn()
                return True
            return bool(self._turn)

    def _came_to(self, item: _AfterAll) -> bool:
        """Note that a lane has come to work that waits for all; tells whether it was the last."""
        with self._lock:
            item.lanes -= 1
            return not item.lanes

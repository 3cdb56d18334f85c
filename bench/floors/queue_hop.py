"""The in-process floor: a thread behind a SimpleQueue answers an asyncio loop by call_soon_threadsafe."""

from __future__ import annotations

import asyncio
import threading
from queue import SimpleQueue

from ..running.driving import keep_in_flight, now, repeat
from ..running.party import FLOOR, Party
from ..running.sample import Timings

Item = tuple["asyncio.Future[bytes]", bytes]


class QueueHop(Party):
    """Two hand-overs and two wake-ups: no thread that answers a loop can do with less."""

    label = "queue"
    kind = FLOOR

    async def open(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._queue: SimpleQueue[Item | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name="bench-queue", daemon=True)
        self._thread.start()

    async def close(self) -> None:
        self._queue.put(None)
        self._thread.join(5)

    async def requests(self, payload: bytes, in_flight: int, seconds: float) -> Timings:
        return await keep_in_flight(lambda: self._request(payload), in_flight, seconds)

    async def one_way(self, payload: bytes, seconds: float) -> Timings:
        """Items that nobody answers, until the thread had them all."""
        unwanted: asyncio.Future[bytes] = self._loop.create_future()
        unwanted.cancel()
        began = now()
        sent = repeat(lambda: self._queue.put((unwanted, payload)), seconds)
        await self._request(payload)
        return Timings(sent.each_s, now() - began)

    async def first_reply(self) -> None:
        await self._request(b"")

    def _request(self, payload: bytes) -> asyncio.Future[bytes]:
        future: asyncio.Future[bytes] = self._loop.create_future()
        self._queue.put((future, payload))
        return future

    def _serve(self) -> None:
        call = self._loop.call_soon_threadsafe
        while (item := self._queue.get()) is not None:
            if not item[0].cancelled():
                call(item[0].set_result, item[1])

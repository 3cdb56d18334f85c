"""One stream for many subscribers, and for many of whom one has stopped reading."""

from __future__ import annotations

import asyncio

from services_core import KiB, Limits, Subscription

from ..plan import MiB, Plan
from ..running.driving import now
from ..running.party import BACKEND, REFERENCE
from ..running.sample import Sample
from ..scenario import Contender, Measure, Scenario, Stage
from ..subject import Subject
from ..variants import Variant
from .cast import main_only

ITEM_BYTES = KiB
ROUND_ITEMS = 32
_LIMITS = Limits(outbound_bytes=256 * KiB)


class FanOut:
    """Rounds of items to every subscriber; a round is over when those who read have read it."""

    def __init__(self, subject: Subject, readers: int, stopped: int) -> None:
        self._subject = subject
        self._readers = readers
        self._stopped = stopped
        self._streams: list[Subscription] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._missing = 0
        self._round_over = asyncio.Event()

    async def open(self) -> None:
        """Subscribe, each over an endpoint of its own."""
        for index in range(self._readers + self._stopped):
            endpoint = self._subject.endpoint("bulk")
            stream = endpoint.subscribe({"op": "listen"})
            self._streams.append(stream)
            await endpoint.send_request({"op": "echo"})  # behind the subscription, so that it has been made
            if index < self._readers:
                self._tasks.append(asyncio.create_task(self._read(stream)))

    async def close(self) -> None:
        """Unsubscribe."""
        for stream in self._streams:
            stream.close()
        await asyncio.gather(*self._tasks)

    async def measure(self, seconds: float) -> Sample:
        """Items a second that reach each of those who read."""
        before = self._memory_bytes()
        items = 0
        began = now()
        while True:
            self._missing = ROUND_ITEMS * self._readers
            self._round_over.clear()
            header = {"op": "publish", "count": ROUND_ITEMS, "size": ITEM_BYTES}
            reply = await self._subject.bulk.send_request(header)
            await self._round_over.wait()
            items += ROUND_ITEMS
            elapsed_s = now() - began
            if elapsed_s >= seconds:
                break
        told = reply.header
        limits = self._subject.limits
        held = (told["fewest"] - limits.stream_items) * told["item_bytes"] / limits.outbound_bytes
        growth = (self._memory_bytes() - before) / MiB
        extra = {"held of the budget": held, "server grew by MiB": growth} if self._stopped else {}
        return Sample(items / elapsed_s, extra=extra)

    async def _read(self, stream: Subscription) -> None:
        async for _ in stream:
            self._missing -= 1
            if not self._missing:
                self._round_over.set()

    def _memory_bytes(self) -> int:
        child = self._subject.child
        return child.memory_bytes if child is not None else 0


def contender(variant: Variant, readers: int, stopped: int, *, reference: bool = False) -> Contender:
    """Return a variant with so many subscribers."""

    async def prepare(stage: Stage) -> Measure:
        key = ("fan-out", variant, readers, stopped)
        fan_out = FanOut(await stage.party(key, lambda: Subject(variant, _LIMITS)), readers, stopped)
        stage.at_end(fan_out.close)
        await fan_out.open()
        return fan_out.measure

    everybody = f"{variant.label}, everybody reads"
    label = everybody if reference else variant.label
    return Contender(label, REFERENCE if reference else BACKEND, prepare, floor=everybody if stopped else None)


def plain(subscribers: int) -> Scenario:
    """Describe a stream to so many subscribers, who all read."""

    def contenders(variants: list[Variant], plan: Plan) -> list[Contender]:
        count = min(subscribers, plan.most_subscribers)
        return [contender(variant, count, 0) for variant in main_only(variants)]

    name = f"fan-out/{subscribers} subscriber{'s' if subscribers > 1 else ''}"
    about = f"Items of 1 KiB a second to each of {subscribers}, every one over a connection of its own."
    return Scenario(name, name, "1/s", "us", about, contenders)


def one_stopped(subscribers: int) -> Scenario:
    """One of the subscribers never reads."""

    def contenders(variants: list[Variant], plan: Plan) -> list[Contender]:
        count = min(subscribers, plan.most_subscribers)
        return [
            one
            for variant in main_only(variants)
            for one in (contender(variant, count - 1, 1), contender(variant, count, 0, reference=True))
        ]

    name = f"fan-out/{subscribers} subscribers, one stopped"
    about = (
        "Items of 1 KiB a second to each of the others, while one has stopped reading (budget of a client: 256 KiB)."
    )
    return Scenario(name, name, "1/s", "us", about, contenders)


SCENARIOS = [plain(1), plain(10), plain(100), one_stopped(100)]

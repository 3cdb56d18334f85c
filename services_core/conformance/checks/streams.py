"""Streams: every item in order under credit, or the newest only."""

from __future__ import annotations

import asyncio
import threading

from ...errors import Closed, RemoteError, ServicesError
from ...limits import Limits
from ...packet import Packet
from ..check import check
from ..expect import expect
from ..stage import Stage
from ..workbench import Workbench
from .cancelling import outcome


@check
def stream_delivers_every_item_in_order(stage: Stage) -> None:
    """Every item of a stream arrives, in order, and then its end: for asyncio and for threads."""
    service = Workbench(stage)
    endpoint = stage.endpoint(service)

    async def read() -> list[int]:
        async with endpoint.subscribe({"n": 0, "do": "count", "items": 300}) as stream:
            return [packet.header async for packet in stream]

    seen = asyncio.run(asyncio.wait_for(read(), 2 * stage.wait_s))
    expect(seen == list(range(300)), "0 to 299", seen[:20])
    with endpoint.subscribe({"n": 1, "do": "count", "items": 50}) as stream:
        for number in range(50):
            packet = stream.get(stage.wait_s)
            expect(packet is not None and packet.header == number, f"item {number}", packet)
        expect(stream.get(stage.wait_s) is None, "the end of the stream", "another item")


@check
def stream_waits_for_its_reader(stage: Stage) -> None:
    """A subscriber that does not read stops the producer: no more items are made than it gave credit for."""
    service = Workbench(stage)
    limits = Limits(stream_items=8)
    endpoint = stage.endpoint(service, limits)
    stream = endpoint.subscribe({"n": 0, "do": "count", "items": 200})
    first = stream.get(stage.wait_s)
    expect(first is not None and first.header == 0, "item 0", first)
    for n in range(20):  # each goes through the service's queue, behind what the stream still wants to make
        endpoint.send_request({"n": n}).result(stage.wait_s)
    expect(service.made <= 1 + limits.stream_items, f"at most {1 + limits.stream_items} items made", service.made)
    for number in range(1, 200):
        packet = stream.get(stage.wait_s)
        expect(packet is not None and packet.header == number, f"item {number}", packet)
    expect(stream.get(stage.wait_s) is None, "the end", "more")


@check
def stream_error_comes_after_its_items(stage: Stage) -> None:
    """A stream that fails delivers the items made before, then raises its error once."""
    service = Workbench(stage)
    stream = stage.endpoint(service).subscribe({"n": 0, "do": "count", "items": 9, "fail_at": 5})
    seen: list[object] = []
    try:
        while (packet := stream.get(stage.wait_s)) is not None:
            seen.append(packet.header)
    except RemoteError as error:
        seen.append(error.message)
    expect(seen == [0, 1, 2, 3, 4, "failed on purpose at item 5"], "five items and the error", seen)


@check
def newest_only_skips_for_a_slow_reader(stage: Stage) -> None:
    """A slow reader of a newest-only stream gets fewer items, never an older item, and always the last."""
    service = Workbench(stage)
    endpoint = stage.endpoint(service)
    stream = endpoint.subscribe({"n": 0, "do": "push"}, newest=True)
    writer = service.subscribed.get(timeout=stage.wait_s).stream
    assert writer is not None
    for number in range(1000):
        writer.put(Packet(number))
    endpoint.ping().result(stage.wait_s)
    seen: list[int] = []
    while not seen or seen[-1] != 999:
        packet = stream.get(stage.wait_s)
        assert packet is not None
        seen.append(packet.header)
    expect(seen == sorted(set(seen)), "items that only grow newer", seen[:20])
    expect(len(seen) < 1000, "fewer than the 1000 that were made", len(seen))
    writer.end()
    expect(stream.get(stage.wait_s) is None, "the end", "more")


@check
def newest_only_reaches_a_fast_reader(stage: Stage) -> None:
    """A reader of a newest-only stream that keeps up gets every item."""
    service = Workbench(stage)
    stream = stage.endpoint(service).subscribe({"n": 0, "do": "push"}, newest=True)
    writer = service.subscribed.get(timeout=stage.wait_s).stream
    assert writer is not None
    for number in range(100):
        writer.put(Packet(number, (bytes(70_000),)))
        packet = stream.get(stage.wait_s)
        expect(packet is not None and packet.header == number, f"item {number}", packet)


@check
def unsubscribing_stops_the_producer(stage: Stage) -> None:
    """Closing a subscription ends the producer's iterator; `put` raises Closed from then on."""
    service = Workbench(stage)
    endpoint = stage.endpoint(service)
    stream = endpoint.subscribe({"n": 0, "do": "push"})
    writer = service.subscribed.get(timeout=stage.wait_s).stream
    assert writer is not None
    over = threading.Event()
    writer.watch_room(lambda: over.set() if writer.over else None)
    stream.close()
    stage.wait(over, "the producer told that the subscriber left")
    try:
        writer.put(Packet(1))
    except Closed:
        return
    expect(False, "Closed from put", "nothing")


@check
def subscribe_and_unsubscribe_from_many_threads(stage: Stage) -> None:
    """Subscriptions opened, read and closed by many threads at once end cleanly and disturb nobody."""
    service = Workbench(stage)
    endpoint = stage.endpoint(service)
    failures: list[object] = []

    def work() -> None:
        try:
            for n in range(40):
                with endpoint.subscribe({"n": n, "do": "count", "items": 20}, newest=bool(n % 3 == 0)) as stream:
                    for _ in range(n % 4):
                        stream.get(stage.wait_s)
        except (ServicesError, TimeoutError) as error:
            failures.append(error)

    threads = [threading.Thread(target=work, daemon=True) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(3 * stage.wait_s)
    expect(not failures, "no error", failures[:1])
    expect(outcome(endpoint.send_request({"n": 1}), stage.wait_s) == {"n": 1}, "the service in order", "an error")

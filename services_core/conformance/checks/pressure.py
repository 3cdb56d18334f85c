"""Back-pressure in bytes: budgets, windows, and the end of those who do not read."""

from __future__ import annotations

import threading

from ...errors import Busy, SlowConsumer
from ...limits import KiB, Limits, MiB
from ...packet import Packet
from ...protocol.messages import PROTOCOL_VERSION, Kind, Message
from ..check import check
from ..expect import expect
from ..stage import Stage
from ..workbench import Workbench
from .cancelling import outcome


@check
def outbound_budget_says_busy(stage: Stage) -> None:
    """Past the outbound budget a call raises Busy and sends nothing; `room` resolves when there is room again."""
    service = Workbench(stage)
    limits = Limits(window_bytes=16 * KiB, outbound_bytes=64 * KiB)
    endpoint = stage.endpoint(service, limits)
    endpoint.send_message({"n": 0, "do": "hold"})
    stage.wait(service.entered, "the service to begin")
    accepted = 0
    try:
        for n in range(1, 1000):
            endpoint.send_message({"n": n}, (bytes(3 * KiB),))
            accepted = n
    except Busy:
        pass
    sent_bytes = accepted * 4 * KiB
    most = limits.window_bytes + limits.outbound_bytes + 12 * KiB
    expect(sent_bytes <= most, f"Busy after at most {most} bytes", f"{sent_bytes} bytes taken")
    room = endpoint.room()
    expect(not room.done(), "no room while the service holds", "room")
    service.gate.set()
    room.result(stage.wait_s)
    expect(outcome(endpoint.send_request({"n": -1}), stage.wait_s) == {"n": -1}, "an answer", "none")
    expect(service.begun == [*range(accepted + 1), -1], "what was accepted, in order, and nothing else", service.begun)


@check
def window_bounds_what_a_service_holds(stage: Stage) -> None:
    """What waits unprocessed at a service stays within the window, whatever a client sends; nothing of it is lost."""
    service = Workbench(stage)
    limits = Limits(window_bytes=64 * KiB, outbound_bytes=16 * MiB)
    endpoint = stage.endpoint(service, limits)
    endpoint.send_message({"n": 0, "do": "hold"})
    stage.wait(service.entered, "the service to begin")
    for n in range(1, 1001):
        endpoint.send_message({"n": n}, (bytes(4 * KiB),))
    endpoint.ping().result(stage.wait_s)
    held = sum(incoming.packet.size_bytes for incoming in service.waiting())
    most = limits.window_bytes + 6 * KiB
    expect(held <= most, f"at most {most} bytes waiting at the service", held)
    service.gate.set()
    endpoint.send_request({"n": 1001}).result(2 * stage.wait_s)
    expect(service.begun == list(range(1002)), "everything processed in order", len(service.begun))


@check
def message_larger_than_the_window(stage: Stage) -> None:
    """A message larger than the window travels all the same, and so does what follows it."""
    service = Workbench(stage)
    endpoint = stage.endpoint(service, Limits(window_bytes=16 * KiB, outbound_bytes=16 * KiB))
    for n in range(3):
        reply = endpoint.send_request({"n": n}, (bytes(1 * MiB),)).result(stage.wait_s)
        expect(reply.buffers[0].nbytes == 1 * MiB, "1 MiB back", reply)


@check
def stream_budget_says_busy(stage: Stage) -> None:
    """A producer that pushes gets Busy when its subscriber leaves the budget unread, and all it put arrives."""
    service = Workbench(stage)
    limits = Limits(window_bytes=64 * KiB, outbound_bytes=64 * KiB, stream_items=4)
    stream = stage.endpoint(service, limits).subscribe({"n": 0, "do": "push"})
    writer = service.subscribed.get(timeout=stage.wait_s).stream
    assert writer is not None
    count = 0
    try:
        for count in range(1000):  # the number of the item that was not taken
            writer.put(Packet(count, (bytes(8 * KiB),)))
    except Busy:
        pass
    expect(count < 40, "Busy within the budget of 64 KiB", f"{count} items of 8 KiB taken")
    writer.end()
    seen = []
    while (packet := stream.get(stage.wait_s)) is not None:
        seen.append(packet.header)
    expect(seen == list(range(count)), f"the {count} items that were taken", seen)


@check
def waiting_producer_goes_on(stage: Stage) -> None:
    """`put_waiting` waits for its reader and loses nothing."""
    service = Workbench(stage)
    limits = Limits(window_bytes=32 * KiB, outbound_bytes=32 * KiB, stream_items=4)
    stream = stage.endpoint(service, limits).subscribe({"n": 0, "do": "push"})
    writer = service.subscribed.get(timeout=stage.wait_s).stream
    assert writer is not None

    def produce() -> None:
        for number in range(200):
            writer.put_waiting(Packet(number, (bytes(4 * KiB),)))
        writer.end()

    producer = threading.Thread(target=produce, daemon=True)
    producer.start()
    seen = []
    while (packet := stream.get(stage.wait_s)) is not None:
        seen.append(packet.header)
    producer.join(stage.wait_s)
    expect(seen == list(range(200)), "0 to 199", seen[:20])


@check
def slow_consumer_is_cut(stage: Stage) -> None:
    """A subscriber that leaves its stream unread for the stall limit is cut with SlowConsumer; others are not."""
    service = Workbench(stage)
    limits = Limits(window_bytes=32 * KiB, outbound_bytes=32 * KiB, stream_items=4, stall_s=0.3)
    url = stage.serve(service, limits)
    client = stage.client(limits)
    slow, other = client.endpoint(service.name, url), client.endpoint(service.name, url)
    cut = threading.Event()
    slow.add_close_callback(lambda _: cut.set())
    slow.subscribe({"n": 0, "do": "push"})
    writer = service.subscribed.get(timeout=stage.wait_s).stream
    assert writer is not None
    raised: list[object] = []

    def produce() -> None:
        try:
            for number in range(1000):
                writer.put_waiting(Packet(number, (bytes(4 * KiB),)))
        except SlowConsumer as error:
            raised.append(error)

    producer = threading.Thread(target=produce, daemon=True)
    producer.start()
    stage.wait(cut, "the slow client's connection cut")
    producer.join(stage.wait_s)
    expect(bool(raised), "SlowConsumer raised to the producer", "nothing")
    expect(isinstance(slow.error, SlowConsumer), "SlowConsumer at the client", repr(slow.error))
    expect(outcome(other.send_request({"n": 1}), stage.wait_s) == {"n": 1}, "an answer for the other client", "none")


@check
def unread_answers_are_cut(stage: Stage) -> None:
    """A peer that never opens its window is cut after the stall limit, and gets no answers made meanwhile."""
    service = Workbench(stage)
    limits = Limits(window_bytes=1 * MiB, outbound_bytes=32 * KiB, stall_s=0.3)
    url = stage.serve(service, limits)
    ear = stage.recorder("a client that never reads")
    channel = stage.client(limits).backend.connect(url)
    channel.start(ear)
    hello = {"protocol": list(PROTOCOL_VERSION), "software": "rogue", "service": service.name}
    channel.send(Message(Kind.HELLO, 0, 8 * KiB, 0, Packet(hello)))
    for n in range(1, 101):
        channel.send(Message(Kind.REQUEST, n, 0, 0, Packet({"n": n}, (bytes(4 * KiB),))))
    channel.flush()
    ear.wait_closed()
    expect(len(service.begun) < 30, "fewer than 30 of 100 requests processed", len(service.begun))
    codes = [m.packet.header["code"] for m in ear.messages if m.kind == Kind.GOODBYE and m.packet is not None]
    expect(codes == ["slow-consumer"], "a GOODBYE with the code 'slow-consumer'", codes)

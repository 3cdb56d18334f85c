"""What arrives with new work is told after that: a service is woken when all that came with it was looked at."""

from __future__ import annotations

from services_core import IncomingCall, Packet, Service, ServicesEngine
from services_core.client.no_channel import NoChannel
from services_core.protocol.messages import Kind, Message

from ..harness.apvtest import poll


class Streaming(Service):
    """Has one stream, and notes what it is told, in order."""

    def __init__(self) -> None:
        super().__init__("streaming")
        self.told: list[object] = []
        self.streams = 0

    def preview(self, incoming: IncomingCall) -> None:
        self.told.append(("preview", incoming.packet.header))

    def process(self, incoming: IncomingCall) -> None:
        if incoming.stream is not None:
            incoming.stream.watch_room(lambda: self.told.append("room"))
            self.streams += 1


def test_room_in_a_stream_is_told_after_the_work_that_came_with_it() -> None:
    service = Streaming()
    with ServicesEngine("inproc") as engine:
        engine.add_service(service)
        connection = engine.receiver(NoChannel())
        window = 1 << 20
        connection.on_messages(
            [Message(Kind.HELLO, 0, window, 0, Packet({"protocol": [1, 0], "service": "streaming"}))]
        )
        connection.on_messages([Message(Kind.SUBSCRIBE, 1, 1, 0, Packet("watch"))])
        poll(lambda: service.streams == 1, what="the stream")
        service.told.clear()
        connection.on_messages(
            [
                Message(Kind.CREDIT, 1, 1),
                Message(Kind.MESSAGE, 0, packet=Packet("first")),
                Message(Kind.CREDIT, 1, 1),
                Message(Kind.MESSAGE, 0, packet=Packet("second")),
            ]
        )
        assert service.told == [("preview", "first"), ("preview", "second"), "room", "room"]
        service.told.clear()
        connection.on_messages([Message(Kind.CREDIT, 1, 1), Message(Kind.CANCEL, 1)])
        assert service.told == ["room"], "its end; the stream that is over has no room"

"""A server of this process, and a client that it must go on serving."""

from __future__ import annotations

import threading

from services_core import ClientLink, Incoming, Packet, Service, ServicesEngine

from ..harness.time_limits import scaled

_HOST = "127.0.0.1"


class Slave(Service):
    """Echoes, and tells when a client has left."""

    def __init__(self) -> None:
        super().__init__("slave")
        self.left = threading.Event()

    def process(self, incoming: Incoming) -> Packet:
        return Packet(incoming.packet.header)

    def client_left(self, client: ClientLink) -> None:
        self.left.set()


class Server:
    """A server of this process and a client that it must go on serving."""

    def __init__(self) -> None:
        self.engine = ServicesEngine("zmq")
        self.service = Slave()
        self.engine.add_service(self.service)
        self.url = self.engine.listen(f"tcp://{_HOST}:0").url
        self.port = int(self.url.rpartition(":")[2])
        self.client = ServicesEngine("zmq")
        self.endpoint = self.client.endpoint("slave", self.url)
        self.must_work()

    def must_work(self) -> None:
        assert self.endpoint.send_request({"a": 1}).result(scaled(5)).header == {"a": 1}

    def close(self) -> None:
        self.client.close()
        self.engine.close()

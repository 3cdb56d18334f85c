"""Recorded traffic of clients: the frames that apvpython of one system says, to be said again to servers of others.

`python -m tests.interop.client_traffic FILE` runs apvpython here, with something between it and a server that keeps
what both say, in its order. What clients have said is in tests/interop/traffic; test_client_traffic.py says it
again, and what else APV_TEST_TRAFFIC names.
"""

from __future__ import annotations

import platform
import sys
import tempfile
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import msgpack
import pytest
import zmq

from async_paraview.credentials import new_token
from async_paraview.credentials.private_files import write_private
from services_core import PROTOCOL_VERSION, Kind, Message, __version__
from services_core.protocol.codec import decode_all

from ..harness.apvtest import Server, apvpython
from ..harness.time_limits import scaled

SUFFIX: Final = ".client"
PROGRAM: Final = Path(__file__).with_name("recorded_scene.py")
CLIENT, SERVER = "client", "server"
ENDED: Final = frozenset({Kind.WELCOME, Kind.REPLY, Kind.ERROR, Kind.END})
"""Answers that are the only one of their kind to what was said; of items there may be more or fewer."""
NOT_COMPARED: Final = frozenset({Kind.ITEM, Kind.WINDOW, Kind.PONG, Kind.GOODBYE})
"""Whether a goodbye comes before its connection is closed from here is chance."""

Said = tuple[int, str, list[bytes]]
"""The number of the connection, who says it, and its frames."""
Key = tuple[int, int, int]
"""Of an answer: the number of its connection, its kind and its id."""


@dataclass(frozen=True, slots=True)
class ClientTraffic:
    """What a client and a server said to each other, as frames, and where the client ran."""

    system: str
    python: str
    software: str
    protocol: list[int]
    said: list[Said] = field(default_factory=list)

    def to_bytes(self) -> bytes:
        """The file of it."""
        return zlib.compress(msgpack.packb(asdict(self)), 9)

    @classmethod
    def from_bytes(cls, packed: bytes) -> ClientTraffic:
        """What was written by `to_bytes`, here or elsewhere."""
        told = msgpack.unpackb(zlib.decompress(packed))
        return cls(**told | {"said": [(number, who, frames) for number, who, frames in told["said"]]})


def messages(frames: list[bytes]) -> list[Message]:
    """The messages in frames; none in the one that closes a connection."""
    return [] if frames == [b""] else decode_all(frames)


def header_of(message: Message) -> Any:
    return None if message.packet is None else message.packet.header


class Between:
    """Passes on what clients and a server say, and keeps it. To the server each connection is one of its own."""

    def __init__(self, context: zmq.Context[Any], url: str) -> None:
        self._context, self._server = context, url
        self._front = context.socket(zmq.ROUTER)
        self._front.setsockopt(zmq.LINGER, 0)
        self.url = f"tcp://127.0.0.1:{self._front.bind_to_random_port('tcp://127.0.0.1')}"
        self._clients: dict[bytes, tuple[int, zmq.Socket[Any]]] = {}
        self.said: list[Said] = []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._pass_on, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End it, and give everything back."""
        self._ended.set()
        self._thread.join(scaled(10))
        for _, socket in self._clients.values():
            socket.close(0)
        self._front.close(0)

    def _pass_on(self) -> None:
        poller = zmq.Poller()
        poller.register(self._front, zmq.POLLIN)
        while not self._ended.is_set():
            ready = dict(poller.poll(100))
            if self._front in ready:
                client, *frames = self._front.recv_multipart()
                if client not in self._clients:
                    self._clients[client] = (len(self._clients), _dealer(self._context, self._server))
                    poller.register(self._clients[client][1], zmq.POLLIN)
                number, socket = self._clients[client]
                self.said.append((number, CLIENT, frames))
                socket.send_multipart(frames)
            for client, (number, socket) in self._clients.items():
                if socket in ready:
                    frames = socket.recv_multipart()
                    self.said.append((number, SERVER, frames))
                    self._front.send_multipart([client, *frames])


def _dealer(context: zmq.Context[Any], url: str) -> zmq.Socket[Any]:
    socket = context.socket(zmq.DEALER)
    socket.setsockopt(zmq.LINGER, 0)
    socket.connect(url)
    return socket


@contextmanager
def a_server(backend: str, place: Path) -> Iterator[tuple[str, Path]]:
    """Where a server listens, and the file with its token. It keeps no lost connections: nothing is counted then."""
    file = place / f"token-{backend}"
    write_private(file, new_token())
    with Server(backend, "--keep", "0", "--token-file", str(file)) as server:
        yield server.url, file


def record(run: Callable[[str, Path], None], place: Path, *, system: str, python: str) -> ClientTraffic:
    """Have `run(url, token file)` run the client, and return what was said until it had ended."""
    with zmq.Context() as context, a_server("zmq", place) as (url, token_file):
        between = Between(context, url)
        try:
            run(between.url, token_file)
        finally:
            between.close()
    return ClientTraffic(system, python, __version__, list(PROTOCOL_VERSION), between.said)


class Answers:
    """What a server has answered: the only ones of their kind, and the items of streams."""

    def __init__(self) -> None:
        self.only: dict[Key, Message] = {}
        self.items: dict[tuple[int, int], list[Message]] = {}

    def keep(self, number: int, message: Message) -> None:
        """Note one that came over a connection."""
        if message.kind == Kind.ITEM:
            self.items.setdefault((number, message.id), []).append(message)
        elif message.kind not in NOT_COMPARED:
            self.only[number, int(message.kind), message.id] = message


class Again:
    """Says what a client once said to another server, each time when that has answered what was answered before."""

    def __init__(self, context: zmq.Context[Any], url: str, token: str) -> None:
        self._context, self._url, self._token = context, url, token
        self._sockets: dict[int, zmq.Socket[Any]] = {}
        self._names: dict[bytes, bytes] = {}
        """What is to be said in place of the other server's tokens."""
        self.answers = Answers()

    def play(self, traffic: ClientTraffic) -> None:
        """Say it all. Raises AssertionError if an answer does not come, or another one."""
        for number, who, frames in traffic.said:
            for message in messages(frames):
                if who == CLIENT:
                    self._learn_token(message)
                elif message.kind in ENDED:
                    self._wait_for(number, message)
            if who == CLIENT:
                if number not in self._sockets:
                    self._sockets[number] = _dealer(self._context, self._url)
                self._sockets[number].send_multipart([self._translated(frame) for frame in frames])

    def close(self) -> None:
        for socket in self._sockets.values():
            socket.close(0)

    def _learn_token(self, message: Message) -> None:
        if message.kind == Kind.HELLO:
            self._names[header_of(message)["token"].encode()] = self._token.encode()

    def _translated(self, frame: bytes) -> bytes:
        for theirs, ours in self._names.items():
            assert len(theirs) == len(ours)  # or the lengths that stand before them would be wrong
            frame = frame.replace(theirs, ours)
        return frame

    def _wait_for(self, number: int, wanted: Message) -> None:
        """Wait until this was answered here as well."""
        key = (number, int(wanted.kind), wanted.id)
        came = self.answers.only
        while key not in came:
            others = [one for at, one in came.items() if wanted.id and (at[0], at[2]) == (number, wanted.id)]
            assert not others, f"in place of {wanted} came {others}"
            socket = self._sockets[number]
            assert socket.poll(round(scaled(30_000))), f"no answer like {wanted} has come on connection {number}"
            for message in messages(socket.recv_multipart()):
                assert message.kind != Kind.GOODBYE, f"in place of {wanted} came {header_of(message)}"
                self.answers.keep(number, message)
        ours, theirs = header_of(came[key]), header_of(wanted)
        if isinstance(theirs, dict) and isinstance(theirs.get("session"), str):
            self._names[theirs["session"].encode()] = ours["session"].encode()


def heard(traffic: ClientTraffic) -> Answers:
    """What the other server had answered."""
    there = Answers()
    for number, who, frames in traffic.said:
        for message in messages(frames) if who == SERVER else ():
            there.keep(number, message)
    return there


def asked(traffic: ClientTraffic) -> dict[tuple[int, int], dict[str, Any]]:
    """The header of each request and stream, by connection and id."""
    kinds = (Kind.REQUEST, Kind.SUBSCRIBE)
    return {
        (number, message.id): header_of(message)
        for number, who, frames in traffic.said
        if who == CLIENT
        for message in messages(frames)
        if message.kind in kinds
    }


def main() -> int:
    """Record the client of this system, and write the file that the command line names."""
    if len(sys.argv) != 2:
        sys.stderr.write("usage: python -m tests.interop.client_traffic FILE\n")
        return 2

    def run(url: str, token_file: Path) -> None:
        ended = apvpython("--server-url", url, "--token-file", str(token_file), str(PROGRAM))
        assert ended.code == 0 and not ended.errors, ended

    with tempfile.TemporaryDirectory() as place, pytest.MonkeyPatch.context() as patch:
        patch.setenv("APV_RUNTIME_DIR", place)
        traffic = record(run, Path(place), system=platform.platform(), python=platform.python_version())
    write(traffic, Path(sys.argv[1]))
    return 0


def write(traffic: ClientTraffic, path: Path) -> None:
    """Write the file, and say so."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(traffic.to_bytes())
    size = path.stat().st_size
    print(f"{path}: {len(traffic.said)} messages of {traffic.software} on {traffic.system}, {size} bytes")


if __name__ == "__main__":
    sys.exit(main())

"""A client written from docs/protocol.md alone, with nothing but ZeroMQ and msgpack, gets data and a picture."""

import io
import json
import os
import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgpack
import numpy as np
import pytest
import zmq
from PIL import Image

from ..harness.apvtest import Server
from ..harness.time_limits import scaled

HELLO, WELCOME, GOODBYE, MESSAGE, REQUEST, REPLY, ERROR, CANCEL, SUBSCRIBE, ITEM, END, CREDIT, WINDOW = range(1, 14)
FAULT, AWAY = 16, 17
WINDOW_BYTES = 64 * 2**20
PAGE = Path(__file__).parents[2] / "docs" / "protocol.md"


class Stranger:
    """One connection to one service."""

    def __init__(
        self,
        context: zmq.Context[Any],
        url: str,
        service: str,
        session: str | None = None,
        protocol: tuple[int, int] = (1, 0),
        token: str | None = None,
    ) -> None:
        self.socket = context.socket(zmq.DEALER)
        self.socket.setsockopt(zmq.RECONNECT_IVL, -1)
        self.socket.setsockopt(zmq.LINGER, 0)
        self.socket.setsockopt(zmq.RCVTIMEO, round(scaled(30_000)))
        self.socket.connect(url)
        hello = {"protocol": list(protocol), "software": "a stranger", "service": service}
        hello["token"] = token or secret_of(url)
        if session is not None:
            hello["session"] = session
        self.last_id = self.in_pieces = 0
        self.say(HELLO, value=WINDOW_BYTES, header=hello)

    def say(self, kind: Any, *, id: int = 0, value: int = 0, flags: int = 0, header: Any = None) -> None:
        fields = [kind, flags, id, value]
        if header is not None:
            fields.append(msgpack.packb(header))
        self.socket.send(msgpack.packb(fields))

    def hear(self) -> Any:
        """Kind, id, value, header and buffers of the next message that is not about the window."""
        while True:
            first, *rest = self.socket.recv_multipart()
            if first == b"\xc0":
                first, rest = self.put_together(*rest)
            fields = msgpack.unpackb(first)
            kind, _, id, value = fields[:4]
            header = msgpack.unpackb(fields[4]) if len(fields) > 4 else None
            large = iter(rest)
            entries = fields[5] if len(fields) > 5 else []
            buffers = [entry if isinstance(entry, bytes) else next(large) for entry in entries]
            if kind in (REPLY, ERROR, ITEM, FAULT):
                self.say(WINDOW, value=1024 + len(fields[4]) + sum(map(len, buffers)))
            if kind != WINDOW:
                return kind, id, value, header, buffers

    def put_together(self, sizes: bytes, first: Any) -> Any:
        """The first frame and the buffers of a message that comes in pieces."""
        self.in_pieces += 1
        buffers = []
        for (size,) in struct.iter_unpack(">Q", sizes):
            buffer = b""
            while len(buffer) < size:
                mark, piece = self.socket.recv_multipart()
                assert mark == b"\xc0" and piece
                buffer += piece
            assert len(buffer) == size
            buffers.append(buffer)
        return first, buffers

    def request(self, header: Any) -> Any:
        self.last_id += 1
        self.say(REQUEST, id=self.last_id, header=header)
        kind, id, _, answer, buffers = self.hear()
        assert (kind, id) == (REPLY, self.last_id), answer
        return answer, buffers

    def stream(self, header: Any) -> Iterator[Any]:
        self.last_id += 1
        self.say(SUBSCRIBE, id=self.last_id, value=4, header=header)
        expected = 0
        while True:
            kind, id, sequence, answer, buffers = self.hear()
            assert id == self.last_id, answer
            if kind == END:
                assert answer is None, answer
                return
            expected += 1
            assert (kind, sequence) == (ITEM, expected)
            yield answer, buffers
            self.say(CREDIT, id=id, value=1)

    def close(self) -> None:
        self.say(GOODBYE, header={"code": "closed", "message": "done"})
        self.socket.send(b"")
        self.socket.close(500)


def secret_of(url: str) -> str:
    """The token of a server of this user on this machine."""
    files = Path(os.environ["APV_RUNTIME_DIR"]).glob("server-*.json")
    token: str = next(told["token"] for told in map(json.loads, map(Path.read_text, files)) if told["url"] == url)
    return token


@contextmanager
def a_server(backend: str) -> Iterator[Any]:
    """Where a server listens, whose sessions are of a backend."""
    with Server(backend, "--exit-with-stdin") as server:
        yield server.url
        server.end_input()
        assert server.wait(deadline_s=20) == 0


@pytest.fixture(params=["inproc", "zmq"])
def server(request: pytest.FixtureRequest) -> Iterator[Any]:
    with a_server(request.param) as url:
        yield url


@pytest.fixture
def context() -> Iterator[Any]:
    with zmq.Context() as made:
        yield made


def test_a_stranger_gets_data_and_a_picture(server: Any, context: zmq.Context[Any]) -> None:
    sessions = Stranger(context, server, "sessions")
    assert sessions.hear()[0] == WELCOME
    opened, _ = sessions.request({"op": "open"})
    data = Stranger(context, server, "data", opened["session"])
    render = Stranger(context, server, "render", opened["session"])
    assert (data.hear()[0], render.hear()[0]) == (WELCOME, WELCOME)

    sphere = {"id": 1, "type": "vtkSphereSource", "properties": {"ThetaResolution": 16}, "inputs": {}}
    elevation = {"id": 2, "type": "ElevationFilter", "properties": {}, "inputs": {"Input": [[1, 0]]}}
    data.say(MESSAGE, header={"op": "update", "proxies": [sphere, elevation]})
    _, (plain,) = data.request({"op": "update_pipeline", "id": 2})
    information = msgpack.unpackb(plain)
    assert (information["type"], information["points"]) == ("vtkPolyData", 98)

    sequence: dict[int, bytes] = {}
    for header, buffers in data.stream({"op": "fetch", "id": 2}):
        for (index, _, _), piece in zip(header["slices"], buffers, strict=True):
            sequence[index] = sequence.get(index, b"") + piece
    described = msgpack.unpackb(sequence[0])["meta"]["data"]
    points = np.frombuffer(sequence[described["points"]["buffer"] + 1], np.float32).reshape(-1, 3)
    assert points.shape == (98, 3)
    assert np.allclose(np.linalg.norm(points, axis=1), 0.5, atol=1e-6)

    render.say(MESSAGE, header={"op": "update_view", "view": 3, "properties": {"ViewSize": [80, 60]}})
    color = {"op": "update_representation", "view": 3, "representation": 4, "properties": {"Color": [1.0, 0.0, 0.0]}}
    render.say(MESSAGE, header=color)
    data.say(MESSAGE, header={"op": "create_representation", "representation": 4, "view": 3, "id": 2})
    data.request({"op": "flush", "view": 3})
    header, (png,) = render.request({"op": "screenshot", "view": 3})
    picture = Image.open(io.BytesIO(png))
    assert picture.size == (80, 60) == (header["width"], header["height"])
    middle: Any = picture.convert("RGB").getpixel((40, 30))
    red, green, blue = middle
    assert red > 120 and green < 60 and blue < 60

    large = {"op": "screenshot", "view": 3, "format": "rgb", "size": [1600, 1200]}
    header, (rows,) = render.request(large)
    assert render.in_pieces == 1  # 5.8 MB
    pixels = np.frombuffer(rows, np.uint8).reshape(1200, 1600, 3)
    red, green, blue = pixels[600, 800].tolist()
    assert red > 120 and green < 60 and blue < 60 and (pixels[0, 0] == pixels[-1, -1]).all()
    for connection in (render, data, sessions):
        connection.close()


def test_a_stranger_of_another_version_is_told_both(server: Any, context: zmq.Context[Any]) -> None:
    stranger = Stranger(context, server, "sessions", protocol=(2, 7))
    kind, _, _, error, _ = stranger.hear()
    assert (kind, error["code"]) == (GOODBYE, "version")
    assert re.search(r"protocol 2\.7\b.*protocol 1\.\d+\b", error["message"]), error
    stranger.socket.close()


def test_a_stranger_without_the_token_is_told_how_it_is_come_by(server: Any, context: zmq.Context[Any]) -> None:
    stranger = Stranger(context, server, "sessions", token="x" * 32)
    kind, _, _, error, _ = stranger.hear()
    assert (kind, error["code"]) == (GOODBYE, "refused")
    assert "token" in error["message"] and secret_of(server) not in error["message"]
    stranger.socket.close()


def test_a_stranger_that_says_it_is_away_is_cut(server: Any, context: zmq.Context[Any]) -> None:
    """It would not be cut for what it leaves unread: only a relay may say so, of its clients."""
    sessions = Stranger(context, server, "sessions")
    assert sessions.hear()[0] == WELCOME
    opened, _ = sessions.request({"op": "open"})
    data = Stranger(context, server, "data", opened["session"])
    assert data.hear()[0] == WELCOME
    for one, value in ((data, 1), (sessions, 0)):
        one.say(AWAY, value=value)
        kind, _, _, error, _ = one.hear()
        one.socket.close()
        assert (kind, error["code"]) == (GOODBYE, "protocol")
        assert "AWAY is for who passes on what a client says" in error["message"]


# --- the conversation at the end of the page's section 8

LINE = re.compile(r"(\w+) ([<>]) ([A-Z]+)((?: \d+)*)(?: (\{.*?\}))?(?: \+ (.+))?")
TRANSCRIPT = PAGE.read_text(encoding="utf-8").partition("```transcript\n")[2].partition("```")[0]
LINES = [one for one in TRANSCRIPT.splitlines() if one]
SAID: dict[str, int] = {"MESSAGE": MESSAGE, "REQUEST": REQUEST, "SUBSCRIBE": SUBSCRIBE}
HEARD: dict[int, str] = {WELCOME: "WELCOME", REPLY: "REPLY", ERROR: "ERROR", ITEM: "ITEM", END: "END", FAULT: "FAULT"}


def plain(text: str, token: str | None, secret: str = "") -> Any:
    """What is written on a line; "..." stands for anything, or for more."""
    text = text.replace("TOKEN", json.dumps(token)).replace("SECRET", json.dumps(secret))
    text = re.sub(r", \.\.\.}", ', "...": 0}', text)
    return json.loads(re.sub(r"(?<=[ \[])\.\.\.", '"..."', text))


def fits(wanted: Any, came: Any) -> bool:
    if isinstance(wanted, dict) and isinstance(came, dict):
        more = "..." in wanted
        wanted = {name: value for name, value in wanted.items() if name != "..."}
        return (more or wanted.keys() == came.keys()) and all(fits(wanted[name], came.get(name)) for name in wanted)
    if isinstance(wanted, list) and isinstance(came, list):
        more = wanted[-1:] == ["..."] and len(came) >= len(wanted) - 1
        return (more or len(wanted) == len(came)) and all(map(fits, wanted[: -1 if more else None], came))
    return bool(wanted in ("...", came))


class Conversation:
    """Says the lines of the client, and compares those of the server."""

    def __init__(self, context: Any, url: str) -> None:
        self.context, self.url = context, url
        self.connections: dict[str, Any] = {}
        self.token: str | None = None
        self.answers: list[Any] = []
        """All that the server said: service, kind, id, value, header and buffers."""

    def connect(self, hello: Any) -> Any:
        """A connection that begins with this HELLO."""
        return Stranger(self.context, self.url, hello["service"], hello.get("session"), token=hello["token"])

    def secret(self) -> str:
        """The server's token."""
        return secret_of(self.url)

    def play(self, line: str) -> None:
        parts = LINE.fullmatch(line)
        assert parts is not None, line
        service, who, kind, numbers, header, buffers = parts.groups()
        (self.say if who == ">" else self.hear)(service, kind, [int(one) for one in numbers.split()], header, buffers)

    def say(self, service: str, kind: str, numbers: list[int], text: str, buffers: str | None) -> None:
        header = plain(text, self.token, self.secret())
        if kind == "HELLO":
            self.connections[header["service"]] = self.connect(header)
        elif kind == "GOODBYE":
            self.connections[service].close()
        else:
            id, value = (*numbers, 0, 0)[:2]
            self.connections[service].say(SAID[kind], id=id, value=value, header=header)
        assert buffers is None

    def hear(self, service: str, kind: str, numbers: list[int], text: str | None, buffers: str | None) -> None:
        came, id, value, header, raw = self.connections[service].hear()
        self.answers.append([service, came, id, value, header, raw])
        assert (HEARD[came], [id, value][: len(numbers)]) == (kind, numbers), header
        if self.token is None and kind == "REPLY":
            self.token = header["session"]
        assert fits(plain(text or "{}", self.token), header or {}), (text, header)
        if buffers is not None and buffers.startswith("plain "):
            (packed,) = raw
            assert fits(plain(buffers.removeprefix("plain "), None), msgpack.unpackb(packed)), msgpack.unpackb(packed)
        elif buffers != "...":
            assert len(raw) == int(buffers or 0)


def test_the_conversation_of_the_page_is_what_is_said(server: str, context: Any) -> None:
    conversation = Conversation(context, server)
    for line in LINES:
        conversation.play(line)
    assert len(LINES) > 30
    late = Stranger(context, server, "data", conversation.token)
    while (heard := late.hear())[0] == WELCOME:  # the session is about to end
        pass
    kind, _, _, error, _ = heard
    late.socket.close()
    assert (kind, error["code"] in ("refused", "closed")) == (GOODBYE, True)
    assert "session" in error["message"], "it has ended with the connection that opened it"

"""Clients of one server: each has its own session; who speaks another version is told so."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from servermanager import ConnectionFailed, RemoteError, connect
from services_core import (
    PROTOCOL_VERSION,
    Channel,
    Kind,
    Message,
    Packet,
    ServicesEngine,
    ServicesError,
    VersionMismatch,
)
from services_core.errors import error_from_wire

from ..harness.apvtest import BACKENDS, Server, in_loop, pixels
from ..harness.time_limits import scaled


class Listening:
    """A receiver that keeps what arrives."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self.said: asyncio.Queue[Message | ServicesError | None] = asyncio.Queue()

    def on_messages(self, messages: Sequence[Message], /) -> None:
        for message in messages:
            self._loop.call_soon_threadsafe(self.said.put_nowait, message)

    def on_closed(self, error: ServicesError | None, /) -> None:
        self._loop.call_soon_threadsafe(self.said.put_nowait, error)


@pytest.mark.parametrize("backend", BACKENDS)
@in_loop
async def test_two_clients_at_once(backend: str, servers: dict[str, Server]) -> None:
    async def picture(url: str, radius: float, colour: list[float]) -> tuple[int, bytes]:
        async with connect(url) as session:
            sphere = session.sources.SphereSource(Radius=radius)
            assert sphere.id == 1  # both use the same ids: they share nothing
            view = session.views.RenderView(ViewSize=[64, 64], Background=[0, 0, 0])
            session.show(sphere, view, Color=colour, Lighting=False)
            info = await sphere.update_pipeline()
            assert info.bounds is not None
            image = await view.screenshot()
            return round(info.bounds[5] * 10), pixels(image.data)[32, 32].tobytes()

    server = servers[backend]
    both = await asyncio.gather(picture(server.url, 1.0, [1, 0, 0]), picture(server.url, 2.0, [0, 1, 0]))
    assert list(both) == [(10, b"\xff\x00\x00"), (20, b"\x00\xff\x00")]


@pytest.mark.parametrize("backend", BACKENDS)
@in_loop
async def test_many_requests_of_many_clients(backend: str, servers: dict[str, Server]) -> None:
    async def ask(url: str, number: int) -> None:
        async with connect(url) as session:
            spheres = [session.sources.SphereSource(Radius=number + index) for index in range(1, 6)]
            infos = await asyncio.gather(*(sphere.update_pipeline() for sphere in spheres))
            assert [round(info.bounds[5]) for info in infos if info.bounds] == [number + index for index in range(1, 6)]

    server = servers[backend]
    await asyncio.gather(*(ask(server.url, number) for number in range(0, 40, 10)))


@pytest.mark.parametrize("backend", BACKENDS)
@in_loop
async def test_another_major_version_is_refused_naming_both(backend: str, servers: dict[str, Server]) -> None:
    ours = ".".join(map(str, PROTOCOL_VERSION))
    server = servers[backend]
    with ServicesEngine("zmq", name="stranger") as engine:
        channel: Channel = engine.connect(server.url)
        listening = Listening(asyncio.get_running_loop())
        channel.start(listening)
        hello = {"protocol": [9, 4], "software": "another-paraview 9.4", "service": "sessions"}
        channel.send(Message(Kind.HELLO, 0, 1 << 20, 0, Packet(hello)))
        channel.flush()
        async with asyncio.timeout(scaled(5)):
            goodbye = await listening.said.get()
        assert isinstance(goodbye, Message) and goodbye.kind == Kind.GOODBYE and goodbye.packet is not None
        error = error_from_wire(goodbye.packet.header)
        assert isinstance(error, VersionMismatch)
        assert isinstance(error, ConnectionFailed)
        assert "9.4" in str(error) and ours in str(error), error
        assert "another-paraview" in str(error) and "install" in str(error), error
        async with connect(server.url) as session:  # the server is unharmed
            assert (await session.sources.SphereSource().update_pipeline()).number_of_points == 50


@in_loop
async def test_another_version_of_the_server_is_named_by_the_client() -> None:
    """The other way round: this client meets a server of protocol 9."""

    def answer(channel: Channel) -> None:
        class Refusing(Listening):
            def on_messages(self, messages: Sequence[Message], /) -> None:
                text = "the client (x) speaks protocol 1.0, the server (another-paraview) speaks protocol 9.4; install"
                packet = Packet({"code": "version", "message": text})
                channel.send(Message(Kind.GOODBYE, packet=packet))
                channel.flush()

        channel.start(Refusing(loop))

    loop = asyncio.get_running_loop()
    with ServicesEngine("zmq", name="stranger") as engine:
        url = engine.listen("tcp://127.0.0.1:0", answer).url
        with pytest.raises(VersionMismatch, match=r"1\.0.*9\.4"):
            await connect(url)


@pytest.mark.parametrize("backend", BACKENDS)
@in_loop
async def test_max_sessions(backend: str) -> None:
    with Server(backend, "--max-sessions", "1") as server:
        async with connect(server.url):
            with pytest.raises(ConnectionFailed, match="1 sessions already"):
                await connect(server.url, wait_s=0)
        async with connect(server.url) as session:  # the place is free again, soon
            await session.sources.SphereSource().update_pipeline()


@pytest.mark.parametrize("backend", BACKENDS)
@in_loop
async def test_a_wrong_token_opens_nothing(backend: str, servers: dict[str, Server]) -> None:
    server = servers[backend]
    async with connect(server.url), ServicesEngine("zmq", name="stranger") as engine:
        for token in ("", "x", None):
            endpoint = engine.endpoint("data", server.url, session=token, token=server.token)
            with pytest.raises(ConnectionFailed, match="no such session"):
                await endpoint.send_request({"op": "types"})
        endpoint = engine.endpoint("nonsense", server.url, token=server.token)
        with pytest.raises(ConnectionFailed, match="no service 'nonsense'"):
            await endpoint.send_request({"op": "types"})


@pytest.mark.parametrize("backend", BACKENDS)
@in_loop
async def test_unknown_operation_lists_what_there_is(backend: str, servers: dict[str, Server]) -> None:
    server = servers[backend]
    async with connect(server.url) as session:
        with pytest.raises(RemoteError, match=r"UnknownOperation.*did you mean 'fetch'"):
            await session.data.send_request({"op": "fetsh"})

"""What a user gets wrong: one line that says what to do, exit code 2 or an exception in time, never a hang."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from pathlib import Path

import pytest

from servermanager import ConfigurationError, ConnectionFailed, RemoteError, connect

from ..harness.apvtest import BACKENDS, Server, apvpython, in_loop, run, variables
from ..harness.free_ports import free_port
from ..harness.time_limits import scaled

PROGRAMS = ("apvserver", "apvpython")


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("name", ["zqm", "no_such_module:Backend", "json:JSONDecoder"])
def test_unknown_backend_lists_the_known_ones(program: str, name: str) -> None:
    more = ("-c", "pass") if program == "apvpython" else ("--server-port", "0")
    ended = run(program, *more, APV_COMMUNICATION_BACKEND=name)
    assert ended.code == 2, ended
    assert "inproc" in ended.errors and "zmq" in ended.errors and repr(name) in ended.errors, ended
    assert "Traceback" not in ended.errors and len(ended.errors.splitlines()) == 1, ended


@pytest.mark.parametrize("program", PROGRAMS)
def test_unknown_backend_as_an_option(program: str) -> None:
    ended = run(program, "--backend", "zqm", *(("-c", "pass") if program == "apvpython" else ("-p", "0")))
    assert ended.code == 2 and "known are inproc, zmq" in ended.errors, ended


def test_port_in_use() -> None:
    with Server("inproc") as server:
        port = server.url.rpartition(":")[2]
        for backend in BACKENDS:
            ended = run("apvserver", "--server-port", port, "--backend", backend)
            assert ended.code == 2, ended
            assert f":{port} is in use" in ended.errors and "choose another port" in ended.errors, ended
            assert len(ended.errors.splitlines()) == 1, ended


@pytest.mark.parametrize("address", ["0.0.0.0", "*", "::", "192.0.2.1", "example.org"])
def test_other_than_loopback_needs_to_be_asked_for(address: str) -> None:
    ended = run("apvserver", "--bind-address", address, "--server-port", "0")
    assert ended.code == 2, ended
    assert "refusing to listen" in ended.errors and "--insecure" in ended.errors and "ssh" not in ended.output, ended
    assert len(ended.errors.splitlines()) == 1, ended


def test_an_address_of_another_machine() -> None:
    ended = run("apvserver", "--bind-address", "192.0.2.1", "--insecure", "--server-port", "0")
    assert ended.code == 2 and "no address of this machine" in ended.errors, ended


@pytest.mark.parametrize("address", ["[::1]", "::1", "localhost"])
def test_loopback_by_other_names(address: str) -> None:
    with Server("inproc", "--bind-address", address) as server:
        ended = apvpython("--server-url", server.url, "-c", "from servermanager import connect\nawait connect()")
        assert ended.code == 0, ended


@pytest.mark.parametrize("option", [("--server-port", "99999"), ("--server-port", "abc"), ("--no-such",), ("extra",)])
def test_bad_options_of_apvserver(option: tuple[str, ...]) -> None:
    ended = run("apvserver", *option)
    assert ended.code == 2 and "Traceback" not in ended.errors, ended


@pytest.mark.parametrize("backend", BACKENDS)
@in_loop
async def test_closed_port(backend: str) -> None:
    begun = time.monotonic()
    with pytest.raises(ConnectionFailed, match=r"nobody listens at .*start apvserver"):
        await connect(f"tcp://127.0.0.1:{free_port()}", backend=backend)
    assert time.monotonic() - begun < scaled(3)


def test_closed_port_in_a_script() -> None:
    url = f"tcp://127.0.0.1:{free_port()}"
    ended = apvpython("--server-url", url, "-c", "from servermanager import connect\nawait connect()")
    assert ended.code == 1, ended
    assert "ConnectionFailed" in ended.errors and "start apvserver" in ended.errors, ended
    assert "the connection was refused" in ended.errors, ended  # at once: nothing was waited for in vain
    assert len(ended.errors.splitlines()) <= 5, ended  # where in the script, and what; no frames of ours


@pytest.mark.parametrize(
    "url",
    [
        "127.0.0.1:11111",
        "tcp://",
        "tcp://127.0.0.1",
        "tcp://127.0.0.1:abc",
        "tcp://127.0.0.1:70000",
        "tcp://127.0.0.1:0",
        "tcp://*:5000",
        "http://127.0.0.1:80",
        "cs://127.0.0.1:11111",
        "nonsense",
        "://",
    ],
)
@pytest.mark.parametrize("backend", BACKENDS)
@in_loop
async def test_malformed_url(url: str, backend: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        await connect(url, backend=backend)
    assert repr(url) in str(raised.value), raised.value


@in_loop
async def test_a_url_of_the_environment_is_told_as_such() -> None:
    with variables(APV_SERVER_URL="127.0.0.1:11111"):
        with pytest.raises(ConfigurationError, match=r"^APV_SERVER_URL is '127.0.0.1:11111': '127.*is no URL"):
            await connect()
        with pytest.raises(ConfigurationError, match=r"^'nonsense' is no URL"):
            await connect("nonsense")


@in_loop
async def test_a_host_that_cannot_be_found_and_a_server_that_is_none() -> None:
    async def fail(url: str) -> None:
        with pytest.raises(ConnectionFailed):
            await connect(url)

    begun = time.monotonic()
    with socket.create_server(("127.0.0.1", 0)) as silent:  # somebody else listens there, and says nothing
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        await asyncio.gather(fail("tcp://no-such-host.invalid:11111"), fail(address))
    assert time.monotonic() - begun < scaled(10)


@pytest.mark.parametrize("greeting", [b"", b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 400 Bad Request\r\n\r\n"])
@in_loop
async def test_a_server_of_another_kind_is_not_called_nobody(greeting: bytes) -> None:
    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        with contextlib.suppress(ConnectionError):
            await writer.drain()
        writer.close()

    other = await asyncio.start_server(answer, "127.0.0.1", 0)
    url = f"tcp://127.0.0.1:{other.sockets[0].getsockname()[1]}"
    async with other:
        with pytest.raises(ConnectionFailed, match=rf"^what answers at {url} has closed .* no apvserver, or nobody"):
            await connect(url)


def test_port_of_pages_in_use() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = run("apvweb", "--no-browser", "--port", str(port))
    assert ended.code == 2 and f"127.0.0.1:{port} is in use by another program; choose another --port" in ended.errors
    assert "Errno" not in ended.errors, ended


@pytest.mark.parametrize("backend", BACKENDS)
@in_loop
async def test_files_that_cannot_be_read(backend: str, tmp_path: Path) -> None:
    unknown = tmp_path / "data.xyzzy"
    unknown.write_text("?")
    empty = tmp_path / "empty.vti"
    empty.touch()
    async with connect(backend=backend) as session:
        for path, text in [
            (tmp_path / "missing.vti", "missing.vti"),
            (tmp_path, "directory"),
            (unknown, "xyzzy"),
            (empty, "empty"),
        ]:
            with pytest.raises(RemoteError, match=text) as raised:
                await session.open(str(path))
            assert raised.value.type_name == "FileError"
            assert "\n" not in str(raised.value)


@pytest.mark.parametrize("backend", BACKENDS)
@in_loop
async def test_wrong_names_and_values(backend: str) -> None:
    async with connect(backend=backend) as session:
        with pytest.raises(RemoteError, match=r"UnknownType.*SphereSource"):
            await session.sources.SpereSource().update_pipeline()
        with pytest.raises(RemoteError, match=r"UnknownType.*SphereSource"):
            await session.sources.SpereSource.definition()

        misspelled = session.sources.SphereSource(Raduis=1.0)  # its definition has not arrived
        with pytest.raises(RemoteError, match=r"UnknownProperty.*'Raduis'.*did you mean Radius"):
            await misspelled.update_pipeline()
        await misspelled.definition()
        with pytest.raises(AttributeError, match=r"'Raduis'.*did you mean Radius"):
            misspelled.Raduis = 2.0

        with pytest.raises(TypeError, match=r"SphereSource\.Radius takes a number, not str 'big'"):
            session.sources.SphereSource(Radius="big")
        wrong = session.sources.ConeSource(Radius="big")  # as above
        with pytest.raises(RemoteError, match=r"InvalidProperty: Cone1.*Radius takes a number, not str 'big'"):
            await wrong.update_pipeline()
        with pytest.raises(ValueError, match=r"SphereSource\.Center takes 3 values of type float, not 1"):
            session.sources.SphereSource(Center=[1.0])
        with pytest.raises(RemoteError, match=r"InvalidProperty.*Center takes 3 values"):
            await session.sources.DiskSource(Center=[1.0]).update_pipeline()

        wrong.Radius = 3.0  # corrected: works
        info = await wrong.update_pipeline()
        assert info.bounds is not None and info.bounds[3] == 3.0


@pytest.mark.parametrize("backend", BACKENDS)
@in_loop
async def test_a_value_that_vtk_clamps_is_told(backend: str) -> None:
    async with connect(backend=backend) as session:
        messages = session.messages()
        sphere = session.sources.SphereSource(ThetaResolution=1)
        await sphere.update_pipeline()
        async with asyncio.timeout(scaled(10)):
            warning = await anext(messages)
        assert (warning.severity, warning.proxy) == ("warning", sphere.id)
        assert "ThetaResolution was set to 3, not to 1" in warning.text
        assert warning.details == {"property": "ThetaResolution", "requested": 1, "actual": 3}


@in_loop
async def test_wrong_view_properties_and_names() -> None:
    async with connect(backend="inproc") as session:
        view = session.views.RenderView()
        with pytest.raises(AttributeError, match=r"no property 'BackGround'; did you mean Background"):
            view.BackGround = [1, 1, 1]
        view.update(Background=[1, 1, 1])  # corrected: works
        assert (await view.screenshot()).width == 800
        with pytest.raises(ValueError, match=r"not saved as \.doc.*\.png"):
            await view.save_screenshot("picture.doc")
        with pytest.raises(RemoteError, match=r"UnknownFormat.*png, lz4, zlib, rgb"):
            await view.screenshot(format="gif")
        with pytest.raises(OSError, match=r"no[/\\]such[/\\]directory"):
            await session.views.RenderView().save_screenshot("/no/such/directory/picture.png")
        with pytest.raises(AttributeError, match="names no type"):
            _ = session.filters.contour

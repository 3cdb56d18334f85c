"""What a worker takes from where it was started, and what it does not."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from servermanager import connect

from ..harness.apvtest import Program, Server, in_loop, poll_async, variables
from ..harness.time_limits import scaled

CLIENT = """
import asyncio
from servermanager import connect

async def main():
    async with connect(backend="zmq") as session:
        view = session.views.RenderView(ViewSize=[32, 32])
        sphere = session.sources.Sphere()
        session.show(sphere, view)
        image = await view.screenshot(format="rgb")
        print((await sphere.update_pipeline()).number_of_points, image.pixels.shape)

asyncio.run(main())
"""
TALKATIVE = """
import os, sys, tempfile
print("the service says hello")
sys.stdout.flush()
os.write(1, b"and so does its library\\n")
assert sys.stdin.read() == ""
from services_core import Packet, Service

class Talkative(Service):
    def __init__(self, connect):
        super().__init__("talkative")

    def process(self, incoming):
        print("asked for", incoming.packet.header["op"])
        names = ("TMPDIR", "TEMP", "TMP")
        return Packet({"temporary": tempfile.gettempdir(), "variables": [os.environ[name] for name in names]})
"""


PARTING = """
import atexit, os, sys
from pathlib import Path
from services_core import Packet, Service

def last():
    Path(os.environ["PARTING_FILE"]).write_text("written at the end")
    print("said at the end", file=sys.stderr)

class Parting(Service):
    def __init__(self, connect):
        super().__init__("parting")
        atexit.register(last)

    def process(self, incoming):
        return Packet({"process": os.getpid()})
"""


@pytest.mark.parametrize("start", ["fork", "spawn"])
@in_loop
async def test_functions_of_atexit_are_called_as_a_session_ends(start: str, tmp_path: Path) -> None:
    (tmp_path / "parting.py").write_text(PARTING)
    file = tmp_path / "file"
    options = ("--service", "parting:Parting", "--worker-start", start)
    with Server("zmq", *options, PYTHONPATH=str(tmp_path), PARTING_FILE=str(file)) as server:
        async with connect(server.url) as session:
            told = (await session.endpoint("parting").send_request({})).header
            assert told["process"] in [one.pid for one in server.workers()]
            view = session.views.RenderView(ViewSize=[32, 32])  # what still imports is ended as it is
            session.show(session.sources.Sphere(), view)
            assert (await view.screenshot()).width == 32
            assert not file.exists()
        await poll_async(lambda: file.exists() and file.read_text(), what="what is written at the end")
        assert file.read_text() == "written at the end"
        await poll_async(lambda: "said at the end" in server.errors, what="what is said at the end")


FORGETFUL = """
import os
from services_core import Packet, Service

class Forgetful(Service):
    def __init__(self, connect):
        super().__init__("forgetful")
        self.file = open(os.environ["FORGETFUL_FILE"], "w")

    def process(self, incoming):
        self.file.write("all of it")
        return Packet({})
"""
SCRIPT = (
    "import builtins, os; builtins.kept = open(os.environ['FORGETFUL_FILE'], 'w'); builtins.kept.write('all of it')"
)


@pytest.mark.parametrize("by", ["a service", "a script"])
@in_loop
async def test_what_others_have_left_in_a_file_is_in_it_after_the_end(by: str, tmp_path: Path) -> None:
    (tmp_path / "forgetful.py").write_text(FORGETFUL)
    file = tmp_path / "file"
    options = ("--service", "forgetful:Forgetful") if by == "a service" else ("--allow-python",)
    with Server("zmq", *options, PYTHONPATH=str(tmp_path), FORGETFUL_FILE=str(file)) as server:
        async with connect(server.url) as session:
            if by == "a service":
                await session.endpoint("forgetful").send_request({})
            else:
                filter_ = session.filters.ProgrammableFilter(Input=session.sources.Sphere(), Script=SCRIPT)
                await filter_.update_pipeline()
            assert file.exists()
        await poll_async(file.read_text, what="what is in the file")
        assert file.read_text() == "all of it"


def test_nothing_of_the_current_directory_is_executed(tmp_path: Path) -> None:
    here, elsewhere = tmp_path / "here", tmp_path / "elsewhere"
    here.mkdir()
    elsewhere.mkdir()
    for name in ("queue", "json", "secrets", "hmac", "numpy", "msgpack", "vtkmodules", "sitecustomize", "apvserver"):
        code = f"open({str(here)!r} + '/ran-{name}', 'w').close(); raise RuntimeError('a file of the directory')"
        (here / f"{name}.py").write_text(code)
    script = elsewhere / "client.py"
    script.write_text(CLIENT)
    with Program(str(script), directory=here) as client:
        assert client.wait(deadline_s=60) == 0, client.errors
        assert client.output.split() == ["50", "(32,", "32,", "3)"]
    assert list(here.glob("ran-*")) == []


@in_loop
async def test_a_service_that_prints_and_reads(tmp_path: Path) -> None:
    """The way to the server is not its standard input and output; what it prints is in the server's log."""
    (tmp_path / "talkative.py").write_text(TALKATIVE)
    log = tmp_path / "server.log"
    with Server(None, "--service", "talkative:Talkative", "--log", str(log), PYTHONPATH=str(tmp_path)) as server:
        async with connect(server.url) as session:
            told = (await session.endpoint("talkative").send_request({"op": "tell"})).header
            assert set(told["variables"]) == {told["temporary"]}
            assert os.path.basename(told["temporary"]).startswith("apv-worker-")
        assert server.output.count("\n") == 1 and server.errors == ""
        await poll_async(lambda: not os.path.exists(told["temporary"]), what="the end of the temporary directory")
        said = log.read_text()
        for line in ("the service says hello", "and so does its library", "asked for tell"):
            assert line in said, said


@in_loop
async def test_modules_are_found_where_the_program_finds_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the same order, also of a path that PYTHONPATH could not name. An empty entry is no current directory.

    What is Python's own comes first: a file beside a program may have the name of one of its modules.
    """
    first, second = tmp_path / f"a{os.pathsep if os.pathsep == ':' else '_'}b", tmp_path / "second"
    for directory, word in ((first, "first"), (second, "second")):
        directory.mkdir()
        (directory / "twice.py").write_text(
            "import sys\nfrom services_core import Packet, Service\nclass Twice(Service):\n"
            "    def __init__(self, connect): super().__init__('twice')\n"
            f"    def process(self, incoming): return Packet({{'word': {word!r}, 'path': sys.path}})\n"
        )
    monkeypatch.setattr(sys, "path", ["", str(first), str(second), *sys.path])
    (first / "carrier.py").write_text("import services_zmq\nclass Carrier(services_zmq.ZmqBackend): pass\n")
    with variables(APV_SERVICES="twice:Twice"):
        async with (
            asyncio.timeout(scaled(50)),
            connect(backend="carrier:Carrier") as session,
        ):  # a backend of one's own, too
            told = (await session.endpoint("twice").send_request({})).header
    assert told["word"] == "first"
    own = [one for one in told["path"] if one.startswith(sys.base_prefix)]
    assert own and told["path"][: len(own)] == own and "" not in told["path"]
    assert told["path"][len(own) : len(own) + 2] == [str(first), str(second)]

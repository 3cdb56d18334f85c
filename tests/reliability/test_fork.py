"""A process forked from one with sessions: it leaves them alone, is told so, and can have its own."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest

from ..harness.apvtest import BACKENDS, Program, poll

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="only POSIX systems fork")

FORKS = """
import asyncio, atexit, gc, json, multiprocessing, os, sys, tempfile, warnings
from pathlib import Path
from servermanager import connect
from services_core import Closed

warnings.simplefilter("ignore", DeprecationWarning)  # to fork beside threads is what this is about

def tried(session, engine):
    told = {}
    for name, call in (
        ("update", lambda: session.sources.Cone().update_pipeline()),
        ("endpoint", lambda: session.endpoint("more")),
        ("progress", lambda: session.progress()),
        ("restart", lambda: asyncio.run(session.restart())),
        ("add", lambda: engine.endpoint("data", "tcp://127.0.0.1:1")),
    ):
        try:
            told[name] = repr(call())
        except Closed as error:
            told[name] = str(error)
    session.data.close()
    engine.close()
    return told

async def own():
    async with connect(backend="zmq") as session:
        return (await session.sources.Sphere().update_pipeline()).number_of_points

def child(session, path):
    told = tried(session, session._engine)
    told["own"] = asyncio.run(own())
    gc.collect()
    Path(path).write_text(json.dumps(told))

async def main(how, path, left_to_itself):
    async with connect() as session:
        sphere = session.sources.Sphere()
        await sphere.update_pipeline()
        if left_to_itself:
            if os.fork() == 0:
                sys.stdin.read()
                os._exit(0)
            print("forked", flush=True)
            os._exit(1)
        if how == "os":
            pid = os.fork()
            if pid == 0:
                asyncio._set_running_loop(None)
                child(session, path)
                try:
                    atexit._run_exitfuncs()
                finally:
                    os._exit(0)
            wait = lambda: os.waitpid(pid, 0)[1]
        else:
            process = multiprocessing.get_context("fork").Process(target=forked, args=(session, path))
            process.start()
            wait = lambda: process.join() or process.exitcode
        code = await asyncio.get_running_loop().run_in_executor(None, wait)
        sphere.Radius = 2
        bounds = (await asyncio.wait_for(sphere.update_pipeline(), 20)).bounds
        endpoint = session.endpoint("data")
        await endpoint.send_request({"op": "sync"})
        print(json.dumps({"code": code, "bounds": bounds, "child": json.loads(Path(path).read_text())}), flush=True)

def forked(session, path):
    asyncio._set_running_loop(None)
    child(session, path)

asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3:] == ["leave"]))
"""


def outcome(program: Program) -> dict[str, Any]:
    assert program.wait(deadline_s=60) == 0, program.errors
    made: dict[str, Any] = json.loads(program.output)
    return made


@pytest.mark.parametrize("how", ["os", "multiprocessing"])
@pytest.mark.parametrize("backend", BACKENDS)
def test_a_forked_process_leaves_the_session_alone(backend: str, how: str, tmp_path: Any) -> None:
    script = tmp_path / "forks.py"
    script.write_text(FORKS)
    with Program(str(script), how, str(tmp_path / "told"), APV_COMMUNICATION_BACKEND=backend) as program:
        found = outcome(program)
        assert program.errors == ""
    assert found["code"] == 0
    assert found["bounds"][4:] == [-2, 2]
    child = found["child"]
    assert child.pop("own") == 50
    for name, told in child.items():
        assert "forked from" in told and "connect anew here" in told, (name, told)
        assert str(program.pid) in told or name == "restart", (name, told)


def test_a_forked_process_that_lives_on_keeps_no_worker(tmp_path: Any) -> None:
    script = tmp_path / "forks.py"
    script.write_text(FORKS)
    with Program(str(script), "os", str(tmp_path / "told"), "leave", APV_COMMUNICATION_BACKEND="zmq") as program:
        poll(lambda: program.workers() or "forked" in program.output, deadline_s=30, what="a worker")
        (worker,) = program.workers()
        program.wait_for("forked")
        program.wait()
        poll(lambda: not worker.is_running(), what="the end of the worker")
        program.end_input()  # what the forked one waits for

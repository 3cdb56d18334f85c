"""Services of users: in a built-in session, on a server, and what happens if there is none."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path

import pytest

from servermanager import ServicesError, connect
from services_core import RemoteError, ServicesEngine

from ..harness.apvtest import BACKENDS, ROOT, Server, apvpython, in_loop
from ..harness.time_limits import scaled


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_the_example_reads_beside_a_filter(backend: str) -> None:
    ended = apvpython(str(ROOT / "examples" / "io_service.py"), APV_COMMUNICATION_BACKEND=backend)
    assert ended.code == 0, ended
    assert "the I/O service read 1771561 points" in ended.output
    answered, done = (float(re.findall(f"{words} ([0-9.]+) s", ended.output)[0]) for words in ("after", "done after"))
    assert "still running" in ended.output and answered < done, ended.output


@in_loop
async def test_a_server_with_a_service(backend: str, tmp_path: Path) -> None:
    with Server(backend, "--service", "examples.io_service:IoService", PYTHONPATH=str(ROOT)) as server:
        async with connect(server.url) as session:
            path = tmp_path / "wavelet.vti"
            await session.save_data(path, session.sources.Wavelet())
            holder = session.create("vtkTrivialProducer")
            holder.update_vtk_objects()
            await session.endpoint("io").send_request({"op": "read", "path": str(path), "id": holder.id})
            assert (await holder.update_pipeline()).number_of_points == 9261
            assert session.endpoint("io") is session.endpoint("io")


@in_loop
async def test_a_service_that_does_not_exist(backend: str) -> None:
    async with connect(backend=backend) as session:
        with pytest.raises(ServicesError, match="io"):
            await session.endpoint("io").send_request({"op": "read"})
        assert (await session.sources.Cone().update_pipeline()).number_of_cells == 7


def test_the_service_of_the_page_does_what_the_page_says(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "services.md").read_text(encoding="utf-8")
    (tmp_path / "counting.py").write_text(page.partition("```python\n")[2].partition("```")[0])
    spec = importlib.util.spec_from_file_location("counting", tmp_path / "counting.py")
    assert spec is not None and spec.loader is not None
    counting = sys.modules["counting"] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(counting)
        with ServicesEngine("inproc") as engine:
            engine.add_service(counting.Count(None))
            endpoint = engine.endpoint("count")
            reply = endpoint.send_request(counting.Add(numbers=(1, 2)).packet()).result(scaled(10))
            assert reply.header["total"] == 3.0
            with pytest.raises(RemoteError, match=r"MissingField.*needs a field 'numbers' of type \[int, ...\], got 3"):
                endpoint.send_request({"op": "add", "numbers": 3}).result(scaled(10))
    finally:
        del sys.modules["counting"]

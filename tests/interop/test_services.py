"""Services of users: in a built-in session, on a server, and what happens if there is none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from servermanager import ServicesError, connect

from ..harness.apvtest import BACKENDS, ROOT, Server, apvpython, in_loop


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_the_example_reads_beside_a_filter(backend: str) -> None:
    ended = apvpython(str(ROOT / "examples" / "io_service.py"), APV_COMMUNICATION_BACKEND=backend)
    assert ended.code == 0, ended
    assert "the I/O service read 8120601 points" in ended.output
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

"""What the running processes of a server import: each what it needs, none the client's model."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from servermanager import connect

from ..harness.apvtest import BACKENDS, Server, in_loop

IMPORTED = re.compile(r"^import time:[^|]*\|[^|]*\| *([\w.]+)$", re.MULTILINE)


def imported(server: Server) -> set[str]:
    """The packages that the server's processes have imported so far, as they tell on standard error."""
    return {name.partition(".")[0] for name in IMPORTED.findall(server.errors)}


@pytest.mark.parametrize("backend", BACKENDS)
@in_loop
async def test_nothing_of_the_client_is_in_a_front_or_worker(backend: str) -> None:
    with Server(backend, PYTHONPROFILEIMPORTTIME="1") as server:
        async with connect(server.url) as session:
            surface = session.filters.Contour(Input=session.sources.Wavelet(), Isosurfaces=[150.0])
            view = session.views.RenderView(ViewSize=[64, 48])
            session.show(surface, view)
            assert (await view.screenshot()).width == 64
            assert (await surface.fetch()).number_of_points > 0
        names = imported(server)
        assert {"apvserver", "services_core", "vtkmodules", "numpy"} <= names  # the processes do tell
        assert not {"servermanager", "apvpython"} & names


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what a process has mapped")
@in_loop
async def test_no_call_into_vtk_runs_in_a_process_that_serves_others() -> None:
    """Some of them keep Python's lock. The libraries are not even there, whatever a session has done."""
    with Server("zmq") as server:
        async with connect(server.url) as session:
            wavelet = session.sources.Wavelet()
            view = session.views.RenderView(ViewSize=[64, 48])
            session.show(session.filters.Contour(Input=wavelet, Isosurfaces=[150.0]), view)
            assert (await view.screenshot()).width == 64
            assert (await wavelet.fetch()).number_of_points > 0
            assert any(has_vtk(one.pid) for one in server.descendants())
            assert not has_vtk(server.pid)


def has_vtk(pid: int) -> bool:
    return "vtkCommonCore" in Path(f"/proc/{pid}/maps").read_text()


def test_the_front_of_workers_has_nothing_of_a_session() -> None:
    alone = ("--worker-start", "spawn", "--spare-workers", "0")
    with Server("zmq", *alone, PYTHONPROFILEIMPORTTIME="1") as server:
        names = imported(server)
        assert {"apvserver", "services_core", "services_zmq", "zmq"} <= names
        assert not {"servermanager", "vtkmodules", "numpy", "PIL", "lz4", "simplejpeg"} & names
        assert not re.search(r"apvserver\.(data|render)\b", server.errors)

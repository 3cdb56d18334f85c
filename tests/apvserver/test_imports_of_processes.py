"""What the running processes of a server import: each what it needs, none the client's model."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from apvserver.hosting.workers import forking
from apvserver.hosting.workers.fork_server import POSSIBLE
from servermanager import connect

from ..harness.apvtest import BACKENDS, Server, in_loop
from ..harness.time_limits import scaled

ROOT = Path(__file__).parents[2]

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


FIGURE = """
import sys
from servermanager import sync

with sync.connect() as session:
    surface = session.filters.Contour(Input=session.sources.Wavelet(), Isosurfaces=[150.0])
    view = session.views.RenderView(ViewSize=[320, 240])
    session.show(surface, view, ColorBy=("POINTS", "RTData")).scalar_bar.Visibility = True
    assert view.save_screenshot("figure.png").width == 320
print(*sys.modules)
"""
LATER = {
    "apvserver.vtk.files.truncation.checks",
    "apvserver.vtk.files.writers.writing",
    "apvserver.vtk.pipeline.pieces.passes",
    "apvserver.vtk.rendering.charts.kinds",
    "apvserver.vtk.rendering.exports.scene_parts",
    "apvserver.vtk.rendering.exports.scene_vectors",
    "apvserver.vtk.rendering.tracing.pictures",
    "numpy.ma",
    "vtkmodules.vtkChartsCore",
    "vtkmodules.vtkIOExport",
    "vtkmodules.vtkIOXML",
}
"""What charts, exports, files, pieces and path tracing need of the server."""
LATER_HERE = {
    "PIL.TiffImagePlugin",
    "html.entities",
    "servermanager.exports.drawn_pages",
    "servermanager.exports.gltf",
    "servermanager.states.paraview.reading",
    "servermanager.states.state_script",
    "servermanager.ui.property_manager",
    "urllib.request",
}
"""What states, exports and panels need of the client."""


def test_a_figure_imports_nothing_that_it_does_not_need(tmp_path: Path) -> None:
    """All that is imported before the first picture of a program is waited for."""
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", FIGURE],
        env={**os.environ, "PYTHONPATH": str(ROOT), "APV_COMMUNICATION_BACKEND": "inproc"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=scaled(60),
        check=True,
    )
    names = set(ran.stdout.split())
    assert {"apvserver.vtk.rendering.render_view", "servermanager.session", "vtkmodules.vtkRenderingOpenGL2"} <= names
    assert names & (LATER | LATER_HERE) == set()


def test_workers_that_are_forked_have_imported_what_comes_later_too() -> None:
    imports = "".join(f"import {name}\n" for name in forking.IMPORTED)
    ran = subprocess.run(
        [sys.executable, "-c", f"{imports}import sys\nprint(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=scaled(60),
        check=True,
    )
    assert set(ran.stdout.split()) >= LATER


IMPORTS_LATER = """
import sys
from services_core import Packet, Service

class Tells(Service):
    def __init__(self, connect):
        super().__init__("tells")
        self.before = set(sys.modules)

    def process(self, incoming):
        return Packet({"modules": sorted(set(sys.modules) - self.before)})
"""


@pytest.mark.skipif(not POSSIBLE, reason="workers are forked on Linux only")
@in_loop
async def test_a_forked_worker_imports_nothing_for_its_first_picture(tmp_path: Path) -> None:
    (tmp_path / "tells.py").write_text(IMPORTS_LATER)
    with Server("zmq", "--service", "tells:Tells", PYTHONPATH=str(tmp_path)) as server:
        async with connect(server.url) as session:
            view = session.views.RenderView(ViewSize=[64, 48])
            session.show(session.sources.Sphere(), view)
            assert (await view.screenshot()).width == 64
            assert (await session.endpoint("tells").send_request({})).header["modules"] == []


FOUND = """
import importlib, pkgutil, sys
if {ours}:
    from apvserver.vtk import find_libraries
    find_libraries()
    find_libraries()
import vtkmodules
for name in vtkmodules.__all__:
    if name.startswith("vtk"):
        try:
            importlib.import_module(f"vtkmodules.{{name}}")
        except ImportError:
            print("absent", name)
for name, one in sorted(sys.modules.items()):
    if name.startswith("vtkmodules"):
        print(name, getattr(one, "__file__", ""), type(getattr(one, "__loader__", None)).__name__)
print([type(one).__name__ for one in sys.meta_path].count("LibraryFinder"))
"""


@pytest.mark.deep
def test_all_of_vtk_is_found_as_its_own_finder_does() -> None:
    told = []
    for ours in (True, False):
        command = [sys.executable, "-c", FOUND.format(ours=ours)]
        ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=scaled(120), check=True)
        told.append(ran.stdout.splitlines())
    assert len(told[0]) > 100
    assert told[0][:-1] == told[1][:-1]
    assert (told[0][-1], told[1][-1]) == ("1", "0")


def has_vtk(pid: int) -> bool:
    return "vtkCommonCore" in Path(f"/proc/{pid}/maps").read_text()


def test_the_front_of_workers_has_nothing_of_a_session() -> None:
    alone = ("--worker-start", "spawn", "--spare-workers", "0")
    with Server("zmq", *alone, PYTHONPROFILEIMPORTTIME="1") as server:
        names = imported(server)
        assert {"apvserver", "services_core", "services_zmq", "zmq"} <= names
        assert not {"servermanager", "vtkmodules", "numpy", "PIL", "lz4", "simplejpeg"} & names
        assert not re.search(r"apvserver\.(data|render)\b", server.errors)

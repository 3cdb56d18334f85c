"""The programs themselves: quick answers about themselves, and a machine on which nothing can be rendered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from servermanager import RemoteError, connect
from services_core import __version__

from ..harness.apvtest import BACKENDS, ROOT, Server, apvpython, in_loop, run
from ..harness.backends import crosses_processes
from ..harness.time_limits import scaled

NO_OPENGL: dict[str, Any] = {"VTK_DEFAULT_OPENGL_WINDOW": "vtkOSOpenGLRenderWindow"}
"""Needs a system library (OSMesa) that is not here: as on a machine without Mesa."""


@pytest.mark.alone
@pytest.mark.parametrize("program", ["apvserver", "apvpython"])
def test_help_and_version(program: str) -> None:
    version = run(program, "--version")
    assert (version.code, version.output) == (0, f"{program} {__version__}\n"), version
    told = run(program, "--help")
    assert told.code == 0 and told.errors == "", told
    for word in ("--version", "--verbosity", "backend", "tcp://127.0.0.1:11111"):
        assert word in told.output, told
    assert version.seconds < scaled(1) and told.seconds < scaled(1), (version.seconds, told.seconds)


@pytest.mark.parametrize("backend", BACKENDS)
@in_loop
async def test_no_opengl_on_the_server(backend: str) -> None:
    with Server(backend, **NO_OPENGL) as server:
        async with connect(server.url) as session:
            sphere = session.sources.SphereSource()
            view = session.views.RenderView()
            session.show(sphere, view)
            for _ in range(2):
                with pytest.raises(RemoteError, match="OpenGLUnavailable: no usable OpenGL") as raised:
                    await view.screenshot()
                assert "apt-get install" in str(raised.value) or "Install" in str(raised.value)
            with pytest.raises(RemoteError, match="OpenGLUnavailable"):
                await anext(view.images())
            assert (await sphere.update_pipeline()).number_of_points == 50  # data calls work
            assert (await sphere.fetch()).number_of_points == 50
        assert bool(server.workers()) == crosses_processes(backend)


def test_no_opengl_for_the_demo(tmp_path: Path) -> None:
    small = str(tmp_path / "labels.vti")
    _write_labels(small)
    demo = str(ROOT / "examples" / "quickstart.py")
    picture = tmp_path / "frog.png"
    ended = apvpython(demo, "--data", small, "--output", str(picture), **NO_OPENGL)
    assert ended.code == 1, ended
    assert not picture.exists()
    assert "no usable OpenGL" in ended.errors and "Install" in ended.errors, ended
    assert len(ended.errors.splitlines()) < 25, ended
    assert "services_core" not in ended.errors, ended


def _write_labels(path: str) -> None:
    import numpy as np
    from vtkmodules.util.numpy_support import numpy_to_vtk
    from vtkmodules.vtkCommonDataModel import vtkImageData
    from vtkmodules.vtkIOXML import vtkXMLImageDataWriter

    image = vtkImageData()
    image.SetDimensions(20, 20, 20)
    labels = (np.indices((20, 20, 20)).sum(axis=0) // 15).astype(np.uint8)
    array = numpy_to_vtk(labels.ravel())
    array.SetName("labels")
    image.GetPointData().SetScalars(array)
    writer = vtkXMLImageDataWriter()
    writer.SetFileName(path)
    writer.SetInputData(image)
    writer.Write()

"""What opening a file and showing it takes, beside plain VTK with the same reader, doing the same."""

from __future__ import annotations

import asyncio
import math
import shutil
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

from servermanager import Session

from ..plan import MiB, Plan
from ..running.party import FLOOR, Party
from ..running.sample import Sample
from ..scenario import Contender, Measure, Scenario, Stage
from ..variants import Variant
from .homes import SessionParty, homes

SIZE: Final = (400, 300)
NOMINAL_BYTES: Final = 100 * MiB
PLAIN: Final = "plain VTK"


def _image(size_bytes: int) -> Any:
    from vtkmodules.vtkImagingCore import vtkRTAnalyticSource

    half = max(4, round((size_bytes / 4) ** (1 / 3)) // 2)
    source = vtkRTAnalyticSource()
    source.SetWholeExtent(-half, half, -half, half, -half, half)
    source.Update()
    return source.GetOutput()


def _surface(size_bytes: int) -> Any:
    from vtkmodules.vtkFiltersSources import vtkSphereSource

    side = max(8, round(math.sqrt(size_bytes / 72)))
    source = vtkSphereSource()
    source.SetThetaResolution(side)
    source.SetPhiResolution(side)
    source.Update()
    return source.GetOutput()


def _grid(size_bytes: int) -> Any:
    """Tetrahedra, five for each cube of an image."""
    from vtkmodules.vtkFiltersGeneral import vtkDataSetTriangleFilter

    cut = vtkDataSetTriangleFilter()
    cut.SetInputData(_image(size_bytes // 55))
    cut.Update()
    return cut.GetOutput()


Format = tuple[str, str, str, str, Callable[[int], Any]]
"""Module and class of the writer, module and class of the reader, and the data."""
FORMATS: Final[dict[str, Format]] = {
    ".vti": ("vtkIOXML", "vtkXMLImageDataWriter", "vtkIOXML", "vtkXMLImageDataReader", _image),
    ".vtu": ("vtkIOXML", "vtkXMLUnstructuredGridWriter", "vtkIOXML", "vtkXMLUnstructuredGridReader", _grid),
    ".vtp": ("vtkIOXML", "vtkXMLPolyDataWriter", "vtkIOXML", "vtkXMLPolyDataReader", _surface),
    ".vtk": ("vtkIOLegacy", "vtkGenericDataObjectWriter", "vtkIOLegacy", "vtkGenericDataObjectReader", _grid),
    ".vtkhdf": ("vtkIOHDF", "vtkHDFWriter", "vtkIOHDF", "vtkHDFReader", _grid),
    ".stl": ("vtkIOGeometry", "vtkSTLWriter", "vtkIOGeometry", "vtkSTLReader", _surface),
    ".ply": ("vtkIOPLY", "vtkPLYWriter", "vtkIOPLY", "vtkPLYReader", _surface),
    ".ex2": ("vtkIOIOSS", "vtkIOSSWriter", "vtkIOIOSS", "vtkIOSSReader", _grid),
    ".nii": ("vtkIOImage", "vtkNIFTIImageWriter", "vtkIOImage", "vtkNIFTIImageReader", _image),
    ".mha": ("vtkIOImage", "vtkMetaImageWriter", "vtkIOImage", "vtkMetaImageReader", _image),
}
"""By extension."""


def _class(module: str, name: str) -> Any:
    return getattr(__import__(f"vtkmodules.{module}", fromlist=[name]), name)


class Files(Party):
    """A folder of files, made when they are first asked for."""

    label = "files"
    kind = FLOOR

    def __init__(self, size_bytes: int) -> None:
        self._size_bytes = size_bytes

    async def open(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="apv-bench-"))

    def path(self, extension: str) -> Path:
        """Return the file with that extension."""
        path = self._folder / f"data{extension}"
        if not path.exists():
            module, name, _, _, make = FORMATS[extension]
            writer = _class(module, name)()
            writer.SetInputDataObject(make(self._size_bytes))
            writer.SetFileName(str(path))
            if hasattr(writer, "SetFileTypeToBinary"):
                writer.SetFileTypeToBinary()
            writer.Write()
        return path

    async def close(self) -> None:
        shutil.rmtree(self._folder)


async def _opened(session: Session, path: Path) -> Sample:
    view = session.views.RenderView(ViewSize=list(SIZE))
    await view.screenshot(format="rgb")
    began = time.perf_counter()
    reader = await session.open(path)
    session.show(reader, view)
    await view.screenshot(format="rgb")
    took_s = time.perf_counter() - began
    view.delete()
    session.delete(reader)
    return Sample(took_s * 1e3, [took_s])


def _plain(path: Path) -> Sample:
    """Do all of it in this thread: a window belongs to one."""
    from vtkmodules.vtkCommonCore import vtkUnsignedCharArray
    from vtkmodules.vtkCommonDataModel import vtkPolyData
    from vtkmodules.vtkFiltersGeometry import vtkCompositeDataGeometryFilter, vtkGeometryFilter
    from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper, vtkRenderer

    from apvserver.vtk.rendering.opengl import create_window, require_opengl

    window, renderer = create_window(require_opengl().window_class), vtkRenderer()
    window.SetSize(SIZE)
    window.SetOffScreenRendering(True)
    window.AddRenderer(renderer)
    window.Render()
    began = time.perf_counter()
    _, _, module, name, _ = FORMATS[path.suffix]
    reader, mapper, actor = _class(module, name)(), vtkPolyDataMapper(), vtkActor()
    reader.SetFileName(str(path))
    reader.Update()
    data = reader.GetOutputDataObject(0)
    if not isinstance(data, vtkPolyData):
        surface = vtkCompositeDataGeometryFilter() if data.IsA("vtkCompositeDataSet") else vtkGeometryFilter()
        surface.SetInputData(data)
        surface.Update()
        data = surface.GetOutput()
    mapper.SetInputData(data)
    mapper.ScalarVisibilityOff()
    actor.SetMapper(mapper)
    renderer.AddActor(actor)
    renderer.ResetCamera()
    window.Render()
    pixels = vtkUnsignedCharArray()
    window.GetPixelData(0, 0, SIZE[0] - 1, SIZE[1] - 1, 1, pixels, 0)
    took_s = time.perf_counter() - began
    window.Finalize()
    return Sample(took_s * 1e3, [took_s])


def _contenders(extension: str, variants: list[Variant], _plan: Plan) -> list[Contender]:
    def files(stage: Stage) -> Any:
        return stage.party("files", lambda: Files(stage.plan.size_bytes(NOMINAL_BYTES)))

    async def plain(stage: Stage) -> Measure:
        path = (await files(stage)).path(extension)

        async def measure(_seconds: float) -> Sample:
            return await asyncio.to_thread(_plain, path)

        return measure

    def of(home: Any) -> Callable[[Stage], Any]:
        async def prepare(stage: Stage) -> Measure:
            path = (await files(stage)).path(extension)
            party = await stage.party(("session", home), lambda: SessionParty(home))

            async def measure(_seconds: float) -> Sample:
                return await _opened(party.session, path)

            return measure

        return prepare

    built_in = [home for home in homes(variants) if not home.remote]
    return [
        *(Contender(home.label, SessionParty.kind, of(home), floor=PLAIN) for home in built_in),
        Contender(PLAIN, FLOOR, plain),
    ]


SCENARIOS = [
    Scenario(
        f"open and show/{extension}", "interactive", "ms", "ms",
        "A file of 100 MB, from its path to the pixels of its surface.",
        partial(_contenders, extension), most=3,
    )
    for extension in FORMATS
]  # fmt: skip

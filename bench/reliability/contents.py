"""What it costs to look whether the cells that a reader delivers can be trusted, beside reading them."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from .figures import Absent, Figure, Measurement, at_most

_SIDE = 60
"""How many cubes there are along each axis: 216,000 polyhedra, or 1,080,000 tetrahedra."""
_TIMES, _QUICK_TIMES = 15, 5
_SIDES = ((0, 3, 2, 1), (4, 5, 6, 7), (0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7))
_MOST = {"tetrahedra": 0.08, "polyhedra": 1.0}


def measure(quick: bool) -> Iterator[Figure]:
    """Read a file of each kind and check what was read; yield the shortest time of one as a part of the other's.

    It is time of the processor, of all threads: others that compute at the same time change little.
    """
    try:
        from vtkmodules.vtkIOXML import vtkXMLUnstructuredGridReader

        from async_paraview.datasets import check_structure
    except ImportError as error:
        raise Absent(f"{error.name}: files are read with it") from error
    times = _QUICK_TIMES if quick else _TIMES
    made: dict[str, Callable[[int], Any]] = {"tetrahedra": _tetrahedra, "polyhedra": _polyhedra}
    with tempfile.TemporaryDirectory() as directory:
        for name, make in made.items():
            mesh = make(_SIDE)
            for how, raw in (("compressed", False), ("plain", True)):
                file = str(Path(directory) / f"{name} {how}.vtu")
                _write(mesh, file, raw=raw)
                reading = checking = float("inf")
                for _ in range(times):
                    reader = vtkXMLUnstructuredGridReader()
                    reader.SetFileName(file)
                    reading = min(reading, _seconds(reader.Update))
                    checking = min(checking, _seconds(check_structure, reader.GetOutput()))
                yield Figure(
                    f"checking {name} of a {how} file",
                    round(checking / reading, 3),
                    "of reading",
                    times,
                    at_most(_MOST[name]),
                    f"{mesh.GetNumberOfCells()} cells, {1000 * checking:.1f} of {1000 * reading:.1f} ms",
                )


def _seconds(call: Callable[..., object], *arguments: object) -> float:
    began = time.process_time()
    call(*arguments)
    return time.process_time() - began


def _tetrahedra(side: int) -> Any:
    from vtkmodules.vtkFiltersGeneral import vtkDataSetTriangleFilter
    from vtkmodules.vtkImagingCore import vtkRTAnalyticSource

    source, cut = vtkRTAnalyticSource(), vtkDataSetTriangleFilter()
    source.SetWholeExtent(0, side, 0, side, 0, side)
    cut.SetInputConnection(source.GetOutputPort())
    cut.Update()
    return cut.GetOutput()


def _polyhedra(side: int) -> Any:
    """Make cubes that each have six faces of their own."""
    import numpy as np
    from vtkmodules.util.numpy_support import numpy_to_vtk
    from vtkmodules.vtkCommonCore import vtkPoints
    from vtkmodules.vtkCommonDataModel import VTK_POLYHEDRON, vtkCellArray, vtkUnstructuredGrid

    def cells_of(ids: Any, size: int) -> Any:
        made = vtkCellArray()
        offsets = np.arange(ids.size // size + 1) * size
        made.SetData(numpy_to_vtk(offsets, deep=True), numpy_to_vtk(ids.ravel(), deep=True))
        return made

    count = side + 1
    ids = np.arange(count**3).reshape(count, count, count)
    ring = ((0, 0), (0, 1), (1, 1), (1, 0))
    corners = [ids[z : side + z, y : side + y, x : side + x] for z in (0, 1) for y, x in ring]
    cubes = np.stack(corners, axis=-1).reshape(-1, len(corners))
    points, mesh = vtkPoints(), vtkUnstructuredGrid()
    places = np.stack(np.meshgrid(*[np.arange(count, dtype=np.float32)] * 3, indexing="ij"), axis=-1)
    points.SetData(numpy_to_vtk(places.reshape(-1, 3)[:, ::-1].copy(), deep=True))
    mesh.SetPoints(points)
    faces = cubes[:, _SIDES].reshape(-1, len(_SIDES[0]))
    mesh.SetPolyhedralCells(
        numpy_to_vtk(np.full(len(cubes), VTK_POLYHEDRON, np.uint8), deep=True),
        cells_of(cubes, cubes.shape[1]),
        cells_of(np.arange(len(faces)), len(_SIDES)),
        cells_of(faces, faces.shape[1]),
    )
    return mesh


def _write(mesh: Any, file: str, *, raw: bool) -> None:
    from vtkmodules.vtkIOXML import vtkXMLUnstructuredGridWriter

    writer = vtkXMLUnstructuredGridWriter()
    writer.SetInputData(mesh)
    writer.SetFileName(file)
    if raw:
        writer.EncodeAppendedDataOff()
        writer.SetCompressorTypeToNone()
    writer.Write()


MEASUREMENTS = (
    Measurement(
        "contents",
        "Meshes read of files, and looked through: how long the second takes beside the first.",
        measure,
    ),
)

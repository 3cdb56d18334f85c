"""An algorithm of our own: tetrahedra between points that fill their convex hull, also where many lie on one sphere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.util.vtkAlgorithm import VTKPythonAlgorithmBase
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkPolyData, vtkUnstructuredGrid
from vtkmodules.vtkFiltersCore import vtkDelaunay3D

from ...base.array_types import copied
from ...types.own_properties import OwnProperties, number, switch
from ..own_algorithms import data_of, output_of, told, warn
from .filled_hulls import Filling, Places, filling

_HUGE: Final = 1e299
_NEAR: Final = 100.0
_SHIFTS: Final = ((_NEAR, 1e-5), (_NEAR, 1e-4), (2.5, 1e-5))
"""What is tried where the points as they are do not give what is wanted: at most that Offset, and points that are moved
by that part of the size of all. Measured with spheres, cylinders, lattices and random points."""
_PLANE: Final = 1e-9


class HullTetrahedra(OwnProperties, VTKPythonAlgorithmBase):
    """HullTetrahedra - Makes tetrahedra between points by vtkDelaunay3D.

    VTK 9.7.2's leaves out, or fills twice, much of what lies between points on one sphere or cylinder. Where that
    happens points are moved a little for the choice of the tetrahedra, not in the result.
    """

    PROPERTIES: ClassVar = (
        number("Alpha", 0.0, "Leaves out tetrahedra whose sphere is larger; 0 keeps all.", limits=(0.0, _HUGE)),
        number("Tolerance", 0.001, "Points closer than this fraction of the bounds become one.", limits=(0.0, 1.0)),
        number("Offset", 10000.0, "Size of the first tetrahedron, as a multiple of the bounds.", limits=(2.5, _HUGE)),
        switch("BoundingTriangulation", False, "Whether the first points stay."),
        switch("AlphaTets", True, "Whether tetrahedra are part of the result."),
        switch("AlphaTris", True, "Whether triangles are."),
        switch("AlphaLines", False, "Whether lines are."),
        switch("AlphaVerts", False, "Whether single points are."),
    )

    def __init__(self) -> None:
        VTKPythonAlgorithmBase.__init__(self, nInputPorts=1, inputType="vtkPointSet", outputType="vtkUnstructuredGrid")

    def RequestData(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Make a grid with the points of the input and their arrays."""
        return told(type(self).__name__, lambda: output_of(outInfo).ShallowCopy(self._divided(data_of(inInfo))))

    def _divided(self, data: Any) -> Any:
        if not data.GetNumberOfPoints():
            return vtkUnstructuredGrid()
        places = np.asarray(vtk_to_numpy(data.GetPoints().GetData()), np.float64)
        middle = (places.min(axis=0) + places.max(axis=0)) / 2
        best: tuple[Filling, Any] | None = None
        for moved, offset in self._ways(places - middle):
            made = self._run(data, moved, offset)
            if made is None:
                return vtkUnstructuredGrid()
            found = filling(_tetrahedra(made), moved)
            if best is None or (found.whole, found.volume) > (best[0].whole, best[0].whole and best[0].volume):
                best, way = (found, made), (moved, offset)
            if found.whole and (found.convex or offset <= _NEAR):
                break
        assert best is not None
        if not best[0].whole:
            warn("tetrahedra overlap: VTK cannot triangulate points that lie like these; move them a little")
        partly = self.value_of("Alpha") or not self._keeps_all()
        made = self._run(data, *way, complete=False) if partly else best[1]
        return vtkUnstructuredGrid() if made is None else _in_place(made, data, middle)

    def _ways(self, places: Places) -> Iterator[tuple[Places, float]]:
        """Yield places to triangulate, and with which Offset."""
        offset, size = float(self.value_of("Offset")), float(np.linalg.norm(np.ptp(places, axis=0)))
        yield places, offset
        spread = np.linalg.eigvalsh(places.T @ places)
        if spread[0] <= _PLANE**2 * spread[-1]:
            return  # there is nothing to fill
        random = np.random.default_rng(0)
        for most, shift in _SHIFTS:
            yield places + random.uniform(-shift * size, shift * size, places.shape), min(offset, most)

    def _keeps_all(self) -> bool:
        return bool(self.value_of("AlphaTets")) and not self.value_of("BoundingTriangulation")

    def _run(self, data: Any, places: Places, offset: float, *, complete: bool = True) -> Any:
        """Return what VTK makes of the places; None if it was aborted.

        With `complete` all tetrahedra and nothing else.
        """
        held, points, triangulate = vtkPolyData(), vtkPoints(), vtkDelaunay3D()
        points.SetData(copied(places))
        held.SetPoints(points)
        held.GetPointData().ShallowCopy(data.GetPointData())
        triangulate.SetInputData(held)
        triangulate.SetOffset(offset)
        triangulate.SetTolerance(self.value_of("Tolerance"))
        if not complete:
            for one in self.PROPERTIES:
                if one.name not in ("Offset", "Tolerance"):
                    getattr(triangulate, f"Set{one.name}")(self.value_of(one.name))
        triangulate.AddObserver("WarningEvent", _ignore)  # of degenerate triangles; what comes out is looked at
        triangulate.AddObserver("ProgressEvent", lambda filter, event: self.UpdateProgress(filter.GetProgress()))
        triangulate.SetContainerAlgorithm(self)
        triangulate.Update()
        return None if triangulate.GetAbortOutput() else triangulate.GetOutput()


def _ignore(filter: Any, event: str) -> None:
    """Keep VTK from telling."""


def _tetrahedra(made: Any) -> Any:
    ids = vtk_to_numpy(made.GetCells().GetConnectivityArray()) if made.GetNumberOfCells() else np.zeros(0)
    return ids.astype(np.int64).reshape(-1, 4)


def _in_place(made: Any, data: Any, middle: Any) -> Any:
    """Return the grid with the points of the data, and those of VTK's first tetrahedron after them if they stay."""
    count, added = data.GetNumberOfPoints(), made.GetNumberOfPoints() - data.GetNumberOfPoints()
    if added:
        places = vtk_to_numpy(made.GetPoints().GetData()) + middle
        places[:count] = vtk_to_numpy(data.GetPoints().GetData())
        points = vtkPoints()
        points.SetData(copied(places))
        made.SetPoints(points)
    else:
        made.SetPoints(data.GetPoints())
    made.GetFieldData().ShallowCopy(data.GetFieldData())
    return made

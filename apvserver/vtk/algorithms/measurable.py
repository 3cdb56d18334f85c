"""An algorithm of our own: data whose cells VTK's measures of quality know."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonDataModel import (
    VTK_HEXAHEDRON,
    VTK_LINE,
    VTK_POLYGON,
    VTK_PYRAMID,
    VTK_QUAD,
    VTK_QUADRATIC_EDGE,
    VTK_TETRA,
    VTK_TRIANGLE,
    VTK_TRIANGLE_STRIP,
    VTK_VERTEX,
    VTK_WEDGE,
    vtkCellTypeUtilities,
    vtkStructuredGrid,
)
from vtkmodules.vtkFiltersGeneral import vtkRectilinearGridToPointSet

from .passing import PassingFilter
from .turned import as_structured_grid, with_hexahedra

_MEASURED: Final = (VTK_TRIANGLE, VTK_QUAD, VTK_TETRA, VTK_PYRAMID, VTK_WEDGE, VTK_HEXAHEDRON)
_CURVED: Final = range(VTK_QUADRATIC_EDGE, 38)
"""VTK tells of these itself."""


class MeasurableCells(PassingFilter):
    """MeasurableCells - Voxels and pixels as hexahedra and quadrilaterals, of which VTK's measures know the shape."""

    input_types = ("vtkDataSet",)

    def kind_of(self, data: Any) -> Any:
        """Return the kind of the output: images and rectilinear grids become structured grids."""
        return vtkStructuredGrid() if data.IsA("vtkImageData") or data.IsA("vtkRectilinearGrid") else data

    def pass_on(self, data: Any, output: Any) -> None:
        """Share everything but the cells. Cells without a measure are told."""
        if data.IsA("vtkImageData"):
            output.ShallowCopy(as_structured_grid(data))
        elif data.IsA("vtkRectilinearGrid"):
            convert = vtkRectilinearGridToPointSet()
            convert.SetContainerAlgorithm(self)
            convert.SetInputData(data)
            convert.Update()
            output.ShallowCopy(convert.GetOutput())
        else:
            mixed = data.IsA("vtkUnstructuredGrid") and data.GetNumberOfCells()
            output.ShallowCopy(with_hexahedra(data) if mixed else data)
        self._tell(output)

    def _tell(self, data: Any) -> None:
        unknown = {kind: count for kind, count in _kinds(data).items() if kind not in (*_MEASURED, *_CURVED)}
        if unknown:
            names = ", ".join(vtkCellTypeUtilities.GetClassNameFromTypeId(kind) for kind in sorted(unknown))
            self.warn(f"{sum(unknown.values())} cells are of kinds that have no measure, and get NaN: {names}")


def _kinds(data: Any) -> dict[int, int]:
    """Return how many cells there are of each kind."""
    if not data.GetNumberOfCells():
        return {}
    if data.IsA("vtkUnstructuredGrid"):
        kinds = vtk_to_numpy(data.GetCellTypes())
    elif data.IsA("vtkPolyData"):
        corners = np.diff(vtk_to_numpy(data.GetPolys().GetOffsetsArray()))
        polygons = np.select([corners == 3, corners == 4], [VTK_TRIANGLE, VTK_QUAD], VTK_POLYGON)
        others = ((data.GetVerts(), VTK_VERTEX), (data.GetLines(), VTK_LINE), (data.GetStrips(), VTK_TRIANGLE_STRIP))
        kinds = np.concatenate([polygons, *(np.full(one.GetNumberOfCells(), kind) for one, kind in others)])
    else:
        return {int(data.GetCellType(0)): int(data.GetNumberOfCells())}
    found, counts = np.unique(kinds, return_counts=True)
    return dict(zip(found.tolist(), counts.tolist(), strict=True))

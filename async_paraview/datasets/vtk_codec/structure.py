"""Whether the structure of a VTK data set is sound: VTK believes ids, offsets, types and extents. Imports VTK."""

from __future__ import annotations

from typing import Any, Final

from ..byte_views import BufferPool
from ..checking.content import check_content
from ..checking.parse_meshes import LEAVES, dimensions, parse_extent, structured_sizes
from ..errors import DataSetError
from .array_encoder import BufferList, Plain, encode_array
from .encoder import encode_poly, encode_unstructured

_NO_ARRAYS: Final[Plain] = {"arrays": []}
_DEGREES: Final = "HigherOrderDegrees"


def check_structure(data: Any) -> None:
    """See async_paraview.datasets.check_structure."""
    if data.IsA("vtkImageData"):
        parse_extent(list(data.GetExtent()), data.GetClassName())
    elif data.IsA("vtkRectilinearGrid"):
        _check_rectilinear(data)
    elif data.IsA("vtkStructuredGrid"):
        _check_structured(data)
    elif data.IsA("vtkPolyData") or data.IsA("vtkUnstructuredGrid"):
        _check_cells(data)


def _check_rectilinear(grid: Any) -> None:
    extent = parse_extent(list(grid.GetExtent()), grid.GetClassName())
    if not structured_sizes(extent)[0]:
        return
    axes = (grid.GetXCoordinates(), grid.GetYCoordinates(), grid.GetZCoordinates())
    for name, axis, length in zip("xyz", axes, dimensions(extent), strict=True):
        there = 0 if axis is None else axis.GetNumberOfTuples()
        if there < length or axis.GetNumberOfComponents() != 1:
            raise DataSetError(f"{name} coordinates: extent {extent} needs {length}, got {there}")


def _check_structured(grid: Any) -> None:
    extent = parse_extent(list(grid.GetExtent()), grid.GetClassName())
    needed, points = structured_sizes(extent)[0], grid.GetPoints()
    there = 0 if points is None else points.GetNumberOfPoints()
    if there != needed:
        raise DataSetError(f"points: extent {extent} needs {needed}, got {there}")


def _check_cells(mesh: Any) -> None:
    buffers = BufferList()
    poly = mesh.IsA("vtkPolyData")
    plain = (encode_poly if poly else encode_unstructured)(mesh, buffers)
    plain |= {
        "type": "vtkPolyData" if poly else "vtkUnstructuredGrid",
        "field_data": _NO_ARRAYS,
        "point_data": _NO_ARRAYS,
        "cell_data": _degrees(mesh, buffers),
    }
    check_content(LEAVES[plain["type"]](plain, BufferPool(buffers.views)))


def _degrees(mesh: Any, buffers: BufferList) -> Plain:
    """Describe the only array of cells that VTK takes the shape of cells from."""
    degrees = mesh.GetCellData().GetHigherOrderDegrees()
    if degrees is None:
        return _NO_ARRAYS
    return {"arrays": [encode_array(degrees, buffers)], "active": {_DEGREES: 0}}

"""Structured data of some indices: values of points and cells are those at the same places, in planes and lines too."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkImageData, vtkRectilinearGrid, vtkStructuredGrid

from apvserver.vtk.base.data_making import add_array, array_of, cropped, points_of

SIZES = [(5, 4, 3), (5, 4, 1), (5, 1, 4), (1, 5, 4), (5, 1, 1), (1, 5, 1), (1, 1, 5)]
KINDS = [vtkImageData, vtkRectilinearGrid, vtkStructuredGrid]
BEGIN = (-2, 7, 3)
"""The first index along each axis."""


def numbered(kind: Any, size: tuple[int, int, int]) -> Any:
    """Data with the indices of each point, and of each cell, as values."""
    data = kind()
    data.SetExtent([one for begin, count in zip(BEGIN, size, strict=True) for one in (begin, begin + count - 1)])
    points, cells = indices(size), indices(tuple(max(1, count - 1) for count in size))
    if kind is vtkStructuredGrid:
        data.SetPoints(points_of(points.astype(float)))
    if kind is vtkRectilinearGrid:
        for axis, begin, count in zip("XYZ", BEGIN, size, strict=True):
            getattr(data, f"Set{axis}Coordinates")(array_of(np.arange(begin, begin + count) * 1.0, axis))
    add_array(data.GetPointData(), "ijk", points)
    add_array(data.GetCellData(), "ijk", cells)
    add_array(data.GetCellData(), "names", [str(one) for one in cells.tolist()])
    data.GetCellData().SetActiveVectors("ijk")
    return data


def indices(size: tuple[int, ...]) -> Any:
    """The indices of all, x fastest."""
    x, y, z = (np.arange(begin, begin + count) for begin, count in zip(BEGIN, size, strict=True))
    return np.stack(np.meshgrid(z, y, x, indexing="ij")[::-1], axis=-1).reshape(-1, 3)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_values_stay_at_their_places(size: tuple[int, int, int], kind: Any) -> None:
    data = numbered(kind, size)
    extent = list(data.GetExtent())
    for axis in range(3):
        if size[axis] > 1:
            extent[2 * axis] += 1
            extent[2 * axis + 1] -= size[axis] > 3
    found = cropped(data, tuple(extent))
    assert found.GetExtent() == tuple(extent) and data.GetExtent() != tuple(extent)
    low, high = np.array(extent[::2]), np.array(extent[1::2])
    for attributes, most in ((found.GetPointData(), high), (found.GetCellData(), np.maximum(low, high - 1))):
        before = (data.GetPointData() if attributes is found.GetPointData() else data.GetCellData()).GetArray("ijk")
        every = vtk_to_numpy(before)
        expected = every[((every >= low) & (every <= most)).all(axis=1)]
        assert vtk_to_numpy(attributes.GetArray("ijk")).tolist() == expected.tolist()
    names = found.GetCellData().GetAbstractArray("names")
    rows = vtk_to_numpy(found.GetCellData().GetArray("ijk")).tolist()
    assert [names.GetValue(number) for number in range(names.GetNumberOfTuples())] == [str(one) for one in rows]
    assert found.GetCellData().GetVectors().GetName() == "ijk"
    assert cropped(data, data.GetExtent()) is data

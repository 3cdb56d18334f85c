"""What is mirrored has at each place what the data has at the place in the mirror, in whatever form it is stored.

VTK puts an image off by twice its origin, leaves vectors of a rectilinear grid at other points, and leaves out the
arrays of cells of structured grids and of strips, with the marks of what is hidden.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from vtkmodules.vtkCommonCore import vtkIdList
from vtkmodules.vtkCommonDataModel import VTK_HEXAHEDRON, vtkCellArray, vtkMultiBlockDataSet, vtkRectilinearGrid
from vtkmodules.vtkFiltersCore import vtkAppendFilter
from vtkmodules.vtkFiltersGeneral import vtkImageDataToPointSet

from apvserver.vtk.algorithms.cell_groups import visible_cells
from apvserver.vtk.base.blocks import leaves
from apvserver.vtk.base.errors import VtkError
from apvserver.vtk.types.catalog import construct

from ..harness.apvdata import Numbers, array, image, made_of, numbers, places, with_cells, with_points
from ..harness.sweep_data import GHOSTS, HIDDEN_CELL, poly

PLANES = ("X Min", "Y Min", "Z Min", "X Max", "Y Max", "Z Max")
SLOPE = np.array([3.0, 5.0, 7.0])


def vectors(where: Numbers) -> Numbers:
    return np.stack([where[:, 1] - 1, 2 - where[:, 0], 0.5 + 0.1 * where[:, 2]], 1)


def middles(data: Any) -> Numbers:
    """The means of the corners of cells, of hidden ones as well."""
    where, ids, found = places(data), vtkIdList(), []
    for index in range(data.GetNumberOfCells()):
        data.GetCellPoints(index, ids)
        found.append(where[[ids.GetId(one) for one in range(ids.GetNumberOfIds())]].mean(axis=0))
    return np.array(found)


def dressed(data: Any) -> Any:
    where, inside = places(data), middles(data)
    with_points(data, f=where @ SLOPE, v=vectors(where), n=np.arange(3 * len(where)).reshape(-1, 3).astype(np.uint8))
    hidden = np.arange(len(inside)) % 5 == 2
    marks = np.where(hidden, HIDDEN_CELL, 0).astype(np.uint8)
    with_cells(data, c=inside @ SLOPE, cv=vectors(inside), **{GHOSTS: marks})
    data.GetPointData().SetTCoords(array(where * [0.1, 0.2, 0.3], "uvw"))
    return data


def _image(**options: Any) -> Any:
    return dressed(image(4, 5, 3, origin=(0.25, -1, 2), spacing=(1, 1.5, 0.5), **options))


def _structured() -> Any:
    convert = vtkImageDataToPointSet()
    convert.SetInputData(image(4, 5, 3, origin=(0.25, -1, 2), spacing=(1, 1.5, 0.5)))
    convert.Update()
    return dressed(convert.GetOutput())


def _rectilinear() -> Any:
    made = vtkRectilinearGrid()
    made.SetDimensions(4, 3, 2)
    for axis, values in (("X", [0.5, 1, 3, 4]), ("Y", [-1.0, 2, 3]), ("Z", [2.0, 5])):
        getattr(made, f"Set{axis}Coordinates")(array(np.array(values), axis))
    return dressed(made)


def _cells() -> Any:
    append = vtkAppendFilter()
    append.AddInputData(image(4, 5, 3, origin=(0.25, -1, 2), spacing=(1, 1.5, 0.5)))
    append.Update()
    made = append.GetOutput()
    made.SetCells(VTK_HEXAHEDRON, _as_hexahedra(made))
    return dressed(made)


def _as_hexahedra(data: Any) -> Any:
    made, ids = vtkCellArray(), vtkIdList()
    for index in range(data.GetNumberOfCells()):
        data.GetCellPoints(index, ids)
        made.InsertNextCell(8, [ids.GetId(one) for one in (0, 1, 3, 2, 4, 5, 7, 6)])
    return made


FORMS: dict[str, Callable[[], Any]] = {
    "image": _image,
    "image whose extent begins elsewhere": lambda: _image(first=(3, -2, 5)),
    "turned image": lambda: _image(direction=(0.8, -0.6, 0, 0.6, 0.8, 0, 0, 0, 1)),
    "rectilinear": _rectilinear,
    "structured": _structured,
    "cells": _cells,
}


def assert_mirrored(found: Any, axis: int, at: float) -> None:
    """Each value is that of the place in the mirror, of vectors the one along the axis turned around."""
    around = np.where(np.arange(3) == axis, -1.0, 1.0)
    where, inside = (
        rows * around + np.where(np.arange(3) == axis, 2 * at, 0) for rows in (places(found), middles(found))
    )
    np.testing.assert_allclose(numbers(found, "f"), where @ SLOPE, atol=1e-5)
    np.testing.assert_allclose(numbers(found, "v"), vectors(where) * around, atol=1e-5)
    np.testing.assert_allclose(numbers(found, "uvw"), where * [0.1, 0.2, 0.3], atol=1e-5)
    assert found.GetPointData().GetTCoords().GetName() == "uvw"
    np.testing.assert_allclose(numbers(found, "c", "Cell"), inside @ SLOPE, atol=1e-5)
    np.testing.assert_allclose(numbers(found, "cv", "Cell"), vectors(inside) * around, atol=1e-5)


@pytest.mark.parametrize("plane", PLANES)
@pytest.mark.parametrize("form", FORMS)
def test_each_value_is_that_of_the_place_in_the_mirror(form: str, plane: str) -> None:
    data, axis = FORMS[form](), "XYZ".index(plane[0])
    at = data.GetBounds()[2 * axis + (plane.endswith("Max"))]
    for type_name, given in (
        ("Reflect", {"Plane": plane}),
        ("AxisAlignedReflect", {"PlaneMode": plane, "ReflectAllInputArrays": True}),
    ):
        own, mirrored = leaves(made_of(type_name, data, given))
        np.testing.assert_allclose(places(own), places(data), atol=1e-5)
        assert_mirrored(mirrored, axis, at)
        assert (~visible_cells(mirrored)).sum() == (~visible_cells(data)).sum() > 0
        hidden = middles(mirrored)[~visible_cells(mirrored)]
        hidden[:, axis] = 2 * at - hidden[:, axis]
        wanted = middles(data)[~visible_cells(data)]
        np.testing.assert_allclose(np.array(sorted(map(tuple, hidden.round(4)))), sorted(map(tuple, wanted.round(4))))
        (alone,) = leaves(made_of(type_name, data, {**given, "CopyInput": False}))
        assert_mirrored(alone, axis, at)


@pytest.mark.parametrize("form", ["image", "rectilinear", "structured"])
def test_a_plane_of_ones_own_and_vectors_that_stay(form: str) -> None:
    data = FORMS[form]()
    plane = {"ReflectionPlane.Origin": [1.5, 0, 0], "ReflectionPlane.Normal": [1, 0, 0], "PlaneMode": "Interactive"} | {
        "ReflectAllInputArrays": True
    }
    _, mirrored = leaves(made_of("AxisAlignedReflect", data, plane))
    assert_mirrored(mirrored, 0, 1.5)
    _, mirrored = leaves(made_of("Reflect", data, {"Plane": "Y Max", "FlipAllInputArrays": False}))
    where = places(mirrored)
    where[:, 1] = 2 * data.GetBounds()[3] - where[:, 1]
    np.testing.assert_allclose(numbers(mirrored, "v"), vectors(where), atol=1e-5)  # no vectors are marked as active


def test_values_are_found_in_a_mirrored_rectilinear_grid() -> None:
    _, mirrored = leaves(made_of("Reflect", _rectilinear(), {"Plane": "X Max"}))
    line = {"Point1": [4.25, 0, 3], "Point2": [7.25, 1, 3], "Resolution": 3}
    found = made_of("PlotOverLine", made_of("VisibleCells", mirrored), line)
    where = places(found) * [-1, 1, 1] + [8, 0, 0]
    valid = numbers(found, "vtkValidPointMask") == 1
    assert valid.sum() >= 2
    np.testing.assert_allclose(numbers(found, "f")[valid], (where @ SLOPE)[valid], rtol=1e-6)


def test_images_in_blocks_are_mirrored_at_the_end_of_all() -> None:
    blocks = vtkMultiBlockDataSet()
    blocks.SetBlock(0, _image())
    blocks.SetBlock(2, dressed(image(3, 3, 3, origin=(10, 1, 1))))
    found = list(leaves(made_of("Reflect", blocks, {"Plane": "X Max"})))
    assert [one.GetBounds()[:2] for one in found] == [(0.25, 3.25), (10, 12), (20.75, 23.75), (12, 14)]
    for one in found[2:]:
        assert_mirrored(one, 0, 12.0)


def test_strips_keep_their_arrays_of_cells() -> None:
    corners = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1], [2, 0, 1], [2, 1, 1], [4, 0, 1.0], [5, 2, 1]])
    data = poly(verts=[[7]], lines=[[6, 7]], polys=[[4, 5, 6]], strips=[[0, 1, 2, 3], [2, 3, 4]], places=corners)
    with_cells(data, c=np.arange(5.0))
    _, mirrored = leaves(made_of("Reflect", data, {"Plane": "X Max"}))
    assert numbers(mirrored, "c", "Cell").tolist() == [0, 1, 2, 3, 4]
    for index in range(5):
        low, high, *others = data.GetCell(index).GetBounds()
        assert mirrored.GetCell(index).GetBounds() == (10 - high, 10 - low, *others)


def test_without_a_filter_before_it_there_is_nothing_to_mend() -> None:
    alone = construct("MendedMirrors")
    with pytest.raises(VtkError, match="part of Reflect"):
        alone.change(_image(), _image(), _image())

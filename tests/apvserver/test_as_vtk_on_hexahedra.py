"""Filters over every kind of grid against VTK's own class on the same cells as hexahedra with doubles.

VTK is right on those. Nothing that it keeps may be lost on the way through the product, and every value of it is the
same at the same place: whether the data is an image, turned, rectilinear, curved, of integers or of many components.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkPlane
from vtkmodules.vtkFiltersCore import (
    vtkAppendFilter,
    vtkCellCenters,
    vtkCellDataToPointData,
    vtkContourFilter,
    vtkCutter,
    vtkElevationFilter,
    vtkPointDataToCellData,
    vtkThreshold,
)
from vtkmodules.vtkFiltersGeneral import (
    vtkGradientFilter,
    vtkShrinkFilter,
    vtkTableBasedClipDataSet,
    vtkWarpScalar,
)
from vtkmodules.vtkFiltersGeometry import vtkDataSetSurfaceFilter

from apvserver.vtk.algorithms.turned import with_hexahedra
from apvserver.vtk.base.array_types import as_numpy

from ..harness.apvdata import array, executed, made_of, over, pipeline_input
from ..harness.sweep_kinds import KINDS

SCALARS = {
    **dict.fromkeys(("image", "plane", "plane across x", "image far in its indices", "turned image", "hexahedra"), "p"),
    **dict.fromkeys(("rectilinear", "structured", "structured sheet", "sphere", "arrays of points only"), "p"),
    "integers": "puint8",
    "integers of cells": "pint64",
}
"""Kinds of data, and the array that is cut by."""


def as_hexahedra(data: Any) -> Any:
    """The same cells, voxels as hexahedra, and every array as doubles."""
    append = vtkAppendFilter()
    append.AddInputData(data)
    append.SetOutputPointsPrecision(2)
    append.Update()
    made = with_hexahedra(append.GetOutput())
    for attributes in (made.GetPointData(), made.GetCellData()):
        marked = {kind: attributes.GetAttribute(kind) for kind in range(4)}
        names = {kind: one.GetName() for kind, one in marked.items() if one is not None}
        for index in range(attributes.GetNumberOfArrays()):
            one = attributes.GetArray(index)
            attributes.AddArray(array(as_numpy(one).astype(float), one.GetName()))
        for kind, name in names.items():
            attributes.SetActiveAttribute(name, kind)
    return made


def chosen(filter: Any, name: str, association: int = 0) -> Any:
    filter.SetInputArrayToProcess(0, 0, 0, association, name)
    return filter


def at(filter: Any, plane: vtkPlane) -> Any:
    (filter.SetCutFunction if hasattr(filter, "SetCutFunction") else filter.SetClipFunction)(plane)
    return filter


def with_(filter: Any, **values: Any) -> Any:
    for name, value in values.items():
        getattr(filter, f"Set{name}")(*value) if isinstance(value, tuple) else getattr(filter, f"Set{name}")(value)
    return filter


def _threshold(name: str) -> Any:
    return with_(chosen(vtkThreshold(), name), LowerThreshold=3.0, UpperThreshold=8.0)


def _contour(name: str) -> Any:
    filter = with_(chosen(vtkContourFilter(), name), ComputeNormals=False)
    filter.SetValue(0, 4.3)
    return filter


LOW, HIGH = (0.5, 1.0, 2.0), (4.0, 7.0, 11.0)
SCALAR_FILTERS: dict[str, tuple[Callable[[str], dict[str, Any]], Callable[[str], Any]]] = {
    "Threshold": (
        lambda name: {"Scalars": ["POINTS", name], "LowerThreshold": 3.0, "UpperThreshold": 8.0},
        _threshold,
    ),
    "Contour": (
        lambda name: {"ContourBy": ["POINTS", name], "Isosurfaces": [4.3], "ComputeNormals": False},
        _contour,
    ),
    "Gradient": (
        lambda name: {"ScalarArray": ["POINTS", name]},
        lambda name: with_(chosen(vtkGradientFilter(), name), ResultArrayName="Gradient"),
    ),
    "WarpByScalar": (
        lambda name: {"Scalars": ["POINTS", name], "ScaleFactor": 0.1},
        lambda name: with_(chosen(vtkWarpScalar(), name), ScaleFactor=0.1),
    ),
}
FILTERS: dict[str, tuple[dict[str, Any], Callable[[], Any]]] = {
    "CellCenters": ({}, vtkCellCenters),
    "CellDatatoPointData": ({}, vtkCellDataToPointData),
    "PointDatatoCellData": ({}, vtkPointDataToCellData),
    "Elevation": (
        {"LowPoint": list(LOW), "HighPoint": list(HIGH)},
        lambda: with_(vtkElevationFilter(), LowPoint=LOW, HighPoint=HIGH),
    ),
    "Shrink": ({"ShrinkFactor": 0.4}, lambda: with_(vtkShrinkFilter(), ShrinkFactor=0.4)),
    "ExtractSurface": ({}, vtkDataSetSurfaceFilter),
}
MORE = ("2, 4, 6 and 9 components", "components of a surface", "arrays of cells only")


def values(data: Any) -> dict[tuple[int, str], dict[tuple[float, ...], Any]]:
    """By array: at each place the mean of the values there, of points, and of cells at the mean of their points."""
    cells = (vtk_to_numpy(data.GetCell(index).GetPoints().GetData()) for index in range(data.GetNumberOfCells()))
    middles = np.array([points.mean(axis=0, dtype=float) for points in cells]).reshape(-1, 3)
    places = {0: _rounded(_points(data)), 1: _rounded(middles)}
    found: dict[tuple[int, str], dict[tuple[float, ...], Any]] = {}
    for kind, where in places.items():
        attributes = data.GetAttributes(kind)
        for index in range(attributes.GetNumberOfArrays()):
            one = attributes.GetArray(index)
            if one is not None and one.GetName() != "vtkGhostType":
                found[kind, one.GetName()] = _means(where, as_numpy(one).astype(float))
    return found


def _points(data: Any) -> Any:
    append = vtkAppendFilter()
    append.AddInputData(data)
    append.SetOutputPointsPrecision(2)
    append.Update()
    points = append.GetOutput().GetPoints()
    return np.zeros((0, 3)) if points is None else vtk_to_numpy(points.GetData())


def _rounded(places: Any) -> Any:
    return np.round(places.astype(float), 3) + 0.0


def _means(places: Any, numbers: Any) -> dict[tuple[float, ...], Any]:
    if not len(places):
        return {}
    different, where = np.unique(places, axis=0, return_inverse=True)
    numbers = numbers.reshape(len(places), -1)
    sums = np.zeros((len(different), numbers.shape[1]))
    np.add.at(sums, where.ravel(), numbers)
    counts = np.bincount(where.ravel())[:, None]
    return dict(zip(map(tuple, different.tolist()), sums / counts, strict=True))


def assert_same(made: Any, plain: Any) -> None:
    ours, right = values(made), values(plain)
    assert ours.keys() >= right.keys(), f"lost: {right.keys() - ours.keys()}"
    for key, expected in right.items():
        assert ours[key].keys() == expected.keys(), key
        for place, value in expected.items():
            np.testing.assert_allclose(ours[key][place], value, rtol=2e-5, atol=2e-5, err_msg=f"{key} at {place}")


@pytest.mark.parametrize("type_name", SCALAR_FILTERS)
@pytest.mark.parametrize("kind", SCALARS)
def test_what_is_cut_by_an_array_is_what_vtk_makes_of_hexahedra(type_name: str, kind: str) -> None:
    if (type_name, kind) == ("Gradient", "rectilinear"):
        return  # between unequal steps VTK takes central differences, which are as right as means over cells
    properties, plain = SCALAR_FILTERS[type_name]
    filter = plain(SCALARS[kind])
    filter.SetInputData(as_hexahedra(KINDS[kind]()))
    filter.Update()
    made = made_of(type_name, KINDS[kind](), properties(SCALARS[kind]))
    assert_same(made, filter.GetOutput())


@pytest.mark.parametrize("type_name", FILTERS)
@pytest.mark.parametrize("kind", [*SCALARS, *MORE])
def test_what_works_on_all_arrays_is_what_vtk_makes_of_hexahedra(type_name: str, kind: str) -> None:
    properties, plain = FILTERS[type_name]
    filter = plain()
    filter.SetInputData(as_hexahedra(KINDS[kind]()))
    filter.Update()
    assert_same(made_of(type_name, KINDS[kind](), properties), filter.GetOutput())


@pytest.mark.parametrize("type_name", ["Slice", "Clip"])
@pytest.mark.parametrize("kind", [*SCALARS, *MORE])
def test_what_is_cut_by_a_plane_is_what_vtk_makes_of_hexahedra(type_name: str, kind: str) -> None:
    data = KINDS[kind]()
    origin, normal = np.array(data.GetCenter()) + np.array([0.013, 0.017, 0.011]), (0.6, 0.7, 0.39)
    plane = with_(vtkPlane(), Origin=tuple(origin), Normal=normal)
    filter = at(vtkCutter() if type_name == "Slice" else vtkTableBasedClipDataSet(), plane)
    filter.SetInputData(as_hexahedra(data))
    filter.Update()
    pipeline = over(data)
    pipeline.create(3, "objects/Plane", {"Origin": origin.tolist(), "Normal": list(normal)})
    held = "SliceType" if type_name == "Slice" else "ClipType"
    properties = {} if type_name == "Slice" else {"Invert": False}
    pipeline.create(2, type_name, properties, {pipeline_input(type_name): [(1, 0)]}, {held: 3})
    assert_same(executed(pipeline, 2), filter.GetOutput())

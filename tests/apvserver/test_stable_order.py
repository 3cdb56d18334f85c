"""Surfaces that several threads find: the same each time, in the order of the data, with the values of their cells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkSMPTools
from vtkmodules.vtkCommonDataModel import vtkImageData, vtkMultiBlockDataSet, vtkUnstructuredGrid
from vtkmodules.vtkFiltersCore import vtkAppendFilter
from vtkmodules.vtkFiltersSources import vtkCellTypeSource
from vtkmodules.vtkImagingCore import vtkRTAnalyticSource

from apvserver.vtk.base.associations import ColorArray
from apvserver.vtk.base.data_making import add_array
from apvserver.vtk.data.original_ids import numbered
from apvserver.vtk.geometry.extraction import FULL, extract, extraction_properties
from apvserver.vtk.geometry.geometry import extract_geometry

THREADS = 4
TIMES = 12
KINDS = {
    "tetrahedra": 10, "hexahedra": 12, "wedges": 13, "pyramids": 14, "triangles": 5, "quads": 9, "lines": 3,
    "quadratic hexahedra": 25, "quadratic tetrahedra": 24, "Lagrange hexahedra": 72,
}  # fmt: skip
"""By VTK's numbers of them."""


@pytest.fixture(autouse=True)
def _with_threads() -> Iterator[None]:
    before = vtkSMPTools.GetBackend(), vtkSMPTools.GetEstimatedNumberOfThreads()
    vtkSMPTools.SetBackend("STDThread")
    vtkSMPTools.Initialize(THREADS)
    yield
    vtkSMPTools.SetBackend(before[0])
    vtkSMPTools.Initialize(before[1])


def cells_of_kind(kind: int, blocks: int = 9) -> Any:
    source = vtkCellTypeSource()
    source.SetCellType(kind)
    source.SetBlocksDimensions(blocks, blocks, blocks)
    source.Update()
    made = vtkUnstructuredGrid()
    made.ShallowCopy(source.GetOutput())
    made.GetPointData().Initialize()
    made.GetCellData().Initialize()
    return made


def mixed() -> Any:
    append = vtkAppendFilter()
    append.MergePointsOff()
    for kind in (12, 10, 13, 3, 5, 25):
        append.AddInputData(cells_of_kind(kind, 6))
    append.Update()
    return append.GetOutput()


def image(*, hidden: bool = False) -> Any:
    source = vtkRTAnalyticSource()
    source.SetWholeExtent(-9, 9, -8, 8, -7, 7)
    source.Update()
    made = vtkImageData()
    made.CopyStructure(source.GetOutput())
    if hidden:
        for cell in range(0, made.GetNumberOfCells(), 7):
            made.BlankCell(cell)
    return made


def plane() -> Any:
    made = vtkImageData()
    made.SetDimensions(90, 80, 1)
    return made


def blocks() -> Any:
    made = vtkMultiBlockDataSet()
    for number, one in enumerate((image(), cells_of_kind(12), plane())):
        made.SetBlock(number, one)
    return made


DATA: dict[str, Any] = {
    **{name: lambda kind=kind: cells_of_kind(kind) for name, kind in KINDS.items()},
    "mixed": mixed,
    "an image": image,
    "an image with hidden cells": lambda: image(hidden=True),
    "a plane": plane,
}


def told(surface: Any) -> list[Any]:
    """All of a surface, as it stands."""
    found: list[Any] = [vtk_to_numpy(surface.GetPoints().GetData()).tolist()]
    for cells in (surface.GetVerts(), surface.GetLines(), surface.GetPolys(), surface.GetStrips()):
        if cells.GetNumberOfCells():
            found += [vtk_to_numpy(one).tolist() for one in (cells.GetOffsetsArray(), cells.GetConnectivityArray())]
    for attributes in (surface.GetPointData(), surface.GetCellData()):
        for index in range(attributes.GetNumberOfArrays()):
            array = attributes.GetArray(index)
            found.append((array.GetName(), vtk_to_numpy(array).tolist()))
    return found


@pytest.mark.parametrize("kind", DATA)
def test_a_surface_is_the_same_each_time_and_has_the_values_of_its_cells(kind: str) -> None:
    data = DATA[kind]()
    middles = np.array(
        [np.mean(np.reshape(data.GetCell(n).GetBounds(), (3, 2)), axis=1) for n in range(data.GetNumberOfCells())]
    )
    add_array(data.GetCellData(), "middle", middles)
    color = ColorArray("CELLS", "middle", "Magnitude")
    first = extract_geometry(data, color_by=color)
    assert first.GetNumberOfCells() > THREADS
    expected = told(first)
    for _ in range(TIMES):
        assert told(extract_geometry(data, color_by=color)) == expected
    of_cells = vtk_to_numpy(first.GetCellData().GetArray("middle"))
    for number in range(first.GetNumberOfCells()):  # each face lies within the box around its cell
        bounds = np.reshape(first.GetCell(number).GetBounds(), (3, 2))
        assert (np.abs(bounds - of_cells[number][:, None]) <= 0.5 + 1e-6).all()


@pytest.mark.parametrize("kind", DATA)
def test_it_has_what_one_thread_finds(kind: str) -> None:
    data = DATA[kind]()
    add_array(data.GetPointData(), "place", np.array([data.GetPoint(n) for n in range(data.GetNumberOfPoints())]))
    color = ColorArray("POINTS", "place", "Magnitude")
    several = extract_geometry(data, color_by=color)
    vtkSMPTools.SetBackend("Sequential")
    alone = extract_geometry(data, color_by=color)

    def corners(surface: Any) -> list[Any]:
        places = vtk_to_numpy(surface.GetPoints().GetData())
        np.testing.assert_allclose(vtk_to_numpy(surface.GetPointData().GetArray("place")), places, atol=1e-5)
        found = []
        for number in range(surface.GetNumberOfCells()):
            ids = surface.GetCell(number).GetPointIds()
            found.append([tuple(places[ids.GetId(k)].tolist()) for k in range(ids.GetNumberOfIds())])
        firsts = [one.index(min(one)) if len(one) > 2 else 0 for one in found]  # it may begin at any of its corners
        return sorted(one[first:] + one[:first] for one, first in zip(found, firsts, strict=True))

    assert several.GetNumberOfPoints() == alone.GetNumberOfPoints()
    assert corners(several) == corners(alone)
    assert several.GetCellData().GetNumberOfArrays() == alone.GetCellData().GetNumberOfArrays() == 0
    assert several.GetPointData().GetNumberOfArrays() == 1


@pytest.mark.parametrize("representation", ["Surface", "Surface With Edges", "Wireframe", "Points", "Feature Edges"])
@pytest.mark.parametrize("kind", ["mixed", "an image", "blocks"])
def test_what_is_drawn_can_be_found_again_in_the_data(kind: str, representation: str) -> None:
    data = blocks() if kind == "blocks" else DATA[kind]()
    properties = extraction_properties({"Representation": representation})
    expected = told(extract(numbered(data), properties).parts[FULL])
    for _ in range(TIMES):
        assert told(extract(numbered(data), properties).parts[FULL]) == expected

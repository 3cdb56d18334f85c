"""Whatever the data set, its surface comes out, with the arrays that are needed and no others."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkDoubleArray
from vtkmodules.vtkCommonDataModel import (
    vtkDataSetAttributes,
    vtkImageData,
    vtkMolecule,
    vtkMultiBlockDataSet,
    vtkPartitionedDataSetCollection,
    vtkPolyData,
    vtkRectilinearGrid,
    vtkStructuredGrid,
    vtkTable,
    vtkUnstructuredGrid,
)
from vtkmodules.vtkFiltersCore import vtkAppendFilter
from vtkmodules.vtkFiltersGeneral import vtkImageDataToPointSet
from vtkmodules.vtkFiltersSources import vtkHyperTreeGridSource, vtkSphereSource

from apvserver.vtk.base.associations import ColorArray, GeometryError, array_range, find_array
from apvserver.vtk.geometry.geometry import extract_geometry

PRESSURE = ColorArray("POINTS", "pressure")


def add(attributes: vtkDataSetAttributes, name: str, values: np.ndarray) -> None:
    array = numpy_to_vtk(values, deep=True)
    array.SetName(name)
    attributes.AddArray(array)


def image(size: int = 4) -> vtkImageData:
    made = vtkImageData()
    made.SetDimensions(size, size, size)
    add(made.GetPointData(), "pressure", np.arange(size**3, dtype=np.float64))
    add(made.GetPointData(), "velocity", np.ones((size**3, 3)) * (3.0, 4.0, 0.0))
    add(made.GetCellData(), "material", np.arange((size - 1) ** 3, dtype=np.uint8))
    return made


def rectilinear() -> vtkRectilinearGrid:
    made = vtkRectilinearGrid()
    made.SetDimensions(4, 4, 4)
    for axis in "XYZ":
        coordinates = vtkDoubleArray()
        for value in range(4):
            coordinates.InsertNextValue(value)
        getattr(made, f"Set{axis}Coordinates")(coordinates)
    made.GetPointData().ShallowCopy(image().GetPointData())
    made.GetCellData().ShallowCopy(image().GetCellData())
    return made


def structured() -> vtkStructuredGrid:
    convert = vtkImageDataToPointSet()
    convert.SetInputData(image())
    convert.Update()
    return convert.GetOutput()


def unstructured() -> vtkUnstructuredGrid:
    append = vtkAppendFilter()
    append.AddInputData(image())
    append.Update()
    return append.GetOutput()


def sphere() -> vtkPolyData:
    source = vtkSphereSource()
    source.Update()
    made = source.GetOutput()
    add(made.GetPointData(), "pressure", np.linspace(0.0, 1.0, made.GetNumberOfPoints()))
    add(made.GetPointData(), "unused", np.zeros(made.GetNumberOfPoints()))
    return made


def array_names(surface: vtkPolyData) -> set[str]:
    attributes = (surface.GetPointData(), surface.GetCellData())
    return {kind.GetArrayName(i) for kind in attributes for i in range(kind.GetNumberOfArrays())}


def blocks(*data_sets: Any) -> vtkMultiBlockDataSet:
    made = vtkMultiBlockDataSet()
    for index, data_set in enumerate(data_sets):
        made.SetBlock(index, data_set)
    return made


@pytest.mark.parametrize("make", [image, rectilinear, structured, unstructured])
def test_grids_give_their_outer_surface_with_the_one_array(make: Callable[[], Any]) -> None:
    surface = extract_geometry(make(), color_by=PRESSURE)
    assert isinstance(surface, vtkPolyData)
    assert surface.GetNumberOfCells() == 6 * 9
    assert surface.GetBounds() == (0.0, 3.0, 0.0, 3.0, 0.0, 3.0)
    assert array_names(surface) == {"pressure"}
    assert array_range(surface, PRESSURE) == (0.0, 63.0)


def test_cell_arrays_follow_their_cells() -> None:
    color_by = ColorArray("CELLS", "material", 0)
    surface = extract_geometry(image(), color_by=color_by)
    assert array_names(surface) == {"material"}
    inner = 1 + 3 * (1 + 3 * 1)  # the one cell of 27 without a face outside
    assert set(vtk_to_numpy(find_array(surface, color_by)).tolist()) == set(range(27)) - {inner}


def test_polydata_is_shared_not_copied() -> None:
    source = sphere()
    surface = extract_geometry(source, color_by=PRESSURE)
    assert surface is not source
    assert surface.GetPoints() is source.GetPoints()
    assert surface.GetPolys() is source.GetPolys()
    assert find_array(surface, PRESSURE) is find_array(source, PRESSURE)
    assert array_names(surface) == {"pressure", "Normals"}
    assert surface.GetPointData().GetNormals() is source.GetPointData().GetNormals()
    assert array_names(source) == {"pressure", "unused", "Normals"}


def test_without_a_colour_only_normals_remain() -> None:
    assert array_names(extract_geometry(sphere())) == {"Normals"}
    assert array_names(extract_geometry(image())) == set()


def test_components_and_magnitude() -> None:
    surface = extract_geometry(image(), color_by=ColorArray("POINTS", "velocity"))
    assert array_range(surface, ColorArray("POINTS", "velocity")) == (5.0, 5.0)
    assert array_range(surface, ColorArray("POINTS", "velocity", 1)) == (4.0, 4.0)
    with pytest.raises(GeometryError, match="has 3 components, numbered from 0, called X, Y, Z: there is no"):
        extract_geometry(image(), color_by=ColorArray("POINTS", "velocity", 3))


def test_ranges_ignore_what_is_not_finite() -> None:
    surface = sphere()
    add(surface.GetPointData(), "p", np.r_[np.nan, np.inf, 2.0, np.full(surface.GetNumberOfPoints() - 3, 3.0)])
    assert array_range(surface, ColorArray("POINTS", "p")) == (2.0, 3.0)
    add(surface.GetPointData(), "p", np.full(surface.GetNumberOfPoints(), np.nan))
    assert array_range(surface, ColorArray("POINTS", "p")) is None


def test_a_missing_array_is_named_with_the_nearest_and_all_others() -> None:
    with pytest.raises(GeometryError, match=r"Did you mean 'pressure'\? Known: pressure, velocity"):
        extract_geometry(image(), color_by=ColorArray("POINTS", "presure"))
    with pytest.raises(GeometryError, match=r"use \('POINTS', 'pressure'\)"):
        extract_geometry(image(), color_by=ColorArray("CELLS", "pressure"))


def test_composites_are_merged_and_blocks_without_the_array_still_drawn() -> None:
    bare = sphere()
    bare.GetPointData().RemoveArray("pressure")
    surface = extract_geometry(blocks(image(), bare, None, blocks(sphere())), color_by=PRESSURE)
    assert surface.GetNumberOfCells() == 54 + 2 * bare.GetNumberOfCells()
    values = vtk_to_numpy(find_array(surface, PRESSURE))
    assert np.isnan(values).sum() == bare.GetNumberOfPoints()
    assert array_range(surface, PRESSURE) == (0.0, 63.0)


def test_labels_of_complete_composites_stay_integers() -> None:
    color_by = ColorArray("CELLS", "material", 0)
    surface = extract_geometry(blocks(image(), image(3)), color_by=color_by)
    assert vtk_to_numpy(find_array(surface, color_by)).dtype == np.uint8


def test_a_composite_where_no_block_has_the_array() -> None:
    with pytest.raises(GeometryError, match="no point array is called 'heat'"):
        extract_geometry(blocks(image(), sphere()), color_by=ColorArray("POINTS", "heat"))


def test_partitioned_collections_and_empty_composites() -> None:
    collection = vtkPartitionedDataSetCollection()
    collection.SetPartition(0, 0, image())
    collection.SetPartition(0, 1, image())
    assert extract_geometry(collection, color_by=PRESSURE).GetNumberOfCells() == 108
    assert extract_geometry(vtkMultiBlockDataSet()).GetNumberOfCells() == 0
    assert extract_geometry(vtkPolyData()).GetNumberOfCells() == 0


def test_hyper_tree_grids_have_a_surface() -> None:
    source = vtkHyperTreeGridSource()
    source.SetDimensions(3, 3, 3)
    source.SetMaxDepth(1)
    source.SetDescriptor("........")
    source.Update()
    assert extract_geometry(source.GetHyperTreeGridOutput()).GetNumberOfCells() == 6 * 4


@pytest.mark.parametrize("make", [sphere, unstructured])
def test_ghost_cells_are_not_drawn(make: Callable[[], Any]) -> None:
    data_set = make()
    whole = extract_geometry(data_set).GetNumberOfCells()
    ghosts = np.zeros(data_set.GetNumberOfCells(), np.uint8)
    ghosts[0] = vtkDataSetAttributes.DUPLICATECELL
    add(data_set.GetCellData(), vtkDataSetAttributes.GhostArrayName(), ghosts)
    surface = extract_geometry(data_set)
    assert surface.GetNumberOfCells() == whole - (1 if make is sphere else 3)
    assert vtkDataSetAttributes.GhostArrayName() not in array_names(surface)
    assert data_set.GetCellData().HasArray(vtkDataSetAttributes.GhostArrayName())


@pytest.mark.parametrize(
    ("data_object", "words"),
    [(vtkTable(), "a vtkTable has no geometry"), (vtkMolecule(), "vtkMolecule"), (None, "None has no geometry")],
)
def test_what_has_no_surface_says_so(data_object: object, words: str) -> None:
    with pytest.raises(GeometryError, match=words):
        extract_geometry(data_object)


def test_colour_arrays_from_packets() -> None:
    assert ColorArray.from_value(None) is None
    assert ColorArray.from_value(["CELLS", "BoundaryLabels", 0]) == ColorArray("CELLS", "BoundaryLabels", 0)
    assert ColorArray.from_value(("POINTS", "p")) == ColorArray("POINTS", "p", "Magnitude")


@pytest.mark.parametrize(
    "value", ["p", 3, ["CELLS"], ["CELL", "p"], ["CELLS", ""], ["CELLS", "p", -1], ["CELLS", "p", True]]
)
def test_what_is_no_colour_array(value: object) -> None:
    with pytest.raises(GeometryError):
        ColorArray.from_value(value)

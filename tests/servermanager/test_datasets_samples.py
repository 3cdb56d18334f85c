"""One data object of each kind that can travel, for the tests of the data set codec."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any
from zlib import crc32

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonCore import (
    VTK_FLOAT,
    VTK_LONG_LONG,
    vtkBitArray,
    vtkCharArray,
    vtkDataArray,
    vtkDoubleArray,
    vtkFloatArray,
    vtkIdList,
    vtkIdTypeArray,
    vtkLongArray,
    vtkPoints,
    vtkShortArray,
    vtkSOADataArrayTemplate_IfE,
    vtkStringArray,
    vtkUnsignedCharArray,
    vtkUnsignedLongArray,
)
from vtkmodules.vtkCommonDataModel import (
    VTK_HEXAHEDRON,
    VTK_LAGRANGE_QUADRILATERAL,
    VTK_POLY_LINE,
    VTK_POLYHEDRON,
    VTK_TETRA,
    vtkCellArray,
    vtkCompositeDataSet,
    vtkDataAssembly,
    vtkDataObject,
    vtkDataSetAttributes,
    vtkImageData,
    vtkMultiBlockDataSet,
    vtkMultiPieceDataSet,
    vtkPartitionedDataSet,
    vtkPartitionedDataSetCollection,
    vtkPolyData,
    vtkRectilinearGrid,
    vtkStructuredGrid,
    vtkTable,
    vtkUnstructuredGrid,
)


def numeric(cls: Any, name: str | None, tuples: int, components: int = 1, names: Sequence[str] = ()) -> Any:
    array = cls()
    array.SetName(name)
    array.SetNumberOfComponents(components)
    array.SetNumberOfTuples(tuples)
    random = np.random.default_rng(crc32(f"{name} {tuples}".encode()))
    for place in range(tuples):
        for component in range(components):
            array.SetComponent(place, component, int(random.integers(0, 100)))
    for place, component_name in enumerate(names):
        array.SetComponentName(place, component_name)
    return array


def strings(name: str, texts: list[str]) -> Any:
    array = vtkStringArray()
    array.SetName(name)
    for text in texts:
        array.InsertNextValue(text)
    return array


def dress(attributes: Any, tuples: int) -> None:
    """One array of every type, and every active attribute."""
    classes = [
        vtkCharArray,
        vtkShortArray,
        vtkLongArray,
        vtkUnsignedLongArray,
        vtkIdTypeArray,
        vtkFloatArray,
        vtkBitArray,
    ]
    for number in (*range(2, 13), 15, 16, 17):
        attributes.AddArray(numeric(partial(vtkDataArray.CreateDataArray, number), f"type {number}", tuples, 2))
    for cls in classes:
        attributes.AddArray(numeric(cls, cls.__name__, tuples, 3, ("X", "Y", "Z")))
    attributes.AddArray(numeric(vtkDoubleArray, None, tuples))
    attributes.AddArray(numeric(vtkUnsignedCharArray, vtkDataSetAttributes.GhostArrayName(), tuples))
    attributes.AddArray(strings("texts", [f"é {i}" if i % 3 else "" for i in range(tuples)]))
    soa = vtkSOADataArrayTemplate_IfE()
    soa.DeepCopy(numeric(vtkFloatArray, "soa", tuples, 3))
    soa.SetName("soa")
    attributes.AddArray(soa)
    if isinstance(attributes, vtkDataSetAttributes):
        components = [4, 3, 3, 2, 9, 1, 1, 1, 3, 1, 3, 1]
        for kind in range(vtkDataSetAttributes.NUM_ATTRIBUTES):
            cls = vtkIdTypeArray if kind in (5, 6, 11) else vtkFloatArray
            name = vtkDataSetAttributes.GetAttributeTypeAsString(kind)
            place = attributes.AddArray(numeric(cls, f"active {name}", tuples, components[kind]))
            assert attributes.SetActiveAttribute(place, kind) == place


def dressed(data_object: Any) -> Any:
    if data_object.IsA("vtkTable"):
        dress(data_object.GetRowData(), 5)
    elif data_object.IsA("vtkDataSet"):
        dress(data_object.GetPointData(), data_object.GetNumberOfPoints())
        dress(data_object.GetCellData(), data_object.GetNumberOfCells())
    dress(data_object.GetFieldData(), 3)
    data_object.GetInformation().Set(vtkDataObject.DATA_TIME_STEP(), 2.5)
    return data_object


def points(count: int, cls: Any = vtkFloatArray) -> Any:
    result = vtkPoints()
    result.SetData(numeric(cls, "Points", count, 3))
    return result


def cells(lists: Any, storage: str = "64") -> Any:
    result = vtkCellArray()
    if storage.startswith("fixed"):
        getattr(result, f"UseFixedSize{storage[5:]}BitStorage")(len(lists[0]))
    elif storage in ("32", "64"):
        getattr(result, f"Use{storage}BitStorage")()
    for ids in lists:
        result.InsertNextCell(len(ids), ids)
    if storage == "generic":
        generic = vtkCellArray()
        arrays = [
            numpy_to_vtk(vtk_to_numpy(a).astype(np.int16), deep=True)
            for a in (result.GetOffsetsArray(), result.GetConnectivityArray())
        ]
        assert generic.SetData(*arrays)
        return generic
    return result


def image() -> Any:
    grid = vtkImageData()
    grid.SetExtent(-1, 1, 3, 5, 7, 8)
    grid.SetOrigin(1.0, 2.0, 3.0)
    grid.SetSpacing(0.5, 2.0, 1.0)
    grid.SetDirectionMatrix([0, 1, 0, -1, 0, 0, 0, 0, 1])
    return grid


def rectilinear() -> Any:
    grid = vtkRectilinearGrid()
    grid.SetExtent(2, 4, 0, 1, 5, 5)
    grid.SetXCoordinates(numpy_to_vtk(np.array([0.0, 1.0, 4.0]), deep=True))
    grid.SetYCoordinates(numpy_to_vtk(np.array([-1.0, 1.0]), deep=True, array_type=VTK_FLOAT))
    grid.SetZCoordinates(numpy_to_vtk(np.array([3]), deep=True, array_type=VTK_LONG_LONG))
    return grid


def structured() -> Any:
    grid = vtkStructuredGrid()
    grid.SetExtent(1, 3, 0, 2, 4, 5)
    grid.SetPoints(points(18, vtkDoubleArray))
    return grid


def poly(storage: str = "64") -> Any:
    mesh = vtkPolyData()
    mesh.SetPoints(points(6))
    uneven = not storage.startswith("fixed")
    mesh.SetVerts(cells([[0], [1, 2] if uneven else [1]], storage))
    mesh.SetLines(cells([[0, 1, 2], [3, 4, 5]], storage))
    mesh.SetPolys(cells([[0, 1, 2], [2, 3, 4, 5] if uneven else [2, 3, 4]], storage))
    mesh.SetStrips(cells([[0, 1, 2, 3]], storage))
    return mesh


def unstructured(storage: str = "64") -> Any:
    grid = vtkUnstructuredGrid()
    grid.SetPoints(points(10))
    kinds = numpy_to_vtk(np.array([VTK_TETRA, VTK_HEXAHEDRON, VTK_POLY_LINE], "u1"), deep=True)
    grid.SetCells(kinds, cells([[0, 1, 2, 3], list(range(8)), [1, 9]], storage))
    return grid


def one_type(storage: str) -> Any:
    """Cells of one type: VTK keeps the types in an implicit array."""
    grid = vtkUnstructuredGrid()
    grid.SetPoints(points(5))
    grid.SetCells(VTK_TETRA, cells([[0, 1, 2, 3], [1, 2, 3, 4]], storage))
    return grid


def polyhedra() -> Any:
    grid = vtkUnstructuredGrid()
    grid.SetPoints(points(8))
    grid.InsertNextCell(VTK_TETRA, 4, [0, 1, 2, 3])
    stream = [4, 3, 4, 5, 6, 3, 4, 5, 7, 3, 5, 6, 7, 3, 6, 4, 7]

    faces = vtkIdList()
    for item in stream:
        faces.InsertNextId(item)
    grid.InsertNextCell(VTK_POLYHEDRON, faces)
    return grid


def lagrange() -> Any:
    grid = vtkUnstructuredGrid()
    grid.SetPoints(points(6))
    grid.SetCells(VTK_LAGRANGE_QUADRILATERAL, cells([[0, 1, 2, 3, 4, 5]]))
    degrees = numeric(vtkDoubleArray, "degrees", 1, 3)
    degrees.SetTuple3(0, 2, 1, 1)
    grid.GetCellData().SetHigherOrderDegrees(degrees)
    return grid


def multiblock() -> Any:
    blocks = vtkMultiBlockDataSet()
    inner, pieces = vtkMultiBlockDataSet(), vtkMultiPieceDataSet()
    inner.SetBlock(0, dressed(image()))
    inner.SetBlock(1, dressed(vtkTable()))
    inner.GetMetaData(0).Set(vtkCompositeDataSet.NAME(), "the image, é")
    pieces.SetPiece(0, poly())
    pieces.SetNumberOfPieces(2)
    for place, block in enumerate((dressed(inner), pieces, None, unstructured("32"))):
        blocks.SetBlock(place, block)
    blocks.GetMetaData(2).Set(vtkCompositeDataSet.NAME(), "an empty block")
    return blocks


def collection() -> Any:
    result = vtkPartitionedDataSetCollection()
    for place in range(3):
        parts = vtkPartitionedDataSet()
        parts.SetPartition(0, dressed(poly()))
        parts.GetMetaData(0).Set(vtkCompositeDataSet.NAME(), f"part {place}")
        result.SetPartitionedDataSet(place, parts)
    result.GetMetaData(1).Set(vtkCompositeDataSet.NAME(), "fluid")
    assembly = vtkDataAssembly()
    assembly.SetRootNodeName("machine")
    outer = assembly.AddNode("outer")
    inner = assembly.AddNode("inner", assembly.AddNode("middle", outer))
    assembly.AddNode("late", outer)
    assembly.AddDataSetIndex(inner, 2)
    assembly.AddDataSetIndices(outer, [0, 1])
    assembly.SetAttribute(inner, "label", "<ü & \"quoted\"> 'x'")
    result.SetDataAssembly(assembly)
    return result


SAMPLES = {
    "image": lambda: dressed(image()),
    "rectilinear": lambda: dressed(rectilinear()),
    "structured": lambda: dressed(structured()),
    **{f"poly {s}": lambda s=s: dressed(poly(s)) for s in ("64", "32", "fixed64", "fixed32", "generic")},
    **{f"grid {s}": lambda s=s: dressed(unstructured(s)) for s in ("64", "32", "generic")},
    **{f"one type {s}": lambda s=s: one_type(s) for s in ("64", "fixed64", "fixed32")},
    "polyhedra": lambda: dressed(polyhedra()),
    "lagrange": lagrange,
    "table": lambda: dressed(vtkTable()),
    "multiblock": multiblock,
    "collection": collection,
    **{
        f"empty {cls.__name__}": cls
        for cls in (
            vtkImageData,
            vtkRectilinearGrid,
            vtkStructuredGrid,
            vtkPolyData,
            vtkUnstructuredGrid,
            vtkTable,
            vtkMultiBlockDataSet,
            vtkPartitionedDataSet,
            vtkPartitionedDataSetCollection,
        )
    },
}

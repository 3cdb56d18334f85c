"""The deep comparison that the tests of the data set codec rest on, and proof that it sees differences."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkDataArray, vtkIndent
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkCompositeDataSet, vtkDataObject, vtkDataSetAttributes

from .test_datasets_samples import SAMPLES, dressed, poly, strings


def array_facts(array: Any) -> Any:
    if array is None:
        return None
    count = array.GetNumberOfComponents()
    names = [array.GetComponentName(i) for i in range(count)] if array.HasAComponentName() else None
    shape = (array.GetNumberOfTuples(), count)
    if isinstance(array, vtkDataArray):
        content = [array.GetTuple(i) for i in range(shape[0])]
    else:
        content = [array.GetValue(i) for i in range(shape[0] * count)]
    return array.GetName(), array.GetDataType(), shape, names, content


def attribute_facts(data: Any) -> Any:
    active = [-1] * vtkDataSetAttributes.NUM_ATTRIBUTES
    if isinstance(data, vtkDataSetAttributes):
        data.GetAttributeIndices(active)
    return [array_facts(data.GetAbstractArray(i)) for i in range(data.GetNumberOfArrays())], active


def cell_facts(group: Any) -> Any:
    if group is None or not group.GetNumberOfCells():
        return None
    # Generic storage cannot be kept: it arrives with 64 bits.
    storage = vtkCellArray.Int64 if group.IsStorageGeneric() else group.GetStorageType()
    arrays = [vtk_to_numpy(a).tolist() for a in (group.GetOffsetsArray(), group.GetConnectivityArray())]
    return storage, arrays


def assembly_facts(assembly: Any) -> Any:
    def node_facts(node: Any) -> Any:
        below = [node_facts(child) for child in node if child.tag != "dataset"]
        return node.tag, node.attrib, [child.attrib for child in node if child.tag == "dataset"], below

    return None if assembly is None else node_facts(ElementTree.fromstring(assembly.SerializeToXML(vtkIndent())))


def child_facts(composite: Any, count: int, child: Any) -> Any:
    key = vtkCompositeDataSet.NAME()
    names = [composite.GetMetaData(i).Get(key) if composite.HasMetaData(i) else None for i in range(count)]
    return names, [None if child(i) is None else facts(child(i)) for i in range(count)]


def shape_facts(item: Any) -> Any:
    if item.IsA("vtkImageData"):
        matrix = item.GetDirectionMatrix()
        turn = [matrix.GetElement(i, j) for i in range(3) for j in range(3)]
        return item.GetExtent(), item.GetOrigin(), item.GetSpacing(), turn
    if item.IsA("vtkRectilinearGrid"):
        axes = (item.GetXCoordinates(), item.GetYCoordinates(), item.GetZCoordinates())
        return item.GetExtent(), [array_facts(axis) for axis in axes]
    mesh = array_facts(item.GetPoints().GetData() if item.GetPoints() is not None else None)
    if item.IsA("vtkStructuredGrid"):
        return item.GetExtent(), mesh
    if item.IsA("vtkPolyData"):
        groups = (item.GetVerts(), item.GetLines(), item.GetPolys(), item.GetStrips())
        return mesh, [cell_facts(group) for group in groups]
    faces = (item.GetPolyhedronFaces(), item.GetPolyhedronFaceLocations())
    kinds = [item.GetCellType(i) for i in range(item.GetNumberOfCells())]
    return mesh, kinds, cell_facts(item.GetCells()), [cell_facts(group) for group in faces]


def facts(item: Any) -> Any:
    """Everything about a data object as plain values."""
    key = vtkDataObject.DATA_TIME_STEP()
    common = [
        item.GetClassName(),
        attribute_facts(item.GetFieldData()),
        item.GetInformation().Get(key) if item.GetInformation().Has(key) else None,
    ]
    if item.IsA("vtkDataSet"):
        mesh = [attribute_facts(item.GetPointData()), attribute_facts(item.GetCellData())]
        return [*common, item.GetBounds(), shape_facts(item), *mesh]
    if item.IsA("vtkTable"):
        return [*common, attribute_facts(item.GetRowData())]
    if item.IsA("vtkMultiBlockDataSet"):
        return [*common, child_facts(item, item.GetNumberOfBlocks(), item.GetBlock)]
    if item.IsA("vtkPartitionedDataSet"):
        return [*common, child_facts(item, item.GetNumberOfPartitions(), item.GetPartitionAsDataObject)]
    children = child_facts(item, item.GetNumberOfPartitionedDataSets(), item.GetPartitionedDataSet)
    return [*common, children, assembly_facts(item.GetDataAssembly())]


@pytest.mark.parametrize("kind", SAMPLES)
def test_two_of_a_kind_are_equal_and_a_changed_one_is_not(kind: Any) -> None:
    first, second = SAMPLES[kind](), SAMPLES[kind]()
    assert facts(first) == facts(second)
    second.GetFieldData().AddArray(strings("one more", ["x"]))
    assert facts(first) != facts(second)


def test_values_names_attributes_and_storage_count() -> None:
    reference = facts(dressed(poly()))
    changed = [dressed(poly()) for _ in range(4)]
    changed[0].GetPolys().GetConnectivityArray().SetValue(0, 5)
    changed[1].GetPointData().GetArray(20).SetComponentName(0, "new")
    changed[2].GetPointData().SetActiveScalars(None)
    changed[3].GetLines().ConvertTo32BitStorage()
    for item in changed:
        assert facts(item) != reference

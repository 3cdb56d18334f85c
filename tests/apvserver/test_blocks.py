"""The data sets of a composite, one after the other, with their places."""

from __future__ import annotations

import numpy as np
import pytest
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonDataModel import (
    vtkImageData,
    vtkMultiBlockDataSet,
    vtkPartitionedDataSet,
    vtkPartitionedDataSetCollection,
    vtkPolyData,
)

from apvserver.vtk.base.blocks import children, leaves, parts, places, shared_copy
from apvserver.vtk.base.errors import SubsetError
from apvserver.vtk.data.subsets import keep_arrays


def composite() -> vtkMultiBlockDataSet:
    inner, outer = vtkMultiBlockDataSet(), vtkMultiBlockDataSet()
    inner.SetBlock(0, vtkImageData())
    inner.SetNumberOfBlocks(2)
    outer.SetNumberOfBlocks(3)
    outer.SetBlock(0, vtkPolyData())
    outer.SetBlock(1, inner)
    return outer


def test_places_are_those_of_vtk_and_empty_ones_are_there_if_asked_for() -> None:
    found = [(place.GetCurrentFlatIndex(), data.GetClassName()) for place, data in places(composite())]
    assert found == [(1, "vtkPolyData"), (3, "vtkImageData")]
    every = [(place.GetCurrentFlatIndex(), data is None) for place, data in places(composite(), empty=True)]
    assert every == [(1, False), (3, False), (4, True), (5, True)]


def test_what_stands_at_a_place_can_be_put_into_another_composite() -> None:
    data = composite()
    copy = data.NewInstance()
    copy.CopyStructure(data)
    for place, leaf in places(data):
        copy.SetDataSet(place, leaf)
    assert [one.GetClassName() for one in leaves(copy)] == ["vtkPolyData", "vtkImageData"]
    assert [name for name, _ in children(copy)] == ["Block 0", "Block 1", "Block 2"]


def test_what_is_no_composite_is_its_only_part() -> None:
    data = vtkPolyData()
    assert list(parts(data)) == [data] and len(list(parts(composite()))) == 2


def with_arrays(*names: str) -> vtkImageData:
    image = vtkImageData()
    image.SetDimensions(3, 1, 1)
    for number, name in enumerate(names):
        array = numpy_to_vtk(np.arange(3.0) + 10 * number, deep=True)
        array.SetName(name)
        image.GetPointData().AddArray(array)
    return image


def test_a_copy_shares_arrays_and_takes_others() -> None:
    image, pieces, collection, blocks = (
        with_arrays("p"),
        vtkPartitionedDataSet(),
        vtkPartitionedDataSetCollection(),
        None,
    )
    pieces.SetPartition(0, with_arrays("p"))
    collection.SetPartitionedDataSet(0, pieces)
    blocks = composite()
    blocks.SetBlock(2, with_arrays("p"))
    for data in (image, pieces, collection, blocks):
        copy = shared_copy(data)
        assert copy.GetClassName() == data.GetClassName() and len(list(parts(copy))) == len(list(parts(data)))
        for part in parts(copy):
            part.GetPointData().AddArray(with_arrays("more").GetPointData().GetArray(0))
        assert not any(part.GetPointData().HasArray("more") for part in parts(data))
        *_, last = parts(data)
        *_, of_copy = parts(copy)
        assert of_copy.GetPointData().GetArray("p") is last.GetPointData().GetArray("p")


def test_some_arrays_of_blocks_are_kept_and_the_input_stays_as_it_is() -> None:
    data = vtkMultiBlockDataSet()
    data.SetBlock(0, with_arrays("p", "q"))
    data.SetBlock(1, with_arrays("q"))
    kept = keep_arrays(data, [("POINTS", "q")])
    found = [
        [one.GetPointData().GetArrayName(i) for i in range(one.GetPointData().GetNumberOfArrays())]
        for one in leaves(kept)
    ]
    assert found == [["q"], ["q"]] and data.GetBlock(0).GetPointData().GetNumberOfArrays() == 2
    assert vtk_to_numpy(kept.GetBlock(0).GetPointData().GetArray("q")).tolist() == [10.0, 11.0, 12.0]
    with pytest.raises(SubsetError, match="no array 'r' of POINTS"):
        keep_arrays(data, [("POINTS", "r")])

"""The data sets of a composite, one after the other, with their places."""

from __future__ import annotations

from vtkmodules.vtkCommonDataModel import vtkImageData, vtkMultiBlockDataSet, vtkPolyData

from apvserver.vtk.base.blocks import children, leaves, parts, places


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

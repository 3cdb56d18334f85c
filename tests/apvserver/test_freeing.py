"""What proxies have made is given back while other threads go on, and what others hold of it stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import pytest
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkDoubleArray
from vtkmodules.vtkCommonDataModel import (
    vtkDataObject,
    vtkImageData,
    vtkMultiBlockDataSet,
    vtkPartitionedDataSetCollection,
    vtkTable,
)

from apvserver.vtk.base.errors import UnknownType
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline
from apvserver.vtk.pipeline.results.freeing import freed_beside
from apvserver.vtk.types import catalog

from ..harness.lock_kept import longest_kept

COUNT: Final = 5_000_000
"""Doubles: 40 MB."""


def numbers(count: int = COUNT) -> Any:
    made = vtkDoubleArray()
    made.SetName("numbers")
    made.SetNumberOfTuples(count)
    vtk_to_numpy(made)[:] = np.arange(count)
    return made


def a_table() -> Any:
    made = vtkTable()
    made.AddColumn(numbers())
    return made


def an_image() -> Any:
    made = vtkImageData()
    made.SetDimensions(COUNT // 50, 50, 1)
    made.GetPointData().AddArray(numbers())
    return made


def blocks() -> Any:
    made = vtkMultiBlockDataSet()
    made.SetBlock(1, an_image())
    return made


def partitions() -> Any:
    made = vtkPartitionedDataSetCollection()
    made.SetPartition(0, 1, an_image())
    return made


def array_in(data: Any) -> Any:
    while data.IsA("vtkCompositeDataSet"):
        data = data.GetBlock(1) if data.IsA("vtkMultiBlockDataSet") else data.GetPartition(0, 1)
    return data.GetAttributes(vtkDataObject.ROW if data.IsA("vtkTable") else vtkDataObject.POINT).GetArray("numbers")


@pytest.mark.parametrize("make", [a_table, an_image, blocks, partitions])
def test_what_nobody_holds_is_freed_at_the_end_of_the_block(make: Callable[[], Any]) -> None:
    held, freed = [make()], list[str]()
    array_in(held[0]).AddObserver("DeleteEvent", lambda *_: freed.append("array"))
    with freed_beside(iter(held)):
        held.clear()
        assert freed == []
    assert freed == ["array"]


@pytest.mark.parametrize("make", [a_table, an_image, blocks, partitions])
def test_what_somebody_holds_stays_as_it_is(make: Callable[[], Any]) -> None:
    held = [make()]
    array, other = array_in(held[0]), held[0].NewInstance()
    other.ShallowCopy(held[0])
    with freed_beside(held):
        held.clear()
    assert array_in(other).GetNumberOfTuples() == COUNT
    np.testing.assert_array_equal(vtk_to_numpy(array), np.arange(COUNT))


def test_a_deleted_proxy_gives_back_what_it_made_and_what_was_copied_of_it_stays() -> None:
    pipeline, freed = Pipeline(), list[str]()
    pipeline.create(1, "Wavelet", {"WholeExtent": [0, 220, 0, 220, 0, 220]})
    pipeline.create(2, "Calculator", {"Function": "2*RTData"}, {"Input": [(1, 0)]})
    Executor().execute(pipeline, 2)
    for id_ in (1, 2):
        data = pipeline.algorithm(id_).GetOutputDataObject(0)
        data.GetPointData().GetArray(id_ - 1).AddObserver("DeleteEvent", lambda *_, id_=id_: freed.append(str(id_)))
    copy = data.NewInstance()
    copy.ShallowCopy(data)
    del data
    pipeline.delete(2)
    assert freed == []
    of_wavelet = vtk_to_numpy(pipeline.algorithm(1).GetOutputDataObject(0).GetPointData().GetArray("RTData"))
    np.testing.assert_allclose(vtk_to_numpy(copy.GetPointData().GetArray("Result")), 2.0 * of_wavelet)
    del of_wavelet
    del copy
    assert freed == ["2"]
    pipeline.close()
    assert freed == ["2", "1"]


@pytest.mark.alone
def test_much_is_given_back_without_the_lock() -> None:
    held = list[Any]()

    def give_back_beside() -> None:
        with freed_beside(held):
            held.clear()

    def kept(give_back: Callable[[], object]) -> float:
        table = vtkTable()
        table.AddColumn(numbers(40_000_000))
        held.append(table)
        del table
        return longest_kept(give_back, times=1)

    by_python, beside = (min(kept(one) for _ in range(3)) for one in (held.clear, give_back_beside))
    assert beside < by_python / 3, (beside, by_python)


def output_there(algorithm: Any) -> list[bool]:
    ports = range(algorithm.GetNumberOfOutputPorts())
    return [algorithm.GetOutputInformation(port).Has(vtkDataObject.DATA_OBJECT()) == 1 for port in ports]


def test_what_has_made_nothing_is_deleted_and_makes_nothing_for_that() -> None:
    pipeline, made = Pipeline(), 0
    for type_name in catalog.type_names():
        try:
            pipeline.create(1, type_name)
        except UnknownType:  # abstract
            continue
        algorithms = pipeline.proxy(1).algorithms
        before = [output_there(one) for one in algorithms]  # some classes have one from the beginning
        pipeline.delete(1)
        assert [output_there(one) for one in algorithms] == before, type_name
        made += 1
    assert made > 500 and not pipeline.ids()

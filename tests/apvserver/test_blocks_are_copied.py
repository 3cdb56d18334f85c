"""Blocks of which something is to be left out or renamed: what is made of them is right, and they stay as they were."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import vtkmodules.vtkCommonDataModel as model
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkIdTypeArray

from apvserver.vtk.data.subsets import keep_arrays
from apvserver.vtk.files.writers.writing import write_data

from ..harness.saving import array, blocks, leaves, read, sphere

KINDS = ("vtkMultiBlockDataSet", "vtkPartitionedDataSet", "vtkPartitionedDataSetCollection")


def names_of(data: Any) -> list[list[str]]:
    return [
        [one.GetPointData().GetArrayName(index) for index in range(one.GetPointData().GetNumberOfArrays())]
        for one in leaves(data)
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_some_arrays_of_blocks_are_taken(kind: str) -> None:
    data = blocks(kind)
    before = names_of(data)
    taken = keep_arrays(data, [("POINTS", "int16"), ("POINTS", "Normals")])
    assert names_of(taken) == [["Normals"], ["Normals", "int16"]]
    assert vtk_to_numpy(leaves(taken)[1].GetPointData().GetArray("int16")).tolist() == list(range(50))
    assert names_of(data) == before and taken.GetClassName() == kind


@pytest.mark.parametrize("extension", [".vtm", ".vtpd", ".vtpc"])
def test_names_that_xml_has_a_meaning_for_are_those_of_blocks_too(extension: str, tmp_path: Path) -> None:
    data = blocks(dict(zip((".vtm", ".vtpd", ".vtpc"), KINDS, strict=True))[extension])
    leaves(data)[1].GetPointData().AddArray(array('a "quoted" <name>', np.arange(50.0)))
    write_data(str(tmp_path / f"a{extension}"), data, {})
    found = leaves(read(tmp_path / f"a{extension}"))[1].GetPointData().GetArray('a "quoted" <name>')
    assert vtk_to_numpy(found).tolist() == list(range(50))


def test_large_ids_of_blocks_are_whole_in_legacy_files(tmp_path: Path) -> None:
    data = model.vtkMultiBlockDataSet()
    ids = vtkIdTypeArray()
    ids.SetName("ids")
    for index in range(50):
        ids.InsertNextValue(2**40 + index)
    block = sphere()
    block.GetPointData().AddArray(ids)
    data.SetBlock(0, block)
    write_data(str(tmp_path / "a.vtk"), data, {})
    found = leaves(read(tmp_path / "a.vtk"))[0].GetPointData().GetArray("ids")
    assert vtk_to_numpy(found).tolist() == [2**40 + index for index in range(50)]

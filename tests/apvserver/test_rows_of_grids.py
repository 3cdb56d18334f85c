"""Points and cells of grids as rows of text: columns and values are those of the filter that ParaView uses."""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkFiltersCore import vtkAttributeDataToTableFilter

from apvserver.vtk.base.errors import FileError, InvalidProperty
from apvserver.vtk.files.writers.writing import write_data

from ..harness.kinds_of_data import KINDS
from ..harness.saving import array, blocks, curved, image, read, sphere, table, unstructured, with_arrays


def rows_of(path: Path) -> tuple[list[str], np.ndarray]:
    """The names and the values of a file, by Python's own reader."""
    with path.open(newline="", encoding="utf-8") as stream:
        names, *rows = csv.reader(stream)
    return names, np.array(rows, float).reshape(len(rows), len(names))


def by_vtk(data: Any, association: int, meta: bool = True) -> tuple[list[str], np.ndarray]:
    """The same by VTK's filter."""
    made = vtkAttributeDataToTableFilter()
    made.SetInputData(data)
    made.SetFieldAssociation(association)
    made.SetAddMetaData(meta)
    made.Update()
    held = made.GetOutput()
    names, columns = [], []
    for index in range(held.GetNumberOfColumns()):
        column = held.GetColumn(index)
        values = vtk_to_numpy(column).reshape(held.GetNumberOfRows(), -1).astype(float)
        count = values.shape[1]
        names += [column.GetName()] if count == 1 else [f"{column.GetName()}:{one}" for one in range(count)]
        columns += list(values.T)
    return names, np.array(columns).T


GRIDS = {
    "surface": lambda: with_arrays(sphere()),
    "cells of volumes": lambda: with_arrays(unstructured(image())),
    "curved": lambda: with_arrays(curved()),
    "all kinds of cells": lambda: KINDS["grid of all linear cells"](),
}


@pytest.mark.parametrize("kind", GRIDS)
@pytest.mark.parametrize(("association", "name"), [(0, "Point Data"), (1, "Cell Data")])
def test_columns_and_values_are_those_of_vtk(kind: str, association: int, name: str, tmp_path: Path) -> None:
    data = GRIDS[kind]()
    for meta in (True, False):
        write_data(str(tmp_path / "a.csv"), data, {"FieldAssociation": name, "AddMetaData": meta})
        names, values = rows_of(tmp_path / "a.csv")
        wanted_names, wanted = by_vtk(data, association, meta)
        assert names == wanted_names and len(names) > 0
        assert values.tolist() == wanted.tolist()  # to the last digit


def test_places_of_images_are_written_which_have_no_array_of_them(tmp_path: Path) -> None:
    data = image((3, 2, 1), origin=(1.0, 2.0, 3.0), spacing=(0.5, 1.0, 2.0))
    write_data(str(tmp_path / "a.csv"), data, {})
    names, values = rows_of(tmp_path / "a.csv")
    assert names == ["s", "Points:0", "Points:1", "Points:2"]
    assert values.tolist() == [[float(index), *data.GetPoint(index)] for index in range(6)]
    back = read(tmp_path / "a.csv")
    assert [back.GetColumnName(index) for index in range(4)] == names


def test_blocks_follow_each_other_and_what_one_lacks_is_no_number(tmp_path: Path) -> None:
    data = blocks()
    write_data(str(tmp_path / "a.tsv"), data, {"Precision": 17})
    with (tmp_path / "a.tsv").open(newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    assert len(rows) == 100 and list(rows[0])[-3:] == ["Points:0", "Points:1", "Points:2"]
    assert [row["int8"] for row in rows[:50]] == ["nan"] * 50
    assert [float(row["int8"]) for row in rows[50:]] == [float(index) for index in range(50)]
    assert [float(row["Points:2"]) for row in rows] == [
        data.GetBlock(block).GetPoint(index)[2] for block in range(2) for index in range(50)
    ]


def test_digits_exponents_times_and_values_of_the_whole(tmp_path: Path) -> None:
    data, path = image((2, 1, 1)), tmp_path / "a.csv"
    data.GetPointData().SetScalars(array("s", np.array([1.0 / 3, 12345.678])))
    data.GetPointData().AddArray(array("n", np.array([7, 8])))
    data.GetFieldData().AddArray(array("whole", np.array([0.25, 0.5, 1.0])))
    data.GetInformation().Set(data.DATA_TIME_STEP(), 2.5)
    plain = {"AddMetaData": 0, "Precision": 3}
    write_data(str(path), data, plain)
    assert path.read_text() == '"s","n"\n0.333,7\n12300.0,8\n'
    write_data(str(path), data, {**plain, "UseScientificNotation": True})
    assert path.read_text() == '"s","n"\n3.333e-01,7\n1.235e+04,8\n'
    write_data(str(path), data, {**plain, "AddTime": 1, "AddTimeStep": 1}, 4)
    assert path.read_text() == '"TimeStep","Time","s","n"\n4,2.5,0.333,7\n4,2.5,12300.0,8\n'
    write_data(str(path), data, {"FieldAssociation": "Field Data"})
    assert path.read_text() == '"whole"\n0.25\n0.5\n1.0\n'


def test_chosen_arrays_are_the_only_ones_in_a_file(tmp_path: Path) -> None:
    data = with_arrays(sphere())
    chosen = {"ChooseArraysToWrite": 1, "PointDataArrays": ["float64", "vectors"], "CellDataArrays": []}
    write_data(str(tmp_path / "a.vtp"), data, chosen)
    back = read(tmp_path / "a.vtp")
    held = back.GetPointData()
    assert sorted(held.GetArrayName(index) for index in range(held.GetNumberOfArrays())) == ["float64", "vectors"]
    assert back.GetCellData().GetNumberOfArrays() == 0 and back.GetNumberOfPoints() == 50
    assert np.array_equal(vtk_to_numpy(held.GetArray("vectors")), vtk_to_numpy(data.GetPointData().GetArray("vectors")))
    assert data.GetCellData().GetNumberOfArrays() == 1  # it was not changed
    write_data(str(tmp_path / "a.csv"), data, {**chosen, "AddMetaData": 0})
    assert rows_of(tmp_path / "a.csv")[0] == ["float64", "vectors:0", "vectors:1", "vectors:2"]
    write_data(str(tmp_path / "b.vtp"), data, {**chosen, "ChooseArraysToWrite": 0})
    assert read(tmp_path / "b.vtp").GetPointData().GetNumberOfArrays() == data.GetPointData().GetNumberOfArrays()
    write_data(str(tmp_path / "b.vtm"), blocks(), {"ChooseArraysToWrite": 1, "PointDataArrays": ["int8"]})
    counts = [read(tmp_path / "b.vtm").GetBlock(index).GetPointData().GetNumberOfArrays() for index in range(2)]
    assert counts == [0, 1]


@pytest.mark.parametrize(
    ("make", "options", "error", "words"),
    [
        (sphere, {"FieldAssociation": "Row Data"}, FileError, "has points and cells, and no rows"),
        (table, {"FieldAssociation": "Point Data"}, FileError, "has rows only"),
        (sphere, {"FieldAssociation": "Cels"}, InvalidProperty, "Known: .*Cell Data, Cells"),
        (sphere, {"FieldAssociation": "Field Data"}, FileError, "there are no columns to write"),
        (sphere, {"AddTime": "yes"}, InvalidProperty, "AddTime is True or False"),
        (sphere, {"ChooseArraysToWrite": 1, "PointDataArrays": ["Normal"]}, InvalidProperty, "Did you mean 'Normals'"),
        (sphere, {"ChooseArraysToWrite": 1, "PointDataArrays": [1]}, InvalidProperty, "a list of names"),
    ],
)  # fmt: skip
def test_what_is_asked_for_and_not_there_is_refused(
    make: Any, options: dict[str, Any], error: type[Exception], words: str, tmp_path: Path
) -> None:
    with pytest.raises(error, match=words):
        write_data(str(tmp_path / "a.csv"), make(), options)
    assert os.listdir(tmp_path) == []


def test_what_is_only_read_is_refused_by_name_with_what_is_written(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"\.foam is only read here, and not a format for vtkPolyData; .*\.csv.*\.vtp"):
        write_data(str(tmp_path / "a.foam"), sphere(), {})
    with pytest.raises(FileError, match=r"\.vti is not a format for vtkPolyData"):
        write_data(str(tmp_path / "a.vti"), sphere(), {})
    with pytest.raises(FileError, match=r"\.xyzzy is unknown, or not a format"):
        write_data(str(tmp_path / "a.xyzzy"), sphere(), {})

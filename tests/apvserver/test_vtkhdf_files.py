"""VTKHDF by h5py: what VTK's reader would leave out, or not take, is told with what to write instead."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from apvserver.vtk.base.errors import ExecutionFailed, FileError

from ..harness.opening import leaves, opened, values

TRIANGLE = np.array([(0, 0, 0), (1, 0, 0), (1, 1, 0)], float)


def typed(group: Any, kind: str) -> Any:
    group.attrs["Version"] = np.array([2, 2])
    group.attrs.create("Type", kind.encode(), dtype=h5py.string_dtype("ascii", len(kind)))
    return group


def triangle(parent: Any, name: str, index: int) -> None:
    made = typed(parent.create_group(name), "PolyData")
    made.attrs["Index"] = index
    made["NumberOfPoints"], made["Points"] = np.array([3]), TRIANGLE + np.array([10 * index, 0, 0])
    for cells in ("Vertices", "Lines", "Strips", "Polygons"):
        group, corners = made.create_group(cells), 3 if cells == "Polygons" else 0
        group["NumberOfConnectivityIds"], group["NumberOfCells"] = np.array([corners]), np.array([corners // 3])
        group["Connectivity"], group["Offsets"] = np.arange(corners), np.arange(0, corners + 1, 3)
    made.create_group("PointData")["t"] = np.arange(3.0) + index


def assembled(path: Path, unordered: str = "") -> Path:
    """Two blocks, one of them in a group of its own; one group may lack the order of what is in it."""
    with h5py.File(path, "w") as file:
        root = typed(file.create_group("VTKHDF", track_order=unordered != "VTKHDF"), "MultiBlockDataSet")
        triangle(root, "wing", 0)
        triangle(root, "tail", 1)
        assembly = root.create_group("Assembly", track_order=True)
        assembly["wing"] = h5py.SoftLink("/VTKHDF/wing")
        assembly.create_group("inner", track_order=unordered != "inner")["tail"] = h5py.SoftLink("/VTKHDF/tail")
    return path


def test_blocks_in_their_order(tmp_path: Path) -> None:
    found = leaves(opened(assembled(tmp_path / "a.vtkhdf")))
    assert [(name, values(one.GetPointData(), "t").tolist()) for name, one in found] == [
        ("wing", [0, 1, 2]),
        ("tail", [1, 2, 3]),
    ]


@pytest.mark.parametrize(("unordered", "told"), [("VTKHDF", "/VTKHDF"), ("inner", "/VTKHDF/Assembly/inner")])
def test_blocks_without_an_order_are_refused(tmp_path: Path, unordered: str, told: str) -> None:
    path = assembled(tmp_path / "a.vtkhdf", unordered)
    with pytest.raises((ExecutionFailed, FileError), match=rf"what is in {told} has no order .*track_order=True"):
        opened(path)


def grid(path: Path, place: str, array: Any) -> Path:
    """One brick with an array."""
    with h5py.File(path, "w") as file:
        root = typed(file.create_group("VTKHDF"), "UnstructuredGrid")
        for name, count in (("NumberOfPoints", 8), ("NumberOfCells", 1), ("NumberOfConnectivityIds", 8)):
            root[name] = np.array([count])
        root["Points"] = np.array([(x, y, z) for z in (0, 1) for x, y in ((0, 0), (1, 0), (1, 1), (0, 1))], float)
        root["Types"], root["Connectivity"], root["Offsets"] = np.array([12], "u1"), np.arange(8), np.array([0, 8])
        for name in ("PointData", "CellData", "FieldData"):
            root.create_group(name)
        dtype = h5py.string_dtype("ascii") if isinstance(array, list) else None
        root[place].create_dataset("a", data=array, dtype=dtype)
    return path


@pytest.mark.parametrize("kind", ["f2", ">f8", ">i4", "u8", "i1"])
def test_numbers_of_every_kind(tmp_path: Path, kind: str) -> None:
    ((_, brick),) = leaves(opened(grid(tmp_path / "a.vtkhdf", "PointData", np.arange(8).astype(kind))))
    assert values(brick.GetPointData(), "a").tolist() == list(range(8))


def test_texts_of_the_field_data(tmp_path: Path) -> None:
    ((_, brick),) = leaves(opened(grid(tmp_path / "a.vtkhdf", "FieldData", ["steel", "iron"])))
    array = brick.GetFieldData().GetAbstractArray("a")
    assert [array.GetValue(index) for index in range(array.GetNumberOfValues())] == ["steel", "iron"]


@pytest.mark.parametrize(
    ("place", "array", "told"),
    [
        ("PointData", np.arange(8) % 2 == 0, "values of type bool"),
        ("PointData", np.arange(8) * 1j, "values of type complex128"),
        ("PointData", ["a"] * 8, "texts"),
        ("FieldData", 5.0, "a single one without an axis"),
    ],
)
def test_what_is_no_array_of_numbers_is_named(tmp_path: Path, place: str, array: Any, told: str) -> None:
    path = grid(tmp_path / "a.vtkhdf", place, array)
    with pytest.raises((ExecutionFailed, FileError), match=rf"/VTKHDF/{place}/a holds .*{told}.*uint8.*ascii"):
        opened(path)

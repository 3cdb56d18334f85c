"""NetCDF 4: enumerations are integers with names; texts, lists and records are named, and the rest is read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
import pytest
from vtkmodules.util.numpy_support import vtk_to_numpy

from apvserver.vtk.base.errors import ExecutionFailed

from ..harness.opening import opened
from ..harness.other_writers import mesh

CLOUDS = {"Clear": 0, "Cumulus": 7, "Missing": 255}
SEEN = np.array([0, 7, 255])[np.arange(24).reshape(2, 3, 4) % 3]


def climate(path: Path, add: Callable[[Any], None], *, with_numbers: bool = True) -> Path:
    """Temperatures at two times, and what `add` adds."""
    with netCDF4.Dataset(path, "w") as file:
        for name, size in (("time", 2), ("lat", 3), ("lon", 4)):
            file.createDimension(name, size)
        if with_numbers:
            for name in file.dimensions:
                file.createVariable(name, "f8", (name,))[:] = np.arange(len(file.dimensions[name]))
            file["time"].units = "days since 2000-01-01"
            file.createVariable("heat", "f4", ("time", "lat", "lon"))[:] = np.arange(24).reshape(2, 3, 4)
        add(file)
    return path


def add_clouds(file: Any, dimensions: tuple[str, ...] = ("time", "lat", "lon"), values: Any = SEEN) -> None:
    kind = file.createEnumType("u1", "cloud_t", CLOUDS)
    file.createVariable("cloud", kind, dimensions, fill_value=255)[:] = values


def array(data: Any, name: str) -> Any:
    return vtk_to_numpy(data.GetPointData().GetArray(name) or data.GetCellData().GetArray(name))


def names(data: Any) -> Any:
    values, texts = data.GetFieldData().GetArray("cloud_values"), data.GetFieldData().GetAbstractArray("cloud_meanings")
    return {texts.GetValue(at): int(values.GetTuple1(at)) for at in range(texts.GetNumberOfValues())}


def test_an_enumeration_is_integers_with_names_at_each_time(tmp_path: Path) -> None:
    path = climate(tmp_path / "a.nc", add_clouds)
    for at in (0, 1):
        data = opened(path, time=at)
        assert np.array_equal(array(data, "heat"), np.arange(12) + 12 * at)
        assert array(data, "cloud").dtype == np.uint8 and np.array_equal(array(data, "cloud"), SEEN[at].ravel())
        assert names(data) == CLOUDS


def test_an_enumeration_that_no_time_changes(tmp_path: Path) -> None:
    path = climate(tmp_path / "a.nc", lambda file: add_clouds(file, ("lat", "lon"), SEEN[0]))
    warnings: list[str] = []
    data = opened(path, time=1, warnings=warnings)
    assert np.array_equal(array(data, "cloud"), SEEN[0].ravel())
    assert not warnings


def test_an_enumeration_on_other_dimensions_is_told(tmp_path: Path) -> None:
    path = climate(tmp_path / "a.nc", lambda file: add_clouds(file, ("lat",), SEEN[0, :, 0]))
    warnings: list[str] = []
    data = opened(path, warnings=warnings)
    assert data.GetPointData().GetArray("cloud") is None and np.array_equal(array(data, "heat"), np.arange(12))
    assert any("cloud (lat) holds an enumeration and is left out" in one for one in warnings)


def add_records(file: Any) -> None:
    file.createVariable("odd", file.createCompoundType(np.dtype([("a", "f4"), ("b", "i4")]), "pair"), ("lat", "lon"))


def add_lists(file: Any) -> None:
    file.createVariable("odd", file.createVLType("i4", "list_t"), ("lat", "lon"))


def add_texts(file: Any) -> None:
    file.createVariable("odd", str, ("lat",))[:] = np.array(["a", "b", "c"], object)


@pytest.mark.parametrize(("add", "held"), [(add_records, "records"), (add_lists, "lists"), (add_texts, "texts")])
def test_what_holds_no_numbers_is_named_and_the_rest_is_read(tmp_path: Path, add: Any, held: str) -> None:
    warnings: list[str] = []
    data = opened(climate(tmp_path / "a.nc", add), time=1, warnings=warnings)
    assert np.array_equal(array(data, "heat"), np.arange(12) + 12)
    assert any(f"left out is what holds no numbers: odd ({held})" in one for one in warnings)


def test_a_file_of_nothing_else_is_refused(tmp_path: Path) -> None:
    path = climate(tmp_path / "a.nc", add_records, with_numbers=False)
    with pytest.raises(ExecutionFailed, match=r"none of its variables holds numbers on a grid: odd \(records\)"):
        opened(path)


def test_enumerations_and_texts_on_a_mesh(tmp_path: Path) -> None:
    mesh(tmp_path / "a.nc")
    with netCDF4.Dataset(tmp_path / "a.nc", "a") as file:
        add_clouds(file, ("face",), np.array([7, 0]))
        file.createVariable("odd", file.createVLType("i4", "list_t"), ("face",))
        for name in ("cloud", "odd"):
            file[name].mesh, file[name].location = "mesh", "face"
    warnings: list[str] = []
    data = opened(tmp_path / "a.nc", warnings=warnings)
    assert list(array(data, "cloud")) == [7, 0] and names(data) == CLOUDS
    assert np.array_equal(array(data, "p"), [12.5, np.nan], equal_nan=True)
    assert any("odd (lists)" in one for one in warnings)

"""NetCDF: numbers as netCDF4 and xarray give them, missing ones NaN, variables and dimensions to choose."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
import pytest
import scipy.io
import xarray
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkFiltersCore import vtkProbeFilter

from apvserver.vtk.base.errors import ExecutionFailed, FileError
from apvserver.vtk.base.information import describe_output
from apvserver.vtk.base.vtk_messages import Message
from apvserver.vtk.files.series import choose_for
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline

from ..harness.opening import opened
from ..harness.other_writers import mesh

FORMATS = ["NETCDF4", "NETCDF3_CLASSIC", "NETCDF3_64BIT_OFFSET", "NETCDF3_64BIT_DATA", "NETCDF4_CLASSIC"]
RAW = np.arange(1, 13).reshape(3, 4)


class Read:
    """A file as the pipeline reads it."""

    def __init__(self, path: Path, *, time: float | None = None, type_name: str = "", **properties: Any) -> None:
        chosen = (type_name, {"FileName": str(path)}) if type_name else choose_for([str(path)])
        pipeline, said = Pipeline(), list[Message]()
        pipeline.create(1, chosen[0], {**chosen[1], **properties})
        Executor().execute(pipeline, 1, time=time, on_message=said.append)
        self.type_name = chosen[0]
        self.data = pipeline.output_data(1, 0)
        self.times = describe_output(pipeline.algorithm(1))["time_steps"]
        self.messages = [one.text for one in said]

    def values(self, name: str) -> Any:
        array = self.data.GetPointData().GetArray(name) or self.data.GetCellData().GetArray(name)
        return vtk_to_numpy(array)

    def kind(self, name: str) -> str:
        array = self.data.GetPointData().GetArray(name) or self.data.GetCellData().GetArray(name)
        return str(array.GetDataTypeAsString())

    def names(self) -> list[str]:
        both = self.data.GetPointData(), self.data.GetCellData()
        return sorted(one.GetArrayName(index) for one in both for index in range(one.GetNumberOfArrays()))


def write(path: Path, raw: Any, kind: str, form: Any = "NETCDF4", *, fill: Any = None, **attributes: Any) -> Path:
    """One variable "t" of raw numbers on y and x, with attributes."""
    with netCDF4.Dataset(path, "w", format=form) as file:
        file.createDimension("y", raw.shape[0])
        file.createDimension("x", raw.shape[1])
        variable = file.createVariable("t", kind, ("y", "x"), fill_value=fill)
        variable.setncatts({name: value for name, value in attributes.items()})
        variable.set_auto_maskandscale(False)
        variable[:] = raw
    return path


def by_netcdf4(path: Path, name: str = "t") -> Any:
    with netCDF4.Dataset(path) as file, np.errstate(invalid="ignore"):  # a limit that the type cannot hold
        found = file[name][:]
        return np.ma.filled(found.astype(float), math.nan).ravel()


NAN_FREE = dict(scale_factor=0.01, add_offset=100.0)
CASES: dict[str, tuple[str, Any, dict[str, Any]]] = {
    "packed": ("i2", None, NAN_FREE),
    "packed, one is missing": ("i2", 3, NAN_FREE),
    "packed, falling": ("i2", 3, {"scale_factor": -0.5, "valid_range": np.array([2, 9], "i2")}),
    "packed, offset only": ("i2", 3, {"add_offset": 273.15}),
    "packed, missing_value": ("i2", None, {**NAN_FREE, "missing_value": np.int16(5)}),
    "packed, several missing values": ("i2", 1, {**NAN_FREE, "missing_value": np.array([5, 7], "i2")}),
    "packed, valid_min and max": ("i2", None, {**NAN_FREE, "valid_min": np.int16(2), "valid_max": np.int16(10)}),
    "packed as float": ("f4", 3.0, NAN_FREE),
    "packed as 32 bits": ("i4", 3, {"scale_factor": 1e-5, "add_offset": -7.0}),
    "float": ("f4", None, {}),
    "float, one is missing": ("f4", 4.0, {}),
    "double, missing_value": ("f8", None, {"missing_value": 6.0}),
    "float, valid_range": ("f4", None, {"valid_range": np.array([2, 8], "f4")}),
    "integers": ("i4", None, {}),
    "integers, one is missing": ("i4", 4, {}),
    "bytes, one is missing": ("i1", 4, {}),
}


@pytest.mark.parametrize("form", ["NETCDF4", "NETCDF3_CLASSIC"])
@pytest.mark.parametrize("case", CASES)
def test_numbers_as_netcdf4_gives_them(tmp_path: Path, case: str, form: str) -> None:
    kind, fill, attributes = CASES[case]
    path = write(tmp_path / "a.nc", RAW.astype(kind), kind, form, fill=fill, **attributes)
    found = Read(path)
    np.testing.assert_allclose(found.values("t"), by_netcdf4(path), rtol=1e-6)
    if not attributes and fill is None:
        assert found.kind("t") == {"f4": "float", "i4": "int"}[kind], "what needs no change keeps its type"


@pytest.mark.parametrize("form", FORMATS)
def test_packed_numbers_in_every_format(tmp_path: Path, form: str) -> None:
    path = write(tmp_path / "a.nc", RAW.astype("i2"), "i2", form, fill=3, **NAN_FREE)
    expected = np.where(RAW == 3, math.nan, RAW * 0.01 + 100).ravel()
    np.testing.assert_allclose(Read(path).values("t"), expected, rtol=1e-12)


@pytest.mark.parametrize("attributes", [{}, NAN_FREE])
@pytest.mark.parametrize("fill", [None, np.int8(-2)])
def test_unsigned_bytes_in_the_classic_format(tmp_path: Path, attributes: dict[str, float], fill: Any) -> None:
    """By the NetCDF attribute conventions: -1 stands for 255, and a fill value of -2 for 254."""
    raw = np.array([[0, 1, 127], [128, 254, 255]], "u1")
    path = write(tmp_path / "a.nc", raw.view("i1"), "i1", "NETCDF3_CLASSIC", fill=fill, _Unsigned="true", **attributes)
    expected = raw * attributes.get("scale_factor", 1) + attributes.get("add_offset", 0)
    if fill is not None:
        expected = np.where(raw == 254, math.nan, expected)
    np.testing.assert_allclose(Read(path).values("t"), expected.ravel(), rtol=1e-6)
    np.testing.assert_allclose(by_netcdf4(path), expected.ravel(), rtol=1e-6)


def test_what_was_never_written_is_missing(tmp_path: Path) -> None:
    """Without a _FillValue the default of the type stands there (NetCDF User's Guide)."""
    path = tmp_path / "a.nc"
    with netCDF4.Dataset(path, "w") as file:
        file.createDimension("y", 2)
        file.createDimension("x", 3)
        file.createVariable("f", "f4", ("y", "x"))[0] = [1, 2, 3]
        file.createVariable("i", "i2", ("y", "x"))[0] = [1, 2, 3]
    for name in "fi":
        assert np.array_equal(Read(path).values(name), [1, 2, 3, *[math.nan] * 3], equal_nan=True)


def test_written_by_scipy_and_xarray(tmp_path: Path) -> None:
    with scipy.io.netcdf_file(tmp_path / "scipy.nc", "w") as file:
        file.createDimension("y", 3)
        file.createDimension("x", 4)
        variable = file.createVariable("t", "i2", ("y", "x"))
        variable[:] = RAW
        variable.scale_factor, variable.missing_value = 0.5, np.int16(12)
        del variable
    assert np.array_equal(Read(tmp_path / "scipy.nc").values("t"), [*np.arange(1, 12) / 2, math.nan], equal_nan=True)
    temperature = np.where(RAW == 6, math.nan, RAW.astype(float))
    made = xarray.Dataset({"t": (("y", "x"), temperature)}, coords={"y": [0.0, 1, 5], "x": [0.0, 1, 2, 3]})
    made.to_netcdf(tmp_path / "xarray.nc", encoding={"t": {"dtype": "i2", "scale_factor": 0.1, "_FillValue": -999}})
    by_xarray = xarray.open_dataset(tmp_path / "xarray.nc")
    np.testing.assert_allclose(Read(tmp_path / "xarray.nc").values("t"), by_xarray["t"].values.ravel())
    by_xarray.close()


def probed(data: Any, place: tuple[float, float, float]) -> bool:
    """Whether VTK finds a place in the data."""
    points, where, probe = vtkPoints(), vtkPolyData(), vtkProbeFilter()
    points.InsertNextPoint(*place)
    where.SetPoints(points)
    probe.SetInputData(where)
    probe.SetSourceData(data)
    probe.Update()
    return bool(probe.GetOutput().GetPointData().GetArray("vtkValidPointMask").GetTuple1(0))


def climate(path: Path, latitudes: Any, form: Any = "NETCDF4") -> Path:
    """Two months of temperature, packed, with land left out, and what else such files hold."""
    with netCDF4.Dataset(path, "w", format=form) as file:
        file.Conventions = "CF-1.8"
        for name, size in (("time", None), ("lat", len(latitudes)), ("lon", 4), ("station", 5)):
            file.createDimension(name, size)
        for name, values, units in (
            ("time", [15.5, 45], "days since 2000-01-01"),
            ("lat", latitudes, "degrees_north"),
            ("lon", [0, 10, 20, 30], "degrees_east"),
        ):
            axis = file.createVariable(name, "f8", (name,))
            axis.units, axis[:] = units, values
        sst = file.createVariable("sst", "i2", ("time", "lat", "lon"), fill_value=-32768)
        sst.scale_factor, sst.add_offset = 0.01, 10.0
        values = np.ma.array(np.arange(24.0).reshape(2, 3, 4), mask=False)
        values[:, 0, 0] = np.ma.masked
        sst[:] = values
        file.createVariable("depth", "f4", ("lat", "lon"))[:] = RAW
        file.createVariable("rain", "f4", ("station",))[:] = range(5)
    return path


@pytest.mark.parametrize("latitudes", [[-10, 0, 20], [20, 0, -10]])
def test_values_at_longitudes_and_latitudes(tmp_path: Path, latitudes: list[float]) -> None:
    """Each at its place, and along axes that ascend: of others VTK finds no cells."""
    path = climate(tmp_path / "a.nc", latitudes)
    found = Read(path, time=45.0, SphericalCoordinates=False)
    assert tuple(found.times) == (15.5, 45.0)
    with netCDF4.Dataset(path) as file:
        expected = np.ma.filled(file["sst"][1], math.nan)
    data, seen = found.data, found.values("sst")
    assert list(vtk_to_numpy(data.GetYCoordinates())) == [-10, 0, 20]
    for point in range(data.GetNumberOfPoints()):
        lon, lat, _ = data.GetPoint(point)
        true = expected[latitudes.index(lat), int(lon) // 10]
        assert (math.isnan(true) and math.isnan(seen[point])) or abs(seen[point] - true) < 1e-9
    assert probed(data, (5.0, 10.0, 0.0))


def test_on_the_sphere(tmp_path: Path) -> None:
    """Values are those of cells there, whose corners lie between the coordinates of the file."""
    path = climate(tmp_path / "a.nc", [20, 0, -10])
    found = Read(path, SphericalCoordinates=True)
    with netCDF4.Dataset(path) as file:
        expected = np.ma.filled(file["sst"][0], math.nan)
    assert np.array_equal(np.isnan(found.values("sst")), np.isnan(expected.ravel()))
    for cell in range(found.data.GetNumberOfCells()):
        ids = found.data.GetCell(cell).GetPointIds()
        x, y, z = np.transpose([found.data.GetPoint(ids.GetId(corner)) for corner in range(4)])
        lat, lon = np.degrees(np.arcsin(z)).mean(), np.degrees(np.arctan2(y, x)).mean()
        row = int(np.argmin(np.abs(np.array([20, 0, -10]) - lat)))
        true, seen = expected[row, round(lon / 10)], found.values("sst")[cell]
        assert (math.isnan(true) and math.isnan(seen)) or abs(seen - true) < 1e-9


def test_variables_on_other_dimensions_are_told_and_can_be_chosen(tmp_path: Path) -> None:
    path = climate(tmp_path / "a.nc", [20, 0, -10])
    found = Read(path)
    assert found.names() == ["depth", "sst"]
    assert any("Dimensions chooses the others: rain (station)" in one for one in found.messages)
    other = Read(path, Dimensions="(station)")
    assert other.names() == ["rain"] and list(other.values("rain")) == [0, 1, 2, 3, 4]
    only = Read(path, VariableArrayStatus={"depth": False})
    assert only.names() == ["sst"]
    with pytest.raises(ExecutionFailed, match=r"Dimensions is one of \(lat, lon\), \(station\)"):
        Read(path, Dimensions="(height)")


def test_groups_are_told_or_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.nc", RAW, "i4")
    with netCDF4.Dataset(path, "a") as file:
        group = file.createGroup("ocean")
        group.createDimension("x", 2)
        group.createVariable("salt", "f4", ("x",))[:] = 1
    assert any("what is in its groups is not read, only its own variables: ocean" in one for one in Read(path).messages)
    with netCDF4.Dataset(tmp_path / "b.nc", "w") as file:
        group = file.createGroup("ocean")
        group.createDimension("x", 2)
        group.createVariable("salt", "f4", ("x",))[:] = 1
    with pytest.raises(FileError, match="all of its variables are in groups"):
        Read(tmp_path / "b.nc")


def test_packed_numbers_on_a_mesh(tmp_path: Path) -> None:
    """UGRID by content: two triangles, values of nodes and of faces."""
    path = tmp_path / "mesh.nc"
    mesh(path)
    found = Read(path)
    assert found.type_name == "vtkNetCDFUGRIDReader"
    assert np.array_equal(found.values("t"), [10.5, 11, math.nan, 12], equal_nan=True)
    assert np.array_equal(found.values("p"), [12.5, math.nan], equal_nan=True)


def test_a_missing_value_that_the_type_cannot_hold_is_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "a.nc", RAW, "i2", missing_value=np.float64(-1e30))
    assert np.array_equal(Read(path).values("t"), RAW.ravel())


def ocean(path: Path, **attributes: float) -> Path:
    """A variable as the POP model writes it, one value missing."""
    with netCDF4.Dataset(path, "w", format="NETCDF3_CLASSIC") as file:
        for name, size in (("depth_t", 3), ("t_lat", 4), ("t_lon", 5)):
            file.createDimension(name, size)
            file.createVariable(name, "f4", (name,))[:] = np.arange(size)
        variable = file.createVariable("TEMP", "i2" if attributes else "f4", tuple(file.dimensions), fill_value=-99)
        variable.setncatts(attributes)
        variable.set_auto_maskandscale(False)
        raw = np.arange(60).reshape(3, 4, 5)
        raw[0, 0, 1] = -99
        variable[:] = raw
    return path


@pytest.mark.parametrize("type_name", ["vtkNetCDFReader", "vtkNetCDFPOPReader", "vtkNetCDFCFReader", "NetCDFReader"])
def test_other_readers_of_netcdf_by_name(tmp_path: Path, type_name: str) -> None:
    path = ocean(tmp_path / "a.nc")
    expected = np.where(np.arange(60) == 1, math.nan, np.arange(60.0))
    assert np.array_equal(Read(path, type_name=type_name).values("TEMP"), expected, equal_nan=True)
    ocean(path, scale_factor=0.5)
    if type_name == "vtkNetCDFPOPReader":
        with pytest.raises(ExecutionFailed, match=r"TEMP is packed, and vtkNetCDFPOPReader does not unpack"):
            Read(path, type_name=type_name)
    else:
        assert np.array_equal(Read(path, type_name=type_name).values("TEMP"), expected / 2, equal_nan=True)


def test_without_netcdf4_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = ocean(tmp_path / "a.nc")
    monkeypatch.setitem(sys.modules, "netCDF4", None)
    with pytest.raises(ExecutionFailed, match=r'pip install "async-paraview\[formats\]"'):
        Read(path)


@pytest.mark.parametrize("form", ["NETCDF4", "NETCDF3_CLASSIC"])
def test_names_of_stations_are_no_richer_than_what_is_measured(tmp_path: Path, form: Any) -> None:
    with netCDF4.Dataset(tmp_path / "a.nc", "w", format=form) as file:
        for name, size in (("station", 3), ("letters", 8)):
            file.createDimension(name, size)
        file.createVariable("name", "S1", ("station", "letters"))[:] = np.array([list("abcdefgh")] * 3, "S1")
        file.createVariable("height", "f8", ("station",))[:] = [1.5, 2.5, 4]
    warnings: list[str] = []
    data = opened(tmp_path / "a.nc", warnings=warnings)
    found = data.GetPointData().GetArray("height") or data.GetCellData().GetArray("height")
    assert [found.GetValue(index) for index in range(3)] == [1.5, 2.5, 4]
    assert any("name (station, letters)" in one for one in warnings)

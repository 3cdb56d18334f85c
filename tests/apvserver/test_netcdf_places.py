"""NetCDF: places as the file means them, whatever way coordinates are stored, wherever they begin, and however many."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
import pytest
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkFiltersCore import vtkCellCenters
from vtkmodules.vtkFiltersVerdict import vtkCellSizeFilter

from apvserver.vtk.base.errors import ExecutionFailed

from .test_netcdf_values import Read, probed

EAST, NORTH = {"units": "degrees_east"}, {"units": "degrees_north"}
Axes = dict[str, tuple[Any, dict[str, Any]]]


def write(path: Path, axes: Axes, kind: str = "f8") -> Path:
    """A variable "t" on axes, whose coordinates are packed where they say how; its numbers count from 0."""
    with netCDF4.Dataset(path, "w") as file:
        for name, (values, attributes) in axes.items():
            file.createDimension(name, len(values))
            variable = file.createVariable(name, kind if "scale_factor" in attributes else "f8", (name,))
            variable.setncatts({key: value for key, value in attributes.items() if key != "corners"})
            variable[:] = values
            if "corners" in attributes:
                file.createDimension(f"{name}_2", 2)
                file.createVariable(f"{name}_b", "f8", (name, f"{name}_2"))[:] = attributes["corners"]
                variable.bounds = f"{name}_b"
        shape = tuple(len(values) for values, _ in axes.values())
        file.createVariable("t", "f8", tuple(axes))[:] = np.arange(np.prod(shape)).reshape(shape)
    return path


def centers(data: Any) -> Any:
    """Of cells, a row for each; or the points, where those have the values."""
    if data.GetCellData().GetArray("t") is None:
        return np.array([data.GetPoint(index) for index in range(data.GetNumberOfPoints())])
    made = vtkCellCenters()
    made.SetInputData(data)
    made.Update()
    return vtk_to_numpy(made.GetOutput().GetPoints().GetData())


def on_sphere(data: Any) -> Any:
    """Longitude and latitude of each value."""
    x, y, z = centers(data).T
    return np.degrees(np.arctan2(y, x)), np.degrees(np.arcsin(z / np.sqrt(x * x + y * y + z * z)))


PACKED = {"scale_factor": 0.5, "add_offset": 100.0}


@pytest.mark.parametrize("stored", ["f8", "i2", "u2", "i4"])
@pytest.mark.parametrize("sphere", [False, True])
def test_packed_coordinates(tmp_path: Path, stored: str, sphere: bool) -> None:
    """Satellites store angles so: GOES x and y, Sentinel-3 longitudes and latitudes."""
    how = {} if stored == "f8" else {"scale_factor": 0.5, "add_offset": 10.0}
    axes: Axes = {"lat": ([40.0, 30, 20], {**NORTH, **how}), "lon": ([10.0, 20, 30, 45], {**EAST, **how})}
    found = Read(write(tmp_path / "a.nc", axes, stored), SphericalCoordinates=sphere)
    t = found.values("t").astype(int)
    if sphere:
        lon, lat = on_sphere(found.data)
        true_lon = np.array([10, 20, 31.25 - 1e-9, 43.75])[t % 4]  # between the middles
        np.testing.assert_allclose(lon, np.where(t % 4 == 3, lon, np.where(t % 4 == 2, lon, true_lon)), atol=0.6)
        np.testing.assert_allclose(lat, np.array([40.0, 30, 20])[t // 4], atol=0.6)
    else:
        x, y, _ = centers(found.data).T
        assert x.tolist() == np.array([10.0, 20, 30, 45])[t % 4].tolist()
        assert y.tolist() == np.array([40.0, 30, 20])[t // 4].tolist()


def test_packed_as_unpacked_on_the_sphere(tmp_path: Path) -> None:
    lat, lon = [40.0, 30, 10], [10.0, 20, 30, 45]
    plain = Read(write(tmp_path / "a.nc", {"lat": (lat, NORTH), "lon": (lon, EAST)}))
    how = {"scale_factor": 0.01}
    packed = Read(write(tmp_path / "b.nc", {"lat": (lat, {**NORTH, **how}), "lon": (lon, {**EAST, **how})}, "i2"))
    true, seen = (vtk_to_numpy(one.data.GetPoints().GetData()) for one in (plain, packed))
    np.testing.assert_allclose(seen, true, atol=1e-12)
    assert packed.values("t").tolist() == plain.values("t").tolist()


@pytest.mark.parametrize("sphere", [False, True])
def test_packed_tables_of_longitudes_and_latitudes(tmp_path: Path, sphere: bool) -> None:
    lon, lat = np.meshgrid([0.0, 10, 30], [40.0, 50])
    lon = lon + lat / 10
    data = []
    for name, kind, how in (("a", "f8", {}), ("b", "i4", {"scale_factor": 1e-6})):
        with netCDF4.Dataset(tmp_path / f"{name}.nc", "w") as file:
            file.createDimension("row", 2)
            file.createDimension("column", 3)
            for where, values, attributes in (("lon", lon, EAST), ("lat", lat, NORTH)):
                variable = file.createVariable(where, kind, ("row", "column"))
                variable.setncatts({**attributes, **how})
                variable[:] = values
            variable = file.createVariable("t", "f8", ("row", "column"))
            variable.coordinates = "lon lat"
            variable[:] = np.arange(6).reshape(2, 3)
        data.append(Read(tmp_path / f"{name}.nc", SphericalCoordinates=sphere).data)
    true, seen = (vtk_to_numpy(one.GetPoints().GetData()) for one in data)
    np.testing.assert_allclose(seen, true, atol=1e-5)
    if not sphere:
        np.testing.assert_allclose(seen[:, :2], np.column_stack((lon.ravel(), lat.ravel())), atol=1e-5)


def test_packed_corners_of_cells_are_refused(tmp_path: Path) -> None:
    with netCDF4.Dataset(tmp_path / "a.nc", "w") as file:
        for name, size in (("row", 1), ("column", 2), ("corner", 4)):
            file.createDimension(name, size)
        for name, attributes in (("lon", EAST), ("lat", NORTH)):
            variable = file.createVariable(name, "i2", ("row", "column"))
            variable.setncatts({**attributes, "bounds": f"{name}_b", "scale_factor": 0.5})
            variable[:] = [[10, 20]]
            corners = file.createVariable(f"{name}_b", "i2", ("row", "column", "corner"))
            corners.scale_factor = 0.5
            corners[:] = [[[5, 15, 15, 5], [15, 25, 25, 15]]]
        variable = file.createVariable("t", "f8", ("row", "column"))
        variable.coordinates = "lon lat"
        variable[:] = 1
    with pytest.raises(ExecutionFailed, match=r"lon, lat, lon_b, lat_b of cells .* packed; ncpdq -U unpacks them"):
        Read(tmp_path / "a.nc")


@pytest.mark.parametrize("lon", [[340.0, 350, 0, 10], [165.0, 175, -175, -160], [10.0, 0, 350, 340]])
def test_longitudes_that_go_on_over_a_full_turn(tmp_path: Path, lon: list[float]) -> None:
    path = write(tmp_path / "a.nc", {"lat": ([0.0, 10, 20], NORTH), "lon": (lon, EAST)})
    flat = Read(path, SphericalCoordinates=False)
    x = centers(flat.data)[:, 0]
    assert x.max() - x.min() in (30, 35)
    t = flat.values("t").astype(int)
    assert ((x - np.array(lon)[t % 4]) % 360 == 0).all()
    assert probed(flat.data, (x.mean(), 5, 0))
    globe = Read(path)
    found, _ = on_sphere(globe.data)
    off = (found - np.array(lon)[globe.values("t").astype(int) % 4] + 180) % 360 - 180
    assert np.abs(off).max() < 3


def test_longitudes_in_unequal_steps_stay(tmp_path: Path) -> None:
    """A step of more than half a turn is no jump where the others go on."""
    path = write(tmp_path / "a.nc", {"lat": ([0.0, 10], NORTH), "lon": ([10.0, 20, 300], EAST)})
    assert sorted(set(centers(Read(path, SphericalCoordinates=False).data)[:, 0])) == [10, 20, 300]


DOWN = {"units": "m", "positive": "down", "axis": "Z"}


@pytest.mark.parametrize("depth", [[5.0, 15, 25], [5.0, 15, 30], [5.0], [25.0, 15, 5]])
def test_depths_are_below(tmp_path: Path, depth: list[float]) -> None:
    """Equal steps or not."""
    axes: Axes = {"depth": (depth, DOWN), "lat": ([0.0, 10, 20], NORTH), "lon": ([0.0, 10], EAST)}
    found = Read(write(tmp_path / "a.nc", axes), SphericalCoordinates=False)
    z = centers(found.data)[:, 2]
    assert z.tolist() == (-np.array(depth)[found.values("t").astype(int) // 6]).tolist()
    if len(depth) > 1:
        assert probed(found.data, (5, 10, -15))
        size = vtkCellSizeFilter()
        size.SetInputData(found.data)
        size.Update()
        assert vtk_to_numpy(size.GetOutput().GetCellData().GetArray("Volume")).min() > 0


def test_depths_with_boundaries_go_inwards(tmp_path: Path) -> None:
    corners = [[0.0, 10], [10, 20], [20, 40]]
    radii = []
    for name, attributes in (("a", {**DOWN, "corners": corners}), ("b", DOWN)):
        axes: Axes = {
            "depth": ([5.0, 15, 30], attributes),
            "lat": ([0.0, 10, 20], NORTH),
            "lon": ([0.0, 10], EAST),
        }
        found = Read(write(tmp_path / f"{name}.nc", axes))
        radius = np.linalg.norm(centers(found.data), axis=1)
        radii.append([radius[found.values("t").astype(int) // 6 == level].mean() for level in range(3)])
    assert radii[0] == sorted(radii[0], reverse=True) and radii[1] == sorted(radii[1], reverse=True)
    np.testing.assert_allclose(radii[0], [35, 25, 10], rtol=0.02)


@pytest.mark.parametrize("single", ["lev", "lat", "lon"])
def test_one_level_is_somewhere(tmp_path: Path, single: str) -> None:
    values = {"lev": ({"units": "hPa", "axis": "Z"}, [50.0, 100]), "lat": (NORTH, [0.0, 10]), "lon": (EAST, [0.0, 10])}
    axes: Axes = {name: (found[:1] if name == single else found, how) for name, (how, found) in values.items()}
    found = Read(write(tmp_path / "a.nc", axes))
    assert np.isfinite(vtk_to_numpy(found.data.GetPoints().GetData())).all()
    lon, lat = on_sphere(found.data)
    t = found.values("t").astype(int)
    index = np.array(np.unravel_index(t, tuple(len(one) for one, _ in axes.values())))
    np.testing.assert_allclose(lat, 10.0 * index[1], atol=0.5)
    np.testing.assert_allclose(lon, 10.0 * index[2], atol=0.5)


def test_cells_end_at_the_poles(tmp_path: Path) -> None:
    lat, lon = np.arange(-90, 91, 10.0), np.arange(0, 360, 10.0)
    data = Read(write(tmp_path / "a.nc", {"lat": (lat, NORTH), "lon": (lon, EAST)})).data
    size = vtkCellSizeFilter()
    size.SetInputData(data)
    size.Update()
    area = vtk_to_numpy(size.GetOutput().GetCellData().GetArray("Area"))
    assert area.sum() == pytest.approx(4 * np.pi, rel=0.02)  # flat cells have a little less than round ones


@pytest.mark.parametrize("depth", [[], [5.0, 15]])
def test_metres_are_no_degrees(tmp_path: Path, depth: list[float]) -> None:
    """Coordinates of a projection, which CF marks as axes X and Y."""
    x, y = [1000.0, 2000, 4000], [500.0, 0]
    axes: Axes = {"depth": (depth, DOWN)} if depth else {}
    axes |= {"y": (y, {"units": "m", "axis": "Y"}), "x": (x, {"units": "m", "axis": "X"})}
    found = Read(write(tmp_path / "a.nc", axes))
    t = found.values("t").astype(int)
    place = centers(found.data)
    np.testing.assert_allclose(place[:, 0], np.array([1000, 2000.0, 4000])[t % 3], atol=300)
    np.testing.assert_allclose(place[:, 1], np.array(y)[t // 3 % 2])
    np.testing.assert_allclose(place[:, 2], -np.array(depth)[t // 6] if depth else 0)


def test_packed_times_are_told(tmp_path: Path) -> None:
    with netCDF4.Dataset(tmp_path / "a.nc", "w") as file:
        file.createDimension("time", 3)
        file.createDimension("x", 2)
        time = file.createVariable("time", "i2", ("time",))
        time.setncatts({"units": "hours since 2000-01-01", **PACKED})
        time[:] = [100, 103, 106]
        file.createVariable("t", "f8", ("time", "x"))[:] = np.arange(6).reshape(3, 2)
    found = Read(tmp_path / "a.nc")
    assert any("its times are packed" in one and "100 + 0.5 times that, hours since" in one for one in found.messages)


def ugrid(path: Path, stored: str, numbers: str) -> Path:
    """A square of 7 to 8 as two triangles, by the UGRID conventions; its places are packed."""
    with netCDF4.Dataset(path, "w") as file:
        for name, size in (("node", 4), ("face", 2), ("three", 3)):
            file.createDimension(name, size)
        topology = file.createVariable("mesh", "i4")
        topology.setncatts({
            "cf_role": "mesh_topology", "topology_dimension": 2, "node_coordinates": "x y",
            "face_node_connectivity": "corners",
        })  # fmt: skip
        for name, values, units in (("x", [0.0, 1, 1, 0], "m"), ("y", [0.0, 0, 1, 1], "m")):
            variable = file.createVariable(name, stored, ("node",))
            variable.setncatts({"units": units, "scale_factor": 0.01, "add_offset": 7.0})
            variable[:] = np.array(values) + 7
        corners = file.createVariable("corners", numbers, ("face", "three"))
        corners.start_index, corners[:] = np.int32(0), [[0, 1, 2], [0, 2, 3]]
        value = file.createVariable("t", "f8", ("face",))
        value.setncatts({"mesh": "mesh", "location": "face"})
        value[:] = [1, 2]
    return path


@pytest.mark.parametrize("stored", ["f4", "f8"])
def test_packed_nodes_of_a_mesh(tmp_path: Path, stored: str) -> None:
    data = Read(ugrid(tmp_path / "a.nc", stored, "i4")).data
    assert data.GetBounds() == pytest.approx((7, 8, 7, 8, 0, 0))


def test_corners_of_a_mesh_that_are_no_integers_of_32_bits_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ExecutionFailed, match=r"corners is stored as int16, .* 32 bits only: write it as numpy.int32"):
        Read(ugrid(tmp_path / "a.nc", "f8", "i2"))


@pytest.mark.parametrize(("scale", "radius"), [(2.0, 2), (1.0, 1), (0.0, 1)])
def test_a_sphere_without_heights_has_the_radius_that_is_asked_for(tmp_path: Path, scale: float, radius: float) -> None:
    """As VTK has it where it needs no correction."""
    for name, lat in (("a", [0.0, 10]), ("b", [0.0, 10, 90])):
        path = write(tmp_path / f"{name}.nc", {"lat": (lat, NORTH), "lon": ([0.0, 10], EAST)})
        data = Read(path, VerticalScale=scale).data
        found = np.linalg.norm(vtk_to_numpy(data.GetPoints().GetData()), axis=1)
        np.testing.assert_allclose(found, radius)
